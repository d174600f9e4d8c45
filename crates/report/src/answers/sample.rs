//! Rows for the tests of writers: four attachment rows. The first is in order, the second superseded, the third refused, the fourth broken.

use super::answered_row::AnsweredRow;
use super::fact::{DecisionOutcome, Fact, FactKind, OrganisationNumber};
use super::family_writer::{AnswerFile, FamilyWriter};
use super::request::RequestRow;
use super::row_outcome::RowOutcome;
use super::run_facts::RunFacts;
use sverka_formats::Encoding;
use sverka_model::{Code, Date, Enp, Field, PersonId, Profile, Severity};

/// Organisations by number.
const ORGANISATIONS: [&str; 3] = ["340001", "340002", "34001"];

/// Days of a date.
fn day(text: &str) -> i32 {
    text.parse::<Date>().expect("a date").days()
}

/// Number of an organisation by its index in [`ORGANISATIONS`].
fn organisation(index: usize) -> OrganisationNumber {
    OrganisationNumber::from_index(index)
}

/// Fact about a person with a row in the register.
fn known(line: u64, kind: FactKind, person: i64) -> Fact {
    let clinic_now_from = day("2026-02-01");
    Fact {
        person: PersonId::from_stored(person),
        enp: Enp::from_stored(3_456_510_844_000_019),
        clinic_now: organisation(1),
        clinic_now_from,
        profile: Profile::THERAPEUTIC,
        ..Fact::of_row(kind, line)
    }
}

/// Facts by row.
fn facts() -> [Vec<Fact>; 4] {
    let from = day("2026-02-01");
    let decided = |line, person, outcome: DecisionOutcome, rule: Code| {
        let known = known(line, FactKind::DECISION, person);
        Fact { outcome: outcome as u8, rule: rule as u8, organisation: organisation(0), winner: organisation(1), from, ..known }
    };
    let old = Fact { organisation: organisation(0), from: day("2020-05-06"), ..known(3, FactKind::ATTACHED, 8) };
    [
        vec![
            Fact { organisation: organisation(1), from, ..known(2, FactKind::ATTACHED, 7) },
            Fact { organisation: organisation(0), winner: organisation(1), from, ..known(2, FactKind::TAKEN_OVER, 7) },
            Fact::finding(2, Code::SnilsInvalid, Severity::Warning, Some(Field::Snils)),
        ],
        vec![old, decided(3, 8, DecisionOutcome::Superseded, Code::ChangeAtWill)],
        vec![decided(4, 9, DecisionOutcome::Refused, Code::ChangeLimit)],
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
pub(super) fn rows(mut each: impl FnMut(&AnsweredRow<'_, '_>)) {
    let run_facts = RunFacts::without_facts(&ORGANISATIONS, &[]);
    for (row, facts) in facts().iter().enumerate() {
        let (of_field, of_date) = (|name| field(row, name), |_| "1984-03-05".parse().ok());
        let request = RequestRow { line: row as u64 + 2, field: &of_field, shape: None, date: &of_date };
        let outcome = RowOutcome::from_facts(facts);
        let (ordinal, line) = (row as u64 + 1, request.line);
        each(&AnsweredRow { ordinal, line, request: Some(&request), outcome: &outcome, facts: &run_facts });
    }
}

/// Files of a writer for the rows: names, and contents as text.
pub(super) fn written(mut writer: Box<dyn FamilyWriter + '_>) -> Vec<(String, String)> {
    rows(|row| writer.add_row(row));
    let text = |file: AnswerFile| (format!("{}.{}", file.name, file.ending), decoded(&file.content));
    writer.finish().into_iter().map(text).collect()
}

/// Text of bytes in windows-1251. The table is made by encoding each letter that the tests use.
pub(super) fn decoded(bytes: &[u8]) -> String {
    let mut letters = std::collections::BTreeMap::new();
    for character in ('\u{1}'..='\u{7F}').chain('А'..='я').chain(['ё', 'Ё', '№']) {
        let mut byte = Vec::new();
        Encoding::Windows1251.encode(&character.to_string(), &mut byte).expect("a character of windows-1251");
        letters.insert(byte[0], character);
    }
    bytes.iter().map(|byte| letters[byte]).collect()
}
