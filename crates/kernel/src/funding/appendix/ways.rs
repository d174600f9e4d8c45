//! Ways of rounding that are tried on an appendix, the plainest first.
//!
//! A way is tried only when the appendix shows what it is about: the exact twelfth of a year's base needs a base of a year, and a year's norm that is
//! rounded before the month's needs a figure of a year, base or norm.

use sverka_reference::{CareRounding, MonthBase, NormPeriod, Rounding, RoundingMode};

use super::super::norm::Base;
use super::row::{Norms, Row};
use super::{Way, WayFit};

/// Decimals that are tried, kopecks first.
const DECIMALS: [u32; 4] = [2, 0, 1, 3];

/// Roundings that are tried: the tariff's own, then the others.
pub(super) fn roundings(rows: &[Row], own: &CareRounding) -> Vec<CareRounding> {
    let has_year_base = rows.iter().any(|row| matches!(row.base, Some(Base::Year(_))));
    let has_month_norm = rows.iter().any(|row| row.month.is_some());
    let has_year = has_year_base || rows.iter().any(|row| row.year.is_some());
    let month_bases: &[MonthBase] =
        if has_year_base && has_month_norm { &[MonthBase::Rounded, MonthBase::Exact] } else { &[MonthBase::Rounded] };
    let mut roundings = vec![*own];
    for &month_base in month_bases {
        let of_month = CareRounding { month_base, norm_period: NormPeriod::Month, ..*own };
        for norm in norm_roundings() {
            roundings.push(CareRounding { month_norm: norm, year_norm: norm, ..of_month });
        }
    }
    if has_year && has_month_norm {
        let of_year = CareRounding { month_base: MonthBase::Rounded, norm_period: NormPeriod::YearThenMonth, ..*own };
        for month in norm_roundings() {
            for decimals in DECIMALS {
                roundings.push(CareRounding { month_norm: month, year_norm: with_decimals(month, decimals), ..of_year });
            }
        }
    }
    without_repetitions(roundings)
}

/// Roundings of a norm: each mode for each number of decimals.
fn norm_roundings() -> impl Iterator<Item = Rounding> {
    DECIMALS.into_iter().flat_map(|decimals| RoundingMode::ALL.map(|mode| Rounding::To { decimals, mode }))
}

/// A rounding in the same mode to other decimals.
fn with_decimals(rounding: Rounding, decimals: u32) -> Rounding {
    match rounding {
        Rounding::Exact => Rounding::Exact,
        Rounding::To { mode, .. } => Rounding::To { decimals, mode },
    }
}

fn without_repetitions(roundings: Vec<CareRounding>) -> Vec<CareRounding> {
    let mut kept: Vec<CareRounding> = Vec::with_capacity(roundings.len());
    for rounding in roundings {
        if !kept.contains(&rounding) {
            kept.push(rounding);
        }
    }
    kept
}

/// How many rows each rounding fits from the printed bases. Roundings that give the same norms in all rows are one way, named by the first of them.
pub(super) fn printed_base_fits(rows: &[Row], roundings: &[CareRounding]) -> Vec<WayFit> {
    let mut found: Vec<(Vec<Norms>, WayFit)> = Vec::new();
    for rounding in roundings {
        let norms: Vec<Norms> = rows.iter().filter_map(|row| Some(row.norms(row.base.as_ref()?, rounding))).collect();
        let way = Way { rounding: *rounding, unrounded_base: None };
        match found.iter_mut().find(|(known, _)| *known == norms) {
            Some((_, fit)) => fit.same.push(way),
            None => {
                let fits = rows.iter().zip(&norms).map(|(row, norms)| row.agrees(norms)).collect();
                found.push((norms, WayFit { way, same: Vec::new(), fits }));
            }
        }
    }
    found.into_iter().map(|(_, fit)| fit).collect()
}
