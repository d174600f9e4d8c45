//! `expected.csv` against the tables of the run: each statement holds, and the file lists all quarantined rows, duplicates, findings and decisions.

use std::collections::{BTreeMap, BTreeSet};

use sverka::job::{CommandLine, Job};
use sverka_publish::OutputTable;

use super::{Sample, exchange, region};
use crate::published::{PublishedRun, TextRow};

/// One line of `expected.csv`.
pub struct Statement {
    pub case: String,
    pub check: String,
    pub record: String,
    pub place: String,
    pub value: String,
}

/// The check of statements about answers, which `answered.rs` carries out.
pub const ANSWER: &str = "answer";

impl Statement {
    /// The message about a statement that does not hold.
    fn failure_message(&self, found: &str) -> String {
        let Self { case, check, record, place, value } = self;
        format!("{case} {check} {record} at {place}: expected {value:?}, found {found}")
    }
}

/// The facts that the tables hold about a row, by its place `source:line`.
struct Evidence<'r> {
    run: &'r PublishedRun,
    job: Job,
    /// The persons of each row; a right run has one.
    persons: BTreeMap<String, BTreeSet<&'r str>>,
    /// The persons of each `record_id`.
    records: BTreeMap<&'r str, BTreeSet<&'r str>>,
    quarantined: BTreeMap<String, String>,
    duplicates: BTreeMap<String, String>,
    /// (place, code) of findings about rows that are not quarantined.
    findings: BTreeSet<(String, String)>,
    /// (place of the loser, `subject:outcome:rule:losing:winning`)
    decisions: BTreeSet<(String, String)>,
}

#[test]
fn every_statement_holds() {
    for sample in [region(), exchange::sample()] {
        let evidence = Evidence::from_sample(sample);
        let statements = statements(sample).into_iter().filter(|statement| statement.check != ANSWER);
        let failures: Vec<String> = statements.filter_map(|statement| evidence.failure(&statement)).collect();
        assert!(failures.is_empty(), "{} statements of expected.csv fail:\n{}", failures.len(), failures.join("\n"));
    }
}

#[test]
fn expected_csv_lists_all_facts_of_its_kinds() {
    for sample in [region(), exchange::sample()] {
        let unlisted = unlisted(sample);
        assert!(unlisted.is_empty(), "{} facts are not in expected.csv:\n{}", unlisted.len(), unlisted.join("\n"));
    }
}

/// Facts that `expected.csv` should list and does not.
fn unlisted(sample: &Sample) -> Vec<String> {
    let evidence = Evidence::from_sample(sample);
    let statements = statements(sample);
    let listed = |check: &str| -> BTreeSet<(String, String)> {
        let of_check = statements.iter().filter(|statement| statement.check == check);
        of_check.map(|statement| (statement.place.clone(), statement.value.clone())).collect()
    };
    let pairs = |map: &BTreeMap<String, String>| map.clone().into_iter().collect::<BTreeSet<_>>();
    let mut unlisted = Vec::new();
    for (check, found) in [
        ("quarantined", &pairs(&evidence.quarantined)),
        ("duplicate", &pairs(&evidence.duplicates)),
        ("finding", &evidence.findings),
        ("decision", &evidence.decisions),
    ] {
        unlisted.extend(found.difference(&listed(check)).map(|(place, value)| format!("{check} at {place}: {value}")));
    }
    unlisted
}

#[test]
fn funded_persons_are_the_funded_heads() {
    for sample in [region(), exchange::sample()] {
        let evidence = Evidence::from_sample(sample);
        let funded = sample.run.rows(OutputTable::Persons).filter(|person| evidence.funded(person)).count() as i64;
        let heads: i64 = sample.run.rows(OutputTable::Headcount).map(|row| row.number("funded_heads")).sum();
        assert_eq!(funded, heads);
    }
}

/// The statements of `expected.csv` of a sample, in its order.
pub fn statements(sample: &Sample) -> Vec<Statement> {
    let text = std::fs::read_to_string(sample.folder.join("expected.csv")).expect("expected.csv");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("case;check;record;place;value"));
    let statement = |line: &str| {
        let parts: Vec<String> = line.split(';').map(str::to_owned).collect();
        let [case, check, record, place, value] = parts.try_into().unwrap_or_else(|_| panic!("five fields: {line}"));
        Statement { case, check, record, place, value }
    };
    lines.map(statement).collect()
}

fn place(row: &TextRow<'_>, source: &str, line: &str) -> String {
    format!("{}:{}", row.text(source), row.text(line))
}

impl<'r> Evidence<'r> {
    fn from_sample(sample: &'r Sample) -> Self {
        let run = &sample.run;
        let job = Job::load(&sample.folder.join("job.toml"), &CommandLine::default()).unwrap_or_else(|error| panic!("{error}"));
        let codes = |row: &TextRow<'_>| BTreeSet::from_iter(row.list("codes")).into_iter().collect::<Vec<_>>().join(",");
        let quarantined: BTreeMap<String, String> =
            run.rows(OutputTable::Quarantine).map(|row| (place(&row, "source", "line"), codes(&row))).collect();
        let duplicates: BTreeMap<String, String> = run
            .rows(OutputTable::Duplicates)
            .map(|row| (place(&row, "source", "line"), place(&row, "kept_source", "kept_line")))
            .collect();
        let findings = run
            .rows(OutputTable::Findings)
            .map(|row| (place(&row, "source", "line"), row.text("code").to_owned()))
            .filter(|(place, _)| !quarantined.contains_key(place))
            .collect();
        let decisions = run.rows(OutputTable::Decisions).map(|row| {
            let fact = ["subject", "outcome", "rule", "losing_code", "winning_code"].map(|column| row.text(column));
            (place(&row, "loser_source", "loser_line"), fact.join(":"))
        });
        let decisions = decisions.collect();
        let mut evidence =
            Self { run, job, persons: BTreeMap::new(), records: BTreeMap::new(), quarantined, duplicates, findings, decisions };
        evidence.find_persons();
        evidence
    }

    /// Finds the person of each row through stays, decisions and findings, which hold the row's place.
    fn find_persons(&mut self) {
        for row in self.stays() {
            let (sources, lines, ids) = (row.list("record_sources"), row.list("record_lines"), row.list("record_ids"));
            for ((source, line), id) in sources.into_iter().zip(lines).zip(ids) {
                self.note(format!("{source}:{line}"), row.text("person_id"), Some(id));
            }
        }
        for row in self.run.rows(OutputTable::Decisions) {
            for (source, line) in [("loser_source", "loser_line"), ("winner_source", "winner_line")] {
                self.note(place(&row, source, line), row.text("person_id"), None);
            }
        }
        for row in self.run.rows(OutputTable::Findings) {
            if let Some(person) = row.get("person_id") {
                self.note(place(&row, "source", "line"), person, row.get("record_id"));
            }
        }
    }

    /// Notes the person of a row.
    fn note(&mut self, place: String, person: &'r str, record_id: Option<&'r str>) {
        self.persons.entry(place).or_default().insert(person);
        if let Some(id) = record_id.filter(|id| !id.is_empty()) {
            self.records.entry(id).or_default().insert(person);
        }
    }

    fn stays(&self) -> impl Iterator<Item = TextRow<'r>> + use<'r> {
        let run = self.run;
        run.rows(OutputTable::InsuranceStays).chain(run.rows(OutputTable::AttachmentStays))
    }

    /// The failure of a statement; `None` when it holds.
    fn failure(&self, statement: &Statement) -> Option<String> {
        let (place, value) = (&statement.place, statement.value.as_str());
        let fact = || (place.clone(), value.to_owned());
        let unless = |holds: bool, found: &str| (!holds).then(|| statement.failure_message(found));
        let compared = |found: &str| unless(found == value, &format!("{found:?}"));
        match statement.check.as_str() {
            "quarantined" => compared(self.quarantined.get(place).map_or("not in quarantine", String::as_str)),
            "duplicate" => compared(self.duplicates.get(place).map_or("no duplicate", String::as_str)),
            "finding" => unless(self.findings.contains(&fact()), &format!("{:?}", self.facts_at(place, &self.findings))),
            "no_finding" if self.quarantined.contains_key(place) => unless(false, "the row in quarantine"),
            "no_finding" => unless(!self.findings.contains(&fact()), "it"),
            "decision" => unless(self.decisions.contains(&fact()), &format!("{:?}", self.facts_at(place, &self.decisions))),
            "rows" => compared(&self.counts(place)),
            "override" => compared(&self.entry(place)),
            _ => match self.person(place) {
                Ok(person) => self.failure_of_person(statement, person),
                Err(found) => unless(false, &found),
            },
        }
    }

    /// The failure of a statement about the person of a row; `None` when it holds.
    fn failure_of_person(&self, statement: &Statement, person: &str) -> Option<String> {
        let value = statement.value.as_str();
        let unless = |holds: bool, found: &str| (!holds).then(|| statement.failure_message(found));
        let compared = |found: &str| unless(found == value, &format!("{found:?}"));
        let row = self.row_of(OutputTable::Persons, person);
        match statement.check.as_str() {
            check @ ("same_person" | "different_person") => {
                let others: Vec<&str> = self.records.get(value).into_iter().flatten().copied().collect();
                let holds = !others.is_empty() && others.iter().all(|other| (*other == person) == (check == "same_person"));
                unless(holds, &format!("persons {person} and {others:?}"))
            }
            "insurance_stays" => compared(&self.stays_of(OutputTable::InsuranceStays, person, &["insurer", "from", "to"])),
            "attachment_stays" => {
                compared(&self.stays_of(OutputTable::AttachmentStays, person, &["profile", "clinic", "from", "to"]))
            }
            "register" => {
                let found = row.map(|row| format!("{}/{}", row.text("insurer"), row.text("clinic")));
                let listed = self.row_of(OutputTable::Unattached, person).is_some();
                let failure = compared(found.as_deref().unwrap_or("not in the register"));
                failure.or_else(|| unless(listed == value.ends_with('/'), &format!("in unattached: {listed}")))
            }
            "not_in_register" => unless(row.is_none(), "the person in the register"),
            "person" => {
                let (column, _) = value.split_once('=').expect("column=value");
                compared(&row.map_or("not in the register".to_owned(), |row| format!("{column}={}", row.text(column))))
            }
            "number" => {
                let numbers = self.numbers(person);
                unless(numbers.iter().any(|number| number == value), &format!("{numbers:?}"))
            }
            "funded" => compared(if row.is_some_and(|row| self.funded(&row)) { "yes" } else { "no" }),
            unknown => Some(statement.failure_message(&format!("no such check: {unknown}"))),
        }
    }

    /// The facts about a row.
    fn facts_at<'f>(&self, place: &str, facts: &'f BTreeSet<(String, String)>) -> Vec<&'f str> {
        facts.iter().filter(|(known, _)| known == place).map(|(_, value)| value.as_str()).collect()
    }

    /// The one person of a row; a duplicate has the person of the row that was kept.
    fn person(&self, place: &str) -> Result<&'r str, String> {
        let place = self.duplicates.get(place).map_or(place, String::as_str);
        let persons: Vec<&str> = self.persons.get(place).into_iter().flatten().copied().collect();
        match persons[..] {
            [person] => Ok(person),
            [] => Err("no person of this row".to_owned()),
            _ => Err(format!("one row of several persons: {persons:?}")),
        }
    }

    fn row_of(&self, table: OutputTable, person: &str) -> Option<TextRow<'r>> {
        self.run.rows(table).find(|row| row.text("person_id") == person)
    }

    fn stays_of(&self, table: OutputTable, person: &str, columns: &[&str]) -> String {
        let stay = |row: TextRow<'_>| {
            let mut parts: Vec<&str> = columns.iter().map(|column| row.text(column)).collect();
            if row.text("unresolved") == "true" {
                parts.push("unresolved");
            }
            parts.join(":")
        };
        let stays: Vec<String> = self.run.rows(table).filter(|row| row.text("person_id") == person).map(stay).collect();
        stays.join(",")
    }

    fn numbers(&self, person: &str) -> Vec<String> {
        let of_person = self.run.rows(OutputTable::Numbers).filter(|row| row.text("person_id") == person);
        let state = |row: &TextRow<'_>| if row.text("survives") == "true" { "survives" } else { "former" };
        of_person.map(|row| format!("{}:{}:{}", row.text("policy_kind"), row.text("number"), state(&row))).collect()
    }

    /// Whether a head of the register is paid for (SEM-285).
    fn funded(&self, person: &TextRow<'_>) -> bool {
        let unresolved = ["insurer_unresolved", "clinic_unresolved"].iter().any(|column| person.text(column) == "true");
        let clinic = person.get("clinic").and_then(|code| self.job.clinics.find(code.as_bytes()));
        let clinic = clinic.map(|index| self.job.clinics.get(index));
        !unresolved && clinic.is_some_and(|clinic| clinic.attachable && clinic.works.covers(self.job.as_of))
    }

    /// Kind, state and records of the entry of the overrides at a place.
    fn entry(&self, place: &str) -> String {
        let (_, line) = place.rsplit_once(':').expect("file:line");
        let entry = self.run.rows(OutputTable::Overrides).find(|row| row.text("line") == line);
        entry.map_or("no entry".to_owned(), |row| ["kind", "state", "records"].map(|column| row.text(column)).join(":"))
    }

    fn counts(&self, source: &str) -> String {
        let Some(input) = self.run.manifest.inputs.iter().find(|input| input.name == source) else {
            return "no such source".to_owned();
        };
        let counts = [input.rows, input.accepted, input.duplicates, input.quarantined];
        counts.map(|count| count.map_or_else(String::new, |count| count.to_string())).join("/")
    }
}
