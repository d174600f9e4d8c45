//! Cutting a source into chunks at record boundaries, and reading the rows of one chunk.
//!
//! In a layout of one line a record, chunks are cut at line breaks without looking inside. In a multiline layout the cut has to know which line
//! breaks are quoted, so those sources are scanned once more; where records begin never depends on where the chunks do.

#[cfg(test)]
mod tests;

use super::encoding::{CodePage, Encoding};
use super::fields::{Binding, FieldPlaces, RowFields, SplitRecord, blanks};
use super::header::Header;
use super::layout::Layout;
use super::marks::{MOST_BYTES, Marks};
use super::page_rows::PageRows;
use super::record_end::RecordEnds;
use super::source_file::SourceFile;

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
        let cuts = match (layout.multiline, encoding.is_utf16()) {
            (false, _) => None,
            (true, true) => Some(vec![data_from, bytes.len()]),
            (true, false) => Some(cuts_between_records(bytes, layout, header, chunk_bytes)),
        };
        Self { encoding, data_from, length: bytes.len(), chunk_bytes, cuts }
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

fn cuts_between_records(bytes: &[u8], layout: &Layout, header: &Header, chunk_bytes: usize) -> Vec<usize> {
    let mut cuts = vec![header.data_from];
    let mut from = header.data_from;
    let mut ends = RecordEnds::new(bytes, layout, header.encoding.encoding.page());
    while from < bytes.len() {
        from = ends.after(from).0;
        if from == bytes.len() || from - cuts[cuts.len() - 1] >= chunk_bytes {
            cuts.push(from);
        }
    }
    cuts
}

/// Where a row stands in its source.
#[derive(Clone, Copy, Debug)]
pub struct RowBytes<'b> {
    /// Line of the chunk on which the record begins, from 0.
    pub line: u32,
    /// Byte offset of the record in the file.
    pub offset: u64,
    /// The record without its line end.
    pub raw: &'b [u8],
}

/// Why a row has no fields. Several may hold at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowFault {
    /// A byte sequence is not valid in the source's encoding.
    pub encoding: bool,
    /// A quote is not closed, or text follows a closing quote.
    pub quote: bool,
    /// The number of fields, when it is not the layout's.
    pub fields: Option<usize>,
}

impl RowFault {
    /// A line with more bytes than are looked at.
    const TOO_LONG: Self = Self { encoding: false, quote: false, fields: Some(0) };
}

/// Reads the rows of chunks of one source, reusing its buffers. Whatever the encoding of the source, the fields of its rows are UTF-8.
pub struct ChunkReader<'s> {
    bytes: &'s [u8],
    layout: &'s Layout,
    binding: &'s Binding,
    encoding: Encoding,
    page: Option<&'static CodePage>,
    marks: Marks,
    places: FieldPlaces,
    /// For sources in a code page.
    page_rows: PageRows,
    record: SplitRecord,
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

impl<'s> ChunkReader<'s> {
    /// A reader for the chunks of a source.
    #[must_use]
    pub fn new(source: &'s SourceFile, layout: &'s Layout, header: &'s Header) -> Self {
        Self {
            bytes: source.bytes(),
            layout,
            binding: &header.binding,
            encoding: header.encoding.encoding,
            page: header.encoding.encoding.page(),
            marks: Marks::default(),
            places: FieldPlaces::default(),
            page_rows: PageRows::default(),
            record: SplitRecord::of_columns(header.binding.columns()),
            decoded: String::new(),
        }
    }

    /// Calls `row` for each row of the chunk, in order; blank lines are no rows. Returns the number of lines.
    pub fn rows(&mut self, chunk: &Chunk, mut row: impl FnMut(RowBytes<'s>, Result<RowFields<'_>, RowFault>)) -> u32 {
        if self.encoding.is_utf16() {
            return self.rows_of_units(chunk, row);
        }
        if self.layout.multiline {
            return self.rows_over_lines(chunk, row);
        }
        let bytes = self.bytes;
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
                    row(RowBytes { line, offset: from as u64, raw }, self.fields_of(raw, None, false));
                }
                (from, line) = (end, line + 1);
            } else {
                line = self.window(from, window, line, &mut row);
                from += length;
            }
        }
        line
    }

    /// The rows of some whole lines, which begin at `from`. Returns the number of the line after them.
    #[inline]
    fn window(
        &mut self,
        from: usize,
        window: Window<'s>,
        mut line: u32,
        row: &mut impl FnMut(RowBytes<'s>, Result<RowFields<'_>, RowFault>),
    ) -> u32 {
        let bytes = window.bytes();
        let (binding, quote) = (self.binding, self.layout.quote);
        let quote_from = |place: usize| {
            quote.and_then(|quote| memchr::memchr(quote, &bytes[place..])).map_or(usize::MAX, |found| place + found)
        };
        // Taken out, so that a single row may use the reader meanwhile.
        let (mut marks, mut places) = (std::mem::take(&mut self.marks), std::mem::take(&mut self.places));
        let mut page_rows = std::mem::take(&mut self.page_rows);
        if let Window::Page(bytes, _) = window {
            page_rows.begin(bytes);
        }
        let columns = binding.columns();
        let starts = marks.find(bytes, self.layout.delimiter);
        let (mut place, mut first, mut next_quote) = (0, 0, quote_from(0));
        while place < bytes.len() {
            let next = memchr::memchr(b'\n', &bytes[place..]).map_or(bytes.len() + 1, |found| place + found + 1);
            let end = next.min(bytes.len());
            let raw = without_line_end(&bytes[place..end]);
            // As many fields as there are columns: then the last of them ends where the line does.
            let whole = starts.get(first + columns).is_some_and(|&start| usize::from(start) == next);
            if !is_blank(raw, self.page) {
                let fields = if whole && next_quote >= end {
                    let starts = &starts[first..=first + columns];
                    places.place(starts, binding);
                    let text = match window {
                        Window::Text(text) => text,
                        Window::Page(bytes, page) => page_rows.row(page, bytes, starts, &mut places, binding),
                    };
                    Ok(RowFields::new(text, &places, binding))
                } else {
                    let text = match window {
                        Window::Text(text) => Some(&text[place..place + raw.len()]),
                        Window::Page(..) => None,
                    };
                    self.fields_of(raw, text, false)
                };
                row(RowBytes { line, offset: (from + place) as u64, raw }, fields);
            }
            if next_quote < end {
                next_quote = quote_from(end);
            }
            first = if whole { first + columns } else { first_not_before(starts, first, next) };
            place = end;
            line += 1;
        }
        (self.marks, self.places, self.page_rows) = (marks, places, page_rows);
        line
    }

    /// The rows of a chunk in a layout where they may span lines.
    fn rows_over_lines(&mut self, chunk: &Chunk, mut row: impl FnMut(RowBytes<'s>, Result<RowFields<'_>, RowFault>)) -> u32 {
        let bytes = self.bytes;
        let (mut from, mut line) = (chunk.from, 0);
        let mut ends = RecordEnds::new(bytes, self.layout, self.page);
        while from < chunk.to {
            let (end, broken) = ends.after(from);
            let raw = without_line_end(&bytes[from..end]);
            if !is_blank(raw, self.page) {
                row(RowBytes { line, offset: from as u64, raw }, self.fields_of(raw, None, broken));
            }
            line += self.encoding.lines(&bytes[from..end]) as u32;
            from = end;
        }
        line
    }

    /// The rows of a chunk in UTF-16, one by one.
    fn rows_of_units(&mut self, chunk: &Chunk, mut row: impl FnMut(RowBytes<'s>, Result<RowFields<'_>, RowFault>)) -> u32 {
        let bytes = self.bytes;
        let mut text = String::new();
        if self.layout.multiline {
            self.encoding.decode(&bytes[chunk.from..chunk.to], &mut text);
        }
        let mut ends = RecordEnds::new(text.as_bytes(), self.layout, None);
        let (mut from, mut text_from, mut line) = (chunk.from, 0, 0);
        while from < chunk.to {
            let (end, broken) = if self.layout.multiline {
                let (text_end, broken) = ends.after(text_from);
                let units: usize = text[text_from..text_end].chars().map(char::len_utf16).sum();
                text_from = text_end;
                // The last unit may be a half.
                (chunk.to.min(from + 2 * units), broken)
            } else {
                (self.encoding.line_end(bytes, from), false)
            };
            let raw = self.encoding.without_line_end(&bytes[from..end]);
            let at = RowBytes { line, offset: from as u64, raw };
            if raw.len() > MOST_DECODED_BYTES {
                row(at, Err(RowFault::TOO_LONG));
            } else {
                let valid = self.encoding.decode(raw, &mut self.decoded);
                if !self.decoded.trim().is_empty() {
                    row(at, self.fields_of_decoded(valid, broken));
                }
            }
            line += self.encoding.lines(&bytes[from..end]) as u32;
            from = end;
        }
        line
    }

    /// The fields of a single record; `text` are its bytes when these are known to be valid UTF-8.
    #[inline(never)]
    fn fields_of<'r>(&'r mut self, raw: &'r [u8], text: Option<&'r str>, broken: bool) -> Result<RowFields<'r>, RowFault> {
        if self.encoding != Encoding::Utf8 {
            if raw.len() > MOST_DECODED_BYTES {
                return Err(RowFault::TOO_LONG);
            }
            let valid = self.encoding.decode(raw, &mut self.decoded);
            return self.fields_of_decoded(valid, broken);
        }
        let text = text.or_else(|| simdutf8::basic::from_utf8(raw).ok());
        fields_of_record(&mut self.record, self.layout, self.binding, raw, text, broken)
    }

    /// The fields of the record in `decoded`, which says whether all of it had a meaning.
    fn fields_of_decoded(&mut self, valid: bool, broken: bool) -> Result<RowFields<'_>, RowFault> {
        let text = valid.then_some(self.decoded.as_str());
        fields_of_record(&mut self.record, self.layout, self.binding, self.decoded.as_bytes(), text, broken)
    }
}

/// The fields of a single record; `text` are its bytes when these are valid, and `broken` says whether its quotes are known to be.
fn fields_of_record<'r>(
    record: &'r mut SplitRecord,
    layout: &Layout,
    binding: &'r Binding,
    bytes: &'r [u8],
    text: Option<&'r str>,
    broken: bool,
) -> Result<RowFields<'r>, RowFault> {
    let encoding = text.is_none();
    if broken {
        return Err(RowFault { encoding, quote: true, fields: None });
    }
    if bytes.len() > MOST_LINE_BYTES {
        // Fields are found by 32-bit places; no row of a register is near that, and a cut-off place must not pass for another.
        return Err(RowFault { encoding, quote: false, fields: Some(0) });
    }
    let count = record.split(bytes, layout.delimiter, layout.quote);
    let wrong_count = count.ok().filter(|&count| count != binding.columns());
    match text {
        Some(text) if count.is_ok() && wrong_count.is_none() => Ok(record.fields(text, binding)),
        _ => Err(RowFault { encoding, quote: count.is_err(), fields: wrong_count }),
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
