//! Volumes of each insurer and clinic, for the manifest: persons, heads, money. A later run is compared with them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::block_rows::PersonTotals;
use crate::job::Job;
use sverka_kernel::funding::{CountedProfiles, Funding, HeadRow};
use sverka_model::{ClinicId, InsurerId, Profile};
use sverka_publish::{SenderVolume, SenderVolumes};
use sverka_reference::DayId;

/// Volumes of all insurers and clinics that have persons.
pub(super) fn sender_volumes(job: &Job, totals: &PersonTotals, funding: &Funding) -> SenderVolumes {
    let mut insurers: BTreeMap<InsurerId, VolumeSum> = BTreeMap::new();
    let mut clinics: BTreeMap<ClinicId, VolumeSum> = BTreeMap::new();
    for (insurer, &insured) in (0..).map(InsurerId::new).zip(totals.insured.by_insurer()).filter(|(_, insured)| **insured > 0) {
        insurers.entry(insurer).or_default().insured = Some(insured);
    }
    let therapeutic = CountedProfiles::new(&job.tariff).index(Profile::THERAPEUTIC).unwrap_or_default();
    let as_of = totals.people.attached(DayId::AS_OF, therapeutic);
    for HeadRow { insurer, clinic, heads, .. } in as_of.iter().flat_map(|heads| heads.iter()) {
        insurers.entry(insurer).or_default().heads += heads.all;
        clinics.entry(clinic).or_default().heads += heads.all;
    }
    let pairs = || funding.cares.iter().flat_map(|care| &care.pairs);
    pairs().for_each(|pair| insurers.entry(pair.insurer).or_default().money += pair.amount);
    pairs().for_each(|pair| clinics.entry(pair.clinic).or_default().money += pair.amount);
    let clinic_volume = |(clinic, sum): (ClinicId, VolumeSum)| (job.clinics.get(clinic).code.clone(), sum.into_volume());
    let insurer_volume = |(insurer, sum): (InsurerId, VolumeSum)| (job.insurers.get(insurer).code.clone(), sum.into_volume());
    SenderVolumes {
        clinics: clinics.into_iter().map(clinic_volume).collect(),
        insurers: insurers.into_iter().map(insurer_volume).collect(),
    }
}

/// Volume of one insurer or clinic under summation.
#[derive(Default)]
struct VolumeSum {
    insured: Option<u64>,
    heads: u64,
    money: Decimal,
}

impl VolumeSum {
    fn into_volume(self) -> SenderVolume {
        SenderVolume { heads: self.heads, insured: self.insured, money: self.money.to_string() }
    }
}

/// Number of insured persons by insurer.
#[derive(Clone, Debug, Default)]
pub(super) struct InsuredCounts(Vec<u64>);

impl InsuredCounts {
    /// Counts one person of an insurer.
    #[inline]
    pub fn add(&mut self, insurer: InsurerId) {
        self.add_many(usize::from(insurer), 1);
    }

    /// Adds the counts of another worker.
    pub fn merge(&mut self, other: &Self) {
        other.0.iter().enumerate().for_each(|(insurer, &persons)| self.add_many(insurer, persons));
    }

    /// Number of persons of all insurers.
    pub fn sum(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Number of persons of each insurer, by index.
    pub fn by_insurer(&self) -> &[u64] {
        &self.0
    }

    #[inline]
    fn add_many(&mut self, insurer: usize, persons: u64) {
        if insurer >= self.0.len() {
            self.0.resize(insurer + 1, 0);
        }
        self.0[insurer] += persons;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_merge_to_the_whole() {
        let (mut one, mut other) = (InsuredCounts::default(), InsuredCounts::default());
        one.add(InsurerId::new(1));
        [3, 1, 3].into_iter().for_each(|insurer| other.add(InsurerId::new(insurer)));
        one.merge(&other);
        assert_eq!((one.by_insurer(), one.sum()), (&[0, 2, 0, 2][..], 4));
    }
}
