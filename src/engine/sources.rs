//! The sources of a job: surveyed, then read into the two tables.

use std::sync::atomic::{AtomicBool, Ordering};

use super::error::RunError;
use super::options::RunOptions;
use super::progress::{Progress, Unit};
use crate::check::{
    AttachmentRecord, CheckContext, CheckedRow, Duplicate, ReadPlan, ReadSource, RegisterRecord, RowFinding, Table,
    mark_duplicates, read_table,
};
use crate::intake::{Header, Lexicon, SourceFile, Words, survey};
use crate::job::{Job, Source};

/// Rows of both tables are numbered in 32 bits.
const MOST_LINES: u64 = u32::MAX as u64 - 1;

/// Maps, hashes and line-counts the sources, in the order of the job.
pub(super) fn survey_sources(
    sources: &[Source],
    progress: &dyn Progress,
    interrupted: &AtomicBool,
) -> Result<Vec<SourceFile>, RunError> {
    let bytes = sources.iter().map(|source| std::fs::metadata(&source.path).map_or(0, |found| found.len())).sum();
    let stage = progress.stage("hash sources", bytes, Unit::Bytes);
    let mut files = Vec::with_capacity(sources.len());
    for source in sources {
        if interrupted.load(Ordering::Relaxed) {
            return Err(RunError::Interrupted);
        }
        files.push(survey(&source.path, &|amount| stage.advance(amount))?);
    }
    let lines = files.iter().map(|file| u64::from(file.lines())).sum();
    if lines > MOST_LINES {
        return Err(RunError::TooManyLines { lines, limit: MOST_LINES });
    }
    stage.finish();
    Ok(files)
}

/// Reads the headers of the surveyed sources: the last thing that can make an input unusable.
pub(super) fn read_headers(sources: &[Source], files: &[SourceFile]) -> Result<Vec<Header>, RunError> {
    let header = |(source, file): (&Source, &SourceFile)| {
        Header::read(file.bytes(), &source.layout).map_err(|fault| RunError::Header { name: source.name.clone(), fault })
    };
    sources.iter().zip(files).map(header).collect()
}

/// Both tables after row checks and duplicates.
pub(super) struct Checked {
    pub register: Table<RegisterRecord>,
    pub attachments: Table<AttachmentRecord>,
    pub register_duplicates: Vec<Duplicate>,
    pub attachment_duplicates: Vec<Duplicate>,
    pub words: Words,
}

/// Reads and checks all rows.
pub(super) fn read_sources(
    job: &Job,
    files: &[SourceFile],
    headers: Vec<Header>,
    options: &RunOptions<'_>,
) -> Result<Checked, RunError> {
    let (progress, interrupted) = (options.progress, options.interrupted);
    let [register_plan, attachment_plan] = read_plans(&job.sources, files, headers, options.chunk_bytes);
    let stage = progress.stage("read and check rows", files.iter().map(|file| file.bytes().len() as u64).sum(), Unit::Bytes);
    let context = CheckContext { as_of: job.as_of, insurers: &job.insurers, clinics: &job.clinics, rules: &job.rules };
    let lexicon = Lexicon::default();
    let advance = |amount| stage.advance(amount);
    let go_on = || !interrupted.load(Ordering::Relaxed);
    let mut register = read_table::<RegisterRecord>(&register_plan, &context, &lexicon, &advance, &go_on);
    let mut attachments = read_table::<AttachmentRecord>(&attachment_plan, &context, &lexicon, &advance, &go_on);
    if !go_on() {
        return Err(RunError::Interrupted);
    }
    stage.finish();
    let stage = progress.stage("find duplicates", 2, Unit::Steps);
    let register_duplicates = mark_duplicates(&mut register);
    stage.advance(1);
    let attachment_duplicates = mark_duplicates(&mut attachments);
    stage.advance(1);
    stage.finish();
    Ok(Checked { register, attachments, register_duplicates, attachment_duplicates, words: lexicon.freeze() })
}

/// What is to be read for the register and for the attachments.
fn read_plans<'s>(sources: &'s [Source], files: &'s [SourceFile], headers: Vec<Header>, chunk_bytes: usize) -> [ReadPlan<'s>; 2] {
    let mut plans = [(); 2].map(|()| ReadPlan { sources: Vec::new(), chunk_bytes });
    for (index, ((source, file), header)) in sources.iter().zip(files).zip(headers).enumerate() {
        let [register, attachments] = &mut plans;
        let plan = match source.table {
            crate::intake::Table::Register => register,
            crate::intake::Table::Attachments => attachments,
        };
        plan.sources.push(ReadSource { source: index, file, layout: &source.layout, header });
    }
    plans
}

/// One source after its row checks alone.
pub struct CheckedSource {
    /// Rows that are not blank lines.
    pub rows: u64,
    /// Rows with an error.
    pub quarantined: u64,
    /// Findings in the order of rows; the row number plus one is the physical line.
    pub findings: Vec<RowFinding>,
}

/// Runs the row checks over each source by itself, without duplicates and persons.
///
/// # Errors
/// When a source cannot be read or its header is not its layout's.
pub fn check_sources(
    sources: &[Source],
    context: &CheckContext<'_>,
    chunk_bytes: usize,
    progress: &dyn Progress,
    interrupted: &AtomicBool,
) -> Result<Vec<CheckedSource>, RunError> {
    let files = survey_sources(sources, progress, interrupted)?;
    let mut headers = read_headers(sources, &files)?.into_iter();
    let stage = progress.stage("check rows", files.iter().map(|file| file.bytes().len() as u64).sum(), Unit::Bytes);
    let advance = |amount| stage.advance(amount);
    let go_on = || !interrupted.load(Ordering::Relaxed);
    let mut checked = Vec::with_capacity(sources.len());
    for index in 0..sources.len() {
        let header = headers.by_ref().take(1).collect();
        let [register, attachments] = read_plans(&sources[index..=index], &files[index..=index], header, chunk_bytes);
        checked.push(match sources[index].table {
            crate::intake::Table::Register => check_one::<RegisterRecord>(&register, context, &advance, &go_on),
            crate::intake::Table::Attachments => check_one::<AttachmentRecord>(&attachments, context, &advance, &go_on),
        });
        if !go_on() {
            return Err(RunError::Interrupted);
        }
    }
    stage.finish();
    Ok(checked)
}

fn check_one<R: CheckedRow>(
    plan: &ReadPlan<'_>,
    context: &CheckContext<'_>,
    advance: &(dyn Fn(u64) + Sync),
    go_on: &(dyn Fn() -> bool + Sync),
) -> CheckedSource {
    let table = read_table::<R>(plan, context, &Lexicon::default(), advance, go_on);
    CheckedSource {
        rows: table.sources.iter().map(|source| source.rows).sum(),
        quarantined: table.quarantine.len() as u64,
        findings: table.findings,
    }
}
