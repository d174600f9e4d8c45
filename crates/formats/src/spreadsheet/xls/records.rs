//! The records of a stream. Each has a kind, a length and the bytes of this length.

use crate::spreadsheet::fault::SpreadsheetFault;

/// The kind of a record that continues the one before.
pub(super) const CONTINUE: u16 = 0x003C;
pub(super) const BOF: u16 = 0x0809;
pub(super) const EOF: u16 = 0x000A;

/// A record.
#[derive(Clone, Copy)]
pub(super) struct Record<'s> {
    pub kind: u16,
    pub bytes: &'s [u8],
}

/// Walks over the records of a stream.
pub(super) struct Records<'s> {
    stream: &'s [u8],
    at: usize,
}

impl<'s> Records<'s> {
    /// The records from an offset of the stream on.
    pub fn from(stream: &'s [u8], at: usize) -> Self {
        Self { stream, at }
    }

    /// The next record.
    pub fn next_record(&mut self) -> Result<Record<'s>, SpreadsheetFault> {
        let cut = SpreadsheetFault::Compound { why: "its records end too early" };
        let Some(&[k0, k1, l0, l1]) = self.stream.get(self.at..).and_then(<[u8]>::first_chunk) else { return Err(cut) };
        let (kind, length) = (u16::from_le_bytes([k0, k1]), usize::from(u16::from_le_bytes([l0, l1])));
        let from = self.at + 4;
        let Some(bytes) = self.stream.get(from..from + length) else { return Err(cut) };
        self.at = from + length;
        Ok(Record { kind, bytes })
    }

    /// The records that continue the one before.
    pub fn continued(&mut self) -> Result<Vec<&'s [u8]>, SpreadsheetFault> {
        let mut parts = Vec::new();
        while self.stream.get(self.at..self.at + 2) == Some(&CONTINUE.to_le_bytes()) {
            parts.push(self.next_record()?.bytes);
        }
        Ok(parts)
    }
}

/// A number of two bytes at an index of a record; 0 if the record ends before it.
pub(super) fn u16_of(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |number| u16::from_le_bytes(*number))
}

/// A number of four bytes at an index of a record; 0 if the record ends before it.
pub(super) fn u32_of(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |number| u32::from_le_bytes(*number))
}

/// A number of eight bytes with a point, if the record has it.
pub(super) fn f64_of(bytes: &[u8], at: usize) -> Option<f64> {
    bytes.get(at..)?.first_chunk().map(|number| f64::from_le_bytes(*number))
}
