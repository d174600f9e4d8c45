//! Points, results, sums to pay and money for insurers, worked by hand.

use std::collections::BTreeMap;

use super::*;
use sverka_model::{ClinicId, Date};
use sverka_reference::{
    BandSetId, ClinicResults, DeductionOrder, GroupCount, GroupLimits, Indicator, IndicatorRule, IndicatorValue, InsurerBase,
    InsurerMoney, InsurerRounding, Point, PointCoefficients, PointRounding, PointSplit, Points, Results, Rounding, RoundingMode,
    Settlement, Settlements, Term, Uncovered,
};

fn day(text: &str) -> Date {
    text.parse().expect("test date")
}

const ALWAYS: Term = Term { from: Date::EARLIEST, to: Date::NEVER };

/// A point of clinic 0 with all posts filled.
fn point(year_norm: &str) -> Point {
    let coefficients = PointCoefficients { region: Decimal::ONE, access: Decimal::ONE, specific: Decimal::ONE };
    Point {
        code: "1".to_owned(),
        clinic: ClinicId::new(0),
        name: None,
        residents: None,
        counted_on: None,
        year_norm: decimal(year_norm),
        coefficients,
        posts: None,
        posts_filled: None,
        staff_share: Decimal::ZERO,
        licence: ALWAYS,
        opening: ALWAYS,
    }
}

fn points(points: Vec<Point>, split: PointSplit) -> Points {
    let (heads, rounding) = (vec![DayId::AS_OF], PointRounding::default());
    Points { month: day("2026-11-01"), heads, split, rounding, points }
}

/// Money of points when insurers 0, 1 and 2 have these heads at clinic 0.
fn fund_all(points: Points, heads: [u64; 3]) -> Funding {
    let people: Vec<(u16, u16, u16, u64)> = (0..).zip(heads).map(|(insurer, heads)| (insurer, 0, MEN, heads)).collect();
    let tariff = Tariff { points: Some(points), ..tariff("300.00", ["1", "1", "1", "1"], Correction::Computed) };
    fund(&count(&people), &clinics(&[&["1", "1"]]), &tariff)
}

/// Money of each insurer's part.
fn parts(point: &PointFunding) -> Vec<String> {
    point.shares.iter().map(|share| share.amount.to_string()).collect()
}

/// Posts of three classes of published tables with a quarter of a post missing.
#[test]
fn missing_posts_lower_the_coefficient_of_staff() {
    for (posts, filled, s, expected) in [
        ("1.5", "1.25", "0.58", "0.90"),
        ("3", "2.75", "0.73", "0.94"),
        ("3.5", "3.25", "0.758", "0.95"),
        ("1", "2", "1", "1.00"),
        ("1", "0", "1", "0.00"),
    ] {
        let posts =
            Point { posts: Some(decimal(posts)), posts_filled: Some(decimal(filled)), staff_share: decimal(s), ..point("12.00") };
        let funding = fund_all(points(vec![posts], PointSplit::Exact), [1, 0, 0]);
        assert_eq!(funding.points[0].staff, decimal(expected), "{s}");
    }
}

#[test]
fn a_point_is_paid_a_twelfth_of_its_year_times_its_coefficients() {
    let coefficients = PointCoefficients { region: decimal("1.15"), access: decimal("1.04"), specific: decimal("0.9") };
    let (posts, posts_filled, staff_share) = (Some(decimal("1.5")), Some(decimal("1.25")), decimal("0.58"));
    let point = Point { coefficients, posts, posts_filled, staff_share, ..point("957200.00") };
    let funding = fund_all(points(vec![point], PointSplit::Exact), [2, 1, 1]);
    // 957,200 × 1.15 × 1.04 × 0.9 = 1,030,330.08; × 0.90 / 12 = 77,274.756.
    assert_eq!((funding.points[0].year_sum, funding.points[0].amount), (decimal("1030330.08"), decimal("77274.76")));
    assert_eq!(parts(&funding.points[0]), ["38637.38", "19318.69", "19318.69"]);
    assert_eq!(funding.to_pay[0].points, decimal("77274.76"));
}

#[test]
fn kopecks_that_are_left_go_to_the_largest_remainders_or_to_the_last_insurer() {
    // 100 roubles a month by 1 : 1 : 1.
    let of = |split| fund_all(points(vec![point("1200.00")], split), [1, 1, 1]);
    assert_eq!(parts(&of(PointSplit::Exact).points[0]), ["33.34", "33.33", "33.33"]);
    assert_eq!(parts(&of(PointSplit::TwoDecimals).points[0]), ["33.00", "33.00", "34.00"]);
}

#[test]
fn a_point_that_is_closed_or_unlicensed_on_the_first_of_the_month_gets_nothing() {
    let term = |from: &str, to: &str| Term { from: day(from), to: day(to) };
    for (opening, licence, state) in [
        (term("2026-11-01", "2026-11-02"), ALWAYS, PointState::Paid),
        (term("2026-11-02", "2027-01-01"), ALWAYS, PointState::Closed),
        (term("2020-01-01", "2026-11-01"), ALWAYS, PointState::Closed),
        (ALWAYS, term("2026-11-02", "2027-01-01"), PointState::Unlicensed),
    ] {
        let funding = fund_all(points(vec![Point { opening, licence, ..point("1200.00") }], PointSplit::Exact), [1, 1, 1]);
        let expected = if state == PointState::Paid { "100.00" } else { "0.00" };
        assert_eq!((funding.points[0].state, funding.points[0].amount.to_string().as_str()), (state, expected));
        assert!(funding.checks.is_empty());
    }
}

#[test]
fn a_point_of_a_clinic_without_people_is_paid_by_nobody_and_told() {
    let funding = fund_all(points(vec![point("1200.00")], PointSplit::Exact), [0, 0, 0]);
    assert_eq!((funding.points[0].shares.len(), funding.points[0].shares[0].insurer), (1, None));
    let told = MoneyCheck::PointWithoutPeople { clinic: ClinicId::new(0), point: "1".to_owned(), amount: decimal("100.00") };
    assert_eq!(funding.checks, [told]);
}

fn indicator(rule: IndicatorRule, less_is_better: bool, target: Option<&str>) -> Indicator {
    Indicator {
        name: "1".to_owned(),
        block: "adults".to_owned(),
        most_points: Decimal::ONE,
        rule,
        less_is_better,
        target: target.map(decimal),
    }
}

/// Results of clinics whose indicators are all alike, reached ones first.
fn results(clinics: &[(u64, u64)], pot: &str) -> Results {
    let value = |is_reached| IndicatorValue { indicator: 0, before: None, now: Some(Decimal::from(u64::from(is_reached))) };
    let of_clinic = |&(reached, all): &(u64, u64)| ClinicResults {
        months: 12,
        values: (0..all).map(|number| value(number < reached)).collect(),
    };
    Results {
        heads: vec![DayId::AS_OF],
        pot: decimal(pot),
        people_share: decimal("0.7"),
        limits: GroupLimits {
            count: GroupCount::Indicators,
            group_2: decimal("0.5"),
            group_3: decimal("0.7"),
            rounding: Rounding::To { decimals: 0, mode: RoundingMode::HalfUp },
        },
        reached_from: Decimal::ONE,
        indicators: vec![indicator(IndicatorRule::Reached, false, Some("1"))],
        clinics: (0..).map(ClinicId::new).zip(clinics.iter().map(of_clinic)).collect(),
    }
}

/// Money for results when the clinics have these heads.
fn fund_these(results: Results, heads: &[u64]) -> Funding {
    let people: Vec<(u16, u16, u16, u64)> = (0..).zip(heads).map(|(clinic, heads)| (0, clinic, MEN, *heads)).collect();
    let factors: Vec<&[&str]> = heads.iter().map(|_| &["1", "1"][..]).collect();
    let tariff = Tariff { results: Some(results), ..tariff("300.00", ["1", "1", "1", "1"], Correction::Computed) };
    fund(&count(&people), &clinics(&factors), &tariff)
}

/// Thresholds of a published table: adults 16, children 7, obstetrics 5.
#[test]
fn limits_of_groups_are_shares_of_the_indicators_half_up() {
    for (indicators, limit_2, limit_3) in [(28, 14, 20), (23, 12, 16), (21, 11, 15), (16, 8, 11), (7, 4, 5)] {
        let reached = [limit_2 - 1, limit_2, limit_3 - 1, limit_3];
        let clinics: Vec<(u64, u64)> = reached.into_iter().map(|reached| (reached, indicators)).collect();
        let funding = fund_these(results(&clinics, "0"), &[1; 4]);
        let rows = &funding.results.clinics;
        assert_eq!((rows[0].limit_2, rows[0].limit_3), (Decimal::from(limit_2), Decimal::from(limit_3)), "{indicators}");
        let groups: Vec<ResultGroup> = rows.iter().map(|row| row.group).collect();
        let second = if limit_3 - 1 < limit_2 { ResultGroup::First } else { ResultGroup::Second };
        assert_eq!(groups, [ResultGroup::First, ResultGroup::Second, second, ResultGroup::Third], "{indicators}");
    }
}

#[test]
fn the_pot_is_spent_to_the_kopeck() {
    // Groups I, II, III, III with 5, 1, 2, 4 heads; the third clinic worked for half of the year.
    let mut results = results(&[(1, 10), (5, 10), (7, 10), (10, 10)], "100.01");
    results.clinics.get_mut(&ClinicId::new(2)).expect("a clinic").months = 6;
    let funding = fund_these(results, &[5, 1, 2, 4]);
    // Part 1 is 70.01 (70.007 half up) by 12 : 12 : 48: 11.6683, 11.6683, 46.6733. Two kopecks of 70.01 are left: 11.66, 11.66, 46.67.
    // Part 2 is 30.00 by 7 : 10 points: 12.3529, 17.6470.
    let rows = &funding.results.clinics;
    let amounts = |value: fn(&ResultFunding) -> Decimal| rows.iter().map(|row| value(row).to_string()).collect::<Vec<_>>();
    assert_eq!(amounts(|row| row.part_1), ["0.00", "11.67", "11.67", "46.67"]);
    assert_eq!(amounts(|row| row.part_2), ["0.00", "0.00", "12.35", "17.65"]);
    assert_eq!(amounts(|row| row.remainder), ["0.00", "0.01", "0.01", "0.01"]);
    assert_eq!(rows.iter().map(|row| row.amount).sum::<Decimal>(), decimal("100.01"));
    assert!(funding.checks.is_empty());
}

#[test]
fn a_part_of_the_pot_that_nobody_gets_is_told() {
    let funding = fund_these(results(&[(1, 10), (5, 10)], "100.00"), &[1, 1]);
    assert_eq!((funding.results.unspent_1, funding.results.unspent_2), (decimal("0.00"), decimal("30.00")));
    assert_eq!(funding.checks, [MoneyCheck::PotUnspent { part: "part2", amount: decimal("30.00") }]);
}

#[test]
fn groups_may_be_of_points() {
    let mut results = results(&[(0, 1), (0, 1)], "0");
    results.limits =
        GroupLimits { count: GroupCount::Points, group_2: decimal("0.4"), group_3: decimal("0.6"), ..results.limits };
    results.indicators = vec![Indicator { most_points: decimal("23"), ..indicator(IndicatorRule::Share, false, Some("1")) }];
    for (clinic, now) in [(0, "0.39"), (1, "0.61")] {
        results.clinics.get_mut(&ClinicId::new(clinic)).expect("a clinic").values[0].now = Some(decimal(now));
    }
    let rows = fund_these(results, &[1, 1]).results.clinics;
    // 40 % of 23 points are 9.2, rounded 9; 60 % are 13.8, rounded 14. The clinics have 8.97 and 14.03.
    let figures: Vec<_> = rows.iter().map(|row| (row.points, row.limit_2, row.limit_3, row.group)).collect();
    let row = |points: &str, group| (decimal(points), Decimal::from(9), Decimal::from(14), group);
    assert_eq!(figures, [row("8.97", ResultGroup::First), row("14.03", ResultGroup::Third)]);
}

#[test]
fn each_rule_of_points_has_its_own_comparison() {
    use IndicatorRule::{Growth, Reached, Share};
    for (rule, less_is_better, target, before, now, points) in [
        (Reached, false, Some("5"), None, Some("5"), "1"),
        (Reached, false, Some("5"), None, Some("4.99"), "0"),
        (Reached, true, Some("5"), None, Some("5"), "1"),
        (Reached, true, None, Some("7"), Some("7.01"), "0"),
        (Reached, false, None, None, Some("7"), "0"),
        (Reached, true, Some("5"), Some("5"), None, "0"),
        (Share, false, Some("0.8"), None, Some("0.2"), "0.25"),
        (Share, false, None, None, Some("0.2"), "0.2"),
        (Share, false, Some("0.8"), None, Some("0.9"), "1"),
        (Share, true, Some("2"), None, Some("8"), "0.25"),
        (Share, true, Some("2"), None, Some("0"), "1"),
        (Growth, false, Some("0.05"), Some("100"), Some("105"), "1"),
        (Growth, false, Some("0.05"), Some("100"), Some("104.99"), "0"),
        (Growth, true, Some("0.05"), Some("100"), Some("95"), "1"),
        (Growth, true, None, Some("100"), Some("100"), "0"),
        (Growth, true, None, Some("100"), Some("101"), "0"),
        (Growth, false, Some("0.05"), Some("0"), Some("0"), "0"),
        (Growth, false, None, None, Some("1"), "0"),
    ] {
        let mut results = results(&[(0, 1)], "0");
        results.indicators = vec![indicator(rule, less_is_better, target)];
        let value = IndicatorValue { indicator: 0, before: before.map(decimal), now: now.map(decimal) };
        results.clinics.get_mut(&ClinicId::new(0)).expect("a clinic").values = vec![value];
        let row = fund_these(results, &[1]).results.clinics.remove(0);
        assert_eq!(row.points, decimal(points), "{rule:?} {target:?} {before:?} {now:?}");
        assert_eq!(row.reached == 1, points == "1", "{rule:?} {target:?} {before:?} {now:?}");
    }
}

/// Sums to pay of clinic 0, which has one head at 300.00, and of clinic 1, which has none.
fn settled(settlements: Settlements) -> Funding {
    let tariff = Tariff { settlements: Some(settlements), ..tariff("300.00", ["1", "1", "1", "1"], Correction::Computed) };
    fund(&count(&[(0, 0, MEN, 1)]), &clinics(&[&["1", "1"], &["1", "1"]]), &tariff)
}

fn settlement(sums: [&str; 4]) -> Settlement {
    let [incoming, outgoing, withheld, advance] = sums.map(decimal);
    Settlement { incoming, outgoing, withheld, advance }
}

#[test]
fn a_sum_to_pay_is_all_money_less_all_deductions() {
    let clinics = BTreeMap::from([
        (ClinicId::new(0), settlement(["10.00", "60.50", "5.25", "100.00"])),
        (ClinicId::new(1), settlement(["50.50", "0", "0", "0"])),
    ]);
    let funding = settled(Settlements { clinics, ..Settlements::default() });
    let sums: Vec<Decimal> = funding.to_pay.iter().map(|row| row.to_pay).collect();
    assert_eq!(sums, [decimal("144.25"), decimal("50.50")]);
    assert!(funding.checks.is_empty());
}

#[test]
fn settlements_that_do_not_cancel_out_are_told() {
    let clinics = BTreeMap::from([(ClinicId::new(0), settlement(["10.00", "9.99", "0", "0"]))]);
    let funding = settled(Settlements { clinics, ..Settlements::default() });
    let told = MoneyCheck::SettlementsDisagree { incoming: decimal("10.00"), outgoing: decimal("9.99") };
    assert_eq!(funding.checks, [told]);
}

#[test]
fn deductions_that_the_money_does_not_cover_are_carried_dropped_or_make_the_sum_negative() {
    // 300.00 less 20.00 of earlier months, an advance of 250.00 and 80.00 withheld: 50.00 are not covered.
    let of = |order, uncovered| {
        let clinics = BTreeMap::from([(ClinicId::new(0), settlement(["0", "0", "80.00", "250.00"]))]);
        let carried = BTreeMap::from([(ClinicId::new(0), decimal("20.00"))]);
        settled(Settlements { order, uncovered, clinics, carried }).to_pay.remove(0)
    };
    for (order, uncovered, expected) in [
        (DeductionOrder::AdvanceFirst, Uncovered::Carry, ["0.00", "50.00", "50.00", "0.00"]),
        (DeductionOrder::WithheldFirst, Uncovered::Carry, ["50.00", "0.00", "50.00", "0.00"]),
        (DeductionOrder::AdvanceFirst, Uncovered::Zero, ["0.00", "50.00", "0.00", "0.00"]),
        (DeductionOrder::AdvanceFirst, Uncovered::Pay, ["0.00", "50.00", "0.00", "-50.00"]),
    ] {
        let row = of(order, uncovered);
        let figures = [row.uncovered_advance, row.uncovered_withheld, row.carried_out, row.to_pay];
        assert_eq!(figures, expected.map(decimal), "{order:?} {uncovered:?}");
    }
}

/// Money for insurers with bands of 2 for children and 0.5 for men: insurer 0 has 1 boy and 2 men on the first day, 3 men on the second; insurer 1 has
/// one man on both.
fn fund_two(change: fn(&mut InsurerMoney)) -> Vec<InsurerFunding> {
    let mut counts = PeopleCounts::default();
    let mut add = |day, people: &[(u16, u16, u64)]| {
        for &(insurer, band, number) in people {
            (0..number).for_each(|_| counts.day(DayId::new(day)).insured.add(InsurerId::new(insurer), cell(band)));
        }
    };
    add(0, &[(0, CHILDREN, 1), (0, MEN, 2), (1, MEN, 1)]);
    add(1, &[(0, MEN, 3), (1, MEN, 1)]);
    let mut fund_money = InsurerMoney {
        base: InsurerBase::Money(decimal("1000.00")),
        correction: Correction::Given(Decimal::ONE),
        running_costs: decimal("0.01"),
        band_set: BandSetId::FIRST,
        heads: vec![DayId::AS_OF, DayId::new(1)],
        whole_heads: false,
        rounding: InsurerRounding::default(),
    };
    change(&mut fund_money);
    let tariff = Tariff { insurers: Some(fund_money), ..tariff("300.00", ["2", "0.5", "2", "0.5"], Correction::Computed) };
    fund(&counts, &clinics(&[&["1", "1"]]), &tariff).insurers
}

#[test]
fn insurers_get_the_norm_of_their_bands_for_the_mean_of_two_days() {
    let rows = fund_two(|_| ());
    // 1000 / 4 = 250. K_0 = (0.5 × 2 + 2.5 × 0.5) / 3 = 0.75, K_1 = 0.5. Norms 187.50 and 125.00.
    let figures: Vec<_> =
        rows.iter().map(|row| (row.people.whole(), row.base, row.k, row.norm, row.amount, row.running_costs)).collect();
    let row = |people, k: &str, norm: &str, amount: &str, costs: &str| {
        (people, decimal("250"), decimal(k), decimal(norm), decimal(amount), decimal(costs))
    };
    assert_eq!(figures, [row(3, "0.75", "187.50", "562.50", "5.63"), row(1, "0.5", "125.00", "125.00", "1.25")]);
}

#[test]
fn a_computed_correction_spends_the_money_of_the_month() {
    let rows = fund_two(|fund| fund.correction = Correction::Computed);
    // 4 / (0.75 × 3 + 0.5 × 1) = 1.4545…; 250 × 0.75 × 1.4545… = 272.7272…, 250 × 0.5 × 1.4545… = 181.8181…
    assert_eq!(rows.iter().map(|row| row.norm).collect::<Vec<_>>(), [decimal("272.73"), decimal("181.82")]);
    assert_eq!(rows.iter().map(|row| row.amount).sum::<Decimal>(), decimal("1000.01"));
}

#[test]
fn means_of_bands_may_be_whole() {
    let rows = fund_two(|fund| fund.whole_heads = true);
    // Half a boy is one, two and a half men are three: 4 heads of insurer 0, K = (2 + 1.5) / 4 = 0.875; 1000 / 5 × 0.875 = 175.
    let figures: Vec<_> = rows.iter().map(|row| (row.people.whole(), row.norm)).collect();
    assert_eq!(figures, [(4, decimal("175.00")), (1, decimal("100.00"))]);
}
