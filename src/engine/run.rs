//! The main job from end to end: the stages in their order, each once.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::account::Account;
use super::blocks::{ReconciledPersons, positions, reconcile_persons};
use super::error::RunError;
use super::former::Former;
use super::ground::Ground;
use super::judgement::{Judgement, judge};
use super::linking::{LinkedRows, link};
use super::memory::{Demand, MemoryPlan, RunFolders};
use super::options::RunOptions;
use super::overruled::outcomes;
use super::profile::{Profiler, StageProfile};
use super::progress::{Progress, Unit};
use super::small_tables::{SmallTables, SmallTablesWritten};
use super::sources::{Checked, SourceFiles, read_sources};
use super::summary::{Circumstances, events_of_manifest, summary};
use super::tables::{self, FindingContext, SharedTexts, SourceNames};
use super::volumes::sender_volumes;
use crate::job::Job;
use sverka_intake::OpenDocument;
use sverka_kernel::funding::{Funding, fund};
use sverka_kernel::identity::{LinkRules, OverrideSelectors};
use sverka_kernel::shuffle::{NumberRanges, SortKeyRanges};
use sverka_model::Date;
use sverka_model::{RowIds, Table};
use sverka_publish::{
    DifferenceKind, InputIdentity, Manifest, OutputFolder, OutputTable, PublishError, Published, SummaryFiles, differences,
    run_id, sources_key,
};
use sverka_report::summary::{DisplayOptions, RunSummary};

/// What a run gave.
#[derive(Debug)]
pub struct RunOutcome {
    /// The manifest of the published run.
    pub manifest: Manifest,
    /// The folder of its tables.
    pub dir: PathBuf,
    /// It had been published before, and nothing was computed.
    pub recognised: bool,
    /// What failed once the run was published.
    pub shortfall: Option<PublishError>,
    /// What became of the thresholds of the job.
    pub judgement: Judgement,
    /// What the run says to whoever started it.
    pub summary: RunSummary,
    /// Time from start to end.
    pub wall: Duration,
    /// What each stage took.
    pub stages: Vec<StageProfile>,
}

/// Runs a job: reads its sources, makes persons, stays and money of them, and publishes the results.
///
/// # Errors
/// When a source is unusable, a resource ran out, a threshold of the job stops the run, or somebody interrupted: nothing is published then.
///
/// # Panics
/// When an invariant of ours broke; nothing is published then.
pub fn run(job: &Job, options: &RunOptions<'_>) -> Result<RunOutcome, RunError> {
    let mut profiler = Profiler::start(options.profile);
    job.notes.iter().for_each(|note| options.progress.note(note));
    let files = SourceFiles::of(&job.sources);
    files.check_ages(job.min_age)?;
    let documents = files.documents(&job.sources)?;
    let folder = OutputFolder::open(&job.output, job.readers)?;
    note_remains(&folder, options.progress);
    let mut known_hashes = None;
    if !options.force && may_be_published(job, &documents, &folder)? {
        let hashes = files.hash(options.progress, options.interrupted)?;
        files.check_unchanged()?;
        profiler.stage("hash sources", 0, files.total_bytes());
        let run_id = id_of_run(job, &hashes);
        if let Some((dir, manifest)) = recognised(&folder, &run_id, options)? {
            profiler.stage("hash tables", 0, manifest.outputs.iter().map(|output| output.bytes).sum());
            return judged_again(job, &folder, (dir, manifest), options, &profiler);
        }
        known_hashes = Some(hashes);
    }
    let folders = RunFolders { spill: options.spill_dir.as_deref().unwrap_or(&job.output), output: &job.output };
    let mut memory = MemoryPlan::new(options.memory_limit, Demand::of(&documents), options.chunk_bytes, folders)?;
    memory.rows_of_worker = options.worker_bytes.or(memory.rows_of_worker);
    let workers = memory.workers()?;
    let checked = workers.install(|| read_sources(job, &files, &documents, known_hashes, &memory, options))?;
    let rows = checked.accounts.iter().map(|account| account.rows).sum();
    profiler.stage("read and check rows", rows, files.total_bytes());
    let selectors = selectors(job, &checked);
    let deciding = (LinkRules::of(&job.severities), selectors.as_ref());
    let linked = workers.install(|| link(&checked.shuffle, &checked.interned, deciding, &memory, options))?;
    profiler.stage("make persons", checked.accounts.iter().map(|account| account.accepted).sum(), 0);
    let hashes: Vec<String> = checked.accounts.iter().map(|account| account.blake3.clone()).collect();
    let run_id = id_of_run(job, &hashes);
    let pending = folder.begin(&run_id)?;
    let names = SourceNames::new(job);
    let ranges = sort_key_ranges(job, &names, &checked.row_ids);
    let is_wanted = job.tables.contains(OutputTable::Findings);
    let finding_context =
        FindingContext { sources: &job.sources, names: &names, row_ids: &checked.row_ids, ranges: &ranges, is_wanted };
    let decided = (&linked, selectors.as_ref());
    let reconciled = workers.install(|| timelines(job, &checked, decided, &memory, finding_context, pending.dir(), options))?;
    let ReconciledPersons { totals, findings, mut written, numbers: _ } = reconciled;
    profiler.stage("timelines", linked.persons(), written.iter().map(|table| table.bytes).sum());
    let funding = fund(&totals.heads, &job.clinics, &job.tariff);
    assert_sums_agree(&funding);
    let overrides = outcomes(job, &checked, &linked, &totals);
    let small = SmallTables {
        job,
        checked: &checked,
        linked: &linked,
        finding_context,
        heads: &totals.heads,
        funding: &funding,
        overrides: &overrides,
        memory: &memory,
    };
    let SmallTablesWritten { tables: small, finding_counts, floods, mut quality } =
        workers.install(|| small.write(findings, &totals, pending.dir(), options))?;
    let before = Former::find(&folder, &run_id)?;
    quality.former_run = before.run_id();
    quality.volumes = Some(sender_volumes(job, &totals, &funding));
    let (rows, bytes) = (small.iter().map(|table| table.rows).sum(), small.iter().map(|table| table.bytes).sum());
    profiler.stage("findings, numbers and money", rows, bytes);
    written.extend(small);
    written.sort_by_key(|table| table.table);
    let account = Account {
        job,
        run_id: &run_id,
        started_at: &options.started_at,
        checked: &checked,
        linked: &linked,
        totals: &totals,
        funding: &funding,
        overrides: &overrides,
        finding_counts,
        floods,
        quality,
        written: &written,
        profiler: &profiler,
    };
    let mut manifest = account.manifest();
    options.stop_if_interrupted()?;
    let accepted_before = folder.manifest_of(&run_id).is_some_and(|replaced| !replaced.accepted_shrink.is_empty());
    let judgement = judge(job, &manifest, &before, options.accept_shrink || accepted_before);
    manifest.accepted_shrink.clone_from(&judgement.accepted);
    manifest.events = events_of_manifest(&judgement.events);
    if judgement.stops() {
        let account = pending.stop(&manifest)?;
        return Err(RunError::Stopped { events: judgement.events, account });
    }
    pending.write_summary(&summary_files(&manifest, &judgement, &profiler))?;
    let published = pending.publish(&manifest)?;
    Ok(outcome((manifest, judgement), published, false, &profiler))
}

/// A run that is published already. It is judged once more, and becomes the current one unless it would not be published now.
fn judged_again(
    job: &Job,
    folder: &OutputFolder,
    (dir, manifest): (PathBuf, Manifest),
    options: &RunOptions<'_>,
    profiler: &Profiler,
) -> Result<RunOutcome, RunError> {
    let is_accepted = options.accept_shrink || !manifest.accepted_shrink.is_empty();
    let judgement = judge(job, &manifest, &Former::find(folder, &manifest.run_id)?, is_accepted);
    let is_current = folder.current().as_ref() == Some(&manifest.run_id);
    if judgement.stops() && !is_current {
        return Err(RunError::Stopped { events: judgement.events, account: dir.join(Manifest::FILE_NAME) });
    }
    let shortfall = folder.make_current(&manifest.run_id).err();
    Ok(outcome((manifest, judgement), Published { dir, shortfall }, true, profiler))
}

/// Whether a run over sources of these names and sizes is published for the same day: only then is it worth a pass over the bytes to find out
/// whether it is this run.
fn may_be_published(job: &Job, documents: &[OpenDocument<'_>], folder: &OutputFolder) -> Result<bool, PublishError> {
    let bytes = documents.iter().map(|document| document.document().bytes_in_file());
    let key = sources_key(job.sources.iter().map(|source| source.name.as_str()).zip(bytes));
    folder.may_have(&job.as_of.to_string(), &key)
}

/// The published run of this id, if its tables are still what its manifest says.
fn recognised(folder: &OutputFolder, run_id: &str, options: &RunOptions<'_>) -> Result<Option<(PathBuf, Manifest)>, RunError> {
    let Some(dir) = folder.published(run_id)? else { return Ok(None) };
    let manifest = Manifest::read(&dir)?;
    let bytes = manifest.outputs.iter().map(|output| output.bytes).sum();
    let stage = options.progress.stage("hash tables", bytes, Unit::Bytes);
    let go_on = |bytes| {
        stage.advance(bytes);
        !options.interrupted.load(Ordering::Relaxed)
    };
    let mut differences = differences(&dir, &manifest, &go_on)?;
    // Files that people put beside the tables are theirs, and change no table.
    differences.retain(|difference| difference.kind != DifferenceKind::Unnamed);
    options.stop_if_interrupted()?;
    stage.finish();
    if differences.is_empty() {
        return Ok(Some((dir, manifest)));
    }
    for difference in &differences {
        options.progress.note(&format!("the published run {run_id} was changed: {difference}"));
    }
    options.progress.note("the run is computed anew and takes its place");
    Ok(None)
}

fn outcome(
    (manifest, judgement): (Manifest, Judgement),
    published: Published,
    recognised: bool,
    profiler: &Profiler,
) -> RunOutcome {
    let Published { dir, shortfall } = published;
    let wall = profiler.elapsed();
    let summary = summary(&manifest, &judgement, Circumstances { dir: &dir, recognised, wall });
    RunOutcome { judgement, manifest, dir, recognised, shortfall, summary, wall, stages: profiler.stages().to_vec() }
}

/// The summary that is kept with the results: it tells of the publishing, and never of a place on this machine.
fn summary_files(manifest: &Manifest, judgement: &Judgement, profiler: &Profiler) -> SummaryFiles {
    let of = Circumstances { dir: Path::new(""), recognised: false, wall: profiler.elapsed() };
    let summary = summary(manifest, judgement, of);
    SummaryFiles {
        text: summary.render(DisplayOptions { shows_folder: false, ..DisplayOptions::UNLIMITED }),
        json: summary.to_json(),
    }
}

/// The run's id, from the job's files and the content hashes of its sources.
fn id_of_run(job: &Job, hashes: &[String]) -> String {
    let of_job = job.files.iter().map(|file| InputIdentity {
        role: file.role.name(),
        name: &file.name,
        layout: None,
        source_date: None,
        blake3: &file.blake3,
    });
    let sources = job.sources.iter().zip(hashes).map(|(source, blake3)| InputIdentity {
        role: source.layout.role(),
        name: &source.name,
        layout: Some(&source.layout.name),
        source_date: source.source_date.map(|date| date.to_string()),
        blake3,
    });
    run_id(&crate::program::this_program(), &job.as_of.to_string(), of_job.chain(sources))
}

fn note_remains(folder: &OutputFolder, progress: &dyn Progress) {
    let remains = folder.remains();
    if remains.removed > 0 {
        progress.note(&format!("removed what {} unfinished run(s) had left in the output folder", remains.removed));
    }
    if remains.restored > 0 {
        progress.note("restored a published run that a killed run had moved aside");
    }
}

fn timelines(
    job: &Job,
    checked: &Checked,
    (linked, selectors): (&LinkedRows, Option<&OverrideSelectors<'_>>),
    memory: &MemoryPlan,
    finding_context: FindingContext<'_>,
    dir: &Path,
    options: &RunOptions<'_>,
) -> Result<ReconciledPersons, RunError> {
    let stage = options.progress.stage("timelines", linked.persons(), Unit::Persons);
    let source_dates: Vec<Date> = job.sources.iter().map(|source| source.source_date.unwrap_or(Date::EARLIEST)).collect();
    let texts = SharedTexts::new(job, &checked.interned);
    let number_ranges = checked.shuffle.number_ranges(linked.persons());
    let (texts, source_dates, number_ranges_of) = (&texts, &source_dates, &number_ranges);
    let ground =
        Ground { job, checked, linked, texts, source_dates, memory, number_ranges: number_ranges_of, finding_context, selectors };
    let mut reconciled = reconcile_persons(ground, dir, &*stage, options)?;
    stage.finish();
    if job.tables.contains(OutputTable::Numbers) {
        let numbers = std::mem::take(&mut reconciled.numbers);
        reconciled.written.push(tables::write_numbers(dir, &number_ranges, numbers)?);
    }
    Ok(reconciled)
}

/// Ranges over the lines of all sources.
fn sort_key_ranges(job: &Job, names: &SourceNames<'_>, row_ids: &RowIds) -> SortKeyRanges {
    let mut lines: Vec<(u32, u64)> = (0..job.sources.len()).map(|source| (names.rank(source), row_ids.lines(source))).collect();
    lines.sort_unstable();
    SortKeyRanges::new(&lines)
}

/// The records that people decided about, if they did.
fn selectors<'r>(job: &'r Job, checked: &'r Checked) -> Option<OverrideSelectors<'r>> {
    let sources: Vec<&str> = job.sources.iter().map(|source| source.name.as_str()).collect();
    OverrideSelectors::new(&job.overrides, &sources, &checked.interned, &checked.row_ids)
}

fn assert_sums_agree(funding: &Funding) {
    let clinics: rust_decimal::Decimal = funding.clinics.iter().map(|row| row.amount).sum();
    let pairs: rust_decimal::Decimal = funding.pairs.iter().map(|row| row.amount).sum();
    assert!(
        clinics == pairs && clinics == funding.totals.amount,
        "invariant: money by clinic and by insurer and clinic agrees to the kopeck"
    );
}

/// A person with the positions of its records: table, source (as an index of the job's sources) and line.
pub type PersonPositions = (i64, Vec<(Table, usize, u64)>);

/// The persons that a run of the job would make, in the order of their numbers; for comparison with other implementations.
///
/// # Errors
/// As [`run`].
pub fn persons(job: &Job, options: &RunOptions<'_>) -> Result<Vec<PersonPositions>, RunError> {
    let files = SourceFiles::of(&job.sources);
    let documents = files.documents(&job.sources)?;
    let folders = RunFolders { spill: &std::env::temp_dir(), output: &std::env::temp_dir() };
    let memory = MemoryPlan::new(options.memory_limit, Demand::of(&documents), options.chunk_bytes, folders)?;
    let checked = read_sources(job, &files, &documents, Some(vec![String::new(); job.sources.len()]), &memory, options)?;
    let selectors = selectors(job, &checked);
    let selectors = selectors.as_ref();
    let deciding = (LinkRules::of(&job.severities), selectors);
    let linked = link(&checked.shuffle, &checked.interned, deciding, &memory, options)?;
    let texts = SharedTexts::new(job, &checked.interned);
    let number_ranges = NumberRanges::default();
    let (names, ranges) = (SourceNames::new(job), SortKeyRanges::default());
    let finding_context =
        FindingContext { sources: &job.sources, names: &names, row_ids: &checked.row_ids, ranges: &ranges, is_wanted: false };
    let (checked, linked, texts) = (&checked, &linked, &texts);
    positions(Ground {
        job,
        checked,
        linked,
        texts,
        source_dates: &[],
        memory: &memory,
        number_ranges: &number_ranges,
        finding_context,
        selectors,
    })
}
