//! The engine's results of a region, put together from published tables alone.

use std::collections::{BTreeMap, BTreeSet};

use sverka_publish::OutputTable;

use super::region::{Outcome, RowPosition};
use crate::published::{PublishedRun, TextRow};

/// A published run, by rows and persons.
pub struct EngineResult {
    /// The engine's person of each row that was not quarantined.
    pub person_of: BTreeMap<RowPosition, i64>,
    /// Rows that were quarantined.
    pub quarantined: BTreeSet<RowPosition>,
    /// Rows that repeat another row.
    pub duplicates: BTreeSet<RowPosition>,
    /// The register on the as-of date.
    pub register: BTreeMap<i64, Outcome>,
    /// Codes of findings and rules of decisions at each row.
    pub codes: BTreeMap<RowPosition, BTreeSet<String>>,
    /// Number of heads that are paid for.
    pub funded_heads: u64,
}

impl EngineResult {
    /// Reads the results of a run.
    pub fn from_run(run: &PublishedRun) -> Self {
        let mut result = Self {
            person_of: BTreeMap::new(),
            quarantined: run.rows(OutputTable::Quarantine).map(|row| position(row, "source", "line")).collect(),
            duplicates: run.rows(OutputTable::Duplicates).map(|row| position(row, "source", "line")).collect(),
            register: run.rows(OutputTable::Persons).map(|row| (row.number("person_id"), register_outcome(row))).collect(),
            codes: BTreeMap::new(),
            funded_heads: run.manifest.totals.funded_heads,
        };
        result.read_stays(run);
        result.read_codes(run);
        for row in run.rows(OutputTable::Duplicates) {
            let kept = result.person_of[&position(row, "kept_source", "kept_line")];
            result.assign(position(row, "source", "line"), kept);
        }
        result
    }

    fn read_stays(&mut self, run: &PublishedRun) {
        for row in [OutputTable::InsuranceStays, OutputTable::AttachmentStays].iter().flat_map(|&table| run.rows(table)) {
            for (source, line) in row.list("record_sources").into_iter().zip(row.list("record_lines")) {
                let position = RowPosition { source: source.to_owned(), line: line.parse().expect("a line") };
                self.assign(position, row.number("person_id"));
            }
        }
    }

    fn read_codes(&mut self, run: &PublishedRun) {
        for row in run.rows(OutputTable::Decisions) {
            let position = position(row, "loser_source", "loser_line");
            self.assign(position.clone(), row.number("person_id"));
            self.codes.entry(position).or_default().insert(row.text("rule").to_owned());
        }
        // Line 0 means a finding about the source as a whole.
        for row in run.rows(OutputTable::Findings).filter(|row| row.number("line") > 0) {
            let position = position(row, "source", "line");
            if row.get("person_id").is_some() {
                self.assign(position.clone(), row.number("person_id"));
            }
            self.codes.entry(position).or_default().insert(row.text("code").to_owned());
        }
    }

    /// Notes the person of a row; a row has one person in all tables.
    fn assign(&mut self, position: RowPosition, person: i64) {
        let before = self.person_of.insert(position.clone(), person);
        assert!(before.is_none_or(|before| before == person), "{position:?} belongs to persons {before:?} and {person}");
    }
}

fn position(row: TextRow<'_>, source: &str, line: &str) -> RowPosition {
    RowPosition { source: row.text(source).to_owned(), line: row.number(line) as u64 }
}

/// The outcome of a person in the register. A head is paid for when both stays are resolved: a stay on the as-of date lies within its clinic's working
/// period, and rows of clinics without attached people are quarantined.
fn register_outcome(row: TextRow<'_>) -> Outcome {
    let clinic = row.get("clinic").map(str::to_owned);
    let resolved = row.text("insurer_unresolved") == "false" && row.text("clinic_unresolved") != "true";
    Outcome { insurer: row.text("insurer").to_owned(), funded: clinic.is_some() && resolved, clinic }
}
