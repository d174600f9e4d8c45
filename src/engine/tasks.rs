//! Numbered tasks that all threads take in ascending order, with a look at memory and interruption before each.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::error::RunError;
use super::run_context::RunContext;

/// Runs the tasks from 0 to `count`. Each thread makes a worker of its own; the workers are the result.
///
/// A thread takes the next task when its last one is done. So results that must be written in the order of tasks wait
/// for few other tasks.
///
/// # Errors
/// When a task failed, memory is short, or the run was interrupted.
pub(super) fn run_tasks<W: Send>(
    count: usize,
    run: RunContext<'_>,
    worker: impl Fn() -> W + Sync,
    task: impl Fn(&mut W, usize) -> Result<(), RunError> + Sync,
) -> Result<Vec<W>, RunError> {
    let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
    let workers = rayon::broadcast(|_| {
        let mut worker = worker();
        while !failed.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            let done = run.memory.check().and_then(|()| run.stop_if_interrupted()).and_then(|()| task(&mut worker, index));
            done.inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
        }
        Ok(worker)
    });
    workers.into_iter().collect()
}
