//! Whole numbers in arguments.

use std::str::FromStr;

/// A whole number without unit and separators.
///
/// # Errors
/// When the text is no number, or the number is too large.
pub(super) fn whole_number<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| "expected a whole number, such as 10000".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_digits() {
        assert_eq!(whole_number::<u64>("10000"), Ok(10_000));
        for wrong in ["10k", "1e4", "10 000", "-1", "", "99999999999999999999"] {
            assert!(whole_number::<u64>(wrong).is_err_and(|told| told.contains("10000")), "{wrong}");
        }
    }
}
