//! Figures of a paid month: heads and money by part, care, clinic and insurer, exact, as a closed month and its corrections count them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Decimals of heads; a mean of several days may be a fraction.
const HEADS_DECIMALS: usize = 6;
/// Decimals of roubles.
const MONEY_DECIMALS: usize = 2;

/// Subject of a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FigureKey {
    /// Part of the month: `attached`, `insured`, `care`, `points`, `insurer_money`, `running_costs`, or a column of `to_pay`.
    pub part: String,
    /// Kind of care; only in the part `care`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care: Option<String>,
    /// Profile of the attachments; only in the part `attached`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<i32>,
    /// Code of the clinic; absent for figures of an insurer alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clinic: Option<String>,
    /// Code of the insurer; absent for figures of a clinic alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insurer: Option<String>,
}

/// Heads and money of a subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Heads in millionths.
    #[serde(default, skip_serializing_if = "is_zero", with = "heads_text")]
    pub heads: i64,
    /// Heads that are counted for money, in millionths; only in the part `attached`.
    #[serde(default, skip_serializing_if = "is_zero", with = "heads_text")]
    pub funded_heads: i64,
    /// Money in kopecks.
    #[serde(default, skip_serializing_if = "is_zero", with = "money_text")]
    pub amount: i64,
}

/// Figures by subject.
pub type FigureTable = BTreeMap<FigureKey, Figures>;

impl Figures {
    /// Sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            heads: self.heads + other.heads,
            funded_heads: self.funded_heads + other.funded_heads,
            amount: self.amount + other.amount,
        }
    }

    /// Difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self {
            heads: self.heads - other.heads,
            funded_heads: self.funded_heads - other.funded_heads,
            amount: self.amount - other.amount,
        }
    }

    /// Whether all figures are zero.
    #[must_use]
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }

    /// Heads as a decimal number.
    #[must_use]
    pub fn heads_as_text(self) -> String {
        decimal_text(self.heads, HEADS_DECIMALS)
    }

    /// Heads that are counted for money, as a decimal number.
    #[must_use]
    pub fn funded_heads_as_text(self) -> String {
        decimal_text(self.funded_heads, HEADS_DECIMALS)
    }

    /// Roubles as a decimal number.
    #[must_use]
    pub fn amount_as_text(self) -> String {
        decimal_text(self.amount, MONEY_DECIMALS)
    }
}

/// Figures of a table added to those of another one.
pub fn add_figures(sum: &mut FigureTable, other: &FigureTable) {
    for (key, figures) in other {
        let of_key = sum.entry(key.clone()).or_default();
        *of_key = of_key.plus(*figures);
    }
}

/// Organisations over which figures are added up.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SumKey {
    /// `all`, `clinic` or `insurer`.
    pub of: String,
    /// Code of the clinic or insurer; absent for `all`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Part of the month.
    pub part: String,
    /// Kind of care.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub care: Option<String>,
    /// Profile of the attachments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<i32>,
}

/// Sums of figures: over everything, by clinic, and by insurer, each by part, care and profile.
#[must_use]
pub fn sums_of(table: &FigureTable) -> BTreeMap<SumKey, Figures> {
    let mut sums: BTreeMap<SumKey, Figures> = BTreeMap::new();
    for (FigureKey { part, care, profile, clinic, insurer }, figures) in table {
        let mut add = |of: &str, code: Option<&String>| {
            let key =
                SumKey { of: of.to_owned(), code: code.cloned(), part: part.clone(), care: care.clone(), profile: *profile };
            let sum = sums.entry(key).or_default();
            *sum = sum.plus(*figures);
        };
        add("all", None);
        if clinic.is_some() {
            add("clinic", clinic.as_ref());
        }
        if insurer.is_some() {
            add("insurer", insurer.as_ref());
        }
    }
    sums
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// Decimal number of units of the last decimal: `-0.50`.
fn decimal_text(units: i64, decimals: usize) -> String {
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    format!("{}{whole}.{fraction}", if units < 0 { "-" } else { "" })
}

/// Units of the last decimal of a decimal number with at most `decimals` decimals; `None` for other texts.
fn units_of(text: &str, decimals: usize) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let is_decimal = !digits.is_empty() && are_digits(digits) && are_digits(fraction) && fraction.len() <= decimals;
    format!("{whole}{fraction:0<decimals$}").parse().ok().filter(|_| is_decimal)
}

/// Kopecks of roubles such as `-310.55`; `None` for other texts and for parts of a kopeck.
#[must_use]
pub fn kopecks_of(roubles: &str) -> Option<i64> {
    units_of(roubles, MONEY_DECIMALS)
}

/// Millionths of heads such as `12.500000`; `None` for other texts and for more decimals.
#[must_use]
pub fn millionths_of(heads: &str) -> Option<i64> {
    units_of(heads, HEADS_DECIMALS)
}

/// Declares how whole units are written as decimal numbers.
macro_rules! decimal_form {
    ($name:ident, $decimals:expr) => {
        mod $name {
            use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

            pub fn serialize<S: Serializer>(units: &i64, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&super::decimal_text(*units, $decimals))
            }

            pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<i64, D::Error> {
                let text = String::deserialize(deserializer)?;
                let units = super::units_of(&text, $decimals);
                units.ok_or_else(|| D::Error::custom(format_args!("`{text}` is no number of {} decimals", $decimals)))
            }
        }
    };
}

decimal_form!(heads_text, super::HEADS_DECIMALS);
decimal_form!(money_text, super::MONEY_DECIMALS);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_as_they_are_written() {
        for units in [0, 5, -5, 100, -31_055, 123_456_789_012] {
            assert_eq!(units_of(&decimal_text(units, 2), 2), Some(units));
        }
        assert_eq!((kopecks_of("-0.5"), millionths_of("3")), (Some(-50), Some(3_000_000)));
        for text in ["", "-", ".5", "1,5", "1.555", "+1", "x"] {
            assert_eq!(kopecks_of(text), None, "{text}");
        }
    }

    #[test]
    fn sums_are_over_everything_by_clinic_and_by_insurer() {
        let key = |part: &str, clinic: Option<&str>, insurer: Option<&str>| FigureKey {
            part: part.to_owned(),
            clinic: clinic.map(str::to_owned),
            insurer: insurer.map(str::to_owned),
            ..FigureKey::default()
        };
        let amount = |amount| Figures { amount, ..Figures::default() };
        let table = FigureTable::from([
            (key("care", Some("980101"), Some("98001")), amount(100)),
            (key("care", Some("980101"), Some("98002")), amount(-30)),
            (key("results", Some("980101"), None), amount(7)),
        ]);
        let sums = sums_of(&table);
        let found: Vec<_> = sums
            .iter()
            .map(|(key, figures)| (key.of.as_str(), key.code.as_deref().unwrap_or(""), key.part.as_str(), figures.amount))
            .collect();
        let expected = [
            ("all", "", "care", 70),
            ("all", "", "results", 7),
            ("clinic", "980101", "care", 70),
            ("clinic", "980101", "results", 7),
            ("insurer", "98001", "care", 100),
            ("insurer", "98002", "care", -30),
        ];
        assert_eq!(found, expected);
    }
}
