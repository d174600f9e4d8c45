//! `sverka explain`: what a published run says of one person, and why.
//!
//! `find` and `by_name` go from what is asked to persons, `gather` collects everything about one of them as plain data (`told`), `text` draws it with the
//! sentences of a language in `words`. Reads nothing but what was published.

mod by_name;
mod death;
mod error;
mod find;
mod gather;
mod organisations;
mod outside;
mod page;
mod standing;
mod tables;
mod text;
mod timeline;
mod told;
mod words;

use std::path::Path;

use sverka_model::Date;
use sverka_rules::Text;

pub use by_name::Candidate;
pub use error::ExplainError;
pub use find::{Asked, RowFate};
pub use text::{Heading, WIDTH, text};
pub use told::Explained;

use organisations::OrganisationNames;
use tables::Tables;

/// The answer to a question.
#[derive(Debug, serde::Serialize)]
pub struct Answer {
    /// Of a row that is no record of anybody, what became of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<RowTold>,
    /// Whom the question is about; several when a number is used by several.
    pub persons: Vec<Explained>,
    /// Of a name that several persons bear, who they are; then nobody is explained.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
}

/// A row that is no record of anybody: kept aside, or equal to another.
#[derive(Debug, serde::Serialize)]
pub struct RowTold {
    /// What became of it.
    pub fate: RowFate,
    /// Bytes, as received, of a row with errors; the table `quarantine` keeps them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw_bytes: Option<i64>,
    /// What was found on it: code, field, severity.
    pub findings: Vec<told::FindingTold>,
}

/// Explains whom a question is about, from the run in `dir`.
///
/// # Errors
/// When the run is not there or damaged, lacks a table that the question needs, or knows nobody like that.
pub fn explain(dir: &Path, asked: &Asked) -> Result<Answer, ExplainError> {
    let tables = Tables::open(dir)?;
    if let Asked::Name(name, birth) = asked {
        return of_name(&tables, name, *birth);
    }
    let found = find::find(&tables, asked)?;
    let names = OrganisationNames::read(&tables)?;
    let mut persons = Vec::new();
    for id in found.persons {
        let explained = gather::gather(&tables, &names, id)?;
        if explained.is_known() {
            persons.push(explained);
        }
    }
    let row = match (found.fate, asked) {
        (Some(fate), Asked::Record(source, line)) => {
            Some(RowTold { fate, raw_bytes: found.raw_bytes, findings: gather::findings_of_row(&tables, source, *line)? })
        }
        _ => None,
    };
    if persons.is_empty() && row.is_none() {
        let run = tables.manifest.run_id.clone();
        return Err(match asked {
            Asked::Record(source, _) if !tables.sources().any(|known| known == source) => {
                ExplainError::NoSource { run, sources: tables.sources_like(source) }
            }
            // The tables with names alone have it.
            Asked::Snils(_) => {
                let by = Text {
                    en: "SNILS among those whose names it tells", ru: "СНИЛС среди тех, чьи имена он знает"
                };
                ExplainError::Nobody { run, by }
            }
            _ => match asked.enp_fault() {
                Some(fault) => ExplainError::NotAnEnp { run, fault },
                None => ExplainError::Nobody { run, by: asked.kind() },
            },
        });
    }
    Ok(Answer { row, persons, candidates: Vec::new() })
}

/// Explains the one person of a name and birth date, or lists the several.
fn of_name(tables: &Tables, name: &str, birth: Date) -> Result<Answer, ExplainError> {
    let candidates = by_name::candidates(tables, name, birth)?;
    if candidates.is_empty() {
        return Err(ExplainError::NobodyNamed { run: tables.manifest.run_id.clone() });
    }
    if let (Some(&id), 1) = (candidates.keys().next(), candidates.len()) {
        let names = OrganisationNames::read(tables)?;
        return Ok(Answer { row: None, persons: vec![gather::gather(tables, &names, id)?], candidates: Vec::new() });
    }
    Ok(Answer { row: None, persons: Vec::new(), candidates: candidates.into_values().collect() })
}
