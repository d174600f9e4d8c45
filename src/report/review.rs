//! Review lists: what people have to look at in a published run, sorted by what is at stake.
//!
//! A list is data, a file of `schemas/review` with its SQL; `mean` and `worth` tell what a person is worth a month. This module makes the lists
//! known to SQL under `review_` and their name; it decides nothing, and reads nothing but the published tables.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use super::published::list_tables;
use super::query::{Answer, FileAccess, QueryError, RunTables};
use super::table_reader::{ReadError, TableReader};
use sverka_model::Date;
use sverka_publish::{Manifest, OutputTable};
use sverka_rules::{Language, Sentence};
use sverka_text::{is_meant, nearest};

/// A list for people.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewList {
    /// The word by which it is asked for.
    pub name: String,
    /// What stands in it.
    pub title: Sentence,
    /// What to do about it.
    pub meaning: Sentence,
    /// The published tables that it is made of.
    tables: Vec<String>,
    /// Columns with codes of insurers, by which it is narrowed to one insurer; none: it cannot be.
    #[serde(default)]
    insurers: Vec<String>,
    /// Columns with codes of clinics, likewise.
    #[serde(default)]
    clinics: Vec<String>,
    /// The statement; `{as_of}` is the as-of date of the run.
    sql: String,
}

/// Every list, in the order in which they are shown.
pub static REVIEW_LISTS: LazyLock<Vec<ReviewList>> = LazyLock::new(|| {
    let read = |text: &str| toml::from_str(text).expect("invariant: a review list that is compiled in is right");
    LISTS.iter().map(|text| read(text)).collect()
});

const LISTS: [&str; 12] = [
    include_str!("../../schemas/review/ties.toml"),
    include_str!("../../schemas/review/unattached.toml"),
    include_str!("../../schemas/review/attached_dead.toml"),
    include_str!("../../schemas/review/attached_uninsured.toml"),
    include_str!("../../schemas/review/gaps.toml"),
    include_str!("../../schemas/review/closures.toml"),
    include_str!("../../schemas/review/shared_enp.toml"),
    include_str!("../../schemas/review/twins.toml"),
    include_str!("../../schemas/review/same_document.toml"),
    include_str!("../../schemas/review/several_enp.toml"),
    include_str!("../../schemas/review/contradictions.toml"),
    include_str!("../../schemas/review/deaths.toml"),
];

/// What the lists have in common, by the names that their statements use: each may use those before it.
const VIEWS: [(&str, &str, &[&str]); 4] = [
    ("organisations", include_str!("../../schemas/review/organisations.sql"), &["insurers", "clinics"]),
    ("mean", include_str!("../../schemas/review/mean.sql"), &["funding_clinic"]),
    ("worth", include_str!("../../schemas/review/worth.sql"), &["persons", "funding_clinic"]),
    ("outside", include_str!("../../schemas/review/outside.sql"), &["must_choose", "attached_uninsured"]),
];

/// The insurer and the clinic to whose rows lists are narrowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewFilter {
    /// Code of the insurer.
    pub insurer: Option<String>,
    /// Code of the clinic.
    pub clinic: Option<String>,
}

impl ReviewFilter {
    /// What is asked for: the option, the reference table with its column of codes, and the code.
    fn parts(&self) -> impl Iterator<Item = (&'static str, OutputTable, &str)> {
        let insurer = self.insurer.as_deref().map(|code| ("insurer", OutputTable::Insurers, code));
        insurer.into_iter().chain(self.clinic.as_deref().map(|code| ("clinic", OutputTable::Clinics, code)))
    }

    /// Whether the run in a folder knows the codes, as far as it tells its insurers and clinics. So no code can be SQL either.
    fn check(&self, run: &Path) -> Result<(), ReviewError> {
        for (kind, table, code) in self.parts() {
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
    /// The condition on rows of the list, none without a filter; or the option by which the list cannot be narrowed.
    fn condition(&self, filter: &ReviewFilter) -> Result<Option<String>, &'static str> {
        let mut conditions = Vec::new();
        for (kind, _, code) in filter.parts() {
            let columns = if kind == "insurer" { &self.insurers } else { &self.clinics };
            let any: Vec<String> = columns.iter().map(|column| format!("{column} = '{code}'")).collect();
            if any.is_empty() {
                return Err(kind);
            }
            conditions.push(format!("({})", any.join(" OR ")));
        }
        Ok((!conditions.is_empty()).then(|| conditions.join(" AND ")))
    }
}

/// In place of the view of that name in runs without the tables of insurers and clinics: no names.
const NO_ORGANISATIONS: &str = "SELECT clinic AS code, clinic AS name FROM funding_clinic WHERE clinic IS NULL";

/// In place of the view of that name in runs without the tables of people outside the register.
const NOBODY_OUTSIDE: &str = "SELECT CAST(NULL AS BIGINT) AS person_id, clinic AS enp, clinic AS surname, clinic AS given_name, \
     clinic AS patronymic, CAST(NULL AS DATE) AS birth_date FROM funding_clinic WHERE clinic IS NULL";

/// Why a list cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// SQL failed.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// There is no such list.
    #[error("there is no review list `{name}`{}; the lists are: {}", is_meant(&nearest(name, names())), names().join(", "))]
    Unknown {
        /// What was asked for.
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
    #[error("the run knows no {kind} `{code}`; look for it in its table: sverka query \"SELECT * FROM {kind}s\"")]
    CodeUnknown {
        /// `insurer` or `clinic`.
        kind: &'static str,
        /// What was asked for.
        code: String,
    },
    /// A reference table of the run cannot be read.
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
        table: String,
    },
    /// The manifest cannot be read.
    #[error(transparent)]
    Manifest(#[from] sverka_publish::PublishError),
    /// The manifest gives no day.
    #[error("the manifest of the run has no as-of date; is it a run of this version?")]
    NoDay,
}

fn names() -> Vec<&'static str> {
    REVIEW_LISTS.iter().map(|list| list.name.as_str()).collect()
}

/// The lists of one published run.
pub struct Review {
    tables: RunTables,
    /// Those whose tables are all there.
    available: Vec<&'static ReviewList>,
    /// Those of which the rows are in memory.
    kept: BTreeSet<&'static str>,
    /// The others, each with a table that is missing.
    missing: Vec<(&'static ReviewList, String)>,
    /// Those that the filter cannot narrow, each with the option.
    not_narrowed: Vec<(&'static ReviewList, &'static str)>,
}

impl Review {
    /// Makes the lists of the run in a folder known to SQL, narrowed to what the filter names. Reads no data of people yet.
    ///
    /// # Errors
    /// When the folder is none of a run, or cannot be read, or the run does not know a code of the filter.
    pub fn open(run: &Path, filter: &ReviewFilter) -> Result<Self, ReviewError> {
        filter.check(run)?;
        let as_of: Date = Manifest::read(run)?.as_of.parse().map_err(|_| ReviewError::NoDay)?;
        let mut tables = RunTables::open(run, FileAccess::Refused)?;
        let published: Vec<String> = list_tables(run).map_err(QueryError::from)?.into_iter().map(|table| table.name).collect();
        let absent = |needed: &str| !published.iter().any(|name| name == needed);
        if !absent("funding_clinic") {
            tables.define("organisations", NO_ORGANISATIONS)?;
            tables.define("outside", NOBODY_OUTSIDE)?;
        }
        for (name, sql, needed) in VIEWS {
            if !needed.iter().any(|needed| absent(needed)) {
                tables.define(name, sql)?;
            }
        }
        let (mut available, mut missing, mut not_narrowed) = (Vec::new(), Vec::new(), Vec::new());
        for list in REVIEW_LISTS.iter() {
            if let Some(table) = list.tables.iter().find(|table| absent(table)) {
                missing.push((list, table.clone()));
                continue;
            }
            // A day is a number of days for polars, which reads no text as a date.
            let day = format!("CAST(CAST({} AS INTEGER) AS DATE)", as_of.days());
            let (sql, view) = (list.sql.replace("{as_of}", &day), view(list));
            match list.condition(filter) {
                Ok(None) => tables.define(&view, &sql)?,
                Ok(Some(condition)) => {
                    let whole = format!("{view}_of_all");
                    tables.define(&whole, &sql)?;
                    tables.define(&view, &format!("SELECT * FROM {whole} WHERE {condition}"))?;
                }
                Err(kind) => {
                    not_narrowed.push((list, kind));
                    continue;
                }
            }
            available.push(list);
        }
        Ok(Self { tables, available, kept: BTreeSet::new(), missing, not_narrowed })
    }

    /// The lists that the run can give.
    #[must_use]
    pub fn lists(&self) -> &[&'static ReviewList] {
        &self.available
    }

    /// The lists that it cannot give, each with the table that is missing.
    #[must_use]
    pub fn missing(&self) -> &[(&'static ReviewList, String)] {
        &self.missing
    }

    /// The lists that the filter leaves out, since they name nobody of the kind, each with the option.
    #[must_use]
    pub fn not_narrowed(&self) -> &[(&'static ReviewList, &'static str)] {
        &self.not_narrowed
    }

    /// The list of this name.
    ///
    /// # Errors
    /// When there is none, or the run lacks a table for it.
    pub fn list(&self, name: &str) -> Result<&'static ReviewList, ReviewError> {
        if let Some((list, table)) = self.missing.iter().find(|(list, _)| list.name == name) {
            return Err(ReviewError::TableMissing { list: list.name.clone(), table: table.clone() });
        }
        if let Some((list, kind)) = self.not_narrowed.iter().find(|(list, _)| list.name == name) {
            return Err(ReviewError::NotNarrowed { list: list.name.clone(), kind });
        }
        let found = self.available.iter().find(|list| list.name == name);
        found.copied().ok_or_else(|| ReviewError::Unknown { name: name.to_owned() })
    }

    /// The rows of a list, most at stake first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn rows(&mut self, list: &'static ReviewList) -> Result<Answer, ReviewError> {
        if self.kept.insert(&list.name) {
            self.tables.keep(&view(list))?;
        }
        Ok(self.tables.select(&format!("SELECT * FROM {}", view(list)))?)
    }

    /// One row for each list, also for those without rows: its name, its title, rows, persons, and what is at stake for these.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn overview(&mut self, language: Language) -> Result<Answer, ReviewError> {
        for list in self.available.clone() {
            self.rows(list)?;
        }
        let of_list = |list: &&ReviewList| {
            let (name, view, title) = (&list.name, view(list), list.title.get(language).replace('\'', "''"));
            format!(
                "SELECT '{name}' AS list, r.all_rows AS rows, p.persons, COALESCE(p.heads, 0) AS heads, \
                 COALESCE(p.roubles, CAST(0 AS DECIMAL(18, 2))) AS roubles_per_month, '{title}' AS title \
                 FROM (SELECT COUNT(*) AS all_rows FROM {view}) AS r \
                 CROSS JOIN (SELECT COUNT(*) AS persons, SUM(heads) AS heads, SUM(roubles) AS roubles FROM \
                 (SELECT person_id, MAX(heads) AS heads, MAX(roubles) AS roubles FROM {view} GROUP BY person_id) AS q) AS p"
            )
        };
        let statements: Vec<String> = self.available.iter().map(of_list).collect();
        Ok(self.tables.select(&statements.join(" UNION ALL "))?)
    }
}

fn view(list: &ReviewList) -> String {
    format!("review_{}", list.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_named_once_and_after_their_files() {
        let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/review")).expect("the lists");
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
