//! Appendix of a tariff agreement computed again, by the rounding of a tariff and by all others that regions use.
//!
//! ```text
//! row                base × coefficients × correction, rounded in a way, against the norm as printed
//! ways               period whose norm is rounded first, month's base, decimals, mode
//! unrounded base     base of more digits than are printed: the range in which it gives most rows
//! ```
//!
//! Coefficients are taken as printed: what was rounded before printing cannot be rounded again.

mod row;
#[cfg(test)]
mod tests;
mod unrounded;
mod ways;

use sverka_reference::{AppendixRow, CareRounding};

use super::exact::Fraction;
use row::Row;
pub use unrounded::{BaseRange, ShownRange};

/// An appendix computed again.
#[derive(Clone, Debug)]
pub struct AppendixCheck {
    /// Rows of the appendix by the tariff's own way, in their order.
    pub rows: Vec<RowCheck>,
    /// Ways of rounding that fit a row, the one that fits most rows first; and the tariff's own.
    pub ways: Vec<WayFit>,
    /// Index in [`Self::ways`] of the tariff's own way.
    pub own: usize,
    /// Number of ways that were tried.
    pub tried: usize,
}

impl AppendixCheck {
    /// The tariff's own way.
    #[must_use]
    pub fn own_way(&self) -> &WayFit {
        &self.ways[self.own]
    }

    /// Ways that fit all rows.
    pub fn fitting_all(&self) -> impl Iterator<Item = &WayFit> {
        self.ways.iter().filter(|way| way.fits_all())
    }
}

/// Row of an appendix, computed by the tariff's own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowCheck {
    /// Product of coefficients and correction.
    pub coefficient: Fraction,
    /// Norm of a month, if one is printed.
    pub month: Option<PrintedNorm>,
    /// Norm of a year, if one is printed.
    pub year: Option<PrintedNorm>,
}

/// Norm as printed and as computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedNorm {
    /// The norm as printed.
    pub printed: Fraction,
    /// The norm as computed. `None` when no base is known.
    pub computed: Option<Fraction>,
}

/// A way of rounding with the rows that it fits.
#[derive(Clone, Debug)]
pub struct WayFit {
    /// The way.
    pub way: Way,
    /// Other ways that give the same norms in all rows.
    pub same: Vec<Way>,
    /// Whether the way gives the printed norms of each row.
    pub fits: Vec<bool>,
}

impl WayFit {
    /// Number of rows that the way fits.
    #[must_use]
    pub fn fitting(&self) -> usize {
        self.fits.iter().filter(|fits| **fits).count()
    }

    /// Whether the way fits all rows.
    #[must_use]
    pub fn fits_all(&self) -> bool {
        self.fits.iter().all(|fits| *fits)
    }
}

/// A way of rounding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Roundings of norms.
    pub rounding: CareRounding,
    /// Bases that give the rows, when the base is not the printed one.
    pub unrounded_base: Option<BaseRange>,
}

/// Computes the rows of an appendix again, by the tariff's own roundings and by all others.
///
/// # Panics
/// Without rows, and for a coefficient of 0: the reader of appendices refuses both.
#[must_use]
pub fn check_appendix(appendix: &[AppendixRow], own: &CareRounding) -> AppendixCheck {
    assert!(!appendix.is_empty(), "invariant: an appendix has rows");
    let rows: Vec<Row> = appendix.iter().map(Row::new).collect();
    let has_base = rows.iter().all(|row| row.base.is_some());
    let roundings = ways::roundings(&rows, own);
    let mut fits = if has_base { ways::printed_base_fits(&rows, &roundings) } else { Vec::new() };
    let unrounded = unrounded::unrounded_base_fits(&rows, &roundings, &fits);
    let tried = if has_base { roundings.len() } else { 0 } + unrounded.tried;
    let own_rows = rows.iter().map(|row| row.check(own)).collect();
    fits.extend(unrounded.fits);
    let is_own = |fit: &WayFit| fit.way.rounding == *own && fit.way.unrounded_base.is_some() != has_base;
    if !fits.iter().any(is_own) {
        let way = Way { rounding: *own, unrounded_base: (!has_base).then(BaseRange::nothing) };
        fits.push(WayFit { way, same: Vec::new(), fits: vec![false; rows.len()] });
    }
    fits.retain(|fit| is_own(fit) || fit.fitting() > 0);
    // The sort is stable: of ways that fit the same number of rows, the plainer one stays first.
    fits.sort_by_key(|fit| std::cmp::Reverse(fit.fitting()));
    let own = fits.iter().position(is_own).expect("invariant: the tariff's own way is one of the ways");
    AppendixCheck { rows: own_rows, ways: fits, own, tried }
}
