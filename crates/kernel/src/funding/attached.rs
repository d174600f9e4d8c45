//! Funded heads of the therapeutic profile by insurer and clinic, which weigh points and results.

use std::collections::BTreeMap;

use sverka_model::{ClinicId, InsurerId, Profile};
use sverka_reference::{DayId, Tariff};

use super::exact::Fraction;
use super::heads::{CountedProfiles, PeopleCounts};

/// Funded heads, summed over days.
#[derive(Clone, Debug)]
pub(super) struct AttachedHeads {
    /// Number of the days.
    days: u64,
    /// Heads of each clinic by insurer.
    clinics: BTreeMap<ClinicId, BTreeMap<InsurerId, u64>>,
}

impl AttachedHeads {
    /// The heads of some days.
    pub fn new(counts: &PeopleCounts, tariff: &Tariff, days: &[DayId]) -> Self {
        let profile = CountedProfiles::new(tariff).index(Profile::THERAPEUTIC).expect("invariant: it is always counted");
        let mut clinics: BTreeMap<ClinicId, BTreeMap<InsurerId, u64>> = BTreeMap::new();
        let rows = days.iter().filter_map(|day| counts.attached(*day, profile)).flat_map(|heads| heads.iter());
        for row in rows.filter(|row| row.heads.funded > 0) {
            *clinics.entry(row.clinic).or_default().entry(row.insurer).or_default() += row.heads.funded;
        }
        Self { days: days.len() as u64, clinics }
    }

    /// Heads of a clinic by insurer, in units of [`Self::number`].
    pub fn by_insurer(&self, clinic: ClinicId) -> impl Iterator<Item = (InsurerId, u64)> + '_ {
        self.clinics.get(&clinic).into_iter().flatten().map(|(insurer, units)| (*insurer, *units))
    }

    /// Heads of a clinic, in units of [`Self::number`].
    pub fn of_clinic(&self, clinic: ClinicId) -> u64 {
        self.by_insurer(clinic).map(|(_, units)| units).sum()
    }

    /// A number of heads from units: the mean of the days.
    pub fn number(&self, units: u64) -> Fraction {
        Fraction::from_integer(units).divided_by(&Fraction::from_integer(self.days)).expect("invariant: there is a day")
    }
}
