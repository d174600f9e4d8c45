//! Rows of `funding_points`, `funding_results`, `to_pay` and `funding_insurer`.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray};
use rust_decimal::{Decimal, RoundingStrategy};

use super::heads::{HEAD_DECIMALS, dates, decimals, heads_of, numbers, strings};
use crate::job::Job;
use sverka_kernel::funding::{
    COEFFICIENT_DECIMALS, Fraction, Funding, InsurerFunding, MONEY_DECIMALS, NORM_DECIMALS, PointFunding, PointShare,
    ResultFunding, ToPay,
};
use sverka_publish::{OutputTable, PublishError};

/// Rows of `funding_points`: money of each feldsher point for the persons of each insurer.
pub(in crate::engine) fn funding_points(job: &Job, funding: &Funding) -> Result<RecordBatch, PublishError> {
    let rows: Vec<(&PointFunding, &PointShare)> =
        funding.points.iter().flat_map(|point| point.shares.iter().map(move |share| (point, share))).collect();
    let coefficient = |value: fn(&PointFunding) -> Option<Decimal>| coefficients(rows.iter().map(|(point, _)| value(point)));
    let insurers = rows.iter().map(|(_, share)| share.insurer.map(|insurer| job.insurers.get(insurer).code.as_str()));
    OutputTable::FundingPoints.spec().batch(vec![
        strings(rows.iter().map(|(row, _)| row.point.code.as_str())),
        Arc::new(insurers.collect::<StringArray>()),
        strings(rows.iter().map(|(row, _)| job.clinics.get(row.point.clinic).code.as_str())),
        Arc::new(rows.iter().map(|(row, _)| row.point.name.as_deref()).collect::<StringArray>()),
        Arc::new(rows.iter().map(|(row, _)| row.point.residents.map(i64::from)).collect::<Int64Array>()),
        dates(rows.iter().map(|(row, _)| row.point.counted_on)),
        money(rows.iter().map(|(row, _)| row.point.year_norm)),
        coefficient(|row| Some(row.point.coefficients.region)),
        coefficient(|row| Some(row.point.coefficients.access)),
        coefficient(|row| Some(row.point.coefficients.specific)),
        norms(rows.iter().map(|(row, _)| row.year_sum)),
        coefficient(|row| row.point.posts),
        coefficient(|row| row.point.posts_filled),
        coefficient(|row| Some(row.point.staff_share)),
        coefficient(|row| Some(row.staff)),
        strings(rows.iter().map(|(row, _)| row.state.name())),
        money(rows.iter().map(|(row, _)| row.amount)),
        heads(rows.iter().map(|(_, share)| &share.heads)),
        money(rows.iter().map(|(_, share)| share.amount)),
    ])
}

/// Rows of `funding_results`: money of each clinic for its results.
pub(in crate::engine) fn funding_results(job: &Job, funding: &Funding) -> Result<RecordBatch, PublishError> {
    let rows = &funding.results.clinics;
    let norm = |value: fn(&ResultFunding) -> Decimal| norms(rows.iter().map(value));
    let amount = |value: fn(&ResultFunding) -> Decimal| money(rows.iter().map(value));
    OutputTable::FundingResults.spec().batch(vec![
        strings(rows.iter().map(|row| job.clinics.get(row.clinic).code.as_str())),
        numbers(rows.iter().map(|row| row.indicators)),
        numbers(rows.iter().map(|row| row.reached)),
        norm(|row| row.points),
        norm(|row| row.most_points),
        norm(|row| row.limit_2),
        norm(|row| row.limit_3),
        Arc::new(rows.iter().map(|row| Some(row.group as i32)).collect::<Int32Array>()),
        heads(rows.iter().map(|row| &row.heads)),
        Arc::new(rows.iter().map(|row| Some(row.months as i32)).collect::<Int32Array>()),
        amount(|row| row.part_1),
        amount(|row| row.part_2),
        amount(|row| row.remainder),
        amount(|row| row.amount),
    ])
}

/// Rows of `to_pay`: sum to pay to each clinic with everything that it is made of.
pub(in crate::engine) fn to_pay(job: &Job, funding: &Funding) -> Result<RecordBatch, PublishError> {
    let rows = &funding.to_pay;
    let amount = |value: fn(&ToPay) -> Decimal| money(rows.iter().map(value));
    OutputTable::ToPay.spec().batch(vec![
        strings(rows.iter().map(|row| job.clinics.get(row.clinic).code.as_str())),
        amount(|row| row.amount),
        amount(|row| row.points),
        amount(|row| row.results),
        amount(|row| row.incoming),
        amount(|row| row.outgoing),
        amount(|row| row.carried_in),
        amount(|row| row.advance),
        amount(|row| row.withheld),
        amount(|row| row.uncovered_first),
        amount(|row| row.uncovered_advance),
        amount(|row| row.uncovered_withheld),
        amount(|row| row.carried_out),
        amount(|row| row.to_pay),
    ])
}

/// Rows of `funding_insurer`: money of the fund for each insurer.
pub(in crate::engine) fn funding_insurer(job: &Job, funding: &Funding) -> Result<RecordBatch, PublishError> {
    let rows = &funding.insurers;
    let set = job.tariff.insurers.as_ref().map_or("", |fund| job.tariff.band_set(fund.band_set).name.as_str());
    let norm = |value: fn(&InsurerFunding) -> Decimal| norms(rows.iter().map(value));
    let amount = |value: fn(&InsurerFunding) -> Decimal| money(rows.iter().map(value));
    OutputTable::FundingInsurer.spec().batch(vec![
        strings(rows.iter().map(|row| job.insurers.get(row.insurer).code.as_str())),
        strings(rows.iter().map(|_| set)),
        heads(rows.iter().map(|row| &row.people)),
        norm(|row| row.base),
        coefficients(rows.iter().map(|row| Some(row.k))),
        coefficients(rows.iter().map(|row| Some(row.correction))),
        norm(|row| row.norm),
        amount(|row| row.amount),
        amount(|row| row.running_costs),
    ])
}

fn money(values: impl Iterator<Item = Decimal>) -> ArrayRef {
    decimals(values.map(Some), 18, MONEY_DECIMALS)
}

fn norms(values: impl Iterator<Item = Decimal>) -> ArrayRef {
    decimals(values.map(Some), 28, NORM_DECIMALS)
}

/// Coefficients, some of them as the tariff writes them, with the decimals of outputs.
fn coefficients(values: impl Iterator<Item = Option<Decimal>>) -> ArrayRef {
    let shown = |value: Decimal| value.round_dp_with_strategy(COEFFICIENT_DECIMALS, RoundingStrategy::MidpointAwayFromZero);
    decimals(values.map(|value| value.map(shown)), 38, COEFFICIENT_DECIMALS)
}

fn heads<'f>(values: impl Iterator<Item = &'f Fraction>) -> ArrayRef {
    decimals(values.map(|heads| Some(heads_of(heads))), 18, HEAD_DECIMALS)
}
