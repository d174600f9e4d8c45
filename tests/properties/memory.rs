//! A run of the program that needs more memory than the size of its sources suggests: the limit holds, and the results are the same.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use sverka_publish::{Manifest, OutputTable};

use crate::published::PublishedRun;
use crate::samples;

/// Number of rows that are not accepted; together they are larger than the limit.
const ROWS: usize = 35_000;
const ROW_BYTES: usize = 4_000;
const LIMIT_MIB: u64 = 128;
/// The most that a run may take, in percent of the limit.
const MOST_PERCENT: u64 = 110;

/// A job with one register of long rows that have too many fields.
fn write_long_rows(dir: &Path) {
    let header = "record_id;insurer;policy_kind;policy_number;surname;given_name;patronymic;sex;birth_date;insured_from\n";
    let mut register = String::with_capacity(ROWS * (ROW_BYTES + 100));
    register += header;
    for row in 0..ROWS {
        writeln!(register, "{row};98001;1;A;B;C;D;1;1980-01-01;2020-01-01;{row:x>ROW_BYTES$}").expect("a text");
    }
    std::fs::write(dir.join("register.csv"), register).expect("written");
    let reference = samples::folder().join("reference");
    let reference = reference.display();
    let job = format!(
        "as_of = 2026-11-01\noutput = \"out\"\n[[registers]]\nfiles = [\"register.csv\"]\n[reference]\n\
        insurers = \"{reference}/insurers.csv\"\nclinics = \"{reference}/clinics.csv\"\ntariff = \"{reference}/tariff.toml\"\n"
    );
    std::fs::write(dir.join("job.toml"), job).expect("written");
}

#[test]
fn long_rows_that_are_not_accepted_keep_the_memory_limit() {
    let dir = tempfile::tempdir().expect("temporary folder");
    write_long_rows(dir.path());
    assert!((ROWS * ROW_BYTES) as u64 > LIMIT_MIB << 20, "the rows fit into memory: the limit is too large for this test");
    let mut program = Command::new(env!("CARGO_BIN_EXE_sverka"));
    program.args(["run", "--quiet", "--threads", "2", "--memory-limit", &format!("{LIMIT_MIB}MiB")]);
    let ended = program.arg(dir.path().join("job.toml")).output().expect("the program starts");
    let messages = String::from_utf8_lossy(&ended.stderr);
    assert!(matches!(ended.status.code(), Some(0 | 1)), "{:?}: {messages}", ended.status);
    let published = dir.path().join("out/current");
    let manifest = Manifest::read(&published).expect("a manifest");
    let most = (LIMIT_MIB << 20) / 100 * MOST_PERCENT;
    assert!(manifest.peak_memory_bytes <= most, "{} bytes of at most {most}", manifest.peak_memory_bytes);
    let run = PublishedRun::read(&published);
    // Line 0 means a finding about the source as a whole.
    let findings_of_rows = run.rows(OutputTable::Findings).filter(|row| row.text("line") != "0").count();
    assert_eq!((run.rows(OutputTable::Quarantine).count(), findings_of_rows), (ROWS, ROWS));
}
