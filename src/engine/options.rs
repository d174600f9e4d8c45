//! What a run is given besides its job: by the command line, a test or a bench.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::RunError;
use super::progress::{Progress, Silent};

/// What a run is given besides its job.
pub struct RunOptions<'r> {
    /// Computes again what is already published.
    pub force: bool,
    /// Publishes a run that is much smaller than the run before, which would stop otherwise.
    pub accept_shrink: bool,
    /// About how many bytes one task reads.
    pub chunk_bytes: usize,
    /// Into how many partitions rows are brought, as a power of two; by the size of the sources unless told otherwise. Results do not depend on it.
    pub partition_bits: Option<u32>,
    /// The most memory that the run may take, in bytes; by default most of what the machine has.
    pub memory_limit: Option<u64>,
    /// Bytes of its rows, and of a part of its findings, that a worker keeps in memory; by the memory limit unless told otherwise. Results do not
    /// depend on it.
    pub worker_bytes: Option<u64>,
    /// Where rows go that do not fit; by default the output folder.
    pub spill_dir: Option<PathBuf>,
    /// Whether the most memory of each stage is measured.
    pub profile: bool,
    /// When the run began, RFC 3339.
    pub started_at: String,
    /// Listens to the run.
    pub progress: &'r dyn Progress,
    /// Set by whoever wants the run to stop.
    pub interrupted: &'r AtomicBool,
}

/// Nobody wants the run to stop.
static NOT_INTERRUPTED: AtomicBool = AtomicBool::new(false);

impl Default for RunOptions<'static> {
    /// A run that begins now, takes what the machine has, tells nobody and is stopped by nobody.
    fn default() -> Self {
        Self {
            force: false,
            accept_shrink: false,
            chunk_bytes: Self::CHUNK_BYTES,
            partition_bits: None,
            memory_limit: None,
            worker_bytes: None,
            spill_dir: None,
            profile: false,
            started_at: jiff::Timestamp::now().to_string(),
            progress: &Silent,
            interrupted: &NOT_INTERRUPTED,
        }
    }
}

impl RunOptions<'_> {
    /// Bytes of a chunk unless told otherwise: small enough to share out evenly, large enough to share words.
    pub const CHUNK_BYTES: usize = 4 << 20;

    /// Ends the run here if somebody wants it to end.
    pub(super) fn stop_if_interrupted(&self) -> Result<(), RunError> {
        if self.interrupted.load(Ordering::Relaxed) { Err(RunError::Interrupted) } else { Ok(()) }
    }
}
