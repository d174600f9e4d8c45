//! Snapshots: only the newest of each sender and table is read.

use std::fs;

use sverka_publish::zip_of;

use super::*;

#[test]
fn only_the_newest_snapshot_of_each_sender_is_read() {
    let inbox = Inbox::new("", SNAPSHOTS);
    inbox.put("98001_20261001.csv", register("98001", 0..9)).put("98001_20261031.csv", register("98001", 1..5));
    inbox.put("98002_20261015.csv", register("98002", 20..23));
    inbox.run(&[]).exits_with(0);
    assert_eq!(inbox.read(), ["98001_20261031.csv register", "98002_20261015.csv register"]);
    assert_eq!(inbox.left_out(), ["98001_20261001.csv superseded 98001_20261031.csv"]);
    assert_eq!((inbox.total("rows"), inbox.total("persons")), (7, 7));
    let manifest = inbox.manifest();
    let hash = blake3::hash(register("98001", 0..9).as_bytes()).to_hex().to_string();
    assert_eq!(manifest["left_out"][0]["blake3"], hash.as_str());
    assert_eq!(manifest["left_out"][0]["sender"], "98001");
}

#[test]
fn a_sender_is_told_by_its_rows_when_the_name_does_not_tell_it() {
    let inbox = Inbox::new("", SNAPSHOTS);
    // A row without a known insurer is a fault of the row, and no other sender.
    let old = register("98001", 0..9) + "R9;98999;1;ЗР 00000009;Заречнов;Пров;1;1980-01-01;2020-01-01\nbroken\n";
    inbox.put("list_20261001.csv", old).put("another_20261031.csv", register("98001", 1..5));
    inbox.run(&[]).exits_with(0);
    assert_eq!(
        (inbox.read(), inbox.left_out()),
        (vec!["another_20261031.csv register".to_owned()], vec!["list_20261001.csv superseded another_20261031.csv".to_owned()])
    );
}

#[test]
fn a_snapshot_without_a_sender_is_an_error_that_says_so() {
    for (content, why) in [
        (
            register("98001", 0..3) + &register("98002", 3..5).lines().skip(1).map(|row| format!("{row}\n")).collect::<String>(),
            "98001 and 98002",
        ),
        (register("98999", 0..3), "no row names"),
        (register("98001", 0..0), "no row names"),
    ] {
        let inbox = Inbox::new("", SNAPSHOTS);
        inbox.put("list_20261001.csv", content);
        let stderr = inbox.run(&[]).exits_with(2).stderr;
        assert!(stderr.contains("list_20261001.csv") && stderr.contains(why) && stderr.contains("[sender]"), "{stderr}");
    }
}

#[test]
fn snapshots_of_one_day_that_differ_are_an_error_unless_the_last_name_is_to_be_read() {
    let inbox = Inbox::new("", SNAPSHOTS);
    inbox.put("98001_20261031a.csv", register("98001", 0..3)).put("98001_20261031b.csv", register("98001", 0..4));
    let stderr = inbox.run(&[]).exits_with(2).stderr;
    assert!(
        ["98001_20261031a.csv", "98001_20261031b.csv", "2026-10-31", "last_name"].iter().all(|word| stderr.contains(word)),
        "{stderr}"
    );
    inbox.job("", &format!("{SNAPSHOTS}same_date = \"last_name\"\n"));
    let ended = inbox.run(&[]).exits_with(0);
    assert!(ended.stdout.contains("98001_20261031a.csv") && ended.stdout.contains("sorts last"), "{}", ended.stdout);
    assert_eq!(inbox.read(), ["98001_20261031b.csv register"]);
    // The same bytes contradict nobody.
    inbox.job("", SNAPSHOTS);
    inbox.put("98001_20261031b.csv", register("98001", 0..3));
    inbox.run(&[]).exits_with(0);
    assert_eq!(inbox.left_out(), ["98001_20261031b.csv same_as 98001_20261031a.csv"]);
}

#[test]
fn a_rule_for_one_day_needs_snapshots() {
    let inbox = Inbox::new("", &format!("{CHANGES}same_date = \"error\"\n"));
    inbox.put("98001_20261031.csv", register("98001", 0..3));
    assert!(inbox.run(&[]).exits_with(2).stderr.contains("same_date"));
}

#[test]
fn a_source_of_both_tables_is_a_snapshot_of_both() {
    let person = |number: u32, insurer: &str| {
        format!("Заречнов;Пров;;1;01.01.1980;;;;;{insurer};;01.01.2020;;;1;;ЗР {number:08};;980101;01.01.2021;;;;1\n")
    };
    let dump = |people: std::ops::Range<u32>| people.map(|number| person(number, "98001")).collect::<String>();
    let entries = "[[sources]]\nfiles = [\"in/dump*.csv\"]\nsource_date = \"name\"\ncontent = \"snapshot\"\n";
    let inbox = Inbox::new("", entries);
    inbox.put("dump_20261001.csv", dump(0..9)).put("dump_20261031.csv", dump(0..4));
    inbox.run(&[]).exits_with(0);
    assert_eq!(inbox.read(), ["dump_20261031.csv register and attachments"]);
    assert_eq!(inbox.total("persons"), 4);
    // A newer list of one of the tables takes the place of that table alone.
    inbox.put("98001_20261101.csv", register("98001", 0..2));
    inbox.job("", &format!("{entries}{SNAPSHOTS}").replace("\"in/*.csv\"", "\"in/98*.csv\""));
    inbox.run(&["--accept-shrink"]).exits_with(0);
    assert_eq!(inbox.read(), ["98001_20261101.csv register", "dump_20261031.csv attachments"]);
    assert_eq!(
        inbox.left_out(),
        [
            "dump_20261001.csv superseded dump_20261031.csv",
            "dump_20261001.csv superseded 98001_20261101.csv",
            "dump_20261031.csv superseded 98001_20261101.csv"
        ]
    );
}

#[test]
fn members_of_archives_and_lists_of_xml_are_snapshots_as_well() {
    let list = |people: std::ops::Range<u32>| {
        let person = |number: u32| {
            format!(
                "<OP><N_REC>{number}</N_REC><TIP_OP>П010</TIP_OP><PERSON><FAM>ЗАРЕЧНОВ</FAM><IM>ПРОВ</IM><W>1</W><DR>1980-01-01</DR></PERSON>\
                 <INSURANCE><POLIS><VPOLIS>1</VPOLIS><SPOLIS>ЗР</SPOLIS><NPOLIS>{number:08}</NPOLIS><DBEG>2020-01-01</DBEG></POLIS></INSURANCE></OP>"
            )
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><OPLIST SMOCOD=\"98001\">{}</OPLIST>",
            people.map(person).collect::<String>()
        )
    };
    let entries = "[[registers]]\nfiles = [\"in/*\"]\nlayout = \"oplist\"\nsource_date = \"name\"\ncontent = \"snapshot\"\n";
    let inbox = Inbox::new("", entries);
    inbox.put("old_20261001.xml", list(0..9));
    inbox.put("new.zip", zip_of(&[("a_20261031.xml", list(0..3).as_bytes()), ("b_20261015.xml", list(0..5).as_bytes())]));
    inbox.run(&[]).exits_with(0);
    assert_eq!(inbox.read(), ["new.zip/a_20261031.xml register"]);
    assert_eq!(
        inbox.left_out(),
        ["new.zip/b_20261015.xml superseded new.zip/a_20261031.xml", "old_20261001.xml superseded new.zip/a_20261031.xml"]
    );
    assert_eq!(inbox.manifest()["inputs"].as_array().expect("inputs").last().expect("a source")["sender"], "98001");
}

#[test]
fn a_run_is_recognised_and_verified_with_what_it_left_out() {
    let inbox = Inbox::new("", SNAPSHOTS);
    inbox.put("98001_20261001.csv", register("98001", 0..9)).put("98001_20261031.csv", register("98001", 1..5));
    inbox.run(&[]).exits_with(0);
    let id = inbox.manifest()["run_id"].clone();
    inbox.run(&[]).exits_with(0);
    assert_eq!(inbox.manifest()["run_id"], id);
    super::super::sverka(&["verify", "--output", &inbox.0.argument("out")]).exits_with(0);
    // The manifest names the old list with its hash, so another old list is another run.
    inbox.put("98001_20261001.csv", register("98001", 0..8));
    inbox.run(&[]).exits_with(0);
    assert_ne!(inbox.manifest()["run_id"], id);
    fs::remove_file(inbox.0.path("in/98001_20261001.csv")).expect("removed");
    inbox.run(&[]).exits_with(0);
    assert!(inbox.left_out().is_empty());
}
