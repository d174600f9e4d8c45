//! Reading the rows of one chunk of text with delimiters.
//!
//! Text is read window by window: some whole lines, few enough for the nearest cache. The fields of all its rows are found at once
//! ([`FieldStarts`]). A row with as many fields as there are columns and without quotes is handed on where it lies; every other row is read by itself
//! ([`single_row`]).

mod single_row;
#[cfg(test)]
mod tests;
mod window;

use single_row::SingleRow;
use window::Window;

use super::binding::{Bindings, ColumnStarts, ComposedRow, FieldRanges};
use super::chunks::Chunk;
use super::code_page_rows::CodePageRows;

use super::field_starts::{FieldStarts, MOST_BYTES};
use super::layout::Delimited;
use super::long_lines::LongLines;
use super::record_end::RecordEnds;
use super::row_visitor::{KEPT_ROW_BYTES, RowBytes, RowVisitor};
use super::split::{SplitRecord, blanks};
use super::standard_quotes::StandardQuotes;
use super::utf16_records::{Record, Utf16Records};
use sverka_formats::{CodePage, Encoding};

/// Most bytes of a window: few enough for the nearest cache, together with the starts of their fields.
const WINDOW_BYTES: usize = MOST_BYTES;

/// Most fields behind the last column that do not count when they are empty.
pub(super) const MOST_TRAILING: usize = 16;

/// The format of the rows of a source: the delimited form of its layout, its encoding and its number of columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextFormat<'s> {
    pub form: &'s Delimited,
    pub encoding: Encoding,
    pub columns: usize,
}

/// Reads the rows of chunks of one source, reusing its buffers. The fields of a row are UTF-8, in sources of any
/// encoding.
pub struct ChunkReader<'s> {
    form: &'s Delimited,
    bindings: &'s Bindings,
    /// Whether a row is one record, and its fields are columns as they are.
    is_plain: bool,
    encoding: Encoding,
    code_page: Option<&'static CodePage>,
    /// The quoting of RFC 4180, if senders may use it although the layout does not say so.
    standard_quotes: Option<StandardQuotes>,
    field_starts: FieldStarts,
    /// Ranges of values, for each record of a row.
    field_ranges: Vec<FieldRanges>,
    /// Texts of rows of sources in a code page.
    code_page_rows: CodePageRows,
    /// Text of fields that are made of several columns.
    joined: String,
    record: SplitRecord,
    composed: ComposedRow,
    /// Text of a row that is read by itself and not in UTF-8.
    decoded: String,
    long_lines: LongLines<'s>,
}

impl<'s> ChunkReader<'s> {
    /// A reader for the chunks of a source in text with delimiters.
    #[must_use]
    pub fn new(form: &'s Delimited, encoding: Encoding, bindings: &'s Bindings) -> Self {
        Self {
            form,
            bindings,
            is_plain: matches!(&bindings.records[..], [binding] if binding.is_plain()),
            encoding,
            code_page: encoding.code_page(),
            standard_quotes: StandardQuotes::for_form(form, encoding, bindings.columns()),
            field_starts: FieldStarts::default(),
            field_ranges: bindings.records.iter().map(|_| FieldRanges::default()).collect(),
            code_page_rows: CodePageRows::default(),
            joined: String::new(),
            record: SplitRecord::of_columns(bindings.columns() + MOST_TRAILING),
            composed: ComposedRow::default(),
            decoded: String::new(),
            long_lines: LongLines::default(),
        }
    }

    /// The same reader with other limits for long lines.
    #[must_use]
    pub(super) fn with_long_lines(self, long_lines: LongLines<'s>) -> Self {
        Self { long_lines, ..self }
    }

    /// The format of the rows of the source.
    pub(super) fn format(&self) -> TextFormat<'s> {
        TextFormat { form: self.form, encoding: self.encoding, columns: self.bindings.columns() }
    }

    /// Hands the rows of a chunk of `bytes` to a visitor, in order; blank lines are no rows. Returns the number of lines.
    pub fn rows(&mut self, bytes: &[u8], chunk: &Chunk, visitor: &mut impl RowVisitor) -> u32 {
        if self.encoding.is_utf16() {
            return self.utf16_rows(bytes, chunk, visitor);
        }
        if self.form.multiline {
            return self.multiline_rows(bytes, chunk, visitor);
        }
        let (mut from, mut line) = (chunk.from, 0);
        while from < chunk.to {
            let to = chunk.to.min(from + WINDOW_BYTES);
            let cut =
                if to == chunk.to { Some(to) } else { memchr::memrchr(b'\n', &bytes[from..to]).map(|last| from + last + 1) };
            // A byte without meaning costs only its own line, and so does a line that is longer than a window.
            let window = Window::valid_lines(&bytes[from..cut.unwrap_or(from)], self.code_page);
            let length = window.raw().len();
            if length == 0 {
                (from, line) = self.odd_line(bytes, from, line, visitor);
            } else {
                (from, line) = self.window(bytes, from, window, line, visitor);
            }
        }
        line
    }

    /// Reads the rows of the window that begins at byte `from` and line `line` of the chunk. Returns the byte and the line behind the last row, which
    /// may be behind the window when a record spans lines.
    #[inline]
    fn window(
        &mut self,
        text: &[u8],
        from: usize,
        window: Window<'_>,
        mut line: u32,
        visitor: &mut impl RowVisitor,
    ) -> (usize, u32) {
        let raw = window.raw();
        let quote = self.form.quotes.rfc4180();
        let quote_from =
            |at: usize| quote.and_then(|quote| memchr::memchr(quote, &raw[at..])).map_or(usize::MAX, |found| at + found);
        // Taken out of the reader, so that the reader is free for a row that is read by itself.
        let mut field_starts = std::mem::take(&mut self.field_starts);
        if let Window::InCodePage(raw, _) = window {
            self.code_page_rows.begin(raw);
        }
        let columns = self.bindings.columns();
        let may_shift = self.standard_quotes.as_ref().is_some_and(StandardQuotes::may_shift);
        let starts = field_starts.find(raw, self.form.delimiter);
        // `first` is the index of the row's first field among `starts`.
        let (mut at, mut first, mut next_quote) = (0, 0, quote_from(0));
        while at < raw.len() {
            let next = memchr::memchr(b'\n', &raw[at..]).map_or(raw.len() + 1, |found| at + found + 1);
            let end = next.min(raw.len());
            let row = without_line_end(&raw[at..end]);
            // The row has as many fields as columns: the start behind the last of them is the start of the next line.
            let has_all_columns = starts.get(first + columns).is_some_and(|&start| usize::from(start) == next);
            let mut passed = end;
            if !is_blank(row, self.code_page) {
                let row_bytes = RowBytes { line, part: 0, offset: (from + at) as u64, raw: row, bytes_beyond: 0 };
                if has_all_columns
                    && next_quote >= end
                    && !(may_shift && self.splits_value(raw, &starts[first..=first + columns]))
                {
                    let starts = ColumnStarts { starts: &starts[first..=first + columns], end: at + row.len() };
                    self.in_place(row_bytes, window, starts, visitor);
                } else {
                    let row_text = match window {
                        Window::Text(text) => Some(&text[at..at + row.len()]),
                        Window::InCodePage(..) => None,
                    };
                    let row = SingleRow { bytes: text, at: row_bytes, to: from + end, text: row_text, is_broken: false };
                    let read = self.single(row, visitor);
                    passed = read.to - from;
                    line += read.more_lines;
                }
            }
            if next_quote < passed && passed < raw.len() {
                next_quote = quote_from(passed);
            }
            first = if has_all_columns { first + columns } else { first_not_before(starts, first, next.max(passed)) };
            at = passed;
            line += 1;
        }
        self.field_starts = field_starts;
        (from + at, line)
    }

    /// Whether a value of a row begins with a quote that the layout takes off, and does not end with one.
    fn splits_value(&self, raw: &[u8], starts: &[u16]) -> bool {
        self.standard_quotes.as_ref().is_some_and(|quotes| quotes.splits_value(raw, starts))
    }

    /// Hands on the records of a row that lies in a window.
    #[inline]
    fn in_place(&mut self, at: RowBytes<'_>, window: Window<'_>, starts: ColumnStarts<'_>, visitor: &mut impl RowVisitor) {
        if let (true, [binding], [ranges]) = (self.is_plain, &self.bindings.records[..], &mut self.field_ranges[..]) {
            ranges.set_columns(starts, binding);
            let text = match window {
                Window::Text(text) => text,
                Window::InCodePage(raw, code_page) => {
                    self.code_page_rows.row_text(code_page, raw, starts.starts, ranges, binding)
                }
            };
            return visitor.row(at, Ok(ranges.plain_fields(text, binding)));
        }
        let mut given = !self.bindings.gives_any;
        for part in 0..self.bindings.records.len() {
            given |= self.record_in_place(at, window, starts, part, false, visitor);
        }
        if !given {
            self.record_in_place(at, window, starts, 0, true, visitor);
        }
    }

    /// Hands on one record of a row that lies in a window, if the row gives it or it is asked for `anyway`. Returns whether it was handed on.
    #[inline]
    fn record_in_place(
        &mut self,
        at: RowBytes<'_>,
        window: Window<'_>,
        starts: ColumnStarts<'_>,
        part: usize,
        anyway: bool,
        visitor: &mut impl RowVisitor,
    ) -> bool {
        let (binding, ranges) = (&self.bindings.records[part], &mut self.field_ranges[part]);
        ranges.set_columns(starts, binding);
        let text = match window {
            Window::Text(text) => text,
            Window::InCodePage(raw, code_page) => self.code_page_rows.row_text(code_page, raw, starts.starts, ranges, binding),
        };
        let fields = ranges.fields(text, &mut self.joined, binding);
        let given = anyway || fields.is_given();
        if given {
            visitor.row(RowBytes { part: part as u32, ..at }, Ok(fields));
        }
        given
    }

    /// Reads the rows of a chunk in a layout where rows may span lines.
    fn multiline_rows(&mut self, bytes: &[u8], chunk: &Chunk, visitor: &mut impl RowVisitor) -> u32 {
        let (mut from, mut line) = (chunk.from, 0);
        let mut ends =
            RecordEnds::new(bytes, self.form, self.bindings.columns(), self.code_page).with_long_lines(self.long_lines);
        while from < chunk.to {
            let (end, is_broken) = ends.after(from);
            let at = self.row_bytes(bytes, from..end, line);
            if at.bytes_beyond > 0 || !is_blank(at.raw, self.code_page) {
                line += self.single(SingleRow { bytes, at, to: end, text: None, is_broken }, visitor).more_lines;
            }
            line += if at.bytes_beyond > 0 { 1 } else { self.encoding.lines(&bytes[from..end]) as u32 };
            from = end;
        }
        line
    }

    /// Reads the rows of a chunk in UTF-16, one by one.
    fn utf16_rows(&mut self, bytes: &[u8], chunk: &Chunk, visitor: &mut impl RowVisitor) -> u32 {
        let mut records = Utf16Records::new(bytes, chunk, self.format(), self.long_lines);
        let mut line = 0;
        while let Some(Record { from, end, broken: is_broken }) = records.next_record() {
            let at = self.row_bytes(bytes, from..end, line);
            let read = self.single(SingleRow { bytes, at, to: end, text: None, is_broken }, visitor);
            records.skip_to(read.to);
            let lines = if at.bytes_beyond > 0 { 1 } else { self.encoding.lines(&bytes[from..end]) as u32 };
            line += lines + read.more_lines;
        }
        line
    }

    /// The row in a range of the document, which includes its line end.
    fn row_bytes<'b>(&self, bytes: &'b [u8], range: std::ops::Range<usize>, line: u32) -> RowBytes<'b> {
        let offset = range.start as u64;
        let raw = self.encoding.without_line_end(&bytes[range]);
        let kept = if raw.len() > self.long_lines.most_bytes { &raw[..raw.len().min(KEPT_ROW_BYTES)] } else { raw };
        RowBytes { line, part: 0, offset, raw: kept, bytes_beyond: (raw.len() - kept.len()) as u64 }
    }

    /// The last line start up to `cut`, itself one, at which no record over several lines is unfinished.
    pub(super) fn whole_records(&self, bytes: &[u8], from: usize, cut: usize) -> usize {
        self.standard_quotes.as_ref().map_or(cut, |quotes| quotes.whole_records(bytes, from, cut))
    }
}

/// Index of the first of `starts`, from index `first` on, that is not before byte `at`.
#[cold]
fn first_not_before(starts: &[u16], first: usize, at: usize) -> usize {
    first + starts[first..].iter().take_while(|&&start| usize::from(start) < at).count()
}

#[inline]
fn without_line_end(line: &[u8]) -> &[u8] {
    let mut line = line.strip_suffix(b"\n").unwrap_or(line);
    // CR CR LF is a line end of programs that write text in the text mode of Windows twice.
    while let Some(shorter) = line.strip_suffix(b"\r") {
        line = shorter;
    }
    line
}

#[inline]
fn is_blank(line: &[u8], code_page: Option<&CodePage>) -> bool {
    match line.first() {
        None => true,
        Some(b'!'..=b'~' | 0xD0 | 0xD1) => false,
        Some(_) => blanks(line, b'\n', code_page) == line.len(),
    }
}
