//! The row checks alone, over one source after another: what `sverka check` tells.
//!
//! Findings are counted and not kept, so that memory does not grow with them. Nothing here knows duplicates or persons.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::RunError;
use super::odd_documents::note_flaws;
use super::progress::{Progress, Unit};
use super::sources::{SourceFiles, planned_sources, tell_notes};
use crate::check::{
    AttachmentRecord, CheckContext, OddDocuments, QuarantinedRow, ReadChunk, ReadPlan, RegisterRecord, RowFinding, RowSink,
    SourceRows, WorkerRows, read_rows,
};
use crate::identifier::Date;
use crate::intake::{Break, Lexicon, Place, SourceEncoding};
use crate::job::Source;
use crate::rules::{Code, RULES};

/// One source after its row checks alone.
pub struct CheckedSource {
    /// How the source's characters are written.
    pub encoding: SourceEncoding,
    /// Rows that are not blank lines.
    pub rows: u64,
    /// Rows with an error.
    pub quarantined: u64,
    /// What was found about the source as a whole.
    pub of_source: Option<Code>,
    /// Findings of rows by code.
    pub found: BTreeMap<Code, FoundCode>,
    /// Sentences about what is odd about the source as a whole.
    pub facts: Vec<String>,
}

/// The findings of one code in a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundCode {
    /// How many there are.
    pub count: u64,
    /// Physical lines of the first ones, at most [`FoundCode::LINES_KEPT`], ascending.
    pub lines: Vec<u64>,
}

impl FoundCode {
    /// Findings of a code whose lines are kept.
    pub const LINES_KEPT: usize = 5;
}

/// Counts the findings of rows, and keeps the places of a few.
struct FindingCounts {
    /// By code.
    counts: Vec<PlacedCount>,
    /// Chunks from this one on are read for another table of the source: their lines begin anew.
    second_table_from: u32,
}

/// How often a code was found, and the first places for each table of the source.
#[derive(Clone, Default)]
struct PlacedCount {
    count: u64,
    first: [Vec<Place>; 2],
}

impl FindingCounts {
    fn new(second_table_from: u32) -> Self {
        Self { counts: vec![PlacedCount::default(); RULES.len()], second_table_from }
    }

    fn count(&mut self, code: Code, place: Place) {
        let of_code = &mut self.counts[code as usize];
        of_code.count += 1;
        let first = &mut of_code.first[usize::from(place.chunk() >= self.second_table_from)];
        // Places come in ascending order.
        if first.len() < FoundCode::LINES_KEPT {
            first.push(place);
        }
    }

    /// Places that are kept.
    #[cfg(test)]
    fn kept(&self) -> usize {
        self.counts.iter().flat_map(|of_code| &of_code.first).map(Vec::len).sum()
    }
}

impl RowSink for FindingCounts {
    fn register(&mut self, _record: &RegisterRecord, _texts: [&[u8]; 3]) {}

    fn attachment(&mut self, _record: &AttachmentRecord, _texts: [&[u8]; 3]) {}

    fn quarantined(&mut self, _line: u32, row: &QuarantinedRow) {
        row.findings.iter().for_each(|&(code, _)| self.count(code, row.place));
    }

    fn finding(&mut self, _birth_date: Date, finding: RowFinding) {
        self.count(finding.code, finding.place);
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
    let files = SourceFiles::of(sources);
    let documents = files.documents(sources)?;
    tell_notes(sources, &documents, progress, |_| true);
    let stage = progress.stage("check rows", files.total_bytes(), Unit::Bytes);
    let go_on = || !interrupted.load(Ordering::Relaxed) && !files.have_failed();
    let mut checked = Vec::with_capacity(sources.len());
    for (source, document) in sources.iter().zip(documents.chunks(1)) {
        let plan = ReadPlan::new(planned_sources(std::slice::from_ref(source), document, chunk_bytes, false));
        let second_table_from = plan.sources()[0].chunks.count() as u32;
        let sink = || FindingCounts::new(second_table_from);
        let workers = read_rows(&plan, context, &Lexicon::default(), &sink, &|amount| stage.advance(amount), &go_on);
        if interrupted.load(Ordering::Relaxed) {
            return Err(RunError::Interrupted);
        }
        if files.have_failed() {
            files.check_unchanged()?;
        }
        let checked_source = checked_source(&plan, workers, source, progress);
        let rows = SourceRows { rows: checked_source.rows, quarantined: checked_source.quarantined };
        let of_source = rows.finding(&context.rules.sources).filter(|&code| source.severities.is_on(code));
        checked.push(CheckedSource { of_source, ..checked_source });
    }
    stage.finish();
    files.check_unchanged()?;
    Ok(checked)
}

fn checked_source(
    plan: &ReadPlan<'_>,
    workers: Vec<WorkerRows<FindingCounts>>,
    source: &Source,
    progress: &dyn Progress,
) -> CheckedSource {
    let mut chunks: Vec<ReadChunk> = workers.iter().flat_map(|worker| worker.chunks.clone()).collect();
    chunks.sort_unstable_by_key(|chunk| chunk.chunk);
    let places = plan.places(&chunks);
    let mut odd = OddDocuments::default();
    for (_, Break { offset, cause }) in workers.iter().flat_map(|worker| &worker.broken) {
        progress.note(&format!("{}: breaks off at byte {offset}: {cause}", source.name));
    }
    let mut found: BTreeMap<Code, FoundCode> = BTreeMap::new();
    for (rule, of_code) in workers.iter().flat_map(|worker| RULES.iter().zip(&worker.sink.counts)) {
        if of_code.count > 0 {
            let all = found.entry(rule.code).or_default();
            all.count += of_code.count;
            all.lines.extend(of_code.first.iter().flatten().map(|&place| places.position(place).1));
        }
    }
    workers.into_iter().for_each(|worker| odd.merge(worker.odd));
    note_flaws(&odd, plan, std::slice::from_ref(source), &places, progress);
    for of_code in found.values_mut() {
        of_code.lines.sort_unstable();
        of_code.lines.truncate(FoundCode::LINES_KEPT);
    }
    CheckedSource {
        encoding: plan.sources()[0].document.encoding(),
        rows: chunks.iter().map(|chunk| chunk.rows).sum(),
        quarantined: chunks.iter().map(|chunk| chunk.rows - chunk.accepted).sum(),
        of_source: None,
        found,
        facts: odd.facts.iter().map(|(_, fact)| fact.to_string()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_findings_is_counted_and_not_kept() {
        let mut counts = FindingCounts::new(3);
        for chunk in 0..6 {
            for line in 0..100_000 {
                counts.count(Code::RowShape, Place::new(chunk, line));
                counts.count(Code::SexInvalid, Place::new(chunk, line));
            }
        }
        assert_eq!(counts.counts[Code::RowShape as usize].count, 600_000);
        assert_eq!(counts.kept(), 2 * 2 * FoundCode::LINES_KEPT);
        let first = &counts.counts[Code::SexInvalid as usize].first;
        assert_eq!(first[1], [0, 1, 2, 3, 4].map(|line| Place::new(3, line)));
    }
}
