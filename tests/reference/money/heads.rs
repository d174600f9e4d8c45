//! The heads of a care: by insurer, clinic and band, on a day or in the mean of several.

use std::collections::{BTreeMap, BTreeSet};

use super::super::exact::Exact;
use super::{Subject, band_of, days_of};
use crate::regions::BandDef;
use crate::regions::tariff::{CareDef, DayDef, FigureRounding, MeanDef};

/// People of one insurer, clinic, sex and age on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct CountedHeads {
    /// An ISO date.
    pub day: String,
    pub profile: u8,
    pub insurer: String,
    /// The clinic at which they are counted.
    pub clinic: String,
    pub sex: String,
    pub age: i32,
    pub heads: i64,
    pub funded: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    pub insurer: String,
    pub clinic: String,
}

const WHOLE: FigureRounding = FigureRounding::To { decimals: 0, mode: "half_up" };

/// The heads of a care.
pub struct PaidHeads {
    /// Heads of each band.
    bands: BTreeMap<Pair, Vec<Exact>>,
    /// All heads of each pair.
    pairs: BTreeMap<Pair, Exact>,
}

impl PaidHeads {
    pub fn new(subject: &Subject, care: &CareDef, bands: &[BandDef], days: &[DayDef]) -> PaidHeads {
        let days = days_of(days, subject.as_of);
        let mut sums: BTreeMap<Pair, Vec<i64>> = BTreeMap::new();
        for row in subject.counted.iter().filter(|row| row.profile == care.profile && days.contains(&row.day)) {
            let Some(clinic) = counting_place(care, &row.clinic, &row.day) else { continue };
            let pair = Pair { insurer: row.insurer.clone(), clinic };
            sums.entry(pair).or_insert(vec![0; bands.len()])[band_of(bands, &row.sex, row.age)] += row.funded;
        }
        let count = Exact::from_integer(days.len() as i64);
        let mean = |sum: &i64| {
            let mean = Exact::from_integer(*sum).over(&count).expect("a day");
            if care.mean == MeanDef::WholeByBand { mean.rounded_by(&WHOLE) } else { mean }
        };
        let bands: BTreeMap<Pair, Vec<Exact>> =
            sums.into_iter().map(|(pair, sums)| (pair, sums.iter().map(mean).collect())).collect();
        let all = |heads: &Vec<Exact>| {
            let sum = Exact::sum(heads);
            // Decided: whole heads of a pair are what is paid and what norms are weighed with; its bands stay exact.
            if care.mean == MeanDef::WholeByClinic { sum.rounded_by(&WHOLE) } else { sum }
        };
        let pairs = bands.iter().map(|(pair, heads)| (pair.clone(), all(heads))).collect();
        PaidHeads { bands, pairs }
    }

    /// Without the pairs whose whole heads are none: their bands are not paid, but their composition counts.
    pub fn without_empty_pairs(self) -> PaidHeads {
        let PaidHeads { mut bands, mut pairs } = self;
        pairs.retain(|_, heads| !heads.is_zero());
        bands.retain(|pair, _| pairs.contains_key(pair));
        PaidHeads { bands, pairs }
    }

    /// The pairs that have heads. Decided: a pair of no heads, or of heads that a whole mean rounds to none, has no row.
    pub fn pairs(&self) -> Vec<Pair> {
        self.pairs.iter().filter(|(_, heads)| !heads.is_zero()).map(|(pair, _)| pair.clone()).collect()
    }

    /// The clinics that have heads.
    pub fn clinics(&self) -> BTreeSet<String> {
        self.pairs().into_iter().map(|pair| pair.clinic).collect()
    }

    pub fn of_pair(&self, pair: &Pair) -> Exact {
        self.pairs[pair].clone()
    }

    pub fn bands_of_pair(&self, pair: &Pair) -> Vec<Exact> {
        self.bands[pair].clone()
    }

    pub fn of_clinic(&self, clinic: &str) -> Exact {
        Exact::sum(self.pairs.iter().filter(|(pair, _)| pair.clinic == clinic).map(|(_, heads)| heads))
    }

    /// The heads of each band of a clinic; `None` without any.
    pub fn bands_of_clinic(&self, clinic: &str) -> Option<Vec<Exact>> {
        let of_clinic = self.bands.iter().filter(|(pair, _)| pair.clinic == clinic).map(|(_, heads)| heads);
        let add = |one: Vec<Exact>, other: &Vec<Exact>| one.iter().zip(other).map(|(a, b)| a.plus(b)).collect();
        let sum = of_clinic.fold(None, |sum: Option<Vec<Exact>>, heads| match sum {
            None => Some(heads.clone()),
            Some(sum) => Some(add(sum, heads)),
        })?;
        sum.iter().any(|heads| !heads.is_zero()).then_some(sum)
    }

    pub fn total(&self) -> Exact {
        Exact::sum(self.pairs.values())
    }
}

/// The clinic at which heads count: the station that serves it on the day, when the care has stations.
fn counting_place(care: &CareDef, clinic: &str, day: &str) -> Option<String> {
    let Some(stations) = &care.stations else { return Some(clinic.to_string()) };
    stations.iter().find(|row| row.clinic == clinic && row.dates.covers(day)).map(|row| row.station.clone())
}
