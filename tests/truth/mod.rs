//! The engine against generated regions, whose truth is known: recall and precision of persons, insurers, clinics, money and codes.
//!
//! `cargo test --release truth -- --nocapture` prints them for each kind of defect.

mod made;
mod region;
mod score;
mod stated;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use sverka::generate::{KINDS, Rates, Scope};
use sverka_model::{Code, Severity};

use crate::published::published;
use made::Made;
use region::{Defect, Person, Place, Region, dense_rates};
use score::{SUBJECTS, ScoreTable, Subject};
use stated::Fate;

const PERSONS: u64 = if cfg!(debug_assertions) { 3_000 } else { 20_000 };

/// In the dense region each kind strikes one person or household of so many.
const ONE_IN: u32 = 150;

/// A region and what the engine made of it.
struct Measured {
    name: &'static str,
    region: Region,
    made: Made,
}

/// A region in which every kind is frequent enough to be measured, and one as in life.
static MEASURED: LazyLock<[Measured; 2]> =
    LazyLock::new(|| [measured("dense", 1, dense_rates(ONE_IN)), measured("as in life", 20_261_101, Rates::default())]);

fn measured(name: &'static str, seed: u64, rates: Rates) -> Measured {
    let region = Region::generate(PERSONS, seed, rates);
    let made = Made::of(&published(&region.job()));
    Measured { name, region, made }
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
    for Measured { name, region, made } in &*MEASURED {
        let all: BTreeSet<&Place> = region.person_of.keys().collect();
        let told: BTreeSet<&Place> = made.person_of.keys().chain(&made.quarantined).collect();
        assert_eq!(told, all, "region {name}");
    }
}

#[test]
fn recall_and_precision_are_at_least_what_is_stated() {
    let mut failures = Vec::new();
    for Measured { name, region, made } in &*MEASURED {
        let table = ScoreTable::measure(region, made);
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
    for Measured { name, region, made } in &*MEASURED {
        let missed: Vec<_> = score::expected_codes(region)
            .into_iter()
            .filter(|(place, code)| made.codes.get(place).is_none_or(|codes| !codes.contains(code)))
            .collect();
        assert!(missed.is_empty(), "region {name}: {missed:?}");
    }
}

#[test]
fn the_rows_with_errors_and_no_others_are_quarantined() {
    let errors: BTreeSet<&str> =
        Code::ALL.iter().filter(|code| code.severity() == Severity::Error).map(|code| code.name()).collect();
    for Measured { name, region, made } in &*MEASURED {
        let wrong = |defect: &&Defect| defect.code.as_deref().is_some_and(|code| errors.contains(code));
        let rows: BTreeSet<Place> = region.defects.iter().filter(wrong).map(|defect| defect.place.clone()).collect();
        assert_eq!(made.quarantined, rows, "region {name}");
    }
}

#[test]
fn the_money_is_counted_for_the_people_who_are_rightly_funded() {
    for Measured { name, region, made } in &*MEASURED {
        let rightly: u64 = ScoreTable::measure(region, made).0.values().map(|scores| scores[Subject::Funded as usize].both).sum();
        assert_eq!(made.funded_heads, rightly, "region {name}");
    }
}

#[test]
fn what_no_rule_can_see_is_accepted_or_set_aside_as_stated() {
    for Measured { name, region, made } in &*MEASURED {
        let unseen = || region.defects.iter().filter(|defect| defect.code.is_none());
        let kinds: BTreeSet<&str> = unseen().map(|defect| defect.kind.as_str()).collect();
        assert_eq!(kinds, stated::UNSEEN.iter().map(|&(kind, _)| kind).collect(), "region {name}");
        let fates = Fates::new(region, made);
        for defect in unseen() {
            let stated = stated::UNSEEN.iter().find(|(kind, _)| *kind == defect.kind).map(|&(_, fate)| fate);
            assert_eq!(fates.of(&defect.place), stated, "region {name}, {}, {:?}", defect.kind, defect.place);
        }
    }
}

/// Who is whose, for the fates of rows.
struct Fates<'m> {
    region: &'m Region,
    made: &'m Made,
    people_of: BTreeMap<i64, BTreeSet<Person>>,
    engine_persons_of: BTreeMap<Person, BTreeSet<i64>>,
}

impl<'m> Fates<'m> {
    fn new(region: &'m Region, made: &'m Made) -> Self {
        let mut fates = Self { region, made, people_of: BTreeMap::new(), engine_persons_of: BTreeMap::new() };
        for (place, &engine_person) in &made.person_of {
            let person = region.person_of[place];
            fates.people_of.entry(engine_person).or_default().insert(person);
            fates.engine_persons_of.entry(person).or_default().insert(engine_person);
        }
        fates
    }

    /// What became of a row without a finding, if it is one of the stated fates.
    fn of(&self, place: &Place) -> Option<Fate> {
        if self.made.duplicates.contains(place) {
            return Some(Fate::Duplicate);
        }
        let engine_person = self.made.person_of.get(place).filter(|_| !self.made.codes.contains_key(place))?;
        let whole = self.engine_persons_of[&self.region.person_of[place]].len() == 1;
        match (whole, self.people_of[engine_person].len()) {
            (true, 1) => Some(Fate::TheirRecord),
            (_, 2..) => Some(Fate::RecordOfAnother),
            _ => None,
        }
    }
}
