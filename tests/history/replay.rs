//! The history, run step by step, and complaints about each step.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use sverka::generate::{HistorySettings, generate_history};
use sverka::job::{CommandLine, Job};

use super::Size;
use super::changes::{Comparison, Register, differences};
use super::closing::end_month;
use super::rows::PublishedRows;
use super::state::{State, register_at};
use super::truth::{PersonKey, Record, Step, Truth};
use crate::published::{Execution, fast_folder, run_loaded};

/// Complaints about a step, and what it has.
#[derive(Default)]
pub struct CheckedStep {
    pub identity: Vec<String>,
    pub ids: Vec<String>,
    pub register: Vec<String>,
    pub changes: Vec<String>,
    pub movement: Vec<String>,
    pub closing: Vec<String>,
    pub changes_found: usize,
    /// People in the register.
    pub heads: usize,
}

/// Replayed history.
pub struct Replay {
    pub persons: u64,
    pub steps: Vec<CheckedStep>,
}

/// Result of a step that the next one is compared with.
struct Former {
    dir: PathBuf,
    ids: HashMap<PersonKey, i64>,
    register: Register,
}

/// Step that is compared with the one before.
struct Later<'s> {
    step: &'s Step,
    ids: &'s HashMap<PersonKey, i64>,
    /// Register of the truth.
    register: &'s Register,
    /// Events of former ids.
    events: &'s BTreeSet<(String, i64)>,
    dir: &'s Path,
}

impl Replay {
    /// Generates a history and runs it.
    pub fn of(size: Size) -> Self {
        let folder = tempfile::tempdir_in(fast_folder()).expect("temporary folder");
        let as_of = "2026-11-01".parse().expect("a date");
        let Size { persons, months, nights, seed } = size;
        let out = folder.path().to_owned();
        let settings = HistorySettings { persons, seed, as_of, months, nights, out, truth: true, force: false };
        generate_history(&settings, &mut |_| ()).unwrap_or_else(|error| panic!("{error}"));
        let truth = Truth::read(folder.path());
        let (mut steps, mut former) = (Vec::new(), None);
        for step in &truth.steps {
            let dir = run_step(folder.path(), step);
            let rows = PublishedRows::read(&dir);
            let mut checked = CheckedStep { heads: rows.register.len(), ..CheckedStep::default() };
            let ids = ids(&truth, step, &rows, &mut checked.identity);
            let states = register_at(&truth, step);
            let register = by_id(step, &states, &ids, &mut checked.register);
            check_register(step, &register, &rows.register, &mut checked.register);
            if let Some(former) = &former {
                let later = Later { step, ids: &ids, register: &register, events: &rows.events, dir: &dir };
                check_ids(&truth, former, &later, &mut checked.ids);
                compare(former, &later, &mut checked);
            }
            checked.closing = end_month(folder.path(), &truth, step);
            former = Some(Former { dir, ids, register });
            steps.push(checked);
        }
        Self { persons, steps }
    }
}

/// Lets the files of a step arrive and runs the job.
fn run_step(folder: &Path, step: &Step) -> PathBuf {
    let arrived = folder.join(&step.folder);
    let inbox = folder.join("inbox").join(arrived.file_name().expect("a name"));
    std::fs::rename(&arrived, &inbox).expect("arrived");
    let as_of = Some(step.as_of.parse().expect("a date"));
    let command_line = CommandLine { as_of, output: Some(folder.join("out")), ..CommandLine::default() };
    let job = Job::load(&folder.join("job.toml"), &command_line).unwrap_or_else(|error| panic!("step {}: {error}", step.number));
    run_loaded(&job, Execution::default()).unwrap_or_else(|error| panic!("step {}: {error}", step.number)).dir
}

/// Id of each true person. Complains about rows without a person, and about persons that are not one true person.
fn ids(truth: &Truth, step: &Step, rows: &PublishedRows, complaints: &mut Vec<String>) -> HashMap<PersonKey, i64> {
    let number = step.number;
    complaints.extend(rows.contradictions.iter().map(|position| format!("step {number}: two persons behind {position:?}")));
    let (mut ids, mut keys) = (HashMap::new(), HashMap::new());
    let arrived = truth.records.iter().take_while(|record| record.step <= number);
    for record in arrived.filter(|record| !rows.left_out.contains(&record.source)) {
        let position = (record.source.clone(), record.line);
        let Some(&id) = rows.person_of.get(&position) else {
            if !is_refused(record, rows.quarantined.get(&position)) {
                complaints.push(format!("step {number}: nobody behind {position:?}"));
            }
            continue;
        };
        let key = truth.known_as(record.key, number);
        let (other_id, other_key) = (*ids.entry(key).or_insert(id), *keys.entry(id).or_insert(key));
        if (other_id, other_key) != (id, key) || record.code.is_some() {
            complaints.push(format!("step {number}: {key:?} is {id} at {position:?}, and {other_id}; {id} is {other_key:?}"));
        }
    }
    ids
}

/// Whether a row is rightly in quarantine: by its mistake, or because somebody is born after the as-of date.
fn is_refused(record: &Record, codes: Option<&String>) -> bool {
    codes.is_some_and(|codes| match &record.code {
        Some(code) => codes.contains(code),
        None => codes.contains("BIRTH_DATE_RANGE"),
    })
}

/// The register of the truth by ids.
fn by_id(
    step: &Step,
    states: &BTreeMap<PersonKey, State>,
    ids: &HashMap<PersonKey, i64>,
    complaints: &mut Vec<String>,
) -> Register {
    let mut register = Register::new();
    for (key, state) in states {
        match ids.get(key) {
            Some(id) => drop(register.insert(*id, state.clone())),
            None => complaints.push(format!("step {}: {key:?} is insured and in no row", step.number)),
        }
    }
    register
}

fn check_register(step: &Step, expected: &Register, found: &Register, complaints: &mut Vec<String>) {
    let differing = expected.iter().filter(|(id, state)| found.get(id) != Some(state));
    complaints.extend(differing.map(|(id, state)| format!("step {}: {id} is {:?}, not {state:?}", step.number, found.get(id))));
    let more = found.iter().filter(|(id, _)| !expected.contains_key(id));
    complaints.extend(more.map(|(id, state)| format!("step {}: {id} is {state:?} and should not be insured", step.number)));
}

/// Complains about ids that are another person's, or that a person lost otherwise than by becoming one with another part, and about events of ids
/// that are no true mergers.
fn check_ids(truth: &Truth, former: &Former, later: &Later<'_>, complaints: &mut Vec<String>) {
    let (ids, number) = (later.ids, later.step.number);
    let mut of_person: HashMap<PersonKey, Vec<i64>> = HashMap::new();
    for (&key, &id) in &former.ids {
        of_person.entry(truth.known_as(key, number)).or_default().push(id);
    }
    for (key, before) in &of_person {
        match ids.get(key) {
            Some(id) if before.contains(id) => {}
            other => complaints.push(format!("step {number}: {key:?} was {before:?} and is {other:?}")),
        }
    }
    let owners: HashMap<i64, PersonKey> = former.ids.iter().map(|(&key, &id)| (id, truth.known_as(key, number))).collect();
    let changed_hands = ids.iter().filter(|(key, id)| owners.get(id).is_some_and(|owner| owner != *key));
    complaints.extend(changed_hands.map(|(key, id)| format!("step {number}: {id} of {:?} is {key:?}'s", owners[id])));
    let living: HashSet<i64> = ids.values().copied().collect();
    let retired = former.ids.values().filter(|id| !living.contains(id));
    let merged: BTreeSet<(String, i64)> = retired.map(|&id| ("merged".to_owned(), id)).collect();
    let differing = merged.symmetric_difference(later.events);
    complaints.extend(differing.map(|event| format!("step {number}: {event:?} in truth or events alone")));
}

/// Compares what differs since the former step in truth and by `sverka diff`.
fn compare(former: &Former, later: &Later<'_>, checked: &mut CheckedStep) {
    let number = later.step.number;
    let found = Comparison::found(&former.dir, later.dir);
    let expected = Comparison::of_truth(&former.register, later.register);
    checked.changes = differences(number, &expected.changes, &found.changes);
    checked.movement = differences(number, &expected.movement, &found.movement);
    checked.changes_found = found.changes.len();
    let merged = later.events.iter().filter(|(event, id)| event == "merged" && former.register.contains_key(id));
    if merged.map(|(_, id)| *id).collect::<BTreeSet<i64>>() != found.merged {
        checked.ids.push(format!("step {number}: the comparison says that {:?} were merged", found.merged));
    }
}
