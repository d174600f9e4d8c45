//! The truth of a history, as its tables say. Knows nothing of the program.

use std::collections::BTreeMap;
use std::path::Path;

/// Person, or part of one that nobody can know to be the same person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonKey {
    pub person: u64,
    pub part: u8,
}

impl PersonKey {
    /// The first part of a person.
    pub fn whole(person: u64) -> Self {
        Self { person, part: 1 }
    }
}

/// Night of the history.
pub struct Step {
    pub number: u16,
    /// As-of date, ISO.
    pub as_of: String,
    /// Folder of the files that arrive.
    pub folder: String,
}

/// Row that arrived.
pub struct Record {
    pub step: u16,
    pub source: String,
    pub line: u64,
    pub key: PersonKey,
    /// Code of the error in the row, if there is one.
    pub code: Option<String>,
}

/// Facts of insurance and attachment, by the names of the columns of the truth.
#[derive(Clone, Debug)]
pub struct FirstFacts {
    pub birth_date: String,
    pub known_by: u16,
    pub insurer: String,
    pub insured_from: String,
    /// First attachment, if there is one.
    pub attachment: Option<FirstAttachment>,
    /// Category, ENP, name and SNILS.
    pub facts: BTreeMap<&'static str, String>,
}

/// First attachment of a person.
#[derive(Clone, Debug)]
pub struct FirstAttachment {
    pub known_by: u16,
    pub clinic: String,
    pub from: String,
    /// Method, district and doctor.
    pub facts: BTreeMap<&'static str, String>,
}

/// Change of a person.
#[derive(Clone, Debug)]
pub struct Change {
    pub kind: String,
    pub new: String,
    /// First day with the new value, ISO.
    pub from: String,
    pub known_by: u16,
}

/// Succession of clinics.
pub struct Succession {
    pub code: String,
    pub successor: String,
    /// First day on which the code is read as its successor.
    pub on: String,
}

/// Tables of the truth and of the reference that bear on it.
pub struct Truth {
    pub steps: Vec<Step>,
    pub persons: BTreeMap<PersonKey, FirstFacts>,
    /// Changes of each person, in the order of their days.
    pub changes: BTreeMap<u64, Vec<Change>>,
    /// Step by which the parts of a person are known to be one.
    pub merged_by: BTreeMap<u64, u16>,
    /// Rows in the order of their steps.
    pub records: Vec<Record>,
    pub successions: Vec<Succession>,
    /// Clinics for children only.
    pub children_only: Vec<String>,
}

/// Row of a table by the names of its columns.
struct Row<'r> {
    header: &'r csv::StringRecord,
    cells: csv::StringRecord,
}

impl Row<'_> {
    fn text(&self, column: &str) -> String {
        self.cell(column).to_owned()
    }

    fn cell(&self, column: &str) -> &str {
        let index = self.header.iter().position(|name| name == column);
        &self.cells[index.unwrap_or_else(|| panic!("no column {column}"))]
    }

    fn number<T: std::str::FromStr>(&self, column: &str) -> T {
        self.cell(column).parse().unwrap_or_else(|_| panic!("{column} is no number"))
    }

    fn facts<const N: usize>(&self, columns: [&'static str; N]) -> BTreeMap<&'static str, String> {
        columns.into_iter().map(|column| (column, self.text(column))).collect()
    }
}

fn each(path: &Path, mut take: impl FnMut(&Row<'_>)) {
    let reader = csv::ReaderBuilder::new().delimiter(b';').from_path(path);
    let mut reader = reader.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let header = &reader.headers().expect("a header").clone();
    for cells in reader.records() {
        take(&Row { header, cells: cells.expect("a row of the header's width") });
    }
}

impl Truth {
    /// Reads the truth of the history in a folder.
    pub fn read(folder: &Path) -> Self {
        let mut truth = Self {
            steps: Vec::new(),
            persons: BTreeMap::new(),
            changes: BTreeMap::new(),
            merged_by: BTreeMap::new(),
            records: Vec::new(),
            successions: Vec::new(),
            children_only: Vec::new(),
        };
        each(&folder.join("steps.csv"), |row| {
            truth.steps.push(Step { number: row.number("step"), as_of: row.text("as_of"), folder: row.text("folder") });
        });
        each(&folder.join("truth/persons.csv"), |row| {
            truth.persons.insert(key(row), first_facts(row));
        });
        each(&folder.join("truth/changes.csv"), |row| {
            let change =
                Change { kind: row.text("kind"), new: row.text("new"), from: row.text("from"), known_by: row.number("known_by") };
            truth.changes.entry(row.number("person")).or_default().push(change);
        });
        truth.changes.values_mut().for_each(|changes| changes.sort_by(|a, b| a.from.cmp(&b.from)));
        each(&folder.join("truth/merges.csv"), |row| {
            truth.merged_by.insert(row.number("person"), row.number("known_by"));
        });
        each(&folder.join("truth/records.csv"), |row| {
            let code = Some(row.text("expected_code")).filter(|code| !code.is_empty());
            let (step, source, line) = (row.number("step"), row.text("source"), row.number("line"));
            truth.records.push(Record { step, source, line, key: key(row), code });
        });
        truth.records.sort_by_key(|record| record.step);
        each(&folder.join("reference/succession.csv"), |row| {
            let (code, successor, on) = (row.text("code"), row.text("successor"), row.text("works_to"));
            truth.successions.push(Succession { code, successor, on });
        });
        each(&folder.join("reference/clinics.csv"), |row| {
            truth.children_only.extend((row.cell("ages") == "children").then(|| row.text("clinic")));
        });
        truth
    }

    /// Who is one person at a step.
    pub fn known_as(&self, key: PersonKey, step: u16) -> PersonKey {
        match self.merged_by.get(&key.person) {
            Some(&merged) if merged <= step => PersonKey::whole(key.person),
            _ => key,
        }
    }
}

fn key(row: &Row<'_>) -> PersonKey {
    PersonKey { person: row.number("person"), part: row.number("part") }
}

fn first_facts(row: &Row<'_>) -> FirstFacts {
    let attachment = (!row.cell("clinic").is_empty()).then(|| FirstAttachment {
        known_by: row.number("attached_known_by"),
        clinic: row.text("clinic"),
        from: row.text("attached_from"),
        facts: row.facts(["method", "district", "doctor"]),
    });
    FirstFacts {
        birth_date: row.text("birth_date"),
        known_by: row.number("known_by"),
        insurer: row.text("insurer"),
        insured_from: row.text("insured_from"),
        attachment,
        facts: row.facts(["category", "enp", "name", "snils"]),
    }
}
