//! The sources of a job: mapped, read into the shuffle, and accounted for.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::error::RunError;
use super::memory::MemoryPlan;
use super::odd_documents::{note_facts, told_flaws};
use super::options::RunOptions;
use super::overruled::ignored_rows;
use super::progress::{Progress, Unit};
use super::quality::FilledSource;
use crate::job::{Job, Source};
use sverka_check::{FilledRows, OddDocuments, ReadChunk, ReadPlan, ReadSource, SourceFinding, SourceRows, WorkerRows, read_rows};
use sverka_formats::{PieceHash, SourceEncoding, SourceFile, combine, hash_content, is_piece_size};
use sverka_intake::{Document, DocumentBreak, HeaderError, HeaderNote, OpenDocument};
use sverka_kernel::shuffle::{PartitionBits, PartitionWriter, Shuffle};
use sverka_model::{InternedTexts, Interner, RowIds};
use sverka_model::{OrganisationId, Owner};

/// The files of sources, each once.
pub(super) struct SourceFiles {
    files: Vec<Arc<SourceFile>>,
    /// The file of each source of the job.
    of_source: Vec<usize>,
}

impl SourceFiles {
    /// The files of sources.
    pub fn of(sources: &[Source]) -> Self {
        let (mut files, mut of_source, mut known) = (Vec::new(), Vec::new(), BTreeMap::new());
        for source in sources {
            let index = *known.entry(source.file.path()).or_insert_with(|| {
                files.push(Arc::clone(&source.file));
                files.len() - 1
            });
            of_source.push(index);
        }
        Self { files, of_source }
    }

    /// Whether all files have been as they are for so many minutes.
    pub fn check_ages(&self, least_minutes: u32) -> Result<(), RunError> {
        self.files.iter().try_for_each(|file| Ok(file.check_age(least_minutes)?))
    }

    /// Whether all files are as they were when they were opened: then their rows and hashes are of one content.
    pub fn check_unchanged(&self) -> Result<(), RunError> {
        self.files.iter().try_for_each(|file| Ok(file.check_unchanged()?))
    }

    /// Whether a part of a file could not be read, so that it is of no use to go on.
    pub fn have_failed(&self) -> bool {
        SourceFile::may_have_failed() && self.files.iter().any(|file| file.has_failed())
    }

    /// Opens the document of each source: the last thing that can make an input unusable.
    pub fn documents<'f>(&'f self, sources: &[Source]) -> Result<Vec<OpenDocument<'f>>, RunError> {
        let mut members: Vec<Option<Vec<Document<'f>>>> = vec![None; self.files.len()];
        let open = |(source, &file): (&Source, &usize)| {
            let unusable = |fault| RunError::Header { name: source.name.clone(), fault };
            let all = match &mut members[file] {
                Some(known) => known,
                unknown => {
                    let all = Document::all_of(&self.files[file], &source.name);
                    unknown.insert(all.map_err(|error| unusable(HeaderError::Container(error)))?)
                }
            };
            let none = if all.is_empty() { HeaderError::NoMembers } else { HeaderError::Changed };
            let document = all.get(source.member).cloned().ok_or_else(|| unusable(none))?;
            OpenDocument::open(document, Arc::clone(&source.layout)).map_err(unusable)
        };
        sources.iter().zip(&self.of_source).map(open).collect()
    }

    /// Bytes of all files.
    pub fn total_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes().len() as u64).sum()
    }

    /// The content hash of each source's file, from a pass of its own over their bytes.
    pub fn hash(&self, progress: &dyn Progress, interrupted: &AtomicBool) -> Result<Vec<String>, RunError> {
        let stage = progress.stage("hash sources", self.total_bytes(), Unit::Bytes);
        let mut hashes = Vec::with_capacity(self.files.len());
        for file in &self.files {
            if interrupted.load(Ordering::Relaxed) {
                return Err(RunError::Interrupted);
            }
            hashes.push(hash_content(file.bytes(), &|amount| stage.advance(amount)));
            file.release(0, file.bytes().len());
        }
        stage.finish();
        Ok(self.of_source.iter().map(|&file| hashes[file].clone()).collect())
    }
}

/// All rows after the row checks.
pub(super) struct Checked {
    pub shuffle: Shuffle,
    pub interned: InternedTexts,
    pub row_ids: RowIds,
    /// The rows that were not accepted, by source and insurer or clinic.
    pub quarantined: Vec<QuarantinedSource>,
    /// The accepted rows with their filled fields; each source and table is in it at least once.
    pub filled: Vec<FilledSource>,
    /// What was found about sources as a whole, in their order.
    pub of_sources: Vec<SourceFinding>,
    /// For each source of the job.
    pub accounts: Vec<SourceAccount>,
    /// The rows that each entry of the overrides names; entries without any are not here.
    pub ignored: BTreeMap<u32, IgnoredCount>,
}

/// Rows of a source that were not accepted and name one insurer or clinic, or none.
#[derive(Clone, Copy, Debug)]
pub(super) struct QuarantinedSource {
    /// The source, as an index of the job's.
    pub source: usize,
    /// Whose the rows are.
    pub owner: Owner,
    /// How many there are.
    pub rows: u64,
}

/// Rows that an entry of the overrides names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct IgnoredCount {
    /// That would have been accepted.
    pub accepted: u64,
    /// That have another error, too.
    pub broken: u64,
}

/// What became of the rows of one source.
#[derive(Clone, Debug)]
pub(super) struct SourceAccount {
    pub encoding: SourceEncoding,
    pub rows: u64,
    /// Duplicates among them.
    pub accepted: u64,
    pub quarantined: u64,
    /// That it takes in its file.
    pub bytes: u64,
    /// Of its file.
    pub blake3: String,
    /// What the directory of its archive says of its content.
    pub content: Option<String>,
    /// Where and why it broke off, if it did.
    pub broken: Option<String>,
    /// How many rows it lacks against what its header declares, a sentence.
    pub shortfall: Option<String>,
    /// What is odd about it as a whole though its rows were read, a sentence each.
    pub notes: Vec<String>,
}

impl SourceAccount {
    fn without_rows(document: &OpenDocument<'_>) -> Self {
        let bytes = document.document().bytes_in_file();
        let content = document.document().declared_content();
        let encoding = document.encoding();
        let notes = document.notes().iter().filter(|note| note.concerns_values()).map(ToString::to_string).collect();
        Self {
            encoding,
            rows: 0,
            accepted: 0,
            quarantined: 0,
            bytes,
            blake3: String::new(),
            content,
            broken: None,
            shortfall: None,
            notes,
        }
    }
}

/// Reads and checks all rows. Sources are hashed on the way unless their hashes are known.
pub(super) fn read_sources(
    job: &Job,
    files: &SourceFiles,
    documents: &[OpenDocument<'_>],
    known_hashes: Option<Vec<String>>,
    memory: &MemoryPlan,
    options: &RunOptions<'_>,
) -> Result<Checked, RunError> {
    let unpacked = documents.iter().map(|document| document.document().estimated_bytes()).sum();
    let bits = options.partition_bits.map_or_else(|| PartitionBits::for_bytes(unpacked), PartitionBits::new);
    let hash_here = known_hashes.is_none() && is_piece_size(options.chunk_bytes);
    let mut planned = planned_sources(&job.sources, documents, options.chunk_bytes, hash_here);
    for source in &mut planned {
        source.ignored = ignored_rows(job, source);
    }
    let plan = ReadPlan::new(planned);
    let stage = options.progress.stage("read and check rows", plan.bytes(), Unit::Bytes);
    let context = job.check_context();
    let interner = Interner::default();
    let outgrown = Mutex::new(None);
    let go_on = || {
        if files.have_failed() {
            return false;
        }
        let fits = memory.check().map_err(|error| *outgrown.lock().unwrap_or_else(PoisonError::into_inner) = Some(error));
        fits.is_ok() && !options.interrupted.load(Ordering::Relaxed)
    };
    let sink = || PartitionWriter::new(bits, memory.spill_policy()).with_quarantine(memory.quarantine_policy());
    let workers = read_rows(&plan, &context, &interner, &sink, &|amount| stage.advance(amount), &go_on);
    options.stop_if_interrupted()?;
    if files.have_failed() {
        files.check_unchanged()?;
    }
    tell_notes(&job.sources, documents, options.progress, |note| !note.concerns_values());
    let (mut writers, mut chunks, mut quarantined) = (Vec::new(), Vec::new(), Vec::new());
    let mut filled = sources_of(&plan);
    let mut ignored: BTreeMap<u32, IgnoredCount> = BTreeMap::new();
    let (mut breaks, mut of_sources) = (BTreeMap::new(), Vec::new());
    let mut odd = OddDocuments::default();
    for worker in workers {
        let WorkerRows {
            mut sink,
            chunks: of_worker,
            quarantined: not_accepted,
            broken,
            ignored: of_entries,
            filled: of_rows,
            ..
        } = worker;
        of_sources.extend(worker.of_sources);
        odd.merge(worker.odd);
        for (entry, accepted) in of_entries {
            let count = ignored.entry(entry).or_default();
            *(if accepted { &mut count.accepted } else { &mut count.broken }) += 1;
        }
        sink.settle()?;
        for (chunk, DocumentBreak { offset, cause }) in broken {
            let source = plan.source_of(chunk).source;
            let name = &job.sources[source].name;
            options.progress.note(&format!("{name}: breaks off at byte {offset}: {cause}. What stands before is read"));
            breaks.insert(source, format!("at byte {offset}: {cause}"));
        }
        writers.push(sink);
        chunks.extend(of_worker);
        quarantined.extend(not_accepted.into_iter().map(|count| QuarantinedSource {
            source: plan.sources()[count.source as usize].source,
            owner: count.owner,
            rows: count.rows,
        }));
        filled
            .extend(of_rows.into_iter().map(|(source, organisation, filled)| filled_source(&plan, source, organisation, filled)));
    }
    if let Some(error) = outgrown.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(outgrown_by_words(error, &interner));
    }
    stage.finish();
    chunks.sort_unstable_by_key(|chunk: &ReadChunk| chunk.chunk);
    assert!((0..).zip(&chunks).all(|(number, chunk)| number == chunk.chunk), "invariant: every chunk is read once");
    let mut accounts = accounts(&plan, &chunks, &quarantined, (files, documents), known_hashes, options)?;
    breaks.into_iter().for_each(|(source, told)| accounts[source].broken = Some(told));
    for (chunk, fact) in odd.facts.iter().filter(|(_, fact)| fact.is_shortfall()) {
        accounts[plan.source_of(*chunk).source].shortfall = Some(fact.to_string());
    }
    for (chunk, fact) in odd.facts.iter().filter(|(_, fact)| fact.concerns_values()) {
        accounts[plan.source_of(*chunk).source].notes.push(fact.to_string());
    }
    of_sources.extend(source_findings(job, &accounts));
    of_sources.sort_unstable();
    of_sources.dedup();
    // All bytes of sources have been read and hashed: what changes from here on concerns another run.
    files.check_unchanged()?;
    let row_ids = plan.row_ids(&chunks);
    note_facts(&odd, &plan, &job.sources, options.progress);
    for (source, flaw, told) in told_flaws(&odd, &plan, &row_ids) {
        if flaw.concerns_column() {
            accounts[source].notes.push(told);
        } else {
            options.progress.note(&format!("{}: {told}", job.sources[source].name));
        }
    }
    memory.reserve(interner.bytes_to_freeze(), WORDS)?;
    Ok(Checked {
        shuffle: Shuffle::new(bits, writers),
        interned: interner.freeze(),
        row_ids,
        quarantined,
        filled,
        of_sources,
        accounts,
        ignored,
    })
}

/// What the words of the interner mean to people.
const WORDS: &str = "the different names, districts and kinds of documents";

/// Says that it is the words that do not fit, if they take a large part of the limit: nothing else that is read stays in memory.
fn outgrown_by_words(error: RunError, interner: &Interner) -> RunError {
    match error {
        RunError::MemoryOutgrown { limit, resident } if interner.memory_bytes() > limit / 4 => {
            RunError::MemoryReserve { limit, needed: resident, what: WORDS }
        }
        other => other,
    }
}

/// Tells what was found out about sources before their first rows, as far as it is `wanted`.
pub(super) fn tell_notes(
    sources: &[Source],
    documents: &[OpenDocument<'_>],
    progress: &dyn Progress,
    wanted: impl Fn(&HeaderNote) -> bool,
) {
    for (source, document) in sources.iter().zip(documents) {
        document.notes().iter().filter(|note| wanted(note)).for_each(|note| progress.note(&format!("{}: {note}", source.name)));
    }
}

/// What is to be read: the register and then the attachments, each in the order of the names of its sources. What gives both is read for each.
pub(super) fn planned_sources<'s>(
    sources: &'s [Source],
    documents: &'s [OpenDocument<'s>],
    chunk_bytes: usize,
    hash: bool,
) -> Vec<ReadSource<'s>> {
    let mut planned: Vec<ReadSource<'s>> = Vec::with_capacity(documents.len());
    for (index, document) in documents.iter().enumerate() {
        for (pass, table) in document.layout().tables().enumerate() {
            let planned_here = ReadSource::new(index, table, document, chunk_bytes, hash && pass == 0);
            planned.push(planned_here.following(&sources[index].severities));
        }
    }
    planned.sort_by_key(|source| (source.table, sources[source.source].name.as_str()));
    planned
}

/// What the numbers of rows say about sources as a whole.
fn source_findings<'a>(job: &'a Job, accounts: &'a [SourceAccount]) -> impl Iterator<Item = SourceFinding> + 'a {
    job.sources.iter().zip(accounts).enumerate().filter_map(|(source, (of_job, account))| {
        let rows = SourceRows { rows: account.rows, quarantined: account.quarantined };
        let code = rows.finding(&job.rules.sources).filter(|&code| of_job.severities.is_on(code))?;
        Some(SourceFinding { source, table: of_job.layout.tables().next()?, code })
    })
}

/// The sources and tables of a plan, without rows.
fn sources_of(plan: &ReadPlan<'_>) -> Vec<FilledSource> {
    let nobody = |source: &ReadSource<'_>| FilledSource {
        source: source.source,
        owner: Owner { table: source.table, organisation: None },
        given: 0,
        filled: FilledRows::default(),
    };
    plan.sources().iter().map(nobody).collect()
}

/// Rows of a source of the plan that name one insurer or clinic.
fn filled_source(plan: &ReadPlan<'_>, source: u32, organisation: OrganisationId, filled: FilledRows) -> FilledSource {
    let of_plan = &plan.sources()[source as usize];
    let owner = Owner { table: of_plan.table, organisation: Some(organisation) };
    FilledSource { source: of_plan.source, owner, given: of_plan.bindings.given(), filled }
}

fn accounts(
    plan: &ReadPlan<'_>,
    chunks: &[ReadChunk],
    quarantined: &[QuarantinedSource],
    (files, documents): (&SourceFiles, &[OpenDocument<'_>]),
    known_hashes: Option<Vec<String>>,
    options: &RunOptions<'_>,
) -> Result<Vec<SourceAccount>, RunError> {
    let mut accounts: Vec<SourceAccount> = documents.iter().map(SourceAccount::without_rows).collect();
    let mut pieces = vec![Vec::new(); files.files.len()];
    for chunk in chunks {
        let source = plan.source_of(chunk.chunk).source;
        accounts[source].rows += chunk.rows;
        accounts[source].accepted += chunk.accepted;
        pieces[files.of_source[source]].extend(chunk.piece);
    }
    for count in quarantined {
        accounts[count.source].quarantined += count.rows;
    }
    let hashes = known_hashes.unwrap_or_else(|| {
        let hash = |(file, pieces): (&Arc<SourceFile>, &Vec<PieceHash>)| match pieces.len() {
            // Small, packed, or not cut into even pieces.
            0 | 1 => {
                let hash = hash_content(file.bytes(), &|_| ());
                file.release(0, file.bytes().len());
                hash
            }
            _ => combine(file.bytes(), pieces),
        };
        let of_files: Vec<String> = files.files.iter().zip(&pieces).map(hash).collect();
        files.of_source.iter().map(|&file| of_files[file].clone()).collect()
    });
    let mut documents_before = vec![0_u32; files.files.len()];
    for (account, (hash, &file)) in accounts.iter_mut().zip(hashes.into_iter().zip(&files.of_source)) {
        if account.content.is_none() && documents_before[file] > 0 {
            // The hash is that of the whole file.
            account.content = Some(format!("{hash}:{}", documents_before[file]));
        }
        documents_before[file] += 1;
        account.blake3 = hash;
    }
    options.stop_if_interrupted()?;
    Ok(accounts)
}
