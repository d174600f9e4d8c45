//! Exact decimal numbers with 18 decimals: norms, coefficients, heads and money of published tables.

/// Decimals of a number.
const DECIMALS: usize = 18;
/// One, in units of the last decimal.
const ONE: i128 = 10_i128.pow(DECIMALS as u32);
/// One kopeck, in units of the last decimal.
const KOPECK: i128 = ONE / 100;

/// Decimal number with 18 decimals. Sums are exact; a product is rounded towards zero at the last decimal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fixed(i128);

impl Fixed {
    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self(i128::from(number) * ONE)
    }

    /// The number of a text such as `-12.50`; `None` for other texts and for more than 18 decimals.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_decimal = whole.ends_with(|sign: char| sign.is_ascii_digit())
            && fraction.bytes().all(|byte| byte.is_ascii_digit())
            && fraction.len() <= DECIMALS;
        let units: i128 = format!("{whole}{fraction:0<DECIMALS$}").parse().ok().filter(|_| is_decimal)?;
        Some(Self(units))
    }

    /// Kopecks, half away from zero.
    pub fn to_kopecks(self) -> i128 {
        (self.0 + self.0.signum() * KOPECK / 2) / KOPECK
    }

    /// Millionths, half away from zero.
    pub fn to_millionths(self) -> i128 {
        const MILLIONTH: i128 = ONE / 1_000_000;
        (self.0 + self.0.signum() * MILLIONTH / 2) / MILLIONTH
    }

    /// The product. Whole parts and fractions are multiplied apart, so nothing is lost but decimals behind the last one.
    pub fn times(self, other: Self) -> Self {
        let (whole, fraction) = (self.0 / ONE, self.0 % ONE);
        let (other_whole, other_fraction) = (other.0 / ONE, other.0 % ONE);
        let fractions = fraction * other_fraction / ONE;
        Self(whole * other_whole * ONE + whole * other_fraction + fraction * other_whole + fractions)
    }

    pub fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    pub fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }

    /// The number, or nothing when it is negative.
    pub fn or_zero(self) -> Self {
        Self(self.0.max(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> Fixed {
        Fixed::parse(text).expect("a number")
    }

    #[test]
    fn products_keep_eighteen_decimals() {
        assert_eq!(fixed("310.55").times(fixed("0.894927536231884058")), fixed("277.919746376811594211"));
        assert_eq!(fixed("-1.5").times(fixed("1000000.25")), fixed("-1500000.375"));
        assert_eq!(fixed("12345678.9").times(fixed("98765432.1")).to_kopecks(), 121_932_631_112_635_269);
    }

    #[test]
    fn kopecks_are_rounded_half_away_from_zero() {
        assert_eq!(["0.005", "-0.005", "0.0049", "-12.344999"].map(|text| fixed(text).to_kopecks()), [1, -1, 0, -1234]);
        assert_eq!(fixed("2.5").to_millionths(), 2_500_000);
        assert!(["", "x", "1.-5", "0.0000000000000000001"].iter().all(|text| Fixed::parse(text).is_none()));
    }
}
