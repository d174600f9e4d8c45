//! The job's setting `tables`: a run that writes some of the tables.

use std::collections::BTreeMap;

use super::Ended;
use super::project::{Project, visible_runs};
use crate::published::table_bytes;

const AS_OF: &str = "as_of  =";

/// A project with the setting `tables` in its job.
fn project_with_tables(tables: &str) -> Project {
    let project = Project::new();
    project.replace("job.toml", AS_OF, &format!("tables = {tables}\n{AS_OF}"));
    project
}

/// The tables of the current run.
fn published(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let run = visible_runs(&project.path("out")).1.expect("a current run");
    table_bytes(&project.path("out").join(run))
}

/// The lines of the summary that depend on the results alone.
fn results(ended: &Ended) -> Vec<&str> {
    let of_this_run = ["Took ", "Run ", "Results "];
    // The next command names the job of the run.
    ended
        .stdout
        .lines()
        .take_while(|line| !line.starts_with("Next "))
        .filter(|line| !of_this_run.iter().any(|start| line.starts_with(start)))
        .collect()
}

#[test]
fn a_run_with_some_tables_writes_exactly_those_with_the_same_results() {
    let full = Project::new();
    let full_run = full.run(&[]).exits_with(0);
    let all = published(&full);
    for names in [&["decisions"][..], &["funding_clinic", "persons"], &["duplicates", "findings", "numbers"]] {
        let project = project_with_tables(&format!("{names:?}"));
        let ended = project.run(&[]).exits_with(0);
        let files: Vec<String> = names.iter().map(|name| format!("{name}.parquet")).collect();
        let some = published(&project);
        assert_eq!(some.keys().collect::<Vec<_>>(), files.iter().collect::<Vec<_>>());
        assert!(files.iter().all(|file| some[file] == all[file]), "{names:?}");
        assert_eq!(results(&ended), results(&full_run), "{names:?}");
    }
}

#[test]
fn the_manifest_lists_the_tables_that_are_there() {
    let project = project_with_tables("[\"persons\", \"decisions\", \"persons\"]");
    project.run(&[]).exits_with(0);
    let run = visible_runs(&project.path("out")).1.expect("a current run");
    let manifest = std::fs::read_to_string(project.path("out").join(run).join("manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    let tables: Vec<&str> =
        manifest["outputs"].as_array().expect("outputs").iter().filter_map(|table| table["table"].as_str()).collect();
    assert_eq!(tables, ["persons", "decisions"]);
}

#[test]
fn other_tables_are_another_run() {
    let project = project_with_tables("[\"persons\"]");
    project.run(&[]).exits_with(0);
    project.replace("job.toml", "tables = [\"persons\"]", "tables = [\"persons\", \"headcount\"]");
    project.run(&[]).exits_with(0);
    let (runs, _) = visible_runs(&project.path("out"));
    assert_eq!((runs.len(), published(&project).len()), (2, 2));
}

#[test]
fn a_table_that_does_not_exist_is_refused_with_its_line_and_the_tables_that_do() {
    let project = project_with_tables("[\"persons\",\n  \"decision\"]");
    let stderr = project.run(&[]).exits_with(2).stderr;
    let expected = format!(
        "job.toml:{}: there is no table `decision` (is decisions meant?); the tables are persons, ",
        project.line("job.toml", "\"decision\"")
    );
    assert!(stderr.contains(&expected) && stderr.contains("unattached"), "{stderr}");
    assert!(!project.path("out").exists(), "something was published");
}

#[cfg(feature = "query")]
#[test]
fn the_tables_of_a_run_with_some_tables_can_be_queried() {
    let project = project_with_tables("[\"headcount\", \"funding_clinic\"]");
    project.run(&[]).exits_with(0);
    let ask = |sql: &str| super::sverka(&["query", "--output", &project.argument("out"), sql]);
    assert_eq!(ask("SHOW TABLES").exits_with(0).stdout, "name\nfunding_clinic\nheadcount\n");
    let heads = ask("SELECT sum(heads) > 0 AS some FROM headcount").exits_with(0).stdout;
    assert_eq!(heads, "some\ntrue\n");
    let stderr = ask("SELECT * FROM persons").exits_with(2).stderr;
    assert!(stderr.contains("persons"), "{stderr}");
}
