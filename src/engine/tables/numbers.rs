//! `numbers`: every policy number ever used, whose it is, and whether it survives.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow::compute::concat_batches;
use rayon::prelude::*;

use super::columns::TextColumn;
use crate::engine::error::RunError;
use crate::engine::register_row::RegisterRow;
use crate::engine::view::RunView;
use sverka_kernel::shuffle::{NumberEntry, NumberRanges, NumberWriter, RowText, SpillError, SpillPolicy};
use sverka_model::TextKind;
use sverka_publish::{OutputTable, PublishError, ROW_GROUP_ROWS, TableSink, WrittenTable};

/// The numbers of the persons of one worker: ENPs by range, the few others by kind and text.
pub(in crate::engine) struct NumberRows {
    enps: NumberWriter,
    texts: Vec<TextRow>,
    /// Numbers of one person, before each is kept once.
    enps_of_person: Vec<(u64, bool)>,
}

/// Kind (0 when open) and number of an old policy or a certificate of a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct TextRow {
    kind: u8,
    number: Box<str>,
    person_id: i64,
    survives: bool,
}

const SINGLE_SAMPLE: u8 = 3;

impl NumberRows {
    /// No numbers yet.
    pub fn new(ranges: NumberRanges, spill: SpillPolicy) -> Self {
        Self { enps: NumberWriter::new(ranges, spill), texts: Vec::new(), enps_of_person: Vec::new() }
    }

    /// Adds the numbers of one person, each once.
    pub fn collect(&mut self, view: RunView<'_>, id: i64, of_person: &[u32], row: &RegisterRow) {
        self.enps_of_person.clear();
        let first_text = self.texts.len();
        let surviving = row.record.and_then(|record| number_of_record(view, record));
        for &record in of_person {
            let identity = view.records.at(record);
            if identity.enp != 0 && self.enps_of_person.last().is_none_or(|last| last.0 != identity.enp) {
                let survives = row.record.is_some() && identity.enp == row.enp;
                self.enps_of_person.push((identity.enp, survives));
            }
            let Some((kind, number)) = number_of_record(view, record) else { continue };
            let again = |last: &TextRow| last.kind == kind && *last.number == *number;
            if !self.texts[first_text..].last().is_some_and(again) {
                let survives = surviving.as_ref().is_some_and(|(of_kind, other)| *of_kind == kind && **other == *number);
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

/// Writes the numbers that all workers collected, in their order.
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
        let of_wave: Vec<Vec<NumberEntry>> =
            (first..ranges.count().min(first + wave)).into_par_iter().map(sorted).collect::<Result<_, SpillError>>()?;
        of_wave.iter().for_each(|entries| groups.enps.extend_from_slice(entries));
        groups.write(false)?;
    }
    groups.write(true)?;
    Ok(sink.finish()?)
}

/// Cuts rows into row groups. Those of other kinds come first: a kind of 3 is an ENP.
struct RowGroups<'w> {
    sink: &'w TableSink,
    written: usize,
    texts: &'w [TextRow],
    enps: Vec<NumberEntry>,
}

impl RowGroups<'_> {
    /// Writes the row groups that are full, and with `all` what is left.
    fn write(&mut self, all: bool) -> Result<(), PublishError> {
        let rows = self.texts.len() + self.enps.len();
        let groups = if all { rows.div_ceil(ROW_GROUP_ROWS) } else { rows / ROW_GROUP_ROWS };
        (0..groups).into_par_iter().with_max_len(1).try_for_each(|group| {
            let (from, to) = (group * ROW_GROUP_ROWS, rows.min((group + 1) * ROW_GROUP_ROWS));
            let of_texts = self.texts.len();
            let texts = text_batch(&self.texts[from.min(of_texts)..to.min(of_texts)])?;
            let enps = enp_batch(&self.enps[from.saturating_sub(of_texts)..to.saturating_sub(of_texts)])?;
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

/// Drops what occurs again from `first` on.
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

/// Kind and number of an old policy or a certificate, if the record has one; an attachment may leave the kind open.
fn number_of_record<'t>(view: RunView<'t>, record: u32) -> Option<(u8, RowText<'t>)> {
    let kind = view.records.at(record).policy_kind;
    let number = (kind != SINGLE_SAMPLE).then(|| view.records.text(record, TextKind::PolicyNumber))?;
    (!number.is_empty()).then_some((kind, number))
}

fn text_batch(numbers: &[TextRow]) -> Result<RecordBatch, PublishError> {
    let columns: Vec<ArrayRef> = vec![
        Arc::new(numbers.iter().map(|number| (number.kind != 0).then_some(i32::from(number.kind))).collect::<Int32Array>()),
        Arc::new(StringArray::from_iter_values(numbers.iter().map(|number| &*number.number))),
        Arc::new(Int64Array::from_iter_values(numbers.iter().map(|number| number.person_id))),
        Arc::new(numbers.iter().map(|number| Some(number.survives)).collect::<BooleanArray>()),
    ];
    OutputTable::Numbers.spec().batch(columns)
}

fn enp_batch(numbers: &[NumberEntry]) -> Result<RecordBatch, PublishError> {
    let mut text = TextColumn::with_capacity(numbers.len(), 16);
    numbers.iter().for_each(|&number| text.push_digits::<16>(number.enp()));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int32Array::from_value(i32::from(SINGLE_SAMPLE), numbers.len())),
        text.finish(),
        Arc::new(Int64Array::from_iter_values(numbers.iter().map(|&number| number.person_id()))),
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
