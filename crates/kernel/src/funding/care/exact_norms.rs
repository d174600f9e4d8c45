//! Norms of one care before any rounding of a norm or an amount, as parts that multiply to them.

use super::{CareFigures, CareMoney};
use crate::funding::coefficients::Coefficients;
use crate::funding::exact::Fraction;
use crate::funding::heads::PeopleCounts;
use sverka_model::ClinicId;
use sverka_reference::{Care, Clinics, Tariff};

/// Norm of one clinic before its rounding, with the parts that multiply to it.
#[derive(Clone, Debug)]
pub(in crate::funding) struct ExactNorm {
    pub clinic: ClinicId,
    /// Funded heads.
    pub heads: Fraction,
    /// Base norm of a month.
    pub base: Fraction,
    /// Age-sex composition: of the clinic, of its group, or as printed.
    pub k: Fraction,
    /// Factors of the clinic, or what its group has of them.
    pub factors: Fraction,
    /// Correction.
    pub correction: Fraction,
    /// Money of the clinic by rates in roubles before rounding; `None` when it is paid by a norm.
    pub by_rates: Option<Fraction>,
}

impl ExactNorm {
    /// Money of the clinic before rounding.
    pub fn money(&self) -> Fraction {
        match &self.by_rates {
            Some(money) => money.clone(),
            None => self.base.times(&self.k).times(&self.factors).times(&self.correction).times(&self.heads),
        }
    }
}

/// Norms of all clinics with funded heads for one care, by clinic.
pub(in crate::funding) fn exact_norms(counts: &PeopleCounts, clinics: &Clinics, tariff: &Tariff, care: &Care) -> Vec<ExactNorm> {
    let figures = CareFigures::new(counts, clinics, tariff, care);
    let (base, correction) = (figures.base.month(care.rounding.month_base), figures.applied_correction());
    let norm = |(&clinic, of_clinic): (&ClinicId, &Coefficients)| {
        let Parts { k, factors } = parts(care, of_clinic);
        let heads = figures.money.heads.number(figures.money.clinics[&clinic].all);
        let by_rates = figures.money.money_by_rates(clinic, of_clinic);
        ExactNorm { clinic, heads, base: base.clone(), k, factors, correction: correction.clone(), by_rates }
    };
    figures.coefficients.iter().map(norm).collect()
}

/// Composition and factors of a clinic; their product is the coefficient of its norm.
struct Parts {
    k: Fraction,
    factors: Fraction,
}

/// The parts of a clinic's coefficient. The K of a group that is not printed is a mean of compositions times factors; here it is taken apart.
fn parts(care: &Care, of_clinic: &Coefficients) -> Parts {
    let is_mean = of_clinic.group.is_some_and(|group| !care.given_k.of_groups.contains_key(&group));
    match of_clinic.product.divided_by(&of_clinic.composition).filter(|_| is_mean) {
        Some(factors) => Parts { k: of_clinic.composition.clone(), factors },
        None => Parts { k: of_clinic.k.clone(), factors: of_clinic.factors.clone() },
    }
}

impl CareMoney<'_> {
    /// Money of a clinic by rates in roubles before rounding; `None` when it has no rates.
    fn money_by_rates(&self, clinic: ClinicId, coefficients: &Coefficients) -> Option<Fraction> {
        let rates = self.printed_rates(clinic, coefficients)?;
        let bands = rates.iter().zip(&self.clinics[&clinic].bands);
        Some(super::sum(bands.map(|(rate, units)| Fraction::from_decimal(*rate).times(&self.heads.number(*units)))))
    }
}
