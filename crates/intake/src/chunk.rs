//! Cutting a source into chunks at record boundaries, and reading the rows of one chunk.
//!
//! In a layout of one line a record, chunks are cut at line breaks without looking inside. In a multiline layout the cut has to know which line
//! breaks are quoted, so those sources are scanned once more; where records begin never depends on where the chunks do.

#[cfg(test)]
mod tests;

use super::binding::{Bindings, ComposedRow, FieldPlaces, RowDoubts};
use super::fields::RowFields;
use super::header::Header;
use super::layout::{Delimited, Layout};
use super::long_lines::LongLines;
use super::marks::{MOST_BYTES, Marks};
use super::page_rows::PageRows;
use super::record_end::RecordEnds;
use super::record_flaw::RecordFlaw;
use super::split::{QuoteFault, SplitRecord, blanks};
use super::standard_quotes::StandardQuotes;
use super::unit_records::{Record, UnitRecords};
use sverka_formats::{CodePage, Encoding};

/// First bytes that are kept of a row that is not accepted.
pub const KEPT_ROW_BYTES: usize = 64 << 10;
/// Most bytes of whole lines that are looked at in one go: few enough for the nearest cache, together with what is found in them.
const WINDOW_BYTES: usize = MOST_BYTES;

/// A part of a source, from the start of a record to the start of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// First byte.
    pub from: usize,
    /// First byte after it.
    pub to: usize,
}

/// How a source is cut into chunks.
#[derive(Debug)]
pub struct Chunks {
    encoding: Encoding,
    data_from: usize,
    /// First byte after the rows.
    data_to: usize,
    /// Bytes of the document.
    length: usize,
    chunk_bytes: usize,
    /// Where senders may quote line breaks although layouts do not say so.
    standard: Option<StandardQuotes>,
    /// Where records begin that begin chunks, when that has to be found out beforehand.
    cuts: Option<Vec<usize>>,
}

impl Chunks {
    /// Plans chunks of about `chunk_bytes` over the records behind a header. Only multiline layouts are read for that; one in UTF-16, where
    /// delimiters and quotes cannot be looked for among bytes, is a single chunk.
    #[must_use]
    pub fn plan(bytes: &[u8], layout: &Layout, header: &Header, chunk_bytes: usize) -> Self {
        assert!(chunk_bytes > 0, "a chunk has at least one byte");
        let Header { data_from, data_to, .. } = *header;
        let encoding = header.encoding.encoding;
        let cuts = match layout.delimited().filter(|form| form.multiline) {
            None => None,
            Some(_) if encoding.is_utf16() => Some(vec![data_from, data_to]),
            Some(form) => Some(cuts_between_records(&bytes[..data_to], form, header, chunk_bytes)),
        };
        let columns = header.columns.len();
        let standard = layout.delimited().and_then(|form| StandardQuotes::of(form, encoding, columns));
        Self { encoding, data_from, data_to, length: bytes.len(), chunk_bytes, standard, cuts }
    }

    /// So many chunks of a document that is not cut at lines: its row groups, or one from its beginning to its end.
    #[must_use]
    pub fn even(length: usize, chunks: usize) -> Self {
        let cuts = (0..=chunks).map(|cut| length * cut / chunks.max(1)).collect();
        let chunk_bytes = length.max(1);
        Self { encoding: Encoding::Utf8, data_from: 0, data_to: length, length, chunk_bytes, standard: None, cuts: Some(cuts) }
    }

    /// How many chunks there are. One may hold no record.
    #[must_use]
    pub fn count(&self) -> usize {
        self.cuts.as_ref().map_or_else(|| self.length.div_ceil(self.chunk_bytes), |cuts| cuts.len() - 1)
    }

    /// A chunk; `bytes` are the source's.
    #[must_use]
    pub(super) fn get(&self, bytes: &[u8], index: usize, long_lines: LongLines<'_>) -> Chunk {
        if let Some(cuts) = &self.cuts {
            return Chunk { from: cuts[index], to: cuts[index + 1] };
        }
        // A chunk that lies whole in a line that began before it must not look for the end of that line: all chunks of the line would.
        let cut = index.saturating_mul(self.chunk_bytes);
        let next_cut = cut.saturating_add(self.chunk_bytes).min(self.data_to).max(self.data_from);
        if cut > self.data_from && cut < next_cut {
            let line = long_lines.line_end(&bytes[..next_cut], self.encoding.unit_before(cut), self.encoding);
            if line >= next_cut {
                return Chunk { from: next_cut, to: next_cut };
            }
        }
        Chunk { from: self.first_line_from(bytes, index, long_lines), to: self.first_line_from(bytes, index + 1, long_lines) }
    }

    /// About how many bytes of the file a chunk has; together they have all.
    #[must_use]
    pub fn bytes(&self, index: usize) -> u64 {
        let part = self.even_part(index).map(|part| part.len());
        part.unwrap_or_else(|| self.cuts.as_ref().map_or(0, |cuts| cuts[index + 1] - cuts[index])) as u64
    }

    /// The bytes of the source that lie between the even cuts of a chunk: each byte of the source is in one of them. `None` when the cuts are
    /// not even.
    #[must_use]
    pub fn even_part(&self, index: usize) -> Option<std::ops::Range<usize>> {
        let from = index * self.chunk_bytes;
        self.cuts.is_none().then(|| from..self.length.min(from + self.chunk_bytes))
    }

    /// The first record that begins at the chunk's even cut or later.
    fn first_line_from(&self, bytes: &[u8], index: usize, long_lines: LongLines<'_>) -> usize {
        let cut = index.saturating_mul(self.chunk_bytes);
        if cut <= self.data_from {
            return self.data_from;
        }
        if cut >= self.data_to {
            return self.data_to;
        }
        let bytes = &bytes[..self.data_to];
        let line = long_lines.line_end(bytes, self.encoding.unit_before(cut), self.encoding);
        self.standard.as_ref().map_or(line, |quotes| quotes.record_start(bytes, self.data_from, line))
    }
}

fn cuts_between_records(bytes: &[u8], form: &Delimited, header: &Header, chunk_bytes: usize) -> Vec<usize> {
    let mut cuts = vec![header.data_from];
    let mut from = header.data_from;
    let mut ends = RecordEnds::new(bytes, form, header.columns.len(), header.encoding.encoding.page());
    while from < bytes.len() {
        from = ends.after(from).0;
        if from == bytes.len() || from - cuts[cuts.len() - 1] >= chunk_bytes {
            cuts.push(from);
        }
    }
    cuts
}

/// Where a record stands in its source.
#[derive(Clone, Copy, Debug)]
pub struct RowBytes<'b> {
    /// Line of the chunk on which the row begins, from 0; in documents without lines the number of the row.
    pub line: u32,
    /// Which of the records that a row may give.
    pub part: u32,
    /// Byte offset of the row in the document.
    pub offset: u64,
    /// The row without its line end; of a row that is too long to be held, its first [`KEPT_ROW_BYTES`].
    pub raw: &'b [u8],
    /// Bytes of the row behind `raw`.
    pub bytes_beyond: u64,
}

impl RowBytes<'_> {
    /// Bytes of the whole row, without its line end.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.raw.len() as u64 + self.bytes_beyond
    }
}

/// Why a row has no fields. Several may hold at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowFault {
    /// A byte sequence is not valid in the source's encoding.
    pub encoding: bool,
    /// A quote is not closed, or text follows a closing quote.
    pub quote: bool,
    /// The number of fields, when it is not the layout's; 0 when they cannot be told.
    pub fields: Option<usize>,
    /// What is wrong with a record of a document without lines.
    pub flaw: Option<RecordFlaw>,
}

impl RowFault {
    /// A row whose fields cannot be told, and one with more bytes than are looked at.
    pub(super) const SHAPE: Self = Self { encoding: false, quote: false, fields: Some(0), flaw: None };
    /// A row with bytes that have no meaning.
    pub(super) const ENCODING: Self = Self { encoding: true, quote: false, fields: None, flaw: None };

    /// A record of a document without lines that cannot be read.
    pub(super) const fn flawed(flaw: RecordFlaw) -> Self {
        Self { encoding: false, quote: false, fields: None, flaw: Some(flaw) }
    }
}

/// A row that is looked at by itself.
#[derive(Clone, Copy)]
struct OddRow<'t> {
    /// All of the text.
    bytes: &'t [u8],
    at: RowBytes<'t>,
    /// First byte after the line end of the row.
    to: usize,
    /// The characters of the row when its bytes are known to be valid UTF-8.
    text: Option<&'t str>,
    /// Whether the quotes of the row are known to be broken.
    is_broken: bool,
}

/// How far the reading of a row by itself came.
#[derive(Clone, Copy)]
struct Passed {
    /// First byte after what was read.
    to: usize,
    /// Lines besides the one that the row was taken for.
    more_lines: u32,
}

/// Takes the records of a document in the order of its rows.
pub trait RowVisitor {
    /// A record; a row without fields comes once, as its first record.
    fn row(&mut self, at: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>);

    /// So many more bytes of the file are done, in the middle of a document that is read from its beginning to its end. Says whether it is of
    /// any use to go on.
    fn pause(&mut self, _bytes: u64) -> bool {
        true
    }
}

impl<F: FnMut(RowBytes<'_>, Result<RowFields<'_>, RowFault>)> RowVisitor for F {
    #[inline]
    fn row(&mut self, at: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>) {
        self(at, fields);
    }
}

/// Reads the rows of chunks of one source, reusing its buffers. Whatever the encoding of the source, the fields of its rows are UTF-8.
pub struct ChunkReader<'s> {
    form: &'s Delimited,
    bindings: &'s Bindings,
    /// Whether a row is one record whose fields are columns as they are.
    is_plain: bool,
    encoding: Encoding,
    page: Option<&'static CodePage>,
    /// Where senders may quote by RFC 4180 although the layout does not say so.
    standard: Option<StandardQuotes>,
    marks: Marks,
    /// For each record of a row.
    places: Vec<FieldPlaces>,
    /// For sources in a code page.
    page_rows: PageRows,
    /// For fields that are made of several columns.
    joined: String,
    record: SplitRecord,
    composed: ComposedRow,
    /// The text of a single record that is not in UTF-8.
    decoded: String,
    long_lines: LongLines<'s>,
}

/// Some whole lines of a source, all of whose bytes have a meaning.
#[derive(Clone, Copy)]
enum Window<'s> {
    /// In UTF-8.
    Text(&'s str),
    /// In a code page.
    Page(&'s [u8], &'static CodePage),
}

impl<'s> Window<'s> {
    fn bytes(self) -> &'s [u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Page(bytes, _) => bytes,
        }
    }

    /// The lines of some bytes, or else those before the first one with a byte that has no meaning.
    #[inline]
    fn of(bytes: &'s [u8], page: Option<&'static CodePage>) -> Self {
        match page {
            None => Self::Text(simdutf8::basic::from_utf8(bytes).unwrap_or_else(|_| valid_lines(bytes))),
            Some(page) => {
                let valid = page.first_meaningless(bytes).map_or(bytes, |first| lines_before(bytes, first));
                Self::Page(valid, page)
            }
        }
    }
}

/// The fields of a row that was split by itself.
#[derive(Clone, Copy)]
struct Split {
    count: Result<usize, QuoteFault>,
    /// Whether the number of fields is right.
    fits: bool,
    /// Whether the row was split by RFC 4180 although the layout does not say so.
    is_standard: bool,
}

/// So many fields behind the last column may be empty ones that do not count.
pub(super) const MOST_TRAILING: usize = 16;

impl<'s> ChunkReader<'s> {
    /// A reader for the chunks of a source in text with delimiters.
    #[must_use]
    pub fn new(form: &'s Delimited, encoding: Encoding, bindings: &'s Bindings) -> Self {
        Self {
            form,
            bindings,
            is_plain: matches!(&bindings.records[..], [binding] if binding.is_plain()),
            encoding,
            page: encoding.page(),
            standard: StandardQuotes::of(form, encoding, bindings.columns()),
            marks: Marks::default(),
            places: bindings.records.iter().map(|_| FieldPlaces::default()).collect(),
            page_rows: PageRows::default(),
            joined: String::new(),
            record: SplitRecord::of_columns(bindings.columns() + MOST_TRAILING),
            composed: ComposedRow::default(),
            decoded: String::new(),
            long_lines: LongLines::default(),
        }
    }

    /// Deals with long lines in another way than usual.
    #[must_use]
    pub(super) fn with_long_lines(self, long_lines: LongLines<'s>) -> Self {
        Self { long_lines, ..self }
    }

    /// Hands the rows of a chunk of `bytes` to a visitor, in order; blank lines are no rows. Returns the number of lines.
    pub fn rows(&mut self, bytes: &[u8], chunk: &Chunk, visitor: &mut impl RowVisitor) -> u32 {
        if self.encoding.is_utf16() {
            return self.rows_of_units(bytes, chunk, visitor);
        }
        if self.form.multiline {
            return self.rows_over_lines(bytes, chunk, visitor);
        }
        let (mut from, mut line) = (chunk.from, 0);
        while from < chunk.to {
            let to = chunk.to.min(from + WINDOW_BYTES);
            let cut =
                if to == chunk.to { Some(to) } else { memchr::memrchr(b'\n', &bytes[from..to]).map(|last| from + last + 1) };
            // What has no meaning costs its line alone, and so does what is longer than a window.
            let window = Window::of(&bytes[from..cut.unwrap_or(from)], self.page);
            let length = window.bytes().len();
            if length == 0 {
                (from, line) = self.odd_line(bytes, from, line, visitor);
            } else {
                (from, line) = self.window(bytes, from, window, line, visitor);
            }
        }
        line
    }

    /// The rows of a line that is looked at by itself, which begins at `from`. Returns the place after it and the number of the line there.
    fn odd_line(&mut self, bytes: &[u8], mut from: usize, mut line: u32, visitor: &mut impl RowVisitor) -> (usize, u32) {
        let end = self.long_lines.line_end(bytes, from, Encoding::Utf8);
        while from < end {
            let to = self.long_lines.piece_end(bytes, from, end);
            let at = self.row_at(bytes, (from, to), line);
            let mut passed = Passed { to, more_lines: 0 };
            if at.bytes_beyond > 0 || !is_blank(at.raw, self.page) {
                passed = self.single(OddRow { bytes, at, to, text: None, is_broken: false }, visitor);
            }
            self.long_lines.release(from, passed.to);
            (from, line) = (passed.to, line + 1 + passed.more_lines);
        }
        (from, line)
    }

    /// The rows of some whole lines of a text, which begin at `from`. Returns the place after what was read and the number of the line there: a
    /// record of several lines may go beyond the window.
    #[inline]
    fn window(
        &mut self,
        text: &[u8],
        from: usize,
        window: Window<'_>,
        mut line: u32,
        visitor: &mut impl RowVisitor,
    ) -> (usize, u32) {
        let bytes = window.bytes();
        let quote = self.form.quotes.rfc4180();
        let quote_from = |place: usize| {
            quote.and_then(|quote| memchr::memchr(quote, &bytes[place..])).map_or(usize::MAX, |found| place + found)
        };
        // Taken out, so that a single row may use the reader meanwhile.
        let mut marks = std::mem::take(&mut self.marks);
        if let Window::Page(bytes, _) = window {
            self.page_rows.begin(bytes);
        }
        let columns = self.bindings.columns();
        let may_shift = self.standard.as_ref().is_some_and(StandardQuotes::may_shift);
        let starts = marks.find(bytes, self.form.delimiter);
        let (mut place, mut first, mut next_quote) = (0, 0, quote_from(0));
        while place < bytes.len() {
            let next = memchr::memchr(b'\n', &bytes[place..]).map_or(bytes.len() + 1, |found| place + found + 1);
            let end = next.min(bytes.len());
            let raw = without_line_end(&bytes[place..end]);
            // As many fields as there are columns: then the last of them ends where the line does.
            let whole = starts.get(first + columns).is_some_and(|&start| usize::from(start) == next);
            let mut passed = end;
            if !is_blank(raw, self.page) {
                let at = RowBytes { line, part: 0, offset: (from + place) as u64, raw, bytes_beyond: 0 };
                if whole && next_quote >= end && !(may_shift && self.splits_value(bytes, &starts[first..=first + columns])) {
                    self.in_place(at, window, (&starts[first..=first + columns], place + raw.len()), visitor);
                } else {
                    let of_row = match window {
                        Window::Text(text) => Some(&text[place..place + raw.len()]),
                        Window::Page(..) => None,
                    };
                    let row = OddRow { bytes: text, at, to: from + end, text: of_row, is_broken: false };
                    let Passed { to, more_lines } = self.single(row, visitor);
                    passed = to - from;
                    line += more_lines;
                }
            }
            if next_quote < passed && passed < bytes.len() {
                next_quote = quote_from(passed);
            }
            first = if whole { first + columns } else { first_not_before(starts, first, next.max(passed)) };
            place = passed;
            line += 1;
        }
        self.marks = marks;
        (from + place, line)
    }

    /// Whether a value of a row begins with a quote that the layout takes off, and does not end with one.
    fn splits_value(&self, bytes: &[u8], starts: &[u16]) -> bool {
        self.standard.as_ref().is_some_and(|quotes| quotes.splits_value(bytes, starts))
    }

    /// Hands on the records of a row whose columns begin at these places of a window, and which ends at the last one.
    #[inline]
    fn in_place(&mut self, at: RowBytes<'_>, window: Window<'_>, starts: (&[u16], usize), visitor: &mut impl RowVisitor) {
        if let (true, [binding], [places]) = (self.is_plain, &self.bindings.records[..], &mut self.places[..]) {
            let (starts, end) = starts;
            places.place(starts, end, binding);
            let text = match window {
                Window::Text(text) => text,
                Window::Page(bytes, page) => self.page_rows.row(page, bytes, starts, places, binding),
            };
            return visitor.row(at, Ok(places.plain_fields(text, binding)));
        }
        let mut given = !self.bindings.gives_any;
        for part in 0..self.bindings.records.len() {
            given |= self.record_in_place(at, window, starts, part, false, visitor);
        }
        if !given {
            self.record_in_place(at, window, starts, 0, true, visitor);
        }
    }

    /// Hands on one record of a row, if the row gives it or it is asked for `anyway`; whether it did.
    #[inline]
    fn record_in_place(
        &mut self,
        at: RowBytes<'_>,
        window: Window<'_>,
        (starts, end): (&[u16], usize),
        part: usize,
        anyway: bool,
        visitor: &mut impl RowVisitor,
    ) -> bool {
        let (binding, places) = (&self.bindings.records[part], &mut self.places[part]);
        places.place(starts, end, binding);
        let text = match window {
            Window::Text(text) => text,
            Window::Page(bytes, page) => self.page_rows.row(page, bytes, starts, places, binding),
        };
        let fields = places.fields(text, &mut self.joined, binding);
        let given = anyway || fields.is_given();
        if given {
            visitor.row(RowBytes { part: part as u32, ..at }, Ok(fields));
        }
        given
    }

    /// The rows of a chunk in a layout where they may span lines.
    fn rows_over_lines(&mut self, bytes: &[u8], chunk: &Chunk, visitor: &mut impl RowVisitor) -> u32 {
        let (mut from, mut line) = (chunk.from, 0);
        let mut ends = RecordEnds::new(bytes, self.form, self.columns(), self.page).with_long_lines(self.long_lines);
        while from < chunk.to {
            let (end, is_broken) = ends.after(from);
            let at = self.row_at(bytes, (from, end), line);
            if at.bytes_beyond > 0 || !is_blank(at.raw, self.page) {
                line += self.single(OddRow { bytes, at, to: end, text: None, is_broken }, visitor).more_lines;
            }
            line += if at.bytes_beyond > 0 { 1 } else { self.encoding.lines(&bytes[from..end]) as u32 };
            from = end;
        }
        line
    }

    /// The rows of a chunk in UTF-16, one by one.
    fn rows_of_units(&mut self, bytes: &[u8], chunk: &Chunk, visitor: &mut impl RowVisitor) -> u32 {
        let mut units = UnitRecords::new(bytes, chunk, (self.form, self.encoding, self.columns()), self.long_lines);
        let mut line = 0;
        while let Some(Record { from, end, broken: is_broken }) = units.next_record() {
            let at = self.row_at(bytes, (from, end), line);
            let passed = self.single(OddRow { bytes, at, to: end, text: None, is_broken }, visitor);
            units.pass_to(passed.to);
            let lines = if at.bytes_beyond > 0 { 1 } else { self.encoding.lines(&bytes[from..end]) as u32 };
            line += lines + passed.more_lines;
        }
        line
    }

    /// Where a row stands that lies between two places, its line end included.
    fn row_at<'b>(&self, bytes: &'b [u8], (from, end): (usize, usize), line: u32) -> RowBytes<'b> {
        let raw = self.encoding.without_line_end(&bytes[from..end]);
        let kept = if raw.len() > self.long_lines.most_bytes { &raw[..raw.len().min(KEPT_ROW_BYTES)] } else { raw };
        RowBytes { line, part: 0, offset: from as u64, raw: kept, bytes_beyond: (raw.len() - kept.len()) as u64 }
    }

    /// Hands on the records of a row that is looked at by itself.
    #[inline(never)]
    fn single(&mut self, row: OddRow<'_>, visitor: &mut impl RowVisitor) -> Passed {
        if row.at.bytes_beyond > 0 {
            // No row of a register is near that.
            self.faulty(row.at, RowFault::SHAPE, visitor);
            return Passed { to: row.to, more_lines: 0 };
        }
        match self.record(row.at, row.text, row.is_broken, visitor) {
            None => Passed { to: row.to, more_lines: 0 },
            Some(fault) => self.odd(row, fault, visitor),
        }
    }

    /// Hands on the records of a row of one line; the fault of a row without fields, of which nobody is told yet.
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

    /// Hands on the records of a row of these bytes, which are `text` if they are valid.
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
        let split = self.count(bytes, text);
        let (Some(text), Ok(count), true) = (text, split.count, split.fits) else {
            let fields = split.count.ok().filter(|_| !split.fits);
            return Some(RowFault { encoding, quote: split.count.is_err(), fields, flaw: None });
        };
        let record = &self.record;
        let value = |column| if column < count { record.received(column, text) } else { "" };
        let row_in_value = self.form.multiline || split.is_standard;
        self.composed.doubts = RowDoubts {
            quote_in_value: record.has_loose_quote && !split.is_standard,
            row_in_value: row_in_value && (0..count.min(self.bindings.columns())).any(|column| self.holds_row(value(column))),
            name_parts: false,
        };
        self.composed.is_unquoted = split.is_standard;
        self.composed.visit(at, value, self.bindings, visitor);
        None
    }

    /// Splits a row as the layout says, or by RFC 4180 where only that gives a right number of fields.
    fn count(&mut self, bytes: &[u8], text: Option<&str>) -> Split {
        let delimiter = self.form.delimiter;
        let count = self.record.split(bytes, delimiter, self.form.quotes.rfc4180());
        let fits = count.is_ok_and(|count| self.fits(count, text));
        let as_layout = Split { count, fits, is_standard: false };
        let Some(quote) = self.form.quotes.stripped() else { return as_layout };
        // Lines were put together because the standard makes one record of them.
        let is_joined = memchr::memchr(b'\n', bytes).is_some();
        if fits && !is_joined && !self.standard.as_ref().is_some_and(StandardQuotes::may_shift) {
            return as_layout;
        }
        let columns = self.bindings.columns();
        let least = self.form.least_columns.min(columns);
        match self.record.split(bytes, delimiter, Some(quote)) {
            Ok(standard) if (is_joined || Ok(standard) != count) && (least..=columns).contains(&standard) => {
                Split { count: Ok(standard), fits: true, is_standard: true }
            }
            _ => {
                // The record holds the last split.
                let count = self.record.split(bytes, delimiter, None);
                Split { count, ..as_layout }
            }
        }
    }

    /// Whether a value holds a line break and as many delimiters as a row.
    fn holds_row(&self, value: &str) -> bool {
        let delimiters = || memchr::memchr_iter(self.form.delimiter, value.as_bytes()).count();
        memchr::memchr(b'\n', value.as_bytes()).is_some() && delimiters() + 1 >= self.bindings.columns()
    }

    /// What to do with a line that is no row: it may be the first of a record, or several rows, or one row without fields.
    #[cold]
    fn odd(&mut self, row: OddRow<'_>, fault: RowFault, visitor: &mut impl RowVisitor) -> Passed {
        let OddRow { bytes, at, to, .. } = row;
        let from = at.offset as usize;
        if let Some(end) = self.standard.as_ref().and_then(|quotes| quotes.record_end(bytes, from)) {
            let raw = self.encoding.without_line_end(&bytes[from..end]);
            let fault = self.record(RowBytes { raw, ..at }, None, false, visitor);
            fault.inspect(|fault| self.faulty(RowBytes { raw, ..at }, *fault, visitor));
            return Passed { to: end, more_lines: self.encoding.lines(&bytes[from..end]) as u32 - 1 };
        }
        if let Some(more_lines) = self.between_returns(at, visitor) {
            return Passed { to, more_lines };
        }
        self.faulty(at, fault, visitor);
        Passed { to, more_lines: 0 }
    }

    /// Hands on the rows of a line that ends in carriage returns alone if one of the first is a row by itself; how many lines there are
    /// besides the first.
    fn between_returns(&mut self, at: RowBytes<'_>, visitor: &mut impl RowVisitor) -> Option<u32> {
        const LOOKED_AT: usize = 16;
        let (encoding, page, most_bytes) = (self.encoding, self.page, self.long_lines.most_bytes);
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
            if encoding.is_utf16() { encoding.decode(raw, decoded) && decoded.trim().is_empty() } else { is_blank(raw, page) }
        };
        let mut is_row = |raw: &[u8], decoded: &mut String| {
            let valid = raw.len() <= most_bytes && encoding.decode(raw, decoded);
            valid && self.count(decoded.as_bytes(), Some(decoded)).fits
        };
        let blank: Vec<bool> = lines.iter().map(|(_, raw)| is_blank_line(raw, &mut decoded)).collect();
        let filled = lines.iter().zip(&blank).filter(|(_, is_blank)| !**is_blank);
        if !filled.take(LOOKED_AT).any(|((_, raw), _)| is_row(raw, &mut decoded)) {
            return None;
        }
        for (number, (&(place, raw), is_blank)) in (0..).zip(lines.iter().zip(blank)) {
            let at = RowBytes { line: at.line + number, offset: at.offset + place as u64, raw, ..at };
            if is_blank {
                continue;
            }
            let fault = self.record(at, None, false, visitor);
            fault.inspect(|fault| self.faulty(at, *fault, visitor));
        }
        Some(lines.len() as u32 - 1)
    }

    /// How many columns the source has.
    pub(super) fn columns(&self) -> usize {
        self.bindings.columns()
    }

    /// The last place up to `cut`, where a line ends, at which no record over several lines is unfinished.
    pub(super) fn whole_records(&self, bytes: &[u8], from: usize, cut: usize) -> usize {
        self.standard.as_ref().map_or(cut, |quotes| quotes.whole_records(bytes, from, cut))
    }

    /// Whether the last row may have so many fields.
    fn fits(&self, count: usize, text: Option<&str>) -> bool {
        let columns = self.bindings.columns();
        if count <= columns {
            return count >= self.form.least_columns.min(columns);
        }
        let quote = self.form.quotes.stripped().map_or(' ', char::from);
        let is_empty = |column| text.is_some_and(|text| self.record.received(column, text).trim().trim_matches(quote).is_empty());
        self.form.trailing_delimiters && count <= columns + MOST_TRAILING && (columns..count).all(is_empty)
    }

    pub(super) fn faulty(&self, at: RowBytes<'_>, fault: RowFault, visitor: &mut impl RowVisitor) {
        if self.bindings.tells_faults {
            visitor.row(at, Err(fault));
        }
    }
}

/// The lines of a window that come before the first one with a broken byte.
#[cold]
fn valid_lines(window: &[u8]) -> &str {
    let valid = window.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    &valid[..valid.rfind('\n').map_or(0, |last| last + 1)]
}

/// The first of `starts` from `first` on that is not before `place`.
#[cold]
fn first_not_before(starts: &[u16], first: usize, place: usize) -> usize {
    first + starts[first..].iter().take_while(|&&start| usize::from(start) < place).count()
}

/// The whole lines before a place.
#[cold]
fn lines_before(window: &[u8], place: usize) -> &[u8] {
    &window[..memchr::memrchr(b'\n', &window[..place]).map_or(0, |last| last + 1)]
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
fn is_blank(line: &[u8], page: Option<&CodePage>) -> bool {
    match line.first() {
        None => true,
        Some(b'!'..=b'~' | 0xD0 | 0xD1) => false,
        Some(_) => blanks(line, b'\n', page) == line.len(),
    }
}
