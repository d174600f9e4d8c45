//! Money of the fund for insurers as a tariff sets it: base norm, bands, days, correction and running costs.

use rust_decimal::Decimal;

use super::bands::BandSetId;
use super::care::Correction;
use super::days::DayId;
use crate::Rounding;

/// Money of the fund for insurers, by all insured people, attached or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsurerMoney {
    /// Base norm of a month.
    pub base: InsurerBase,
    /// Coefficient of all norms.
    pub correction: Correction,
    /// Running costs, as a share of the money.
    pub running_costs: Decimal,
    /// Bands with their coefficients.
    pub band_set: BandSetId,
    /// Days whose people count; several: their mean.
    pub heads: Vec<DayId>,
    /// Whether the mean of an insurer's band is made whole, half up.
    pub whole_heads: bool,
    /// Roundings.
    pub rounding: InsurerRounding,
}

/// Base norm for insurers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsurerBase {
    /// Money of the month, divided by all insured people.
    Money(Decimal),
    /// Roubles for a head and month.
    PerHead(Decimal),
}

/// Roundings of the money for insurers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsurerRounding {
    /// Base norm.
    pub base: Rounding,
    /// Age-sex composition.
    pub k: Rounding,
    /// Correction.
    pub correction: Rounding,
    /// Norm.
    pub norm: Rounding,
    /// Money of an insurer; it has kopecks at most.
    pub money: Rounding,
    /// Running costs; they have kopecks at most.
    pub running_costs: Rounding,
}

impl Default for InsurerRounding {
    /// Norm, money and running costs in kopecks, half up; everything before them exact.
    fn default() -> Self {
        Self {
            base: Rounding::Exact,
            k: Rounding::Exact,
            correction: Rounding::Exact,
            norm: Rounding::KOPECKS,
            money: Rounding::KOPECKS,
            running_costs: Rounding::KOPECKS,
        }
    }
}
