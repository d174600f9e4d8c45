//! Rows of text with delimiters that can only be read from the beginning to the end: members of archives.
//!
//! The text is unpacked block by block into one buffer, whose whole lines are read like a chunk of a mapped file.

use std::io::{self, Read};

use super::chunk::{Chunk, ChunkReader, KEPT_ROW_BYTES, RowBytes, RowFault, RowVisitor};
use super::fields::RowFields;
use super::layout::Delimited;
use super::long_lines::MOST_LINE_BYTES;
use super::record_end::RecordEnds;
use sverka_formats::Encoding;

/// How much of a text is held at a time. Tests make it small.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    /// Bytes that are looked at together.
    pub block_bytes: usize,
    /// A line with more bytes is passed over.
    pub line_bytes: usize,
    /// Where a record of several lines ends is clear from so many bytes: twice what it may have.
    pub look_ahead_bytes: usize,
}

impl Held {
    /// Few enough for any machine, and far more than a row has.
    pub const USUAL: Self = Self { block_bytes: 1 << 20, line_bytes: MOST_LINE_BYTES, look_ahead_bytes: 2 << 20 };
}

/// How the reading of a stream ended.
#[derive(Debug, Default)]
pub(super) struct StreamEnd {
    /// Lines that were read.
    pub lines: u64,
    /// The byte at which it could not be read any further, and why.
    pub broken: Option<(u64, io::Error)>,
}

/// Reads the rows behind `data_from` of a text, which is `known` as far as it was read already, and goes on in `input`.
pub(super) fn rows_of_stream(
    reader: &mut ChunkReader<'_>,
    (form, encoding): (&Delimited, Encoding),
    data_from: usize,
    held: Held,
    input: &mut dyn Read,
    done: &dyn Fn() -> u64,
    visitor: &mut impl RowVisitor,
) -> StreamEnd {
    let mut block = Block { bytes: Vec::new(), offset: 0, ended: false, broken: None };
    let (mut end, mut from, mut told) = (StreamEnd::default(), data_from, 0);
    let mut wanted = held.block_bytes.max(2 * data_from);
    loop {
        block.fill(input, wanted);
        let from_here = from.min(block.bytes.len());
        // An end mark may be the last one of the text, and waits for what follows.
        let text = &block.bytes[..encoding.text_end(&block.bytes, from_here)];
        let mut cut = if block.ended {
            // Of a text that broke, the line in which it did is no row.
            if block.broken.is_some() { last_line_end(text, from_here, encoding) } else { text.len() }
        } else if form.multiline {
            last_record_end(text, from_here, reader.columns(), (form, encoding), held)
        } else {
            reader.whole_records(text, from_here, last_line_end(text, from_here, encoding))
        };
        let is_long = cut == from_here && !block.ended && block.bytes.len() - from_here >= held.line_bytes;
        if is_long && !encoding.is_utf16() {
            // Lines that end in carriage returns alone.
            let before_last = from_here.max(text.len().saturating_sub(1));
            cut = memchr::memrchr(b'\r', &text[from_here..before_last]).map_or(cut, |last| from_here + last + 1);
        }
        let passes = is_long && cut == from_here;
        if cut > from_here {
            let mut shifted = Shifted { visitor, offset: block.offset, line: end.lines };
            end.lines += u64::from(reader.rows(text, &Chunk { from: from_here, to: cut }, &mut shifted));
            (from, wanted) = (0, held.block_bytes);
            block.drop(cut);
        } else if passes {
            pass_line(&mut block, input, (from_here, held), (&mut end, encoding), (reader, visitor));
            (from, wanted) = (0, held.block_bytes);
        } else {
            wanted = 2 * block.bytes.len().max(held.block_bytes);
        }
        let now = done();
        let goes_on = visitor.pause(now - told);
        told = now;
        // Behind a line that was passed there may be more, though the text has ended meanwhile.
        if (block.ended && !passes) || !goes_on {
            end.broken = block.broken.take().map(|error| (block.offset + block.bytes.len() as u64, error));
            return end;
        }
    }
}

/// What of a text is in memory.
struct Block {
    bytes: Vec<u8>,
    /// Where it begins in the text.
    offset: u64,
    ended: bool,
    broken: Option<io::Error>,
}

impl Block {
    /// Reads on until there are so many bytes, or the text ends.
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

    /// Forgets the first bytes.
    fn drop(&mut self, bytes: usize) {
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

/// First byte after the last record whose end is clear from what is in memory.
fn last_record_end(bytes: &[u8], from: usize, columns: usize, (form, encoding): (&Delimited, Encoding), held: Held) -> usize {
    let mut ends = RecordEnds::new(bytes, form, columns, encoding.page());
    let mut end = from;
    while end + held.look_ahead_bytes < bytes.len() {
        match ends.after(end).0 {
            // A long line whose end is not in memory yet.
            next if next == bytes.len() => break,
            next => end = next,
        }
    }
    end
}

/// Passes a line that is too long to be one, which begins at `from`: one row that cannot be read.
fn pass_line(
    block: &mut Block,
    input: &mut dyn Read,
    (from, held): (usize, Held),
    (end, encoding): (&mut StreamEnd, Encoding),
    (reader, visitor): (&ChunkReader<'_>, &mut impl RowVisitor),
) {
    let offset = block.offset + from as u64;
    let kept = block.bytes[from..block.bytes.len().min(from + KEPT_ROW_BYTES)].to_vec();
    block.drop(from);
    let (mut length, mut last_unit) = (0, Vec::new());
    loop {
        let line_end = encoding.line_end(&block.bytes, 0);
        let is_ended = encoding.is_ended(&block.bytes[..line_end]);
        length += line_end as u64;
        if is_ended {
            // A carriage return of the line's end may stand at the end of the block before.
            last_unit.extend_from_slice(&block.bytes[..line_end]);
            length -= (last_unit.len() - encoding.without_line_end(&last_unit).len()) as u64;
        }
        last_unit = block.bytes[line_end.saturating_sub(2)..line_end].to_vec();
        block.drop(line_end);
        if is_ended || block.ended {
            break;
        }
        block.fill(input, held.block_bytes);
    }
    let bytes_beyond = length.saturating_sub(kept.len() as u64);
    reader.faulty(RowBytes { line: end.lines as u32, part: 0, offset, raw: &kept, bytes_beyond }, RowFault::SHAPE, visitor);
    end.lines += 1;
}

/// Tells lines and offsets as those of the whole text.
struct Shifted<'v, V> {
    visitor: &'v mut V,
    offset: u64,
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
    use crate::layout::Layout;
    use sverka_formats::encoded;
    use sverka_model::{Field, Table};

    const LAYOUT: &str = r#"
name = "test"
table = "attachments"
header = false
dates = "YYYY-MM-DD"
fields = [ { field = "clinic" }, { field = "surname" }, { field = "given_name" }, { field = "birth_date" }, { field = "attached_from" } ]
"#;

    /// Blocks of few bytes; what is long is cut down in proportion.
    fn held(block_bytes: usize) -> Held {
        Held { block_bytes, ..Held::USUAL }
    }

    /// Gives a few bytes at a time, and breaks where the text ends if it is to.
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

    /// Rows as `line+offset: clinic|surname` or `line+offset: fault`, the lines, and where it broke.
    fn read(text: &[u8], how: (bool, Encoding), held: Held, breaks: bool) -> (Vec<String>, u64, Option<u64>) {
        let layout = Layout::parse(LAYOUT, "test.toml").expect("layout");
        let form = Delimited { multiline: how.0, ..layout.delimited().expect("text").clone() };
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
        let mut reader = ChunkReader::new(&form, how.1, &bindings);
        let mut input = Input { rest: text, breaks };
        let end = rows_of_stream(&mut reader, (&form, how.1), 0, held, &mut input, &|| 0, &mut visitor);
        (rows, end.lines, end.broken.map(|(offset, _)| offset))
    }

    const LINES: (bool, Encoding) = (false, Encoding::Utf8);

    #[test]
    fn rows_do_not_depend_on_blocks() {
        let text = "1;a;;;\r\n\n22;Ольха;;;\n;;;;\r\n4;d;;;".as_bytes();
        let expected = ["0+0: 1|a", "2+9: 22|Ольха", "3+26: |", "4+32: 4|d"];
        for block_bytes in 1..40 {
            assert_eq!(
                read(text, LINES, held(block_bytes), false),
                (expected.map(str::to_owned).to_vec(), 5, None),
                "{block_bytes}"
            );
        }
    }

    #[test]
    fn lines_of_two_bytes_a_character_end_where_they_do_wherever_a_block_ends() {
        // Some of the characters have a byte of a line feed.
        let text = "1;a\u{A0A};;;\r\n\r\n2;b\u{0D0A};;;\r\n3;c;;;";
        for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
            let bytes = encoded(encoding, text);
            let expected = ["0+0: 1|a\u{A0A}", "2+22: 2|b\u{0D0A}", "3+40: 3|c"].map(str::to_owned).to_vec();
            for block_bytes in 1..50 {
                assert_eq!(
                    read(&bytes, (false, encoding), held(block_bytes), false),
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
                let (found, found_lines, broken) = read(text.as_bytes(), LINES, held(block_bytes), true);
                assert_eq!((found.len(), found_lines, broken), (rows, lines, Some(text.len() as u64)), "{text:?} {block_bytes}");
            }
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_one_row_without_fields() {
        for text in [format!("1;a;;;\n{}\n3;c;;;\n", "x".repeat(200)), format!("1;a;;;\n{}\r\n3;c;;;", "x".repeat(198))] {
            for block_bytes in [7, 8, 9, 20] {
                let held = Held { block_bytes, line_bytes: 40, ..Held::USUAL };
                let (rows, lines, broken) = read(text.as_bytes(), LINES, held, false);
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
            let held = Held { block_bytes, line_bytes: 40, ..Held::USUAL };
            let (rows, lines, broken) = read(text.as_bytes(), LINES, held, false);
            assert_eq!((rows.len(), lines, broken), (29, 29, None), "{block_bytes}: {rows:?}");
            assert_eq!(rows[28], format!("28+{}: 29|a", text.len() - 8), "{block_bytes}");
        }
    }

    #[test]
    fn an_end_mark_is_no_row_wherever_a_block_ends() {
        for end in ["\u{1A}", "\u{1A}\u{1A}\0\r\n", "\r\n\u{1A}", "\n\u{1A}\n"] {
            let text = format!("1;a;;;\n2;b\u{1A};;;\n3;c;;;d{end}");
            for block_bytes in 1..40 {
                let (rows, lines, _) = read(text.as_bytes(), LINES, held(block_bytes), false);
                assert_eq!(rows, ["0+0: 1|a", "1+7: 2|b\u{1A}", "2+15: 3|c"], "{end:?} {block_bytes}");
                assert_eq!(lines, 3, "{end:?} {block_bytes}");
            }
        }
    }

    #[test]
    fn a_record_over_lines_is_read_as_a_whole() {
        let text = "1;\"a\nb\";;;\n\"2\n\n\";c;;;\n3;\"d;;;\n4;e;;;\n".repeat(3);
        let expected = read(text.as_bytes(), (true, Encoding::Utf8), Held::USUAL, false);
        assert_eq!(&expected.0[..2], ["0+0: 1|a\nb", "2+11: 2|c"]);
        assert_eq!((expected.0.len(), expected.1), (12, 21));
        for block_bytes in [1, 8, 30] {
            // Enough to see where each record ends.
            for look_ahead_bytes in [text.len() / 2, text.len() - 1] {
                let held = Held { block_bytes, look_ahead_bytes, ..Held::USUAL };
                assert_eq!(
                    read(text.as_bytes(), (true, Encoding::Utf8), held, false),
                    expected,
                    "{block_bytes} {look_ahead_bytes}"
                );
            }
        }
    }

    #[test]
    fn a_line_longer_than_the_look_ahead_is_not_cut() {
        let text = format!("1;{};;;\n2;b;;;\n", "x".repeat(300));
        let held = Held { block_bytes: 50, look_ahead_bytes: 60, ..Held::USUAL };
        let (rows, lines, _) = read(text.as_bytes(), (true, Encoding::Utf8), held, false);
        assert_eq!((rows.len(), lines), (2, 2), "{rows:?}");
    }
}
