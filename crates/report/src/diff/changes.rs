//! Changes of persons and their movement, slice by slice.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use rayon::prelude::*;

use super::causes::{Cause, PersonInRuns, method_word};
use super::facts::{CauseTables, PersonFacts};
use super::movement::{Movement, Passage, Passages, STAYED};
use super::people::{FACT_COLUMNS, FACTS, PLACE_COLUMNS, People, pairs};
use super::run::{ComparedRuns, TablePair};
use super::taken_over::TakenOver;
use super::{DiffError, DiffFilter};
use sverka_publish::OutputTable;

/// Persons of a slice: few enough that a slice of each thread fits into memory many times.
const SLICE_PERSONS: u64 = 1 << 16;
/// Number of the person, by which the tables are sorted.
const KEY: &str = "person_id";

/// Change about a person: a row of `person_changes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PersonChange {
    pub person_id: i64,
    pub kind: &'static str,
    pub old: Option<String>,
    pub new: Option<String>,
    pub cause: Cause,
}

/// Number of changes by kind and cause. A change without a cause has an empty one.
pub type ChangeCounts = BTreeMap<&'static str, BTreeMap<&'static str, u64>>;

/// Result of comparing the persons of two runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleDiff {
    /// Insured people of the former run.
    pub insured_before: u64,
    /// Insured people of the later run.
    pub insured_now: u64,
    /// Changes by kind and cause.
    pub changes: ChangeCounts,
    /// Movement.
    pub movement: Movement,
}

/// Person who came to a clinic, left one, or changed the method of attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClinicMove {
    /// Number of the person.
    pub person_id: i64,
    /// Clinic in the former run at which the person was counted.
    pub from: Option<String>,
    /// Clinic in the later run at which the person is counted.
    pub to: Option<String>,
    /// Cause, as in the movement of clinics.
    pub cause: &'static str,
}

/// Persons of a slice who changed, in the order of their numbers.
#[derive(Debug, Default)]
pub(super) struct ChangedPersons {
    pub changes: Vec<PersonChange>,
    pub moves: Vec<ClinicMove>,
}

/// Consumer of the changes, which come in the order of the table.
pub(super) type TakeChanges<'t> = dyn FnMut(ChangedPersons) -> Result<(), DiffError> + 't;

/// Compares the persons of both runs; `None` when a run has no table of them.
pub(super) fn compare_people(
    runs: &mut ComparedRuns,
    filter: &DiffFilter,
    take: &mut TakeChanges<'_>,
) -> Result<Option<PeopleDiff>, DiffError> {
    let Some(persons) = runs.pair(OutputTable::Persons, PLACE_COLUMNS)? else { return Ok(None) };
    runs.taken_over = TakenOver::read(&runs.new, &persons)?;
    let facts = runs.common_columns(&persons, OutputTable::Persons, FACT_COLUMNS);
    let causes = CauseTables::open(runs)?;
    let comparison = Comparison { runs, persons: &persons, columns: [PLACE_COLUMNS, &facts].concat(), causes: &causes, filter };
    let larger = if persons.old.rows() > persons.new.rows() { &persons.old } else { &persons.new };
    let mut diff = PeopleDiff { insured_before: persons.old.rows(), insured_now: persons.new.rows(), ..PeopleDiff::default() };
    // Slices are compared in groups, so the changes of few slices wait in memory for their turn.
    let slices = larger.key_slices(KEY, SLICE_PERSONS);
    for slices in slices.chunks(2 * rayon::current_num_threads()) {
        let compared: Result<Vec<SliceDiff>, DiffError> = slices.par_iter().map(|slice| comparison.compare(slice)).collect();
        for slice in compared? {
            for change in &slice.persons.changes {
                let by_cause = diff.changes.entry(change.kind).or_default();
                *by_cause.entry(change.cause.word.unwrap_or_default()).or_default() += 1;
            }
            diff.movement.merge(slice.movement);
            take(slice.persons)?;
        }
    }
    diff.movement.check(&comparison.runs.old, &comparison.runs.new)?;
    Ok(Some(diff))
}

/// Result of one slice.
struct SliceDiff {
    persons: ChangedPersons,
    movement: Movement,
}

/// Everything that the comparison of a slice needs.
struct Comparison<'c> {
    runs: &'c ComparedRuns,
    persons: &'c TablePair,
    columns: Vec<&'c str>,
    causes: &'c CauseTables,
    filter: &'c DiffFilter,
}

impl Comparison<'_> {
    fn compare(&self, slice: &RangeInclusive<i64>) -> Result<SliceDiff, DiffError> {
        let old = self.runs.taken_over.read_slice(self.persons, slice, &self.columns)?;
        let new = self.persons.new.read_key_range(KEY, slice, &self.columns)?;
        let (old, new) = (People::new(&old), People::new(&new));
        let mut passages = Passages::default();
        let mut changed = Vec::new();
        for rows in pairs(old.ids(), new.ids()) {
            let person = PersonInRuns { runs: self.runs, old: &old, new: &new, old_row: rows.old, new_row: rows.new };
            if is_changed(&person) {
                changed.push(person);
            } else {
                passages.add(self.passage(&person, &PersonFacts::default()));
            }
        }
        let ids: Vec<i64> = changed.iter().map(id_of).collect();
        let facts = self.causes.of_persons(&ids)?;
        let mut persons = ChangedPersons::default();
        for (person, facts) in changed.iter().zip(facts.values()) {
            let passage = self.passage(person, facts);
            passages.add(passage);
            if self.filter.takes_person(person) {
                add_changes(person, facts, &mut persons.changes);
                persons.moves.extend(clinic_move(id_of(person), &passage));
            }
        }
        Ok(SliceDiff { persons, movement: passages.to_movement() })
    }

    /// Passage of a person, with causes where the place differs.
    fn passage<'p>(&'p self, person: &PersonInRuns<'p>, facts: &PersonFacts) -> Passage<'p> {
        let from = person.old_row.map(|row| person.old.place(row, &self.runs.old)).unwrap_or_default();
        let to = person.new_row.map(|row| person.new.place(row, &self.runs.new)).unwrap_or_default();
        let word = |cause: Cause| cause.word.unwrap_or("unknown");
        let insurer_cause = if from.insurer == to.insurer { STAYED } else { word(person.insurance_cause(facts)) };
        let clinic_cause = match (from.clinic, to.clinic) {
            (Some(old), Some(new)) if old == new => match person.methods() {
                (Some(old), Some(new)) if old != new => method_word(Some(new)),
                _ => STAYED,
            },
            (None, None) => STAYED,
            (Some(_), None) if to.insurer.is_some() => "detached",
            // The clinic is the same, but its people are counted elsewhere now.
            (Some(_), Some(_)) if person.clinics().0 == person.clinics().1 => "succession",
            _ => word(person.attachment_cause(facts)),
        };
        Passage { from, to, insurer_cause, clinic_cause }
    }
}

fn clinic_move(person_id: i64, passage: &Passage<'_>) -> Option<ClinicMove> {
    let code = |clinic: Option<&str>| clinic.map(str::to_owned);
    let (from, to) = (code(passage.from.clinic), code(passage.to.clinic));
    (passage.clinic_cause != STAYED).then_some(ClinicMove { person_id, from, to, cause: passage.clinic_cause })
}

fn id_of(person: &PersonInRuns<'_>) -> i64 {
    let of_old = person.old_row.map(|row| person.old.ids()[row]);
    let of_new = person.new_row.map(|row| person.new.ids()[row]);
    of_old.or(of_new).expect("invariant: a person is in one of the runs")
}

/// Whether anything about a person differs that is told.
fn is_changed(person: &PersonInRuns<'_>) -> bool {
    let (Some(old), Some(new)) = (person.old_row, person.new_row) else { return true };
    let (insurers, clinics, methods) = (person.insurers(), person.clinics(), person.methods());
    insurers.0 != insurers.1
        || clinics.0 != clinics.1
        || methods.0 != methods.1
        || (0..FACTS.len()).any(|fact| !person.old.has_same_fact(fact, old, person.new, new))
}

/// Adds the changes of a person, by kind.
fn add_changes(person: &PersonInRuns<'_>, facts: &PersonFacts, changes: &mut Vec<PersonChange>) {
    let (first, person_id) = (changes.len(), id_of(person));
    let mut add = |kind, old: Option<String>, new: Option<String>, cause| {
        changes.push(PersonChange { person_id, kind, old, new, cause });
    };
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let (old, new) = person.insurers();
    if old != new {
        let kind = if old.is_none() {
            "insured"
        } else if new.is_none() {
            "not_insured"
        } else {
            "insurer"
        };
        add(kind, owned(old), owned(new), person.insurance_cause(facts));
    }
    let (old, new) = person.clinics();
    if old != new {
        let kind = if old.is_none() {
            "attached"
        } else if new.is_none() {
            "detached"
        } else {
            "clinic"
        };
        add(kind, owned(old), owned(new), person.attachment_cause(facts));
    }
    let is_same_clinic = old.is_some() && old == new;
    if let (Some(old_row), Some(new_row)) = (person.old_row, person.new_row) {
        let (old, new) = person.methods();
        if is_same_clinic && old != new {
            let text = |method: Option<i32>| method.map(|method| method.to_string());
            add("method", text(old), text(new), person.fact_cause(facts, true));
        }
        for (index, fact) in FACTS.iter().enumerate() {
            let is_told = is_same_clinic || !fact.is_of_clinic;
            if is_told && !person.old.has_same_fact(index, old_row, person.new, new_row) {
                let (old, new) = (person.old.fact_text(index, old_row), person.new.fact_text(index, new_row));
                add(fact.kind, old, new, person.fact_cause(facts, fact.is_of_clinic));
            }
        }
    }
    changes[first..].sort_by_key(|change| change.kind);
}

/// Codes of insurers and clinics that a person is at in either run, those of branches and those at which they are counted.
pub(super) fn codes_of<'p>(person: &PersonInRuns<'p>) -> (BTreeSet<&'p str>, BTreeSet<&'p str>) {
    let (insurers, clinics) = (person.insurers(), person.clinics());
    let counted =
        [clinics.0.map(|clinic| person.runs.old.counted_at(clinic)), clinics.1.map(|clinic| person.runs.new.counted_at(clinic))];
    let insurers = [insurers.0, insurers.1].into_iter().flatten().collect();
    (insurers, [clinics.0, clinics.1].into_iter().chain(counted).flatten().collect())
}
