//! Rows of `numbers`: every policy number ever used, its person, and whether it survives.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::compute::concat_batches;
use rayon::prelude::*;

use super::columns::TextColumn;
use super::rows::optional_number;
use crate::engine::error::RunError;
use crate::engine::record_view::RecordView;
use crate::engine::register_row::RegisterRow;
use sverka_kernel::shuffle::{NumberEntry, NumberRanges, NumberWriter, RowText, SpillError, SpillPolicy};
use sverka_model::{Enp, PersonId, PolicyKind, TextKind};
use sverka_publish::{OutputTable, PublishError, ROW_GROUP_ROWS, TableSink, WrittenTable};

/// Policy numbers found by one worker: ENPs by range, and the few other numbers by kind and text.
pub(in crate::engine) struct NumberRows {
    enps: NumberWriter,
    texts: Vec<TextRow>,
    /// ENPs of the current person and whether each survives, before repeated ones are dropped.
    enps_of_person: Vec<(Enp, bool)>,
}

/// Number of an old policy or a certificate of a person; `kind` is none if the record leaves it open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct TextRow {
    kind: PolicyKind,
    number: Box<str>,
    person_id: PersonId,
    survives: bool,
}

impl NumberRows {
    /// A table without numbers.
    pub fn new(ranges: NumberRanges, spill: SpillPolicy) -> Self {
        Self { enps: NumberWriter::new(ranges, spill), texts: Vec::new(), enps_of_person: Vec::new() }
    }

    /// Adds the numbers of a person, each once.
    pub fn collect(&mut self, view: RecordView<'_>, id: PersonId, of_person: &[u32], row: &RegisterRow) {
        self.enps_of_person.clear();
        let first_text = self.texts.len();
        let surviving = row.record.and_then(|record| number_of_record(view, record));
        for &record in of_person {
            let identity = view.records.at(record);
            if identity.enp != Enp::NONE && self.enps_of_person.last().is_none_or(|last| last.0 != identity.enp) {
                let survives = row.record.is_some() && identity.enp == row.enp;
                self.enps_of_person.push((identity.enp, survives));
            }
            let Some((kind, number)) = number_of_record(view, record) else { continue };
            let again = |last: &TextRow| last.kind == kind && *last.number == *number;
            if !self.texts[first_text..].last().is_some_and(again) {
                let survives = surviving.as_ref().is_some_and(|(other_kind, other)| *other_kind == kind && **other == *number);
                self.texts.push(TextRow { kind, number: (*number).into(), person_id: id, survives });
            }
        }
        keep_each_once(&mut self.enps_of_person, 0);
        keep_each_once(&mut self.texts, first_text);
        for &(enp, survives) in &self.enps_of_person {
            self.enps.push(enp, id, survives);
        }
    }

    /// Writes ENPs to the disk if they have outgrown their memory.
    pub fn spill_if_large(&mut self) -> Result<(), SpillError> {
        self.enps.spill_if_large()
    }
}

/// Writes the numbers of all workers, in the order of the table.
pub(in crate::engine) fn write_numbers(
    dir: &Path,
    ranges: &NumberRanges,
    workers: Vec<NumberRows>,
) -> Result<WrittenTable, RunError> {
    let sink = TableSink::create(dir, OutputTable::Numbers)?;
    let (writers, texts): (Vec<NumberWriter>, Vec<Vec<TextRow>>) =
        workers.into_iter().map(|worker| (worker.enps, worker.texts)).unzip();
    let mut texts: Vec<TextRow> = texts.into_iter().flatten().collect();
    texts.par_sort_unstable();
    let mut groups = RowGroups { sink: &sink, written: 0, texts: &texts, enps: Vec::new() };
    let wave = 4 * rayon::current_num_threads();
    for first in (0..ranges.count()).step_by(wave) {
        let sorted = |range: usize| {
            let mut entries = Vec::new();
            writers.iter().try_for_each(|writer| writer.read(range, &mut entries))?;
            entries.sort_unstable();
            Ok(entries)
        };
        let sorted_ranges: Vec<Vec<NumberEntry>> =
            (first..ranges.count().min(first + wave)).into_par_iter().map(sorted).collect::<Result<_, SpillError>>()?;
        sorted_ranges.iter().for_each(|entries| groups.enps.extend_from_slice(entries));
        groups.write(false)?;
    }
    groups.write(true)?;
    Ok(sink.finish()?)
}

/// Cutter of rows into row groups. Rows of other kinds come first: the number of a single-sample policy is an ENP.
struct RowGroups<'w> {
    sink: &'w TableSink,
    written: usize,
    texts: &'w [TextRow],
    enps: Vec<NumberEntry>,
}

impl RowGroups<'_> {
    /// Writes the row groups that are full; if `all` is set, the rest as well.
    fn write(&mut self, all: bool) -> Result<(), PublishError> {
        let rows = self.texts.len() + self.enps.len();
        let groups = if all { rows.div_ceil(ROW_GROUP_ROWS) } else { rows / ROW_GROUP_ROWS };
        (0..groups).into_par_iter().with_max_len(1).try_for_each(|group| {
            let (from, to) = (group * ROW_GROUP_ROWS, rows.min((group + 1) * ROW_GROUP_ROWS));
            let text_rows = self.texts.len();
            let texts = text_batch(&self.texts[from.min(text_rows)..to.min(text_rows)])?;
            let enps = enp_batch(&self.enps[from.saturating_sub(text_rows)..to.saturating_sub(text_rows)])?;
            let batch = concat_batches(&texts.schema(), [&texts, &enps]).expect("invariant: batches of one table fit");
            self.sink.put(self.written + group, self.sink.encoder().encode(&batch)?)
        })?;
        let done = rows.min(groups * ROW_GROUP_ROWS);
        self.enps.drain(..done.saturating_sub(self.texts.len()));
        self.texts = &self.texts[done.min(self.texts.len())..];
        self.written += groups;
        Ok(())
    }
}

/// Sorts the rows from `first` on, and drops repeated ones.
fn keep_each_once<T: Ord>(rows: &mut Vec<T>, first: usize) {
    if rows.len() - first < 2 {
        return;
    }
    rows[first..].sort_unstable();
    let mut kept = first;
    for index in first + 1..rows.len() {
        if rows[index] != rows[kept] {
            kept += 1;
            rows.swap(kept, index);
        }
    }
    rows.truncate(kept + 1);
}

/// Kind and number of an old policy or a certificate, if the record has one. The kind is none if an attachment leaves
/// it open.
fn number_of_record<'t>(view: RecordView<'t>, record: u32) -> Option<(PolicyKind, RowText<'t>)> {
    let kind = view.records.at(record).policy_kind;
    let number = (kind != PolicyKind::SINGLE_SAMPLE).then(|| view.records.text(record, TextKind::PolicyNumber))?;
    (!number.is_empty()).then_some((kind, number))
}

fn text_batch(numbers: &[TextRow]) -> Result<RecordBatch, PublishError> {
    let columns: Vec<ArrayRef> = vec![
        Arc::new(
            numbers.iter().map(|number| optional_number(number.kind.code(), PolicyKind::NONE.code())).collect::<Int32Array>(),
        ),
        Arc::new(StringArray::from_iter_values(numbers.iter().map(|number| &*number.number))),
        Arc::new(Int64Array::from_iter_values(numbers.iter().map(|number| number.person_id.number()))),
        Arc::new(numbers.iter().map(|number| Some(number.survives)).collect::<BooleanArray>()),
    ];
    OutputTable::Numbers.spec().batch(columns)
}

fn enp_batch(numbers: &[NumberEntry]) -> Result<RecordBatch, PublishError> {
    let mut text = TextColumn::with_capacity(numbers.len(), 16);
    numbers.iter().for_each(|&number| text.push_digits::<16>(number.enp().number()));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int32Array::from_value(i32::from(PolicyKind::SINGLE_SAMPLE.code()), numbers.len())),
        text.finish(),
        Arc::new(Int64Array::from_iter_values(numbers.iter().map(|&number| number.person_id().number()))),
        Arc::new(BooleanArray::from_iter(numbers.iter().map(|&number| Some(number.survives())))),
    ];
    OutputTable::Numbers.spec().batch(columns)
}

#[cfg(test)]
mod tests {
    use super::keep_each_once;

    #[test]
    fn a_number_is_kept_once_per_person() {
        let mut rows = vec![5, 1, 3, 1, 2, 3, 3];
        keep_each_once(&mut rows, 2);
        assert_eq!(rows, [5, 1, 1, 2, 3]);
        keep_each_once(&mut rows, 5);
        assert_eq!(rows.len(), 5);
    }
}
