//! Rows to records: every row is checked against the row rules and ends as accepted or quarantined; duplicates are told apart later.
//!
//! This stage looks at one row at a time and hands accepted ones on with their places; it does not know persons.

mod attachment;
mod context;
mod identity_fields;
mod ignored;
mod read;
mod records;
mod register;
#[cfg(test)]
pub(crate) mod sample_rows;
#[cfg(test)]
mod tests;

pub use context::{CheckContext, RowChecker, document_key, policy_key};
pub use ignored::IgnoredRows;
pub use read::{CheckedRow, ReadChunk, ReadPlan, ReadSource, RowChecking, RowSink, WorkerRows, read_rows};
pub use records::{Action, AttachmentRecord, Identity, Marks, QuarantinedRow, Record, RegisterRecord, RowFinding, RowState};
