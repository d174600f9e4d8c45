//! Row of a request together with its outcome.

use super::fact::OrganisationNumber;
use super::request::RequestRow;
use super::row_outcome::{Reason, RowOutcome};
use super::run_facts::RunFacts;
use super::windows_1251::CsvRows;
use sverka_model::Date;
use sverka_model::Field;

/// Row that gets an answer.
pub(super) struct AnsweredRow<'r, 'q> {
    /// Number of the row in the request, from 1; headers do not count.
    pub ordinal: u64,
    /// Line of the row in the tables of the run.
    pub line: u64,
    /// Row of the request; `None` for the place behind the last row where a document broke.
    pub request: Option<&'r RequestRow<'q>>,
    pub outcome: &'r RowOutcome<'r>,
    pub facts: &'r RunFacts,
}

impl<'r, 'q> AnsweredRow<'r, 'q> {
    /// Field of the request.
    pub(super) fn field(&self, field: Field) -> &'q str {
        self.request.map_or("", |row| (row.field)(field))
    }

    /// Date of the request.
    pub(super) fn date(&self, field: Field) -> Option<Date> {
        self.request.and_then(|row| (row.date)(field))
    }

    /// The sender's id of the row; the ordinal when the row has none.
    pub(super) fn number(&self) -> String {
        match self.field(Field::RecordId) {
            "" => self.ordinal.to_string(),
            own => own.to_owned(),
        }
    }

    /// The sender's id of the row, when a cell can hold it unchanged; otherwise the ordinal.
    pub(super) fn number_in_cell(&self) -> String {
        Some(self.number()).filter(|number| CsvRows::can_hold(number)).unwrap_or_else(|| self.ordinal.to_string())
    }

    /// Number of the person; empty when the row belongs to nobody.
    pub(super) fn person(&self) -> String {
        self.outcome.person().map_or_else(String::new, |person| person.to_string())
    }

    /// ENP of the register, or the ENP of the row when the register has none. A repeated header has no ENP: its cell
    /// holds the name of the column.
    pub(super) fn enp(&self) -> String {
        let sent =
            || Some(self.field(Field::Enp)).filter(|enp| enp.bytes().any(|byte| byte.is_ascii_digit())).unwrap_or_default();
        self.outcome.enp().unwrap_or_else(|| sent().to_owned())
    }

    /// Code of an organisation.
    pub(super) fn organisation(&self, number: OrganisationNumber) -> &'r str {
        self.facts.organisation(number)
    }

    /// Reason as a sentence: `text [OUR_CODE]`, and the organisation that prevailed with the day.
    pub(super) fn sentence(&self, text: &str, reason: &Reason) -> String {
        let winner = reason.winner.map_or("", |winner| self.organisation(winner));
        match reason.day.filter(|_| !winner.is_empty()) {
            Some(day) => format!("{text} [{}]: {winner}, {day}", reason.code.name()),
            None => format!("{text} [{}]", reason.code.name()),
        }
    }
}
