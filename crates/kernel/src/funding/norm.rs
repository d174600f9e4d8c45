//! From heads to norms and amounts (SEM-286, SRC-32, SRC-33).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use sverka_reference::{Clinics, Correction, Tariff};

use super::exact::Fraction;
use super::{COEFFICIENT_DECIMALS, ClinicFunding, Funding, FundingTotals, HeadCounts, MONEY_DECIMALS, PairFunding};

/// One clinic before the correction is known.
struct Composition {
    heads: u64,
    /// Sum over bands of coefficient times heads.
    weighted: Fraction,
    /// Product of the clinic's factors.
    factors: Fraction,
}

/// The norm of each clinic, and what it makes for its funded heads.
///
/// Only norms are rounded, so the sums by clinic, by insurer and by pair agree to the kopeck.
///
/// # Panics
/// When an amount does not fit 28 digits, which the limits on base norm, coefficients and factors exclude.
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

type ByClinic = BTreeMap<u16, Composition>;
type ByPair = BTreeMap<(u16, u16), u64>;

fn compose(counts: &HeadCounts, clinics: &Clinics, tariff: &Tariff) -> (ByClinic, ByPair) {
    let mut compositions = ByClinic::new();
    let mut pairs = ByPair::new();
    for (insurer, clinic, band, heads) in counts.iter().filter(|(.., heads)| heads.funded > 0) {
        let composition = compositions.entry(clinic).or_insert_with(|| Composition {
            heads: 0,
            weighted: Fraction::whole(0),
            factors: product(&clinics.get(clinic).factors),
        });
        let coefficient = Fraction::from_decimal(tariff.bands[usize::from(band)].coefficient);
        composition.heads += heads.funded;
        composition.weighted = composition.weighted.plus(&coefficient.times(&Fraction::whole(heads.funded)));
        *pairs.entry((insurer, clinic)).or_default() += heads.funded;
    }
    (compositions, pairs)
}

fn product(factors: &[Decimal]) -> Fraction {
    factors.iter().fold(Fraction::whole(1), |product, &factor| product.times(&Fraction::from_decimal(factor)))
}

/// The correction: given, or the heads over the weighted heads of all clinics, in which the base norm cancels out. `None` when nothing is
/// weighted: no heads, or only coefficients of zero.
fn correction(compositions: &ByClinic, rule: Correction) -> Option<Fraction> {
    if let Correction::Given(given) = rule {
        return Some(Fraction::from_decimal(given));
    }
    let heads = compositions.values().map(|composition| composition.heads).sum();
    let weighted = (compositions.values())
        .map(|composition| composition.weighted.times(&composition.factors))
        .fold(Fraction::whole(0), |sum, part| sum.plus(&part));
    Fraction::whole(heads).divided_by(&weighted)
}

fn clinic_funding(clinic: u16, composition: &Composition, base: &Fraction, correction: Option<&Fraction>) -> ClinicFunding {
    let heads = composition.heads;
    let k = composition.weighted.divided_by(&Fraction::whole(heads)).expect("only clinics with heads are composed");
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

fn pair_funding((insurer, clinic): (u16, u16), heads: u64, clinics: &[ClinicFunding]) -> PairFunding {
    let place = clinics.binary_search_by_key(&clinic, |row| row.clinic).expect("a pair's clinic has heads");
    let ClinicFunding { k, factors, norm, .. } = clinics[place];
    PairFunding { insurer, clinic, heads, k, factors, norm, amount: norm * Decimal::from(heads) }
}

fn totals(counts: &HeadCounts, clinics: &[ClinicFunding], base_norm: Decimal, correction: Option<&Fraction>) -> FundingTotals {
    let funded_heads: u64 = clinics.iter().map(|row| row.heads).sum();
    let amount = clinics.iter().fold(Decimal::new(0, MONEY_DECIMALS), |sum, row| sum + row.amount);
    let base_amount = base_norm * Decimal::from(funded_heads);
    FundingTotals {
        heads: counts.iter().map(|(.., heads)| heads.all).sum(),
        funded_heads,
        amount,
        base_amount,
        difference: amount - base_amount,
        correction: correction.and_then(|correction| correction.rounded(COEFFICIENT_DECIMALS)),
    }
}
