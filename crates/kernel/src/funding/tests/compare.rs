//! Two tariffs over the same heads, and figures that are unlikely.

use super::*;
use sverka_model::Profile;
use sverka_reference::{Care, FactorValue, GivenCompositions, GroupId, Groups, Rounding, RoundingMode};

/// Differences of the only care of two tariffs over the heads of the worked example.
fn compared(before: &Tariff, after: &Tariff) -> Vec<ClinicDifference> {
    let (counts, clinics) = worked_example();
    compare_care(Some(under(&counts, &clinics, before)), Some(under(&counts, &clinics, after)))
}

fn under<'t>(counts: &'t PeopleCounts, clinics: &'t Clinics, tariff: &'t Tariff) -> CareUnder<'t> {
    CareUnder { counts, clinics, tariff, care: &tariff.cares[0] }
}

const K: [&str; 4] = ["2", "0.5", "2", "0.8"];

fn given(correction: &str) -> Correction {
    Correction::Given(decimal(correction))
}

fn causes(of: impl Fn(&mut Causes)) -> Causes {
    let mut causes = Causes::default();
    of(&mut causes);
    causes
}

#[test]
fn a_difference_is_split_by_its_causes_in_their_order() {
    let before = tariff("300.00", K, given("1"));
    let after = tariff("310.00", ["2", "0.5", "2", "0.9"], given("0.98"));
    let rows = compared(&before, &after);
    // Clinic 0: 300 × 1 × 1.144 × 6 = 2059.20; 310: 2127.84; K as before; × 0.98 = 2085.2832; norms 343.20 and 347.5472.
    let first = causes(|causes| {
        causes.base = decimal("68.64");
        causes.correction = decimal("-42.56");
        causes.rounding = decimal("0.02");
    });
    // Clinic 1: 300 × 0.8 × 0.9 × 3 = 648.00; 310: 669.60; K 0.9: 753.30; × 0.98 = 738.234; norm 246.078.
    let second = causes(|causes| {
        causes.base = decimal("21.60");
        causes.k = decimal("83.70");
        causes.correction = decimal("-15.07");
        causes.rounding = decimal("0.01");
    });
    assert_eq!(rows.iter().map(|row| row.causes).collect::<Vec<_>>(), [first, second]);
    assert_eq!(rows.iter().map(ClinicDifference::difference).collect::<Vec<_>>(), [decimal("26.10"), decimal("90.24")]);
}

#[test]
fn equal_tariffs_differ_in_nothing() {
    let same = tariff("300.00", K, Correction::Computed);
    assert!(compared(&same, &same).iter().all(|row| row.causes == Causes::default() && row.before == row.after));
}

#[test]
fn a_care_that_only_one_tariff_has_differs_by_its_heads() {
    let (counts, clinics) = worked_example();
    let tariff = tariff("300.00", K, given("1"));
    let under = under(&counts, &clinics, &tariff);
    let added = compare_care(None, Some(under));
    let removed = compare_care(Some(under), None);
    assert_eq!(added.iter().map(|row| row.causes.heads).collect::<Vec<_>>(), [decimal("2059.20"), decimal("648.00")]);
    assert!(added.iter().zip(&removed).all(|(added, removed)| added.difference() == -removed.difference()));
}

#[test]
fn the_mean_of_a_group_is_taken_apart_into_composition_and_factors() {
    let in_group = |factor: &str| {
        let mut tariff = tariff("300.00", K, given("1"));
        let care = &mut tariff.cares[0];
        let group = GroupId::new(0);
        care.groups =
            Groups { names: vec!["one".to_owned()], of_clinics: [0, 1].map(|clinic| (ClinicId::new(clinic), group)).into() };
        let value = FactorValue { value: decimal(factor), share: None };
        let table = FactorTable { name: "extra".to_owned(), of_groups: [(group, value)].into(), ..FactorTable::default() };
        care.factor_tables.push(table);
        tariff
    };
    let rows = compared(&in_group("1"), &in_group("1.1"));
    assert!(rows.iter().all(|row| row.causes.k.is_zero() && row.causes.factors > Decimal::ZERO), "{rows:?}");
    let [before, after] = [&rows[0].before, &rows[0].after].map(|figures| figures.as_ref().expect("heads").k);
    assert_eq!(before, after);
    assert_eq!(before, decimal("0.933333333333333333"), "(6 × 1 + 3 × 0.8) / 9");
}

#[test]
fn another_rounding_is_rounding_alone() {
    let before = tariff("300.10", K, given("1"));
    let mut after = before.clone();
    after.cares[0].rounding.month_norm = Rounding::To { decimals: 0, mode: RoundingMode::Up };
    let rows = compared(&before, &after);
    let other = |causes: &Causes| Causes { rounding: Decimal::ZERO, ..*causes };
    assert!(rows.iter().all(|row| other(&row.causes) == Causes::default() && !row.causes.rounding.is_zero()));
}

#[test]
fn a_printed_composition_outside_the_bands_is_told() {
    let (counts, clinics) = worked_example();
    let mut tariff = tariff("300.00", K, given("1"));
    let of_clinics = [(ClinicId::new(0), decimal("2.01")), (ClinicId::new(1), decimal("0.5"))];
    tariff.cares[0].given_k = GivenCompositions { of_clinics: of_clinics.into(), ..GivenCompositions::default() };
    let care = fund_one(&counts, &clinics, &tariff);
    let told = MoneyCheck::KOutsideBands {
        care: Care::AMBULATORY.to_owned(),
        clinic: Some(ClinicId::new(0)),
        group: None,
        k: decimal("2.01"),
        limit: decimal("2"),
    };
    assert_eq!(care.checks, [told]);
}

#[test]
fn ages_that_clinics_do_not_serve_are_told() {
    let rows =
        [(1, AgesServed::Children), (2, AgesServed::Adults)].map(|(number, ages)| ClinicRow { ages, ..clinic_row(number) });
    let clinics = Clinics::from_rows("clinics.csv", rows.into()).expect("clinics");
    let tariff = tariff("300.00", K, given("1"));
    let mut counts = count(&[(0, 0, CHILDREN, 4), (0, 0, MEN, 2), (1, 0, WOMEN, 1), (0, 1, MEN, 5), (0, 1, CHILDREN, 3)]);
    let infants = tariff.cell(Sex::Female, 0);
    let people = counts.day(DayId::AS_OF).attached(0);
    [(0, true), (1, true), (1, true), (1, false)]
        .into_iter()
        .for_each(|(clinic, funded)| people.add(InsurerId::new(0), ClinicId::new(clinic), infants, funded));
    let profile = Profile::THERAPEUTIC;
    let adults = MoneyCheck::AdultsAtChildrensClinic { clinic: ClinicId::new(0), profile, heads: 3 };
    let infants = MoneyCheck::InfantsAtAdultsClinic { clinic: ClinicId::new(1), profile, heads: 2 };
    assert_eq!(fund(&counts, &clinics, &tariff).checks, [adults, infants]);
}

fn clinic_row(number: u64) -> ClinicRow {
    ClinicRow {
        place: number.into(),
        code: format!("99{number:04}"),
        oid: None,
        region: None,
        name: None,
        attachable: true,
        ages: AgesServed::All,
        works_from: Date::from_days(0),
        first_day: FirstDay::OfWork,
        works_to: None,
        successor: None,
        head: None,
        factors: vec![Decimal::ONE; 2],
    }
}
