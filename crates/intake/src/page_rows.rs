//! The texts of rows in a code page: split as bytes, and decoded where that is needed.
//!
//! Fields of ASCII stay where they stand. Only fields with other bytes are decoded, and of these only the ones that the layout asks for.

use super::binding::{Binding, FieldPlaces};
use sverka_formats::CodePage;

/// Makes the texts of the rows of one window after another, reusing its buffers.
#[derive(Default)]
pub(super) struct PageRows {
    /// The window with the upper bits of its bytes off, which makes it a text in which fields of ASCII are as they were, and behind it the
    /// decoded fields of one row.
    text: String,
    /// Room for the window with its upper bits off.
    ascii: Vec<u8>,
    /// Bytes of the window.
    window_bytes: usize,
    /// Room for the decoded fields of a row.
    decoded: Vec<u8>,
}

impl PageRows {
    /// Begins with a window.
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

    /// The text that `places` are of, once those of fields that had to be decoded are put right. They are the places of a row of the `window`,
    /// all of whose bytes have a meaning; `starts` are those of its columns and of what follows.
    #[inline]
    pub fn row(&mut self, page: &CodePage, window: &[u8], starts: &[u16], places: &mut FieldPlaces, binding: &Binding) -> &str {
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
            length += page.decode(field, &mut self.decoded[length..]);
            places.move_to(column, start, self.window_bytes + length, binding);
        }
        self.text.truncate(self.window_bytes);
        self.text.push_str(simdutf8::basic::from_utf8(&self.decoded[..length]).expect("invariant: a page is a table of UTF-8"));
        &self.text
    }
}

/// Where the first byte above 127 stands.
#[inline]
fn first_not_ascii(bytes: &[u8]) -> Option<usize> {
    const UPPER_BITS: u64 = 0x8080_8080_8080_8080;
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let upper = u64::from_le_bytes(*word) & UPPER_BITS;
        if upper != 0 {
            return Some(index * 8 + upper.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|byte| !byte.is_ascii()).map(|found| words.len() * 8 + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_above_127_are_found_wherever_they_stand() {
        for length in 0..40 {
            let mut bytes = vec![0x7F; length];
            assert_eq!(first_not_ascii(&bytes), None);
            for place in (0..length).rev() {
                bytes[place] = 0x80;
                assert_eq!(first_not_ascii(&bytes), Some(place), "{length}");
            }
        }
    }
}
