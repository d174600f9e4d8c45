//! Texts of rows in a code page: split as bytes, decoded only if needed.
//!
//! ```text
//! window       1;И В А Н О В;1984-03-05\n       bytes of a code page, one a character
//! text         1;H B A N N B;1984-03-05\n       upper bits cleared: valid text of the same length, so all offsets stay
//!              ИВАНОВ                           behind it, the decoded fields of the row
//! ```
//!
//! Fields of ASCII are read where they stand. A field with other bytes is decoded behind the window and its range moved there, if the layout reads
//! its column at all. So a row costs little more than the decoding of its names.

use super::binding::{Binding, FieldRanges};
use sverka_formats::CodePage;

/// Makes the texts of the rows of one window after another, reusing its buffers.
#[derive(Default)]
pub(super) struct CodePageRows {
    /// The window with the upper bits of its bytes cleared, and behind it the decoded fields of one row.
    text: String,
    /// Room for the window with its upper bits cleared.
    ascii: Vec<u8>,
    /// Bytes of the window.
    window_bytes: usize,
    /// Room for the decoded fields of a row.
    decoded: Vec<u8>,
}

impl CodePageRows {
    /// Takes the next window, in which all bytes have a meaning.
    pub fn begin(&mut self, window: &[u8]) {
        self.ascii.clear();
        self.ascii.extend(window.iter().map(|byte| byte & 0x7F));
        self.text.clear();
        self.text.push_str(simdutf8::basic::from_utf8(&self.ascii).expect("invariant: bytes below 128 are ASCII"));
        self.window_bytes = window.len();
        let room = CodePage::MOST_GROWTH * window.len() + CodePage::SLACK;
        if self.decoded.len() < room {
            self.decoded.resize(room, 0);
        }
    }

    /// The text of a row of the `window`, for `ranges` of its columns in it: those of decoded fields are moved. `starts` are the starts of the columns
    /// and of what follows.
    #[inline]
    pub fn row_text(
        &mut self,
        code_page: &CodePage,
        window: &[u8],
        starts: &[u16],
        ranges: &mut FieldRanges,
        binding: &Binding,
    ) -> &str {
        let start_of = |column: usize| usize::from(starts[column]);
        let end = start_of(starts.len() - 1) - 1;
        let (mut at, mut column, mut length) = (start_of(0), 0, 0);
        while let Some(found) = first_not_ascii(&window[at..end]) {
            while start_of(column + 1) <= at + found {
                column += 1;
            }
            let field = &window[start_of(column)..start_of(column + 1) - 1];
            at = start_of(column + 1) - 1;
            if binding.skips(column) {
                continue;
            }
            let start = self.window_bytes + length;
            length += code_page.decode(field, &mut self.decoded[length..]);
            ranges.move_column(column, start, self.window_bytes + length, binding);
        }
        self.text.truncate(self.window_bytes);
        let decoded = simdutf8::basic::from_utf8(&self.decoded[..length]);
        self.text.push_str(decoded.expect("invariant: a code page is a table of UTF-8"));
        &self.text
    }
}

/// Index of the first byte above 127, looked for in eight bytes at a time.
#[inline]
fn first_not_ascii(bytes: &[u8]) -> Option<usize> {
    const UPPER_BITS: u64 = 0x8080_8080_8080_8080;
    let (eights, rest) = bytes.as_chunks::<8>();
    for (index, eight) in eights.iter().enumerate() {
        let upper = u64::from_le_bytes(*eight) & UPPER_BITS;
        if upper != 0 {
            return Some(index * 8 + upper.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|byte| !byte.is_ascii()).map(|found| eights.len() * 8 + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_above_127_are_found_wherever_they_stand() {
        for length in 0..40 {
            let mut bytes = vec![0x7F; length];
            assert_eq!(first_not_ascii(&bytes), None);
            for at in (0..length).rev() {
                bytes[at] = 0x80;
                assert_eq!(first_not_ascii(&bytes), Some(at), "{length}");
            }
        }
    }
}
