//! Persons of a question: by a number through `numbers`, by a SNILS through `persons`, by a record through all tables
//! that name records.

use serde::Serialize;

use super::error::ExplainError;
use super::published_run::PublishedRun;
use crate::table_reader::Row;
use sverka_model::{Date, Enp, PersonId, PolicyKind, Snils, normalise_policy_number};
use sverka_publish::OutputTable;
use sverka_rules::Text;

/// Question about persons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Number of a person.
    Person(PersonId),
    /// Number of a single-sample policy.
    Enp(String),
    /// Number of a policy or certificate, with its kind when it is known.
    Policy(Option<PolicyKind>, String),
    /// SNILS, 11 digits.
    Snils(String),
    /// Record by source and line.
    Record(String, i64),
    /// Surname, or surname with further names, and birth date.
    Name(String, Date),
}

impl Question {
    /// Most likely question for a bare word.
    ///
    /// 16 digits with the check digit of an ENP are an ENP, 11 digits a SNILS, 9 digits a certificate, other digits the number of a person,
    /// `SOURCE:LINE` is a record, and anything else the number of a policy.
    #[must_use]
    pub fn guess(word: &str) -> Self {
        let plain: String = word.chars().filter(|character| !matches!(character, '-' | ' ' | '`' | '\'')).collect();
        let digits = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
        let enp = || Enp::parse(plain.as_bytes()).is_some_and(|enp| enp.check_digit_ok() && enp.decode().is_ok());
        match plain.len() {
            16 if digits && enp() => Self::Enp(plain),
            11 if digits => Self::Snils(plain),
            9 if digits => Self::Policy(Some(PolicyKind::TEMPORARY_CERTIFICATE), plain),
            _ => match (digits, plain.parse(), Self::record(word)) {
                (true, Ok(id), _) => Self::Person(PersonId::from_stored(id)),
                (_, _, Some(record)) => record,
                _ => Self::Policy(None, word.to_owned()),
            },
        }
    }

    /// Name of the kind of question.
    #[must_use]
    pub fn kind(&self) -> Text {
        match self {
            Self::Person(_) => Text { en: "number of a person", ru: "номер лица" },
            Self::Enp(_) => Text { en: "ENP", ru: "ЕНП" },
            Self::Policy(..) => Text { en: "policy number", ru: "номер полиса" },
            Self::Snils(_) => Text { en: "SNILS", ru: "СНИЛС" },
            Self::Record(..) => Text { en: "record", ru: "запись" },
            Self::Name(..) => Text { en: "surname and birth date", ru: "фамилия и дата рождения" },
        }
    }

    /// Fault of 16 digits that look like an ENP; `None` for other questions.
    #[must_use]
    pub fn enp_fault(&self) -> Option<Text> {
        let digits = match self {
            Self::Person(id) => id.to_string(),
            Self::Enp(enp) | Self::Policy(Some(PolicyKind::SINGLE_SAMPLE), enp) => enp.clone(),
            _ => return None,
        };
        let enp = Enp::parse(digits.as_bytes())?;
        if !enp.check_digit_ok() {
            return Some(Text { en: "its check digit is wrong", ru: "контрольный разряд неверен" });
        }
        let impossible = Text {
            en: "it codes an impossible birth date", ru: "в нём закодирована невозможная дата рождения"
        };
        enp.decode().is_err().then_some(impossible)
    }

    /// Question about a record, written `SOURCE:LINE`.
    #[must_use]
    pub fn record(text: &str) -> Option<Self> {
        let (source, line) = text.rsplit_once(':')?;
        Some(Self::Record(source.to_owned(), line.parse().ok().filter(|line| *line > 0)?))
    }

    /// Question about a policy, written `[KIND/]NUMBER`.
    #[must_use]
    pub fn policy(text: &str) -> Self {
        match text.split_once('/').and_then(|(kind, number)| Some((PolicyKind::parse(kind.as_bytes())?, number))) {
            Some((kind, number)) => Self::Policy(Some(kind), number.to_owned()),
            None => Self::Policy(None, text.to_owned()),
        }
    }

    /// Question about a SNILS in any notation; `None` when the text is no SNILS.
    #[must_use]
    pub fn snils(text: &str) -> Option<Self> {
        Some(Self::Snils(Snils::parse(text.as_bytes()).ok()?.to_string()))
    }
}

/// Status of a row that is no record of anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowStatus {
    /// The row equals another row, which counts.
    Duplicate {
        /// Source of the row that counts.
        source: String,
        /// Line of the row that counts.
        line: i64,
    },
    /// The row has errors and is in quarantine.
    Quarantined,
}

/// Result of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Numbers of persons, ascending.
    pub persons: Vec<PersonId>,
    /// Status of a row that is no record.
    pub status: Option<RowStatus>,
    /// Number of received bytes of a row with errors.
    pub raw_bytes: Option<i64>,
}

/// Finds the persons that a question is about.
pub(super) fn find(run: &PublishedRun, question: &Question) -> Result<Found, ExplainError> {
    let mut found = Found::default();
    match question {
        Question::Person(id) => found.persons.push(*id),
        Question::Enp(enp) => found.persons = by_enp(run, enp)?,
        Question::Policy(Some(PolicyKind::SINGLE_SAMPLE), number) => found.persons = by_enp(run, number)?,
        Question::Policy(kind, number) => found.persons = by_policy(run, *kind, number)?,
        Question::Snils(snils) => found.persons = by_snils(run, snils)?,
        Question::Record(source, line) => found = by_record(run, source, *line)?,
        Question::Name(name, birth) => found.persons.extend(super::by_name::candidates(run, name, *birth)?.keys()),
    }
    found.persons.sort_unstable();
    found.persons.dedup();
    Ok(found)
}

const PERSON: [&str; 1] = ["person_id"];

fn by_enp(run: &PublishedRun, enp: &str) -> Result<Vec<PersonId>, ExplainError> {
    let kind = i64::from(PolicyKind::SINGLE_SAMPLE.code());
    let numbers = run.required_table(OutputTable::Numbers)?;
    let rows = numbers.find(
        |group| group.may_hold_number("policy_kind", &(kind..=kind)) && group.may_hold_text("number", enp),
        &["policy_kind", "number"],
        |row| row.number("policy_kind") == Some(kind) && row.text("number") == Some(enp),
        &PERSON,
    )?;
    Ok(persons(rows.iter()))
}

/// Persons by the number of a policy or certificate. Numbers are compared as in the rules, without blanks, dashes and `№`.
fn by_policy(run: &PublishedRun, kind: Option<PolicyKind>, number: &str) -> Result<Vec<PersonId>, ExplainError> {
    let comparison_key = |text: &str| {
        let mut key = String::new();
        normalise_policy_number(text, &mut key);
        key
    };
    let asked = comparison_key(number);
    let is_of_kind = |row: Row<'_>| match (row.number("policy_kind"), kind) {
        (Some(of_row), _) if of_row == i64::from(PolicyKind::SINGLE_SAMPLE.code()) => false,
        (Some(of_row), Some(kind)) => of_row == i64::from(kind.code()),
        _ => true,
    };
    let own_numbers = i64::from(PolicyKind::OLD.code())..=i64::from(PolicyKind::TEMPORARY_CERTIFICATE.code());
    let numbers = run.required_table(OutputTable::Numbers)?;
    let rows = numbers.find(
        |group| group.may_hold_number("policy_kind", &own_numbers) || group.may_hold_null("policy_kind"),
        &["policy_kind", "number"],
        |row| is_of_kind(row) && row.text("number").is_some_and(|text| comparison_key(text) == asked),
        &PERSON,
    )?;
    Ok(persons(rows.iter()))
}

fn by_snils(run: &PublishedRun, snils: &str) -> Result<Vec<PersonId>, ExplainError> {
    run.required_table(OutputTable::Persons)?;
    let mut found = Vec::new();
    for table in [OutputTable::Persons, OutputTable::MustChoose, OutputTable::AttachedUninsured] {
        if let Some(reader) = run.table(table)? {
            let rows = reader.find(|_| true, &["snils"], |row| row.text("snils") == Some(snils), &PERSON)?;
            found.extend(persons(rows.iter()));
        }
    }
    Ok(found)
}

fn by_record(run: &PublishedRun, source: &str, line: i64) -> Result<Found, ExplainError> {
    let mut found = Found::default();
    for table in [OutputTable::InsuranceStays, OutputTable::AttachmentStays] {
        let (sources, lines) = ("record_sources", "record_lines");
        if let Some(stays) = run.table(table)? {
            // Sources are read only for the few stays that rest on a record with this line number.
            let rows = stays.find(|_| true, &[lines], |row| row.list_holds(lines, line), &[PERSON[0], sources, lines])?;
            found.persons.extend(persons(rows.iter().filter(|row| row.lists_hold_pair(sources, lines, source, line))));
        }
    }
    let record_columns = [
        (OutputTable::Decisions, "loser_source", "loser_line"),
        (OutputTable::Links, "source", "line"),
        (OutputTable::Findings, "source", "line"),
    ];
    for (table, sources, lines) in record_columns {
        if let Some(reader) = run.table(table)? {
            let is_record = |row: Row<'_>| row.number(lines) == Some(line) && row.text(sources) == Some(source);
            let rows = reader.find(
                |group| group.may_hold_number(lines, &(line..=line)) && group.may_hold_text(sources, source),
                &[sources, lines],
                is_record,
                &PERSON,
            )?;
            found.persons.extend(persons(rows.iter()));
        }
    }
    let is_row = |row: Row<'_>| row.number("line") == Some(line) && row.text("source") == Some(source);
    if let Some(reader) = run.table(OutputTable::Duplicates)? {
        let rows = reader.find(|_| true, &["source", "line"], is_row, &["kept_source", "kept_line"])?;
        let kept = rows.iter().find_map(|row| Some((row.text("kept_source")?.to_owned(), row.number("kept_line")?)));
        if let Some((kept_source, kept_line)) = kept {
            let kept = by_record(run, &kept_source, kept_line)?;
            found.persons.extend(kept.persons);
            found.status = Some(RowStatus::Duplicate { source: kept_source, line: kept_line });
        }
    }
    if let Some(reader) = run.table(OutputTable::Quarantine)? {
        let rows = reader.find(|_| true, &["source", "line"], is_row, &["raw_bytes"])?;
        if let Some(row) = rows.iter().next() {
            found.status = Some(RowStatus::Quarantined);
            found.raw_bytes = row.number("raw_bytes");
        }
    }
    Ok(found)
}

fn persons<'r>(rows: impl Iterator<Item = Row<'r>>) -> Vec<PersonId> {
    rows.filter_map(|row| row.number("person_id")).map(PersonId::from_stored).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_word_is_what_it_most_likely_is() {
        let record = Question::Record("registers/a.csv".to_owned(), 7);
        for (word, expected) in [
            ("9854910844000016", Question::Enp("9854910844000016".to_owned())),
            ("`9854910844000016", Question::Enp("9854910844000016".to_owned())),
            ("9854910844000017", Question::Person(PersonId::from_stored(9_854_910_844_000_017))),
            ("123-456-789 64", Question::Snils("12345678964".to_owned())),
            ("123456789", Question::Policy(Some(PolicyKind::TEMPORARY_CERTIFICATE), "123456789".to_owned())),
            ("366549887412295067", Question::Person(PersonId::from_stored(366_549_887_412_295_067))),
            ("ЗР 12-000205", Question::Policy(None, "ЗР 12-000205".to_owned())),
            ("registers/a.csv:7", record),
            ("registers/a.csv:0", Question::Policy(None, "registers/a.csv:0".to_owned())),
        ] {
            assert_eq!(Question::guess(word), expected, "{word}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_mistyped_enp_is_known() {
        let fault = |word: &str| Question::guess(word).enp_fault().map(|fault| fault.en);
        assert_eq!(fault("9854910844000016"), None);
        assert_eq!(fault("9854910844000017"), Some("its check digit is wrong"));
        assert_eq!(fault("366549887412295067"), None);
    }

    #[test]
    fn a_policy_may_have_its_kind() {
        assert_eq!(Question::policy("1/ЗР 12"), Question::Policy(Some(PolicyKind::OLD), "ЗР 12".to_owned()));
        assert_eq!(Question::policy("ЗР/12"), Question::Policy(None, "ЗР/12".to_owned()));
    }
}
