//! What a family calls our codes: tables of data in `schemas/answers/`, compiled in.
//!
//! Knows no form of answer; texts and codes are the family's as far as they are known, see `docs/answers.md`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::intake::AnswerFamily;
use crate::model::Field;
use crate::rules::{Code, RULES};

/// The name under which a dictionary has rows that repeat another row; no rule of ours, so it stands beside the codes.
const DUPLICATE: &str = "DUPLICATE";

/// Why a dictionary cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DictionaryError {
    /// Not the form that is asked for.
    #[error("the dictionary `{file}` cannot be read: {cause}")]
    Form {
        /// The file.
        file: String,
        /// Where and why.
        cause: toml::de::Error,
    },
    /// A code or a field that sverka does not know.
    #[error("the dictionary `{file}` maps `{name}`, which is no {what} of sverka; correct its name or remove the line")]
    Unknown {
        /// The file.
        file: String,
        /// `code` or `field`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A code without a line.
    #[error("the dictionary `{file}` does not map {name}; add a line for it")]
    Missing {
        /// The file.
        file: String,
        /// The code.
        name: &'static str,
    },
}

/// The codes of a family.
#[derive(Debug)]
pub struct Dictionary {
    /// By the number of the rule.
    entries: Vec<Entry>,
    duplicate: Entry,
    elements: BTreeMap<Field, Element>,
}

/// What a family calls one of our codes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The family's code.
    code: String,
    /// One sentence for people, in the family's language; for families whose answers have room for one.
    #[serde(default)]
    text: String,
    /// Whether it is about the form of a row alone, so that it belongs into a format log.
    #[serde(default)]
    format: bool,
    /// Whether a row that was taken is told of it, too.
    #[serde(default)]
    remark: bool,
    /// The family's codes for single fields.
    #[serde(default)]
    fields: BTreeMap<String, String>,
}

/// How a family calls a canonical field.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// Its element or attribute.
    pub name: String,
    /// The element around it.
    #[serde(default)]
    pub parent: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    codes: BTreeMap<String, Entry>,
    #[serde(default)]
    elements: BTreeMap<String, Element>,
}

/// What is told to a sender: a rule of ours, or that the row repeats another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// A finding or decision.
    Rule(Code),
    /// The row repeats another one.
    Duplicate,
}

impl Told {
    /// Our name of it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rule(code) => code.name(),
            Self::Duplicate => DUPLICATE,
        }
    }
}

impl Dictionary {
    /// The dictionary that the program brings along for a family; [`AnswerFamily::Findings`] uses our own codes and has none.
    #[must_use]
    pub fn built_in(family: AnswerFamily) -> Option<Self> {
        let (text, file) = match family {
            AnswerFamily::Mo => (include_str!("../../../schemas/answers/mo.toml"), "mo.toml"),
            AnswerFamily::Oplist => (include_str!("../../../schemas/answers/oplist.toml"), "oplist.toml"),
            AnswerFamily::Att => (include_str!("../../../schemas/answers/att.toml"), "att.toml"),
            AnswerFamily::Findings => return None,
        };
        Some(Self::parse(text, file).unwrap_or_else(|error| panic!("invariant: built-in dictionaries are tested: {error}")))
    }

    /// Reads a dictionary; `file` is its name in messages.
    ///
    /// # Errors
    /// When it is not TOML of this form, names what does not exist, or leaves a code out.
    pub fn parse(text: &str, file: &str) -> Result<Self, DictionaryError> {
        let mut parsed: File = toml::from_str(text).map_err(|cause| DictionaryError::Form { file: file.to_owned(), cause })?;
        let mut take = |name: &'static str| {
            let entry = parsed.codes.remove(name);
            let entry = entry.ok_or_else(|| DictionaryError::Missing { file: file.to_owned(), name })?;
            let unknown = entry.fields.keys().find(|field| Field::from_name(field).is_none());
            match unknown {
                Some(field) => Err(unknown_name(file, "field", field)),
                None => Ok(entry),
            }
        };
        let entries = RULES.iter().map(|rule| take(rule.name)).collect::<Result<Vec<_>, _>>()?;
        let duplicate = take(DUPLICATE)?;
        if let Some(name) = parsed.codes.keys().next() {
            return Err(unknown_name(file, "code", name));
        }
        let element = |(name, element): (String, Element)| match Field::from_name(&name) {
            Some(field) => Ok((field, element)),
            None => Err(unknown_name(file, "field", &name)),
        };
        let elements = parsed.elements.into_iter().map(element).collect::<Result<_, _>>()?;
        Ok(Self { entries, duplicate, elements })
    }

    fn entry(&self, told: Told) -> &Entry {
        match told {
            Told::Rule(code) => &self.entries[code as usize],
            Told::Duplicate => &self.duplicate,
        }
    }

    /// The family's code; of a single field where it has one for that.
    #[must_use]
    pub fn code(&self, told: Told, field: Option<Field>) -> &str {
        let entry = self.entry(told);
        field.and_then(|field| entry.fields.get(field.name())).unwrap_or(&entry.code)
    }

    /// The sentence for people.
    #[must_use]
    pub fn text(&self, told: Told) -> &str {
        &self.entry(told).text
    }

    /// Whether it belongs into a format log.
    #[must_use]
    pub fn is_format(&self, told: Told) -> bool {
        self.entry(told).format
    }

    /// Whether a row that was taken is told of it.
    #[must_use]
    pub fn is_remark(&self, told: Told) -> bool {
        self.entry(told).remark
    }

    /// What the family calls a field; empty names for none, and for fields that it does not have.
    #[must_use]
    pub fn element(&self, field: Option<Field>) -> (&str, &str) {
        let element = field.and_then(|field| self.elements.get(&field));
        element.map_or(("", ""), |element| (&element.name, &element.parent))
    }
}

fn unknown_name(file: &str, what: &'static str, name: &str) -> DictionaryError {
    DictionaryError::Unknown { file: file.to_owned(), what, name: name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAMILIES: [AnswerFamily; 3] = [AnswerFamily::Mo, AnswerFamily::Oplist, AnswerFamily::Att];

    #[test]
    fn every_code_has_a_line_in_every_dictionary() {
        for family in FAMILIES {
            let dictionary = Dictionary::built_in(family).expect("a dictionary");
            for told in RULES.iter().map(|rule| Told::Rule(rule.code)).chain([Told::Duplicate]) {
                assert!(!dictionary.code(told, None).is_empty(), "{} has no code for {}", family.name(), told.name());
                let needs_text = family != AnswerFamily::Mo;
                assert!(!needs_text || !dictionary.text(told).is_empty(), "{} has no text for {}", family.name(), told.name());
            }
        }
    }

    #[test]
    fn a_field_may_have_a_code_of_its_own() {
        let dictionary = Dictionary::built_in(AnswerFamily::Mo).expect("a dictionary");
        let required = Told::Rule(Code::FieldRequired);
        assert_eq!(dictionary.code(required, Some(Field::AttachedFrom)), "245");
        assert_eq!(dictionary.code(required, Some(Field::Surname)), "803");
        assert_eq!(dictionary.code(required, None), "803");
    }

    #[test]
    fn a_dictionary_with_a_gap_or_an_unknown_name_is_refused() {
        let whole = include_str!("../../../schemas/answers/mo.toml");
        let gap: String = whole.lines().filter(|line| !line.starts_with("ENP_SHARED")).map(|line| format!("{line}\n")).collect();
        assert!(matches!(Dictionary::parse(&gap, "a.toml"), Err(DictionaryError::Missing { name: "ENP_SHARED", .. })));
        let unknown = format!("{whole}\n[codes.NO_SUCH_CODE]\ncode = \"1\"\n");
        assert!(matches!(Dictionary::parse(&unknown, "a.toml"), Err(DictionaryError::Unknown { what: "code", .. })));
    }
}
