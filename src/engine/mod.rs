//! Who runs the stages: this machine.
//!
//! [`run`] is the table of contents of a run. The engine brings clock, progress, interruption and the number of threads; the stages know none of
//! them. Rows of the outputs are put together here, from what the stages say of one person at a time.

mod account;
mod block_rows;
mod blocks;
mod changes;
#[cfg(test)]
mod checked_rows;
mod checked_source;
mod end_days;
mod error;
mod floods;
mod former;
mod ground;
mod judgement;
mod linking;
mod memory;
mod memory_watch;
mod newborns;
mod odd_documents;
mod on_the_day;
mod options;
mod overruled;
mod person;
mod profile;
mod progress;
mod quality;
mod register_row;
mod run;
mod sent_files;
mod small_tables;
mod source_events;
mod sources;
mod summary;
mod tables;
mod tasks;
mod thresholds;
mod uninsured;
mod view;
mod volumes;

pub use checked_source::{CheckedSource, FindingKind, FoundRows, FoundValues, Keep, RowOfFinding, check_sources};
pub use error::RunError;
pub use judgement::{FormerRun, Judgement, RunEvent};
pub(crate) use memory::default_limit;
pub(crate) use memory_watch::resident_bytes;
pub use options::RunOptions;
pub use profile::{StageProfile, peak_memory_bytes};
pub use progress::{Progress, Silent, StageProgress, Unit};
pub use run::{PersonPositions, RunOutcome, persons, run};
