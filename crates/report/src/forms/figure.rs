//! Decimal number of a form: whole units of its last decimal, exact.

use std::cmp::Ordering;

/// Most decimals of a coefficient on a form; tables have more.
const COEFFICIENT_DECIMALS_MAX: u32 = 8;

/// Decimal number with the decimals that are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Figure {
    units: i128,
    decimals: u32,
}

impl Figure {
    /// A whole number.
    #[must_use]
    pub fn whole(number: i64) -> Self {
        Self { units: number.into(), decimals: 0 }
    }

    /// Nothing, with the decimals of money.
    #[must_use]
    pub fn no_money() -> Self {
        Self { units: 0, decimals: 2 }
    }

    /// The number of a text such as `-12.50`, with the decimals that it has; `None` for other texts.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_fraction = fraction.bytes().all(|byte| byte.is_ascii_digit());
        let units = format!("{whole}{fraction}").parse().ok().filter(|_| is_fraction)?;
        Some(Self { units, decimals: fraction.len() as u32 })
    }

    /// Number of decimals.
    #[must_use]
    pub fn decimals(self) -> u32 {
        self.decimals
    }

    /// Whether the number is zero.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.units == 0
    }

    /// The number without zeros at the end of its decimals.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        while self.decimals > 0 && self.units % 10 == 0 {
            self.units /= 10;
            self.decimals -= 1;
        }
        self
    }

    /// The number as coefficients are printed: at most eight decimals, half up, without zeros at the end.
    #[must_use]
    pub fn as_coefficient(self) -> Self {
        if self.decimals > COEFFICIENT_DECIMALS_MAX { self.rescaled(COEFFICIENT_DECIMALS_MAX) } else { self }.trimmed()
    }

    /// The number with other decimals, rounded half away from zero where some are lost.
    #[must_use]
    pub fn rescaled(self, decimals: u32) -> Self {
        let units = match self.decimals.cmp(&decimals) {
            Ordering::Equal => self.units,
            Ordering::Less => self.units * 10_i128.pow(decimals - self.decimals),
            Ordering::Greater => {
                let lost = 10_i128.pow(self.decimals - decimals);
                (self.units + self.units.signum() * lost / 2) / lost
            }
        };
        Self { units, decimals }
    }

    /// The sum, with the decimals of the longer one.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let decimals = self.decimals.max(other.decimals);
        Self { units: self.rescaled(decimals).units + other.rescaled(decimals).units, decimals }
    }

    /// The difference, with the decimals of the longer one.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(Self { units: -other.units, ..other })
    }

    /// The product, exact, without zeros at the end.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        let (one, other) = (self.trimmed(), other.trimmed());
        Self { units: one.units * other.units, decimals: one.decimals + other.decimals }.trimmed()
    }

    /// Mean of whole numbers: at most six decimals, half up, without zeros at the end.
    #[must_use]
    pub fn mean(numbers: &[i64]) -> Self {
        const DECIMALS: u32 = 6;
        let (sum, count) = (numbers.iter().map(|number| i128::from(*number)).sum::<i128>(), numbers.len().max(1) as i128);
        let units = (2 * sum * 10_i128.pow(DECIMALS) + count).div_euclid(2 * count);
        Self { units, decimals: DECIMALS }.trimmed()
    }

    /// The number for programs: `-1234.50`.
    #[must_use]
    pub fn plain(self) -> String {
        self.text("", '.')
    }

    /// The number for Russian readers: `-1 234,50`, with spaces that do not break.
    #[must_use]
    pub fn printed(self) -> String {
        self.text("\u{a0}", ',')
    }

    fn text(self, thousands: &str, point: char) -> String {
        let digits = format!("{:0>width$}", self.units.unsigned_abs(), width = self.decimals as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - self.decimals as usize);
        let mut text = String::new();
        if self.units < 0 {
            text.push('-');
        }
        for (index, digit) in whole.char_indices() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push_str(thousands);
            }
            text.push(digit);
        }
        if self.decimals > 0 {
            text.push(point);
            text.push_str(fraction);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(text: &str) -> Figure {
        Figure::parse(text).expect("a number")
    }

    #[test]
    fn a_number_keeps_its_digits() {
        for text in ["0", "-0.50", "1234567.05", "0.000000000000000001", "-17"] {
            assert_eq!(figure(text).plain(), text);
        }
        assert!(["", "1,5", "1.x", "x", "1.-5"].iter().all(|text| Figure::parse(text).is_none()));
        assert_eq!(figure("-1234567.05").printed(), "-1\u{a0}234\u{a0}567,05");
    }

    #[test]
    fn arithmetic_is_exact() {
        assert_eq!(figure("0.1").plus(figure("0.02")).plain(), "0.12");
        assert_eq!(figure("1").minus(figure("1.5")).plain(), "-0.5");
        assert_eq!(figure("284.39").times(figure("46.000000")).plain(), "13081.94");
    }

    #[test]
    fn rounding_is_half_away_from_zero() {
        assert_eq!(figure("0.125").rescaled(2).plain(), "0.13");
        assert_eq!(figure("-0.125").rescaled(2).plain(), "-0.13");
        assert_eq!(figure("0.894927536231884058").as_coefficient().plain(), "0.89492754");
        assert_eq!(figure("1.100000000000000000").as_coefficient().plain(), "1.1");
    }
}
