//! Exact fractions, so that nothing between inputs and norm is rounded.

use num_bigint::BigUint;
use rust_decimal::Decimal;

/// A fraction that is not negative, with a denominator that is not zero. It is not reduced: a norm takes few steps, so the numbers stay small.
#[derive(Clone, Debug)]
pub(super) struct Fraction {
    numerator: BigUint,
    denominator: BigUint,
}

impl Fraction {
    /// A whole number.
    pub(super) fn from_integer(number: u64) -> Self {
        Self { numerator: number.into(), denominator: 1_u32.into() }
    }

    /// The exact value of a decimal number. The number is not negative: tariff and clinics refuse others.
    pub(super) fn from_decimal(value: Decimal) -> Self {
        let mantissa = u128::try_from(value.mantissa()).expect("coefficients and money are not negative");
        Self { numerator: mantissa.into(), denominator: power_of_ten(value.scale()) }
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        Self { numerator: &self.numerator * &other.numerator, denominator: &self.denominator * &other.denominator }
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        if self.denominator == other.denominator {
            return Self { numerator: &self.numerator + &other.numerator, denominator: self.denominator.clone() };
        }
        Self {
            numerator: &self.numerator * &other.denominator + &other.numerator * &self.denominator,
            denominator: &self.denominator * &other.denominator,
        }
    }

    /// The quotient; `None` when the divisor is zero.
    pub(super) fn divided_by(&self, divisor: &Self) -> Option<Self> {
        if divisor.numerator.bits() == 0 {
            return None;
        }
        Some(Self { numerator: &self.numerator * &divisor.denominator, denominator: &self.denominator * &divisor.numerator })
    }

    /// The value rounded to `decimals`, half away from zero. `None` when the result has more digits than a [`Decimal`] keeps.
    pub(super) fn rounded(&self, decimals: u32) -> Option<Decimal> {
        let doubled = BigUint::from(2_u32) * &self.numerator * power_of_ten(decimals) + &self.denominator;
        let units = doubled / (BigUint::from(2_u32) * &self.denominator);
        Decimal::try_from_i128_with_scale(i128::try_from(units).ok()?, decimals).ok()
    }
}

fn power_of_ten(exponent: u32) -> BigUint {
    BigUint::from(10_u32).pow(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_are_rounded_away_from_zero() {
        for (parts, whole, kopecks) in [(1, 200, 1), (3, 200, 2), (999, 200_000, 0), (1001, 200_000, 1), (1, 3, 33), (2, 3, 67)] {
            let fraction = Fraction::from_integer(parts).divided_by(&Fraction::from_integer(whole)).expect("not zero");
            assert_eq!(fraction.rounded(2), Some(Decimal::new(kopecks, 2)), "{parts}/{whole}");
        }
    }

    #[test]
    fn what_a_decimal_cannot_keep_is_not_cut() {
        assert_eq!(Fraction::from_integer(u64::MAX).rounded(18), None);
    }
}
