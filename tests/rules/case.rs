//! The cases of a rule's file `schemas/rules/CODE.toml`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

/// Both cases of a rule. The build checks the rest of the file.
#[derive(Debug, Deserialize)]
pub struct CaseFile {
    pub triggers: Case,
    pub neighbour: Case,
}

/// One case: the differences from sound persons and from the job around them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// One sentence in English: what is wrong in the case, or why nothing is.
    pub en: String,
    /// The same sentence in Russian.
    pub ru: String,
    /// TOML that is put into the job file.
    #[serde(default)]
    pub job: String,
    /// Rows of the register, in the order of lines.
    #[serde(default)]
    pub register: Vec<CaseRow>,
    /// Rows of the attachments, in the order of lines.
    #[serde(default)]
    pub attachments: Vec<CaseRow>,
    /// Files beside the job, by name; they may replace reference tables.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Further positions at which the code must be found, in sources that `job` adds.
    #[serde(default)]
    pub found_at: Vec<Position>,
}

/// A row of a case.
#[derive(Debug, Default, Deserialize)]
pub struct CaseRow {
    /// The sound person that gives all fields that the case does not give.
    #[serde(default = "man")]
    pub person: String,
    /// Whether the code is found on this row.
    #[serde(default)]
    pub found: bool,
    /// The whole line, in place of fields; `\xNN` stands for a byte.
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
