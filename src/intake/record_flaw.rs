//! Flaws of one record of a document without lines, so that it has no fields and the records behind it are read.

use super::xml::RecordCause;

/// Why a record has no fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum RecordFlaw {
    /// A row of a DBF table begins with neither a blank nor `*`.
    #[error("a row that begins with neither a blank nor `*`, the marks of rows; the table is damaged here, get it again")]
    RowMark,
    /// The values of a row of a Parquet file are too long.
    #[error("values of more than {} bytes together; this is no row of a register", super::parquet_rows::limits::ROW_BYTES)]
    TooLong,
    /// A record of an XML document.
    #[error(transparent)]
    Xml(RecordCause),
}
