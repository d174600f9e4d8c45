//! Choice of the job of a command: the one that is named, else `job.toml` in the working folder.

use std::path::{Path, PathBuf};

use super::Failure;

/// Name of the job file if the user names none.
pub(super) const JOB_OF_FOLDER: &str = "job.toml";

/// Which job is meant.
#[derive(Clone, Debug, clap::Args)]
pub struct JobChoice {
    /// The job: sources, reference tables, settings [default: ./job.toml]
    #[arg(value_name = "JOB.toml")]
    job: Option<PathBuf>,
}

impl JobChoice {
    /// Job file as the user typed it; `None` for the one in the working folder.
    pub fn named(&self) -> Option<&Path> {
        self.job.as_deref()
    }

    /// Job file.
    ///
    /// # Errors
    /// When no job is named and the working folder has no job.
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

/// Job file of a folder, if it has one with the usual name.
pub(super) fn job_of_folder(folder: &Path) -> Option<PathBuf> {
    Some(folder.join(JOB_OF_FOLDER)).filter(|job| job.is_file())
}
