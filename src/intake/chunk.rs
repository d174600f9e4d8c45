//! Cutting a source into chunks at record boundaries, and reading the rows of one chunk.
//!
//! In a layout of one line a record, chunks are cut at line breaks without looking inside. In a multiline layout the cut has to know which line
//! breaks are quoted, so those sources are scanned once more; where records begin never depends on where the chunks do.

#[cfg(test)]
mod tests;

use super::binding::{Bindings, ComposedRow, FieldPlaces};
use super::encoding::{CodePage, Encoding};
use super::fields::RowFields;
use super::header::Header;
use super::layout::{Delimited, Layout};
use super::marks::{MOST_BYTES, Marks};
use super::page_rows::PageRows;
use super::record_end::RecordEnds;
use super::split::{SplitRecord, blanks};

/// A line with more bytes has no fields.
const MOST_LINE_BYTES: usize = u32::MAX as usize;
/// Nor has one with more bytes that would have to be decoded as a whole.
const MOST_DECODED_BYTES: usize = 1 << 28;
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
    length: usize,
    chunk_bytes: usize,
    /// Where records begin that begin chunks, when that has to be found out beforehand.
    cuts: Option<Vec<usize>>,
}

impl Chunks {
    /// Plans chunks of about `chunk_bytes` over the records behind a header. Only multiline layouts are read for that; one in UTF-16, where
    /// delimiters and quotes cannot be looked for among bytes, is a single chunk.
    #[must_use]
    pub fn plan(bytes: &[u8], layout: &Layout, header: &Header, chunk_bytes: usize) -> Self {
        assert!(chunk_bytes > 0, "a chunk has at least one byte");
        let (encoding, data_from) = (header.encoding.encoding, header.data_from);
        let cuts = match layout.delimited().filter(|form| form.multiline) {
            None => None,
            Some(_) if encoding.is_utf16() => Some(vec![data_from, bytes.len()]),
            Some(form) => Some(cuts_between_records(bytes, form, header, chunk_bytes)),
        };
        Self { encoding, data_from, length: bytes.len(), chunk_bytes, cuts }
    }

    /// So many chunks of a document that is not cut at lines: its row groups, or one from its beginning to its end.
    #[must_use]
    pub fn even(length: usize, chunks: usize) -> Self {
        let cuts = (0..=chunks).map(|cut| length * cut / chunks.max(1)).collect();
        Self { encoding: Encoding::Utf8, data_from: 0, length, chunk_bytes: length.max(1), cuts: Some(cuts) }
    }

    /// How many chunks there are. One may hold no record.
    #[must_use]
    pub fn count(&self) -> usize {
        self.cuts.as_ref().map_or_else(|| self.length.div_ceil(self.chunk_bytes), |cuts| cuts.len() - 1)
    }

    /// A chunk; `bytes` are the source's.
    #[must_use]
    pub fn get(&self, bytes: &[u8], index: usize) -> Chunk {
        match &self.cuts {
            Some(cuts) => Chunk { from: cuts[index], to: cuts[index + 1] },
            None => Chunk { from: self.first_line_from(bytes, index), to: self.first_line_from(bytes, index + 1) },
        }
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

    /// Lines before the first record.
    #[must_use]
    pub fn lines_before(&self, bytes: &[u8]) -> u64 {
        self.encoding.line_ends(&bytes[..self.data_from])
    }

    /// The first line that begins at the chunk's even cut or later.
    fn first_line_from(&self, bytes: &[u8], index: usize) -> usize {
        let cut = index.saturating_mul(self.chunk_bytes);
        if cut <= self.data_from {
            return self.data_from;
        }
        if cut >= self.length { self.length } else { self.encoding.line_from(bytes, cut) }
    }
}

fn cuts_between_records(bytes: &[u8], form: &Delimited, header: &Header, chunk_bytes: usize) -> Vec<usize> {
    let mut cuts = vec![header.data_from];
    let mut from = header.data_from;
    let mut ends = RecordEnds::new(bytes, form, header.encoding.encoding.page());
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
    /// The row without its line end.
    pub raw: &'b [u8],
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
}

impl RowFault {
    /// A row whose fields cannot be told, and one with more bytes than are looked at.
    pub(super) const SHAPE: Self = Self { encoding: false, quote: false, fields: Some(0) };
    /// A row with bytes that have no meaning.
    pub(super) const ENCODING: Self = Self { encoding: true, quote: false, fields: None };
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

/// So many fields behind the last column may be empty ones that do not count.
const MOST_TRAILING: usize = 16;

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
            marks: Marks::default(),
            places: bindings.records.iter().map(|_| FieldPlaces::default()).collect(),
            page_rows: PageRows::default(),
            joined: String::new(),
            record: SplitRecord::of_columns(bindings.columns() + MOST_TRAILING),
            composed: ComposedRow::default(),
            decoded: String::new(),
        }
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
                let end = Encoding::Utf8.line_end(bytes, from);
                let raw = without_line_end(&bytes[from..end]);
                if !is_blank(raw, self.page) {
                    self.single(RowBytes { line, part: 0, offset: from as u64, raw }, None, false, visitor);
                }
                (from, line) = (end, line + 1);
            } else {
                line = self.window(from, window, line, visitor);
                from += length;
            }
        }
        line
    }

    /// The rows of some whole lines, which begin at `from`. Returns the number of the line after them.
    #[inline]
    fn window(&mut self, from: usize, window: Window<'_>, mut line: u32, visitor: &mut impl RowVisitor) -> u32 {
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
        let starts = marks.find(bytes, self.form.delimiter);
        let (mut place, mut first, mut next_quote) = (0, 0, quote_from(0));
        while place < bytes.len() {
            let next = memchr::memchr(b'\n', &bytes[place..]).map_or(bytes.len() + 1, |found| place + found + 1);
            let end = next.min(bytes.len());
            let raw = without_line_end(&bytes[place..end]);
            // As many fields as there are columns: then the last of them ends where the line does.
            let whole = starts.get(first + columns).is_some_and(|&start| usize::from(start) == next);
            if !is_blank(raw, self.page) {
                let at = RowBytes { line, part: 0, offset: (from + place) as u64, raw };
                if whole && next_quote >= end {
                    self.in_place(at, window, (&starts[first..=first + columns], place + raw.len()), visitor);
                } else {
                    let text = match window {
                        Window::Text(text) => Some(&text[place..place + raw.len()]),
                        Window::Page(..) => None,
                    };
                    self.single(at, text, false, visitor);
                }
            }
            if next_quote < end {
                next_quote = quote_from(end);
            }
            first = if whole { first + columns } else { first_not_before(starts, first, next) };
            place = end;
            line += 1;
        }
        self.marks = marks;
        line
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
        let mut ends = RecordEnds::new(bytes, self.form, self.page);
        while from < chunk.to {
            let (end, broken) = ends.after(from);
            let raw = without_line_end(&bytes[from..end]);
            if !is_blank(raw, self.page) {
                self.single(RowBytes { line, part: 0, offset: from as u64, raw }, None, broken, visitor);
            }
            line += self.encoding.lines(&bytes[from..end]) as u32;
            from = end;
        }
        line
    }

    /// The rows of a chunk in UTF-16, one by one.
    fn rows_of_units(&mut self, bytes: &[u8], chunk: &Chunk, visitor: &mut impl RowVisitor) -> u32 {
        let mut text = String::new();
        if self.form.multiline {
            self.encoding.decode(&bytes[chunk.from..chunk.to], &mut text);
        }
        let mut ends = RecordEnds::new(text.as_bytes(), self.form, None);
        let (mut from, mut text_from, mut line) = (chunk.from, 0, 0);
        while from < chunk.to {
            let (end, broken) = if self.form.multiline {
                let (text_end, broken) = ends.after(text_from);
                let units: usize = text[text_from..text_end].chars().map(char::len_utf16).sum();
                text_from = text_end;
                // The last unit may be a half.
                (chunk.to.min(from + 2 * units), broken)
            } else {
                (self.encoding.line_end(bytes, from), false)
            };
            let raw = self.encoding.without_line_end(&bytes[from..end]);
            self.single(RowBytes { line, part: 0, offset: from as u64, raw }, None, broken, visitor);
            line += self.encoding.lines(&bytes[from..end]) as u32;
            from = end;
        }
        line
    }

    /// Hands on the records of a row that is looked at by itself; `text` are its bytes when these are known to be valid UTF-8, and `broken` says
    /// whether its quotes are known to be.
    #[inline(never)]
    fn single(&mut self, at: RowBytes<'_>, text: Option<&str>, broken: bool, visitor: &mut impl RowVisitor) {
        if self.encoding == Encoding::Utf8 {
            let text = text.or_else(|| simdutf8::basic::from_utf8(at.raw).ok());
            return self.split(at, at.raw, text, broken, visitor);
        }
        if at.raw.len() > MOST_DECODED_BYTES {
            return self.faulty(at, RowFault::SHAPE, visitor);
        }
        let mut decoded = std::mem::take(&mut self.decoded);
        let valid = self.encoding.decode(at.raw, &mut decoded);
        if !decoded.trim().is_empty() {
            self.split(at, decoded.as_bytes(), valid.then_some(decoded.as_str()), broken, visitor);
        }
        self.decoded = decoded;
    }

    /// Hands on the records of a row of these bytes, which are `text` if they are valid.
    fn split(&mut self, at: RowBytes<'_>, bytes: &[u8], text: Option<&str>, broken: bool, visitor: &mut impl RowVisitor) {
        let encoding = text.is_none();
        if broken {
            return self.faulty(at, RowFault { encoding, quote: true, fields: None }, visitor);
        }
        if bytes.len() > MOST_LINE_BYTES {
            // Fields are found by 32-bit places; no row of a register is near that, and a cut-off place must not pass for another.
            return self.faulty(at, RowFault { encoding, ..RowFault::SHAPE }, visitor);
        }
        let count = self.record.split(bytes, self.form.delimiter, self.form.quotes.rfc4180());
        let wrong_count = count.ok().filter(|&count| !self.fits(count, text));
        let (Some(text), Ok(count), None) = (text, count, wrong_count) else {
            return self.faulty(at, RowFault { encoding, quote: count.is_err(), fields: wrong_count }, visitor);
        };
        let record = &self.record;
        let value = |column| if column < count { record.received(column, text) } else { "" };
        self.composed.visit(at, value, self.bindings, visitor);
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

    fn faulty(&self, at: RowBytes<'_>, fault: RowFault, visitor: &mut impl RowVisitor) {
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
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[inline]
fn is_blank(line: &[u8], page: Option<&CodePage>) -> bool {
    match line.first() {
        None => true,
        Some(b'!'..=b'~' | 0xD0 | 0xD1) => false,
        Some(_) => blanks(line, b'\n', page) == line.len(),
    }
}
