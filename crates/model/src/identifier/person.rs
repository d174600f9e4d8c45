//! Ids of insured persons.
//!
//! Does not know how an id is made; `identity` makes it from the records of the person.

use std::fmt;

use bytemuck::{Pod, Zeroable};

/// Id of a person, a number of 63 bits that begins with the bucket of the birth date. Plain old data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct PersonId(i64);

impl PersonId {
    /// Bits of an id. The sign bit of the number stays free.
    pub const BITS: u32 = 63;
    /// No person: a row that belongs to none.
    pub const NONE: Self = Self(0);

    /// The id that a table or a spill file holds as a number, [`Self::NONE`] included.
    #[must_use]
    #[inline]
    pub const fn from_stored(number: i64) -> Self {
        Self(number)
    }

    /// The id as a number, as in the tables; 0 for [`Self::NONE`].
    #[must_use]
    #[inline]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The first bits of the id: the number of its partition, where partitions are told apart by as many bits, or of its block.
    #[must_use]
    #[inline]
    pub const fn first_bits(self, bits: u32) -> u64 {
        self.0 as u64 >> (Self::BITS - bits)
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
