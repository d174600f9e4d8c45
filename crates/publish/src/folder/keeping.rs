//! Runs that are pinned, closed and removed.
//!
//! ```text
//!   runs/<id> ─1─▶ runs/.<id>.pruned ─2─▶ answers/<id> removed ─3─▶ removed
//!
//! process killed     state                                                     next process
//! before 1           the run is whole                                          –
//! after 1            no folder of the name of a run; `.<id>.pruned` remains    open does 2 and 3
//! ```
//!
//! A run that was computed again under the id of a pruned one keeps its answers: only `.<id>.pruned` is removed then.

use super::super::pending_folder::remove_with_lock;
use super::super::{ClosedMonth, MonthCorrections, Pin, pins};
use super::*;

pub(super) const PRUNED: &str = ".pruned";

impl OutputFolder {
    /// Removes a published run with its answers. From the first step on, no reader finds the run.
    ///
    /// # Errors
    /// When somebody removed the lock file, or the file system refuses. A run that is only partly removed has no name, and the next
    /// [`Self::open`] removes the rest.
    ///
    /// # Panics
    /// When the text is no run id, or `current` points to the run.
    pub fn remove_run(&self, run_id: &str) -> Result<(), PublishError> {
        assert!(is_run_id(run_id), "a run id has ASCII letters, digits, - and _ only");
        assert_ne!(self.current().as_deref(), Some(run_id), "the current run is not removed");
        self.check_lock()?;
        let hidden = self.hidden_dir(run_id, PRUNED);
        remove_folder(&hidden)?;
        rename(&self.run_dir(run_id), &hidden)?;
        sync_folder(&self.runs())?;
        finish_removal(&self.out, run_id, self.readers).map(drop)
    }

    /// Pins a run.
    ///
    /// # Errors
    /// [`PublishError::NotPublished`] when there is no such run; otherwise when the file system refuses.
    pub fn pin(&self, pin: &Pin) -> Result<(), PublishError> {
        self.require(&pin.run_id)?;
        pins::write(&self.out, pin, self.readers)
    }

    /// Takes the pin of a run away. Returns whether the run was pinned. The run need not exist.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn unpin(&self, run_id: &str) -> Result<bool, PublishError> {
        if is_run_id(run_id) { pins::remove(&self.out, run_id) } else { Ok(false) }
    }

    /// Records a closed month, in place of a former record of the month.
    ///
    /// # Errors
    /// [`PublishError::NotPublished`] when there is no such run; otherwise when the file system refuses.
    pub fn write_closed(&self, month: &ClosedMonth) -> Result<(), PublishError> {
        self.require(&month.run_id)?;
        month.write(&self.out, self.readers)
    }

    /// Records the corrections of a closed month, in place of the former record.
    ///
    /// # Errors
    /// When somebody removed the lock file, or the file system refuses; the former record is unchanged then.
    ///
    /// # Panics
    /// When the bookings contradict each other.
    pub fn write_corrections(&self, corrections: &MonthCorrections) -> Result<(), PublishError> {
        assert_eq!(corrections.fault(), None, "invariant: bookings go on from one to the next and add up");
        self.check_lock()?;
        corrections.write(&self.out, self.readers)
    }

    fn require(&self, run_id: &str) -> Result<(), PublishError> {
        self.check_lock()?;
        match self.published(run_id)? {
            Some(_) => Ok(()),
            None => Err(PublishError::NotPublished { folder: self.out.clone(), run_id: run_id.to_owned() }),
        }
    }
}

/// Steps 2 and 3. Returns `false` when another process writes the answers now: the rest is left for the next time.
pub(super) fn finish_removal(out: &Path, run_id: &str, readers: Readers) -> Result<bool, PublishError> {
    let runs = out.join(RUNS);
    if look_at(&runs.join(run_id))?.is_none() && !remove_with_lock(&answers_folder(out, run_id), readers)? {
        return Ok(false);
    }
    remove_folder(&runs.join(format!(".{run_id}{PRUNED}")))?;
    sync_folder(&runs)?;
    Ok(true)
}
