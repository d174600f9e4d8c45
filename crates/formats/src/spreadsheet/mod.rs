//! Workbooks of spreadsheet programs to rows of cells: `.xlsx`, `.ods`, and the `.xls` of Excel 97 to 2003.
//!
//! ```text
//! Workbook::open(bytes) ─ sheets()                    names, and which are hidden
//!                       └ rows(sheet, visitor) ─ SheetRow: number, cells that are not empty
//! ```
//!
//! The kind of a file follows from its content, not its name. A cell is a text, a number, a moment, a truth value or an error, as the file has it; the
//! format of a cell tells whether its number is a date. The meaning of columns is not known here.
//!
//! # What is read
//!
//! The value of a formula is the one that the program stored; a formula without a stored value has a kind of its own. The first of merged cells has the
//! value. Hidden rows and sheets are read, and marked as hidden. Comments, pictures and drawings are skipped.
//!
//! # Memory and limits
//!
//! Rows of `.xlsx` and `.ods` are read while the sheet is unpacked; memory holds one row and, for `.xlsx`, the table of texts. All cells of a sheet of `.xls`
//! are in memory, 24 bytes each, because they may come in any order. No number in a file is trusted: members are unpacked with the [`limits`] of archives,
//! rows and columns have the limits of the programs, and cells are counted ([`limits::Account`]), because one cell may be repeated a thousand million times.
//!
//! # Why no library
//!
//! calamine, the one that is maintained, holds a sheet as a dense table: it believes row counts and repetitions, so two
//! cells in opposite corners cost all memory. It does not tell hidden rows. It brings another reader of ZIP and another
//! one of XML; the project has its own, with limits.

mod archive;
mod cell;
mod compound;
mod fault;
pub mod limits;
#[doc(hidden)]
pub mod made;
mod moment;
mod ods;
#[cfg(test)]
mod tests;
mod xls;
mod xlsx;

pub use cell::{Cell, CellValue, SheetRow};
pub use fault::SpreadsheetFault;
pub use limits::{HELD_BYTES, ROW_BYTES, ROWS};
pub use moment::{Epoch, Moment};

use crate::container::Kind;

/// First bytes of a file of OLE2, the container of `.xls` and of protected workbooks.
const COMPOUND_MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// An open workbook.
pub struct Workbook<'b> {
    file_bytes: u64,
    sheets: Vec<Sheet>,
    epoch: Epoch,
    book: Book<'b>,
}

enum Book<'b> {
    Xlsx(xlsx::Book<'b>),
    Ods(ods::Book<'b>),
    Xls(xls::Book),
}

/// A sheet of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Name of the sheet.
    pub name: String,
    /// Whether the program hides the sheet.
    pub is_hidden: bool,
}

impl<'b> Workbook<'b> {
    /// Whether a file is a workbook, even one that is not read and has to be refused.
    #[must_use]
    pub fn is_workbook(bytes: &[u8]) -> bool {
        bytes.starts_with(&COMPOUND_MAGIC) || (bytes.starts_with(b"PK") && Kind::of_file(bytes) == Kind::Plain)
    }

    /// First bytes that [`Self::may_be_workbook`] needs.
    pub const HEAD_BYTES: usize = 8;

    /// Whether a member of an archive is a workbook, by its first bytes. Other archives inside of archives are no documents.
    #[must_use]
    pub fn may_be_workbook(head: &[u8]) -> bool {
        head.starts_with(&COMPOUND_MAGIC) || head.starts_with(b"PK\x03\x04")
    }

    /// Opens a workbook and reads the list of its sheets.
    ///
    /// # Errors
    /// When it is no workbook, one that is protected by a password, or a damaged one.
    pub fn open(bytes: &'b [u8]) -> Result<Self, SpreadsheetFault> {
        let (sheets, epoch, book) = if bytes.starts_with(&COMPOUND_MAGIC) {
            let (sheets, epoch, book) = xls::Book::open(bytes)?;
            (sheets, epoch, Book::Xls(book))
        } else {
            let parts = archive::Parts::open(bytes)?;
            if parts.has(archive::ODS_CONTENT) {
                let (sheets, epoch, book) = ods::Book::open(parts)?;
                (sheets, epoch, Book::Ods(book))
            } else {
                let (sheets, epoch, book) = xlsx::Book::open(parts)?;
                (sheets, epoch, Book::Xlsx(book))
            }
        };
        if sheets.is_empty() {
            return Err(SpreadsheetFault::NoSheet);
        }
        Ok(Self { file_bytes: bytes.len() as u64, sheets, epoch, book })
    }

    /// The sheets of cells, in their order.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// The day from which numbers of days count.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Gives the rows of a sheet that are not empty to a visitor, in their order, until it returns `false`.
    ///
    /// # Errors
    /// When the sheet breaks, or gives more than a file of this size may.
    ///
    /// # Panics
    /// When there is no such sheet.
    pub fn rows(&self, sheet: usize, visit: &mut dyn FnMut(&SheetRow) -> bool) -> Result<(), SpreadsheetFault> {
        assert!(sheet < self.sheets.len(), "there is no such sheet");
        let mut account = limits::Account::new(self.file_bytes);
        match &self.book {
            Book::Xlsx(book) => book.rows(sheet, &mut account, visit),
            Book::Ods(book) => book.rows(sheet, &mut account, visit),
            Book::Xls(book) => book.rows(sheet, &mut account, visit),
        }
    }
}
