//! Heads of a care: people of its days, at their clinics or stations, in its bands; means of several days.
//!
//! Heads are whole numbers of `1 / per`: the mean of two days counts halves.
//!
//! ```text
//! 1 October   1 November   sum   per   mean      whole
//! 3           4            7     2     3 1/2     4
//! ```

use std::collections::BTreeMap;

use sverka_model::{ClinicId, InsurerId};
use sverka_reference::{Care, DayId, HeadMean, HeadSource, Tariff};

use super::exact::Fraction;
use super::heads::{CountedProfiles, HeadCounts, PeopleCounts};

/// An insurer and a clinic at which its people are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    pub insurer: InsurerId,
    pub clinic: ClinicId,
}

/// Heads of one insurer at one clinic, in units of `1 / per`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PairHeads {
    /// Heads by band.
    pub bands: Vec<u64>,
    /// Heads of all bands. They are whole when the mean of the pair is.
    pub all: u64,
}

/// Funded heads of a care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CareHeads {
    /// Units of a head.
    pub per: u64,
    /// Heads of pairs that have any.
    pub pairs: BTreeMap<Pair, PairHeads>,
    /// Heads of clinics that no station serves, in units; they count nowhere.
    pub unserved: BTreeMap<ClinicId, u64>,
}

/// Heads of one clinic, in units of `1 / per`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ClinicHeads {
    /// Heads by band.
    pub bands: Vec<u64>,
    /// Heads of all bands.
    pub all: u64,
}

impl CareHeads {
    /// The heads that a care pays for.
    pub fn paid(counts: &PeopleCounts, tariff: &Tariff, care: &Care) -> Self {
        let mut heads = Self::new(counts, tariff, care, &care.heads);
        heads.pairs.retain(|_, heads| heads.all > 0);
        heads
    }

    /// The heads whose composition counts for a care, also those of pairs too small for a whole head.
    pub fn of_composition(counts: &PeopleCounts, tariff: &Tariff, care: &Care) -> Self {
        let mut heads = Self::new(counts, tariff, care, &care.composition);
        heads.pairs.retain(|_, heads| heads.bands.iter().any(|units| *units > 0));
        heads
    }

    fn new(counts: &PeopleCounts, tariff: &Tariff, care: &Care, days: &[DayId]) -> Self {
        let profile = CountedProfiles::new(tariff).index(care.profile()).expect("invariant: profiles of cares are counted");
        let mut sums = Self { per: days.len() as u64, pairs: BTreeMap::new(), unserved: BTreeMap::new() };
        for &day in days {
            if let Some(heads) = counts.attached(day, profile) {
                sums.add_day(heads, tariff, care, day);
            }
        }
        let Self { per, mut pairs, unserved } = sums;
        pairs.values_mut().for_each(|heads| heads.take_mean(care.head_mean, per));
        Self { per: if care.head_mean == HeadMean::WholeByBand { 1 } else { per }, pairs, unserved }
    }

    /// Adds the funded heads of one day.
    fn add_day(&mut self, heads: &HeadCounts, tariff: &Tariff, care: &Care, day: DayId) {
        let bands = tariff.bands_of(care).bands.len();
        for row in heads.iter().filter(|row| row.heads.funded > 0) {
            let Some(clinic) = serving(care, day, row.clinic) else {
                *self.unserved.entry(row.clinic).or_default() += row.heads.funded;
                continue;
            };
            let of_pair = self.pairs.entry(Pair { insurer: row.insurer, clinic });
            let of_pair = of_pair.or_insert_with(|| PairHeads { bands: vec![0; bands], all: 0 });
            of_pair.bands[usize::from(tariff.cells.band(care.band_set, row.cell).number())] += row.heads.funded;
            of_pair.all += row.heads.funded;
        }
    }

    /// Heads by clinic.
    pub fn clinics(&self) -> BTreeMap<ClinicId, ClinicHeads> {
        let mut clinics: BTreeMap<ClinicId, ClinicHeads> = BTreeMap::new();
        for (pair, heads) in &self.pairs {
            let clinic = clinics.entry(pair.clinic).or_default();
            clinic.bands.resize(heads.bands.len(), 0);
            clinic.bands.iter_mut().zip(&heads.bands).for_each(|(sum, heads)| *sum += heads);
            clinic.all += heads.all;
        }
        clinics
    }

    /// A number of heads from units.
    pub fn number(&self, units: u64) -> Fraction {
        Fraction::from_integer(units).divided_by(&Fraction::from_integer(self.per)).expect("invariant: a care has a day")
    }
}

/// The clinic or station at which the people of a clinic are counted for a care.
fn serving(care: &Care, day: DayId, clinic: ClinicId) -> Option<ClinicId> {
    match &care.source {
        HeadSource::Profile(_) => Some(clinic),
        HeadSource::Stations(stations) => stations.by_day.get(&day)?.get(&clinic).copied(),
    }
}

impl PairHeads {
    /// Makes heads whole as the care has it. The sums are those of `per` days.
    fn take_mean(&mut self, mean: HeadMean, per: u64) {
        let whole = |units: u64| (2 * units + per) / (2 * per);
        match mean {
            HeadMean::Exact => {}
            HeadMean::WholeByBand => {
                self.bands.iter_mut().for_each(|units| *units = whole(*units));
                self.all = self.bands.iter().sum();
            }
            HeadMean::WholeByClinic => self.all = whole(self.all) * per,
        }
    }
}
