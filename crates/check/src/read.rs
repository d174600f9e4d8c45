//! Reading sources: chunks in parallel, each row checked and handed on with its row id.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::completeness::{FilledFieldCounts, FilledFieldTally};
use super::context::{CheckContext, RowCheck, RowChecker};
use super::ignored::IgnoredRows;
use super::odd_documents::OddDocuments;
use super::residence::residence_of;
use super::source_findings::SourceFinding;
use sverka_formats::{PieceHash, hash_piece};
use sverka_intake::{Bindings, Chunks, DocumentBreak, KEPT_ROW_BYTES, OpenDocument, RowBytes, RowFault, RowFields, RowVisitor};
use sverka_model::{
    AttachmentRecord, Code, CountedChunk, Field, Interner, OrganisationId, QuarantinedRow, Record, RegisterRecord, RowFinding,
    RowId, RowIds, RowOwner, RowShape, RowSink, SparseAttribute, Table,
};
use sverka_settings::Severities;

/// A source that is ready to be read for the records of one table.
pub struct ReadSource<'s> {
    /// The source, as an index of the job's sources.
    pub source: usize,
    /// Which table the records are of.
    pub table: Table,
    /// Its document.
    pub document: &'s OpenDocument<'s>,
    /// What its columns mean for the table.
    pub bindings: Bindings,
    /// How it is cut.
    pub chunks: Chunks,
    /// Whether its pieces are hashed on the way.
    pub hash: bool,
    /// Rows that people decided to ignore, if there are such.
    pub ignored: Option<IgnoredRows>,
    /// What rules mean for its rows.
    pub severities: &'s Severities,
}

impl<'s> ReadSource<'s> {
    /// Plans the reading of a document in chunks of about `chunk_bytes`.
    #[must_use]
    pub fn new(source: usize, table: Table, document: &'s OpenDocument<'s>, chunk_bytes: usize, hash: bool) -> Self {
        let (bindings, chunks) = (document.bind(table), document.chunks(chunk_bytes));
        Self { source, table, document, bindings, chunks, hash, ignored: None, severities: &Severities::DEFAULT }
    }

    /// With what rules mean for its rows.
    #[must_use]
    pub fn with_severities(self, severities: &'s Severities) -> Self {
        Self { severities, ..self }
    }
}

/// What is to be read, in which order rows count.
pub struct ReadPlan<'s> {
    sources: Vec<ReadSource<'s>>,
    /// The source (as an index of the plan's) and the number within it of each chunk.
    chunks: Vec<(u32, u32)>,
}

/// So many chunks ahead of the one that is read, the disk is told of a chunk.
const READ_AHEAD: usize = 4;

/// What a worker read.
pub struct WorkerRows<S> {
    /// What took the rows.
    pub sink: S,
    /// The chunks that the worker read.
    pub chunks: Vec<ReadChunk>,
    /// How many rows were not accepted.
    pub quarantined: Vec<QuarantinedCount>,
    /// Documents that broke, by chunk.
    pub broken: Vec<(u32, DocumentBreak)>,
    /// What was found about sources as a whole while they were read.
    pub of_sources: Vec<SourceFinding>,
    /// What is odd about documents.
    pub odd: OddDocuments,
    /// For each row that is ignored and decision that says so: which decision, and whether the row would have been accepted without.
    pub ignored: Vec<(u32, bool)>,
    /// The accepted rows with their filled fields, by source (as an index of the plan's) and insurer or clinic.
    pub filled: Vec<(u32, OrganisationId, FilledFieldCounts)>,
}

/// Rows of a source that were not accepted and name one insurer or clinic, or none.
#[derive(Clone, Copy, Debug)]
pub struct QuarantinedCount {
    /// The source, as an index of the plan's.
    pub source: u32,
    /// Whose the rows are.
    pub owner: RowOwner,
    /// How many there are.
    pub rows: u64,
}

/// The account of one chunk.
#[derive(Clone, Copy, Debug)]
pub struct ReadChunk {
    /// Which chunk of the plan.
    pub chunk: u32,
    /// Physical lines.
    pub lines: u32,
    /// Records that rows gave or should have given; blank lines are no rows.
    pub rows: u64,
    /// Rows that were accepted, duplicates among them.
    pub accepted: u64,
    /// The hash of the chunk's piece of the source, if it was to be hashed.
    pub piece: Option<PieceHash>,
}

impl<'s> ReadPlan<'s> {
    /// Plans the reading of sources, in the order of their positions.
    #[must_use]
    pub fn new(sources: Vec<ReadSource<'s>>) -> Self {
        let of_source =
            |(index, source): (usize, &ReadSource<'_>)| (0..source.chunks.count() as u32).map(move |chunk| (index as u32, chunk));
        let chunks = sources.iter().enumerate().flat_map(of_source).collect();
        Self { sources, chunks }
    }

    /// The sources, in the order of the plan.
    #[must_use]
    pub fn sources(&self) -> &[ReadSource<'s>] {
        &self.sources
    }

    /// The source of a chunk of the plan.
    #[must_use]
    pub fn source_of(&self, chunk: u32) -> &ReadSource<'s> {
        &self.sources[self.chunks[chunk as usize].0 as usize]
    }

    /// The positions of the rows of all chunks, whose accounts come in their order.
    #[must_use]
    pub fn row_ids(&self, chunks: &[ReadChunk]) -> RowIds {
        RowIds::new(chunks.iter().map(|chunk| {
            let source = self.source_of(chunk.chunk);
            let is_first = self.chunks[chunk.chunk as usize].1 == 0;
            CountedChunk {
                source: source.source,
                begins_after: is_first.then(|| source.document.lines_before()),
                lines: u64::from(chunk.lines),
                parts: source.bindings.parts(),
            }
        }))
    }

    /// Bytes of files that reading will go through.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.sources.iter().map(|source| source.document.document().bytes_in_file()).sum()
    }

    /// How many chunks there are.
    #[must_use]
    pub fn chunks(&self) -> usize {
        self.chunks.len()
    }
}

/// Reads and checks all rows of a plan with all threads; `sink` makes what takes the rows of one worker. `advance` is told of each part of the
/// bytes that is done; once `go_on` says no, the rest stays unread and the result is of no use.
pub fn read_rows<S: RowSink>(
    plan: &ReadPlan<'_>,
    context: &CheckContext<'_>,
    interner: &Interner,
    sink: &(dyn Fn() -> S + Sync),
    advance: &(dyn Fn(u64) + Sync),
    go_on: &(dyn Fn() -> bool + Sync),
) -> Vec<WorkerRows<S>> {
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    // Each worker takes chunks in ascending order, so that what it hands on is in the order of row ids.
    rayon::broadcast(|_| {
        let mut worker = Worker {
            plan,
            checker: RowChecker::new(*context, interner),
            rows: WorkerRows {
                sink: sink(),
                chunks: Vec::new(),
                quarantined: Vec::new(),
                broken: Vec::new(),
                of_sources: Vec::new(),
                odd: OddDocuments::default(),
                ignored: Vec::new(),
                filled: Vec::new(),
            },
            tally: FilledFieldTally::default(),
            quarantined: BTreeMap::new(),
            advance,
            go_on: &|| go_on() && !stopped.load(Ordering::Relaxed),
        };
        while (worker.go_on)() {
            let chunk = next.fetch_add(1, Ordering::Relaxed);
            if chunk >= plan.chunks.len() {
                break;
            }
            worker.chunk(chunk as u32);
            if !worker.rows.sink.after_chunk() {
                stopped.store(true, Ordering::Relaxed);
            }
        }
        let quarantined = worker.quarantined.into_iter().map(|((source, owner), rows)| QuarantinedCount { source, owner, rows });
        WorkerRows { filled: worker.tally.finish(), quarantined: quarantined.collect(), ..worker.rows }
    })
}

struct Worker<'p, 's, S> {
    plan: &'p ReadPlan<'s>,
    checker: RowChecker<'p>,
    rows: WorkerRows<S>,
    tally: FilledFieldTally,
    /// Rows that were not accepted, by source (as an index of the plan's) and insurer or clinic.
    quarantined: BTreeMap<(u32, RowOwner), u64>,
    advance: &'p (dyn Fn(u64) + Sync),
    go_on: &'p dyn Fn() -> bool,
}

impl<S: RowSink> Worker<'_, '_, S> {
    /// Reads a chunk.
    fn chunk(&mut self, chunk: u32) {
        let (source_of_plan, of_source) = self.plan.chunks[chunk as usize];
        let of_source = of_source as usize;
        self.tally.begin(source_of_plan);
        let source = self.plan.source_of(chunk);
        self.checker.set_severities(source.severities);
        let document = source.document.document();
        let part = source.chunks.even_part(of_source);
        if let Some(part) = &part {
            let ahead = part.end + READ_AHEAD * part.len();
            document.file().expect(ahead, ahead + part.len());
            document.file().populate(part.start, part.end);
        }
        let bytes = source.chunks.bytes(of_source);
        let hashed = part.filter(|_| source.hash).zip(document.plain_bytes());
        let piece = hashed.map(|(part, bytes)| hash_piece(&bytes[part.clone()], part.start));
        let (read, told) = match source.table {
            Table::Register => self.rows_of::<RegisterRecord>(chunk, source, of_source),
            Table::Attachments => self.rows_of::<AttachmentRecord>(chunk, source, of_source),
        };
        self.rows.chunks.push(ReadChunk { piece, ..read });
        (self.advance)(bytes.saturating_sub(told));
    }

    /// Reads the rows of a chunk; the account of it, and of how many bytes was told already.
    fn rows_of<R: CheckedRow>(&mut self, chunk: u32, source: &ReadSource<'_>, of_source: usize) -> (ReadChunk, u64) {
        let Self {
            checker,
            rows: WorkerRows { sink, broken, odd, ignored, .. },
            tally,
            quarantined: counts,
            advance,
            go_on,
            plan,
        } = self;
        let (source_of_plan, _) = plan.chunks[chunk as usize];
        let (rows, accepted, told, table) = (0, 0, 0, PhantomData::<R>);
        let quarantine = QuarantineTally { source: source_of_plan, counts };
        let mut visitor = CheckedRows {
            chunk,
            source_of_plan,
            of_source,
            source,
            checker,
            sink,
            quarantine,
            odd,
            ignored,
            tally,
            advance,
            go_on,
            rows,
            accepted,
            told,
            table,
        };
        let end = source.document.read(&source.bindings, &source.chunks, of_source, &mut visitor);
        let CheckedRows { mut rows, accepted, told, sink, mut quarantine, odd, .. } = visitor;
        let mut lines = end.lines;
        odd.facts.extend(end.fact.filter(|_| source.bindings.tells_faults()).map(|fact| (chunk, fact)));
        if let Some(at) = end.broken {
            // What could not be read is one row that was not accepted, so that nothing is lost without a word.
            if source.bindings.tells_faults() {
                let row = RowBytes { line: lines, part: 0, offset: at.offset, raw: &[], bytes_beyond: 0 };
                let row_id = RowId::of_record(chunk, row.line, 0, source.bindings.parts());
                quarantine.pass_on(row.line, &quarantined(row_id, row, ("", R::NOBODY), &[(Code::DocumentBroken, None)]), sink);
                broken.push((chunk, at));
                rows += 1;
            }
            lines += 1;
        }
        (ReadChunk { chunk, lines, rows, accepted, piece: None }, told)
    }
}

/// Counts the rows of one source that are not accepted.
struct QuarantineTally<'w> {
    /// The source, as an index of the plan's.
    source: u32,
    counts: &'w mut BTreeMap<(u32, RowOwner), u64>,
}

impl QuarantineTally<'_> {
    fn pass_on(&mut self, line: u32, row: &QuarantinedRow, sink: &mut impl RowSink) {
        *self.counts.entry((self.source, row.owner)).or_default() += 1;
        sink.quarantined(line, row);
    }
}

/// Checks the rows of a chunk as they come.
struct CheckedRows<'w, 'p, 's, R, S> {
    chunk: u32,
    /// The source, as an index of the plan's.
    source_of_plan: u32,
    /// The number of the chunk within its source.
    of_source: usize,
    source: &'w ReadSource<'s>,
    checker: &'w mut RowChecker<'p>,
    sink: &'w mut S,
    quarantine: QuarantineTally<'w>,
    odd: &'w mut OddDocuments,
    ignored: &'w mut Vec<(u32, bool)>,
    tally: &'w mut FilledFieldTally,
    advance: &'w (dyn Fn(u64) + Sync),
    go_on: &'w dyn Fn() -> bool,
    rows: u64,
    accepted: u64,
    /// Bytes that were told of.
    told: u64,
    table: PhantomData<R>,
}

impl<R: CheckedRow, S: RowSink> RowVisitor for CheckedRows<'_, '_, '_, R, S> {
    #[inline]
    fn row(&mut self, at: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>) {
        self.rows += 1;
        let row_id = RowId::of_record(self.chunk, at.line, at.part, self.source.bindings.parts());
        if self.source.ignored.is_some() && self.ignore(row_id, at, fields.as_ref()) {
            return;
        }
        let fields = match fields {
            Ok(fields) => fields,
            Err(fault) => {
                if let Some(found) = fault.fields {
                    let expected = self.source.document.columns() as u32;
                    self.sink.misshapen(RowShape { expected, found: found as u32 });
                }
                fault.flaw.into_iter().for_each(|flaw| self.odd.note_flaw(self.source_of_plan, flaw, row_id));
                self.quarantine.pass_on(at.line, &quarantined(row_id, at, ("", R::NOBODY), &row_faults(fault)), self.sink);
                return;
            }
        };
        let checked = self.checker.check::<R>(fields);
        let Some(mut record) = checked else {
            let is_header = fields.repeats_header(self.source.document.layout());
            let found = if is_header { &[(Code::RowHeader, None)] } else { self.checker.found() };
            self.sink.found_in(&fields, found);
            let who = (fields.get(Field::RecordId), R::named(fields, self.checker.context()));
            self.quarantine.pass_on(at.line, &quarantined(row_id, at, who, found), self.sink);
            return;
        };
        self.accepted += 1;
        record.identity_mut().row_id = row_id;
        if !self.checker.found().is_empty() {
            self.sink.found_in(&fields, self.checker.found());
        }
        for &(code, field) in self.checker.found() {
            self.sink.finding(record.identity().birth_date, RowFinding { row_id, code, field });
        }
        for &(kind, number, day) in self.checker.attributes() {
            self.sink.sparse_attribute(record.identity().birth_date, SparseAttribute::new(row_id, kind, number, day));
        }
        if let Some(residence) = residence_of(&fields) {
            self.sink.residence(record.identity().birth_date, row_id, residence);
        }
        record.pass_on([Field::RecordId, Field::PolicyNumber, Field::DocNumber].map(|field| fields.bytes(field)), self.sink);
        self.tally.count(record.organisation(), fields.filled(UNASKED));
    }

    fn pause(&mut self, bytes: u64) -> bool {
        (self.advance)(bytes);
        self.told += bytes;
        self.sink.after_chunk() && (self.go_on)()
    }
}

impl<R: CheckedRow, S: RowSink> CheckedRows<'_, '_, '_, R, S> {
    /// Puts the row aside if people decided to ignore it, with whatever else is found on it.
    #[cold]
    fn ignore(&mut self, row_id: RowId, at: RowBytes<'_>, fields: Result<&RowFields<'_>, &RowFault>) -> bool {
        let Some(rows) = &self.source.ignored else { return false };
        let record_id = fields.map_or("", |fields| fields.get(Field::RecordId));
        let mut deciding = rows.of_row(self.of_source as u32, at.line, record_id).peekable();
        if deciding.peek().is_none() {
            return false;
        }
        let (accepted, mut found) = match fields {
            Ok(fields) => match self.checker.check::<R>(*fields) {
                None if fields.repeats_header(self.source.document.layout()) => (false, vec![(Code::RowHeader, None)]),
                checked => (checked.is_some(), self.checker.found().to_vec()),
            },
            Err(fault) => (false, row_faults(*fault)),
        };
        found.push((Code::OverrideIgnored, None));
        self.ignored.extend(deciding.map(|entry| (entry, accepted)));
        let owner = fields.map_or(R::NOBODY, |fields| R::named(*fields, self.checker.context()));
        self.quarantine.pass_on(at.line, &quarantined(row_id, at, (record_id, owner), &found), self.sink);
        true
    }
}

/// A record that can be made from a checked row.
pub trait CheckedRow: Record {
    /// Checks one row; the record when nothing found is an error.
    #[doc(hidden)]
    fn check(row: &mut RowChecking<'_, '_, '_>) -> Option<Self>;
    /// Gives the record to a sink.
    #[doc(hidden)]
    fn pass_on(&self, texts: [&[u8]; 3], sink: &mut impl RowSink);
    /// The owner of a row of the table that names none.
    #[doc(hidden)]
    const NOBODY: RowOwner;
    /// The insurer or clinic of the record, as an index of its reference table.
    #[doc(hidden)]
    fn organisation(&self) -> OrganisationId;
    /// Whose a row is that made no record.
    #[doc(hidden)]
    fn named(fields: RowFields<'_>, context: CheckContext<'_>) -> RowOwner;
}

/// Fields that the checks of an accepted row may leave unread: a bit for each.
const UNASKED: u64 = {
    const FIELDS: [Field; 10] = [
        Field::DocIssuedOn,
        Field::DocExpiresOn,
        Field::RepresentativeEnp,
        Field::BirthRegisteredOn,
        Field::ChangedOn,
        Field::ServiceFrom,
        Field::ServiceTo,
        Field::Address,
        Field::Reliability,
        Field::Settlement,
    ];
    let (mut unasked, mut index) = (0, 0);
    while index < FIELDS.len() {
        unasked |= 1 << FIELDS[index] as u32;
        index += 1;
    }
    unasked
};

/// A row under check; opaque outside this stage.
pub struct RowChecking<'k, 'c, 'r>(pub(super) RowCheck<'k, 'c, 'r>);

impl CheckedRow for RegisterRecord {
    #[inline]
    fn check(row: &mut RowChecking<'_, '_, '_>) -> Option<Self> {
        super::register::check(&mut row.0)
    }

    #[inline]
    fn pass_on(&self, texts: [&[u8]; 3], sink: &mut impl RowSink) {
        sink.register(self, texts);
    }

    const NOBODY: RowOwner = RowOwner { table: Table::Register, organisation: None };

    #[inline]
    fn organisation(&self) -> OrganisationId {
        self.insurer.into()
    }

    fn named(fields: RowFields<'_>, context: CheckContext<'_>) -> RowOwner {
        RowOwner { organisation: context.insurers.find(fields.bytes(Field::Insurer)).map(OrganisationId::from), ..Self::NOBODY }
    }
}

impl CheckedRow for AttachmentRecord {
    #[inline]
    fn check(row: &mut RowChecking<'_, '_, '_>) -> Option<Self> {
        super::attachment::check(&mut row.0)
    }

    #[inline]
    fn pass_on(&self, texts: [&[u8]; 3], sink: &mut impl RowSink) {
        sink.attachment(self, texts);
    }

    const NOBODY: RowOwner = RowOwner { table: Table::Attachments, organisation: None };

    #[inline]
    fn organisation(&self) -> OrganisationId {
        self.clinic.into()
    }

    fn named(fields: RowFields<'_>, context: CheckContext<'_>) -> RowOwner {
        RowOwner { organisation: context.clinics.find(fields.bytes(Field::Clinic)).map(OrganisationId::from), ..Self::NOBODY }
    }
}

fn row_faults(fault: RowFault) -> Vec<(Code, Option<Field>)> {
    [
        (fault.encoding, Code::RowEncoding),
        (fault.quote, Code::RowQuote),
        (fault.fields.is_some(), Code::RowShape),
        (fault.flaw.is_some(), Code::RecordBroken),
    ]
    .into_iter()
    .filter_map(|(holds, code)| holds.then_some((code, None)))
    .collect()
}

#[cold]
fn quarantined(
    row_id: RowId,
    at: RowBytes<'_>,
    (record_id, owner): (&str, RowOwner),
    found: &[(Code, Option<Field>)],
) -> QuarantinedRow {
    let raw = &at.raw[..at.raw.len().min(KEPT_ROW_BYTES)];
    QuarantinedRow {
        row_id,
        offset: at.offset,
        raw: raw.into(),
        length: at.length(),
        record_id: record_id.into(),
        owner,
        findings: found.into(),
    }
}
