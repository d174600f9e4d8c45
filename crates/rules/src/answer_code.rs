//! Codes of a rule in the families of answers. This module knows no form of answer.

use sverka_model::Field;

/// The code of a rule in a family of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerCode {
    /// The family, as layouts name it.
    pub family: &'static str,
    /// The family's code.
    pub code: &'static str,
    /// One sentence for people, in the family's language; empty for families without room for one.
    pub text: &'static str,
    /// The family's codes for single fields.
    pub fields: &'static [(Field, &'static str)],
    /// Whether a finding is about the form of a row alone, so that it belongs into a format log.
    pub is_format: bool,
    /// Whether the sender of a row that was taken is told, too.
    pub is_remark: bool,
}
