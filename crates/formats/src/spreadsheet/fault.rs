//! Faults of workbooks. Messages show names of sheets, but no values.

use super::limits;
use crate::container::ContainerError;
use crate::xml::DocumentCause;

/// Reasons why a workbook, or a sheet of it, cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SpreadsheetFault {
    /// An error of the archive that holds the workbook.
    #[error("the workbook cannot be unpacked: {0}")]
    Archive(#[from] ContainerError),
    /// A part that must be there.
    #[error("the workbook has no part `{part}`; save it again")]
    Missing {
        /// Name of the part.
        part: String,
    },
    /// A part that is no XML, or ends too early.
    #[error("the workbook is damaged in its part `{part}`: {cause}; save it again")]
    Part {
        /// Name of the part.
        part: String,
        /// The fault of the part.
        cause: DocumentCause,
    },
    /// A part with a contradiction.
    #[error("the workbook is damaged in its part `{part}`: {why}; save it again")]
    Contradiction {
        /// Name of the part.
        part: String,
        /// The contradiction.
        why: &'static str,
    },
    /// A workbook that only opens with a password.
    #[error("the workbook is protected by a password; save it without one")]
    Password,
    /// A workbook in the binary form of new Excel.
    #[error("a binary workbook (.xlsb) is not read; save it as .xlsx")]
    Binary,
    /// Another document in the container of old Office programs.
    #[error("the file is a document of an old Office program, and no workbook; save the list as .xlsx")]
    NoWorkbook,
    /// A workbook from before Excel 5.
    #[error("a workbook of a program from before Excel 97 is not read; save it as .xlsx")]
    Old,
    /// A container of old Office programs that does not hold together.
    #[error("the workbook is damaged: {why}; save it again")]
    Compound {
        /// The fault of the container.
        why: &'static str,
    },
    /// A workbook without a sheet of cells.
    #[error("the workbook has no sheet of cells; save the list again")]
    NoSheet,
    /// A workbook over [`limits::HELD_BYTES`].
    #[error("the workbook takes more than {} MiB of memory, the limit; save it as .xlsx, unpacked, or as CSV", limits::HELD_BYTES >> 20)]
    TooLarge,
    /// Texts over [`limits::TEXTS_BYTES`].
    #[error("the workbook has texts of more than {} MiB, the limit; split it, or save it as CSV", limits::TEXTS_BYTES >> 20)]
    Texts,
    /// A sheet that gives more than [`limits::RATIO`] allows.
    #[error(
        "a sheet of the workbook of {file_bytes} bytes gives more than {budget_bytes}, over {} times its size, the limit; save the list as CSV",
        limits::RATIO
    )]
    Ratio {
        /// Bytes of the file.
        file_bytes: u64,
        /// Bytes that a sheet may give.
        budget_bytes: u64,
    },
}
