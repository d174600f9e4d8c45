//! `numbers`: every policy number ever used, whose it is, and whether it survives.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int32Array, Int64Array, RecordBatch, StringArray};
use rayon::prelude::*;

use super::columns::TextColumn;
use crate::engine::register_row::RegisterRow;
use crate::engine::view::RunView;
use crate::intake::TextKind;
use crate::publish::{OutputTable, PublishError, ROW_GROUP_ROWS};

/// The numbers of persons: ENPs by value, the few others by kind and text.
#[derive(Debug, Default)]
pub(in crate::engine) struct NumberRows {
    enps: Vec<EnpRow>,
    texts: Vec<TextRow>,
}

/// An ENP of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct EnpRow {
    enp: u64,
    person_id: i64,
    survives: bool,
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
    /// Adds the numbers of one person, each once.
    pub fn collect(&mut self, view: RunView<'_>, id: i64, of_person: &[u32], row: &RegisterRow) {
        let (first_enp, first_text) = (self.enps.len(), self.texts.len());
        let surviving = row.record.map(|record| number_of(view, record));
        for &record in of_person {
            let identity = view.records.at(record);
            if identity.enp != 0 && self.enps[first_enp..].last().is_none_or(|last| last.enp != identity.enp) {
                let survives = row.record.is_some() && identity.enp == row.enp;
                self.enps.push(EnpRow { enp: identity.enp, person_id: id, survives });
            }
            let (kind, number) = number_of(view, record);
            let again = |last: &TextRow| last.kind == kind && &*last.number == number;
            if !number.is_empty() && !self.texts[first_text..].last().is_some_and(again) {
                let survives = surviving == Some((kind, number));
                self.texts.push(TextRow { kind, number: number.into(), person_id: id, survives });
            }
        }
        keep_each_once(&mut self.enps, first_enp);
        keep_each_once(&mut self.texts, first_text);
    }

    /// Takes over the numbers of other persons.
    pub fn merge(&mut self, other: Self) {
        self.enps.extend(other.enps);
        self.texts.extend(other.texts);
    }

    /// The rows in order, as batches of a row group at most.
    pub fn into_batches(mut self) -> Result<Vec<RecordBatch>, PublishError> {
        rayon::join(|| self.enps.par_sort_unstable(), || self.texts.par_sort_unstable());
        // A kind of 3 is an ENP, so that the others come first.
        let texts: Vec<RecordBatch> = self.texts.par_chunks(ROW_GROUP_ROWS).map(text_batch).collect::<Result<_, _>>()?;
        let enps: Vec<RecordBatch> = self.enps.par_chunks(ROW_GROUP_ROWS).map(enp_batch).collect::<Result<_, _>>()?;
        Ok([texts, enps].concat())
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

/// Kind and number of an old policy or a certificate; an attachment may leave the kind open.
fn number_of<'t>(view: RunView<'t>, record: u32) -> (u8, &'t str) {
    match view.records.at(record).policy_kind {
        SINGLE_SAMPLE => (SINGLE_SAMPLE, ""),
        kind => (kind, view.records.text(record, TextKind::PolicyNumber)),
    }
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

fn enp_batch(numbers: &[EnpRow]) -> Result<RecordBatch, PublishError> {
    let mut text = TextColumn::with_capacity(numbers.len(), 16);
    numbers.iter().for_each(|number| text.push_digits::<16>(number.enp));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int32Array::from_value(i32::from(SINGLE_SAMPLE), numbers.len())),
        text.finish(),
        Arc::new(Int64Array::from_iter_values(numbers.iter().map(|number| number.person_id))),
        Arc::new(numbers.iter().map(|number| Some(number.survives)).collect::<BooleanArray>()),
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
