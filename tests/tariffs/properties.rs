//! Laws of money on random tariffs: sums, causes, single settings of rounding, and the form of a tariff of one care.

use sverka_kernel::funding::{CareFunding, Funding};

use super::engine::{self, EngineMoney};
use super::{Case, from_environment, random};
use crate::regions::random_tariff::figure_rounding;
use crate::regions::splitmix::SplitMix;
use crate::regions::tariff::{AmountByDef, CareDef, RoundingDef};

/// Cases that a law is tried on.
fn cases() -> impl Iterator<Item = (u64, Case)> {
    let first = from_environment("SVERKA_SEED").unwrap_or(0);
    let count = from_environment("SVERKA_TARIFFS").unwrap_or(100);
    (first..first + count).map(|seed| (seed, random::case(seed)))
}

fn money(case: &Case) -> EngineMoney {
    let folder = tempfile::tempdir_in(crate::published::fast_folder()).expect("temporary folder");
    engine::money(case, folder.path())
}

#[test]
fn sums_over_clinics_insurers_and_pairs_agree_to_the_kopeck() {
    for (seed, case) in cases() {
        for care in money(&case).funding.cares {
            for clinic in &care.clinics {
                let pairs = care.pairs.iter().filter(|pair| pair.clinic == clinic.clinic);
                let amount = pairs.map(|pair| pair.amount).sum();
                assert_eq!(clinic.amount, amount, "seed {seed}, {}, clinic {}", care.care, clinic.clinic.number());
            }
            let total = care.totals.amount;
            assert_eq!(total, care.clinics.iter().map(|clinic| clinic.amount).sum(), "seed {seed}, {}: clinics", care.care);
            assert_eq!(total, care.pairs.iter().map(|pair| pair.amount).sum(), "seed {seed}, {}: pairs", care.care);
            assert!(care.pairs.iter().all(|pair| pair.amount == pair.amount.round_dp(2)), "seed {seed}: whole kopecks");
        }
    }
}

#[test]
fn causes_add_up_to_the_difference() {
    for (seed, case) in cases() {
        for care in money(&case).funding.cares {
            let totals = &care.totals;
            let causes = totals.by_coefficients + totals.by_correction + totals.by_rounding;
            assert_eq!(totals.difference, causes, "seed {seed}, {}", care.care);
            let difference = (totals.amount - totals.base_amount).round_dp(2);
            assert!((totals.difference - difference).abs() <= rust_decimal::Decimal::new(1, 2), "seed {seed}, {}", care.care);
        }
    }
}

#[test]
fn a_tariff_of_one_care_is_the_same_with_its_keys_in_a_care() {
    for (seed, mut case) in cases() {
        case.tariff.cares.clear();
        case.counted.iter_mut().for_each(|row| row.profile = 1);
        let at_the_top = money(&case).funding;
        case.tariff.cares = vec![CareDef::from_today(&case.tariff)];
        assert_eq!(at_the_top, money(&case).funding, "seed {seed}");
    }
}

/// Figures of a care that settings of rounding may change, apart from one another.
#[derive(Clone, Debug, PartialEq)]
struct Figures {
    heads: String,
    base_year: String,
    base: String,
    factors: String,
    k: String,
    correction: String,
    norm_year: String,
    norm: String,
    amount: String,
}

impl Figures {
    const NAMES: [&'static str; 9] = ["heads", "base_year", "base", "factors", "k", "correction", "norm_year", "norm", "amount"];

    fn from_care(care: &CareFunding) -> Figures {
        let norms = &care.norms;
        Figures {
            heads: format!("{:?}", care.pairs.iter().map(|pair| &pair.heads).collect::<Vec<_>>()),
            base_year: format!("{:?}", norms.iter().map(|norm| norm.base_year).collect::<Vec<_>>()),
            base: format!("{:?}", norms.iter().map(|norm| norm.base).collect::<Vec<_>>()),
            factors: format!("{:?}", norms.iter().map(|norm| norm.factors).collect::<Vec<_>>()),
            k: format!("{:?}", norms.iter().map(|norm| norm.k).collect::<Vec<_>>()),
            correction: format!("{:?}", norms.iter().map(|norm| norm.correction).collect::<Vec<_>>()),
            norm_year: format!("{:?}", norms.iter().map(|norm| norm.norm_year).collect::<Vec<_>>()),
            norm: format!("{:?}", norms.iter().map(|norm| norm.norm).collect::<Vec<_>>()),
            amount: format!("{:?}", care.pairs.iter().map(|pair| pair.amount).collect::<Vec<_>>()),
        }
    }

    fn values(&self) -> [&str; 9] {
        [
            &self.heads,
            &self.base_year,
            &self.base,
            &self.factors,
            &self.k,
            &self.correction,
            &self.norm_year,
            &self.norm,
            &self.amount,
        ]
    }

    /// Names of the figures that differ.
    fn changed(&self, other: &Figures) -> Vec<&'static str> {
        let pairs = self.values().into_iter().zip(other.values());
        Figures::NAMES.into_iter().zip(pairs).filter(|(_, (one, other))| one != other).map(|(name, _)| name).collect()
    }
}

/// A setting of rounding, and what it may change.
struct Setting {
    name: &'static str,
    change: fn(&mut RoundingDef, &mut SplitMix),
    may_change: &'static [&'static str],
}

const SETTINGS: [Setting; 9] = [
    Setting {
        name: "month_base",
        change: |rounding, _| rounding.month_base_is_exact = !rounding.month_base_is_exact,
        may_change: &["base", "norm", "amount"],
    },
    Setting {
        name: "norm_period",
        change: |rounding, _| rounding.year_then_month = !rounding.year_then_month,
        may_change: &["base", "norm_year", "norm", "amount"],
    },
    Setting {
        name: "k",
        change: |rounding, random| rounding.k = figure_rounding(random, 1, 4),
        may_change: &["k", "correction", "norm_year", "norm", "amount"],
    },
    Setting {
        name: "factor",
        change: |rounding, random| rounding.factor = figure_rounding(random, 1, 3),
        may_change: &["base_year", "base", "factors", "k", "correction", "norm_year", "norm", "amount"],
    },
    Setting {
        name: "correction",
        change: |rounding, random| rounding.correction = figure_rounding(random, 1, 4),
        may_change: &["correction", "norm_year", "norm", "amount"],
    },
    Setting {
        name: "year_norm",
        change: |rounding, random| rounding.year_norm = figure_rounding(random, 0, 3),
        may_change: &["norm_year", "norm", "amount"],
    },
    Setting {
        name: "month_norm",
        change: |rounding, random| rounding.month_norm = figure_rounding(random, 0, 3),
        may_change: &["norm", "amount"],
    },
    Setting {
        name: "amount",
        change: |rounding, random| rounding.amount = figure_rounding(random, 0, 2),
        may_change: &["amount"],
    },
    Setting {
        name: "amount_by",
        change: |rounding, random| {
            rounding.amount_by = *random.pick(&[AmountByDef::Clinic, AmountByDef::Band, AmountByDef::AdultsChildren]);
        },
        may_change: &["norm", "amount"],
    },
];

#[test]
fn a_setting_of_rounding_changes_only_what_it_should() {
    for (seed, case) in cases().filter(|(_, case)| !case.tariff.cares.is_empty()) {
        let before = money(&case).funding;
        let random = &mut SplitMix(seed);
        for setting in &SETTINGS {
            let mut changed = case.clone();
            let care = &mut changed.tariff.cares[0];
            (setting.change)(&mut care.rounding, random);
            if !care.rates.is_empty() && care.rounding.amount_by == AmountByDef::AdultsChildren {
                // Rates have no mean of children and adults.
                care.rounding.amount_by = AmountByDef::Band;
            }
            check_setting(seed, setting, &before, &money(&changed).funding);
        }
    }
}

/// Only the first care was changed: the others are untouched, and of the first only what its setting may change differs.
#[track_caller]
fn check_setting(seed: u64, setting: &Setting, before: &Funding, after: &Funding) {
    let name = setting.name;
    assert_eq!(before.cares[1..], after.cares[1..], "seed {seed}: `{name}` of one care changes another");
    let (before, after) = (&before.cares[0], &after.cares[0]);
    let changed = Figures::from_care(before).changed(&Figures::from_care(after));
    for figure in changed {
        assert!(setting.may_change.contains(&figure), "seed {seed}: `{name}` changes {figure}");
    }
    if ["month_norm", "year_norm", "amount"].contains(&name) {
        assert_eq!(before.totals.by_coefficients, after.totals.by_coefficients, "seed {seed}: `{name}`");
        assert_eq!(before.totals.by_correction, after.totals.by_correction, "seed {seed}: `{name}`");
    }
}
