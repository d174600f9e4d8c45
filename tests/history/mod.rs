//! A generated history, run night by night: at each step persons, register, changes and movement are those of the truth.
//!
//! By default 2,000 people, 3 months, 2 nights. `SVERKA_HISTORY=200000x12x5` is people, months and nights of a longer one;
//! `SVERKA_SEED` is its seed.

mod changes;
mod closing;
mod replay;
mod rows;
mod state;
mod truth;

use std::sync::LazyLock;

use replay::Replay;

/// Size of the history.
#[derive(Clone, Copy, Debug)]
struct Size {
    persons: u64,
    months: u32,
    nights: u32,
    seed: u64,
}

impl Size {
    /// Size of the environment, or a small one.
    fn from_environment() -> Self {
        let seed = std::env::var("SVERKA_SEED").map_or(1, |seed| seed.parse().expect("SVERKA_SEED is a number"));
        let text = std::env::var("SVERKA_HISTORY").unwrap_or_else(|_| "2000x3x2".to_owned());
        let numbers: Vec<u64> =
            text.split('x').map(|part| part.parse().expect("SVERKA_HISTORY is PERSONSxMONTHSxNIGHTS")).collect();
        let [persons, months, nights] = numbers[..] else { panic!("SVERKA_HISTORY is PERSONSxMONTHSxNIGHTS, not {text}") };
        Self { persons, months: months as u32, nights: nights as u32, seed }
    }
}

/// Results of each step, computed once for all tests.
static REPLAY: LazyLock<Replay> = LazyLock::new(|| Replay::of(Size::from_environment()));

/// Fails with the first complaints of all steps.
#[track_caller]
fn assert_none(complaints: impl Iterator<Item = String>) {
    let all: Vec<String> = complaints.collect();
    let shown: Vec<&str> = all.iter().take(20).map(String::as_str).collect();
    assert!(all.is_empty(), "{} complaints at {:?}\n{}", all.len(), Size::from_environment(), shown.join("\n"));
}

#[test]
fn every_record_is_its_persons_at_each_step() {
    assert_none(REPLAY.steps.iter().flat_map(|step| step.identity.iter().cloned()));
}

#[test]
fn ids_never_change_hands_and_go_by_true_merges_only() {
    assert_none(REPLAY.steps.iter().flat_map(|step| step.ids.iter().cloned()));
}

#[test]
fn the_register_is_what_can_be_known_at_each_step() {
    assert_none(REPLAY.steps.iter().flat_map(|step| step.register.iter().cloned()));
}

#[test]
fn every_true_change_is_found_and_nothing_else() {
    assert_none(REPLAY.steps.iter().flat_map(|step| step.changes.iter().cloned()));
}

#[test]
fn movement_is_the_true_one_for_every_insurer_and_clinic() {
    assert_none(REPLAY.steps.iter().flat_map(|step| step.movement.iter().cloned()));
}

#[test]
fn closed_months_and_their_corrections_are_the_newest_knowledge() {
    assert_none(REPLAY.steps.iter().flat_map(|step| step.closing.iter().cloned()));
}

#[test]
fn the_history_has_something_to_find() {
    let found: usize = REPLAY.steps.iter().map(|step| step.changes_found).sum();
    assert!(found as u64 > REPLAY.persons / 50, "{found} changes");
    assert!(REPLAY.steps.iter().all(|step| step.heads > REPLAY.persons as usize * 9 / 10));
}
