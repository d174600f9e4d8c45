//! The sources of a job: mapped, read into the exchange, and accounted for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::error::RunError;
use super::memory::MemoryPlan;
use super::options::RunOptions;
use super::progress::{Progress, Unit};
use crate::check::{
    AttachmentRecord, CheckContext, QuarantinedRow, ReadChunk, ReadPlan, ReadSource, RegisterRecord, RowFinding, RowSink,
    WorkerRows, read_rows,
};
use crate::exchange::{Exchange, Outbox, PartitionBits};
use crate::identifier::Date;
use crate::intake::{
    Chunks, Field, Header, Lexicon, Places, SourceEncoding, SourceFile, Words, combine, hash_content, is_piece_size,
};
use crate::job::{Job, Source};
use crate::rules::Code;

/// Maps the sources, in the order of the job.
pub(super) fn open_sources(sources: &[Source]) -> Result<Vec<SourceFile>, RunError> {
    sources.iter().map(|source| SourceFile::open(&source.path).map_err(RunError::from)).collect()
}

/// Bytes of all sources.
pub(super) fn total_bytes(files: &[SourceFile]) -> u64 {
    files.iter().map(|file| file.bytes().len() as u64).sum()
}

/// The content hashes of the sources, from a pass of its own over their bytes.
pub(super) fn hash_sources(
    files: &[SourceFile],
    progress: &dyn Progress,
    interrupted: &AtomicBool,
) -> Result<Vec<String>, RunError> {
    let stage = progress.stage("hash sources", total_bytes(files), Unit::Bytes);
    let mut hashes = Vec::with_capacity(files.len());
    for file in files {
        if interrupted.load(Ordering::Relaxed) {
            return Err(RunError::Interrupted);
        }
        hashes.push(hash_content(file.bytes(), &|amount| stage.advance(amount)));
        file.release(0, file.bytes().len());
    }
    stage.finish();
    Ok(hashes)
}

/// Reads the headers of the sources: the last thing that can make an input unusable.
pub(super) fn read_headers(sources: &[Source], files: &[SourceFile]) -> Result<Vec<Header>, RunError> {
    let header = |(source, file): (&Source, &SourceFile)| {
        Header::read(file.bytes(), &source.layout).map_err(|fault| RunError::Header { name: source.name.clone(), fault })
    };
    sources.iter().zip(files).map(header).collect()
}

/// All rows after the row checks.
pub(super) struct Checked {
    pub exchange: Exchange,
    pub words: Words,
    pub places: Places,
    pub quarantine: Vec<QuarantinedRow>,
    /// For each source of the job.
    pub accounts: Vec<SourceAccount>,
}

/// What became of the rows of one source.
#[derive(Clone, Debug)]
pub(super) struct SourceAccount {
    pub encoding: SourceEncoding,
    pub rows: u64,
    /// Duplicates among them.
    pub accepted: u64,
    pub quarantined: u64,
    pub bytes: u64,
    pub blake3: String,
}

impl SourceAccount {
    fn without_rows(source: &ReadSource<'_>) -> Self {
        Self {
            encoding: source.header.encoding,
            rows: 0,
            accepted: 0,
            quarantined: 0,
            bytes: source.file.bytes().len() as u64,
            blake3: String::new(),
        }
    }
}

/// Reads and checks all rows. Sources are hashed on the way unless their hashes are known.
pub(super) fn read_sources(
    job: &Job,
    files: &[SourceFile],
    headers: Vec<Header>,
    known_hashes: Option<Vec<String>>,
    memory: &MemoryPlan,
    options: &RunOptions<'_>,
) -> Result<Checked, RunError> {
    let bytes = total_bytes(files);
    let bits = options.partition_bits.map_or_else(|| PartitionBits::for_bytes(bytes), PartitionBits::new);
    let hash_here = known_hashes.is_none() && is_piece_size(options.chunk_bytes);
    let plan = read_plan(&job.sources, files, headers, options.chunk_bytes, hash_here);
    let stage = options.progress.stage("read and check rows", bytes, Unit::Bytes);
    let context = CheckContext { as_of: job.as_of, insurers: &job.insurers, clinics: &job.clinics, rules: &job.rules };
    let lexicon = Lexicon::default();
    let outgrown = Mutex::new(None);
    let go_on = || {
        let fits = memory.check().map_err(|error| *outgrown.lock().unwrap_or_else(PoisonError::into_inner) = Some(error));
        fits.is_ok() && !options.interrupted.load(Ordering::Relaxed)
    };
    let sink = || Outbox::new(bits, memory.spill_policy());
    let workers = read_rows(&plan, &context, &lexicon, &sink, &|amount| stage.advance(amount), &go_on);
    options.stop_if_interrupted()?;
    let (mut outboxes, mut chunks, mut quarantine) = (Vec::new(), Vec::new(), Vec::new());
    for WorkerRows { mut sink, chunks: of_worker, quarantine: kept } in workers {
        sink.settle()?;
        outboxes.push(sink);
        chunks.extend(of_worker);
        quarantine.extend(kept);
    }
    if let Some(error) = outgrown.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    stage.finish();
    chunks.sort_unstable_by_key(|chunk: &ReadChunk| chunk.chunk);
    assert!((0..).zip(&chunks).all(|(number, chunk)| number == chunk.chunk), "invariant: every chunk is read once");
    let accounts = accounts(&plan, &chunks, &quarantine, files, known_hashes, options)?;
    let places = places(&plan, &chunks);
    Ok(Checked { exchange: Exchange::new(bits, outboxes), words: lexicon.freeze(), places, quarantine, accounts })
}

/// What is to be read: the register and then the attachments, each in the order of the names of its sources.
fn read_plan<'s>(
    sources: &'s [Source],
    files: &'s [SourceFile],
    headers: Vec<Header>,
    chunk_bytes: usize,
    hash: bool,
) -> ReadPlan<'s> {
    let mut planned: Vec<ReadSource<'s>> = (sources.iter().zip(files).zip(headers).enumerate())
        .map(|(index, ((source, file), header))| ReadSource {
            source: index,
            table: source.table,
            file,
            layout: &source.layout,
            chunks: Chunks::plan(file.bytes(), &source.layout, &header, chunk_bytes),
            header,
        })
        .collect();
    planned.sort_by_key(|source| (source.table, sources[source.source].name.as_str()));
    ReadPlan::new(planned, hash)
}

fn places(plan: &ReadPlan<'_>, chunks: &[ReadChunk]) -> Places {
    let before: Vec<u64> = plan.sources().iter().map(|source| source.chunks.lines_before(source.file.bytes())).collect();
    let before_of: std::collections::BTreeMap<usize, u64> =
        plan.sources().iter().map(|source| source.source).zip(before).collect();
    Places::new(chunks.iter().map(|chunk| {
        let source = plan.source_of(chunk.chunk).source;
        (source, before_of[&source], u64::from(chunk.lines))
    }))
}

fn accounts(
    plan: &ReadPlan<'_>,
    chunks: &[ReadChunk],
    quarantine: &[QuarantinedRow],
    files: &[SourceFile],
    known_hashes: Option<Vec<String>>,
    options: &RunOptions<'_>,
) -> Result<Vec<SourceAccount>, RunError> {
    let mut sources: Vec<&ReadSource<'_>> = plan.sources().iter().collect();
    sources.sort_unstable_by_key(|source| source.source);
    let mut accounts: Vec<SourceAccount> = sources.into_iter().map(SourceAccount::without_rows).collect();
    let mut pieces = vec![Vec::new(); files.len()];
    for chunk in chunks {
        let source = plan.source_of(chunk.chunk).source;
        accounts[source].rows += chunk.rows;
        accounts[source].accepted += chunk.accepted;
        pieces[source].extend(chunk.piece);
    }
    for row in quarantine {
        accounts[plan.source_of(row.place.chunk()).source].quarantined += 1;
    }
    let mut known = known_hashes.unwrap_or_default().into_iter();
    for (source, account) in accounts.iter_mut().enumerate() {
        let bytes = files[source].bytes();
        account.blake3 = match known.next() {
            Some(hash) => hash,
            None if pieces[source].len() > 1 => combine(bytes, &pieces[source]),
            // Small, or not cut into even pieces.
            None => hash_content(bytes, &|_| ()),
        };
    }
    options.stop_if_interrupted()?;
    Ok(accounts)
}

/// One source after its row checks alone.
pub struct CheckedSource {
    /// How the source's characters are written.
    pub encoding: SourceEncoding,
    /// Rows that are not blank lines.
    pub rows: u64,
    /// Rows with an error.
    pub quarantined: u64,
    /// Findings in the order of lines.
    pub findings: Vec<LineFinding>,
}

/// A finding of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineFinding {
    /// Physical line, from 1.
    pub line: u64,
    /// What was found.
    pub code: Code,
    /// In which field, when it is about one.
    pub field: Option<Field>,
}

/// Keeps the findings of rows alone.
#[derive(Default)]
struct FindingsOnly(Vec<RowFinding>);

impl RowSink for FindingsOnly {
    fn register(&mut self, _record: &RegisterRecord, _texts: [&[u8]; 3]) {}

    fn attachment(&mut self, _record: &AttachmentRecord, _texts: [&[u8]; 3]) {}

    fn finding(&mut self, _birth_date: Date, finding: RowFinding) {
        self.0.push(finding);
    }
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
    let files = open_sources(sources)?;
    let headers = read_headers(sources, &files)?;
    let stage = progress.stage("check rows", total_bytes(&files), Unit::Bytes);
    let go_on = || !interrupted.load(Ordering::Relaxed);
    let mut checked = Vec::with_capacity(sources.len());
    for (index, header) in headers.into_iter().enumerate() {
        let plan = read_plan(&sources[index..=index], &files[index..=index], vec![header], chunk_bytes, false);
        let workers =
            read_rows(&plan, context, &Lexicon::default(), &FindingsOnly::default, &|amount| stage.advance(amount), &go_on);
        if !go_on() {
            return Err(RunError::Interrupted);
        }
        checked.push(checked_source(&plan, workers));
    }
    stage.finish();
    Ok(checked)
}

fn checked_source(plan: &ReadPlan<'_>, workers: Vec<WorkerRows<FindingsOnly>>) -> CheckedSource {
    let mut chunks: Vec<ReadChunk> = workers.iter().flat_map(|worker| worker.chunks.clone()).collect();
    chunks.sort_unstable_by_key(|chunk| chunk.chunk);
    let mut findings: Vec<RowFinding> = Vec::new();
    let mut quarantined = 0;
    for worker in workers {
        findings.extend(worker.sink.0);
        quarantined += worker.quarantine.len() as u64;
        for row in &worker.quarantine {
            findings.extend(row.findings.iter().map(|&(code, field)| RowFinding { place: row.place, code, field }));
        }
    }
    findings.sort_by_key(|finding| finding.place);
    let places = places(plan, &chunks);
    let line =
        |finding: RowFinding| LineFinding { line: places.position(finding.place).1, code: finding.code, field: finding.field };
    CheckedSource {
        encoding: plan.sources()[0].header.encoding,
        rows: chunks.iter().map(|chunk| chunk.rows).sum(),
        quarantined,
        findings: findings.into_iter().map(line).collect(),
    }
}
