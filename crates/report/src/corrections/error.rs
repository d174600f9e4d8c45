//! Errors of correcting a closed month.

use std::path::PathBuf;

use crate::diff::DiffError;
use crate::published::PublishedError;
use crate::table_reader::ReadError;
use sverka_publish::PublishError;

/// Reasons why a month cannot be corrected.
#[derive(Debug, thiserror::Error)]
pub enum CorrectionsError {
    /// There is no such run.
    #[error(transparent)]
    Run(#[from] PublishedError),
    /// A manifest, a closed month or its corrections cannot be read.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// A table of a run cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The tables cannot be read or written.
    #[error(transparent)]
    Diff(#[from] DiffError),
    /// The month is not closed.
    #[error("the month {month} is not closed in `{}`; close it by the run by which it was paid: sverka close {month}", .output.display())]
    NotClosed {
        /// Month.
        month: String,
        /// Folder of the runs.
        output: PathBuf,
    },
    /// The run is of another day than the one on which the month is counted.
    #[error(
        "the run {run_id} is as of {as_of}, and the month is counted on {day}; name a run of that day with --run, or leave --run out"
    )]
    OtherDay {
        /// Id of the run.
        run_id: String,
        /// As-of date of the run.
        as_of: String,
        /// Day on which the month is counted.
        day: String,
    },
    /// A table that says what was paid, or what is known now, is missing.
    #[error(
        "the run {run_id} was published without the table `{table}` as this version writes it; add it to `tables` of the job and run it again"
    )]
    NoTable {
        /// Id of the run.
        run_id: String,
        /// Name of the table.
        table: &'static str,
    },
}
