//! Rows to records: every row is checked against the row rules and ends as accepted or quarantined; duplicates are told apart later.
//!
//! This stage looks at one row at a time and hands accepted ones on with their row ids; it does not know persons.

mod attachment;
#[cfg(test)]
mod checked_rows;
mod citizenship;
mod completeness;
mod context;
mod documents;
mod further_fields;
mod identity_fields;
mod ignored;
mod lookups;
mod names;
mod odd_documents;
mod read;
mod register;
mod residence;
#[doc(hidden)]
pub mod sample_rows;
mod source_findings;
mod sparse_attributes;
mod terms;
#[cfg(test)]
mod tests;

pub use completeness::{FilledFieldCounts, FilledFieldTally};
pub use context::{CheckContext, EARLIEST_BIRTH, RowChecker};
pub use documents::{PASSPORT, RENEWAL_AGES};
pub use ignored::IgnoredRows;
pub use odd_documents::{FlawedRecords, OddDocuments};
pub use read::{CheckedRow, QuarantinedCount, ReadChunk, ReadPlan, ReadSource, RowChecking, WorkerRows, read_rows};
pub use source_findings::{SourceFinding, SourceRows};
pub use terms::{last_certificate_day, last_year_policy_day};
