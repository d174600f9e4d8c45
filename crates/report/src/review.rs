//! Review lists: everything that people have to look at in a published run, sorted by what is at stake.
//!
//! ```text
//! schemas/review/NAME.toml   titles, meanings, tables, columns to narrow by
//! review/lists/              the rows of each list
//!        └─ source           scans of published tables, names of organisations, the monthly worth of a person
//!        └─ relation         rows in memory: keep, join, sort
//! ```
//!
//! Review decides nothing, and reads nothing but the published tables.

mod lists;
mod overview;
mod relation;
mod source;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use arrow::array::Array as _;
use serde::Deserialize;

use super::published::{PublishedError, list_tables};
use super::result_set::BatchResult;
use super::table_reader::{ReadError, TableReader};
use lists::{LISTS, ListRows};
use relation::Relation;
use source::ReviewSource;
use sverka_model::Date;
use sverka_publish::{Manifest, OutputTable};
use sverka_rules::{Language, Sentence};
use sverka_text::{is_meant, nearest};

/// A list for people.
#[derive(Clone, Debug)]
pub struct ReviewList {
    /// Name on the command line.
    pub name: String,
    /// Rows that the list holds, as a heading.
    pub title: Sentence,
    /// Work that the rows ask of people.
    pub meaning: Sentence,
    /// Published tables that the rows come from.
    tables: Vec<OutputTable>,
    /// Columns with codes of insurers. Without such a column the list cannot be narrowed to an insurer.
    insurers: Vec<String>,
    /// Columns with codes of clinics. Without such a column the list cannot be narrowed to a clinic.
    clinics: Vec<String>,
    /// Function that makes the rows.
    rows: ListRows,
}

/// A file of `schemas/review`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListDescription {
    name: String,
    title: Sentence,
    meaning: Sentence,
    tables: Vec<String>,
    #[serde(default)]
    insurers: Vec<String>,
    #[serde(default)]
    clinics: Vec<String>,
}

/// Every list, in the order in which they are shown.
pub static REVIEW_LISTS: LazyLock<Vec<ReviewList>> =
    LazyLock::new(|| LISTS.iter().map(|&(description, rows)| ReviewList::new(description, rows)).collect());

/// Insurer and clinic of a filter: lists are narrowed to their rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewFilter {
    /// Code of the insurer.
    pub insurer: Option<String>,
    /// Code of the clinic.
    pub clinic: Option<String>,
}

/// Organisation of a filter.
struct FilterPart<'a> {
    /// Option of the command, and column of codes in the reference table.
    kind: &'static str,
    /// Reference table that knows the code.
    table: OutputTable,
    code: &'a str,
}

impl ReviewFilter {
    fn parts(&self) -> impl Iterator<Item = FilterPart<'_>> {
        let insurer = self.insurer.as_deref().map(|code| FilterPart { kind: "insurer", table: OutputTable::Insurers, code });
        let clinic = self.clinic.as_deref().map(|code| FilterPart { kind: "clinic", table: OutputTable::Clinics, code });
        insurer.into_iter().chain(clinic)
    }

    /// Checks that the run in a folder knows the codes of the filter, if the run has the tables of insurers and
    /// clinics.
    fn check(&self, run: &Path) -> Result<(), ReviewError> {
        for FilterPart { kind, table, code } in self.parts() {
            let unknown = || ReviewError::CodeUnknown { kind, code: code.escape_debug().to_string() };
            if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(unknown());
            }
            let Some(reader) = TableReader::open_if_published(run, table)? else { continue };
            if reader.find(|_| true, &[kind], |row| row.text(kind) == Some(code), &[kind])?.iter().next().is_none() {
                return Err(unknown());
            }
        }
        Ok(())
    }
}

impl ReviewList {
    /// A list by its description.
    ///
    /// # Panics
    /// When a description that is compiled in is wrong.
    fn new(description: &str, rows: ListRows) -> Self {
        let ListDescription { name, title, meaning, tables, insurers, clinics } =
            toml::from_str(description).expect("invariant: a review list that is compiled in is right");
        let table = |table: &String| OutputTable::named(table).expect("invariant: a review list names tables that exist");
        Self { name, title, meaning, tables: tables.iter().map(table).collect(), insurers, clinics, rows }
    }

    /// Columns with codes of insurers or of clinics.
    fn columns_of(&self, kind: &str) -> &[String] {
        if kind == "insurer" { &self.insurers } else { &self.clinics }
    }

    /// The option of the filter for which the list has no column.
    fn cannot_narrow_by(&self, filter: &ReviewFilter) -> Option<&'static str> {
        filter.parts().map(|part| part.kind).find(|kind| self.columns_of(kind).is_empty())
    }

    /// The rows of the list that name the organisations of the filter.
    fn narrowed(&self, rows: &Relation, filter: &ReviewFilter) -> Relation {
        let names = |column: &String, code: &str, row: usize| {
            let codes = rows.texts(column);
            codes.is_valid(row) && codes.value(row) == code
        };
        let is_named = |part: FilterPart<'_>, row| self.columns_of(part.kind).iter().any(|column| names(column, part.code, row));
        rows.filtered(|row| filter.parts().all(|part| is_named(part, row)))
    }
}

/// Reasons why a list cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// The run's folder cannot be read.
    #[error(transparent)]
    Published(#[from] PublishedError),
    /// The run's folder holds no table.
    #[error("no Parquet files in `{}`; is it the folder of a published run?", .run.display())]
    NoTables {
        /// The folder.
        run: PathBuf,
    },
    /// There is no such list.
    #[error("there is no review list `{name}`{}; the lists are: {}", is_meant(&nearest(name, names())), names().join(", "))]
    Unknown {
        /// Name that was asked for.
        name: String,
    },
    /// The list names nobody of the kind.
    #[error("the list `{list}` names no {kind}s, so --{kind} cannot narrow it; ask for it without")]
    NotNarrowed {
        /// The list.
        list: String,
        /// `insurer` or `clinic`.
        kind: &'static str,
    },
    /// The run has no such insurer or clinic.
    #[error("the run knows no {kind} `{code}`; look for it in its table{}", table_of_codes(kind))]
    CodeUnknown {
        /// `insurer` or `clinic`.
        kind: &'static str,
        /// Code that was asked for.
        code: String,
    },
    /// A table of the run cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The run was published without a table.
    #[error(
        "the list `{list}` needs the table `{table}`, which the run was published without; add it to `tables` of the job and run it again"
    )]
    TableMissing {
        /// The list.
        list: String,
        /// The table.
        table: &'static str,
    },
    /// A table of another version of the program.
    #[error("the table `{table}` of the run has no column `{column}` as this version of sverka writes it; run the job again")]
    ColumnMissing {
        /// The table.
        table: &'static str,
        /// The column.
        column: String,
    },
    /// The manifest cannot be read.
    #[error(transparent)]
    Manifest(#[from] sverka_publish::PublishError),
    /// The manifest gives no day.
    #[error("the manifest of the run has no as-of date; is it a run of this version?")]
    NoDay,
}

/// The place of the codes of a kind, for a message.
fn table_of_codes(kind: &str) -> String {
    if cfg!(feature = "query") { format!(": sverka query \"SELECT * FROM {kind}s\"") } else { format!(" `{kind}s`") }
}

fn names() -> Vec<&'static str> {
    REVIEW_LISTS.iter().map(|list| list.name.as_str()).collect()
}

/// A list that the run cannot give.
#[derive(Clone, Copy, Debug)]
pub struct MissingList {
    /// The list.
    pub list: &'static ReviewList,
    /// A table that the run was published without.
    pub table: &'static str,
}

/// A list that the filter leaves out, since it names nobody of the kind.
#[derive(Clone, Copy, Debug)]
pub struct ListNotNarrowed {
    /// The list.
    pub list: &'static ReviewList,
    /// The option, `insurer` or `clinic`.
    pub kind: &'static str,
}

/// The lists of one published run.
pub struct Review {
    source: ReviewSource,
    filter: ReviewFilter,
    /// The lists that the run can give.
    available: Vec<&'static ReviewList>,
    missing: Vec<MissingList>,
    not_narrowed: Vec<ListNotNarrowed>,
    /// Rows of the lists that were asked for, by name.
    computed: BTreeMap<&'static str, Relation>,
}

impl Review {
    /// Opens the lists of the run in a folder, narrowed to what the filter names. Reads no data of people yet.
    ///
    /// # Errors
    /// When the folder is none of a run, or cannot be read, or the run does not know a code of the filter.
    pub fn open(run: &Path, filter: &ReviewFilter) -> Result<Self, ReviewError> {
        filter.check(run)?;
        let as_of: Date = Manifest::read(run)?.as_of.parse().map_err(|_| ReviewError::NoDay)?;
        if list_tables(run)?.is_empty() {
            return Err(ReviewError::NoTables { run: run.into() });
        }
        let source = ReviewSource::open(run, as_of)?;
        let (mut available, mut missing, mut not_narrowed) = (Vec::new(), Vec::new(), Vec::new());
        for list in REVIEW_LISTS.iter() {
            if let Some(table) = list.tables.iter().find(|&&table| !source.has(table)) {
                missing.push(MissingList { list, table: table.name() });
            } else if let Some(kind) = list.cannot_narrow_by(filter) {
                not_narrowed.push(ListNotNarrowed { list, kind });
            } else {
                available.push(list);
            }
        }
        Ok(Self { source, filter: filter.clone(), available, missing, not_narrowed, computed: BTreeMap::new() })
    }

    /// The lists that the run can give.
    #[must_use]
    pub fn lists(&self) -> &[&'static ReviewList] {
        &self.available
    }

    /// The lists that the run cannot give.
    #[must_use]
    pub fn missing(&self) -> &[MissingList] {
        &self.missing
    }

    /// The lists that the filter leaves out.
    #[must_use]
    pub fn not_narrowed(&self) -> &[ListNotNarrowed] {
        &self.not_narrowed
    }

    /// The list of this name.
    ///
    /// # Errors
    /// When there is none, or the run lacks a table for it.
    pub fn list(&self, name: &str) -> Result<&'static ReviewList, ReviewError> {
        if let Some(MissingList { list, table }) = self.missing.iter().find(|missing| missing.list.name == name) {
            return Err(ReviewError::TableMissing { list: list.name.clone(), table });
        }
        if let Some(ListNotNarrowed { list, kind }) = self.not_narrowed.iter().find(|left_out| left_out.list.name == name) {
            return Err(ReviewError::NotNarrowed { list: list.name.clone(), kind });
        }
        let found = self.available.iter().find(|list| list.name == name);
        found.copied().ok_or_else(|| ReviewError::Unknown { name: name.to_owned() })
    }

    /// The rows of a list, most at stake first.
    ///
    /// # Errors
    /// When a table cannot be read.
    pub fn rows(&mut self, list: &'static ReviewList) -> Result<BatchResult, ReviewError> {
        Ok(BatchResult::new(self.relation(list)?.clone().into_batch()))
    }

    /// One row for each list, those without rows included: its name, its title, rows, persons, and what is at stake for
    /// the persons.
    ///
    /// # Errors
    /// When a table cannot be read.
    pub fn overview(&mut self, language: Language) -> Result<BatchResult, ReviewError> {
        let mut overview = overview::Overview::default();
        for list in self.available.clone() {
            overview.add(list.name.as_str(), list.title.get(language), self.relation(list)?);
        }
        Ok(BatchResult::new(overview.into_relation().into_batch()))
    }

    /// The rows of a list, computed at the first call.
    fn relation(&mut self, list: &'static ReviewList) -> Result<&Relation, ReviewError> {
        if !self.computed.contains_key(list.name.as_str()) {
            let rows = (list.rows)(&self.source)?;
            self.computed.insert(&list.name, list.narrowed(&rows, &self.filter));
        }
        Ok(&self.computed[list.name.as_str()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_named_once_and_after_their_files() {
        let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/review")).expect("the lists");
        let mut files: Vec<String> = files
            .filter_map(|entry| {
                entry.expect("a file").file_name().into_string().expect("UTF-8").strip_suffix(".toml").map(str::to_owned)
            })
            .collect();
        files.sort();
        let mut named = names();
        named.sort_unstable();
        assert_eq!(named, files);
    }
}
