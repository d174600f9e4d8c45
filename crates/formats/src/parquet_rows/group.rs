//! One row group with its wanted columns, as the parquet crate asks for it.

use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::RowGroups;
use parquet::column::page::PageIterator;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};

use super::limits::{BATCH_BYTES, GroupAccount, HELD_BYTES};
use super::pages::{OneColumn, PageSizes, Pages, look_at_pages};
use super::{BATCH_ROWS, ParquetFault, directory};

/// A row group of a file, with copies of the packed bytes of its wanted columns.
pub(super) struct WantedGroup<'m> {
    metadata: &'m ParquetMetaData,
    group: usize,
    /// The packed bytes of each wanted column, by its index among the columns that hold values.
    packed: Vec<(usize, Bytes)>,
    /// Rows that are unpacked at a time.
    pub batch_rows: usize,
}

impl<'m> WantedGroup<'m> {
    /// Copies the wanted columns of a group out of the file, if their pages keep to the limits.
    pub fn new(
        file: &[u8],
        metadata: &'m ParquetMetaData,
        group: usize,
        wanted: &ProjectionMask,
        budget_bytes: u64,
    ) -> Result<Self, ParquetFault> {
        let mut account = GroupAccount::new(group, budget_bytes);
        let mut packed = Vec::new();
        let mut all = PageSizes::default();
        let chunks = metadata.row_group(group).columns().iter().enumerate();
        for (leaf, chunk) in chunks.filter(|(leaf, _)| wanted.leaf_included(*leaf)) {
            directory::check_codec(chunk)?;
            let range = directory::range_of(chunk).expect("invariant: checked when the file was opened");
            let bytes = &file[range.start as usize..range.end as usize];
            let sizes = look_at_pages(bytes, &chunk.column_path().string(), &mut account)?;
            all.held_bytes += sizes.held_bytes;
            all.repeating_bytes = all.repeating_bytes.max(sizes.repeating_bytes);
            packed.push((leaf, Bytes::copy_from_slice(bytes)));
        }
        if all.held_bytes > HELD_BYTES {
            return Err(ParquetFault::GroupTooLarge { group: group + 1, held_bytes: all.held_bytes });
        }
        let batch_rows = (BATCH_BYTES / all.repeating_bytes.max(1)).clamp(1, BATCH_ROWS);
        Ok(Self { metadata, group, packed, batch_rows })
    }
}

impl RowGroups for WantedGroup<'_> {
    fn num_rows(&self) -> usize {
        self.metadata.row_group(self.group).num_rows() as usize
    }

    fn column_chunks(&self, leaf: usize) -> Result<Box<dyn PageIterator>, ParquetError> {
        let found = self.packed.iter().find(|(wanted, _)| *wanted == leaf);
        let (_, bytes) = found.ok_or_else(|| ParquetError::General("a column that nobody wants is asked for".to_owned()))?;
        let chunk = self.metadata.row_group(self.group).column(leaf);
        Ok(Box::new(OneColumn(Some(Pages::new(bytes.clone(), chunk)))))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(std::iter::once(self.metadata.row_group(self.group)))
    }

    fn metadata(&self) -> &ParquetMetaData {
        self.metadata
    }
}
