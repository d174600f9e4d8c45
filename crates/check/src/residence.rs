//! Where the person of a register row lives, as its source tells it. Such texts differ from row to row and few sources have them, so they go beside the
//! record; sources without columns for them pay for one question.

use sverka_intake::RowFields;
use sverka_model::{Field, Residence};

/// A bit for each of the fields.
const FIELDS: u64 = 1 << Field::Address as u32 | 1 << Field::Settlement as u32;

/// What a row tells, if it tells anything.
#[inline]
pub(super) fn residence_of<'r>(fields: &RowFields<'r>) -> Option<Residence<'r>> {
    if fields.gives_any(FIELDS) { residence_of_columns(fields) } else { None }
}

#[inline(never)]
fn residence_of_columns<'r>(fields: &RowFields<'r>) -> Option<Residence<'r>> {
    let residence = Residence { address: fields.bytes(Field::Address), settlement: fields.bytes(Field::Settlement) };
    (!residence.address.is_empty() || !residence.settlement.is_empty()).then_some(residence)
}
