//! Recall and precision of what the engine made, against what the region says, for each kind.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::made::Made;
use super::region::{Outcome, Person, Place, Region};

/// People to whom nothing happened, in the table of kinds.
pub const ORDERLY: &str = "(orderly life)";

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// Pairs of records of one person.
    Persons,
    /// Insurers on the as-of date.
    Insurers,
    /// Clinics on the as-of date.
    Clinics,
    /// Heads that are paid for.
    Funded,
    /// Findings and decisions at rows.
    Codes,
}

/// Every subject, in the order of [`Scores`].
pub const SUBJECTS: [Subject; 5] = [Subject::Persons, Subject::Insurers, Subject::Clinics, Subject::Funded, Subject::Codes];

/// How much of what is so was said, and how much of what was said is so.
#[derive(Clone, Copy, Debug, Default)]
pub struct Share {
    /// What the region says.
    pub so: u64,
    /// What the engine says.
    pub said: u64,
    /// What both say.
    pub both: u64,
}

impl Share {
    /// Share of the region's that the engine found; 1 when there is none.
    pub fn recall(self) -> f64 {
        share(self.both, self.so)
    }

    /// Share of the engine's that the region knows; 1 when there is none.
    pub fn precision(self) -> f64 {
        share(self.both, self.said)
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// One [`Share`] for each of [`SUBJECTS`].
pub type Scores = [Share; SUBJECTS.len()];

/// The scores of each kind, by its name.
pub struct ScoreTable(pub BTreeMap<String, Scores>);

impl ScoreTable {
    /// Measures a run against its region.
    pub fn measure(region: &Region, made: &Made) -> Self {
        let mut table = Self(BTreeMap::new());
        let records = records_by_person(region, made);
        table.pairs(region, made, &records);
        let spoken_for = spoken_for(region, made);
        for (&person, places) in &records {
            let engine_persons: BTreeSet<i64> = places.iter().filter_map(|place| made.person_of.get(*place)).copied().collect();
            let of_them = |engine_person: &&i64| spoken_for[*engine_person] == person;
            let answers: Vec<&Outcome> =
                engine_persons.iter().filter(of_them).filter_map(|person| made.register.get(person)).collect();
            let so = region.insured.get(&person);
            let kind = kind(region, person);
            table.outcome(kind, Subject::Insurers, so, &answers, |outcome| Some(outcome.insurer.as_str()));
            table.outcome(kind, Subject::Clinics, so, &answers, |outcome| outcome.clinic.as_deref());
            table.outcome(kind, Subject::Funded, so, &answers, |outcome| outcome.funded.then_some("funded"));
        }
        table.codes(region, made);
        table
    }

    fn share(&mut self, kind: &str, subject: Subject) -> &mut Share {
        &mut self.0.entry(kind.to_owned()).or_default()[subject as usize]
    }

    /// Pairs of rows that were not quarantined.
    fn pairs(&mut self, region: &Region, made: &Made, records: &BTreeMap<Person, Vec<&Place>>) {
        for (&person, places) in records {
            let of_engine: Vec<i64> = places.iter().filter_map(|place| made.person_of.get(*place)).copied().collect();
            let pairs = (0..of_engine.len()).flat_map(|right| (0..right).map(move |left| (left, right)));
            let together = pairs.filter(|&(left, right)| of_engine[left] == of_engine[right]).count() as u64;
            let share = self.share(kind(region, person), Subject::Persons);
            share.so += (of_engine.len() * of_engine.len().saturating_sub(1) / 2) as u64;
            share.both += together;
            share.said += together;
        }
        let mut by_engine: BTreeMap<i64, BTreeMap<Person, u64>> = BTreeMap::new();
        for (place, &engine_person) in &made.person_of {
            *by_engine.entry(engine_person).or_default().entry(region.person_of[place]).or_default() += 1;
        }
        for people in by_engine.values().filter(|people| people.len() > 1) {
            for (&person, &rows) in people {
                let rows_of_others: u64 = people.iter().filter(|(other, _)| **other != person).map(|(_, rows)| rows).sum();
                self.share(kind(region, person), Subject::Persons).said += rows * rows_of_others;
            }
        }
    }

    fn outcome(
        &mut self,
        kind: &str,
        subject: Subject,
        so: Option<&Outcome>,
        answers: &[&Outcome],
        part: impl for<'o> Fn(&'o Outcome) -> Option<&'o str>,
    ) {
        let said: Vec<&str> = answers.iter().copied().filter_map(&part).collect();
        let so = so.and_then(&part);
        let share = self.share(kind, subject);
        share.so += u64::from(so.is_some());
        share.said += said.len() as u64;
        share.both += u64::from(so.is_some_and(|so| said.contains(&so)));
    }

    fn codes(&mut self, region: &Region, made: &Made) {
        let so = expected_codes(region);
        for (place, code) in &so {
            let found = made.codes.get(place).is_some_and(|codes| codes.contains(code));
            let share = self.share(kind(region, region.person_of[place]), Subject::Codes);
            share.so += 1;
            share.both += u64::from(found);
        }
        for (place, codes) in &made.codes {
            self.share(kind(region, region.person_of[place]), Subject::Codes).said += codes.len() as u64;
        }
    }
}

/// Every code that the region asks for, at its row.
pub fn expected_codes(region: &Region) -> BTreeSet<(Place, String)> {
    region.defects.iter().filter_map(|defect| Some((defect.place.clone(), defect.code.clone()?))).collect()
}

/// What happened to a person.
pub fn kind(region: &Region, person: Person) -> &str {
    region.kind_of.get(&person).map_or(ORDERLY, String::as_str)
}

/// Whom each of the engine's persons speaks for: of several people taken for one, the first.
fn spoken_for(region: &Region, made: &Made) -> BTreeMap<i64, Person> {
    let mut spoken_for = BTreeMap::new();
    for (place, &engine_person) in &made.person_of {
        let person = region.person_of[place];
        spoken_for.entry(engine_person).and_modify(|first: &mut Person| *first = person.min(*first)).or_insert(person);
    }
    spoken_for
}

/// Rows of each person that were not quarantined; people of whom none is left stay, with none.
fn records_by_person<'r>(region: &'r Region, made: &Made) -> BTreeMap<Person, Vec<&'r Place>> {
    let mut records: BTreeMap<Person, Vec<&Place>> = BTreeMap::new();
    for (place, &person) in &region.person_of {
        let of_person = records.entry(person).or_default();
        if !made.quarantined.contains(place) {
            of_person.push(place);
        }
    }
    records
}

impl fmt::Display for ScoreTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:28}", "recall / precision (cases)")?;
        for subject in SUBJECTS {
            write!(f, "  {:<22}", format!("{subject:?}").to_lowercase())?;
        }
        for (kind, scores) in &self.0 {
            write!(f, "\n{kind:28}")?;
            for share in scores {
                let cell = match (share.so, share.said) {
                    (0, 0) => "-".to_owned(),
                    (so, _) => format!("{:.3} / {:.3} ({so})", share.recall(), share.precision()),
                };
                write!(f, "  {cell:<22}")?;
            }
        }
        Ok(())
    }
}
