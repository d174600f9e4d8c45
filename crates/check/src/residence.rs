//! Residence of the person of a register row. The texts differ from row to row and few sources have them, so they are
//! stored beside the record. A source without columns for them costs one test a row.

use sverka_intake::RowFields;
use sverka_model::{Field, Residence};

/// Bit set of the fields.
const FIELDS: u64 = 1 << Field::Address as u32 | 1 << Field::Settlement as u32;

/// The residence in a row, if any of its fields is filled.
#[inline]
pub(super) fn residence_of<'r>(fields: &RowFields<'r>) -> Option<Residence<'r>> {
    if fields.gives_any(FIELDS) { residence_of_columns(fields) } else { None }
}

#[inline(never)]
fn residence_of_columns<'r>(fields: &RowFields<'r>) -> Option<Residence<'r>> {
    let residence = Residence { address: fields.bytes(Field::Address), settlement: fields.bytes(Field::Settlement) };
    (!residence.address.is_empty() || !residence.settlement.is_empty()).then_some(residence)
}
