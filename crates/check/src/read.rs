//! Reading sources: chunks in parallel, each row checked and passed on with its row id.
//!
//! The use of rows by a sink is not known here.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::checked_row::CheckedRow;
use super::checker::RowChecker;
use super::completeness::{FilledFieldCounts, FilledFieldTally};
use super::context::CheckContext;
use super::odd_documents::OddDocuments;
use super::plan::{PlannedChunk, ReadChunk, ReadPlan, ReadSource};
use super::row_visitor::{CheckingVisitor, QuarantineTally, RowSender, quarantined};
use super::source_findings::SourceFinding;
use sverka_formats::hash_piece;
use sverka_intake::{DocumentBreak, RowBytes};
use sverka_model::{
    AttachmentRecord, Code, Interner, OrganisationId, RecordPosition, RegisterRecord, RowId, RowOwner, RowSink, Table,
};

/// Distance, in chunks, between the chunk that is read and the one that the system is asked to load.
const READ_AHEAD: usize = 4;

/// Result of one worker.
pub struct WorkerRows<S> {
    /// Sink that took the rows.
    pub sink: S,
    /// Chunks that the worker read.
    pub chunks: Vec<ReadChunk>,
    /// Numbers of quarantined rows.
    pub quarantined: Vec<QuarantinedCount>,
    /// Breaks of documents, by chunk.
    pub broken: Vec<(u32, DocumentBreak)>,
    /// Findings about sources as a whole.
    pub of_sources: Vec<SourceFinding>,
    /// Oddities of documents.
    pub odd: OddDocuments,
    /// Index of the decision and whether the row would have been accepted, for each ignored row and decision.
    pub ignored: Vec<(u32, bool)>,
    /// Filled fields of the accepted rows, by source (an index of the plan) and insurer or clinic.
    pub filled: Vec<(u32, OrganisationId, FilledFieldCounts)>,
}

/// Number of quarantined rows of one source and owner.
#[derive(Clone, Copy, Debug)]
pub struct QuarantinedCount {
    /// Index of the source in the plan.
    pub source: u32,
    /// Insurer or clinic that the rows name, if any.
    pub owner: RowOwner,
    /// Number of rows.
    pub rows: u64,
}

/// Reads and checks all rows of a plan on all threads. `sink` makes the sink of one worker. `advance` is called with the bytes of each finished part.
/// Once `go_on` returns false, the rest stays unread and the result must not be used.
pub fn read_rows<S: RowSink>(
    plan: &ReadPlan<'_>,
    context: &CheckContext<'_>,
    interner: &Interner,
    sink: &(dyn Fn() -> S + Sync),
    advance: &(dyn Fn(u64) + Sync),
    go_on: &(dyn Fn() -> bool + Sync),
) -> Vec<WorkerRows<S>> {
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    // Each worker takes chunks in ascending order, so it passes rows on in the order of their row ids.
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
            if chunk >= plan.chunks() {
                break;
            }
            worker.read_chunk(chunk as u32);
            if !worker.rows.sink.after_chunk() {
                stopped.store(true, Ordering::Relaxed);
            }
        }
        let quarantined = worker.quarantined.into_iter().map(|((source, owner), rows)| QuarantinedCount { source, owner, rows });
        WorkerRows { filled: worker.tally.finish(), quarantined: quarantined.collect(), ..worker.rows }
    })
}

/// Worker of one thread.
struct Worker<'p, 's, S> {
    plan: &'p ReadPlan<'s>,
    checker: RowChecker<'p>,
    rows: WorkerRows<S>,
    tally: FilledFieldTally,
    /// Numbers of quarantined rows, by source (an index of the plan) and owner.
    quarantined: BTreeMap<(u32, RowOwner), u64>,
    advance: &'p (dyn Fn(u64) + Sync),
    go_on: &'p dyn Fn() -> bool,
}

impl<S: RowSink> Worker<'_, '_, S> {
    /// Reads a chunk of the plan.
    fn read_chunk(&mut self, chunk: u32) {
        let PlannedChunk { source: source_index, chunk_of_source } = self.plan.chunk(chunk);
        let chunk_of_source = chunk_of_source as usize;
        self.tally.begin(source_index);
        let source = self.plan.source_of(chunk);
        self.checker.set_severities(source.severities);
        let document = source.document.document();
        let part = source.chunks.even_part(chunk_of_source);
        if let Some(part) = &part {
            let ahead = part.end + READ_AHEAD * part.len();
            document.file().expect(ahead, ahead + part.len());
            document.file().populate(part.start, part.end);
        }
        let bytes = source.chunks.bytes(chunk_of_source);
        let hashed = part.filter(|_| source.hash).zip(document.plain_bytes());
        let piece = hashed.map(|(part, bytes)| hash_piece(&bytes[part.clone()], part.start));
        let (read, reported_bytes) = match source.table {
            Table::Register => self.read_rows_of_chunk::<RegisterRecord>(chunk, source),
            Table::Attachments => self.read_rows_of_chunk::<AttachmentRecord>(chunk, source),
        };
        self.rows.chunks.push(ReadChunk { piece, ..read });
        (self.advance)(bytes.saturating_sub(reported_bytes));
    }

    /// Reads the rows of a chunk. Returns its counts, and the bytes that were reported to `advance` already.
    fn read_rows_of_chunk<R: CheckedRow>(&mut self, chunk: u32, source: &ReadSource<'_>) -> (ReadChunk, u64) {
        let Self {
            checker,
            rows: WorkerRows { sink, broken, odd, ignored, .. },
            tally,
            quarantined: counts,
            advance,
            go_on,
            plan,
        } = self;
        let PlannedChunk { source: source_index, chunk_of_source } = plan.chunk(chunk);
        let chunk_of_source = chunk_of_source as usize;
        let quarantine = QuarantineTally { source: source_index, counts };
        let mut visitor = CheckingVisitor {
            chunk,
            source_index,
            chunk_of_source,
            source,
            checker,
            sink,
            quarantine,
            odd,
            ignored,
            tally,
            advance,
            go_on,
            rows: 0,
            accepted: 0,
            reported_bytes: 0,
            table: PhantomData::<R>,
        };
        let end = source.document.read(&source.bindings, &source.chunks, chunk_of_source, &mut visitor);
        let CheckingVisitor { mut rows, accepted, reported_bytes, sink, mut quarantine, odd, .. } = visitor;
        let mut lines = end.lines;
        odd.facts.extend(end.fact.filter(|_| source.bindings.tells_faults()).map(|fact| (chunk, fact)));
        if let Some(at) = end.broken {
            // The unread rest of a broken document is one quarantined row, so that no row is lost silently.
            if source.bindings.tells_faults() {
                let row = RowBytes { line: lines, part: 0, offset: at.offset, raw: &[], bytes_beyond: 0 };
                let row_id = RowId::of_record(RecordPosition { chunk, line: row.line, part: 0, parts: source.bindings.parts() });
                let found = [(Code::DocumentBroken, None)];
                quarantine.pass_on(row.line, &quarantined(row_id, row, RowSender::unknown::<R>(), &found), sink);
                broken.push((chunk, at));
                rows += 1;
            }
            lines += 1;
        }
        (ReadChunk { chunk, lines, rows, accepted, piece: None }, reported_bytes)
    }
}
