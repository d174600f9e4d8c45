//! Rows of a Parquet file as texts, one row group at a time.
//!
//! An exported file gives the same texts as the CSV would: whole numbers as digits, dates as `YYYY-MM-DD`, booleans as `1` and `0`, and null as the empty
//! text. Any width of numbers, plain and dictionary strings, and all string types of Arrow are the same here. A column that is no text without a choice
//! (floating point, nested columns) is refused by its name, but only if it is wanted. The meaning of columns is not known here. A code that was stored as
//! a number has lost its leading zeros; a caller who knows its length can put them back ([`ColumnKind::Integer`]).
//!
//! Row groups are independent: several threads may read different ones of the same [`ParquetRows`].
//!
//! # Texts
//!
//! Each string is checked to be UTF-8 here. The parquet crate checks strings only where a file marks them as UTF-8 in one of the two ways to do so, and in
//! some encodings only all strings of a page together: then half a letter at the end of one string and half a letter at the start of the next one are
//! accepted. So strings of every kind are taken as bytes, and each is checked by itself ([`ParquetValues::text`]).
//!
//! # Memory
//!
//! A reader copies the packed bytes of the wanted columns of its row group, because the parquet crate reads owned bytes only. It unpacks them page by page
//! into batches of [`BATCH_ROWS`]. So it holds the packed columns of a group, one page of each and one batch, but never an unpacked group.
//!
//! # Damage
//!
//! No offset and no size in a file is trusted. [`limits`] hold for the claims of its directory and of the heads of its pages, before memory is allocated,
//! and for the texts that come out. Pages are unpacked here, into exactly as many bytes as their heads claim, and only then given to the parquet crate.
//! A page that the crate cannot decode, or panics on, is a fault of the row group, behind the rows of the batches before. A hook that reports panics
//! should ask [`is_guarded`] first.

mod column;
mod delta;
mod directory;
mod fault;
mod group;
pub mod limits;
mod page_head;
mod pages;
mod render;
#[cfg(test)]
mod tests;
mod thrift;

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader};
use parquet::arrow::{ProjectionMask, parquet_to_arrow_field_levels};

pub use column::{ColumnKind, ParquetColumn};
pub use fault::{ParquetFault, is_guarded};
pub use limits::ROW_BYTES;
pub use render::ParquetValues;

use directory::Directory;
use group::WantedGroup;
use limits::GroupAccount;
use render::{Cells, Texts};

/// Rows that are unpacked at a time.
pub const BATCH_ROWS: usize = 4096;

/// The first and the last bytes of every file.
const MAGIC: &[u8; 4] = b"PAR1";

/// An open file: its columns and its row groups.
#[derive(Debug)]
pub struct ParquetRows<'b> {
    bytes: &'b [u8],
    metadata: ArrowReaderMetadata,
    columns: Vec<ParquetColumn>,
    /// Number of rows before each group; the last entry is the number of all rows.
    rows_before: Vec<u64>,
}

impl<'b> ParquetRows<'b> {
    /// Whether a file with these first bytes is Parquet.
    #[must_use]
    pub fn is_parquet(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// Reads the directory at the end of a file.
    ///
    /// # Errors
    /// When it is no Parquet file, or a damaged one.
    pub fn open(bytes: &'b [u8]) -> Result<Self, ParquetFault> {
        let directory = Directory::find(bytes)?;
        let read = |options| {
            let damaged = |error: parquet::errors::ParquetError| ParquetFault::Directory { why: error.to_string() };
            ArrowReaderMetadata::load(&directory, options).map_err(damaged)
        };
        let written = fault::guarded(|| read(ArrowReaderOptions::new()), directory_panicked)?;
        let wanted = ArrowReaderOptions::new().with_schema(Arc::new(plain_texts(written.schema())));
        let metadata = fault::guarded(|| read(wanted), directory_panicked)?;
        let rows_before = directory::check_groups(metadata.metadata(), bytes.len() as u64)?;
        let columns = metadata.schema().fields().iter().map(|field| ParquetColumn::of_field(field)).collect();
        Ok(Self { bytes, metadata, columns, rows_before })
    }

    /// The columns in their order.
    #[must_use]
    pub fn columns(&self) -> &[ParquetColumn] {
        &self.columns
    }

    /// Number of row groups.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.rows_before.len() - 1
    }

    /// Number of rows of all groups.
    #[must_use]
    pub fn all_rows(&self) -> u64 {
        self.rows_before[self.groups()]
    }

    /// Number of rows of a group.
    ///
    /// # Panics
    /// When there is no such group.
    #[must_use]
    pub fn group_rows(&self, group: usize) -> u64 {
        self.rows_before[group + 1] - self.rows_before[group]
    }

    /// Checks that the wanted columns can be read as texts, and that the claims of the directory about them keep to the limits.
    ///
    /// # Errors
    /// The first column that cannot be read, with its name and type, or the limit that is exceeded.
    pub fn check(&self, wanted: &[usize]) -> Result<(), ParquetFault> {
        wanted.iter().try_for_each(|&column| self.columns[column].check())?;
        let mask = self.mask(wanted);
        let unpacked_of = |group: &parquet::file::metadata::RowGroupMetaData| {
            let wanted = group.columns().iter().enumerate().filter(|(leaf, _)| mask.leaf_included(*leaf));
            wanted.map(|(_, chunk)| u64::try_from(chunk.uncompressed_size()).unwrap_or(0)).fold(0, u64::saturating_add)
        };
        let pages_bytes = self.metadata.metadata().row_groups().iter().map(unpacked_of).fold(0, u64::saturating_add);
        let unpacked_bytes = pages_bytes.max(limits::least_bytes(self.all_rows(), wanted.len()));
        let file_bytes = self.bytes.len() as u64;
        if unpacked_bytes > limits::file_budget(file_bytes) {
            return Err(ParquetFault::FileRatio { file_bytes, unpacked_bytes });
        }
        Ok(())
    }

    /// Gives the rows of a group to a visitor, with the texts of the `wanted` columns in this order.
    ///
    /// # Errors
    /// When a column cannot be read as text, a limit is passed, or the group is damaged; then some of its rows may have been given.
    ///
    /// # Panics
    /// When there is no such group or column.
    pub fn rows(&self, group: usize, wanted: &[usize], visitor: &mut impl ParquetVisitor) -> Result<(), ParquetFault> {
        self.check(wanted)?;
        let before = self.rows_before[group];
        let (mut reader, mut account) = self.batches(group, wanted)?;
        // Batches have their columns in the order of the file.
        let mut in_file: Vec<usize> = wanted.to_vec();
        in_file.sort_unstable();
        in_file.dedup();
        let index = |column: &usize| in_file.binary_search(column).expect("invariant: made of the same columns");
        let indices: Vec<usize> = wanted.iter().map(index).collect();
        let mut texts: Vec<Texts> = wanted.iter().map(|_| Texts::default()).collect();
        let mut given = 0;
        while let Some(batch) = fault::guarded(|| reader.next().transpose().map_err(|e| damaged(group, &e)), || panicked(group))?
        {
            let rows = batch.num_rows();
            let columns: Vec<ArrayRef> = indices.iter().map(|&index| as_bytes(&batch, index)).collect();
            texts.iter_mut().zip(&columns).for_each(|(texts, column)| texts.fill(column));
            account.add(limits::least_bytes(rows as u64, columns.len()))?;
            columns.iter().zip(&texts).try_for_each(|(column, texts)| account.add(render::text_bytes(column, texts)))?;
            let cells: Vec<Cells<'_>> =
                columns.iter().zip(&texts).map(|(column, texts)| Cells::of_column(column, texts)).collect();
            (0..rows).for_each(|row| visitor.row(before + given + row as u64 + 1, ParquetValues { cells: &cells, row }));
            given += rows as u64;
            if !visitor.after_batch(rows) {
                return Ok(());
            }
        }
        if given == self.group_rows(group) {
            Ok(())
        } else {
            Err(ParquetFault::RowCount { group: group + 1, given, declared: self.group_rows(group) })
        }
    }

    fn mask(&self, wanted: &[usize]) -> ProjectionMask {
        ProjectionMask::roots(self.metadata.parquet_schema(), wanted.iter().copied())
    }

    /// The batches of a group, and the account of its texts.
    fn batches(&self, group: usize, wanted: &[usize]) -> Result<(ParquetRecordBatchReader, GroupAccount), ParquetFault> {
        let mask = self.mask(wanted);
        let budget_bytes = limits::group_budget(self.bytes.len() as u64, self.group_rows(group), self.all_rows());
        let columns = WantedGroup::new(self.bytes, self.metadata.metadata(), group, &mask, budget_bytes)?;
        let build = || {
            let types = Some(self.metadata.schema().fields());
            let levels = parquet_to_arrow_field_levels(self.metadata.parquet_schema(), mask, types);
            let reader = levels.and_then(|levels| {
                ParquetRecordBatchReader::try_new_with_row_groups(&levels, &columns, columns.batch_rows, None)
            });
            reader.map_err(|error| damaged(group, &error))
        };
        Ok((fault::guarded(build, || panicked(group))?, GroupAccount::new(group, budget_bytes)))
    }
}

/// Receives the rows of a group.
pub trait ParquetVisitor {
    /// Receives a row: its number in the file, from 1, and the values of the wanted columns.
    fn row(&mut self, number: u64, values: ParquetValues<'_>);

    /// Called behind each batch with its number of rows. Returns whether to go on.
    fn after_batch(&mut self, _rows: usize) -> bool {
        true
    }
}

impl<F: FnMut(u64, ParquetValues<'_>)> ParquetVisitor for F {
    fn row(&mut self, number: u64, values: ParquetValues<'_>) {
        self(number, values);
    }
}

/// A column of a batch, with strings as bytes: the crate calls strings UTF-8 without having checked each of them.
fn as_bytes(batch: &RecordBatch, index: usize) -> ArrayRef {
    let column = batch.column(index);
    match column.as_string_view_opt() {
        Some(strings) => Arc::new(strings.clone().to_binary_view()),
        None => Arc::clone(column),
    }
}

fn damaged(group: usize, error: &dyn std::error::Error) -> ParquetFault {
    ParquetFault::Group { group: group + 1, why: error.to_string() }
}

fn panicked(group: usize) -> ParquetFault {
    ParquetFault::Group { group: group + 1, why: "its pages contradict each other".to_owned() }
}

fn directory_panicked() -> ParquetFault {
    ParquetFault::Directory { why: "it contradicts itself".to_owned() }
}

/// The schema in which all strings are of the types that refer to the bytes of pages instead of copying them. Strings
/// that a file does not call UTF-8 stay bytes.
fn plain_texts(schema: &Schema) -> Schema {
    let field = |field: &Arc<Field>| {
        let mut kind = field.data_type();
        while let DataType::Dictionary(_, values) = kind {
            kind = values;
        }
        let kind = match kind {
            DataType::Utf8 | DataType::LargeUtf8 => &DataType::Utf8View,
            DataType::Binary | DataType::LargeBinary => &DataType::BinaryView,
            other => other,
        };
        Arc::new(Field::clone(field).with_data_type(kind.clone()))
    };
    Schema::new_with_metadata(schema.fields().iter().map(field).collect::<Vec<_>>(), schema.metadata().clone())
}
