//! The answer for sources without a family: one line for each thing found, in UTF-8, our own codes, Russian sentences.
//!
//! A sentence says, behind the rule's own words, what the sender needs to look further: who prevailed and on which day, what people decided about it, the row
//! that is repeated, the numbers of fields. It names nobody.

use super::dictionary::Told;
use super::fact::{DECISION, DUPLICATE, FINDING, Fact, NO_ORGANISATION};
use super::row::{AnswerFile, AnswerWriter, Answered};
use crate::model::Date;
use crate::model::Field;
use crate::model::RowShape;
use crate::rules::{Code, Rule};

const HEADER: &str = "row;line;record_id;enp;field;code;severity;message\n";

/// The name of the answer to a request.
pub(super) fn name(stem: &str) -> String {
    format!("{stem}_findings")
}

pub(super) struct FindingsAnswer {
    stem: String,
    /// The name of the request.
    source: String,
    table: String,
}

impl FindingsAnswer {
    pub(super) fn new(stem: &str, source: &str) -> Self {
        Self { stem: stem.to_owned(), source: source.to_owned(), table: HEADER.to_owned() }
    }

    /// Code, severity and message of a fact that is told.
    fn told(&self, row: &Answered<'_, '_>, fact: &Fact) -> Option<(&'static str, &'static str, String)> {
        match fact.kind {
            FINDING => Some((fact.code().name(), fact.severity().name(), of_finding(row, fact))),
            DUPLICATE => Some((Told::Duplicate.name(), "duplicate", self.of_duplicate(row, fact))),
            DECISION => Some((fact.code().name(), fact.outcome()?.name(), of_decision(row, fact))),
            _ => None,
        }
    }

    /// What a row that repeats another one is told: where that stands.
    fn of_duplicate(&self, row: &Answered<'_, '_>, fact: &Fact) -> String {
        const TOLD: &str = "строка повторяет другую, учтённую";
        match row.distributed.source(fact.kept_request) {
            Some(source) if source == self.source => format!("{TOLD}: строка {}", fact.kept_line),
            Some(source) => format!("{TOLD}: {source}, строка {}", fact.kept_line),
            None => TOLD.to_owned(),
        }
    }
}

fn of_finding(row: &Answered<'_, '_>, fact: &Fact) -> String {
    let message = Rule::by_code(fact.code()).message.ru;
    let shape = row.request.and_then(|request| request.shape).filter(|_| fact.code() == Code::RowShape);
    match shape {
        Some(RowShape { expected, found: 0 }) => format!("{message}: ожидается полей: {expected}"),
        Some(RowShape { expected, found }) => format!("{message}: ожидается полей: {expected}, найдено: {found}"),
        None => message.to_owned(),
    }
}

fn of_decision(row: &Answered<'_, '_>, fact: &Fact) -> String {
    let mut message = Rule::by_code(fact.code()).message.ru.to_owned();
    if fact.winner != NO_ORGANISATION {
        message += &format!(": {}, {}", row.organisation(fact.winner), Date::from_days(fact.from));
    }
    if fact.decided != NO_ORGANISATION {
        let (decided, from) = (row.organisation(fact.decided), Date::from_days(fact.decided_from));
        message += &format!("; по решению ответственного лица — {decided} с {from}");
    }
    message
}

impl AnswerWriter for FindingsAnswer {
    fn row(&mut self, row: &Answered<'_, '_>) {
        for fact in row.fate.facts() {
            let Some((code, severity, message)) = self.told(row, fact) else { continue };
            let (ordinal, line) = (row.ordinal.to_string(), row.line.to_string());
            let field = if fact.kind == FINDING { fact.field().map_or("", Field::name) } else { "" };
            let [record_id, enp] = [Field::RecordId, Field::Enp].map(|name| quoted(row.field(name)));
            let cells = [&ordinal, &line, &*record_id, &*enp, field, code, severity, &*quoted(&message)];
            self.table.push_str(&cells.join(";"));
            self.table.push('\n');
        }
    }

    fn finish(self: Box<Self>) -> Vec<AnswerFile> {
        vec![AnswerFile { name: name(&self.stem), ending: "csv", content: self.table.into_bytes() }]
    }
}

/// A value as RFC 4180 wants it.
fn quoted(value: &str) -> std::borrow::Cow<'_, str> {
    if value.contains([';', '"', '\n', '\r']) { format!("\"{}\"", value.replace('"', "\"\"")).into() } else { value.into() }
}

#[cfg(test)]
mod tests {
    use super::super::distribute::Distributed;
    use super::super::fact::Outcome;
    use super::super::fate::Fate;
    use super::super::request::RequestRow;
    use super::super::sample::rows;
    use super::*;
    use crate::rules::Severity;

    #[test]
    fn the_table_line_by_line() {
        let mut answer = Box::new(FindingsAnswer::new("list", "list.csv"));
        rows(|row| answer.row(row));
        let [AnswerFile { name, content, .. }] = &answer.finish()[..] else { panic!("one file") };
        let expected = "\
row;line;record_id;enp;field;code;severity;message
1;2;71;;snils;SNILS_INVALID;warning;\"неверный СНИЛС; считается незаполненным\"
2;3;\"a;b\";;;CHANGE_AT_WILL;superseded;сменена по желанию: 340002, 2026-02-01
3;4;;;;CHANGE_LIMIT;refused;право замены в этом году использовано: 340002, 2026-02-01
4;5;;3456510894000018;attached_from;FIELD_REQUIRED;error;не заполнено обязательное поле
4;5;;3456510894000018;sex;SEX_INVALID;error;пол не 1 и не 2
";
        assert_eq!((name.as_str(), str::from_utf8(content)), ("list_findings", Ok(expected)));
    }

    /// The sentence about one fact of the row on line 4 of `own.csv`.
    fn sentence(fact: &Fact, shape: Option<RowShape>) -> String {
        let distributed = Distributed::of_names(&["98001", "98002"], &["own.csv", "98001.csv"]);
        let request = RequestRow { line: 4, field: &|_| "", shape, date: &|_| None };
        let facts = [*fact];
        let fate = Fate::of(&facts);
        let row = Answered { ordinal: 3, line: 4, request: Some(&request), fate: &fate, distributed: &distributed };
        FindingsAnswer::new("own", "own.csv").told(&row, fact).expect("a fact that is told").2
    }

    #[test]
    fn a_row_that_repeats_another_one_is_told_which() {
        let kept = |kept_request| Fact { kept_request, kept_line: 12, ..Fact::of_row(DUPLICATE, 4) };
        assert_eq!(sentence(&kept(0), None), "строка повторяет другую, учтённую: строка 12");
        assert_eq!(sentence(&kept(1), None), "строка повторяет другую, учтённую: 98001.csv, строка 12");
    }

    #[test]
    fn a_row_without_the_fields_of_its_layout_is_told_their_numbers() {
        let fact = Fact::finding(4, Code::RowShape, Severity::Error, None);
        let shape = |found| Some(RowShape { expected: 23, found });
        assert_eq!(sentence(&fact, shape(9)), "строение записи не соответствует формату: ожидается полей: 23, найдено: 9");
        assert_eq!(sentence(&fact, shape(0)), "строение записи не соответствует формату: ожидается полей: 23");
        assert_eq!(
            sentence(&Fact::finding(4, Code::RowQuote, Severity::Error, None), shape(9)),
            Rule::by_code(Code::RowQuote).message.ru
        );
    }

    #[test]
    fn what_people_decided_against_the_winner_is_told_behind_it() {
        let day = |text: &str| text.parse::<Date>().expect("a date").days();
        let (outcome, rule) = (Outcome::Lost as u8, Code::SameDayTie as u8);
        let lost = Fact { outcome, rule, winner: 0, from: day("2026-02-01"), ..Fact::of_row(DECISION, 4) };
        let tie = "с того же дня действует равносильная запись другой организации: 98001, 2026-02-01";
        assert_eq!(sentence(&lost, None), tie);
        let decided = Fact { decided: 1, decided_from: day("2026-02-01"), ..lost };
        assert_eq!(sentence(&decided, None), format!("{tie}; по решению ответственного лица — 98002 с 2026-02-01"));
    }
}
