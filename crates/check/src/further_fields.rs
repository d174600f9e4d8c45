//! Fields of the register that few sources have: dates of the document, day of a change, address, settlement. A source without columns for them costs one
//! test a row.

use super::fingerprint::{date_pair, hash_or_zero};
use super::row_check::RowCheck;
use sverka_model::{Date, Field, RowHash};

/// Bit set of the fields.
const FIELDS: u64 = 1 << Field::DocIssuedOn as u32
    | 1 << Field::DocExpiresOn as u32
    | 1 << Field::ChangedOn as u32
    | 1 << Field::Address as u32
    | 1 << Field::Settlement as u32;

/// Values of the fields in one row.
#[derive(Clone, Copy, Default)]
pub(super) struct FurtherFields {
    /// Day of issue of the document.
    pub issued: Option<Date>,
    /// Last day of the document.
    pub expires: Option<Date>,
    /// Day on which the reported data changed.
    pub changed: Option<Date>,
    /// Hash of all fields of this struct; 0 when all are empty, with or without columns.
    pub fingerprint: u64,
}

impl FurtherFields {
    /// Reads the fields, and reports invalid dates.
    #[inline]
    pub(super) fn read(row: &mut RowCheck<'_, '_, '_>) -> Self {
        if row.may_have_any(FIELDS) { Self::read_columns(row) } else { Self::default() }
    }

    #[inline(never)]
    fn read_columns(row: &mut RowCheck<'_, '_, '_>) -> Self {
        let (issued, expires) = (row.date(Field::DocIssuedOn), row.date(Field::DocExpiresOn));
        let changed = row.date(Field::ChangedOn);
        let (address, settlement) = (hash_or_zero(row.text(Field::Address)), hash_or_zero(row.text(Field::Settlement)));
        let days = (date_pair(issued, expires), date_pair(changed, None));
        let hash = || RowHash::default().with(days.0, days.1).with(address, settlement).finish();
        let is_empty = (issued, expires, changed, address, settlement) == (None, None, None, 0, 0);
        let fingerprint = if is_empty { 0 } else { hash() };
        Self { issued, expires, changed, fingerprint }
    }
}
