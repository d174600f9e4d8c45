//! The cells of a sheet, sorted into rows.

use std::collections::BTreeSet;

use super::globals::Globals;
use super::records::{BOF, CONTINUE, EOF, Records, f64_of, u16_of, u32_of};
use super::texts::unicode;
use crate::spreadsheet::cell::{CellValue, SheetRow};
use crate::spreadsheet::fault::SpreadsheetFault;
use crate::spreadsheet::limits::Account;

const ROW: u16 = 0x0208;
const LABEL: u16 = 0x0204;
const RICH_LABEL: u16 = 0x00D6;
const SHARED_LABEL: u16 = 0x00FD;
const NUMBER: u16 = 0x0203;
const RK: u16 = 0x027E;
const SEVERAL_RK: u16 = 0x00BD;
const FORMULA: u16 = 0x0006;
const FORMULA_TEXT: u16 = 0x0207;
const BOOLEAN_OR_ERROR: u16 = 0x0205;

/// A cell before the cells are sorted into rows. Texts that are not shared lie in a list.
#[derive(Clone, Copy)]
struct WaitingCell {
    row: u16,
    column: u16,
    value: WaitingValue,
}

#[derive(Clone, Copy)]
enum WaitingValue {
    Shared(u32),
    Own(u32),
    Number(f64),
    Days(f64),
    Boolean(bool),
    Error,
}

#[derive(Default)]
struct Cells {
    cells: Vec<WaitingCell>,
    texts: Vec<String>,
    hidden: BTreeSet<u16>,
    /// Row and column of the formula whose text stands in a later record.
    open_formula: Option<(u16, u16)>,
}

/// The head of a cell's record.
#[derive(Clone, Copy)]
struct CellHead {
    row: u16,
    column: u16,
    format: u16,
}

/// Gives the rows of the sheet with records from `offset` of the stream on.
pub(super) fn rows(
    stream: &[u8],
    offset: usize,
    globals: &Globals,
    account: &mut Account,
    visit: &mut dyn FnMut(&SheetRow) -> bool,
) -> Result<(), SpreadsheetFault> {
    let mut cells = Cells::read(stream, offset, globals)?;
    let key = |cell: &WaitingCell| (cell.row, cell.column);
    if !cells.cells.is_sorted_by_key(key) {
        cells.cells.sort_by_key(key);
    }
    let mut row = SheetRow::default();
    for of_row in cells.cells.chunk_by(|one, next| one.row == next.row) {
        let number = of_row[0].row;
        row.begin(u32::from(number) + 1, cells.hidden.contains(&number));
        for cell in of_row {
            let column = u32::from(cell.column);
            match cell.value {
                WaitingValue::Shared(text) => row.push_text(column, globals.texts.get(text as usize).ok_or(LOST_TEXT)?),
                WaitingValue::Own(text) => row.push_text(column, &cells.texts[text as usize]),
                WaitingValue::Number(number) => row.push(column, CellValue::Number(number)),
                WaitingValue::Days(days) => row.push(column, CellValue::Days(days)),
                WaitingValue::Boolean(truth) => row.push(column, CellValue::Boolean(truth)),
                WaitingValue::Error => row.push(column, CellValue::Error),
            }
        }
        if row.cells().is_empty() {
            continue;
        }
        account.add(row.cells().len(), row.text_bytes())?;
        if !visit(&row) {
            return Ok(());
        }
    }
    Ok(())
}

const LOST_TEXT: SpreadsheetFault = SpreadsheetFault::Compound { why: "a cell names a text that is not there" };

impl Cells {
    fn read(stream: &[u8], offset: usize, globals: &Globals) -> Result<Self, SpreadsheetFault> {
        let mut records = Records::from(stream, offset);
        if records.next_record()?.kind != BOF {
            return Err(SpreadsheetFault::Compound { why: "a sheet is not where the workbook says" });
        }
        let (mut cells, mut charts) = (Self::default(), 0_u32);
        loop {
            let record = records.next_record()?;
            match record.kind {
                // Charts within a sheet have records of their own.
                BOF => charts += 1,
                EOF if charts > 0 => charts -= 1,
                EOF => return Ok(cells),
                CONTINUE => {}
                _ if charts > 0 => {}
                kind => cells.record(kind, record.bytes, globals)?,
            }
        }
    }

    fn record(&mut self, kind: u16, bytes: &[u8], globals: &Globals) -> Result<(), SpreadsheetFault> {
        let (row, column, format) = (u16_of(bytes, 0), u16_of(bytes, 2), u16_of(bytes, 4));
        let cut = SpreadsheetFault::Compound { why: "a cell ends too early" };
        match kind {
            ROW => {
                const IS_HIDDEN: u16 = 0x20;
                if u16_of(bytes, 12) & IS_HIDDEN != 0 {
                    self.hidden.insert(row);
                }
            }
            SHARED_LABEL => self.push(row, column, WaitingValue::Shared(u32_of(bytes, 6))),
            LABEL | RICH_LABEL => {
                let length = usize::from(u16_of(bytes, 6));
                let text = if globals.is_biff8 {
                    unicode(bytes, 8, length)
                } else {
                    bytes.get(8..8 + length).and_then(|text| globals.code_page_text(text))
                };
                self.push_own(row, column, text.ok_or(cut)?);
            }
            NUMBER => self.push(row, column, number(f64_of(bytes, 6).ok_or(cut)?, format, globals)),
            RK => self.push(row, column, number(compressed(u32_of(bytes, 6)), format, globals)),
            SEVERAL_RK => {
                const CELL_BYTES: usize = 6;
                let of_cells = bytes.get(4..bytes.len().saturating_sub(2)).ok_or(cut)?;
                for (next, cell) in (0..).zip(of_cells.chunks_exact(CELL_BYTES)) {
                    let value = number(compressed(u32_of(cell, 2)), u16_of(cell, 0), globals);
                    self.push(row, column.saturating_add(next), value);
                }
            }
            FORMULA => self.formula(CellHead { row, column, format }, bytes.get(6..14).ok_or(cut)?, globals),
            FORMULA_TEXT => {
                if let Some((row, column)) = self.open_formula.take() {
                    let length = usize::from(u16_of(bytes, 0));
                    let text = if globals.is_biff8 {
                        unicode(bytes, 2, length)
                    } else {
                        bytes.get(2..2 + length).and_then(|text| globals.code_page_text(text))
                    };
                    self.push_own(row, column, text.ok_or(cut)?);
                }
            }
            BOOLEAN_OR_ERROR => {
                let &[value, is_error] = bytes.get(6..).and_then(<[u8]>::first_chunk).ok_or(cut)?;
                self.push(row, column, if is_error == 0 { WaitingValue::Boolean(value != 0) } else { WaitingValue::Error });
            }
            _ => {}
        }
        Ok(())
    }

    /// The value that a formula had when the workbook was saved.
    fn formula(&mut self, CellHead { row, column, format }: CellHead, result: &[u8], globals: &Globals) {
        const TEXT: u8 = 0;
        const BOOLEAN: u8 = 1;
        const ERROR: u8 = 2;
        self.open_formula = None;
        if result[6..8] != [0xFF, 0xFF] {
            if let Some(value) = f64_of(result, 0) {
                self.push(row, column, number(value, format, globals));
            }
            return;
        }
        match result[0] {
            TEXT => self.open_formula = Some((row, column)),
            BOOLEAN => self.push(row, column, WaitingValue::Boolean(result[2] != 0)),
            ERROR => self.push(row, column, WaitingValue::Error),
            _ => {}
        }
    }

    fn push(&mut self, row: u16, column: u16, value: WaitingValue) {
        self.cells.push(WaitingCell { row, column, value });
    }

    fn push_own(&mut self, row: u16, column: u16, text: String) {
        self.push(row, column, WaitingValue::Own(self.texts.len() as u32));
        self.texts.push(text);
    }
}

fn number(value: f64, format: u16, globals: &Globals) -> WaitingValue {
    let is_date = globals.dates.get(usize::from(format)).copied().unwrap_or(false);
    match value.is_finite() {
        false => WaitingValue::Error,
        true if is_date => WaitingValue::Days(value),
        true => WaitingValue::Number(value),
    }
}

/// A number of four bytes: the upper 30 bits are those of a floating-point number, or a whole number. The lower bits
/// say which of the two, and whether it is divided by 100.
fn compressed(rk: u32) -> f64 {
    const BY_HUNDRED: u32 = 1;
    const IS_WHOLE: u32 = 2;
    let value = match rk & IS_WHOLE {
        0 => f64::from_bits(u64::from(rk & !3) << 32),
        _ => f64::from((rk as i32) >> 2),
    };
    if rk & BY_HUNDRED == 0 { value } else { value / 100.0 }
}

#[cfg(test)]
mod tests {
    use super::compressed;

    #[test]
    fn numbers_of_four_bytes_are_whole_or_have_a_point() {
        for (rk, value) in
            [(0x3FF0_0000, 1.0), (0x3FF0_0001, 0.01), (0x004B_8126, 1_237_065.0), (0x004B_8127, 12_370.65), (!0, -0.01)]
        {
            assert_eq!(compressed(rk), value, "{rk:#x}");
        }
    }
}
