//! What the engine made of a region, put together from published tables alone.

use std::collections::{BTreeMap, BTreeSet};

use sverka_publish::OutputTable;

use super::region::{Outcome, Place};
use crate::published::{PublishedRun, TextRow};

/// A published run, by rows and persons.
pub struct Made {
    /// The engine's person of each row that was not quarantined.
    pub person_of: BTreeMap<Place, i64>,
    /// Rows that were quarantined.
    pub quarantined: BTreeSet<Place>,
    /// Rows that repeat another.
    pub duplicates: BTreeSet<Place>,
    /// The register on the as-of date.
    pub register: BTreeMap<i64, Outcome>,
    /// Codes of findings and rules of decisions at each row.
    pub codes: BTreeMap<Place, BTreeSet<String>>,
    /// Heads that the money was counted for.
    pub funded_heads: u64,
}

impl Made {
    /// Reads it from a run.
    pub fn of(run: &PublishedRun) -> Self {
        let mut made = Self {
            person_of: BTreeMap::new(),
            quarantined: run.rows(OutputTable::Quarantine).map(|row| place(row, "source", "line")).collect(),
            duplicates: run.rows(OutputTable::Duplicates).map(|row| place(row, "source", "line")).collect(),
            register: run.rows(OutputTable::Persons).map(|row| (row.number("person_id"), in_register(row))).collect(),
            codes: BTreeMap::new(),
            funded_heads: run.manifest.totals.funded_heads,
        };
        made.read_stays(run);
        made.read_codes(run);
        for row in run.rows(OutputTable::Duplicates) {
            let kept = made.person_of[&place(row, "kept_source", "kept_line")];
            made.belongs(place(row, "source", "line"), kept);
        }
        made
    }

    fn read_stays(&mut self, run: &PublishedRun) {
        for row in [OutputTable::InsuranceStays, OutputTable::AttachmentStays].iter().flat_map(|&table| run.rows(table)) {
            for (source, line) in row.list("record_sources").into_iter().zip(row.list("record_lines")) {
                self.belongs((source.to_owned(), line.parse().expect("a line")), row.number("person_id"));
            }
        }
    }

    fn read_codes(&mut self, run: &PublishedRun) {
        for row in run.rows(OutputTable::Decisions) {
            let place = place(row, "loser_source", "loser_line");
            self.belongs(place.clone(), row.number("person_id"));
            self.codes.entry(place).or_default().insert(row.text("rule").to_owned());
        }
        // What is said about a source as a whole is about no row.
        for row in run.rows(OutputTable::Findings).filter(|row| row.number("line") > 0) {
            let place = place(row, "source", "line");
            if row.get("person_id").is_some() {
                self.belongs(place.clone(), row.number("person_id"));
            }
            self.codes.entry(place).or_default().insert(row.text("code").to_owned());
        }
    }

    fn belongs(&mut self, place: Place, person: i64) {
        let before = self.person_of.insert(place.clone(), person);
        assert!(before.is_none_or(|before| before == person), "{place:?} belongs to persons {before:?} and {person}");
    }
}

fn place(row: TextRow<'_>, source: &str, line: &str) -> Place {
    (row.text(source).to_owned(), row.number(line) as u64)
}

/// A stay on the as-of date lies within its clinic's working period, and rows of clinics without attached people are quarantined: what is left to
/// decide about money is whether both stays are resolved.
fn in_register(row: TextRow<'_>) -> Outcome {
    let clinic = row.get("clinic").map(str::to_owned);
    let resolved = row.text("insurer_unresolved") == "false" && row.text("clinic_unresolved") != "true";
    Outcome { insurer: row.text("insurer").to_owned(), funded: clinic.is_some() && resolved, clinic }
}
