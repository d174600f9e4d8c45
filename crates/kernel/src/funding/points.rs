//! Money of feldsher points for a month (SEM-310).
//!
//! ```text
//! year    = norm of the year × region × access × specific
//! K_staff = 1 − s × missing posts / posts, rounded
//! month   = year × K_staff / 12, rounded; paid when the point is open and licensed on the first day of the month
//! ```

use rust_decimal::Decimal;

use sverka_model::InsurerId;
use sverka_reference::{Point, PointSplit, Points, Tariff};

use super::attached::AttachedHeads;
use super::exact::Fraction;
use super::heads::PeopleCounts;
use super::shares::{from_kopecks, kopecks, largest_remainder, two_decimals};
use super::{for_display, money, norm_for_display};

/// Months of a year.
const MONTHS: u64 = 12;

/// Money of one feldsher point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointFunding {
    /// The point.
    pub point: Point,
    /// Whether the point is paid, or the reason why not.
    pub state: PointState,
    /// Sum of a year, 8 decimals.
    pub year_sum: Decimal,
    /// Coefficient of staff, 18 decimals.
    pub staff: Decimal,
    /// Sum of the month; 0 when the point is not paid.
    pub amount: Decimal,
    /// Parts of the insurers, by insurer. One part without an insurer when nobody is attached to the clinic, or nothing is paid.
    pub shares: Vec<PointShare>,
}

/// State of a point on the first day of the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointState {
    /// Open and licensed.
    Paid,
    /// Not open.
    Closed,
    /// Open without a licence.
    Unlicensed,
}

impl PointState {
    /// Name in outputs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Closed => "closed",
            Self::Unlicensed => "unlicensed",
        }
    }
}

/// Part of a point's money that one insurer pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointShare {
    /// The insurer.
    pub insurer: Option<InsurerId>,
    /// Heads of the insurer at the clinic of the point.
    pub heads: Fraction,
    /// Amount.
    pub amount: Decimal,
}

/// Money of all points, by code.
pub(super) fn fund_points(counts: &PeopleCounts, tariff: &Tariff, points: &Points) -> Vec<PointFunding> {
    let heads = AttachedHeads::new(counts, tariff, &points.heads);
    points.points.iter().map(|point| fund_point(points, point, &heads)).collect()
}

fn fund_point(points: &Points, point: &Point, heads: &AttachedHeads) -> PointFunding {
    let state = match (point.opening.covers(points.month), point.licence.covers(points.month)) {
        (false, _) => PointState::Closed,
        (true, false) => PointState::Unlicensed,
        (true, true) => PointState::Paid,
    };
    let (year, staff) = (year_sum(points, point), staff_coefficient(points, point));
    let twelfth = year.times(&staff).divided_by(&Fraction::from_integer(MONTHS)).expect("invariant: twelve is not zero");
    let amount = match state {
        PointState::Paid => money(&twelfth.rounded_by(points.rounding.month)),
        PointState::Closed | PointState::Unlicensed => from_kopecks(0),
    };
    PointFunding {
        point: point.clone(),
        state,
        year_sum: norm_for_display(&year),
        staff: for_display(&staff),
        amount,
        shares: shares(points.split, point, amount, heads),
    }
}

fn year_sum(points: &Points, point: &Point) -> Fraction {
    let coefficients = &point.coefficients;
    let factors = [coefficients.region, coefficients.access, coefficients.specific];
    let exact = factors
        .into_iter()
        .fold(Fraction::from_decimal(point.year_norm), |sum, factor| sum.times(&Fraction::from_decimal(factor)));
    exact.rounded_by(points.rounding.year)
}

/// Coefficient of staff; 1 for a point without posts, and never below 0.
fn staff_coefficient(points: &Points, point: &Point) -> Fraction {
    let one = Fraction::from_integer(1);
    let (Some(posts), Some(filled)) = (point.posts, point.posts_filled) else { return one };
    let posts = Fraction::from_decimal(posts);
    let nothing = || Fraction::from_integer(0);
    let missing = posts.minus(&Fraction::from_decimal(filled)).unwrap_or_else(nothing);
    let lost = Fraction::from_decimal(point.staff_share).times(&missing).divided_by(&posts).unwrap_or_else(nothing);
    one.minus(&lost).unwrap_or_else(nothing).rounded_by(points.rounding.staff)
}

/// Parts of the insurers of the people attached to the clinic of a point.
fn shares(split: PointSplit, point: &Point, amount: Decimal, heads: &AttachedHeads) -> Vec<PointShare> {
    let by_insurer: Vec<(InsurerId, u64)> = heads.by_insurer(point.clinic).collect();
    let weights: Vec<Fraction> = by_insurer.iter().map(|(_, units)| Fraction::from_integer(*units)).collect();
    let parts = match split {
        _ if amount.is_zero() => None,
        PointSplit::Exact => largest_remainder(kopecks(amount), &weights),
        PointSplit::TwoDecimals => two_decimals(kopecks(amount), &weights),
    };
    let Some(parts) = parts else {
        return vec![PointShare { insurer: None, heads: heads.number(heads.of_clinic(point.clinic)), amount }];
    };
    let share = |((insurer, units), part): ((InsurerId, u64), super::shares::Share)| PointShare {
        insurer: Some(insurer),
        heads: heads.number(units),
        amount: from_kopecks(part.kopecks),
    };
    by_insurer.into_iter().zip(parts).map(share).collect()
}
