//! Tables of dBASE III and IV, FoxPro and Clipper (`.dbf`) to rows of bytes.
//!
//! A table has a header that names columns of fixed width, then rows that all have the same length:
//!
//! ```text
//! header   32 bytes: version, date, number of rows, length of header and row, code page mark
//!          32 bytes a column: name, kind, length …        0D behind the last one
//! rows     mark (blank or `*` for deleted) | column | column | …        1A behind the last row
//! ```
//!
//! [`DbfReader`] reads a table in one pass from a mapped file or from a member of an archive while it is unpacked.
//! Encodings and the meaning of values are not known here: a value is the bytes of its column without the padding. (The
//! header's code-page mark is given as it stands; many writers leave it 0.)
//!
//! # What is read
//!
//! Columns of kind `C`, `N`, `F`, `D` and `L`, which dBASE writes as text. Columns of other kinds (memo fields, binary numbers of Visual FoxPro) are
//! listed and skipped; [`DbfReader::find`] refuses them by name, so that none is ever taken for empty.
//! Rows that are marked as deleted are skipped, but counted.
//!
//! # What is forgiven, and what is not
//!
//! Programs disagree with the header about the end of a table. The declared number of rows may be too large or too small, the end mark may be missing, and
//! anything may follow it, as long as no row can be lost. Behind the declared number, rows are read on while their marks are right; rows of blanks are
//! left out, and other bytes are no row. [`DbfReader::row_count`] gives both numbers.
//! Before the declared number, a row without a right mark is a broken row ([`DbfRow::has_mark`]) if the rows behind it prove where it ends. Otherwise such
//! a row, an end mark with the length of a row behind it, and a row that is cut are faults. A fault comes after all rows before it. A header with columns
//! that do not fill a row exactly is refused, because nothing would tell which column has moved.
//!
//! # Memory and limits
//!
//! A reader holds a window of [`WINDOW_BYTES`] over the input, whatever its length, and allocates nothing per row. The numbers of the format
//! limit header and row to 64 KiB; [`COLUMNS`] limits the columns.
//!
//! # Why no library
//!
//! `dbase`, the one that is maintained, needs an input that can seek; a member of an archive cannot. The crate decodes
//! and allocates every value, and trusts the declared number of rows.

mod fault;
mod header;
mod reader;
#[cfg(test)]
mod tests;

pub use fault::DbfError;
pub use header::{DbfColumn, DbfKind};
pub use reader::{DbfReader, DbfRow, DbfRowCount};

/// Most columns of a table. Clipper allows 1023, dBASE IV 255.
pub const COLUMNS: usize = 1024;
/// Bytes of the input that are held at a time: several of the longest rows.
pub const WINDOW_BYTES: usize = 256 << 10;
const _: () = assert!(WINDOW_BYTES > 2 * u16::MAX as usize, "the window holds a header, and a row with what comes behind it");
