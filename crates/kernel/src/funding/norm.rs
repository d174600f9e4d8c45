//! Per-capita norms: heads and tariff to norms and amounts (SEM-286, SRC-32, SRC-33).
//!
//! ```text
//! K of a clinic     = sum over bands (coefficient × heads) / heads
//! correction        = heads of all clinics / sum over clinics (K × factors × heads), or as the tariff gives it
//! norm of a clinic  = base norm × K × factors × correction, rounded to kopecks
//! amount            = norm × heads
//! ```

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use sverka_model::{ClinicId, InsurerId};
use sverka_reference::{Clinics, Correction, Tariff};

use super::exact::Fraction;
use super::{COEFFICIENT_DECIMALS, ClinicFunding, Funding, FundingTotals, HeadCounts, HeadRow, MONEY_DECIMALS, PairFunding};

/// Age-sex composition of one clinic.
struct Composition {
    /// Funded heads.
    heads: u64,
    /// Sum over bands of coefficient times heads.
    weighted: Fraction,
    /// Product of the clinic's factors.
    factors: Fraction,
}

/// Norms and amounts of all clinics with funded heads.
///
/// Only norms are rounded, so that the sums by clinic, by insurer and by pair agree to the kopeck.
///
/// # Panics
/// When an amount does not fit 28 digits. The limits on base norm, coefficients and factors exclude that.
#[must_use]
pub fn fund(counts: &HeadCounts, clinics: &Clinics, tariff: &Tariff) -> Funding {
    let (compositions, pairs) = compose(counts, clinics, tariff);
    let correction = correction(&compositions, tariff.correction);
    let base = Fraction::from_decimal(tariff.base_norm);
    let clinics: Vec<ClinicFunding> = (compositions.iter())
        .map(|(&clinic, composition)| clinic_funding(clinic, composition, &base, correction.as_ref()))
        .collect();
    let pairs: Vec<PairFunding> = pairs.into_iter().map(|(pair, heads)| pair_funding(pair, heads, &clinics)).collect();
    let totals = totals(counts, &clinics, tariff.base_norm, correction.as_ref());
    Funding { clinics, pairs, totals }
}

type ByClinic = BTreeMap<ClinicId, Composition>;
/// Funded heads by insurer and clinic.
type ByPair = BTreeMap<Pair, u64>;

/// An insurer and a clinic at which its people are counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    insurer: InsurerId,
    clinic: ClinicId,
}

fn compose(counts: &HeadCounts, clinics: &Clinics, tariff: &Tariff) -> (ByClinic, ByPair) {
    let mut compositions = ByClinic::new();
    let mut pairs = ByPair::new();
    for HeadRow { insurer, clinic, band, heads } in counts.iter().filter(|row| row.heads.funded > 0) {
        let composition = compositions.entry(clinic).or_insert_with(|| Composition {
            heads: 0,
            weighted: Fraction::from_integer(0),
            factors: product(&clinics.get(clinic).factors),
        });
        let coefficient = Fraction::from_decimal(tariff.band_of(band).coefficient);
        composition.heads += heads.funded;
        composition.weighted = composition.weighted.plus(&coefficient.times(&Fraction::from_integer(heads.funded)));
        *pairs.entry(Pair { insurer, clinic }).or_default() += heads.funded;
    }
    (compositions, pairs)
}

fn product(factors: &[Decimal]) -> Fraction {
    factors.iter().fold(Fraction::from_integer(1), |product, &factor| product.times(&Fraction::from_decimal(factor)))
}

/// Correction coefficient: given, or the heads over the weighted heads of all clinics (the base norm cancels out). `None` when the weighted heads
/// are zero: there are no heads, or all coefficients are zero.
fn correction(compositions: &ByClinic, rule: Correction) -> Option<Fraction> {
    if let Correction::Given(given) = rule {
        return Some(Fraction::from_decimal(given));
    }
    let heads = compositions.values().map(|composition| composition.heads).sum();
    let weighted = (compositions.values())
        .map(|composition| composition.weighted.times(&composition.factors))
        .fold(Fraction::from_integer(0), |sum, part| sum.plus(&part));
    Fraction::from_integer(heads).divided_by(&weighted)
}

fn clinic_funding(clinic: ClinicId, composition: &Composition, base: &Fraction, correction: Option<&Fraction>) -> ClinicFunding {
    let heads = composition.heads;
    let k = composition.weighted.divided_by(&Fraction::from_integer(heads)).expect("only clinics with heads are composed");
    let differentiated = base.times(&k).times(&composition.factors);
    // Without a correction every coefficient is zero, and so is the norm.
    let norm = correction.map_or(differentiated.clone(), |correction| differentiated.times(correction));
    let norm = norm.rounded(MONEY_DECIMALS).expect("a norm fits 28 digits");
    ClinicFunding {
        clinic,
        heads,
        k: for_display(&k),
        factors: for_display(&composition.factors),
        norm,
        amount: norm * Decimal::from(heads),
    }
}

fn for_display(coefficient: &Fraction) -> Decimal {
    coefficient.rounded(COEFFICIENT_DECIMALS).expect("coefficients and factors are at most 100")
}

fn pair_funding(Pair { insurer, clinic }: Pair, heads: u64, clinics: &[ClinicFunding]) -> PairFunding {
    let index = clinics.binary_search_by_key(&clinic, |row| row.clinic).expect("a pair's clinic has heads");
    let ClinicFunding { k, factors, norm, .. } = clinics[index];
    PairFunding { insurer, clinic, heads, k, factors, norm, amount: norm * Decimal::from(heads) }
}

fn totals(counts: &HeadCounts, clinics: &[ClinicFunding], base_norm: Decimal, correction: Option<&Fraction>) -> FundingTotals {
    let funded_heads: u64 = clinics.iter().map(|row| row.heads).sum();
    let amount = clinics.iter().fold(Decimal::new(0, MONEY_DECIMALS), |sum, row| sum + row.amount);
    let base_amount = base_norm * Decimal::from(funded_heads);
    FundingTotals {
        heads: counts.iter().map(|row| row.heads.all).sum(),
        funded_heads,
        amount,
        base_amount,
        difference: amount - base_amount,
        correction: correction.and_then(|correction| correction.rounded(COEFFICIENT_DECIMALS)),
    }
}
