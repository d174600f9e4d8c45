//! Expected senders that have sent nothing.

use sverka_publish::OutputTable;

use super::*;
use crate::published::PublishedRun;

/// Rows of `missing_senders` of the current run.
fn missing(inbox: &Inbox) -> Vec<String> {
    let run = PublishedRun::read(&inbox.0.path("out/current"));
    let columns = ["table", "sender", "since", "last_source_date", "then"];
    let row = |row: crate::published::TextRow<'_>| columns.iter().map(|column| row.text(column)).collect::<Vec<_>>().join("|");
    run.rows(OutputTable::MissingSenders).map(row).collect()
}

fn inbox(expected: &str) -> Inbox {
    let entries = format!("{CHANGES}[[attachments]]\nfiles = [\"in/*.att\"]\nsource_date = \"name\"\n{expected}");
    let inbox = Inbox::new("", &entries);
    inbox.put("98001_20261031.csv", register("98001", 0..9)).put("list_20261015.csv", register("98002", 20..29));
    inbox.put("980101_20261101.att", attachments("980101", 0..5)).put("980102_20260901.att", attachments("980102", 20..25));
    inbox
}

#[test]
fn each_consequence_has_its_exit_code() {
    for (then, exit) in [("note", 0), ("warn", 1), ("stop", 6)] {
        let inbox = inbox(&format!(
            "[[expected]]\nsenders = [\"98001\", \"98002\"]\ntable = \"register\"\nsince = 2026-10-20\nthen = \"{then}\"\n"
        ));
        let ended = inbox.run(&[]).exits_with(exit);
        let told = if exit == 6 { &ended.stderr } else { &ended.stdout };
        assert!(told.contains("no register dated 2026-10-20 or later came from 98002 (last of 2026-10-15)"), "{told}");
        if exit < 6 {
            assert_eq!(missing(&inbox), [format!("register|98002|2026-10-20|2026-10-15|{then}")]);
            assert_eq!(inbox.manifest()["missing_senders"][0]["sender"], "98002");
        }
    }
}

#[test]
fn days_are_dates_months_or_numbers_of_days() {
    let expected =
        |since: &str| format!("[[expected]]\nsenders = [\"980101\", \"980102\"]\ntable = \"attachments\"\nsince = {since}\n");
    for (since, day, count) in
        [("\"month\"", "2026-11-01", 1), ("0", "2026-11-01", 1), ("31", "2026-10-01", 1), ("61", "2026-09-01", 0)]
    {
        let inbox = inbox(&expected(since));
        inbox.run(&[]).exits_with(count);
        let found = missing(&inbox);
        assert_eq!(found.len(), usize::try_from(count).expect("a count"), "{since}");
        assert!(found.iter().all(|row| row.contains(day) && row.contains("980102")), "{found:?}");
    }
    for (wrong, word) in [("-1", "since"), ("\"week\"", "since"), ("1.5", "since")] {
        assert!(inbox(&expected(wrong)).run(&[]).exits_with(2).stderr.contains(word), "{wrong}");
    }
}

#[test]
fn all_that_work_on_the_day_are_expected() {
    let inbox = inbox(
        "[[expected]]\nsenders = \"insurers\"\ntable = \"register\"\nsince = \"month\"\nthen = \"note\"\n[[expected]]\nsenders = \"clinics\"\ntable = \"attachments\"\nsince = \"month\"\n",
    );
    let ended = inbox.run(&[]).exits_with(1);
    assert!(ended.stdout.contains("more (the table `missing_senders` has all)"), "{}", ended.stdout);
    let found = missing(&inbox);
    assert!(found.contains(&"register|98001|2026-11-01|2026-10-31|note".to_owned()), "{found:?}");
    assert!(
        !found.iter().any(|row| row.contains("|980101|"))
            && found.iter().any(|row| row.contains("attachments|980102|2026-11-01|2026-09-01|warn"))
    );
    // The other insurers of the sample region have stopped working.
    let insurers: Vec<&str> = found.iter().filter(|row| row.starts_with("register")).map(|row| &row[9..14]).collect();
    assert_eq!(insurers, ["98001", "98002", "98005"]);
}

#[test]
fn the_same_content_sent_again_is_something_sent() {
    let inbox = inbox("[[expected]]\nsenders = [\"98002\"]\ntable = \"register\"\nsince = \"month\"\n");
    inbox.run(&[]).exits_with(1);
    inbox.put("list_20261101.csv", register("98002", 20..29));
    inbox.run(&[]).exits_with(0);
    assert!(missing(&inbox).is_empty() && !inbox.left_out().is_empty());
}

#[test]
fn an_unknown_sender_is_refused_with_its_line() {
    let inbox = inbox("[[expected]]\nsenders = [\"98009\"]\ntable = \"register\"\nsince = \"month\"\n");
    let stderr = inbox.run(&[]).exits_with(2).stderr;
    assert!(
        stderr.contains("98009") && stderr.contains(&format!("job.toml:{}", inbox.0.line("job.toml", "senders"))),
        "{stderr}"
    );
}
