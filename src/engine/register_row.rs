//! The register on the as-of date: the row of one person, and the numbers that survive.

#[cfg(test)]
mod tests;

use super::view::RunView;
use sverka_kernel::identity::{AnyRecord, Records};
use sverka_kernel::timeline::{Change, Claim, Stay, Stays};
use sverka_model::Date;
use sverka_model::InternedText;
use sverka_reference::Work;

/// What the register says of one person.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RegisterRow {
    /// The stay that covers the as-of date; none: the person is not in the register.
    pub insurance: Option<Stay>,
    /// The record that the row's policy, name and document come from; for a person who is not in the register, that of the last stay.
    pub record: Option<u32>,
    /// ENP, filled from the person's other records when these agree; 0 when absent.
    pub enp: u64,
    /// SNILS, filled likewise; 0 when absent.
    pub snils: u64,
    /// Full years on the as-of date, of who is in the register.
    pub age: i32,
    /// The therapeutic stay that covers the as-of date.
    pub clinic: Option<Attached>,
}

/// The therapeutic stay of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attached {
    /// The stay.
    pub stay: Stay,
    /// The record that speaks for it.
    pub record: Option<u32>,
    /// District of the clinic; none when not known.
    pub district: InternedText,
    /// SNILS of the doctor, likewise.
    pub doctor_snils: InternedText,
}

impl RegisterRow {
    /// The profile that counts for the register: therapeutic.
    pub const PROFILE: u8 = 1;

    /// The row of a person with these insurance stays, without a clinic yet.
    pub fn insured(view: RunView<'_>, of_person: &[u32], stays: &Stays, claims: &[Claim]) -> Self {
        let day = view.job.as_of;
        let insurance = stays.on(day).copied();
        let Some(stay) = insurance.as_ref().or(stays.as_slice().last()) else { return Self::default() };
        let record = speaking_claim(stays, stay, claims, day, |claim| claim.applied_on).record;
        let own = view.records.at(record);
        Self {
            insurance,
            record: Some(record),
            enp: filled(own.enp, of_person, &|other| view.records.at(other).enp),
            snils: filled(own.snils, of_person, &|other| view.records.at(other).snils),
            age: if insurance.is_some() { own.birth_date.age_on(day) } else { 0 },
            clinic: None,
        }
    }

    /// Adds the clinic of the therapeutic stay that covers the as-of date. District and doctor are those of the record that speaks for it, but for
    /// `changes` that came no earlier than that record; of these, which are in their order, the last that gives a value.
    pub fn attach(&mut self, view: RunView<'_>, stays: &Stays, claims: &[Claim], changes: &[Change]) {
        let day = view.job.as_of;
        let Some(stay) = stays.on(day).filter(|_| self.insurance.is_some()) else { return };
        // Where people decided on the clinic, there may be no record of it.
        let speaking = if stay.decided_by.is_none() {
            Some(speaking_claim(stays, stay, claims, day, |claim| claim.from))
        } else {
            speaking_claim_of_clinic(view, stays, stay, claims)
        };
        let record = speaking.map(|claim| claim.record);
        let mut attached = Attached { stay: *stay, record, district: InternedText::NONE, doctor_snils: InternedText::NONE };
        let since = speaking.map_or(Date::EARLIEST, |claim| claim.from);
        if let Some(speaking) = speaking {
            attached.take_data(view, speaking.record);
        }
        for change in changes.iter().filter(|change| change.concerns(stay) && since <= change.day && change.day <= day) {
            attached.take_data(view, change.record);
        }
        self.clinic = Some(attached);
    }

    /// Whether the head is funded: neither stay unresolved, the clinic at which it is counted working and attachable on the as-of date.
    pub fn funded(&self, view: RunView<'_>) -> bool {
        let (Some(insurance), Some(Attached { stay: attachment, .. })) = (self.insurance, self.clinic) else { return false };
        let clinic = view.job.clinics.get(view.job.clinics.counted_at(attachment.organisation.clinic()));
        !insurance.unresolved && !attachment.unresolved && clinic.attachable && clinic.on(view.job.as_of) != Work::None
    }
}

impl Attached {
    /// Takes over what an attachment record gives.
    #[inline]
    fn take_data(&mut self, view: RunView<'_>, record: u32) {
        let AnyRecord::Attachment(record) = view.records.get(record) else { return };
        for (data, given) in [(&mut self.district, record.district), (&mut self.doctor_snils, record.doctor_snils)] {
            if given != InternedText::NONE {
                *data = given;
            }
        }
    }
}

/// A value of a record, or else the one that the person's other records agree on; 0 when absent.
pub(super) fn filled(own: u64, of_person: &[u32], of: &dyn Fn(u32) -> u64) -> u64 {
    if own == 0 { agreed(of_person, of) } else { own }
}

/// The one value that the person's records know; 0 when they know none or several.
fn agreed(of_person: &[u32], value: &dyn Fn(u32) -> u64) -> u64 {
    let mut known = of_person.iter().map(|&record| value(record)).filter(|&value| value != 0);
    match known.next() {
        Some(first) if known.all(|other| other == first) => first,
        _ => 0,
    }
}

/// The register record behind the row.
pub(super) fn register<'t>(records: Records<'t>, index: u32) -> Option<&'t sverka_model::RegisterRecord> {
    match records.get(index) {
        AnyRecord::Register(record) => Some(record),
        AnyRecord::Attachment(_) => None,
    }
}

/// The claim that speaks for a stay on `day`: of those that cover the day (else of all) the latest application, the latest source, the largest
/// position.
fn speaking_claim<'p>(
    stays: &'p Stays,
    stay: &Stay,
    claims: &'p [Claim],
    day: Date,
    applied_on: impl Fn(&Claim) -> Date,
) -> &'p Claim {
    let of_stay = || stays.claims_of(stay).iter().map(|&index| &claims[index as usize]);
    let rank = |claim: &&Claim| (applied_on(claim), claim.source_date, claim.record);
    let speaking = of_stay().filter(|claim| claim.covers(day)).max_by_key(rank).or_else(|| of_stay().max_by_key(rank));
    speaking.expect("invariant: a stay rests on a record")
}

/// As [`speaking_claim`] on the as-of date, among the claims to the stay's own clinic.
#[cold]
fn speaking_claim_of_clinic<'p>(view: RunView<'_>, stays: &Stays, stay: &Stay, claims: &'p [Claim]) -> Option<&'p Claim> {
    let day = view.job.as_of;
    let own = |claim: &&Claim| view.job.clinics.succession().read_on(claim.organisation, day) == stay.organisation;
    let of_stay = stays.claims_of(stay).iter().map(|&index| &claims[index as usize]).filter(own);
    of_stay.max_by_key(|claim| (claim.covers(day), claim.from, claim.source_date, claim.record))
}
