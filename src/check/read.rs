//! Reading the sources of one table: chunks in parallel, each into its own rows of the table.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::context::{CheckContext, RowCheck, RowChecker};
use super::records::{AttachmentRecord, QuarantinedRow, Record, RegisterRecord, RowFinding, RowState, SourceRows, Table};
use crate::intake::{
    Chunk, ChunkReader, ChunkTexts, Field, Header, Layout, Lexicon, RowBytes, RowFault, SourceFile, Texts, TextsBuilder,
    plan_chunks,
};
use crate::rules::Code;

/// A source that is ready to be read.
pub struct ReadSource<'s> {
    /// The source, as an index of the job's sources.
    pub source: usize,
    /// Its surveyed file.
    pub file: &'s SourceFile,
    /// Its layout.
    pub layout: &'s Layout,
    /// Its header.
    pub header: Header,
}

/// How a table is to be read.
pub struct ReadPlan<'s> {
    /// The sources of the table, in the order of their names.
    pub sources: Vec<ReadSource<'s>>,
    /// About how many bytes one task reads.
    pub chunk_bytes: usize,
}

/// A record that can be made from a checked row.
pub trait CheckedRow: Record {
    /// Checks one row; the record and its fingerprint when nothing found is an error.
    #[doc(hidden)]
    fn check(row: &mut RowChecking<'_, '_, '_>) -> Option<(Self, u64)>;
}

/// A row under check; opaque outside this stage.
pub struct RowChecking<'k, 'c, 'r>(pub(super) RowCheck<'k, 'c, 'r>);

impl CheckedRow for RegisterRecord {
    fn check(row: &mut RowChecking<'_, '_, '_>) -> Option<(Self, u64)> {
        super::register::check(&mut row.0)
    }
}

impl CheckedRow for AttachmentRecord {
    fn check(row: &mut RowChecking<'_, '_, '_>) -> Option<(Self, u64)> {
        super::attachment::check(&mut row.0)
    }
}

/// What the rows of one chunk gave besides the records.
struct ChunkOutcome {
    source: usize,
    rows: u64,
    texts: ChunkTexts,
    findings: Vec<RowFinding>,
    quarantine: Vec<QuarantinedRow>,
}

/// One chunk with its part of the table.
struct ChunkTask<'t, R> {
    source: usize,
    chunk: Chunk,
    first_row: u32,
    records: &'t mut [R],
    fingerprints: &'t mut [u64],
}

/// Reads and checks all rows of a table. `advance` is told of each part of the bytes that is done; once `go_on` says no, the rest stays unread and
/// the table is of no use.
pub fn read_table<R: CheckedRow>(
    plan: &ReadPlan<'_>,
    context: &CheckContext<'_>,
    lexicon: &Lexicon,
    advance: &(dyn Fn(u64) + Sync),
    go_on: &(dyn Fn() -> bool + Sync),
) -> Table<R> {
    let mut first_rows = Vec::with_capacity(plan.sources.len());
    let mut total = 0_u32;
    for source in &plan.sources {
        first_rows.push(total);
        total += source.file.lines();
    }
    let mut records: Vec<R> = bytemuck::allocation::zeroed_vec(total as usize);
    let mut fingerprints: Vec<u64> = bytemuck::allocation::zeroed_vec(total as usize);
    let tasks = tasks(plan, &first_rows, &mut records, &mut fingerprints);
    // A task takes a checker that knows the words of earlier chunks.
    let idle: Mutex<Vec<RowChecker<'_>>> = Mutex::default();
    let outcomes: Vec<ChunkOutcome> = tasks
        .into_par_iter()
        .with_max_len(1)
        .filter(|_| go_on())
        .map(|task| {
            let bytes = (task.chunk.to - task.chunk.from) as u64;
            let taken = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut checker = taken.unwrap_or_else(|| RowChecker::new(*context, lexicon));
            let outcome = read_chunk(task, plan, &mut checker);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(checker);
            advance(bytes);
            outcome
        })
        .collect();
    assemble(plan, &first_rows, records, fingerprints, outcomes)
}

fn tasks<'t, R>(
    plan: &ReadPlan<'_>,
    first_rows: &[u32],
    mut records: &'t mut [R],
    mut fingerprints: &'t mut [u64],
) -> Vec<ChunkTask<'t, R>> {
    let mut tasks = Vec::new();
    let mut row = 0_u32;
    for (index, source) in plan.sources.iter().enumerate() {
        for chunk in plan_chunks(source.file, source.layout, source.header.data_from, plan.chunk_bytes) {
            let first_row = first_rows[index] + chunk.first_line - 1;
            let skipped = (first_row - row) as usize;
            let lines = chunk.lines as usize;
            row = first_row + chunk.lines;
            tasks.push(ChunkTask {
                source: index,
                chunk,
                first_row,
                records: take_part(&mut records, skipped, lines),
                fingerprints: take_part(&mut fingerprints, skipped, lines),
            });
        }
    }
    tasks
}

/// Takes `length` elements after the first `skipped` out of what is left.
fn take_part<'t, T>(left: &mut &'t mut [T], skipped: usize, length: usize) -> &'t mut [T] {
    let (part, rest) = std::mem::take(left)[skipped..].split_at_mut(length);
    *left = rest;
    part
}

fn read_chunk<R: CheckedRow>(task: ChunkTask<'_, R>, plan: &ReadPlan<'_>, checker: &mut RowChecker<'_>) -> ChunkOutcome {
    let source = &plan.sources[task.source];
    let mut texts = TextsBuilder::with_slots(task.records.len());
    let (mut findings, mut quarantine, mut rows) = (Vec::new(), Vec::new(), 0_u64);
    ChunkReader::new(source.file, source.layout, &source.header).rows(&task.chunk, |place, fields| {
        rows += 1;
        let slot = (place.line - task.chunk.first_line) as usize;
        let row = task.first_row + slot as u32;
        let fields = match fields {
            Ok(fields) => fields,
            Err(fault) => {
                findings.extend(row_faults(fault).map(|code| RowFinding { row, code, field: None }));
                task.records[slot].identity_mut().state = RowState::QUARANTINED;
                quarantine.push(quarantined(row, place, ""));
                return;
            }
        };
        let checked = checker.check::<R>(source.layout, fields);
        findings.extend(checker.found().iter().map(|&(code, field)| RowFinding { row, code, field }));
        let record_id = fields.get(Field::RecordId);
        if let Some((record, fingerprint)) = checked {
            task.records[slot] = record;
            task.fingerprints[slot] = fingerprint;
            texts.push(slot, [record_id, fields.get(Field::PolicyNumber), fields.get(Field::DocNumber)]);
        } else {
            task.records[slot].identity_mut().state = RowState::QUARANTINED;
            quarantine.push(quarantined(row, place, record_id));
        }
    });
    source.file.release(task.chunk.from, task.chunk.to);
    ChunkOutcome { source: task.source, rows, texts: texts.finish(task.first_row, task.records.len()), findings, quarantine }
}

fn row_faults(fault: RowFault) -> impl Iterator<Item = Code> {
    [(fault.encoding, Code::RowEncoding), (fault.quote, Code::RowQuote), (fault.fields.is_some(), Code::RowShape)]
        .into_iter()
        .filter_map(|(holds, code)| holds.then_some(code))
}

fn quarantined(row: u32, place: RowBytes<'_>, record_id: &str) -> QuarantinedRow {
    QuarantinedRow { row, offset: place.offset, raw: place.raw.into(), record_id: record_id.into() }
}

fn assemble<R>(
    plan: &ReadPlan<'_>,
    first_rows: &[u32],
    records: Vec<R>,
    fingerprints: Vec<u64>,
    outcomes: Vec<ChunkOutcome>,
) -> Table<R> {
    let mut sources: Vec<SourceRows> = plan
        .sources
        .iter()
        .zip(first_rows)
        .map(|(source, &first_row)| SourceRows { source: source.source, first_row, rows: 0 })
        .collect();
    let (mut findings, mut quarantine, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    for outcome in outcomes {
        sources[outcome.source].rows += outcome.rows;
        findings.extend(outcome.findings);
        quarantine.extend(outcome.quarantine);
        texts.push(outcome.texts);
    }
    Table { records, texts: Texts::new(texts), sources, findings, quarantine, fingerprints }
}
