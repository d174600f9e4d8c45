//! Reading and checking all rows of a job, and the result of each source.
//!
//! Workers read chunks and hand accepted rows to the shuffle. Their counts per chunk are then added up per source of
//! the job.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::document_notes::{FlawNote, flaw_notes, note_document_facts};
use super::error::RunError;
use super::override_effects::ignored_rows;
use super::profile::StageMetrics;
use super::progress::{Progress, StageProgress, Unit};
use super::quality::SourceCompleteness;
use super::run_context::RunContext;
use super::source_files::SourceFiles;
use crate::job::{Job, Source};
use sverka_check::{
    FilledFieldCounts, OddDocuments, ReadChunk, ReadPlan, ReadSource, SourceFinding, SourceRows, WorkerRows, read_rows,
};
use sverka_formats::{SourceEncoding, is_piece_size};
use sverka_intake::{DocumentBreak, HeaderNote, OpenDocument};
use sverka_kernel::identity::OverrideSelectors;
use sverka_kernel::shuffle::{PartitionBits, PartitionWriter, Shuffle};
use sverka_model::RowOwner;
use sverka_model::{InternedTexts, Interner, RowIds};

/// Opened sources of a job.
pub(super) struct SourceInputs<'r> {
    /// Files of the sources.
    pub files: &'r SourceFiles,
    /// Document of each source.
    pub documents: &'r [OpenDocument<'r>],
    /// Content hash of each source, if it was computed before.
    pub known_hashes: Option<Vec<String>>,
}

/// Result of the row checks: accepted rows in the shuffle, counts and notes for each source.
pub(super) struct CheckedRows {
    /// Accepted and quarantined rows by partition.
    pub shuffle: Shuffle,
    /// Interned texts of all rows.
    pub interned: InternedTexts,
    /// Source and line of each row id.
    pub row_ids: RowIds,
    /// Numbers of quarantined rows by source and owner.
    pub quarantined: Vec<QuarantineCount>,
    /// Numbers of filled fields by source and owner; each source and table occurs at least once.
    pub filled: Vec<SourceCompleteness>,
    /// Findings about sources as a whole, in the order of sources.
    pub of_sources: Vec<SourceFinding>,
    /// Result of each source of the job.
    pub source_results: Vec<SourceResult>,
    /// Numbers of ignored rows by entry of the overrides; an entry that names no row is absent.
    pub ignored: BTreeMap<u32, IgnoredCount>,
    /// Bytes of all source files.
    file_bytes: u64,
}

/// Number of quarantined rows of a source and an owner.
#[derive(Clone, Copy, Debug)]
pub(super) struct QuarantineCount {
    /// Index of the source in the job.
    pub source: usize,
    /// Insurer or clinic of the rows; none if they name no known one.
    pub owner: RowOwner,
    /// Number of rows.
    pub rows: u64,
}

/// Number of rows that an entry of the overrides names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct IgnoredCount {
    /// Rows that would have been accepted.
    pub accepted: u64,
    /// Rows that have another error as well.
    pub broken: u64,
}

/// Result of reading one source of the job.
#[derive(Clone, Debug)]
pub(super) struct SourceResult {
    /// Encoding of the characters.
    pub encoding: SourceEncoding,
    /// All rows.
    pub rows: u64,
    /// Accepted rows, duplicates included.
    pub accepted: u64,
    /// Quarantined rows.
    pub quarantined: u64,
    /// Bytes of the source in its file.
    pub bytes: u64,
    /// BLAKE3 of the file of the source.
    pub blake3: String,
    /// Size and checksum of the content by the directory of the archive.
    pub content: Option<String>,
    /// Byte and cause of the break, if the document breaks off.
    pub broken: Option<String>,
    /// Sentence about rows that the header declares and the document lacks.
    pub shortfall: Option<String>,
    /// Sentences about oddities of the source as a whole that did not prevent reading.
    pub notes: Vec<String>,
}

impl SourceResult {
    fn without_rows(document: &OpenDocument<'_>) -> Self {
        let notes = document.notes().iter().filter(|note| note.concerns_values()).map(ToString::to_string).collect();
        Self {
            encoding: document.encoding(),
            rows: 0,
            accepted: 0,
            quarantined: 0,
            bytes: document.document().bytes_in_file(),
            blake3: String::new(),
            content: document.document().declared_content(),
            broken: None,
            shortfall: None,
            notes,
        }
    }
}

impl CheckedRows {
    /// Rows and bytes that were read.
    pub fn metrics(&self) -> StageMetrics {
        StageMetrics { rows: self.source_results.iter().map(|result| result.rows).sum(), bytes: self.file_bytes }
    }

    /// Content hash of each source of the job.
    pub fn source_hashes(&self) -> Vec<String> {
        self.source_results.iter().map(|result| result.blake3.clone()).collect()
    }

    /// Records that entries of the overrides select, if there are any.
    pub fn selectors<'r>(&'r self, job: &'r Job) -> Option<OverrideSelectors<'r>> {
        let sources: Vec<&str> = job.sources.iter().map(|source| source.name.as_str()).collect();
        OverrideSelectors::new(&job.overrides, &sources, &self.interned, &self.row_ids)
    }
}

/// Reads and checks all rows. Sources are hashed on the way unless their hashes are known.
pub(super) fn read_sources(run: RunContext<'_>, inputs: &SourceInputs<'_>) -> Result<CheckedRows, RunError> {
    let RunContext { job, options, memory } = run;
    let plan = read_plan(run, inputs);
    let interner = Interner::default();
    let stage = options.progress.stage("read and check rows", plan.bytes(), Unit::Bytes);
    let bits = partition_bits(run, inputs.documents);
    let read = RowReading { run, inputs, plan: &plan, interner: &interner, bits, stage: &*stage }.read()?;
    report_header_notes(&job.sources, inputs.documents, options.progress, |note| !note.concerns_values());
    let mut gathered = GatheredRows::from_workers(read.workers, &plan, run)?;
    if let Some(error) = read.memory_error {
        return Err(outgrown_by_texts(error, &interner));
    }
    stage.finish();
    gathered.sort_chunks();
    let mut source_results = gathered.source_results(&plan, inputs);
    run.stop_if_interrupted()?;
    let of_sources = gathered.source_findings(job, &source_results);
    // All bytes of sources have been read and hashed: a change from here on concerns another run.
    inputs.files.check_unchanged()?;
    let row_ids = plan.row_ids(&gathered.chunks);
    note_document_facts(&gathered.odd, &plan, &job.sources, options.progress);
    for FlawNote { source, flaw, sentence } in flaw_notes(&gathered.odd, &plan, &row_ids) {
        if flaw.concerns_column() {
            source_results[source].notes.push(sentence);
        } else {
            options.progress.note(&format!("{}: {sentence}", job.sources[source].name));
        }
    }
    memory.reserve(interner.bytes_to_freeze(), INTERNED_TEXTS)?;
    Ok(CheckedRows {
        shuffle: Shuffle::new(bits, gathered.writers),
        interned: interner.freeze(),
        row_ids,
        quarantined: gathered.quarantined,
        filled: gathered.filled,
        of_sources,
        source_results,
        ignored: gathered.ignored,
        file_bytes: inputs.files.total_bytes(),
    })
}

/// Number of partitions, as a power of two: that of the options, or by the size of the sources.
fn partition_bits(run: RunContext<'_>, documents: &[OpenDocument<'_>]) -> PartitionBits {
    let unpacked = documents.iter().map(|document| document.document().estimated_bytes()).sum();
    run.options.partition_bits.map_or_else(|| PartitionBits::for_bytes(unpacked), PartitionBits::new)
}

/// Sources, chunks and ignored rows of a run.
fn read_plan<'r>(run: RunContext<'r>, inputs: &SourceInputs<'r>) -> ReadPlan<'r> {
    let chunk_bytes = run.options.chunk_bytes;
    let hash_here = inputs.known_hashes.is_none() && is_piece_size(chunk_bytes);
    let mut planned = planned_sources(&run.job.sources, inputs.documents, chunk_bytes, hash_here);
    for source in &mut planned {
        source.ignored = ignored_rows(run.job, source);
    }
    ReadPlan::new(planned)
}

/// Data that the workers share while they read rows.
struct RowReading<'r> {
    run: RunContext<'r>,
    inputs: &'r SourceInputs<'r>,
    plan: &'r ReadPlan<'r>,
    interner: &'r Interner,
    bits: PartitionBits,
    stage: &'r dyn StageProgress,
}

/// Rows of all workers.
struct ReadRows {
    workers: Vec<WorkerRows<PartitionWriter>>,
    /// Error of the memory watch that ended the reading early.
    memory_error: Option<RunError>,
}

impl RowReading<'_> {
    /// Reads all chunks in parallel.
    ///
    /// # Errors
    /// When the run was interrupted, or a file changed so that it could not be read.
    fn read(&self) -> Result<ReadRows, RunError> {
        let (memory, files) = (self.run.memory, self.inputs.files);
        let memory_error = Mutex::new(None);
        let go_on = || {
            if files.have_failed() {
                return false;
            }
            let fits = memory.check().map_err(|error| *memory_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error));
            fits.is_ok() && !self.run.is_interrupted()
        };
        let sink = || PartitionWriter::new(self.bits, memory.spill_policy()).with_quarantine(memory.quarantine_policy());
        let advance = |amount| self.stage.advance(amount);
        let context = self.run.job.check_context();
        let workers = read_rows(self.plan, &context, self.interner, &sink, &advance, &go_on);
        self.run.stop_if_interrupted()?;
        if files.have_failed() {
            files.check_unchanged()?;
        }
        Ok(ReadRows { workers, memory_error: memory_error.into_inner().unwrap_or_else(PoisonError::into_inner) })
    }
}

/// Rows and counts of all workers, put together.
struct GatheredRows {
    writers: Vec<PartitionWriter>,
    chunks: Vec<ReadChunk>,
    quarantined: Vec<QuarantineCount>,
    filled: Vec<SourceCompleteness>,
    ignored: BTreeMap<u32, IgnoredCount>,
    /// Byte and cause of the break, by source of the job.
    breaks: BTreeMap<usize, String>,
    of_sources: Vec<SourceFinding>,
    odd: OddDocuments,
}

impl GatheredRows {
    /// Puts the results of all workers together; breaks of documents are noted for the user.
    ///
    /// # Errors
    /// When rows could not be written to the disk.
    fn from_workers(
        workers: Vec<WorkerRows<PartitionWriter>>,
        plan: &ReadPlan<'_>,
        run: RunContext<'_>,
    ) -> Result<Self, RunError> {
        let mut gathered = Self {
            writers: Vec::new(),
            chunks: Vec::new(),
            quarantined: Vec::new(),
            filled: empty_completeness(plan),
            ignored: BTreeMap::new(),
            breaks: BTreeMap::new(),
            of_sources: Vec::new(),
            odd: OddDocuments::default(),
        };
        workers.into_iter().try_for_each(|worker| gathered.add(worker, plan, run))?;
        Ok(gathered)
    }

    fn add(&mut self, worker: WorkerRows<PartitionWriter>, plan: &ReadPlan<'_>, run: RunContext<'_>) -> Result<(), RunError> {
        let WorkerRows { mut sink, chunks, quarantined, broken, of_sources, odd, ignored, filled } = worker;
        self.of_sources.extend(of_sources);
        self.odd.merge(odd);
        for (entry, accepted) in ignored {
            let count = self.ignored.entry(entry).or_default();
            *(if accepted { &mut count.accepted } else { &mut count.broken }) += 1;
        }
        sink.settle()?;
        for (chunk, DocumentBreak { offset, cause }) in broken {
            let source = plan.source_of(chunk).source;
            let name = &run.job.sources[source].name;
            run.progress().note(&format!("{name}: breaks off at byte {offset}: {cause}. What stands before is read"));
            self.breaks.insert(source, format!("at byte {offset}: {cause}"));
        }
        self.writers.push(sink);
        self.chunks.extend(chunks);
        self.quarantined.extend(quarantined.into_iter().map(|count| QuarantineCount {
            source: plan.sources()[count.source as usize].source,
            owner: count.owner,
            rows: count.rows,
        }));
        self.filled.extend(filled.into_iter().map(|(source, organisation, filled)| {
            let planned = &plan.sources()[source as usize];
            let owner = RowOwner { table: planned.table, organisation: Some(organisation) };
            SourceCompleteness { source: planned.source, owner, given: planned.bindings.given(), filled }
        }));
        Ok(())
    }

    /// Brings the chunks into the order of the plan.
    fn sort_chunks(&mut self) {
        self.chunks.sort_unstable_by_key(|chunk| chunk.chunk);
        assert!((0..).zip(&self.chunks).all(|(number, chunk)| number == chunk.chunk), "invariant: every chunk is read once");
    }

    /// Result of each source of the job.
    fn source_results(&self, plan: &ReadPlan<'_>, inputs: &SourceInputs<'_>) -> Vec<SourceResult> {
        let SourceInputs { files, documents, known_hashes } = inputs;
        let mut results: Vec<SourceResult> = documents.iter().map(SourceResult::without_rows).collect();
        let mut pieces = vec![Vec::new(); files.count()];
        for chunk in &self.chunks {
            let source = plan.source_of(chunk.chunk).source;
            results[source].rows += chunk.rows;
            results[source].accepted += chunk.accepted;
            pieces[files.file_of(source)].extend(chunk.piece);
        }
        for count in &self.quarantined {
            results[count.source].quarantined += count.rows;
        }
        let hashes = known_hashes.clone().unwrap_or_else(|| files.hash_from_pieces(&pieces));
        set_hashes(&mut results, hashes, files);
        for (&source, broken) in &self.breaks {
            results[source].broken = Some(broken.clone());
        }
        for (chunk, fact) in &self.odd.facts {
            let result = &mut results[plan.source_of(*chunk).source];
            if fact.is_shortfall() {
                result.shortfall = Some(fact.to_string());
            }
            if fact.concerns_values() {
                result.notes.push(fact.to_string());
            }
        }
        results
    }

    /// Findings about sources as a whole, in the order of sources: those of the workers, and those that follow from
    /// numbers of rows.
    fn source_findings(&mut self, job: &Job, results: &[SourceResult]) -> Vec<SourceFinding> {
        let mut findings = std::mem::take(&mut self.of_sources);
        findings.extend(row_count_findings(job, results));
        findings.sort_unstable();
        findings.dedup();
        findings
    }
}

/// Sets the hash of each source. Sources of one file without a checksum of their own are distinguished by their number
/// in the file.
fn set_hashes(results: &mut [SourceResult], hashes: Vec<String>, files: &SourceFiles) {
    let mut sources_before = vec![0_u32; files.count()];
    for ((source, result), hash) in results.iter_mut().enumerate().zip(hashes) {
        let before = &mut sources_before[files.file_of(source)];
        if result.content.is_none() && *before > 0 {
            // The hash is the hash of the whole file.
            result.content = Some(format!("{hash}:{before}"));
        }
        *before += 1;
        result.blake3 = hash;
    }
}

/// Content of the [`InternedTexts`], in words for the user.
const INTERNED_TEXTS: &str = "the different names, districts and kinds of documents";

/// Names the interned texts as the cause if they take a large part of the memory limit: all other read data may go to
/// the disk.
fn outgrown_by_texts(error: RunError, interner: &Interner) -> RunError {
    match error {
        RunError::MemoryOutgrown { limit, resident } if interner.memory_bytes() > limit / 4 => {
            RunError::MemoryReserve { limit, needed: resident, what: INTERNED_TEXTS }
        }
        other => other,
    }
}

/// Reports the wanted notes about the headers of sources.
pub(super) fn report_header_notes(
    sources: &[Source],
    documents: &[OpenDocument<'_>],
    progress: &dyn Progress,
    wanted: impl Fn(&HeaderNote) -> bool,
) {
    for (source, document) in sources.iter().zip(documents) {
        document.notes().iter().filter(|note| wanted(note)).for_each(|note| progress.note(&format!("{}: {note}", source.name)));
    }
}

/// Sources in the order in which they are read: register before attachments, each by the names of its sources. A source
/// of both tables is read twice.
pub(super) fn planned_sources<'s>(
    sources: &'s [Source],
    documents: &'s [OpenDocument<'s>],
    chunk_bytes: usize,
    hash: bool,
) -> Vec<ReadSource<'s>> {
    let mut planned: Vec<ReadSource<'s>> = Vec::with_capacity(documents.len());
    for (index, document) in documents.iter().enumerate() {
        for (pass, table) in document.layout().tables().enumerate() {
            let source = ReadSource::new(index, table, document, chunk_bytes, hash && pass == 0);
            planned.push(source.with_severities(&sources[index].severities));
        }
    }
    planned.sort_by_key(|source| (source.table, sources[source.source].name.as_str()));
    planned
}

/// Findings about sources that follow from their numbers of rows.
fn row_count_findings<'a>(job: &'a Job, results: &'a [SourceResult]) -> impl Iterator<Item = SourceFinding> + 'a {
    job.sources.iter().zip(results).enumerate().filter_map(|(source, (job_source, result))| {
        let rows = SourceRows { rows: result.rows, quarantined: result.quarantined };
        let code = rows.finding(&job.rules.sources).filter(|&code| job_source.severities.is_on(code))?;
        Some(SourceFinding { source, table: job_source.layout.tables().next()?, code })
    })
}

/// Completeness of each source and table of a plan, without rows.
fn empty_completeness(plan: &ReadPlan<'_>) -> Vec<SourceCompleteness> {
    let without_rows = |source: &ReadSource<'_>| SourceCompleteness {
        source: source.source,
        owner: RowOwner { table: source.table, organisation: None },
        given: 0,
        filled: FilledFieldCounts::default(),
    };
    plan.sources().iter().map(without_rows).collect()
}
