//! Texts of records: in UTF-16 with or without upper bytes, or in a code page. The shared texts may continue over several records.
//!
//! ```text
//! length  flags  [runs u16] [extra u32]  characters          [4 bytes a run] [extra bytes]
//!                                        … | flags characters …   in the next record, if it continues the characters
//! ```

use super::records::{u16_of, u32_of};
use crate::encoding::Encoding;
use crate::spreadsheet::fault::SpreadsheetFault;
use crate::spreadsheet::limits::TEXTS_BYTES;

/// Whether characters have two bytes.
const WIDE: u8 = 1;
const HAS_EXTRA: u8 = 4;
const HAS_RUNS: u8 = 8;

/// A text within one record of BIFF8; `at` is the index behind its length in characters.
pub(super) fn unicode(bytes: &[u8], at: usize, characters: usize) -> Option<String> {
    let flags = *bytes.get(at)?;
    let mut from = at + 1;
    from += if flags & HAS_RUNS != 0 { 2 } else { 0 };
    from += if flags & HAS_EXTRA != 0 { 4 } else { 0 };
    let mut text = String::new();
    push_characters(bytes.get(from..)?, flags, characters, &mut text)?;
    Some(text)
}

/// A text in a code page.
pub(super) fn in_code_page(bytes: &[u8], encoding: Encoding) -> Option<String> {
    let mut text = String::new();
    encoding.decode(bytes, &mut text).then_some(text)
}

/// Appends at most `characters` characters. Returns the number that were there and were appended.
fn push_some(bytes: &[u8], flags: u8, characters: usize, text: &mut String) -> usize {
    if flags & WIDE == 0 {
        let narrow = &bytes[..bytes.len().min(characters)];
        text.extend(narrow.iter().map(|&byte| char::from(byte)));
        return narrow.len();
    }
    let units = bytes.as_chunks::<2>().0;
    let units = &units[..units.len().min(characters)];
    text.extend(
        char::decode_utf16(units.iter().map(|unit| u16::from_le_bytes(*unit))).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)),
    );
    units.len()
}

fn push_characters(bytes: &[u8], flags: u8, characters: usize, text: &mut String) -> Option<()> {
    (push_some(bytes, flags, characters, text) == characters).then_some(())
}

/// The shared texts of a workbook.
#[derive(Default)]
pub(super) struct SharedTexts {
    text: String,
    ends: Vec<u32>,
}

impl SharedTexts {
    /// Reads the shared texts from their first record and the records that continue it.
    pub fn read(first: &[u8], behind: Vec<&[u8]>) -> Result<Self, SpreadsheetFault> {
        let count = u32_of(first, 4);
        let mut parts: Vec<&[u8]> = Vec::with_capacity(behind.len() + 1);
        parts.push(first.get(8..).unwrap_or_default());
        parts.extend(behind);
        let (mut texts, mut cursor) = (Self::default(), Cursor { parts, part: 0, at: 0 });
        for _ in 0..count {
            if cursor.next_text(&mut texts.text).is_none() {
                return Err(SpreadsheetFault::Compound { why: "its texts end too early" });
            }
            if texts.text.len() + 4 * texts.ends.len() > TEXTS_BYTES {
                return Err(SpreadsheetFault::Texts);
            }
            texts.ends.push(texts.text.len() as u32);
        }
        Ok(texts)
    }

    pub fn get(&self, number: usize) -> Option<&str> {
        let to = *self.ends.get(number)? as usize;
        let from = number.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        Some(&self.text[from..to])
    }
}

/// A position in texts that continue over several records.
struct Cursor<'s> {
    parts: Vec<&'s [u8]>,
    part: usize,
    at: usize,
}

impl<'s> Cursor<'s> {
    /// The rest of the record at hand, or the next record if nothing is left.
    fn rest(&mut self) -> Option<&'s [u8]> {
        loop {
            let part: &'s [u8] = self.parts.get(self.part)?;
            if self.at < part.len() {
                return Some(&part[self.at..]);
            }
            self.next_part();
        }
    }

    fn next_part(&mut self) {
        (self.part, self.at) = (self.part + 1, 0);
    }

    /// A few bytes, which no program splits over two records.
    fn take(&mut self, length: usize) -> Option<&'s [u8]> {
        let taken = self.rest()?.get(..length)?;
        self.at += length;
        Some(taken)
    }

    /// Skips bytes, over several records if necessary.
    fn skip(&mut self, mut length: usize) -> Option<()> {
        while length > 0 {
            let passed = self.rest()?.len().min(length);
            self.at += passed;
            length -= passed;
        }
        Some(())
    }

    fn next_text(&mut self, text: &mut String) -> Option<()> {
        let head = self.take(3)?;
        let (mut left, mut flags) = (usize::from(u16_of(head, 0)), head[2]);
        let runs = if flags & HAS_RUNS != 0 { usize::from(u16_of(self.take(2)?, 0)) } else { 0 };
        let extra = if flags & HAS_EXTRA != 0 { u32_of(self.take(4)?, 0) as usize } else { 0 };
        while left > 0 {
            let part: &'s [u8] = self.parts.get(self.part)?;
            if self.at >= part.len() {
                // The characters go on in the next record, with flags of their own.
                self.next_part();
                flags = (flags & !WIDE) | (self.take(1)?[0] & WIDE);
                continue;
            }
            let pushed = push_some(&part[self.at..], flags, left, text);
            if pushed == 0 {
                return None;
            }
            self.at += pushed * if flags & WIDE == 0 { 1 } else { 2 };
            left -= pushed;
        }
        self.skip(4 * runs + extra)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_run_over_records_and_change_their_width() {
        let first = [
            &[0, 0, 0, 0, 3, 0, 0, 0][..],
            &[2, 0, 0],
            b"ab",
            &[4, 0, 1],
            "Ж".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice(),
        ]
        .concat();
        let second = [&[0][..], b"cde", &[1, 0, 8, 1, 0], b"x", &[9, 9]].concat();
        let third = vec![9, 9];
        let texts = SharedTexts::read(&first, vec![&second, &third]).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!([0, 1, 2, 3].map(|number| texts.get(number)), [Some("ab"), Some("Жcde"), Some("x"), None]);
        for length in 9..first.len() {
            assert!(SharedTexts::read(&first[..length], Vec::new()).is_err(), "{length}");
        }
    }
}
