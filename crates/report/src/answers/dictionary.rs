//! Dictionaries: the codes and field names of the families for our codes and fields.
//!
//! The codes stand with the rules, the rest in `schemas/answers/FAMILY.toml`. A job may bring a dictionary of its own,
//! one file with both. Texts and codes are those of the families as far as they are known, see `docs/answers.md`. The
//! forms of answers are not known here.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;
use serde::de::IgnoredAny;

use sverka_intake::AnswerFamily;
use sverka_model::{Code, Field};
use sverka_rules::{AnswerCode, RULES};

/// Name of the entry for rows that repeat another row. It is no code of a rule, so it stands beside the codes.
const DUPLICATE: &str = "DUPLICATE";

/// Error in a dictionary.
#[derive(Debug, thiserror::Error)]
pub enum DictionaryError {
    /// A file that is not of the expected form.
    #[error("the dictionary `{file}` cannot be read: {cause}")]
    Form {
        /// The file.
        file: String,
        /// Line and cause.
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

/// Codes of a family.
#[derive(Debug)]
pub struct Dictionary {
    /// Entries by the number of the rule.
    entries: Vec<Entry>,
    duplicate: Entry,
    elements: BTreeMap<Field, Element>,
}

/// Entry of a dictionary for one of our codes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Code of the family.
    code: String,
    /// One sentence for people, in the family's language; for families whose answers have room for one.
    #[serde(default)]
    text: String,
    /// Whether the code is about the form of a row alone and belongs into a format log.
    #[serde(default)]
    format: bool,
    /// Whether the code is reported for rows that were taken, too.
    #[serde(default)]
    remark: bool,
    /// Codes of the family for single fields.
    #[serde(default)]
    fields: BTreeMap<String, String>,
}

impl Entry {
    /// Keys of the entry as an inline table of TOML.
    fn to_keys(&self) -> String {
        let mut keys = format!("code = {}", quoted(&self.code));
        if !self.text.is_empty() {
            let _ = write!(keys, ", text = {}", quoted(&self.text));
        }
        if !self.fields.is_empty() {
            let fields: Vec<String> = self.fields.iter().map(|(field, code)| format!("{field} = {}", quoted(code))).collect();
            let _ = write!(keys, ", fields = {{ {} }}", fields.join(", "));
        }
        for (name, _) in [("format", self.format), ("remark", self.remark)].into_iter().filter(|(_, is_set)| *is_set) {
            let _ = write!(keys, ", {name} = true");
        }
        keys
    }
}

fn quoted(text: &str) -> toml::Value {
    toml::Value::String(text.to_owned())
}

impl From<&AnswerCode> for Entry {
    fn from(answer: &AnswerCode) -> Self {
        let fields = answer.fields.iter().map(|&(field, code)| (field.name().to_owned(), code.to_owned())).collect();
        let (code, text) = (answer.code.to_owned(), answer.text.to_owned());
        Self { code, text, format: answer.is_format, remark: answer.is_remark, fields }
    }
}

/// Name of a canonical field in a family.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// Element or attribute.
    pub name: String,
    /// Element around it.
    #[serde(default)]
    pub parent: String,
}

/// A dictionary of a job.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    codes: BTreeMap<String, Entry>,
    #[serde(default)]
    elements: BTreeMap<String, Element>,
}

/// File of a family. The build script reads `codes` and `sentences` and checks the codes of rules against them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FamilyFile {
    #[serde(rename = "codes")]
    _codes: IgnoredAny,
    #[serde(rename = "sentences")]
    _sentences: IgnoredAny,
    duplicate: Entry,
    #[serde(default)]
    elements: BTreeMap<String, Element>,
}

/// Our code in an answer: a rule, or that the row repeats another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportedCode {
    /// Rule of a finding or decision.
    Rule(Code),
    /// The row repeats another one.
    Duplicate,
}

impl ReportedCode {
    /// Our name of the code.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rule(code) => code.name(),
            Self::Duplicate => DUPLICATE,
        }
    }
}

impl Dictionary {
    /// The dictionary of the program for a family; [`AnswerFamily::Findings`] uses our own codes and has none.
    #[must_use]
    pub fn built_in(family: AnswerFamily) -> Option<Self> {
        let (text, file) = match family {
            AnswerFamily::Mo => (include_str!("../../../../schemas/answers/mo.toml"), "mo.toml"),
            AnswerFamily::Oplist => (include_str!("../../../../schemas/answers/oplist.toml"), "oplist.toml"),
            AnswerFamily::Att => (include_str!("../../../../schemas/answers/att.toml"), "att.toml"),
            AnswerFamily::Findings => return None,
        };
        let dictionary = Self::of_family(family, text, file);
        Some(dictionary.unwrap_or_else(|error| panic!("invariant: built-in dictionaries are tested: {error}")))
    }

    /// The codes of the rules in a family, and its own file.
    fn of_family(family: AnswerFamily, text: &str, file: &str) -> Result<Self, DictionaryError> {
        let FamilyFile { duplicate, elements, .. } = from_toml(text, file)?;
        let in_family = |answer: &&AnswerCode| answer.family == family.name();
        let codes = RULES.iter().filter_map(|rule| Some((rule.name().to_owned(), rule.answers.iter().find(in_family)?.into())));
        let codes = codes.chain([(DUPLICATE.to_owned(), duplicate)]).collect();
        Self::from_file(File { codes, elements }, file)
    }

    /// Reads a dictionary; `file` is its name in messages.
    ///
    /// # Errors
    /// When it is not TOML of this form, names something unknown, or leaves a code out.
    pub fn parse(text: &str, file: &str) -> Result<Self, DictionaryError> {
        Self::from_file(from_toml(text, file)?, file)
    }

    fn from_file(mut parsed: File, file: &str) -> Result<Self, DictionaryError> {
        let mut take = |name: &'static str| {
            let entry = parsed.codes.remove(name);
            let entry = entry.ok_or_else(|| DictionaryError::Missing { file: file.to_owned(), name })?;
            let unknown = entry.fields.keys().find(|field| Field::from_name(field).is_none());
            match unknown {
                Some(field) => Err(unknown_name(file, "field", field)),
                None => Ok(entry),
            }
        };
        let entries = Code::ALL.iter().map(|code| take(code.name())).collect::<Result<Vec<_>, _>>()?;
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

    /// Dictionary as a file that a job may bring.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = "[codes]\n".to_owned();
        let of_rules = Code::ALL.iter().map(|code| code.name()).zip(&self.entries);
        for (name, entry) in of_rules.chain([(DUPLICATE, &self.duplicate)]) {
            let _ = writeln!(text, "{name} = {{ {} }}", entry.to_keys());
        }
        if !self.elements.is_empty() {
            text.push_str("\n[elements]\n");
        }
        for (field, Element { name, parent }) in &self.elements {
            let parent = if parent.is_empty() { String::new() } else { format!(", parent = {}", quoted(parent)) };
            let _ = writeln!(text, "{} = {{ name = {}{parent} }}", field.name(), quoted(name));
        }
        text
    }

    fn entry(&self, code: ReportedCode) -> &Entry {
        match code {
            ReportedCode::Rule(rule) => &self.entries[rule as usize],
            ReportedCode::Duplicate => &self.duplicate,
        }
    }

    /// Code of the family: the one for the field when there is one, otherwise the general one.
    #[must_use]
    pub fn code(&self, code: ReportedCode, field: Option<Field>) -> &str {
        let entry = self.entry(code);
        field.and_then(|field| entry.fields.get(field.name())).unwrap_or(&entry.code)
    }

    /// Sentence for people.
    #[must_use]
    pub fn text(&self, code: ReportedCode) -> &str {
        &self.entry(code).text
    }

    /// Whether the code belongs into a format log.
    #[must_use]
    pub fn is_format(&self, code: ReportedCode) -> bool {
        self.entry(code).format
    }

    /// Whether the code is reported for rows that were taken.
    #[must_use]
    pub fn is_remark(&self, code: ReportedCode) -> bool {
        self.entry(code).remark
    }

    /// Name of a field in the family and name of the element around it; empty for no field, and for fields that the family lacks.
    #[must_use]
    pub fn element(&self, field: Option<Field>) -> (&str, &str) {
        let element = field.and_then(|field| self.elements.get(&field));
        element.map_or(("", ""), |element| (&element.name, &element.parent))
    }
}

fn from_toml<T: for<'de> Deserialize<'de>>(text: &str, file: &str) -> Result<T, DictionaryError> {
    toml::from_str(text).map_err(|cause| DictionaryError::Form { file: file.to_owned(), cause })
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
            for code in Code::ALL.iter().map(|&code| ReportedCode::Rule(code)).chain([ReportedCode::Duplicate]) {
                assert!(!dictionary.code(code, None).is_empty(), "{} has no code for {}", family.name(), code.name());
                let needs_text = family != AnswerFamily::Mo;
                assert!(!needs_text || !dictionary.text(code).is_empty(), "{} has no text for {}", family.name(), code.name());
            }
        }
    }

    #[test]
    fn the_code_of_a_family_for_a_field_goes_before_its_general_one() {
        // `FIELD_REQUIRED` in the family `mo`: 245 for the first day of the attachment, 803 otherwise.
        let dictionary = Dictionary::built_in(AnswerFamily::Mo).expect("a dictionary");
        let required = ReportedCode::Rule(Code::FieldRequired);
        assert_eq!(dictionary.code(required, Some(Field::AttachedFrom)), "245");
        assert_eq!(dictionary.code(required, Some(Field::Surname)), "803");
        assert_eq!(dictionary.code(required, None), "803");
    }

    #[test]
    fn a_dictionary_written_as_a_file_is_read_as_it_was() {
        for family in FAMILIES {
            let text = Dictionary::built_in(family).expect("a dictionary").to_toml();
            assert_eq!(Dictionary::parse(&text, "a.toml").expect("a dictionary").to_toml(), text);
        }
    }

    #[test]
    fn the_dictionaries_in_docs_are_what_the_rules_say() {
        for family in FAMILIES {
            let text = Dictionary::built_in(family).expect("a dictionary").to_toml();
            let path = format!("{}/docs/answer-codes/{}.toml", concat!(env!("CARGO_MANIFEST_DIR"), "/../.."), family.name());
            if std::env::var_os("SVERKA_BLESS").is_some() {
                std::fs::write(&path, &text).expect("a page");
            }
            let page = std::fs::read_to_string(&path).expect("a page").replace("\r\n", "\n");
            assert!(page == text, "{path} is stale: run this test with SVERKA_BLESS=1");
        }
    }

    #[test]
    fn a_dictionary_with_a_gap_or_an_unknown_name_is_refused() {
        let whole = Dictionary::built_in(AnswerFamily::Mo).expect("a dictionary").to_toml();
        let gap: String = whole.lines().filter(|line| !line.starts_with("ENP_SHARED")).map(|line| format!("{line}\n")).collect();
        assert!(matches!(Dictionary::parse(&gap, "a.toml"), Err(DictionaryError::Missing { name: "ENP_SHARED", .. })));
        let unknown = format!("{whole}\n[codes.NO_SUCH_CODE]\ncode = \"1\"\n");
        assert!(matches!(Dictionary::parse(&unknown, "a.toml"), Err(DictionaryError::Unknown { what: "code", .. })));
    }
}
