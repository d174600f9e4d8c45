//! Per-capita funding (SEM-285, SEM-286).

use std::collections::{BTreeMap, BTreeSet};

use super::dates::Date;
use super::exact::Exact;
use super::organisations::{self, Organisation};
use super::{ClinicFundingRow, FundingTotal, HeadcountRow, PairFundingRow, PersonRow};
use crate::regions::{BandDef, BaseNorm, ClinicRow, TariffDef};

/// The tables of heads and money.
pub struct Funding {
    pub headcount: Vec<HeadcountRow>,
    pub clinics: Vec<ClinicFundingRow>,
    pub pairs: Vec<PairFundingRow>,
    pub total: FundingTotal,
}

/// The clinic at which the attached people of `code` are counted: the head of a branch, as it is read on the day.
fn counting_clinic(code: &str, rows: &[ClinicRow], clinics: &[Organisation], day: Date) -> String {
    let row = rows.iter().find(|row| row.clinic == code).expect("a known clinic");
    if row.head.is_empty() { code.to_string() } else { organisations::read_on(clinics, &row.head, day) }
}

/// "A head is funded when ..."
fn is_funded(row: &PersonRow, clinic: &str, clinics: &[Organisation], day: Date) -> bool {
    let clinic = organisations::find(clinics, clinic).expect("a stay names a known clinic");
    let working = organisations::works_on(clinic, day);
    !row.insurer_unresolved && row.clinic_unresolved == Some(false) && working && clinic.attachable
}

/// The number of the person's band in the tariff.
fn band_of(tariff: &TariffDef, row: &PersonRow) -> usize {
    let fits = |band: &BandDef| {
        (band.sex == "both" || band.sex == row.sex) && band.from <= row.age && band.to.is_none_or(|last| row.age <= last)
    };
    tariff.bands.iter().position(fits).expect("a test's bands cover everyone")
}

pub fn funding(persons: &[PersonRow], tariff: &TariffDef, rows: &[ClinicRow], clinics: &[Organisation], day: Date) -> Funding {
    let headcount = headcount(persons, tariff, rows, clinics, day);
    let base = base(tariff);
    let codes: BTreeSet<&String> = headcount.iter().filter(|row| row.funded > 0).map(|row| &row.clinic).collect();
    let mut uncorrected: Vec<ClinicFundingRow> = Vec::new();
    for code in codes {
        let clinic = rows.iter().find(|row| row.clinic == *code).expect("a known clinic");
        uncorrected.push(differentiated(clinic, &headcount, tariff, &base));
    }
    let correction = correction(tariff, &base, &uncorrected);
    let clinics: Vec<ClinicFundingRow> = uncorrected.into_iter().map(|row| corrected(row, &correction)).collect();
    let pairs = pairs(&headcount, &clinics);
    let heads: i64 = clinics.iter().map(|row| row.heads).sum();
    let amount = clinics.iter().fold(Exact::from_integer(0), |sum, row| sum.plus(&Exact::decimal(&row.amount)));
    let remainder = amount.minus(&base.times(&Exact::from_integer(heads)));
    let total =
        FundingTotal { heads, amount: amount.rounded(2), base: base.rounded(2), remainder: remainder.rounded(2), correction };
    Funding { headcount, clinics, pairs, total }
}

/// "Heads are counted by (insurer, clinic, sex, age band)".
fn headcount(
    persons: &[PersonRow],
    tariff: &TariffDef,
    rows: &[ClinicRow],
    clinics: &[Organisation],
    day: Date,
) -> Vec<HeadcountRow> {
    let mut counts: BTreeMap<(String, String, String, usize), (i64, i64)> = BTreeMap::new();
    for row in persons {
        let Some(clinic) = &row.clinic else { continue };
        let clinic = counting_clinic(clinic, rows, clinics, day);
        let key = (row.insurer.clone(), clinic.clone(), row.sex.clone(), band_of(tariff, row));
        let (heads, funded) = counts.entry(key).or_default();
        *heads += 1;
        if is_funded(row, &clinic, clinics, day) {
            *funded += 1;
        }
    }
    let row = |((insurer, clinic, sex, band), (heads, funded))| HeadcountRow { insurer, clinic, sex, band, heads, funded };
    counts.into_iter().map(row).collect()
}

/// "base = round(year / 12, 2) when the year is given"
fn base(tariff: &TariffDef) -> Exact {
    match &tariff.base {
        BaseNorm::PerMonth(month) => Exact::decimal(month),
        BaseNorm::PerYear(year) => Exact::decimal(year).over(&Exact::from_integer(12)).expect("twelve is not nothing").round(2),
    }
}

/// K_i and DPn_i of a clinic; [`corrected`] fills norm and amount.
fn differentiated(clinic: &ClinicRow, headcount: &[HeadcountRow], tariff: &TariffDef, base: &Exact) -> ClinicFundingRow {
    let (mut heads, mut weighted) = (0, Exact::from_integer(0));
    for row in headcount.iter().filter(|row| row.clinic == clinic.clinic) {
        heads += row.funded;
        weighted = weighted.plus(&Exact::decimal(&tariff.bands[row.band].coefficient).times(&Exact::from_integer(row.funded)));
    }
    let k = weighted.over(&Exact::from_integer(heads)).expect("the clinic has heads");
    let factors = clinic.factors.iter().fold(Exact::from_integer(1), |product, factor| product.times(&Exact::decimal(factor)));
    let differentiated = base.times(&k).times(&factors);
    let (norm, amount) = (String::new(), String::new());
    ClinicFundingRow { clinic: clinic.clinic.clone(), heads, k, factors, differentiated, norm, amount }
}

/// "PK = given, or: base * sum(n_i) / sum(DPn_i * n_i)"; nothing to divide by when nobody is funded.
fn correction(tariff: &TariffDef, base: &Exact, clinics: &[ClinicFundingRow]) -> Option<Exact> {
    if tariff.correction != "computed" {
        return Some(Exact::decimal(&tariff.correction));
    }
    let (mut heads, mut money) = (Exact::from_integer(0), Exact::from_integer(0));
    for row in clinics {
        heads = heads.plus(&Exact::from_integer(row.heads));
        money = money.plus(&row.differentiated.times(&Exact::from_integer(row.heads)));
    }
    base.times(&heads).over(&money)
}

/// "norm_i = round(DPn_i * PK, 2)", "amount = norm_i * heads"
fn corrected(row: ClinicFundingRow, correction: &Option<Exact>) -> ClinicFundingRow {
    let correction = correction.clone().expect("clinics with heads have a correction");
    let norm = row.differentiated.times(&correction).round(2);
    ClinicFundingRow { norm: norm.rounded(2), amount: norm.times(&Exact::from_integer(row.heads)).rounded(2), ..row }
}

fn pairs(headcount: &[HeadcountRow], clinics: &[ClinicFundingRow]) -> Vec<PairFundingRow> {
    let mut heads: BTreeMap<(String, String), i64> = BTreeMap::new();
    for row in headcount.iter().filter(|row| row.funded > 0) {
        *heads.entry((row.insurer.clone(), row.clinic.clone())).or_default() += row.funded;
    }
    let mut pairs = Vec::new();
    for ((insurer, clinic), heads) in heads {
        let norm = clinics.iter().find(|row| row.clinic == clinic).expect("the clinic has heads").norm.clone();
        let amount = Exact::decimal(&norm).times(&Exact::from_integer(heads)).rounded(2);
        pairs.push(PairFundingRow { insurer, clinic, heads, norm, amount });
    }
    pairs
}
