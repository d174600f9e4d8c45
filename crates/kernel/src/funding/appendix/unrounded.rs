//! Base of more digits than are printed, or of none that is: the range of bases that gives the norms of most rows.
//!
//! ```text
//! printed norm 81.36, half up     81.355 ≤ base × coefficient < 81.365
//! printed base 78.62              78.615 ≤ base < 78.625
//! row 1        [-------------)
//! row 2            [----------------)
//! row 3    [----------)
//! best             [--)               all three; without a base that all share, the range that most share
//! ```
//!
//! A range lies between two cuts, each just before or just after a number, so open and closed ends need no cases of their own.

use rust_decimal::Decimal;

use sverka_reference::{CareRounding, MonthBase, NormPeriod, Rounding, RoundingMode};

use super::super::exact::Fraction;
use super::super::norm::Base;
use super::row::{Printed, Row};
use super::{Way, WayFit};

/// Most decimals that bounds of a range are shown with.
const SHOWN_DECIMALS_MAX: u32 = 12;
/// Units of the last shown decimal that a range is wide at least.
const SHOWN_UNITS_MIN: u64 = 10;

/// A place on the number line just before a number, or just after it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cut {
    number: Fraction,
    is_after: bool,
}

impl Cut {
    fn before(number: Fraction) -> Self {
        Self { number, is_after: false }
    }

    fn after(number: Fraction) -> Self {
        Self { number, is_after: true }
    }

    fn divided_by(&self, divisor: &Fraction) -> Self {
        let number = self.number.divided_by(divisor).expect("invariant: coefficients are above 0");
        Self { number, is_after: self.is_after }
    }
}

/// Range of base norms that give the norms of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseRange {
    /// Whether the bases are those of a year.
    pub is_of_year: bool,
    from: Cut,
    to: Cut,
}

/// Bounds of a range with few decimals, both inside of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownRange {
    /// Least base.
    pub from: Decimal,
    /// Greatest base.
    pub to: Decimal,
}

impl BaseRange {
    /// The range without a base.
    pub(super) fn nothing() -> Self {
        let zero = Cut::before(Fraction::from_integer(0));
        Self { is_of_year: false, from: zero.clone(), to: zero }
    }

    /// The range of so many times the bases.
    #[must_use]
    pub fn times(&self, factor: u64) -> Self {
        let times = |cut: &Cut| Cut { number: cut.number.times(&Fraction::from_integer(factor)), is_after: cut.is_after };
        Self { is_of_year: self.is_of_year, from: times(&self.from), to: times(&self.to) }
    }

    /// Whether a base lies in the range.
    #[must_use]
    pub fn contains(&self, base: &Fraction) -> bool {
        self.from <= Cut::before(base.clone()) && Cut::after(base.clone()) <= self.to
    }

    /// The range with the fewest decimals that show ten numbers or more of it. `None` when nothing lies in the range.
    #[must_use]
    pub fn shown(&self) -> Option<ShownRange> {
        if self.from >= self.to {
            return None;
        }
        let width = self.to.number.minus(&self.from.number)?;
        let units = |decimals: u32| width.times(&Fraction::from_integer(10_u64.pow(decimals)));
        let wide_enough = |decimals: &u32| units(*decimals) >= Fraction::from_integer(SHOWN_UNITS_MIN);
        let decimals = (2..SHOWN_DECIMALS_MAX).find(wide_enough).unwrap_or(SHOWN_DECIMALS_MAX);
        let unit = Decimal::new(1, decimals);
        let rounded = |cut: &Cut, mode| cut.number.rounded_by(Rounding::To { decimals, mode }).rounded(decimals);
        let (mut from, mut to) = (rounded(&self.from, RoundingMode::Up)?, rounded(&self.to, RoundingMode::Down)?);
        if self.from.is_after && Fraction::from_decimal(from) == self.from.number {
            from += unit;
        }
        if !self.to.is_after && Fraction::from_decimal(to) == self.to.number {
            to -= unit;
        }
        if from > to {
            // One number with more decimals than are shown.
            to = from;
        }
        Some(ShownRange { from, to })
    }
}

/// Part of the number line between two cuts; empty when they stand the other way round.
#[derive(Clone, Debug)]
struct Span {
    from: Cut,
    to: Cut,
}

impl Span {
    fn is_empty(&self) -> bool {
        self.from >= self.to
    }

    fn common(self, other: &Self) -> Self {
        Self { from: self.from.max(other.from.clone()), to: self.to.min(other.to.clone()) }
    }

    fn divided_by(&self, divisor: &Fraction) -> Self {
        Self { from: self.from.divided_by(divisor), to: self.to.divided_by(divisor) }
    }

    /// Numbers that a mode rounds to a printed number. `None` when the number has more decimals than the rounding leaves.
    fn rounded_to(printed: &Printed, rounding: Rounding) -> Option<Self> {
        let (decimals, mode) = match rounding {
            Rounding::Exact => (printed.decimals, RoundingMode::HalfUp),
            Rounding::To { decimals, mode } => (decimals, mode),
        };
        let number = &printed.value;
        let unit = Fraction::from_decimal(Decimal::new(1, decimals));
        if number.rounded_by(Rounding::To { decimals, mode: RoundingMode::Down }) != *number {
            return None;
        }
        let half = unit.divided_by(&Fraction::from_integer(2)).expect("invariant: two is not zero");
        let below = |distance: &Fraction| number.minus(distance);
        let zero = || Cut::before(Fraction::from_integer(0));
        Some(match mode {
            RoundingMode::HalfUp => {
                Self { from: below(&half).map_or_else(zero, Cut::before), to: Cut::before(number.plus(&half)) }
            }
            RoundingMode::HalfEven => {
                let pairs = number.divided_by(&unit.times(&Fraction::from_integer(2))).expect("invariant: a unit is not zero");
                let is_even = pairs.rounded_by(Rounding::To { decimals: 0, mode: RoundingMode::Down }) == pairs;
                if is_even {
                    Self { from: below(&half).map_or_else(zero, Cut::before), to: Cut::after(number.plus(&half)) }
                } else {
                    Self { from: below(&half).map_or_else(zero, Cut::after), to: Cut::before(number.plus(&half)) }
                }
            }
            RoundingMode::Up => Self { from: below(&unit).map_or_else(zero, Cut::after), to: Cut::after(number.clone()) },
            RoundingMode::Down => Self { from: Cut::before(number.clone()), to: Cut::before(number.plus(&unit)) },
        })
    }
}

/// Ways with an unrounded base.
pub(super) struct UnroundedFits {
    pub fits: Vec<WayFit>,
    pub tried: usize,
}

/// Base that all rows share and that may have had more digits than are printed.
struct SharedBase {
    is_of_year: bool,
    has_month_norms: bool,
    /// Bases that are printed as this one; all of them when none is printed.
    printed_as: Option<Span>,
}

impl SharedBase {
    /// The base of the rows. `None` when they have several, or an exact quotient.
    fn of_rows(rows: &[Row]) -> Option<Self> {
        let first = &rows[0];
        if rows.iter().any(|row| row.base != first.base) {
            return None;
        }
        let has_month_norms = rows.iter().any(|row| row.month.is_some());
        let Some(base) = &first.base else {
            return Some(Self { is_of_year: !has_month_norms, has_month_norms, printed_as: None });
        };
        let (value, is_of_year) = match base {
            Base::Month(value) => (value.clone(), false),
            Base::Year(value) => (value.clone(), true),
        };
        let decimals = first.base_decimals?;
        let half_up = Rounding::To { decimals, mode: RoundingMode::HalfUp };
        let printed_as = Span::rounded_to(&Printed { value, decimals }, half_up);
        Some(Self { is_of_year, has_month_norms, printed_as })
    }

    /// Whether a rounding makes the norm of the base times a number and rounds it once.
    fn is_linear(&self, rounding: &CareRounding) -> bool {
        let keeps_base = !self.is_of_year || !self.has_month_norms || rounding.month_base == MonthBase::Exact;
        rounding.norm_period == NormPeriod::Month && keeps_base
    }

    /// Bases that give the printed norms of a row; `None` when no base does.
    fn span_of(&self, row: &Row, rounding: &CareRounding) -> Option<Span> {
        let twelve = Fraction::from_integer(12);
        let factor = |is_of_year: bool| match (self.is_of_year, is_of_year) {
            (true, false) => row.coefficient.divided_by(&twelve).expect("invariant: twelve is not zero"),
            (false, true) => row.coefficient.times(&twelve),
            _ => row.coefficient.clone(),
        };
        let mut span = self.printed_as.clone();
        for (printed, rounding, is_of_year) in [(&row.month, rounding.month_norm, false), (&row.year, rounding.year_norm, true)] {
            let Some(printed) = printed else { continue };
            let bases = Span::rounded_to(printed, rounding)?.divided_by(&factor(is_of_year));
            span = Some(match span {
                Some(span) => span.common(&bases),
                None => bases,
            });
        }
        span.filter(|span| !span.is_empty())
    }
}

/// Ways of rounding from an unrounded base that fit more rows than from the printed one. Only roundings to the decimals of the printed norms count.
pub(super) fn unrounded_base_fits(rows: &[Row], roundings: &[CareRounding], printed: &[WayFit]) -> UnroundedFits {
    let (mut fits, mut tried): (Vec<WayFit>, usize) = (Vec::new(), 0);
    let Some(base) = SharedBase::of_rows(rows) else { return UnroundedFits { fits, tried } };
    let printed_decimals = rows.iter().flat_map(|row| [&row.month, &row.year]).flatten().map(|norm| norm.decimals).max();
    // The first rounding is the tariff's own.
    let (own, others) = roundings.split_first().expect("invariant: the tariff has a rounding");
    let others = others.iter().filter(|rounding| decimals_of(rounding.month_norm) == printed_decimals);
    for rounding in std::iter::once(own).chain(others).filter(|rounding| base.is_linear(rounding)) {
        tried += 1;
        let spans: Vec<Option<Span>> = rows.iter().map(|row| base.span_of(row, rounding)).collect();
        let Some(best) = most_common(spans.iter().flatten()) else { continue };
        let range = BaseRange { is_of_year: base.is_of_year, from: best.from.clone(), to: best.to.clone() };
        let holds = |span: &Option<Span>| span.as_ref().is_some_and(|span| span.from <= best.from && best.to <= span.to);
        let fit_rows: Vec<bool> = spans.iter().map(holds).collect();
        let is_same_range = |known: &BaseRange| known.shown() == range.shown();
        let is_same = |fit: &&mut WayFit| fit.fits == fit_rows && fit.way.unrounded_base.as_ref().is_some_and(is_same_range);
        let way = Way { rounding: *rounding, unrounded_base: Some(range.clone()) };
        if let Some(known) = fits.iter_mut().find(is_same) {
            known.same.push(way);
            continue;
        }
        let found = WayFit { way, same: Vec::new(), fits: fit_rows };
        let is_same_rounding = |way: &Way| way.rounding.month_norm == rounding.month_norm && base.is_linear(&way.rounding);
        let of_printed = printed.iter().filter(|fit| is_same_rounding(&fit.way) || fit.same.iter().any(is_same_rounding));
        if of_printed.map(WayFit::fitting).max().is_none_or(|fitting| fitting < found.fitting()) {
            fits.push(found);
        }
    }
    UnroundedFits { fits, tried }
}

/// Decimals that a rounding leaves.
fn decimals_of(rounding: Rounding) -> Option<u32> {
    match rounding {
        Rounding::Exact => None,
        Rounding::To { decimals, .. } => Some(decimals),
    }
}

/// The part of the number line that most spans hold; the first of several. `None` without spans.
fn most_common<'s>(spans: impl Iterator<Item = &'s Span>) -> Option<Span> {
    // At one cut a span that ends is out before another one begins.
    let mut cuts: Vec<(&Cut, bool)> = spans.flat_map(|span| [(&span.from, true), (&span.to, false)]).collect();
    cuts.sort_by(|(left, left_begins), (right, right_begins)| left.cmp(right).then(left_begins.cmp(right_begins)));
    let (mut open, mut most, mut best) = (0_usize, 0, None);
    for (index, (_, begins)) in cuts.iter().enumerate() {
        if *begins {
            open += 1;
            if open > most {
                most = open;
                best = Some(index);
            }
        } else {
            open -= 1;
        }
    }
    // The cut after the last span that began is the end of one.
    best.map(|index| Span { from: cuts[index].0.clone(), to: cuts[index + 1].0.clone() })
}
