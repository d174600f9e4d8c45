//! From what was asked to persons: numbers through `numbers`, a SNILS through `persons`, the place of a record through whatever names it.

use serde::Serialize;

use super::error::ExplainError;
use super::tables::Tables;
use crate::report::table_reader::Row;
use sverka_model::{Date, Enp, Snils, compare_form};
use sverka_publish::OutputTable;
use sverka_rules::Text;

/// Whom to explain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The number of a person.
    Person(i64),
    /// A single policy number.
    Enp(String),
    /// The number of a policy or certificate, with its kind when it is known.
    Policy(Option<u8>, String),
    /// A SNILS, 11 digits.
    Snils(String),
    /// A record by its source and line.
    Record(String, i64),
    /// A surname, or a surname with the names behind it, and a birth date.
    Name(String, Date),
}

impl Asked {
    /// What a bare word most likely is: 16 digits with the check digit of an ENP, 11 digits a SNILS, 9 a certificate, other digits the number of a
    /// person, `SOURCE:LINE` a record, and anything else the number of a policy.
    #[must_use]
    pub fn guess(word: &str) -> Self {
        let plain: String = word.chars().filter(|sign| !matches!(sign, '-' | ' ' | '`' | '\'')).collect();
        let digits = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
        let enp = || Enp::parse(plain.as_bytes()).is_some_and(|enp| enp.check_digit_ok() && enp.decode().is_ok());
        match plain.len() {
            16 if digits && enp() => Self::Enp(plain),
            11 if digits => Self::Snils(plain),
            9 if digits => Self::Policy(Some(2), plain),
            _ => match (digits, plain.parse(), Self::record(word)) {
                (true, Ok(id), _) => Self::Person(id),
                (_, _, Some(record)) => record,
                _ => Self::Policy(None, word.to_owned()),
            },
        }
    }

    /// What is asked by, in a word.
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

    /// What is wrong with 16 digits that look like an ENP; nothing with other questions.
    #[must_use]
    pub fn enp_fault(&self) -> Option<Text> {
        let digits = match self {
            Self::Person(id) => id.to_string(),
            Self::Enp(enp) | Self::Policy(Some(3), enp) => enp.clone(),
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

    /// A record of `SOURCE:LINE`.
    #[must_use]
    pub fn record(text: &str) -> Option<Self> {
        let (source, line) = text.rsplit_once(':')?;
        Some(Self::Record(source.to_owned(), line.parse().ok().filter(|line| *line > 0)?))
    }

    /// A policy of `[KIND/]NUMBER`.
    #[must_use]
    pub fn policy(text: &str) -> Self {
        match text.split_once('/') {
            Some((kind @ ("1" | "2" | "3"), number)) => Self::Policy(kind.parse().ok(), number.to_owned()),
            _ => Self::Policy(None, text.to_owned()),
        }
    }

    /// A SNILS however it is written; nothing when it is none.
    #[must_use]
    pub fn snils(text: &str) -> Option<Self> {
        Some(Self::Snils(format!("{:011}", Snils::parse(text.as_bytes()).ok()?.number())))
    }
}

/// What became of a row that is no record of anybody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowFate {
    /// It equals another row, which stays.
    Duplicate {
        /// Source of the row that stays.
        source: String,
        /// Its line.
        line: i64,
    },
    /// It has errors and was kept aside.
    Quarantined,
}

/// Who was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Numbers of persons, ascending.
    pub persons: Vec<i64>,
    /// Of a row that is no record, what became of it.
    pub fate: Option<RowFate>,
    /// Bytes, as received, of a row with errors.
    pub raw_bytes: Option<i64>,
}

/// Finds whom the question is about.
pub(super) fn find(tables: &Tables, asked: &Asked) -> Result<Found, ExplainError> {
    let mut found = Found::default();
    match asked {
        Asked::Person(id) => found.persons.push(*id),
        Asked::Enp(enp) => found.persons = of_number(tables, 3, enp)?,
        Asked::Policy(Some(3), number) => found.persons = of_number(tables, 3, number)?,
        Asked::Policy(kind, number) => found.persons = of_policy(tables, *kind, number)?,
        Asked::Snils(snils) => found.persons = of_snils(tables, snils)?,
        Asked::Record(source, line) => found = of_record(tables, source, *line)?,
        Asked::Name(name, birth) => found.persons.extend(super::by_name::candidates(tables, name, *birth)?.keys()),
    }
    found.persons.sort_unstable();
    found.persons.dedup();
    Ok(found)
}

const PERSON: [&str; 1] = ["person_id"];

fn of_number(tables: &Tables, kind: i64, number: &str) -> Result<Vec<i64>, ExplainError> {
    let numbers = tables.required(OutputTable::Numbers)?;
    let rows = numbers.find(
        |group| group.may_hold_number("policy_kind", &(kind..=kind)) && group.may_hold_text("number", number),
        &["policy_kind", "number"],
        |row| row.number("policy_kind") == Some(kind) && row.text("number") == Some(number),
        &PERSON,
    )?;
    Ok(persons(rows.iter()))
}

/// Numbers of policies and certificates are compared as the rules do, without blanks, dashes and `№`.
fn of_policy(tables: &Tables, kind: Option<u8>, number: &str) -> Result<Vec<i64>, ExplainError> {
    let form = |text: &str| {
        let mut form = String::new();
        compare_form(text, &mut form);
        form
    };
    let asked = form(number);
    let kinds = |row: Row<'_>| match (row.number("policy_kind"), kind) {
        (Some(3), _) => false,
        (Some(of_row), Some(kind)) => of_row == i64::from(kind),
        _ => true,
    };
    let numbers = tables.required(OutputTable::Numbers)?;
    let rows = numbers.find(
        |group| group.may_hold_number("policy_kind", &(1..=2)) || group.may_hold_null("policy_kind"),
        &["policy_kind", "number"],
        |row| kinds(row) && row.text("number").is_some_and(|text| form(text) == asked),
        &PERSON,
    )?;
    Ok(persons(rows.iter()))
}

fn of_snils(tables: &Tables, snils: &str) -> Result<Vec<i64>, ExplainError> {
    tables.required(OutputTable::Persons)?;
    let mut found = Vec::new();
    for table in [OutputTable::Persons, OutputTable::MustChoose, OutputTable::AttachedUninsured] {
        if let Some(reader) = tables.optional(table)? {
            let rows = reader.find(|_| true, &["snils"], |row| row.text("snils") == Some(snils), &PERSON)?;
            found.extend(persons(rows.iter()));
        }
    }
    Ok(found)
}

fn of_record(tables: &Tables, source: &str, line: i64) -> Result<Found, ExplainError> {
    let mut found = Found::default();
    for table in [OutputTable::InsuranceStays, OutputTable::AttachmentStays] {
        let (sources, lines) = ("record_sources", "record_lines");
        if let Some(stays) = tables.optional(table)? {
            // Names are read of the few stays that rest on this line of any source.
            let rows = stays.find(|_| true, &[lines], |row| row.list_holds(lines, line), &[PERSON[0], sources, lines])?;
            found.persons.extend(persons(rows.iter().filter(|row| row.lists_hold_pair(sources, lines, source, line))));
        }
    }
    let places = [
        (OutputTable::Decisions, "loser_source", "loser_line"),
        (OutputTable::Links, "source", "line"),
        (OutputTable::Findings, "source", "line"),
    ];
    for (table, sources, lines) in places {
        if let Some(reader) = tables.optional(table)? {
            let is = |row: Row<'_>| row.number(lines) == Some(line) && row.text(sources) == Some(source);
            let rows = reader.find(
                |group| group.may_hold_number(lines, &(line..=line)) && group.may_hold_text(sources, source),
                &[sources, lines],
                is,
                &PERSON,
            )?;
            found.persons.extend(persons(rows.iter()));
        }
    }
    let is = |row: Row<'_>| row.number("line") == Some(line) && row.text("source") == Some(source);
    if let Some(reader) = tables.optional(OutputTable::Duplicates)? {
        let rows = reader.find(|_| true, &["source", "line"], is, &["kept_source", "kept_line"])?;
        let kept = rows.iter().find_map(|row| Some((row.text("kept_source")?.to_owned(), row.number("kept_line")?)));
        if let Some((kept_source, kept_line)) = kept {
            let of_kept = of_record(tables, &kept_source, kept_line)?;
            found.persons.extend(of_kept.persons);
            found.fate = Some(RowFate::Duplicate { source: kept_source, line: kept_line });
        }
    }
    if let Some(reader) = tables.optional(OutputTable::Quarantine)? {
        let rows = reader.find(|_| true, &["source", "line"], is, &["raw_bytes"])?;
        if let Some(row) = rows.iter().next() {
            found.fate = Some(RowFate::Quarantined);
            found.raw_bytes = row.number("raw_bytes");
        }
    }
    Ok(found)
}

fn persons<'r>(rows: impl Iterator<Item = Row<'r>>) -> Vec<i64> {
    rows.filter_map(|row| row.number("person_id")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_word_is_what_it_most_likely_is() {
        let record = Asked::Record("registers/a.csv".to_owned(), 7);
        for (word, expected) in [
            ("9854910844000016", Asked::Enp("9854910844000016".to_owned())),
            ("`9854910844000016", Asked::Enp("9854910844000016".to_owned())),
            ("9854910844000017", Asked::Person(9_854_910_844_000_017)),
            ("123-456-789 64", Asked::Snils("12345678964".to_owned())),
            ("123456789", Asked::Policy(Some(2), "123456789".to_owned())),
            ("366549887412295067", Asked::Person(366_549_887_412_295_067)),
            ("ЗР 12-000205", Asked::Policy(None, "ЗР 12-000205".to_owned())),
            ("registers/a.csv:7", record),
            ("registers/a.csv:0", Asked::Policy(None, "registers/a.csv:0".to_owned())),
        ] {
            assert_eq!(Asked::guess(word), expected, "{word}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_mistyped_enp_is_known() {
        let fault = |word: &str| Asked::guess(word).enp_fault().map(|fault| fault.en);
        assert_eq!(fault("9854910844000016"), None);
        assert_eq!(fault("9854910844000017"), Some("its check digit is wrong"));
        assert_eq!(fault("366549887412295067"), None);
    }

    #[test]
    fn a_policy_may_have_its_kind() {
        assert_eq!(Asked::policy("1/ЗР 12"), Asked::Policy(Some(1), "ЗР 12".to_owned()));
        assert_eq!(Asked::policy("ЗР/12"), Asked::Policy(None, "ЗР/12".to_owned()));
    }
}
