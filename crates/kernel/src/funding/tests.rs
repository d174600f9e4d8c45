//! Norms worked by hand, and the laws of sums.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use sverka_model::{ClinicId, Date, InsurerId, Sex};
use sverka_reference::{AgeSexBand, AgesServed, BandId, ClinicRow, Clinics, Correction, FirstDay, Tariff};

const CHILDREN: u16 = 0;
const MEN: u16 = 1;
const WOMEN: u16 = 3;

fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).expect("test number")
}

fn clinics(factors: &[&[&str]]) -> Clinics {
    let row = |(number, factors): (u64, &&[&str])| ClinicRow {
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
        factors: factors.iter().map(|factor| decimal(factor)).collect(),
    };
    Clinics::from_rows("clinics.csv", (1..).zip(factors).map(row).collect()).expect("clinics")
}

/// Bands 0-17 and 18+ of both sexes, with these coefficients for boys, men, girls, women.
fn tariff(base_norm: &str, coefficients: [&str; 4], correction: Correction) -> Tariff {
    let band = |sex, from, to, k: &str| AgeSexBand::new(sex, from, to, decimal(k));
    let [boys, men, girls, women] = coefficients;
    let bands = vec![
        band(Sex::Male, 0, Some(17), boys),
        band(Sex::Male, 18, None, men),
        band(Sex::Female, 0, Some(17), girls),
        band(Sex::Female, 18, None, women),
    ];
    Tariff::new(decimal(base_norm), bands, vec!["level".to_owned(), "rural".to_owned()], correction).expect("tariff")
}

/// Funded heads by the indices of insurer, clinic and band.
fn count(people: &[(u16, u16, u16, u64)]) -> HeadCounts {
    let mut counts = HeadCounts::default();
    for &(insurer, clinic, band, heads) in people {
        for _ in 0..heads {
            counts.add(InsurerId::new(insurer), ClinicId::new(clinic), BandId::new(band), true);
        }
    }
    counts
}

/// Clinic 0: 2 children of 2.0 and 4 men of 0.5, so K = (4 + 2) / 6 = 1; factors 1.1 × 1.04 = 1.144.
/// Clinic 1: 3 women of 0.8, so K = 0.8; factors 0.9 × 1 = 0.9; one of the three has another insurer.
fn worked_example() -> (HeadCounts, Clinics) {
    let people = [(0, 0, CHILDREN, 2), (0, 0, MEN, 4), (0, 1, WOMEN, 2), (1, 1, WOMEN, 1)];
    (count(&people), clinics(&[&["1.1", "1.04"], &["0.9", "1"]]))
}

#[test]
fn a_given_correction_multiplies_the_differentiated_norm() {
    let (counts, clinics) = worked_example();
    let tariff = tariff("300.00", ["2", "0.5", "2", "0.8"], Correction::Given(decimal("0.987")));
    let funding = fund(&counts, &clinics, &tariff);
    // 300 × 1 × 1.144 × 0.987 = 338.7384; 300 × 0.8 × 0.9 × 0.987 = 213.192.
    let row = |clinic, heads, k: &str, factors: &str, norm: &str, amount: &str| {
        let (k, factors) = (decimal(k), decimal(factors));
        ClinicFunding { clinic: ClinicId::new(clinic), heads, k, factors, norm: decimal(norm), amount: decimal(amount) }
    };
    assert_eq!(funding.clinics, [row(0, 6, "1", "1.144", "338.74", "2032.44"), row(1, 3, "0.8", "0.9", "213.19", "639.57")]);
    let pairs: Vec<_> =
        funding.pairs.iter().map(|p| (p.insurer.number(), p.clinic.number(), p.heads, p.norm, p.amount)).collect();
    let (first, second) = (decimal("338.74"), decimal("213.19"));
    let expected = [(0, 0, 6, first, decimal("2032.44")), (0, 1, 2, second, decimal("426.38")), (1, 1, 1, second, second)];
    assert_eq!(pairs, expected);
    let totals = FundingTotals {
        heads: 9,
        funded_heads: 9,
        amount: decimal("2672.01"),
        base_amount: decimal("2700.00"),
        difference: decimal("-27.99"),
        correction: Some(decimal("0.987")),
    };
    assert_eq!(funding.totals, totals);
}

#[test]
fn a_computed_correction_spends_the_base_norm_for_each_head() {
    let (counts, clinics) = worked_example();
    let funding = fund(&counts, &clinics, &tariff("300.00", ["2", "0.5", "2", "0.8"], Correction::Computed));
    // Weighted heads: 6 × 1.144 + 2.4 × 0.9 = 9.024; correction 9 / 9.024 = 0.99734…
    // 343.2 × 9 / 9.024 = 342.287…; 216 × 9 / 9.024 = 215.425…
    let norms: Vec<_> = funding.clinics.iter().map(|row| row.norm).collect();
    assert_eq!(norms, [decimal("342.29"), decimal("215.43")]);
    assert_eq!(funding.totals.correction, Some(decimal("0.997340425531914894")));
    assert_eq!(funding.totals.amount, decimal("2700.03"));
    assert_eq!(funding.totals.difference, decimal("0.03"));
}

#[test]
fn coefficients_are_shown_with_their_decimals() {
    let counts = count(&[(0, 0, CHILDREN, 1), (0, 0, MEN, 2)]);
    let funding = fund(&counts, &clinics(&[&["1", "1"]]), &tariff("300", ["1", "0.5", "1", "1"], Correction::Computed));
    assert_eq!(funding.clinics[0].k.to_string(), "0.666666666666666667");
    assert_eq!(funding.clinics[0].norm.to_string(), "300.00");
    assert_eq!(funding.totals.amount.to_string(), "900.00");
}

#[test]
fn a_norm_between_two_kopecks_is_rounded_away_from_zero() {
    let counts = count(&[(0, 0, MEN, 2)]);
    let tariff = tariff("0.25", ["1", "0.5", "1", "1"], Correction::Given(Decimal::ONE));
    // 0.25 × 0.5 = 0.125, which rounding half to even would make 0.12.
    assert_eq!(fund(&counts, &clinics(&[&["1", "1"]]), &tariff).clinics[0].norm, decimal("0.13"));
}

#[test]
fn a_third_is_not_rounded_on_the_way() {
    // K is exactly 1/3: 0.015 × 3 × 1/3 = 0.015 is a tie. With any cut third the product would fall below it.
    let counts = count(&[(0, 0, CHILDREN, 1), (0, 0, MEN, 2)]);
    let tariff = tariff("0.015", ["1", "0", "1", "1"], Correction::Given(Decimal::ONE));
    assert_eq!(fund(&counts, &clinics(&[&["3", "1"]]), &tariff).clinics[0].norm, decimal("0.02"));
}

#[test]
fn heads_that_are_not_funded_are_counted_but_not_paid() {
    let mut counts = count(&[(0, 0, MEN, 3)]);
    for clinic in [0, 1].map(ClinicId::new) {
        counts.add(InsurerId::new(0), clinic, BandId::new(CHILDREN), false);
    }
    let funding =
        fund(&counts, &clinics(&[&["1", "1"], &["1", "1"]]), &tariff("100", ["9", "1", "1", "1"], Correction::Computed));
    assert_eq!(funding.clinics.iter().map(|row| (row.clinic.number(), row.heads)).collect::<Vec<_>>(), [(0, 3)]);
    assert_eq!(funding.pairs.len(), 1);
    assert_eq!(funding.clinics[0].k, Decimal::ONE);
    assert_eq!((funding.totals.heads, funding.totals.funded_heads), (5, 3));
}

#[test]
fn without_heads_there_is_nothing_to_pay_and_nothing_to_correct() {
    let funding = fund(&HeadCounts::default(), &clinics(&[&["1", "1"]]), &tariff("100", ["1"; 4], Correction::Computed));
    assert_eq!((funding.clinics.len(), funding.pairs.len()), (0, 0));
    assert_eq!(funding.totals.amount, Decimal::ZERO);
    assert_eq!(funding.totals.correction, None);
}

#[test]
fn heads_of_weight_zero_are_paid_nothing() {
    let funding = fund(&count(&[(0, 0, MEN, 2)]), &clinics(&[&["0", "1"]]), &tariff("100", ["1"; 4], Correction::Computed));
    assert_eq!(funding.clinics[0].amount, Decimal::ZERO);
    assert_eq!(funding.totals.difference, decimal("-200"));
    assert_eq!(funding.totals.correction, None);
}

proptest! {
    #[test]
    fn clinics_and_pairs_agree_to_the_kopeck(
        people in prop::collection::vec((0..5_u16, 0..4_u16, 0..4_u16, 0..40_u64), 0..30),
        base in 1..1_000_000_i64,
        given in prop::option::of(1..2_000_i64),
    ) {
        let counts = count(&people);
        let clinics = clinics(&[&["1.113", "1.04"], &["0.7", "1"], &["1", "1"], &["0.333333", "1.07"]]);
        let correction = given.map_or(Correction::Computed, |given| Correction::Given(Decimal::new(given, 3)));
        let base = Decimal::new(base, 2).to_string();
        let funding = fund(&counts, &clinics, &tariff(&base, ["3.1", "0.412345", "2.7", "1.6"], correction));
        for row in &funding.clinics {
            let of_clinic = funding.pairs.iter().filter(|pair| pair.clinic == row.clinic);
            prop_assert_eq!(of_clinic.clone().map(|pair| pair.amount).sum::<Decimal>(), row.amount);
            prop_assert_eq!(of_clinic.map(|pair| pair.heads).sum::<u64>(), row.heads);
        }
        prop_assert_eq!(funding.pairs.iter().map(|pair| pair.amount).sum::<Decimal>(), funding.totals.amount);
        if given.is_none() {
            // Rounding a norm moves it by at most half a kopeck for each head.
            prop_assert!(funding.totals.difference.abs() <= Decimal::new(5, 3) * Decimal::from(funding.totals.funded_heads));
        }
    }
}
