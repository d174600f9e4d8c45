//! Feldsher points as a tariff sets them: sums of a year by class of size, coefficients, posts, licence and opening.

use rust_decimal::Decimal;

use sverka_model::{ClinicId, Date};

use super::days::DayId;
use crate::Rounding;

/// Feldsher points, which are paid beside the norms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Points {
    /// First day of the month that is paid.
    pub month: Date,
    /// Days whose heads share a point's money between insurers; several: their mean.
    pub heads: Vec<DayId>,
    /// Way in which insurers share the money of a point.
    pub split: PointSplit,
    /// Roundings.
    pub rounding: PointRounding,
    /// The points, by code.
    pub points: Vec<Point>,
}

/// Way in which insurers share the money of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointSplit {
    /// Exact shares; the kopecks that are left go to the largest remainders.
    Exact,
    /// Shares of two decimals; the last insurer gets what is left.
    TwoDecimals,
}

/// Roundings of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointRounding {
    /// Coefficient of staff.
    pub staff: Rounding,
    /// Sum of a year.
    pub year: Rounding,
    /// Sum of a month; it has kopecks at most.
    pub month: Rounding,
}

impl Default for PointRounding {
    /// Two decimals half up for staff and month; the year exact.
    fn default() -> Self {
        Self { staff: Rounding::KOPECKS, year: Rounding::Exact, month: Rounding::KOPECKS }
    }
}

/// A feldsher point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// Code of the point, as its table writes it.
    pub code: String,
    /// Clinic that the point belongs to.
    pub clinic: ClinicId,
    /// Name for people.
    pub name: Option<String>,
    /// Residents who are served.
    pub residents: Option<u32>,
    /// Day on which the residents were counted.
    pub counted_on: Option<Date>,
    /// Sum of a year before coefficients, of the point or of its class.
    pub year_norm: Decimal,
    /// Coefficients of the year's sum.
    pub coefficients: PointCoefficients,
    /// Posts of the point; without them staff is not judged.
    pub posts: Option<Decimal>,
    /// Posts that are filled; `None`: all.
    pub posts_filled: Option<Decimal>,
    /// Share of the year's sum that would fall with all posts missing.
    pub staff_share: Decimal,
    /// Days with a licence.
    pub licence: Term,
    /// Days on which the point is open.
    pub opening: Term,
}

/// Coefficients of the year's sum of a point; 1 where the table gives none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointCoefficients {
    /// Coefficient of the region.
    pub region: Decimal,
    /// Coefficient of access.
    pub access: Decimal,
    /// Coefficient of the point itself.
    pub specific: Decimal,
}

/// Days from the first one to the first one behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// First day.
    pub from: Date,
    /// First day behind.
    pub to: Date,
}

impl Term {
    /// Whether a day is one of the term.
    #[must_use]
    pub fn covers(self, day: Date) -> bool {
        self.from <= day && day < self.to
    }
}
