//! Why nobody can be explained.

use crate::publish::PublishError;
use crate::report::published::PublishedError;
use crate::report::reader::ReadError;

/// Why nobody can be explained. No message repeats what was asked for: it may be a personal number.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// There is no such run.
    #[error(transparent)]
    Run(#[from] PublishedError),
    /// The run has no manifest that can be read.
    #[error(transparent)]
    Manifest(#[from] PublishError),
    /// A table is damaged.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The run has no such table.
    #[error(
        "the run {run} has no table `{table}`, which this question needs; add it to `tables` of the job and run it again, or ask by the person's number"
    )]
    NoTable {
        /// The run.
        run: String,
        /// The table.
        table: &'static str,
    },
    /// The run read no such source.
    #[error("the run {run} read no source of that name; its sources are named {sources}")]
    NoSource {
        /// The run.
        run: String,
        /// Names of sources that it did read, the most similar first.
        sources: String,
    },
    /// Nobody bears that name.
    #[error(
        "the run {run} knows nobody of this surname and birth date; check both, or ask by a number or by --record SOURCE:LINE (the run holds the names of \
         those in its register, of those whose insurer left, and of those who are attached without insurance)"
    )]
    NobodyNamed {
        /// The run.
        run: String,
    },
    /// Nobody is like that.
    #[error("the run {run} knows nobody by this {by}; check it, or ask by another number or by --record SOURCE:LINE")]
    Nobody {
        /// The run.
        run: String,
        /// What was asked by.
        by: &'static str,
    },
}
