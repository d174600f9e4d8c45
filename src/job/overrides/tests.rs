//! Tests of entries: the content of good entries, and the errors of bad ones.

use super::{OverridesContext, read_overrides};
use sverka_model::{Date, Profile, Snils};
use sverka_reference::{Clinics, Insurers};
use sverka_settings::{Overrides, RowName, Ruling};

/// Keys that all entries need.
const DECIDED: &str = "author = \"И. О. Иванова\"\nreason = \"письмо 17\"\ndecided_on = 2026-10-05\n";

fn read_reviewed(text: &str, review_days: Option<u32>) -> Result<Overrides, String> {
    let insurers = Insurers::read("insurers", b"insurer;works_from\n98001;2011-01-01\n").expect("insurers");
    let clinics =
        Clinics::read("clinics", b"clinic;attachable;ages;works_from\n980101;1;all;2011-01-01\n", &[]).expect("clinics");
    let as_of: Date = "2026-11-01".parse().expect("a date");
    let context = OverridesContext { as_of, insurers: &insurers, clinics: &clinics, review_days };
    read_overrides("overrides.toml", text, context).map_err(|error| error.to_string())
}

fn read(text: &str) -> Result<Overrides, String> {
    read_reviewed(text, None)
}

/// One entry of a kind, with the keys that all entries need.
fn entry(kind: &str, keys: &str) -> String {
    format!("[[{kind}]]\n{DECIDED}{keys}\n")
}

#[test]
fn entries_stand_in_the_order_of_their_lines() {
    let enp = "{ enp = \"9854910844000016\" }";
    let text = [
        entry("ignore", "record = { source = \"a.csv\", line = 12 }"),
        entry("clinic", &format!("person = {enp}\nclinic = \"980101\"\nfrom = 2026-10-01")),
        entry("same_person", &format!("one = {enp}\nother = [{{ snils = \"112-233-445 95\" }}, {enp}]")),
        entry("insurer", &format!("person = {enp}\ninsurer = \"98001\"\nfrom = 2026-10-01\nto = \"2026-12-01\"")),
    ]
    .concat();
    let overrides = read(&text).expect("entries");
    let shown: Vec<(u64, &str)> = overrides.entries().iter().map(|entry| (entry.line, entry.ruling.name())).collect();
    assert_eq!(shown, [(1, "ignore"), (6, "clinic"), (13, "same_person"), (19, "insurer")]);
    let Ruling::Ignore(rows) = &overrides.entries()[0].ruling else { panic!("an ignored row") };
    assert_eq!((rows[0].source.as_str(), &rows[0].name), ("a.csv", &RowName::Line(12)));
    let Ruling::Clinic(stay, profile) = &overrides.entries()[1].ruling else { panic!("a clinic") };
    assert_eq!((stay.to, *profile), (Date::NEVER, Profile::THERAPEUTIC));
    let Ruling::SamePerson(sides) = &overrides.entries()[2].ruling else { panic!("two sides") };
    assert_eq!((sides.one.len(), sides.other.len(), sides.other[0].snils), (1, 2, Some(Snils::from_stored(11_223_344_595))));
}

#[test]
fn an_entry_ends_on_the_day_that_it_names() {
    for (until, ended) in [("2026-11-02", false), ("2026-11-01", true), ("2026-10-31", true)] {
        let text = entry("ignore", &format!("record = {{ source = \"a.csv\", line = 2 }}\nuntil = {until}"));
        assert_eq!(read(&text).expect("an entry").entries()[0].ended, ended, "{until}");
    }
}

#[test]
fn an_entry_is_due_for_review_when_it_is_older_than_the_setting() {
    // There are 27 days from the decision to the as-of date.
    let text = entry("ignore", "record = { source = \"a.csv\", line = 2 }");
    for (days, due) in [(None, false), (Some(28), false), (Some(27), false), (Some(26), true), (Some(0), true)] {
        let overrides = read_reviewed(&text, days).expect("an entry");
        assert_eq!(overrides.entries()[0].review_due, due, "{days:?}");
    }
}

#[test]
fn numbers_are_compared_in_normal_form() {
    let person = "{ policy = { kind = 1, number = \"аб-1 2\" }, given_name = \" Алёна\", birth_date = 1980-05-17 }";
    let text =
        entry("same_person", &format!("one = {person}\nother = {{ document = {{ kind = \"14\", number = \"18 01 № 1\" }} }}"));
    let overrides = read(&text).expect("an entry");
    let Ruling::SamePerson(sides) = &overrides.entries()[0].ruling else { panic!("two sides") };
    let policy = sides.one[0].policy.as_ref().expect("a policy");
    assert_eq!(
        (policy.kind.as_str(), policy.normalised.as_str(), sides.one[0].given_name.as_deref()),
        ("1", "АБ12", Some("АЛЕНА"))
    );
    let document = sides.other[0].document.as_ref().expect("a document");
    assert_eq!((document.kind.as_str(), document.normalised.as_str()), ("14", "18011"));
}

/// Fails unless the keys of an entry of a kind are refused with a message that begins and continues as expected.
#[track_caller]
fn assert_refused(kind: &str, keys: &str, expected: &str) {
    let error = read(&entry(kind, keys)).expect_err(keys);
    assert!(error.starts_with("overrides.toml:") && error.contains(expected), "{keys}: {error}");
}

#[test]
fn what_selects_nothing_is_refused() {
    let ignored = |record: &str, expected: &str| assert_refused("ignore", &format!("record = {record}"), expected);
    ignored("{ source = \"a.csv\" }", "5: `source` must be given together with either `record_id` or `line`");
    ignored("{ line = 2 }", "5: `source` must be given");
    ignored("{ source = \"a.csv\", line = 2, record_id = \"1\" }", "5: `source` must be given");
    ignored("{ source = \"a.csv\", line = 0 }", "5: `line` must be the number of a line");
    ignored("{ enp = \"9854910844000016\" }", "5: `enp` selects nothing");
    ignored("[]", "5: `record` must be one selector");
    let person = |person: &str, expected: &str| {
        assert_refused("same_person", &format!("one = {person}\nother = {{ snils = \"11223344595\" }}"), expected);
    };
    person("{ enp = \"9854910844000017\" }", "5: `enp` must be 16 digits in quotes, with a right check digit");
    person("{ enp = \"0000000000000000\" }", "5: `enp` must be 16 digits in quotes, with a right check digit");
    person("{ enp = 9854910844000016 }", "5: `enp` must be a text in quotes");
    person("{ snils = \"11223344594\" }", "5: `snils` must be 11 digits in quotes, with a right control number");
    person("{ policy = { kind = 3, number = \"1\" } }", "5: `policy` must be { kind = 1");
    person("{ document = { kind = \"14\", number = \" - \" } }", "5: `document` must be { kind");
    person("{ given_name = \"Иван\" }", "5: a selector names records by");
    person("{ name = \"Иван\" }", "5: `name` selects nothing");
    person("{ enp = \"9854910844000016\", birth_date = \"17.05.1980\" }", "5: `birth_date` must be a date");
}

#[test]
fn errors_show_nothing_of_a_person() {
    for person in
        ["{ enp = \"9854910844000017\" }", "{ enp = 9854910844000017 }", "{ snils = \"98549108440\" }", "\"98549108440\""]
    {
        let error = read(&entry("same_person", &format!("one = {person}\nother = {person}"))).expect_err("no selector");
        assert!(!error.contains("985491"), "{error}");
    }
}

#[test]
fn every_entry_needs_author_reason_and_date() {
    let record = "record = { source = \"a.csv\", line = 2 }";
    for (missing, line) in [
        ("author", "1: [[ignore]] has no `author`"),
        ("reason", "1: [[ignore]] has no `reason`"),
        ("decided_on", "1: [[ignore]] has no `decided_on`"),
    ] {
        let head: String = DECIDED.lines().filter(|line| !line.starts_with(missing)).map(|line| format!("{line}\n")).collect();
        let error = read(&format!("[[ignore]]\n{head}{record}\n")).expect_err(missing);
        assert!(error.contains(line), "{error}");
    }
    let error = read(&format!("[[ignore]]\n{record}\n{}", DECIDED.replace("письмо 17", " "))).expect_err("no reason");
    assert_eq!(error, "overrides.toml:4: `reason` is empty; fill it in");
}

#[test]
fn codes_dates_and_keys_of_other_kinds_are_checked() {
    let person = "person = { enp = \"9854910844000016\" }\nfrom = 2026-10-01";
    assert_refused("insurer", &format!("{person}\ninsurer = \"98009\""), "7: `98009` is not in the table of insurers");
    assert_refused("clinic", &format!("{person}\nclinic = \"980109\""), "7: `980109` is not in the table of clinics");
    assert_refused("clinic", &format!("{person}\nclinic = \"980101\"\nprofile = 6"), "8: `profile` is 6; profiles are 1 to 5");
    assert_refused("insurer", &format!("{person}\ninsurer = \"98001\"\nto = 2026-10-01"), "8: `to` is not after `from`");
    assert_refused(
        "insurer",
        &format!("{person}\ninsurer = \"98001\"\nprofile = 1"),
        "8: `profile` means nothing in [[insurer]]",
    );
    assert_refused(
        "insurer",
        &format!("{person}\ninsurer = \"98001\"\nuntil = 2026-10-05"),
        "8: `until` is not after `decided_on`",
    );
    assert_refused("insurer", "person = { enp = \"9854910844000016\" }\ninsurer = \"98001\"", "1: [[insurer]] has no `from`");
    assert_refused("nobody", "", "1: unknown field `nobody`");
}
