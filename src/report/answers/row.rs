//! One row of a request together with what became of it, and who writes answers of such rows.

use super::distribute::Distributed;
use super::fate::{Fate, Reason};
use super::page::Cells;
use super::request::RequestRow;
use crate::model::Date;
use crate::model::Field;

/// A row to be answered.
pub(super) struct Answered<'r, 'q> {
    /// Which row of the request it is, from 1; headers do not count.
    pub ordinal: u64,
    /// Where the tables say that it stands.
    pub line: u64,
    /// The row; `None` for what the run tells of a place behind the last row, where a document broke.
    pub request: Option<&'r RequestRow<'q>>,
    pub fate: &'r Fate<'r>,
    pub distributed: &'r Distributed,
}

impl<'r, 'q> Answered<'r, 'q> {
    /// A field of the request.
    pub(super) fn field(&self, field: Field) -> &'q str {
        self.request.map_or("", |row| (row.field)(field))
    }

    /// A date of the request.
    pub(super) fn date(&self, field: Field) -> Option<Date> {
        self.request.and_then(|row| (row.date)(field))
    }

    /// The sender's number of the row: its own, else the ordinal.
    pub(super) fn number(&self) -> String {
        match self.field(Field::RecordId) {
            "" => self.ordinal.to_string(),
            own => own.to_owned(),
        }
    }

    /// The same where not every text can be written: then the ordinal.
    pub(super) fn number_in_cell(&self) -> String {
        Some(self.number()).filter(|number| Cells::can_hold(number)).unwrap_or_else(|| self.ordinal.to_string())
    }

    /// The number of the person; empty when the row is nobody's.
    pub(super) fn person(&self) -> String {
        self.fate.person().map_or_else(String::new, |person| person.to_string())
    }

    /// The ENP of the register, else that of the row; none of a row that has the column's name there.
    pub(super) fn enp(&self) -> String {
        let sent =
            || Some(self.field(Field::Enp)).filter(|enp| enp.bytes().any(|byte| byte.is_ascii_digit())).unwrap_or_default();
        self.fate.enp().unwrap_or_else(|| sent().to_owned())
    }

    /// The code of an organisation.
    pub(super) fn organisation(&self, number: u32) -> &'r str {
        self.distributed.organisation(number)
    }

    /// A reason as people read it: `text [OUR_CODE]`, and who prevailed on which day.
    pub(super) fn sentence(&self, text: &str, reason: &Reason) -> String {
        let who = reason.winner.map_or("", |winner| self.organisation(winner));
        match reason.day.filter(|_| !who.is_empty()) {
            Some(day) => format!("{text} [{}]: {who}, {day}", reason.told.name()),
            None => format!("{text} [{}]", reason.told.name()),
        }
    }
}

/// A file of an answer, before it is packed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AnswerFile {
    /// Its name without ending.
    pub name: String,
    /// `csv` or `xml`.
    pub ending: &'static str,
    pub content: Vec<u8>,
}

/// Writes the answer to one request, row by row.
pub(super) trait AnswerWriter {
    /// Takes the next row.
    fn row(&mut self, row: &Answered<'_, '_>);
    /// The files of the answer.
    fn finish(self: Box<Self>) -> Vec<AnswerFile>;
}
