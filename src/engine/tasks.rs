//! Tasks that all threads share out among themselves, in ascending order, while memory and whoever waits are heeded.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::error::RunError;
use super::memory::MemoryPlan;
use super::options::RunOptions;

/// Does the tasks from 0 to `count`. Each thread makes a worker of its own; the workers are the result.
///
/// A thread takes the next task when its last one is done, so that what tasks leave in order waits for few others.
///
/// # Errors
/// The first error of any task, when memory is short, or when somebody interrupted.
pub(super) fn share_out<W: Send>(
    count: usize,
    memory: &MemoryPlan,
    options: &RunOptions<'_>,
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
            let done = memory.check().and_then(|()| options.stop_if_interrupted()).and_then(|()| task(&mut worker, index));
            done.inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
        }
        Ok(worker)
    });
    workers.into_iter().collect()
}
