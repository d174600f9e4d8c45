//! Months in arguments: `2026-10`.

use std::str::FromStr;

use sverka_model::Date;
use sverka_report::corrections::count_date;

/// Month that the user named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// `YYYY-MM`.
    pub text: String,
    /// Day on which the month is counted: its 1st.
    pub counted_on: Date,
}

impl FromStr for Month {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let counted_on = count_date(text).parse().map_err(|_| "expected a month such as 2026-10".to_owned())?;
        Ok(Self { text: text.to_owned(), counted_on })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_counted_on_its_first() {
        let month: Month = "2026-10".parse().expect("a month");
        assert_eq!(month.counted_on.to_string(), "2026-10-01");
        for text in ["", "2026", "2026-13", "2026-10-01", "October"] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
