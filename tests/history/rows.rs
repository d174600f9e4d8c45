//! The published rows of a run: who is behind each line, and the register.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use sverka_publish::OutputTable;

use super::state::State;
use crate::published::{TextRow, TextTable, read_table};

/// Line of a source.
pub type Position = (String, u64);

/// Rows of a published run.
pub struct PublishedRows {
    /// Person of each line that has one.
    pub person_of: HashMap<Position, i64>,
    pub quarantined: HashMap<Position, String>,
    /// The register by person.
    pub register: BTreeMap<i64, State>,
    /// Sources that were not read, because other sources hold what they say.
    pub left_out: BTreeSet<String>,
    /// Ids with what happened to them, but for new ones: event and id.
    pub events: BTreeSet<(String, i64)>,
    /// Lines that have two persons.
    pub contradictions: Vec<Position>,
}

impl PublishedRows {
    /// Reads a run.
    pub fn read(dir: &Path) -> Self {
        let mut rows = Self {
            person_of: HashMap::new(),
            quarantined: HashMap::new(),
            register: BTreeMap::new(),
            left_out: left_out(dir),
            events: BTreeSet::new(),
            contradictions: Vec::new(),
        };
        for table in [OutputTable::InsuranceStays, OutputTable::AttachmentStays] {
            for row in table_of(dir, table).rows() {
                for (source, line) in row.list("record_sources").into_iter().zip(row.list("record_lines")) {
                    rows.assign((source.to_owned(), line.parse().expect("a line")), row.number("person_id"));
                }
            }
        }
        for row in table_of(dir, OutputTable::Decisions).rows() {
            rows.assign(position(row, "loser_source", "loser_line"), row.number("person_id"));
        }
        for table in [OutputTable::Links, OutputTable::Findings] {
            for row in table_of(dir, table).rows().filter(|row| row.get("person_id").is_some() && row.text("line") != "0") {
                rows.assign(position(row, "source", "line"), row.number("person_id"));
            }
        }
        for row in table_of(dir, OutputTable::Duplicates).rows() {
            if let Some(&kept) = rows.person_of.get(&position(row, "kept_source", "kept_line")) {
                rows.assign(position(row, "source", "line"), kept);
            }
        }
        for row in table_of(dir, OutputTable::PersonEvents).rows().filter(|row| row.text("event") != "new") {
            rows.events.insert((row.text("event").to_owned(), row.number("person_id")));
        }
        for row in table_of(dir, OutputTable::Quarantine).rows() {
            rows.quarantined.insert(position(row, "source", "line"), row.text("codes").to_owned());
        }
        for row in table_of(dir, OutputTable::Persons).rows() {
            rows.register.insert(row.number("person_id"), state(row));
        }
        rows
    }

    fn assign(&mut self, position: Position, person: i64) {
        match self.person_of.get(&position) {
            Some(&before) if before != person => self.contradictions.push(position),
            _ => drop(self.person_of.insert(position, person)),
        }
    }
}

fn table_of(dir: &Path, table: OutputTable) -> TextTable {
    TextTable::from_batches(table, &read_table(dir, table))
}

fn position(row: TextRow<'_>, source: &str, line: &str) -> Position {
    (row.text(source).to_owned(), row.number(line) as u64)
}

fn left_out(dir: &Path) -> BTreeSet<String> {
    let text = std::fs::read(dir.join("manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    let sources = manifest["left_out"].as_array().into_iter().flatten();
    sources.filter_map(|source| source["name"].as_str().map(str::to_owned)).collect()
}

fn state(row: TextRow<'_>) -> State {
    let names = ["surname", "given_name", "patronymic"].map(|part| row.text(part));
    let name: Vec<&str> = names.into_iter().filter(|part| !part.is_empty()).collect();
    let mut facts: BTreeMap<String, String> =
        [("category", row.text("category")), ("enp", row.text("enp")), ("snils", row.text("snils"))]
            .map(|(kind, value)| (kind.to_owned(), value.to_owned()))
            .into();
    facts.insert("name".to_owned(), name.join(" "));
    if row.get("clinic").is_some() {
        for (kind, column) in [("method", "method"), ("district", "district"), ("doctor", "doctor_snils")] {
            facts.insert(kind.to_owned(), row.text(column).to_owned());
        }
    }
    State { insurer: row.text("insurer").to_owned(), clinic: row.text("clinic").to_owned(), facts }
}
