//! Rows of a Parquet file as texts, one row group at a time.
//!
//! A file that somebody exported gives the same texts as the CSV would: whole numbers as digits, dates as `YYYY-MM-DD`, booleans as `1` and `0`, nothing
//! for null. Any width of numbers, plain and dictionary strings, and all string types of Arrow are the same here. What cannot be
//! a text without a choice (floating point, nested columns) is refused with the name of the column, but only when it is asked for. What the
//! columns mean is not known here; a code that was stored as a number has lost its leading zeros, which whoever knows its length can put back
//! ([`ColumnKind::Integer`]).
//!
//! Row groups are independent: several threads may read different ones of the same [`ParquetRows`].
//!
//! # Memory
//!
//! A reader copies the packed bytes of the wanted columns of its row group, because the parquet crate reads owned bytes only, and unpacks them page
//! by page into batches of [`BATCH_ROWS`]. So it holds the packed columns of a group, a page of each and a batch; never an unpacked group.
//!
//! # Damage
//!
//! Nothing in a file is trusted to lie where it says. The parquet crate is asked only after places and numbers of the file's
//! directory were checked; what it cannot unpack, or panics on, is a fault of the row group, after the rows of the batches before. Whatever reports
//! panics should ask [`is_guarded`] first. A single page may unpack to as much as its packer claims, up to 2 GiB.

mod column;
mod fault;
mod group;
mod render;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

pub use column::{ColumnKind, ParquetColumn};
pub use fault::{ParquetFault, is_guarded};
pub use render::ParquetValues;

use group::GroupBytes;
use render::{Cells, Texts};

/// Rows that are unpacked at a time.
pub const BATCH_ROWS: usize = 4096;

/// Begins and ends every file.
const MAGIC: &[u8; 4] = b"PAR1";

/// An open file: its columns, and where its row groups lie.
#[derive(Debug)]
pub struct ParquetRows<'b> {
    bytes: &'b [u8],
    metadata: ArrowReaderMetadata,
    columns: Vec<ParquetColumn>,
    /// For each group the number of rows before it, and behind them the number of all.
    rows_before: Vec<u64>,
}

impl<'b> ParquetRows<'b> {
    /// Whether a file with these first bytes is to be read as Parquet.
    #[must_use]
    pub fn is_parquet(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// Reads the directory at the end of a file.
    ///
    /// # Errors
    /// When it is no Parquet file, or a damaged one.
    pub fn open(bytes: &'b [u8]) -> Result<Self, ParquetFault> {
        let footer = group::footer(bytes)?;
        let read = |options| {
            let damaged = |error: parquet::errors::ParquetError| ParquetFault::Directory { why: error.to_string() };
            ArrowReaderMetadata::load(&GroupBytes::new(bytes.len() as u64, vec![footer.clone()]), options).map_err(damaged)
        };
        let written = fault::guarded(|| read(ArrowReaderOptions::new()), directory_panicked)?;
        let wanted = ArrowReaderOptions::new().with_schema(Arc::new(plain_texts(written.schema())));
        let metadata = fault::guarded(|| read(wanted), directory_panicked)?;
        let rows_before = group::check_groups(metadata.metadata(), bytes.len() as u64)?;
        let columns = metadata.schema().fields().iter().map(|field| ParquetColumn::of(field)).collect();
        Ok(Self { bytes, metadata, columns, rows_before })
    }

    /// The columns in their order.
    #[must_use]
    pub fn columns(&self) -> &[ParquetColumn] {
        &self.columns
    }

    /// How many row groups there are.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.rows_before.len() - 1
    }

    /// How many rows there are in all groups.
    #[must_use]
    pub fn all_rows(&self) -> u64 {
        self.rows_before[self.groups()]
    }

    /// How many rows a group has.
    ///
    /// # Panics
    /// When there is no such group.
    #[must_use]
    pub fn group_rows(&self, group: usize) -> u64 {
        self.rows_before[group + 1] - self.rows_before[group]
    }

    /// Checks that these columns can be read as texts.
    ///
    /// # Errors
    /// The first one that cannot, with its name and type.
    pub fn check(&self, wanted: &[usize]) -> Result<(), ParquetFault> {
        wanted.iter().try_for_each(|&column| self.columns[column].check())
    }

    /// Gives each row of a group to `each`: its number in the file, from 1, and the texts of the `wanted` columns in the order in which these are named.
    ///
    /// # Errors
    /// When a column cannot be read as text, or the group is damaged; then some of its rows may have been given.
    ///
    /// # Panics
    /// When there is no such group or column.
    pub fn rows(&self, group: usize, wanted: &[usize], each: &mut dyn FnMut(u64, ParquetValues<'_>)) -> Result<(), ParquetFault> {
        self.check(wanted)?;
        let before = self.rows_before[group];
        let mut reader = self.batches(group, wanted)?;
        // Batches have their columns in the order of the file.
        let mut in_file: Vec<usize> = wanted.to_vec();
        in_file.sort_unstable();
        in_file.dedup();
        let place = |column: &usize| in_file.binary_search(column).expect("invariant: made of the same columns");
        let places: Vec<usize> = wanted.iter().map(place).collect();
        let mut texts: Vec<Texts> = wanted.iter().map(|_| Texts::default()).collect();
        let mut given = 0;
        while let Some(batch) = fault::guarded(|| reader.next().transpose().map_err(|e| damaged(group, &e)), || panicked(group))?
        {
            let rows = batch.num_rows();
            let fill = |(texts, &place): (&'_ mut Texts, &usize)| texts.fill(batch.column(place));
            texts.iter_mut().zip(&places).for_each(fill);
            let cells: Vec<Cells<'_>> =
                texts.iter().zip(&places).map(|(texts, &place)| Cells::of(batch.column(place), texts)).collect();
            (0..rows).for_each(|row| each(before + given + row as u64 + 1, ParquetValues { cells: &cells, row }));
            given += rows as u64;
        }
        if given == self.group_rows(group) {
            Ok(())
        } else {
            Err(ParquetFault::RowCount { group: group + 1, given, declared: self.group_rows(group) })
        }
    }

    fn batches(
        &self,
        group: usize,
        wanted: &[usize],
    ) -> Result<impl Iterator<Item = Result<arrow::array::RecordBatch, arrow::error::ArrowError>> + use<>, ParquetFault> {
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), wanted.iter().copied());
        let chunks = self.metadata.metadata().row_group(group).columns().iter().enumerate();
        let mut pieces = Vec::with_capacity(wanted.len());
        for (_, chunk) in chunks.filter(|(leaf, _)| mask.leaf_included(*leaf)) {
            group::check_codec(chunk)?;
            let place = group::place_of(chunk).expect("invariant: checked when the file was opened");
            pieces.push((place.start, Bytes::copy_from_slice(&self.bytes[place.start as usize..place.end as usize])));
        }
        let input = GroupBytes::new(self.bytes.len() as u64, pieces);
        let build = || {
            ParquetRecordBatchReaderBuilder::new_with_metadata(input, self.metadata.clone())
                .with_batch_size(BATCH_ROWS)
                .with_row_groups(vec![group])
                .with_projection(mask)
                .build()
                .map_err(|error| damaged(group, &error))
        };
        fault::guarded(build, || panicked(group))
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

/// The schema in which all strings are of one type: the one that refers to what pages hold instead of copying it.
fn plain_texts(schema: &Schema) -> Schema {
    let field = |field: &Arc<Field>| {
        let mut kind = field.data_type();
        while let DataType::Dictionary(_, values) = kind {
            kind = values;
        }
        let kind = match kind {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
                &DataType::Utf8View
            }
            other => other,
        };
        Arc::new(Field::clone(field).with_data_type(kind.clone()))
    };
    Schema::new_with_metadata(schema.fields().iter().map(field).collect::<Vec<_>>(), schema.metadata().clone())
}
