//! Rows of `person_ids` and `person_events`.

use std::sync::Arc;

use arrow::array::{BooleanArray, Int64Array, RecordBatch, StringArray};

use super::columns::DictionaryColumn;
use super::rows::SharedTexts;
use sverka_kernel::identity::{IdentityRow, PersonEvent};
use sverka_model::PersonId;
use sverka_publish::{OutputTable, PublishError};

/// Arrow batch of rows of `person_ids`.
pub(in crate::engine) fn person_id_batch(rows: &[IdentityRow]) -> Result<RecordBatch, PublishError> {
    OutputTable::PersonIds.spec().batch(vec![
        Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.identity.number()))),
        Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.id.number()))),
        Arc::new(rows.iter().map(|row| some(row.state.taken_over_by)).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|row| Some(row.state.is_gone)).collect::<BooleanArray>()),
        Arc::new(rows.iter().map(|row| Some(row.state.spans)).collect::<BooleanArray>()),
    ])
}

/// Arrow batch of rows of `person_events`.
pub(in crate::engine) fn person_event_batch(rows: &[PersonEvent], texts: &SharedTexts) -> Result<RecordBatch, PublishError> {
    let mut rules = DictionaryColumn::with_capacity(rows.len());
    rows.iter().for_each(|row| rules.push_option(row.rule.map(|rule| rule as u32)));
    OutputTable::PersonEvents.spec().batch(vec![
        Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.id.number()))),
        Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.event.name()))),
        Arc::new(rows.iter().map(|row| some(row.other)).collect::<Int64Array>()),
        rules.finish(&texts.rules),
    ])
}

/// Number of an id; `None` for none.
fn some(id: PersonId) -> Option<i64> {
    (id != PersonId::NONE).then_some(id.number())
}
