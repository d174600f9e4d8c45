//! Errors that end a run without publishing.

use std::path::PathBuf;

use super::former_ids::FormerIdsError;
use super::judgement::RunEvent;
use sverka_formats::SourceError;
use sverka_intake::HeaderError;
use sverka_kernel::shuffle::SpillError;
use sverka_publish::PublishError;
use sverka_text::binary_size;

/// Advice on a fault of a header; empty if the message of the fault says what to do. A file that is incomplete or
/// cannot be unpacked needs no other layout.
fn advice(fault: &HeaderError) -> &'static str {
    match fault {
        HeaderError::Container(_)
        | HeaderError::NoMembers
        | HeaderError::Changed
        | HeaderError::Empty
        | HeaderError::PackedUnits
        | HeaderError::PackedParquet
        | HeaderError::Parquet(_)
        | HeaderError::Dbf(_)
        | HeaderError::FalseMark(_)
        | HeaderError::Columns { .. }
        | HeaderError::SheetColumns { .. }
        | HeaderError::NoSheetHeader { .. }
        | HeaderError::OtherDelimiter { .. }
        | HeaderError::OtherOrder { .. } => "",
        HeaderError::Missing { .. } => ". Have it sent again, or take it out of the job",
        _ => ". Correct the file, or give it another layout",
    }
}

/// Error that ended a run without publishing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A source cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The header of a source does not fit its layout.
    #[error("{name}: {fault}{}", advice(.fault))]
    Header {
        /// Name of the source in the job.
        name: String,
        /// Fault of the header.
        fault: HeaderError,
    },
    /// The memory limit is too small for any plan.
    #[error(
        "the memory limit of {} is too small: these sources need at least {}; raise --memory-limit or what the machine or the container has, or \
         split the job",
        binary_size(*.limit), binary_size(*.least)
    )]
    MemoryLimit {
        /// Memory limit in bytes.
        limit: u64,
        /// Smallest limit that would be enough, in bytes.
        least: u64,
    },
    /// The system lets no threads start.
    #[error("cannot start threads: {0}; work with fewer (--threads), or let this user have more (ulimit -u)")]
    Threads(rayon::ThreadPoolBuildError),
    /// The run took more memory than its limit.
    #[error(
        "the run takes {} of memory, more than the limit of {}, and nothing more of it can go to the disk; raise --memory-limit, lower \
         --threads, or split the job",
        binary_size(*.resident), binary_size(*.limit)
    )]
    MemoryOutgrown {
        /// Memory limit in bytes.
        limit: u64,
        /// Resident memory of the run, in bytes.
        resident: u64,
    },
    /// The next step would take more memory than the limit.
    #[error(
        "{} of memory are needed because of {what}, which are many, more than the limit of {}; raise --memory-limit, or split the job",
        binary_size(*.needed), binary_size(*.limit)
    )]
    MemoryReserve {
        /// Memory limit in bytes.
        limit: u64,
        /// Memory that the run would take, in bytes.
        needed: u64,
        /// Cause of the need.
        what: &'static str,
    },
    /// A disk is too small for the rows or results that the run will write.
    #[error(
        "{}: {} are free, and about {} are needed ({}){}",
        folder.display(), binary_size(*.free), binary_size(spilled.saturating_add(*outputs)), needed_for(*spilled, *outputs),
        if *spilled > 0 { "; free some, raise --memory-limit, or name another folder with --spill-dir" } else { "; free some, or name another folder with --output" }
    )]
    DiskSpace {
        /// Folder on the disk.
        folder: PathBuf,
        /// Free bytes.
        free: u64,
        /// Estimated bytes of rows.
        spilled: u64,
        /// Estimated bytes of results.
        outputs: u64,
    },
    /// Rows that do not fit into memory could not be written or read again.
    #[error(transparent)]
    Spill(#[from] SpillError),
    /// Ids of the former run cannot be continued.
    #[error(transparent)]
    FormerIds(#[from] FormerIdsError),
    /// Results could not be written or published.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// A threshold of the job stopped the run.
    #[error(
        "the run was stopped, and nothing was published:{}\nIts figures are in {}: look at `quality` there, and at the sources. What stops a \
         run is set in the job: `[rules.sources]`, `[[thresholds.volume]]`, `[[thresholds.quality]]`",
        event_lines(events), account.display()
    )]
    Stopped {
        /// Events of the run, the most severe first.
        events: Vec<RunEvent>,
        /// File of the manifest of the stopped run.
        account: PathBuf,
    },
    /// The caller interrupted the run.
    #[error("interrupted; nothing was published, and what had been written is removed")]
    Interrupted,
}

/// The purposes of the bytes that are needed on a disk.
fn needed_for(spilled: u64, outputs: u64) -> String {
    let rows = (spilled > 0).then(|| format!("{} for rows that do not fit into memory", binary_size(spilled)));
    let results = (outputs > 0).then(|| format!("{} for results", binary_size(outputs)));
    rows.into_iter().chain(results).collect::<Vec<_>>().join(", ")
}

/// Number of events that the message shows. The manifest has all figures.
const SHOWN: usize = 20;

/// Lines of the message for the events.
fn event_lines(events: &[RunEvent]) -> String {
    let shown = events.iter().take(SHOWN).map(|event| format!("\n  {}  {event}", event.then.name()));
    let more = events.len().saturating_sub(SHOWN);
    let rest = if more > 0 { format!("\n  and {more} more") } else { String::new() };
    shown.collect::<String>() + &rest
}
