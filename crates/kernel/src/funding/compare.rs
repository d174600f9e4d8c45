//! The same people under two tariffs: the difference of each clinic's money by its causes (SEM-370).
//!
//! Causes are taken one after another, in the order of [`Causes`]: each step replaces one figure of the first tariff by that of the second.
//!
//! ```text
//! amount under the first tariff
//!   rounding    less what roundings made of its exact money
//!   heads       exact money of the second tariff's heads
//!   base        ... with the second base norm
//!   K           ... with the second composition
//!   factors     ... with the second factors
//!   correction  ... with the second correction
//!   rounding    and what roundings make of that
//! amount under the second tariff
//! ```
//!
//! Exact money is rounded to kopecks after each step, so the causes add up to the difference.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::care::{ExactNorm, exact_norms, fund_care};
use super::exact::Fraction;
use super::heads::PeopleCounts;
use super::{ClinicFunding, for_display, money, norm_for_display};
use sverka_model::ClinicId;
use sverka_reference::{Care, Clinics, Tariff};

/// A care of a tariff with the people whom it pays for.
#[derive(Clone, Copy, Debug)]
pub struct CareUnder<'t> {
    /// People on the days of the care.
    pub counts: &'t PeopleCounts,
    /// Clinics with the factors of the tariff.
    pub clinics: &'t Clinics,
    /// The tariff.
    pub tariff: &'t Tariff,
    /// The care, one of the tariff.
    pub care: &'t Care,
}

/// Money of one clinic for one care under two tariffs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClinicDifference {
    /// The clinic.
    pub clinic: ClinicId,
    /// Figures under the first tariff; `None` when it pays nobody there.
    pub before: Option<ClinicFigures>,
    /// Figures under the second tariff; `None` when it pays nobody there.
    pub after: Option<ClinicFigures>,
    /// Causes of the difference.
    pub causes: Causes,
}

impl ClinicDifference {
    /// Amount under the second tariff less that under the first.
    #[must_use]
    pub fn difference(&self) -> Decimal {
        amount(self.after.as_ref()) - amount(self.before.as_ref())
    }
}

/// Figures of one clinic under one tariff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClinicFigures {
    /// Funded heads; a mean of days may be a fraction.
    pub heads: Fraction,
    /// Base norm of a month, 8 decimals.
    pub base: Decimal,
    /// Age-sex composition, 18 decimals.
    pub k: Decimal,
    /// Product of the factors, 18 decimals.
    pub factors: Decimal,
    /// Correction, 18 decimals.
    pub correction: Decimal,
    /// Norm for a head, roubles and kopecks.
    pub norm: Decimal,
    /// Sum of the amounts of the clinic's insurers.
    pub amount: Decimal,
}

/// Parts of a difference, in roubles and kopecks. They add up to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Causes {
    /// Other heads: other days, means, profiles or stations.
    pub heads: Decimal,
    /// Another base norm.
    pub base: Decimal,
    /// Another age-sex composition: other bands or coefficients, other days, or another printed K.
    pub k: Decimal,
    /// Other factors.
    pub factors: Decimal,
    /// Another correction.
    pub correction: Decimal,
    /// Other rates in roubles, or rates in place of a norm.
    pub rates: Decimal,
    /// Roundings.
    pub rounding: Decimal,
}

impl Causes {
    /// Names of the causes, in the order of [`Self::parts`].
    pub const NAMES: [&'static str; 7] = ["heads", "base", "k", "factors", "correction", "rates", "rounding"];

    /// The parts in the order in which they are taken.
    #[must_use]
    pub fn parts(&self) -> [Decimal; 7] {
        [self.heads, self.base, self.k, self.factors, self.correction, self.rates, self.rounding]
    }

    /// Sum of all parts.
    #[must_use]
    pub fn sum(&self) -> Decimal {
        self.parts().into_iter().sum()
    }

    /// Adds the parts of another difference.
    pub fn add(&mut self, other: &Self) {
        self.heads += other.heads;
        self.base += other.base;
        self.k += other.k;
        self.factors += other.factors;
        self.correction += other.correction;
        self.rates += other.rates;
        self.rounding += other.rounding;
    }
}

/// Money of each clinic for one care under two tariffs, by clinic. A tariff without the care pays nobody.
///
/// # Panics
/// When an amount does not fit 28 digits. The limits of tariffs exclude that.
#[must_use]
pub fn compare_care(before: Option<CareUnder<'_>>, after: Option<CareUnder<'_>>) -> Vec<ClinicDifference> {
    let (mut before, mut after) = (before.map(sides).unwrap_or_default(), after.map(sides).unwrap_or_default());
    let mut clinics: Vec<ClinicId> = before.keys().chain(after.keys()).copied().collect();
    clinics.sort_unstable();
    clinics.dedup();
    let difference = |clinic| {
        let (before, after) = (before.remove(&clinic), after.remove(&clinic));
        let causes = causes(before.as_ref(), after.as_ref());
        let figures = |side: Option<Side>| side.map(|side| side.figures());
        let difference = ClinicDifference { clinic, before: figures(before), after: figures(after), causes };
        assert!(difference.causes.sum() == difference.difference(), "invariant: causes add up to the difference");
        difference
    };
    clinics.into_iter().map(difference).collect()
}

/// Money of one clinic under one tariff.
struct Side {
    exact: ExactNorm,
    funding: ClinicFunding,
}

fn sides(under: CareUnder<'_>) -> BTreeMap<ClinicId, Side> {
    let CareUnder { counts, clinics, tariff, care } = under;
    let fundings = fund_care(counts, clinics, tariff, care).clinics;
    let norms = exact_norms(counts, clinics, tariff, care);
    norms.into_iter().zip(fundings).map(|(exact, funding)| (exact.clinic, Side { exact, funding })).collect()
}

impl Side {
    fn figures(self) -> ClinicFigures {
        let Self { exact, funding } = self;
        ClinicFigures {
            heads: funding.heads,
            base: norm_for_display(&exact.base),
            k: for_display(&exact.k),
            factors: for_display(&exact.factors),
            correction: for_display(&exact.correction),
            norm: funding.norm,
            amount: funding.amount,
        }
    }

    /// Part of the amount that roundings make.
    fn rounding(&self) -> Decimal {
        self.funding.amount - money(&self.exact.money())
    }

    /// Money of other heads at this clinic's norm before rounding; clinics in a comparison have heads.
    fn money_of(&self, heads: &Fraction) -> Fraction {
        let norm = self.exact.money().divided_by(&self.exact.heads).expect("invariant: clinics in funding have heads");
        norm.times(heads)
    }
}

fn causes(before: Option<&Side>, after: Option<&Side>) -> Causes {
    let (before, after) = match (before, after) {
        (Some(before), Some(after)) => (before, after),
        (Some(only), None) => {
            return Causes { heads: -money(&only.exact.money()), rounding: -only.rounding(), ..Causes::default() };
        }
        (None, Some(only)) => {
            return Causes { heads: money(&only.exact.money()), rounding: only.rounding(), ..Causes::default() };
        }
        (None, None) => return Causes::default(),
    };
    let at_first = money(&before.exact.money());
    let with_heads = money(&before.money_of(&after.exact.heads));
    let at_last = money(&after.exact.money());
    let changed = Causes { heads: with_heads - at_first, rounding: after.rounding() - before.rounding(), ..Causes::default() };
    if before.exact.by_rates.is_some() || after.exact.by_rates.is_some() {
        return Causes { rates: at_last - with_heads, ..changed };
    }
    let (one, other) = (&before.exact, &after.exact);
    let of = |base: &ExactNorm, k: &ExactNorm, factors: &ExactNorm| {
        money(&base.base.times(&k.k).times(&factors.factors).times(&one.correction).times(&other.heads))
    };
    let (with_base, with_k, with_factors) = (of(other, one, one), of(other, other, one), of(other, other, other));
    Causes {
        base: with_base - with_heads,
        k: with_k - with_base,
        factors: with_factors - with_k,
        correction: at_last - with_factors,
        ..changed
    }
}

fn amount(figures: Option<&ClinicFigures>) -> Decimal {
    figures.map_or(Decimal::new(0, 2), |figures| figures.amount)
}
