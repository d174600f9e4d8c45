//! Values of settings files beyond the types of TOML: calendar dates, exact decimal numbers, and the line of a value.
//!
//! The meaning of settings is not known here. Job, layouts, overrides and tariff read their values through it.

use rust_decimal::Decimal;

use sverka_model::Date;

/// Most digits that an exact number may have.
pub const DIGITS_MAX: usize = 28;

/// A date written as a TOML date or as a text of the form YYYY-MM-DD.
///
/// # Errors
/// The message for another value.
pub fn date(value: &toml::Value) -> Result<Date, String> {
    match value {
        toml::Value::Datetime(written) => written.to_string().parse(),
        toml::Value::String(written) => written.parse(),
        other => Err(format!("`{other}` is not a calendar date of the form YYYY-MM-DD")),
    }
}

/// Reasons why a value is no exact number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotExact {
    /// A binary floating-point number.
    Float(String),
    /// A value other than digits with at most one full stop.
    NoNumber(String),
    /// More than [`DIGITS_MAX`] digits.
    TooLong,
}

/// An exact number from a whole TOML number or a text such as `"1.25"`. A TOML float may have lost the written digits already.
pub fn exact(value: &toml::Value) -> Result<Decimal, NotExact> {
    match value {
        toml::Value::Integer(number) => Ok(Decimal::from(*number)),
        toml::Value::String(text) => exact_text(text.trim()),
        toml::Value::Float(number) => Err(NotExact::Float(number.to_string())),
        other => Err(NotExact::NoNumber(other.to_string())),
    }
}

/// An exact number from digits with at most one full stop, at most [`DIGITS_MAX`] digits, and a minus sign if negative.
pub fn exact_text(text: &str) -> Result<Decimal, NotExact> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return Err(NotExact::NoNumber(text.to_owned()));
    }
    if unsigned.bytes().filter(u8::is_ascii_digit).count() > DIGITS_MAX {
        return Err(NotExact::TooLong);
    }
    Decimal::from_str_exact(text).map_err(|_| NotExact::TooLong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_numbers_are_digits_with_one_full_stop() {
        assert_eq!(exact_text("1.25"), Ok(Decimal::new(125, 2)));
        assert_eq!(exact_text("-3"), Ok(Decimal::from(-3)));
        assert_eq!(exact_text("1234567890.123456789012345678").map(|number| number.scale()), Ok(18));
        assert_eq!(exact_text("1234567890.1234567890123456789"), Err(NotExact::TooLong));
        for bad in ["", ".", "1.", ".5", "1,25", "1e3", "1.2.3", "+1", "--1", "1 000", "¼"] {
            assert_eq!(exact_text(bad), Err(NotExact::NoNumber(bad.to_owned())), "{bad}");
        }
    }
}
