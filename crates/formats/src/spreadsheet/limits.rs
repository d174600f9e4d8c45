//! Limits on the cost of a workbook: those of archives for unpacked bytes, and the same for the texts of cells.
//!
//! A text is stored once and used by any number of cells, and a row or cell of `.ods` may be repeated a million times. Lists unpack to 5 to 30 times the size of
//! their file.

use super::SpreadsheetFault;
use crate::container::Limits;

/// Most bytes of the cells of a sheet for each byte of the file.
pub const RATIO: u64 = 200;
/// Bytes that a sheet of a file of any size may give: this bounds the cost of small files.
pub const ANY_RATIO_BYTES: u64 = 64 << 20;
/// Bytes that count for each cell in addition to its text.
const CELL_BYTES: u64 = 4;
/// Most columns of a sheet, in any program.
pub const COLUMNS: u32 = 16_384;
/// Most rows of a sheet, in any program.
pub const ROWS: u32 = 1 << 20;
/// Most bytes of the table of texts of a workbook.
pub const TEXTS_BYTES: usize = 1 << 30;
/// Most bytes of the text of one row. A longer row is refused; the other rows are read.
pub const ROW_BYTES: usize = 1 << 20;
/// Most bytes of a workbook in an archive, and of the stream of an `.xls`: both are held in memory.
pub const HELD_BYTES: u64 = 512 << 20;

/// The limits of the archive that a workbook is.
pub(super) fn of_archive() -> Limits {
    Limits { member_bytes: 8 << 30, total_bytes: 16 << 30, nesting: 0, ..Limits::default() }
}

/// The bytes that a sheet has given, and its limit.
#[derive(Debug)]
pub struct Account {
    file_bytes: u64,
    budget_bytes: u64,
    given_bytes: u64,
}

impl Account {
    pub(super) fn new(file_bytes: u64) -> Self {
        let budget_bytes = file_bytes.saturating_mul(RATIO).max(ANY_RATIO_BYTES);
        Self { file_bytes, budget_bytes, given_bytes: 0 }
    }

    /// Notes cells and the bytes of their texts.
    #[inline]
    pub(super) fn add(&mut self, cells: usize, text_bytes: usize) -> Result<(), SpreadsheetFault> {
        self.given_bytes = self.given_bytes.saturating_add(CELL_BYTES * cells as u64 + text_bytes as u64);
        if self.given_bytes > self.budget_bytes {
            return Err(SpreadsheetFault::Ratio { file_bytes: self.file_bytes, budget_bytes: self.budget_bytes });
        }
        Ok(())
    }
}
