//! Texts that differ from row to row (record ids, policy and document numbers), packed behind one another.
//!
//! ```text
//! short    3 lengths, a byte each | record id | policy number | document          each text below 127 bytes
//! long     7F | 3 lengths, five bytes of seven bits each | the texts
//! ```
//!
//! All bytes of lengths are below 0x80, so the packed texts of a row are UTF-8 themselves. The reader knows where the
//! texts of a row begin.

use std::ops::Range;

/// Kind of a text that is kept of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum TextKind {
    /// The sender's id of the record.
    RecordId,
    /// The policy's number as it stands in the source.
    PolicyNumber,
    /// Series and number of the document as they stand in the source.
    DocNumber,
}

const KINDS: usize = 3;
/// First byte of a row with a text that is too long for a length of one byte.
const LONG: u8 = 0x7F;
/// Bits of a length in one byte, which is an ASCII character.
const CHARACTER_BITS: usize = 7;
/// Bytes of the length of a long text: 35 bits.
const LONG_CHARACTERS: usize = 5;
const SHORT_HEAD: usize = KINDS;
const LONG_HEAD: usize = 1 + KINDS * LONG_CHARACTERS;

/// The packed texts of one row: the ranges in which they lie.
#[derive(Clone, Copy, Debug)]
pub struct RowTexts {
    ends: [usize; KINDS],
    head: usize,
}

impl RowTexts {
    /// Writes the texts of a row, in the order of [`TextKind`], through `write`, piece by piece.
    #[inline]
    pub fn write(texts: [&[u8]; KINDS], mut write: impl FnMut(&[u8])) {
        if texts.iter().all(|text| text.len() < usize::from(LONG)) {
            write(&texts.map(|text| text.len() as u8));
        } else {
            let mut head = [LONG; LONG_HEAD];
            for (length, text) in head[1..].chunks_exact_mut(LONG_CHARACTERS).zip(texts) {
                for (index, character) in length.iter_mut().enumerate() {
                    *character = (text.len() >> (index * CHARACTER_BITS) & 0x7F) as u8;
                }
            }
            write(&head);
        }
        texts.iter().filter(|text| !text.is_empty()).for_each(|text| write(text));
    }

    /// Reads the lengths of the texts at the start of `bytes`.
    #[must_use]
    #[inline]
    pub fn read(bytes: &[u8]) -> Self {
        let mut end = 0;
        let mut ends = [0; KINDS];
        let head = if bytes[0] == LONG {
            for (index, length) in bytes[1..LONG_HEAD].chunks_exact(LONG_CHARACTERS).enumerate() {
                end += length.iter().rev().fold(0, |length, &character| length << CHARACTER_BITS | usize::from(character));
                ends[index] = end;
            }
            LONG_HEAD
        } else {
            for (index, &length) in bytes[..SHORT_HEAD].iter().enumerate() {
                end += usize::from(length);
                ends[index] = end;
            }
            SHORT_HEAD
        };
        Self { ends, head }
    }

    /// Number of bytes of the packed texts, lengths included.
    #[must_use]
    #[inline]
    pub fn size(&self) -> usize {
        self.head + self.ends[KINDS - 1]
    }

    /// The range of one text; empty when the row has none.
    #[must_use]
    #[inline]
    pub fn range(&self, kind: TextKind) -> Range<usize> {
        let kind = kind as usize;
        let start = if kind == 0 { 0 } else { self.ends[kind - 1] };
        self.head + start..self.head + self.ends[kind]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_read_back() {
        let long = "ж".repeat(200);
        let rows = [["R1", "", "12 34"], ["", "", ""], [&long, "ЕН 1", ""], ["a", &"x".repeat(126), &"y".repeat(127)]];
        let mut bytes = Vec::new();
        for texts in rows {
            RowTexts::write(texts.map(str::as_bytes), |piece| bytes.extend_from_slice(piece));
        }
        let mut rest = bytes.as_slice();
        for texts in rows {
            let read = RowTexts::read(rest);
            let kinds = [TextKind::RecordId, TextKind::PolicyNumber, TextKind::DocNumber];
            assert_eq!(kinds.map(|kind| &rest[read.range(kind)]), texts.map(str::as_bytes));
            rest = &rest[read.size()..];
        }
        assert!(rest.is_empty());
    }
}
