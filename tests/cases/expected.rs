//! The file `expected.toml` of a case.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A case: what is put in place first, and the commands with their right outcomes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What went wrong for whom, and what is right.
    pub story: String,
    #[serde(default)]
    pub copy: Vec<CopiedFile>,
    pub run: Vec<Run>,
}

/// A file of the case that stands in a second place, too.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopiedFile {
    pub from: String,
    /// `\xNN` is a byte of the name.
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
    /// Texts that stand in neither.
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
