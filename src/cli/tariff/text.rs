//! An appendix computed again, for people.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::check::{Checked, period_name};
use super::rounding_names::{Figures, rounding_in_words, way_in_tariff, way_in_words};
use sverka_kernel::funding::{Fraction, PrintedNorm, RowCheck, Way, WayFit};
use sverka_reference::{AppendixRow, BasePeriod, ChosenFigure};
use sverka_text::counted;

/// Most ways that are listed.
const WAYS_MAX: usize = 12;
/// Decimals of a computed norm that the tariff does not round.
const NORM_DECIMALS: u32 = 8;

/// The answer of `tariff check`.
pub(super) fn report(checked: &Checked) -> String {
    let mut text = columns(checked);
    for note in &checked.notes {
        let _ = writeln!(text, "{note}");
    }
    let all = checked.appendix.rows.len();
    let agreeing = checked.check.own_way().fitting();
    let own = if checked.tariff.is_some() { "the tariff's way" } else { "the own way" };
    let _ = writeln!(text, "\n{agreeing} of {} agree by {own}", counted(all as u64, "row", "rows"));
    ways(&mut text, checked, own);
    verdict(&mut text, checked);
    rows(&mut text, checked);
    text
}

/// Figures of the appendix that ways are about.
pub(super) fn figures(checked: &Checked) -> Figures {
    Figures {
        month_norms: checked.appendix.columns.norm_month.is_some(),
        year_base: checked.appendix.rows.iter().any(|row| row.base.is_some_and(|base| base.period == BasePeriod::Year)),
    }
}

/// Lines about the columns that were taken.
fn columns(checked: &Checked) -> String {
    let columns = &checked.appendix.columns;
    let mut parts = Vec::new();
    let figure = |figure: &ChosenFigure| match figure {
        ChosenFigure::Given(figure) => figure.to_string(),
        ChosenFigure::Column(column) => format!("`{column}`"),
    };
    if let Some(base) = &columns.base {
        parts.push(format!("base norm of a {} {}", period_name(base.period), figure(&base.figure)));
    }
    match &columns.coefficients[..] {
        [] => parts.push("no coefficients".to_owned()),
        named => parts.push(format!("coefficients {}", listed(named))),
    }
    parts.extend(columns.correction.iter().map(|correction| format!("correction {}", figure(correction))));
    for (period, norm) in [("month", &columns.norm_month), ("year", &columns.norm_year)] {
        parts.extend(norm.iter().map(|column| format!("norm of a {period} `{column}`")));
    }
    let mut text = format!("{}: {}\n", checked.table, parts.join("; "));
    if !columns.unused.is_empty() {
        let _ = writeln!(text, "columns that were not read: {}", listed(&columns.unused));
    }
    if checked.appendix.without_norm > 0 {
        let _ =
            writeln!(text, "{} without a printed norm left out", counted(checked.appendix.without_norm as u64, "row", "rows"));
    }
    if checked.appendix.empty_coefficients > 0 {
        let empty = counted(checked.appendix.empty_coefficients as u64, "empty coefficient counts", "empty coefficients count");
        let _ = writeln!(text, "{empty} as 1");
    }
    text
}

fn listed(columns: &[String]) -> String {
    columns.iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(", ")
}

/// Ways that are listed: the best ones, and the own one.
fn listed_ways(checked: &Checked) -> Vec<usize> {
    let count = checked.check.ways.len();
    (0..count).filter(|index| *index < WAYS_MAX || *index == checked.check.own).collect()
}

/// Lines about the ways of rounding.
fn ways(text: &mut String, checked: &Checked, own: &str) {
    let (check, figures) = (&checked.check, figures(checked));
    let all = checked.appendix.rows.len();
    let width = check.ways.len().to_string().len().max(1);
    let _ = writeln!(text, "\nWays of rounding, best first:");
    for index in listed_ways(checked) {
        let fit = &check.ways[index];
        let mark = if index == check.own { format!(" ({own})") } else { String::new() };
        let fitting = format!("{} of {all}", fit.fitting());
        let _ =
            writeln!(text, "  {:>width$}  {fitting:>12}  {}{}{mark}", index + 1, way_in_words(&fit.way, figures), others(fit));
    }
    if check.ways.len() > WAYS_MAX {
        let more = check.ways.len() - listed_ways(checked).len();
        let _ = writeln!(text, "  {} fit fewer rows", counted(more as u64, "further way", "further ways"));
    }
}

/// Ways that give the same norms.
fn others(fit: &WayFit) -> String {
    match &fit.same[..] {
        [] => String::new(),
        [one] if is_half_even(one) => "; half even gives the same".to_owned(),
        many => format!("; {} the same", counted(many.len() as u64, "other way gives", "other ways give")),
    }
}

fn is_half_even(way: &Way) -> bool {
    rounding_in_words(way.rounding.month_norm).starts_with("half even")
}

/// Lines about the ways that fit all rows.
fn verdict(text: &mut String, checked: &Checked) {
    let check = &checked.check;
    let tried = format!("{} tried", counted(check.tried as u64, "way", "ways"));
    let fitting: Vec<usize> = (0..check.ways.len()).filter(|index| check.ways[*index].fits_all()).collect();
    let numbers: Vec<String> = fitting.iter().map(|index| (index + 1).to_string()).collect();
    let _ = match &fitting[..] {
        [] => writeln!(text, "No way fits all rows ({tried})."),
        [_] => writeln!(text, "Way {} fits all rows, and no other ({tried}).", numbers[0]),
        _ => writeln!(text, "Ways {} fit all rows, and no other ({tried}).", numbers.join(", ")),
    };
    if check.own_way().fits_all() {
        return;
    }
    for index in fitting.into_iter().take(WAYS_MAX) {
        let fit = &check.ways[index];
        let of_year = match &fit.way.unrounded_base {
            Some(range) if !range.is_of_year => match range.times(12).shown() {
                Some(shown) => format!(" and a base_norm per_year from {} to {}", shown.from, shown.to),
                None => String::new(),
            },
            _ => String::new(),
        };
        let _ = writeln!(text, "  way {} in a tariff: {}{of_year}", index + 1, way_in_tariff(&fit.way, figures(checked)));
    }
}

/// Table of the rows that do not agree by the own way.
fn rows(text: &mut String, checked: &Checked) {
    let own = checked.check.own_way();
    let differing: Vec<usize> = (0..checked.appendix.rows.len()).filter(|index| !own.fits[*index]).collect();
    if differing.is_empty() {
        return;
    }
    let mut lines = vec![["line", "period", "ours", "printed", "kopecks", "agrees by way", "clinic"].map(str::to_owned)];
    for index in differing {
        let (row, check) = (&checked.appendix.rows[index], &checked.check.rows[index]);
        for (period, norm) in periods(check) {
            lines.push(line(row, period, norm, &agreeing_ways(checked, index)));
        }
    }
    let _ = writeln!(text, "\nRows that do not agree:");
    let widths: Vec<usize> =
        (0..lines[0].len()).map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0)).collect();
    for line in &lines {
        let cells: Vec<String> = line
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, width))| {
                let blanks = " ".repeat(width - cell.chars().count());
                if column < 5 { format!("{blanks}{cell}") } else { format!("{cell}{blanks}") }
            })
            .collect();
        let _ = writeln!(text, "  {}", cells.join("  ").trim_end());
    }
}

/// Norms of a row that are printed, with the names of their periods.
pub(super) fn periods(check: &RowCheck) -> impl Iterator<Item = (&'static str, &PrintedNorm)> {
    let norms = [("month", &check.month), ("year", &check.year)];
    norms.into_iter().filter_map(|(period, norm)| Some((period, norm.as_ref()?)))
}

/// Cells of a norm that does not agree, or whose row does not.
fn line(row: &AppendixRow, period: &str, norm: &PrintedNorm, ways: &str) -> [String; 7] {
    let cell = |number: Option<Decimal>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
    let computed = norm.computed.as_ref().and_then(shown_norm);
    let difference =
        difference(norm).map(|kopecks| if kopecks > Decimal::ZERO { format!("+{kopecks}") } else { kopecks.to_string() });
    [
        row.line.to_string(),
        period.to_owned(),
        cell(computed),
        cell(shown_norm(&norm.printed)),
        difference.unwrap_or_else(|| "-".to_owned()),
        ways.to_owned(),
        row.name.clone(),
    ]
}

/// A norm with kopecks and whatever decimals it has beyond them.
pub(super) fn shown_norm(norm: &Fraction) -> Option<Decimal> {
    let exact = norm.rounded(NORM_DECIMALS)?.normalize();
    let mut shown = exact;
    if exact.scale() < 2 {
        shown.rescale(2);
    }
    Some(shown)
}

/// Computed less printed norm in kopecks.
pub(super) fn difference(norm: &PrintedNorm) -> Option<Decimal> {
    let computed = norm.computed.as_ref()?.rounded(NORM_DECIMALS)?;
    let kopecks = (computed - norm.printed.rounded(NORM_DECIMALS)?) * Decimal::ONE_HUNDRED;
    Some(kopecks.normalize())
}

/// Numbers of the listed ways that a row agrees by.
fn agreeing_ways(checked: &Checked, row: usize) -> String {
    let agreeing = |index: &usize| checked.check.ways[*index].fits[row];
    let numbers: Vec<String> = listed_ways(checked).into_iter().filter(agreeing).map(|index| (index + 1).to_string()).collect();
    if numbers.is_empty() { "none".to_owned() } else { numbers.join(", ") }
}
