//! Folder of a comparison: a file for each table, published as a whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::WriterProperties;

use super::DiffError;
use crate::result_set::{BatchResult, ResultSet as _};
use serde::Serialize;
use sverka_publish::{NotTaken, PendingFolder, PublishError, Readers, TableSpec, json_text};

/// Names of the indexes of comparisons.
pub(crate) const DIFF_INDEX: &str = "diff.json";

/// Format of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiffFormat {
    /// Parquet, with the descriptions of the columns.
    Parquet,
    /// Comma-separated, with a header.
    Csv,
    /// Arrays of objects; decimals as texts.
    Json,
}

impl DiffFormat {
    fn ending(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

/// Folder of a comparison in work. Dropping it without [`Self::publish`] removes it.
pub(crate) struct PendingDiff {
    folder: PendingFolder,
    format: DiffFormat,
    /// Name of the index. A folder with this file may be replaced.
    index: &'static str,
}

impl PendingDiff {
    /// Begins a folder that will be published as `to`. It must not lie in one of the runs.
    pub fn begin(runs: [&Path; 2], to: &Path, format: DiffFormat, index: &'static str) -> Result<Self, DiffError> {
        // A link stays a link: the folder that it leads to is replaced.
        let target = fs::canonicalize(to).unwrap_or_else(|_| to.to_owned());
        let lies_in_run = runs.iter().any(|run| lies_in(run, &target));
        if target.file_name().is_none() || lies_in_run || !may_be_replaced(&target, index).map_err(io_error(to))? {
            return Err(DiffError::Occupied { folder: to.to_owned() });
        }
        let folder = PendingFolder::begin(&target, Readers::default()).map_err(|error| match error {
            NotTaken::Held(_) => DiffError::Busy { folder: to.to_owned() },
            NotTaken::Failed(error) => DiffError::Folder(error),
        })?;
        Ok(Self { folder, format, index })
    }

    /// Begins the file of a table.
    pub fn table(&self, table: &'static TableSpec) -> Result<TableFile, DiffError> {
        let path = self.folder.path().join(format!("{}.{}", table.name, self.format.ending()));
        let file = File::create_new(&path).map_err(io_error(&path))?;
        let rows = match self.format {
            DiffFormat::Parquet => RowFile::Parquet(Box::new(parquet_writer(file, table)?)),
            DiffFormat::Csv => RowFile::Text { file: BufWriter::new(file), is_json: false },
            DiffFormat::Json => RowFile::Text { file: BufWriter::new(file), is_json: true },
        };
        Ok(TableFile { table, path, rows, written: 0 })
    }

    /// Writes a table as a whole; returns its number of rows.
    pub fn write(&self, table: &'static TableSpec, batch: &RecordBatch) -> Result<u64, DiffError> {
        let mut file = self.table(table)?;
        file.append(batch)?;
        file.finish()
    }

    /// Publishes the folder in place of a former comparison. Returns a failure that happened after publishing.
    pub fn publish(self, index: &impl Serialize) -> Result<Option<PublishError>, DiffError> {
        let path = self.folder.path().join(self.index);
        let text = json_text(index).map_err(DiffError::rows)?;
        fs::write(&path, text).map_err(io_error(&path))?;
        self.folder.publish().map_err(DiffError::Folder)
    }
}

/// File of a table in work.
pub(crate) struct TableFile {
    table: &'static TableSpec,
    path: PathBuf,
    rows: RowFile,
    written: u64,
}

enum RowFile {
    Parquet(Box<ArrowWriter<File>>),
    Text { file: BufWriter<File>, is_json: bool },
}

impl TableFile {
    /// Appends rows, which come in the order of the table.
    pub fn append(&mut self, batch: &RecordBatch) -> Result<(), DiffError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let first = self.written == 0;
        self.written += batch.num_rows() as u64;
        match &mut self.rows {
            RowFile::Parquet(writer) => writer.write(batch).map_err(DiffError::rows),
            RowFile::Text { file, is_json } => {
                let text = text_of(batch, *is_json)?;
                // Of later batches the header is left out; arrays are joined.
                let (text, before) = match (first, *is_json) {
                    (true, true) => (text.trim_end().trim_end_matches(']'), ""),
                    (false, true) => (text.trim_end().trim_start_matches('[').trim_end_matches(']'), ","),
                    (true, false) => (text.as_str(), ""),
                    (false, false) => (text.split_once('\n').map_or("", |(_, rows)| rows), ""),
                };
                write!(file, "{before}{text}").map_err(io_error(&self.path))
            }
        }
    }

    /// Completes the file; returns its number of rows.
    pub fn finish(self) -> Result<u64, DiffError> {
        match self.rows {
            RowFile::Parquet(writer) => {
                writer.close().map_err(DiffError::rows)?;
            }
            RowFile::Text { mut file, is_json } => {
                let end = if self.written > 0 {
                    if is_json { "]\n".to_owned() } else { String::new() }
                } else {
                    text_of(&RecordBatch::new_empty(self.table.schema.clone()), is_json)?
                };
                file.write_all(end.as_bytes()).and_then(|()| file.flush()).map_err(io_error(&self.path))?;
            }
        }
        Ok(self.written)
    }
}

fn text_of(batch: &RecordBatch, is_json: bool) -> Result<String, DiffError> {
    let rows = BatchResult::new(batch.clone());
    let mut text = Vec::new();
    let written = if is_json { rows.write_json(&mut text) } else { rows.write_csv(&mut text) };
    written.map_err(DiffError::rows)?;
    String::from_utf8(text).map_err(DiffError::rows)
}

fn parquet_writer(file: File, spec: &TableSpec) -> Result<ArrowWriter<File>, DiffError> {
    let sorted_by =
        spec.sorted_by.iter().map(|&column| SortingColumn { column_idx: column as i32, descending: false, nulls_first: true });
    let about = |key: &str, value: &str| KeyValue::new(key.to_owned(), value.to_owned());
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_sorting_columns(Some(sorted_by.collect()))
        .set_key_value_metadata(Some(vec![about("sverka.table", spec.name), about("sverka.description", &spec.description)]))
        .build();
    ArrowWriter::try_new(file, spec.schema.clone(), Some(properties)).map_err(DiffError::rows)
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> DiffError {
    let path = path.to_owned();
    move |cause| DiffError::Io { path, cause }
}

/// Whether a folder may be replaced: it holds a former comparison, is empty, or does not exist.
fn may_be_replaced(folder: &Path, index: &str) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(folder.join(index).is_file() || entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether a folder, which may be absent, lies in that of a run, which never changes.
fn lies_in(run: &Path, folder: &Path) -> bool {
    let Ok(run) = run.canonicalize() else { return false };
    let mut known: PathBuf = folder.to_owned();
    while !known.exists() && known.pop() {}
    known.canonicalize().is_ok_and(|known| known.starts_with(&run))
}
