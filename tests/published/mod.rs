//! Running a job in a test, and reading the published tables as text.
//!
//! Knows tables and files, not rules: the tests know the expected content.

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
    /// The manifest of the run.
    pub manifest: Manifest,
    tables: Vec<TextTable>,
}

impl PublishedRun {
    /// Reads the run in `dir`.
    pub fn read(dir: &Path) -> Self {
        let manifest = Manifest::read(dir).expect("a published run has a manifest");
        let batches = |table| if is_published(&manifest, table) { read_table(dir, table) } else { Vec::new() };
        let tables = OutputTable::ALL.iter().map(|&table| TextTable::from_batches(table, &batches(table))).collect();
        Self { manifest, tables }
    }

    /// A table of the run.
    pub fn table(&self, table: OutputTable) -> &TextTable {
        &self.tables[table as usize]
    }

    /// The rows of a table of the run.
    pub fn rows(&self, table: OutputTable) -> impl Iterator<Item = TextRow<'_>> {
        self.table(table).rows()
    }
}

/// Whether a run has a table. Only runs that continue person ids have those about ids.
pub fn is_published(manifest: &Manifest, table: OutputTable) -> bool {
    !matches!(table, OutputTable::PersonIds | OutputTable::PersonEvents)
        || manifest.outputs.iter().any(|output| output.table == table.name())
}

/// A table of the run in `dir`, read by another reader of Parquet.
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

/// Settings of execution; none of them changes a result.
#[derive(Clone, Copy, Debug)]
pub struct Execution {
    /// Number of threads; `None` for the threads that all tests share.
    pub threads: Option<usize>,
    /// Size of a chunk, about.
    pub chunk_bytes: usize,
    /// Number of partitions, as a power of two; `None` for the number that the size of the sources requires.
    pub partition_bits: Option<u32>,
    /// Bytes of rows that a worker keeps in memory; `None` for no limit.
    pub worker_bytes: Option<u64>,
}

impl Default for Execution {
    fn default() -> Self {
        Self { threads: None, chunk_bytes: RunOptions::CHUNK_BYTES, partition_bits: None, worker_bytes: None }
    }
}

/// Loads a job and runs it with its outputs in `out`.
pub fn run_job(job: &Path, out: &Path, execution: Execution) -> Result<RunOutcome, RunError> {
    run_loaded(&load(job, out), execution)
}

/// Loads a job with its outputs in `out`.
pub fn load(job: &Path, out: &Path) -> Job {
    let command_line = CommandLine { output: Some(out.to_owned()), ..CommandLine::default() };
    Job::load(job, &command_line).unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a loaded job.
pub fn run_loaded(job: &Job, execution: Execution) -> Result<RunOutcome, RunError> {
    with_options(execution, |options| run(job, options))
}

/// Calls the engine with these settings of execution.
pub fn with_options<T: Send>(execution: Execution, call: impl FnOnce(&RunOptions<'_>) -> T + Send) -> T {
    with_progress(execution, &Silent, call)
}

/// Calls the engine with these settings of execution, and reports its progress.
pub fn with_progress<T: Send>(
    execution: Execution,
    progress: &dyn Progress,
    call: impl FnOnce(&RunOptions<'_>) -> T + Send,
) -> T {
    let never = AtomicBool::new(false);
    let options = RunOptions {
        force: false,
        ids_from: None,
        accept_shrink: false,
        chunk_bytes: execution.chunk_bytes,
        partition_bits: execution.partition_bits,
        memory_limit: None,
        worker_bytes: execution.worker_bytes,
        spill_dir: None,
        profile: false,
        correction_of: None,
        started_at: "2026-11-02T03:00:00Z".to_owned(),
        progress,
        interrupted: &never,
    };
    match execution.threads {
        None => call(&options),
        Some(threads) => {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            pool.install(|| call(&options))
        }
    }
}

/// Runs a job in a temporary folder and returns the published run.
pub fn published(job: &Path) -> PublishedRun {
    let out = tempfile::tempdir().expect("temporary folder");
    let outcome = run_job(job, out.path(), Execution::default()).unwrap_or_else(|error| panic!("{error}"));
    PublishedRun::read(&outcome.dir)
}

/// A folder in memory if there is one, else the folder of temporary files.
pub fn fast_folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() }
}
