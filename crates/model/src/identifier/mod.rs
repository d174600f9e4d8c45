//! Value types of the domain: dates, ENPs, SNILS, numbers of policies and documents, names.
//!
//! The types are small and mostly `Copy`. Files, tables and rules are not known here.

mod address;
mod attachment;
mod category;
mod date;
mod document;
mod enp;
mod name;
mod name_lists;
mod name_quality;
mod organisation;
mod person;
mod policy;
mod snils;

pub use address::address_key;
pub use attachment::{AttachmentMethod, OperationReason, Profile};
pub use category::{Category, CategoryStatus};
pub use date::{Date, DateFormat, MonthDay};
pub use document::{DocumentKind, SHORT_DOCUMENT_NUMBER_BYTES, normalise_document_digits, normalise_document_number};
pub use enp::{Enp, EnpFault, EnpHolder, EnpParts, EnpReading, birth_code};
pub use name::{NameKey, names_compatible, normalise_name};
pub use name_quality::{NameFault, NameQuality};
pub use organisation::{ClinicId, InsurerId, OrganisationId};
pub use person::PersonId;
pub use policy::{PolicyKind, SHORT_POLICY_NUMBER_BYTES, normalise_policy_number, normalise_short_policy_number};
pub use snils::{Snils, SnilsFault};

use std::fmt;

/// Sex, with the codes of dictionary V005.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Sex {
    /// Code 1.
    Male = 1,
    /// Code 2.
    Female = 2,
}

impl Sex {
    /// The sex of a V005 code; `None` for other numbers.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Male),
            2 => Some(Self::Female),
            _ => None,
        }
    }
}

impl fmt::Display for Sex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Male => "male",
            Self::Female => "female",
        })
    }
}

/// Eight decimal digits in one 64-bit number: the values 0 to 9 as bytes, the first digit in the lowest byte.
///
/// One operation works on all eight digits, which makes identifiers cheap to check; see `docs/performance/rows.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct EightDigits(u64);

const EVERY_BYTE: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x80 * EVERY_BYTE;
const EVEN_BYTES: u64 = 0x00FF_00FF_00FF_00FF;

impl EightDigits {
    /// Reads eight ASCII digits.
    ///
    /// ```text
    /// text        '1'   '2'   '3'   'x'   '5'   '6'   '7'   '8'
    /// xor 0x30      1     2     3  0x48     5     6     7     8    a digit becomes its value, any other byte more than 9
    /// add 0x76   0x77  0x78  0x79  0xBE  0x7B  0x7C  0x7D  0x7E    9 + 0x76 = 0x7F: only bytes above 9 reach the high bit
    /// ```
    ///
    /// A byte from 0x8A on would carry into the next one, but it has the high bit before the addition. So both numbers
    /// are looked at.
    #[inline]
    fn read(text: [u8; 8]) -> Option<Self> {
        let digits = u64::from_le_bytes(text) ^ (EVERY_BYTE * b'0' as u64);
        let above_nine = digits | digits.wrapping_add(0x76 * EVERY_BYTE);
        (above_nine & HIGH_BITS == 0).then_some(Self(digits))
    }

    /// The last eight digits of a number.
    fn from_number(number: u64) -> Self {
        let (mut digits, mut rest) = (0, number);
        for _ in 0..8 {
            digits = (digits << 8) | (rest % 10);
            rest /= 10;
        }
        Self(digits)
    }

    /// The digits as a number, by three multiplications.
    ///
    /// ```text
    /// bytes    1   2   3   4   5   6   7   8
    /// pairs    12      34      56      78        byte × 10 + next byte, every second one kept
    /// fours    1234            5678              pair × 100 + next pair, every second one kept
    /// number   12345678                          four × 10 000 + next four
    /// ```
    #[inline]
    fn number(self) -> u64 {
        let pairs = (self.0 * 10 + (self.0 >> 8)) & EVEN_BYTES;
        let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
        (fours * 10_000 + (fours >> 32)) & 0xFFFF_FFFF
    }
}

/// Two ASCII digits as a number.
#[inline]
fn two_digits(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then(|| u32::from(tens) * 10 + u32::from(ones))
}

/// Reads `text` as an unsigned decimal number of exactly `N` digits.
#[cfg(test)]
fn digits<const N: usize>(text: &[u8]) -> Option<u64> {
    let number = |text: &[u8]| str::from_utf8(text).ok()?.parse().ok();
    (text.len() == N && text.iter().all(u8::is_ascii_digit)).then(|| number(text)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_eight_digits_are_read_as_a_number() {
        for number in [0, 1, 9, 10, 12_345_678, 98_765_432, 99_999_999] {
            let text: [u8; 8] = format!("{number:08}").into_bytes().try_into().expect("eight bytes");
            let read = EightDigits::read(text).expect("digits");
            assert_eq!(read.number(), number);
            assert_eq!(EightDigits::from_number(number), read);
            for index in 0..8 {
                for byte in 0..=u8::MAX {
                    let mut changed = text;
                    changed[index] = byte;
                    assert_eq!(EightDigits::read(changed).map(EightDigits::number), digits::<8>(&changed), "{changed:?}");
                }
            }
        }
    }
}
