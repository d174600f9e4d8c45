//! Value types of the domain: dates, policy numbers, SNILS, names.
//!
//! They are small, copyable where possible, and know nothing of files, tables or rules: a rule asks them, they never ask back.

mod address;
mod date;
mod document;
mod enp;
mod name;
mod name_quality;
mod organisation;
mod policy;
mod snils;

pub use address::address_key;
pub use date::{Date, DateFormat};
pub use document::{SHORT_DOCUMENT_NUMBER_BYTES, normalise_document_digits, normalise_document_number};
pub use enp::{Enp, EnpFault, EnpParts, EnpReading, birth_code};
pub use name::{NameKey, names_compatible, normalise_name};
pub use name_quality::{NameFault, NameQuality};
pub use organisation::{ClinicId, InsurerId, OrganisationId};
pub use policy::{PolicyKind, SHORT_POLICY_NUMBER_BYTES, normalise_policy_number, normalise_short_policy_number};
pub use snils::{Snils, SnilsFault};

use std::fmt;

/// Sex as dictionary V005 codes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Sex {
    /// Code 1.
    Male = 1,
    /// Code 2.
    Female = 2,
}

impl Sex {
    /// The sex of a V005 code, if it is one.
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

/// Eight decimal digits in a word: the values 0 to 9 as bytes, the first digit in the lowest.
///
/// Arithmetic on all of them at once is what makes identifiers cheap to check; see `docs/performance/rows.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct EightDigits(u64);

const EVERY_BYTE: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x80 * EVERY_BYTE;
const EVEN_BYTES: u64 = 0x00FF_00FF_00FF_00FF;

impl EightDigits {
    /// Reads eight ASCII digits.
    #[inline]
    fn read(text: [u8; 8]) -> Option<Self> {
        let digits = u64::from_le_bytes(text) ^ (EVERY_BYTE * b'0' as u64);
        // A byte above 9 has its high bit set, or gets it by this addition; a carry comes out of such bytes only.
        let above_nine = digits | digits.wrapping_add(0x76 * EVERY_BYTE);
        (above_nine & HIGH_BITS == 0).then_some(Self(digits))
    }

    /// The last eight digits of a number.
    fn of(number: u64) -> Self {
        let (mut digits, mut rest) = (0, number);
        for _ in 0..8 {
            digits = (digits << 8) | (rest % 10);
            rest /= 10;
        }
        Self(digits)
    }

    /// The number that the digits write.
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
    fn eight_digits_are_read_as_a_number_and_nothing_else_is() {
        for number in [0, 1, 9, 10, 12_345_678, 98_765_432, 99_999_999] {
            let text: [u8; 8] = format!("{number:08}").into_bytes().try_into().expect("eight bytes");
            let read = EightDigits::read(text).expect("digits");
            assert_eq!(read.number(), number);
            assert_eq!(EightDigits::of(number), read);
            for place in 0..8 {
                for byte in 0..=u8::MAX {
                    let mut changed = text;
                    changed[place] = byte;
                    assert_eq!(EightDigits::read(changed).map(EightDigits::number), digits::<8>(&changed), "{changed:?}");
                }
            }
        }
    }
}
