//! A file of cases as it is written: `schemas/rules/CODE.toml`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

/// Both cases of a rule. The build checks the rest of the file.
#[derive(Debug, Deserialize)]
pub struct CaseFile {
    pub triggers: Case,
    pub neighbour: Case,
}

/// One case: what differs from sound persons and the job around them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What is wrong here, or why nothing is, in one sentence.
    pub en: String,
    pub ru: String,
    /// TOML that is put into the job file.
    #[serde(default)]
    pub job: String,
    /// Rows of the register, in the order of lines.
    #[serde(default)]
    pub register: Vec<CaseRow>,
    /// Rows of the attachments, likewise.
    #[serde(default)]
    pub attachments: Vec<CaseRow>,
    /// Files beside the job, by name; those of the reference tables may be among them.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Where else the code must be found: in files that `job` makes sources.
    #[serde(default)]
    pub found_at: Vec<Position>,
}

/// A row of a case.
#[derive(Debug, Default, Deserialize)]
pub struct CaseRow {
    /// The sound person from whom everything is taken that is not given.
    #[serde(default = "man")]
    pub person: String,
    /// Whether the code is found on this row.
    #[serde(default)]
    pub found: bool,
    /// The whole line instead, `\xNN` standing for a byte.
    pub raw: Option<String>,
    /// Canonical fields.
    #[serde(flatten)]
    pub fields: BTreeMap<String, toml::Value>,
}

/// A line of a source.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub struct Position {
    pub source: String,
    pub line: u64,
}

fn man() -> String {
    "man".to_owned()
}

impl CaseFile {
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

impl CaseRow {
    /// The value that the case gives to a field.
    pub fn value(&self, field: &str) -> Option<String> {
        self.fields.get(field).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }
}
