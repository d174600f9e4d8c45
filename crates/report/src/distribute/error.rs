//! Errors of distributing.

use std::path::PathBuf;

use crate::published::PublishedError;
use sverka_publish::PublishError;

/// People cannot be distributed, or the proposal cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum DistributeError {
    /// There is no such run.
    #[error(transparent)]
    Run(#[from] PublishedError),
    /// The manifest of the run cannot be read.
    #[error(transparent)]
    Manifest(#[from] PublishError),
    /// The manifest of the run, made by an earlier version, has no insurers.
    #[error("the run {run_id} does not tell of its insurers; it was made by an older sverka: run the job again")]
    OldRun {
        /// The run.
        run_id: String,
    },
    /// The run was published without a table that is needed.
    #[error("the run {run_id} has no table `{table}`; add it to `tables` in the job and run it again")]
    NoTable {
        /// The run.
        run_id: String,
        /// The table.
        table: &'static str,
    },
    /// A table cannot be read.
    #[error("cannot read `{}`: {problem}", .file.display())]
    Table {
        /// File of the table.
        file: PathBuf,
        /// Problem with the file.
        problem: String,
    },
    /// No insurer can take the people.
    #[error(
        "no insurer of region {region} remains that has insured people on {as_of} and is not about to close; \
         add the insurers that take over to the table of insurers"
    )]
    NobodyRemains {
        /// The region.
        region: String,
        /// The as-of date of the run.
        as_of: String,
    },
    /// The proposal would lie in the folder of the run.
    #[error("`{}` lies in the folder of the run, which never changes; name a file elsewhere", .file.display())]
    InsideRun {
        /// The file that was asked for.
        file: PathBuf,
    },
    /// The file has another ending.
    #[error("`{}` does not end in .csv or .parquet; the proposal is written as one of these", .file.display())]
    Ending {
        /// The file that was asked for.
        file: PathBuf,
    },
    /// The proposal cannot be written.
    #[error("cannot write `{}`: {cause}", .file.display())]
    Write {
        /// The file.
        file: PathBuf,
        /// Error of the system.
        cause: std::io::Error,
    },
}
