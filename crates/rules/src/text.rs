//! Texts in both languages, and the names of kinds and subjects of rules for people.

use serde::Deserialize;

use sverka_model::{Kind, Subject};

/// A language of texts for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    English,
    /// Russian.
    Russian,
}

/// A text of the program in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Russian.
    pub ru: &'static str,
}

impl Text {
    /// The text in a language.
    #[must_use]
    pub const fn get(self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Russian => self.ru,
        }
    }

    /// A text from both languages.
    pub(super) const fn new(en: &'static str, ru: &'static str) -> Self {
        Self { en, ru }
    }
}

/// A text in both languages from a file that is read at run time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// English.
    pub en: String,
    /// Russian.
    pub ru: String,
}

impl Sentence {
    /// The sentence in a language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Russian => &self.ru,
        }
    }
}

/// The name of a kind of rules for people.
#[must_use]
pub const fn kind_text(kind: Kind) -> Text {
    match kind {
        Kind::RowCheck => Text::new("check of a row", "проверка строки"),
        Kind::SourceCheck => Text::new("check of a source", "проверка файла"),
        Kind::Link => Text::new("link between records", "связь записей"),
        Kind::PersonCheck => Text::new("check of a person", "проверка лица"),
        Kind::Decision => Text::new("decision", "решение"),
    }
}

/// The name of a subject of rules for people.
#[must_use]
pub const fn subject_text(subject: Subject) -> Text {
    match subject {
        Subject::File => Text::new("file", "файл"),
        Subject::Row => Text::new("row", "строка"),
        Subject::Policy => Text::new("policy", "полис"),
        Subject::Document => Text::new("document", "документ"),
        Subject::Insurer => Text::new("insurance", "страхование"),
        Subject::Clinic => Text::new("attachment", "прикрепление"),
        Subject::Person => Text::new("person", "лицо"),
    }
}
