//! Why a run ended without publishing.

use std::path::PathBuf;

use super::judgement::RunEvent;
use sverka_formats::SourceError;
use sverka_intake::HeaderError;
use sverka_kernel::shuffle::SpillError;
use sverka_publish::PublishError;
use sverka_text::binary_size;

/// What to do about a header, where the fault does not tell it itself: a file that did not come whole, or that cannot be unpacked, needs no other
/// layout.
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

/// Why a run ended without publishing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A source cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A source's header is not its layout's.
    #[error("{name}: {fault}{}", advice(.fault))]
    Header {
        /// The source as the job names it.
        name: String,
        /// What is wrong.
        fault: HeaderError,
    },
    /// The memory limit is too small for any plan.
    #[error(
        "the memory limit of {} is too small: these sources need at least {}; raise --memory-limit or what the machine or the container has, or \
         split the job",
        binary_size(*.limit), binary_size(*.least)
    )]
    MemoryLimit {
        /// The limit, in bytes.
        limit: u64,
        /// What would do.
        least: u64,
    },
    /// The system lets no threads start.
    #[error("cannot start threads: {0}; work with fewer (--threads), or let this user have more (ulimit -u)")]
    Threads(rayon::ThreadPoolBuildError),
    /// The run took more memory than it may.
    #[error(
        "the run takes {} of memory, more than the limit of {}, and nothing more of it can go to the disk; raise --memory-limit, lower \
         --threads, or split the job",
        binary_size(*.resident), binary_size(*.limit)
    )]
    MemoryOutgrown {
        /// The limit, in bytes.
        limit: u64,
        /// What the run takes.
        resident: u64,
    },
    /// The run would take more memory at once than it may.
    #[error(
        "{} of memory are needed because of {what}, which are many, more than the limit of {}; raise --memory-limit, or split the job",
        binary_size(*.needed), binary_size(*.limit)
    )]
    MemoryReserve {
        /// The limit, in bytes.
        limit: u64,
        /// What the run would take, in bytes.
        needed: u64,
        /// What it would take more memory for.
        what: &'static str,
    },
    /// The disk is too small for what the run will write.
    #[error(
        "{}: {} are free, and about {} are needed ({}){}",
        folder.display(), binary_size(*.free), binary_size(spilled.saturating_add(*outputs)), needed_for(*spilled, *outputs),
        if *spilled > 0 { "; free some, raise --memory-limit, or name another folder with --spill-dir" } else { "; free some, or name another folder with --output" }
    )]
    DiskSpace {
        /// The folder.
        folder: PathBuf,
        /// Bytes that are free.
        free: u64,
        /// Bytes that rows will take, estimated.
        spilled: u64,
        /// Bytes that the results will take, estimated.
        outputs: u64,
    },
    /// Rows that do not fit into memory could not be written or read again.
    #[error(transparent)]
    Spill(#[from] SpillError),
    /// Results could not be written or published.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The job wants no such run published.
    #[error(
        "the run was stopped, and nothing was published:{}\nIts figures are in {}: look at `quality` there, and at the sources. What stops a \
         run is set in the job: `[rules.sources]`, `[[thresholds.volume]]`, `[[thresholds.quality]]`",
        told(events), account.display()
    )]
    Stopped {
        /// What somebody must look at, the loudest first.
        events: Vec<RunEvent>,
        /// The run's account of itself.
        account: PathBuf,
    },
    /// Somebody stopped the run.
    #[error("interrupted; nothing was published, and what had been written is removed")]
    Interrupted,
}

/// What room on a disk is needed for.
fn needed_for(spilled: u64, outputs: u64) -> String {
    let rows = (spilled > 0).then(|| format!("{} for rows that do not fit into memory", binary_size(spilled)));
    let results = (outputs > 0).then(|| format!("{} for results", binary_size(outputs)));
    rows.into_iter().chain(results).collect::<Vec<_>>().join(", ")
}

/// Events that are told; the account has the figures of them all.
const SHOWN: usize = 20;

fn told(events: &[RunEvent]) -> String {
    let shown = events.iter().take(SHOWN).map(|event| format!("\n  {}  {event}", event.then.name()));
    let more = events.len().saturating_sub(SHOWN);
    let rest = if more > 0 { format!("\n  and {more} more") } else { String::new() };
    shown.collect::<String>() + &rest
}
