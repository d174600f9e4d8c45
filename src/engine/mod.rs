//! The engine: runs the stages of a job on this machine.
//!
//! [`run`] is the table of contents of a run. The engine brings clock, progress, interruption and the number of
//! threads, which the stages do not know. It also builds the rows of the outputs, from the results of the stages for
//! one person at a time.

mod block_rows;
mod blocks;
mod changes;
#[cfg(test)]
mod checked_rows;
mod checked_source;
mod comparison_base;
mod document_notes;
mod end_days;
mod error;
mod former_ids;
mod id_tables;
mod judgement;
mod left_out;
mod linking;
mod memory;
mod memory_watch;
mod newborns;
mod options;
mod override_effects;
mod packets;
mod people;
mod person;
mod persons;
mod preview;
mod profile;
mod progress;
mod quality;
mod recognition;
mod record_view;
mod register_row;
mod register_row_checks;
mod run;
mod run_context;
mod run_results;
mod senders;
mod sent_files;
mod small_tables;
mod source_events;
mod source_files;
mod sources;
mod summary;
mod systematic;
mod tables;
mod tasks;
mod thresholds;
mod timeline_context;
mod uninsured;
mod volumes;

pub use checked_source::{CheckedSource, FindingCount, FindingKind, FindingValues, FindingWithRow, Keep, check_sources};
pub use error::RunError;
pub use former_ids::FormerIdsError;
pub use judgement::{FormerRun, Judgement, RunEvent};
pub(crate) use memory::default_limit;
pub(crate) use memory_watch::resident_bytes;
pub use options::RunOptions;
pub use persons::{PersonRecords, RecordLine, persons};
pub use preview::{RunPreview, preview};
pub use profile::{StageProfile, peak_memory_bytes};
pub use progress::{Progress, Silent, StageProgress, Unit};
pub use run::{RunOutcome, run};
