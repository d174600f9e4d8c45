//! Row of an appendix as exact fractions, and its norms by a way of rounding.

use sverka_reference::{AppendixRow, BasePeriod, CareRounding, Quotient, Rounding, RoundingMode};

use super::super::exact::Fraction;
use super::super::norm::{Base, Norm};
use super::{PrintedNorm, RowCheck};

/// Fewest decimals of a printed base: kopecks, though an agreement may print whole roubles.
const BASE_DECIMALS_MIN: u32 = 2;

/// A norm as printed.
#[derive(Clone, Debug)]
pub(super) struct Printed {
    pub value: Fraction,
    pub decimals: u32,
}

/// Norms of a row by a way of rounding, of the periods that are printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Norms {
    pub month: Option<Fraction>,
    pub year: Option<Fraction>,
}

/// Row of an appendix.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub base: Option<Base>,
    /// Decimals of the base as printed. `None` for an exact quotient.
    pub base_decimals: Option<u32>,
    /// Product of coefficients and correction.
    pub coefficient: Fraction,
    pub month: Option<Printed>,
    pub year: Option<Printed>,
}

impl Row {
    pub fn new(row: &AppendixRow) -> Self {
        let printed = |norm: rust_decimal::Decimal| Printed { value: Fraction::from_decimal(norm), decimals: norm.scale() };
        let coefficients = row.coefficients.iter().map(|coefficient| Fraction::from_decimal(*coefficient));
        let coefficients = coefficients.chain(row.correction.map(fraction));
        let base = row.base.map(|base| match base.period {
            BasePeriod::Month => Base::Month(fraction(base.roubles)),
            BasePeriod::Year => Base::Year(fraction(base.roubles)),
        });
        let base_decimals = row.base.and_then(|base| base.roubles.as_single()).map(|base| base.scale().max(BASE_DECIMALS_MIN));
        Self {
            base,
            base_decimals,
            coefficient: coefficients.fold(Fraction::from_integer(1), |product, coefficient| product.times(&coefficient)),
            month: row.norm_month.map(printed),
            year: row.norm_year.map(printed),
        }
    }

    /// Norms of a base by a way of rounding.
    pub fn norms(&self, base: &Base, rounding: &CareRounding) -> Norms {
        let norm = Norm::new(base, &self.coefficient, rounding);
        let month = self.month.as_ref().map(|printed| printed.comparable(norm.month, rounding.month_norm));
        let year = self.year.as_ref().map(|printed| {
            let of_year = norm.year.unwrap_or_else(|| base.year().times(&self.coefficient).rounded_by(rounding.year_norm));
            printed.comparable(of_year, rounding.year_norm)
        });
        Norms { month, year }
    }

    /// Whether norms are those that are printed.
    pub fn agrees(&self, norms: &Norms) -> bool {
        let agrees = |printed: &Option<Printed>, norm: &Option<Fraction>| {
            printed.as_ref().is_none_or(|printed| norm.as_ref() == Some(&printed.value))
        };
        agrees(&self.month, &norms.month) && agrees(&self.year, &norms.year)
    }

    /// The row by the tariff's own way.
    pub fn check(&self, own: &CareRounding) -> RowCheck {
        let norms = self.base.as_ref().map(|base| self.norms(base, own));
        let norm = |printed: &Option<Printed>, computed: Option<Fraction>| {
            printed.as_ref().map(|printed| PrintedNorm { printed: printed.value.clone(), computed })
        };
        RowCheck {
            coefficient: self.coefficient.clone(),
            month: norm(&self.month, norms.as_ref().and_then(|norms| norms.month.clone())),
            year: norm(&self.year, norms.and_then(|norms| norms.year)),
        }
    }
}

impl Printed {
    /// A norm that is compared with the printed one: an unrounded one at the printed decimals.
    fn comparable(&self, norm: Fraction, rounding: Rounding) -> Fraction {
        match rounding {
            Rounding::Exact => norm.rounded_by(Rounding::To { decimals: self.decimals, mode: RoundingMode::HalfUp }),
            Rounding::To { .. } => norm,
        }
    }
}

fn fraction(quotient: Quotient) -> Fraction {
    let dividend = Fraction::from_decimal(quotient.dividend);
    dividend.divided_by(&Fraction::from_decimal(quotient.divisor)).expect("invariant: the reader refuses a divisor of 0")
}
