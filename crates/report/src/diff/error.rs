//! Errors of comparing two runs.

use std::io;
use std::path::PathBuf;

use crate::published::PublishedError;
use crate::table_reader::ReadError;
use sverka_publish::{PublishError, is_exhausted};

/// Reasons why two runs cannot be compared, or the comparison cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// There is no such run.
    #[error(transparent)]
    Run(#[from] PublishedError),
    /// The folder holds one run only.
    #[error("`{}` holds no run before {run_id}; name both runs: sverka diff OLD NEW", .output.display())]
    NoFormer {
        /// Folder of the runs.
        output: PathBuf,
        /// Id of the later run.
        run_id: String,
    },
    /// The manifest of a run cannot be read.
    #[error(transparent)]
    Manifest(#[from] PublishError),
    /// The manifest gives no day.
    #[error("the manifest of the run {run_id} has no as-of date; run the job again with this version")]
    NoDay {
        /// Id of the run.
        run_id: String,
    },
    /// A table of a run cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A filter that names nothing that can be filtered.
    #[error("`{given}` is no filter; give clinic=CODE or insurer=CODE")]
    Filter {
        /// Filter that was given.
        given: String,
    },
    /// Both runs know no such organisation.
    #[error("neither run knows the {kind} `{code}`; look for its code in the table `{kind}s` of a run")]
    CodeUnknown {
        /// `insurer` or `clinic`.
        kind: &'static str,
        /// Code that was asked for.
        code: String,
    },
    /// The tables of a run contradict each other.
    #[error(
        "the movement does not balance: the run {run_id} has {counted} in headcount at {place}, and {moved} in persons; verify the run (sverka verify --run {run_id})"
    )]
    Unbalanced {
        /// Id of the run.
        run_id: String,
        /// Insurer and clinic.
        place: String,
        /// Heads by `headcount`.
        counted: i64,
        /// Heads by `persons`.
        moved: i64,
    },
    /// A file cannot be written.
    #[error("cannot write `{}`: {cause}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Error of the system.
        cause: io::Error,
    },
    /// The folder of the comparison cannot be made or put in its place.
    #[error("{0}")]
    Folder(#[source] PublishError),
    /// Another process writes a comparison into the folder.
    #[error("somebody else is writing a comparison into `{}`; wait until that ends, or choose another folder", .folder.display())]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder holds something else than a comparison.
    #[error("`{}` holds something else than a comparison; choose an empty or a new folder with --to", .folder.display())]
    Occupied {
        /// The folder.
        folder: PathBuf,
    },
    /// A library refuses rows.
    #[error("defect of sverka: rows of the comparison cannot be written: {0}")]
    Rows(String),
}

impl DiffError {
    pub(crate) fn rows(error: impl std::fmt::Display) -> Self {
        Self::Rows(error.to_string())
    }

    /// Whether a resource of the machine is exhausted or another process is at work, so that the same command may succeed later.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        match self {
            Self::Io { cause, .. } => is_exhausted(cause),
            Self::Manifest(error) | Self::Folder(error) => error.is_exhausted(),
            Self::Busy { .. } => true,
            _ => false,
        }
    }
}
