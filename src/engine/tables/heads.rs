//! Rows of `headcount`, `funding_clinic`, `funding_insurer_clinic`, `funding_bands`, `norms` and `norm_factors`.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, Int32Array, Int64Array, RecordBatch, StringArray};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::job::Job;
use sverka_kernel::funding::{
    BandFunding, COEFFICIENT_DECIMALS, CareFunding, CountedProfiles, Fraction, Funding, Heads, MONEY_DECIMALS, NORM_DECIMALS,
    NormRow, PairFunding, PeopleCounts,
};
use sverka_model::{ClinicId, Date, InsurerId, Profile};
use sverka_publish::{OutputTable, PublishError};
use sverka_reference::{AgeSexBand, BandId, BandSetId, Care, DayId, GroupId};

/// Decimals of paid heads, which may be a mean of days.
pub(super) const HEAD_DECIMALS: u32 = 6;

/// People whom a row of `headcount` counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    /// Insured and attached people of a profile.
    Attached(Profile),
    /// All insured people.
    Insured,
}

/// Key of a row of `headcount`. Rows are written in the order of their texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct HeadcountKey {
    day: DayId,
    set: BandSetId,
    scope: Scope,
    insurer: InsurerId,
    clinic: Option<ClinicId>,
    band: BandId,
}

/// Rows of `headcount`: people by count date, set of bands, scope, insurer, clinic, sex and age band.
pub(in crate::engine) fn headcount(job: &Job, counts: &PeopleCounts) -> Result<RecordBatch, PublishError> {
    let mut sums: BTreeMap<HeadcountKey, Heads> = BTreeMap::new();
    for (index, day_counts) in counts.days.iter().enumerate() {
        let day = DayId::new(index);
        for set in (0..job.tariff.band_sets.len()).map(|index| job.tariff.band_set_id(index)) {
            let band = |cell| job.tariff.cells.band(set, cell);
            for (&profile, heads) in CountedProfiles::new(&job.tariff).as_slice().iter().zip(&day_counts.attached) {
                if !counts_profile(job, set, profile) {
                    continue;
                }
                for row in heads.iter() {
                    let (scope, clinic) = (Scope::Attached(profile), Some(row.clinic));
                    let key = HeadcountKey { day, set, scope, insurer: row.insurer, clinic, band: band(row.cell) };
                    let sum = sums.entry(key).or_default();
                    sum.all += row.heads.all;
                    sum.funded += row.heads.funded;
                }
            }
            if job.tariff.is_named_set(set) {
                for row in day_counts.insured.iter() {
                    let scope = Scope::Insured;
                    let key = HeadcountKey { day, set, scope, insurer: row.insurer, clinic: None, band: band(row.cell) };
                    sums.entry(key).or_default().all += row.people;
                }
            }
        }
    }
    headcount_batch(job, sums)
}

/// Whether people of a profile are counted in a set of bands: a named set counts all profiles, that of a care those of the care.
fn counts_profile(job: &Job, set: BandSetId, profile: Profile) -> bool {
    job.tariff.is_named_set(set) || job.tariff.cares.iter().any(|care| care.band_set == set && care.profile() == profile)
}

fn headcount_batch(job: &Job, sums: BTreeMap<HeadcountKey, Heads>) -> Result<RecordBatch, PublishError> {
    let tariff = &job.tariff;
    let band_of = |key: &HeadcountKey| tariff.band_set(key.set).band(key.band);
    let code_of = |key: &HeadcountKey| key.clinic.map(|clinic| job.clinics.get(clinic).code.as_str());
    let mut rows: Vec<(HeadcountKey, Heads)> = sums.into_iter().collect();
    rows.sort_by_key(|(key, _)| {
        let band = band_of(key);
        let day = tariff.days[key.day.index()];
        let set = tariff.band_set(key.set).name.as_str();
        (day, set, key.scope, key.insurer, key.clinic, band.sex as i32, band.label.as_str())
    });
    let keys = || rows.iter().map(|(key, _)| key);
    OutputTable::Headcount.spec().batch(vec![
        strings(keys().map(|key| job.insurers.get(key.insurer).code.as_str())),
        Arc::new(keys().map(code_of).collect::<StringArray>()),
        Arc::new(keys().map(|key| Some(band_of(key).sex as i32)).collect::<Int32Array>()),
        strings(keys().map(|key| band_of(key).label.as_str())),
        Arc::new(keys().map(|key| Some(i32::from(band_of(key).from))).collect::<Int32Array>()),
        numbers(rows.iter().map(|(_, heads)| heads.all)),
        numbers(rows.iter().map(|(_, heads)| heads.funded)),
        dates(keys().map(|key| Some(tariff.days[key.day.index()]))),
        strings(keys().map(|key| tariff.band_set(key.set).name.as_str())),
        strings(keys().map(|key| if key.scope == Scope::Insured { "insured" } else { "attached" })),
        Arc::new(
            keys()
                .map(|key| match key.scope {
                    Scope::Attached(profile) => Some(i32::from(profile.code())),
                    Scope::Insured => Some(0),
                })
                .collect::<Int32Array>(),
        ),
    ])
}

/// Columns of money that clinics and pairs share.
struct MoneyRow<'f> {
    care: &'f CareFunding,
    clinic: ClinicId,
    heads: &'f Fraction,
    k: Decimal,
    factors: Decimal,
    norm: Decimal,
    amount: Decimal,
}

/// Rows of `funding_clinic`: amount of each clinic and care.
pub(in crate::engine) fn funding_clinic(job: &Job, funding: &Funding) -> Result<RecordBatch, PublishError> {
    let rows: Vec<MoneyRow<'_>> = by_care(funding)
        .flat_map(|care| {
            care.clinics.iter().map(move |row| MoneyRow {
                care,
                clinic: row.clinic,
                heads: &row.heads,
                k: row.k,
                factors: row.factors,
                norm: row.norm,
                amount: row.amount,
            })
        })
        .collect();
    let mut columns = vec![clinic_codes(job, &rows)];
    columns.extend(money_columns(job, &rows));
    OutputTable::FundingClinic.spec().batch(columns)
}

/// Rows of `funding_insurer_clinic`: amount of each clinic and care for the persons of each insurer.
pub(in crate::engine) fn funding_insurer_clinic(job: &Job, funding: &Funding) -> Result<RecordBatch, PublishError> {
    let rows: Vec<(InsurerId, MoneyRow<'_>)> = by_care(funding)
        .flat_map(|care| {
            care.pairs.iter().map(move |row| {
                let PairFunding { insurer, clinic, heads, k, factors, norm, amount, .. } = row;
                let (k, factors, norm, amount) = (*k, *factors, *norm, *amount);
                (*insurer, MoneyRow { care, clinic: *clinic, heads, k, factors, norm, amount })
            })
        })
        .collect();
    let insurers = strings(rows.iter().map(|(insurer, _)| job.insurers.get(*insurer).code.as_str()));
    let rows: Vec<MoneyRow<'_>> = rows.into_iter().map(|(_, row)| row).collect();
    let mut columns = vec![insurers, clinic_codes(job, &rows)];
    columns.extend(money_columns(job, &rows));
    OutputTable::FundingInsurerClinic.spec().batch(columns)
}

/// Row of `funding_bands`.
struct BandRow<'f> {
    care: &'f CareFunding,
    pair: &'f PairFunding,
    funding: &'f BandFunding,
    band: &'f AgeSexBand,
}

/// Rows of `funding_bands`: heads and amount of each age-sex band of a pair of insurer and clinic, by care.
pub(in crate::engine) fn funding_bands(job: &Job, funding: &Funding) -> Result<RecordBatch, PublishError> {
    let mut rows: Vec<BandRow<'_>> = Vec::new();
    for care in by_care(funding) {
        let bands = job.tariff.bands_of(care_of_tariff(job, &care.care));
        for pair in &care.pairs {
            let first = rows.len();
            for band in &pair.bands {
                rows.push(BandRow { care, pair, funding: band, band: bands.band(band.band) });
            }
            rows[first..].sort_by_key(|row| (row.band.sex as i32, row.band.label.as_str()));
        }
    }
    OutputTable::FundingBands.spec().batch(vec![
        strings(rows.iter().map(|row| row.care.care.as_str())),
        strings(rows.iter().map(|row| job.insurers.get(row.pair.insurer).code.as_str())),
        strings(rows.iter().map(|row| job.clinics.get(row.pair.clinic).code.as_str())),
        Arc::new(rows.iter().map(|row| Some(row.band.sex as i32)).collect::<Int32Array>()),
        strings(rows.iter().map(|row| row.band.label.as_str())),
        Arc::new(rows.iter().map(|row| Some(i32::from(row.band.from))).collect::<Int32Array>()),
        decimals(rows.iter().map(|row| Some(row.band.coefficient)), 38, COEFFICIENT_DECIMALS),
        decimals(rows.iter().map(|row| Some(heads_of(&row.funding.heads))), 18, HEAD_DECIMALS),
        decimals(rows.iter().map(|row| Some(row.funding.norm)), 28, NORM_DECIMALS),
        decimals(rows.iter().map(|row| row.funding.amount), 18, MONEY_DECIMALS),
    ])
}

/// Rows of `norms`: norm of each clinic and care with everything that it is made of.
pub(in crate::engine) fn norms(job: &Job, funding: &Funding) -> Result<RecordBatch, PublishError> {
    let rows: Vec<(&CareFunding, &NormRow)> =
        by_care(funding).flat_map(|care| care.norms.iter().map(move |row| (care, row))).collect();
    let coefficient =
        |value: fn(&NormRow) -> Decimal| decimals(rows.iter().map(|(_, row)| Some(value(row))), 38, COEFFICIENT_DECIMALS);
    let norm = |value: fn(&NormRow) -> Decimal| decimals(rows.iter().map(|(_, row)| Some(value(row))), 28, NORM_DECIMALS);
    OutputTable::Norms.spec().batch(vec![
        strings(rows.iter().map(|(care, _)| care.care.as_str())),
        strings(rows.iter().map(|(_, row)| job.clinics.get(row.clinic).code.as_str())),
        Arc::new(
            rows.iter().map(|(care, row)| row.group.map(|group| group_name(job, &care.care, group))).collect::<StringArray>(),
        ),
        decimals(rows.iter().map(|(_, row)| Some(heads_of(&row.heads))), 18, HEAD_DECIMALS),
        norm(|row| row.base_year),
        norm(|row| row.base),
        coefficient(|row| row.k),
        coefficient(|row| row.factors),
        norm(|row| row.differentiated),
        coefficient(|row| row.correction),
        norm(|row| row.corrected),
        decimals(rows.iter().map(|(_, row)| row.norm_year), 18, MONEY_DECIMALS),
        decimals(rows.iter().map(|(_, row)| Some(row.norm)), 18, MONEY_DECIMALS),
    ])
}

/// Rows of `norm_factors`: each factor of each clinic or group, by care.
pub(in crate::engine) fn norm_factors(job: &Job, funding: &Funding) -> Result<RecordBatch, PublishError> {
    let mut rows: Vec<_> = by_care(funding).flat_map(|care| care.factor_rows.iter().map(move |row| (care, row))).collect();
    rows.sort_by_key(|(care, row)| {
        let group = row.group.map(|group| group_name(job, &care.care, group));
        (care.care.as_str(), row.clinic, group, row.factor.as_str())
    });
    OutputTable::NormFactors.spec().batch(vec![
        strings(rows.iter().map(|(care, _)| care.care.as_str())),
        Arc::new(
            rows.iter().map(|(_, row)| row.clinic.map(|clinic| job.clinics.get(clinic).code.as_str())).collect::<StringArray>(),
        ),
        Arc::new(
            rows.iter().map(|(care, row)| row.group.map(|group| group_name(job, &care.care, group))).collect::<StringArray>(),
        ),
        strings(rows.iter().map(|(_, row)| row.factor.as_str())),
        decimals(rows.iter().map(|(_, row)| Some(row.value.value)), 38, COEFFICIENT_DECIMALS),
        decimals(rows.iter().map(|(_, row)| row.value.share), 38, COEFFICIENT_DECIMALS),
        decimals(rows.iter().map(|(_, row)| row.counted.rounded(COEFFICIENT_DECIMALS)), 38, COEFFICIENT_DECIMALS),
    ])
}

/// Cares in the order of their names.
fn by_care(funding: &Funding) -> impl Iterator<Item = &CareFunding> {
    let mut cares: Vec<&CareFunding> = funding.cares.iter().collect();
    cares.sort_by(|one, other| one.care.cmp(&other.care));
    cares.into_iter()
}

pub(super) fn group_name<'j>(job: &'j Job, care: &str, group: GroupId) -> &'j str {
    &care_of_tariff(job, care).groups.names[group.index()]
}

fn care_of_tariff<'j>(job: &'j Job, care: &str) -> &'j Care {
    job.tariff.cares.iter().find(|known| known.name == care).expect("invariant: money is of cares of the tariff")
}

fn clinic_codes(job: &Job, rows: &[MoneyRow<'_>]) -> ArrayRef {
    strings(rows.iter().map(|row| job.clinics.get(row.clinic).code.as_str()))
}

fn money_columns(job: &Job, rows: &[MoneyRow<'_>]) -> [ArrayRef; 8] {
    let coefficient =
        |value: fn(&MoneyRow<'_>) -> Decimal| decimals(rows.iter().map(|row| Some(value(row))), 38, COEFFICIENT_DECIMALS);
    let money = |value: fn(&MoneyRow<'_>) -> Decimal| decimals(rows.iter().map(|row| Some(value(row))), 18, MONEY_DECIMALS);
    [
        numbers(rows.iter().map(|row| row.heads.whole())),
        coefficient(|row| row.k),
        coefficient(|row| row.factors),
        money(|row| row.norm),
        money(|row| row.amount),
        strings(rows.iter().map(|row| row.care.care.as_str())),
        dates(rows.iter().map(|row| count_date(job, row.care))),
        decimals(rows.iter().map(|row| Some(heads_of(row.heads))), 18, HEAD_DECIMALS),
    ]
}

/// The day whose heads are paid; `None` for a mean of several.
fn count_date(job: &Job, care: &CareFunding) -> Option<Date> {
    let care = job.tariff.cares.iter().find(|known| known.name == care.care)?;
    match care.heads.as_slice() {
        [day] => Some(job.tariff.days[day.index()]),
        _ => None,
    }
}

pub(super) fn heads_of(heads: &Fraction) -> Decimal {
    heads.rounded(HEAD_DECIMALS).expect("invariant: heads are fewer than people")
}

pub(super) fn decimals(values: impl Iterator<Item = Option<Decimal>>, precision: u8, scale: u32) -> ArrayRef {
    let scaled = values.map(|value| {
        value.map(|value| {
            // A coefficient of a tariff may have more decimals than tables show.
            let value = value.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
            value.mantissa() * 10_i128.pow(scale - value.scale())
        })
    });
    let array = scaled.collect::<Decimal128Array>().with_precision_and_scale(precision, scale as i8);
    Arc::new(array.expect("invariant: precision and scale of the tables are those of Arrow"))
}

pub(super) fn strings<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

pub(super) fn numbers(values: impl Iterator<Item = u64>) -> ArrayRef {
    Arc::new(values.map(|value| Some(value as i64)).collect::<Int64Array>())
}

pub(super) fn dates(values: impl Iterator<Item = Option<Date>>) -> ArrayRef {
    Arc::new(values.map(|day| day.map(Date::days)).collect::<Date32Array>())
}
