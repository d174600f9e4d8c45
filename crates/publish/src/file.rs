//! Parquet file of a table: row groups one after another, hashed while they are written, and the footer with their offsets.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use parquet::arrow::{ARROW_SCHEMA_META_KEY, ArrowSchemaConverter, encode_arrow_schema};
use parquet::errors::ParquetError;
use parquet::file::metadata::{
    ColumnChunkMetaData, FileMetaData, KeyValue, ParquetMetaData, ParquetMetaDataWriter, RowGroupMetaData, SortingColumn,
};
use parquet::schema::types::SchemaDescPtr;

use super::encode::RowGroupBytes;
use super::table::TableSpec;

/// Name and version of the writer, in the form `<application> version <version>` that readers parse.
pub(super) const CREATED_BY: &str = concat!("sverka version ", env!("CARGO_PKG_VERSION"));

const MAGIC: &[u8] = b"PAR1";
/// Version 1 of the format. The only later additions in use are encodings, which readers have supported for years.
const FORMAT_VERSION: i32 = 1;

/// Parquet file under construction.
pub(super) struct TableFile {
    spec: &'static TableSpec,
    schema: SchemaDescPtr,
    file: HashingFile,
    row_groups: Vec<RowGroupMetaData>,
    rows: i64,
}

/// Complete and synced file.
pub(super) struct FinishedFile {
    pub bytes: u64,
    pub blake3: String,
}

impl TableFile {
    /// Starts an empty file.
    pub fn begin(file: File, spec: &'static TableSpec) -> Result<Self, ParquetError> {
        let schema = Arc::new(ArrowSchemaConverter::new().convert(&spec.schema)?);
        let mut file = HashingFile::new(file);
        file.write_all(MAGIC)?;
        Ok(Self { spec, schema, file, row_groups: Vec::new(), rows: 0 })
    }

    /// Parquet schema of the table.
    pub fn schema(&self) -> &SchemaDescPtr {
        &self.schema
    }

    /// Appends a row group.
    pub fn append(&mut self, group: &RowGroupBytes, rows: usize) -> Result<(), ParquetError> {
        let from = self.file.bytes as i64;
        let ordinal = i16::try_from(self.row_groups.len())
            .map_err(|_| ParquetError::General("a file cannot have more than 32768 row groups".to_owned()))?;
        let columns = group.columns.iter().map(|column| at_offset(column, from)).collect::<Result<Vec<_>, _>>()?;
        let metadata = RowGroupMetaData::builder(Arc::clone(&self.schema))
            .set_num_rows(rows as i64)
            .set_total_byte_size(columns.iter().map(ColumnChunkMetaData::uncompressed_size).sum())
            .set_column_metadata(columns)
            .set_sorting_columns(Some(self.spec.sorted_by.iter().map(|&column| ascending(column)).collect()))
            .set_ordinal(ordinal)
            .set_file_offset(from)
            .build()?;
        self.file.write_all(&group.bytes)?;
        self.row_groups.push(metadata);
        self.rows += rows as i64;
        Ok(())
    }

    /// Writes the footer and syncs the file.
    pub fn finish(mut self) -> Result<FinishedFile, ParquetError> {
        let about = [
            ("sverka.table", self.spec.name.to_owned()),
            ("sverka.description", self.spec.description.clone()),
            (ARROW_SCHEMA_META_KEY, encode_arrow_schema(&self.spec.schema)),
        ];
        let about = about.map(|(key, value)| KeyValue::new(key.to_owned(), value)).into();
        let file = FileMetaData::new(FORMAT_VERSION, self.rows, Some(CREATED_BY.to_owned()), Some(about), self.schema, None);
        let mut footer = Vec::new();
        ParquetMetaDataWriter::new(&mut footer, &ParquetMetaData::new(file, self.row_groups)).finish()?;
        self.file.write_all(&footer)?;
        self.file.sync()?;
        Ok(FinishedFile { bytes: self.file.bytes, blake3: self.file.hasher.finalize().to_hex().to_string() })
    }
}

fn ascending(column: usize) -> SortingColumn {
    SortingColumn { column_idx: i32::try_from(column).unwrap_or(i32::MAX), descending: false, nulls_first: true }
}

/// The same chunk with offsets that count from the start of the file.
fn at_offset(column: &ColumnChunkMetaData, from: i64) -> Result<ColumnChunkMetaData, ParquetError> {
    let (dictionary, data) = (column.dictionary_page_offset(), column.data_page_offset());
    let builder = column.clone().into_builder().set_data_page_offset(data + from);
    builder.set_dictionary_page_offset(dictionary.map(|offset| offset + from)).build()
}

/// File that hashes its bytes and is flushed while it grows.
struct HashingFile {
    file: Arc<File>,
    hasher: blake3::Hasher,
    bytes: u64,
    /// Bytes at the time of the last flush.
    flushed: u64,
    flush: Option<JoinHandle<io::Result<()>>>,
}

/// Bytes between two flushes. Without flushes the disk would have to write everything at the end.
const FLUSH_BYTES: u64 = 16 << 20;

impl HashingFile {
    fn new(file: File) -> Self {
        Self { file: Arc::new(file), hasher: blake3::Hasher::new(), bytes: 0, flushed: 0, flush: None }
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        (&*self.file).write_all(bytes)?;
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
        if self.bytes - self.flushed >= FLUSH_BYTES && self.flush.as_ref().is_none_or(JoinHandle::is_finished) {
            self.await_flush()?;
            self.flushed = self.bytes;
            let file = Arc::clone(&self.file);
            // Without a free thread the disk merely starts later.
            self.flush = thread::Builder::new().spawn(move || file.sync_data()).ok();
        }
        Ok(())
    }

    /// Waits for the running flush. The system reports an error of the disk only once, so it must not be lost here.
    fn await_flush(&mut self) -> io::Result<()> {
        self.flush.take().map_or(Ok(()), |flush| flush.join().expect("invariant: flushing does not panic"))
    }

    fn sync(&mut self) -> io::Result<()> {
        self.await_flush()?;
        self.file.sync_all()
    }
}
