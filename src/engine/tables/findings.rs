//! `findings`, `quarantine` and `duplicates`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryBuilder, Int64Array, ListBuilder, RecordBatch, StringBuilder};
use rayon::prelude::*;

use super::rows::{SourceNames, some};
use crate::check::{Owner, QuarantinedRow};
use crate::engine::quality::FindingKeys;
use crate::identity::Duplicate;
use crate::intake::{Field, Place, Places, Table};
use crate::job::Source;
use crate::publish::{OutputTable, PublishError, ROW_GROUP_ROWS};
use crate::rules::{Code, Severity};

/// Findings with everything that their rows say.
#[derive(Debug, Default)]
pub(in crate::engine) struct FoundRows {
    rows: Vec<FoundRow>,
    record_ids: String,
}

#[derive(Clone, Copy, Debug)]
struct FoundRow {
    source: u32,
    line: u64,
    owner: Owner,
    code: Code,
    field: Option<Field>,
    /// 0 for rows that were not accepted.
    person_id: i64,
    record_id: (usize, usize),
}

/// A finding with everything that its row says.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct Found<'t> {
    /// Source (as an index of the job's sources) and physical line.
    pub position: (usize, u64),
    /// Whose row it is.
    pub owner: Owner,
    /// What was found.
    pub code: Code,
    /// In which field.
    pub field: Option<Field>,
    /// The sender's id of the record; empty when unknown.
    pub record_id: &'t str,
    /// The person; none for rows that were not accepted, and for duplicates.
    pub person_id: Option<i64>,
}

impl FoundRows {
    /// Adds a finding.
    pub fn push(&mut self, found: &Found<'_>) {
        let from = self.record_ids.len();
        self.record_ids.push_str(found.record_id);
        self.rows.push(FoundRow {
            source: found.position.0 as u32,
            line: found.position.1,
            owner: found.owner,
            code: found.code,
            field: found.field,
            person_id: found.person_id.unwrap_or(0),
            record_id: (from, self.record_ids.len()),
        });
    }

    /// Takes over other findings.
    pub fn merge(&mut self, other: Self) {
        let before = self.record_ids.len();
        self.record_ids.push_str(&other.record_ids);
        self.rows.extend(other.rows.into_iter().map(|row| {
            let (from, to) = row.record_id;
            FoundRow { record_id: (from + before, to + before), ..row }
        }));
    }

    /// Leaves out what is off for the source on whose record it was found: checks of persons are not asked before.
    pub fn leave_out_off(&mut self, sources: &[Source]) {
        self.rows.retain(|row| sources[row.source as usize].severities.is_on(row.code));
    }

    /// How often each code was found.
    pub fn counts(&self) -> BTreeMap<Code, u64> {
        let mut counts = BTreeMap::new();
        for row in &self.rows {
            *counts.entry(row.code).or_default() += 1;
        }
        counts
    }

    /// How often each code was found as an error.
    pub fn error_counts(&self, sources: &[Source]) -> BTreeMap<Code, u64> {
        let mut counts = BTreeMap::new();
        for row in self.rows.iter().filter(|row| sources[row.source as usize].severities.of(row.code) == Severity::Error) {
            *counts.entry(row.code).or_default() += 1;
        }
        counts
    }

    /// A number for each finding, to be counted by source, owner and code.
    pub fn keys(&self) -> FindingKeys {
        self.rows.iter().map(|row| FindingKeys::key(row.source as usize, row.owner, row.code)).collect()
    }

    /// Batches of a row group each, in order.
    pub fn into_batches(self, names: &SourceNames<'_>, sources: &[Source]) -> Result<Vec<RecordBatch>, PublishError> {
        let Self { mut rows, record_ids } = self;
        let key = |row: &FoundRow| (names.rank(row.source as usize), row.line, row.field.map(Field::name), row.code.name());
        rows.par_sort_unstable_by_key(key);
        rows.par_chunks(ROW_GROUP_ROWS).map(|rows| findings_batch(names, sources, rows, &record_ids)).collect()
    }
}

fn findings_batch(
    names: &SourceNames<'_>,
    sources: &[Source],
    rows: &[FoundRow],
    record_ids: &str,
) -> Result<RecordBatch, PublishError> {
    let [mut source, mut record_id, mut field, mut code, mut severity, mut message] = [(); 6].map(|()| StringBuilder::new());
    for row in rows {
        let rule = row.code.rule();
        source.append_value(names.name(row.source as usize));
        record_id.append_option(some(&record_ids[row.record_id.0..row.record_id.1]));
        field.append_option(row.field.map(Field::name));
        code.append_value(rule.name);
        severity.append_value(sources[row.source as usize].severities.of(row.code).name());
        message.append_value(rule.message.en);
    }
    OutputTable::Findings.spec().batch(vec![
        Arc::new(source.finish()),
        Arc::new(rows.iter().map(|row| Some(row.line as i64)).collect::<Int64Array>()),
        Arc::new(record_id.finish()),
        Arc::new(rows.iter().map(|row| (row.person_id != 0).then_some(row.person_id)).collect::<Int64Array>()),
        Arc::new(field.finish()),
        Arc::new(code.finish()),
        Arc::new(severity.finish()),
        Arc::new(message.finish()),
    ])
}

/// A row that was kept aside, with source and line.
type Placed<'t> = ((usize, u64), &'t QuarantinedRow);

/// The codes found on a row, in their order, each once.
fn codes(row: &QuarantinedRow) -> Vec<Code> {
    let mut codes: Vec<Code> = row.findings.iter().map(|&(code, _)| code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Raw bytes in one row group of the quarantine: Arrow counts the bytes of a column in 31 bits, and rows may be long.
const GROUP_RAW_BYTES: usize = 1 << 28;

/// The quarantine of both tables, in row groups.
pub(in crate::engine) fn quarantine<'t>(
    names: &'t SourceNames<'_>,
    places: &Places,
    quarantined: impl Iterator<Item = &'t QuarantinedRow>,
) -> impl Iterator<Item = Result<RecordBatch, PublishError>> {
    let mut rows: Vec<Placed<'_>> = quarantined.map(|row| (places.position(row.place), row)).collect();
    rows.sort_by_key(|((source, line), _)| (names.rank(*source), *line));
    let groups = row_groups(rows.iter().map(|(_, row)| row.raw.len()));
    groups.into_iter().map(move |group| quarantine_batch(names, &rows[group]))
}

/// Rows cut into groups by their number and their bytes.
fn row_groups(bytes_of_rows: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    let mut bytes_of_group = 0;
    for (index, bytes) in bytes_of_rows.enumerate() {
        bytes_of_group += bytes;
        match groups.last_mut() {
            Some(group) if group.len() < ROW_GROUP_ROWS && bytes_of_group <= GROUP_RAW_BYTES => group.end = index + 1,
            _ => {
                groups.push(index..index + 1);
                bytes_of_group = bytes;
            }
        }
    }
    groups
}

fn quarantine_batch(names: &SourceNames<'_>, rows: &[Placed<'_>]) -> Result<RecordBatch, PublishError> {
    let spec = OutputTable::Quarantine.spec();
    let (mut source, mut raw) = (StringBuilder::new(), BinaryBuilder::new());
    let mut code_lists = ListBuilder::new(StringBuilder::new()).with_field(spec.element("codes"));
    for ((of, _), row) in rows {
        source.append_value(names.name(*of));
        raw.append_value(&row.raw);
        for code in codes(row) {
            code_lists.values().append_value(code.name());
        }
        code_lists.append(true);
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(source.finish()),
        Arc::new(rows.iter().map(|((_, line), _)| Some(*line as i64)).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|(_, row)| Some(row.offset as i64)).collect::<Int64Array>()),
        Arc::new(raw.finish()),
        Arc::new(code_lists.finish()),
    ];
    spec.batch(columns)
}

/// A duplicate as its table shows it: the table, and source and line of the row and of the one that stays.
type DuplicateRow<'t> = (&'static str, (&'t str, i64), (&'t str, i64));

/// The duplicates of both tables, each sorted, as batches of a row group at most.
pub(in crate::engine) fn duplicates(
    names: &SourceNames<'_>,
    places: &Places,
    register: &[Duplicate],
    attachments: &[Duplicate],
) -> Result<Vec<RecordBatch>, PublishError> {
    let at = |place: Place| {
        let (source, line) = places.position(place);
        (names.name(source), line as i64)
    };
    let of_table = |table: Table, duplicates: &[Duplicate]| -> Vec<DuplicateRow<'_>> {
        duplicates.iter().map(|pair| (table.name(), at(pair.place), at(pair.kept))).collect()
    };
    let rows = [of_table(Table::Attachments, attachments), of_table(Table::Register, register)].concat();
    rows.chunks(ROW_GROUP_ROWS).map(duplicates_batch).collect()
}

fn duplicates_batch(rows: &[DuplicateRow<'_>]) -> Result<RecordBatch, PublishError> {
    let [mut table, mut source, mut kept_source] = [(); 3].map(|()| StringBuilder::new());
    for (of, row, kept) in rows {
        table.append_value(of);
        source.append_value(row.0);
        kept_source.append_value(kept.0);
    }
    OutputTable::Duplicates.spec().batch(vec![
        Arc::new(table.finish()),
        Arc::new(source.finish()),
        Arc::new(rows.iter().map(|row| Some(row.1.1)).collect::<Int64Array>()),
        Arc::new(kept_source.finish()),
        Arc::new(rows.iter().map(|row| Some(row.2.1)).collect::<Int64Array>()),
    ])
}

#[cfg(test)]
mod tests {
    use super::{GROUP_RAW_BYTES, ROW_GROUP_ROWS, row_groups};

    #[test]
    fn quarantine_is_cut_by_rows_and_by_bytes() {
        assert!(row_groups(std::iter::empty()).is_empty());
        assert_eq!(
            row_groups(std::iter::repeat_n(1, ROW_GROUP_ROWS + 1)),
            [0..ROW_GROUP_ROWS, ROW_GROUP_ROWS..ROW_GROUP_ROWS + 1]
        );
        assert_eq!(
            row_groups([GROUP_RAW_BYTES / 2, GROUP_RAW_BYTES / 2, 1, GROUP_RAW_BYTES, 1].into_iter()),
            [0..2, 2..3, 3..4, 4..5]
        );
    }
}
