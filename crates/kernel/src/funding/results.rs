//! Money for results: points of clinics, their groups, and the two parts of the pot (SEM-311 to SEM-313).
//!
//! ```text
//! group    III when reached >= limit_3, else II when reached >= limit_2, else I     limit = share × indicators, rounded
//! part 1   part1 × pot × heads × months / sum over groups II and III
//! part 2   part2 × pot × points / sum over group III
//! ```

use std::cmp::Ordering;

use rust_decimal::Decimal;

use sverka_model::ClinicId;
use sverka_reference::{ClinicResults, GroupCount, Indicator, IndicatorRule, IndicatorValue, Results, Tariff};

use super::attached::AttachedHeads;
use super::exact::Fraction;
use super::heads::PeopleCounts;
use super::norm_for_display;
use super::shares::{Share, from_kopecks, kopecks, largest_remainder};

/// Money of all clinics for results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultsFunding {
    /// Clinics with indicators, by code.
    pub clinics: Vec<ResultFunding>,
    /// Money that is given out.
    pub pot: Decimal,
    /// First part that nobody gets, because no clinic with people is in group II or III.
    pub unspent_1: Decimal,
    /// Second part that nobody gets, because no clinic with points is in group III.
    pub unspent_2: Decimal,
}

/// Money of one clinic for results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultFunding {
    /// The clinic.
    pub clinic: ClinicId,
    /// Indicators that concern the clinic.
    pub indicators: u64,
    /// Reached indicators.
    pub reached: u64,
    /// Points.
    pub points: Decimal,
    /// Points of all indicators that concern the clinic.
    pub most_points: Decimal,
    /// Least number of indicators or points for group II.
    pub limit_2: Decimal,
    /// Least number of indicators or points for group III.
    pub limit_3: Decimal,
    /// Group.
    pub group: ResultGroup,
    /// Heads of the clinic; a mean of days may be a fraction.
    pub heads: Fraction,
    /// Months of the period in which the clinic worked.
    pub months: u32,
    /// Money by people and months.
    pub part_1: Decimal,
    /// Money by points.
    pub part_2: Decimal,
    /// Kopecks in both parts that come from the remainders of all clinics.
    pub remainder: Decimal,
    /// Both parts.
    pub amount: Decimal,
}

/// Group of a clinic by its results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResultGroup {
    /// Below the limit of group II: no money.
    First = 1,
    /// From the limit of group II: money by people.
    Second = 2,
    /// From the limit of group III: money by people and by points.
    Third = 3,
}

/// Points of one clinic before money.
struct Score<'t> {
    clinic: ClinicId,
    results: &'t ClinicResults,
    reached: u64,
    points: Fraction,
    most_points: Fraction,
    limit_2: Fraction,
    limit_3: Fraction,
    group: ResultGroup,
    /// Heads in units of their days.
    units: u64,
}

/// Money of all clinics for results.
pub(super) fn fund_results(counts: &PeopleCounts, tariff: &Tariff, results: &Results) -> ResultsFunding {
    let heads = AttachedHeads::new(counts, tariff, &results.heads);
    let scores: Vec<Score<'_>> =
        results.clinics.iter().map(|(clinic, values)| score(results, *clinic, values, heads.of_clinic(*clinic))).collect();
    let nothing = || Fraction::from_integer(0);
    let by_people = |score: &Score<'_>| match score.group {
        ResultGroup::First => nothing(),
        ResultGroup::Second | ResultGroup::Third => Fraction::from_integer(score.units * u64::from(score.results.months)),
    };
    let by_points = |score: &Score<'_>| match score.group {
        ResultGroup::First | ResultGroup::Second => nothing(),
        ResultGroup::Third => score.points.clone(),
    };
    let pot = kopecks(results.pot);
    let pot_1 = Fraction::from_integer(pot).times(&Fraction::from_decimal(results.people_share)).whole();
    let parts_1 = Part::new(pot_1, scores.iter().map(by_people).collect());
    let parts_2 = Part::new(pot - pot_1, scores.iter().map(by_points).collect());
    let rows = scores.iter().zip(parts_1.shares.iter().zip(&parts_2.shares));
    ResultsFunding {
        clinics: rows.map(|(score, (part_1, part_2))| score.to_funding(&heads, *part_1, *part_2)).collect(),
        pot: from_kopecks(pot),
        unspent_1: from_kopecks(parts_1.unspent),
        unspent_2: from_kopecks(parts_2.unspent),
    }
}

/// Part of the pot, shared.
struct Part {
    shares: Vec<Share>,
    unspent: u64,
}

impl Part {
    fn new(total: u64, weights: Vec<Fraction>) -> Self {
        match largest_remainder(total, &weights) {
            Some(shares) => Self { shares, unspent: 0 },
            None => Self { shares: vec![Share::default(); weights.len()], unspent: total },
        }
    }
}

impl Score<'_> {
    fn to_funding(&self, heads: &AttachedHeads, part_1: Share, part_2: Share) -> ResultFunding {
        ResultFunding {
            clinic: self.clinic,
            indicators: self.results.values.len() as u64,
            reached: self.reached,
            points: norm_for_display(&self.points),
            most_points: norm_for_display(&self.most_points),
            limit_2: norm_for_display(&self.limit_2),
            limit_3: norm_for_display(&self.limit_3),
            group: self.group,
            heads: heads.number(self.units),
            months: self.results.months,
            part_1: from_kopecks(part_1.kopecks),
            part_2: from_kopecks(part_2.kopecks),
            remainder: from_kopecks(u64::from(part_1.has_extra) + u64::from(part_2.has_extra)),
            amount: from_kopecks(part_1.kopecks + part_2.kopecks),
        }
    }
}

fn score<'t>(results: &Results, clinic: ClinicId, of_clinic: &'t ClinicResults, units: u64) -> Score<'t> {
    let mut reached = 0;
    let (mut points, mut most_points) = (Fraction::from_integer(0), Fraction::from_integer(0));
    for value in &of_clinic.values {
        let indicator = &results.indicators[value.indicator];
        let (share, most) = (reached_share(indicator, value), Fraction::from_decimal(indicator.most_points));
        reached += u64::from(share >= Fraction::from_decimal(results.reached_from));
        points = points.plus(&share.times(&most));
        most_points = most_points.plus(&most);
    }
    let limits = &results.limits;
    let (figure, whole) = match limits.count {
        GroupCount::Indicators => (Fraction::from_integer(reached), Fraction::from_integer(of_clinic.values.len() as u64)),
        GroupCount::Points => (points.clone(), most_points.clone()),
    };
    let limit = |share: Decimal| whole.times(&Fraction::from_decimal(share)).rounded_by(limits.rounding);
    let (limit_2, limit_3) = (limit(limits.group_2), limit(limits.group_3));
    let group = match (figure.cmp(&limit_3), figure.cmp(&limit_2)) {
        (Ordering::Equal | Ordering::Greater, _) => ResultGroup::Third,
        (Ordering::Less, Ordering::Equal | Ordering::Greater) => ResultGroup::Second,
        (Ordering::Less, Ordering::Less) => ResultGroup::First,
    };
    Score { clinic, results: of_clinic, reached, points, most_points, limit_2, limit_3, group, units }
}

/// Share of an indicator's points: 0 without the values that its rule needs.
fn reached_share(indicator: &Indicator, value: &IndicatorValue) -> Fraction {
    let target = indicator.target.map(Fraction::from_decimal);
    let (before, now) = (value.before.map(Fraction::from_decimal), value.now.map(Fraction::from_decimal));
    let all_or_nothing = |is_reached: bool| Fraction::from_integer(u64::from(is_reached));
    let Some(now) = now else { return all_or_nothing(false) };
    match indicator.rule {
        IndicatorRule::Reached => {
            let is_as_good = |target: Fraction| if indicator.less_is_better { now <= target } else { now >= target };
            all_or_nothing(target.or(before).is_some_and(is_as_good))
        }
        IndicatorRule::Share => {
            let one = Fraction::from_integer(1);
            let target = target.unwrap_or_else(|| one.clone());
            let share = if indicator.less_is_better { target.divided_by(&now) } else { now.divided_by(&target) };
            share.unwrap_or_else(|| one.clone()).min(one)
        }
        IndicatorRule::Growth => {
            let Some(before) = before else { return all_or_nothing(false) };
            let better = if indicator.less_is_better { before.minus(&now) } else { now.minus(&before) };
            let least = target.map_or_else(|| Fraction::from_integer(0), |target| target.times(&before));
            all_or_nothing(better.is_some_and(|better| !better.is_zero() && better >= least))
        }
    }
}
