//! Cutting a source into chunks at record boundaries, and reading the rows of one chunk.
//!
//! In a layout of one line a record, chunks are cut at line breaks without looking inside. In a multiline layout the cut has to know which line
//! breaks are quoted, so those sources are scanned once more; where records begin never depends on where the chunks do.

use super::fields::{Binding, FieldPlaces, RowFields, SplitRecord, blanks};
use super::layout::{HeaderFault, Layout};
use super::marks::{MOST_BYTES, Marks};
use super::record_end::RecordEnds;
use super::source_file::SourceFile;

/// A header may have this many bytes.
const MOST_HEADER_BYTES: usize = 1 << 20;
/// A line with more bytes has no fields.
const MOST_LINE_BYTES: usize = u32::MAX as usize;
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

/// Why a source's header cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    /// There is nothing where the header should be.
    #[error("the file is empty; a header line was expected (layout `{layout}`)")]
    Missing {
        /// The layout.
        layout: String,
    },
    /// Broken quotes or bytes.
    #[error("line {line}: the header cannot be read: broken quotes or bytes that are not UTF-8")]
    Broken {
        /// Physical line of the header.
        line: u32,
    },
    /// A line that no table has; most likely no text at all.
    #[error("line {line}: the header is longer than 1 MiB; check that the file is a table of text with line breaks")]
    TooLong {
        /// Physical line of the header.
        line: u32,
    },
    /// Lines that end in a carriage return alone, as old Macintosh programs wrote them.
    #[error(
        "line {line}: carriage returns inside the header; lines must end in LF or CR LF, save the file again with such line ends"
    )]
    CarriageReturn {
        /// Physical line of the header.
        line: u32,
    },
    /// The columns are not the layout's.
    #[error("line {line}: {fault}")]
    Columns {
        /// Physical line of the header.
        line: u32,
        /// What is wrong.
        fault: HeaderFault,
    },
}

/// The meaning of a source's columns and the place of its first record.
#[derive(Debug)]
pub struct Header {
    /// What the columns mean.
    pub binding: Binding,
    /// First byte after the header and a byte order mark.
    pub data_from: usize,
}

impl Header {
    /// Reads the header, or takes the layout's positions when it has none.
    ///
    /// # Errors
    /// When the file has no header where one is due, or its columns are not the layout's.
    pub fn read(bytes: &[u8], layout: &Layout) -> Result<Self, HeaderError> {
        let start = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        if !layout.header {
            return Ok(Self { binding: Binding::new(layout, &layout.positions()), data_from: start });
        }
        let (mut from, mut line) = (start, 1);
        loop {
            if from == bytes.len() {
                return Err(HeaderError::Missing { layout: layout.name.clone() });
            }
            let end = line_end(bytes, from);
            let text = without_line_end(&bytes[from..end]);
            if !is_blank(text) {
                if text.len() > MOST_HEADER_BYTES {
                    return Err(HeaderError::TooLong { line });
                }
                if text.contains(&b'\r') {
                    return Err(HeaderError::CarriageReturn { line });
                }
                let columns = header_columns(text, layout).ok_or(HeaderError::Broken { line })?;
                let names: Vec<&str> = columns.iter().map(|name| name.trim()).collect();
                let fields = layout.bind_header(&names);
                let fields = fields.map_err(|fault| HeaderError::Columns { line, fault })?;
                return Ok(Self { binding: Binding::new(layout, &fields), data_from: end });
            }
            (from, line) = (end, line + 1);
        }
    }
}

fn header_columns(text: &[u8], layout: &Layout) -> Option<Vec<String>> {
    let mut record = SplitRecord::of_columns(memchr::memchr_iter(layout.delimiter, text).count() + 1);
    let fields = record.split(text, layout.delimiter, layout.quote).ok()?;
    let text = str::from_utf8(text).ok()?;
    Some((0..fields).map(|column| record.received(column, text).to_owned()).collect())
}

/// How a source is cut into chunks.
#[derive(Debug)]
pub struct Chunks {
    data_from: usize,
    length: usize,
    chunk_bytes: usize,
    /// Where records begin that begin chunks, when that has to be found out beforehand.
    cuts: Option<Vec<usize>>,
}

impl Chunks {
    /// Plans chunks of about `chunk_bytes` over the records from `data_from` on. Only multiline layouts are read for that.
    #[must_use]
    pub fn plan(bytes: &[u8], layout: &Layout, data_from: usize, chunk_bytes: usize) -> Self {
        assert!(chunk_bytes > 0, "a chunk has at least one byte");
        let cuts = layout.multiline.then(|| cuts_between_records(bytes, layout, data_from, chunk_bytes));
        Self { data_from, length: bytes.len(), chunk_bytes, cuts }
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
        memchr::memchr_iter(b'\n', &bytes[..self.data_from]).count() as u64
    }

    /// The first line that begins at the chunk's even cut or later.
    fn first_line_from(&self, bytes: &[u8], index: usize) -> usize {
        let cut = index.saturating_mul(self.chunk_bytes);
        if cut <= self.data_from {
            return self.data_from;
        }
        if cut >= self.length { self.length } else { line_end(bytes, cut - 1) }
    }
}

fn cuts_between_records(bytes: &[u8], layout: &Layout, data_from: usize, chunk_bytes: usize) -> Vec<usize> {
    let mut cuts = vec![data_from];
    let mut from = data_from;
    let mut ends = RecordEnds::new(bytes, layout);
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
    /// A byte sequence is not valid in the declared encoding.
    pub encoding: bool,
    /// A quote is not closed, or text follows a closing quote.
    pub quote: bool,
    /// The number of fields, when it is not the layout's.
    pub fields: Option<usize>,
}

/// Reads the rows of chunks of one source, reusing its buffers.
pub struct ChunkReader<'s> {
    bytes: &'s [u8],
    layout: &'s Layout,
    binding: &'s Binding,
    marks: Marks,
    places: FieldPlaces,
    record: SplitRecord,
}

impl<'s> ChunkReader<'s> {
    /// A reader for the chunks of a source.
    #[must_use]
    pub fn new(source: &'s SourceFile, layout: &'s Layout, header: &'s Header) -> Self {
        let record = SplitRecord::of_columns(header.binding.columns());
        Self {
            bytes: source.bytes(),
            layout,
            binding: &header.binding,
            marks: Marks::default(),
            places: FieldPlaces::default(),
            record,
        }
    }

    /// Calls `row` for each row of the chunk, in order; blank lines are no rows. Returns the number of lines.
    pub fn rows(&mut self, chunk: &Chunk, mut row: impl FnMut(RowBytes<'s>, Result<RowFields<'_>, RowFault>)) -> u32 {
        if self.layout.multiline {
            return self.rows_over_lines(chunk, row);
        }
        let bytes = self.bytes;
        let (mut from, mut line) = (chunk.from, 0);
        while from < chunk.to {
            let to = chunk.to.min(from + WINDOW_BYTES);
            let cut =
                if to == chunk.to { Some(to) } else { memchr::memrchr(b'\n', &bytes[from..to]).map(|last| from + last + 1) };
            // The valid text of whole lines; what is not valid costs its line alone, and so does what is longer than a window.
            let text = match cut.map(|end| &bytes[from..end]) {
                Some(window) => simdutf8::basic::from_utf8(window).unwrap_or_else(|_| valid_lines(window)),
                None => "",
            };
            if text.is_empty() {
                let end = line_end(bytes, from);
                let raw = without_line_end(&bytes[from..end]);
                if !is_blank(raw) {
                    row(RowBytes { line, offset: from as u64, raw }, self.fields_of(raw, None, false));
                }
                (from, line) = (end, line + 1);
            } else {
                line = self.window(from, text, line, &mut row);
                from += text.len();
            }
        }
        line
    }

    /// The rows of some whole lines, which begin at `from`. Returns the number of the line after them.
    #[inline]
    fn window(
        &mut self,
        from: usize,
        text: &'s str,
        mut line: u32,
        row: &mut impl FnMut(RowBytes<'s>, Result<RowFields<'_>, RowFault>),
    ) -> u32 {
        let bytes = text.as_bytes();
        let (binding, quote) = (self.binding, self.layout.quote);
        let quote_from = |place: usize| {
            quote.and_then(|quote| memchr::memchr(quote, &bytes[place..])).map_or(usize::MAX, |found| place + found)
        };
        // Taken out, so that a single row may use the reader meanwhile.
        let (mut marks, mut places) = (std::mem::take(&mut self.marks), std::mem::take(&mut self.places));
        let columns = binding.columns();
        let starts = marks.find(bytes, self.layout.delimiter);
        let (mut place, mut first, mut next_quote) = (0, 0, quote_from(0));
        while place < bytes.len() {
            let next = memchr::memchr(b'\n', &bytes[place..]).map_or(bytes.len() + 1, |found| place + found + 1);
            let end = next.min(bytes.len());
            let raw = without_line_end(&bytes[place..end]);
            // As many fields as there are columns: then the last of them ends where the line does.
            let whole = starts.get(first + columns).is_some_and(|&start| usize::from(start) == next);
            if !is_blank(raw) {
                let fields = if whole && next_quote >= end {
                    places.place(&starts[first..=first + columns], binding);
                    Ok(RowFields::new(text, &places, binding))
                } else {
                    self.fields_of(raw, Some(&text[place..place + raw.len()]), false)
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
        (self.marks, self.places) = (marks, places);
        line
    }

    /// The rows of a chunk in a layout where they may span lines.
    fn rows_over_lines(&mut self, chunk: &Chunk, mut row: impl FnMut(RowBytes<'s>, Result<RowFields<'_>, RowFault>)) -> u32 {
        let bytes = self.bytes;
        let (mut from, mut line) = (chunk.from, 0);
        let mut ends = RecordEnds::new(bytes, self.layout);
        while from < chunk.to {
            let (end, broken) = ends.after(from);
            let raw = without_line_end(&bytes[from..end]);
            if !is_blank(raw) {
                row(RowBytes { line, offset: from as u64, raw }, self.fields_of(raw, None, broken));
            }
            line += lines(&bytes[from..end]);
            from = end;
        }
        line
    }

    /// The fields of a single record; `text` are its bytes when these are known to be valid.
    #[inline(never)]
    fn fields_of<'r>(&'r mut self, raw: &'r [u8], text: Option<&'r str>, broken: bool) -> Result<RowFields<'r>, RowFault> {
        let text = text.or_else(|| simdutf8::basic::from_utf8(raw).ok());
        let encoding = text.is_none();
        if broken {
            return Err(RowFault { encoding, quote: true, fields: None });
        }
        if raw.len() > MOST_LINE_BYTES {
            // Fields are found by 32-bit places; no row of a register is near that, and a cut-off place must not pass for another.
            return Err(RowFault { encoding, quote: false, fields: Some(0) });
        }
        let count = self.record.split(raw, self.layout.delimiter, self.layout.quote);
        let wrong_count = count.ok().filter(|&count| count != self.binding.columns());
        match text {
            Some(text) if count.is_ok() && wrong_count.is_none() => Ok(self.record.fields(text, self.binding)),
            _ => Err(RowFault { encoding, quote: count.is_err(), fields: wrong_count }),
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

/// First byte after the line that `from` stands in.
#[inline]
pub(super) fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |found| from + found + 1)
}

/// Lines of a text; a last line without an end counts.
fn lines(text: &[u8]) -> u32 {
    let open = text.last().is_some_and(|&last| last != b'\n');
    memchr::memchr_iter(b'\n', text).count() as u32 + u32::from(open)
}

#[inline]
pub(super) fn without_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[inline]
fn is_blank(line: &[u8]) -> bool {
    match line.first() {
        None => true,
        Some(b'!'..=b'~' | 0xD0 | 0xD1) => false,
        Some(_) => blanks(line, b'\n') == line.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{Field, Layout, Place, Places};
    use std::io::Write;

    const SINGLE: &str = r#"
name = "test"
table = "attachments"
header = true
dates = "YYYY-MM-DD"
fields = [ { field = "clinic" }, { field = "surname" }, { field = "given_name" }, { field = "birth_date" }, { field = "attached_from" } ]
"#;

    fn layout(multiline: bool) -> Layout {
        Layout::parse(&SINGLE.replace("header", &format!("multiline = {multiline}\nheader")), "test.toml").expect("layout")
    }

    const FIELDS: [Field; 5] = [Field::Clinic, Field::Surname, Field::GivenName, Field::BirthDate, Field::AttachedFrom];

    /// Rows as (line, offset, fields joined by `|` or the fault).
    fn read(content: &[u8], multiline: bool, chunk_bytes: usize) -> Vec<String> {
        let mut file = tempfile::NamedTempFile::new().expect("temporary file");
        file.write_all(content).expect("written");
        let source = SourceFile::open(file.path()).expect("mapped");
        let layout = layout(multiline);
        let header = Header::read(source.bytes(), &layout).expect("header");
        let chunks = Chunks::plan(source.bytes(), &layout, header.data_from, chunk_bytes);
        let before = chunks.lines_before(source.bytes());
        let (mut found, mut counts) = (Vec::new(), Vec::new());
        for index in 0..chunks.count() {
            let chunk = chunks.get(source.bytes(), index);
            let lines = ChunkReader::new(&source, &layout, &header).rows(&chunk, |place, fields| {
                let text = match fields {
                    Ok(fields) => FIELDS.map(|field| fields.get(field)).join("|"),
                    Err(fault) => format!(
                        "{}{}{}",
                        if fault.encoding { "E" } else { "" },
                        if fault.quote { "Q" } else { "" },
                        fault.fields.map_or(String::new(), |n| n.to_string())
                    ),
                };
                found.push((Place::new(index as u32, place.line), format!("{} {text}", place.offset)));
            });
            counts.push((0, before, u64::from(lines)));
        }
        let places = Places::new(counts.into_iter());
        found.into_iter().map(|(place, row)| format!("{} {row}", places.position(place).1)).collect()
    }

    const HEADER: &str = "clinic;surname;given_name;birth_date;attached_from\n";

    #[test]
    fn rows_do_not_depend_on_chunks() {
        let body = "a;b;c;d;e\r\n\n  \n\"x;\"\"y\";2;3;4;5\nshort;1\n\"open;2;3;4;5\n1;2;3;4;5\n\"q\"x;2;3;4;5\nlast;2;3;4;5";
        let content = format!("{HEADER}{body}");
        let expected = read(content.as_bytes(), false, 1 << 20);
        assert_eq!(
            expected,
            ["2 51 a|b|c|d|e", "5 66 x;\"y|2|3|4|5", "6 82 2", "7 90 Q", "8 104 1|2|3|4|5", "9 114 Q", "10 127 last|2|3|4|5"]
        );
        for chunk_bytes in [1, 2, 7, 64] {
            assert_eq!(read(content.as_bytes(), false, chunk_bytes), expected, "{chunk_bytes}");
        }
    }

    #[test]
    fn a_multiline_record_spans_lines_and_a_broken_one_costs_its_first_line() {
        let body = "a;\"two\nlines\";c;d;e\nb;2;3;4;5\n\"never closed;2;3;4;5\nc;2;3;4;5\nd;\"x\"y;3;4;5\ne;\"q\n\";3;4;5";
        let content = format!("{HEADER}{body}");
        let expected = read(content.as_bytes(), true, 1 << 20);
        assert_eq!(expected[0], "2 51 a|two\nlines|c|d|e");
        assert_eq!(expected[1], "4 71 b|2|3|4|5");
        // The quote that opens on line 5 is closed by the one that opens a field on line 7: text follows it, so line 5 alone is lost.
        assert_eq!(expected[2], "5 81 Q");
        assert_eq!(expected[3], "6 103 c|2|3|4|5");
        assert_eq!(expected[4], "7 113 Q");
        assert_eq!(expected[5], "8 126 e|q|3|4|5");
        for chunk_bytes in [1, 2, 7, 64] {
            assert_eq!(read(content.as_bytes(), true, chunk_bytes), expected, "{chunk_bytes}");
        }
    }

    #[test]
    fn a_broken_byte_costs_its_row_alone() {
        let mut content = format!("{HEADER}a;b;c;d;e\n").into_bytes();
        content.extend_from_slice(b"a;\xFF;c;d;e\n\xFF;\"x\nb;b;c;d;e\n");
        assert_eq!(read(&content, false, 1 << 20), ["2 51 a|b|c|d|e", "3 61 E", "4 71 EQ", "5 76 b|b|c|d|e"]);
    }

    #[test]
    fn rows_do_not_depend_on_windows() {
        let long = format!("{};b;c;d;e\n", "Ы".repeat(WINDOW_BYTES));
        let lines: [&[u8]; 9] = [
            "Ж;ж; ё ;d;e\n".as_bytes(),
            b"a;b;c;d;e\r\n",
            b"a;\xFF;c;d;e\n",
            b" \t\n",
            b"a;\"b;b\";\"c\"\"c\";d;e\n",
            b";;;;\n",
            b"short;1\n",
            b"\"open;2;3;4;5\n",
            long.as_bytes(),
        ];
        let mut content = HEADER.as_bytes().to_vec();
        // Most are as they should be; the long one comes once.
        for number in 0..WINDOW_BYTES / 4 {
            let strange = if number == WINDOW_BYTES / 8 { 8 } else { number / 7 % 8 };
            content.extend_from_slice(lines[if number % 7 == 0 || strange == 8 { strange } else { 0 }]);
        }
        content.extend_from_slice(b"the;last;without;line;feed");
        // A chunk of one byte is one line, so that no window has two.
        let expected = read(&content, false, 1);
        assert!(expected.iter().any(|row| row.ends_with("a|b;b|c\"c|d|e")));
        for chunk_bytes in [1 << 20, 100_000, WINDOW_BYTES] {
            assert_eq!(read(&content, false, chunk_bytes), expected, "{chunk_bytes}");
        }
    }

    #[test]
    fn headers_are_found_and_checked() {
        let layout = layout(false);
        assert_eq!(
            Header::read(format!("\u{FEFF}{HEADER}").as_bytes(), &layout).expect("byte order mark").data_from,
            HEADER.len() + 3
        );
        assert!(Header::read(format!("\n \n{HEADER}").as_bytes(), &layout).is_ok());
        assert!(matches!(Header::read(b"", &layout), Err(HeaderError::Missing { .. })));
        assert!(matches!(Header::read(b"\xFF;a\n", &layout), Err(HeaderError::Broken { line: 1 })));
        assert!(matches!(Header::read(&[b'a'; MOST_HEADER_BYTES + 1], &layout), Err(HeaderError::TooLong { line: 1 })));
        assert!(matches!(Header::read(b"\nclinic;surname\n", &layout), Err(HeaderError::Columns { line: 2, .. })));
    }
}
