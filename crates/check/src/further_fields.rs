//! Fields of the register that few sources have: the dates of the document, the day of a change, the address, the settlement. Sources without columns for them pay
//! for one question.

use super::context::{RowCheck, date_pair};
use super::identity_fields::hash_of;
use sverka_model::Date;
use sverka_model::{Field, RowHash};

/// A bit for each of the fields.
const FIELDS: u64 = 1 << Field::DocIssuedOn as u32
    | 1 << Field::DocExpiresOn as u32
    | 1 << Field::ChangedOn as u32
    | 1 << Field::Address as u32
    | 1 << Field::Settlement as u32;

/// What a row says in these fields.
#[derive(Clone, Copy, Default)]
pub(super) struct FurtherFields {
    /// Day of issue of the document.
    pub issued: Option<Date>,
    /// Last day of the document.
    pub expires: Option<Date>,
    /// Day on which the reported data changed.
    pub changed: Option<Date>,
    /// Hash of all of these fields; 0 when all are empty, whether or not they have columns.
    pub fingerprint: u64,
}

impl FurtherFields {
    /// Reads them; a date that is none is found.
    #[inline]
    pub(super) fn read(row: &mut RowCheck<'_, '_, '_>) -> Self {
        if row.may_give(FIELDS) { Self::of_columns(row) } else { Self::default() }
    }

    #[inline(never)]
    fn of_columns(row: &mut RowCheck<'_, '_, '_>) -> Self {
        let (issued, expires) = (row.date(Field::DocIssuedOn), row.date(Field::DocExpiresOn));
        let changed = row.date(Field::ChangedOn);
        let (address, settlement) = (hash_of(row.text(Field::Address)), hash_of(row.text(Field::Settlement)));
        let days = (date_pair(issued, expires), date_pair(changed, None));
        let hash = || RowHash::default().with(days.0, days.1).with(address, settlement).finish();
        let is_empty = (issued, expires, changed, address, settlement) == (None, None, None, 0, 0);
        let fingerprint = if is_empty { 0 } else { hash() };
        Self { issued, expires, changed, fingerprint }
    }
}
