//! Changes and movement between two steps: what the truth says, and what `sverka diff` finds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::state::{OF_CLINIC, State};
use crate::commands::sverka;

/// Register by person.
pub type Register = BTreeMap<i64, State>;

/// Rows, each with the number of times that it stands there.
pub type Counted = BTreeMap<Vec<String>, i64>;

/// Changes and movement between two registers.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Person, kind, old and new value.
    pub changes: Counted,
    /// Heads by what is counted, former and later insurer and clinic.
    pub movement: Counted,
    /// Ids that are not insured because they are another id's person now.
    pub merged: BTreeSet<i64>,
}

impl Comparison {
    /// Compares two registers of the truth.
    pub fn of_truth(old: &Register, new: &Register) -> Self {
        let (mut comparison, nobody) = (Self::default(), State::default());
        let ids = old.keys().chain(new.keys().filter(|id| !old.contains_key(id)));
        for id in ids {
            let (before, now) = (old.get(id), new.get(id));
            comparison.add_changes(*id, before, now);
            comparison.add_passages(before.unwrap_or(&nobody), now.unwrap_or(&nobody));
        }
        comparison
    }

    fn add_changes(&mut self, id: i64, before: Option<&State>, now: Option<&State>) {
        let nobody = State::default();
        let (old, new) = (before.unwrap_or(&nobody), now.unwrap_or(&nobody));
        let mut add = |kind: &str, old: &str, new: &str| {
            if old != new {
                *self.changes.entry(vec![id.to_string(), kind.to_owned(), old.to_owned(), new.to_owned()]).or_default() += 1;
            }
        };
        let kind = |[begun, ended, other]: [&'static str; 3], old: &str, new: &str| match (old.is_empty(), new.is_empty()) {
            (true, _) => begun,
            (_, true) => ended,
            _ => other,
        };
        add(kind(["insured", "not_insured", "insurer"], &old.insurer, &new.insurer), &old.insurer, &new.insurer);
        add(kind(["attached", "detached", "clinic"], &old.clinic, &new.clinic), &old.clinic, &new.clinic);
        if before.is_none() || now.is_none() {
            return;
        }
        let is_same_clinic = !old.clinic.is_empty() && old.clinic == new.clinic;
        for fact in ["category", "enp", "name", "snils"].into_iter().chain(OF_CLINIC.into_iter().filter(|_| is_same_clinic)) {
            add(fact, &old.facts[fact], &new.facts[fact]);
        }
    }

    fn add_passages(&mut self, old: &State, new: &State) {
        let mut add = |of: &str, from: [&str; 2], to: [&str; 2]| {
            if from != ["", ""] || to != ["", ""] {
                let row = [of, from[0], from[1], to[0], to[1]].map(str::to_owned).to_vec();
                *self.movement.entry(row).or_default() += 1;
            }
        };
        let pair = |state: &State| {
            if state.clinic.is_empty() { [String::new(), String::new()] } else { [state.insurer.clone(), state.clinic.clone()] }
        };
        let (from, to) = (pair(old), pair(new));
        add("insurer", [&old.insurer, ""], [&new.insurer, ""]);
        add("clinic", ["", &from[1]], ["", &to[1]]);
        add("pair", [&from[0], &from[1]], [&to[0], &to[1]]);
    }

    /// Reads what `sverka diff` finds between two runs.
    pub fn found(old: &Path, new: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let to = folder.path().join("changes");
        let [old, new, to_text] = [old, new, &to].map(|path| path.to_str().expect("UTF-8"));
        sverka(&["diff", old, new, "--to", to_text, "--format", "csv"]).exits_with(0);
        let rows = |table: &str| -> Vec<csv::StringRecord> {
            let reader = csv::Reader::from_path(to.join(format!("{table}.csv")));
            reader.expect("a table").records().map(|row| row.expect("a row")).collect()
        };
        let mut found = Self::default();
        for row in rows("person_changes") {
            if &row[1] == "not_insured" && &row[4] == "merged" {
                found.merged.insert(row[0].parse().expect("an id"));
            }
            *found.changes.entry(row.iter().take(4).map(str::to_owned).collect()).or_default() += 1;
        }
        for row in rows("movement") {
            let heads: i64 = row[6].parse().expect("heads");
            *found.movement.entry(row.iter().take(5).map(str::to_owned).collect()).or_default() += heads;
        }
        found
    }
}

/// Complaints about rows that differ.
pub fn differences(step: u16, expected: &Counted, found: &Counted) -> Vec<String> {
    let missing = expected.iter().filter(|(row, count)| found.get(*row) != Some(count));
    let missing = missing.map(|(row, count)| format!("step {step}: expected {count} of {row:?}, found {:?}", found.get(row)));
    let added = found.iter().filter(|(row, _)| !expected.contains_key(*row));
    let added = added.map(|(row, count)| format!("step {step}: found {count} of {row:?}, which the truth does not know"));
    missing.chain(added).collect()
}
