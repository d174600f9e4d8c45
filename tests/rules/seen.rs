//! The run of a case, and the failures in its results.

use std::collections::{BTreeMap, BTreeSet};

use sverka::engine::RecordLine;
use sverka::job::Job;
use sverka_model::{Code, Kind};
use sverka_publish::OutputTable;

use super::case::{Case, Position};
use super::job::{self, SOURCES};
use crate::published::{Execution, PublishedRun, fast_folder, load, run_loaded, with_options};

/// Line of the first row; line 1 is the header.
const FIRST_LINE: u64 = 2;

/// The published run of a case, with `more` TOML in its job.
pub fn run(case: &Case, more: &str) -> PublishedRun {
    run_in_folder(case, more).1
}

fn run_in_folder(case: &Case, more: &str) -> (Job, PublishedRun, tempfile::TempDir) {
    let folder = tempfile::tempdir_in(fast_folder()).expect("temporary folder");
    job::write(case, more, folder.path());
    let job = load(&folder.path().join("job.toml"), &folder.path().join("out"));
    let outcome = run_loaded(&job, Execution::default()).unwrap_or_else(|error| panic!("{error}"));
    let run = PublishedRun::read(&outcome.dir);
    (job, run, folder)
}

/// The failures of a case.
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
        let persons = with_options(Execution::default(), |options| sverka::engine::persons(&job, options)).expect("persons");
        let position = |record: &RecordLine| position(&job.sources[record.source].name, record.line);
        let persons: Vec<BTreeSet<Position>> =
            persons.iter().map(|person| person.records.iter().map(position).collect()).collect();
        failures.extend(wrong_links(code, &run, &persons, &expected));
    } else {
        let found = found(code, &run);
        let shown =
            |positions: Vec<&Position>| positions.iter().map(|at| format!("{}:{}", at.source, at.line)).collect::<Vec<_>>();
        let (missing, surplus) =
            (expected.difference(&found).collect::<Vec<_>>(), found.difference(&expected).collect::<Vec<_>>());
        if !missing.is_empty() {
            failures.push(format!("not found at {:?}; found there and elsewhere: {:?}", shown(missing), all_codes(&run)));
        }
        if !surplus.is_empty() {
            failures.push(format!("found at {:?}", shown(surplus)));
        }
    }
    failures
}

fn position(source: &str, line: u64) -> Position {
    Position { source: source.to_owned(), line }
}

/// The positions at which the code must be found.
fn expected(case: &Case) -> BTreeSet<Position> {
    let mut expected: BTreeSet<Position> = case.found_at.iter().cloned().collect();
    for ((_, source), rows) in SOURCES.into_iter().zip([&case.register, &case.attachments]) {
        expected.extend((FIRST_LINE..).zip(rows).filter(|(_, row)| row.found).map(|(line, _)| position(source, line)));
    }
    expected
}

/// The positions at which a code was found, or of the records that lost by it.
pub fn found(code: Code, run: &PublishedRun) -> BTreeSet<Position> {
    let findings = run.rows(OutputTable::Findings).filter(|row| row.text("code") == code.name());
    let findings = findings.map(|row| position(row.text("source"), row.number("line") as u64));
    let decisions = run.rows(OutputTable::Decisions).filter(|row| row.text("rule") == code.name());
    let decisions = decisions.map(|row| position(row.text("loser_source"), row.number("loser_line") as u64));
    findings.chain(decisions).collect()
}

/// All codes with their positions, for the message of a failure.
fn all_codes(run: &PublishedRun) -> Vec<String> {
    let findings = run
        .rows(OutputTable::Findings)
        .map(|row| format!("{} {}:{} {}", row.text("code"), row.text("source"), row.text("line"), row.text("field")));
    let decisions = run.rows(OutputTable::Decisions).map(|row| {
        format!("{} {} {}:{}", row.text("outcome"), row.text("rule"), row.text("loser_source"), row.text("loser_line"))
    });
    findings.chain(decisions).collect()
}

/// The failures of a rule that links records: by its count, and by the persons. The expected records are one person, or, where people keep records
/// apart, one person each.
fn wrong_links(code: Code, run: &PublishedRun, persons: &[BTreeSet<Position>], expected: &BTreeSet<Position>) -> Vec<String> {
    let mut failures = Vec::new();
    let counted = run.manifest.links.get(code.name()).copied().unwrap_or(0) > 0;
    if counted == expected.is_empty() {
        failures.push(format!("links: {:?}", run.manifest.links));
    }
    let person_of: BTreeMap<&Position, usize> =
        persons.iter().enumerate().flat_map(|(person, records)| records.iter().map(move |at| (at, person))).collect();
    let persons_of_expected: Vec<Option<&usize>> = expected.iter().map(|at| person_of.get(at)).collect();
    let distinct: BTreeSet<_> = persons_of_expected.iter().flatten().collect();
    let apart = code == Code::OverrideDifferent;
    let is_right = persons_of_expected.iter().all(Option::is_some)
        && if apart { distinct.len() == persons_of_expected.len() } else { distinct.len() <= 1 };
    if !is_right {
        failures.push(format!("persons: {persons:?}"));
    }
    failures
}
