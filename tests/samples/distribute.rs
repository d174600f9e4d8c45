//! `sverka distribute` on the sample region: the golden proposals, and its refusals.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use super::golden::assert_golden;
use super::{copy, folder, region};
use crate::published::{Execution, PublishedRun, run_job};
use sverka::job::{CommandLine, Job};
use sverka_publish::OutputTable;

fn sverka(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sverka")).args(arguments).output().expect("the program starts")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// The sample region, published in a folder of its own.
fn published() -> tempfile::TempDir {
    let out = tempfile::tempdir().expect("a temporary folder");
    run_job(&folder().join("job.toml"), out.path(), Execution::default()).unwrap_or_else(|error| panic!("{error}"));
    out
}

/// A text without the run's id and the folder, which vary.
fn lasting(text: &str, out: &Path) -> String {
    let run_id = std::fs::read_link(out.join("current")).expect("a current run");
    let run_id = run_id.file_name().and_then(|name| name.to_str()).expect("a run").to_owned();
    text.replace(&run_id, "RUN").replace(out.to_str().expect("UTF-8"), "OUT")
}

#[test]
fn proposals_are_the_golden_ones() {
    let out = published();
    let mut files = BTreeMap::new();
    for (name, switches) in [("overdue", vec![]), ("all", vec!["--all"]), ("equal_shares", vec!["--all", "--equal-shares"])] {
        let [table, overrides] = ["csv", "toml"].map(|ending| out.path().join(format!("{name}.{ending}")));
        let mut arguments = vec!["distribute", "--output", text(out.path())];
        arguments.extend(["--out", text(&table), "--overrides", text(&overrides)]);
        arguments.extend(switches);
        let ended = sverka(&arguments);
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        files.insert(format!("{name}.txt"), lasting(&String::from_utf8(ended.stdout).expect("UTF-8"), out.path()));
        for path in [table, overrides] {
            let written = std::fs::read_to_string(&path).expect("what was asked for");
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
            files.insert(name, lasting(&written, out.path()));
        }
    }
    assert_golden(&region().folder, "golden/distribute", &files);
}

#[test]
fn an_approved_proposal_is_carried_out() {
    let out = published();
    let proposed = out.path().join("proposed.toml");
    let ended = sverka(&["distribute", "--all", "--output", text(out.path()), "--overrides", text(&proposed)]);
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let proposed = std::fs::read_to_string(&proposed).expect("the proposal");
    let approved = proposed
        .replace("author     = \"\"", "author     = \"Отдел учёта\"")
        .replace("reason     = \"\"", "reason     = \"распределение\"")
        .replace("decided_on = \"\"", "decided_on = 2026-11-01");
    let count = approved.matches("[[insurer]]").count();

    let (copied, job) = copy(str::to_owned);
    let overrides = copied.path().join("overrides.toml");
    let kept = std::fs::read_to_string(&overrides).expect("overrides of the sample");
    let add = |entries: &str| std::fs::write(&overrides, format!("{kept}\n{entries}")).expect("overrides");
    add(&proposed);
    let refused = Job::load(&job, &CommandLine::default()).expect_err("nobody answers for it").to_string();
    assert!(refused.contains("overrides.toml") && refused.contains("`author` is empty"), "{refused}");

    let run = |entries: &str| {
        add(entries);
        run_job(&job, &copied.path().join("out"), Execution::default())
    };
    let before = PublishedRun::read(&run("").expect("the sample runs").dir);
    let after = PublishedRun::read(&run(&approved).expect("the proposal is an override").dir);
    let left = |published: &PublishedRun| published.rows(OutputTable::MustChoose).count();
    assert_eq!((left(&before), left(&after)), (count, 0));
    let insured = |published: &PublishedRun| published.rows(OutputTable::Persons).count();
    // The other people may still choose for a month.
    let from_now_on = approved.matches("from       = 2026-11-01").count();
    assert!(from_now_on > 5 && from_now_on < count);
    assert_eq!(insured(&after), insured(&before) + from_now_on);
}

#[test]
fn a_proposal_is_not_written_into_a_run() {
    let out = published();
    let run = std::fs::canonicalize(out.path().join("current")).expect("a current run");
    let before = std::fs::read_dir(&run).expect("a run").count();
    let linked = out.path().join("linked.csv");
    std::os::unix::fs::symlink("current/proposal.csv", &linked).expect("a link");
    for (file, words) in [
        (linked, "lies in the folder of the run"),
        (run.join("proposal.csv"), "lies in the folder of the run"),
        (out.path().join("current/proposal.csv"), "lies in the folder of the run"),
        (out.path().join("proposal.xlsx"), "does not end in .csv or .parquet"),
        (out.path().join("nowhere/proposal.csv"), "cannot write"),
    ] {
        let ended = sverka(&["distribute", "--output", text(out.path()), "--out", text(&file)]);
        let stderr = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(words) && !file.exists(), "{stderr}");
    }
    assert_eq!(std::fs::read_dir(&run).expect("a run").count(), before);
}

#[test]
fn a_run_is_found_by_its_folder_and_by_its_day() {
    let out = published();
    let run = std::fs::canonicalize(out.path().join("current")).expect("a current run");
    let of_current = sverka(&["distribute", "--output", text(out.path())]).stdout;
    assert_eq!(sverka(&["distribute", "--run", text(&run)]).stdout, of_current);
    assert_eq!(sverka(&["distribute", "--output", text(out.path()), "--as-of", "2026-11-01"]).stdout, of_current);
    assert_eq!(sverka(&["distribute", "--output", text(out.path()), "--as-of", "2026-11-02"]).status.code(), Some(2));
}

#[test]
fn parquet_holds_the_same_as_csv() {
    let out = published();
    let [csv, parquet] = ["csv", "parquet"].map(|ending| out.path().join(format!("proposal.{ending}")));
    for file in [&csv, &parquet] {
        assert!(sverka(&["distribute", "--output", text(out.path()), "--out", text(file)]).status.success());
    }
    let lines = std::fs::read_to_string(&csv).expect("a table").lines().count();
    let file = std::fs::File::open(&parquet).expect("a table");
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet");
    let header: Vec<String> = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(header.join(";"), std::fs::read_to_string(&csv).expect("a table").lines().next().expect("a header"));
    let rows: usize = reader.build().expect("rows").map(|batch| batch.expect("a batch").num_rows()).sum();
    assert_eq!(rows + 1, lines);
}
