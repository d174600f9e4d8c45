//! Names of insurers and clinics beside their codes, as far as the run publishes them.

use std::collections::BTreeMap;

use super::error::ExplainError;
use super::tables::Tables;
use crate::report::table_reader::Row;
use sverka_publish::OutputTable;

/// Names by code, of each subject.
#[derive(Debug, Default)]
pub(super) struct OrganisationNames {
    insurers: BTreeMap<String, String>,
    clinics: BTreeMap<String, String>,
}

impl OrganisationNames {
    /// The names of a run; none when it was published without their tables.
    pub fn read(tables: &Tables) -> Result<Self, ExplainError> {
        Ok(Self {
            insurers: names(tables, OutputTable::Insurers, "insurer")?,
            clinics: names(tables, OutputTable::Clinics, "clinic")?,
        })
    }

    /// The name of a code; `subject` is `insurer` or `clinic`.
    pub fn of(&self, subject: &str, code: &str) -> Option<String> {
        let names = if subject == "insurer" { &self.insurers } else { &self.clinics };
        names.get(code).cloned()
    }
}

fn names(tables: &Tables, table: OutputTable, code: &str) -> Result<BTreeMap<String, String>, ExplainError> {
    let Some(reader) = tables.optional(table)? else { return Ok(BTreeMap::new()) };
    let rows = reader.find(|_| true, &["name"], |row| row.text("name").is_some(), &[code, "name"])?;
    let named = |row: Row<'_>| Some((row.text(code)?.to_owned(), row.text("name")?.to_owned()));
    Ok(rows.iter().filter_map(named).collect())
}
