//! Which job a command is about: the one that is named, else `job.toml` in the working folder.

use std::path::{Path, PathBuf};

use super::Failure;

/// The job that commands take when none is named.
pub(super) const JOB_OF_FOLDER: &str = "job.toml";

/// Which job is meant.
#[derive(Clone, Debug, clap::Args)]
pub struct JobChoice {
    /// The job: sources, reference tables, settings [default: ./job.toml]
    #[arg(value_name = "JOB.toml")]
    job: Option<PathBuf>,
}

impl JobChoice {
    /// The job's file as the user typed it; none when the one of the working folder is meant.
    pub fn named(&self) -> Option<&Path> {
        self.job.as_deref()
    }

    /// The job's file.
    ///
    /// # Errors
    /// When none is named and the working folder has none.
    pub fn path(&self) -> Result<PathBuf, Failure> {
        match &self.job {
            Some(job) => Ok(job.clone()),
            None => job_of_folder(Path::new("")).ok_or_else(|| {
                Failure::usage(format_args!(
                    "no job is named, and the working folder has no {JOB_OF_FOLDER}; name the job's file, or go to its folder"
                ))
            }),
        }
    }
}

/// The job in a folder, if there is one under the usual name.
pub(super) fn job_of_folder(folder: &Path) -> Option<PathBuf> {
    Some(folder.join(JOB_OF_FOLDER)).filter(|job| job.is_file())
}
