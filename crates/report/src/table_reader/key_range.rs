//! Rows of a table whose key lies in a range, and ranges that cut a table into slices.
//!
//! ```text
//! row groups   [3 … 90][91 … 180][181 … 240]      sorted by the key, a number
//! slices       ├──┤├──┤├──┤├──┤├──┤├──────▶       every number is in one slice
//! ```
//!
//! Two tables that are sorted by one key are compared slice by slice: the same range of both is in memory.

use std::ops::RangeInclusive;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::Int64Type;
use parquet::arrow::arrow_reader::{RowSelection, RowSelector};

use super::{GroupBounds, ReadError, ReadProblem, TableReader};

impl TableReader {
    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.metadata.metadata().file_metadata().num_rows().unsigned_abs()
    }

    /// Ranges of the key that cover all numbers, with about `rows_max` rows each where the numbers lie evenly.
    #[must_use]
    pub fn key_slices(&self, key: &str, rows_max: u64) -> Vec<RangeInclusive<i64>> {
        let mut starts = vec![i64::MIN];
        for group in self.metadata.metadata().row_groups() {
            let bounds = GroupBounds { schema: self.metadata.parquet_schema(), group };
            let Some(range) = bounds.number_range(key) else { continue };
            let parts = group.num_rows().unsigned_abs().div_ceil(rows_max.max(1)).max(1);
            let width = i128::from(*range.end()) - i128::from(*range.start()) + 1;
            let start = |part: u64| i128::from(*range.start()) + width * i128::from(part) / i128::from(parts);
            starts.extend((0..parts).filter_map(|part| i64::try_from(start(part)).ok()));
        }
        starts.dedup();
        let ends = starts[1..].iter().map(|next| next - 1).chain([i64::MAX]);
        starts.iter().zip(ends).map(|(start, end)| *start..=end).collect()
    }

    /// Rows with a key of the range, as one batch of those of the columns that the table has. The table must be sorted by the key, a number of 64 bits.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn read_key_range(&self, key: &str, range: &RangeInclusive<i64>, columns: &[&str]) -> Result<RecordBatch, ReadError> {
        self.key_range(key, range, columns).map_err(|problem| self.error(problem))
    }

    fn key_range(&self, key: &str, range: &RangeInclusive<i64>, columns: &[&str]) -> Result<RecordBatch, ReadProblem> {
        let mut batches = Vec::new();
        for group in self.groups(|bounds| bounds.may_hold_number(key, range)) {
            let selection = self.rows_of_range(group, key, range)?;
            batches.extend(self.read_group(group, columns, Some(selection))?);
        }
        match <[RecordBatch; 1]>::try_from(batches) {
            Ok([batch]) => Ok(batch),
            Err(batches) => {
                let none = self.builder(columns)?.with_row_groups(Vec::new()).build()?;
                let schema = arrow::array::RecordBatchReader::schema(&none);
                Ok(concat_batches(&schema, &batches)?)
            }
        }
    }

    /// Rows of a row group with a key of the range: neighbours, because the table is sorted by it.
    fn rows_of_range(&self, group: usize, key: &str, range: &RangeInclusive<i64>) -> Result<RowSelection, ReadProblem> {
        let (mut before, mut within, mut rows) = (0, 0, 0);
        for batch in self.read_group(group, &[key], None)? {
            let keys = batch.column(0).as_primitive::<Int64Type>().values();
            before += keys.partition_point(|key| key < range.start());
            within += keys.partition_point(|key| key <= range.end()) - keys.partition_point(|key| key < range.start());
            rows += keys.len();
        }
        Ok(RowSelection::from(vec![
            RowSelector::skip(before),
            RowSelector::select(within),
            RowSelector::skip(rows - before - within),
        ]))
    }
}
