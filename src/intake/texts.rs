//! Texts that differ from row to row (record ids, policy and document numbers), written behind one another as bytes.

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
/// The first byte of texts of which one is too long for a length of one byte.
const LONG: u8 = u8::MAX;
const SHORT_HEAD: usize = KINDS;
const LONG_HEAD: usize = 1 + KINDS * size_of::<u32>();

/// The texts of one row as bytes: three lengths of a byte each, or a mark and three of four bytes, and then the texts.
#[derive(Clone, Copy, Debug)]
pub struct RowTexts<'b> {
    ends: [usize; KINDS],
    head: usize,
    bytes: &'b [u8],
}

impl<'b> RowTexts<'b> {
    /// Writes the texts of a row, in the order of [`TextKind`], through `write`, piece by piece.
    #[inline]
    pub fn write(texts: [&str; KINDS], mut write: impl FnMut(&[u8])) {
        if texts.iter().all(|text| text.len() < usize::from(LONG)) {
            write(&texts.map(|text| text.len() as u8));
        } else {
            let mut head = [LONG; LONG_HEAD];
            for (place, text) in head[1..].chunks_exact_mut(size_of::<u32>()).zip(texts) {
                let length = u32::try_from(text.len()).expect("invariant: a line is shorter than 4 GiB");
                place.copy_from_slice(&length.to_le_bytes());
            }
            write(&head);
        }
        texts.iter().filter(|text| !text.is_empty()).for_each(|text| write(text.as_bytes()));
    }

    /// Reads the texts that begin `bytes`.
    #[must_use]
    #[inline]
    pub fn read(bytes: &'b [u8]) -> Self {
        let mut end = 0;
        let mut ends = [0; KINDS];
        let head = if bytes[0] == LONG {
            for (index, length) in bytes[1..LONG_HEAD].chunks_exact(size_of::<u32>()).enumerate() {
                end += u32::from_le_bytes(length.try_into().expect("four bytes")) as usize;
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
        Self { ends, head, bytes }
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
        let text = &self.bytes[self.head + start..self.head + self.ends[kind]];
        str::from_utf8(text).expect("invariant: texts were written as texts")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_read_back() {
        let long = "ж".repeat(200);
        let rows = [["R1", "", "12 34"], ["", "", ""], [&long, "ЕН 1", ""], ["a", &"x".repeat(254), &"y".repeat(255)]];
        let mut bytes = Vec::new();
        for texts in rows {
            RowTexts::write(texts, |piece| bytes.extend_from_slice(piece));
        }
        let mut rest = bytes.as_slice();
        for texts in rows {
            let read = RowTexts::read(rest);
            assert_eq!([TextKind::RecordId, TextKind::PolicyNumber, TextKind::DocNumber].map(|kind| read.get(kind)), texts);
            rest = &rest[read.size()..];
        }
        assert!(rest.is_empty());
    }
}
