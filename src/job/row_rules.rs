//! Keys of the job file for the row checks.

use super::{JobError, JobProblem};
use sverka_model::DocumentKind;
use sverka_settings::{CertificateTerm, CitizenshipWords, DocumentRules, RowRules};

use serde::Deserialize;
use toml::{Spanned, Value};

use super::file::RulesEntry;
use super::load::Resolver;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CertificateTermEntry {
    from: Spanned<Value>,
    working_days: Spanned<i64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PoliciesEntry {
    single_sample_from: Option<Spanned<Value>>,
    digital_from: Option<Spanned<Value>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TermsEntry {
    year_end_categories: Option<Vec<Spanned<i64>>>,
    next_year_from: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DocumentsEntry {
    birth_certificate_grace_days: Option<Spanned<i64>>,
    passport_renewal_grace_days: Option<Spanned<i64>>,
    expiring: Option<Vec<Spanned<i64>>>,
    unfit: Option<Vec<UnfitEntry>>,
}

/// Kinds of documents that do not fit some categories.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnfitEntry {
    categories: Vec<Spanned<i64>>,
    kinds: Vec<Spanned<i64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CitizenshipEntry {
    #[serde(default)]
    russia: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
}

/// Settings of the row checks; absent keys have their defaults.
pub(super) fn read(resolver: &Resolver<'_>, entry: &RulesEntry) -> Result<RowRules, JobError> {
    let default = RowRules::default();
    let PoliciesEntry { single_sample_from, digital_from } = &entry.policies;
    let TermsEntry { year_end_categories, next_year_from } = &entry.terms;
    let CitizenshipEntry { russia, none } = &entry.citizenship;
    let date =
        |key, written: &Option<Spanned<Value>>, default| written.as_ref().map_or(Ok(default), |day| resolver.date(key, day));
    Ok(RowRules {
        certificate_terms: match &entry.certificate_terms {
            None => default.certificate_terms,
            Some(terms) => certificate_terms(resolver, terms)?,
        },
        single_sample_from: date("single_sample_from", single_sample_from, default.single_sample_from)?,
        digital_from: date("digital_from", digital_from, default.digital_from)?,
        eaeu: resolver.categories("eaeu_categories", entry.eaeu_categories.as_deref(), default.eaeu)?,
        year_end: resolver.categories("year_end_categories", year_end_categories.as_deref(), default.year_end)?,
        next_year_from: match next_year_from {
            None => default.next_year_from,
            Some(day) => resolver.month_and_day("next_year_from", day)?,
        },
        documents: documents(resolver, &entry.documents)?,
        citizenship: CitizenshipWords { russia: russia.clone(), none: none.clone() },
        allow_missing_names: entry.allow_missing_names.unwrap_or(default.allow_missing_names),
    })
}

fn certificate_terms(
    resolver: &Resolver<'_>,
    entries: &Spanned<Vec<CertificateTermEntry>>,
) -> Result<Vec<CertificateTerm>, JobError> {
    if entries.get_ref().is_empty() {
        return Err(resolver.error_in(entries, JobProblem::Empty { key: "certificate_terms" }));
    }
    let mut terms: Vec<CertificateTerm> = Vec::new();
    for CertificateTermEntry { from, working_days: written } in entries.get_ref() {
        let working_days = number(resolver, "working_days", written, 1..=CertificateTerm::MAX_DAYS, "1 to 366 working days")?;
        let term = CertificateTerm { from: resolver.date("from", from)?, working_days };
        if terms.iter().any(|other| other.from == term.from) {
            return Err(resolver.error_in(from, JobProblem::Twice { key: "from", value: term.from.to_string() }));
        }
        terms.push(term);
    }
    terms.sort_by_key(|term| term.from);
    Ok(terms)
}

fn documents(resolver: &Resolver<'_>, entry: &DocumentsEntry) -> Result<DocumentRules, JobError> {
    let default = DocumentRules::default();
    let days = |key, written: &Option<Spanned<i64>>, default| {
        written.as_ref().map_or(Ok(default), |days| number(resolver, key, days, 0..=3660, "0 to 3660 days"))
    };
    Ok(DocumentRules {
        birth_certificate_grace_days: days(
            "birth_certificate_grace_days",
            &entry.birth_certificate_grace_days,
            default.birth_certificate_grace_days,
        )?,
        passport_renewal_grace_days: days(
            "passport_renewal_grace_days",
            &entry.passport_renewal_grace_days,
            default.passport_renewal_grace_days,
        )?,
        expiring: match &entry.expiring {
            None => default.expiring,
            Some(written) => kinds(resolver, "expiring", written)?,
        },
        unfit: match &entry.unfit {
            None => default.unfit,
            Some(entries) => unfit(resolver, entries)?,
        },
    })
}

fn unfit(resolver: &Resolver<'_>, entries: &[UnfitEntry]) -> Result<[u128; 15], JobError> {
    let mut unfit = [0; 15];
    for UnfitEntry { categories, kinds: written } in entries {
        let categories = resolver.categories("categories", Some(categories), 0)?;
        let kinds = kinds(resolver, "kinds", written)?;
        for (category, unfit_kinds) in unfit.iter_mut().enumerate() {
            if categories >> category & 1 == 1 {
                *unfit_kinds |= kinds;
            }
        }
    }
    Ok(unfit)
}

fn kinds(resolver: &Resolver<'_>, key: &'static str, written: &[Spanned<i64>]) -> Result<u128, JobError> {
    let most = i64::from(DocumentKind::MAX);
    written
        .iter()
        .try_fold(0, |set, kind| Ok(set | 1 << number(resolver, key, kind, 1..=most, "kinds of documents from 1 to 99")?))
}

fn number(
    resolver: &Resolver<'_>,
    key: &'static str,
    written: &Spanned<i64>,
    range: std::ops::RangeInclusive<i64>,
    expected: &'static str,
) -> Result<u32, JobError> {
    let value = *written.get_ref();
    if range.contains(&value) {
        Ok(value as u32)
    } else {
        Err(resolver.error_in(written, JobProblem::OutOfRange { key, value, expected }))
    }
}
