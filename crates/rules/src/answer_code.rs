//! Codes of a rule in the families of answers. The forms of answers are not known here.

use sverka_model::Field;

/// The code of a rule in a family of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerCode {
    /// Name of the family in layouts.
    pub family: &'static str,
    /// The family's code.
    pub code: &'static str,
    /// One sentence for people, in the family's language; empty for families without room for one.
    pub text: &'static str,
    /// The family's codes for single fields.
    pub fields: &'static [(Field, &'static str)],
    /// Whether a finding is about the form of a row alone, so that it belongs into a format log.
    pub is_format: bool,
    /// Whether the sender of a row that was taken gets the finding as well.
    pub is_remark: bool,
}
