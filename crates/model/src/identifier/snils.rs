//! SNILS: the number of an individual account of the pension system, nine digits and two control digits (SRC-44).
//!
//! The holder of a SNILS, and whether it was ever issued, are not known here.

use std::fmt;

use bytemuck::{Pod, Zeroable};

use super::{EVEN_BYTES, EightDigits, two_digits};

/// A SNILS of eleven digits that passed its checks, as a number. Plain old data: a record holds it as eight bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct Snils(u64);

/// Fault of a text that is no SNILS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnilsFault {
    /// A text of other than eleven digits, dashes and blanks left out.
    Format,
    /// Eleven zeros.
    Zero,
    /// A wrong control number.
    Control,
}

/// 001-001-998, the last number that may have any control digits: numbers up to it were issued before control numbers
/// existed.
const LAST_WITHOUT_CONTROL: u64 = 1_001_998;

impl Snils {
    /// No SNILS: absent, or wrong.
    pub const NONE: Self = Self(0);

    /// Reads eleven digits, ignoring `-` and blanks, and checks the control number above 001-001-998.
    ///
    /// # Errors
    /// The fault of a text that is no SNILS.
    #[inline]
    pub fn parse(text: &[u8]) -> Result<Self, SnilsFault> {
        match text.try_into().ok().and_then(Self::from_digits) {
            Some(checked) => checked,
            None => Self::parse_separated(text),
        }
    }

    /// Reads a SNILS with dashes and blanks.
    fn parse_separated(text: &[u8]) -> Result<Self, SnilsFault> {
        let mut compact = [0_u8; 11];
        let mut length = 0;
        for character in str::from_utf8(text).map_err(|_| SnilsFault::Format)?.chars() {
            if character == '-' || character.is_whitespace() {
                continue;
            }
            let digit = u8::try_from(character).map_err(|_| SnilsFault::Format)?;
            *compact.get_mut(length).ok_or(SnilsFault::Format)? = digit;
            length += 1;
        }
        if length < compact.len() {
            return Err(SnilsFault::Format);
        }
        Self::from_digits(compact).ok_or(SnilsFault::Format)?
    }

    /// Checks eleven bytes; `None` when one of them is no digit.
    #[inline]
    fn from_digits(text: [u8; 11]) -> Option<Result<Self, SnilsFault>> {
        let [eight @ .., ninth, tens, ones] = text;
        let eight = EightDigits::read(eight)?;
        let ninth = ninth.wrapping_sub(b'0');
        let control = u64::from(two_digits(tens, ones)?);
        if ninth > 9 {
            return None;
        }
        let nine = eight.number() * 10 + u64::from(ninth);
        Some(if nine > LAST_WITHOUT_CONTROL && control_number(eight, ninth) != control {
            Err(SnilsFault::Control)
        } else if nine == 0 && control == 0 {
            Err(SnilsFault::Zero)
        } else {
            Ok(Self(nine * 100 + control))
        })
    }

    /// The SNILS that a record holds as a number, [`Self::NONE`] included.
    #[must_use]
    #[inline]
    pub const fn from_stored(number: u64) -> Self {
        Self(number)
    }

    /// The eleven digits as a number; 0 for [`Self::NONE`].
    #[must_use]
    #[inline]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The SNILS of nine digits, with the right control number.
    #[must_use]
    pub fn compose(nine_digits: u32) -> Self {
        assert!((1..1_000_000_000).contains(&nine_digits), "a SNILS has nine digits before its control number");
        let nine = u64::from(nine_digits);
        Self(nine * 100 + control_number(EightDigits::from_number(nine / 10), (nine % 10) as u8))
    }
}

impl fmt::Display for Snils {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:011}", self.0)
    }
}

/// Control number of nine digits: their sum, weighted 9, 8, … 1, modulo 101; 100 is written 00.
///
/// ```text
/// lanes of 16 bits     lane 0   lane 1   lane 2   lane 3
/// first of pairs         d1       d3       d5       d7
/// weights                 3        5        7        9
/// product, lane 3      d1 × 9 + d3 × 7 + d5 × 5 + d7 × 3
/// ```
///
/// A multiplication adds up the products of all lanes with numbers that sum to 3 in lane 3. So the weights stand in
/// reverse order, and two multiplications weigh eight digits. A lane is at most 9 × 24, so none carries.
#[inline]
fn control_number(eight: EightDigits, ninth: u8) -> u64 {
    let lanes = |weights: [u64; 4]| weights.iter().fold(0, |lanes, weight| lanes << 16 | weight);
    let first_of_pairs = eight.0 & EVEN_BYTES;
    let second_of_pairs = eight.0 >> 8 & EVEN_BYTES;
    let sum = first_of_pairs.wrapping_mul(lanes([9, 7, 5, 3])).wrapping_add(second_of_pairs.wrapping_mul(lanes([8, 6, 4, 2])));
    ((sum >> 48) + u64::from(ninth)) % 101 % 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors() {
        for good in [
            "03596739300",
            "112-233-445 95",
            "001-001-998 00",
            "00100199965",
            "00200899900",
            "00200989900",
            "12345678964",
            "123-456-789 64",
            "00000000001",
        ] {
            assert!(Snils::parse(good.as_bytes()).is_ok(), "{good}");
        }
        assert_eq!(Snils::parse(b"03596739301"), Err(SnilsFault::Control));
        assert_eq!(Snils::parse(b"001-001-999 00"), Err(SnilsFault::Control));
        assert_eq!(Snils::parse(b"00000000000"), Err(SnilsFault::Zero));
        assert_eq!(Snils::parse(b"000-000-000 00"), Err(SnilsFault::Zero));
        for bad in ["", "-", "1234567896", "123456789640", "1234567896x", "___-___-___ __"] {
            assert_eq!(Snils::parse(bad.as_bytes()), Err(SnilsFault::Format), "{bad}");
        }
    }

    #[test]
    fn the_control_number_weighs_the_digits_from_nine_down_to_one() {
        for nine in (0..1_000_000_000_u64).step_by(7_654_321).chain([1_001_999, 999_999_999]) {
            let weighted: u64 = (1..).zip(0..9).map(|(weight, power)| nine / 10_u64.pow(power) % 10 * weight).sum();
            assert_eq!(control_number(EightDigits::from_number(nine / 10), (nine % 10) as u8), weighted % 101 % 100, "{nine}");
        }
    }

    #[test]
    fn composed_numbers_pass() {
        for nine in [1, 1_001_998, 1_001_999, 2_008_999, 123_456_789, 999_999_999] {
            let snils = Snils::compose(nine);
            assert_eq!(Snils::parse(snils.to_string().as_bytes()), Ok(snils));
        }
    }
}
