//! Where the person of a register row lives, as its source tells it. Such texts differ from row to row and few sources have them, so they go beside the
//! record; sources without columns for them pay for one question.

use crate::intake::RowFields;
use crate::model::Field;

/// The address and the settlement of a row as received; one of them may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Residence<'r> {
    /// Place of residence.
    pub address: &'r [u8],
    /// Town or village.
    pub settlement: &'r [u8],
}

/// A bit for each of the fields.
const FIELDS: u64 = 1 << Field::Address as u32 | 1 << Field::Settlement as u32;

impl<'r> Residence<'r> {
    /// What a row tells, if it tells anything.
    #[inline]
    pub(super) fn of(fields: &RowFields<'r>) -> Option<Self> {
        if fields.gives_any(FIELDS) { Self::of_columns(fields) } else { None }
    }

    #[inline(never)]
    fn of_columns(fields: &RowFields<'r>) -> Option<Self> {
        let residence = Self { address: fields.bytes(Field::Address), settlement: fields.bytes(Field::Settlement) };
        (!residence.address.is_empty() || !residence.settlement.is_empty()).then_some(residence)
    }
}
