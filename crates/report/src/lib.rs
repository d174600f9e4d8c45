//! Reports from a published run: answers to senders, explanations, proposals, summaries, SQL. No report looks at the
//! stages of a run.

pub mod answers;
pub mod corrections;
pub mod destination;
pub mod diff;
pub mod distribute;
pub mod explain;
pub mod forms;
pub mod headcount;
pub mod outliers;
pub mod packets;
pub mod published;
#[cfg(feature = "query")]
pub mod query;
pub mod result_set;
pub mod review;
pub mod summary;
pub mod table_reader;
mod text_table;
