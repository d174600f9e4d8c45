//! Tables of dBASE III and IV, FoxPro and Clipper (`.dbf`) to rows of bytes.
//!
//! A header that names columns of fixed width, then rows that all have the same length. [`DbfReader`] reads them in one pass from anything that
//! reads: a mapped file, or a member of an archive while it is unpacked. Neither encodings nor the meaning of values are known here: a value is the bytes of its
//! column without the blanks that fill it up, and whoever asks decodes them. (The header's own mark of a code page is given as it stands; many writers leave it 0.)
//!
//! # What is read
//!
//! Columns of kind `C`, `N`, `F`, `D` and `L`, which dBASE writes as text. Columns of other kinds (memo fields, binary numbers of Visual FoxPro) are
//! listed and passed over; [`DbfReader::find`] refuses them by name, so that none is ever taken for empty.
//! Rows that are marked as deleted are not given, but have their numbers.
//!
//! # What is forgiven, and what is not
//!
//! Nobody's program agrees with the header about where a table ends. The number of rows in it may be too large or too small, the end mark may be
//! missing, and anything may stand behind it, as long as no row can be lost: behind the declared number rows are read on while their marks are right, those of blanks
//! alone left out, and what cannot be a row there is none. [`DbfReader::row_count`] tells both numbers.
//! Before the declared number, a mark that is none is a broken row ([`DbfRow::has_mark`]) when the rows behind it prove where it ends. Else such a mark, an end mark with the
//! length of a row behind it, and a row that is not whole are faults. Such a fault comes after all rows before it were given. A header whose columns do not fill a row exactly is refused:
//! nothing would tell which column moved.
//!
//! # Memory and limits
//!
//! A reader holds a window of [`WINDOW_BYTES`] over the input, whatever its length, and allocates nothing per row. The format's own numbers
//! limit header and row to 64 KiB; columns have the limit of [`COLUMNS`].
//!
//! # Why no library
//!
//! `dbase`, the one that is kept up, needs an input that can seek, which a member of an archive cannot; it decodes and allocates every value, and trusts the declared number of rows.

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
