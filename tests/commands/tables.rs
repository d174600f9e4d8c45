//! The job's setting `tables`: a run that writes some of the tables.

use std::collections::BTreeMap;

use super::Ended;
use super::project::{Project, visible};
use crate::published::table_bytes;

const AS_OF: &str = "as_of  =";

/// A project whose job names these tables.
fn naming(tables: &str) -> Project {
    let project = Project::new();
    project.replace("job.toml", AS_OF, &format!("tables = {tables}\n{AS_OF}"));
    project
}

/// The tables that the project's current run published.
fn published(project: &Project) -> BTreeMap<String, Vec<u8>> {
    let run = visible(&project.path("out")).1.expect("a current run");
    table_bytes(&project.path("out").join(run))
}

/// What the summary tells of the results.
fn results(ended: &Ended) -> Vec<&str> {
    let of_this_run = ["Took ", "Run ", "Results "];
    // What to do next names the job of the run.
    ended
        .out
        .lines()
        .take_while(|line| !line.starts_with("Next "))
        .filter(|line| !of_this_run.iter().any(|start| line.starts_with(start)))
        .collect()
}

#[test]
fn a_run_with_some_tables_writes_exactly_those_and_tells_the_same_results() {
    let full = Project::new();
    let told = full.run(&[]).with(0);
    let all = published(&full);
    for names in [&["decisions"][..], &["funding_clinic", "persons"], &["duplicates", "findings", "numbers"]] {
        let project = naming(&format!("{names:?}"));
        let ended = project.run(&[]).with(0);
        let files: Vec<String> = names.iter().map(|name| format!("{name}.parquet")).collect();
        let some = published(&project);
        assert_eq!(some.keys().collect::<Vec<_>>(), files.iter().collect::<Vec<_>>());
        assert!(files.iter().all(|file| some[file] == all[file]), "{names:?}");
        assert_eq!(results(&ended), results(&told), "{names:?}");
    }
}

#[test]
fn the_manifest_lists_the_tables_that_are_there() {
    let project = naming("[\"persons\", \"decisions\", \"persons\"]");
    project.run(&[]).with(0);
    let run = visible(&project.path("out")).1.expect("a current run");
    let manifest = std::fs::read_to_string(project.path("out").join(run).join("manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    let tables: Vec<&str> =
        manifest["outputs"].as_array().expect("outputs").iter().filter_map(|table| table["table"].as_str()).collect();
    assert_eq!(tables, ["persons", "decisions"]);
}

#[test]
fn other_tables_are_another_run() {
    let project = naming("[\"persons\"]");
    project.run(&[]).with(0);
    project.replace("job.toml", "tables = [\"persons\"]", "tables = [\"persons\", \"headcount\"]");
    project.run(&[]).with(0);
    let (runs, _) = visible(&project.path("out"));
    assert_eq!((runs.len(), published(&project).len()), (2, 2));
}

#[test]
fn a_table_that_does_not_exist_is_told_with_its_line_and_the_tables_that_do() {
    let project = naming("[\"persons\",\n  \"person\"]");
    let complaint = project.run(&[]).with(2).complaint;
    let expected = format!(
        "job.toml:{}: there is no table `person` (is persons meant?); the tables are persons, ",
        project.line("job.toml", "\"person\"")
    );
    assert!(complaint.contains(&expected) && complaint.contains("unattached"), "{complaint}");
    assert!(!project.path("out").exists(), "something was published");
}

#[cfg(feature = "query")]
#[test]
fn the_tables_of_such_a_run_can_be_asked() {
    let project = naming("[\"headcount\", \"funding_clinic\"]");
    project.run(&[]).with(0);
    let ask = |sql: &str| super::sverka(&["query", "--output", &project.argument("out"), sql]);
    assert_eq!(ask("SHOW TABLES").with(0).out, "name\nfunding_clinic\nheadcount\n");
    let heads = ask("SELECT sum(heads) > 0 AS some FROM headcount").with(0).out;
    assert_eq!(heads, "some\ntrue\n");
    let complaint = ask("SELECT * FROM persons").with(2).complaint;
    assert!(complaint.contains("persons"), "{complaint}");
}
