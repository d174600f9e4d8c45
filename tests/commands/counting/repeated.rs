//! A content that was sent twice is read once.

use sverka_publish::zip_of;

use super::*;

#[test]
fn a_content_that_was_sent_twice_is_read_once_with_a_note() {
    let inbox = Inbox::new("", CHANGES);
    let list = register("98001", 0..9);
    inbox.put("98001_20261001.csv", &list).put("98001_20261031.csv", &list).put("98002_20261031.csv", register("98002", 0..9));
    let ended = inbox.run(&[]).exits_with(0);
    assert!(ended.stdout.contains("98001_20261031.csv: has the same content as in/98001_20261001.csv"), "{}", ended.stdout);
    assert_eq!(inbox.left_out(), ["98001_20261031.csv same_as 98001_20261001.csv"]);
    assert_eq!((inbox.total("rows"), inbox.total("duplicates")), (18, 0));
}

#[test]
fn who_wants_to_be_stopped_by_a_repeated_file_is_stopped() {
    for (then, exit) in [("note", 0), ("warn", 1), ("stop", 6)] {
        let inbox = Inbox::new("", &format!("{CHANGES}[rules.sources]\ntwice = \"{then}\"\n"));
        inbox.put("a_20261001.csv", register("98001", 0..9)).put("b_20261001.csv", register("98001", 0..9));
        inbox.run(&[]).exits_with(exit);
    }
}

#[test]
fn equal_members_of_archives_and_other_layouts_are_told_apart() {
    let list = attachments("980101", 0..9);
    let entries = "[[registers]]\nfiles = [\"in/r.csv\"]\n[[attachments]]\nfiles = [\"in/*.zip\", \"in/a*.csv\"]\n";
    let inbox = Inbox::new("", entries);
    inbox.put("r.csv", register("98001", 0..9)).put("a.csv", &list);
    inbox.put(
        "b.zip",
        zip_of(&[("x.csv", list.as_bytes()), ("y.csv", list.as_bytes()), ("z.csv", attachments("980101", 1..3).as_bytes())]),
    );
    inbox.put("c.zip", zip_of(&[("other.csv", list.as_bytes())]));
    inbox.run(&[]).exits_with(0);
    assert_eq!(inbox.left_out(), ["b.zip/y.csv same_as b.zip/x.csv", "c.zip same_as b.zip/x.csv"]);
}

#[test]
fn lists_without_rows_are_findings_of_their_own() {
    let inbox = Inbox::new("", CHANGES);
    inbox.put("98001_20261001.csv", register("98001", 0..9));
    inbox.put("98002_20261001.csv", register("98002", 0..0)).put("98003_20261001.csv", register("98003", 0..0));
    let ended = inbox.run(&[]).exits_with(1);
    assert_eq!(ended.stdout.matches("(SOURCE_WITHOUT_RECORDS)").count(), 2, "{}", ended.stdout);
    assert!(inbox.left_out().is_empty());
}
