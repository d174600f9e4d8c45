//! Norm of a head from base norm, coefficient and correction, with the roundings of a care.
//!
//! ```text
//! month            base of the month × coefficient × correction, rounded
//! year, then month base of the year × coefficient × correction, rounded; a twelfth of it, rounded
//! ```

use sverka_reference::{CareRounding, MonthBase, NormPeriod, Rounding, RoundingMode};

use super::exact::Fraction;

/// Months of a year.
const MONTHS: u64 = 12;

/// Base norm for a head, exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// For a month.
    Month(Fraction),
    /// For a year.
    Year(Fraction),
}

impl Base {
    /// Base of a month. The twelfth of a year's base is rounded to kopecks, half up, unless the agreement keeps it exact (SRC-31).
    ///
    /// # Panics
    /// Never: twelve is not zero.
    #[must_use]
    pub fn month(&self, rounding: MonthBase) -> Fraction {
        match (self, rounding) {
            (Self::Month(base), _) => base.clone(),
            (Self::Year(base), MonthBase::Exact) => twelfth(base),
            (Self::Year(base), MonthBase::Rounded) => {
                twelfth(base).rounded_by(Rounding::To { decimals: 2, mode: RoundingMode::HalfUp })
            }
        }
    }

    /// Base of a year.
    #[must_use]
    pub fn year(&self) -> Fraction {
        match self {
            Self::Month(base) => base.times(&Fraction::from_integer(MONTHS)),
            Self::Year(base) => base.clone(),
        }
    }
}

/// Norm of a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Norm {
    /// Norm of a year, if it is rounded before that of a month.
    pub year: Option<Fraction>,
    /// Norm of a month.
    pub month: Fraction,
}

impl Norm {
    /// The norm of a base and the product of all coefficients.
    #[must_use]
    pub fn new(base: &Base, coefficient: &Fraction, rounding: &CareRounding) -> Self {
        match rounding.norm_period {
            NormPeriod::Month => {
                let exact = base.month(rounding.month_base).times(coefficient);
                Self { year: None, month: exact.rounded_by(rounding.month_norm) }
            }
            NormPeriod::YearThenMonth => {
                let year = base.year().times(coefficient).rounded_by(rounding.year_norm);
                let month = twelfth(&year).rounded_by(rounding.month_norm);
                Self { year: Some(year), month }
            }
        }
    }
}

fn twelfth(year: &Fraction) -> Fraction {
    year.divided_by(&Fraction::from_integer(MONTHS)).expect("invariant: twelve is not zero")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    fn fraction(text: &str) -> Fraction {
        Fraction::from_decimal(Decimal::from_str_exact(text).expect("a number"))
    }

    /// Year's norms of published agreements and their twelfths (SRC-31).
    #[test]
    fn a_year_becomes_a_month() {
        for (year, month) in [("2126.14", "177.18"), ("814.33", "67.86"), ("892.73", "74.39"), ("909.46", "75.79")] {
            assert_eq!(Base::Year(fraction(year)).month(MonthBase::Rounded), fraction(month), "{year}");
        }
        assert_eq!(Base::Year(fraction("814.33")).month(MonthBase::Exact).times(&fraction("12")), fraction("814.33"));
    }

    #[test]
    fn a_clinic_s_norm_comes_from_the_rounded_base_of_the_month() {
        let norm = Norm::new(&Base::Year(fraction("814.33")), &fraction("1.0984"), &CareRounding::default());
        assert_eq!(norm, Norm { year: None, month: fraction("74.54") });
    }

    #[test]
    fn a_year_s_norm_may_be_rounded_first() {
        let rounding = CareRounding { norm_period: NormPeriod::YearThenMonth, ..CareRounding::default() };
        for (k, year, month) in [("0.989901", "892.73", "74.39"), ("1.008459", "909.46", "75.79")] {
            let norm = Norm::new(&Base::Year(fraction("901.8344")), &fraction(k), &rounding);
            assert_eq!(norm, Norm { year: Some(fraction(year)), month: fraction(month) }, "{k}");
        }
    }
}
