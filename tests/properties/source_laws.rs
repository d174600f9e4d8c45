//! Sources that count: what must not change the tables when files are sent again, renamed, superseded or not yet known.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tempfile::TempDir;

use sverka::engine::run;
use sverka::job::{CommandLine, Job};
use sverka_model::Date;
use sverka_publish::{Manifest, OutputTable};

use crate::published::{Execution, PublishedRun, fast_folder, table_bytes, with_options};
use crate::regions::{self, Region, SourceFile};

/// Names of folders that keep the order of the sources' names.
const RENAMED: [(&str, &str); 2] = [("attachments/", "in_attachments/"), ("registers/", "in_registers/")];

/// A written region.
struct Written {
    dir: TempDir,
}

impl Written {
    fn new(region: &Region) -> Self {
        let dir = tempfile::tempdir_in(fast_folder()).expect("temporary folder");
        region.write_to(dir.path()).expect("a written region");
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn change(&self, file: &str, change: impl Fn(String) -> String) {
        let path = self.path(file);
        let text = fs::read_to_string(&path).expect("a file");
        fs::write(path, change(text)).expect("written");
    }

    /// Adds entries of sources to the job.
    fn add_entries(&self, entries: &str) {
        self.change("job.toml", |job| job.replacen("\n[reference]", &format!("\n{entries}\n[reference]"), 1));
    }

    /// Folder of the run, with a last known day.
    fn run(&self, known_by: Option<Date>) -> PathBuf {
        let output = Some(self.path("out"));
        let command_line = CommandLine { output, known_by, ..CommandLine::default() };
        let job = Job::load(&self.path("job.toml"), &command_line).unwrap_or_else(|error| panic!("{error}"));
        with_options(Execution::default(), |options| run(&job, options)).unwrap_or_else(|error| panic!("{error}")).dir
    }

    fn tables(&self, known_by: Option<Date>) -> BTreeMap<String, Vec<u8>> {
        table_bytes(&self.run(known_by))
    }
}

fn differing(expected: &BTreeMap<String, Vec<u8>>, found: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let differs = |name: &&String| expected.get(*name) != found.get(*name);
    expected.keys().chain(found.keys()).filter(differs).cloned().collect()
}

/// Rows of all tables, with the former names of folders.
fn rows(dir: &Path, is_renamed: bool) -> Vec<Vec<Option<String>>> {
    let run = PublishedRun::read(dir);
    let former = |text: &Option<String>| {
        let text = text.clone()?;
        Some(if is_renamed { RENAMED.iter().fold(text, |text, (old, new)| text.replace(new, old)) } else { text })
    };
    let tables = OutputTable::ALL
        .iter()
        .flat_map(|&table| run.rows(table).map(|row| row.values().iter().map(former).collect()).collect::<Vec<_>>());
    tables.collect()
}

fn cases() -> ProptestConfig {
    ProptestConfig { cases: if cfg!(debug_assertions) { 12 } else { 60 }, failure_persistence: None, ..ProptestConfig::default() }
}

fn has_rows(file: &SourceFile) -> bool {
    !file.rows.is_empty()
}

proptest! {
    #![proptest_config(cases())]

    /// Names of copies sort behind the names of the originals, which keep their positions.
    #[test]
    fn files_sent_again_change_no_table(seed in any::<u64>(), chosen in any::<u32>()) {
        let region = regions::random(seed);
        let written = Written::new(&region);
        let expected = written.tables(None);
        let mut entries = String::new();
        for (kind, files) in [("registers", &region.registers), ("attachments", &region.attachments)] {
            for (index, file) in files.iter().enumerate().filter(|(index, file)| chosen >> (index % 32) & 1 == 1 && has_rows(file)) {
                let copy = format!("{}~{index}.csv", file.name);
                fs::copy(written.path(&file.name), written.path(&copy)).expect("a copy");
                let date = file.source_date.as_ref().map_or_else(String::new, |date| format!("source_date = \"{date}\"\n"));
                entries += &format!("[[{kind}]]\nfiles = [{copy:?}]\n{date}");
            }
        }
        written.add_entries(&entries);
        let dir = written.run(None);
        let left_out = Manifest::read(&dir).expect("a manifest").left_out.len();
        prop_assert!(left_out >= entries.matches("files").count(), "seed {seed}: {left_out} left out of\n{entries}");
        let found = table_bytes(&dir);
        prop_assert!(differing(&expected, &found).is_empty(), "seed {seed}: {:?}", differing(&expected, &found));
    }

    /// The names of sources stand in the tables, and their order decides between equal rows: renaming keeps the order here.
    #[test]
    fn renamed_files_change_nothing_but_their_names(seed in any::<u64>()) {
        let written = Written::new(&regions::random(seed));
        let expected = rows(&written.run(None), false);
        for (old, new) in RENAMED.into_iter().filter(|(old, _)| written.path(old).is_dir()) {
            fs::rename(written.path(old), written.path(new)).expect("renamed");
            for file in ["job.toml", regions::overrides::FILE] {
                written.change(file, |text| text.replace(&format!("\"{old}"), &format!("\"{new}")));
            }
        }
        let found = rows(&written.run(None), true);
        prop_assert!(expected == found, "seed {seed}: {:?}", found.iter().find(|row| !expected.contains(row)));
    }

    #[test]
    fn a_run_of_what_was_known_is_a_run_without_later_files(seed in any::<u64>(), chosen in any::<prop::sample::Index>()) {
        let mut region = regions::random(seed);
        // Decisions by people may name rows of later files.
        region.overrides.clear();
        let all = region.registers.iter().chain(&region.attachments);
        let mut days: Vec<Date> = all.filter_map(|file| file.source_date.as_ref()).map(|day| day.parse().expect("a date")).collect();
        days.sort_unstable();
        prop_assume!(!days.is_empty());
        let day = *chosen.get(&days);
        let found = Written::new(&region).tables(Some(day));
        let is_known = |file: &SourceFile| file.source_date.as_ref().is_none_or(|date| date.parse::<Date>().expect("a date") <= day);
        region.registers.retain(is_known);
        region.attachments.retain(is_known);
        // A job needs a register.
        prop_assume!(!region.registers.is_empty());
        let expected = Written::new(&region).tables(None);
        let differing = differing(&expected, &found);
        prop_assert!(differing.is_empty(), "seed {seed}, known by {day}: {differing:?}");
    }

    #[test]
    fn superseded_snapshots_change_no_table(seed in any::<u64>(), rows in 0_usize..4) {
        let region = regions::random(seed);
        let written = Written::new(&region);
        // Rows of an older list that nobody may see again: new people of an insurer that names it.
        let header = "record_id;insurer;policy_kind;policy_number;surname;given_name;sex;birth_date;insured_from";
        let insurer = &region.insurers[0].insurer;
        let list = |people: std::ops::Range<usize>| {
            let row = |person: usize| format!("S{person};{insurer};1;СН {person:06};Снимков;Лист;1;1980-01-01;2020-01-01\n");
            format!("{header}\n{}", people.map(row).collect::<String>())
        };
        fs::create_dir(written.path("lists")).expect("folder");
        fs::write(written.path("lists/new_20261101.csv"), list(0..3)).expect("written");
        written.add_entries("[[registers]]\nfiles = [\"lists/*.csv\"]\nsource_date = \"name\"\ncontent = \"snapshot\"\n");
        let expected = written.tables(None);
        for (day, people) in [("20261001", 0..3 + rows), ("20260901", 2..9), ("20200101", 5..6)] {
            fs::write(written.path(&format!("lists/old_{day}.csv")), list(people)).expect("written");
        }
        let found = written.tables(None);
        prop_assert!(differing(&expected, &found).is_empty(), "seed {seed}: {:?}", differing(&expected, &found));
    }
}
