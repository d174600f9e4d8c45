//! The file `expected.toml` of a case.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A case: files that are put in place first, and commands with their right outcomes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The fault, the people who meet it, and the right outcome.
    pub story: String,
    #[serde(default)]
    pub copy: Vec<CopiedFile>,
    pub run: Vec<Run>,
}

/// A file of the case that is copied to a second place.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopiedFile {
    pub from: String,
    /// Name of the copy; `\xNN` stands for a byte.
    pub to: String,
}

/// One command and its right outcome.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    #[serde(default = "run_of_job")]
    pub arguments: Vec<String>,
    #[serde(default)]
    pub exit: i32,
    /// Texts of standard output or standard error.
    #[serde(default)]
    pub says: Vec<String>,
    /// Texts that are in neither.
    #[serde(default)]
    pub hides: Vec<String>,
    #[serde(default)]
    pub table: Vec<Table>,
    #[serde(default)]
    pub answer: Vec<Answer>,
}

/// Rows of a published table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub name: String,
    /// Values of columns by which rows count.
    #[serde(default, rename = "where")]
    pub filter: BTreeMap<String, String>,
    pub columns: Vec<String>,
    /// All rows that count, in any order; an absent value is empty.
    pub rows: Vec<Vec<String>>,
}

/// The number of lines of the only member of an archive of answers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub archive: String,
    pub lines: usize,
}

fn run_of_job() -> Vec<String> {
    ["run", "job.toml"].map(str::to_owned).to_vec()
}
