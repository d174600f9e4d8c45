//! Answers to sources without a family: a CSV line for each finding, duplicate and decision, in UTF-8, with our own codes and Russian sentences.
//!
//! A sentence is the message of the rule and the facts that the sender needs to look further: the organisation that
//! prevailed and the day, the decision of people, the row that is repeated, the numbers of fields. It names no person.

use super::answered_row::AnsweredRow;
use super::dictionary::ReportedCode;
use super::fact::{Fact, FactKind, OrganisationNumber};
use super::family_writer::{AnswerFile, FamilyWriter};
use sverka_model::{Code, Date, Field, RowShape};
use sverka_rules::Rule;

const HEADER: &str = "row;line;record_id;enp;field;code;severity;message\n";

/// Name of the answer to a request.
pub(super) fn name(stem: &str) -> String {
    format!("{stem}_findings")
}

/// Line of the answer about one fact.
struct FactLine {
    code: &'static str,
    severity: &'static str,
    message: String,
}

/// Writer of the table of findings.
pub(super) struct FindingsAnswer {
    stem: String,
    /// Name of the request's source.
    source: String,
    table: String,
}

impl FindingsAnswer {
    pub(super) fn new(stem: &str, source: &str) -> Self {
        Self { stem: stem.to_owned(), source: source.to_owned(), table: HEADER.to_owned() }
    }

    /// Line about a fact; `None` for facts that are not reported.
    fn line(&self, row: &AnsweredRow<'_, '_>, fact: &Fact) -> Option<FactLine> {
        Some(match fact.kind {
            FactKind::FINDING => {
                FactLine { code: fact.code().name(), severity: fact.severity().name(), message: finding_message(row, fact) }
            }
            FactKind::DUPLICATE => FactLine {
                code: ReportedCode::Duplicate.name(),
                severity: "duplicate",
                message: self.duplicate_message(row, fact),
            },
            FactKind::DECISION => {
                let severity = fact.decision_outcome()?.name();
                FactLine { code: fact.code().name(), severity, message: decision_message(row, fact) }
            }
            _ => return None,
        })
    }

    /// Message about a row that repeats another one, with the source and line of the other row.
    fn duplicate_message(&self, row: &AnsweredRow<'_, '_>, fact: &Fact) -> String {
        const REPEATS: &str = "строка повторяет другую, учтённую";
        match row.facts.source(fact.kept_request) {
            Some(source) if source == self.source => format!("{REPEATS}: строка {}", fact.kept_line),
            Some(source) => format!("{REPEATS}: {source}, строка {}", fact.kept_line),
            None => REPEATS.to_owned(),
        }
    }
}

/// Message about a finding, with the numbers of fields of a row that cannot be split.
fn finding_message(row: &AnsweredRow<'_, '_>, fact: &Fact) -> String {
    let message = Rule::by_code(fact.code()).message.ru;
    let shape = row.request.and_then(|request| request.shape).filter(|_| fact.code() == Code::RowShape);
    match shape {
        Some(RowShape { expected, found: 0 }) => format!("{message}: ожидается полей: {expected}"),
        Some(RowShape { expected, found }) => format!("{message}: ожидается полей: {expected}, найдено: {found}"),
        None => message.to_owned(),
    }
}

/// Message about a decision, with the organisation that prevailed and the decision of people against it.
fn decision_message(row: &AnsweredRow<'_, '_>, fact: &Fact) -> String {
    let mut message = Rule::by_code(fact.code()).message.ru.to_owned();
    if fact.winner != OrganisationNumber::NONE {
        message += &format!(": {}, {}", row.organisation(fact.winner), Date::from_days(fact.from));
    }
    if fact.decided != OrganisationNumber::NONE {
        let (decided, from) = (row.organisation(fact.decided), Date::from_days(fact.decided_from));
        message += &format!("; по решению ответственного лица — {decided} с {from}");
    }
    message
}

impl FamilyWriter for FindingsAnswer {
    fn add_row(&mut self, row: &AnsweredRow<'_, '_>) {
        for fact in row.outcome.facts() {
            let Some(FactLine { code, severity, message }) = self.line(row, fact) else { continue };
            let (ordinal, line) = (row.ordinal.to_string(), row.line.to_string());
            let field = if fact.kind == FactKind::FINDING { fact.field().map_or("", Field::name) } else { "" };
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

/// Value as a cell by RFC 4180.
fn quoted(value: &str) -> std::borrow::Cow<'_, str> {
    if value.contains([';', '"', '\n', '\r']) { format!("\"{}\"", value.replace('"', "\"\"")).into() } else { value.into() }
}

#[cfg(test)]
mod tests {
    use super::super::fact::{DecisionOutcome, RequestNumber};
    use super::super::request::RequestRow;
    use super::super::row_outcome::RowOutcome;
    use super::super::run_facts::RunFacts;
    use super::super::sample::rows;
    use super::*;
    use sverka_model::Severity;

    #[test]
    fn the_table_line_by_line() {
        let mut answer = Box::new(FindingsAnswer::new("list", "list.csv"));
        rows(|row| answer.add_row(row));
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
        let run_facts = RunFacts::without_facts(&["98001", "98002"], &["own.csv", "98001.csv"]);
        let request = RequestRow { line: 4, field: &|_| "", shape, date: &|_| None };
        let facts = [*fact];
        let outcome = RowOutcome::from_facts(&facts);
        let row = AnsweredRow { ordinal: 3, line: 4, request: Some(&request), outcome: &outcome, facts: &run_facts };
        FindingsAnswer::new("own", "own.csv").line(&row, fact).expect("a fact that is reported").message
    }

    #[test]
    fn the_line_about_a_duplicate_names_the_row_that_is_kept() {
        let kept = |index| Fact {
            kept_request: RequestNumber::from_index(index),
            kept_line: 12,
            ..Fact::of_row(FactKind::DUPLICATE, 4)
        };
        assert_eq!(sentence(&kept(0), None), "строка повторяет другую, учтённую: строка 12");
        assert_eq!(sentence(&kept(1), None), "строка повторяет другую, учтённую: 98001.csv, строка 12");
    }

    #[test]
    fn the_line_about_a_row_without_the_fields_of_its_layout_has_their_numbers() {
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
    fn a_decision_of_people_against_the_winner_stands_behind_the_winner() {
        let day = |text: &str| text.parse::<Date>().expect("a date").days();
        let (outcome, rule) = (DecisionOutcome::Lost as u8, Code::SameDayTie as u8);
        let lost = Fact {
            outcome,
            rule,
            winner: OrganisationNumber::from_index(0),
            from: day("2026-02-01"),
            ..Fact::of_row(FactKind::DECISION, 4)
        };
        let tie = "с того же дня действует равносильная запись другой организации: 98001, 2026-02-01";
        assert_eq!(sentence(&lost, None), tie);
        let decided = Fact { decided: OrganisationNumber::from_index(1), decided_from: day("2026-02-01"), ..lost };
        assert_eq!(sentence(&decided, None), format!("{tie}; по решению ответственного лица — 98002 с 2026-02-01"));
    }
}
