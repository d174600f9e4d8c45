//! Comparison of the engine's money with that of the reference.

use std::collections::BTreeMap;

use sverka_kernel::funding::{COEFFICIENT_DECIMALS, CareFunding, MONEY_DECIMALS, MoneyCheck, NORM_DECIMALS};
use sverka_model::ClinicId;
use sverka_reference::Care;

use super::Case;
use super::engine::{self, EngineMoney};
use super::fractions::{exact, rounded};
use crate::reference::Exact;
use crate::reference::money::{CareMoney, Check, Subject, ages_not_served};

/// Decimals of paid heads.
const HEAD_DECIMALS: u32 = 6;

/// Figures by name. Two of one name are a fault of the comparison.
type Figures = BTreeMap<String, String>;

/// Every difference between the engine and the reference.
pub fn differences(case: &Case) -> Vec<String> {
    let kept = std::env::var_os("SVERKA_KEEP").map(std::path::PathBuf::from);
    let folder = tempfile::tempdir_in(crate::published::fast_folder()).expect("temporary folder");
    let engine = engine::money(case, kept.as_deref().unwrap_or(folder.path()));
    let mut differences = Vec::new();
    let expected = case.expected();
    assert_eq!(engine.funding.cares.len(), expected.len(), "cares");
    for (actual, expected) in engine.funding.cares.iter().zip(&expected) {
        let care = engine.tariff.cares.iter().find(|care| care.name == actual.care).expect("a care of the tariff");
        let (actual, expected) = (of_engine(&engine, care, actual), of_reference(expected));
        for name in actual.keys().chain(expected.keys().filter(|name| !actual.contains_key(*name))) {
            let (actual, expected) = (actual.get(name), expected.get(name));
            if actual != expected {
                differences.push(format!("{} {name}: {actual:?} instead of {expected:?}", care.name));
            }
        }
    }
    let (actual, expected) = (ages_of_engine(&engine), ages_of_reference(case));
    if actual != expected {
        differences.push(format!("ages: {actual:?} instead of {expected:?}"));
    }
    differences
}

/// People of ages that their clinics do not serve, by the engine.
fn ages_of_engine(engine: &EngineMoney) -> Vec<String> {
    let code = |clinic: ClinicId| engine.clinics.get(clinic).code.clone();
    let text = |check: &MoneyCheck| match check {
        MoneyCheck::AdultsAtChildrensClinic { clinic, profile, heads } => {
            Some(format!("adults_at_childrens_clinic {} {} {heads}", code(*clinic), profile.code()))
        }
        MoneyCheck::InfantsAtAdultsClinic { clinic, profile, heads } => {
            Some(format!("infants_at_adults_clinic {} {} {heads}", code(*clinic), profile.code()))
        }
        _ => None,
    };
    engine.funding.checks.iter().filter_map(text).collect()
}

/// People of ages that their clinics do not serve, by the reference.
fn ages_of_reference(case: &Case) -> Vec<String> {
    let Case { as_of, clinics, tariff, counted, .. } = case;
    let checks = ages_not_served(&Subject { tariff, clinics, as_of, counted });
    checks.iter().map(|check| format!("{} {} {} {}", check.name, check.clinic, check.profile, check.heads)).collect()
}

fn put(figures: &mut Figures, name: String, value: impl ToString) {
    let before = figures.insert(name.clone(), value.to_string());
    assert!(before.is_none(), "{name} stands twice");
}

/// A number with the decimals of its column.
fn number(value: &Exact, decimals: u32) -> String {
    value.rounded(decimals)
}

/// Figures of the engine by name.
pub fn of_engine(engine: &EngineMoney, care: &Care, money: &CareFunding) -> Figures {
    let mut figures = Figures::new();
    let code = |clinic: ClinicId| engine.clinics.get(clinic).code.clone();
    let group = |group: sverka_reference::GroupId| care.groups.names[group.index()].clone();
    for row in &money.clinics {
        let name = format!("clinic {}", code(row.clinic));
        put(&mut figures, format!("{name} heads"), number(&rounded(&row.heads, HEAD_DECIMALS), HEAD_DECIMALS));
        put(&mut figures, format!("{name} norm"), number(&exact(row.norm), MONEY_DECIMALS));
        put(&mut figures, format!("{name} amount"), number(&exact(row.amount), NORM_DECIMALS));
        put(&mut figures, format!("{name} k"), number(&exact(row.k), COEFFICIENT_DECIMALS));
        put(&mut figures, format!("{name} factors"), number(&exact(row.factors), COEFFICIENT_DECIMALS));
    }
    for row in &money.pairs {
        let name = format!("pair {} {}", engine.insurers.get(row.insurer).code, code(row.clinic));
        put(&mut figures, format!("{name} heads"), number(&rounded(&row.heads, HEAD_DECIMALS), HEAD_DECIMALS));
        put(&mut figures, format!("{name} norm"), number(&exact(row.norm), MONEY_DECIMALS));
        put(&mut figures, format!("{name} amount"), number(&exact(row.amount), NORM_DECIMALS));
    }
    for row in &money.norms {
        let name = format!("norm {}", code(row.clinic));
        let base = |value| number(&exact(value), NORM_DECIMALS);
        let coefficient = |value| number(&exact(value), COEFFICIENT_DECIMALS);
        put(&mut figures, format!("{name} group"), row.group.map(group).unwrap_or_default());
        put(&mut figures, format!("{name} heads"), number(&rounded(&row.heads, HEAD_DECIMALS), HEAD_DECIMALS));
        put(&mut figures, format!("{name} base"), base(row.base));
        put(&mut figures, format!("{name} base_year"), base(row.base_year));
        put(&mut figures, format!("{name} k"), coefficient(row.k));
        put(&mut figures, format!("{name} factors"), coefficient(row.factors));
        put(&mut figures, format!("{name} differentiated"), base(row.differentiated));
        put(&mut figures, format!("{name} correction"), coefficient(row.correction));
        put(&mut figures, format!("{name} corrected"), base(row.corrected));
        let year = row.norm_year.map_or_else(String::new, |year| number(&exact(year), MONEY_DECIMALS));
        put(&mut figures, format!("{name} norm_year"), year);
        put(&mut figures, format!("{name} norm"), number(&exact(row.norm), MONEY_DECIMALS));
    }
    for row in &money.factor_rows {
        let holder = (row.clinic.map(code), row.group.map(group));
        let name = format!("factor {holder:?} {}", row.factor);
        put(&mut figures, format!("{name} value"), number(&exact(row.value.value), COEFFICIENT_DECIMALS));
        let share = row.value.share.map_or_else(String::new, |share| number(&exact(share), COEFFICIENT_DECIMALS));
        put(&mut figures, format!("{name} share"), share);
        let counted = rounded(&row.counted, COEFFICIENT_DECIMALS);
        put(&mut figures, format!("{name} counted"), number(&counted, COEFFICIENT_DECIMALS));
    }
    put_checks(&mut figures, engine, care, money);
    let totals = &money.totals;
    put(&mut figures, "total heads".to_string(), number(&rounded(&totals.funded_heads, HEAD_DECIMALS), HEAD_DECIMALS));
    for (name, value) in [
        ("amount", totals.amount),
        ("base", totals.base),
        ("base_amount", totals.base_amount),
        ("difference", totals.difference),
        ("by_coefficients", totals.by_coefficients),
        ("by_correction", totals.by_correction),
        ("by_rounding", totals.by_rounding),
    ] {
        put(&mut figures, format!("total {name}"), number(&exact(value), MONEY_DECIMALS));
    }
    let correction = totals.correction.map_or_else(String::new, |value| number(&exact(value), COEFFICIENT_DECIMALS));
    put(&mut figures, "total correction".to_string(), correction);
    figures
}

fn put_checks(figures: &mut Figures, engine: &EngineMoney, care: &Care, money: &CareFunding) {
    let code = |clinic: ClinicId| engine.clinics.get(clinic).code.clone();
    let coefficient = |value| number(&exact(value), COEFFICIENT_DECIMALS);
    let mut checks: Vec<String> = Vec::new();
    for check in &money.checks {
        checks.push(match check {
            // Stations are compared by their heads; the others are of no care.
            MoneyCheck::WithoutStation { .. }
            | MoneyCheck::AdultsAtChildrensClinic { .. }
            | MoneyCheck::InfantsAtAdultsClinic { .. }
            | MoneyCheck::PointWithoutPeople { .. }
            | MoneyCheck::PotUnspent { .. }
            | MoneyCheck::SettlementsDisagree { .. }
            | MoneyCheck::InsurerMoneyDiffers { .. } => continue,
            MoneyCheck::NoComposition { clinic, .. } => format!("no composition {}", code(*clinic)),
            MoneyCheck::BandBelow { value, least, .. } => format!("band {} < {}", coefficient(*value), coefficient(*least)),
            MoneyCheck::FactorBelow { clinic, factor, value, least, .. } => {
                format!("factor {:?} {factor} {} < {}", clinic.map(code), coefficient(*value), coefficient(*least))
            }
            MoneyCheck::KOutsideBands { clinic, group, k, limit, .. } => {
                let (clinic, group) = (clinic.map(code), group.map(|group| care.groups.names[group.index()].clone()));
                format!("K {clinic:?} {group:?} {} passes {}", coefficient(*k), coefficient(*limit))
            }
        });
    }
    checks.sort();
    put(figures, "checks".to_string(), checks.join(", "));
}

/// Figures of the reference by name.
fn of_reference(money: &CareMoney) -> Figures {
    let mut figures = Figures::new();
    for row in &money.clinics {
        let name = format!("clinic {}", row.clinic);
        put(&mut figures, format!("{name} heads"), number(&row.heads, HEAD_DECIMALS));
        put(&mut figures, format!("{name} norm"), number(&row.norm, MONEY_DECIMALS));
        put(&mut figures, format!("{name} amount"), number(&row.amount, NORM_DECIMALS));
        put(&mut figures, format!("{name} k"), number(&row.k, COEFFICIENT_DECIMALS));
        put(&mut figures, format!("{name} factors"), number(&row.factors, COEFFICIENT_DECIMALS));
    }
    for row in &money.pairs {
        let name = format!("pair {} {}", row.insurer, row.clinic);
        put(&mut figures, format!("{name} heads"), number(&row.heads, HEAD_DECIMALS));
        put(&mut figures, format!("{name} norm"), number(&row.norm, MONEY_DECIMALS));
        put(&mut figures, format!("{name} amount"), number(&row.amount, NORM_DECIMALS));
    }
    for row in &money.norms {
        let name = format!("norm {}", row.clinic);
        put(&mut figures, format!("{name} group"), row.group.clone().unwrap_or_default());
        put(&mut figures, format!("{name} heads"), number(&row.heads, HEAD_DECIMALS));
        for (column, value, decimals) in [
            ("base", &row.base, NORM_DECIMALS),
            ("base_year", &row.base_year, NORM_DECIMALS),
            ("k", &row.k, COEFFICIENT_DECIMALS),
            ("factors", &row.factors, COEFFICIENT_DECIMALS),
            ("differentiated", &row.differentiated, NORM_DECIMALS),
            ("correction", &row.correction, COEFFICIENT_DECIMALS),
            ("corrected", &row.corrected, NORM_DECIMALS),
            ("norm", &row.norm, MONEY_DECIMALS),
        ] {
            put(&mut figures, format!("{name} {column}"), number(value, decimals));
        }
        let year = row.norm_year.as_ref().map_or_else(String::new, |year| number(year, MONEY_DECIMALS));
        put(&mut figures, format!("{name} norm_year"), year);
    }
    for row in &money.factors {
        let name = format!("factor {:?} {}", (&row.clinic, &row.group), row.factor);
        put(&mut figures, format!("{name} value"), number(&row.value, COEFFICIENT_DECIMALS));
        let share = row.share.as_ref().map_or_else(String::new, |share| number(share, COEFFICIENT_DECIMALS));
        put(&mut figures, format!("{name} share"), share);
        put(&mut figures, format!("{name} counted"), number(&row.counted, COEFFICIENT_DECIMALS));
    }
    let mut checks: Vec<String> = money.checks.iter().map(check_text).collect();
    checks.sort();
    put(&mut figures, "checks".to_string(), checks.join(", "));
    put_total(&mut figures, money);
    figures
}

fn check_text(check: &Check) -> String {
    let coefficient = |value: &Exact| number(value, COEFFICIENT_DECIMALS);
    match check {
        Check::NoComposition { clinic } => format!("no composition {clinic}"),
        Check::BandBelow { value, least, .. } => format!("band {} < {}", coefficient(value), coefficient(least)),
        Check::FactorBelow { clinic, factor, value, least } => {
            format!("factor {clinic:?} {factor} {} < {}", coefficient(value), coefficient(least))
        }
        Check::KOutside { clinic, group, k, limit } => {
            format!("K {clinic:?} {group:?} {} passes {}", coefficient(k), coefficient(limit))
        }
    }
}

fn put_total(figures: &mut Figures, money: &CareMoney) {
    let total = &money.total;
    put(figures, "total heads".to_string(), number(&total.heads, HEAD_DECIMALS));
    for (name, value) in [
        ("amount", &total.amount),
        ("base", &total.base),
        ("base_amount", &total.target),
        ("difference", &total.difference),
        ("by_coefficients", &total.by_coefficients),
        ("by_correction", &total.by_correction),
        ("by_rounding", &total.rounding_in_kopecks()),
    ] {
        put(figures, format!("total {name}"), number(value, MONEY_DECIMALS));
    }
    let correction = total.correction.as_ref().map_or_else(String::new, |value| number(value, COEFFICIENT_DECIMALS));
    put(figures, "total correction".to_string(), correction);
}
