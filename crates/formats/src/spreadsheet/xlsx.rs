//! `.xlsx`: a ZIP archive of XML parts (ECMA-376).
//!
//! ```text
//! _rels/.rels                 name of the workbook's part
//! xl/workbook.xml             sheets by name, the epoch
//! xl/_rels/workbook.xml.rels  names of the parts of sheets, texts and formats
//! xl/sharedStrings.xml        texts, by number          (strings.rs)
//! xl/styles.xml               formats that are dates    (styles.rs)
//! xl/worksheets/sheet1.xml    rows of cells             (sheet.rs)
//! ```

mod sheet;
mod strings;
mod styles;

use std::cell::OnceCell;

use super::Sheet;
use super::archive::{Parts, broken};
use super::cell::SheetRow;
use super::fault::SpreadsheetFault;
use super::limits::Account;
use super::moment::Epoch;
use crate::xml::XmlEvent;

/// A workbook.
pub(super) struct Book<'b> {
    parts: Parts<'b>,
    /// The part of each sheet.
    sheets: Vec<String>,
    strings_part: Option<String>,
    /// The texts, read when they are needed first.
    strings: OnceCell<strings::Strings>,
    /// Whether each format of cells shows a date.
    dates: Vec<bool>,
}

/// A link from the workbook to another part.
struct Link {
    id: String,
    /// The last word of the link's kind, such as `worksheet`.
    kind: String,
    part: String,
}

/// A sheet as the workbook lists it.
struct ListedSheet {
    sheet: Sheet,
    link: String,
}

const USUAL_WORKBOOK: &str = "xl/workbook.xml";
const BINARY_WORKBOOK: &str = "xl/workbook.bin";

impl<'b> Book<'b> {
    /// Opens the workbook of an archive.
    pub fn open(parts: Parts<'b>) -> Result<(Vec<Sheet>, Epoch, Self), SpreadsheetFault> {
        let workbook = main_part(&parts)?;
        if workbook.to_ascii_lowercase().ends_with(".bin") || (!parts.has(&workbook) && parts.has(BINARY_WORKBOOK)) {
            return Err(SpreadsheetFault::Binary);
        }
        if !parts.has(&workbook) {
            return Err(SpreadsheetFault::Missing { part: workbook });
        }
        let (folder, name) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
        let links = links(&parts, &format!("{folder}/_rels/{name}.rels"), folder)?;
        let (listed, epoch) = listed_sheets(&parts, &workbook)?;
        let (mut sheets, mut of_sheets) = (Vec::new(), Vec::new());
        for ListedSheet { sheet, link } in listed {
            let Some(link) = links.iter().find(|known| known.id == link) else {
                return Err(SpreadsheetFault::Contradiction { part: workbook, why: "it lists a sheet that is not there" });
            };
            // Charts and dialogs are sheets, too.
            if link.kind == "worksheet" {
                sheets.push(sheet);
                of_sheets.push(link.part.clone());
            }
        }
        let part = |kind: &str| links.iter().find(|link| link.kind == kind).map(|link| link.part.clone());
        let dates =
            part("styles").filter(|part| parts.has(part)).map_or_else(|| Ok(Vec::new()), |part| styles::dates(&parts, &part))?;
        let strings_part = part("sharedStrings").filter(|part| parts.has(part));
        Ok((sheets, epoch, Self { parts, sheets: of_sheets, strings_part, strings: OnceCell::new(), dates }))
    }

    /// Gives the rows of a sheet.
    pub fn rows(
        &self,
        sheet: usize,
        account: &mut Account,
        visit: &mut dyn FnMut(&SheetRow) -> bool,
    ) -> Result<(), SpreadsheetFault> {
        let strings = match (self.strings.get(), &self.strings_part) {
            (Some(strings), _) => strings,
            (None, Some(part)) => {
                let read = strings::Strings::read(&self.parts, part)?;
                self.strings.get_or_init(|| read)
            }
            (None, None) => self.strings.get_or_init(strings::Strings::default),
        };
        sheet::rows(&self.parts, &self.sheets[sheet], sheet::CellTexts { strings, dates: &self.dates }, account, visit)
    }
}

/// The part that is the workbook.
fn main_part(parts: &Parts<'_>) -> Result<String, SpreadsheetFault> {
    const ROOT: &str = "_rels/.rels";
    if !parts.has(ROOT) {
        return Ok(USUAL_WORKBOOK.to_owned());
    }
    let of_kind = links(parts, ROOT, "")?.into_iter().find(|link| link.kind == "officeDocument");
    Ok(of_kind.map_or_else(|| USUAL_WORKBOOK.to_owned(), |link| link.part))
}

/// The links of a part; their targets are relative to `folder`.
fn links(parts: &Parts<'_>, part: &str, folder: &str) -> Result<Vec<Link>, SpreadsheetFault> {
    let (mut events, mut links) = (parts.events(part)?, Vec::new());
    while let Some(event) = events.next_event().map_err(broken(part))? {
        if let XmlEvent::Start(tag) = event
            && tag.name == b"Relationship"
            && let (Some(id), Some(kind), Some(target)) = (tag.text("Id"), tag.text("Type"), tag.text("Target"))
        {
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            links.push(Link { id, kind, part: joined(folder, &target) });
        }
    }
    Ok(links)
}

/// The name of a part that is linked from `folder`.
fn joined(folder: &str, target: &str) -> String {
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn listed_sheets(parts: &Parts<'_>, workbook: &str) -> Result<(Vec<ListedSheet>, Epoch), SpreadsheetFault> {
    let (mut events, mut sheets, mut epoch) = (parts.events(workbook)?, Vec::new(), Epoch::Of1900);
    while let Some(event) = events.next_event().map_err(broken(workbook))? {
        let XmlEvent::Start(tag) = event else { continue };
        match tag.name {
            b"workbookPr" if matches!(tag.raw("date1904"), Some(b"1" | b"true")) => epoch = Epoch::Of1904,
            b"sheet" => {
                // The id of the link; another attribute of this name without a prefix there is none.
                let (Some(name), Some(link)) = (tag.text("name"), tag.text("id")) else { continue };
                let is_hidden = matches!(tag.raw("state"), Some(b"hidden" | b"veryHidden"));
                sheets.push(ListedSheet { sheet: Sheet { name, is_hidden }, link });
            }
            _ => {}
        }
    }
    Ok((sheets, epoch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_from_their_folder_or_from_the_root() {
        for (folder, target, part) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "../other/./sheet.xml", "other/sheet.xml"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("xl", "../../../etc/passwd", "etc/passwd"),
        ] {
            assert_eq!(joined(folder, target), part);
        }
    }
}
