//! Rows to records: every row is checked against the row rules and ends as accepted, duplicate or quarantined.
//!
//! A record stands in its table at the place of its line, so that its position (source, line) follows from its row number and the order of
//! rows is the order of positions. This stage looks at one row at a time, and at last for equal rows; it does not know persons.

mod attachment;
mod context;
mod duplicates;
mod identity_fields;
mod read;
mod records;
mod register;
#[cfg(test)]
pub(crate) mod sample_rows;
#[cfg(test)]
mod tests;

pub use context::{CheckContext, RowChecker};
pub use duplicates::{Duplicate, mark_duplicates};
pub use read::{CheckedRow, ReadPlan, ReadSource, RowChecking, read_table};
pub use records::{AttachmentRecord, Identity, QuarantinedRow, Record, RegisterRecord, RowFinding, RowState, SourceRows, Table};
