//! The main job from end to end: the stages in their order, each once.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::block_rows::PersonTotals;
use super::blocks::reconcile_persons;
use super::comparison_base::ComparisonBase;
use super::error::RunError;
use super::former_ids::{FormerIdTable, IdSources};
use super::id_tables::ContinuedIds;
use super::judgement::{Judgement, judge};
use super::left_out::{hash_left_out, left_out_of_manifest};
use super::linking::{LinkPolicy, link};
use super::memory::{MemoryPlan, RunFolders, SourceEstimate};
use super::options::RunOptions;
use super::override_effects::entry_outcomes;
use super::packets::packets;
use super::profile::{Profiler, StageProfile};
use super::progress::Progress;
use super::recognition::{ContentHashes, OpenInputs, PublishedRun, PublishedRuns, Recognition, recognise, run_id_of_job};
use super::run_context::RunContext;
use super::run_results::{RunResults, StageResults};
use super::senders::{missing_senders, senders};
use super::small_tables::SmallTables;
use super::source_files::SourceFiles;
use super::sources::{SourceInputs, read_sources};
use super::summary::{Circumstances, events_of_manifest, summary};
use super::tables::{SharedTexts, TableOrder};
use super::timeline_context::{TimelineContext, source_dates};
use crate::job::{Job, PersonIds};
use sverka_intake::OpenDocument;
use sverka_kernel::funding::{Funding, ToPay, fund};
use sverka_publish::{Manifest, OutputFolder, OutputTable, PendingRun, PublishError, Published, SummaryFiles};
use sverka_report::summary::{DisplayOptions, RunSummary};

/// Result of a run.
#[derive(Debug)]
pub struct RunOutcome {
    /// Manifest of the published run.
    pub manifest: Manifest,
    /// Folder of the tables.
    pub dir: PathBuf,
    /// Whether the run had been published before, so that nothing was computed.
    pub recognised: bool,
    /// Error after the run was published, if the results are complete but a later step failed.
    pub shortfall: Option<PublishError>,
    /// Events of the run, by the thresholds of its job.
    pub judgement: Judgement,
    /// Summary for the person who started the run.
    pub summary: RunSummary,
    /// Time from start to end.
    pub wall: Duration,
    /// Time, rows and bytes of each stage.
    pub stages: Vec<StageProfile>,
}

/// Runs a job: reads its sources, links records to persons, reconciles stays, computes funding, and publishes the results.
///
/// # Errors
/// When a source is unusable, a resource ran out, a threshold of the job stops the run, or the caller interrupted it.
/// Then nothing is published.
///
/// # Panics
/// When an invariant of sverka broke. Then nothing is published.
pub fn run(job: &Job, options: &RunOptions<'_>) -> Result<RunOutcome, RunError> {
    let mut profiler = Profiler::start(options.profile);
    job.notes.iter().for_each(|note| options.progress.note(note));
    let files = SourceFiles::from_sources(&job.sources);
    files.check_ages(job.min_age)?;
    let documents = files.documents(&job.sources)?;
    let left_out = hash_left_out(job, options, &mut profiler)?;
    let folder = OutputFolder::open(&job.output, job.readers)?;
    note_remains(&folder, options.progress);
    let id_sources = IdSources::find(job, options, &folder)?;
    let published = PublishedRuns { folder: &folder, id_sources: &id_sources };
    let inputs = OpenInputs { files: &files, documents: &documents, left_out: &left_out };
    let known_hashes = match recognise(job, options, published, inputs, &mut profiler)? {
        Recognition::Published(published) => return judge_again(job, options, &folder, *published, &profiler),
        Recognition::New { known_hashes } => known_hashes,
    };
    let memory = plan_memory(job, options, &documents)?;
    let threads = memory.workers()?;
    let context = RunContext { job, options, memory: &memory };

    let inputs = SourceInputs { files: &files, documents: &documents, known_hashes };
    let checked = threads.install(|| read_sources(context, &inputs))?;
    profiler.stage("read and check rows", checked.metrics());

    let selectors = checked.selectors(job);
    let policy = LinkPolicy::new(job, selectors.as_ref());
    let source_hashes = checked.source_hashes();
    let contents = ContentHashes { read: &source_hashes, left_out: &left_out };
    let id_source = id_sources.choose(job, contents, options);
    let former_ids = id_source.as_ref().map(|source| FormerIdTable::open(source, &job.output)).transpose()?;
    let ids = (job.person_ids == PersonIds::Continued).then_some(ContinuedIds { former: former_ids.as_ref() });
    let linked = threads.install(|| link(context, &checked, policy, ids))?;
    profiler.stage("make persons", linked.metrics());

    let run_id = run_id_of_job(job, contents, id_source.as_ref());
    let pending = folder.begin(&run_id)?;
    let order = TableOrder::new(job, &checked.row_ids);
    let findings = order.finding_context(job, &checked.row_ids, job.tables.contains(OutputTable::Findings));
    let timelines = TimelineContext {
        job,
        checked: &checked,
        linked: &linked,
        texts: &SharedTexts::new(job, &checked.interned),
        source_dates: &source_dates(job),
        memory: &memory,
        number_ranges: &checked.shuffle.number_ranges(linked.persons()),
        finding_context: findings,
        selectors: policy.selectors,
        ids,
    };
    let reconciled = threads.install(|| reconcile_persons(timelines, pending.dir(), options))?;
    profiler.stage("timelines", reconciled.metrics());

    let totals = &reconciled.totals;
    let funding = fund_heads(job, totals);
    let overrides = entry_outcomes(job, &checked, &linked, totals);
    let senders = senders(job, &checked);
    let missing_senders = missing_senders(job, &senders);
    let stages = StageResults {
        checked: &checked,
        linked: &linked,
        totals,
        funding: &funding,
        overrides: &overrides,
        senders: &senders,
        missing_senders: &missing_senders,
    };
    let small = SmallTables { run: context, dir: pending.dir(), finding_context: findings, stages };
    let small = threads.install(|| small.write(reconciled.findings))?;
    profiler.stage("findings, numbers and money", small.metrics());

    let packets = packets(job, &funding).iter().map(|packet| packet.write(pending.dir())).collect::<Result<_, _>>()?;
    let former = ComparisonBase::find(&folder, &run_id, options.correction_of.as_deref())?;
    let results = RunResults {
        run: context,
        run_id: &run_id,
        left_out: left_out_of_manifest(job, &left_out),
        former_run: former.run_id(),
        id_source: id_source.as_ref(),
        stages,
        tables_by_person: reconciled.written,
        small_tables: small,
        packets,
        profiler: &profiler,
    };
    let manifest = results.into_manifest();
    context.stop_if_interrupted()?;
    judge_and_publish(context, &folder, pending, manifest, &former, &profiler)
}

/// Plans the memory of a run over `documents`.
pub(super) fn plan_memory(job: &Job, options: &RunOptions<'_>, documents: &[OpenDocument<'_>]) -> Result<MemoryPlan, RunError> {
    let folders = RunFolders { spill: options.spill_dir.as_deref().unwrap_or(&job.output), output: &job.output };
    let estimate = SourceEstimate::from_documents(documents);
    let mut memory = MemoryPlan::new(options.memory_limit, estimate, options.chunk_bytes, folders)?;
    memory.rows_of_worker = options.worker_bytes.or(memory.rows_of_worker);
    Ok(memory)
}

/// Publishes a run, or stops it if its job says so: then only its manifest is kept.
fn judge_and_publish(
    context: RunContext<'_>,
    folder: &OutputFolder,
    pending: PendingRun<'_>,
    mut manifest: Manifest,
    former: &ComparisonBase,
    profiler: &Profiler,
) -> Result<RunOutcome, RunError> {
    let replaced = folder.manifest_of(&manifest.run_id);
    let accepted_before = replaced.is_some_and(|replaced| !replaced.accepted_shrink.is_empty());
    let judgement = judge(context.job, &manifest, former, context.options.accept_shrink || accepted_before);
    manifest.accepted_shrink.clone_from(&judgement.accepted);
    manifest.events = events_of_manifest(&judgement.events);
    if judgement.stops() {
        let account = pending.stop(&manifest)?;
        return Err(RunError::Stopped { events: judgement.events, account });
    }
    pending.write_summary(&summary_files(&manifest, &judgement, profiler))?;
    let published = pending.publish(&manifest, context.options.becomes_current())?;
    Ok(RunOutcome::new(manifest, judgement, published, profiler))
}

/// Judges a published run again. It becomes the current run, unless it would not be published now.
fn judge_again(
    job: &Job,
    options: &RunOptions<'_>,
    folder: &OutputFolder,
    published: PublishedRun,
    profiler: &Profiler,
) -> Result<RunOutcome, RunError> {
    let PublishedRun { dir, manifest } = published;
    let is_accepted = options.accept_shrink || !manifest.accepted_shrink.is_empty();
    let former = ComparisonBase::find(folder, &manifest.run_id, options.correction_of.as_deref())?;
    let judgement = judge(job, &manifest, &former, is_accepted);
    let is_current = folder.current().as_ref() == Some(&manifest.run_id);
    if judgement.stops() && !is_current {
        return Err(RunError::Stopped { events: judgement.events, account: dir.join(Manifest::FILE_NAME) });
    }
    let shortfall = folder.make_current(&manifest.run_id, options.becomes_current()).err();
    let outcome = RunOutcome::new(manifest, judgement, Published { dir, shortfall }, profiler);
    Ok(outcome.into_recognised())
}

impl RunOutcome {
    /// Outcome of a run that was computed.
    fn new(manifest: Manifest, judgement: Judgement, published: Published, profiler: &Profiler) -> Self {
        let Published { dir, shortfall } = published;
        let wall = profiler.elapsed();
        let summary = summary(&manifest, &judgement, Circumstances { dir: &dir, recognised: false, wall });
        let stages = profiler.stages().to_vec();
        Self { judgement, manifest, dir, recognised: false, shortfall, summary, wall, stages }
    }

    /// The same outcome, of a run that was published before.
    fn into_recognised(mut self) -> Self {
        self.recognised = true;
        self.summary.recognised = true;
        self
    }
}

/// Summary beside the results: it does not name folders of this machine.
fn summary_files(manifest: &Manifest, judgement: &Judgement, profiler: &Profiler) -> SummaryFiles {
    let circumstances = Circumstances { dir: Path::new(""), recognised: false, wall: profiler.elapsed() };
    let summary = summary(manifest, judgement, circumstances);
    SummaryFiles {
        text: summary.render(DisplayOptions { shows_folder: false, ..DisplayOptions::UNLIMITED }),
        json: summary.to_json(),
    }
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

/// Funding of the heads. The sums of its tables must agree.
fn fund_heads(job: &Job, totals: &PersonTotals) -> Funding {
    let funding = fund(&totals.people, &job.clinics, &job.tariff);
    for care in &funding.cares {
        let clinics: rust_decimal::Decimal = care.clinics.iter().map(|row| row.amount).sum();
        let pairs: rust_decimal::Decimal = care.pairs.iter().map(|row| row.amount).sum();
        assert!(
            clinics == pairs && clinics == care.totals.amount,
            "invariant: money by clinic and by insurer and clinic agrees to the kopeck"
        );
    }
    check_payments(&funding);
    funding
}

/// Checks that the sums of points, results and sums to pay agree.
fn check_payments(funding: &Funding) {
    use rust_decimal::Decimal;
    for point in &funding.points {
        let shares: Decimal = point.shares.iter().map(|share| share.amount).sum();
        assert!(shares == point.amount, "invariant: the insurers' parts of a feldsher point add up to its money");
    }
    let results = &funding.results;
    let given: Decimal = results.clinics.iter().map(|row| row.amount).sum();
    assert!(
        given + results.unspent_1 + results.unspent_2 == results.pot,
        "invariant: the pot of the results is spent to the kopeck, or told as unspent"
    );
    if funding.to_pay.is_empty() {
        return;
    }
    let sum = |value: fn(&ToPay) -> Decimal| funding.to_pay.iter().map(value).sum::<Decimal>();
    let cares: Decimal = funding.cares.iter().map(|care| care.totals.amount).sum();
    let points: Decimal = funding.points.iter().map(|point| point.amount).sum();
    assert!(
        sum(|row| row.amount) == cares && sum(|row| row.points) == points && sum(|row| row.results) == given,
        "invariant: sums to pay have all money of cares, points and results"
    );
}
