//! The cases of a rule for people: a row for which the rule reports a finding, and its neighbour without one.
//!
//! The tests run the same cases. A row gives only the differences from a sound person; the data of sound persons are
//! not known here.

use super::Text;

/// The cases of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// The case with a finding.
    pub triggers: ExampleCase,
    /// Nearly the same case, without the finding.
    pub neighbour: ExampleCase,
}

/// One case of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExampleCase {
    /// The fault of the case, or the reason why there is none.
    pub said: Text,
    /// Additions to the job, as TOML.
    pub job: &'static str,
    /// The rows, those of the register first.
    pub rows: &'static [ExampleRow],
    /// Other files of the case: name and content.
    pub files: &'static [(&'static str, &'static str)],
}

/// A row of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExampleRow {
    /// `register` or `attachments`.
    pub table: &'static str,
    /// The sound person that gives the rest of the row.
    pub person: &'static str,
    /// Whether the rule reports a finding on the row.
    pub is_found: bool,
    /// The whole line, if it is no proper row.
    pub raw: Option<&'static str>,
    /// The fields that differ: name and value.
    pub fields: &'static [(&'static str, &'static str)],
}

impl ExampleRow {
    /// The sound person in words.
    #[must_use]
    pub fn person_text(&self) -> Option<Text> {
        Some(match self.person {
            "man" => Text::new("a man born 1980-05-17", "мужчина, родился 17.05.1980"),
            "woman" => Text::new("a woman born 1985-03-08", "женщина, родилась 08.03.1985"),
            "child" => Text::new("a boy born 2019-09-01", "мальчик, родился 01.09.2019"),
            "newborn" => Text::new("a girl born 2026-10-05", "девочка, родилась 05.10.2026"),
            "foreigner" => Text::new("a foreigner born 1990-02-11", "иностранец, родился 11.02.1990"),
            _ => return None,
        })
    }
}
