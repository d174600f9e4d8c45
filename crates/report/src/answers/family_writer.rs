//! Writers of answers: one implementation for each family.

use super::answered_row::AnsweredRow;

/// File of an answer, before it is packed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AnswerFile {
    /// Name without ending.
    pub name: String,
    /// `csv` or `xml`.
    pub ending: &'static str,
    pub content: Vec<u8>,
}

/// Writer of the answer to one request in the form of a family, row by row.
pub(super) trait FamilyWriter {
    /// Adds the next row.
    fn add_row(&mut self, row: &AnsweredRow<'_, '_>);
    /// Files of the answer.
    fn finish(self: Box<Self>) -> Vec<AnswerFile>;
}
