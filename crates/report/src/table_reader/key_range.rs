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

use super::{GroupBounds, ReadError, ReadProblem, Rows, TableReader};

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

    /// Rows with one of the keys, which are sorted, in the order of the table. They hold those of the columns that the table has. The table must be
    /// sorted by the key, a number of 64 bits. Other rows are not decoded but for the key.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn read_keys(&self, key: &str, keys: &[i64], columns: &[&str]) -> Result<Rows, ReadError> {
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return Ok(Rows::default()) };
        let range = *first..=*last;
        let mut batches = Vec::new();
        for group in self.groups(|bounds| bounds.may_hold_number(key, &range)) {
            let rows = self.rows_of_keys(group, key, keys).and_then(|rows| match rows {
                Some(selection) => self.read_group(group, columns, Some(selection)),
                None => Ok(Vec::new()),
            });
            batches.extend(rows.map_err(|problem| self.error(problem))?);
        }
        Ok(Rows(batches))
    }

    /// Rows of a row group with one of the keys; `None` without any. Each key is searched for in the sorted column.
    fn rows_of_keys(&self, group: usize, key: &str, keys: &[i64]) -> Result<Option<RowSelection>, ReadProblem> {
        let (mut found, mut rows) = (Vec::new(), 0);
        for batch in self.read_group(group, &[key], None)? {
            let values = batch.column(0).as_primitive::<Int64Type>().values();
            let (Some(first), Some(last)) = (values.first(), values.last()) else { continue };
            let possible = keys.partition_point(|key| key < first)..keys.partition_point(|key| key <= last);
            for key in &keys[possible] {
                let start = values.partition_point(|value| value < key);
                let end = start + values[start..].partition_point(|value| value <= key);
                found.extend((start < end).then_some(rows + start..rows + end));
            }
            rows += values.len();
        }
        let is_found = !found.is_empty();
        Ok(is_found.then(|| RowSelection::from_consecutive_ranges(found.into_iter(), rows)))
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array};
    use parquet::arrow::ArrowWriter;
    use parquet::file::properties::WriterProperties;
    use sverka_publish::OutputTable;

    use super::*;

    /// A table of keys in row groups of four, each with its number of the row.
    fn table(folder: &std::path::Path, keys: &[i64]) -> TableReader {
        let path = folder.join("keys.parquet");
        let numbers = (0..keys.len() as i64).collect::<Vec<_>>();
        let columns: [(&str, ArrayRef); 2] =
            [("key", Arc::new(Int64Array::from(keys.to_vec()))), ("row", Arc::new(Int64Array::from(numbers)))];
        let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
        let properties = WriterProperties::builder().set_max_row_group_row_count(Some(4)).build();
        let file = std::fs::File::create(&path).expect("a file");
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).expect("a writer");
        writer.write(&batch).and_then(|()| writer.close()).expect("written");
        TableReader::open(path, OutputTable::Persons).expect("a table")
    }

    const KEYS: [i64; 11] = [-7, -7, -1, 0, 0, 0, 3, 3, 9, 9, 20];

    #[test]
    fn slices_hold_every_row_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let table = table(folder.path(), &KEYS);
        assert_eq!(table.rows(), 11);
        for rows_max in 1..6 {
            let slices = table.key_slices("key", rows_max);
            assert_eq!((*slices[0].start(), *slices[slices.len() - 1].end()), (i64::MIN, i64::MAX));
            assert!(slices.windows(2).all(|two| two[0].end() + 1 == *two[1].start()), "{slices:?}");
            let rows = slices.iter().flat_map(|slice| {
                let batch = table.read_key_range("key", slice, &["row"]).expect("rows");
                batch.column(0).as_primitive::<Int64Type>().values().to_vec()
            });
            assert_eq!(rows.collect::<Vec<_>>(), (0..11).collect::<Vec<_>>(), "{rows_max}");
        }
    }

    #[test]
    fn rows_of_keys_are_found_in_several_row_groups() {
        let folder = tempfile::tempdir().expect("a folder");
        let table = table(folder.path(), &KEYS);
        let rows = |keys: &[i64]| -> Vec<i64> {
            let rows = table.read_keys("key", keys, &["row"]).expect("rows");
            rows.iter().filter_map(|row| row.number("row")).collect()
        };
        assert_eq!(rows(&[-7, 0, 20]), [0, 1, 3, 4, 5, 10]);
        assert!(rows(&[1, 2, 100]).is_empty() && rows(&[]).is_empty());
    }
}
