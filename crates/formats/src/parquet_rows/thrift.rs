//! Compact Thrift, as far as the numbers of Parquet headers need it: fields of structs, lists, and skipping of everything else.
//!
//! The parquet crate reads the same bytes itself. This reader exists for the numbers that the crate would believe before it allocates memory.

/// Greatest depth of values inside of values that are skipped.
const DEPTH: u32 = 32;

/// The kind of a value, as Thrift numbers it in structs. Lists use the same numbers, but their booleans take a byte each.
pub(super) mod kind {
    pub const TRUE: u8 = 1;
    pub const FALSE: u8 = 2;
    pub const BYTE: u8 = 3;
    pub const I16: u8 = 4;
    pub const I32: u8 = 5;
    pub const I64: u8 = 6;
    pub const DOUBLE: u8 = 7;
    pub const BINARY: u8 = 8;
    pub const LIST: u8 = 9;
    pub const SET: u8 = 10;
    pub const MAP: u8 = 11;
    pub const STRUCT: u8 = 12;
}

/// A reader of compact Thrift. Each method gives `None` for bytes that are malformed or cut.
#[derive(Clone, Copy)]
pub(super) struct Thrift<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Thrift<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Number of bytes that were read.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Number of bytes that are left.
    pub fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// Hands number and kind of each field of a struct to `each`, which must read or [skip](Self::skip) its value.
    pub fn fields(&mut self, mut each: impl FnMut(&mut Self, i16, u8) -> Option<()>) -> Option<()> {
        let mut id = 0_i16;
        loop {
            let head = self.byte()?;
            let (step, kind) = (head >> 4, head & 0xF);
            if kind == 0 {
                return Some(());
            }
            id = if step > 0 { id.checked_add(step.into())? } else { i16::try_from(self.number()?).ok()? };
            each(self, id, kind)?;
        }
    }

    /// The number of elements of a list and their kind. Each element takes a byte at least, so a list never has more
    /// elements than there are bytes.
    pub fn list(&mut self) -> Option<(usize, u8)> {
        let head = self.byte()?;
        let short = usize::from(head >> 4);
        let count = if short == 15 { usize::try_from(self.varint()?).ok()? } else { short };
        (count <= self.left()).then_some((count, head & 0xF))
    }

    /// A whole number of any width.
    pub fn number(&mut self) -> Option<i64> {
        let coded = self.varint()?;
        Some((coded >> 1) as i64 ^ -((coded & 1) as i64))
    }

    /// A number without sign.
    pub fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// Passes over the value of a field.
    pub fn skip(&mut self, kind: u8) -> Option<()> {
        self.skip_value(kind, false, DEPTH)
    }

    fn skip_value(&mut self, kind: u8, is_element: bool, depth: u32) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            kind::TRUE | kind::FALSE if is_element => self.skip_bytes(1),
            kind::TRUE | kind::FALSE => Some(()),
            kind::BYTE => self.skip_bytes(1),
            kind::I16 | kind::I32 | kind::I64 => self.varint().map(drop),
            kind::DOUBLE => self.skip_bytes(8),
            kind::BINARY => {
                let length = usize::try_from(self.varint()?).ok()?;
                self.skip_bytes(length)
            }
            kind::LIST | kind::SET => {
                let (count, kind) = self.list()?;
                (0..count).try_for_each(|_| self.skip_value(kind, true, depth))
            }
            kind::MAP => self.skip_map(depth),
            kind::STRUCT => self.fields(|thrift, _, kind| thrift.skip_value(kind, false, depth)),
            _ => None,
        }
    }

    fn skip_map(&mut self, depth: u32) -> Option<()> {
        let count = usize::try_from(self.varint()?).ok().filter(|count| *count <= self.left())?;
        if count == 0 {
            return Some(());
        }
        let kinds = self.byte()?;
        (0..count).try_for_each(|_| {
            self.skip_value(kinds >> 4, true, depth)?;
            self.skip_value(kinds & 0xF, true, depth)
        })
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn skip_bytes(&mut self, bytes: usize) -> Option<()> {
        self.at = self.at.checked_add(bytes).filter(|to| *to <= self.bytes.len())?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_and_others_passed_over() {
        // 1: i32 -3, 3: list of 2 binaries, 4: struct { 1: true }, 20: i64 300.
        let bytes = [0x15, 0x05, 0x29, 0x28, 1, b'a', 2, b'b', b'c', 0x1C, 0x11, 0x00, 0x06, 40, 0xD8, 0x04, 0x00, 0xFF];
        let (mut thrift, mut found) = (Thrift::new(&bytes), Vec::new());
        let ended = thrift.fields(|thrift, id, kind| {
            found.push((id, kind));
            if matches!(kind, kind::I32 | kind::I64) {
                thrift.number().map(|number| found.push((id, number as u8)))
            } else {
                thrift.skip(kind)
            }
        });
        assert_eq!(ended, Some(()));
        assert_eq!(found, [(1, 5), (1, -3_i8 as u8), (3, 9), (4, 12), (20, 6), (20, 44)]);
        assert_eq!(thrift.at(), bytes.len() - 1);
    }

    #[test]
    fn what_is_cut_or_claims_more_than_there_is_gives_nothing() {
        let whole = [0x15, 0x05, 0x29, 0x28, 1, b'a', 2, b'b', b'c', 0x00];
        let read = |bytes: &[u8]| Thrift::new(bytes).fields(|thrift, _, kind| thrift.skip(kind));
        assert_eq!(read(&whole), Some(()));
        (0..whole.len()).for_each(|length| assert_eq!(read(&whole[..length]), None, "{length}"));
        assert_eq!(read(&[0x19, 0xF5, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x00]), None, "a list of two thousand million numbers");
        assert_eq!(read(&[0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x00]), None, "a text of two GiB");
        assert_eq!(read(&[0x1C; 100]), None, "a hundred structs inside each other");
    }
}
