//! Splits of the money of one pair, by hand and for random norms.

use super::*;
use proptest::prelude::*;

fn fixed(text: &str) -> Fixed {
    Fixed::parse(text).expect("a number")
}

fn pair() -> PairOfCare {
    PairOfCare { care: "ambulatory".into(), clinic: "980101".into(), insurer: "98001".into() }
}

fn day() -> Date {
    Date::from_ymd(2026, 11, 1).expect("a day")
}

/// Run with one pair: heads, and base, K, factors and correction of its norm, which is rounded to kopecks.
fn run(heads: i64, [base, k, factors, correction]: [&str; 4]) -> RunMoney {
    let [base, k, factors, correction] = [base, k, factors, correction].map(fixed);
    let parts = NormParts { base, k, factors, correction, norm: Fixed::default() };
    let norm = kopecks(parts.product().to_kopecks());
    let money = PairMoney { day: Some(day()), heads: Fixed::whole(heads), kopecks: norm.times(Fixed::whole(heads)).to_kopecks() };
    let clinic = ClinicOfCare { care: pair().care, clinic: pair().clinic };
    RunMoney { pairs: [(pair(), money)].into(), norms: [(clinic, NormParts { norm, ..parts })].into(), ..RunMoney::default() }
}

fn kopecks(number: i128) -> Fixed {
    fixed(&format!("{}.{:02}", number / 100, number % 100))
}

fn change(old: &RunMoney, new: &RunMoney, passed: Passed) -> MoneyChange {
    let passed = PassedHeads([((pair().insurer, pair().clinic), passed)].into());
    PairSplit { pair: &pair(), old, new, passed: &passed, days: [day(), day()] }.change()
}

#[test]
fn each_cause_has_its_part() {
    let old = run(100, ["300.00", "1", "1.1", "1"]);
    let new = run(110, ["310.00", "0.95", "1.2", "0.98"]);
    let change = change(&old, &new, Passed { came: 30, left: 20 });
    // Former norm 330.00. At 110 heads: 36,300.00, with K 34,485.00, with the base 35,634.50, with the factors 38,874.00, with the correction 38,096.52.
    let expected = MoneyParts {
        heads_in: 990_000,
        heads_out: -660_000,
        age_bands: -181_500,
        base_norm: 114_950,
        factors: 323_950,
        correction: -77_748,
        // The norm is 346.332, rounded to 346.33.
        rounding: -22,
    };
    assert_eq!(change.parts, expected);
    assert_eq!((change.before, change.now, change.parts.sum()), (3_300_000, 3_809_630, change.difference()));
}

#[test]
fn heads_that_are_not_those_of_the_movement_are_their_growth() {
    let (old, new) = (run(100, ["300.00", "1", "1", "1"]), run(90, ["300.00", "1", "1", "1"]));
    let parts = change(&old, &new, Passed { came: 7, left: 2 }).parts;
    assert_eq!(parts, MoneyParts { heads_out: -300_000, ..MoneyParts::default() });
}

#[test]
fn a_clinic_of_one_run_has_heads_alone() {
    let (run, none) = (run(3, ["300.00", "1.5", "1", "1"]), RunMoney::default());
    let came = change(&none, &run, Passed { came: 3, left: 0 }).parts;
    assert_eq!(came, MoneyParts { heads_in: 135_000, ..MoneyParts::default() });
    let left = change(&run, &none, Passed { came: 0, left: 3 }).parts;
    assert_eq!(left, MoneyParts { heads_out: -135_000, ..MoneyParts::default() });
}

#[test]
fn bands_with_norms_of_their_own_are_compared_band_by_band() {
    let clinic = ClinicOfCare { care: pair().care, clinic: pair().clinic };
    let band = |from| Band { sex: 1, from };
    let with_bands = |mean: &str, norms: [&str; 2], heads: [i64; 2]| {
        let norms = norms.map(fixed);
        let amount = norms[0].times(Fixed::whole(heads[0])).plus(norms[1].times(Fixed::whole(heads[1])));
        let money = PairMoney { day: Some(day()), heads: Fixed::whole(heads[0] + heads[1]), kopecks: amount.to_kopecks() };
        RunMoney {
            pairs: [(pair(), money)].into(),
            norms: [(clinic.clone(), NormParts { norm: fixed(mean), ..NormParts::default() })].into(),
            band_heads: [(pair(), [(band(0), Fixed::whole(heads[0])), (band(18), Fixed::whole(heads[1]))].into())].into(),
            band_norms: [(clinic.clone(), [(band(0), norms[0]), (band(18), norms[1])].into())].into(),
        }
    };
    let (old, new) = (with_bands("150", ["200", "100"], [2, 2]), with_bands("190", ["220", "100"], [3, 1]));
    // 600.00 before, 760.00 now: one child more and one adult less at the former rates, then three children at 20 more.
    let parts = change(&old, &new, Passed::default()).parts;
    assert_eq!(parts, MoneyParts { age_bands: 10_000, base_norm: 6_000, ..MoneyParts::default() });
}

proptest! {
    #[test]
    fn parts_add_up_to_the_difference(
        heads in proptest::array::uniform2(0_i64..2_000_000),
        figures in proptest::array::uniform8(1_u32..3_000_000),
        came in 0_i64..1000,
    ) {
        let text = |millionths: u32| format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
        let texts = figures.map(text);
        let [a, b, c, d, e, f, g, h] = texts.each_ref().map(String::as_str);
        let (old, new) = (run(heads[0], [a, b, c, d]), run(heads[1], [e, f, g, h]));
        let change = change(&old, &new, Passed { came, left: came + heads[0] - heads[1] });
        prop_assert_eq!(change.parts.sum(), change.difference());
        // Norms are rounded by at most half a kopeck in each run, parts by half a kopeck each.
        let most = i128::from(heads[0].max(heads[1]) + came + 5);
        prop_assert!(change.parts.rounding.abs() <= 2 * most, "{:?}", change.parts);
    }
}
