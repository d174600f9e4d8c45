//! Flaws of records in documents without lines. A flawed record has no fields; the records behind it are read.

use sverka_formats::xml::RecordCause;

/// Reasons why a record has no fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum RecordFlaw {
    /// A row of a DBF table that begins with neither a blank nor `*`.
    #[error("a row that begins with neither a blank nor `*`, the marks of rows; the table is damaged here, get it again")]
    RowMark,
    /// A row of a Parquet file whose values are too long.
    #[error("values of more than {} bytes together; this is no row of a register", sverka_formats::parquet_rows::ROW_BYTES)]
    TooLong,
    /// A number of a spreadsheet that has lost digits, or may have.
    #[error(
        "a cell holds a number of 15 digits or more, such as an ENP kept as a number: spreadsheets keep 15 digits and lose the rest; have the column made text, \
         the numbers entered anew, and the list saved again"
    )]
    LongNumber,
    /// A faulty record of an XML document.
    #[error(transparent)]
    Xml(RecordCause),
}

impl RecordFlaw {
    /// Whether the flaw is one of a column, so that many rows of the sender have it. Then the flaw is an event of the
    /// run, not a remark.
    #[must_use]
    pub fn concerns_column(self) -> bool {
        self == Self::LongNumber
    }
}
