//! The cases of a rule, as people are shown them: a row in which the rule speaks, and its neighbour in which it does not.
//!
//! The tests run the same cases. Rows say only what differs from a sound person; this module does not know who these are.

use super::Text;

/// The cases of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// The rule speaks.
    pub triggers: ExampleCase,
    /// Nearly the same, and the rule does not speak.
    pub neighbour: ExampleCase,
}

/// One case of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExampleCase {
    /// What is wrong, or why nothing is.
    pub said: Text,
    /// What stands in the job in addition, as TOML.
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
    /// Whether the rule speaks of this row.
    pub is_found: bool,
    /// The whole line, where it is no proper row.
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
