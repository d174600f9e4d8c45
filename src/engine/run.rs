//! The main job from end to end: the stages in their order, each once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;

use super::account::{Account, PassedThreshold, passed_thresholds};
use super::blocks::{PersonTotals, WantedRecords, reconcile_persons};
use super::error::RunError;
use super::options::RunOptions;
use super::progress::{Progress, Unit};
use super::sources::{Checked, read_headers, read_sources, survey_sources};
use super::tables::{self, FoundRow, SourceNames};
use super::view::RunView;
use crate::check::{Record, Table};
use crate::funding::{Funding, fund};
use crate::identifier::Date;
use crate::identity::{self, Persons, Records};
use crate::intake::SourceFile;
use crate::job::Job;
use crate::publish::{Manifest, OutputFolder, OutputTable, PublishError, StageTime, TableWriter, WrittenTable, write_table};
use crate::rules::Code;

/// What a run gave.
#[derive(Debug)]
pub struct RunOutcome {
    /// The manifest of the published run.
    pub manifest: Manifest,
    /// The folder of its tables.
    pub dir: PathBuf,
    /// It had been published before, and nothing was computed.
    pub recognised: bool,
    /// Thresholds of the job that were passed.
    pub passed_thresholds: Vec<PassedThreshold>,
    /// Time from start to end.
    pub wall: Duration,
}

/// Runs a job: reads its sources, makes persons, stays and money of them, and publishes the results.
///
/// # Errors
/// When a source is unusable, a resource ran out, or somebody interrupted: nothing is published then.
///
/// # Panics
/// When an invariant of ours broke; nothing is published then.
pub fn run(job: &Job, options: &RunOptions<'_>) -> Result<RunOutcome, RunError> {
    let mut clock = StageClock::start();
    let files = survey_sources(&job.sources, options.progress, options.interrupted)?;
    clock.stage("hash sources");
    let headers = read_headers(&job.sources, &files)?;
    let run_id = run_id(job, &files);
    let folder = OutputFolder::open(&job.output)?;
    note_remains(&folder, options.progress);
    if let Some(dir) = folder.published(&run_id).filter(|_| !options.force) {
        folder.make_current(&run_id)?;
        return Ok(outcome(job, Manifest::read(&dir)?, dir, true, &clock));
    }
    let checked = read_sources(job, &files, headers, options)?;
    clock.stage("read and check rows");
    let persons = make_persons(&checked, options)?;
    clock.stage("make persons");
    let pending = folder.begin(&run_id)?;
    let (mut totals, mut written) = timelines(job, &checked, &persons, pending.dir(), options)?;
    clock.stage("timelines");
    let funding = fund(&totals.heads, &job.clinics, &job.tariff);
    assert_sums_agree(&funding);
    let finding_counts = write_small_tables(job, &checked, &persons, &mut totals, &funding, pending.dir(), &mut written)?;
    clock.stage("findings, numbers and money");
    written.sort_by_key(|table| table.table);
    let account = Account {
        job,
        run_id: &run_id,
        started_at: &options.started_at,
        files: &files,
        checked: &checked,
        persons: &persons,
        totals: &totals,
        funding: &funding,
        finding_counts,
        written: &written,
        stages: clock.stages.clone(),
    };
    let manifest = account.manifest();
    options.stop_if_interrupted()?;
    let dir = pending.publish(&manifest)?;
    Ok(outcome(job, manifest, dir, false, &clock))
}

/// Times the stages.
struct StageClock {
    start: Instant,
    last: Instant,
    stages: Vec<StageTime>,
}

impl StageClock {
    fn start() -> Self {
        let now = Instant::now();
        Self { start: now, last: now, stages: Vec::new() }
    }

    fn stage(&mut self, name: &str) {
        let now = Instant::now();
        self.stages.push(StageTime { name: name.to_owned(), wall_ms: (now - self.last).as_millis() as u64 });
        self.last = now;
    }
}

fn outcome(job: &Job, manifest: Manifest, dir: PathBuf, recognised: bool, clock: &StageClock) -> RunOutcome {
    RunOutcome { passed_thresholds: passed_thresholds(job, &manifest), manifest, dir, recognised, wall: clock.start.elapsed() }
}

/// The run's id: as-of date and a hash of all content that decides the outputs.
fn run_id(job: &Job, files: &[SourceFile]) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut line = |parts: &[&str]| {
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
    };
    line(&["engine", env!("CARGO_PKG_VERSION"), "as of", &job.as_of.to_string()]);
    for file in &job.files {
        line(&[file.role.name(), &file.name, &file.blake3]);
    }
    for (source, file) in job.sources.iter().zip(files) {
        let date = source.source_date.map_or_else(String::new, |date| date.to_string());
        line(&[source.table.name(), &source.name, &source.layout.name, &date, &file.blake3]);
    }
    format!("{}-{}", job.as_of, &hasher.finalize().to_hex()[..16])
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

impl Checked {
    fn records(&self) -> Records<'_> {
        Records { register: &self.register, attachments: &self.attachments, words: &self.words }
    }
}

fn make_persons(checked: &Checked, options: &RunOptions<'_>) -> Result<Persons, RunError> {
    let stage = options.progress.stage("make persons", 3, Unit::Steps);
    let persons = identity::resolve(checked.records(), &|amount| stage.advance(amount));
    options.stop_if_interrupted()?;
    stage.finish();
    Ok(persons)
}

fn timelines(
    job: &Job,
    checked: &Checked,
    persons: &Persons,
    dir: &Path,
    options: &RunOptions<'_>,
) -> Result<(PersonTotals, Vec<WrittenTable>), RunError> {
    let stage = options.progress.stage("timelines", persons.count(), Unit::Persons);
    let source_dates: Vec<Date> = job.sources.iter().map(|source| source.source_date.unwrap_or(Date::EARLIEST)).collect();
    let view = RunView { job, records: checked.records(), source_dates: &source_dates };
    let wanted = wanted_records(checked, persons);
    let done = reconcile_persons(view, persons, &wanted, dir, &*stage, options.interrupted)?;
    stage.finish();
    Ok(done)
}

/// Records whose findings name a person.
fn wanted_records(checked: &Checked, persons: &Persons) -> WantedRecords {
    let register_rows = checked.register.records.len() as u32;
    let mut wanted = WantedRecords::new(checked.records().len());
    for finding in &checked.register.findings {
        wanted.insert(finding.row);
    }
    for finding in &checked.attachments.findings {
        wanted.insert(register_rows + finding.row);
    }
    for finding in &persons.findings {
        wanted.insert(finding.record);
    }
    wanted
}

fn assert_sums_agree(funding: &Funding) {
    let clinics: rust_decimal::Decimal = funding.clinics.iter().map(|row| row.amount).sum();
    let pairs: rust_decimal::Decimal = funding.pairs.iter().map(|row| row.amount).sum();
    assert!(
        clinics == pairs && clinics == funding.totals.amount,
        "invariant: money by clinic and by insurer and clinic agrees to the kopeck"
    );
}

/// Writes the tables that are not in the order of persons; returns the findings counted by code.
fn write_small_tables(
    job: &Job,
    checked: &Checked,
    persons: &Persons,
    totals: &mut PersonTotals,
    funding: &Funding,
    dir: &Path,
    written: &mut Vec<WrittenTable>,
) -> Result<BTreeMap<Code, u64>, PublishError> {
    let names = SourceNames::new(job);
    let found = found_rows(checked, persons, totals);
    let mut counts = BTreeMap::new();
    for row in &found {
        *counts.entry(row.code).or_default() += 1;
    }
    let mut write = |table, batches: Vec<RecordBatch>| -> Result<(), PublishError> {
        written.push(write_table(dir, table, batches)?);
        Ok(())
    };
    write(OutputTable::Findings, tables::findings(&names, found)?)?;
    let register = (&checked.register, checked.register_duplicates.as_slice());
    let attachments = (&checked.attachments, checked.attachment_duplicates.as_slice());
    write(OutputTable::Duplicates, tables::duplicates(&names, register, attachments)?)?;
    write(OutputTable::Numbers, std::mem::take(&mut totals.numbers).into_batches()?)?;
    write(OutputTable::Headcount, vec![tables::headcount(job, &totals.heads)?])?;
    write(OutputTable::FundingClinic, vec![tables::funding_clinic(job, funding)?])?;
    write(OutputTable::FundingInsurerClinic, vec![tables::funding_insurer_clinic(job, funding)?])?;
    written.push(write_row_groups(
        dir,
        OutputTable::Quarantine,
        tables::quarantine(&names, &checked.register, &checked.attachments),
    )?);
    Ok(counts)
}

/// Writes a table whose batches are its row groups, one after another.
fn write_row_groups(
    dir: &Path,
    table: OutputTable,
    groups: impl Iterator<Item = Result<RecordBatch, PublishError>>,
) -> Result<WrittenTable, PublishError> {
    let mut writer = TableWriter::create(dir, table)?;
    let encoder = writer.encoder();
    for group in groups {
        writer.append(encoder.encode(&group?)?)?;
    }
    writer.finish()
}

/// All findings: of rows, of persons and of timelines.
fn found_rows<'t>(checked: &'t Checked, persons: &Persons, totals: &PersonTotals) -> Vec<FoundRow<'t>> {
    let register_rows = checked.register.records.len() as u32;
    let mut found = Vec::new();
    row_findings(&checked.register, 0, totals, &mut found);
    row_findings(&checked.attachments, register_rows, totals, &mut found);
    let identity = persons.findings.iter().map(|finding| (finding.record, finding.code, totals.person_of(finding.record)));
    let timeline = totals.findings.iter().map(|&(record, code, person)| (record, code, Some(person)));
    for (record, code, person_id) in identity.chain(timeline) {
        let (record_id, (source, line)) = match record.checked_sub(register_rows) {
            None => (tables::record_id(&checked.register, record), checked.register.position(record)),
            Some(row) => (tables::record_id(&checked.attachments, row), checked.attachments.position(row)),
        };
        found.push(FoundRow { source, line, code, field: None, record_id, person_id });
    }
    found
}

fn row_findings<'t, R: Record>(table: &'t Table<R>, first: u32, totals: &PersonTotals, found: &mut Vec<FoundRow<'t>>) {
    for finding in &table.findings {
        let (source, line) = table.position(finding.row);
        let person_id = totals.person_of(first + finding.row);
        found.push(FoundRow {
            source,
            line,
            code: finding.code,
            field: finding.field,
            record_id: tables::record_id(table, finding.row),
            person_id,
        });
    }
}
