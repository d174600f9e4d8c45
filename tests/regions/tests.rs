//! Tests of the random regions: a seed gives the same region for ever, files hold the intended values, and every kind of conflict occurs.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{FileStyle, Region, Row, SourceFile, across_birth_dates, random};
use crate::reference::{self, Expected};

/// Every finding, decision and outcome that a run can give, as `table:word`.
const ALL_OUTCOMES: &[&str] = &[
    "finding:ROW_SHAPE",
    "finding:ROW_QUOTE",
    "finding:ROW_ENCODING",
    "finding:FIELD_REQUIRED",
    "finding:DATE_INVALID",
    "finding:BIRTH_DATE_RANGE",
    "finding:DATES_REVERSED",
    "finding:SEX_INVALID",
    "finding:POLICY_KIND_UNKNOWN",
    "finding:POLICY_NUMBER_FORMAT",
    "finding:POLICY_NUMBER_MISSING",
    "finding:ENP_FORMAT",
    "finding:ENP_CHECK_DIGIT",
    "finding:ENP_IMPOSSIBLE",
    "finding:ENP_PERSON_MISMATCH",
    "finding:SNILS_INVALID",
    "finding:SNILS_REQUIRED",
    "finding:INSURER_UNKNOWN",
    "finding:CLINIC_UNKNOWN",
    "finding:INSURER_NOT_WORKING",
    "finding:CLINIC_NOT_WORKING",
    "finding:CLINIC_NOT_ATTACHABLE",
    "finding:BEFORE_DICTIONARY",
    "finding:DEATH_CONTRADICTED",
    "finding:SYSTEMATIC",
    "finding:ENDS_OFF_BY_A_DAY",
    "death:contradicted and counts",
    "death:taken back",
    "again:lost",
    "again:lost by a tie",
    "finding:CATEGORY_UNKNOWN",
    "finding:METHOD_UNKNOWN",
    "finding:REASON_UNKNOWN",
    "finding:ACTION_UNKNOWN",
    "finding:TERM_MISSING",
    "finding:TERM_IGNORED",
    "finding:DOC_KIND_UNKNOWN",
    "finding:DOC_NUMBER_FORMAT",
    "finding:DOC_SERIES_ALPHABET",
    "finding:DOC_AGE",
    "finding:DOC_CATEGORY",
    "finding:DOC_EXPIRED",
    "finding:DOC_DATES",
    "finding:PASSPORT_NOT_RENEWED",
    "finding:SNILS_REQUIRED_EAEU",
    "finding:CATEGORY_CITIZENSHIP",
    "finding:TERM_TOO_LONG",
    "finding:CERTIFICATE_TERM",
    "finding:CERTIFICATE_AFTER_DIGITAL",
    "finding:OLD_POLICY_AFTER_REFORM",
    "finding:APPLIED_BEFORE_BIRTH",
    "finding:APPLIED_IN_FUTURE",
    "finding:APPLIED_AFTER_END",
    "finding:LATE_NOTICE",
    "finding:INSURER_OTHER_REGION",
    "finding:CLINIC_OTHER_REGION",
    "finding:DOCTOR_SNILS_INVALID",
    "finding:NAME_DIGITS",
    "finding:NAME_ALPHABETS",
    "finding:NAME_PUNCTUATION",
    "finding:NAME_SEX",
    "finding:ENP_SHARED",
    "finding:SNILS_SHARED",
    "finding:DOC_SHARED",
    "finding:SAME_DOCUMENT_REVIEW",
    "finding:IDENTITY_REVIEW",
    "finding:SEVERAL_ENP",
    "finding:AFTER_DEATH",
    "finding:NO_INTERVAL",
    "finding:NOT_INSURED",
    "finding:END_WITHOUT_STAY",
    "finding:CHANGE_WITHOUT_ATTACHMENT",
    "finding:CLINIC_AGE",
    "finding:MUST_CHOOSE",
    "attached:dead",
    "attached:not insured",
    "attached:not insured any more",
    "exit:overdue",
    "exit:time to choose",
    "heads:of a branch",
    "finding:APPLIED_AFTER_DEATH",
    "finding:INSURED_IN_SERVICE",
    "finding:NEWBORN_INSURER",
    "finding:CERTIFICATE_EXPIRED",
    "finding:FIRST_CHOICE_WHILE_INSURED",
    "finding:REASON_CHANGES_INSURER",
    "finding:REASON_SAME_INSURER",
    "finding:SEVERAL_APPLICATIONS",
    "finding:NO_CONTRACT",
    "finding:NOT_INSURED_ON_START",
    "finding:CHANGE_DEADLINE",
    "finding:CHANGE_LIMIT",
    "link:L1",
    "link:L2",
    "link:L3",
    "link:L4",
    "link:L5",
    "link:L6",
    "decision:insurer lost SAME_DAY",
    "decision:insurer lost SAME_DAY_TIE",
    "decision:insurer superseded CHANGE_AT_WILL",
    "decision:insurer superseded CHANGE_MOVED",
    "decision:insurer superseded CHANGE_CONTRACT_ENDED",
    "decision:insurer refused CHANGE_DEADLINE",
    "decision:insurer refused CHANGE_LIMIT",
    "decision:insurer deferred CHANGE_DEADLINE",
    "decision:insurer deferred CHANGE_LIMIT",
    "decision:clinic lost SAME_DAY",
    "decision:clinic lost SAME_DAY_TIE",
    "decision:clinic superseded CHANGE_AT_WILL",
    "decision:clinic superseded CHANGE_MOVED",
    "decision:clinic superseded TERRITORY",
    "decision:clinic refused APPLICATION_OUTRANKS_RESIDENCE",
    "decision:clinic refused CHANGE_LIMIT",
    "decision:clinic deferred APPLICATION_OUTRANKS_RESIDENCE",
    "decision:clinic deferred CHANGE_LIMIT",
    "row:quarantined",
    "row:duplicate",
    "row:accepted",
    "person:unattached",
    "person:insurer unresolved",
    "person:clinic unresolved",
    "person:two sources",
    "number:survives",
    "number:gone",
    "number:without kind",
    "heads:funded",
    "heads:not funded",
    "stay:split by succession",
    "stay:without end",
];

fn count(counts: &mut BTreeMap<String, usize>, table: &str, word: &str, by: usize) {
    if by > 0 {
        *counts.entry(format!("{table}:{word}")).or_default() += by;
    }
}

/// Counts the outcomes of a region.
fn count_outcomes(expected: &Expected, counts: &mut BTreeMap<String, usize>) {
    for row in &expected.findings {
        count(counts, "finding", &row.code, 1);
    }
    for (rule, times) in &expected.links {
        count(counts, "link", rule, *times);
    }
    for row in &expected.decisions {
        count(counts, "decision", &format!("{} {} {}", row.subject, row.outcome, row.rule), 1);
    }
    for source in &expected.sources {
        count(counts, "row", "quarantined", source.quarantined);
        count(counts, "row", "duplicate", source.duplicates);
        count(counts, "row", "accepted", source.accepted);
    }
    for row in &expected.persons {
        count(counts, "person", "insurer unresolved", usize::from(row.insurer_unresolved));
        count(counts, "person", "clinic unresolved", usize::from(row.clinic_unresolved == Some(true)));
        let records = &expected.people[row.person].records;
        count(counts, "person", "two sources", usize::from(records[0].source != records[records.len() - 1].source));
    }
    count(counts, "person", "in the register", expected.persons.len());
    count(counts, "person", "unattached", expected.unattached.len());
    for row in expected.findings.iter().filter(|row| row.code == "DEATH_CONTRADICTED") {
        let mut stays = expected.insurance_stays.iter().filter(|stay| Some(stay.person) == row.person);
        let counts_here = stays.any(|stay| stay.death_date.is_some());
        count(counts, "death", if counts_here { "contradicted and counts" } else { "taken back" }, 1);
    }
    // A record that was refused, and lost in its second turn.
    for lost in expected.decisions.iter().filter(|row| row.outcome == "lost") {
        let again = expected
            .decisions
            .iter()
            .any(|row| row.outcome == "refused" && row.loser == lost.loser && row.subject == lost.subject);
        count(counts, "again", if lost.rule == "SAME_DAY_TIE" { "lost by a tie" } else { "lost" }, usize::from(again));
    }
    for row in &expected.numbers {
        count(counts, "number", if row.survives { "survives" } else { "gone" }, 1);
        count(counts, "number", "without kind", usize::from(row.policy_kind.is_empty()));
    }
    for row in &expected.must_choose {
        count(counts, "exit", if row.overdue { "overdue" } else { "time to choose" }, 1);
    }
    for row in &expected.attached_uninsured {
        count(counts, "attached", if row.death.is_some() { "dead" } else { "not insured" }, 1);
        count(counts, "attached", "not insured any more", usize::from(row.insured_to.is_some() && row.death.is_none()));
    }
    let counted_there = |row: &&reference::PersonRow| {
        row.clinic.as_ref().is_some_and(|clinic| !expected.headcount.iter().any(|heads| heads.clinic.as_ref() == Some(clinic)))
    };
    count(counts, "heads", "of a branch", expected.persons.iter().filter(counted_there).count());
    for row in expected.headcount.iter().filter(|row| row.clinic.is_some()) {
        count(counts, "heads", "funded", row.funded as usize);
        count(counts, "heads", "not funded", (row.heads - row.funded) as usize);
    }
    for rows in [&expected.insurance_stays, &expected.attachment_stays] {
        count(counts, "stay", "without end", rows.iter().filter(|row| row.to.is_none()).count());
        let follows = |pair: &&[reference::StayRow]| pair[0].to == Some(pair[1].from) && pair[0].records == pair[1].records;
        count(counts, "stay", "split by succession", rows.windows(2).filter(follows).count());
    }
}

/// Results of the first regions, which several tests look at.
static RESULTS: LazyLock<Vec<Expected>> = LazyLock::new(|| (0..60).map(|seed| reference::reconcile(&random(seed))).collect());

#[test]
fn three_hundred_regions_reach_every_outcome() {
    let mut counts = BTreeMap::new();
    RESULTS.iter().for_each(|result| count_outcomes(result, &mut counts));
    let missing = |counts: &BTreeMap<String, usize>| -> Vec<&str> {
        ALL_OUTCOMES.iter().copied().filter(|what| !counts.contains_key(*what)).collect()
    };
    let mut seeds = RESULTS.len() as u64..300;
    while !missing(&counts).is_empty()
        && let Some(seed) = seeds.next()
    {
        count_outcomes(&reference::reconcile(&random(seed)), &mut counts);
    }
    let missing = missing(&counts);
    assert!(missing.is_empty(), "never occurred: {missing:?}");
}

#[test]
fn most_rows_are_accepted() {
    let (mut rows, mut quarantined) = (0, 0);
    for source in RESULTS.iter().flat_map(|result| &result.sources) {
        rows += source.rows;
        quarantined += source.quarantined;
    }
    assert!(quarantined * 5 < rows, "{quarantined} of {rows} rows are quarantined");
}

#[test]
fn a_seed_gives_the_same_region() {
    assert_eq!(random(7), random(7));
    assert_ne!(random(7), random(8));
    assert_eq!(across_birth_dates(7), across_birth_dates(7));
    assert_ne!(across_birth_dates(7), random(7));
}

#[test]
fn regions_across_birth_dates_link_people_over_birth_dates_in_every_way() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let regions = 50;
    for seed in 0..regions {
        let expected = reference::reconcile(&across_birth_dates(seed));
        let found = |code: &str| expected.findings.iter().filter(|row| row.code == code).count();
        let linked = |rule: &str| expected.links.get(rule).is_some_and(|&times| times > 0);
        let without_kind: Vec<(&str, usize)> = expected
            .numbers
            .iter()
            .filter(|row| row.policy_kind.is_empty())
            .map(|row| (row.number.as_str(), row.person))
            .collect();
        let one_number =
            |&(number, person): &(&str, usize)| without_kind.iter().any(|other| other.0 == number && other.1 != person);
        for (what, holds) in [
            ("ENPs of another birth date", found("ENP_PERSON_MISMATCH") >= 5),
            ("persons of two birth dates", linked("L2") && found("IDENTITY_REVIEW") > 0),
            ("ENPs of several persons", found("ENP_SHARED") > 0),
            ("pairs that join", linked("L6")),
            ("several persons of one number without kind", without_kind.iter().any(one_number)),
        ] {
            *counts.entry(what).or_default() += usize::from(holds);
        }
    }
    assert!(counts.values().all(|&times| times * 2 > regions as usize), "in {regions} regions: {counts:?}");
}

/// The region without its notices. The other rows keep their lines.
fn without_notices(mut region: Region) -> Region {
    for file in region.registers.iter_mut().chain(&mut region.attachments) {
        let Some(column) = file.header.iter().position(|name| name == "action") else { continue };
        for row in &mut file.rows {
            if matches!(row, Row::Fields(values) if ["end", "change"].contains(&values[column].trim())) {
                *row = Row::Raw(Vec::new());
            }
        }
    }
    region
}

#[test]
fn notices_end_stays_and_change_data() {
    let (mut ended, mut detached, mut changed) = (0, 0, 0);
    for (seed, with) in RESULTS.iter().enumerate() {
        let without = reference::reconcile(&without_notices(random(seed as u64)));
        let ends = |rows: &[reference::StayRow]| rows.iter().map(|row| (row.from, row.to, row.code.clone())).collect::<Vec<_>>();
        ended += usize::from(ends(&with.insurance_stays) != ends(&without.insurance_stays));
        detached += usize::from(ends(&with.attachment_stays) != ends(&without.attachment_stays));
        changed += with.persons.iter().filter(|row| row.district.starts_with('Ю') || row.doctor_snils.starts_with('к')).count();
    }
    assert!(ended > 30 && detached > 30 && changed > 5, "{ended}, {detached}, {changed}");
}

#[test]
fn stays_are_disjoint_and_in_order() {
    for (seed, expected) in RESULTS.iter().enumerate() {
        for rows in [&expected.insurance_stays, &expected.attachment_stays] {
            for pair in rows.windows(2) {
                let same = (pair[0].person, &pair[0].profile) == (pair[1].person, &pair[1].profile);
                assert!(!same || pair[0].to.is_some_and(|to| to <= pair[1].from), "seed {seed}: {pair:?}");
            }
        }
    }
}

#[test]
fn the_order_of_files_changes_nothing() {
    for (seed, result) in RESULTS.iter().enumerate().take(40) {
        let mut reversed = random(seed as u64);
        reversed.registers.reverse();
        reversed.attachments.reverse();
        let (mut a, mut b) = (result.clone(), reference::reconcile(&reversed));
        for expected in [&mut a, &mut b] {
            expected.sources.sort_by_key(|source| (source.table, source.source.clone()));
        }
        assert!(a == b, "seed {seed}");
    }
}

/// The fields of the written lines in order, read by the reader of the reference.
fn written_fields(file: &SourceFile) -> Vec<Vec<String>> {
    let bytes = file.bytes();
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut fields = Vec::new();
    for (row, line) in file.rows.iter().zip(body.split(|byte| *byte == b'\n').skip(1)) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Row::Fields(_) = row {
            let raw = SourceFile { header: file.header.clone(), rows: vec![Row::Raw(line.to_vec())], ..file.clone() };
            fields.push(reference::fields_of_line(&raw.rows[0], file.header.len()).expect("a written row can be read"));
        }
    }
    fields
}

#[test]
fn written_rows_are_read_with_the_intended_values() {
    for seed in 0..60 {
        let region = random(seed);
        for file in region.registers.iter().chain(&region.attachments) {
            let intended: Vec<Vec<String>> = file
                .rows
                .iter()
                .filter(|row| matches!(row, Row::Fields(_)))
                .filter_map(|row| reference::fields_of_line(row, 0))
                .collect();
            assert_eq!(written_fields(file), intended, "seed {seed}, {}", file.name);
        }
    }
}

#[test]
fn the_style_of_writing_shows_in_the_bytes() {
    let style = FileStyle { byte_order_mark: true, carriage_returns: true, last_line_open: true, quoting_seed: 0 };
    let rows = vec![Row::Fields(vec!["a;b".to_string(), "x".to_string()])];
    let header = vec!["surname".to_string(), "sex".to_string()];
    let file = SourceFile { name: String::new(), source_date: None, header, rows, style };
    assert_eq!(file.bytes(), b"\xEF\xBB\xBFsurname;sex\r\n\"a;b\";x");
}

#[test]
fn a_region_is_written_with_all_its_files() {
    let dir = tempfile::tempdir().expect("a folder");
    let region = random(3);
    region.write_to(dir.path()).expect("it can be written");
    let job: toml::Table = std::fs::read_to_string(dir.path().join("job.toml")).expect("a job").parse().expect("TOML");
    for kind in ["registers", "attachments"] {
        for group in job[kind].as_array().expect("groups") {
            for file in group["files"].as_array().expect("files") {
                assert!(dir.path().join(file.as_str().expect("a name")).is_file());
            }
        }
    }
    let tariff = std::fs::read_to_string(dir.path().join("reference/tariff.toml")).expect("a tariff");
    assert!(tariff.parse::<toml::Table>().expect("TOML")["bands"].is_array());
}
