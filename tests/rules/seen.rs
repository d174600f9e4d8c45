//! A case run for real, and what is wrong with what came out.

use std::collections::{BTreeMap, BTreeSet};

use sverka::engine::RecordLine;
use sverka::job::Job;
use sverka_model::{Code, Kind};
use sverka_publish::OutputTable;

use super::case::{Case, Position};
use super::job::{self, SOURCES};
use crate::published::{Manner, PublishedRun, fast_folder, load, run_loaded, with_options};

/// Rows count from the line after the header.
const FIRST_LINE: u64 = 2;

/// What a case publishes, with `more` TOML in its job.
pub fn run(case: &Case, more: &str) -> PublishedRun {
    run_in_folder(case, more).1
}

fn run_in_folder(case: &Case, more: &str) -> (Job, PublishedRun, tempfile::TempDir) {
    let folder = tempfile::tempdir_in(fast_folder()).expect("temporary folder");
    job::write(case, more, folder.path());
    let job = load(&folder.path().join("job.toml"), &folder.path().join("out"));
    let outcome = run_loaded(&job, Manner::default()).unwrap_or_else(|error| panic!("{error}"));
    let run = PublishedRun::read(&outcome.dir);
    (job, run, folder)
}

/// What is wrong with a case; nothing when it is as it says.
pub fn failures(code: Code, case: &Case, triggers: bool) -> Vec<String> {
    let (job, run, _folder) = run_in_folder(case, "");
    let expected = expected(case);
    let mut failures = Vec::new();
    if triggers == expected.is_empty() {
        failures.push(if triggers { "no row is `found`".to_owned() } else { "a row of the neighbour is `found`".to_owned() });
    }
    if case.en.is_empty() || case.ru.is_empty() {
        failures.push("`en` or `ru` is empty".to_owned());
    }
    if code.kind() == Kind::Link {
        let persons = with_options(Manner::default(), |options| sverka::engine::persons(&job, options)).expect("persons");
        let position = |record: &RecordLine| place(&job.sources[record.source].name, record.line);
        let persons: Vec<BTreeSet<Position>> =
            persons.iter().map(|person| person.records.iter().map(position).collect()).collect();
        failures.extend(wrong_links(code, &run, &persons, &expected));
    } else {
        let found = found(code, &run);
        let shown = |places: Vec<&Position>| places.iter().map(|at| format!("{}:{}", at.source, at.line)).collect::<Vec<_>>();
        let (missing, surplus) =
            (expected.difference(&found).collect::<Vec<_>>(), found.difference(&expected).collect::<Vec<_>>());
        if !missing.is_empty() {
            failures.push(format!("not found at {:?}; found there and elsewhere: {:?}", shown(missing), everything(&run)));
        }
        if !surplus.is_empty() {
            failures.push(format!("found at {:?}", shown(surplus)));
        }
    }
    failures
}

fn place(source: &str, line: u64) -> Position {
    Position { source: source.to_owned(), line }
}

/// Where the code must be found.
fn expected(case: &Case) -> BTreeSet<Position> {
    let mut expected: BTreeSet<Position> = case.found_at.iter().cloned().collect();
    for ((_, source), rows) in SOURCES.into_iter().zip([&case.register, &case.attachments]) {
        expected.extend((FIRST_LINE..).zip(rows).filter(|(_, row)| row.found).map(|(line, _)| place(source, line)));
    }
    expected
}

/// Where a code was found, or on which records it decided.
pub fn found(code: Code, run: &PublishedRun) -> BTreeSet<Position> {
    let findings = run.rows(OutputTable::Findings).filter(|row| row.text("code") == code.name());
    let findings = findings.map(|row| place(row.text("source"), row.number("line") as u64));
    let decisions = run.rows(OutputTable::Decisions).filter(|row| row.text("rule") == code.name());
    let decisions = decisions.map(|row| place(row.text("loser_source"), row.number("loser_line") as u64));
    findings.chain(decisions).collect()
}

/// All codes and where they were found, for the message of a failure.
fn everything(run: &PublishedRun) -> Vec<String> {
    let findings = run
        .rows(OutputTable::Findings)
        .map(|row| format!("{} {}:{} {}", row.text("code"), row.text("source"), row.text("line"), row.text("field")));
    let decisions = run.rows(OutputTable::Decisions).map(|row| {
        format!("{} {} {}:{}", row.text("outcome"), row.text("rule"), row.text("loser_source"), row.text("loser_line"))
    });
    findings.chain(decisions).collect()
}

/// A link is seen by its count, and by the persons that it makes (or, of records that people keep apart, does not make).
fn wrong_links(code: Code, run: &PublishedRun, persons: &[BTreeSet<Position>], expected: &BTreeSet<Position>) -> Vec<String> {
    let mut failures = Vec::new();
    let counted = run.manifest.links.get(code.name()).copied().unwrap_or(0) > 0;
    if counted == expected.is_empty() {
        failures.push(format!("links: {:?}", run.manifest.links));
    }
    let person_of: BTreeMap<&Position, usize> =
        persons.iter().enumerate().flat_map(|(person, records)| records.iter().map(move |at| (at, person))).collect();
    let of_found: Vec<Option<&usize>> = expected.iter().map(|at| person_of.get(at)).collect();
    let distinct: BTreeSet<_> = of_found.iter().flatten().collect();
    let apart = code == Code::OverrideDifferent;
    let as_meant =
        of_found.iter().all(Option::is_some) && if apart { distinct.len() == of_found.len() } else { distinct.len() <= 1 };
    if !as_meant {
        failures.push(format!("persons: {persons:?}"));
    }
    failures
}
