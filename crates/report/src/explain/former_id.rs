//! Ids of persons that a run knows only from former runs: retired ones, and those without a record.

use std::collections::BTreeSet;
use std::path::Path;

use super::error::ExplainError;
use super::published_run::PublishedRun;
use crate::table_reader::TableReader;
use sverka_model::PersonId;
use sverka_publish::{Manifest, OutputTable};

/// Role of the former run's ids among the inputs of a run.
const ROLE: &str = "person_ids";

/// State of an id by the table `person_ids`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum IdState {
    Living,
    TakenOver(PersonId),
    Gone,
}

/// Id that stands for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Successor(pub PersonId);

/// Id that stands for `id` in a run, if `id` is retired.
///
/// # Errors
/// [`ExplainError::Gone`] when no record of the id is left.
pub(super) fn successor(run: &PublishedRun, id: PersonId) -> Result<Option<Successor>, ExplainError> {
    let Some(table) = run.table(OutputTable::PersonIds)? else { return Ok(None) };
    let mut last = id;
    let mut seen = BTreeSet::from([id]);
    loop {
        match state(&table, last)? {
            Some(IdState::TakenOver(by)) if seen.insert(by) => last = by,
            Some(IdState::Gone) => {
                let (run_id, since) = (run.manifest.run_id.clone(), gone_since(run, last)?);
                return Err(ExplainError::Gone { run: run_id, since });
            }
            _ => break,
        }
    }
    Ok((last != id).then_some(Successor(last)))
}

/// State of an id; `None` if the table does not know it. Each known id has a row in the range of its bucket.
fn state(table: &TableReader, id: PersonId) -> Result<Option<IdState>, ExplainError> {
    const BUCKET_BITS: u32 = 12;
    let shift = PersonId::BITS - BUCKET_BITS;
    let first = (id.first_bits(BUCKET_BITS) << shift) as i64;
    let bucket = first..=first | ((1 << shift) - 1);
    let rows = table.find(
        |group| group.may_hold_number("identity", &bucket),
        &["person_id"],
        |row| row.number("person_id") == Some(id.number()),
        &["taken_over_by", "gone"],
    )?;
    Ok(rows.iter().next().map(|row| match row.number("taken_over_by") {
        Some(by) => IdState::TakenOver(PersonId::from_stored(by)),
        None if row.is_true("gone") => IdState::Gone,
        None => IdState::Living,
    }))
}

/// Earliest run in which the id has no record, among the runs that are still there.
fn gone_since(run: &PublishedRun, id: PersonId) -> Result<String, ExplainError> {
    let mut since = run.manifest.run_id.clone();
    let mut former = former_run(&run.manifest);
    let mut seen = BTreeSet::from([since.clone()]);
    while let Some(run_id) = former.take().filter(|run_id| seen.insert(run_id.clone())) {
        let dir = run.dir().parent().unwrap_or(Path::new("")).join(&run_id);
        let Some(table) = TableReader::open_if_published(&dir, OutputTable::PersonIds)? else { break };
        if state(&table, id)? != Some(IdState::Gone) {
            break;
        }
        since = run_id;
        former = Manifest::read(&dir).ok().as_ref().and_then(former_run);
    }
    Ok(since)
}

fn former_run(manifest: &Manifest) -> Option<String> {
    manifest.inputs.iter().find(|input| input.role == ROLE).map(|input| input.name.clone())
}
