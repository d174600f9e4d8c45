//! Money for results as a tariff sets it: indicators, limits of groups, the pot and its two parts.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use sverka_model::ClinicId;

use super::days::DayId;
use crate::Rounding;

/// Money for results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Results {
    /// Days whose heads weigh the clinics; several: their mean.
    pub heads: Vec<DayId>,
    /// Money that is given out, roubles with two decimals; 0 in a month without any.
    pub pot: Decimal,
    /// Share of the pot for groups II and III, by people and months. The rest goes to group III, by points.
    pub people_share: Decimal,
    /// Limits of groups.
    pub limits: GroupLimits,
    /// Least share of an indicator's points with which it counts as reached.
    pub reached_from: Decimal,
    /// Indicators, in the order of their table.
    pub indicators: Vec<Indicator>,
    /// Clinics with values, by code.
    pub clinics: BTreeMap<ClinicId, ClinicResults>,
}

/// Limits of the groups II and III.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupLimits {
    /// Figure that is compared with the limits.
    pub count: GroupCount,
    /// Least share for group II.
    pub group_2: Decimal,
    /// Least share for group III.
    pub group_3: Decimal,
    /// Rounding of a limit, the share of a clinic's indicators or points.
    pub rounding: Rounding,
}

/// Figure that puts a clinic into a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupCount {
    /// Number of reached indicators.
    Indicators,
    /// Points.
    Points,
}

/// An indicator of results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// Name or number, as its table writes it.
    pub name: String,
    /// Block of indicators: adults, children, obstetrics.
    pub block: String,
    /// Points of the reached indicator.
    pub most_points: Decimal,
    /// Rule of points.
    pub rule: IndicatorRule,
    /// Whether a smaller value is the better one.
    pub less_is_better: bool,
    /// Value to reach; for [`IndicatorRule::Growth`] the least growth.
    pub target: Option<Decimal>,
}

/// Rule that gives points for an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndicatorRule {
    /// All points when the value is as good as the target; without a target, as the value before.
    Reached,
    /// Points by the share of the target that is reached, at most all of them; without a target, of 1.
    Share,
    /// All points when the value is better than before by at least the target, a share of the value before; without a target, by anything.
    Growth,
}

/// Results of one clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClinicResults {
    /// Months of the period in which the clinic worked.
    pub months: u32,
    /// Values of the indicators that concern the clinic.
    pub values: Vec<IndicatorValue>,
}

/// Value of an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndicatorValue {
    /// Index of the indicator in [`Results::indicators`].
    pub indicator: usize,
    /// Value of the period before.
    pub before: Option<Decimal>,
    /// Value of the period; without it the indicator is not reached.
    pub now: Option<Decimal>,
}
