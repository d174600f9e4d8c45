//! One row of a sheet: the cells that are not empty, and their texts one behind the other.

use std::ops::Range;

/// A row with its cells.
#[derive(Debug, Default)]
pub struct SheetRow {
    /// Number of the row in the sheet, from 1.
    pub number: u32,
    /// Whether the program hides the row, by hand or by a filter.
    pub is_hidden: bool,
    cells: Vec<Cell>,
    text: String,
}

/// A cell that is not empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Column of the cell, from 0.
    pub column: u32,
    /// Value of the cell.
    pub value: CellValue,
}

/// The value of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum CellValue {
    /// A text, as a range of the texts of the row.
    Text(Range<usize>),
    /// A date or a moment in ISO form, as a range of the texts of the row.
    IsoMoment(Range<usize>),
    /// A number.
    Number(f64),
    /// A number of days that is shown as a date or a time.
    Days(f64),
    /// A truth value.
    Boolean(bool),
    /// The error of a formula, such as `#N/A`.
    Error,
    /// A formula without a stored value.
    WithoutValue,
}

impl SheetRow {
    /// The cells that are not empty, in the order of the file.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The text in a range.
    ///
    /// # Panics
    /// When the range is not one of this row.
    #[must_use]
    pub fn text(&self, range: &Range<usize>) -> &str {
        &self.text[range.clone()]
    }

    /// Bytes of all texts.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.text.len()
    }

    pub(super) fn begin(&mut self, number: u32, is_hidden: bool) {
        (self.number, self.is_hidden) = (number, is_hidden);
        self.cells.clear();
        self.text.clear();
    }

    #[inline]
    pub(super) fn push(&mut self, column: u32, value: CellValue) {
        self.cells.push(Cell { column, value });
    }

    /// Adds a cell with a text, unless it is blank.
    pub(super) fn push_text(&mut self, column: u32, text: &str) {
        if let Some(range) = self.keep(text) {
            self.push(column, CellValue::Text(range));
        }
    }

    /// Adds a cell with a date in ISO form, unless it is blank.
    pub(super) fn push_iso(&mut self, column: u32, text: &str) {
        if let Some(range) = self.keep(text) {
            self.push(column, CellValue::IsoMoment(range));
        }
    }

    fn keep(&mut self, text: &str) -> Option<Range<usize>> {
        if text.trim().is_empty() {
            return None;
        }
        let from = self.text.len();
        self.text.push_str(text);
        Some(from..self.text.len())
    }

    /// Moves the row to another number, with the same cells.
    pub(super) fn repeat_at(&mut self, number: u32) {
        self.number = number;
    }
}
