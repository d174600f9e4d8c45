//! An appendix computed again, for programs. Numbers with decimals are texts, so that every digit stays.

use serde::Serialize;

use super::check::{Checked, period_name};
use super::rounding_names::way_in_words;
use super::text::{difference, figures, periods, shown_norm};
use super::{Exit, Failure};
use sverka_kernel::funding::{COEFFICIENT_DECIMALS, Way, WayFit};
use sverka_reference::{CareRounding, ChosenFigure, MonthBase, NormPeriod, Rounding};

#[derive(Serialize)]
struct Document<'c> {
    table: &'c str,
    tariff: Option<&'c str>,
    columns: Columns<'c>,
    notes: &'c [String],
    rows: usize,
    rows_without_norm: usize,
    empty_coefficients: usize,
    rows_agreeing: usize,
    ways_tried: usize,
    ways: Vec<WayObject>,
    differing: Vec<RowObject<'c>>,
}

#[derive(Serialize)]
struct Columns<'c> {
    clinic: Option<&'c str>,
    base_period: Option<&'static str>,
    base: Option<String>,
    coefficients: &'c [String],
    correction: Option<String>,
    norm_per_month: Option<&'c str>,
    norm_per_year: Option<&'c str>,
    unused: &'c [String],
}

/// A way of rounding, its number from 1.
#[derive(Serialize)]
struct WayObject {
    way: usize,
    rows_fitting: usize,
    fits_all: bool,
    own: bool,
    words: String,
    #[serde(flatten)]
    settings: WaySettings,
    same: Vec<WaySettings>,
}

#[derive(Serialize)]
struct WaySettings {
    norm_period: &'static str,
    month_base: &'static str,
    year_norm: RoundingObject,
    month_norm: RoundingObject,
    base_from: Option<String>,
    base_to: Option<String>,
}

#[derive(Serialize)]
struct RoundingObject {
    decimals: Option<u32>,
    mode: &'static str,
}

#[derive(Serialize)]
struct RowObject<'c> {
    line: u64,
    clinic: &'c str,
    coefficient: Option<String>,
    norms: Vec<NormObject>,
    agrees_by: Vec<usize>,
}

#[derive(Serialize)]
struct NormObject {
    period: &'static str,
    ours: Option<String>,
    printed: Option<String>,
    difference_kopecks: Option<String>,
}

/// The answer of `tariff check` as JSON.
pub(super) fn document(checked: &Checked) -> Result<String, Failure> {
    let check = &checked.check;
    let ways = check.ways.iter().enumerate().map(|(index, fit)| way_object(checked, index, fit)).collect();
    let rows = 0..checked.appendix.rows.len();
    let differing = rows.filter(|row| !check.own_way().fits[*row]).map(|row| row_object(checked, row)).collect();
    let document = Document {
        table: &checked.table,
        tariff: checked.tariff.as_deref(),
        columns: columns(checked),
        notes: &checked.notes,
        rows: checked.appendix.rows.len(),
        rows_without_norm: checked.appendix.without_norm,
        empty_coefficients: checked.appendix.empty_coefficients,
        rows_agreeing: check.own_way().fitting(),
        ways_tried: check.tried,
        ways,
        differing,
    };
    let mut json = serde_json::to_string_pretty(&document).map_err(|error| Failure::new(Exit::Invariant, error))?;
    json.push('\n');
    Ok(json)
}

fn columns(checked: &Checked) -> Columns<'_> {
    let columns = &checked.appendix.columns;
    let figure = |figure: &ChosenFigure| match figure {
        ChosenFigure::Given(figure) => figure.to_string(),
        ChosenFigure::Column(column) => column.clone(),
    };
    Columns {
        clinic: columns.name.as_deref(),
        base_period: columns.base.as_ref().map(|base| period_name(base.period)),
        base: columns.base.as_ref().map(|base| figure(&base.figure)),
        coefficients: &columns.coefficients,
        correction: columns.correction.as_ref().map(figure),
        norm_per_month: columns.norm_month.as_deref(),
        norm_per_year: columns.norm_year.as_deref(),
        unused: &columns.unused,
    }
}

fn way_object(checked: &Checked, index: usize, fit: &WayFit) -> WayObject {
    WayObject {
        way: index + 1,
        rows_fitting: fit.fitting(),
        fits_all: fit.fits_all(),
        own: index == checked.check.own,
        words: way_in_words(&fit.way, figures(checked)),
        settings: way_settings(&fit.way),
        same: fit.same.iter().map(way_settings).collect(),
    }
}

fn way_settings(way: &Way) -> WaySettings {
    let CareRounding { month_base, norm_period, year_norm, month_norm, .. } = way.rounding;
    let range = way.unrounded_base.as_ref().and_then(|range| range.shown());
    WaySettings {
        norm_period: match norm_period {
            NormPeriod::Month => "month",
            NormPeriod::YearThenMonth => "year_then_month",
        },
        month_base: match (month_base, &way.unrounded_base) {
            (MonthBase::Rounded, None) => "rounded",
            _ => "exact",
        },
        year_norm: rounding_object(year_norm),
        month_norm: rounding_object(month_norm),
        base_from: range.map(|range| range.from.to_string()),
        base_to: range.map(|range| range.to.to_string()),
    }
}

fn rounding_object(rounding: Rounding) -> RoundingObject {
    match rounding {
        Rounding::Exact => RoundingObject { decimals: None, mode: "none" },
        Rounding::To { decimals, mode } => RoundingObject { decimals: Some(decimals), mode: mode.name() },
    }
}

fn row_object(checked: &Checked, index: usize) -> RowObject<'_> {
    let (row, check) = (&checked.appendix.rows[index], &checked.check.rows[index]);
    let norms = periods(check).map(|(period, norm)| NormObject {
        period,
        ours: norm.computed.as_ref().and_then(shown_norm).map(|norm| norm.to_string()),
        printed: shown_norm(&norm.printed).map(|norm| norm.to_string()),
        difference_kopecks: difference(norm).map(|kopecks| kopecks.to_string()),
    });
    let ways = checked.check.ways.iter().enumerate();
    RowObject {
        line: row.line,
        clinic: &row.name,
        coefficient: check.coefficient.rounded(COEFFICIENT_DECIMALS).map(|coefficient| coefficient.normalize().to_string()),
        norms: norms.collect(),
        agrees_by: ways.filter(|(_, fit)| fit.fits[index]).map(|(way, _)| way + 1).collect(),
    }
}
