//! Codes near to a name that is no code.

use sverka_model::Code;

/// The codes nearest to a name, the nearest first; none when all are far.
#[must_use]
pub fn nearest(name: &str) -> Vec<&'static str> {
    sverka_text::nearest(name, Code::ALL.iter().map(|code| code.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_code_is_found() {
        assert_eq!(nearest("SNILS_INVALD").first(), Some(&"SNILS_INVALID"));
        assert_eq!(nearest("snils-invalid").first(), Some(&"SNILS_INVALID"));
        assert!(nearest("DEADLINE").contains(&"CHANGE_DEADLINE"));
    }

    #[test]
    fn what_is_like_nothing_has_nothing_near() {
        assert_eq!(nearest("QQQQQQQQQQ"), [] as [&str; 0]);
        assert_eq!(nearest(""), [] as [&str; 0]);
    }
}
