//! Fractions of whole numbers, never rounded until asked.

use std::cmp::Ordering;

use num_bigint::BigInt;

use crate::regions::tariff::FigureRounding;

/// A fraction.
#[derive(Clone, Debug)]
pub struct Exact {
    numerator: BigInt,
    denominator: BigInt,
}

/// Bits of a denominator above which a fraction is reduced.
const LONG: u64 = 192;

impl Exact {
    pub fn from_integer(number: i64) -> Exact {
        Exact { numerator: number.into(), denominator: 1.into() }
    }

    pub fn zero() -> Exact {
        Exact::from_integer(0)
    }

    pub fn one() -> Exact {
        Exact::from_integer(1)
    }

    /// The value of a written decimal: `-12.50`.
    pub fn decimal(text: &str) -> Exact {
        let decimals = text.split_once('.').map_or(0, |(_, after)| after.len());
        let digits: String = text.chars().filter(|c| *c != '.').collect();
        Exact { numerator: digits.parse().expect("a decimal"), denominator: BigInt::from(10).pow(decimals as u32) }
    }

    pub fn is_zero(&self) -> bool {
        self.numerator == BigInt::from(0)
    }

    pub fn plus(&self, other: &Exact) -> Exact {
        Exact {
            numerator: &self.numerator * &other.denominator + &other.numerator * &self.denominator,
            denominator: &self.denominator * &other.denominator,
        }
        .shorter()
    }

    pub fn minus(&self, other: &Exact) -> Exact {
        self.plus(&other.times(&Exact::from_integer(-1)))
    }

    pub fn times(&self, other: &Exact) -> Exact {
        Exact { numerator: &self.numerator * &other.numerator, denominator: &self.denominator * &other.denominator }.shorter()
    }

    /// `None` for a division by nothing.
    pub fn over(&self, other: &Exact) -> Option<Exact> {
        if other.is_zero() {
            return None;
        }
        let quotient =
            Exact { numerator: &self.numerator * &other.denominator, denominator: &self.denominator * &other.numerator };
        Some(quotient.shorter())
    }

    pub fn sum<'a>(numbers: impl IntoIterator<Item = &'a Exact>) -> Exact {
        numbers.into_iter().fold(Exact::zero(), |sum, number| sum.plus(number))
    }

    /// The same number, in lowest terms when the denominator is long.
    fn shorter(self) -> Exact {
        if self.denominator.bits() <= LONG {
            return self;
        }
        let (mut a, mut b) = (self.numerator.clone(), self.denominator.clone());
        while b != BigInt::from(0) {
            (a, b) = (b.clone(), a % b);
        }
        Exact { numerator: self.numerator / &a, denominator: self.denominator / a }
    }

    /// Whole part and rest of the absolute value in units of the last of `places` decimals, the divisor of the rest, and whether the number is
    /// negative.
    fn in_units(&self, places: u32) -> (BigInt, BigInt, BigInt, bool) {
        let zero = BigInt::from(0);
        let negative = (self.numerator < zero) != (self.denominator < zero);
        let absolute = |number: &BigInt| if *number < zero { -number } else { number.clone() };
        let (top, bottom) = (absolute(&self.numerator) * BigInt::from(10).pow(places), absolute(&self.denominator));
        (&top / &bottom, top % &bottom, bottom, negative)
    }

    /// The number rounded in a way that a tariff names.
    pub fn rounded_by(&self, rounding: &FigureRounding) -> Exact {
        let FigureRounding::To { decimals, mode } = rounding else { return self.clone() };
        let (mut units, rest, divisor, negative) = self.in_units(*decimals);
        let zero = BigInt::from(0);
        let twice: BigInt = rest.clone() * 2;
        let away = match *mode {
            "up" => rest > zero,
            "down" => false,
            "half_up" => twice >= divisor,
            "half_even" => twice > divisor || (twice == divisor && &units % BigInt::from(2) != zero),
            other => panic!("no way of rounding: {other}"),
        };
        if away {
            units += 1;
        }
        if negative {
            units = -units;
        }
        Exact { numerator: units, denominator: BigInt::from(10).pow(*decimals) }
    }

    /// The decimal with `places` digits behind the point, half rounded away from zero.
    pub fn rounded(&self, places: u32) -> String {
        let (mut units, rest, divisor, negative) = self.in_units(places);
        if rest * 2 >= divisor {
            units += 1;
        }
        let scale = BigInt::from(10).pow(places);
        let sign = if negative && units != BigInt::from(0) { "-" } else { "" };
        let (before, after) = (&units / &scale, &units % &scale);
        if places == 0 {
            format!("{sign}{before}")
        } else {
            format!("{sign}{before}.{after:0>width$}", after = after.to_string(), width = places as usize)
        }
    }

    /// The rounded value.
    pub fn round(&self, places: u32) -> Exact {
        Exact::decimal(&self.rounded(places))
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Exact) -> bool {
        &self.numerator * &other.denominator == &other.numerator * &self.denominator
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Exact) -> Option<Ordering> {
        let difference = self.minus(other);
        let zero = BigInt::from(0);
        let sign = |number: &BigInt| number.cmp(&zero);
        Some(match sign(&difference.denominator) {
            Ordering::Less => sign(&difference.numerator).reverse(),
            _ => sign(&difference.numerator),
        })
    }
}
