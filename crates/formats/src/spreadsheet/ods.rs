//! `.ods`: a ZIP archive with one XML part for all sheets (OpenDocument, ISO/IEC 26300).
//!
//! Rows and cells may be repeated; blank ones fill a sheet up to its end in this way. Styles before the sheets show
//! which sheets are hidden.

mod sheet;

use super::Sheet;
use super::archive::{ODS_CONTENT, Parts, broken};
use super::cell::SheetRow;
use super::fault::SpreadsheetFault;
use super::limits::Account;
use super::moment::Epoch;
use crate::xml::XmlEvent;

/// A workbook.
pub(super) struct Book<'b> {
    parts: Parts<'b>,
}

/// The part with the list of encrypted parts.
const MANIFEST: &str = "META-INF/manifest.xml";

impl<'b> Book<'b> {
    /// Opens the workbook of an archive.
    pub fn open(parts: Parts<'b>) -> Result<(Vec<Sheet>, Epoch, Self), SpreadsheetFault> {
        if parts.has(MANIFEST) && is_encrypted(&parts)? {
            return Err(SpreadsheetFault::Password);
        }
        let (sheets, epoch) = sheet::listed(&parts)?;
        Ok((sheets, epoch, Self { parts }))
    }

    /// Gives the rows of a sheet.
    pub fn rows(
        &self,
        sheet: usize,
        account: &mut Account,
        visit: &mut dyn FnMut(&SheetRow) -> bool,
    ) -> Result<(), SpreadsheetFault> {
        sheet::rows(&self.parts, sheet, account, visit)
    }
}

fn is_encrypted(parts: &Parts<'_>) -> Result<bool, SpreadsheetFault> {
    let mut events = parts.events(MANIFEST)?;
    let mut is_content = false;
    while let Some(event) = events.next_event().map_err(broken(MANIFEST))? {
        let XmlEvent::Start(tag) = event else { continue };
        match tag.name {
            b"file-entry" => is_content = tag.raw("full-path").is_some_and(|path| path == ODS_CONTENT.as_bytes()),
            b"encryption-data" if is_content => return Ok(true),
            _ => {}
        }
    }
    Ok(false)
}
