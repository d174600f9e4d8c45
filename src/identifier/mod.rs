//! Value types of the domain: dates, policy numbers, SNILS, names.
//!
//! They are small, copyable where possible, and know nothing of files, tables or rules: a rule asks them, they never ask back.

mod date;
mod enp;
mod name;
mod policy;
mod snils;

pub use date::{Date, DateFormat};
pub use enp::{Enp, EnpFault, EnpParts, date_part};
pub use name::{NameKey, names_compatible, normalise_name};
pub use policy::{PolicyKind, compare_form};
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

/// Reads `text` as an unsigned decimal number of exactly `N` digits.
#[inline]
fn digits<const N: usize>(text: &[u8]) -> Option<u64> {
    if text.len() != N {
        return None;
    }
    let mut value = 0_u64;
    let mut bad = 0_u8;
    for &byte in text {
        let digit = byte.wrapping_sub(b'0');
        bad |= u8::from(digit > 9);
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
    }
    (bad == 0).then_some(value)
}
