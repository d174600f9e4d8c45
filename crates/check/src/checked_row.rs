//! Records that the checks make from rows, one kind for each table.

use super::context::CheckContext;
use super::row_check::RowCheck;
use sverka_intake::RowFields;
use sverka_model::{OrganisationId, Record, RowOwner, RowSink};

/// Record that the check makes from a row.
pub trait CheckedRow: Record {
    /// Checks one row, and returns its record if no finding is an error.
    #[doc(hidden)]
    fn check(row: &mut RowChecking<'_, '_, '_>) -> Option<Self>;
    /// Gives the record to a sink, with record id, policy number and document number as received.
    #[doc(hidden)]
    fn pass_on(&self, texts: [&[u8]; 3], sink: &mut impl RowSink);
    /// The owner of a row that names no known insurer or clinic.
    #[doc(hidden)]
    const NOBODY: RowOwner;
    /// The insurer or clinic of the record, as an index of its reference table.
    #[doc(hidden)]
    fn organisation(&self) -> OrganisationId;
    /// The owner of a row without a record: the insurer or clinic that the row names.
    #[doc(hidden)]
    fn named(fields: RowFields<'_>, context: CheckContext<'_>) -> RowOwner;
}

/// Row under check, opaque outside this stage.
pub struct RowChecking<'k, 'c, 'r>(pub(super) RowCheck<'k, 'c, 'r>);
