//! The register as it can be known at a step, from the truth alone (SEM-461, SEM-462).

use std::collections::BTreeMap;

use super::truth::{Change, FirstFacts, PersonKey, Step, Truth};

/// Facts of a person by the kinds of `person_changes`: an absent one is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub insurer: String,
    /// Clinic; empty for the unattached.
    pub clinic: String,
    /// Method, district and doctor with the clinic; category, ENP, name and SNILS.
    pub facts: BTreeMap<String, String>,
}

/// Kinds of facts that belong to the attachment.
pub const OF_CLINIC: [&str; 3] = ["method", "district", "doctor"];

/// Everybody in the register at a step.
pub fn register_at(truth: &Truth, step: &Step) -> BTreeMap<PersonKey, State> {
    let is_one = |key: &PersonKey| truth.known_as(*key, step.number) == *key;
    let people = truth.persons.iter().filter(|(key, _)| is_one(key));
    people.filter_map(|(&key, first)| Some((key, state_of(truth, key, first, step)?))).collect()
}

/// State of a person; `None` for the uninsured.
fn state_of(truth: &Truth, key: PersonKey, first: &FirstFacts, step: &Step) -> Option<State> {
    let is_seen = |known_by: u16, from: &str| known_by <= step.number && from <= step.as_of.as_str();
    let mut state = State::default();
    if is_seen(first.known_by, &first.insured_from) {
        state.insurer.clone_from(&first.insurer);
    }
    state.facts.extend(first.facts.iter().map(|(kind, value)| ((*kind).to_owned(), value.clone())));
    if let Some(attachment) = first.attachment.as_ref().filter(|attachment| is_seen(attachment.known_by, &attachment.from)) {
        state.clinic.clone_from(&attachment.clinic);
        state.facts.extend(attachment.facts.iter().map(|(kind, value)| ((*kind).to_owned(), value.clone())));
    }
    let changes = truth.changes.get(&key.person).filter(|_| key.part == 1).into_iter().flatten();
    for change in changes.filter(|change| is_seen(change.known_by, &change.from)) {
        state.apply(change);
    }
    let grown_up = grown_up_on(&first.birth_date);
    if truth.children_only.contains(&state.clinic) && grown_up <= step.as_of {
        state.clinic.clear();
    }
    for succession in truth.successions.iter().filter(|succession| succession.on <= step.as_of) {
        if state.clinic == succession.code {
            state.clinic.clone_from(&succession.successor);
        }
    }
    if state.clinic.is_empty() {
        state.facts.retain(|kind, _| !OF_CLINIC.contains(&kind.as_str()));
    }
    (!state.insurer.is_empty()).then_some(state)
}

impl State {
    fn apply(&mut self, change: &Change) {
        match change.kind.as_str() {
            "insurer" => self.insurer.clone_from(&change.new),
            "not_insured" => self.insurer.clear(),
            "clinic" | "attached" => self.clinic.clone_from(&change.new),
            "detached" => self.clinic.clear(),
            "birth_date" | "document" => {}
            fact => drop(self.facts.insert(fact.to_owned(), change.new.clone())),
        }
    }
}

/// The 18th birthday, ISO.
fn grown_up_on(birth_date: &str) -> String {
    let (year, rest) = birth_date.split_once('-').expect("a date");
    let year: u32 = year.parse().expect("a year");
    let rest = if rest == "02-29" && !(year + 18).is_multiple_of(4) { "03-01" } else { rest };
    format!("{}-{rest}", year + 18)
}
