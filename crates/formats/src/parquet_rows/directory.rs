//! The directory at the end of a file. Its claims are checked before the parquet crate believes them.

use std::ops::Range;

use bytes::{Buf, Bytes};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::{ChunkReader, Length};

use super::limits::{GROUPS, SCHEMA_DEPTH};
use super::thrift::{Thrift, kind};
use super::{MAGIC, ParquetFault};

/// Bytes of the directory's length and of the magic number behind it.
const TAIL_BYTES: usize = 8;

/// The directory of a file with its tail, in memory.
#[derive(Clone)]
pub(super) struct Directory {
    file_bytes: u64,
    /// Offset of the directory in the file.
    from: u64,
    bytes: Bytes,
}

impl Directory {
    /// Finds the directory of a file, and checks its claims.
    pub fn find(file: &[u8]) -> Result<Self, ParquetFault> {
        let refused = |why| ParquetFault::NotParquet { why };
        let Some((_, tail)) = file.strip_prefix(MAGIC).and_then(|rest| rest.split_last_chunk::<TAIL_BYTES>()) else {
            return Err(refused("it does not begin as one"));
        };
        if tail[4..] != *MAGIC {
            return Err(refused("its end is missing"));
        }
        let length = u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]) as usize + TAIL_BYTES;
        let from = file.len().checked_sub(length).ok_or_else(|| refused("its directory is longer than the file"))?;
        let contradicts = || ParquetFault::Directory { why: "it contradicts itself".to_owned() };
        check_claims(&file[from..file.len() - TAIL_BYTES]).ok_or_else(contradicts)?;
        Ok(Self { file_bytes: file.len() as u64, from: from as u64, bytes: Bytes::copy_from_slice(&file[from..]) })
    }

    /// The bytes from `start` on, at least `length` of them.
    fn from(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let at = start.checked_sub(self.from).and_then(|at| usize::try_from(at).ok());
        let at = at.filter(|at| *at <= self.bytes.len() && length <= self.bytes.len() - at);
        let missing = || ParquetError::EOF(format!("{length} bytes at byte {start} do not lie where they should"));
        at.map(|at| self.bytes.slice(at..)).ok_or_else(missing)
    }
}

impl Length for Directory {
    fn len(&self) -> u64 {
        self.file_bytes
    }
}

impl ChunkReader for Directory {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        self.from(start, 1).map(Buf::reader)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        self.from(start, length).map(|bytes| bytes.slice(..length))
    }
}

/// Checks the numbers for which the crate allocates memory or calls itself; `None` when one of them is impossible.
fn check_claims(directory: &[u8]) -> Option<()> {
    const SCHEMA: i16 = 2;
    const ROW_GROUPS: i16 = 4;
    let mut thrift = Thrift::new(directory);
    thrift.fields(|thrift, id, kind| match (id, kind) {
        (SCHEMA, kind::LIST) => check_schema(thrift),
        (ROW_GROUPS, kind::LIST) => {
            let (count, kind) = thrift.list().filter(|(count, _)| *count <= GROUPS)?;
            (0..count).try_for_each(|_| thrift.skip(kind))
        }
        _ => thrift.skip(kind),
    })
}

/// Checks a schema, which is written as elements with the number of their children, parents first.
fn check_schema(thrift: &mut Thrift<'_>) -> Option<()> {
    const CHILDREN: i16 = 5;
    let (elements, element_kind) = thrift.list()?;
    if element_kind != kind::STRUCT {
        return None;
    }
    // The number of children that are still to come, for each open element.
    let mut open: Vec<usize> = Vec::new();
    for element in 0..elements {
        let mut children = 0;
        thrift.fields(|thrift, id, kind| {
            if (id, kind) != (CHILDREN, kind::I32) {
                return thrift.skip(kind);
            }
            children = thrift.number().and_then(|number| usize::try_from(number).ok())?;
            Some(())
        })?;
        if children >= elements - element {
            return None;
        }
        if children > 0 {
            open.push(children);
        } else {
            while open.last_mut().is_some_and(|due| std::mem::replace(due, due.saturating_sub(1)) <= 1) {
                open.pop();
            }
        }
        if open.len() > SCHEMA_DEPTH {
            return None;
        }
    }
    Some(())
}

/// Checks that all columns of all row groups lie within the file. Returns for each group the number of rows before it, and the number of all rows.
pub(super) fn check_groups(metadata: &ParquetMetaData, file_bytes: u64) -> Result<Vec<u64>, ParquetFault> {
    let mut rows_before = vec![0];
    let mut rows = 0_u64;
    for (index, group) in metadata.row_groups().iter().enumerate() {
        let damaged = |why| ParquetFault::OutOfFile { group: index + 1, why };
        let group_rows = u64::try_from(group.num_rows()).map_err(|_| damaged("its number of rows is negative"))?;
        rows = rows.checked_add(group_rows).ok_or_else(|| damaged("it has more rows than can be counted"))?;
        rows_before.push(rows);
        for chunk in group.columns() {
            let range = range_of(chunk).filter(|range| range.end <= file_bytes);
            range.ok_or_else(|| damaged("a column does not lie within the file"))?;
        }
    }
    if u64::try_from(metadata.file_metadata().num_rows()) != Ok(rows) {
        return Err(ParquetFault::Directory { why: "the rows of its groups are not those of the file".to_owned() });
    }
    Ok(rows_before)
}

/// The range of a column of a row group in the file, as the directory claims it.
pub(super) fn range_of(chunk: &ColumnChunkMetaData) -> Option<Range<u64>> {
    let from = u64::try_from(chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset())).ok()?;
    let length = u64::try_from(chunk.compressed_size()).ok()?;
    Some(from..from.checked_add(length)?)
}

/// Checks that a column is packed in a way that is unpacked here.
pub(super) fn check_codec(chunk: &ColumnChunkMetaData) -> Result<(), ParquetFault> {
    match chunk.compression() {
        Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::GZIP(_) | Compression::ZSTD(_) => Ok(()),
        other => {
            let codec = other.to_string();
            Err(ParquetFault::Codec { column: chunk.column_path().string(), codec })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory of nothing but a schema: groups inside each other, or one element that claims children.
    fn with_schema(elements: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x29, 0xFC];
        let mut count = elements.len();
        while count > 0x7F {
            bytes.push(count as u8 | 0x80);
            count >>= 7;
        }
        bytes.push(count as u8);
        elements.iter().for_each(|children| bytes.extend([0x55, children << 1, 0]));
        bytes.push(0);
        bytes
    }

    #[test]
    fn schemas_have_as_many_elements_as_they_claim_and_are_not_deep() {
        assert_eq!(check_claims(&with_schema(&[3, 0, 0, 0])), Some(()));
        assert_eq!(check_claims(&with_schema(&[2, 1, 0, 0])), Some(()));
        assert_eq!(check_claims(&with_schema(&[63, 0, 0])), None);
        let deep = |depth: usize| with_schema(&[vec![1; depth], vec![0]].concat());
        assert_eq!(check_claims(&deep(SCHEMA_DEPTH)), Some(()));
        assert_eq!(check_claims(&deep(SCHEMA_DEPTH + 1)), None);
        assert_eq!(check_claims(&deep(100_000)), None);
    }

    #[test]
    fn lists_claim_no_more_than_there_is() {
        assert_eq!(check_claims(&[0x49, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0]), None);
        assert_eq!(check_claims(&[0x49, 0x0C, 0]), Some(()));
    }
}
