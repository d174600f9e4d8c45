//! Reader of the tables of a published run.
//!
//! Two ways to the rows of a table:
//!
//! - [`TableReader::find`] looks for a few rows. Row groups that cannot hold them are passed over by their statistics ([`GroupBounds`]). In the
//!   other row groups the tested columns are read first, and the remaining columns only for the rows that match. Row groups are searched in parallel.
//! - [`TableReader::cursor`] goes through all rows, one after another, in the order of the table ([`RowCursor`]).
//!
//! The format Parquet is known here, the meaning of the rows is not.

mod cursor;
mod error;
mod group_bounds;
mod key_range;
mod row;

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder, RowSelection};
use rayon::prelude::*;

use sverka_publish::OutputTable;

pub(super) use cursor::columns;
pub use cursor::{Column, ColumnType, RowCursor};
pub use error::{ReadError, ReadProblem};
pub use group_bounds::GroupBounds;
pub use row::{Row, Rows};

/// Open table of a published run.
#[derive(Debug)]
pub struct TableReader {
    table: OutputTable,
    path: PathBuf,
    metadata: ArrowReaderMetadata,
}

impl TableReader {
    /// Opens a table of the run in `dir`; `None` when the run was published without it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open_if_published(dir: &Path, table: OutputTable) -> Result<Option<Self>, ReadError> {
        let path = dir.join(table.file_name());
        if path.is_file() { Self::open(path, table).map(Some) } else { Ok(None) }
    }

    /// Opens a table in the file `path`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(path: PathBuf, table: OutputTable) -> Result<Self, ReadError> {
        let load = || {
            let file = File::open(&path)?;
            Ok(ArrowReaderMetadata::load(&file, Default::default())?)
        };
        match load() {
            Ok(metadata) => Ok(Self { table, path, metadata }),
            Err(problem) => Err(ReadError { table: table.name(), path, problem }),
        }
    }

    /// Whether the table has a column. Tables of earlier versions lack some.
    #[must_use]
    pub fn has_column(&self, column: &str) -> bool {
        self.metadata.schema().column_with_name(column).is_some()
    }

    /// Type of a column; `None` when the table lacks it.
    #[must_use]
    pub fn data_type(&self, column: &str) -> Option<&DataType> {
        self.metadata.schema().field_with_name(column).ok().map(Field::data_type)
    }

    /// Error of this table.
    pub(super) fn error(&self, problem: impl Into<ReadProblem>) -> ReadError {
        ReadError { table: self.table.name(), path: self.path.clone(), problem: problem.into() }
    }

    /// Rows that match, in the order of the table.
    ///
    /// `may_match` chooses row groups, `matches` chooses rows by the columns `tested`. The rows found hold those of the
    /// columns `columns` that the table has.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn find(
        &self,
        may_match: impl Fn(GroupBounds<'_>) -> bool,
        tested: &[&str],
        matches: impl Fn(Row<'_>) -> bool + Sync,
        columns: &[&str],
    ) -> Result<Rows, ReadError> {
        let found = self.groups(may_match).into_par_iter().map(|group| self.find_in_group(group, tested, &matches, columns));
        let found: Vec<Vec<RecordBatch>> = found.collect::<Result<_, _>>().map_err(|problem| self.error(problem))?;
        Ok(Rows(found.concat()))
    }

    /// Result of `work` for each batch of rows, in the order of the table. The batches hold the columns `columns`.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn map_batches<T: Send>(&self, columns: &[&str], work: impl Fn(&RecordBatch) -> T + Sync) -> Result<Vec<T>, ReadError> {
        let map_group = |group| Ok(self.read_group(group, columns, None)?.iter().map(&work).collect());
        let mapped: Result<Vec<Vec<T>>, ReadProblem> = self.groups(|_| true).into_par_iter().map(map_group).collect();
        Ok(mapped.map_err(|problem| self.error(problem))?.into_iter().flatten().collect())
    }

    /// Cursor at the first row, for columns that `columns!` has declared.
    ///
    /// # Errors
    /// When the table lacks one of the columns, a column has another type, or the file is damaged.
    pub fn cursor(&self, columns: &[Column]) -> Result<RowCursor, ReadError> {
        RowCursor::open(self, columns).map_err(|problem| self.error(problem))
    }

    /// Indexes of the row groups that `may_match` chooses.
    fn groups(&self, may_match: impl Fn(GroupBounds<'_>) -> bool) -> Vec<usize> {
        (self.metadata.metadata().row_groups().iter().enumerate())
            .filter(|(_, group)| may_match(GroupBounds { schema: self.metadata.parquet_schema(), group }))
            .map(|(index, _)| index)
            .collect()
    }

    fn find_in_group(
        &self,
        group: usize,
        tested: &[&str],
        matches: &(impl Fn(Row<'_>) -> bool + Sync),
        columns: &[&str],
    ) -> Result<Vec<RecordBatch>, ReadProblem> {
        let mut rows = Vec::new();
        let mut first = 0;
        for batch in self.read_group(group, tested, None)? {
            rows.extend((0..batch.num_rows()).filter(|&row| matches(Row { batch: &batch, row })).map(|row| first + row));
            first += batch.num_rows();
        }
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let selection = RowSelection::from_consecutive_ranges(rows.iter().map(|&row| row..row + 1), first);
        self.read_group(group, columns, Some(selection))
    }

    fn read_group(
        &self,
        group: usize,
        columns: &[&str],
        selection: Option<RowSelection>,
    ) -> Result<Vec<RecordBatch>, ReadProblem> {
        const BATCH_ROWS: usize = 1 << 16;
        let mut builder = self.builder(columns)?.with_row_groups(vec![group]).with_batch_size(BATCH_ROWS);
        if let Some(selection) = selection {
            builder = builder.with_row_selection(selection);
        }
        Ok(builder.build()?.collect::<Result<_, _>>()?)
    }

    /// Reader of some columns. Each reader opens the file again, since copies of a file share one offset.
    fn builder<'c>(
        &self,
        columns: impl IntoIterator<Item = &'c (impl AsRef<str> + 'c + ?Sized)>,
    ) -> Result<ParquetRecordBatchReaderBuilder<File>, ReadProblem> {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(&self.path)?, self.metadata.clone());
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns.into_iter().map(AsRef::as_ref));
        Ok(builder.with_projection(mask))
    }
}
