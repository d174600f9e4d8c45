//! Norms worked by hand, and the laws of sums.

mod payments;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use sverka_model::{ClinicId, Date, InsurerId, Sex};
use sverka_reference::{
    AgeSexBand, AgesServed, AmountBy, BaseNorm, CellId, ClinicRow, Clinics, Correction, DayId, FactorTable, FirstDay, HeadMean,
    MoneyBase, Rates, Tariff,
};

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
    let factors = vec!["level".to_owned(), "rural".to_owned()];
    Tariff::of_one_care(Date::from_days(0), BaseNorm::Month(decimal(base_norm)), bands, factors, correction).expect("tariff")
}

/// Money of the only care.
fn fund_one(counts: &PeopleCounts, clinics: &Clinics, tariff: &Tariff) -> CareFunding {
    fund(counts, clinics, tariff).cares.remove(0)
}

/// Funded heads by the indices of insurer, clinic and band, which are the cells of the only set of bands.
fn count(people: &[(u16, u16, u16, u64)]) -> PeopleCounts {
    let mut people_counts = PeopleCounts::default();
    let counts = people_counts.day(DayId::AS_OF).attached(0);
    for &(insurer, clinic, band, heads) in people {
        for _ in 0..heads {
            counts.add(InsurerId::new(insurer), ClinicId::new(clinic), CellId::new(band), true);
        }
    }
    people_counts
}

/// Clinic 0: 2 children of 2.0 and 4 men of 0.5, so K = (4 + 2) / 6 = 1; factors 1.1 × 1.04 = 1.144.
/// Clinic 1: 3 women of 0.8, so K = 0.8; factors 0.9 × 1 = 0.9; one of the three has another insurer.
fn worked_example() -> (PeopleCounts, Clinics) {
    let people = [(0, 0, CHILDREN, 2), (0, 0, MEN, 4), (0, 1, WOMEN, 2), (1, 1, WOMEN, 1)];
    (count(&people), clinics(&[&["1.1", "1.04"], &["0.9", "1"]]))
}

#[test]
fn a_given_correction_multiplies_the_differentiated_norm() {
    let (counts, clinics) = worked_example();
    let tariff = tariff("300.00", ["2", "0.5", "2", "0.8"], Correction::Given(decimal("0.987")));
    let funding = fund_one(&counts, &clinics, &tariff);
    // 300 × 1 × 1.144 × 0.987 = 338.7384; 300 × 0.8 × 0.9 × 0.987 = 213.192.
    let row = |clinic, heads, k: &str, factors: &str, norm: &str, amount: &str| {
        let (k, factors) = (decimal(k), decimal(factors));
        let heads = Fraction::from_integer(heads);
        ClinicFunding { clinic: ClinicId::new(clinic), heads, k, factors, norm: decimal(norm), amount: decimal(amount) }
    };
    assert_eq!(funding.clinics, [row(0, 6, "1", "1.144", "338.74", "2032.44"), row(1, 3, "0.8", "0.9", "213.19", "639.57")]);
    let pairs: Vec<_> =
        funding.pairs.iter().map(|p| (p.insurer.number(), p.clinic.number(), p.heads.whole(), p.norm, p.amount)).collect();
    let (first, second) = (decimal("338.74"), decimal("213.19"));
    let expected = [(0, 0, 6, first, decimal("2032.44")), (0, 1, 2, second, decimal("426.38")), (1, 1, 1, second, second)];
    assert_eq!(pairs, expected);
    let totals = FundingTotals {
        funded_heads: Fraction::from_integer(9),
        base: decimal("300.00"),
        amount: decimal("2672.01"),
        base_amount: decimal("2700.00"),
        difference: decimal("-27.99"),
        // 300 × (6 × 1.144 + 3 × 0.72) = 2707.20; × 0.987 = 2672.0064.
        by_coefficients: decimal("7.20"),
        by_correction: decimal("-35.19"),
        by_rounding: Decimal::ZERO,
        correction: Some(decimal("0.987")),
    };
    assert_eq!(funding.totals, totals);
}

#[test]
fn a_computed_correction_spends_the_base_norm_for_each_head() {
    let (counts, clinics) = worked_example();
    let funding = fund_one(&counts, &clinics, &tariff("300.00", ["2", "0.5", "2", "0.8"], Correction::Computed));
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
    let funding = fund_one(&counts, &clinics(&[&["1", "1"]]), &tariff("300", ["1", "0.5", "1", "1"], Correction::Computed));
    assert_eq!(funding.clinics[0].k.to_string(), "0.666666666666666667");
    assert_eq!(funding.clinics[0].norm.to_string(), "300.00");
    assert_eq!(funding.totals.amount.to_string(), "900.00");
}

#[test]
fn a_norm_between_two_kopecks_is_rounded_away_from_zero() {
    let counts = count(&[(0, 0, MEN, 2)]);
    let tariff = tariff("0.25", ["1", "0.5", "1", "1"], Correction::Given(Decimal::ONE));
    // 0.25 × 0.5 = 0.125, which rounding half to even would make 0.12.
    assert_eq!(fund_one(&counts, &clinics(&[&["1", "1"]]), &tariff).clinics[0].norm, decimal("0.13"));
}

#[test]
fn a_third_is_not_rounded_on_the_way() {
    // K is exactly 1/3: 0.015 × 3 × 1/3 = 0.015 is a tie. With any cut third the product would fall below it.
    let counts = count(&[(0, 0, CHILDREN, 1), (0, 0, MEN, 2)]);
    let tariff = tariff("0.015", ["1", "0", "1", "1"], Correction::Given(Decimal::ONE));
    assert_eq!(fund_one(&counts, &clinics(&[&["3", "1"]]), &tariff).clinics[0].norm, decimal("0.02"));
}

#[test]
fn heads_that_are_not_funded_are_counted_but_not_paid() {
    let mut counts = count(&[(0, 0, MEN, 3)]);
    for clinic in [0, 1].map(ClinicId::new) {
        counts.day(DayId::AS_OF).attached(0).add(InsurerId::new(0), clinic, CellId::new(CHILDREN), false);
    }
    let funding =
        fund_one(&counts, &clinics(&[&["1", "1"], &["1", "1"]]), &tariff("100", ["9", "1", "1", "1"], Correction::Computed));
    assert_eq!(funding.clinics.iter().map(|row| (row.clinic.number(), row.heads.whole())).collect::<Vec<_>>(), [(0, 3)]);
    assert_eq!(funding.pairs.len(), 1);
    assert_eq!(funding.clinics[0].k, Decimal::ONE);
    assert_eq!(funding.totals.funded_heads.whole(), 3);
}

#[test]
fn without_heads_there_is_nothing_to_pay_and_nothing_to_correct() {
    let funding = fund_one(&PeopleCounts::default(), &clinics(&[&["1", "1"]]), &tariff("100", ["1"; 4], Correction::Computed));
    assert_eq!((funding.clinics.len(), funding.pairs.len()), (0, 0));
    assert_eq!(funding.totals.amount, Decimal::ZERO);
    assert_eq!(funding.totals.correction, None);
}

#[test]
fn heads_of_weight_zero_are_paid_nothing() {
    let funding = fund_one(&count(&[(0, 0, MEN, 2)]), &clinics(&[&["0", "1"]]), &tariff("100", ["1"; 4], Correction::Computed));
    assert_eq!(funding.clinics[0].amount, Decimal::ZERO);
    assert_eq!(funding.totals.difference, decimal("-200"));
    assert_eq!(funding.totals.correction, None);
}

#[test]
fn a_mean_of_two_days_counts_halves_or_whole_heads() {
    let mut counts = count(&[(0, 0, MEN, 3), (1, 0, MEN, 1)]);
    let second_day = counts.day(DayId::new(1)).attached(0);
    (0..4).for_each(|_| second_day.add(InsurerId::new(0), ClinicId::new(0), CellId::new(MEN), true));
    let clinics = clinics(&[&["1", "1"]]);
    let mut tariff = tariff("100.01", ["1"; 4], Correction::Given(Decimal::ONE));
    tariff.days = vec![Date::from_days(0), Date::from_days(31)];
    tariff.cares[0].heads = vec![DayId::AS_OF, DayId::new(1)];
    tariff.cares[0].composition = tariff.cares[0].heads.clone();
    let amounts = |funding: &CareFunding| funding.pairs.iter().map(|pair| pair.amount.to_string()).collect::<Vec<_>>();
    let exact = fund_one(&counts, &clinics, &tariff);
    // 3.5 × 100.01 = 350.035 and 0.5 × 100.01 = 50.005, each rounded half up.
    assert_eq!(amounts(&exact), ["350.04", "50.01"]);
    assert_eq!(exact.totals.funded_heads, Fraction::from_integer(4));
    assert_eq!(exact.totals.amount, decimal("400.05"));
    for mean in [HeadMean::WholeByBand, HeadMean::WholeByClinic] {
        tariff.cares[0].head_mean = mean;
        let whole = fund_one(&counts, &clinics, &tariff);
        assert_eq!(amounts(&whole), ["400.04", "100.01"], "{mean:?}");
        assert_eq!(whole.totals.funded_heads, Fraction::from_integer(5));
    }
}

#[test]
fn a_group_has_the_mean_of_its_clinics_or_the_printed_one() {
    let (counts, clinics) = worked_example();
    let mut tariff = tariff("300.00", ["2", "0.5", "2", "0.8"], Correction::Given(Decimal::ONE));
    let group = GroupId::new(0);
    tariff.cares[0].groups.names = vec!["I".to_owned()];
    tariff.cares[0].groups.of_clinics = [0, 1].map(|clinic| (ClinicId::new(clinic), group)).into();
    let norms = |funding: &CareFunding| funding.clinics.iter().map(|row| row.norm.to_string()).collect::<Vec<_>>();
    // (6 × 1.144 + 3 × 0.72) / 9 = 1.002666…
    assert_eq!(norms(&fund_one(&counts, &clinics, &tariff)), ["300.80", "300.80"]);
    tariff.cares[0].given_k.of_groups.insert(group, decimal("0.36"));
    assert_eq!(norms(&fund_one(&counts, &clinics, &tariff)), ["108.00", "108.00"]);
}

#[test]
fn bands_of_a_group_keep_its_factors() {
    let (counts, clinics) = worked_example();
    let mut tariff = tariff("300.00", ["2", "0.5", "2", "0.8"], Correction::Given(Decimal::ONE));
    let group = GroupId::new(0);
    tariff.cares[0].groups.names = vec!["I".to_owned()];
    tariff.cares[0].groups.of_clinics = [0, 1].map(|clinic| (ClinicId::new(clinic), group)).into();
    let amounts = |funding: &CareFunding| funding.clinics.iter().map(|row| row.amount.to_string()).collect::<Vec<_>>();
    // Mean of the factors by heads: (6 × 1.144 + 3 × 0.9) / 9 = 1.062666….
    // 300 × 2 × 1.062666 = 637.60, 300 × 0.5 × 1.062666 = 159.40, 300 × 0.8 × 1.062666 = 255.04.
    tariff.cares[0].rounding.amount_by = AmountBy::Band;
    assert_eq!(amounts(&fund_one(&counts, &clinics, &tariff)), ["1912.80", "765.12"]);
    // Children: 300 × 2 × 1.144 = 686.40. Adults of both clinics: 300 × (4 × 0.5 × 1.144 + 3 × 0.8 × 0.9) / 7 = 190.63.
    tariff.cares[0].rounding.amount_by = AmountBy::AdultsChildren;
    assert_eq!(amounts(&fund_one(&counts, &clinics, &tariff)), ["2135.32", "571.89"]);
}

#[test]
fn a_factor_may_hold_for_a_share_of_the_people() {
    let counts = count(&[(0, 0, MEN, 2)]);
    let mut tariff = tariff("100.00", ["1"; 4], Correction::Given(Decimal::ONE));
    let value = FactorValue { value: decimal("1.113"), share: Some(decimal("0.25")) };
    let of_clinics = [(ClinicId::new(0), value)].into();
    tariff.cares[0].factor_tables = vec![FactorTable { name: "ot".to_owned(), of_clinics, ..FactorTable::default() }];
    let funding = fund_one(&counts, &clinics(&[&["1", "1"]]), &tariff);
    // 1 + 0.25 × 0.113 = 1.02825
    assert_eq!(funding.clinics[0].norm, decimal("102.83"));
    assert_eq!(funding.clinics[0].factors, decimal("1.02825"));
}

#[test]
fn amounts_are_rounded_by_band_or_by_children_and_adults() {
    let counts = count(&[(0, 0, CHILDREN, 3), (0, 0, MEN, 3), (0, 0, WOMEN, 1)]);
    let mut tariff = tariff("10.00", ["1.2345", "0.5005", "1", "0.3333"], Correction::Given(Decimal::ONE));
    let clinics = clinics(&[&["1", "1"]]);
    // Rates 12.35 (12.345), 5.01 (5.005) and 3.33: 37.05 + 15.03 + 3.33.
    tariff.cares[0].rounding.amount_by = AmountBy::Band;
    assert_eq!(fund_one(&counts, &clinics, &tariff).clinics[0].amount, decimal("55.41"));
    // Adults: 10 × (3 × 0.5005 + 0.3333) / 4 = 4.587, so 4.59: 37.05 + 18.36.
    tariff.cares[0].rounding.amount_by = AmountBy::AdultsChildren;
    assert_eq!(fund_one(&counts, &clinics, &tariff).clinics[0].amount, decimal("55.41"));
    // 10 × (3 × 1.2345 + 3 × 0.5005 + 0.3333) / 7 = 7.911…
    tariff.cares[0].rounding.amount_by = AmountBy::Clinic;
    assert_eq!(fund_one(&counts, &clinics, &tariff).clinics[0].amount, decimal("55.37"));
}

#[test]
fn rates_in_roubles_replace_norms() {
    let counts = count(&[(0, 0, CHILDREN, 3), (0, 0, MEN, 2), (1, 0, MEN, 1)]);
    let mut tariff = tariff("1", ["1"; 4], Correction::Given(Decimal::ONE));
    let of_clinics = [(ClinicId::new(0), ["120.5", "80.25", "1", "1"].map(decimal).to_vec())].into();
    tariff.cares[0].rates = Some(Rates { of_clinics, ..Rates::default() });
    let funding = fund_one(&counts, &clinics(&[&["1", "1"]]), &tariff);
    assert_eq!(funding.pairs.iter().map(|pair| pair.amount).collect::<Vec<_>>(), [decimal("522.00"), decimal("80.25")]);
    assert_eq!(funding.clinics[0].norm, decimal("100.38"), "602.25 / 6");
}

#[test]
fn a_base_from_money_divides_by_heads_and_means_of_factors() {
    let (counts, clinics) = worked_example();
    let mut tariff = tariff("1", ["1"; 4], Correction::Given(Decimal::ONE));
    let money = |divide_by: Vec<usize>| BaseNorm::Money(MoneyBase { sum: decimal("108000"), months: 12, divide_by });
    tariff.cares[0].base = money(Vec::new());
    assert_eq!(fund_one(&counts, &clinics, &tariff).norms[0].base, decimal("1000"));
    // Mean of the first factor: (6 × 1.1 + 3 × 0.9) / 9 = 1.0333…
    tariff.cares[0].base = money(vec![0]);
    assert_eq!(fund_one(&counts, &clinics, &tariff).norms[0].base, decimal("967.74"));
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
        let funding = fund_one(&counts, &clinics, &tariff(&base, ["3.1", "0.412345", "2.7", "1.6"], correction));
        for row in &funding.clinics {
            let of_clinic = funding.pairs.iter().filter(|pair| pair.clinic == row.clinic);
            prop_assert_eq!(of_clinic.clone().map(|pair| pair.amount).sum::<Decimal>(), row.amount);
            prop_assert_eq!(of_clinic.map(|pair| pair.heads.whole()).sum::<u64>(), row.heads.whole());
        }
        prop_assert_eq!(funding.pairs.iter().map(|pair| pair.amount).sum::<Decimal>(), funding.totals.amount);
        let FundingTotals { by_coefficients, by_correction, by_rounding, .. } = funding.totals;
        prop_assert_eq!(by_coefficients + by_correction + by_rounding, funding.totals.difference);
        if given.is_none() {
            // Rounding a norm moves it by at most half a kopeck for each head.
            prop_assert!(funding.totals.difference.abs() <= Decimal::new(5, 3) * Decimal::from(funding.totals.funded_heads.whole()));
            prop_assert_eq!(funding.totals.by_coefficients + funding.totals.by_correction, Decimal::ZERO);
        }
    }
}
