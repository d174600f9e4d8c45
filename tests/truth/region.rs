//! A generated region: its job, and what it says of itself.
//!
//! Knows the files of `truth/` only; what an engine makes of the region is nothing to it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sverka::generate::{Form, KINDS, Rates, Scope, Settings, generate};

/// A row of the inputs: source and physical line.
pub type Place = (String, u64);

/// A person of the region, by number.
pub type Person = u64;

/// What a reconciliation must say of an insured person on the as-of date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Insurer.
    pub insurer: String,
    /// Clinic; none for the unattached.
    pub clinic: Option<String>,
    /// Whether the norm is paid.
    pub funded: bool,
}

/// Something that was done to a row.
pub struct Defect {
    /// Its kind.
    pub kind: String,
    /// The row.
    pub place: Place,
    /// What a reconciliation must find there, if any rule can see it.
    pub code: Option<String>,
}

/// A region on disk with its truth in memory.
pub struct Region {
    folder: tempfile::TempDir,
    /// Whose each row is.
    pub person_of: BTreeMap<Place, Person>,
    /// Everyone who is insured on the as-of date.
    pub insured: BTreeMap<Person, Outcome>,
    /// What happened to whom; people of an orderly life are missing.
    pub kind_of: BTreeMap<Person, String>,
    /// What was done to rows.
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
            force: false,
        };
        generate(&settings, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
        let rows = |name: &str| rows(&folder.path().join("truth").join(name));
        let person_of: BTreeMap<_, _> = rows("records.csv").iter().map(|row| (place(row), number(&row["person"]))).collect();
        let insured = rows("persons.csv").iter().map(|row| (number(&row["person"]), outcome(row))).collect();
        let defects: Vec<_> = rows("defects.csv").iter().map(defect).collect();
        let mut kind_of: BTreeMap<_, _> =
            rows("kinds.csv").iter().map(|row| (number(&row["person"]), row["kind"].clone())).collect();
        for defect in &defects {
            kind_of.entry(person_of[&defect.place]).or_insert_with(|| defect.kind.clone());
        }
        Self { person_of, insured, kind_of, defects, folder }
    }

    /// The region's job.
    pub fn job(&self) -> PathBuf {
        self.folder.path().join("job.toml")
    }
}

/// Rates at which every kind strikes often enough to be measured: a kind of persons or households at least once in `one_in`.
pub fn dense_rates(one_in: u32) -> Rates {
    let mut rates = Rates::default();
    for info in KINDS.iter().filter(|info| info.scope != Scope::Field) {
        let rate = info.rate.max(1.0 / f64::from(one_in));
        rates.set(info.name, &rate.to_string()).expect("a kind of the list");
    }
    rates
}

type Row = BTreeMap<String, String>;

fn rows(path: &Path) -> Vec<Row> {
    let reader = csv::ReaderBuilder::new().delimiter(b';').from_path(path);
    let mut reader = reader.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let header = reader.headers().expect("a header").clone();
    let row = |record: csv::StringRecord| header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.expect("a row of the header's width"))).collect()
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

fn place(row: &Row) -> Place {
    (row["source"].clone(), number(&row["line"]))
}

fn known(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn outcome(row: &Row) -> Outcome {
    Outcome { insurer: row["insurer"].clone(), clinic: known(&row["clinic"]), funded: row["funded"] == "1" }
}

fn defect(row: &Row) -> Defect {
    Defect { kind: row["kind"].clone(), place: place(row), code: known(&row["expected_code"]) }
}
