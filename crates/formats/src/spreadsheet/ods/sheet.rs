//! Sheets and their rows, read while the part is unpacked.

use std::collections::BTreeSet;

use crate::spreadsheet::Sheet;
use crate::spreadsheet::archive::{ODS_CONTENT, PartEvents, Parts, broken};
use crate::spreadsheet::cell::{CellValue, SheetRow};
use crate::spreadsheet::fault::SpreadsheetFault;
use crate::spreadsheet::limits::{Account, COLUMNS, ROW_BYTES, ROWS};
use crate::spreadsheet::moment::Epoch;
use crate::xml::{StartedElement, XmlEvent};

/// The end tag of a sheet, as all programs write it.
const SHEET_END: &[u8] = b"</table:table>";

/// The sheets, and the epoch of dates.
pub(super) fn listed(parts: &Parts<'_>) -> Result<(Vec<Sheet>, Epoch), SpreadsheetFault> {
    let mut events = parts.events(ODS_CONTENT)?;
    let (mut sheets, mut hidden, mut epoch) = (Vec::new(), BTreeSet::new(), Epoch::Of1899);
    let mut style = None;
    while let Some(event) = events.next_event().map_err(broken(ODS_CONTENT))? {
        let XmlEvent::Start(tag) = event else { continue };
        match tag.name {
            b"style" => style = tag.text("name"),
            b"table-properties" if tag.raw("display") == Some(b"false") => hidden.extend(style.take()),
            b"null-date" if tag.raw("date-value").is_some_and(|day| day.starts_with(b"1904")) => epoch = Epoch::Of1904,
            b"table" => {
                let name = tag.text_prefixed("table:name").unwrap_or_default();
                let is_hidden = tag.text_prefixed("table:style-name").is_some_and(|style| hidden.contains(&style));
                let is_empty = tag.is_empty;
                sheets.push(Sheet { name, is_hidden });
                if !is_empty {
                    skip_sheet(&mut events)?;
                }
            }
            _ => {}
        }
    }
    Ok((sheets, epoch))
}

/// Skips the rest of the sheet that has begun.
fn skip_sheet(events: &mut PartEvents<'_>) -> Result<(), SpreadsheetFault> {
    events.skip_element(SHEET_END).map_err(broken(ODS_CONTENT))
}

/// A cell under way, and its number of repetitions side by side.
struct OpenCell {
    column: u32,
    repeats: u32,
    value: OpenValue,
}

enum OpenValue {
    /// The text of the cell's paragraphs.
    Text,
    /// The value of the cell's attributes.
    Known(CellValue),
    /// A date in ISO form.
    Iso(String),
    /// The text of an attribute.
    Attribute(String),
    /// No value: a merged cell covers the cell.
    Covered,
}

/// Gives the rows of a sheet.
pub(super) fn rows(
    parts: &Parts<'_>,
    sheet: usize,
    account: &mut Account,
    visit: &mut dyn FnMut(&SheetRow) -> bool,
) -> Result<(), SpreadsheetFault> {
    let mut events = parts.events(ODS_CONTENT)?;
    let mut before = sheet;
    while let Some(event) = events.next_event().map_err(broken(ODS_CONTENT))? {
        let XmlEvent::Start(tag) = event else { continue };
        if tag.name != b"table" {
            continue;
        }
        match (before, tag.is_empty) {
            (0, true) => return Ok(()),
            (0, false) => return Rows::default().read(&mut events, account, visit),
            (_, is_empty) => {
                before -= 1;
                if !is_empty {
                    skip_sheet(&mut events)?;
                }
            }
        }
    }
    Err(contradiction("a sheet that was there is gone"))
}

fn contradiction(why: &'static str) -> SpreadsheetFault {
    SpreadsheetFault::Contradiction { part: ODS_CONTENT.to_owned(), why }
}

/// The row under way.
#[derive(Default)]
struct Rows {
    row: SheetRow,
    /// Number of repetitions of the row, one below the other.
    repeats: u32,
    next_row: u32,
    next_column: u32,
    cell: Option<OpenCell>,
    text: String,
    paragraphs: u32,
    is_paragraph: bool,
    /// Number of open elements that do not belong to the text of the cell: comments and drawings.
    foreign: u32,
    /// Number of open sheets inside of cells.
    nested: u32,
}

impl Rows {
    fn read(
        mut self,
        events: &mut PartEvents<'_>,
        account: &mut Account,
        visit: &mut dyn FnMut(&SheetRow) -> bool,
    ) -> Result<(), SpreadsheetFault> {
        let mut is_done = false;
        // The part is read to its end: only at the end the archive shows whether it is whole.
        while let Some(event) = events.next_event().map_err(broken(ODS_CONTENT))? {
            if is_done {
                continue;
            }
            match event {
                XmlEvent::Text(text) if self.is_paragraph && self.foreign == 0 => self.push_text(text),
                XmlEvent::Text(_) => {}
                XmlEvent::Start(tag) => self.start(&tag)?,
                XmlEvent::End(_) if self.foreign > 0 => self.foreign -= 1,
                XmlEvent::End(b"table") if self.nested > 0 => self.nested -= 1,
                XmlEvent::End(b"table") => is_done = true,
                XmlEvent::End(b"table-row") if self.nested == 0 => {
                    if !self.end_row(account, visit)? {
                        return Ok(());
                    }
                }
                XmlEvent::End(name) => self.end(name)?,
            }
        }
        Ok(())
    }

    fn push_text(&mut self, text: &str) {
        if self.text.len() <= ROW_BYTES {
            self.text.push_str(text);
        }
    }

    fn start(&mut self, tag: &StartedElement<'_>) -> Result<(), SpreadsheetFault> {
        if self.foreign > 0 || is_foreign(tag.name) {
            self.foreign += u32::from(!tag.is_empty);
            return Ok(());
        }
        match tag.name {
            b"table" => self.nested += u32::from(!tag.is_empty),
            _ if self.nested > 0 => {}
            b"table-row" => {
                self.repeats = repeats(tag, "table:number-rows-repeated");
                let is_hidden = matches!(tag.raw_prefixed("table:visibility"), Some(b"collapse" | b"filter"));
                self.row.begin(self.next_row + 1, is_hidden);
                self.next_column = 0;
                if tag.is_empty {
                    self.next_row = self.next_row.saturating_add(self.repeats);
                }
            }
            b"table-cell" | b"covered-table-cell" => {
                let repeats = repeats(tag, "table:number-columns-repeated");
                let column = self.next_column;
                self.next_column = column.saturating_add(repeats);
                let value = if tag.name == b"covered-table-cell" { OpenValue::Covered } else { value_of(tag) };
                (self.paragraphs, self.is_paragraph) = (0, false);
                self.text.clear();
                self.cell = Some(OpenCell { column, repeats, value });
                if tag.is_empty {
                    self.end_cell()?;
                }
            }
            b"p" if self.cell.is_some() => {
                if self.paragraphs > 0 {
                    self.push_text("\n");
                }
                self.paragraphs += 1;
                self.is_paragraph = !tag.is_empty;
            }
            b"s" if self.is_paragraph => {
                const MOST_BLANKS: usize = 1024;
                let blanks = tag.raw("c").and_then(|count| str::from_utf8(count).ok()?.parse().ok()).unwrap_or(1_usize);
                self.push_text(&" ".repeat(blanks.min(MOST_BLANKS)));
            }
            b"tab" if self.is_paragraph => self.push_text("\t"),
            b"line-break" if self.is_paragraph => self.push_text("\n"),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) -> Result<(), SpreadsheetFault> {
        match name {
            b"p" => self.is_paragraph = false,
            b"table-cell" | b"covered-table-cell" if self.nested == 0 => self.end_cell()?,
            _ => {}
        }
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), SpreadsheetFault> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let is_blank = match &cell.value {
            OpenValue::Covered => true,
            OpenValue::Text => self.text.trim().is_empty(),
            OpenValue::Iso(text) | OpenValue::Attribute(text) => text.trim().is_empty(),
            OpenValue::Known(_) => false,
        };
        if is_blank {
            return Ok(());
        }
        if cell.column.saturating_add(cell.repeats) > COLUMNS {
            return Err(contradiction("a cell in a column that no sheet has"));
        }
        for column in cell.column..cell.column + cell.repeats {
            match &cell.value {
                OpenValue::Covered => {}
                OpenValue::Text => self.row.push_text(column, &self.text),
                OpenValue::Attribute(text) => self.row.push_text(column, text),
                OpenValue::Iso(text) => self.row.push_iso(column, text),
                OpenValue::Known(value) => self.row.push(column, value.clone()),
            }
            if self.row.text_bytes() > 2 * ROW_BYTES {
                return Err(contradiction("a row of more text than any has"));
            }
        }
        Ok(())
    }

    /// Gives the row once for each repetition. Returns whether more rows are wanted.
    fn end_row(&mut self, account: &mut Account, visit: &mut dyn FnMut(&SheetRow) -> bool) -> Result<bool, SpreadsheetFault> {
        let first = self.next_row + 1;
        self.next_row = self.next_row.saturating_add(self.repeats);
        if self.row.cells().is_empty() {
            return Ok(true);
        }
        if self.next_row > ROWS {
            return Err(contradiction("a row behind the last one that a sheet has"));
        }
        for number in first..=self.next_row {
            account.add(self.row.cells().len(), self.row.text_bytes())?;
            self.row.repeat_at(number);
            if !visit(&self.row) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether an element in a cell does not belong to its text.
fn is_foreign(name: &[u8]) -> bool {
    matches!(
        name,
        b"annotation" | b"frame" | b"custom-shape" | b"shapes" | b"ruby-text" | b"note" | b"g" | b"line" | b"rect" | b"control"
    )
}

fn repeats(tag: &StartedElement<'_>, name: &str) -> u32 {
    tag.raw_prefixed(name).and_then(|count| str::from_utf8(count).ok()?.parse().ok()).unwrap_or(1).max(1)
}

/// The value of a cell by its attributes.
fn value_of(tag: &StartedElement<'_>) -> OpenValue {
    if tag.raw_prefixed("calcext:value-type") == Some(b"error") {
        return OpenValue::Known(CellValue::Error);
    }
    let number = |name| tag.raw_prefixed(name).and_then(|number| str::from_utf8(number).ok()?.trim().parse::<f64>().ok());
    let found = match tag.raw_prefixed("office:value-type") {
        Some(b"float" | b"percentage" | b"currency") => {
            number("office:value").map(|number| OpenValue::Known(CellValue::Number(number)))
        }
        Some(b"date") => tag.text_prefixed("office:date-value").map(OpenValue::Iso),
        Some(b"boolean") => {
            tag.raw_prefixed("office:boolean-value").map(|truth| OpenValue::Known(CellValue::Boolean(truth == b"true")))
        }
        Some(b"string") => tag.text_prefixed("office:string-value").filter(|text| !text.is_empty()).map(OpenValue::Attribute),
        None if tag.raw_prefixed("table:formula").is_some() => Some(OpenValue::Known(CellValue::WithoutValue)),
        // Times of day are read as the text that the program shows.
        _ => None,
    };
    found.unwrap_or(OpenValue::Text)
}
