//! A published table, row by row.
//!
//! Knows Parquet and nothing of what the rows mean.

use std::fs::File;
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::error::AnswerError;
use crate::publish::OutputTable;

/// Rows that are read at a time.
const BATCH_ROWS: usize = 8192;

/// One table of a run, at one of its rows. Columns are named by their index in the list that the cursor was opened with.
pub(super) struct Cursor {
    table: OutputTable,
    reader: ParquetRecordBatchReader,
    /// For each asked column its index in a batch.
    columns: Vec<usize>,
    batch: Option<RecordBatch>,
    row: usize,
}

impl Cursor {
    /// Opens a table of the run in `dir` at its first row.
    pub(super) fn open(dir: &Path, run: &str, table: OutputTable, columns: &[&str]) -> Result<Self, AnswerError> {
        let path = dir.join(table.file_name());
        if !path.is_file() {
            return Err(AnswerError::NoTable { run: run.to_owned(), table: table.name() });
        }
        let file = File::open(&path).map_err(AnswerError::io("open", &path))?;
        let wrong = |cause| AnswerError::table(table.name(), cause);
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(wrong)?;
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
        let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).build().map_err(wrong)?;
        let index = |name: &&str| arrow::record_batch::RecordBatchReader::schema(&reader).index_of(name);
        let indexes = columns.iter().map(index).collect::<Result<_, _>>();
        let columns = indexes.map_err(|cause| AnswerError::table(table.name(), cause))?;
        let mut cursor = Self { table, reader, columns, batch: None, row: 0 };
        cursor.next_batch()?;
        Ok(cursor)
    }

    fn next_batch(&mut self) -> Result<(), AnswerError> {
        self.row = 0;
        loop {
            self.batch = self.reader.next().transpose().map_err(|cause| AnswerError::table(self.table.name(), cause))?;
            if self.batch.as_ref().is_none_or(|batch| batch.num_rows() > 0) {
                return Ok(());
            }
        }
    }

    /// Goes to the next row.
    pub(super) fn advance(&mut self) -> Result<(), AnswerError> {
        self.row += 1;
        if self.batch.as_ref().is_some_and(|batch| self.row == batch.num_rows()) { self.next_batch() } else { Ok(()) }
    }

    /// Whether there is a row.
    pub(super) fn has_row(&self) -> bool {
        self.batch.is_some()
    }

    fn column(&self, column: usize) -> &dyn Array {
        let batch = self.batch.as_ref().expect("invariant: a row is asked for values while there is one");
        batch.column(self.columns[column])
    }

    /// A text; `None` when it is null.
    pub(super) fn text(&self, column: usize) -> Option<&str> {
        let texts = self.column(column).as_string::<i32>();
        texts.is_valid(self.row).then(|| texts.value(self.row))
    }

    /// A whole number of 64 bits.
    pub(super) fn long(&self, column: usize) -> Option<i64> {
        let numbers = self.column(column).as_primitive::<Int64Type>();
        numbers.is_valid(self.row).then(|| numbers.value(self.row))
    }

    /// A whole number of 32 bits.
    pub(super) fn int(&self, column: usize) -> Option<i32> {
        let numbers = self.column(column).as_primitive::<Int32Type>();
        numbers.is_valid(self.row).then(|| numbers.value(self.row))
    }

    /// A date as days since 1970-01-01.
    pub(super) fn days(&self, column: usize) -> Option<i32> {
        let days = self.column(column).as_primitive::<Date32Type>();
        days.is_valid(self.row).then(|| days.value(self.row))
    }

    /// Calls `each` for the elements of two parallel lists, of texts and of numbers.
    pub(super) fn pairs(
        &self,
        texts: usize,
        numbers: usize,
        mut each: impl FnMut(&str, i64) -> Result<(), AnswerError>,
    ) -> Result<(), AnswerError> {
        let (texts, numbers) = (self.column(texts).as_list::<i32>(), self.column(numbers).as_list::<i32>());
        let (text_values, number_values) = (texts.values().as_string::<i32>(), numbers.values().as_primitive::<Int64Type>());
        let places = |offsets: &[i32]| offsets[self.row] as usize..offsets[self.row + 1] as usize;
        for (text, number) in places(texts.value_offsets()).zip(places(numbers.value_offsets())) {
            each(text_values.value(text), number_values.value(number))?;
        }
        Ok(())
    }
}
