//! Errors of tables. Messages show names of columns, but no values.

/// Reasons why a table cannot be read, or breaks. Every whole row before the break has been given.
#[derive(Debug, thiserror::Error)]
pub enum DbfError {
    /// An input that failed.
    #[error("byte {offset}: the table cannot be read: {cause}")]
    Read {
        /// Byte of the input up to which it was read.
        offset: u64,
        /// The cause; an error of containers can be found in it.
        cause: std::io::Error,
    },
    /// An input that ends within the header.
    #[error("the table ends within its header, at byte {offset}; it was cut off, get it again")]
    HeaderCut {
        /// Byte at which the input ends.
        offset: u64,
    },
    /// A first byte that is no version that is read.
    #[error(
        "the first byte is {version:#04x}, which is no dBASE III, dBASE IV or FoxPro table; convert it, or choose another layout"
    )]
    Version {
        /// The first byte.
        version: u8,
    },
    /// Numbers of the header that contradict each other.
    #[error("the header is damaged: {why}; get the table again")]
    Header {
        /// The contradiction.
        why: &'static str,
    },
    /// Columns that do not fill a row.
    #[error(
        "the header is damaged: its columns take {columns_bytes} bytes with the mark, its rows {row_bytes}; get the table again"
    )]
    RowLength {
        /// Bytes of the columns and of the mark of deletion.
        columns_bytes: usize,
        /// Bytes of a row by the header.
        row_bytes: usize,
    },
    /// More columns than a table may have.
    #[error("more than {} columns; this is no register", super::COLUMNS)]
    TooManyColumns,
    /// A wanted column that is not written as text.
    #[error("column `{column}` is of kind `{kind}`, which is not read; write it as text (C), number (N) or date (D)")]
    KindNotRead {
        /// The column.
        column: String,
        /// The letter of its kind.
        kind: String,
    },
    /// A wanted column that stands twice.
    #[error("column `{column}` stands twice; name the two apart")]
    ColumnTwice {
        /// The column.
        column: String,
    },
    /// An input that ends within a row.
    #[error(
        "row {row} at byte {offset}: the table ends after {found_bytes} of its {row_bytes} bytes; it was cut off, get it again"
    )]
    Cut {
        /// Number of the row, from 1.
        row: u64,
        /// Byte at which the row begins.
        offset: u64,
        /// Bytes of the row that are there.
        found_bytes: usize,
        /// Bytes that a row has.
        row_bytes: usize,
    },
    /// A row that begins with a byte that is no mark.
    #[error(
        "row {row} at byte {offset} begins with {mark:#04x} instead of a blank or `*`; the table is damaged here, get it again"
    )]
    Mark {
        /// Number of the row, from 1.
        row: u64,
        /// Byte at which the row begins.
        offset: u64,
        /// The byte in place of the mark.
        mark: u8,
    },
    /// An end mark before the declared number of rows, with more bytes behind it.
    #[error(
        "the end mark stands in place of row {row} of {declared}, at byte {offset}, and more follows; the table is damaged here, get it again"
    )]
    EndMark {
        /// Number of the row, from 1.
        row: u64,
        /// Rows that the header declares.
        declared: u64,
        /// Byte of the mark.
        offset: u64,
    },
}
