//! Result sets: computed rows that a command shows as a text table, or writes as CSV, JSON or Parquet.
//!
//! [`BatchResult`] holds rows of Arrow. The answers of SQL (feature `query`) are the other implementation, over the types of their engine.

mod batch;
mod text;

use std::io::{self, Write};

pub use batch::BatchResult;
pub(crate) use text::write_text_table;

/// Rows in the formats that users can ask for.
pub trait ResultSet {
    /// Error of rows that cannot be computed or written.
    type Error: ResultError;

    /// Writes text for people: at most `rows_max` rows, for a terminal of `width` columns (`None`: lines of any length), and the number of rows.
    ///
    /// # Errors
    /// When the rows cannot be computed or `out` cannot be written.
    fn write_table(&self, out: &mut dyn Write, rows_max: Option<usize>, width: Option<usize>) -> Result<(), Self::Error>;

    /// Writes RFC 4180 CSV with a header; the elements of a list are joined by `|`.
    ///
    /// # Errors
    /// As [`Self::write_table`].
    fn write_csv(&self, out: &mut dyn Write) -> Result<(), Self::Error>;

    /// Writes one JSON array of objects.
    ///
    /// # Errors
    /// As [`Self::write_table`].
    fn write_json(&self, out: &mut dyn Write) -> Result<(), Self::Error>;

    /// Writes one Parquet file.
    ///
    /// # Errors
    /// As [`Self::write_table`].
    fn write_parquet(&self, out: &mut dyn Write) -> Result<(), Self::Error>;
}

/// An error of a result set. It distinguishes a full disk or a closed pipe from rows that cannot be computed.
pub trait ResultError: From<io::Error> {
    /// The cause, when the destination refused the bytes.
    ///
    /// # Errors
    /// The error itself, when it is about the rows.
    fn into_write_cause(self) -> Result<io::Error, Self>;
}

/// The error of computed rows that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the rows: {0}")]
pub struct WriteError(#[from] pub io::Error);

impl ResultError for WriteError {
    fn into_write_cause(self) -> Result<io::Error, Self> {
        Ok(self.0)
    }
}
