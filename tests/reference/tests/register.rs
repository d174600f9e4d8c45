//! The register on `D` (SEM-283) and the money (SEM-286).

use super::{Case, ENP};
use crate::reference::Exact;
use crate::regions::{BandDef, BaseNorm};

const OTHER_ENP: &str = "3456510844000027";

#[test]
fn the_row_comes_from_the_latest_application_that_covers_the_day() {
    let case = Case::new()
        .insured(&[("applied_on", "2019-12-01"), ("surname", "Первый")])
        .insured(&[("insured_from", "2021-01-01"), ("applied_on", "2021-01-01"), ("surname", "Второй")])
        .insured(&[("insured_from", "2022-01-01"), ("stopped_on", "2023-01-01"), ("surname", "Третий")]);
    let row = &case.run().persons[0];
    assert_eq!((row.surname.as_str(), row.insured_from.year, row.age), ("Второй", 2020, 42));
}

#[test]
fn absent_numbers_are_filled_when_the_others_agree() {
    let certificate = [("policy_kind", "2"), ("policy_number", "123456789"), ("enp", ""), ("snils", "11223344595")];
    let one = Case::new().insured(&certificate).attached(&[("snils", "11223344595")]);
    assert_eq!(one.run().persons[0].enp, ENP);
    let two = one.attached(&[("snils", "11223344595"), ("enp", OTHER_ENP)]);
    assert_eq!(two.run().persons[0].enp, "");
}

#[test]
fn the_surviving_number_is_that_of_the_row() {
    let snils = ("snils", "11223344595");
    let case = Case::new().insured(&[snils, ("policy_kind", "1"), ("policy_number", "АБ 1")]).insured(&[
        snils,
        ("enp", OTHER_ENP),
        ("insured_from", "2021-01-01"),
    ]);
    let numbers: Vec<(String, bool)> = case.run().numbers.into_iter().map(|row| (row.number, row.survives)).collect();
    assert_eq!(numbers, [("АБ 1".to_string(), false), (ENP.to_string(), false), (OTHER_ENP.to_string(), true)]);
}

#[test]
fn the_number_of_the_last_stay_survives_its_end() {
    let snils = ("snils", "11223344595");
    let case = Case::new().insured(&[snils, ("stopped_on", "2021-01-01")]).insured(&[
        snils,
        ("enp", OTHER_ENP),
        ("insured_from", "2022-01-01"),
        ("stopped_on", "2023-01-01"),
    ]);
    let surviving: Vec<String> = case.run().numbers.into_iter().filter(|row| row.survives).map(|row| row.number).collect();
    assert_eq!(surviving, [OTHER_ENP]);
    assert!(case.run().persons.is_empty());
}

#[test]
fn without_a_therapeutic_stay_on_the_day_a_person_is_unattached() {
    let with = |changes: &[(&str, &str)]| Case::new().insured(&[]).attached(changes).run().unattached.len();
    assert_eq!(with(&[]), 0);
    assert_eq!(with(&[("profile", "2")]), 1);
    assert_eq!(with(&[("attached_to", "2026-11-01")]), 1);
    assert_eq!(with(&[("attached_to", "2026-11-02")]), 0);
}

#[test]
fn unresolved_people_are_counted_but_not_funded() {
    let case = Case::new().insured(&[]).insured(&[("insurer", "34002")]).attached(&[]);
    let expected = case.run();
    assert_eq!((expected.headcount[0].heads, expected.headcount[0].funded), (1, 0));
    assert!(expected.money[0].clinics.is_empty());
}

#[test]
fn a_successor_that_may_not_have_attached_people_is_not_funded() {
    let case = Case::new().clinic_ends("340101", "2026-01-01", "340106").insured(&[]).attached(&[]);
    let expected = case.run();
    assert_eq!(expected.persons[0].clinic.as_deref(), Some("340106"));
    assert_eq!((expected.headcount[0].heads, expected.headcount[0].funded), (1, 0));
}

/// A man of 42 in one clinic, a girl of 14 in another, with other coefficients.
fn two_clinics() -> Case {
    let girl = [("given_name", "Анна"), ("birth_date", "2012-02-29"), ("enp", "7997789770003216")];
    let mut case = Case::new()
        .insured(&[])
        .attached(&[])
        .insured(&[girl[0], girl[1], girl[2], ("sex", "2"), ("insurer", "34002")])
        .attached(&[girl[0], girl[1], girl[2], ("clinic", "340102")]);
    let band = |from, to, coefficient: &str| BandDef { sex: "both".to_string(), from, to, coefficient: coefficient.to_string() };
    case.region.tariff.bands = vec![band(0, Some(17), "1.5"), band(18, None, "0.7")];
    case.region.tariff.factors = vec!["rural".to_string()];
    for (at, row) in case.region.clinics.iter_mut().enumerate() {
        row.factors = vec![if at == 1 { "2" } else { "1" }.to_string()];
    }
    case
}

#[test]
fn the_norm_is_the_base_by_bands_factors_and_correction() {
    let expected = two_clinics().run();
    let norms: Vec<String> = expected.money[0].clinics.iter().map(|row| row.norm.rounded(2)).collect();
    assert_eq!(norms, ["70.00", "300.00"]);
    assert_eq!(expected.money[0].total.difference, Exact::from_integer(170));
}

#[test]
fn the_computed_correction_gives_the_base_for_every_head() {
    let mut case = two_clinics();
    case.region.tariff.correction = "computed".to_string();
    case.region.tariff.base = BaseNorm::PerYear("1200.07".to_string());
    let expected = case.run();
    let total = &expected.money[0].total;
    assert_eq!(total.base, Exact::decimal("100.01"), "rounded from 100.0058...");
    assert_eq!(total.correction, Exact::from_integer(200).over(&Exact::from_integer(370)));
    let amounts: Vec<String> = expected.money[0].pairs.iter().map(|row| row.amount.rounded(2)).collect();
    assert_eq!(amounts, ["37.84", "162.18"]);
    assert_eq!(total.difference, Exact::from_integer(0));
}

#[test]
fn halves_are_rounded_away_from_zero() {
    assert_eq!(Exact::decimal("0.125").rounded(2), "0.13");
    assert_eq!(Exact::decimal("-0.125").rounded(2), "-0.13");
    assert_eq!(Exact::decimal("2.005").rounded(2), "2.01");
    assert_eq!(Exact::from_integer(1).over(&Exact::from_integer(-3)).expect("a fraction").rounded(4), "-0.3333");
}
