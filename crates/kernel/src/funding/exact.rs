//! Exact fractions, so that nothing between inputs and a rounding is rounded.

use std::cmp::Ordering;

use num_bigint::BigUint;
use rust_decimal::Decimal;

use sverka_reference::{Rounding, RoundingMode};

/// A fraction that is not negative, with a denominator that is not zero. It is not reduced: a norm takes few steps, so the numbers stay small.
#[derive(Clone, Debug)]
pub struct Fraction {
    numerator: BigUint,
    denominator: BigUint,
}

impl Fraction {
    /// A whole number.
    #[must_use]
    pub fn from_integer(number: u64) -> Self {
        Self { numerator: number.into(), denominator: 1_u32.into() }
    }

    /// The exact value of a decimal number. The number is not negative: tariff and clinics refuse others.
    ///
    /// # Panics
    /// For a negative number.
    #[must_use]
    pub fn from_decimal(value: Decimal) -> Self {
        let mantissa = u128::try_from(value.mantissa()).expect("coefficients and money are not negative");
        Self { numerator: mantissa.into(), denominator: power_of_ten(value.scale()) }
    }

    /// Whether the fraction is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.numerator.bits() == 0
    }

    /// The product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        Self { numerator: &self.numerator * &other.numerator, denominator: &self.denominator * &other.denominator }
    }

    /// The sum.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        if self.denominator == other.denominator {
            return Self { numerator: &self.numerator + &other.numerator, denominator: self.denominator.clone() };
        }
        Self {
            numerator: &self.numerator * &other.denominator + &other.numerator * &self.denominator,
            denominator: &self.denominator * &other.denominator,
        }
    }

    /// The difference; `None` when it is negative.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Option<Self> {
        let (left, right) = (&self.numerator * &other.denominator, &other.numerator * &self.denominator);
        (left >= right).then(|| Self { numerator: left - right, denominator: &self.denominator * &other.denominator })
    }

    /// The quotient; `None` when the divisor is zero.
    #[must_use]
    pub fn divided_by(&self, divisor: &Self) -> Option<Self> {
        if divisor.is_zero() {
            return None;
        }
        Some(Self { numerator: &self.numerator * &divisor.denominator, denominator: &self.denominator * &divisor.numerator })
    }

    /// The fraction as a tariff rounds it.
    #[must_use]
    pub fn rounded_by(&self, rounding: Rounding) -> Self {
        match rounding {
            Rounding::Exact => self.clone(),
            Rounding::To { decimals, mode } => {
                Self { numerator: self.units(decimals, mode), denominator: power_of_ten(decimals) }
            }
        }
    }

    /// The value as a whole number, half up.
    ///
    /// # Panics
    /// When it does not fit 64 bits.
    #[must_use]
    pub fn whole(&self) -> u64 {
        u64::try_from(self.units(0, RoundingMode::HalfUp)).expect("numbers of people fit 64 bits")
    }

    /// The value rounded to `decimals`, half away from zero. `None` when the result has more digits than a [`Decimal`] keeps.
    #[must_use]
    pub fn rounded(&self, decimals: u32) -> Option<Decimal> {
        let units = self.units(decimals, RoundingMode::HalfUp);
        Decimal::try_from_i128_with_scale(i128::try_from(units).ok()?, decimals).ok()
    }

    /// The value in units of the last of `decimals`, rounded.
    fn units(&self, decimals: u32, mode: RoundingMode) -> BigUint {
        let scaled = &self.numerator * power_of_ten(decimals);
        let below = &scaled / &self.denominator;
        let remainder = scaled - &below * &self.denominator;
        let goes_up = match mode {
            RoundingMode::Down => false,
            RoundingMode::Up => remainder.bits() > 0,
            RoundingMode::HalfUp => remainder * 2_u32 >= self.denominator,
            RoundingMode::HalfEven => match (remainder * 2_u32).cmp(&self.denominator) {
                Ordering::Less => false,
                Ordering::Greater => true,
                Ordering::Equal => below.bit(0),
            },
        };
        below + u32::from(goes_up)
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Fraction {}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.numerator * &other.denominator).cmp(&(&other.numerator * &self.denominator))
    }
}

fn power_of_ten(exponent: u32) -> BigUint {
    BigUint::from(10_u32).pow(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(parts: u64, whole: u64) -> Fraction {
        Fraction::from_integer(parts).divided_by(&Fraction::from_integer(whole)).expect("not zero")
    }

    #[test]
    fn ties_are_rounded_away_from_zero() {
        for (parts, whole, kopecks) in [(1, 200, 1), (3, 200, 2), (999, 200_000, 0), (1001, 200_000, 1), (1, 3, 33), (2, 3, 67)] {
            assert_eq!(fraction(parts, whole).rounded(2), Some(Decimal::new(kopecks, 2)), "{parts}/{whole}");
        }
    }

    #[test]
    fn each_way_of_rounding_has_its_own_neighbour() {
        let ways = [RoundingMode::HalfUp, RoundingMode::HalfEven, RoundingMode::Up, RoundingMode::Down];
        for (parts, whole, expected) in [
            (1, 200, [1, 0, 1, 0]),
            (3, 200, [2, 2, 2, 1]),
            (1, 300, [0, 0, 1, 0]),
            (2, 300, [1, 1, 1, 0]),
            (3, 100, [3, 3, 3, 3]),
        ] {
            for (mode, kopecks) in ways.into_iter().zip(expected) {
                let rounded = fraction(parts, whole).rounded_by(Rounding::To { decimals: 2, mode });
                assert_eq!(rounded, fraction(kopecks, 100), "{parts}/{whole} {}", mode.name());
            }
        }
        assert_eq!(fraction(1, 3).rounded_by(Rounding::Exact), fraction(2, 6));
    }

    #[test]
    fn differences_are_not_negative() {
        assert_eq!(fraction(1, 2).minus(&fraction(1, 3)), Some(fraction(1, 6)));
        assert_eq!(fraction(1, 3).minus(&fraction(1, 2)), None);
    }

    #[test]
    fn what_a_decimal_cannot_keep_is_not_cut() {
        assert_eq!(Fraction::from_integer(u64::MAX).rounded(18), None);
    }
}
