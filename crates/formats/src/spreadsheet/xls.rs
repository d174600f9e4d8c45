//! `.xls` of Excel 5 to 2003: a stream of records in a compound file ([MS-XLS], BIFF8; BIFF5 for older ones).
//!
//! ```text
//! globals   BOF, code page, epoch, formats, sheets with their offsets, texts, EOF
//! sheet     BOF, rows, cells, EOF
//! sheet     …
//! ```

mod globals;
mod records;
mod sheet;
mod texts;

use super::Sheet;
use super::cell::SheetRow;
use super::compound::CompoundFile;
use super::fault::SpreadsheetFault;
use super::limits::Account;
use super::moment::Epoch;

/// A workbook.
pub(super) struct Book {
    stream: Vec<u8>,
    globals: globals::Globals,
}

impl Book {
    /// Opens the workbook of a compound file.
    pub fn open(bytes: &[u8]) -> Result<(Vec<Sheet>, Epoch, Self), SpreadsheetFault> {
        let file = CompoundFile::open(bytes)?;
        if file.has("EncryptedPackage") {
            return Err(SpreadsheetFault::Password);
        }
        // Excel 5 and 95 have another name for the stream; a file for both has both.
        let stream = match file.stream("Workbook")? {
            Some(stream) => stream,
            None => file.stream("Book")?.ok_or(SpreadsheetFault::NoWorkbook)?,
        };
        let globals = globals::Globals::read(&stream)?;
        let sheets = globals.sheets.iter().map(|listed| listed.sheet.clone()).collect();
        Ok((sheets, globals.epoch, Self { stream, globals }))
    }

    /// Gives the rows of a sheet.
    pub fn rows(
        &self,
        sheet: usize,
        account: &mut Account,
        visit: &mut dyn FnMut(&SheetRow) -> bool,
    ) -> Result<(), SpreadsheetFault> {
        sheet::rows(&self.stream, self.globals.sheets[sheet].offset, &self.globals, account, visit)
    }
}
