//! Facts of one clinic on `D` from a tariff: its group, factors, given K and rates.

use super::super::exact::Exact;
use super::Subject;
use super::results::Factor;
use crate::regions::tariff::{CareDef, FactorRow, Holder};

/// The facts about a clinic.
pub struct ClinicFacts {
    pub group: Option<String>,
    /// Columns of the table of clinics, then rows of the table of factors.
    pub factors: Vec<Factor>,
}

impl ClinicFacts {
    pub fn new(subject: &Subject, care: &CareDef, clinic: &str) -> ClinicFacts {
        let row = subject.clinics.iter().find(|row| row.clinic == clinic).expect("a known clinic");
        let mut factors = Vec::new();
        for name in &care.factors {
            let column = subject.tariff.factors.iter().position(|column| column == name).expect("a column");
            let value = Exact::decimal(&row.factors[column]);
            let counted = value.rounded_by(&care.rounding.factor);
            let (clinic, factor) = (Some(clinic.to_string()), name.clone());
            factors.push(Factor { clinic, group: None, factor, value, share: None, counted });
        }
        factors.extend(factors_of(care, &Holder::Clinic(clinic.to_string()), subject.as_of));
        let group = care.groups.iter().find(|row| row.clinic == clinic && row.dates.covers(subject.as_of));
        ClinicFacts { group: group.map(|row| row.group.clone()), factors }
    }

    /// F of the clinic.
    pub fn product(&self) -> Exact {
        product(&self.factors)
    }
}

/// The factors of the care's table for a clinic or a group.
pub fn factors_of(care: &CareDef, holder: &Holder, as_of: &str) -> Vec<Factor> {
    let rows = care.factor_rows.iter().filter(|row| row.holder == *holder && row.dates.covers(as_of));
    rows.map(|row| factor(care, row)).collect()
}

fn factor(care: &CareDef, row: &FactorRow) -> Factor {
    let value = Exact::decimal(&row.value);
    let share = (!row.share.is_empty()).then(|| Exact::decimal(&row.share));
    let counted = match &share {
        None => value.clone(),
        Some(share) => Exact::one().plus(&share.times(&value.minus(&Exact::one()))),
    };
    let (clinic, group) = match &row.holder {
        Holder::Clinic(clinic) => (Some(clinic.clone()), None),
        Holder::Group(group) => (None, Some(group.clone())),
    };
    Factor { clinic, group, factor: row.factor.clone(), value, share, counted: counted.rounded_by(&care.rounding.factor) }
}

pub fn product(factors: &[Factor]) -> Exact {
    factors.iter().fold(Exact::one(), |product, factor| product.times(&factor.counted))
}

/// K as the agreement prints it.
pub fn given_k(care: &CareDef, holder: &Holder, as_of: &str) -> Option<Exact> {
    let row = care.given_k.iter().find(|row| row.holder == *holder && row.dates.covers(as_of))?;
    Some(Exact::decimal(&row.k))
}
