//! `sverka runs`, `runs pin` and `runs unpin`.

use std::fs;

use super::{History, Night};

#[test]
fn runs_are_listed_in_the_order_of_their_start_with_their_marks() {
    let history = History::new();
    let second = history.add(Night { number: 2, as_of: "2026-10-01" });
    let first = history.add(Night { number: 1, as_of: "2026-09-01" });
    history.close("2026-10", &second);
    history.sverka(&["runs", "pin", &first]).exits_with(0);
    let json = history.sverka(&["runs", "--format", "json"]).exits_with(0).stdout;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).expect("JSON");
    let column = |name: &str| rows.iter().map(|row| row[name].to_string().replace('"', "")).collect::<Vec<_>>();
    assert_eq!(column("run"), [first.as_str(), &second, &history.current]);
    assert_eq!(column("as_of"), ["2026-09-01", "2026-10-01", "2026-11-01"]);
    assert_eq!(column("marks"), ["pinned", "closed 2026-10", "current"]);
    assert_eq!(column("heads")[0], column("heads")[2]);
    let csv = history.sverka(&["runs", "--format", "csv"]).exits_with(0).stdout;
    assert!(csv.starts_with("run,as_of,started_at,persons,heads,amount,bytes,current,closed,booked,pinned,marks\n"), "{csv}");
    assert_eq!(csv.lines().count(), 4);
    let text = history.sverka(&["runs", "--format", "table"]).exits_with(0).stdout;
    assert!(text.contains(&first) && text.contains("closed 2026-10"), "{text}");
}

#[test]
fn the_list_needs_no_table() {
    let history = History::new();
    history.add_nights(3);
    let before = history.sverka(&["runs"]).exits_with(0).stdout;
    for run in history.names() {
        for entry in fs::read_dir(history.dir(&run)).expect("a run") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|ending| ending == "parquet") {
                fs::remove_file(path).expect("removed");
            }
        }
    }
    assert_eq!(history.sverka(&["runs"]).exits_with(0).stdout, before);
}

#[test]
fn a_run_whose_manifest_is_damaged_is_named_and_the_others_are_listed() {
    let history = History::new();
    let damaged = history.add_nights(1).remove(0);
    fs::write(history.dir(&damaged).join("manifest.json"), "{").expect("written");
    let ended = history.sverka(&["runs"]).exits_with(1);
    assert!(ended.stdout.contains(&history.current) && !ended.stdout.contains(&damaged), "{}", ended.stdout);
    assert!(ended.stderr.contains(&damaged), "{}", ended.stderr);
}

#[test]
fn only_runs_that_are_there_are_pinned_and_only_pinned_ones_let_go() {
    let history = History::new();
    history.sverka(&["runs", "pin", "2026-10-01-0000000000000000"]).exits_with(2);
    history.sverka(&["runs", "unpin", &history.current]).exits_with(2);
    history.sverka(&["runs", "pin", &history.current]).exits_with(0);
    history.sverka(&["runs", "unpin", &history.current]).exits_with(0);
    assert!(history.sverka(&["runs", "pin", "../../etc"]).exits_with(2).stderr.contains("no complete run"));
}

#[test]
fn a_folder_without_runs_is_said_and_not_made() {
    let dir = tempfile::tempdir().expect("folder");
    let out = dir.path().join("out");
    let out = out.to_str().expect("UTF-8");
    for command in [&["runs"][..], &["runs", "pin", "a"], &["runs", "prune", "--keep", "1"], &["verify", "--all"]] {
        let ended = super::sverka(&[command, &["--output", out]].concat()).exits_with(3);
        assert!(ended.stderr.contains("no published run"), "{}", ended.stderr);
    }
    assert!(!dir.path().join("out").exists());
}
