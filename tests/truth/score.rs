//! Recall and precision of the engine's results against the region's truth, for each kind.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::engine_result::EngineResult;
use super::region::{Outcome, Person, Region, RowPosition};

/// People to whom nothing happened, in the table of kinds.
pub const ORDERLY: &str = "(orderly life)";

/// A measured part of the results.
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

/// Counts for recall and precision.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    /// Facts of the region's truth.
    pub expected: u64,
    /// Facts in the engine's results.
    pub found: u64,
    /// Facts in both.
    pub right: u64,
}

impl Score {
    /// Share of the expected facts that the engine found; 1 when there are none.
    pub fn recall(self) -> f64 {
        share(self.right, self.expected)
    }

    /// Share of the engine's facts that are right; 1 when there are none.
    pub fn precision(self) -> f64 {
        share(self.right, self.found)
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// One [`Score`] for each of [`SUBJECTS`].
pub type Scores = [Score; SUBJECTS.len()];

/// The scores of each kind, by its name.
pub struct ScoreTable(pub BTreeMap<String, Scores>);

impl ScoreTable {
    /// Measures a run against its region.
    pub fn measure(region: &Region, result: &EngineResult) -> Self {
        let mut table = Self(BTreeMap::new());
        let records = records_by_person(region, result);
        table.pairs(region, result, &records);
        let represented = represented(region, result);
        for (&person, positions) in &records {
            let engine_persons: BTreeSet<i64> =
                positions.iter().filter_map(|position| result.person_of.get(*position)).copied().collect();
            let stands_for_them = |engine_person: &&i64| represented[*engine_person] == person;
            let answers: Vec<&Outcome> =
                engine_persons.iter().filter(stands_for_them).filter_map(|person| result.register.get(person)).collect();
            let expected = region.insured.get(&person);
            let kind = kind(region, person);
            table.outcome(kind, Subject::Insurers, expected, &answers, |outcome| Some(outcome.insurer.as_str()));
            table.outcome(kind, Subject::Clinics, expected, &answers, |outcome| outcome.clinic.as_deref());
            table.outcome(kind, Subject::Funded, expected, &answers, |outcome| outcome.funded.then_some("funded"));
        }
        table.codes(region, result);
        table
    }

    fn score(&mut self, kind: &str, subject: Subject) -> &mut Score {
        &mut self.0.entry(kind.to_owned()).or_default()[subject as usize]
    }

    /// Counts pairs of records of one person; quarantined rows are no records.
    fn pairs(&mut self, region: &Region, result: &EngineResult, records: &BTreeMap<Person, Vec<&RowPosition>>) {
        for (&person, positions) in records {
            let of_engine: Vec<i64> = positions.iter().filter_map(|position| result.person_of.get(*position)).copied().collect();
            let pairs = (0..of_engine.len()).flat_map(|right| (0..right).map(move |left| (left, right)));
            let together = pairs.filter(|&(left, right)| of_engine[left] == of_engine[right]).count() as u64;
            let score = self.score(kind(region, person), Subject::Persons);
            score.expected += (of_engine.len() * of_engine.len().saturating_sub(1) / 2) as u64;
            score.right += together;
            score.found += together;
        }
        let mut by_engine: BTreeMap<i64, BTreeMap<Person, u64>> = BTreeMap::new();
        for (position, &engine_person) in &result.person_of {
            *by_engine.entry(engine_person).or_default().entry(region.person_of[position]).or_default() += 1;
        }
        for people in by_engine.values().filter(|people| people.len() > 1) {
            for (&person, &rows) in people {
                let rows_of_others: u64 = people.iter().filter(|(other, _)| **other != person).map(|(_, rows)| rows).sum();
                self.score(kind(region, person), Subject::Persons).found += rows * rows_of_others;
            }
        }
    }

    /// Counts one part of a person's outcome; `answers` are the outcomes of the engine's persons that stand for the person.
    fn outcome(
        &mut self,
        kind: &str,
        subject: Subject,
        expected: Option<&Outcome>,
        answers: &[&Outcome],
        part: impl for<'o> Fn(&'o Outcome) -> Option<&'o str>,
    ) {
        let found: Vec<&str> = answers.iter().copied().filter_map(&part).collect();
        let expected = expected.and_then(&part);
        let score = self.score(kind, subject);
        score.expected += u64::from(expected.is_some());
        score.found += found.len() as u64;
        score.right += u64::from(expected.is_some_and(|expected| found.contains(&expected)));
    }

    fn codes(&mut self, region: &Region, result: &EngineResult) {
        for (position, code) in &expected_codes(region) {
            let found = result.codes.get(position).is_some_and(|codes| codes.contains(code));
            let score = self.score(kind(region, region.person_of[position]), Subject::Codes);
            score.expected += 1;
            score.right += u64::from(found);
        }
        for (position, codes) in &result.codes {
            self.score(kind(region, region.person_of[position]), Subject::Codes).found += codes.len() as u64;
        }
    }
}

/// Every code that the region's truth expects, with its row.
pub fn expected_codes(region: &Region) -> BTreeSet<(RowPosition, String)> {
    region.defects.iter().filter_map(|defect| Some((defect.position.clone(), defect.code.clone()?))).collect()
}

/// The kind of event or defect of a person.
pub fn kind(region: &Region, person: Person) -> &str {
    region.kind_of.get(&person).map_or(ORDERLY, String::as_str)
}

/// The person for whom each of the engine's persons stands; the first one when the engine took several people for one.
fn represented(region: &Region, result: &EngineResult) -> BTreeMap<i64, Person> {
    let mut represented = BTreeMap::new();
    for (position, &engine_person) in &result.person_of {
        let person = region.person_of[position];
        represented.entry(engine_person).and_modify(|first: &mut Person| *first = person.min(*first)).or_insert(person);
    }
    represented
}

/// The records of each person; a person whose rows are all quarantined has none.
fn records_by_person<'r>(region: &'r Region, result: &EngineResult) -> BTreeMap<Person, Vec<&'r RowPosition>> {
    let mut records: BTreeMap<Person, Vec<&RowPosition>> = BTreeMap::new();
    for (position, &person) in &region.person_of {
        let of_person = records.entry(person).or_default();
        if !result.quarantined.contains(position) {
            of_person.push(position);
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
            for score in scores {
                let cell = match (score.expected, score.found) {
                    (0, 0) => "-".to_owned(),
                    (expected, _) => format!("{:.3} / {:.3} ({expected})", score.recall(), score.precision()),
                };
                write!(f, "  {cell:<22}")?;
            }
        }
        Ok(())
    }
}
