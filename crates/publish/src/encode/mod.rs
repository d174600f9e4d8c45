//! Encoder of Parquet row groups, in memory: the expensive part of writing tables.
//!
//! ```text
//! RecordBatch            Arrow columns; texts as keys into one dictionary that all row groups share
//!   column.rs            encoding, pages, statistics of one column
//!     dictionary.rs      keys → indices of the dictionary page of this chunk
//!     levels.rs          nulls and lists → definition and repetition levels
//!     delta.rs, front_coding.rs, hybrid.rs, bits.rs    values → bytes
//!     chunk.rs           pages, compressed, with their headers
//! RowGroupBytes          bytes of all column chunks, and their metadata for the footer
//! ```
//!
//! The Parquet format and Arrow arrays are known here, tables and files are not. The `parquet` crate gives schema and
//! footer. Its own column writers would hash every text of every row group again to build dictionaries; here the keys
//! are known, so a dictionary costs an array access for each row. `docs/performance/parquet.md` has the measurements.

mod bits;
mod chunk;
mod column;
mod delta;
mod dictionary;
mod front_coding;
mod hybrid;
mod levels;
mod statistics;
#[cfg(test)]
mod tests;

use std::cell::RefCell;

use arrow::array::ArrayRef;
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::schema::types::SchemaDescriptor;

use column::{EncoderBuffers, push_column};

/// Bytes of a row group, and metadata of its columns for the footer. Offsets count from the first byte.
pub(super) struct RowGroupBytes {
    pub bytes: Vec<u8>,
    pub columns: Vec<ColumnChunkMetaData>,
}

thread_local! {
    static BUFFERS: RefCell<Option<EncoderBuffers>> = const { RefCell::new(None) };
}

/// Encodes the columns of a batch. `by_dictionary` says whether the description of each column asks for a dictionary.
pub(super) fn encode(
    columns: &[ArrayRef],
    schema: &SchemaDescriptor,
    by_dictionary: &[bool],
) -> Result<RowGroupBytes, ParquetError> {
    assert_eq!(columns.len(), schema.num_columns(), "one leaf for each column");
    BUFFERS.with_borrow_mut(|buffers| {
        let buffers = match buffers {
            Some(buffers) => buffers,
            None => buffers.insert(EncoderBuffers::new().map_err(|error| ParquetError::External(Box::new(error)))?),
        };
        let mut bytes = Vec::new();
        let leaves = columns.iter().zip(schema.columns()).zip(by_dictionary);
        let columns = leaves.map(|((column, leaf), &wanted)| push_column(column, leaf, wanted, buffers, &mut bytes));
        let columns = columns.collect::<Result<_, _>>()?;
        Ok(RowGroupBytes { bytes, columns })
    })
}
