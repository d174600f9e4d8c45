//! A generated region: its job and its truth.
//!
//! Knows the files of `truth/` only, and nothing of an engine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sverka::generate::{Form, KINDS, Money, Rates, Scope, Settings, generate};

/// The position of a row of the inputs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowPosition {
    pub source: String,
    /// Physical line.
    pub line: u64,
}

/// A person of the region, by number.
pub type Person = u64;

/// The expected result for an insured person on the as-of date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Insurer.
    pub insurer: String,
    /// Clinic; `None` for the unattached.
    pub clinic: Option<String>,
    /// Whether the norm is paid for the person.
    pub funded: bool,
}

/// A fault that the generator put into a row.
pub struct Defect {
    /// Kind of the defect.
    pub kind: String,
    /// Position of the row.
    pub position: RowPosition,
    /// The code that a reconciliation must find there; `None` when no rule can see the defect.
    pub code: Option<String>,
}

/// A region on disk with its truth in memory.
pub struct Region {
    folder: tempfile::TempDir,
    /// The person of each row.
    pub person_of: BTreeMap<RowPosition, Person>,
    /// The people who are insured on the as-of date.
    pub insured: BTreeMap<Person, Outcome>,
    /// The kind of event or defect of each person; people of an orderly life are missing.
    pub kind_of: BTreeMap<Person, String>,
    /// The defects of rows.
    pub defects: Vec<Defect>,
}

impl Region {
    /// Generates a region and reads its truth.
    pub fn generate(persons: u64, seed: u64, rates: Rates) -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        let as_of = "2026-11-01".parse().expect("a date");
        let settings = Settings {
            persons,
            seed,
            as_of,
            out: folder.path().to_owned(),
            rates,
            truth: true,
            form: Form::default(),
            money: Money::Simple,
            force: false,
        };
        generate(&settings, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
        let rows = |name: &str| rows(&folder.path().join("truth").join(name));
        let person_of: BTreeMap<_, _> = rows("records.csv").iter().map(|row| (position(row), number(&row["person"]))).collect();
        let insured = rows("persons.csv").iter().map(|row| (number(&row["person"]), outcome(row))).collect();
        let defects: Vec<_> = rows("defects.csv").iter().map(defect).collect();
        let mut kind_of: BTreeMap<_, _> =
            rows("kinds.csv").iter().map(|row| (number(&row["person"]), row["kind"].clone())).collect();
        for defect in &defects {
            kind_of.entry(person_of[&defect.position]).or_insert_with(|| defect.kind.clone());
        }
        Self { person_of, insured, kind_of, defects, folder }
    }

    /// The region's job.
    pub fn job(&self) -> PathBuf {
        self.folder.path().join("job.toml")
    }
}

/// Rates with which every kind strikes often enough to be measured: at least one person or household in `one_in`.
pub fn dense_rates(one_in: u32) -> Rates {
    let mut rates = Rates::default();
    for info in KINDS.iter().filter(|info| info.scope != Scope::Field) {
        let rate = info.rate.max(1.0 / f64::from(one_in));
        rates.set(info.name, &rate.to_string()).expect("a kind of the list");
    }
    rates
}

pub type Row = BTreeMap<String, String>;

pub fn rows(path: &Path) -> Vec<Row> {
    let reader = csv::ReaderBuilder::new().delimiter(b';').from_path(path);
    let mut reader = reader.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let header = reader.headers().expect("a header").clone();
    let row = |record: csv::StringRecord| header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.expect("a row of the header's width"))).collect()
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

fn position(row: &Row) -> RowPosition {
    RowPosition { source: row["source"].clone(), line: number(&row["line"]) }
}

fn known(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn outcome(row: &Row) -> Outcome {
    Outcome { insurer: row["insurer"].clone(), clinic: known(&row["clinic"]), funded: row["funded"] == "1" }
}

fn defect(row: &Row) -> Defect {
    Defect { kind: row["kind"].clone(), position: position(row), code: known(&row["expected_code"]) }
}
