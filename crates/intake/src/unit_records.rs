//! Where records of UTF-16 begin and end: delimiters and quotes cannot be looked for among its bytes, so text is decoded, a block at a time.

use super::chunk::Chunk;
use super::layout::Delimited;
use super::long_lines::LongLines;
use super::record_end::RecordEnds;
use sverka_formats::Encoding;

/// Bytes of a source that are decoded together.
const BLOCK_BYTES: usize = 4 << 20;
/// Where a record ends is clear from so many bytes of text behind its beginning: twice what it may have.
const LOOK_AHEAD_BYTES: usize = 2 << 20;

/// The records of a chunk, one after another.
pub(super) struct UnitRecords<'s> {
    bytes: &'s [u8],
    /// First byte behind the chunk.
    to: usize,
    form: &'s Delimited,
    encoding: Encoding,
    columns: usize,
    long_lines: LongLines<'s>,
    /// First byte that is in no record yet.
    from: usize,
    /// Records of several lines whose ends are known, the last one first.
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
    /// First byte behind it.
    pub end: usize,
    /// Whether its quotes are known to be broken.
    pub broken: bool,
}

impl<'s> UnitRecords<'s> {
    /// None found yet.
    pub fn new(
        bytes: &'s [u8],
        chunk: &Chunk,
        (form, encoding, columns): (&'s Delimited, Encoding, usize),
        long_lines: LongLines<'s>,
    ) -> Self {
        Self {
            bytes,
            to: chunk.to,
            form,
            encoding,
            columns,
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
        if self.form.multiline {
            self.look_ahead();
            return self.known.pop();
        }
        Some(self.line())
    }

    /// Goes on at a place behind the last record, if that was read together with the lines behind it.
    pub fn pass_to(&mut self, place: usize) {
        self.from = self.from.max(place);
    }

    /// One line as a record.
    fn line(&mut self) -> Record {
        let from = self.from;
        self.from = self.long_lines.line_end(self.bytes, from, self.encoding);
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
            self.encoding.decode(&self.bytes[self.from..block_end], &mut text);
            self.records_of(&text, block_end == self.to);
            self.text = text;
            wanted *= 2;
        }
        self.known.reverse();
    }

    /// Finds the records that begin with `text`, as far as it tells their ends.
    fn records_of(&mut self, text: &str, is_last: bool) {
        let mut ends = RecordEnds::new(text.as_bytes(), self.form, self.columns, None);
        let mut text_from = 0;
        while text_from < text.len() && (is_last || text_from + self.look_ahead_bytes < text.len()) {
            let (text_end, broken) = ends.after(text_from);
            if text_end == text.len() && !is_last {
                // A long line whose end is not decoded yet.
                return;
            }
            let units: usize = text[text_from..text_end].chars().map(char::len_utf16).sum();
            // The last unit may be a half.
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
    use sverka_formats::encoded;

    fn records(bytes: &[u8], encoding: Encoding, block_bytes: usize, look_ahead_bytes: usize) -> Vec<Record> {
        let layout = Layout::built_in("register").expect("built in");
        let form = Delimited { multiline: true, ..layout.delimited().expect("text").clone() };
        let chunk = Chunk { from: 0, to: bytes.len() };
        let all = UnitRecords::new(bytes, &chunk, (&form, encoding, 4), LongLines::default());
        let mut all = UnitRecords { block_bytes, look_ahead_bytes, ..all };
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
