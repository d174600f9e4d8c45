//! Rows of `missing_senders`.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, RecordBatch, StringArray};

use crate::engine::senders::date_of;
use sverka_publish::{MissingSender, OutputTable, PublishError};

/// Rows of `missing_senders`: expected senders that have sent nothing since a day.
pub(in crate::engine) fn missing_senders(missing: &[MissingSender]) -> Result<RecordBatch, PublishError> {
    let texts = |value: &dyn Fn(&MissingSender) -> Option<String>| -> ArrayRef {
        Arc::new(missing.iter().map(value).collect::<StringArray>())
    };
    let days = |value: &dyn Fn(&MissingSender) -> Option<String>| -> ArrayRef {
        let day = |missing: &MissingSender| Some(date_of(&value(missing)?)?.days());
        Arc::new(missing.iter().map(day).collect::<Date32Array>())
    };
    OutputTable::MissingSenders.spec().batch(vec![
        texts(&|missing| Some(missing.table.clone())),
        texts(&|missing| Some(missing.sender.clone())),
        texts(&|missing| missing.name.clone()),
        days(&|missing| Some(missing.since.clone())),
        days(&|missing| missing.last_source_date.clone()),
        texts(&|missing| Some(missing.then.clone())),
    ])
}
