//! The engine's persons, compared with those of the reference by their records.

use std::collections::BTreeMap;

use sverka::engine::{RecordLine, persons};
use sverka::job::Job;
use sverka_model as model;

use crate::published::{Execution, with_options};
use crate::reference::{Expected, Position, Table};

/// The engine's number of each person of the reference; an error when their persons differ.
pub fn ids(job: &Job, execution: Execution, expected: &Expected) -> Result<Vec<i64>, String> {
    let mut by_records = by_records(job, execution)?;
    let mut ids = Vec::new();
    for person in &expected.people {
        match by_records.remove(&person.records) {
            Some(id) => ids.push(id),
            None => return Err(format!("identity: the engine has no person with exactly the records {:?}", person.records)),
        }
    }
    match by_records.first_key_value() {
        None => Ok(ids),
        Some((records, _)) => Err(format!("identity: only the engine has a person with the records {records:?}")),
    }
}

/// The engine's persons by their records; an error when their numbers do not ascend.
fn by_records(job: &Job, execution: Execution) -> Result<BTreeMap<Vec<Position>, i64>, String> {
    let persons = with_options(execution, |options| persons(job, options)).unwrap_or_else(|error| panic!("{error}"));
    let ascending = persons.iter().all(|person| person.person_id.number() > 0)
        && persons.windows(2).all(|pair| pair[0].person_id < pair[1].person_id);
    if !ascending {
        return Err("identity: the numbers of persons are not positive and in ascending order".to_owned());
    }
    let position = |RecordLine { table, source, line }: RecordLine| {
        let table = match table {
            model::Table::Register => Table::Register,
            model::Table::Attachments => Table::Attachments,
        };
        Position { table, source: job.sources[source].name.clone(), line: line as usize }
    };
    Ok(persons
        .into_iter()
        .map(|person| (person.records.into_iter().map(position).collect(), person.person_id.number()))
        .collect())
}
