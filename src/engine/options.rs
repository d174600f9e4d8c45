//! Options of a run apart from its job, set by the command line, a test or a bench.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::RunError;
use super::progress::{Progress, Silent};
use sverka_publish::BecomesCurrent;

/// Options of a run apart from its job.
pub struct RunOptions<'r> {
    /// Whether a run that is already published is computed again.
    pub force: bool,
    /// Run whose person ids are continued; `None`: the current run's.
    pub ids_from: Option<String>,
    /// Whether a run is published although it is much smaller than the former run.
    pub accept_shrink: bool,
    /// Target for the bytes of a chunk, which one task reads.
    pub chunk_bytes: usize,
    /// Number of partitions, as a power of two; `None`: by the size of the sources. Results do not depend on it.
    pub partition_bits: Option<u32>,
    /// Memory limit in bytes; `None`: most of the memory of the machine.
    pub memory_limit: Option<u64>,
    /// Bytes of rows, and of a part of the findings, that one worker keeps in memory; `None`: by the memory limit. Results do not depend on it.
    pub worker_bytes: Option<u64>,
    /// Folder for rows that do not fit into memory; `None`: the output folder.
    pub spill_dir: Option<PathBuf>,
    /// Whether the peak memory of each stage is measured.
    pub profile: bool,
    /// Run of the closed month that the run corrects: the run is judged against it, and does not become current while the current run is of a later day.
    pub correction_of: Option<String>,
    /// Start of the run, RFC 3339.
    pub started_at: String,
    /// Listener of the run.
    pub progress: &'r dyn Progress,
    /// Flag that the caller sets to stop the run.
    pub interrupted: &'r AtomicBool,
}

/// A flag that is never set: the run is not to be stopped.
static NOT_INTERRUPTED: AtomicBool = AtomicBool::new(false);

impl Default for RunOptions<'static> {
    /// A run that begins now, takes all resources of the machine, reports to nobody and is not stopped.
    fn default() -> Self {
        Self {
            force: false,
            ids_from: None,
            accept_shrink: false,
            chunk_bytes: Self::CHUNK_BYTES,
            partition_bits: None,
            memory_limit: None,
            worker_bytes: None,
            spill_dir: None,
            profile: false,
            correction_of: None,
            started_at: jiff::Timestamp::now().to_string(),
            progress: &Silent,
            interrupted: &NOT_INTERRUPTED,
        }
    }
}

impl RunOptions<'_> {
    /// Default for the bytes of a chunk: small enough for an even distribution, large enough for the interner cache of a worker.
    pub const CHUNK_BYTES: usize = 4 << 20;

    /// When the run becomes the current one.
    pub(super) fn becomes_current(&self) -> BecomesCurrent {
        if self.correction_of.is_some() { BecomesCurrent::UnlessLater } else { BecomesCurrent::Always }
    }

    /// Ends the run here if the caller wants it to end.
    pub(super) fn stop_if_interrupted(&self) -> Result<(), RunError> {
        if self.interrupted.load(Ordering::Relaxed) { Err(RunError::Interrupted) } else { Ok(()) }
    }
}
