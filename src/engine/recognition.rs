//! Recognition of a run that is published already, so that nothing is computed twice.
//!
//! A run id holds the hashes of all sources, and hashing takes a pass over their bytes. Names and sizes of the sources
//! are compared first; the sources are hashed only if a published run of the same day has the same ones.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use super::error::RunError;
use super::former_ids::{IdSource, IdSources};
use super::left_out::left_out_of_manifest;
use super::options::RunOptions;
use super::profile::{Profiler, StageMetrics};
use super::progress::Unit;
use super::source_files::SourceFiles;
use crate::job::Job;
use sverka_intake::OpenDocument;
use sverka_publish::{
    DifferenceKind, InputIdentity, LeftOut, Manifest, OutputFolder, PublishError, differences, run_id, sources_key,
};

/// Result of the search for a published run with the same results.
pub(super) enum Recognition {
    /// The run is published, and its tables are intact.
    Published(Box<PublishedRun>),
    /// The run has to be computed.
    New {
        /// Content hash of each source of the job, if the search had to compute them.
        known_hashes: Option<Vec<String>>,
    },
}

/// A published run and its folder.
#[derive(Debug)]
pub(super) struct PublishedRun {
    /// Folder of the tables.
    pub dir: PathBuf,
    /// Manifest of the run.
    pub manifest: Manifest,
}

/// Inputs of a job before the rows are read.
#[derive(Clone, Copy)]
pub(super) struct OpenInputs<'r> {
    /// Files of the sources.
    pub files: &'r SourceFiles,
    /// Document of each source.
    pub documents: &'r [OpenDocument<'r>],
    /// Content hash of each left-out source on which the id depends.
    pub left_out: &'r [Option<String>],
}

/// Content hashes of the sources of a job.
#[derive(Clone, Copy)]
pub(super) struct ContentHashes<'r> {
    /// Content hash of each source that is read.
    pub read: &'r [String],
    /// Content hash of each left-out source on which the id depends; none for the others.
    pub left_out: &'r [Option<String>],
}

/// Runs among which a run is looked for.
#[derive(Clone, Copy)]
pub(super) struct PublishedRuns<'p> {
    /// Folder of the runs.
    pub folder: &'p OutputFolder,
    /// Sources of person ids that the run may have.
    pub id_sources: &'p IdSources,
}

/// Looks for a published run of this job over the same contents, unless the caller forces a new one.
pub(super) fn recognise(
    job: &Job,
    options: &RunOptions<'_>,
    published: PublishedRuns<'_>,
    inputs: OpenInputs<'_>,
    profiler: &mut Profiler,
) -> Result<Recognition, RunError> {
    let PublishedRuns { folder, id_sources } = published;
    let OpenInputs { files, documents, left_out } = inputs;
    if options.force || !may_be_published(job, documents, folder)? {
        return Ok(Recognition::New { known_hashes: None });
    }
    let hashes = files.hash(options.progress, options.interrupted)?;
    files.check_unchanged()?;
    profiler.stage("hash sources", StageMetrics { rows: 0, bytes: files.total_bytes() });
    let mut found = None;
    for run_id in id_sources.run_ids(job, ContentHashes { read: &hashes, left_out }) {
        found = intact_run(folder, &run_id, options)?;
        if found.is_some() {
            break;
        }
    }
    let Some(published) = found else { return Ok(Recognition::New { known_hashes: Some(hashes) }) };
    profiler.stage("hash tables", StageMetrics { rows: 0, bytes: table_bytes(&published.manifest) });
    Ok(Recognition::Published(Box::new(published)))
}

/// The id of a run: a hash over the files of the job, the contents of its sources, the last known day, the sources that are left out, and the person ids
/// that it continues.
pub(super) fn run_id_of_job(job: &Job, contents: ContentHashes<'_>, ids: Option<&IdSource>) -> String {
    let job_files = job.files.iter().map(|file| InputIdentity {
        role: file.role.name(),
        name: &file.name,
        layout: None,
        source_date: None,
        blake3: &file.blake3,
    });
    let sources = job.sources.iter().zip(contents.read).map(|(source, blake3)| InputIdentity {
        role: source.layout.role(),
        name: &source.name,
        layout: Some(&source.layout.name),
        source_date: source.source_date.map(|date| date.to_string()),
        blake3,
    });
    let known_by = job.known_by.map(|day| day.to_string());
    let known_by = known_by.as_deref().map(InputIdentity::of_known_by);
    let left_out = left_out_of_manifest(job, contents.left_out);
    // The order is that of the manifest, from which `sverka verify` computes the id again.
    let inputs = job_files.chain(sources).chain(ids.map(IdSource::identity));
    let inputs = inputs.chain(known_by).chain(left_out.iter().filter_map(LeftOut::identity));
    run_id(&crate::program::this_program(), &job.as_of.to_string(), inputs)
}

/// Whether a run over sources of the same names and sizes is published for the same day.
fn may_be_published(job: &Job, documents: &[OpenDocument<'_>], folder: &OutputFolder) -> Result<bool, PublishError> {
    let bytes = documents.iter().map(|document| document.document().bytes_in_file());
    let key = sources_key(job.sources.iter().map(|source| source.name.as_str()).zip(bytes));
    folder.may_have(&job.as_of.to_string(), &key)
}

/// The published run of this id, if its tables still have the hashes of its manifest.
fn intact_run(folder: &OutputFolder, run_id: &str, options: &RunOptions<'_>) -> Result<Option<PublishedRun>, RunError> {
    let Some(dir) = folder.published(run_id)? else { return Ok(None) };
    let manifest = Manifest::read(&dir)?;
    let stage = options.progress.stage("hash tables", table_bytes(&manifest), Unit::Bytes);
    let go_on = |bytes| {
        stage.advance(bytes);
        !options.interrupted.load(Ordering::Relaxed)
    };
    let mut differences = differences(&dir, &manifest, &go_on)?;
    // Files that people put beside the tables belong to them, and change no table.
    differences.retain(|difference| difference.kind != DifferenceKind::Unnamed);
    options.stop_if_interrupted()?;
    stage.finish();
    if differences.is_empty() {
        return Ok(Some(PublishedRun { dir, manifest }));
    }
    for difference in &differences {
        options.progress.note(&format!("the published run {run_id} was changed: {difference}"));
    }
    options.progress.note("the run is computed anew and takes its place");
    Ok(None)
}

/// Bytes of all tables of a run.
fn table_bytes(manifest: &Manifest) -> u64 {
    manifest.outputs.iter().map(|output| output.bytes).sum()
}
