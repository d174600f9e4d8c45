//! A region of more people than one block of the outputs holds, run by the program: partitions, threads and the disk must not show there, too.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use parquet::file::reader::{FileReader as _, SerializedFileReader};

use super::region_of;
use crate::published::table_bytes;

/// In an optimised build two blocks and a half; otherwise few enough that the test ends soon.
const PERSONS: u64 = if cfg!(debug_assertions) { 3_000 } else { 320_000 };
/// Too little for the rows of so many people, enough for the rest.
const MEMORY: [&str; 4] = ["--threads", "2", "--memory-limit", "310MiB"];

fn run(job: &Path, out: &Path, more: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sverka"));
    program.arg("run").arg(job).arg("--quiet").arg("--output").arg(out).args(more);
    program.output().expect("the program starts")
}

fn tables(job: &Path, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let out = tempfile::tempdir().expect("temporary folder");
    let ended = run(job, out.path(), more);
    assert!(ended.status.success(), "{more:?}: {}", String::from_utf8_lossy(&ended.stderr));
    let tables = table_bytes(&out.path().join("current"));
    if cfg!(not(debug_assertions)) {
        let persons = std::fs::File::open(out.path().join("current/persons.parquet")).expect("a table");
        let groups = SerializedFileReader::new(persons).expect("Parquet").metadata().num_row_groups();
        assert!(groups > 1, "persons are in {groups} block; the region is too small for this test");
    }
    tables
}

#[test]
fn blocks_partitions_threads_and_the_disk_do_not_show() {
    let dir = tempfile::tempdir().expect("temporary folder");
    region_of(PERSONS, dir.path());
    let job = dir.path().join("job.toml");
    if cfg!(not(debug_assertions)) {
        let out = tempfile::tempdir().expect("temporary folder");
        let ended = run(&job, out.path(), &[&MEMORY[..], &["--spill-dir", "/nonexistent/folder"]].concat());
        assert_eq!(ended.status.code(), Some(4), "the rows fit into memory: the limit is too large for this test");
    }
    let expected = tables(&job, &[]);
    for manner in [
        &["--partition-bits", "0", "--threads", "1"][..],
        &["--partition-bits", "1", "--threads", "3", "--chunk-bytes", "100003"],
        &["--partition-bits", "12", "--threads", "2"],
        &MEMORY,
        &[&MEMORY[..], &["--partition-bits", "1"]].concat(),
        &[&MEMORY[..], &["--partition-bits", "12", "--chunk-bytes", "1000003"]].concat(),
    ] {
        let found = tables(&job, manner);
        let differing: Vec<&String> = expected.keys().filter(|&name| expected.get(name) != found.get(name)).collect();
        assert!(differing.is_empty() && expected.len() == found.len(), "{manner:?}: other bytes in {differing:?}");
    }
}
