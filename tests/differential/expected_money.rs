//! The reference's heads and money as rows of text.

use std::collections::BTreeMap;

use super::expected_rows::{ExpectedRow, ExpectedTables, optional, some};
use crate::reference::money::{CareMoney, Check, days_of};
use crate::reference::{Exact, HeadcountRow};

/// Number of decimals of coefficients in the outputs.
pub const COEFFICIENT_DECIMALS: u32 = 18;
/// Number of decimals of heads, which may be a mean, in the outputs.
pub const HEAD_DECIMALS: u32 = 6;
/// Number of decimals of norms before they are rounded in the outputs.
const NORM_DECIMALS: u32 = 8;

fn coefficient(value: &Exact) -> Option<String> {
    some(value.rounded(COEFFICIENT_DECIMALS))
}

fn norm(value: &Exact) -> Option<String> {
    some(value.rounded(NORM_DECIMALS))
}

fn kopecks(value: &Exact) -> Option<String> {
    some(value.rounded(2))
}

fn heads(value: &Exact) -> Option<String> {
    some(value.rounded(HEAD_DECIMALS))
}

impl ExpectedTables<'_> {
    pub(super) fn headcount(&self) -> Vec<ExpectedRow> {
        let row = |row: &HeadcountRow| {
            BTreeMap::from([
                ("insurer", some(&row.insurer)),
                ("clinic", row.clinic.clone()),
                ("sex", some(&row.sex)),
                ("band", some(label(row.from, row.to))),
                ("band_from", some(row.from)),
                ("heads", some(row.heads)),
                ("funded_heads", some(row.funded)),
                ("count_date", some(&row.day)),
                ("band_set", some(&row.set)),
                ("scope", some(if row.clinic.is_some() { "attached" } else { "insured" })),
                ("profile", some(row.profile)),
            ])
        };
        self.expected.headcount.iter().map(row).collect()
    }

    /// The only day whose heads a care pays; `None` for a mean.
    fn count_date(&self, care: &CareMoney) -> Option<String> {
        let cares = self.region.tariff.kinds_of_care();
        let care = cares.iter().find(|known| known.name == care.care).expect("a care of the tariff");
        match days_of(&care.heads, &self.region.as_of).as_slice() {
            [day] => Some(day.clone()),
            _ => None,
        }
    }

    pub(super) fn funding_clinic(&self) -> Vec<ExpectedRow> {
        let mut rows = Vec::new();
        for care in &self.expected.money {
            for row in &care.clinics {
                rows.push(BTreeMap::from([
                    ("clinic", some(&row.clinic)),
                    ("heads", some(row.heads.rounded(0))),
                    ("k", coefficient(&row.k)),
                    ("factors", coefficient(&row.factors)),
                    ("norm", kopecks(&row.norm)),
                    ("amount", kopecks(&row.amount)),
                    ("care", some(&care.care)),
                    ("count_date", self.count_date(care)),
                    ("paid_heads", heads(&row.heads)),
                ]));
            }
        }
        rows
    }

    /// The rows of pairs of insurer and clinic, with the coefficients of the clinic.
    pub(super) fn funding_pairs(&self) -> Vec<ExpectedRow> {
        let clinics = self.funding_clinic();
        let mut rows = Vec::new();
        for care in &self.expected.money {
            for row in &care.pairs {
                let is_its_clinic = |clinic: &&ExpectedRow| {
                    clinic["clinic"].as_ref() == Some(&row.clinic) && clinic["care"].as_ref() == Some(&care.care)
                };
                let mut values = clinics.iter().find(is_its_clinic).expect("a pair's clinic has heads").clone();
                values.extend([
                    ("insurer", some(&row.insurer)),
                    ("heads", some(row.heads.rounded(0))),
                    ("norm", kopecks(&row.norm)),
                    ("amount", kopecks(&row.amount)),
                    ("paid_heads", heads(&row.heads)),
                ]);
                rows.push(values);
            }
        }
        rows
    }

    /// The rows of bands of pairs of insurer and clinic.
    pub(super) fn funding_bands(&self) -> Vec<ExpectedRow> {
        let mut rows = Vec::new();
        for care in &self.expected.money {
            for pair in &care.pairs {
                for row in &pair.bands {
                    rows.push(BTreeMap::from([
                        ("care", some(&care.care)),
                        ("insurer", some(&pair.insurer)),
                        ("clinic", some(&pair.clinic)),
                        ("sex", some(&row.sex)),
                        ("band", some(label(row.from, row.to))),
                        ("band_from", some(row.from)),
                        ("coefficient", coefficient(&row.coefficient)),
                        ("heads", heads(&row.heads)),
                        ("norm", norm(&row.norm)),
                        ("amount", row.amount.as_ref().and_then(kopecks)),
                    ]));
                }
            }
        }
        rows
    }

    pub(super) fn norms(&self) -> Vec<ExpectedRow> {
        let mut rows = Vec::new();
        for care in &self.expected.money {
            for row in &care.norms {
                rows.push(BTreeMap::from([
                    ("care", some(&care.care)),
                    ("clinic", some(&row.clinic)),
                    ("group", optional(&row.group)),
                    ("heads", heads(&row.heads)),
                    ("base_year", norm(&row.base_year)),
                    ("base", norm(&row.base)),
                    ("k", coefficient(&row.k)),
                    ("factors", coefficient(&row.factors)),
                    ("differentiated", norm(&row.differentiated)),
                    ("correction", coefficient(&row.correction)),
                    ("corrected", norm(&row.corrected)),
                    ("norm_year", row.norm_year.as_ref().and_then(kopecks)),
                    ("norm", kopecks(&row.norm)),
                ]));
            }
        }
        rows
    }

    pub(super) fn norm_factors(&self) -> Vec<ExpectedRow> {
        let mut rows = Vec::new();
        for care in &self.expected.money {
            for row in &care.factors {
                rows.push(BTreeMap::from([
                    ("care", some(&care.care)),
                    ("clinic", optional(&row.clinic)),
                    ("group", optional(&row.group)),
                    ("factor", some(&row.factor)),
                    ("value", coefficient(&row.value)),
                    ("share", row.share.as_ref().and_then(coefficient)),
                    ("counted", coefficient(&row.counted)),
                ]));
            }
        }
        rows
    }

    pub(super) fn money_checks(&self) -> Vec<ExpectedRow> {
        let mut rows = Vec::new();
        for care in &self.expected.money {
            for check in &care.checks {
                let (name, clinic, subject, figures) = match check {
                    Check::NoComposition { clinic } => ("no_composition", some(clinic), None, None),
                    Check::BandBelow { sex, from, to, value, least } => (
                        "band_below_floor",
                        None,
                        some(format!("{} {}", if sex == "1" { "male" } else { "female" }, label(*from, *to))),
                        Some((value, least)),
                    ),
                    Check::FactorBelow { clinic, factor, value, least } => {
                        ("factor_below_floor", optional(clinic), some(factor), Some((value, least)))
                    }
                };
                rows.push(BTreeMap::from([
                    ("check", some(name)),
                    ("care", some(&care.care)),
                    ("clinic", clinic),
                    ("subject", subject),
                    ("value", figures.and_then(|(value, _)| coefficient(value))),
                    ("limit", figures.and_then(|(_, least)| coefficient(least))),
                ]));
            }
        }
        rows
    }
}

/// The ages of a band in the way that agreements print them.
fn label(from: i32, to: Option<i32>) -> String {
    match to {
        None => format!("{from}+"),
        Some(to) if to == from => to.to_string(),
        Some(to) => format!("{from}-{to}"),
    }
}
