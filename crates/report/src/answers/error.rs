//! Errors of answering a run.

use std::io;
use std::path::{Path, PathBuf};

use super::dictionary::DictionaryError;
use super::request::RequestError;
use crate::published::PublishedError;
use crate::table_reader::{ReadError, ReadProblem};
use sverka_publish::{PublishError, is_exhausted};

/// Reasons why a run could not be answered. No message carries a value of a row.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// There is no such run.
    #[error(transparent)]
    Run(#[from] PublishedError),
    /// The run has no manifest that can be read.
    #[error(transparent)]
    Manifest(#[from] PublishError),
    /// A request cannot be read again.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// A table of codes is wrong.
    #[error(transparent)]
    Dictionary(#[from] DictionaryError),
    /// The job names a source that the run did not read.
    #[error("the run {run} did not read `{source_name}`; run the job again, or name with --run the run that did")]
    NotRead {
        /// The run.
        run: String,
        /// The source.
        source_name: String,
    },
    /// The run read a source that the job does not name.
    #[error("the run {run} read `{source_name}`, which the job does not name any more; name it there, or run the job again")]
    NotNamed {
        /// The run.
        run: String,
        /// The source.
        source_name: String,
    },
    /// The file of a source that the run read is not there any more.
    #[error("the run {run} read `{source_name}`, which is not there any more; put the file back, or run the job again")]
    Gone {
        /// The run.
        run: String,
        /// The source.
        source_name: String,
    },
    /// A request that has changed since the run read it.
    #[error("`{source_name}` has changed since the run {run}; put back the file that the run read, or run the job again")]
    Changed {
        /// The run.
        run: String,
        /// The source.
        source_name: String,
    },
    /// A request has other rows than the run counted.
    #[error("defect of sverka: the rows of `{source_name}` are not those of the run {run}, although its content is")]
    Rows {
        /// The run.
        run: String,
        /// The source.
        source_name: String,
    },
    /// The run has no such table.
    #[error("the run {run} has no table `{table}`, which answers need; add it to `tables` of the job and run it again")]
    NoTable {
        /// The run.
        run: String,
        /// The table.
        table: &'static str,
    },
    /// A table cannot be read.
    #[error("cannot read table {table} of the run: {cause}; run the job again with --force")]
    Table {
        /// The table.
        table: &'static str,
        /// Error of the reader.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A table holds a value that this version does not know.
    #[error("table {table} of the run has a {column} that this version does not know; run the job again with this version")]
    Foreign {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// The file system refused.
    #[error("cannot {action} {}: {cause}", path.display())]
    Io {
        /// Action as a verb.
        action: &'static str,
        /// File or folder.
        path: PathBuf,
        /// Error of the system.
        cause: io::Error,
    },
    /// The folder of the answers cannot be made or put in its place.
    #[error("{0}")]
    Folder(#[source] PublishError),
    /// Another process writes answers into the folder.
    #[error("somebody else is writing answers into {}; wait until that ends, or choose another folder", folder.display())]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder holds something else than answers.
    #[error("{} holds something else than answers; choose an empty or a new folder with --out", folder.display())]
    Occupied {
        /// The folder.
        folder: PathBuf,
    },
}

impl AnswerError {
    pub(super) fn io(action: &'static str, path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |cause| Self::Io { action, path, cause }
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

impl From<ReadError> for AnswerError {
    fn from(ReadError { table, path, problem }: ReadError) -> Self {
        match problem {
            ReadProblem::Open(cause) => Self::Io { action: "open", path, cause },
            problem => Self::Table { table, cause: problem.into() },
        }
    }
}
