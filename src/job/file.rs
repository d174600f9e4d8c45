//! Keys and defaults of `job.toml`, unresolved.

use serde::Deserialize;
use toml::{Spanned, Value};

use sverka_publish::Readers;

use super::expected::ExpectedEntry;
use super::identity::IdentityEntry;
use super::money_checks::MoneyChecksEntry;
use super::packets::PacketsEntry;
use super::row_rules::{CertificateTermEntry, CitizenshipEntry, DocumentsEntry, PoliciesEntry, TermsEntry};
use super::selection::{FileContent, SameDate};
use super::severities::SeverityEntry;
use super::source_rules::SourceRulesEntry;
use super::sources::{SourceEntries, WithoutFiles};
use super::thresholds::QualityEntry;
use super::volumes::VolumeEntry;
use sverka_settings::{ClinicRules, InsurerRules, OnViolation, Window};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JobText {
    pub(super) as_of: Option<Spanned<Value>>,
    pub(super) output: Option<Spanned<Value>>,
    pub(super) region: Option<Spanned<String>>,
    pub(super) tables: Option<Spanned<Vec<Spanned<String>>>>,
    pub(super) time_zone: Option<Spanned<String>>,
    pub(super) report: Option<Spanned<Value>>,
    pub(super) readable_by: Option<Readers>,
    #[serde(default)]
    pub(super) min_age: u32,
    pub(super) settle: Option<Spanned<String>>,
    pub(super) known_by: Option<Spanned<Value>>,
    #[serde(default)]
    pub(super) expected: Vec<ExpectedEntry>,
    #[serde(default)]
    pub(super) answers: bool,
    #[serde(default)]
    pub(super) answer_codes: AnswerCodesEntry,
    #[serde(default)]
    pub(super) layouts: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) registers: Vec<SourcesEntry>,
    #[serde(default)]
    pub(super) attachments: Vec<SourcesEntry>,
    #[serde(default)]
    pub(super) sources: Vec<SourcesEntry>,
    pub(super) reference: Option<ReferenceEntry>,
    #[serde(default)]
    pub(super) identity: IdentityEntry,
    #[serde(default)]
    pub(super) rules: RulesEntry,
    #[serde(default)]
    pub(super) thresholds: ThresholdsEntry,
    #[serde(default)]
    pub(super) money_checks: MoneyChecksEntry,
    #[serde(default)]
    pub(super) packets: PacketsEntry,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerCodesEntry {
    pub(super) mo: Option<Spanned<String>>,
    pub(super) oplist: Option<Spanned<String>>,
    pub(super) att: Option<Spanned<String>>,
}

impl JobText {
    /// Entries about sources.
    pub(super) fn source_entries(&self) -> SourceEntries<'_> {
        SourceEntries {
            registers: &self.registers,
            attachments: &self.attachments,
            sources: &self.sources,
            layouts: &self.layouts,
            settle: None,
            without_files: WithoutFiles::Refuse,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourcesEntry {
    pub(super) files: Spanned<Vec<Spanned<String>>>,
    pub(super) layout: Option<Spanned<String>>,
    pub(super) source_date: Option<Spanned<Value>>,
    #[serde(default)]
    pub(super) content: FileContent,
    pub(super) same_date: Option<Spanned<SameDate>>,
    #[serde(default)]
    pub(super) severity: SeverityEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReferenceEntry {
    pub(super) insurers: Spanned<String>,
    pub(super) clinics: Spanned<String>,
    pub(super) tariff: Spanned<String>,
    pub(super) succession: Option<Spanned<String>>,
    pub(super) clinic_settings: Option<Spanned<String>>,
    pub(super) overrides: Option<Spanned<String>>,
    pub(super) contracts: Option<Spanned<String>>,
    pub(super) calendar: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) dictionaries: DictionariesEntry,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "UPPERCASE")]
pub(super) struct DictionariesEntry {
    pub(super) f001: Option<Spanned<String>>,
    pub(super) f008: Option<Spanned<String>>,
    pub(super) f010: Option<Spanned<String>>,
    pub(super) f011: Option<Spanned<String>>,
    pub(super) v005: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesEntry {
    pub(super) term_limited_categories: Option<Vec<Spanned<i64>>>,
    pub(super) overrides_review_days: Option<Spanned<i64>>,
    pub(super) eaeu_categories: Option<Vec<Spanned<i64>>>,
    pub(super) newborn_days: Option<u32>,
    pub(super) allow_missing_names: Option<bool>,
    pub(super) certificate_terms: Option<Spanned<Vec<CertificateTermEntry>>>,
    #[serde(default)]
    pub(super) policies: PoliciesEntry,
    #[serde(default)]
    pub(super) terms: TermsEntry,
    #[serde(default)]
    pub(super) documents: DocumentsEntry,
    #[serde(default)]
    pub(super) citizenship: CitizenshipEntry,
    #[serde(default)]
    pub(super) sources: SourceRulesEntry,
    #[serde(default)]
    pub(super) severity: SeverityEntry,
    #[serde(default)]
    pub(super) insurer: InsurerEntry,
    #[serde(default)]
    pub(super) clinic: ClinicEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct InsurerEntry {
    pub(super) changes_per_year: u32,
    pub(super) deadline: Option<Spanned<String>>,
    pub(super) on_violation: OnViolation,
    pub(super) months_to_choose: u32,
}

impl Default for InsurerEntry {
    fn default() -> Self {
        let InsurerRules { changes_per_year, on_violation, months_to_choose, .. } = InsurerRules::default();
        Self { changes_per_year, deadline: None, on_violation, months_to_choose }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ClinicEntry {
    pub(super) changes_per_year: u32,
    pub(super) window: Window,
    pub(super) application_outranks_residence: bool,
    pub(super) on_violation: OnViolation,
    pub(super) applications_period: Option<Spanned<Value>>,
}

impl Default for ClinicEntry {
    fn default() -> Self {
        let ClinicRules { changes_per_year, window, application_outranks_residence, on_violation, .. } = ClinicRules::default();
        Self { changes_per_year, window, application_outranks_residence, on_violation, applications_period: None }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ThresholdsEntry {
    pub(super) quarantined: Option<Spanned<Value>>,
    pub(super) findings: Option<Spanned<Value>>,
    pub(super) conflicts: Option<Spanned<Value>>,
    #[serde(default)]
    pub(super) quality: Vec<QualityEntry>,
    #[serde(default)]
    pub(super) volume: Vec<VolumeEntry>,
}
