//! The days that a tariff names, as ISO dates.

use super::super::dates;
use crate::regions::TariffDef;
use crate::regions::tariff::DayDef;

/// The days of a list, each once; the as-of date for an empty one.
pub fn days_of(list: &[DayDef], as_of: &str) -> Vec<String> {
    if list.is_empty() {
        return vec![as_of.to_string()];
    }
    // Decided: a day that is named twice counts once in a mean.
    let mut days: Vec<String> = list.iter().flat_map(|day| days(day, as_of)).collect();
    days.sort();
    days.dedup();
    days
}

/// Every day on which people are counted: `D`, those of the tariff and those of its cares.
pub fn days_of_tariff(tariff: &TariffDef, as_of: &str) -> Vec<String> {
    let mut all = vec![as_of.to_string()];
    all.extend(tariff.count_days.iter().flat_map(|day| days(day, as_of)));
    for care in &tariff.cares {
        all.extend(days_of(&care.heads, as_of));
        all.extend(care.composition.iter().flat_map(|day| days(day, as_of)));
    }
    all.sort();
    all.dedup();
    all
}

fn days(day: &DayDef, as_of: &str) -> Vec<String> {
    match day {
        DayDef::AsOf => vec![as_of.to_string()],
        DayDef::FirstOfMonth => vec![format!("{}-01", &as_of[..7])],
        DayDef::FirstOfNextMonth => vec![month_after(&as_of[..7]) + "-01"],
        DayDef::On(day) => vec![day.clone()],
        DayDef::Months { from, to } => {
            let (mut month, mut days) = (from.clone(), Vec::new());
            while month <= *to {
                days.push(format!("{month}-01"));
                month = month_after(&month);
            }
            days
        }
    }
}

/// The month after one that is written as `2026-07`.
fn month_after(month: &str) -> String {
    let mut day = dates::parse(&format!("{month}-28")).expect("a month");
    while day.to_string()[..7] == *month {
        day = day.next_day();
    }
    day.to_string()[..7].to_string()
}
