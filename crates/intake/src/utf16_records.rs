//! Starts and ends of records in UTF-16. Delimiters and quotes cannot be looked for among bytes, so blocks are decoded, and ends are counted back:
//!
//! ```text
//! bytes    1 0 ; 0 " 0 a 0 \n 0 b 0 " 0 \n 0 …    16 bytes: two a unit
//! text     1;"a\nb"\n…                           the record ends behind 8 units, so at byte 16
//! ```
//!
//! A character has one unit or two. Bytes that are decoded wrongly become one replacement character a unit, so that the
//! count is right all the same. Without quoted line breaks nothing is decoded: a record is a line.

use super::chunk_reader::TextFormat;
use super::chunks::Chunk;
use super::long_lines::LongLines;
use super::record_end::RecordEnds;

/// Bytes of a source that are decoded together.
const BLOCK_BYTES: usize = 4 << 20;
/// Bytes of text behind the start of a record that always show its end: twice the most bytes of a record.
const LOOK_AHEAD_BYTES: usize = 2 << 20;

/// The records of a chunk, one after another.
pub(super) struct Utf16Records<'s> {
    bytes: &'s [u8],
    /// First byte behind the chunk.
    to: usize,
    format: TextFormat<'s>,
    long_lines: LongLines<'s>,
    /// First byte that is in no record yet.
    from: usize,
    /// Records over several lines with known ends, the last one first.
    known: Vec<Record>,
    text: String,
    block_bytes: usize,
    look_ahead_bytes: usize,
}

/// A record, its line end included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// First byte.
    pub from: usize,
    /// First byte behind the record.
    pub end: usize,
    /// Whether the quotes of the record are known to be broken.
    pub broken: bool,
}

impl<'s> Utf16Records<'s> {
    /// The records of a chunk of `bytes`, which are the whole source.
    pub fn new(bytes: &'s [u8], chunk: &Chunk, format: TextFormat<'s>, long_lines: LongLines<'s>) -> Self {
        Self {
            bytes,
            to: chunk.to,
            format,
            long_lines,
            from: chunk.from,
            known: Vec::new(),
            text: String::new(),
            block_bytes: BLOCK_BYTES,
            look_ahead_bytes: LOOK_AHEAD_BYTES,
        }
    }

    /// The next record.
    pub fn next_record(&mut self) -> Option<Record> {
        if let Some(record) = self.known.pop() {
            return Some(record);
        }
        if self.from >= self.to {
            return None;
        }
        if self.format.form.multiline {
            self.look_ahead();
            return self.known.pop();
        }
        Some(self.line())
    }

    /// Goes on at byte `at`, if the last record was read together with the lines behind it.
    pub fn skip_to(&mut self, at: usize) {
        self.from = self.from.max(at);
    }

    /// One line as a record.
    fn line(&mut self) -> Record {
        let from = self.from;
        self.from = self.long_lines.line_end(self.bytes, from, self.format.encoding);
        Record { from, end: self.from, broken: false }
    }

    /// Finds one record or more.
    fn look_ahead(&mut self) {
        let mut wanted = self.block_bytes;
        while self.known.is_empty() {
            if wanted > 2 * self.long_lines.most_bytes.max(self.block_bytes) {
                // The first line alone is too long for a record.
                let line = self.line();
                self.known.push(line);
                return;
            }
            let block_end = self.to.min(self.from + wanted);
            let mut text = std::mem::take(&mut self.text);
            self.format.encoding.decode(&self.bytes[self.from..block_end], &mut text);
            self.records_of(&text, block_end == self.to);
            self.text = text;
            wanted *= 2;
        }
        self.known.reverse();
    }

    /// Finds the records of `text`, the next piece of the source, if their ends are in it.
    fn records_of(&mut self, text: &str, is_last: bool) {
        let mut ends = RecordEnds::new(text.as_bytes(), self.format.form, self.format.columns, None);
        let mut text_from = 0;
        while text_from < text.len() && (is_last || text_from + self.look_ahead_bytes < text.len()) {
            let (text_end, broken) = ends.after(text_from);
            if text_end == text.len() && !is_last {
                // A long line whose end is not yet decoded.
                return;
            }
            let units: usize = text[text_from..text_end].chars().map(char::len_utf16).sum();
            // The last unit may be half a unit, of one byte.
            let end = self.to.min(self.from + 2 * units);
            self.known.push(Record { from: self.from, end, broken });
            (self.from, text_from) = (end, text_end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Layout;
    use crate::layout::Delimited;
    use sverka_formats::{Encoding, encoded};

    fn records(bytes: &[u8], encoding: Encoding, block_bytes: usize, look_ahead_bytes: usize) -> Vec<Record> {
        let layout = Layout::built_in("register").expect("built in");
        let form = Delimited { multiline: true, ..layout.delimited().expect("text").clone() };
        let chunk = Chunk { from: 0, to: bytes.len() };
        let all = Utf16Records::new(bytes, &chunk, TextFormat { form: &form, encoding, columns: 4 }, LongLines::default());
        let mut all = Utf16Records { block_bytes, look_ahead_bytes, ..all };
        std::iter::from_fn(|| all.next_record()).collect()
    }

    #[test]
    fn records_do_not_depend_on_blocks() {
        let text = "1;\"a\nb𝄞\";;\n\"2\n\n\";c\n3;\"d\n4;e".repeat(9);
        for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
            for cut_off in [0, 1] {
                let bytes = encoded(encoding, &text);
                let bytes = &bytes[..bytes.len() - cut_off];
                let expected = records(bytes, encoding, bytes.len(), bytes.len());
                assert_eq!(expected.last().map(|record| record.end), Some(bytes.len()));
                for block_bytes in [2, 6, 64, 200] {
                    // An open quote is seen to be broken at the next one, a line or two behind.
                    assert_eq!(records(bytes, encoding, block_bytes, 60), expected, "{} {block_bytes}", encoding.name());
                }
            }
        }
    }
}
