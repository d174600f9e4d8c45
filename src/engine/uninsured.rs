//! Attachments in force of people who are dead or not insured on the as-of date: rows that their clinics have to end or to clear up.
//!
//! Rows as clinics sent them are the basis, not stays: the stays of such people end with their insurance or death, and some records make none at all.

use super::person::Subject;
use super::view::RunView;
use sverka_kernel::identity::RecordIndex;
use sverka_kernel::timeline::{ClinicClaims, Decision, Outcome, PROFILES, Stay, Stays, end_records};
use sverka_model::AttachmentRecord;
use sverka_model::Date;

/// An attachment record in force of a person who is not insured.
#[derive(Clone, Copy)]
pub(super) struct UninsuredAttachment<'p> {
    /// The record's index.
    pub index: RecordIndex,
    /// The record, ended where a notice of its clinic says so.
    pub record: &'p AttachmentRecord,
    /// Day of the person's death, when it is not after the as-of date; else never.
    pub death: Date,
    /// The last insurance stay that began on or before the as-of date.
    pub last_insurance: Option<&'p Stay>,
}

/// What is known of a person who is not insured on the as-of date.
#[derive(Clone, Copy)]
pub(super) struct UninsuredPerson<'p> {
    /// Day of death or never.
    pub death: Date,
    /// The insurance stays, none of which covers the as-of date.
    pub insurance: &'p Stays,
    /// Decisions about the person's records.
    pub decisions: &'p [(Subject, Decision)],
}

impl UninsuredPerson<'_> {
    /// Calls `each` for the attachment records in force on the as-of date, by profile and position: begun by then, not over by their own end, by the age
    /// that their clinic serves, or by its work, and not given way to another clinic.
    #[cold]
    #[inline(never)]
    pub fn attachments(
        &self,
        view: RunView<'_>,
        records: &[(RecordIndex, &AttachmentRecord, Date)],
        mut each: impl FnMut(&UninsuredAttachment<'_>),
    ) {
        let (clinics, day) = (&view.job.clinics, view.job.as_of);
        let begun = self.insurance.as_slice().partition_point(|stay| stay.from <= day);
        let last_insurance = self.insurance.as_slice()[..begun].last();
        let death = if self.death <= day { self.death } else { Date::NEVER };
        for profile in PROFILES {
            let of_profile = records.iter().filter(|(_, record, _)| record.profile == profile).copied();
            for (index, record, _) in &end_records(of_profile, Date::EARLIEST, clinics.succession(), &mut Vec::new()) {
                let in_force = record.attached_from <= day && day < ClinicClaims::end_without_death(record, clinics);
                if in_force && !self.gave_way(*index) {
                    each(&UninsuredAttachment { index: *index, record, death, last_insurance });
                }
            }
        }
    }

    /// Whether a decision went against an attachment record for good.
    fn gave_way(&self, record: RecordIndex) -> bool {
        let against = |(subject, decision): &(Subject, Decision)| {
            matches!(subject, Subject::Clinic(_)) && decision.loser == record && decision.outcome != Outcome::Deferred
        };
        self.decisions.iter().any(against)
    }
}
