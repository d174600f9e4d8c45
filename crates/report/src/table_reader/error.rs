//! Errors of reading a published table.

use std::io;
use std::path::PathBuf;

use arrow::error::ArrowError;
use parquet::errors::ParquetError;

/// The error of a table of a run that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read table {table} of the run: {problem}; run the job again with --force")]
pub struct ReadError {
    /// Name of the table.
    pub table: &'static str,
    /// File of the table.
    pub path: PathBuf,
    /// The problem with the file.
    pub problem: ReadProblem,
}

/// The problem with the file of a table.
#[derive(Debug, thiserror::Error)]
pub enum ReadProblem {
    /// The system does not open the file.
    #[error(transparent)]
    Open(#[from] io::Error),
    /// The file is no Parquet, or its metadata are damaged.
    #[error(transparent)]
    Parquet(#[from] ParquetError),
    /// The rows are damaged.
    #[error(transparent)]
    Rows(#[from] ArrowError),
    /// A column that is needed is missing or has another type.
    #[error(transparent)]
    Columns(ArrowError),
}
