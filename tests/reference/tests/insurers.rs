//! Intervals, succession, the competition of a day, the five rules of the sweep (SEM-271 to SEM-275).

use super::{Case, Change};

/// The changes that make a register row an application to an insurer.
fn change<'a>(insurer: &'a str, from: &'a str, applied: &'a str) -> Vec<Change<'a>> {
    vec![("insurer", insurer), ("insured_from", from), ("applied_on", applied)]
}

#[test]
fn the_interval_ends_at_the_earliest_end() {
    let limited = [("category", "3"), ("insured_to", "2026-01-01"), ("stopped_on", "2026-02-01")];
    assert_eq!(Case::new().insured(&limited).insurance(), ["34001 2020-01-01..2026-01-01 [a2]"]);
    let citizen = [("category", "2"), ("insured_to", "2026-01-01"), ("stopped_on", "2026-02-01")];
    assert_eq!(Case::new().insured(&citizen).insurance(), ["34001 2020-01-01..2026-02-01 [a2]"]);
    let missing_term = [("category", "3"), ("insured_from", "2025-03-04")];
    assert_eq!(Case::new().insured(&missing_term).insurance(), ["34001 2025-03-04..2026-01-01 [a2]"]);
    let closed = Case::new().insurer_ends("34001", "2026-05-01", "").insured(&[]);
    assert_eq!(closed.insurance(), ["34001 2020-01-01..2026-05-01 [a2]"]);
}

#[test]
fn death_ends_every_record_of_the_person() {
    let case = Case::new()
        .insured(&[("death_date", "2026-03-31")])
        .insured(&[("insured_from", "2026-03-31")])
        .insured(&[("insured_from", "2026-04-01")]);
    assert_eq!(case.insurance(), ["34001 2020-01-01..2026-04-01 [a2 a3]"]);
    // Sources of equal dates: the death counts, and the records that contradict it are findings.
    let findings = ["2 DEATH_CONTRADICTED", "3 DEATH_CONTRADICTED", "4 AFTER_DEATH", "4 DEATH_CONTRADICTED"];
    assert_eq!(case.findings(), findings);
}

#[test]
fn succession_splits_a_stay_and_is_no_change() {
    let case = Case::new()
        .insurer_ends("34001", "2026-01-01", "34002")
        .insurer_ends("34002", "2026-06-01", "34003")
        .insured(&[])
        .insured(&change("34002", "2026-03-01", "2026-02-01"))
        .insured(&change("34003", "2026-08-01", "2026-07-01"));
    let on = "[a2 a3 a4]";
    assert_eq!(
        case.insurance(),
        [
            format!("34001 2020-01-01..2026-01-01 {on}"),
            format!("34002 2026-01-01..2026-06-01 {on}"),
            format!("34003 2026-06-01.. {on}")
        ]
    );
    assert!(case.decisions().is_empty());
}

#[test]
fn before_the_succession_the_codes_differ() {
    let case = Case::new().insurer_ends("34001", "2026-01-01", "34002").insured(&[]).insured(&change(
        "34002",
        "2025-12-31",
        "2025-10-01",
    ));
    assert_eq!(case.insurance(), ["34001 2020-01-01..2025-12-31 [a2]", "34002 2025-12-31.. [a3]"]);
    assert_eq!(case.decisions(), ["superseded CHANGE_AT_WILL a2 < a3, 34001 < 34002, 2025-12-31"]);
}

#[test]
fn the_latest_application_wins_the_day() {
    let case =
        Case::new().insured(&change("34001", "2026-03-01", "2026-02-01")).insured(&change("34002", "2026-03-01", "2026-02-02"));
    assert_eq!(case.insurance(), ["34002 2026-03-01.. [a3]"]);
    assert_eq!(case.decisions(), ["lost SAME_DAY a2 < a3, 34001 < 34002, 2026-03-01"]);
}

#[test]
fn then_the_latest_source_wins_and_none_is_the_earliest() {
    let case = Case::new().insured(&[("insurer", "34001")]).insured(&[("insurer", "34002")]).in_file_of("2026-10-01");
    assert_eq!(case.insurance(), ["34002 2020-01-01.. [b2]"]);
}

#[test]
fn a_tie_is_unresolved_with_the_smallest_code() {
    let case = Case::new()
        .insured(&[("insurer", "34002")])
        .insured(&[("insurer", "34001")])
        .insured(&[("insurer", "34003"), ("applied_on", "2019-12-01")])
        .insured(&[("insurer", "34001"), ("insured_from", "2026-01-01")]);
    assert_eq!(case.insurance(), ["34001 2020-01-01..? [a3 a5]"]);
    assert_eq!(
        case.decisions(),
        ["lost SAME_DAY a4 < a3, 34003 < 34001, 2020-01-01", "lost SAME_DAY_TIE a2 < a3, 34002 < 34001, 2020-01-01"]
    );
}

#[test]
fn the_same_insurer_joins_up_to_the_day_of_the_end() {
    let with = |from| Case::new().insured(&[("stopped_on", "2025-01-01")]).insured(&[("insured_from", from)]).insurance();
    assert_eq!(with("2025-01-01"), ["34001 2020-01-01.. [a2 a3]"]);
    assert_eq!(with("2025-01-02"), ["34001 2020-01-01..2025-01-01 [a2]", "34001 2025-01-02.. [a3]"]);
}

#[test]
fn one_change_a_year_by_application_dates() {
    let case = Case::new()
        .insured(&[])
        .insured(&change("34002", "2026-01-15", "2025-10-31"))
        .insured(&change("34003", "2026-03-01", "2026-02-01"))
        .insured(&change("34001", "2026-05-01", "2026-04-01"));
    assert_eq!(
        case.insurance(),
        ["34001 2020-01-01..2026-01-15 [a2]", "34002 2026-01-15..2026-03-01 [a3]", "34003 2026-03-01.. [a4]"]
    );
    assert!(case.decisions().contains(&"refused CHANGE_LIMIT a5 < a4, 34001 < 34003, 2026-05-01".to_string()));
}

#[test]
fn the_deadline_is_tested_first_and_includes_1_november() {
    let on = |applied| {
        let case = Case::new().insured(&[]).insured(&change("34002", "2026-01-01", applied));
        case.decisions()[0].split(" a").next().expect("words").to_string()
    };
    assert_eq!(on("2025-11-01"), "superseded CHANGE_AT_WILL");
    assert_eq!(on("2025-11-02"), "refused CHANGE_DEADLINE");
    let none = Case::new().settings(|s| s.insurer_changes_per_year = 0).insured(&[]);
    let both = none.insured(&change("34002", "2026-01-01", "2025-11-02"));
    assert!(both.decisions()[0].starts_with("refused CHANGE_DEADLINE"));
}

#[test]
fn a_move_and_an_ended_contract_are_always_permitted() {
    for (reason, rule) in [("П032", "MOVED"), ("П035", "MOVED"), ("П033", "CONTRACT_ENDED"), ("П036", "CONTRACT_ENDED")] {
        let mut row = change("34002", "2026-01-01", "2025-12-30");
        row.push(("reason", reason));
        let decisions = Case::new().settings(|s| s.insurer_changes_per_year = 0).insured(&[]).insured(&row).decisions();
        assert_eq!(decisions, [format!("superseded CHANGE_{rule} a2 < a3, 34001 < 34002, 2026-01-01")]);
    }
}

#[test]
fn a_change_after_a_gap_is_never_refused_but_counts() {
    let case = Case::new()
        .insured(&[("stopped_on", "2025-12-01")])
        .insured(&change("34002", "2026-01-01", "2026-01-01"))
        .insured(&change("34003", "2026-05-01", "2026-04-01"));
    assert_eq!(case.insurance(), ["34001 2020-01-01..2025-12-01 [a2]", "34002 2026-01-01.. [a3]"]);
    assert_eq!(case.decisions(), ["refused CHANGE_LIMIT a4 < a3, 34003 < 34002, 2026-05-01"]);
}

#[test]
fn a_refused_record_waits_for_the_end_of_the_stay() {
    let case = Case::new().insured(&[("stopped_on", "2026-06-01")]).insured(&change("34002", "2026-03-01", "2025-12-01"));
    assert_eq!(case.insurance(), ["34001 2020-01-01..2026-06-01 [a2]", "34002 2026-06-01.. [a3]"]);
    assert_eq!(case.decisions(), ["deferred CHANGE_DEADLINE a3 < a2, 34002 < 34001, 2026-03-01"]);
}

#[test]
fn a_waiting_record_comes_after_those_of_the_day() {
    let case = Case::new()
        .insured(&[("stopped_on", "2026-06-01")])
        .insured(&change("34002", "2026-03-01", "2025-12-01"))
        .insured(&change("34003", "2026-06-01", "2026-06-01"));
    assert_eq!(case.insurance(), ["34001 2020-01-01..2026-06-01 [a2]", "34003 2026-06-01.. [a4]"]);
    assert_eq!(case.decisions(), ["refused CHANGE_DEADLINE a3 < a2, 34002 < 34001, 2026-03-01"]);
}

#[test]
fn accepted_violations_are_findings() {
    let case = Case::new()
        .settings(|settings| settings.insurer_accepts_violations = true)
        .insured(&[])
        .insured(&change("34002", "2026-02-01", "2026-01-15"))
        .insured(&change("34003", "2026-03-01", "2026-02-15"))
        .insured(&change("34001", "2026-12-01", "2026-11-15"));
    assert_eq!(case.findings(), ["4 CHANGE_LIMIT", "5 applied_on APPLIED_IN_FUTURE", "5 CHANGE_DEADLINE"]);
    assert_eq!(case.insurance().len(), 4);
    assert!(case.decisions().iter().all(|decision| decision.starts_with("superseded CHANGE_AT_WILL")));
}

#[test]
fn only_records_with_a_later_end_are_superseded() {
    let case = Case::new().insured(&[("stopped_on", "2026-02-01")]).insured(&[("insured_from", "2021-01-01")]).insured(&change(
        "34002",
        "2026-03-01",
        "2026-02-01",
    ));
    assert_eq!(case.decisions(), ["superseded CHANGE_AT_WILL a3 < a4, 34001 < 34002, 2026-03-01"]);
}
