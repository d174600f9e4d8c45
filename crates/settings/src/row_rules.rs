//! Settings of the row checks: limits for documents, terms, policies and citizenships.
//!
//! Points that the legal sources leave open, or that are known from hearsay only, are keys of the job; the defaults say so.

use std::collections::BTreeMap;

use super::RuleSettings;
use sverka_model::{Date, MonthDay};

/// Settings that only row checks read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowRules {
    /// Terms of temporary certificates: at least one entry, in the order of first days.
    pub certificate_terms: Vec<CertificateTerm>,
    /// First day on which only single-sample policies are issued (326-ФЗ, article 51).
    pub single_sample_from: Date,
    /// First day on which only digital policies are issued, so that there are no new certificates. The day is practice; the order came into force on 2023-01-10.
    pub digital_from: Date,
    /// Categories of workers and staff from the EAEU, as a set of bits. The numbers are unverified; other software uses 11 and 12 for stateless persons.
    pub eaeu: u16,
    /// Categories whose policies end with the calendar year, as a set of bits.
    pub year_end: u16,
    /// Day of the year from which policies of the categories in [`Self::year_end`] are applied for for the next year
    /// (letter 13057/91/и of 08.11.2017).
    pub next_year_from: MonthDay,
    /// Documents.
    pub documents: DocumentRules,
    /// Words for citizenships.
    pub citizenship: CitizenshipWords,
    /// Whether a row may lack a surname or a given name even if its source has no sign for that.
    pub allow_missing_names: bool,
}

/// Term of temporary certificates issued from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateTerm {
    /// First day of issue.
    pub from: Date,
    /// Number of working days, the day of issue included.
    pub working_days: u32,
}

/// Limits for kinds of identity documents (F011, by number).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRules {
    /// Days after the 14th birthday on which a birth certificate still serves.
    pub birth_certificate_grace_days: u32,
    /// Days after the 20th and 45th birthday on which the passport may still be the former one.
    pub passport_renewal_grace_days: u32,
    /// Kinds that expire, as a set of bits.
    pub expiring: u128,
    /// Kinds that do not fit each category, as a set of bits by category.
    pub unfit: [u128; 15],
}

/// Words for citizenships, in addition to the built-in ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CitizenshipWords {
    /// Words for the Russian Federation.
    pub russia: Vec<String>,
    /// Words for no citizenship.
    pub none: Vec<String>,
}

impl CertificateTerm {
    /// Largest number of working days of a term.
    pub const MAX_DAYS: i64 = 366;
    /// 30 working days from the introduction of temporary certificates. Later rules are said to have 45; the day is unverified, so it is left to the job.
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
            next_year_from: MonthDay { month: 11, day: 20 },
            documents: DocumentRules::default(),
            citizenship: CitizenshipWords::default(),
            allow_missing_names: false,
        }
    }
}

/// Passports of the Russian Federation, at home and abroad.
const RUSSIAN_PASSPORTS: &[u8] = &[14, 15];

/// Documents that only foreigners, stateless persons and refugees have.
const DOCUMENTS_OF_FOREIGNERS: &[u8] = &[9, 10, 11, 12, 20, 21, 22, 23, 25];

impl Default for DocumentRules {
    /// Both grace periods are unverified. A kind fits a category unless it clearly does not.
    fn default() -> Self {
        let mut unfit = [0; 15];
        for (categories, kinds) in [
            (&[1, 6][..], DOCUMENTS_OF_FOREIGNERS),
            (&[2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14], RUSSIAN_PASSPORTS),
            // Documents of a stateless person, and of a foreigner.
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
    /// Term in working days of a temporary certificate that is issued on a day; the day of issue counts.
    #[must_use]
    pub fn certificate_days(&self, issued_on: Date) -> u32 {
        let terms = &self.rows.certificate_terms;
        let begun = terms.partition_point(|term| term.from <= issued_on);
        // Terms before the first entry are unknown; the first entry is the nearest one.
        terms.get(begun.saturating_sub(1)).map_or(CertificateTerm::FIRST.working_days, |term| term.working_days)
    }
}

impl RowRules {
    /// Settings for the manifest, keys in alphabetical order.
    #[must_use]
    pub fn to_manifest(&self) -> serde_json::Value {
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
                "next_year_from": self.next_year_from.to_string(),
                "year_end_categories": numbers(self.year_end.into()),
            },
        })
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
