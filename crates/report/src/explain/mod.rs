//! `sverka explain`: everything that a published run knows about one person, and the reasons.
//!
//! `find` and `by_name` lead from a question to persons, `gather` collects everything about a person as plain data (`explanation`), `text` writes it with
//! the sentences of a language (`sentences`). This module reads published tables only.

mod by_name;
mod death;
mod decided_by_people;
mod error;
mod explanation;
mod find;
mod former_id;
mod gather;
mod organisations;
mod outside;
mod published_run;
mod sentences;
mod text;
mod timeline;
mod wrapped_text;

use std::path::Path;

use sverka_model::{Date, PersonId};
use sverka_rules::Text;

pub use by_name::Candidate;
pub use error::ExplainError;
pub use explanation::Explanation;
pub use find::{Question, RowStatus};
pub use text::{TextOptions, WIDTH, render};

use organisations::OrganisationNames;
use published_run::PublishedRun;

/// Answer to a question.
#[derive(Debug, serde::Serialize)]
pub struct Answer {
    /// Row of the question, when it is no record of anybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<ExplainedRow>,
    /// Persons of the question; several when they use one number.
    pub persons: Vec<Explanation>,
    /// Id that stands for the retired one of the question, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_over_by: Option<String>,
    /// Persons with the name and birth date of the question, when there are several. Then nobody is explained.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
}

/// Row that is no record of anybody: in quarantine, or equal to another row.
#[derive(Debug, serde::Serialize)]
pub struct ExplainedRow {
    /// Status of the row.
    #[serde(rename = "fate")]
    pub status: RowStatus,
    /// Number of received bytes of a row with errors. The table `quarantine` has the bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw_bytes: Option<i64>,
    /// Findings on the row.
    pub findings: Vec<explanation::ExplainedFinding>,
}

/// Explains the persons that a question is about, from the run in `dir`.
///
/// # Errors
/// When the run is not there or damaged, lacks a table that the question needs, or has no person for the question.
pub fn explain(dir: &Path, question: &Question) -> Result<Answer, ExplainError> {
    let run = PublishedRun::open(dir)?;
    if let Question::Name(name, birth) = question {
        return explain_by_name(&run, name, *birth);
    }
    let found = find::find(&run, question)?;
    let names = OrganisationNames::read(&run)?;
    let mut persons = known_persons(&run, &names, found.persons)?;
    let mut successor = None;
    if let (Question::Person(id), true) = (question, persons.is_empty()) {
        successor = former_id::successor(&run, *id)?;
        persons = known_persons(&run, &names, successor.iter().map(|successor| successor.0).collect())?;
    }
    let row = match (found.status, question) {
        (Some(status), Question::Record(source, line)) => {
            Some(ExplainedRow { status, raw_bytes: found.raw_bytes, findings: gather::findings_of_row(&run, source, *line)? })
        }
        _ => None,
    };
    if persons.is_empty() && row.is_none() {
        return Err(nobody(&run, question));
    }
    let taken_over_by = successor.map(|successor| successor.0.to_string());
    Ok(Answer { row, persons, taken_over_by, candidates: Vec::new() })
}

/// Explanations of those of some ids that the run has anything about.
fn known_persons(run: &PublishedRun, names: &OrganisationNames, ids: Vec<PersonId>) -> Result<Vec<Explanation>, ExplainError> {
    let mut persons = Vec::new();
    for id in ids {
        let explained = gather::gather(run, names, id)?;
        if explained.is_known() {
            persons.push(explained);
        }
    }
    Ok(persons)
}

/// Error of a question for which no person is found.
fn nobody(published: &PublishedRun, question: &Question) -> ExplainError {
    let run = published.manifest.run_id.clone();
    match question {
        Question::Record(source, _) if !published.sources().any(|known| known == source) => {
            ExplainError::NoSource { run, sources: published.sources_like(source) }
        }
        // Only the tables with names hold SNILS.
        Question::Snils(_) => {
            let by = Text {
                en: "SNILS among those whose names it tells", ru: "СНИЛС среди тех, чьи имена он знает"
            };
            ExplainError::Nobody { run, by }
        }
        _ => match question.enp_fault() {
            Some(fault) => ExplainError::NotAnEnp { run, fault },
            None => ExplainError::Nobody { run, by: question.kind() },
        },
    }
}

/// Explains the only person of a name and birth date, or lists several persons.
fn explain_by_name(run: &PublishedRun, name: &str, birth: Date) -> Result<Answer, ExplainError> {
    let candidates = by_name::candidates(run, name, birth)?;
    if candidates.is_empty() {
        return Err(ExplainError::NobodyNamed { run: run.manifest.run_id.clone() });
    }
    if let (Some(&id), 1) = (candidates.keys().next(), candidates.len()) {
        let names = OrganisationNames::read(run)?;
        let persons = vec![gather::gather(run, &names, id)?];
        return Ok(Answer { row: None, persons, taken_over_by: None, candidates: Vec::new() });
    }
    Ok(Answer { row: None, persons: Vec::new(), taken_over_by: None, candidates: candidates.into_values().collect() })
}
