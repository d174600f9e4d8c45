//! Rows for the tests of writers: four rows of attachment, of which one is in order, one is superseded, one is refused and one is broken.

use super::distribute::Distributed;
use super::fact::{ATTACHED, DECISION, Fact, Outcome, TAKEN_OVER};
use super::fate::Fate;
use super::request::RequestRow;
use super::row::{AnswerFile, AnswerWriter, Answered};
use crate::formats::Encoding;
use crate::model::Date;
use crate::model::Field;
use crate::rules::{Code, Severity};

/// Organisations by number.
const ORGANISATIONS: [&str; 3] = ["340001", "340002", "34001"];

/// A day as the number that facts have.
fn day(text: &str) -> i32 {
    text.parse::<Date>().expect("a date").days()
}

/// A fact about a person with a row in the register.
fn known(line: u64, kind: u8, person: i64) -> Fact {
    let clinic_now_from = day("2026-02-01");
    Fact { person, enp: 3_456_510_844_000_019, clinic_now: 1, clinic_now_from, profile: 1, ..Fact::of_row(kind, line) }
}

/// Facts by row.
fn facts() -> [Vec<Fact>; 4] {
    let from = day("2026-02-01");
    let decided = |line, person, outcome: Outcome, rule: Code| {
        let known = known(line, DECISION, person);
        Fact { outcome: outcome as u8, rule: rule as u8, organisation: 0, winner: 1, from, ..known }
    };
    let old = Fact { organisation: 0, from: day("2020-05-06"), ..known(3, ATTACHED, 8) };
    [
        vec![
            Fact { organisation: 1, from, ..known(2, ATTACHED, 7) },
            Fact { organisation: 0, winner: 1, from, ..known(2, TAKEN_OVER, 7) },
            Fact::finding(2, Code::SnilsInvalid, Severity::Warning, Some(Field::Snils)),
        ],
        vec![old, decided(3, 8, Outcome::Superseded, Code::ChangeAtWill)],
        vec![decided(4, 9, Outcome::Refused, Code::ChangeLimit)],
        vec![
            Fact::finding(5, Code::FieldRequired, Severity::Error, Some(Field::AttachedFrom)),
            Fact::finding(5, Code::SexInvalid, Severity::Error, Some(Field::Sex)),
        ],
    ]
}

fn field(row: usize, field: Field) -> &'static str {
    match (field, row) {
        (Field::RecordId, 0) => "71",
        (Field::RecordId, 1) => "a;b",
        (Field::Enp, 3) => "3456510894000018",
        (Field::Insurer, _) => ORGANISATIONS[2],
        (Field::Surname, _) => "ПЕТРОВА-Ӏ",
        (Field::GivenName, _) => "АННА",
        (Field::PolicyKind, _) => "3",
        (Field::DocKind, _) => "14",
        (Field::DocNumber, _) => "00 00 № 000001",
        (Field::Snils, _) => "11223344595",
        (Field::Method, _) => "2",
        _ => "",
    }
}

/// Calls `each` for the rows in their order.
pub(super) fn rows(mut each: impl FnMut(&Answered<'_, '_>)) {
    let distributed = Distributed::of_names(&ORGANISATIONS, &[]);
    for (row, facts) in facts().iter().enumerate() {
        let (of_field, of_date) = (|name| field(row, name), |_| "1984-03-05".parse().ok());
        let request = RequestRow { line: row as u64 + 2, field: &of_field, shape: None, date: &of_date };
        let fate = Fate::of(facts);
        let (ordinal, line) = (row as u64 + 1, request.line);
        each(&Answered { ordinal, line, request: Some(&request), fate: &fate, distributed: &distributed });
    }
}

/// What a writer makes of the rows: names and contents as text.
pub(super) fn written(mut writer: Box<dyn AnswerWriter + '_>) -> Vec<(String, String)> {
    rows(|row| writer.row(row));
    let text = |file: AnswerFile| (format!("{}.{}", file.name, file.ending), page_text(&file.content));
    writer.finish().into_iter().map(text).collect()
}

/// The text of bytes in windows-1251, found by writing every letter that the tests use.
pub(super) fn page_text(bytes: &[u8]) -> String {
    let mut letters = std::collections::BTreeMap::new();
    for character in ('\u{1}'..='\u{7F}').chain('А'..='я').chain(['ё', 'Ё', '№']) {
        let mut byte = Vec::new();
        Encoding::Windows1251.encode(&character.to_string(), &mut byte).expect("a character of the page");
        letters.insert(byte[0], character);
    }
    bytes.iter().map(|byte| letters[byte]).collect()
}
