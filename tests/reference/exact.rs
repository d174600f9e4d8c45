//! Fractions of whole numbers, never rounded until asked.

use num_bigint::BigInt;

/// A fraction.
#[derive(Clone, Debug)]
pub struct Exact {
    numerator: BigInt,
    denominator: BigInt,
}

impl Exact {
    pub fn from_integer(number: i64) -> Exact {
        Exact { numerator: number.into(), denominator: 1.into() }
    }

    /// The value of a written decimal: `-12.50`.
    pub fn decimal(text: &str) -> Exact {
        let decimals = text.split_once('.').map_or(0, |(_, after)| after.len());
        let digits: String = text.chars().filter(|c| *c != '.').collect();
        Exact { numerator: digits.parse().expect("a decimal"), denominator: BigInt::from(10).pow(decimals as u32) }
    }

    pub fn plus(&self, other: &Exact) -> Exact {
        Exact {
            numerator: &self.numerator * &other.denominator + &other.numerator * &self.denominator,
            denominator: &self.denominator * &other.denominator,
        }
    }

    pub fn minus(&self, other: &Exact) -> Exact {
        self.plus(&other.times(&Exact::from_integer(-1)))
    }

    pub fn times(&self, other: &Exact) -> Exact {
        Exact { numerator: &self.numerator * &other.numerator, denominator: &self.denominator * &other.denominator }
    }

    /// `None` for a division by nothing.
    pub fn over(&self, other: &Exact) -> Option<Exact> {
        if other.numerator == BigInt::from(0) {
            return None;
        }
        Some(Exact { numerator: &self.numerator * &other.denominator, denominator: &self.denominator * &other.numerator })
    }

    /// The decimal with `places` digits behind the point, half rounded away from zero.
    pub fn rounded(&self, places: u32) -> String {
        let zero = BigInt::from(0);
        let negative = (self.numerator < zero) != (self.denominator < zero);
        let absolute = |number: &BigInt| if *number < zero { -number } else { number.clone() };
        let (top, bottom) = (absolute(&self.numerator), absolute(&self.denominator));
        let scale = BigInt::from(10).pow(places);
        let units: BigInt = (top * &scale * 2 + &bottom) / (bottom * 2);
        let sign = if negative && units != zero { "-" } else { "" };
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
