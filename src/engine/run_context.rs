//! Context of all stages of a run: the job, the options and the memory plan.

use std::sync::atomic::Ordering;

use super::error::RunError;
use super::memory::MemoryPlan;
use super::options::RunOptions;
use super::progress::Progress;
use crate::job::Job;

/// Context of the stages of one run.
#[derive(Clone, Copy)]
pub(super) struct RunContext<'r> {
    /// The resolved job.
    pub job: &'r Job,
    /// Options of the caller: progress, interruption, sizes.
    pub options: &'r RunOptions<'r>,
    /// Memory that the stages may take.
    pub memory: &'r MemoryPlan,
}

impl<'r> RunContext<'r> {
    /// Listener of the run.
    pub fn progress(&self) -> &'r dyn Progress {
        self.options.progress
    }

    /// Whether the caller wants the run to end.
    pub fn is_interrupted(&self) -> bool {
        self.options.interrupted.load(Ordering::Relaxed)
    }

    /// Ends the run here if the caller wants it to end.
    pub fn stop_if_interrupted(&self) -> Result<(), RunError> {
        self.options.stop_if_interrupted()
    }
}
