//! Rows of text with delimiters that can only be read from the beginning to the end: members of archives.
//!
//! The text is unpacked block by block into one buffer. The whole lines of the buffer are read like a chunk of a mapped file; the unfinished line or
//! record at its end waits for the next block:
//!
//! ```text
//! buffer    1;a;b\n2;c;d\n3;"e          block 1: lines 1 and 2 are read
//!           3;"e;f\n4";g\n5;h           block 2 is appended to what waits
//! ```

use std::io::{self, Read};

use super::chunk_reader::{ChunkReader, TextFormat};
use super::chunks::Chunk;
use super::fields::RowFields;
use super::long_lines::MOST_LINE_BYTES;
use super::record_end::RecordEnds;
use super::row_visitor::{KEPT_ROW_BYTES, RowBytes, RowFault, RowVisitor};
use sverka_formats::Encoding;

/// Sizes of the part of a text that is in memory. Tests make them small.
#[derive(Clone, Copy, Debug)]
pub(super) struct BufferSizes {
    /// Bytes that are unpacked and looked at together.
    pub block_bytes: usize,
    /// Most bytes of a line that is read as a row.
    pub line_bytes: usize,
    /// Bytes behind the start of a record that always show its end: twice the most bytes of a record.
    pub look_ahead_bytes: usize,
}

impl BufferSizes {
    /// Sizes that any machine has room for, and far above those of a row.
    pub const DEFAULT: Self = Self { block_bytes: 1 << 20, line_bytes: MOST_LINE_BYTES, look_ahead_bytes: 2 << 20 };
}

/// The end of the reading of a stream.
#[derive(Debug, Default)]
pub(super) struct StreamEnd {
    /// Number of lines that were read.
    pub lines: u64,
    /// The byte at which the text could not be read any further, and why.
    pub broken: Option<(u64, io::Error)>,
}

/// Reads the rows behind byte `data_from` of a text that `input` unpacks. `done` gives the bytes of the file that have been read, for the visitor's
/// pauses.
pub(super) fn rows_of_stream(
    reader: &mut ChunkReader<'_>,
    data_from: usize,
    sizes: BufferSizes,
    input: &mut dyn Read,
    done: &dyn Fn() -> u64,
    visitor: &mut impl RowVisitor,
) -> StreamEnd {
    let buffer = Buffer { bytes: Vec::new(), offset: 0, ended: false, broken: None };
    let mut stream = TextStream { input, sizes, format: reader.format(), buffer, lines: 0 };
    let (mut from, mut done_before) = (data_from, 0);
    let mut wanted = sizes.block_bytes.max(2 * data_from);
    loop {
        stream.buffer.fill(stream.input, wanted);
        let from_here = from.min(stream.buffer.bytes.len());
        let step = stream.next_step(reader, from_here);
        match step {
            Step::Rows { to } => stream.read_rows(reader, Chunk { from: from_here, to }, visitor),
            Step::LongLine => stream.skip_line(reader, from_here, visitor),
            Step::MoreBytes => {}
        }
        (from, wanted) = match step {
            Step::MoreBytes => (from, 2 * stream.buffer.bytes.len().max(sizes.block_bytes)),
            Step::Rows { .. } | Step::LongLine => (0, sizes.block_bytes),
        };
        let now = done();
        let goes_on = visitor.pause(now - done_before);
        done_before = now;
        // More may follow behind a long line, though the text has ended meanwhile.
        if (stream.buffer.ended && step != Step::LongLine) || !goes_on {
            return stream.end();
        }
    }
}

/// The next step with the text in the buffer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Read the rows up to byte `to`.
    Rows { to: usize },
    /// Skip a line that is too long to be a row.
    LongLine,
    /// Unpack more bytes: no line or record ends in the buffer.
    MoreBytes,
}

/// A text that is read from its beginning to its end.
struct TextStream<'i, 's> {
    input: &'i mut dyn Read,
    sizes: BufferSizes,
    format: TextFormat<'s>,
    buffer: Buffer,
    /// Number of lines that were read.
    lines: u64,
}

impl TextStream<'_, '_> {
    /// The next step with the text from byte `from` of the buffer on.
    fn next_step(&self, reader: &ChunkReader<'_>, from: usize) -> Step {
        let (buffer, encoding) = (&self.buffer, self.format.encoding);
        // An end mark of DOS in the middle of the text is no end, so it waits for the bytes behind it.
        let text = &buffer.bytes[..encoding.text_end(&buffer.bytes, from)];
        let mut to = if buffer.ended {
            // The line in which a text breaks is no row.
            if buffer.broken.is_some() { last_line_end(text, from, encoding) } else { text.len() }
        } else if self.format.form.multiline {
            self.last_record_end(text, from)
        } else {
            reader.whole_records(text, from, last_line_end(text, from, encoding))
        };
        let is_long = to == from && !buffer.ended && buffer.bytes.len() - from >= self.sizes.line_bytes;
        if is_long && !encoding.is_utf16() {
            // The lines may end in carriage returns alone.
            let before_last = from.max(text.len().saturating_sub(1));
            to = memchr::memrchr(b'\r', &text[from..before_last]).map_or(to, |last| from + last + 1);
        }
        match (to > from, is_long) {
            (true, _) => Step::Rows { to },
            (false, true) => Step::LongLine,
            (false, false) => Step::MoreBytes,
        }
    }

    /// Reads the rows of a part of the buffer, and removes what was read.
    fn read_rows(&mut self, reader: &mut ChunkReader<'_>, part: Chunk, visitor: &mut impl RowVisitor) {
        let text = &self.buffer.bytes[..self.format.encoding.text_end(&self.buffer.bytes, part.from)];
        let mut shifted = Shifted { visitor, offset: self.buffer.offset, line: self.lines };
        self.lines += u64::from(reader.rows(text, &part, &mut shifted));
        self.buffer.remove(part.to);
    }

    /// End of the last record that is clear from what is in memory; `from` when none is.
    fn last_record_end(&self, text: &[u8], from: usize) -> usize {
        let TextFormat { form, encoding, columns } = self.format;
        let mut ends = RecordEnds::new(text, form, columns, encoding.code_page());
        let mut end = from;
        while end + self.sizes.look_ahead_bytes < text.len() {
            match ends.after(end).0 {
                // A long line whose end is not yet in memory.
                next if next == text.len() => break,
                next => end = next,
            }
        }
        end
    }

    /// Skips a line that begins at byte `from` and is too long to be a row. It is handed on as one row without fields.
    fn skip_line(&mut self, reader: &ChunkReader<'_>, from: usize, visitor: &mut impl RowVisitor) {
        let (buffer, encoding) = (&mut self.buffer, self.format.encoding);
        let offset = buffer.offset + from as u64;
        let kept = buffer.bytes[from..buffer.bytes.len().min(from + KEPT_ROW_BYTES)].to_vec();
        buffer.remove(from);
        let (mut length, mut last_unit) = (0, Vec::new());
        loop {
            let line_end = encoding.line_end(&buffer.bytes, 0);
            let is_ended = encoding.is_ended(&buffer.bytes[..line_end]);
            length += line_end as u64;
            if is_ended {
                // A carriage return of the line's end may stand at the end of the block before.
                last_unit.extend_from_slice(&buffer.bytes[..line_end]);
                length -= (last_unit.len() - encoding.without_line_end(&last_unit).len()) as u64;
            }
            last_unit = buffer.bytes[line_end.saturating_sub(2)..line_end].to_vec();
            buffer.remove(line_end);
            if is_ended || buffer.ended {
                break;
            }
            buffer.fill(self.input, self.sizes.block_bytes);
        }
        let bytes_beyond = length.saturating_sub(kept.len() as u64);
        let at = RowBytes { line: self.lines as u32, part: 0, offset, raw: &kept, bytes_beyond };
        reader.faulty(at, RowFault::SHAPE, visitor);
        self.lines += 1;
    }

    /// The end of the reading.
    fn end(mut self) -> StreamEnd {
        let at = self.buffer.offset + self.buffer.bytes.len() as u64;
        StreamEnd { lines: self.lines, broken: self.buffer.broken.take().map(|error| (at, error)) }
    }
}

/// The part of a text that is in memory.
struct Buffer {
    bytes: Vec<u8>,
    /// Offset of the buffer in the text.
    offset: u64,
    ended: bool,
    broken: Option<io::Error>,
}

impl Buffer {
    /// Reads until there are `wanted` bytes, or the text ends.
    fn fill(&mut self, input: &mut dyn Read, wanted: usize) {
        let mut length = self.bytes.len();
        if length < wanted {
            self.bytes.resize(wanted, 0);
        }
        while length < wanted && !self.ended {
            match input.read(&mut self.bytes[length..]) {
                Ok(0) => self.ended = true,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => (self.ended, self.broken) = (true, Some(error)),
            }
        }
        self.bytes.truncate(length);
    }

    /// Removes the first bytes.
    fn remove(&mut self, bytes: usize) {
        self.offset += bytes as u64;
        self.bytes.drain(..bytes);
    }
}

/// First byte after the last line that ends behind `from`; `from` when none does.
fn last_line_end(bytes: &[u8], from: usize, encoding: Encoding) -> usize {
    if !encoding.is_utf16() {
        return memchr::memrchr(b'\n', &bytes[from..]).map_or(from, |last| from + last + 1);
    }
    let (mut end, whole) = (from, bytes.len() & !1);
    while end < whole {
        let next = encoding.line_end(&bytes[..whole], end);
        if !encoding.is_ended(&bytes[end..next]) {
            break;
        }
        end = next;
    }
    end
}

/// Hands rows on with the lines and offsets of the whole text.
struct Shifted<'v, V> {
    visitor: &'v mut V,
    /// Offset of the buffer in the text.
    offset: u64,
    /// Number of lines before the buffer.
    line: u64,
}

impl<V: RowVisitor> RowVisitor for Shifted<'_, V> {
    #[inline]
    fn row(&mut self, at: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>) {
        self.visitor
            .row(RowBytes { line: (self.line + u64::from(at.line)) as u32, offset: self.offset + at.offset, ..at }, fields);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binding::Bindings;
    use crate::layout::{Delimited, Layout};
    use sverka_formats::encoded;
    use sverka_model::{Field, Table};

    const LAYOUT: &str = r#"
name = "test"
table = "attachments"
header = false
dates = "YYYY-MM-DD"
fields = [ { field = "clinic" }, { field = "surname" }, { field = "given_name" }, { field = "birth_date" }, { field = "attached_from" } ]
"#;

    /// The usual sizes with small blocks.
    fn sizes(block_bytes: usize) -> BufferSizes {
        BufferSizes { block_bytes, ..BufferSizes::DEFAULT }
    }

    /// An input that gives a few bytes at a time, and breaks at the end of the text if `breaks` is set.
    struct Input<'t> {
        rest: &'t [u8],
        breaks: bool,
    }

    impl Read for Input<'_> {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            if self.rest.is_empty() && self.breaks {
                return Err(io::Error::other("cut off"));
            }
            let length = to.len().min(3);
            self.rest.read(&mut to[..length])
        }
    }

    /// Whether rows may span lines, and the encoding.
    #[derive(Clone, Copy)]
    struct Format {
        multiline: bool,
        encoding: Encoding,
    }

    /// Rows as `line+offset: clinic|surname` or `line+offset: fault`, the number of lines, and the byte where the text broke.
    fn read(text: &[u8], format: Format, sizes: BufferSizes, breaks: bool) -> (Vec<String>, u64, Option<u64>) {
        let layout = Layout::parse(LAYOUT, "test.toml").expect("layout");
        let form = Delimited { multiline: format.multiline, ..layout.delimited().expect("text").clone() };
        let bindings = Bindings::new(&layout, Table::Attachments, &layout.positions());
        let mut rows = Vec::new();
        let mut visitor = |at: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>| {
            let values = fields.map_or_else(
                |fault| format!("{fault:?}"),
                |of| [Field::Clinic, Field::Surname].map(|field| of.get(field)).join("|"),
            );
            let long = if at.bytes_beyond > 0 { format!(" {} bytes", at.length()) } else { String::new() };
            rows.push(format!("{}+{}: {values}{long}", at.line, at.offset));
        };
        let mut reader = ChunkReader::new(&form, format.encoding, &bindings);
        let mut input = Input { rest: text, breaks };
        let end = rows_of_stream(&mut reader, 0, sizes, &mut input, &|| 0, &mut visitor);
        (rows, end.lines, end.broken.map(|(offset, _)| offset))
    }

    const LINES: Format = Format { multiline: false, encoding: Encoding::Utf8 };
    const MULTILINE: Format = Format { multiline: true, encoding: Encoding::Utf8 };

    #[test]
    fn rows_do_not_depend_on_blocks() {
        let text = "1;a;;;\r\n\n22;Ольха;;;\n;;;;\r\n4;d;;;".as_bytes();
        let expected = ["0+0: 1|a", "2+9: 22|Ольха", "3+26: |", "4+32: 4|d"];
        for block_bytes in 1..40 {
            assert_eq!(
                read(text, LINES, sizes(block_bytes), false),
                (expected.map(str::to_owned).to_vec(), 5, None),
                "{block_bytes}"
            );
        }
    }

    #[test]
    fn lines_of_two_bytes_a_character_do_not_depend_on_the_ends_of_blocks() {
        // Some characters have a byte of a line feed.
        let text = "1;a\u{A0A};;;\r\n\r\n2;b\u{0D0A};;;\r\n3;c;;;";
        for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
            let bytes = encoded(encoding, text);
            let expected = ["0+0: 1|a\u{A0A}", "2+22: 2|b\u{0D0A}", "3+40: 3|c"].map(str::to_owned).to_vec();
            for block_bytes in 1..50 {
                assert_eq!(
                    read(&bytes, Format { multiline: false, encoding }, sizes(block_bytes), false),
                    (expected.clone(), 4, None),
                    "{block_bytes}"
                );
            }
        }
    }

    #[test]
    fn a_text_that_breaks_gives_the_lines_before() {
        for (text, rows, lines) in [("1;a;;;\n2;b;;;\n3;c", 2, 2), ("1;a;;;\n2;b;;;\n", 2, 2), ("1;a", 0, 0), ("", 0, 0)] {
            for block_bytes in [1, 5, 100] {
                let (found, found_lines, broken) = read(text.as_bytes(), LINES, sizes(block_bytes), true);
                assert_eq!((found.len(), found_lines, broken), (rows, lines, Some(text.len() as u64)), "{text:?} {block_bytes}");
            }
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_one_row_without_fields() {
        for text in [format!("1;a;;;\n{}\n3;c;;;\n", "x".repeat(200)), format!("1;a;;;\n{}\r\n3;c;;;", "x".repeat(198))] {
            for block_bytes in [7, 8, 9, 20] {
                let sizes = BufferSizes { block_bytes, line_bytes: 40, ..BufferSizes::DEFAULT };
                let (rows, lines, broken) = read(text.as_bytes(), LINES, sizes, false);
                let line = text.lines().nth(1).expect("a long line");
                let faulty = format!("1+7: {:?} {} bytes", RowFault::SHAPE, line.len());
                let last = format!("2+{}: 3|c", text.find('3').expect("a third line"));
                assert_eq!((rows, lines, broken), (vec!["0+0: 1|a".to_owned(), faulty, last], 3, None), "{block_bytes}");
            }
        }
    }

    #[test]
    fn lines_that_end_in_carriage_returns_alone_are_no_long_line() {
        let text = (1..30).map(|number| format!("{number};a;;;\r")).collect::<String>();
        for block_bytes in [7, 8, 9, 20, 1000] {
            let sizes = BufferSizes { block_bytes, line_bytes: 40, ..BufferSizes::DEFAULT };
            let (rows, lines, broken) = read(text.as_bytes(), LINES, sizes, false);
            assert_eq!((rows.len(), lines, broken), (29, 29, None), "{block_bytes}: {rows:?}");
            assert_eq!(rows[28], format!("28+{}: 29|a", text.len() - 8), "{block_bytes}");
        }
    }

    #[test]
    fn an_end_mark_is_no_row_at_any_end_of_a_block() {
        for end in ["\u{1A}", "\u{1A}\u{1A}\0\r\n", "\r\n\u{1A}", "\n\u{1A}\n"] {
            let text = format!("1;a;;;\n2;b\u{1A};;;\n3;c;;;d{end}");
            for block_bytes in 1..40 {
                let (rows, lines, _) = read(text.as_bytes(), LINES, sizes(block_bytes), false);
                assert_eq!(rows, ["0+0: 1|a", "1+7: 2|b\u{1A}", "2+15: 3|c"], "{end:?} {block_bytes}");
                assert_eq!(lines, 3, "{end:?} {block_bytes}");
            }
        }
    }

    #[test]
    fn a_record_over_lines_is_read_as_a_whole() {
        let text = "1;\"a\nb\";;;\n\"2\n\n\";c;;;\n3;\"d;;;\n4;e;;;\n".repeat(3);
        let expected = read(text.as_bytes(), MULTILINE, BufferSizes::DEFAULT, false);
        assert_eq!(&expected.0[..2], ["0+0: 1|a\nb", "2+11: 2|c"]);
        assert_eq!((expected.0.len(), expected.1), (12, 21));
        for block_bytes in [1, 8, 30] {
            // Look-ahead sizes that are enough to see where each record ends.
            for look_ahead_bytes in [text.len() / 2, text.len() - 1] {
                let sizes = BufferSizes { block_bytes, look_ahead_bytes, ..BufferSizes::DEFAULT };
                assert_eq!(read(text.as_bytes(), MULTILINE, sizes, false), expected, "{block_bytes} {look_ahead_bytes}");
            }
        }
    }

    #[test]
    fn a_line_longer_than_the_look_ahead_is_not_cut() {
        let text = format!("1;{};;;\n2;b;;;\n", "x".repeat(300));
        let sizes = BufferSizes { block_bytes: 50, look_ahead_bytes: 60, ..BufferSizes::DEFAULT };
        let (rows, lines, _) = read(text.as_bytes(), MULTILINE, sizes, false);
        assert_eq!((rows.len(), lines), (2, 2), "{rows:?}");
    }
}
