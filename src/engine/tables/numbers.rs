//! `numbers`: every policy number ever used, whose it is, and whether it survives.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int32Array, Int64Array, RecordBatch, StringBuilder};
use rayon::prelude::*;

use super::rows::push_digits;
use crate::engine::person::RunView;
use crate::engine::register_row::RegisterRow;
use crate::intake::TextKind;
use crate::publish::{OutputTable, PublishError, ROW_GROUP_ROWS};

/// A number of a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) struct NumberRow {
    kind: u8,
    text: Box<str>,
    enp: u64,
    person_id: i64,
    survives: bool,
}

const SINGLE_SAMPLE: u8 = 3;

/// Adds the numbers of one person, each once.
pub(in crate::engine) fn collect(view: RunView<'_>, id: i64, of_person: &[u32], row: &RegisterRow, into: &mut Vec<NumberRow>) {
    let first = into.len();
    let surviving = row.record.map(|record| number_of(view, record));
    for &record in of_person {
        let Some(identity) = view.records.identity(record) else { continue };
        if identity.enp != 0 && !into[first..].iter().any(|known| known.enp == identity.enp) {
            let survives = row.record.is_some() && identity.enp == row.enp;
            into.push(NumberRow { kind: SINGLE_SAMPLE, text: Box::default(), enp: identity.enp, person_id: id, survives });
        }
        let number = number_of(view, record);
        let known = |known: &NumberRow| known.enp == 0 && (known.kind, &*known.text) == number;
        if !number.1.is_empty() && !into[first..].iter().any(known) {
            into.push(NumberRow {
                kind: number.0,
                text: number.1.into(),
                enp: 0,
                person_id: id,
                survives: surviving == Some(number),
            });
        }
    }
}

/// Kind and number of an old policy or a certificate; an attachment may leave the kind open.
fn number_of(view: RunView<'_>, record: u32) -> (u8, &str) {
    match view.records.identity(record).map(|identity| identity.policy_kind) {
        None | Some(SINGLE_SAMPLE) => (SINGLE_SAMPLE, ""),
        Some(kind) => (kind, view.records.text(record, TextKind::PolicyNumber)),
    }
}

/// The rows in order, as batches of a row group each.
pub(in crate::engine) fn number_batches(mut numbers: Vec<NumberRow>) -> Result<Vec<RecordBatch>, PublishError> {
    numbers.par_sort_unstable();
    numbers.par_chunks(ROW_GROUP_ROWS).map(batch).collect()
}

fn batch(numbers: &[NumberRow]) -> Result<RecordBatch, PublishError> {
    let mut text = StringBuilder::with_capacity(numbers.len(), numbers.len() * 16);
    for number in numbers {
        if number.enp == 0 {
            text.append_value(&number.text);
        } else {
            push_digits(&mut text, number.enp, 16);
        }
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(numbers.iter().map(|number| (number.kind != 0).then_some(i32::from(number.kind))).collect::<Int32Array>()),
        Arc::new(text.finish()),
        Arc::new(numbers.iter().map(|number| number.person_id).collect::<Int64Array>()),
        Arc::new(numbers.iter().map(|number| Some(number.survives)).collect::<BooleanArray>()),
    ];
    OutputTable::Numbers.spec().batch(columns)
}
