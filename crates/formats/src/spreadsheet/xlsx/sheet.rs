//! The rows of a sheet, read while its part is unpacked.

use super::strings::{Strings, unescaped};
use crate::spreadsheet::archive::{Parts, broken};
use crate::spreadsheet::cell::{CellValue, SheetRow};
use crate::spreadsheet::fault::SpreadsheetFault;
use crate::spreadsheet::limits::{Account, COLUMNS, ROW_BYTES, ROWS};
use crate::xml::{StartedElement, XmlEvent};

/// The form in which the value of a cell is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Text,
    Boolean,
    Error,
    Iso,
}

/// The cell under way.
struct OpenCell {
    column: u32,
    kind: Kind,
    is_date: bool,
    has_formula: bool,
    has_value: bool,
}

/// The open elements around the text at hand.
#[derive(Default)]
struct Open {
    is_in_data: bool,
    row: SheetRow,
    has_row: bool,
    next_column: u32,
    cell: Option<OpenCell>,
    is_value: bool,
    is_spoken: bool,
    value: String,
}

/// The tables that the cells of a sheet refer to.
#[derive(Clone, Copy)]
pub(super) struct CellTexts<'s> {
    /// The texts of the workbook.
    pub strings: &'s Strings,
    /// Whether each format of cells shows a date.
    pub dates: &'s [bool],
}

/// Gives the rows of a sheet to a visitor, in the order of the part.
pub(super) fn rows(
    parts: &Parts<'_>,
    part: &str,
    texts: CellTexts<'_>,
    account: &mut Account,
    visit: &mut dyn FnMut(&SheetRow) -> bool,
) -> Result<(), SpreadsheetFault> {
    let contradiction = |why| SpreadsheetFault::Contradiction { part: part.to_owned(), why };
    let (mut events, mut open, mut last_row) = (parts.events(part)?, Open::default(), 0);
    // The part is read to its end: only at the end the archive shows whether it is whole.
    while let Some(event) = events.next_event().map_err(broken(part))? {
        match event {
            XmlEvent::Text(text) => {
                if open.is_value && open.value.len() <= ROW_BYTES {
                    open.value.push_str(text);
                }
            }
            XmlEvent::Start(tag) if !open.is_in_data => open.is_in_data = tag.name == b"sheetData" && !tag.is_empty,
            XmlEvent::Start(tag) => match tag.name {
                b"c" if open.has_row => {
                    let column = tag.raw("r").and_then(column_of).unwrap_or(open.next_column);
                    if column >= COLUMNS {
                        return Err(contradiction("a cell in a column that no sheet has"));
                    }
                    open.next_column = column + 1;
                    open.value.clear();
                    open.cell = (!tag.is_empty).then(|| cell_of(&tag, column, texts.dates));
                }
                b"v" => open.is_value = !tag.is_empty && open.note_value(),
                b"t" => open.is_value = !tag.is_empty && !open.is_spoken && open.note_value(),
                b"f" => open.cell.iter_mut().for_each(|cell| cell.has_formula = true),
                b"rPh" => open.is_spoken = !tag.is_empty,
                b"row" if open.has_row => return Err(contradiction("a row within a row")),
                b"row" => {
                    let number =
                        tag.raw("r").map_or(Some(last_row + 1), number_of).filter(|row| (last_row + 1..=ROWS).contains(row));
                    last_row = number.ok_or_else(|| contradiction("rows out of their order"))?;
                    open.row.begin(last_row, matches!(tag.raw("hidden"), Some(b"1" | b"true")));
                    (open.has_row, open.next_column) = (!tag.is_empty, 0);
                }
                _ => {}
            },
            XmlEvent::End(name) => match name {
                b"v" | b"t" => open.is_value = false,
                b"rPh" => open.is_spoken = false,
                b"c" => open.end_cell(texts.strings).map_err(contradiction)?,
                // An end tag without its start tag is no row.
                b"row" if open.has_row => {
                    open.has_row = false;
                    if !open.row.cells().is_empty() {
                        account.add(open.row.cells().len(), open.row.text_bytes())?;
                        if !visit(&open.row) {
                            return Ok(());
                        }
                    }
                }
                b"sheetData" => open.is_in_data = false,
                _ => {}
            },
        }
    }
    Ok(())
}

impl Open {
    /// Begins the value of a cell, if one is open.
    fn note_value(&mut self) -> bool {
        self.cell.iter_mut().for_each(|cell| cell.has_value = true);
        self.cell.is_some()
    }

    fn end_cell(&mut self, strings: &Strings) -> Result<(), &'static str> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let (column, row, value) = (cell.column, &mut self.row, self.value.as_str());
        if !cell.has_value || (value.is_empty() && cell.kind != Kind::Text) {
            if cell.has_formula {
                row.push(column, CellValue::WithoutValue);
            }
            return Ok(());
        }
        match cell.kind {
            Kind::Shared => {
                let text = value.trim().parse().ok().and_then(|number| strings.get(number));
                row.push_text(column, text.ok_or("a cell names a text that is not there")?);
            }
            Kind::Text if value.contains("_x") => row.push_text(column, &unescaped(value)),
            Kind::Text => row.push_text(column, value),
            Kind::Boolean => row.push(column, CellValue::Boolean(matches!(value.trim(), "1" | "true"))),
            Kind::Error => row.push(column, CellValue::Error),
            Kind::Iso => row.push_iso(column, value),
            Kind::Number => match value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() && cell.is_date => row.push(column, CellValue::Days(number)),
                Ok(number) if number.is_finite() => row.push(column, CellValue::Number(number)),
                _ => return Err("a cell whose number is none"),
            },
        }
        Ok(())
    }
}

fn cell_of(tag: &StartedElement<'_>, column: u32, dates: &[bool]) -> OpenCell {
    let kind = match tag.raw("t") {
        Some(b"s") => Kind::Shared,
        Some(b"str" | b"inlineStr") => Kind::Text,
        Some(b"b") => Kind::Boolean,
        Some(b"e") => Kind::Error,
        Some(b"d") => Kind::Iso,
        _ => Kind::Number,
    };
    let format = tag.raw("s").and_then(number_of).unwrap_or(0) as usize;
    let is_date = dates.get(format).copied().unwrap_or(false);
    OpenCell { column, kind, is_date, has_formula: false, has_value: false }
}

fn number_of(digits: &[u8]) -> Option<u32> {
    str::from_utf8(digits).ok()?.parse().ok()
}

/// The column, from 0, of a cell reference such as `AB12`.
fn column_of(reference: &[u8]) -> Option<u32> {
    const MOST_LETTERS: usize = 4;
    let letters = reference.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    if !(1..=MOST_LETTERS).contains(&letters) {
        return None;
    }
    let number =
        reference[..letters].iter().fold(0, |number, letter| 26 * number + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    Some(number - 1)
}

#[cfg(test)]
mod tests {
    use super::column_of;

    #[test]
    fn references_of_cells_have_columns() {
        let columns = [&b"A1"[..], b"Z9", b"AA10", b"XFD1048576", b"1", b"ABCDE1", b""].map(column_of);
        assert_eq!(columns, [Some(0), Some(25), Some(26), Some(16_383), None, None, None]);
    }
}
