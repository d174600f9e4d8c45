//! Row checks alone, source by source: the work of `sverka check`.
//!
//! Findings are counted and not kept, so memory does not grow with them, unless the caller wants all of them. Duplicates and persons are not known here.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};

use super::document_notes::flaw_notes;
use super::error::RunError;
use super::options::RunOptions;
use super::progress::{Progress, Unit};
use super::source_files::SourceFiles;
use super::sources::{planned_sources, report_header_notes};
use crate::job::Source;
use sverka_check::{CheckContext, OddDocuments, ReadChunk, ReadPlan, SourceRows, WorkerRows, read_rows};
use sverka_formats::SourceEncoding;
use sverka_intake::DocumentBreak;
use sverka_model::{
    AttachmentRecord, Code, Date, DateFormat, Field, Interner, QuarantinedRow, RegisterRecord, RowFinding, RowId, RowShape,
    RowSink, RowValues, Severity,
};
use sverka_settings::Severities;

/// Result of the row checks of one source.
pub struct CheckedSource {
    /// Encoding of the characters.
    pub encoding: SourceEncoding,
    /// Rows that are not blank lines.
    pub rows: u64,
    /// Rows with an error.
    pub quarantined: u64,
    /// Code of the finding about the source as a whole, if there is one.
    pub source_finding: Option<Code>,
    /// Findings of rows by code, field and shape, in the order of codes.
    pub found: Vec<(FindingKind, FindingCount)>,
    /// Every finding of a row, in the order of rows; empty unless the caller asked for them.
    pub findings: Vec<FindingWithRow>,
    /// Sentences about oddities of the source as a whole.
    pub facts: Vec<String>,
}

/// Kind of finding: findings of one kind are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FindingKind {
    /// Code of the rule.
    pub code: Code,
    /// Field of the finding, if it is about one.
    pub field: Option<Field>,
    /// Expected and actual number of fields, for rows with a wrong number.
    pub shape: Option<RowShape>,
}

/// Number and first lines of the findings of one kind in a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingCount {
    /// Number of findings.
    pub count: u64,
    /// Physical lines of the first findings, at most [`FindingCount::LINES_KEPT`], ascending.
    pub lines: Vec<u64>,
}

impl FindingCount {
    /// Number of lines that are kept for each kind.
    pub const LINES_KEPT: usize = 5;
}

/// Finding with values of its row, which may be personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingWithRow {
    /// Physical line, from 1; in documents without lines the number of the record.
    pub line: u64,
    /// Kind of the finding.
    pub kind: FindingKind,
    /// Values of the row; empty for a row that cannot be split.
    pub values: FindingValues,
}

/// Values of a row with a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingValues {
    /// Record id given by the sender; may be empty.
    pub record_id: Box<str>,
    /// Value of the field; `None` for findings without a field.
    pub value: Option<Box<str>>,
    /// Date format of the field; `None` for findings without a field.
    pub dates: Option<DateFormat>,
    /// Fields that the rule reads and that are not empty.
    rule_values: Vec<RuleValue>,
}

/// Value of a field that a rule reads.
#[derive(Clone, Debug, PartialEq, Eq)]
struct RuleValue {
    field: Field,
    text: Box<str>,
    dates: DateFormat,
}

impl FindingValues {
    fn from_row(values: &dyn RowValues, code: Code, field: Option<Field>) -> Self {
        let value = |&field: &Field| RuleValue { field, text: values.text(field).into(), dates: values.date_format(field) };
        // `FIELD_REQUIRED` and `DATE_INVALID` check each field by itself.
        let others = if matches!(code, Code::FieldRequired | Code::DateInvalid) { &[] } else { code.fields() };
        Self {
            record_id: values.text(Field::RecordId).into(),
            value: field.map(|field| values.text(field).into()),
            dates: field.map(|field| values.date_format(field)),
            rule_values: others.iter().filter(|&&field| !values.text(field).is_empty()).map(value).collect(),
        }
    }

    /// Value of a field that the rule reads; empty when the row has none.
    #[must_use]
    pub fn text(&self, field: Field) -> &str {
        self.rule_values.iter().find(|value| value.field == field).map_or("", |value| &value.text)
    }

    /// Date in a field that the rule reads, if there is one.
    #[must_use]
    pub fn date(&self, field: Field) -> Option<Date> {
        let value = self.rule_values.iter().find(|value| value.field == field)?;
        Date::parse(value.text.as_bytes(), value.dates)
    }
}

/// Sink of the row checks: counts findings, keeps the row ids of the first ones, and all findings if the caller wants them.
struct FindingSink<'s> {
    counts: BTreeMap<FindingKind, KindCount>,
    /// Number of different shapes in `counts`.
    shapes: usize,
    /// All findings, if the caller wants them.
    kept: Option<Vec<KeptFinding>>,
    /// Values for the findings of the current row. They arrive before the findings.
    values: VecDeque<FindingValues>,
    /// Shape of the current row. It arrives before the row.
    shape: Option<RowShape>,
    /// Number of rows with an error.
    faulty: u64,
    severities: &'s Severities,
    /// First chunk that is read for the second table of the source. Its lines start at 1 again.
    second_table_from: u32,
}

/// Finding that is kept until lines are known.
struct KeptFinding {
    row_id: RowId,
    kind: FindingKind,
    values: FindingValues,
}

/// Number of findings of a kind, and the first row ids for each table of the source.
#[derive(Clone, Default)]
struct KindCount {
    count: u64,
    first: [Vec<RowId>; 2],
}

impl<'s> FindingSink<'s> {
    /// Number of shapes that are counted apart. Further shapes are counted together.
    const MAX_SHAPES: usize = 8;

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
            if self.shapes == Self::MAX_SHAPES {
                kind.shape = None;
            } else {
                self.shapes += 1;
            }
        }
        let kind_count = self.counts.entry(kind).or_default();
        kind_count.count += 1;
        let first = &mut kind_count.first[usize::from(row_id.chunk() >= self.second_table_from)];
        // Row ids come in ascending order.
        if first.len() < FindingCount::LINES_KEPT {
            first.push(row_id);
        }
    }

    /// Number of row ids that are kept for the lines of counts.
    #[cfg(test)]
    fn places_kept(&self) -> usize {
        self.counts.values().flat_map(|count| &count.first).map(Vec::len).sum()
    }
}

impl RowSink for FindingSink<'_> {
    fn register(&mut self, _record: &RegisterRecord, _texts: [&[u8]; 3]) {}

    fn attachment(&mut self, _record: &AttachmentRecord, _texts: [&[u8]; 3]) {}

    fn found_in(&mut self, values: &dyn RowValues, found: &[(Code, Option<Field>)]) {
        if self.kept.is_some() {
            self.values = found.iter().map(|&(code, field)| FindingValues::from_row(values, code, field)).collect();
        }
    }

    fn misshapen(&mut self, shape: RowShape) {
        self.shape = Some(shape);
    }

    fn quarantined(&mut self, _line: u32, row: &QuarantinedRow) {
        row.findings.iter().for_each(|&(code, field)| self.take(code, field, row.row_id));
        self.shape = None;
        // A row without a record is no error by itself: the reference table of its insurer or clinic may be absent.
        let is_faulty = row.findings.iter().any(|&(code, _)| self.severities.of(code) == Severity::Error);
        self.faulty += u64::from(is_faulty);
    }

    fn finding(&mut self, _birth_date: Date, finding: RowFinding) {
        self.take(finding.code, finding.field, finding.row_id);
    }
}

/// Mode of keeping findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Counts only: memory does not grow with findings.
    Counts,
    /// Counts and all findings.
    AllFindings,
}

/// Runs the row checks over each source by itself.
///
/// # Errors
/// When a source cannot be read or its header does not fit its layout.
pub fn check_sources(
    sources: &[Source],
    context: &CheckContext<'_>,
    keep: Keep,
    progress: &dyn Progress,
    interrupted: &AtomicBool,
) -> Result<Vec<CheckedSource>, RunError> {
    let files = SourceFiles::from_sources(sources);
    let documents = files.documents(sources)?;
    report_header_notes(sources, &documents, progress, |_| true);
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
        let source_finding = rows.finding(&context.rules.sources).filter(|&code| source.severities.is_on(code));
        checked.push(CheckedSource { source_finding, ..checked_source });
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
    let line_of = |row_id: RowId| row_ids.source_line(row_id).line;
    let mut found: BTreeMap<FindingKind, FindingCount> = BTreeMap::new();
    let (mut findings, mut faulty) = (Vec::new(), 0);
    for worker in workers {
        for (kind, kind_count) in worker.sink.counts {
            let all = found.entry(kind).or_default();
            all.count += kind_count.count;
            all.lines.extend(kind_count.first.iter().flatten().map(|&row_id| line_of(row_id)));
        }
        findings.extend(worker.sink.kept.into_iter().flatten());
        faulty += worker.sink.faulty;
        odd.merge(worker.odd);
    }
    flaw_notes(&odd, plan, &row_ids).for_each(|note| progress.note(&format!("{}: {}", source.name, note.sentence)));
    for count in found.values_mut() {
        count.lines.sort_unstable();
        count.lines.truncate(FindingCount::LINES_KEPT);
    }
    // The sort is stable: findings of one row stay in the order in which they were found.
    findings.sort_by_key(|finding: &KeptFinding| finding.row_id);
    let with_line = |KeptFinding { row_id, kind, values }| FindingWithRow { line: line_of(row_id), kind, values };
    CheckedSource {
        encoding: plan.sources()[0].document.encoding(),
        rows: chunks.iter().map(|chunk| chunk.rows).sum(),
        quarantined: faulty,
        source_finding: None,
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
        assert_eq!(sink.places_kept(), 2 * 2 * FindingCount::LINES_KEPT);
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
        assert_eq!(sink.counts.len(), FindingSink::MAX_SHAPES + 1);
        assert_eq!(sink.counts[&kind(Code::RowShape)].count, 1000 - FindingSink::MAX_SHAPES as u64);
    }
}
