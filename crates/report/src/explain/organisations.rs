//! Names of insurers and clinics by code, from the tables of a run.

use std::collections::BTreeMap;

use super::error::ExplainError;
use super::explanation::Subject;
use super::published_run::PublishedRun;
use crate::table_reader::Row;
use sverka_publish::OutputTable;

/// Names of organisations by code.
#[derive(Debug, Default)]
pub(super) struct OrganisationNames {
    insurers: BTreeMap<String, String>,
    clinics: BTreeMap<String, String>,
}

impl OrganisationNames {
    /// Names of a run; none when it was published without the tables of organisations.
    pub fn read(run: &PublishedRun) -> Result<Self, ExplainError> {
        Ok(Self {
            insurers: names(run, OutputTable::Insurers, Subject::Insurer)?,
            clinics: names(run, OutputTable::Clinics, Subject::Clinic)?,
        })
    }

    /// Name of an organisation by its code.
    pub fn name(&self, subject: Subject, code: &str) -> Option<String> {
        let names = match subject {
            Subject::Insurer => &self.insurers,
            Subject::Clinic => &self.clinics,
        };
        names.get(code).cloned()
    }
}

fn names(run: &PublishedRun, table: OutputTable, subject: Subject) -> Result<BTreeMap<String, String>, ExplainError> {
    let Some(reader) = run.table(table)? else { return Ok(BTreeMap::new()) };
    let rows = reader.find(|_| true, &["name"], |row| row.text("name").is_some(), &[subject.word(), "name"])?;
    let named = |row: Row<'_>| Some((row.text(subject.word())?.to_owned(), row.text("name")?.to_owned()));
    Ok(rows.iter().filter_map(named).collect())
}
