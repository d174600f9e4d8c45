//! The cases of rules in `schemas/rules/CODE.toml`, as people are shown them: a row in which the rule speaks, and its neighbour in which it does not.
//!
//! The tests run the same files. Rows say only what differs from a sound person; this module does not know who these are.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Code, Sentence, Text};

macro_rules! examples {
    ($($rule:ident)*) => {
        /// Files of cases by code, in any order.
        const FILES: &[(&str, &str)] =
            &[$((stringify!($rule), include_str!(concat!("../../schemas/rules/", stringify!($rule), ".toml"))),)*];
    };
}

examples! {
    ACTION_UNKNOWN
    AFTER_DEATH
    APPLICATION_OUTRANKS_RESIDENCE
    APPLIED_AFTER_DEATH
    APPLIED_AFTER_END
    APPLIED_BEFORE_BIRTH
    APPLIED_IN_FUTURE
    BEFORE_DICTIONARY
    BIRTH_DATE_RANGE
    CATEGORY_CITIZENSHIP
    CATEGORY_UNKNOWN
    CERTIFICATE_AFTER_DIGITAL
    CERTIFICATE_EXPIRED
    CERTIFICATE_TERM
    CHANGE_AT_WILL
    CHANGE_CONTRACT_ENDED
    CHANGE_DEADLINE
    CHANGE_LIMIT
    CHANGE_MOVED
    CHANGE_WITHOUT_ATTACHMENT
    CLINIC_AGE
    CLINIC_NOT_ATTACHABLE
    CLINIC_NOT_WORKING
    CLINIC_OTHER_REGION
    CLINIC_UNKNOWN
    DATES_REVERSED
    DATE_INVALID
    DEATH_CONTRADICTED
    DOCTOR_SNILS_INVALID
    DOCTOR_SNILS_MISSING
    DOCUMENT_BROKEN
    DOC_AGE
    DOC_CATEGORY
    DOC_DATES
    DOC_EXPIRED
    DOC_KIND_UNKNOWN
    DOC_NUMBER_FORMAT
    DOC_SERIES_ALPHABET
    DOC_SHARED
    ENDS_OFF_BY_A_DAY
    END_WITHOUT_STAY
    ENP_CHECK_DIGIT
    ENP_FORMAT
    ENP_IMPOSSIBLE
    ENP_PERSON_MISMATCH
    ENP_SHARED
    FIELD_REQUIRED
    FIRST_CHOICE_WHILE_INSURED
    IDENTITY_REVIEW
    INSURED_IN_SERVICE
    INSURER_NOT_WORKING
    INSURER_OTHER_REGION
    INSURER_UNKNOWN
    L1
    L2
    L3
    L4
    L5
    L6
    LATE_NOTICE
    METHOD_UNKNOWN
    MUST_CHOOSE
    NAME_ALPHABETS
    NAME_DIGITS
    NAME_PARTS
    NAME_PUNCTUATION
    NAME_SEX
    NEWBORN_INSURER
    NOT_INSURED
    NOT_INSURED_ON_START
    NO_CONTRACT
    NO_INTERVAL
    OLD_POLICY_AFTER_REFORM
    OVERRIDE_CLINIC
    OVERRIDE_DIFFERENT
    OVERRIDE_IGNORED
    OVERRIDE_INSURER
    OVERRIDE_SAME
    OVERRIDE_WITHOUT_RECORD
    PASSPORT_NOT_RENEWED
    POLICY_KIND_UNKNOWN
    POLICY_NUMBER_FORMAT
    POLICY_NUMBER_MISSING
    REASON_CHANGES_INSURER
    REASON_SAME_INSURER
    REASON_UNKNOWN
    RECORD_BROKEN
    ROW_ENCODING
    ROW_HEADER
    QUOTE_IN_VALUE
    ROW_IN_VALUE
    ROW_QUOTE
    ROW_SHAPE
    SAME_DAY
    SAME_DOCUMENT_REVIEW
    SAME_DAY_TIE
    SEVERAL_APPLICATIONS
    SEVERAL_ENP
    SEX_INVALID
    SNILS_INVALID
    SNILS_REQUIRED
    SNILS_REQUIRED_EAEU
    SNILS_SHARED
    SOURCE_MOSTLY_REFUSED
    SOURCE_WITHOUT_RECORDS
    SYSTEMATIC
    TERM_IGNORED
    TERM_MISSING
    TERM_TOO_LONG
    TERRITORY
}

/// What a rule is shown by.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The rule speaks.
    pub triggers: ExampleCase,
    /// Nearly the same, and it does not.
    pub neighbour: ExampleCase,
}

/// One case of an example.
#[derive(Clone, Debug, PartialEq)]
pub struct ExampleCase {
    /// What is wrong, or why nothing is.
    pub said: Sentence,
    /// What the job says besides, as TOML.
    pub job: String,
    /// The rows, those of the register first.
    pub rows: Vec<ExampleRow>,
    /// Other files of the case, by name.
    pub files: BTreeMap<String, String>,
}

/// A row of an example.
#[derive(Clone, Debug, PartialEq)]
pub struct ExampleRow {
    /// `register` or `attachments`.
    pub table: &'static str,
    /// The sound person of whom the rest of the row is.
    pub person: String,
    /// Whether the rule speaks of this row.
    pub found: bool,
    /// The whole line, where it is no proper row.
    pub raw: Option<String>,
    /// The fields that differ.
    pub fields: Vec<(String, String)>,
}

impl ExampleRow {
    /// Who the sound person is.
    #[must_use]
    pub fn whose(&self) -> Option<Text> {
        Some(match self.person.as_str() {
            "man" => Text::new("a man born 1980-05-17", "мужчина, родился 17.05.1980"),
            "woman" => Text::new("a woman born 1985-03-08", "женщина, родилась 08.03.1985"),
            "child" => Text::new("a boy born 2019-09-01", "мальчик, родился 01.09.2019"),
            "newborn" => Text::new("a girl born 2026-10-05", "девочка, родилась 05.10.2026"),
            "foreigner" => Text::new("a foreigner born 1990-02-11", "иностранец, родился 11.02.1990"),
            _ => return None,
        })
    }
}

#[derive(Deserialize)]
struct File {
    triggers: CaseEntry,
    neighbour: CaseEntry,
}

#[derive(Deserialize)]
struct CaseEntry {
    en: String,
    ru: String,
    #[serde(default)]
    job: String,
    #[serde(default)]
    register: Vec<RowEntry>,
    #[serde(default)]
    attachments: Vec<RowEntry>,
    #[serde(default)]
    files: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct RowEntry {
    #[serde(default)]
    person: Option<String>,
    #[serde(default)]
    found: bool,
    raw: Option<String>,
    #[serde(flatten)]
    fields: BTreeMap<String, toml::Value>,
}

impl Code {
    /// The cases of the rule; none while it has no file.
    ///
    /// # Panics
    /// Never: the tests read every file.
    #[must_use]
    pub fn example(self) -> Option<Example> {
        let (_, text) = FILES.iter().find(|(name, _)| *name == self.name())?;
        let File { triggers, neighbour } =
            toml::from_str(text).unwrap_or_else(|error| panic!("invariant: cases of rules are tested: {}: {error}", self.name()));
        Some(Example { triggers: triggers.into(), neighbour: neighbour.into() })
    }
}

impl From<CaseEntry> for ExampleCase {
    fn from(entry: CaseEntry) -> Self {
        let CaseEntry { en, ru, job, register, attachments, files } = entry;
        let of_register = register.into_iter().map(|row| row.of("register"));
        let of_attachments = attachments.into_iter().map(|row| row.of("attachments"));
        let rows = of_register.chain(of_attachments).collect();
        Self { said: Sentence { en, ru }, job: job.trim().to_owned(), rows, files }
    }
}

impl RowEntry {
    fn of(self, table: &'static str) -> ExampleRow {
        let text = |value: toml::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        ExampleRow {
            table,
            person: self.person.unwrap_or_else(|| "man".to_owned()),
            found: self.found,
            raw: self.raw,
            fields: self.fields.into_iter().map(|(field, value)| (field, text(value))).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_of_a_rule_and_can_be_read() {
        let rules: Vec<Code> = FILES.iter().filter_map(|(name, _)| Code::from_name(name)).collect();
        assert_eq!(rules.len(), FILES.len());
        assert!(rules.into_iter().all(|code| code.example().is_some()));
    }

    #[test]
    fn every_file_is_compiled_in() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/rules");
        let entries = std::fs::read_dir(folder).expect("schemas/rules").map(|entry| entry.expect("an entry").path());
        let names = entries.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
        let left_out: Vec<String> = names.filter(|name| FILES.iter().all(|(known, _)| known != name)).collect();
        assert_eq!(left_out, [] as [&str; 0], "add them to the list of files above");
    }
}
