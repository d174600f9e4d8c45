//! Reading sources: chunks in parallel, each row checked and handed on with its place.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::context::{CheckContext, RowCheck, RowChecker};
use super::records::{AttachmentRecord, QuarantinedRow, Record, RegisterRecord, RowFinding};
use crate::identifier::Date;
use crate::intake::{
    ChunkReader, Chunks, Field, Header, Layout, Lexicon, PieceHash, Place, RowBytes, RowFault, SourceFile, Table, hash_piece,
};
use crate::rules::Code;

/// A source that is ready to be read.
pub struct ReadSource<'s> {
    /// The source, as an index of the job's sources.
    pub source: usize,
    /// Which table its rows are of.
    pub table: Table,
    /// Its mapped file.
    pub file: &'s SourceFile,
    /// Its layout.
    pub layout: &'s Layout,
    /// Its header.
    pub header: Header,
    /// How it is cut.
    pub chunks: Chunks,
}

/// What is to be read, in which order rows count.
pub struct ReadPlan<'s> {
    sources: Vec<ReadSource<'s>>,
    /// The source (as an index of the plan's) and the number within it of each chunk.
    chunks: Vec<(u32, u32)>,
    /// Whether pieces are hashed on the way.
    hash: bool,
}

/// Takes the accepted rows of one worker, in the order of their places.
pub trait RowSink: Send {
    /// A row of the register, with its record id, policy number and document number as received.
    fn register(&mut self, record: &RegisterRecord, texts: [&[u8]; 3]);
    /// A row of the attachments, likewise.
    fn attachment(&mut self, record: &AttachmentRecord, texts: [&[u8]; 3]);
    /// A finding of the row that comes next; its birth date tells where the row belongs.
    fn finding(&mut self, birth_date: Date, finding: RowFinding);
    /// A chunk is done. Says whether it is of any use to go on.
    fn after_chunk(&mut self) -> bool {
        true
    }
}

/// So many chunks ahead of the one that is read, the disk is told of a chunk.
const READ_AHEAD: usize = 4;

/// What a worker read.
pub struct WorkerRows<S> {
    /// The accepted rows.
    pub sink: S,
    /// The chunks that the worker read.
    pub chunks: Vec<ReadChunk>,
    /// The rows that were not accepted.
    pub quarantine: Vec<QuarantinedRow>,
}

/// The account of one chunk.
#[derive(Clone, Copy, Debug)]
pub struct ReadChunk {
    /// Which chunk of the plan.
    pub chunk: u32,
    /// Physical lines.
    pub lines: u32,
    /// Rows: lines, or records of several lines, that are not blank.
    pub rows: u64,
    /// Rows that were accepted, duplicates among them.
    pub accepted: u64,
    /// The hash of the chunk's piece of the source, if it was to be hashed.
    pub piece: Option<PieceHash>,
}

impl<'s> ReadPlan<'s> {
    /// Plans the reading of sources, in the order of their positions; `hash` says whether their pieces are hashed on the way.
    #[must_use]
    pub fn new(sources: Vec<ReadSource<'s>>, hash: bool) -> Self {
        let of_source =
            |(index, source): (usize, &ReadSource<'_>)| (0..source.chunks.count() as u32).map(move |chunk| (index as u32, chunk));
        let chunks = sources.iter().enumerate().flat_map(of_source).collect();
        Self { sources, chunks, hash }
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
    lexicon: &Lexicon,
    sink: &(dyn Fn() -> S + Sync),
    advance: &(dyn Fn(u64) + Sync),
    go_on: &(dyn Fn() -> bool + Sync),
) -> Vec<WorkerRows<S>> {
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    // Each worker takes chunks in ascending order, so that what it hands on is in the order of places.
    rayon::broadcast(|_| {
        let mut worker = Worker {
            plan,
            checker: RowChecker::new(*context, lexicon),
            rows: WorkerRows { sink: sink(), chunks: Vec::new(), quarantine: Vec::new() },
        };
        while go_on() && !stopped.load(Ordering::Relaxed) {
            let chunk = next.fetch_add(1, Ordering::Relaxed);
            if chunk >= plan.chunks.len() {
                break;
            }
            advance(worker.chunk(chunk as u32));
            if !worker.rows.sink.after_chunk() {
                stopped.store(true, Ordering::Relaxed);
            }
        }
        worker.rows
    })
}

struct Worker<'p, 's, S> {
    plan: &'p ReadPlan<'s>,
    checker: RowChecker<'p>,
    rows: WorkerRows<S>,
}

impl<S: RowSink> Worker<'_, '_, S> {
    /// Reads a chunk; returns how many bytes it has.
    fn chunk(&mut self, chunk: u32) -> u64 {
        let of_source = self.plan.chunks[chunk as usize].1 as usize;
        let source = self.plan.source_of(chunk);
        let bytes = source.file.bytes();
        let part = source.chunks.even_part(of_source);
        if let Some(part) = &part {
            let ahead = part.end + READ_AHEAD * part.len();
            source.file.expect(ahead, ahead + part.len());
            source.file.populate(part.start, part.end);
        }
        let piece = part.filter(|_| self.plan.hash).map(|part| hash_piece(&bytes[part.clone()], part.start));
        let range = source.chunks.get(bytes, of_source);
        let read = match source.table {
            Table::Register => self.rows_of::<RegisterRecord>(chunk, source, &range),
            Table::Attachments => self.rows_of::<AttachmentRecord>(chunk, source, &range),
        };
        self.rows.chunks.push(ReadChunk { piece, ..read });
        source.file.release(range.from, range.to);
        (range.to - range.from) as u64
    }

    fn rows_of<R: CheckedRow>(&mut self, chunk: u32, source: &ReadSource<'_>, range: &crate::intake::Chunk) -> ReadChunk {
        let (mut rows, mut accepted) = (0, 0);
        let Self { checker, rows: WorkerRows { sink, quarantine, .. }, .. } = self;
        let lines = ChunkReader::new(source.file, source.layout, &source.header).rows(range, |at, fields| {
            rows += 1;
            let place = Place::new(chunk, at.line);
            let fields = match fields {
                Ok(fields) => fields,
                Err(fault) => {
                    quarantine.push(quarantined(place, at, "", &row_faults(fault)));
                    return;
                }
            };
            let checked = checker.check::<R>(source.layout, fields);
            let Some(mut record) = checked else {
                quarantine.push(quarantined(place, at, fields.get(Field::RecordId), checker.found()));
                return;
            };
            accepted += 1;
            record.identity_mut().place = place;
            for &(code, field) in checker.found() {
                sink.finding(record.identity().birth_date, RowFinding { place, code, field });
            }
            record.hand_on([Field::RecordId, Field::PolicyNumber, Field::DocNumber].map(|field| fields.bytes(field)), sink);
        });
        ReadChunk { chunk, lines, rows, accepted, piece: None }
    }
}

/// A record that can be made from a checked row.
pub trait CheckedRow: Record {
    /// Checks one row; the record when nothing found is an error.
    #[doc(hidden)]
    fn check(row: &mut RowChecking<'_, '_, '_>) -> Option<Self>;
    /// Gives the record to a sink.
    #[doc(hidden)]
    fn hand_on(&self, texts: [&[u8]; 3], sink: &mut impl RowSink);
}

/// A row under check; opaque outside this stage.
pub struct RowChecking<'k, 'c, 'r>(pub(super) RowCheck<'k, 'c, 'r>);

impl CheckedRow for RegisterRecord {
    #[inline]
    fn check(row: &mut RowChecking<'_, '_, '_>) -> Option<Self> {
        super::register::check(&mut row.0)
    }

    #[inline]
    fn hand_on(&self, texts: [&[u8]; 3], sink: &mut impl RowSink) {
        sink.register(self, texts);
    }
}

impl CheckedRow for AttachmentRecord {
    #[inline]
    fn check(row: &mut RowChecking<'_, '_, '_>) -> Option<Self> {
        super::attachment::check(&mut row.0)
    }

    #[inline]
    fn hand_on(&self, texts: [&[u8]; 3], sink: &mut impl RowSink) {
        sink.attachment(self, texts);
    }
}

fn row_faults(fault: RowFault) -> Vec<(Code, Option<Field>)> {
    [(fault.encoding, Code::RowEncoding), (fault.quote, Code::RowQuote), (fault.fields.is_some(), Code::RowShape)]
        .into_iter()
        .filter_map(|(holds, code)| holds.then_some((code, None)))
        .collect()
}

#[cold]
fn quarantined(place: Place, at: RowBytes<'_>, record_id: &str, found: &[(Code, Option<Field>)]) -> QuarantinedRow {
    QuarantinedRow { place, offset: at.offset, raw: at.raw.into(), record_id: record_id.into(), findings: found.into() }
}
