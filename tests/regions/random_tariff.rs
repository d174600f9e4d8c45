//! Random tariffs: cares, days, sets of bands, norms and roundings.

use super::random_tariff_tables::{self as tables, decimal};
use super::splitmix::SplitMix;
use super::tariff::{
    AmountByDef, BandSetDef, BaseDef, CareDef, CorrectionDef, DayDef, FigureRounding, FloorDef, InForce, MeanDef, RoundingDef,
};
use super::{BandDef, BaseNorm, TariffDef};

/// Day and clinics of a tariff.
pub struct Place<'a> {
    /// `D`, as an ISO date.
    pub as_of: &'a str,
    /// Clinics that tables name.
    pub clinics: &'a [String],
}

impl Place<'_> {
    /// A month and day in the year of `D`, or some years later.
    pub fn day(&self, years_later: i32, month: usize, day: usize) -> String {
        let year: i32 = self.as_of[..4].parse().expect("a year");
        format!("{}-{month:02}-{day:02}", year + years_later)
    }
}

/// Ways to cut ages into bands: first full years.
const CUTS: [&[i32]; 6] =
    [&[0], &[0, 18], &[0, 1, 5, 18, 65], &[0, 5, 18, 60], &[0, 1, 5, 18, 55], &[0, 5, 10, 15, 20, 30, 40, 50, 60, 70]];

/// Adds cares, count days and sets of bands to a tariff, or only some of these.
pub fn enrich(random: &mut SplitMix, place: &Place, tariff: &mut TariffDef) {
    tariff.band_sets = ["contract", "five_years"][..random.below(3)].iter().map(|name| band_set(random, name)).collect();
    if random.chance(30) {
        tariff.count_days = days(random, place);
    }
    if random.chance(85) {
        for name in &["ambulatory", "ambulance", "dental"][..random.between(1, 3)] {
            let care = care(random, place, tariff, name);
            tariff.cares.push(care);
        }
    }
}

/// A tariff of one care, in the form without kinds of care.
pub fn of_one_care(random: &mut SplitMix, factors: Vec<String>) -> TariffDef {
    let correction = if random.chance(60) { "computed".to_string() } else { decimal(random, 80, 120) };
    let (base, bands) = (base_norm(random), bands(random));
    TariffDef { cares: Vec::new(), count_days: Vec::new(), band_sets: Vec::new(), factors, correction, base, bands }
}

fn band_set(random: &mut SplitMix, name: &str) -> BandSetDef {
    BandSetDef { name: name.to_string(), bands: bands(random) }
}

fn bands(random: &mut SplitMix) -> Vec<BandDef> {
    let mut bands = Vec::new();
    let sexes: &[&str] = if random.chance(30) { &["both"] } else { &["1", "2"] };
    for sex in sexes {
        let cuts = *random.pick::<&[i32]>(&CUTS);
        for (at, from) in cuts.iter().enumerate() {
            let to = cuts.get(at + 1).map(|next| next - 1);
            bands.push(BandDef { sex: sex.to_string(), from: *from, to, coefficient: decimal(random, 20, 420) });
        }
    }
    bands
}

fn base_norm(random: &mut SplitMix) -> BaseNorm {
    if random.chance(50) {
        BaseNorm::PerMonth(format!("{}.{:02}", random.between(50, 900), random.below(100)))
    } else {
        BaseNorm::PerYear(format!("{}.{:02}", random.between(600, 9000), random.below(100)))
    }
}

fn day(random: &mut SplitMix, place: &Place) -> DayDef {
    match random.below(5) {
        0 => DayDef::AsOf,
        1 => DayDef::FirstOfMonth,
        2 => DayDef::FirstOfNextMonth,
        3 => DayDef::On(place.day(0, random.between(1, 12), random.between(1, 28))),
        _ => {
            let from = random.between(1, 11);
            let month = |month: usize| place.day(0, month, 1)[..7].to_string();
            DayDef::Months { from: month(from), to: month(random.between(from, (from + 3).min(12))) }
        }
    }
}

fn days(random: &mut SplitMix, place: &Place) -> Vec<DayDef> {
    let count = if random.chance(40) { 1 } else { random.between(2, 3) };
    (0..count).map(|_| day(random, place)).collect()
}

fn care(random: &mut SplitMix, place: &Place, tariff: &TariffDef, name: &str) -> CareDef {
    let columns = &tariff.factors;
    let mut care = CareDef {
        name: name.to_string(),
        profile: random.between(1, 5) as u8,
        heads: if random.chance(55) { days(random, place) } else { Vec::new() },
        composition: if random.chance(40) { days(random, place) } else { Vec::new() },
        mean: *random.pick(&[MeanDef::Exact, MeanDef::Exact, MeanDef::WholeByBand, MeanDef::WholeByClinic]),
        bands: bands(random),
        factors: columns.iter().filter(|_| random.chance(60)).cloned().collect(),
        correction: correction(random, place),
        base: BaseDef::Given(base_norms(random, place)),
        rounding: rounding(random),
        ..CareDef::from_today(tariff)
    };
    if let Some(set) = tariff.band_sets.first().filter(|_| random.chance(30)) {
        (care.band_set, care.bands) = (Some(set.name.clone()), Vec::new());
    }
    tables::add(random, place, tariff, &mut care);
    if random.chance(25) {
        care.floors = floors(random, &care, place.as_of);
    }
    care
}

fn floors(random: &mut SplitMix, care: &CareDef, as_of: &str) -> Vec<FloorDef> {
    let mut floors = vec![FloorDef::BandsFrom { from: *random.pick(&[0, 18, 65]), least: decimal(random, 100, 200) }];
    if let Some(factor) = tables::factor_names(care, as_of).first() {
        floors.push(FloorDef::Factor { factor: factor.clone(), least: decimal(random, 90, 180) });
    }
    floors
}

fn correction(random: &mut SplitMix, place: &Place) -> CorrectionDef {
    match random.below(20) {
        0..9 => CorrectionDef::Computed,
        9..12 => CorrectionDef::None,
        12..17 => CorrectionDef::Given(decimal(random, 70, 130)),
        _ => CorrectionDef::Dated(
            (-1..2)
                .map(|year| (decimal(random, 70, 130), InForce { from: place.day(year, 1, 1), to: place.day(year + 1, 1, 1) }))
                .collect(),
        ),
    }
}

fn base_norms(random: &mut SplitMix, place: &Place) -> Vec<(BaseNorm, InForce)> {
    if random.chance(60) {
        return vec![(base_norm(random), InForce::default())];
    }
    let open_start = (base_norm(random), InForce { from: String::new(), to: place.day(0, 1, 1) });
    let open_end = (base_norm(random), InForce { from: place.day(0, 1, 1), to: String::new() });
    vec![open_start, open_end]
}

fn rounding(random: &mut SplitMix) -> RoundingDef {
    let mut rounding = RoundingDef {
        month_base_is_exact: random.chance(30),
        year_then_month: random.chance(30),
        amount_by: *random.pick(&[AmountByDef::Clinic, AmountByDef::Clinic, AmountByDef::Band, AmountByDef::AdultsChildren]),
        ..RoundingDef::default()
    };
    for figure in [&mut rounding.k, &mut rounding.factor, &mut rounding.correction] {
        if random.chance(35) {
            *figure = figure_rounding(random, 2, 6);
        }
    }
    for figure in [&mut rounding.year_norm, &mut rounding.month_norm] {
        if random.chance(35) {
            *figure = figure_rounding(random, 0, 4);
        }
    }
    if random.chance(35) {
        rounding.amount = figure_rounding(random, 0, 2);
    }
    rounding
}

/// A rounding with some decimals; now and then none.
pub fn figure_rounding(random: &mut SplitMix, from: usize, to: usize) -> FigureRounding {
    if random.chance(10) {
        return FigureRounding::Exact;
    }
    let mode = *random.pick(&["half_up", "half_even", "up", "down"]);
    FigureRounding::To { decimals: random.between(from, to) as u32, mode }
}
