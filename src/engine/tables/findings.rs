//! Rows of `findings`: collected by each worker, sorted by ranges of lines, and encoded row group by row group in any thread.
//!
//! Findings come from all stages in any order, and may be many more than rows. So a worker counts them at once and
//! packs them for the range of their line ([`FindingWriter`]), in memory or on disk. The number of findings of each
//! range is known, and so are the ranges of each row group. A thread makes a row group from its ranges alone: it reads
//! and sorts them one after another.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::Int64Type;

use super::columns::{DictionaryColumn, NumberColumn, TextColumn};
use super::rows::{SourceNames, person_ids};
use crate::engine::error::RunError;
use crate::engine::quality::CodeTally;
use crate::engine::systematic::RowsByCode;
use crate::job::Source;
use sverka_kernel::shuffle::{FindingWriter, PendingFinding, RowSortKey, SortKeyRanges, SpillError, SpillPolicy, read_findings};
use sverka_model::{Code, Field, PersonId, RowId, RowIds, RowOwner, Severity, SourceLine};
use sverka_publish::{OutputTable, PublishError, ROW_GROUP_ROWS};
use sverka_rules::RULES;

/// Content of one row of the table.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct FindingRow<'t> {
    /// Row id of the row.
    pub row_id: RowId,
    /// Insurer or clinic of the row.
    pub owner: RowOwner,
    /// Code of the rule.
    pub code: Code,
    /// Field of the finding, if it is about one.
    pub field: Option<Field>,
    /// Record id given by the sender; empty when unknown.
    pub record_id: &'t [u8],
    /// Person; `None` for quarantined rows and duplicates.
    pub person_id: Option<PersonId>,
}

/// Lookups for findings: sources, their order, and the lines of rows.
#[derive(Clone, Copy)]
pub(in crate::engine) struct FindingContext<'r> {
    /// Sources of the job.
    pub sources: &'r [Source],
    /// Names of the sources and their order.
    pub names: &'r SourceNames<'r>,
    /// Source and line of each row id.
    pub row_ids: &'r RowIds,
    /// Ranges of sort keys.
    pub ranges: &'r SortKeyRanges,
    /// Whether the table is written; findings are counted anyway.
    pub is_wanted: bool,
}

/// Findings of one worker under collection.
pub(in crate::engine) struct WorkerFindings<'r> {
    context: FindingContext<'r>,
    writer: FindingWriter,
    tally: CodeTally,
    rows: RowsByCode,
    pushed: u64,
    failed: Option<SpillError>,
}

/// Complete findings of one worker.
pub(in crate::engine) struct CollectedFindings {
    /// Number of rows with each code, by source.
    pub rows: RowsByCode,
    /// Findings for the table, packed by range.
    pub writer: FindingWriter,
    /// Number of findings by source, owner and code.
    pub tally: CodeTally,
}

/// Number of findings between two checks of memory.
const FINDINGS_BETWEEN_LOOKS: u64 = 1 << 12;

impl<'r> FindingContext<'r> {
    /// An empty collection.
    pub fn worker_findings(self, spill: SpillPolicy) -> WorkerFindings<'r> {
        let writer = FindingWriter::new(self.ranges.clone(), spill);
        WorkerFindings {
            context: self,
            writer,
            tally: CodeTally::default(),
            rows: RowsByCode::default(),
            pushed: 0,
            failed: None,
        }
    }

    fn position(&self, row_id: RowId) -> RowSortKey {
        // A finding about a source as a whole has line 0.
        let whole = row_id.whole_source().map(|source| SourceLine { source, line: 0 });
        let SourceLine { source, line } = whole.unwrap_or_else(|| self.row_ids.source_line(row_id));
        RowSortKey { source_rank: self.names.rank(source), line }
    }

    fn source(&self, row_id: RowId) -> usize {
        row_id.whole_source().unwrap_or_else(|| self.row_ids.source(row_id))
    }
}

impl WorkerFindings<'_> {
    /// Adds a finding, unless its rule is off for the source of the record: checks of persons do not know severities of sources.
    pub fn push(&mut self, found: &FindingRow<'_>) {
        let source = self.context.source(found.row_id);
        if !self.context.sources[source].severities.is_on(found.code) {
            return;
        }
        self.tally.add(source, found.owner, found.code);
        self.rows.add(source, found.row_id, found.code);
        if !self.context.is_wanted {
            return;
        }
        let FindingRow { row_id, code, field, .. } = *found;
        let pending = PendingFinding { row_id, person_id: found.person_id.unwrap_or_default(), code, field };
        self.writer.push(self.context.position(row_id), pending, found.record_id);
        self.pushed += 1;
        if self.pushed.is_multiple_of(FINDINGS_BETWEEN_LOOKS) && self.failed.is_none() {
            self.failed = self.writer.spill_if_large().err();
        }
    }

    /// Ends the collection.
    pub fn settle(mut self) -> Result<CollectedFindings, SpillError> {
        self.failed.take().map_or_else(|| self.writer.settle(), Err)?;
        Ok(CollectedFindings { writer: self.writer, tally: self.tally, rows: self.rows })
    }
}

/// Row groups of the table, from the findings of all workers.
pub(in crate::engine) struct FindingGroups<'r> {
    context: FindingContext<'r>,
    collected: &'r [CollectedFindings],
    /// Number of findings before each range; the last value is the number of all findings.
    starts: Vec<u64>,
    /// Number of rows of a full row group.
    group_rows: u64,
    order: NameOrder,
    texts: FindingTexts,
}

/// Finding with its sort key.
struct SortedFinding {
    position: RowSortKey,
    field_order: u16,
    code_order: u16,
    finding: PendingFinding,
    /// Position of the record id in the bytes of the range.
    record_id: Range<usize>,
}

impl<'r> FindingGroups<'r> {
    /// Row groups of the findings of all workers.
    pub fn new(context: FindingContext<'r>, collected: &'r [CollectedFindings]) -> Self {
        let mut starts = vec![0; context.ranges.count() + 1];
        for range in 0..context.ranges.count() {
            starts[range + 1] = starts[range] + collected.iter().map(|worker| worker.writer.counts()[range]).sum::<u64>();
        }
        let group_rows = ROW_GROUP_ROWS as u64;
        Self { context, collected, starts, group_rows, order: NameOrder::new(), texts: FindingTexts::new(context) }
    }

    /// Number of row groups.
    pub fn count(&self) -> usize {
        self.all().div_ceil(self.group_rows) as usize
    }

    fn all(&self) -> u64 {
        *self.starts.last().expect("invariant: there is one start more than ranges")
    }

    /// Rows of a row group.
    pub fn batch(&self, group: usize) -> Result<RecordBatch, RunError> {
        let (from, to) = (group as u64 * self.group_rows, self.all().min((group as u64 + 1) * self.group_rows));
        let mut columns = FindingColumns::with_capacity((to - from) as usize);
        let first_range = self.starts.partition_point(|&start| start <= from) - 1;
        let mut bytes = Vec::new();
        for range in first_range..self.context.ranges.count() {
            let (start, end) = (self.starts[range], self.starts[range + 1]);
            if start >= to {
                break;
            }
            if start == end {
                continue;
            }
            bytes.clear();
            self.collected.iter().try_for_each(|worker| worker.writer.read(range, &mut bytes))?;
            let sorted = self.sorted(&bytes);
            assert_eq!(sorted.len() as u64, end - start, "invariant: a range has the findings that were counted");
            let rows = (from.max(start) - start) as usize..(to.min(end) - start) as usize;
            sorted[rows].iter().for_each(|row| columns.push(self, row, &bytes));
        }
        Ok(columns.finish(&self.texts)?)
    }

    /// Findings of a range in the order of the table; findings with an equal key are ordered by row and person.
    fn sorted(&self, bytes: &[u8]) -> Vec<SortedFinding> {
        let row = |(finding, record_id): (PendingFinding, Range<usize>)| SortedFinding {
            position: self.context.position(finding.row_id),
            field_order: self.order.of_field(finding.field),
            code_order: self.order.of_code(finding.code),
            finding,
            record_id,
        };
        let mut rows: Vec<SortedFinding> = read_findings(bytes).map(row).collect();
        rows.sort_unstable_by_key(|row| {
            (row.position, row.field_order, row.code_order, row.finding.row_id, row.finding.person_id)
        });
        rows
    }
}

/// Ranks of fields and rules by name, for the sort key of the table.
struct NameOrder {
    fields: Vec<u16>,
    codes: Vec<u16>,
}

impl NameOrder {
    fn new() -> Self {
        Self {
            fields: order_of(&Field::ALL.iter().map(|field| field.name()).collect::<Vec<_>>()),
            codes: order_of(&Code::ALL.iter().map(|code| code.name()).collect::<Vec<_>>()),
        }
    }

    /// Rank of a field. Findings without a field come first.
    fn of_field(&self, field: Option<Field>) -> u16 {
        field.map_or(0, |field| self.fields[field as usize] + 1)
    }

    fn of_code(&self, code: Code) -> u16 {
        self.codes[code as usize]
    }
}

/// Rank of each name in the sorted order of all names.
fn order_of(names: &[&str]) -> Vec<u16> {
    let mut sorted: Vec<usize> = (0..names.len()).collect();
    sorted.sort_unstable_by_key(|&name| names[name]);
    let mut order = vec![0; names.len()];
    (0..).zip(sorted).for_each(|(rank, name)| order[name] = rank);
    order
}

/// Dictionaries of the dictionary columns.
struct FindingTexts {
    sources: ArrayRef,
    fields: ArrayRef,
    codes: ArrayRef,
    severities: ArrayRef,
    messages: ArrayRef,
    /// Key of the message of each rule. Rules may share a message.
    message_of_code: Vec<u32>,
}

const SEVERITIES: [Severity; 2] = [Severity::Warning, Severity::Error];

impl FindingTexts {
    fn new(context: FindingContext<'_>) -> Self {
        let words = |texts: &mut dyn Iterator<Item = &str>| -> ArrayRef { Arc::new(StringArray::from_iter_values(texts)) };
        let mut messages: Vec<&str> = RULES.iter().map(|rule| rule.message.en).collect();
        messages.sort_unstable();
        messages.dedup();
        let number = |message: &str| messages.partition_point(|other| *other < message) as u32;
        Self {
            sources: context.names.texts(),
            fields: words(&mut Field::ALL.iter().map(|field| field.name())),
            codes: words(&mut Code::ALL.iter().map(|code| code.name())),
            severities: words(&mut SEVERITIES.iter().map(|severity| severity.name())),
            message_of_code: RULES.iter().map(|rule| number(rule.message.en)).collect(),
            messages: words(&mut messages.into_iter()),
        }
    }
}

/// Columns of a row group under construction.
struct FindingColumns {
    sources: DictionaryColumn,
    lines: NumberColumn<Int64Type>,
    record_ids: TextColumn,
    persons: NumberColumn<Int64Type>,
    fields: DictionaryColumn,
    codes: DictionaryColumn,
    severities: DictionaryColumn,
    messages: DictionaryColumn,
}

impl FindingColumns {
    fn with_capacity(rows: usize) -> Self {
        const ID_BYTES: usize = 12;
        let words = || DictionaryColumn::with_capacity(rows);
        Self {
            sources: words(),
            lines: NumberColumn::with_capacity(rows, -1),
            record_ids: TextColumn::with_capacity(rows, ID_BYTES),
            persons: person_ids(rows),
            fields: words(),
            codes: words(),
            severities: words(),
            messages: words(),
        }
    }

    fn push(&mut self, groups: &FindingGroups<'_>, row: &SortedFinding, bytes: &[u8]) {
        let PendingFinding { row_id, person_id, code, field } = row.finding;
        let source = groups.context.source(row_id);
        let severity = groups.context.sources[source].severities.of(code);
        self.sources.push(source as u32);
        self.lines.push(row.position.line as i64);
        self.record_ids.push_or_null(&bytes[row.record_id.clone()]);
        self.persons.push(person_id.number());
        self.fields.push_option(field.map(|field| field as u32));
        self.codes.push(code as u32);
        self.severities.push(u32::from(severity == SEVERITIES[1]));
        self.messages.push(groups.texts.message_of_code[code as usize]);
    }

    fn finish(self, texts: &FindingTexts) -> Result<RecordBatch, PublishError> {
        OutputTable::Findings.spec().batch(vec![
            self.sources.finish(&texts.sources),
            self.lines.finish(),
            self.record_ids.finish(),
            self.persons.finish(),
            self.fields.finish(&texts.fields),
            self.codes.finish(&texts.codes),
            self.severities.finish(&texts.severities),
            self.messages.finish(&texts.messages),
        ])
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use arrow::compute::{cast, concat_batches};
    use arrow::datatypes::DataType;

    use super::*;
    use crate::job::{CommandLine, Job};
    use sverka_kernel::shuffle::RankedSource;
    use sverka_model::{CountedChunk, Table};

    const SOURCES: u32 = 3;
    const CHUNKS_OF_SOURCE: u32 = 4;
    const LINES_OF_CHUNK: u32 = 5000;
    const FINDINGS: u32 = 3000;

    fn job() -> Job {
        let job = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/job.toml");
        Job::load(&job, &CommandLine::default()).expect("the sample job")
    }

    /// Row ids of some sources of the job, in an order that is not that of their names.
    fn row_ids() -> RowIds {
        let chunk = |chunk: u32| CountedChunk {
            source: (SOURCES - 1 - chunk / CHUNKS_OF_SOURCE) as usize,
            begins_after: chunk.is_multiple_of(CHUNKS_OF_SOURCE).then_some(1),
            lines: u64::from(LINES_OF_CHUNK),
            parts: 1,
        };
        RowIds::new((0..SOURCES * CHUNKS_OF_SOURCE).map(chunk))
    }

    /// Finding number `number`. Lines are few, so that many findings share a line; the first findings are about sources
    /// as a whole.
    fn found(number: u32, record_id: &str) -> FindingRow<'_> {
        let mixed = number.wrapping_mul(2_654_435_761);
        let row_id = match number.checked_sub(SOURCES) {
            None => RowId::of_source(number as usize),
            Some(_) => RowId::new(mixed % (SOURCES * CHUNKS_OF_SOURCE), mixed / 16 % LINES_OF_CHUNK / 50 * 50),
        };
        FindingRow {
            row_id,
            owner: RowOwner { table: Table::Register, organisation: None },
            code: [Code::NameDigits, Code::SnilsInvalid, Code::DocShared][mixed as usize / 64 % 3],
            field: [None, Some(Field::Surname), Some(Field::Snils)][mixed as usize / 256 % 3],
            record_id: record_id.as_bytes(),
            person_id: (!number.is_multiple_of(4)).then_some(PersonId::from_stored(i64::from(number))),
        }
    }

    /// Rows of the table as text, from the findings of `workers` workers, and the number of row groups.
    fn table(job: &Job, workers: usize, spill: &SpillPolicy, group_rows: u64) -> (Vec<String>, usize) {
        let (names, row_ids) = (SourceNames::new(job), row_ids());
        let ranked = |source| RankedSource { rank: names.rank(source), lines: row_ids.lines(source) };
        let mut sources: Vec<RankedSource> = (0..job.sources.len()).map(ranked).collect();
        sources.sort_unstable();
        let ranges = SortKeyRanges::new(&sources);
        assert!(ranges.count() > 3);
        let context =
            FindingContext { sources: &job.sources, names: &names, row_ids: &row_ids, ranges: &ranges, is_wanted: true };
        let mut of_workers: Vec<WorkerFindings<'_>> = (0..workers).map(|_| context.worker_findings(spill.clone())).collect();
        for number in 0..FINDINGS {
            // A row has one record id in all its findings.
            let record_id = "x".repeat(found(number, "").row_id.line() as usize % 7);
            of_workers[(number / 7) as usize % workers].push(&found(number, &record_id));
        }
        let collected: Vec<CollectedFindings> =
            of_workers.into_iter().map(|found| found.settle().expect("room on the disk")).collect();
        let groups = FindingGroups { group_rows, ..FindingGroups::new(context, &collected) };
        let batches: Vec<RecordBatch> = (0..groups.count()).rev().map(|group| groups.batch(group).expect("readable")).collect();
        assert!(batches.iter().skip(1).all(|batch| batch.num_rows() as u64 == group_rows));
        let count = batches.len();
        let batch = concat_batches(&batches[0].schema(), batches.iter().rev()).expect("batches of one table");
        let columns: Vec<ArrayRef> =
            batch.columns().iter().map(|column| cast(column, &DataType::Utf8).expect("a text")).collect();
        let text = |row: usize| {
            columns.iter().map(move |column| arrow::util::display::array_value_to_string(column, row).expect("a text"))
        };
        ((0..batch.num_rows()).map(|row| text(row).collect::<Vec<_>>().join("|")).collect(), count)
    }

    #[test]
    fn row_groups_do_not_depend_on_workers_and_spill_files() {
        let (job, folder) = (job(), tempfile::tempdir().expect("folder"));
        let (in_one, groups) = table(&job, 1, &SpillPolicy::unlimited(), 1 << 20);
        assert_eq!((in_one.len(), groups), (FINDINGS as usize, 1));
        let (names, row_ids) = (SourceNames::new(&job), row_ids());
        let mut expected: Vec<(u32, u64, &str, &str)> = (0..FINDINGS)
            .map(|number| {
                let found = found(number, "");
                let whole = found.row_id.whole_source().map(|source| SourceLine { source, line: 0 });
                let SourceLine { source, line } = whole.unwrap_or_else(|| row_ids.source_line(found.row_id));
                (names.rank(source), line, found.field.map_or("", Field::name), found.code.name())
            })
            .collect();
        expected.sort_unstable();
        for (row, (rank, line, field, code)) in in_one.iter().zip(expected) {
            let source = (0..job.sources.len()).find(|&source| names.rank(source) == rank).expect("a source");
            let columns: Vec<&str> = row.split('|').collect();
            assert_eq!((columns[0], columns[1]), (names.name(source), line.to_string().as_str()), "{row}");
            assert_eq!((columns[4], columns[5]), (field, code), "{row}");
        }
        for (workers, spill, group_rows) in [
            (3, SpillPolicy::unlimited(), 256),
            (3, SpillPolicy::of_bytes(0, folder.path()), 100),
            (1, SpillPolicy::unlimited(), 1),
        ] {
            let (rows, groups) = table(&job, workers, &spill, group_rows);
            assert_eq!(groups as u64, u64::from(FINDINGS).div_ceil(group_rows));
            assert!(rows == in_one, "{workers} workers, {group_rows} rows in a group");
        }
    }
}
