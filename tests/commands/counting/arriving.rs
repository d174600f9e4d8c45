//! Files that may still be written are left for a later run.

use std::thread;

use super::*;

#[test]
fn names_of_unfinished_transfers_are_not_taken() {
    let inbox = Inbox::new("", "[[registers]]\nfiles = [\"in/*\", \"in/.*\"]\n");
    inbox.put("98001.csv", register("98001", 0..9));
    for name in ["98002.csv.part", "98002.tmp", "98002.FILEPART", ".98002.csv"] {
        inbox.put(name, register("98002", 20..29));
    }
    let ended = inbox.run(&[]).exits_with(8);
    assert!(ended.stderr.contains("in/.98002.csv") && ended.stderr.contains("unfinished"), "{}", ended.stderr);
    inbox.job("", "[[registers]]\nfiles = [\"in/*\"]\n");
    let ended = inbox.run(&[]).exits_with(0);
    assert!(ended.stdout.contains("3 sources are not taken") && ended.stdout.contains("unfinished"), "{}", ended.stdout);
    assert_eq!(inbox.left_out(), ["98002.FILEPART unsettled", "98002.csv.part unsettled", "98002.tmp unsettled"]);
    // A file that the job names itself is the one that is meant.
    inbox.job("", "[[registers]]\nfiles = [\"in/98001.csv\", \"in/98002.tmp\"]\n");
    inbox.run(&[]).exits_with(0);
    assert_eq!(inbox.read(), ["98001.csv register", "98002.tmp register"]);
}

#[test]
fn young_files_are_left_for_a_later_run() {
    let inbox = Inbox::new("settle = \"2s\"", "[[registers]]\nfiles = [\"in/*\"]\n");
    inbox.put("98001.csv", register("98001", 0..9));
    let ended = inbox.run(&[]).exits_with(8);
    assert!(ended.stderr.contains("98001.csv") && ended.stderr.contains("settle"), "{}", ended.stderr);
    thread::sleep(Duration::from_millis(2_100));
    inbox.put("98002.csv", register("98002", 20..29));
    // A time that somebody sets back does not make a file old.
    set_modified(&inbox.0.path("in/98002.csv"), Duration::from_secs(3600));
    let ended = inbox.run(&[]).exits_with(0);
    assert!(ended.stdout.contains("98002.csv: changed less than 2 s ago"), "{}", ended.stdout);
    assert_eq!((inbox.read(), inbox.left_out()), (vec!["98001.csv register".to_owned()], vec!["98002.csv unsettled".to_owned()]));
    thread::sleep(Duration::from_millis(2_100));
    inbox.run(&[]).exits_with(0);
    assert_eq!(inbox.total("persons"), 18);
}

#[test]
fn times_to_settle_have_units() {
    for (time, exit) in [("5m", 8), ("5min", 8), ("1h", 8), ("0s", 2), ("60", 2), ("1d", 2)] {
        let inbox = Inbox::new(&format!("settle = \"{time}\""), "[[registers]]\nfiles = [\"in/*\"]\n");
        inbox.put("98001.csv", register("98001", 0..9));
        let ended = inbox.run(&[]).exits_with(exit);
        assert!(ended.stderr.contains("settle"), "{}", ended.stderr);
    }
}
