//! Packets of money that the job asks for: figures of the run as records of the exchange.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::job::Job;
use sverka_kernel::funding::{Funding, MONEY_DECIMALS, PairFunding, PointFunding, PointState};
use sverka_model::InsurerId;
use sverka_publish::Document;
use sverka_report::packets::{NormRecord, PointRecord, SPFINFAP_FILE, pd_tarif, pd_tarif_file, spfinfap};

/// The packets of a run.
pub(super) fn packets(job: &Job, funding: &Funding) -> Vec<Document> {
    let norms = job.packets.pd_tarif.as_ref().map(|conditions| norms(job, funding, conditions));
    let points = job.packets.spfinfap.as_ref().map(|endings| points(job, funding, endings));
    norms.into_iter().chain(points).collect()
}

/// `PD_TARIF`: norms of the cares that the job names, by condition of care, insurer and clinic.
fn norms(job: &Job, funding: &Funding, conditions: &BTreeMap<String, String>) -> Document {
    let cares = funding.cares.iter().filter_map(|care| Some((conditions.get(&care.care)?, care)));
    let record = |condition: &String, pair: &PairFunding| NormRecord {
        condition: condition.clone(),
        insurer: job.insurers.get(pair.insurer).code.clone(),
        clinic: job.clinics.get(pair.clinic).code.clone(),
        heads: pair.heads.whole(),
        norm: in_kopecks(pair.norm),
    };
    let mut records: Vec<NormRecord> =
        cares.flat_map(|(condition, care)| care.pairs.iter().map(move |pair| record(condition, pair))).collect();
    records.sort();
    Document {
        name: "pd_tarif",
        file: pd_tarif_file(job.as_of),
        records: records.len() as u64,
        bytes: pd_tarif(&records, job.as_of),
    }
}

/// `spfinfap`: feldsher points with the sums of the insurers.
fn points(job: &Job, funding: &Funding, endings: &BTreeMap<String, String>) -> Document {
    let ending = |insurer: InsurerId| {
        let code = &job.insurers.get(insurer).code;
        // The month stands behind the ending, so a code needs a sign after its last digit.
        endings.get(code).cloned().unwrap_or_else(|| format!("{code}_"))
    };
    let records: Vec<PointRecord> = funding.points.iter().map(|point| point_record(job, point, &ending)).collect();
    let mut all: Vec<String> = endings.values().cloned().collect();
    for ending in records.iter().flat_map(|record| record.sums.keys()) {
        if !all.contains(ending) {
            all.push(ending.clone());
        }
    }
    all.sort();
    Document {
        name: "spfinfap",
        file: SPFINFAP_FILE.to_owned(),
        records: records.len() as u64,
        bytes: spfinfap(&records, &all, job.as_of),
    }
}

/// Record of a point. A point that is not paid in the month has no money.
fn point_record(job: &Job, funding: &PointFunding, ending: &dyn Fn(InsurerId) -> String) -> PointRecord {
    let clinic = job.clinics.get(funding.point.clinic);
    let is_paid = funding.state == PointState::Paid;
    let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
    for share in &funding.shares {
        if let Some(insurer) = share.insurer {
            *sums.entry(ending(insurer)).or_default() += share.amount;
        }
    }
    PointRecord {
        clinic: clinic.code.clone(),
        name: funding.point.name.clone().unwrap_or_default(),
        oid: clinic.oid.clone().unwrap_or_default(),
        code: funding.point.code.clone(),
        year_sum: in_kopecks(if is_paid { funding.year_sum } else { Decimal::ZERO }),
        staff: at_least_two_decimals(if is_paid { funding.staff } else { Decimal::ZERO }),
        sums: sums.into_iter().map(|(ending, sum)| (ending, in_kopecks(sum))).collect(),
    }
}

/// An amount with two decimals, half up.
fn in_kopecks(amount: Decimal) -> String {
    let mut rounded = amount.round_dp_with_strategy(MONEY_DECIMALS, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(MONEY_DECIMALS);
    rounded.to_string()
}

/// A coefficient without zeros at the end of its decimals beyond the second.
fn at_least_two_decimals(coefficient: Decimal) -> String {
    let mut shown = coefficient.normalize();
    if shown.scale() < MONEY_DECIMALS {
        shown.rescale(MONEY_DECIMALS);
    }
    shown.to_string()
}
