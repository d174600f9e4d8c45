//! Rows of `headcount`, `funding_clinic` and `funding_insurer_clinic`.

use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Int32Array, Int64Array, RecordBatch, StringArray};
use rust_decimal::Decimal;

use crate::job::Job;
use sverka_kernel::funding::{COEFFICIENT_DECIMALS, ClinicFunding, Funding, HeadCounts, HeadRow, MONEY_DECIMALS};
use sverka_publish::{OutputTable, PublishError};

/// Rows of `headcount`: heads by insurer, clinic, sex and age band.
pub(in crate::engine) fn headcount(job: &Job, counts: &HeadCounts) -> Result<RecordBatch, PublishError> {
    let mut rows: Vec<_> = counts
        .iter()
        .map(|HeadRow { insurer, clinic, band, heads }| {
            let band = job.tariff.band_of(band);
            (insurer, clinic, band.sex as i32, band, heads)
        })
        .collect();
    rows.sort_by_key(|&(insurer, clinic, sex, band, _)| (insurer, clinic, sex, band.label.as_str()));
    OutputTable::Headcount.spec().batch(vec![
        strings(rows.iter().map(|row| job.insurers.get(row.0).code.as_str())),
        strings(rows.iter().map(|row| job.clinics.get(row.1).code.as_str())),
        Arc::new(rows.iter().map(|row| Some(row.2)).collect::<Int32Array>()),
        strings(rows.iter().map(|row| row.3.label.as_str())),
        Arc::new(rows.iter().map(|row| Some(i32::from(row.3.from))).collect::<Int32Array>()),
        numbers(rows.iter().map(|row| row.4.all)),
        numbers(rows.iter().map(|row| row.4.funded)),
    ])
}

/// Rows of `funding_clinic`: amount of each clinic.
pub(in crate::engine) fn funding_clinic(job: &Job, funding: &Funding) -> Result<RecordBatch, PublishError> {
    let mut columns = vec![strings(funding.clinics.iter().map(|row| job.clinics.get(row.clinic).code.as_str()))];
    columns.extend(money_columns(&funding.clinics));
    OutputTable::FundingClinic.spec().batch(columns)
}

/// Rows of `funding_insurer_clinic`: amount of each clinic for the persons of each insurer.
pub(in crate::engine) fn funding_insurer_clinic(job: &Job, funding: &Funding) -> Result<RecordBatch, PublishError> {
    let as_clinics: Vec<ClinicFunding> = funding
        .pairs
        .iter()
        .map(|pair| ClinicFunding {
            clinic: pair.clinic,
            heads: pair.heads,
            k: pair.k,
            factors: pair.factors,
            norm: pair.norm,
            amount: pair.amount,
        })
        .collect();
    let mut columns = vec![
        strings(funding.pairs.iter().map(|row| job.insurers.get(row.insurer).code.as_str())),
        strings(funding.pairs.iter().map(|row| job.clinics.get(row.clinic).code.as_str())),
    ];
    columns.extend(money_columns(&as_clinics));
    OutputTable::FundingInsurerClinic.spec().batch(columns)
}

fn money_columns(rows: &[ClinicFunding]) -> [ArrayRef; 5] {
    let coefficient = |value: fn(&ClinicFunding) -> Decimal| decimals(rows.iter().map(value), 38, COEFFICIENT_DECIMALS);
    let money = |value: fn(&ClinicFunding) -> Decimal| decimals(rows.iter().map(value), 18, MONEY_DECIMALS);
    [
        numbers(rows.iter().map(|row| row.heads)),
        coefficient(|row| row.k),
        coefficient(|row| row.factors),
        money(|row| row.norm),
        money(|row| row.amount),
    ]
}

fn decimals(values: impl Iterator<Item = Decimal>, precision: u8, scale: u32) -> ArrayRef {
    let scaled = values.map(|value| {
        assert!(value.scale() <= scale, "invariant: funding rounds to the decimals of its tables");
        value.mantissa() * 10_i128.pow(scale - value.scale())
    });
    let array = Decimal128Array::from_iter_values(scaled).with_precision_and_scale(precision, scale as i8);
    Arc::new(array.expect("invariant: precision and scale of the tables are those of Arrow"))
}

fn strings<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn numbers(values: impl Iterator<Item = u64>) -> ArrayRef {
    Arc::new(values.map(|value| Some(value as i64)).collect::<Int64Array>())
}
