//! Running a job in a test, and reading what it published as text.
//!
//! Knows tables and files, not rules: what must be in them is the business of the tests.

mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use arrow::array::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use sverka::engine::{Progress, RunError, RunOptions, RunOutcome, Silent, run};
use sverka::job::{CommandLine, Job};
use sverka_publish::{Manifest, OutputTable};

pub use table::{TextRow, TextTable, rows_as_text};

/// A published run, in memory.
pub struct PublishedRun {
    /// Its account of itself.
    pub manifest: Manifest,
    tables: Vec<TextTable>,
}

impl PublishedRun {
    /// Reads the run in `dir`.
    pub fn read(dir: &Path) -> Self {
        let manifest = Manifest::read(dir).expect("a published run has a manifest");
        let tables = OutputTable::ALL.iter().map(|&table| TextTable::from_batches(table, &read_table(dir, table))).collect();
        Self { manifest, tables }
    }

    /// One of its tables.
    pub fn table(&self, table: OutputTable) -> &TextTable {
        &self.tables[table as usize]
    }

    /// The rows of one of its tables.
    pub fn rows(&self, table: OutputTable) -> impl Iterator<Item = TextRow<'_>> {
        self.table(table).rows()
    }
}

/// A table of the run in `dir`, as any reader of Parquet sees it.
pub fn read_table(dir: &Path, table: OutputTable) -> Vec<RecordBatch> {
    let path = dir.join(table.file_name());
    let file = std::fs::File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(ParquetRecordBatchReaderBuilder::build);
    let batches = reader.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    batches.map(|batch| batch.expect("a readable row group")).collect()
}

/// The bytes of every table of the run in `dir`, by file name.
pub fn table_bytes(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(dir).expect("a published run").map(|entry| entry.expect("an entry").path());
    let tables = entries.filter(|path| path.extension().is_some_and(|extension| extension == "parquet"));
    let name = |path: &Path| path.file_name().and_then(|name| name.to_str()).expect("a name of ours").to_owned();
    tables.map(|path| (name(&path), std::fs::read(&path).expect("a published table"))).collect()
}

/// How a job is run; none of it may change a result.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Threads; `None` for those that all tests share.
    pub threads: Option<usize>,
    /// About how many bytes one task reads.
    pub chunk_bytes: usize,
    /// Into how many partitions rows are brought, as a power of two; `None` for what the size of the sources asks for.
    pub partition_bits: Option<u32>,
    /// How many bytes of its rows a worker keeps in memory; `None` for all.
    pub worker_bytes: Option<u64>,
}

impl Default for Manner {
    fn default() -> Self {
        Self { threads: None, chunk_bytes: RunOptions::CHUNK_BYTES, partition_bits: None, worker_bytes: None }
    }
}

/// Loads a job and runs it with its outputs in `out`.
pub fn run_job(job: &Path, out: &Path, manner: Manner) -> Result<RunOutcome, RunError> {
    run_loaded(&load(job, out), manner)
}

/// Loads a job with its outputs in `out`.
pub fn load(job: &Path, out: &Path) -> Job {
    let command_line = CommandLine { output: Some(out.to_owned()), ..CommandLine::default() };
    Job::load(job, &command_line).unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a loaded job.
pub fn run_loaded(job: &Job, manner: Manner) -> Result<RunOutcome, RunError> {
    with_options(manner, |options| run(job, options))
}

/// Calls the engine with the options of a manner, on its threads.
pub fn with_options<T: Send>(manner: Manner, call: impl FnOnce(&RunOptions<'_>) -> T + Send) -> T {
    with_progress(manner, &Silent, call)
}

/// As [`with_options`], and somebody listens.
pub fn with_progress<T: Send>(manner: Manner, progress: &dyn Progress, call: impl FnOnce(&RunOptions<'_>) -> T + Send) -> T {
    let never = AtomicBool::new(false);
    let options = RunOptions {
        force: false,
        accept_shrink: false,
        chunk_bytes: manner.chunk_bytes,
        partition_bits: manner.partition_bits,
        memory_limit: None,
        worker_bytes: manner.worker_bytes,
        spill_dir: None,
        profile: false,
        started_at: "2026-11-02T03:00:00Z".to_owned(),
        progress,
        interrupted: &never,
    };
    match manner.threads {
        None => call(&options),
        Some(threads) => {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| call(&options))
        }
    }
}

/// Runs a job in a temporary folder and keeps only what it published.
pub fn published(job: &Path) -> PublishedRun {
    let out = tempfile::tempdir().expect("temporary folder");
    let outcome = run_job(job, out.path(), Manner::default()).unwrap_or_else(|error| panic!("{error}"));
    PublishedRun::read(&outcome.dir)
}

/// Where waiting for the disk costs nothing, if there is such a place.
pub fn fast_folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() }
}
