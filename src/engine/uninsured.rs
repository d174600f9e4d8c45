//! Attachments in force of persons who are dead or not insured on the as-of date. Their clinics have to end these attachments or to clear them up (SEM-182).
//!
//! The basis are the rows of clinics, not stays: stays end with the insurance or death of the person, and some records
//! make no stay.

use super::person::{Subject, SubjectDecision};
use super::record_view::RecordView;
use sverka_kernel::identity::RecordIndex;
use sverka_kernel::timeline::{ClinicClaims, DatedRecord, Outcome, Stay, Stays, end_records};
use sverka_model::{AttachmentRecord, Date, Profile};

/// An attachment record in force of a person who is not insured.
#[derive(Clone, Copy)]
pub(super) struct UninsuredAttachment<'p> {
    /// Index of the record.
    pub index: RecordIndex,
    /// The record, ended by the notice of its clinic if there is one.
    pub record: &'p AttachmentRecord,
    /// Day of death, if it is not after the as-of date; otherwise never.
    pub death: Date,
    /// The last insurance stay that began on or before the as-of date.
    pub last_insurance: Option<&'p Stay>,
}

/// Person who is not insured on the as-of date.
#[derive(Clone, Copy)]
pub(super) struct UninsuredPerson<'p> {
    /// Day of death or never.
    pub death: Date,
    /// Insurance stays. None of them covers the as-of date.
    pub insurance: &'p Stays,
    /// Decisions about the person's records.
    pub decisions: &'p [SubjectDecision],
}

impl UninsuredPerson<'_> {
    /// Calls `each` for the attachment records in force on the as-of date, by profile and order of records. A record is
    /// in force if it has begun, did not lose to another clinic, and was not ended by its own end, by the ages that its
    /// clinic serves or by the end of the work of the clinic.
    #[cold]
    #[inline(never)]
    pub fn attachments(
        &self,
        view: RecordView<'_>,
        records: &[DatedRecord<&AttachmentRecord>],
        mut each: impl FnMut(&UninsuredAttachment<'_>),
    ) {
        let (clinics, day) = (&view.job.clinics, view.job.as_of);
        let begun = self.insurance.as_slice().partition_point(|stay| stay.from <= day);
        let last_insurance = self.insurance.as_slice()[..begun].last();
        let death = if self.death <= day { self.death } else { Date::NEVER };
        for profile in Profile::ALL {
            let profile_records = records.iter().filter(|dated| dated.record.profile == profile).copied();
            for DatedRecord { index, record, .. } in
                &end_records(profile_records, Date::EARLIEST, clinics.succession(), &mut Vec::new())
            {
                let in_force = record.attached_from <= day && day < ClinicClaims::end_without_death(record, clinics);
                if in_force && !self.has_lost(*index) {
                    each(&UninsuredAttachment { index: *index, record, death, last_insurance });
                }
            }
        }
    }

    /// Whether an attachment record lost a decision for good.
    fn has_lost(&self, record: RecordIndex) -> bool {
        let against = |SubjectDecision { subject, decision }: &SubjectDecision| {
            matches!(subject, Subject::Clinic(_)) && decision.loser == record && decision.outcome != Outcome::Deferred
        };
        self.decisions.iter().any(against)
    }
}
