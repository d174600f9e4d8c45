//! `findings`, `quarantine` and `duplicates`.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryBuilder, Int64Array, ListBuilder, RecordBatch, StringBuilder};
use rayon::prelude::*;

use super::rows::{SourceNames, some};
use crate::check::{Duplicate, QuarantinedRow, Record, RowFinding, Table};
use crate::intake::{Field, TextKind};
use crate::publish::{OutputTable, PublishError, ROW_GROUP_ROWS};
use crate::rules::Code;

/// A finding with everything that its row says.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct FoundRow<'t> {
    /// Source, as an index of the job's sources.
    pub source: usize,
    /// Physical line.
    pub line: u32,
    /// What was found.
    pub code: Code,
    /// In which field.
    pub field: Option<Field>,
    /// The sender's id of the record; empty when unknown.
    pub record_id: &'t str,
    /// The person; none for rows that were not accepted.
    pub person_id: Option<i64>,
}

/// Batches of a row group each, in order.
pub(in crate::engine) fn findings(
    names: &SourceNames<'_>,
    mut rows: Vec<FoundRow<'_>>,
) -> Result<Vec<RecordBatch>, PublishError> {
    rows.par_sort_unstable_by_key(|row| (names.rank(row.source), row.line, row.field.map(Field::name), row.code.name()));
    rows.par_chunks(ROW_GROUP_ROWS).map(|rows| findings_batch(names, rows)).collect()
}

fn findings_batch(names: &SourceNames<'_>, rows: &[FoundRow<'_>]) -> Result<RecordBatch, PublishError> {
    let [mut source, mut record_id, mut field, mut code, mut severity, mut message] = [(); 6].map(|()| StringBuilder::new());
    for row in rows {
        let rule = row.code.rule();
        source.append_value(names.name(row.source));
        record_id.append_option(some(row.record_id));
        field.append_option(row.field.map(Field::name));
        code.append_value(rule.name);
        severity.append_value(rule.severity.name());
        message.append_value(rule.message);
    }
    OutputTable::Findings.spec().batch(vec![
        Arc::new(source.finish()),
        Arc::new(rows.iter().map(|row| Some(i64::from(row.line))).collect::<Int64Array>()),
        Arc::new(record_id.finish()),
        Arc::new(rows.iter().map(|row| row.person_id).collect::<Int64Array>()),
        Arc::new(field.finish()),
        Arc::new(code.finish()),
        Arc::new(severity.finish()),
        Arc::new(message.finish()),
    ])
}

/// A row that was kept aside, with source, line and codes.
type Placed<'t> = ((usize, u32), &'t QuarantinedRow, Vec<Code>);

/// Rows of a table that were kept aside.
fn placed<R: Record>(table: &Table<R>) -> impl Iterator<Item = Placed<'_>> {
    table.quarantine.iter().map(|row| (table.position(row.row), row, codes(&table.findings, row.row)))
}

/// The codes found on a row, in their order, each once.
fn codes(findings: &[RowFinding], row: u32) -> Vec<Code> {
    let from = findings.partition_point(|finding| finding.row < row);
    let mut codes: Vec<Code> =
        findings[from..].iter().take_while(|finding| finding.row == row).map(|finding| finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Raw bytes in one row group of the quarantine: Arrow counts the bytes of a column in 31 bits, and rows may be long.
const GROUP_RAW_BYTES: usize = 1 << 28;

/// The quarantine of both tables, in row groups.
pub(in crate::engine) fn quarantine<'t>(
    names: &'t SourceNames<'_>,
    register: &'t Table<impl Record>,
    attachments: &'t Table<impl Record>,
) -> impl Iterator<Item = Result<RecordBatch, PublishError>> {
    let mut rows: Vec<Placed<'_>> = placed(register).chain(placed(attachments)).collect();
    rows.sort_by_key(|((source, line), ..)| (names.rank(*source), *line));
    let groups = row_groups(rows.iter().map(|(_, row, _)| row.raw.len()));
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
    for ((of, _), row, codes) in rows {
        source.append_value(names.name(*of));
        raw.append_value(&row.raw);
        for code in codes {
            code_lists.values().append_value(code.name());
        }
        code_lists.append(true);
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(source.finish()),
        Arc::new(rows.iter().map(|((_, line), ..)| Some(i64::from(*line))).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|(_, row, _)| Some(row.offset as i64)).collect::<Int64Array>()),
        Arc::new(raw.finish()),
        Arc::new(code_lists.finish()),
    ];
    spec.batch(columns)
}

/// A duplicate as its table shows it: the table, and source and line of the row and of the one that stays.
type DuplicateRow<'t> = (&'static str, (&'t str, i64), (&'t str, i64));

/// The duplicates of both tables, as batches of a row group at most.
pub(in crate::engine) fn duplicates(
    names: &SourceNames<'_>,
    (register, of_register): (&Table<impl Record>, &[Duplicate]),
    (attachments, of_attachments): (&Table<impl Record>, &[Duplicate]),
) -> Result<Vec<RecordBatch>, PublishError> {
    let place = |position: (usize, u32)| (names.name(position.0), i64::from(position.1));
    let attached = of_attachments
        .iter()
        .map(|pair| (crate::intake::Table::Attachments, attachments.position(pair.row), attachments.position(pair.kept)));
    let registered = of_register
        .iter()
        .map(|pair| (crate::intake::Table::Register, register.position(pair.row), register.position(pair.kept)));
    let rows: Vec<DuplicateRow<'_>> =
        attached.chain(registered).map(|(table, row, kept)| (table.name(), place(row), place(kept))).collect();
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

/// The sender's id of a row of a table, accepted or not.
pub(in crate::engine) fn record_id<R: Record>(table: &Table<R>, row: u32) -> &str {
    match table.quarantine.binary_search_by_key(&row, |quarantined| quarantined.row) {
        Ok(index) => &table.quarantine[index].record_id,
        Err(_) => table.texts.get(row, TextKind::RecordId),
    }
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
