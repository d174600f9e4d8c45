//! Rows of `insurers` and `clinics`: the reference tables of the run, so that codes of other tables have names.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, RecordBatch, StringArray};

use crate::job::Job;
use sverka_model::{ClinicId, Date, OrganisationId};
use sverka_publish::{OutputTable, PublishError};
use sverka_reference::{AgesServed, Succession, WorkingPeriod};

/// Rows of `insurers`.
pub(in crate::engine) fn insurers(job: &Job) -> Result<RecordBatch, PublishError> {
    let (all, succession) = (&job.insurers, job.insurers.succession());
    let code = |id: OrganisationId| all.get(id.insurer()).code.as_str();
    let [successors, read_as] = links(job, all.len(), succession, &code);
    OutputTable::Insurers.spec().batch(vec![
        texts(all.iter().map(|insurer| Some(insurer.code.as_str()))),
        texts(all.iter().map(|insurer| insurer.region.as_deref())),
        texts(all.iter().map(|insurer| insurer.name.as_deref())),
        first_days(all.iter().map(|insurer| insurer.works)),
        ends(all.iter().map(|insurer| insurer.works)),
        successors,
        read_as,
    ])
}

/// Rows of `clinics`.
pub(in crate::engine) fn clinics(job: &Job) -> Result<RecordBatch, PublishError> {
    let (all, succession) = (&job.clinics, job.clinics.succession());
    let code = |id: OrganisationId| all.get(id.clinic()).code.as_str();
    let [successors, read_as] = links(job, all.len(), succession, &code);
    let counted_at = |id| Some(all.get(all.counted_at(succession.read_on(id, job.as_of).clinic())).code.as_str());
    OutputTable::Clinics.spec().batch(vec![
        texts(all.iter().map(|clinic| Some(clinic.code.as_str()))),
        texts(all.iter().map(|clinic| clinic.oid.as_deref())),
        texts(all.iter().map(|clinic| clinic.region.as_deref())),
        texts(all.iter().map(|clinic| clinic.name.as_deref())),
        Arc::new(all.iter().map(|clinic| Some(clinic.attachable)).collect::<BooleanArray>()),
        texts(all.iter().map(|clinic| Some(ages(clinic.ages)))),
        first_days(all.iter().map(|clinic| clinic.works)),
        ends(all.iter().map(|clinic| clinic.works)),
        successors,
        read_as,
        texts((0..).map(ClinicId::new).take(all.len()).map(counted_at)),
    ])
}

fn ages(served: AgesServed) -> &'static str {
    match served {
        AgesServed::All => "all",
        AgesServed::Children => "children",
        AgesServed::Adults => "adults",
    }
}

/// Two columns of codes: the successor of each organisation, and the organisation that its code means on the as-of
/// date.
fn links<'j>(job: &Job, count: usize, succession: &Succession, code: &dyn Fn(OrganisationId) -> &'j str) -> [ArrayRef; 2] {
    let ids = || (0..).map(OrganisationId::new).take(count);
    [
        texts(ids().map(|id| succession.successor(id).map(code))),
        texts(ids().map(|id| Some(code(succession.read_on(id, job.as_of))))),
    ]
}

fn texts<'t>(values: impl Iterator<Item = Option<&'t str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn first_days(periods: impl Iterator<Item = WorkingPeriod>) -> ArrayRef {
    Arc::new(periods.map(|period| Some(period.from.days())).collect::<Date32Array>())
}

fn ends(periods: impl Iterator<Item = WorkingPeriod>) -> ArrayRef {
    Arc::new(periods.map(|period| period.to.known().map(Date::days)).collect::<Date32Array>())
}
