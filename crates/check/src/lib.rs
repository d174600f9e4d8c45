//! From rows to records: every row is checked by the row rules, and is accepted or quarantined. Duplicates are found later.
//!
//! This stage sees one row at a time and passes accepted rows on with their row ids. It does not know persons.

mod attachment;
mod checked_row;
#[cfg(test)]
mod checked_rows;
mod checker;
mod citizenship;
mod citizenships;
mod codes;
mod completeness;
mod context;
mod dates;
mod documents;
mod findings;
mod fingerprint;
mod further_fields;
mod identity_fields;
mod ignored;
mod lookups;
mod names;
mod numbers;
mod odd_documents;
mod plan;
mod read;
mod register;
mod residence;
mod row_check;
mod row_visitor;
#[doc(hidden)]
pub mod sample_rows;
mod source_findings;
mod sparse_attributes;
mod terms;
#[cfg(test)]
mod tests;

pub use checked_row::{CheckedRow, RowChecking};
pub use checker::RowChecker;
pub use completeness::{FilledFieldCounts, FilledFieldTally};
pub use context::{CheckContext, EARLIEST_BIRTH};
pub use documents::RENEWAL_AGES;
pub use ignored::{IdDecision, IgnoredRows, LineDecision};
pub use odd_documents::{FlawedRecords, OddDocuments};
pub use plan::{ReadChunk, ReadPlan, ReadSource};
pub use read::{QuarantinedCount, WorkerRows, read_rows};
pub use source_findings::{SourceFinding, SourceRows};
pub use terms::{last_certificate_day, last_year_policy_day};
