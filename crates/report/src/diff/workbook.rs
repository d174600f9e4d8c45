//! A comparison as one workbook: a sheet for each table, for people who look at it in Excel.

use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Decimal128Type, Int64Type};

use super::tables::DiffTable;
use super::{Diff, DiffError};
use crate::destination::{Destination, write_to};
use crate::forms::{Cell, Column, Figure, Form, Sheet, Table, workbook_bytes};
use sverka_publish::TableSpec;

/// Most rows of a sheet: more than people read, and far fewer than Excel takes.
pub(super) const SHEET_ROWS_MAX: usize = 200_000;

/// Rows of a table for a sheet: the first of them.
#[derive(Debug, Default)]
pub(crate) struct SheetRows {
    batches: Vec<RecordBatch>,
    kept: usize,
    all: usize,
}

impl SheetRows {
    /// Appends rows, which come in the order of the table.
    pub fn append(&mut self, batch: &RecordBatch) {
        let taken = batch.num_rows().min(SHEET_ROWS_MAX - self.kept);
        self.all += batch.num_rows();
        self.kept += taken;
        self.batches.extend((taken > 0).then(|| batch.slice(0, taken)));
    }

    /// Sheet of a table, with lines of a title below its name.
    pub fn sheet(&self, table: &TableSpec, title: &str) -> Sheet {
        let columns = table.schema.fields().iter().map(|field| Column::new(field.name(), width(field.name())));
        let rows = self.batches.iter().flat_map(|batch| {
            (0..batch.num_rows()).map(|row| batch.columns().iter().map(|column| cell(column.as_ref(), row)).collect())
        });
        let cut =
            (self.kept < self.all).then(|| format!("The first {} of {} rows; --to FOLDER writes all.", self.kept, self.all));
        Sheet {
            name: table.name.to_owned(),
            is_landscape: true,
            title: vec![table.name.to_owned(), title.to_owned()],
            head: Vec::new(),
            tables: vec![Table::new("", columns.collect(), rows.collect(), None)],
            notes: cut.into_iter().collect(),
            signatures: Vec::new(),
        }
    }
}

/// Rows of each table, in the order of [`DiffTable::ALL`].
pub(super) struct WorkbookRows([SheetRows; 4]);

impl WorkbookRows {
    /// Rows of the changes of persons, and of the other tables as a whole.
    pub fn new(persons: SheetRows, others: &[RecordBatch; 3]) -> Self {
        let [movement, money, findings] = others.each_ref().map(|batch| {
            let mut rows = SheetRows::default();
            rows.append(batch);
            rows
        });
        Self([persons, movement, money, findings])
    }

    /// Writes the workbook as a whole or not at all.
    pub fn write(&self, diff: &Diff, file: &Path) -> Result<Destination, DiffError> {
        let as_of = diff.new.as_of.parse().map_err(|_| DiffError::NoDay { run_id: diff.new.run_id.clone() })?;
        let title = format!("{} → {}", diff.old.run_id, diff.new.run_id);
        let sheets = DiffTable::ALL.into_iter().zip(&self.0).map(|(table, rows)| rows.sheet(table.spec(), &title)).collect();
        let bytes = workbook_bytes(&Form { file: String::new(), as_of, sheets }).map_err(DiffError::rows)?;
        write_to(file, |out| out.write_all(&bytes)).map_err(|cause| DiffError::Io { path: file.to_owned(), cause })
    }
}

fn width(name: &str) -> u16 {
    match name {
        "person_id" => 22,
        "old" | "new" | "source" => 28,
        "name" | "code" | "rule" => 24,
        _ => 15,
    }
}

fn cell(column: &dyn Array, row: usize) -> Cell {
    if column.is_null(row) {
        return Cell::Empty;
    }
    if let Some(texts) = column.as_string_opt::<i32>() {
        return Cell::code(texts.value(row));
    }
    if let Some(decimals) = column.as_primitive_opt::<Decimal128Type>() {
        return Figure::parse(&decimals.value_as_string(row)).map_or(Cell::Empty, Cell::Number);
    }
    let Some(numbers) = column.as_primitive_opt::<Int64Type>() else { return Cell::Empty };
    let number = numbers.value(row);
    // Numbers of more than 15 digits, as those of persons, would lose some in Excel.
    if number.unsigned_abs() < 1_000_000_000_000_000 {
        Cell::Number(Figure::whole(number))
    } else {
        Cell::code(number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array};

    use super::*;

    #[test]
    fn a_sheet_keeps_the_first_rows_and_counts_all() {
        let column: ArrayRef = Arc::new(Int64Array::from(vec![7; SHEET_ROWS_MAX - 1]));
        let batch = RecordBatch::try_from_iter([("a", column)]).expect("a column");
        let mut rows = SheetRows::default();
        rows.append(&batch);
        rows.append(&batch);
        assert_eq!((rows.kept, rows.all), (SHEET_ROWS_MAX, 2 * SHEET_ROWS_MAX - 2));
    }

    #[test]
    fn numbers_of_persons_stay_texts() {
        let numbers = Int64Array::from(vec![Some(12), Some(-4_611_686_018_427_387_904), None]);
        assert_eq!(cell(&numbers, 0), Cell::Number(Figure::whole(12)));
        assert_eq!(cell(&numbers, 1), Cell::code("-4611686018427387904"));
        assert_eq!(cell(&numbers, 2), Cell::Empty);
    }
}
