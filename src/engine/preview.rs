//! Preview of a run: everything that is known before the first row is read. Nothing is written, and no lock is taken.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::error::RunError;
use super::former_ids::IdSources;
use super::left_out::{self, hash_left_out};
use super::options::RunOptions;
use super::profile::Profiler;
use super::recognition::ContentHashes;
use super::run::plan_memory;
use super::source_files::SourceFiles;
use crate::job::Job;
use sverka_publish::Manifest;

/// Plan of a run of a job, as things stand now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunPreview {
    /// Id of the run.
    pub run_id: String,
    /// Folder of the run.
    pub dir: PathBuf,
    /// Whether a run of the id is published, so that nothing would be computed unless it was changed.
    pub is_published: bool,
    /// Number of sources.
    pub sources: u64,
    /// Number of sources that are left out, by reason.
    pub left_out: BTreeMap<&'static str, u64>,
    /// Sentences about sources that are left out and files that are not taken.
    pub notes: Vec<String>,
    /// Bytes of the files of the sources.
    pub bytes: u64,
    /// Estimated bytes of the rows in memory or on the disk.
    pub row_bytes: u64,
    /// Number of threads that would work.
    pub workers: u64,
    /// Memory limit in bytes.
    pub memory_limit: u64,
    /// Folder for rows that do not fit into memory; `None` if all fit.
    pub spill_folder: Option<PathBuf>,
}

/// Resolves a run: opens and hashes its sources, and plans its memory.
///
/// # Errors
/// As [`super::run`], for everything before the rows are read.
pub fn preview(job: &Job, options: &RunOptions<'_>) -> Result<RunPreview, RunError> {
    job.notes.iter().for_each(|note| options.progress.note(note));
    let files = SourceFiles::from_sources(&job.sources);
    files.check_ages(job.min_age)?;
    let documents = files.documents(&job.sources)?;
    let hashes = files.hash(options.progress, options.interrupted)?;
    files.check_unchanged()?;
    let left_out = hash_left_out(job, options, &mut Profiler::start(false))?;
    let contents = ContentHashes { read: &hashes, left_out: &left_out };
    let run_id = IdSources::preview(job).run_ids(job, contents).swap_remove(0);
    let memory = plan_memory(job, options, &documents)?;
    let dir = job.output.join("runs").join(&run_id);
    Ok(RunPreview {
        is_published: Manifest::read(&dir).is_ok(),
        run_id,
        dir,
        sources: job.sources.len() as u64,
        left_out: counts_by_reason(job),
        notes: left_out::events(job).into_iter().map(|event| event.sentence).collect(),
        bytes: files.total_bytes(),
        row_bytes: memory.rows,
        workers: memory.workers as u64,
        memory_limit: options.memory_limit.unwrap_or_else(super::default_limit),
        spill_folder: memory.rows_of_worker.map(|_| memory.folder.clone()),
    })
}

/// Number of left-out sources by reason.
fn counts_by_reason(job: &Job) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    job.left_out.iter().for_each(|left_out| *counts.entry(left_out.reason.name()).or_default() += 1);
    counts
}
