//! Cutting a source into chunks at record boundaries, and reading the rows of one chunk.
//!
//! In a layout of one line a record, chunks are cut at line breaks without looking inside. In a multiline layout the cut has to know which line
//! breaks are quoted, so those sources are scanned once more; where records begin never depends on where the chunks do.

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
        self.encoding.lines(&bytes[..self.data_from])
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
            let valid = self.encoding.decode(raw, &mut self.decoded);
            if !self.decoded.trim().is_empty() {
                row(RowBytes { line, offset: from as u64, raw }, self.fields_of_decoded(valid, broken));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::encoding::encoded;
    use crate::intake::{Field, Layout, Place, Places};
    use std::io::Write;

    const SINGLE: &str = r#"
name = "test"
table = "attachments"
header = true
dates = "YYYY-MM-DD"
fields = [ { field = "clinic" }, { field = "surname" }, { field = "given_name" }, { field = "birth_date" }, { field = "attached_from" } ]
"#;

    fn layout(multiline: bool, encoding: Encoding) -> Layout {
        let head = format!("multiline = {multiline}\nencoding = \"{}\"\nheader", encoding.name());
        Layout::parse(&SINGLE.replace("header", &head), "test.toml").expect("layout")
    }

    const FIELDS: [Field; 5] = [Field::Clinic, Field::Surname, Field::GivenName, Field::BirthDate, Field::AttachedFrom];

    /// Rows as (line, offset, fields joined by `|` or the fault).
    fn read(content: &[u8], multiline: bool, chunk_bytes: usize) -> Vec<String> {
        read_in(Encoding::Utf8, content, multiline, chunk_bytes)
    }

    fn read_in(encoding: Encoding, content: &[u8], multiline: bool, chunk_bytes: usize) -> Vec<String> {
        let mut file = tempfile::NamedTempFile::new().expect("temporary file");
        file.write_all(content).expect("written");
        let source = SourceFile::open(file.path()).expect("mapped");
        let layout = layout(multiline, encoding);
        let header = Header::read(source.bytes(), &layout).expect("header");
        let chunks = Chunks::plan(source.bytes(), &layout, &header, chunk_bytes);
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

    /// Rows without their offsets, which are of the bytes.
    fn without_offsets(rows: Vec<String>) -> Vec<String> {
        let parts = |row: String| {
            row.splitn(3, ' ').enumerate().filter(|(part, _)| *part != 1).map(|(_, text)| text.to_owned()).collect()
        };
        rows.into_iter().map(|row| parts(row)).map(|parts: Vec<String>| parts.join(" ")).collect()
    }

    #[test]
    fn rows_do_not_depend_on_the_encoding() {
        let lines = [
            "Ж;ж ;\u{A0}Ёё\u{A0};a№b;я\r\n",
            "\u{A0} \u{A0}\n",
            "\u{A0}А;Б;В;Г;Д\n",
            "a;b;c;d;e\n",
            "\"О;О \"\"Ключ\"\"\"; \"Б\"\u{A0};c;\"\";e\n",
            "Щ;1\n",
            "\"Ы;2;3;4;5\n",
            "\"q\"Я;2;3;4;5\n",
            "В\u{A0};Т;Р;Ч;В\u{A0}\n",
            ";;;;\n",
            "\"две\nстроки\";c;d;e;ф\n",
        ];
        let content = format!("{HEADER}{}конец;b;c;d;ъ", lines.concat().repeat(200));
        for multiline in [false, true] {
            let expected = without_offsets(read(content.as_bytes(), multiline, 1 << 20));
            assert!(expected[0].ends_with("Ж|ж|Ёё|a№b|я") && expected.iter().any(|row| row.contains("О;О \"Ключ\"|Б|c||e")));
            for encoding in Encoding::ALL {
                let content = match encoding {
                    Encoding::Koi8R => content.replace('№', "©"),
                    _ => content.clone(),
                };
                let expected: Vec<String> = match encoding {
                    Encoding::Koi8R => expected.iter().map(|row| row.replace('№', "©")).collect(),
                    _ => expected.clone(),
                };
                let bytes = encoded(encoding, &content);
                for chunk_bytes in [1, 2, 7, 64, 1 << 20] {
                    let found = without_offsets(read_in(encoding, &bytes, multiline, chunk_bytes));
                    assert_eq!(found, expected, "{} in chunks of {chunk_bytes}", encoding.name());
                }
            }
        }
    }

    #[test]
    fn a_byte_without_meaning_costs_its_row_alone() {
        let text = format!("{HEADER}Ж;б;c;d;e\nЖ;\u{1};c;d;e\n\u{1};\"x\nЮ;\u{1}\n\nя;б;c;d;e\n");
        let mut page = encoded(Encoding::Windows1251, &text);
        page.iter_mut().filter(|byte| **byte == 1).for_each(|byte| *byte = 0x98);
        let expected = ["2 51 Ж|б|c|d|e", "3 61 E", "4 71 EQ", "5 76 E2", "7 81 я|б|c|d|e"];
        assert_eq!(read_in(Encoding::Windows1251, &page, false, 1 << 20), expected);
        for (encoding, lone) in [(Encoding::Utf16Le, [0x00, 0xDC]), (Encoding::Utf16Be, [0xDC, 0x00])] {
            let (mut units, one) = (encoded(encoding, &text), encoded(encoding, "\u{1}"));
            units.chunks_exact_mut(2).filter(|unit| *unit == one).for_each(|unit| unit.copy_from_slice(&lone));
            let expected = ["2 102 Ж|б|c|d|e", "3 122 E", "4 142 EQ", "5 152 E2", "7 162 я|б|c|d|e"];
            assert_eq!(read_in(encoding, &units, false, 1 << 20), expected);
            let half = [units.as_slice(), &encoded(encoding, "1;2;3;4;5"), b"x"].concat();
            assert_eq!(read_in(encoding, &half, false, 7).last().map(String::as_str), Some("8 182 E"));
        }
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
}
