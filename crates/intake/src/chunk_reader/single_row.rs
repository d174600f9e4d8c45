//! Rows that are read by themselves: with quotes, over several lines, in UTF-16, too long, or without the right number of fields.
//!
//! A line that is no row as it stands is tried in this order: as the first line of a record of RFC 4180, as several rows between carriage returns. If
//! neither gives a row, it is handed on once, with its fault.

use super::{ChunkReader, MOST_TRAILING, is_blank};
use crate::binding::RowOddities;
use crate::row_visitor::{RowBytes, RowFault, RowVisitor};
use crate::split::QuoteFault;
use crate::standard_quotes::StandardQuotes;
use sverka_formats::Encoding;

/// A row that is read by itself.
#[derive(Clone, Copy)]
pub(super) struct SingleRow<'t> {
    /// The whole source.
    pub bytes: &'t [u8],
    pub at: RowBytes<'t>,
    /// First byte after the line end of the row.
    pub to: usize,
    /// The text of the row, if its bytes are known to be valid UTF-8.
    pub text: Option<&'t str>,
    /// Whether the quotes of the row are known to be broken.
    pub is_broken: bool,
}

/// The bytes and lines that the reading of one row took.
#[derive(Clone, Copy)]
pub(super) struct ReadTo {
    /// First byte after the bytes that were read.
    pub to: usize,
    /// Lines that were read in addition to the first.
    pub more_lines: u32,
}

/// The number of fields of a row.
#[derive(Clone, Copy)]
struct FieldCount {
    count: Result<usize, QuoteFault>,
    /// Whether the number of fields is right.
    fits: bool,
    /// Whether the row was split by RFC 4180 although the layout does not say so.
    is_standard: bool,
}

impl ChunkReader<'_> {
    /// Reads the line that begins at byte `from`, piece by piece where it is too long. Returns the byte and the line behind it.
    pub(super) fn odd_line(
        &mut self,
        bytes: &[u8],
        mut from: usize,
        mut line: u32,
        visitor: &mut impl RowVisitor,
    ) -> (usize, u32) {
        let end = self.long_lines.line_end(bytes, from, Encoding::Utf8);
        while from < end {
            let to = self.long_lines.piece_end(bytes, from, end);
            let at = self.row_bytes(bytes, from..to, line);
            let mut read = ReadTo { to, more_lines: 0 };
            if at.bytes_beyond > 0 || !is_blank(at.raw, self.code_page) {
                read = self.single(SingleRow { bytes, at, to, text: None, is_broken: false }, visitor);
            }
            self.long_lines.release(from, read.to);
            (from, line) = (read.to, line + 1 + read.more_lines);
        }
        (from, line)
    }

    /// Hands on the records of one row, or its fault.
    #[inline(never)]
    pub(super) fn single(&mut self, row: SingleRow<'_>, visitor: &mut impl RowVisitor) -> ReadTo {
        if row.at.bytes_beyond > 0 {
            // No row of a register is nearly that long.
            self.faulty(row.at, RowFault::SHAPE, visitor);
            return ReadTo { to: row.to, more_lines: 0 };
        }
        match self.record(row.at, row.text, row.is_broken, visitor) {
            None => ReadTo { to: row.to, more_lines: 0 },
            Some(fault) => self.no_row(row, fault, visitor),
        }
    }

    /// Hands on the records of a row; returns the fault of a row without fields, which is not handed on yet.
    fn record(
        &mut self,
        at: RowBytes<'_>,
        text: Option<&str>,
        is_broken: bool,
        visitor: &mut impl RowVisitor,
    ) -> Option<RowFault> {
        if self.encoding == Encoding::Utf8 {
            let text = text.or_else(|| simdutf8::basic::from_utf8(at.raw).ok());
            return self.split(at, at.raw, text, is_broken, visitor);
        }
        let mut decoded = std::mem::take(&mut self.decoded);
        let valid = self.encoding.decode(at.raw, &mut decoded);
        let mut fault = None;
        if !decoded.trim().is_empty() {
            fault = self.split(at, decoded.as_bytes(), valid.then_some(decoded.as_str()), is_broken, visitor);
        }
        self.decoded = decoded;
        fault
    }

    /// Splits a row of `bytes`, which are `text` if they are valid, and hands on its records. Returns the fault of a row without fields.
    fn split(
        &mut self,
        at: RowBytes<'_>,
        bytes: &[u8],
        text: Option<&str>,
        is_broken: bool,
        visitor: &mut impl RowVisitor,
    ) -> Option<RowFault> {
        let encoding = text.is_none();
        if is_broken {
            return Some(RowFault { encoding, quote: true, fields: None, flaw: None });
        }
        let split = self.count_fields(bytes, text);
        let (Some(text), Ok(count), true) = (text, split.count, split.fits) else {
            let fields = split.count.ok().filter(|_| !split.fits);
            return Some(RowFault { encoding, quote: split.count.is_err(), fields, flaw: None });
        };
        let record = &self.record;
        let value = |column| if column < count { record.source_value(column, text) } else { "" };
        let row_in_value = self.form.multiline || split.is_standard;
        self.composed.oddities = RowOddities {
            quote_in_value: record.has_loose_quote && !split.is_standard,
            row_in_value: row_in_value && (0..count.min(self.bindings.columns())).any(|column| self.holds_row(value(column))),
            name_parts: false,
        };
        self.composed.is_unquoted = split.is_standard;
        self.composed.visit(at, value, self.bindings, visitor);
        None
    }

    /// Splits a row as the layout says, or by RFC 4180 if only that gives a right number of fields. The split is in
    /// `self.record`.
    fn count_fields(&mut self, bytes: &[u8], text: Option<&str>) -> FieldCount {
        let delimiter = self.form.delimiter;
        let count = self.record.split(bytes, delimiter, self.form.quotes.rfc4180());
        let fits = count.is_ok_and(|count| self.fits(count, text));
        let by_layout = FieldCount { count, fits, is_standard: false };
        let Some(quote) = self.form.quotes.stripped() else { return by_layout };
        // Several lines come here only if RFC 4180 makes one record of them.
        let is_joined = memchr::memchr(b'\n', bytes).is_some();
        if fits && !is_joined && !self.standard_quotes.as_ref().is_some_and(StandardQuotes::may_shift) {
            return by_layout;
        }
        let columns = self.bindings.columns();
        let least = self.form.least_columns.min(columns);
        match self.record.split(bytes, delimiter, Some(quote)) {
            Ok(standard) if (is_joined || Ok(standard) != count) && (least..=columns).contains(&standard) => {
                FieldCount { count: Ok(standard), fits: true, is_standard: true }
            }
            _ => {
                // `self.record` holds the last split only.
                let count = self.record.split(bytes, delimiter, None);
                FieldCount { count, ..by_layout }
            }
        }
    }

    /// Whether a value holds a line break and as many delimiters as a row.
    fn holds_row(&self, value: &str) -> bool {
        let delimiters = || memchr::memchr_iter(self.form.delimiter, value.as_bytes()).count();
        memchr::memchr(b'\n', value.as_bytes()).is_some() && delimiters() + 1 >= self.bindings.columns()
    }

    /// Reads a line that is no row: it may be the first of a record, several rows, or one row without fields.
    #[cold]
    fn no_row(&mut self, row: SingleRow<'_>, fault: RowFault, visitor: &mut impl RowVisitor) -> ReadTo {
        let SingleRow { bytes, at, to, .. } = row;
        let from = at.offset as usize;
        if let Some(end) = self.standard_quotes.as_ref().and_then(|quotes| quotes.record_end(bytes, from)) {
            let raw = self.encoding.without_line_end(&bytes[from..end]);
            let fault = self.record(RowBytes { raw, ..at }, None, false, visitor);
            fault.inspect(|fault| self.faulty(RowBytes { raw, ..at }, *fault, visitor));
            return ReadTo { to: end, more_lines: self.encoding.lines(&bytes[from..end]) as u32 - 1 };
        }
        if let Some(more_lines) = self.rows_between_returns(at, visitor) {
            return ReadTo { to, more_lines };
        }
        self.faulty(at, fault, visitor);
        ReadTo { to, more_lines: 0 }
    }

    /// Hands on the rows of a text with carriage returns as line ends, if one of the first lines is a row by itself. Returns the number of
    /// lines after the first.
    fn rows_between_returns(&mut self, at: RowBytes<'_>, visitor: &mut impl RowVisitor) -> Option<u32> {
        const LINES_TRIED: usize = 16;
        let (encoding, code_page, most_bytes) = (self.encoding, self.code_page, self.long_lines.most_bytes);
        let first = encoding.any_line_end(at.raw, 0);
        if first.text_to == at.raw.len() {
            return None;
        }
        let mut from = 0;
        let lines = std::iter::from_fn(|| {
            let end = encoding.any_line_end(at.raw, from);
            let line = (from < at.raw.len()).then(|| (from, &at.raw[from..end.text_to]));
            from = end.next;
            line
        });
        let lines: Vec<(usize, &[u8])> = lines.collect();
        let mut decoded = String::new();
        // The blanks of UTF-16 are pairs of bytes: half of one is a broken row, no blank line.
        let is_blank_line = |raw: &[u8], decoded: &mut String| {
            if encoding.is_utf16() {
                encoding.decode(raw, decoded) && decoded.trim().is_empty()
            } else {
                is_blank(raw, code_page)
            }
        };
        let mut is_row = |raw: &[u8], decoded: &mut String| {
            let valid = raw.len() <= most_bytes && encoding.decode(raw, decoded);
            valid && self.count_fields(decoded.as_bytes(), Some(decoded)).fits
        };
        let blank: Vec<bool> = lines.iter().map(|(_, raw)| is_blank_line(raw, &mut decoded)).collect();
        let filled = lines.iter().zip(&blank).filter(|(_, is_blank)| !**is_blank);
        if !filled.take(LINES_TRIED).any(|((_, raw), _)| is_row(raw, &mut decoded)) {
            return None;
        }
        for (number, (&(start, raw), is_blank)) in (0..).zip(lines.iter().zip(blank)) {
            let at = RowBytes { line: at.line + number, offset: at.offset + start as u64, raw, ..at };
            if is_blank {
                continue;
            }
            let fault = self.record(at, None, false, visitor);
            fault.inspect(|fault| self.faulty(at, *fault, visitor));
        }
        Some(lines.len() as u32 - 1)
    }

    /// Whether the last row that was split may have this number of fields.
    fn fits(&self, count: usize, text: Option<&str>) -> bool {
        let columns = self.bindings.columns();
        if count <= columns {
            return count >= self.form.least_columns.min(columns);
        }
        let quote = self.form.quotes.stripped().map_or(' ', char::from);
        let is_empty =
            |column| text.is_some_and(|text| self.record.source_value(column, text).trim().trim_matches(quote).is_empty());
        self.form.trailing_delimiters && count <= columns + MOST_TRAILING && (columns..count).all(is_empty)
    }

    /// Hands on a row without fields, if this table is the one that gets them.
    pub(crate) fn faulty(&self, at: RowBytes<'_>, fault: RowFault, visitor: &mut impl RowVisitor) {
        if self.bindings.tells_faults {
            visitor.row(at, Err(fault));
        }
    }
}
