//! Texts that differ from row to row (record ids, policy and document numbers), written behind one another.
//!
//! What is written is a text as a whole, so that many rows are validated at once when they are read back.

/// The texts that are kept of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum TextKind {
    /// The sender's id of the record.
    RecordId,
    /// The policy's number as received.
    PolicyNumber,
    /// Series and number of the document as received.
    DocNumber,
}

const KINDS: usize = 3;
/// The first byte of texts of which one is too long for a length of one ASCII character.
const LONG: u8 = 0x7F;
/// Bits of a length in one ASCII character.
const CHARACTER_BITS: usize = 7;
/// Characters of the length of a long text: 35 bits.
const LONG_CHARACTERS: usize = 5;
const SHORT_HEAD: usize = KINDS;
const LONG_HEAD: usize = 1 + KINDS * LONG_CHARACTERS;

/// The texts of one row as one text: three lengths of an ASCII character each, or a mark and three of five characters, and then the texts.
#[derive(Clone, Copy, Debug)]
pub struct RowTexts<'b> {
    ends: [usize; KINDS],
    head: usize,
    all: &'b str,
}

impl<'b> RowTexts<'b> {
    /// Writes the texts of a row, in the order of [`TextKind`], through `write`, piece by piece.
    #[inline]
    pub fn write(texts: [&[u8]; KINDS], mut write: impl FnMut(&[u8])) {
        if texts.iter().all(|text| text.len() < usize::from(LONG)) {
            write(&texts.map(|text| text.len() as u8));
        } else {
            let mut head = [LONG; LONG_HEAD];
            for (place, text) in head[1..].chunks_exact_mut(LONG_CHARACTERS).zip(texts) {
                for (index, character) in place.iter_mut().enumerate() {
                    *character = (text.len() >> (index * CHARACTER_BITS) & 0x7F) as u8;
                }
            }
            write(&head);
        }
        texts.iter().filter(|text| !text.is_empty()).for_each(|text| write(text));
    }

    /// Reads the texts that begin `all`.
    #[must_use]
    #[inline]
    pub fn read(all: &'b str) -> Self {
        let (head, ends) = Self::places(all.as_bytes());
        Self { ends, head, all }
    }

    /// How many bytes the texts take that begin `all`, lengths included.
    #[must_use]
    #[inline]
    pub fn size_at(all: &[u8]) -> usize {
        let (head, ends) = Self::places(all);
        head + ends[KINDS - 1]
    }

    /// Bytes of the lengths, and where the texts behind them end.
    #[inline]
    fn places(bytes: &[u8]) -> (usize, [usize; KINDS]) {
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
        (head, ends)
    }

    /// How many bytes the texts take, lengths included.
    #[must_use]
    #[inline]
    pub fn size(&self) -> usize {
        self.head + self.ends[KINDS - 1]
    }

    /// One text; empty when the row has none.
    #[must_use]
    #[inline]
    pub fn get(&self, kind: TextKind) -> &'b str {
        let kind = kind as usize;
        let start = if kind == 0 { 0 } else { self.ends[kind - 1] };
        &self.all[self.head + start..self.head + self.ends[kind]]
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
        let mut rest = str::from_utf8(&bytes).expect("texts are written as a text");
        for texts in rows {
            let read = RowTexts::read(rest);
            assert_eq!([TextKind::RecordId, TextKind::PolicyNumber, TextKind::DocNumber].map(|kind| read.get(kind)), texts);
            rest = &rest[read.size()..];
        }
        assert!(rest.is_empty());
    }
}
