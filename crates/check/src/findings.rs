//! Findings of one row. They decide whether it is accepted.
//!
//! The values of the row are not known here.

use sverka_model::{Code, Field, Severity};
use sverka_settings::Severities;

/// Findings of the row under check, in the order of the checks.
pub(super) struct RowFindings<'c> {
    /// Severities of the rules for the source of the row.
    severities: &'c Severities,
    found: Vec<(Code, Option<Field>)>,
}

impl<'c> RowFindings<'c> {
    /// No findings, with the default severities.
    pub fn new() -> Self {
        Self { severities: &Severities::DEFAULT, found: Vec::new() }
    }

    /// Uses these severities for the rows that follow.
    pub fn set_severities(&mut self, severities: &'c Severities) {
        self.severities = severities;
    }

    /// Forgets the findings of the row before.
    pub fn clear(&mut self) {
        self.found.clear();
    }

    /// Adds a finding unless its rule is off, and returns the severity of the rule.
    pub fn add(&mut self, code: Code, field: Option<Field>) -> Severity {
        let severity = self.severities.of(code);
        if severity != Severity::Off {
            self.found.push((code, field));
        }
        severity
    }

    /// Whether a finding of this rule keeps a row from being accepted.
    pub fn is_error(&self, code: Code) -> bool {
        self.severities.of(code) == Severity::Error
    }

    /// Whether no finding keeps the row from being accepted.
    #[inline]
    pub fn is_acceptable(&self) -> bool {
        self.found.iter().all(|&(code, _)| !self.is_error(code))
    }

    /// The findings.
    pub fn as_slice(&self) -> &[(Code, Option<Field>)] {
        &self.found
    }
}
