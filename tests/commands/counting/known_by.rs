//! Sources that are dated later than a day are left out.

use super::*;

#[test]
fn later_sources_are_left_out_and_the_day_is_part_of_the_id() {
    let inbox = Inbox::new("", CHANGES);
    inbox.put("98001_20261001.csv", register("98001", 0..9)).put("98002_20261005.csv", register("98002", 20..29));
    inbox.run(&["--known-by", "2026-10-05"]).exits_with(0);
    assert_eq!((inbox.total("persons"), inbox.left_out().len()), (18, 0));
    let all = inbox.manifest();
    assert_eq!(all["known_by"], "2026-10-05");
    let ended = inbox.run(&["--known-by", "2026-10-04", "--accept-shrink"]).exits_with(1);
    assert!(ended.stdout.contains("98002_20261005.csv") && ended.stdout.contains("known_by"), "{}", ended.stdout);
    assert_eq!((inbox.total("persons"), inbox.left_out()), (9, vec!["98002_20261005.csv not_yet_known".to_owned()]));
    // What comes later changes neither the results nor the id of what was known.
    let (id, file) = (inbox.manifest()["run_id"].clone(), "98002_20261031.csv");
    assert_ne!(id, all["run_id"]);
    inbox.put(file, register("98002", 20..25));
    inbox.run(&["--known-by", "2026-10-04", "--accept-shrink"]).exits_with(1);
    assert_eq!(inbox.manifest()["run_id"], id);
    super::super::sverka(&["verify", "--output", &inbox.0.argument("out")]).exits_with(0);
    // The job may name the day, and the command line replaces it.
    inbox.job("known_by = 2026-10-05", CHANGES);
    inbox.run(&[]);
    assert_eq!(inbox.left_out(), ["98002_20261031.csv not_yet_known"]);
    inbox.run(&["--known-by", "2026-10-31"]);
    assert!(inbox.left_out().is_empty());
}

#[test]
fn a_later_snapshot_supersedes_nothing() {
    let inbox = Inbox::new("", SNAPSHOTS);
    inbox.put("98001_20261001.csv", register("98001", 0..9)).put("98001_20261031.csv", register("98001", 1..5));
    inbox.run(&["--known-by", "2026-10-30"]).exits_with(0);
    assert_eq!(
        (inbox.read(), inbox.left_out()),
        (vec!["98001_20261001.csv register".to_owned()], vec!["98001_20261031.csv not_yet_known".to_owned()])
    );
}

#[test]
fn sources_without_a_date_are_always_known() {
    let inbox = Inbox::new("known_by = 2020-01-01", "[[registers]]\nfiles = [\"in/*.csv\"]\n");
    inbox.put("98001.csv", register("98001", 0..9));
    inbox.run(&[]).exits_with(0);
    let inbox = Inbox::new("known_by = 2020-01-01", CHANGES);
    inbox.put("98001_20261001.csv", register("98001", 0..9));
    assert!(inbox.run(&[]).exits_with(2).stderr.contains("2020-01-01"));
}

#[test]
fn a_look_ahead_tells_what_is_left_out() {
    let inbox = Inbox::new("", SNAPSHOTS);
    inbox.put("98001_20261001.csv", register("98001", 0..9)).put("98001_20261015.csv", register("98001", 1..5));
    inbox.put("98002_20261031.csv", register("98002", 20..29));
    let ended = inbox.run(&["--check-only", "--known-by", "2026-10-20"]).exits_with(0);
    assert!(ended.stdout.contains("left out: 1 not_yet_known, 1 superseded"), "{}", ended.stdout);
    let id = ended.stdout.split_whitespace().nth(1).expect("an id").to_owned();
    inbox.run(&["--known-by", "2026-10-20"]).exits_with(0);
    assert_eq!(text(&inbox.manifest()["run_id"]), id);
}
