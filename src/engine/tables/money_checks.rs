//! Rows of `money_checks`.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{RecordBatch, StringArray};
use rust_decimal::Decimal;

use super::heads::{HEAD_DECIMALS, decimals, group_name, heads_of, strings};
use crate::job::{EarlierRun, Job};
use sverka_kernel::funding::{COEFFICIENT_DECIMALS, Funding, MoneyCheck};
use sverka_model::{ClinicId, Profile};
use sverka_publish::{OutputTable, PublishError};

/// Rows of `money_checks`: facts about money that an economist looks at.
pub(in crate::engine) fn money_checks(job: &Job, funding: &Funding) -> Result<RecordBatch, PublishError> {
    let checks = funding.cares.iter().flat_map(|care| &care.checks).chain(&funding.checks);
    let mut rows: Vec<CheckRow> = checks.map(|check| row_of(job, check)).collect();
    rows.extend(job.money_checks.earlier.iter().flat_map(|earlier| moved_heads(job, funding, earlier)));
    rows.sort();
    OutputTable::MoneyChecks.spec().batch(vec![
        strings(rows.iter().map(|row| row.check)),
        Arc::new(rows.iter().map(|row| row.care.as_deref()).collect::<StringArray>()),
        Arc::new(rows.iter().map(|row| row.clinic.as_deref()).collect::<StringArray>()),
        Arc::new(rows.iter().map(|row| row.subject.as_deref()).collect::<StringArray>()),
        decimals(rows.iter().map(|row| row.value), 38, COEFFICIENT_DECIMALS),
        decimals(rows.iter().map(|row| row.limit), 38, COEFFICIENT_DECIMALS),
    ])
}

/// Row of a fact that the kernel found.
fn row_of(job: &Job, check: &MoneyCheck) -> CheckRow {
    let code = |clinic: &ClinicId| job.clinics.get(*clinic).code.clone();
    match check {
        MoneyCheck::NoComposition { care, clinic } => {
            CheckRow { check: "no_composition", care: Some(care.clone()), clinic: Some(code(clinic)), ..CheckRow::default() }
        }
        MoneyCheck::WithoutStation { care, clinic, heads } => CheckRow {
            check: "without_station",
            care: Some(care.clone()),
            clinic: Some(code(clinic)),
            value: Some(*heads),
            ..CheckRow::default()
        },
        MoneyCheck::BandBelow { care, band, value, least } => CheckRow {
            check: "band_below_floor",
            care: Some(care.clone()),
            subject: Some(band.clone()),
            value: Some(*value),
            limit: Some(*least),
            ..CheckRow::default()
        },
        MoneyCheck::FactorBelow { care, clinic, factor, value, least } => CheckRow {
            check: "factor_below_floor",
            care: Some(care.clone()),
            clinic: clinic.as_ref().map(code),
            subject: Some(factor.clone()),
            value: Some(*value),
            limit: Some(*least),
        },
        MoneyCheck::KOutsideBands { care, clinic, group, k, limit } => CheckRow {
            check: "k_outside_bands",
            care: Some(care.clone()),
            clinic: clinic.as_ref().map(code),
            subject: group.map(|group| group_name(job, care, group).to_owned()),
            value: Some(*k),
            limit: Some(*limit),
        },
        MoneyCheck::AdultsAtChildrensClinic { clinic, profile, heads } => {
            CheckRow::of_ages("adults_at_childrens_clinic", code(clinic), *profile, *heads)
        }
        MoneyCheck::InfantsAtAdultsClinic { clinic, profile, heads } => {
            CheckRow::of_ages("infants_at_adults_clinic", code(clinic), *profile, *heads)
        }
        MoneyCheck::PointWithoutPeople { clinic, point, amount } => CheckRow {
            check: "point_without_people",
            clinic: Some(code(clinic)),
            subject: Some(point.clone()),
            value: Some(*amount),
            ..CheckRow::default()
        },
        MoneyCheck::PotUnspent { part, amount } => {
            CheckRow { check: "pot_unspent", subject: Some((*part).to_owned()), value: Some(*amount), ..CheckRow::default() }
        }
        MoneyCheck::SettlementsDisagree { incoming, outgoing } => {
            CheckRow { check: "settlements_disagree", value: Some(*incoming), limit: Some(*outgoing), ..CheckRow::default() }
        }
        MoneyCheck::InsurerMoneyDiffers { amount, given } => {
            CheckRow { check: "insurer_money_differs", value: Some(*amount), limit: Some(*given), ..CheckRow::default() }
        }
    }
}

/// Row of `money_checks`.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct CheckRow {
    check: &'static str,
    care: Option<String>,
    clinic: Option<String>,
    subject: Option<String>,
    value: Option<Decimal>,
    limit: Option<Decimal>,
}

impl CheckRow {
    /// Row of people of ages that a clinic does not serve.
    fn of_ages(check: &'static str, clinic: String, profile: Profile, heads: u64) -> Self {
        let subject = Some(format!("profile {}", profile.code()));
        Self { check, care: None, clinic: Some(clinic), subject, value: Some(Decimal::from(heads)), limit: None }
    }
}

/// Rows of clinics whose paid heads differ too much from those of an earlier run. Cares that it did not pay are not compared.
fn moved_heads(job: &Job, funding: &Funding, earlier: &EarlierRun) -> Vec<CheckRow> {
    let mut rows = Vec::new();
    for care in &funding.cares {
        let code = |clinic: ClinicId| job.clinics.get(clinic).code.as_str();
        let now: BTreeMap<&str, Decimal> = care.clinics.iter().map(|row| (code(row.clinic), heads_of(&row.heads))).collect();
        let before: BTreeMap<&str, Decimal> = (earlier.heads.iter())
            .filter(|(at, _)| at.care == care.care)
            .map(|(at, heads)| (at.clinic.as_str(), *heads))
            .collect();
        if before.is_empty() {
            continue;
        }
        let mut codes: Vec<&str> = now.keys().chain(before.keys()).copied().collect();
        codes.sort_unstable();
        codes.dedup();
        for code in codes {
            let heads = |of: &BTreeMap<&str, Decimal>| of.get(code).copied().unwrap_or_default();
            let (now, before) = (heads(&now), heads(&before));
            if job.money_checks.heads_moved.exceeded_by(parts_of_heads((now - before).abs()), parts_of_heads(before)) {
                rows.push(CheckRow {
                    check: "heads_moved",
                    care: Some(care.care.clone()),
                    clinic: Some(code.to_owned()),
                    subject: Some(earlier.run_id.clone()),
                    value: Some(now),
                    limit: Some(before),
                });
            }
        }
    }
    rows
}

/// Heads in units of their last decimal.
fn parts_of_heads(heads: Decimal) -> u64 {
    let scaled = (heads * Decimal::from(10_u64.pow(HEAD_DECIMALS))).round();
    u64::try_from(scaled).expect("invariant: heads are fewer than people")
}
