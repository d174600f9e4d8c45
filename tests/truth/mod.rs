//! The engine against generated regions with a known truth: recall and precision of persons, insurers, clinics, money and codes.
//!
//! `cargo test --release truth -- --nocapture` prints recall and precision for each kind of defect.

mod engine_result;
mod money;
mod region;
mod score;
mod stated;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use sverka::generate::{KINDS, Rates, Scope};
use sverka_model::{Code, Severity};

use crate::published::published;
use engine_result::EngineResult;
use region::{Defect, Person, Region, RowPosition, dense_rates};
use score::{SUBJECTS, ScoreTable, Subject};
use stated::RowOutcome;

const PERSONS: u64 = if cfg!(debug_assertions) { 3_000 } else { 20_000 };

/// In the dense region each kind strikes one person or household in this number.
const ONE_IN: u32 = 150;

/// A region and the engine's results.
struct Measured {
    name: &'static str,
    region: Region,
    result: EngineResult,
}

/// A region in which every kind is frequent enough to be measured, and one with the usual rates.
static MEASURED: LazyLock<[Measured; 2]> =
    LazyLock::new(|| [measured("dense", 1, dense_rates(ONE_IN)), measured("as in life", 20_261_101, Rates::default())]);

fn measured(name: &'static str, seed: u64, rates: Rates) -> Measured {
    let region = Region::generate(PERSONS, seed, rates);
    let result = EngineResult::from_run(&published(&region.job()));
    Measured { name, region, result }
}

#[test]
fn every_kind_is_frequent_enough_to_be_measured() {
    let [dense, _] = &*MEASURED;
    let mut struck: BTreeMap<&str, u64> = BTreeMap::new();
    for kind in dense.region.kind_of.values() {
        *struck.entry(kind).or_default() += 1;
    }
    let least = PERSONS / u64::from(ONE_IN) / 3;
    for info in KINDS.iter().filter(|info| info.scope != Scope::Field) {
        let people = struck.get(info.name).copied().unwrap_or(0);
        assert!(people >= least, "{} struck {people} people, fewer than {least}", info.name);
    }
}

#[test]
fn every_row_that_is_not_quarantined_belongs_to_a_person() {
    for Measured { name, region, result } in &*MEASURED {
        let all: BTreeSet<&RowPosition> = region.person_of.keys().collect();
        let assigned: BTreeSet<&RowPosition> = result.person_of.keys().chain(&result.quarantined).collect();
        assert_eq!(assigned, all, "region {name}");
    }
}

#[test]
fn recall_and_precision_reach_the_stated_least() {
    let mut failures = Vec::new();
    for Measured { name, region, result } in &*MEASURED {
        let table = ScoreTable::measure(region, result);
        println!("Region {name}, {PERSONS} people\n{table}\n");
        for (kind, scores) in &table.0 {
            for (subject, share) in SUBJECTS.into_iter().zip(scores) {
                let least = stated::least(kind, subject);
                if share.recall() < least.recall || share.precision() < least.precision {
                    failures.push(format!("region {name}, {kind}, {subject:?}: {share:?}, at least {least:?} is stated"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_defect_that_a_rule_can_find_is_found_at_its_row() {
    for Measured { name, region, result } in &*MEASURED {
        let missed: Vec<_> = score::expected_codes(region)
            .into_iter()
            .filter(|(position, code)| result.codes.get(position).is_none_or(|codes| !codes.contains(code)))
            .collect();
        assert!(missed.is_empty(), "region {name}: {missed:?}");
    }
}

#[test]
fn the_rows_with_errors_and_no_others_are_quarantined() {
    let errors: BTreeSet<&str> =
        Code::ALL.iter().filter(|code| code.severity() == Severity::Error).map(|code| code.name()).collect();
    for Measured { name, region, result } in &*MEASURED {
        let wrong = |defect: &&Defect| defect.code.as_deref().is_some_and(|code| errors.contains(code));
        let rows: BTreeSet<RowPosition> = region.defects.iter().filter(wrong).map(|defect| defect.position.clone()).collect();
        assert_eq!(result.quarantined, rows, "region {name}");
    }
}

#[test]
fn the_money_is_counted_for_the_people_who_are_rightly_funded() {
    for Measured { name, region, result } in &*MEASURED {
        let rightly: u64 =
            ScoreTable::measure(region, result).0.values().map(|scores| scores[Subject::Funded as usize].right).sum();
        assert_eq!(result.funded_heads, rightly, "region {name}");
    }
}

#[test]
fn defects_that_no_rule_can_see_have_the_stated_row_outcome() {
    for Measured { name, region, result } in &*MEASURED {
        let unseen = || region.defects.iter().filter(|defect| defect.code.is_none());
        let kinds: BTreeSet<&str> = unseen().map(|defect| defect.kind.as_str()).collect();
        assert_eq!(kinds, stated::UNSEEN.iter().map(|&(kind, _)| kind).collect(), "region {name}");
        let outcomes = RowOutcomes::new(region, result);
        for defect in unseen() {
            let stated = stated::UNSEEN.iter().find(|(kind, _)| *kind == defect.kind).map(|&(_, outcome)| outcome);
            assert_eq!(outcomes.outcome(&defect.position), stated, "region {name}, {}, {:?}", defect.kind, defect.position);
        }
    }
}

/// The persons of region and engine, matched by their rows.
struct RowOutcomes<'m> {
    region: &'m Region,
    result: &'m EngineResult,
    people_of: BTreeMap<i64, BTreeSet<Person>>,
    engine_persons_of: BTreeMap<Person, BTreeSet<i64>>,
}

impl<'m> RowOutcomes<'m> {
    fn new(region: &'m Region, result: &'m EngineResult) -> Self {
        let mut outcomes = Self { region, result, people_of: BTreeMap::new(), engine_persons_of: BTreeMap::new() };
        for (position, &engine_person) in &result.person_of {
            let person = region.person_of[position];
            outcomes.people_of.entry(engine_person).or_default().insert(person);
            outcomes.engine_persons_of.entry(person).or_default().insert(engine_person);
        }
        outcomes
    }

    /// The outcome of a row without a finding; `None` when it is not one of the stated outcomes.
    fn outcome(&self, position: &RowPosition) -> Option<RowOutcome> {
        if self.result.duplicates.contains(position) {
            return Some(RowOutcome::Duplicate);
        }
        let engine_person = self.result.person_of.get(position).filter(|_| !self.result.codes.contains_key(position))?;
        let is_one_engine_person = self.engine_persons_of[&self.region.person_of[position]].len() == 1;
        match (is_one_engine_person, self.people_of[engine_person].len()) {
            (true, 1) => Some(RowOutcome::TheirRecord),
            (_, 2..) => Some(RowOutcome::RecordOfAnother),
            _ => None,
        }
    }
}
