//! Files of a month that arrive in any nights: the last run is the one over all of them at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use sverka::generate::{HistorySettings, generate_history};
use sverka::job::{CommandLine, Job};
use sverka_publish::OutputTable;

use crate::published::{Execution, PublishedRun, fast_folder, run_loaded, table_bytes};

/// Nights into which the files are split.
const NIGHTS: u8 = 4;
/// Most files of the history: those of 16 senders.
const MOST_FILES: usize = 100;
const CASES: u32 = if cfg!(debug_assertions) { 6 } else { 40 };

/// A history of one month, its files, and its job.
struct Month {
    folder: tempfile::TempDir,
    /// Paths below `nights/`, sorted.
    files: Vec<PathBuf>,
    job: String,
}

static MONTH: LazyLock<Month> = LazyLock::new(Month::generate);

impl Month {
    fn generate() -> Self {
        let folder = tempfile::tempdir_in(fast_folder()).expect("temporary folder");
        let (as_of, out) = ("2026-03-01".parse().expect("a date"), folder.path().to_owned());
        let settings = HistorySettings { persons: 400, seed: 3, as_of, months: 1, nights: 5, out, truth: false, force: false };
        generate_history(&settings, &mut |_| ()).unwrap_or_else(|error| panic!("{error}"));
        let (mut files, mut folders) = (Vec::new(), vec![folder.path().join("nights")]);
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).expect("a folder").map(|entry| entry.expect("an entry").path()) {
                if entry.is_dir() {
                    folders.push(entry);
                } else {
                    files.push(entry.strip_prefix(folder.path().join("nights")).expect("below").to_owned());
                }
            }
        }
        files.sort();
        let job = std::fs::read_to_string(folder.path().join("job.toml")).expect("a job");
        assert!(files.len() <= MOST_FILES, "{} files", files.len());
        Self { folder, files, job }
    }

    /// Runs the job night by night and returns the folder of the last run. Every pattern of the job matches in the first night.
    fn run(&self, job: &str, night_of: impl Fn(usize) -> u8, work: &Path) -> PathBuf {
        let copy = |from: &Path, to: &Path| {
            std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
            std::fs::copy(from, to).expect("copied");
        };
        for name in ["insurers.csv", "clinics.csv", "succession.csv", "tariff.toml"] {
            copy(&self.folder.path().join("reference").join(name), &work.join("reference").join(name));
        }
        std::fs::write(work.join("job.toml"), job).expect("a job");
        let mut patterns = BTreeSet::new();
        let nights: Vec<u8> = self
            .files
            .iter()
            .enumerate()
            .map(|(index, file)| {
                let name = file.to_str().expect("UTF-8");
                let is_first = patterns.insert((name.contains("registers"), name.contains("_whole_")));
                if is_first { 0 } else { night_of(index) }
            })
            .collect();
        let mut last = PathBuf::new();
        for night in 0..NIGHTS {
            let arriving: Vec<&PathBuf> =
                self.files.iter().zip(&nights).filter(|(_, of)| **of == night).map(|(file, _)| file).collect();
            for file in &arriving {
                copy(&self.folder.path().join("nights").join(file), &work.join("inbox").join(file));
            }
            if !arriving.is_empty() {
                let as_of = Some("2026-03-01".parse().expect("a date"));
                let command_line = CommandLine { as_of, output: Some(work.join("out")), ..CommandLine::default() };
                let job = Job::load(&work.join("job.toml"), &command_line).unwrap_or_else(|error| panic!("{error}"));
                last = run_loaded(&job, Execution::default()).unwrap_or_else(|error| panic!("{error}")).dir;
            }
        }
        last
    }
}

/// Tables whose rows are those of ids.
const TABLES_OF_IDS: [&str; 2] = ["person_ids", "person_events"];

/// Rows of all tables without ids of persons, sorted.
fn rows_without_ids(dir: &Path) -> BTreeMap<&'static str, Vec<Vec<String>>> {
    let run = PublishedRun::read(dir);
    let tables = OutputTable::ALL.iter().filter(|table| !TABLES_OF_IDS.contains(&table.name()));
    let rows = |table: &OutputTable| {
        let kept: Vec<&String> = run.table(*table).columns.iter().filter(|column| !column.ends_with("person_id")).collect();
        let mut rows: Vec<Vec<String>> =
            run.rows(*table).map(|row| kept.iter().map(|column| row.text(column).to_owned()).collect()).collect();
        rows.sort();
        rows
    };
    tables.map(|table| (table.name(), rows(table))).collect()
}

/// The job with ids by content.
fn by_content(job: &str) -> String {
    job.replace("ids = \"continued\"", "ids = \"content\"")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) })]

    #[test]
    fn any_split_of_a_month_into_nights_gives_the_tables_of_one_run(nights in prop::collection::vec(0..NIGHTS, MOST_FILES)) {
        let [split, once] = [(); 2].map(|()| tempfile::tempdir_in(fast_folder()).expect("temporary folder"));
        let job = by_content(&MONTH.job);
        let [split, once] = [MONTH.run(&job, |index| nights[index], split.path()), MONTH.run(&job, |_| 0, once.path())].map(|dir| table_bytes(&dir));
        let differing: Vec<&String> = once.keys().filter(|&name| split.get(name) != Some(&once[name])).collect();
        prop_assert!(differing.is_empty() && split.len() == once.len(), "other bytes in {differing:?}");
    }

    #[test]
    fn continued_ids_alone_tell_into_which_nights_a_month_was_split(nights in prop::collection::vec(0..NIGHTS, MOST_FILES)) {
        let [split, once] = [(); 2].map(|()| tempfile::tempdir_in(fast_folder()).expect("temporary folder"));
        let runs = [MONTH.run(&MONTH.job, |index| nights[index], split.path()), MONTH.run(&MONTH.job, |_| 0, once.path())];
        let [split, once] = runs.map(|dir| rows_without_ids(&dir));
        for (table, rows) in &once {
            prop_assert!(&split[table] == rows, "other rows in {table}");
        }
    }
}
