//! Register row of one person on the as-of date, with the numbers that survive.

#[cfg(test)]
mod tests;

use super::record_view::RecordView;
use sverka_kernel::identity::{AnyRecord, Records};
use sverka_kernel::timeline::{Change, Claim, Stay, Stays};
use sverka_model::{Date, Enp, InternedText, Profile, Snils};

/// Register row of one person.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RegisterRow {
    /// Insurance stay that covers the as-of date; `None`: the person is not in the register.
    pub insurance: Option<Stay>,
    /// Leading record: source of policy, name and document. For a person who is not in the register, the leading record of the last stay.
    pub record: Option<u32>,
    /// ENP of the leading record or, if it has none, of the other records if they agree; none when absent.
    pub enp: Enp,
    /// SNILS of the leading record or, if it has none, of the other records if they agree; none when absent.
    pub snils: Snils,
    /// Age in full years on the as-of date; 0 for a person who is not in the register.
    pub age: i32,
    /// Therapeutic attachment that covers the as-of date.
    pub clinic: Option<AttachedClinic>,
}

/// Therapeutic attachment of a register row.
#[derive(Clone, Copy, Debug)]
pub(super) struct AttachedClinic {
    /// Attachment stay.
    pub stay: Stay,
    /// Leading record of the stay.
    pub record: Option<u32>,
    /// District of the clinic; `NONE` when not known.
    pub district: InternedText,
    /// SNILS of the doctor; `NONE` when not known.
    pub doctor_snils: InternedText,
}

impl RegisterRow {
    /// Profile that counts for the register: therapeutic.
    pub const PROFILE: Profile = Profile::THERAPEUTIC;

    /// Row of a person with these insurance stays, without a clinic.
    pub fn insured(view: RecordView<'_>, of_person: &[u32], stays: &Stays, claims: &[Claim]) -> Self {
        let day = view.job.as_of;
        let insurance = stays.on(day).copied();
        let Some(stay) = insurance.as_ref().or(stays.as_slice().last()) else { return Self::default() };
        let record = leading_claim(stays, stay, claims, day, |claim| claim.applied_on).record;
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

    /// Adds the clinic of the therapeutic stay that covers the as-of date. District and doctor come from the leading record. A later change of the same
    /// clinic replaces them; the last change with a value counts.
    pub fn attach(&mut self, view: RecordView<'_>, stays: &Stays, claims: &[Claim], changes: &[Change]) {
        let day = view.job.as_of;
        let Some(stay) = stays.on(day).filter(|_| self.insurance.is_some()) else { return };
        // A clinic by decision may have no record.
        let leading = if stay.decided_by.is_none() {
            Some(leading_claim(stays, stay, claims, day, |claim| claim.from))
        } else {
            leading_claim_of_clinic(view, stays, stay, claims)
        };
        let record = leading.map(|claim| claim.record);
        let mut attached = AttachedClinic { stay: *stay, record, district: InternedText::NONE, doctor_snils: InternedText::NONE };
        let since = leading.map_or(Date::EARLIEST, |claim| claim.from);
        if let Some(leading) = leading {
            attached.take_data(view, leading.record);
        }
        for change in changes.iter().filter(|change| change.concerns(stay) && since <= change.day && change.day <= day) {
            attached.take_data(view, change.record);
        }
        self.clinic = Some(attached);
    }
}

impl AttachedClinic {
    /// Takes district and doctor from an attachment record, if it has them.
    #[inline]
    fn take_data(&mut self, view: RecordView<'_>, record: u32) {
        let AnyRecord::Attachment(record) = view.records.get(record) else { return };
        for (data, given) in [(&mut self.district, record.district), (&mut self.doctor_snils, record.doctor_snils)] {
            if given != InternedText::NONE {
                *data = given;
            }
        }
    }
}

/// Value of a record or, if it has none, the value that the other records agree on; the default when absent.
pub(super) fn filled<N: Copy + Default + PartialEq>(own: N, of_person: &[u32], value: &dyn Fn(u32) -> N) -> N {
    if own == N::default() { agreed(of_person, value) } else { own }
}

/// The only value among the records of a person; the default if they have no value or several.
fn agreed<N: Copy + Default + PartialEq>(of_person: &[u32], value: &dyn Fn(u32) -> N) -> N {
    let mut known = of_person.iter().map(|&record| value(record)).filter(|&value| value != N::default());
    match known.next() {
        Some(first) if known.all(|other| other == first) => first,
        _ => N::default(),
    }
}

/// Register record with this index; `None` for an attachment.
pub(super) fn register<'t>(records: Records<'t>, index: u32) -> Option<&'t sverka_model::RegisterRecord> {
    match records.get(index) {
        AnyRecord::Register(record) => Some(record),
        AnyRecord::Attachment(_) => None,
    }
}

/// Leading claim of a stay on `day`: the one with the latest application, then the latest source, then the last record,
/// among the claims that cover the day. If none covers it, all claims compete.
fn leading_claim<'p>(
    stays: &'p Stays,
    stay: &Stay,
    claims: &'p [Claim],
    day: Date,
    applied_on: impl Fn(&Claim) -> Date,
) -> &'p Claim {
    let stay_claims = || stays.claims_of(stay).iter().map(|&index| &claims[index as usize]);
    let rank = |claim: &&Claim| (applied_on(claim), claim.source_date, claim.record);
    let leading = stay_claims().filter(|claim| claim.covers(day)).max_by_key(rank).or_else(|| stay_claims().max_by_key(rank));
    leading.expect("invariant: a stay rests on a record")
}

/// Leading claim of a stay by decision on the as-of date, among the claims to the clinic of the stay.
#[cold]
fn leading_claim_of_clinic<'p>(view: RecordView<'_>, stays: &Stays, stay: &Stay, claims: &'p [Claim]) -> Option<&'p Claim> {
    let day = view.job.as_of;
    let own = |claim: &&Claim| view.job.clinics.succession().read_on(claim.organisation, day) == stay.organisation;
    let own_claims = stays.claims_of(stay).iter().map(|&index| &claims[index as usize]).filter(own);
    own_claims.max_by_key(|claim| (claim.covers(day), claim.from, claim.source_date, claim.record))
}
