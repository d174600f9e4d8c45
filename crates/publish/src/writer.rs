//! Writer of a table: row groups are encoded in any thread, appended in the order of the key, and hashed while they are written.
//!
//! ```text
//! RecordBatch ─RowGroupEncoder, any thread─▶ EncodedRowGroup ─TableWriter, one after another─▶ <table>.parquet
//!              shape and order checked        bytes in memory   first key ≥ last key before
//!
//! file    PAR1 | row group 0 | row group 1 | … | footer: schema, offsets, statistics, sort order | PAR1
//! ```
//!
//! The bytes depend on the batches alone, so callers cut tables into row groups at fixed numbers of rows ([`ROW_GROUP_ROWS`]), never by the number of
//! threads. The writer checks shape and order, because the file promises a sort order to its readers.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::BatchCoalescer;
use parquet::schema::types::SchemaDescPtr;

use super::PublishError;
use super::encode::{self, RowGroupBytes};
use super::file::TableFile;
use super::order::{Key, Keys};
use super::table::{OutputTable, TableSpec};

/// Rows of a full row group: large enough to compress and skip well, small enough that a table of a region keeps all cores busy.
pub const ROW_GROUP_ROWS: usize = 1 << 18;

/// Writer of the file of one table.
pub struct TableWriter {
    table: OutputTable,
    path: PathBuf,
    file: TableFile,
    rows: u64,
    last_key: Option<Key>,
}

/// Written file, with everything that the manifest states about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenTable {
    /// Table of the file.
    pub table: OutputTable,
    /// Name of the file in the folder.
    pub file_name: String,
    /// Number of rows.
    pub rows: u64,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// BLAKE3 of the file, hexadecimal.
    pub blake3: String,
}

/// Encoder from batches of one table to row groups. Cheap to clone, usable from every thread.
#[derive(Clone)]
pub struct RowGroupEncoder {
    spec: &'static TableSpec,
    schema: SchemaDescPtr,
}

/// Row group, encoded and compressed, in memory.
pub struct EncodedRowGroup {
    rows: usize,
    content: RowGroupBytes,
    /// Smallest and largest key; `None` without rows.
    key_range: Option<KeyRange>,
}

/// Keys of the first and last row.
struct KeyRange {
    first: Key,
    last: Key,
}

impl TableWriter {
    /// Starts the file of the table in `dir`.
    ///
    /// # Errors
    /// When the file cannot be created.
    pub fn create(dir: &Path, table: OutputTable) -> Result<Self, PublishError> {
        let path = dir.join(table.file_name());
        let file = File::create(&path).map_err(PublishError::io("create", &path))?;
        Self::over(file, path, table)
    }

    fn over(file: File, path: PathBuf, table: OutputTable) -> Result<Self, PublishError> {
        let file = TableFile::begin(file, table.spec()).map_err(PublishError::parquet(table.name(), &path))?;
        Ok(Self { table, path, file, rows: 0, last_key: None })
    }

    /// Encoder from batches of this table to row groups.
    #[must_use]
    pub fn encoder(&self) -> RowGroupEncoder {
        RowGroupEncoder { spec: self.table.spec(), schema: Arc::clone(self.file.schema()) }
    }

    /// Appends a row group. A row group without rows leaves no trace.
    ///
    /// # Errors
    /// When the disk refuses, or the first key is smaller than the last key of the row group before.
    pub fn append(&mut self, group: EncodedRowGroup) -> Result<(), PublishError> {
        let Some(KeyRange { first, last }) = group.key_range else { return Ok(()) };
        if self.last_key.as_ref().is_some_and(|before| *before > first) {
            return Err(PublishError::Order { table: self.table.name(), row: self.rows });
        }
        let failed = PublishError::parquet(self.table.name(), &self.path);
        self.file.append(&group.content, group.rows).map_err(failed)?;
        self.rows += group.rows as u64;
        self.last_key = Some(last);
        Ok(())
    }

    /// Completes the file and syncs it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(self) -> Result<WrittenTable, PublishError> {
        let finished = self.file.finish().map_err(PublishError::parquet(self.table.name(), &self.path))?;
        Ok(WrittenTable {
            table: self.table,
            file_name: self.table.file_name(),
            rows: self.rows,
            bytes: finished.bytes,
            blake3: finished.blake3,
        })
    }
}

impl RowGroupEncoder {
    /// Encodes a batch as one row group.
    ///
    /// A column of texts may also hold dictionary keys, as [`TableSpec::batch`] describes. That is cheaper, and the bytes are the same.
    ///
    /// # Errors
    /// When the batch does not have the shape of the table, or is not sorted by its key.
    pub fn encode(&self, batch: &RecordBatch) -> Result<EncodedRowGroup, PublishError> {
        let batch = self.spec.batch(batch.columns().to_vec())?;
        let key_range = self.key_range(&batch)?;
        let content = encode::encode(batch.columns(), &self.schema, &self.spec.dictionary);
        let content = content.map_err(|source| PublishError::Parquet { table: self.spec.name, source })?;
        Ok(EncodedRowGroup { rows: batch.num_rows(), content, key_range })
    }

    /// Smallest and largest key of a batch, whose order is checked.
    fn key_range(&self, batch: &RecordBatch) -> Result<Option<KeyRange>, PublishError> {
        let columns = self.spec.sorted_by.iter().map(|&column| batch.column(column));
        let keys = Keys::from_columns(batch.num_rows(), columns)
            .map_err(|detail| PublishError::Shape { table: self.spec.name, detail })?;
        if let Some(row) = keys.first_out_of_order() {
            return Err(PublishError::Order { table: self.spec.name, row: row as u64 });
        }
        let last = batch.num_rows().checked_sub(1);
        Ok(last.map(|last| KeyRange { first: keys.key(0), last: keys.key(last) }))
    }
}

/// Writes a whole table with one thread. The cut of the rows into batches does not show in the file.
///
/// # Errors
/// The same as for [`TableWriter`] and [`RowGroupEncoder`].
pub fn write_table(
    dir: &Path,
    table: OutputTable,
    batches: impl IntoIterator<Item = RecordBatch>,
) -> Result<WrittenTable, PublishError> {
    let spec = table.spec();
    let mut writer = TableWriter::create(dir, table)?;
    let encoder = writer.encoder();
    let mut row_groups: Option<BatchCoalescer> = None;
    for batch in batches {
        let batch = spec.batch(batch.columns().to_vec())?;
        let row_groups = row_groups.get_or_insert_with(|| BatchCoalescer::new(batch.schema(), ROW_GROUP_ROWS));
        row_groups.push_batch(batch).map_err(|error| shape(spec, &error))?;
        while let Some(full) = row_groups.next_completed_batch() {
            writer.append(encoder.encode(&full)?)?;
        }
    }
    if let Some(mut row_groups) = row_groups {
        row_groups.finish_buffered_batch().map_err(|error| shape(spec, &error))?;
        while let Some(rest) = row_groups.next_completed_batch() {
            writer.append(encoder.encode(&rest)?)?;
        }
    }
    writer.finish()
}

fn shape(spec: &TableSpec, error: &arrow::error::ArrowError) -> PublishError {
    PublishError::Shape { table: spec.name, detail: error.to_string() }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use arrow::array::ArrayRef;
    use arrow::compute::cast;
    use arrow::datatypes::{DataType, FieldRef};
    use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReader};
    use parquet::file::metadata::SortingColumn;
    use rayon::iter::{IntoParallelIterator, ParallelIterator};

    use super::super::file::CREATED_BY;
    use super::super::sample;
    use super::*;

    fn rows(table: OutputTable, from: i64, to: i64) -> RecordBatch {
        sample::batch(&table.spec().schema, from, to)
    }

    fn read(path: &Path) -> Vec<RecordBatch> {
        let file = File::open(path).expect("open");
        ParquetRecordBatchReader::try_new(file, 1024).expect("parquet").map(|batch| batch.expect("batch")).collect()
    }

    #[test]
    fn every_table_reads_back_as_it_was_written() {
        let dir = tempfile::tempdir().expect("folder");
        for &table in OutputTable::ALL {
            let batch = rows(table, 0, 100);
            let written = write_table(dir.path(), table, [batch.clone()]).expect("write");
            assert_eq!(written.rows, 100);
            let back = read(&dir.path().join(written.file_name));
            assert_eq!(back[0].columns(), batch.columns(), "{}", table.name());
            assert_eq!(back[0].schema().fields(), batch.schema().fields(), "{}", table.name());
        }
    }

    #[test]
    fn an_empty_table_is_a_file_with_the_schema() {
        let dir = tempfile::tempdir().expect("folder");
        for &table in OutputTable::ALL {
            let written = write_table(dir.path(), table, []).expect("write");
            let file = File::open(dir.path().join(written.file_name)).expect("open");
            let found =
                ArrowReaderMetadata::load(&file, parquet::arrow::arrow_reader::ArrowReaderOptions::new()).expect("parquet");
            assert_eq!(found.schema().fields(), table.spec().schema.fields());
            assert_eq!(found.metadata().file_metadata().num_rows(), 0);
        }
    }

    #[test]
    fn the_footer_names_table_description_and_creator() {
        let dir = tempfile::tempdir().expect("folder");
        let table = OutputTable::Persons;
        let written = write_table(dir.path(), table, [rows(table, 0, 10)]).expect("write");
        let file = File::open(dir.path().join(written.file_name)).expect("open");
        let found = ArrowReaderMetadata::load(&file, parquet::arrow::arrow_reader::ArrowReaderOptions::new()).expect("parquet");
        let about = found.metadata().file_metadata();
        assert_eq!(about.created_by(), Some(CREATED_BY));
        let value = |key: &str| about.key_value_metadata()?.iter().find(|pair| pair.key == key)?.value.clone();
        assert_eq!(value("sverka.table").as_deref(), Some("persons"));
        assert_eq!(value("sverka.description"), Some(table.spec().description.clone()));
    }

    #[test]
    fn row_groups_state_their_order_and_statistics() {
        let dir = tempfile::tempdir().expect("folder");
        let table = OutputTable::InsuranceStays;
        let written = write_table(dir.path(), table, [rows(table, 0, 10)]).expect("write");
        let file = File::open(dir.path().join(written.file_name)).expect("open");
        let found = ArrowReaderMetadata::load(&file, parquet::arrow::arrow_reader::ArrowReaderOptions::new()).expect("parquet");
        let group = found.metadata().row_group(0);
        let by = |column: &str| SortingColumn {
            column_idx: table.spec().schema.index_of(column).expect("a column") as i32,
            descending: false,
            nulls_first: true,
        };
        assert_eq!(group.sorting_columns().expect("order"), &[by("person_id"), by("from")]);
        assert!(group.columns().iter().all(|column| column.statistics().is_some()));
    }

    #[test]
    fn bytes_depend_on_the_rows_alone() {
        let table = OutputTable::InsuranceStays;
        let files = [vec![rows(table, 0, 500)], vec![rows(table, 0, 1), rows(table, 1, 1), rows(table, 1, 500)]].map(|batches| {
            let dir = tempfile::tempdir().expect("folder");
            let written = write_table(dir.path(), table, batches).expect("write");
            (fs::read(dir.path().join(&written.file_name)).expect("file"), written)
        });
        assert!(files[0] == files[1]);
    }

    #[test]
    fn texts_that_come_as_words_give_the_same_file() {
        let words = DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8));
        for &table in OutputTable::ALL {
            let spec = table.spec();
            let texts = rows(table, 0, 300);
            let as_words = |(field, column): (&FieldRef, &ArrayRef)| match field.data_type() {
                DataType::Utf8 => cast(column, &words).expect("words"),
                DataType::List(element) if *element.data_type() == DataType::Utf8 => {
                    cast(column, &DataType::List(spec.dictionary_element(field.name()))).expect("lists of words")
                }
                _ => Arc::clone(column),
            };
            let columns = spec.schema.fields().iter().zip(texts.columns()).map(as_words).collect();
            let as_words = spec.batch(columns).expect("shape");
            let [of_texts, of_words] = [texts, as_words].map(|batch| {
                let dir = tempfile::tempdir().expect("folder");
                write_table(dir.path(), table, [batch.slice(0, 100), batch.slice(100, 200)]).expect("write")
            });
            assert_eq!(of_texts, of_words);
        }
    }

    #[test]
    fn row_groups_encoded_in_any_thread_give_the_same_file() {
        let table = OutputTable::Findings;
        let write = |threads: usize| {
            let dir = tempfile::tempdir().expect("folder");
            let mut writer = TableWriter::create(dir.path(), table).expect("create");
            let encoder = writer.encoder();
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("pool");
            let groups: Vec<_> = pool.install(|| {
                let parts = (0..8).into_par_iter();
                parts.map(|part| encoder.encode(&rows(table, part * 100, part * 100 + 100))).collect()
            });
            groups.into_iter().for_each(|group| writer.append(group.expect("encode")).expect("append"));
            writer.finish().expect("finish")
        };
        assert_eq!(write(1), write(4));
    }

    #[test]
    fn the_hash_is_the_file_s() {
        let dir = tempfile::tempdir().expect("folder");
        let written = write_table(dir.path(), OutputTable::Quarantine, [rows(OutputTable::Quarantine, 0, 5000)]).expect("write");
        let content = fs::read(dir.path().join(&written.file_name)).expect("file");
        assert_eq!((written.bytes, written.blake3), (content.len() as u64, blake3::hash(&content).to_hex().to_string()));
    }

    #[test]
    fn rows_out_of_order_are_refused() {
        let dir = tempfile::tempdir().expect("folder");
        let table = OutputTable::Persons;
        let unsorted =
            arrow::compute::concat_batches(&table.spec().schema, &[rows(table, 5, 7), rows(table, 6, 7), rows(table, 3, 4)]);
        let error = write_table(dir.path(), table, [unsorted.expect("batch")]).expect_err("within a row group");
        assert!(matches!(error, PublishError::Order { table: "persons", row: 3 }), "{error}");

        let mut writer = TableWriter::create(dir.path(), table).expect("create");
        let encoder = writer.encoder();
        writer.append(encoder.encode(&rows(table, 5, 7)).expect("encode")).expect("append");
        let error = writer.append(encoder.encode(&rows(table, 3, 9)).expect("encode")).expect_err("between row groups");
        assert!(matches!(error, PublishError::Order { table: "persons", row: 2 }), "{error}");
    }

    #[test]
    fn a_batch_of_another_table_is_refused() {
        let dir = tempfile::tempdir().expect("folder");
        let writer = TableWriter::create(dir.path(), OutputTable::Headcount).expect("create");
        let error = writer.encoder().encode(&rows(OutputTable::FundingClinic, 0, 1)).err().expect("shape");
        assert!(matches!(error, PublishError::Shape { table: "headcount", .. }), "{error}");
    }

    #[test]
    fn a_full_disk_differs_from_other_failures() {
        let full = Path::new("/dev/full");
        let Ok(file) = File::options().write(true).open(full) else { return };
        let table = OutputTable::Quarantine;
        let written = TableWriter::over(file, full.to_path_buf(), table).and_then(|mut writer| {
            let group = writer.encoder().encode(&rows(table, 0, 10_000))?;
            writer.append(group)?;
            writer.finish()
        });
        let error = written.expect_err("no space");
        assert!(error.is_exhausted() && error.to_string().contains("free space"), "{error}");

        let error = TableWriter::create(Path::new("/nowhere"), table).err().expect("no folder");
        assert!(!error.is_exhausted(), "{error}");
    }
}
