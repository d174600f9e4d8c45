//! Resolving a job file: every name becomes a path, every setting a value.

use std::path::Path;

use super::{Job, JobError, Overrides};

impl Job {
    /// Reads and resolves a job; names in it are relative to its folder.
    ///
    /// # Errors
    /// The first thing that is wrong, with file and line.
    pub fn load(_path: &Path, _overrides: &Overrides) -> Result<Self, JobError> {
        todo!()
    }
}
