//! Cases of practice: files and reports of people who do this work, made into small jobs with invented people, each with its right outcome.
//!
//! A folder `NN-name` holds one case: sources, jobs, and `expected.toml`. The folder `_reference` holds reference tables shared by all cases.
//! Each case runs in a copy of its folder, its commands one after another. `expected.toml`:
//!
//! ```toml
//! story = "what went wrong, for whom, and what is right"
//!
//! [[copy]]                          # files that are put in place before the first command
//! from = "attachments.csv"
//! to = "in/\\xCF.csv"               # \\xNN is a byte of the name
//!
//! [[run]]
//! arguments = ["run", "job.toml"]   # this is the default
//! exit = 0                          # 0 is the default
//! says = ["a text of standard output or standard error"]
//! hides = ["a text that stands in neither"]
//!
//! [[run.table]]                     # rows of a published table
//! name = "persons"
//! where = { clinic = "980101" }     # rows that count; all without it
//! columns = ["surname", "clinic"]
//! rows = [["ЛИПОВА", "980101"]]     # exactly these, in any order; an absent value is ""
//!
//! [[run.answer]]                    # a member of an archive of answers
//! archive = "E298010120261031.zip"
//! lines = 3
//! ```

mod expected;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use sverka_publish::OutputTable;

use crate::published::{TextTable, read_table};
use expected::{Answer, Case, CopiedFile, Run, Table};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// Folders of cases, by name.
fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("tests/cases").map(|entry| entry.expect("an entry").path());
    let is_case = |path: &PathBuf| path.file_name().is_some_and(|name| name.as_encoded_bytes()[0].is_ascii_digit());
    let mut cases: Vec<PathBuf> = entries.filter(is_case).collect();
    cases.sort();
    cases
}

#[test]
fn every_case_has_its_right_outcome() {
    let only = std::env::var("SVERKA_CASE").ok();
    let wanted = |case: &&PathBuf| only.as_deref().is_none_or(|only| case.to_string_lossy().contains(only));
    let cases = cases();
    let failures: Vec<String> = cases.iter().filter(wanted).flat_map(|case| failures_of(case)).collect();
    assert!(failures.is_empty(), "{} of the outcomes are wrong:\n{}", failures.len(), failures.join("\n"));
}

/// The failures of a case, each with the case's name.
fn failures_of(case: &Path) -> Vec<String> {
    let name = case.file_name().expect("a name").to_string_lossy();
    let text = fs::read_to_string(case.join("expected.toml")).unwrap_or_else(|error| panic!("{name}/expected.toml: {error}"));
    let expected: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}/expected.toml: {error}"));
    assert!(!expected.story.is_empty() && !expected.run.is_empty(), "{name}: neither story nor run may be empty");
    let dir = tempfile::tempdir().expect("temporary folder");
    let copy = dir.path().join("case");
    copy_folder(&folder().join("_reference"), &dir.path().join("_reference"));
    copy_folder(case, &copy);
    expected.copy.iter().for_each(|file| copy_file(file, &copy));
    let failures = expected.run.iter().flat_map(|run| run_failures(run, &copy));
    failures.map(|failure| format!("{name}: {failure}")).collect()
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &to);
        } else {
            fs::copy(&path, to).expect("a copy");
        }
    }
}

fn copy_file(file: &CopiedFile, dir: &Path) {
    let to = dir.join(OsString::from_vec(unescaped(&file.to)));
    fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
    fs::copy(dir.join(&file.from), to).expect("a copy");
}

/// The bytes of a name in which `\xNN` stands for a byte.
fn unescaped(name: &str) -> Vec<u8> {
    let mut parts = name.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(digits, 16).expect("two hexadecimal digits"));
        bytes.extend(rest.as_bytes());
    }
    bytes
}

fn run_failures(run: &Run, dir: &Path) -> Vec<String> {
    let ended =
        Command::new(env!("CARGO_BIN_EXE_sverka")).args(&run.arguments).current_dir(dir).output().expect("the program starts");
    let output = format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    let command = run.arguments.join(" ");
    let mut failures = Vec::new();
    if ended.status.code() != Some(run.exit) {
        failures.push(format!("{command}: exit code {:?}, expected {}: {output}", ended.status.code(), run.exit));
    }
    let missing = run.says.iter().filter(|text| !output.contains(text.as_str()));
    failures.extend(missing.map(|text| format!("{command}: does not say {text:?}: {output}")));
    let shown = run.hides.iter().filter(|text| output.contains(text.as_str()));
    failures.extend(shown.map(|text| format!("{command}: says {text:?}: {output}")));
    failures
        .extend(run.table.iter().filter_map(|table| table_failure(table, dir)).map(|failure| format!("{command}: {failure}")));
    failures.extend(
        run.answer.iter().filter_map(|answer| answer_failure(answer, dir)).map(|failure| format!("{command}: {failure}")),
    );
    failures
}

fn table_failure(expected: &Table, dir: &Path) -> Option<String> {
    let table = OutputTable::ALL.iter().copied().find(|table| table.file_name() == format!("{}.parquet", expected.name));
    let table = table.unwrap_or_else(|| panic!("there is no table {}", expected.name));
    let current = dir.join("out/current");
    if !current.join(table.file_name()).exists() {
        return Some(format!("{} was not published", expected.name));
    }
    let found = TextTable::from_batches(table, &read_table(&current, table));
    let counts = |row: &crate::published::TextRow<'_>| expected.filter.iter().all(|(column, value)| row.text(column) == value);
    let projected =
        |row: crate::published::TextRow<'_>| expected.columns.iter().map(|column| row.text(column).to_owned()).collect();
    let mut rows: Vec<Vec<String>> = found.rows().filter(counts).map(projected).collect();
    let mut right = expected.rows.clone();
    rows.sort();
    right.sort();
    (rows != right).then(|| format!("{} {:?}: found {rows:?}, expected {right:?}", expected.name, expected.filter))
}

fn answer_failure(expected: &Answer, dir: &Path) -> Option<String> {
    let Answer { archive, lines } = expected;
    let runs = fs::read_dir(dir.join("out/answers")).ok()?.map(|entry| entry.expect("an entry").path());
    let found: BTreeSet<usize> =
        runs.map(|run| run.join(archive)).filter(|path| path.exists()).map(|path| lines_of(&path)).collect();
    (found != BTreeSet::from([*lines])).then(|| format!("{archive} has {found:?} lines, expected {lines}"))
}

/// The number of lines of the only member of an archive.
fn lines_of(archive: &Path) -> usize {
    let (_, member) = crate::answers::unzipped(&fs::read(archive).expect("an archive"));
    member.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).count()
}
