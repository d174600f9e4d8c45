//! Settings of the row checks: what documents, terms, policies and citizenships are held against. As they are written, and resolved.
//!
//! What the sources of the rules leave open, or only hearsay tells, is a key of the job; the defaults say so.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Value};

use super::file::RulesEntry;
use super::load::Resolver;
use super::{JobError, JobProblem, RuleSettings};
use crate::identifier::Date;
use crate::reference::DocumentKinds;

/// What row checks ask for beyond the rules that timelines read, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowRules {
    /// How long temporary certificates serve: at least one entry, by their first days.
    pub certificate_terms: Vec<CertificateTerm>,
    /// Since when only single-sample policies are issued (326-ФЗ, article 51).
    pub single_sample_from: Date,
    /// Since when only digital policies are issued, so that there are no new certificates. That it is this day and not 2023-01-10, when the order that says so came into force, is practice.
    pub digital_from: Date,
    /// Categories of workers and staff from the EAEU, as a set of bits. Which numbers they have is unverified; other software gives 11 and 12 to stateless persons.
    pub eaeu: u16,
    /// Categories whose policies end with the calendar year, as a set of bits.
    pub year_end: u16,
    /// Month and day from which policies of these categories are applied for for the next year (letter 13057/91/и of 08.11.2017).
    pub next_year_from: (u32, u32),
    /// Documents.
    pub documents: DocumentRules,
    /// Words for citizenships.
    pub citizenship: CitizenshipWords,
    /// Whether a row may lack a surname or a given name even where its source has no sign for that.
    pub allow_missing_names: bool,
}

/// How long the temporary certificates serve that are issued from a day on (OMS rules; R 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateTerm {
    /// The first day of issue.
    pub from: Date,
    /// Working days, the day of issue included.
    pub working_days: u32,
}

/// What the kinds of identity documents (F011, by number) are held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRules {
    /// Days after the 14th birthday on which a birth certificate still serves.
    pub birth_certificate_grace_days: u32,
    /// Days after the 20th and 45th birthday on which the passport may still be the former one.
    pub passport_renewal_grace_days: u32,
    /// Kinds that expire, as a set of bits.
    pub expiring: u128,
    /// Of each category the kinds that do not fit it, as a set of bits.
    pub unfit: [u128; 15],
}

/// Words for citizenships besides those that are known anyway.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CitizenshipWords {
    /// The Russian Federation.
    pub russia: Vec<String>,
    /// No citizenship.
    pub none: Vec<String>,
}

impl CertificateTerm {
    /// Most working days of a term.
    const MOST_DAYS: i64 = 366;
    /// 30 working days from the beginning of temporary certificates. Later rules are said to have 45; since when is unverified, so it is left to the job.
    const FIRST: Self = Self { from: known_day(2011, 5, 1), working_days: 30 };
}

const fn known_day(year: i32, month: u32, day: u32) -> Date {
    match Date::from_ymd(year, month, day) {
        Some(date) => date,
        None => panic!("a day of the calendar"),
    }
}

const fn set_of(numbers: &[u8]) -> u128 {
    let (mut set, mut index) = (0, 0);
    while index < numbers.len() {
        set |= 1 << numbers[index];
        index += 1;
    }
    set
}

impl Default for RowRules {
    fn default() -> Self {
        Self {
            certificate_terms: vec![CertificateTerm::FIRST],
            single_sample_from: known_day(2011, 5, 1),
            digital_from: known_day(2022, 12, 1),
            eaeu: set_of(&[11, 12, 13, 14]) as u16,
            year_end: set_of(&[3, 5, 8, 10, 11, 12, 13, 14]) as u16,
            next_year_from: (11, 20),
            documents: DocumentRules::default(),
            citizenship: CitizenshipWords::default(),
            allow_missing_names: false,
        }
    }
}

/// Passports of the Russian Federation, at home and abroad.
const RUSSIAN_PASSPORTS: &[u8] = &[14, 15];
/// What only foreigners, stateless persons and refugees have.
const OF_NO_CITIZEN: &[u8] = &[9, 10, 11, 12, 20, 21, 22, 23, 25];

impl Default for DocumentRules {
    /// Both periods of grace are unverified. Kinds of which it is not clear whether they fit a category fit it.
    fn default() -> Self {
        let mut unfit = [0; 15];
        for (categories, kinds) in [
            (&[1, 6][..], OF_NO_CITIZEN),
            (&[2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14], RUSSIAN_PASSPORTS),
            // The document of a stateless person, and of a foreigner.
            (&[2, 3, 7, 8], &[22]),
            (&[4, 9], &[9, 21]),
        ] {
            for &category in categories {
                unfit[category] |= set_of(kinds);
            }
        }
        Self {
            birth_certificate_grace_days: 30,
            passport_renewal_grace_days: 30,
            expiring: set_of(&[10, 11, 12, 13, 23, 25]),
            unfit,
        }
    }
}

impl RuleSettings {
    /// For how many working days a temporary certificate serves that was issued on a day, that day included.
    #[must_use]
    pub fn certificate_days(&self, issued_on: Date) -> u32 {
        let terms = &self.rows.certificate_terms;
        let begun = terms.partition_point(|term| term.from <= issued_on);
        // What was before the first entry, nobody says; it is nearest.
        terms.get(begun.saturating_sub(1)).map_or(CertificateTerm::FIRST.working_days, |term| term.working_days)
    }
}

impl RowRules {
    /// The settings for the manifest, keys in alphabetical order.
    #[must_use]
    pub fn told(&self) -> serde_json::Value {
        let term =
            |term: &CertificateTerm| serde_json::json!({ "from": term.from.to_string(), "working_days": term.working_days });
        let numbers = |set: u128| (0..128_u8).filter(|number| set >> number & 1 == 1).collect::<Vec<u8>>();
        let unfit = self.documents.unfit.iter().enumerate().filter(|(_, kinds)| **kinds != 0);
        let unfit: BTreeMap<String, Vec<u8>> = unfit.map(|(category, kinds)| (category.to_string(), numbers(*kinds))).collect();
        serde_json::json!({
            "allow_missing_names": self.allow_missing_names,
            "certificate_terms": self.certificate_terms.iter().map(term).collect::<Vec<_>>(),
            "citizenship": { "none": self.citizenship.none, "russia": self.citizenship.russia },
            "documents": {
                "birth_certificate_grace_days": self.documents.birth_certificate_grace_days,
                "expiring": numbers(self.documents.expiring),
                "passport_renewal_grace_days": self.documents.passport_renewal_grace_days,
                "unfit": unfit,
            },
            "eaeu_categories": numbers(self.eaeu.into()),
            "policies": {
                "digital_from": self.digital_from.to_string(),
                "single_sample_from": self.single_sample_from.to_string(),
            },
            "terms": {
                "next_year_from": format!("{:02}-{:02}", self.next_year_from.0, self.next_year_from.1),
                "year_end_categories": numbers(self.year_end.into()),
            },
        })
    }
}

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

/// Kinds that do not fit some categories.
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

/// The settings of the row checks, with the defaults where the job says nothing.
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
        let working_days = number(resolver, "working_days", written, 1..=CertificateTerm::MOST_DAYS, "1 to 366 working days")?;
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
        for (category, of_category) in unfit.iter_mut().enumerate() {
            if categories >> category & 1 == 1 {
                *of_category |= kinds;
            }
        }
    }
    Ok(unfit)
}

fn kinds(resolver: &Resolver<'_>, key: &'static str, written: &[Spanned<i64>]) -> Result<u128, JobError> {
    let most = i64::from(DocumentKinds::MOST);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_term_of_a_certificate_is_that_of_its_day_of_issue() {
        let day = |text: &str| text.parse::<Date>().expect("test date");
        let mut rules = RuleSettings::default();
        assert_eq!([day("2010-01-01"), day("2011-05-01"), day("2030-01-01")].map(|on| rules.certificate_days(on)), [30; 3]);
        rules.rows.certificate_terms.push(CertificateTerm { from: day("2022-12-01"), working_days: 45 });
        let days = [day("2000-01-01"), day("2022-11-30"), day("2022-12-01"), day("2024-02-29")];
        assert_eq!(days.map(|on| rules.certificate_days(on)), [30, 30, 45, 45]);
    }

    #[test]
    fn citizens_and_others_have_documents_of_their_own() {
        let rules = DocumentRules::default();
        let fits = |category: usize, kind: u32| rules.unfit[category] >> kind & 1 == 0;
        for (category, kind, expected) in [
            (1, 14, true),
            (6, 3, true),
            (6, 24, true),
            (1, 13, true),
            (1, 21, false),
            (6, 12, false),
            (3, 21, true),
            (3, 23, true),
            (3, 14, false),
            (5, 12, true),
            (5, 15, false),
            (4, 22, true),
            (4, 21, false),
            (2, 22, false),
            (0, 22, true),
        ] {
            assert_eq!(fits(category, kind), expected, "kind {kind} of category {category}");
        }
    }
}
