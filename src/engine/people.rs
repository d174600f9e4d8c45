//! Counting people of one person after another: who is insured, attached and funded on each count day.
//!
//! The as-of date with the therapeutic profile is counted from the register row, which is known anyway. A further day or profile costs one search in
//! the stays of the person.

use super::record_view::RecordView;
use super::register_row::{RegisterRow, register};
use sverka_kernel::funding::{CountedProfiles, PeopleCounts};
use sverka_kernel::timeline::{Stay, Stays};
use sverka_model::{Date, Profile, Sex};
use sverka_reference::{DayId, Tariff, WorkStatus};

/// Counter of people, with the stays of the current person on each count day.
#[derive(Debug)]
pub(super) struct PeopleCounter {
    days: Vec<Date>,
    profiles: CountedProfiles,
    /// Insurance of the current person on each day behind the as-of date.
    insurance: Vec<Option<Stay>>,
    /// Attachment of the current person by day and profile.
    attachments: Vec<Option<Stay>>,
    /// Bits of the profiles that no care pays for and in which the current person is attached on the as-of date.
    unpaid: u32,
}

impl PeopleCounter {
    /// A counter of the days and profiles of a tariff.
    pub fn new(tariff: &Tariff) -> Self {
        let profiles = CountedProfiles::new(tariff);
        let combinations = tariff.days.len() * profiles.as_slice().len();
        Self {
            insurance: vec![None; tariff.days.len()],
            attachments: vec![None; combinations],
            unpaid: 0,
            days: tariff.days.clone(),
            profiles,
        }
    }

    /// Takes the insurance stays of the next person.
    #[inline]
    pub fn take_insurance(&mut self, stays: &Stays) {
        for (index, day) in self.days.iter().enumerate().skip(1) {
            self.insurance[index] = stays.on(*day).copied();
        }
        self.attachments.fill(None);
        self.unpaid = 0;
    }

    /// Takes the attachment stays of the person in a profile.
    #[inline]
    pub fn take_attachments(&mut self, profile: Profile, stays: &Stays) {
        let Some(profile_index) = self.profiles.index(profile) else {
            self.unpaid |= if stays.on(self.days[DayId::AS_OF.index()]).is_some() { profile.bit() } else { 0 };
            return;
        };
        let is_in_register_row = profile == RegisterRow::PROFILE;
        for (index, day) in self.days.iter().enumerate().skip(usize::from(is_in_register_row)) {
            self.attachments[index * self.profiles.as_slice().len() + profile_index] = stays.on(*day).copied();
        }
    }

    /// Counts the person, whose sex and birth date are those of the register row.
    #[inline]
    pub fn count(&self, view: RecordView<'_>, row: &RegisterRow, counts: &mut PeopleCounts) {
        let Some(record) = row.record.and_then(|record| register(view.records, record)) else { return };
        let sex = Sex::from_code(record.identity.sex).expect("invariant: a register record has a sex");
        let birth_date = record.identity.birth_date;
        if self.unpaid != 0 && row.insurance.is_some() {
            for profile in Profile::ALL.into_iter().filter(|profile| self.unpaid & profile.bit() != 0) {
                *counts.unpaid.entry(profile).or_default() += 1;
            }
        }
        for (index, &day) in self.days.iter().enumerate() {
            let is_as_of = index == DayId::AS_OF.index();
            let Some(insurance) = (if is_as_of { row.insurance } else { self.insurance[index] }) else { continue };
            let cell = view.job.tariff.cell(sex, birth_date.age_on(day));
            let insurer = insurance.organisation.insurer();
            let day_counts = counts.day(DayId::new(index));
            day_counts.insured.add(insurer, cell);
            for (profile_index, &profile) in self.profiles.as_slice().iter().enumerate() {
                let attachment = if is_as_of && profile == RegisterRow::PROFILE {
                    row.clinic.map(|attached| attached.stay)
                } else {
                    self.attachments[index * self.profiles.as_slice().len() + profile_index]
                };
                let Some(attachment) = attachment else { continue };
                let clinic = view.job.clinics.counted_at(attachment.organisation.clinic());
                let funded = is_funded(view, &insurance, &attachment, day);
                day_counts.attached(profile_index).add(insurer, clinic, cell, funded);
            }
        }
    }
}

/// Whether a head is funded on a day: no stay is unresolved, and the clinic at which the person is counted works and is attachable on the day.
fn is_funded(view: RecordView<'_>, insurance: &Stay, attachment: &Stay, day: Date) -> bool {
    let clinic = view.job.clinics.get(view.job.clinics.counted_at(attachment.organisation.clinic()));
    !insurance.unresolved && !attachment.unresolved && clinic.attachable && clinic.work_status_on(day) != WorkStatus::NotWorking
}
