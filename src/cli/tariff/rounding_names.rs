//! Ways of rounding in words, and as a tariff sets them.

use sverka_kernel::funding::Way;
use sverka_reference::{CareRounding, MonthBase, NormPeriod, Rounding, RoundingMode};

/// Figures of an appendix that a way is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figures {
    /// Whether norms of a month are printed.
    pub month_norms: bool,
    /// Whether the base is one of a year.
    pub year_base: bool,
}

/// A way of rounding in words.
pub(super) fn way_in_words(way: &Way, figures: Figures) -> String {
    let CareRounding { month_base, norm_period, year_norm, month_norm, .. } = way.rounding;
    let norm = match (norm_period, figures.month_norms) {
        (_, false) => format!("year's norm {}", rounding_in_words(year_norm)),
        (NormPeriod::Month, true) => format!("month's norm {}", rounding_in_words(month_norm)),
        (NormPeriod::YearThenMonth, true) => {
            format!("year's norm {}, then its twelfth {}", rounding_in_words(year_norm), rounding_in_words(month_norm))
        }
    };
    let base = match &way.unrounded_base {
        Some(range) => {
            let period = if range.is_of_year { "year" } else { "month" };
            match range.shown() {
                Some(shown) => {
                    format!(", from a base of a {period} that was not rounded: any from {} to {}", shown.from, shown.to)
                }
                None => format!(", from any base of a {period}"),
            }
        }
        None if figures.year_base && figures.month_norms && norm_period == NormPeriod::Month => match month_base {
            MonthBase::Rounded => ", from the rounded twelfth of the year's base".to_owned(),
            MonthBase::Exact => ", from the exact twelfth of the year's base".to_owned(),
        },
        None => String::new(),
    };
    norm + &base
}

/// A rounding in words.
pub(super) fn rounding_in_words(rounding: Rounding) -> String {
    let Rounding::To { decimals, mode } = rounding else { return "not rounded".to_owned() };
    let mode = match mode {
        RoundingMode::HalfUp => "half up",
        RoundingMode::HalfEven => "half even",
        RoundingMode::Up => "up",
        RoundingMode::Down => "down",
    };
    match decimals {
        0 => format!("{mode} to roubles"),
        1 => format!("{mode} to 1 decimal"),
        2 => format!("{mode} to kopecks"),
        _ => format!("{mode} to {decimals} decimals"),
    }
}

/// A way of rounding as keys of a tariff. An unrounded base is none of them: the agreement must tell it.
pub(super) fn way_in_tariff(way: &Way, figures: Figures) -> String {
    let default = CareRounding::default();
    let CareRounding { month_base, norm_period, year_norm, month_norm, .. } = way.rounding;
    let mut keys = Vec::new();
    if month_base == MonthBase::Exact || way.unrounded_base.is_some() {
        keys.push("month_base = \"exact\"".to_owned());
    }
    if norm_period == NormPeriod::YearThenMonth {
        keys.push("norm_period = \"year_then_month\"".to_owned());
    }
    let has_year_norm = norm_period == NormPeriod::YearThenMonth || !figures.month_norms;
    if has_year_norm && year_norm != default.year_norm {
        keys.push(format!("year_norm = {}", rounding_in_tariff(year_norm)));
    }
    if figures.month_norms && month_norm != default.month_norm {
        keys.push(format!("month_norm = {}", rounding_in_tariff(month_norm)));
    }
    if keys.is_empty() { "no rounding of its own".to_owned() } else { format!("rounding = {{ {} }}", keys.join(", ")) }
}

fn rounding_in_tariff(rounding: Rounding) -> String {
    match rounding {
        Rounding::Exact => "\"none\"".to_owned(),
        Rounding::To { decimals, mode } => format!("{{ decimals = {decimals}, mode = \"{}\" }}", mode.name()),
    }
}
