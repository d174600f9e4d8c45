//! Batches to Parquet row groups, in memory: the part of writing that costs.
//!
//! Knows the Parquet format and Arrow arrays, no table and no file. The `parquet` crate gives the schema and the footer; levels, encodings and
//! pages are made here, because the tables of a run repeat few words, which need not be hashed again to become a dictionary.
//! See `docs/performance/parquet.md` for what was measured.

mod bits;
mod chunk;
mod column;
mod delta;
mod dictionary;
mod hybrid;
mod prefixes;
mod slots;
mod statistics;
#[cfg(test)]
mod tests;

use std::cell::RefCell;

use arrow::array::ArrayRef;
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::schema::types::SchemaDescriptor;

use column::{Workspace, push_column};

/// A row group's bytes, and what the footer says of its columns: with offsets from the first of these bytes.
pub(super) struct RowGroupBytes {
    pub bytes: Vec<u8>,
    pub columns: Vec<ColumnChunkMetaData>,
}

thread_local! {
    static WORKSPACE: RefCell<Option<Workspace>> = const { RefCell::new(None) };
}

/// Encodes the columns of a batch; `by_dictionary` says for each whether it should be one.
pub(super) fn encode(
    columns: &[ArrayRef],
    schema: &SchemaDescriptor,
    by_dictionary: &[bool],
) -> Result<RowGroupBytes, ParquetError> {
    assert_eq!(columns.len(), schema.num_columns(), "one leaf for each column");
    WORKSPACE.with_borrow_mut(|workspace| {
        let workspace = match workspace {
            Some(workspace) => workspace,
            None => workspace.insert(Workspace::new().map_err(|error| ParquetError::External(Box::new(error)))?),
        };
        let mut bytes = Vec::new();
        let leaves = columns.iter().zip(schema.columns()).zip(by_dictionary);
        let columns = leaves.map(|((column, leaf), &wanted)| push_column(column, leaf, wanted, workspace, &mut bytes));
        let columns = columns.collect::<Result<_, _>>()?;
        Ok(RowGroupBytes { bytes, columns })
    })
}
