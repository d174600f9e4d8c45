//! A region with more people than one block of the outputs holds, run by the program: partitions, threads and the disk must not show in the tables.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output};

use parquet::file::reader::{FileReader as _, SerializedFileReader};

use super::region_of;
use crate::published::{PublishedRun, table_bytes};
use sverka_publish::OutputTable;

/// In an optimised build a block and a half; otherwise few enough that the test ends soon.
const PERSONS: u64 = if cfg!(debug_assertions) { 3_000 } else { 200_000 };
/// Options with too little memory for the rows of the region, and enough for all else.
const MEMORY: [&str; 4] = ["--threads", "2", "--memory-limit", "110MiB"];

/// Number of entries of each kind in the overrides.
const DECIDED: usize = 20;

/// Adds overrides to a region: other insurers and clinics, people who are one, and rows to ignore.
fn add_overrides(dir: &Path) {
    let files = |folder: &str| {
        let names = std::fs::read_dir(dir.join(folder)).expect("a folder").map(|file| file.expect("a file").file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().expect("UTF-8")).collect();
        names.sort();
        names
    };
    // A file's name begins with the code of its sender.
    let sender = |file: &str| file.split('_').next().expect("a code").to_owned();
    let (registers, attachments) = (files("registers"), files("attachments"));
    let (other_insurer, clinic) = (sender(&registers[1]), sender(&attachments[0]));
    let register = std::fs::read(dir.join("registers").join(&registers[0])).expect("a register");
    // Some of its rows are damaged.
    let register = String::from_utf8_lossy(&register);
    let column = register.lines().next().expect("a header").split(';').position(|name| name == "enp").expect("ENPs");
    let enps: Vec<&str> =
        register.lines().skip(1).filter_map(|line| line.split(';').nth(column)).filter(|enp| enp.len() == 16).collect();
    let mut entries = String::new();
    let mut entry = |kind: &str, fields: String| {
        entries += &format!("[[{kind}]]\n{fields}\nauthor = \"A\"\nreason = \"R\"\ndecided_on = 2026-10-05\n\n");
    };
    for (index, four) in enps.chunks_exact(enps.len() / DECIDED).take(DECIDED).map(|chunk| &chunk[..4]).enumerate() {
        let person = |enp: &str| format!("{{ enp = \"{enp}\" }}");
        entry("insurer", format!("person = {}\ninsurer = \"{other_insurer}\"\nfrom = 2026-10-01", person(four[0])));
        entry("clinic", format!("person = {}\nclinic = \"{clinic}\"\nfrom = 2026-10-01", person(four[1])));
        entry("same_person", format!("one = {}\nother = {}", person(four[2]), person(four[3])));
        entry("ignore", format!("record = {{ source = \"registers/{}\", line = {} }}", registers[1], 2 + 7 * index));
    }
    std::fs::write(dir.join("overrides.toml"), entries).expect("overrides");
    let job = dir.join("job.toml");
    let text = std::fs::read_to_string(&job).expect("the job");
    std::fs::write(&job, text.replace("[reference]\n", "[reference]\noverrides = \"overrides.toml\"\n")).expect("the job");
}

fn run(job: &Path, out: &Path, more: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sverka"));
    program.arg("run").arg(job).arg("--quiet").arg("--output").arg(out).args(more);
    program.output().expect("the program starts")
}

/// The published tables by file name, after a run that applied an entry of each kind of overrides.
fn tables(job: &Path, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let out = tempfile::tempdir().expect("temporary folder");
    let ended = run(job, out.path(), more);
    // All rows of one clinic are refused, so the exit code is 1.
    let is_published = matches!(ended.status.code(), Some(0 | 1));
    assert!(is_published, "{more:?}: {}", String::from_utf8_lossy(&ended.stderr));
    let published = out.path().join("current");
    let tables = table_bytes(&published);
    let states = PublishedRun::read(&published);
    let applied = states.rows(OutputTable::Overrides).filter(|row| row.text("state") == "applied");
    let kinds: BTreeSet<&str> = applied.map(|row| row.text("kind")).collect();
    assert_eq!(kinds.len(), 4, "kinds with an applied entry: {kinds:?}");
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
    add_overrides(dir.path());
    let job = dir.path().join("job.toml");
    if cfg!(not(debug_assertions)) {
        let out = tempfile::tempdir().expect("temporary folder");
        let ended = run(&job, out.path(), &[&MEMORY[..], &["--spill-dir", "/nonexistent/folder"]].concat());
        assert_eq!(ended.status.code(), Some(4), "the rows fit into memory: the limit is too large for this test");
    }
    let expected = tables(&job, &[]);
    for options in [
        &["--partition-bits", "0", "--threads", "1"][..],
        &["--partition-bits", "1", "--threads", "3", "--chunk-bytes", "100003"],
        &["--partition-bits", "12", "--threads", "2"],
        &MEMORY,
        &[&MEMORY[..], &["--partition-bits", "3"]].concat(),
        &[&MEMORY[..], &["--partition-bits", "12", "--chunk-bytes", "1000003"]].concat(),
    ] {
        let found = tables(&job, options);
        let differing: Vec<&String> = expected.keys().filter(|&name| expected.get(name) != found.get(name)).collect();
        assert!(differing.is_empty() && expected.len() == found.len(), "{options:?}: other bytes in {differing:?}");
    }
}
