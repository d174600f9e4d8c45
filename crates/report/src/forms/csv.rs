//! Writer of the cells of a form as CSV: the sheets one below the other, each behind a line with its name in brackets.

use super::FormsError;
use super::grid::Grid;
use super::model::Form;

/// The cells of a form, separated by `;`.
pub(super) fn write(form: &Form) -> Result<Vec<u8>, FormsError> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(Vec::new());
    for sheet in &form.sheets {
        writer.write_record([format!("[{}]", sheet.name)]).map_err(FormsError::writer)?;
        for row in rows(&Grid::new(sheet)) {
            writer.write_record(&row).map_err(FormsError::writer)?;
        }
    }
    writer.into_inner().map_err(FormsError::writer)
}

/// The cells of a grid, row by row, without the empty cells at the end of a row.
fn rows(grid: &Grid) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]; grid.rows];
    for cell in &grid.cells {
        let row = &mut rows[cell.row];
        let length = row.len().max(cell.column + 1);
        row.resize(length, String::new());
        row[cell.column] = cell.content.plain();
    }
    for row in &mut rows {
        while row.len() > 1 && row.last().is_some_and(String::is_empty) {
            row.pop();
        }
    }
    rows
}
