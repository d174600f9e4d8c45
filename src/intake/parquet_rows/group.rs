//! Where the parts of a file lie, and the parts that a reader copied.

use std::ops::Range;

use bytes::{Buf, Bytes};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::{ChunkReader, Length};

use super::{MAGIC, ParquetFault};

/// The length of the directory, and the magic number behind it.
const TAIL_BYTES: usize = 8;

/// The directory at the end of a file with its tail, and where it begins.
pub(super) fn footer(bytes: &[u8]) -> Result<(u64, Bytes), ParquetFault> {
    let refused = |why| ParquetFault::NotParquet { why };
    let Some((_, tail)) = bytes.strip_prefix(MAGIC).and_then(|rest| rest.split_last_chunk::<TAIL_BYTES>()) else {
        return Err(refused("it does not begin as one"));
    };
    if tail[4..] != *MAGIC {
        return Err(refused("its end is missing"));
    }
    let length = u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]) as usize + TAIL_BYTES;
    let from = bytes.len().checked_sub(length).ok_or_else(|| refused("its directory is longer than the file"))?;
    Ok((from as u64, Bytes::copy_from_slice(&bytes[from..])))
}

/// Checks that all columns of all row groups lie within the file; for each group the number of rows before it, and the number of all.
pub(super) fn check_groups(metadata: &ParquetMetaData, file_bytes: u64) -> Result<Vec<u64>, ParquetFault> {
    let mut rows_before = vec![0];
    let mut rows = 0_u64;
    for (index, group) in metadata.row_groups().iter().enumerate() {
        let damaged = |why| ParquetFault::Place { group: index + 1, why };
        let group_rows = u64::try_from(group.num_rows()).map_err(|_| damaged("its number of rows is negative"))?;
        rows = rows.checked_add(group_rows).ok_or_else(|| damaged("it has more rows than can be counted"))?;
        rows_before.push(rows);
        for chunk in group.columns() {
            let place = place_of(chunk).filter(|place| place.end <= file_bytes);
            place.ok_or_else(|| damaged("a column does not lie within the file"))?;
        }
    }
    if u64::try_from(metadata.file_metadata().num_rows()) != Ok(rows) {
        return Err(ParquetFault::Directory { why: "the rows of its groups are not those of the file".to_owned() });
    }
    Ok(rows_before)
}

/// Where a column of a row group lies, as the directory says.
pub(super) fn place_of(chunk: &ColumnChunkMetaData) -> Option<Range<u64>> {
    let from = u64::try_from(chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset())).ok()?;
    let length = u64::try_from(chunk.compressed_size()).ok()?;
    Some(from..from.checked_add(length)?)
}

/// Checks that a column is packed in a way that this program was built to unpack.
pub(super) fn check_codec(chunk: &ColumnChunkMetaData) -> Result<(), ParquetFault> {
    match chunk.compression() {
        Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_) | Compression::ZSTD(_) => Ok(()),
        other => {
            let codec = other.to_string();
            Err(ParquetFault::Codec { column: chunk.column_path().string(), codec })
        }
    }
}

/// Parts of a file, read as if they were the file.
pub(super) struct GroupBytes {
    file_bytes: u64,
    pieces: Vec<(u64, Bytes)>,
}

impl GroupBytes {
    pub(super) fn new(file_bytes: u64, pieces: Vec<(u64, Bytes)>) -> Self {
        Self { file_bytes, pieces }
    }

    /// What lies from `start` on in the piece that has it, at least `length` bytes.
    fn from(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let found = self.pieces.iter().find_map(|(from, piece)| {
            let at = usize::try_from(start.checked_sub(*from)?).ok()?;
            (at <= piece.len() && length <= piece.len() - at).then(|| piece.slice(at..))
        });
        found.ok_or_else(|| ParquetError::EOF(format!("{length} bytes at byte {start} do not lie where they should")))
    }
}

impl Length for GroupBytes {
    fn len(&self) -> u64 {
        self.file_bytes
    }
}

impl ChunkReader for GroupBytes {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        self.from(start, 1).map(Buf::reader)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        self.from(start, length).map(|bytes| bytes.slice(..length))
    }
}
