//! Rows of `overrides`: the outcome of each decision by people.

use std::sync::Arc;

use arrow::array::{BooleanArray, Date32Array, Int32Array, Int64Array, Int64Builder, ListBuilder, RecordBatch, StringArray};

use crate::job::Job;
use sverka_model::{Date, PersonId};
use sverka_publish::{OutputTable, PublishError};
use sverka_settings::{Entry, EntryState, Ruling, StayRuling};

/// Outcome of an entry of the overrides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) struct EntryOutcome {
    pub state: EntryState,
    /// Ids of the persons whose records the entry names, ascending.
    pub persons: Vec<PersonId>,
    /// Number of records that the entry changed.
    pub records: u64,
}

/// Rows of all entries, in the order of their lines.
pub(in crate::engine) fn overrides(job: &Job, outcomes: &[EntryOutcome]) -> Result<RecordBatch, PublishError> {
    let entries = job.overrides.entries();
    let stays = || entries.iter().map(|entry| stay(&entry.ruling));
    let codes = entries.iter().map(|entry| code(job, &entry.ruling));
    let profiles = entries.iter().map(|entry| match &entry.ruling {
        Ruling::Clinic(_, profile) => Some(i32::from(profile.code())),
        _ => None,
    });
    let spec = OutputTable::Overrides.spec();
    let texts = |text: &dyn Fn(&Entry) -> &str| Arc::new(StringArray::from_iter_values(entries.iter().map(text)));
    let mut persons = ListBuilder::new(Int64Builder::new()).with_field(spec.element("persons"));
    for outcome in outcomes {
        outcome.persons.iter().for_each(|id| persons.values().append_value(id.number()));
        persons.append(true);
    }
    spec.batch(vec![
        Arc::new(Int64Array::from_iter_values(entries.iter().map(|entry| entry.line as i64))),
        texts(&|entry| entry.ruling.name()),
        Arc::new(StringArray::from_iter_values(outcomes.iter().map(|outcome| outcome.state.name()))),
        Arc::new(entries.iter().map(|entry| Some(entry.review_due)).collect::<BooleanArray>()),
        Arc::new(persons.finish()),
        Arc::new(Int64Array::from_iter_values(outcomes.iter().map(|outcome| outcome.records as i64))),
        texts(&|entry| &entry.author),
        texts(&|entry| &entry.reason),
        Arc::new(Date32Array::from_iter_values(entries.iter().map(|entry| entry.decided_on.days()))),
        Arc::new(entries.iter().map(|entry| entry.until.map(|until| until.days())).collect::<Date32Array>()),
        Arc::new(codes.collect::<StringArray>()),
        Arc::new(profiles.collect::<Int32Array>()),
        Arc::new(stays().map(|stay| stay.map(|stay| stay.from.days())).collect::<Date32Array>()),
        Arc::new(stays().map(|stay| stay.and_then(|stay| stay.to.known()).map(Date::days)).collect::<Date32Array>()),
    ])
}

/// Code of the insurer or clinic in an entry.
fn code<'j>(job: &'j Job, ruling: &Ruling) -> Option<&'j str> {
    match ruling {
        Ruling::Insurer(stay) => Some(job.insurers.get(stay.organisation.insurer()).code.as_str()),
        Ruling::Clinic(stay, _) => Some(job.clinics.get(stay.organisation.clinic()).code.as_str()),
        _ => None,
    }
}

fn stay(ruling: &Ruling) -> Option<&StayRuling> {
    match ruling {
        Ruling::Insurer(stay) | Ruling::Clinic(stay, _) => Some(stay),
        _ => None,
    }
}
