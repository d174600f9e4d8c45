//! Random tables of a care: groups, factors, given K, rates, stations and money.

use super::TariffDef;
use super::random_tariff::Place;
use super::splitmix::SplitMix;
use super::tariff::{
    AmountByDef, BaseDef, CareDef, CorrectionDef, FactorRow, GivenKRow, GroupRow, Holder, InForce, MoneyRow, RateRow, StationRow,
};

/// A decimal of hundredths in `from..=to`, sometimes with more digits.
pub fn decimal(random: &mut SplitMix, from: usize, to: usize) -> String {
    let hundredths = random.between(from, to);
    let tail = if random.chance(30) { random.below(10_000).to_string() } else { String::new() };
    format!("{}.{:02}{tail}", hundredths / 100, hundredths % 100)
}

/// Adds tables to a care.
pub fn add(random: &mut SplitMix, place: &Place, tariff: &TariffDef, care: &mut CareDef) {
    if random.chance(40) {
        add_groups(random, place, care);
    }
    let groups = groups_in_force(care, place.as_of);
    let clinics = place.clinics.iter().map(|clinic| Holder::Clinic(clinic.clone()));
    let holders: Vec<Holder> = clinics.chain(groups.into_iter().map(Holder::Group)).collect();
    if random.chance(45) {
        add_factors(random, place, &holders, care);
    }
    if random.chance(25) {
        add_given_k(random, place, &holders, care);
    }
    if random.chance(20) {
        add_rates(random, tariff, &holders, care);
        // Rates have no correction, and no mean of children and adults.
        care.correction = CorrectionDef::None;
        if care.rounding.amount_by == AmountByDef::AdultsChildren {
            care.rounding.amount_by = AmountByDef::Band;
        }
    }
    if random.chance(20) {
        add_stations(random, place, care);
    }
    if !care.rates.is_empty() && random.chance(40) {
        care.base = BaseDef::Nothing;
    } else if random.chance(25) {
        add_money(random, place, care);
    }
}

/// Names of the factors of a care that count on a day.
pub fn factor_names(care: &CareDef, as_of: &str) -> Vec<String> {
    let mut names = care.factors.clone();
    for row in care.factor_rows.iter().filter(|row| row.dates.covers(as_of)) {
        if !names.contains(&row.factor) {
            names.push(row.factor.clone());
        }
    }
    names
}

fn groups_in_force(care: &CareDef, as_of: &str) -> Vec<String> {
    let mut groups: Vec<String> = care.groups.iter().filter(|row| row.dates.covers(as_of)).map(|row| row.group.clone()).collect();
    groups.sort();
    groups.dedup();
    groups
}

/// Dates of a row in force in the year of `D`, and of a row that was in force before.
fn dates(random: &mut SplitMix, place: &Place) -> (InForce, Option<InForce>) {
    let year = |years_later| place.day(years_later, 1, 1);
    let before = InForce { from: if random.chance(50) { year(-2) } else { String::new() }, to: year(0) };
    match random.below(4) {
        0 => (InForce { from: year(0), to: year(1) }, Some(before)),
        1 => (InForce { from: year(0), to: String::new() }, None),
        _ => (InForce::default(), None),
    }
}

fn add_groups(random: &mut SplitMix, place: &Place, care: &mut CareDef) {
    for clinic in place.clinics {
        if random.chance(30) {
            continue;
        }
        let (now, before) = dates(random, place);
        for dates in [Some(now), before].into_iter().flatten() {
            let group = random.pick(&["I", "II"]).to_string();
            care.groups.push(GroupRow { clinic: clinic.clone(), group, dates });
        }
    }
}

fn add_factors(random: &mut SplitMix, place: &Place, holders: &[Holder], care: &mut CareDef) {
    for factor in &["ot", "zp", "access"][..random.between(1, 3)] {
        for holder in holders {
            if random.chance(40) {
                continue;
            }
            let (now, before) = dates(random, place);
            for dates in [Some(now), before].into_iter().flatten() {
                // Six factors, columns of clinics included, stay below the greatest product that a tariff may have.
                let value = decimal(random, 70, 150);
                let share = if random.chance(40) { format!("0.{:03}", random.below(1000)) } else { String::new() };
                care.factor_rows.push(FactorRow { holder: holder.clone(), factor: factor.to_string(), value, share, dates });
            }
        }
    }
}

fn add_given_k(random: &mut SplitMix, place: &Place, holders: &[Holder], care: &mut CareDef) {
    for holder in holders {
        if random.chance(50) {
            continue;
        }
        let (now, before) = dates(random, place);
        for dates in [Some(now), before].into_iter().flatten() {
            care.given_k.push(GivenKRow { holder: holder.clone(), k: decimal(random, 50, 200), dates });
        }
    }
}

fn add_rates(random: &mut SplitMix, tariff: &TariffDef, holders: &[Holder], care: &mut CareDef) {
    for holder in holders {
        if random.chance(50) {
            continue;
        }
        let set = tariff.band_sets.iter().find(|set| Some(&set.name) == care.band_set.as_ref());
        for band in set.map_or(&care.bands, |set| &set.bands).clone() {
            let rate = format!("{}.{:02}", random.between(10, 1500), random.below(100));
            let (holder, dates) = (holder.clone(), InForce::default());
            care.rates.push(RateRow { holder, sex: band.sex, from: band.from, to: band.to, rate, dates });
        }
    }
}

fn add_stations(random: &mut SplitMix, place: &Place, care: &mut CareDef) {
    let mut rows = Vec::new();
    for clinic in place.clinics {
        if random.chance(10) {
            continue;
        }
        let month = place.day(0, random.between(2, 12), 1);
        let spans = if random.chance(30) {
            vec![InForce { from: String::new(), to: month.clone() }, InForce { from: month, to: String::new() }]
        } else {
            vec![InForce::default()]
        };
        for dates in spans {
            let station = random.pick(place.clinics).clone();
            rows.push(StationRow { clinic: clinic.clone(), station, dates });
        }
    }
    care.stations = (!rows.is_empty()).then_some(rows);
}

fn add_money(random: &mut SplitMix, place: &Place, care: &mut CareDef) {
    let sum = |random: &mut SplitMix, least: usize| format!("{}.{:02}", random.between(least, 2 * least), random.below(100));
    let row = |line: &str, sum: String, inside| MoneyRow {
        line: line.to_string(),
        sum,
        inside,
        care: String::new(),
        dates: InForce::default(),
    };
    let mut rows = vec![row("programme", sum(random, 1_000_000), true)];
    if random.chance(60) {
        rows.push(row("points", sum(random, 100_000), false));
    }
    if random.chance(50) {
        let (now, before) = dates(random, place);
        for dates in [Some(now), before].into_iter().flatten() {
            let other = random.pick(&[care.name.as_str(), "other"]).to_string();
            rows.push(MoneyRow { care: other, dates, ..row("tests", sum(random, 50_000), random.chance(50)) });
        }
    }
    let divide_by = factor_names(care, place.as_of).into_iter().filter(|_| random.chance(50)).collect();
    care.base = BaseDef::Money { rows, divide_by, months: *random.pick(&[12, 12, 11, 6, 1]) };
}
