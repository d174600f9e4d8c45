//! The row checks alone, over one source after another: what `sverka check` tells.
//!
//! Findings are counted and not kept, so that memory does not grow with them, unless somebody wants all of them. Nothing here knows duplicates or
//! persons.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::RunError;
use super::odd_documents::told_flaws;
use super::options::RunOptions;
use super::progress::{Progress, Unit};
use super::sources::{SourceFiles, planned_sources, tell_notes};
use crate::job::Source;
use sverka_check::{CheckContext, OddDocuments, ReadChunk, ReadPlan, SourceRows, WorkerRows, read_rows};
use sverka_formats::SourceEncoding;
use sverka_intake::DocumentBreak;
use sverka_model::{
    AttachmentRecord, Code, Date, DateFormat, Field, Interner, QuarantinedRow, RegisterRecord, RowFinding, RowId, RowShape,
    RowSink, RowValues, Severity,
};
use sverka_settings::Severities;

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
    /// Findings of rows by code, field and shape, in the order of codes.
    pub found: Vec<(FindingKind, FoundRows)>,
    /// Every finding of a row, in the order of rows; nothing unless they were asked for.
    pub findings: Vec<RowOfFinding>,
    /// Sentences about what is odd about the source as a whole.
    pub facts: Vec<String>,
}

/// What findings that are counted together have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FindingKind {
    /// The code.
    pub code: Code,
    /// The field, of findings about one.
    pub field: Option<Field>,
    /// The numbers of fields, of rows that have not as many as their layout.
    pub shape: Option<RowShape>,
}

/// The findings of one kind in a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundRows {
    /// How many there are.
    pub count: u64,
    /// Physical lines of the first ones, at most [`FoundRows::LINES_KEPT`], ascending.
    pub lines: Vec<u64>,
}

impl FoundRows {
    /// Findings of a kind whose lines are kept.
    pub const LINES_KEPT: usize = 5;
}

/// One finding with its row. The value may be personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOfFinding {
    /// Physical line, from 1; of documents without lines the number of the record.
    pub line: u64,
    /// What was found.
    pub kind: FindingKind,
    /// Values of the row; none of a row that cannot be split.
    pub values: FoundValues,
}

/// Values of a row in which something was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundValues {
    /// The sender's identifier of the record; empty when it gives none.
    pub record_id: Box<str>,
    /// The value of the field; none of findings about no field.
    pub value: Option<Box<str>>,
    /// The format of the field's dates; none of findings about no field.
    pub dates: Option<DateFormat>,
    /// What is not empty of the fields that the rule looks at.
    looked_at: Vec<(Field, Box<str>, DateFormat)>,
}

impl FoundValues {
    fn of(values: &dyn RowValues, code: Code, field: Option<Field>) -> Self {
        let looked_at = |&field: &Field| (field, values.text(field).into(), values.date_format(field));
        // Rules about every field by itself look at no other one.
        let others = if matches!(code, Code::FieldRequired | Code::DateInvalid) { &[] } else { code.fields() };
        Self {
            record_id: values.text(Field::RecordId).into(),
            value: field.map(|field| values.text(field).into()),
            dates: field.map(|field| values.date_format(field)),
            looked_at: others.iter().filter(|&&field| !values.text(field).is_empty()).map(looked_at).collect(),
        }
    }

    /// The value of a field that the rule looks at; empty when the row gives none.
    #[must_use]
    pub fn text(&self, field: Field) -> &str {
        self.looked_at.iter().find(|(of, ..)| *of == field).map_or("", |(_, text, _)| text)
    }

    /// The day in a field that the rule looks at, if there is one.
    #[must_use]
    pub fn date(&self, field: Field) -> Option<Date> {
        let (_, text, format) = self.looked_at.iter().find(|(of, ..)| *of == field)?;
        Date::parse(text.as_bytes(), *format)
    }
}

/// Takes the findings of rows: counts them, keeps the row ids of a few, and all of them for whoever asked.
struct FindingSink<'s> {
    counts: BTreeMap<FindingKind, PlacedCount>,
    /// Different shapes in `counts`.
    shapes: usize,
    kept: Option<Vec<KeptFinding>>,
    /// Values of the row for each of its findings, which come next.
    values: VecDeque<FoundValues>,
    /// The shape of the row that comes next.
    shape: Option<RowShape>,
    /// Rows with an error.
    faulty: u64,
    severities: &'s Severities,
    /// Chunks from this one on are read for another table of the source: their lines begin anew.
    second_table_from: u32,
}

/// A finding that is kept, before lines are known.
struct KeptFinding {
    row_id: RowId,
    kind: FindingKind,
    values: FoundValues,
}

/// How often a kind was found, and the first row ids for each table of the source.
#[derive(Clone, Default)]
struct PlacedCount {
    count: u64,
    first: [Vec<RowId>; 2],
}

impl<'s> FindingSink<'s> {
    /// Different numbers of fields that are counted by themselves.
    const SHAPES_MOST: usize = 8;

    fn new(second_table_from: u32, severities: &'s Severities, keep: Keep) -> Self {
        Self {
            counts: BTreeMap::new(),
            shapes: 0,
            kept: (keep == Keep::AllFindings).then(Vec::new),
            values: VecDeque::new(),
            shape: None,
            faulty: 0,
            severities,
            second_table_from,
        }
    }

    fn take(&mut self, code: Code, field: Option<Field>, row_id: RowId) {
        let shape = self.shape.filter(|_| code == Code::RowShape);
        let kind = FindingKind { code, field, shape };
        if let Some(kept) = &mut self.kept {
            kept.push(KeptFinding { row_id, kind, values: self.values.pop_front().unwrap_or_default() });
        }
        self.count(kind, row_id);
    }

    fn count(&mut self, mut kind: FindingKind, row_id: RowId) {
        if kind.shape.is_some() && !self.counts.contains_key(&kind) {
            if self.shapes == Self::SHAPES_MOST {
                kind.shape = None;
            } else {
                self.shapes += 1;
            }
        }
        let of_kind = self.counts.entry(kind).or_default();
        of_kind.count += 1;
        let first = &mut of_kind.first[usize::from(row_id.chunk() >= self.second_table_from)];
        // Row ids come in ascending order.
        if first.len() < FoundRows::LINES_KEPT {
            first.push(row_id);
        }
    }

    /// Row ids that are kept for the lines of counts.
    #[cfg(test)]
    fn places_kept(&self) -> usize {
        self.counts.values().flat_map(|of_kind| &of_kind.first).map(Vec::len).sum()
    }
}

impl RowSink for FindingSink<'_> {
    fn register(&mut self, _record: &RegisterRecord, _texts: [&[u8]; 3]) {}

    fn attachment(&mut self, _record: &AttachmentRecord, _texts: [&[u8]; 3]) {}

    fn found_in(&mut self, values: &dyn RowValues, found: &[(Code, Option<Field>)]) {
        if self.kept.is_some() {
            self.values = found.iter().map(|&(code, field)| FoundValues::of(values, code, field)).collect();
        }
    }

    fn misshapen(&mut self, shape: RowShape) {
        self.shape = Some(shape);
    }

    fn quarantined(&mut self, _line: u32, row: &QuarantinedRow) {
        row.findings.iter().for_each(|&(code, field)| self.take(code, field, row.row_id));
        self.shape = None;
        // A row of an insurer or clinic whose table is not there makes no record, and has no error for that.
        let is_faulty = row.findings.iter().any(|&(code, _)| self.severities.of(code) == Severity::Error);
        self.faulty += u64::from(is_faulty);
    }

    fn finding(&mut self, _birth_date: Date, finding: RowFinding) {
        self.take(finding.code, finding.field, finding.row_id);
    }
}

/// Whether findings are kept one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Counts alone: memory does not grow with findings.
    Counts,
    /// Counts and all findings.
    AllFindings,
}

/// Runs the row checks over each source by itself, without duplicates and persons.
///
/// # Errors
/// When a source cannot be read or its header is not its layout's.
pub fn check_sources(
    sources: &[Source],
    context: &CheckContext<'_>,
    keep: Keep,
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
        let plan = ReadPlan::new(planned_sources(std::slice::from_ref(source), document, RunOptions::CHUNK_BYTES, false));
        let second_table_from = plan.sources()[0].chunks.count() as u32;
        let sink = || FindingSink::new(second_table_from, &source.severities, keep);
        let workers = read_rows(&plan, context, &Interner::default(), &sink, &|amount| stage.advance(amount), &go_on);
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
    workers: Vec<WorkerRows<FindingSink<'_>>>,
    source: &Source,
    progress: &dyn Progress,
) -> CheckedSource {
    let mut chunks: Vec<ReadChunk> = workers.iter().flat_map(|worker| worker.chunks.clone()).collect();
    chunks.sort_unstable_by_key(|chunk| chunk.chunk);
    let row_ids = plan.row_ids(&chunks);
    let mut odd = OddDocuments::default();
    for (_, DocumentBreak { offset, cause }) in workers.iter().flat_map(|worker| &worker.broken) {
        progress.note(&format!("{}: breaks off at byte {offset}: {cause}", source.name));
    }
    let line_of = |row_id: RowId| row_ids.source_line(row_id).1;
    let mut found: BTreeMap<FindingKind, FoundRows> = BTreeMap::new();
    let (mut findings, mut faulty) = (Vec::new(), 0);
    for worker in workers {
        for (kind, of_kind) in worker.sink.counts {
            let all = found.entry(kind).or_default();
            all.count += of_kind.count;
            all.lines.extend(of_kind.first.iter().flatten().map(|&row_id| line_of(row_id)));
        }
        findings.extend(worker.sink.kept.into_iter().flatten());
        faulty += worker.sink.faulty;
        odd.merge(worker.odd);
    }
    told_flaws(&odd, plan, &row_ids).for_each(|(_, _, told)| progress.note(&format!("{}: {told}", source.name)));
    for of_kind in found.values_mut() {
        of_kind.lines.sort_unstable();
        of_kind.lines.truncate(FoundRows::LINES_KEPT);
    }
    // Of one row in the order in which they were found.
    findings.sort_by_key(|finding: &KeptFinding| finding.row_id);
    let with_line = |KeptFinding { row_id, kind, values }| RowOfFinding { line: line_of(row_id), kind, values };
    CheckedSource {
        encoding: plan.sources()[0].document.encoding(),
        rows: chunks.iter().map(|chunk| chunk.rows).sum(),
        quarantined: faulty,
        of_source: None,
        found: found.into_iter().collect(),
        findings: findings.into_iter().map(with_line).collect(),
        facts: odd.facts.iter().map(|(_, fact)| fact.to_string()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(code: Code) -> FindingKind {
        FindingKind { code, field: None, shape: None }
    }

    #[test]
    fn a_flood_of_findings_is_counted_and_not_kept() {
        let mut sink = FindingSink::new(3, &Severities::DEFAULT, Keep::Counts);
        for chunk in 0..6 {
            for line in 0..100_000 {
                sink.take(Code::RowShape, None, RowId::new(chunk, line));
                sink.take(Code::SexInvalid, None, RowId::new(chunk, line));
            }
        }
        assert_eq!(sink.counts[&kind(Code::RowShape)].count, 600_000);
        assert_eq!(sink.places_kept(), 2 * 2 * FoundRows::LINES_KEPT);
        let first = &sink.counts[&kind(Code::SexInvalid)].first;
        assert_eq!(first[1], [0, 1, 2, 3, 4].map(|line| RowId::new(3, line)));
        assert!(sink.kept.is_none());
    }

    #[test]
    fn a_flood_of_shapes_is_counted_with_those_before_it() {
        let mut sink = FindingSink::new(1, &Severities::DEFAULT, Keep::Counts);
        for found in 0..1000 {
            sink.shape = Some(RowShape { expected: 24, found });
            sink.take(Code::RowShape, None, RowId::new(0, found));
        }
        assert_eq!(sink.counts.len(), FindingSink::SHAPES_MOST + 1);
        assert_eq!(sink.counts[&kind(Code::RowShape)].count, 1000 - FindingSink::SHAPES_MOST as u64);
    }
}
