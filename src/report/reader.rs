//! A few rows of a published table, found without reading the rest of it.
//!
//! Row groups that cannot hold them are left out by their statistics. Of the others the columns that tell are read first, and the rest only where
//! they say yes. Row groups are looked at in parallel. Knows Parquet and nothing of what the rows mean.

use std::fs::File;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int32Type, Int64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder, RowSelection};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;
use rayon::prelude::*;

use crate::model::Date;
use crate::publish::OutputTable;

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read table {table} of the run: {cause}; run the job again with --force")]
pub struct ReadError {
    /// The table.
    table: &'static str,
    /// What the system or the reader of Parquet says.
    cause: Box<dyn std::error::Error + Send + Sync>,
}

/// A table of a run, opened.
#[derive(Debug)]
pub struct TableReader {
    table: OutputTable,
    path: PathBuf,
    metadata: ArrowReaderMetadata,
}

/// What a row group may hold, by its statistics.
#[derive(Clone, Copy, Debug)]
pub struct GroupBounds<'t> {
    table: &'t TableReader,
    group: &'t RowGroupMetaData,
}

/// Rows at hand, while it is asked which of them are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    batch: &'r RecordBatch,
    row: usize,
}

/// Rows that were found, in the order of the table.
#[derive(Debug, Default)]
pub struct Rows(Vec<RecordBatch>);

impl TableReader {
    /// Opens a table of the run in `dir`; nothing when the run was published without it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(dir: &Path, table: OutputTable) -> Result<Option<Self>, ReadError> {
        let path = dir.join(table.file_name());
        if !path.is_file() {
            return Ok(None);
        }
        let wrong = |cause: Box<dyn std::error::Error + Send + Sync>| ReadError { table: table.name(), cause };
        let file = File::open(&path).map_err(|cause| wrong(cause.into()))?;
        let metadata = ArrowReaderMetadata::load(&file, Default::default()).map_err(|cause| wrong(cause.into()))?;
        Ok(Some(Self { table, path, metadata }))
    }

    /// Whether the table has a column. Runs of earlier versions lack some.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.metadata.schema().column_with_name(column).is_some()
    }

    /// The rows for which `wanted` says yes, which looks at the columns `telling`, in row groups for which `may_hold` does; of these the columns
    /// `columns`, as far as the table has them.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn find(
        &self,
        may_hold: impl Fn(GroupBounds<'_>) -> bool,
        telling: &[&str],
        wanted: impl Fn(Row<'_>) -> bool + Sync,
        columns: &[&str],
    ) -> Result<Rows, ReadError> {
        let groups: Vec<usize> = (self.metadata.metadata().row_groups().iter().enumerate())
            .filter(|(_, group)| may_hold(GroupBounds { table: self, group }))
            .map(|(index, _)| index)
            .collect();
        let found = groups.into_par_iter().map(|group| self.find_in_group(group, telling, &wanted, columns));
        let found: Vec<Vec<RecordBatch>> = found.collect::<Result<_, _>>()?;
        Ok(Rows(found.concat()))
    }

    fn find_in_group(
        &self,
        group: usize,
        telling: &[&str],
        wanted: &(impl Fn(Row<'_>) -> bool + Sync),
        columns: &[&str],
    ) -> Result<Vec<RecordBatch>, ReadError> {
        let mut rows = Vec::new();
        let mut first = 0;
        for batch in self.read(group, telling, None)? {
            rows.extend((0..batch.num_rows()).filter(|&row| wanted(Row { batch: &batch, row })).map(|row| first + row));
            first += batch.num_rows();
        }
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let selection = RowSelection::from_consecutive_ranges(rows.iter().map(|&row| row..row + 1), first);
        self.read(group, columns, Some(selection))
    }

    fn read(&self, group: usize, columns: &[&str], selection: Option<RowSelection>) -> Result<Vec<RecordBatch>, ReadError> {
        const BATCH_ROWS: usize = 1 << 16;
        let read = || -> Result<Vec<RecordBatch>, Box<dyn std::error::Error + Send + Sync>> {
            // Each reader has a file of its own: copies of one would share its place.
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(&self.path)?, self.metadata.clone());
            let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
            let mut builder = builder.with_projection(mask).with_row_groups(vec![group]).with_batch_size(BATCH_ROWS);
            if let Some(selection) = selection {
                builder = builder.with_row_selection(selection);
            }
            Ok(builder.build()?.collect::<Result<_, _>>()?)
        };
        read().map_err(|cause| ReadError { table: self.table.name(), cause })
    }
}

impl GroupBounds<'_> {
    fn statistics(&self, column: &str) -> Option<&Statistics> {
        let leaf = self.table.metadata.parquet_schema().columns().iter().position(|leaf| leaf.path().string() == column)?;
        self.group.column(leaf).statistics()
    }

    /// Whether the column may hold a number of the range; yes when statistics do not tell.
    #[must_use]
    pub fn may_hold_number(&self, column: &str, range: &RangeInclusive<i64>) -> bool {
        let bounds = match self.statistics(column) {
            Some(Statistics::Int64(of)) => of.min_opt().copied().zip(of.max_opt().copied()),
            Some(Statistics::Int32(of)) => of.min_opt().map(|&least| i64::from(least)).zip(of.max_opt().map(|&most| most.into())),
            _ => None,
        };
        bounds.is_none_or(|(least, most)| least <= *range.end() && *range.start() <= most)
    }

    /// Whether the column may hold a text; yes when statistics do not tell.
    #[must_use]
    pub fn may_hold_text(&self, column: &str, text: &str) -> bool {
        let Some(Statistics::ByteArray(of)) = self.statistics(column) else { return true };
        of.min_opt().is_none_or(|least| least.data() <= text.as_bytes())
            && of.max_opt().is_none_or(|most| text.as_bytes() <= most.data())
    }

    /// Whether the column may hold a null; yes when statistics do not tell.
    #[must_use]
    pub fn may_hold_null(&self, column: &str) -> bool {
        self.statistics(column).and_then(Statistics::null_count_opt).is_none_or(|nulls| nulls > 0)
    }
}

impl Rows {
    /// The rows, in their order.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.0.iter().flat_map(|batch| (0..batch.num_rows()).map(move |row| Row { batch, row }))
    }
}

impl<'r> Row<'r> {
    /// The column, when the row has it and it is not null there.
    fn column(self, column: &str) -> Option<&'r dyn Array> {
        let array = self.batch.column_by_name(column)?;
        array.is_valid(self.row).then_some(array.as_ref())
    }

    /// A text.
    #[must_use]
    pub fn text(self, column: &str) -> Option<&'r str> {
        Some(self.column(column)?.as_string_opt::<i32>()?.value(self.row))
    }

    /// A whole number.
    #[must_use]
    pub fn number(self, column: &str) -> Option<i64> {
        let array = self.column(column)?;
        match array.data_type() {
            DataType::Int32 => Some(array.as_primitive::<Int32Type>().value(self.row).into()),
            DataType::Int64 => Some(array.as_primitive::<Int64Type>().value(self.row)),
            _ => None,
        }
    }

    /// A date.
    #[must_use]
    pub fn date(self, column: &str) -> Option<Date> {
        Some(Date::from_days(self.column(column)?.as_primitive_opt::<Date32Type>()?.value(self.row)))
    }

    /// Yes or no; no when it is null.
    #[must_use]
    pub fn is(self, column: &str) -> bool {
        self.column(column).and_then(AsArray::as_boolean_opt).is_some_and(|array| array.value(self.row))
    }

    /// A decimal number with the digits of its scale.
    #[must_use]
    pub fn decimal(self, column: &str) -> Option<String> {
        Some(self.column(column)?.as_primitive_opt::<Decimal128Type>()?.value_as_string(self.row))
    }

    /// The numbers of a list.
    #[must_use]
    pub fn numbers(self, column: &str) -> Vec<i64> {
        let list = self.column(column).and_then(AsArray::as_list_opt::<i32>).map(|list| list.value(self.row));
        let numbers = list.as_ref().and_then(|list| list.as_primitive_opt::<Int64Type>());
        numbers.map_or_else(Vec::new, |numbers| numbers.values().to_vec())
    }

    /// Whether a list of numbers holds one.
    #[must_use]
    pub fn holds(self, numbers: &str, number: i64) -> bool {
        let Some(list) = self.column(numbers).and_then(AsArray::as_list_opt::<i32>) else { return false };
        let ends = list.value_offsets();
        let of_row = ends[self.row] as usize..ends[self.row + 1] as usize;
        list.values().as_primitive_opt::<Int64Type>().is_some_and(|values| values.values()[of_row].contains(&number))
    }

    /// Whether two parallel lists, of texts and of numbers, hold a pair.
    #[must_use]
    pub fn holds_pair(self, texts: &str, numbers: &str, text: &str, number: i64) -> bool {
        let list = |column| self.column(column).and_then(AsArray::as_list_opt::<i32>);
        let (Some(texts), Some(numbers)) = (list(texts), list(numbers)) else { return false };
        let ends = numbers.value_offsets();
        let (from, to) = (ends[self.row] as usize, ends[self.row + 1] as usize);
        let Some(values) = numbers.values().as_primitive_opt::<Int64Type>().map(|values| values.values()) else { return false };
        let first = texts.value_offsets()[self.row] as usize;
        let is_text =
            |at: usize| texts.values().as_string_opt::<i32>().is_some_and(|texts| texts.value(first + at - from) == text);
        (from..to).any(|at| values[at] == number && is_text(at))
    }

    /// The texts of a list.
    #[must_use]
    pub fn texts(self, column: &str) -> Vec<Option<String>> {
        let list = self.column(column).and_then(AsArray::as_list_opt::<i32>).map(|list| list.value(self.row));
        let texts = list.as_ref().and_then(|list| list.as_string_opt::<i32>());
        texts.map_or_else(Vec::new, |texts| texts.iter().map(|text| text.map(str::to_owned)).collect())
    }
}
