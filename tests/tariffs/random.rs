//! The random case of a seed.

use super::{Case, heads};
use crate::regions::ClinicRow;
use crate::regions::random_tariff::{self, Place};
use crate::regions::random_tariff_tables::decimal;
use crate::regions::splitmix::SplitMix;

/// The case of a seed.
pub fn case(seed: u64) -> Case {
    let mut random = SplitMix(seed ^ 0x7A71_FF00_7A71_FF00);
    let random = &mut random;
    let as_of = format!("2026-{:02}-{:02}", random.between(1, 12), random.between(1, 28));
    let columns: Vec<String> = ["level", "rural", "wages"][..random.below(4)].iter().map(|name| name.to_string()).collect();
    let clinics: Vec<ClinicRow> = (1..=random.between(1, 6)).map(|number| clinic(random, number, columns.len())).collect();
    let insurers = (1..=random.between(1, 3)).map(|number| format!("340{number:02}")).collect();
    let mut tariff = random_tariff::of_one_care(random, columns);
    let codes: Vec<String> = clinics.iter().map(|row| row.clinic.clone()).collect();
    random_tariff::enrich(random, &Place { as_of: &as_of, clinics: &codes }, &mut tariff);
    let mut case = Case { as_of, insurers, clinics, tariff, counted: Vec::new() };
    case.tariff.drop_unused_columns(&mut case.clinics);
    case.counted = heads::heads(random, &case);
    case
}

fn clinic(random: &mut SplitMix, number: usize, factors: usize) -> ClinicRow {
    let factors = (0..factors).map(|_| decimal(random, 80, 260)).collect();
    let ages = ["all", "children", "adults"][number % 3].to_string();
    ClinicRow { clinic: format!("3401{number:02}"), attachable: true, ages, factors, ..ClinicRow::default() }
}
