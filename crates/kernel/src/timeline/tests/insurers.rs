//! Insurers: intervals, the competition of a day, changes, and reasons of operations.

use super::{Insurance, cases, date, insurance};
use sverka_model::OrganisationId;
use sverka_reference::{Succession, SuccessionLink};
use sverka_settings::{InsurerRules, OnViolation};

cases! { insurance
    no_claims_give_no_stays: [] => [];

    the_earliest_end_counts: ["A 2020-01-01..2021-01-01 term=2020-06-01"] => ["A 2020-01-01..2020-06-01 [0]"];

    death_ends_on_the_day_after: ["A 2020-01-01.. death=2020-01-01"] => ["A 2020-01-01..2020-01-02 [0]"];

    nothing_is_left_after_death: ["A 2020-01-01.. death=2019-12-31"] => ["0 AFTER_DEATH"];

    nothing_is_left_of_an_old_term: ["A 2020-01-01.. term=2020-01-01"] => ["0 NO_INTERVAL"];

    the_same_insurer_prolongs: ["A 2020-01-01..2021-01-01", "A 2021-01-01..2022-01-01"] => ["A 2020-01-01..2022-01-01 [0 1]"];

    the_same_insurer_after_a_gap_begins_again: ["A 2020-01-01..2021-01-01", "A 2021-01-02.."] =>
        ["A 2020-01-01..2021-01-01 [0]", "A 2021-01-02.. [1]"];

    a_shorter_record_shortens_nothing: ["A 2020-01-01..", "A 2020-06-01..2020-07-01"] => ["A 2020-01-01.. [0 1]"];

    another_insurer_follows_an_ended_stay: ["A 2020-01-01..2021-01-01", "B 2021-01-01.."] =>
        ["A 2020-01-01..2021-01-01 [0]", "B 2021-01-01.. [1]"];

    a_change_at_will_supersedes: ["A 2020-01-01..", "B 2021-03-01.."] =>
        ["A 2020-01-01..2021-03-01 [0]", "B 2021-03-01.. [1]", "0 superseded CHANGE_AT_WILL by 1 (A, B)"];

    only_what_would_last_is_superseded: ["A 2020-01-01..2020-06-01", "A 2020-02-01..", "B 2021-03-01.."] =>
        ["A 2020-01-01..2021-03-01 [0 1]", "B 2021-03-01.. [2]", "1 superseded CHANGE_AT_WILL by 2 (A, B)"];

    a_move_may_come_late: ["A 2020-01-01..", "B 2021-12-01.. reason=32"] =>
        ["A 2020-01-01..2021-12-01 [0]", "B 2021-12-01.. [1]", "0 superseded CHANGE_MOVED by 1 (A, B)"];

    an_ended_contract_may_come_late: ["A 2020-01-01..", "B 2021-12-01.. reason=36"] =>
        ["A 2020-01-01..2021-12-01 [0]", "B 2021-12-01.. [1]", "0 superseded CHANGE_CONTRACT_ENDED by 1 (A, B)"];

    the_deadline_is_the_last_day: ["A 2020-01-01..", "B 2021-12-01.. applied=2021-11-01"] =>
        ["A 2020-01-01..2021-12-01 [0]", "B 2021-12-01.. [1]", "0 superseded CHANGE_AT_WILL by 1 (A, B)"];

    a_day_after_the_deadline_is_late: ["A 2020-01-01..", "B 2021-12-01.. applied=2021-11-02"] =>
        ["A 2020-01-01.. [0]", "1 refused CHANGE_DEADLINE by 0 (B, A)"];

    one_change_a_year: ["A 2020-01-01..", "B 2021-02-01..", "C 2021-03-01..", "A 2022-02-01.."] => [
        "A 2020-01-01..2021-02-01 [0]", "B 2021-02-01..2022-02-01 [1]", "A 2022-02-01.. [3]",
        "0 superseded CHANGE_AT_WILL by 1 (A, B)", "2 refused CHANGE_LIMIT by 1 (C, B)", "1 superseded CHANGE_AT_WILL by 3 (B, A)"
    ];

    a_change_after_an_end_is_counted: ["A 2020-01-01..2021-01-01", "B 2021-01-01..", "C 2021-03-01.."] =>
        ["A 2020-01-01..2021-01-01 [0]", "B 2021-01-01.. [1]", "2 refused CHANGE_LIMIT by 1 (C, B)"];

    a_move_after_an_end_is_not_counted: ["A 2020-01-01..2021-01-01", "B 2021-01-01.. reason=35", "C 2021-03-01.."] => [
        "A 2020-01-01..2021-01-01 [0]", "B 2021-01-01..2021-03-01 [1]", "C 2021-03-01.. [2]",
        "1 superseded CHANGE_AT_WILL by 2 (B, C)"
    ];

    a_refused_record_waits_for_the_end: ["A 2020-01-01..2022-01-01", "B 2021-12-01.. applied=2021-12-01"] =>
        ["A 2020-01-01..2022-01-01 [0]", "B 2022-01-01.. [1]", "1 deferred CHANGE_DEADLINE by 0 (B, A)"];

    a_refused_record_that_ends_with_the_stay_is_refused: ["A 2020-01-01..2022-01-01", "B 2021-12-01..2022-01-01"] =>
        ["A 2020-01-01..2022-01-01 [0]", "1 refused CHANGE_DEADLINE by 0 (B, A)"];

    a_deferred_record_joins_its_insurer: ["A 2020-01-01..2022-01-01", "B 2021-12-01..", "B 2022-01-01.."] =>
        ["A 2020-01-01..2022-01-01 [0]", "B 2022-01-01.. [2 1]", "1 deferred CHANGE_DEADLINE by 0 (B, A)"];

    a_refused_record_comes_once_more_only: ["A 2020-01-01..2022-01-01", "B 2021-12-01..", "C 2022-01-01..2023-01-01"] =>
        ["A 2020-01-01..2022-01-01 [0]", "C 2022-01-01..2023-01-01 [2]", "1 refused CHANGE_DEADLINE by 0 (B, A)"];

    the_refusing_record_is_the_one_that_lasts: ["A 2020-01-01..2021-06-01", "A 2020-02-01..2023-01-01", "B 2021-12-01..2022-01-01"] =>
        ["A 2020-01-01..2023-01-01 [0 1]", "2 refused CHANGE_DEADLINE by 1 (B, A)"];

    the_later_application_wins_the_day: ["A 2020-01-01.. applied=2019-10-02", "B 2020-01-01.. applied=2019-10-01"] =>
        ["A 2020-01-01.. [0]", "1 lost SAME_DAY by 0 (B, A)"];

    the_later_source_wins_the_day: ["A 2020-01-01..", "B 2020-01-01.. source=2026-01-01"] =>
        ["B 2020-01-01.. [1]", "0 lost SAME_DAY by 1 (A, B)"];

    equal_strength_stands_by_the_smaller_code: ["B 2020-01-01..", "A 2020-01-01..", "C 2020-01-01.. applied=2019-01-01"] =>
        ["A 2020-01-01.. [1]?", "0 lost SAME_DAY_TIE by 1 (B, A)", "2 lost SAME_DAY by 1 (C, A)"];

    a_tie_stays_unresolved_when_joined: ["A 2020-01-01..2021-01-01", "A 2020-06-01..", "B 2020-06-01.."] =>
        ["A 2020-01-01.. [0 1]?", "2 lost SAME_DAY_TIE by 1 (B, A)"];

    an_application_after_death_is_found: ["A 2020-01-01.. applied=2020-05-02 death=2020-05-01"] =>
        ["A 2020-01-01..2020-05-02 [0]", "0 APPLIED_AFTER_DEATH"];

    an_application_on_the_day_of_death_is_not_found: ["A 2020-01-01.. applied=2020-05-01 death=2020-05-01"] =>
        ["A 2020-01-01..2020-05-02 [0]"];

    a_missing_application_is_not_after_death: ["A 2020-05-02.. death=2020-05-01"] => ["0 AFTER_DEATH"];

    a_first_choice_beside_another_insurer_is_found: ["A 2020-01-01..", "B 2021-03-01.. reason=10"] => [
        "A 2020-01-01..2021-03-01 [0]", "B 2021-03-01.. [1]", "0 superseded CHANGE_AT_WILL by 1 (A, B)", "1 FIRST_CHOICE_WHILE_INSURED"
    ];

    a_refused_first_choice_is_found_once: ["A 2020-01-01..2022-01-01", "B 2021-12-01.. reason=10"] =>
        ["A 2020-01-01..2022-01-01 [0]", "B 2022-01-01.. [1]", "1 deferred CHANGE_DEADLINE by 0 (B, A)", "1 FIRST_CHOICE_WHILE_INSURED"];

    a_first_choice_on_the_day_of_the_end_is_one: ["A 2020-01-01..2021-03-01", "B 2021-03-01.. reason=10"] =>
        ["A 2020-01-01..2021-03-01 [0]", "B 2021-03-01.. [1]"];

    a_first_choice_of_the_same_insurer_is_no_other: ["A 2020-01-01..", "A 2021-03-01.. reason=10"] => ["A 2020-01-01.. [0 1]"];

    a_first_choice_that_loses_its_day_meets_nobody:
        ["A 2020-01-01..", "B 2021-03-01.. reason=10 applied=2021-01-01", "A 2021-03-01.."] =>
        ["A 2020-01-01.. [0 2]", "1 lost SAME_DAY by 2 (B, A)"];

    changed_data_do_not_change_the_insurer: ["A 2020-01-01..", "B 2021-03-01.. reason=61"] => [
        "A 2020-01-01..2021-03-01 [0]", "B 2021-03-01.. [1]", "0 superseded CHANGE_AT_WILL by 1 (A, B)", "1 REASON_CHANGES_INSURER"
    ];

    changed_data_with_the_same_insurer_are_right: ["A 2020-01-01..", "A 2021-03-01.. reason=61"] => ["A 2020-01-01.. [0 1]"];

    a_change_to_the_present_insurer_is_found: ["A 2020-01-01..2021-03-01", "A 2021-03-01.. reason=34"] =>
        ["A 2020-01-01.. [0 1]", "1 REASON_SAME_INSURER"];

    a_change_to_the_insurer_of_the_same_day_is_not_found: ["A 2021-03-01..", "A 2021-03-01.. reason=31"] =>
        ["A 2021-03-01.. [0 1]"];

    a_change_to_the_former_insurer_is_not_found: ["A 2020-01-01..2021-03-01", "A 2021-03-02.. reason=31"] =>
        ["A 2020-01-01..2021-03-01 [0]", "A 2021-03-02.. [1]"];
}

#[test]
fn every_reason_is_compared_with_the_change_of_insurer() {
    let odd = |organisation: &str, reason: u8| {
        let second = format!("{organisation} 2021-03-01.. reason={reason}");
        let found = insurance(&["A 2020-01-01..", &second]);
        found.iter().filter(|line| line.starts_with("1 ")).cloned().collect::<Vec<_>>().join(", ")
    };
    for reason in [0, 10, 21, 22, 23, 24, 25, 31, 32, 33, 34, 35, 36, 40, 60, 61, 62, 63] {
        let against_another = match reason {
            10 => "1 FIRST_CHOICE_WHILE_INSURED",
            40 | 60 | 61 | 62 | 63 => "1 REASON_CHANGES_INSURER",
            _ => "",
        };
        assert_eq!(odd("B", reason), against_another, "{reason}");
        assert_eq!(odd("A", reason), if (31..=36).contains(&reason) { "1 REASON_SAME_INSURER" } else { "" }, "{reason}");
    }
}

#[test]
fn a_deferred_record_that_joins_is_a_change() {
    let found = insurance(&["A 2020-01-01..2022-01-01", "B 2021-12-01.. reason=31", "B 2022-01-01.. reason=31"]);
    assert_eq!(found, ["A 2020-01-01..2022-01-01 [0]", "B 2022-01-01.. [2 1]", "1 deferred CHANGE_DEADLINE by 0 (B, A)"]);
}

#[test]
fn reasons_are_compared_with_insurers_as_read_on_the_day() {
    let links = vec![
        SuccessionLink { ends: date("2021-01-01"), successor: Some(OrganisationId::new(1)) },
        SuccessionLink::ENDLESS,
        SuccessionLink::ENDLESS,
    ];
    let insurance = Insurance { succession: Succession::new(links), ..Insurance::default() };
    let found = insurance.outcome(&["A 2020-01-01..", "B 2021-01-01.. reason=10", "B 2021-02-01.. reason=31"]);
    assert_eq!(found[2..], ["2 REASON_SAME_INSURER"]);
    let before = insurance.outcome(&["A 2020-01-01..", "B 2020-12-31.. reason=10 applied=2020-10-01"]);
    assert_eq!(before.last().map(String::as_str), Some("1 FIRST_CHOICE_WHILE_INSURED"));
}

#[test]
fn tolerated_violations_become_findings() {
    let rules = InsurerRules { on_violation: OnViolation::Accept, ..InsurerRules::default() };
    let found = Insurance { rules, ..Insurance::default() }.outcome(&["A 2020-01-01..", "B 2021-02-01..", "C 2021-03-01.."]);
    assert_eq!(
        found[2..],
        [
            "C 2021-03-01.. [2]",
            "0 superseded CHANGE_AT_WILL by 1 (A, B)",
            "1 superseded CHANGE_AT_WILL by 2 (B, C)",
            "2 CHANGE_LIMIT"
        ]
    );
}

#[test]
fn more_changes_a_year_are_a_setting() {
    let rules = InsurerRules { changes_per_year: 2, ..InsurerRules::default() };
    let claims = ["A 2020-01-01..", "B 2021-02-01..", "C 2021-03-01..", "A 2021-04-01.."];
    let found = Insurance { rules, ..Insurance::default() }.outcome(&claims);
    assert_eq!(found.last().map(String::as_str), Some("3 refused CHANGE_LIMIT by 2 (A, C)"));
}

#[test]
fn succession_is_no_change_and_cuts_the_stay() {
    let links = vec![
        SuccessionLink { ends: date("2021-01-01"), successor: Some(OrganisationId::new(1)) },
        SuccessionLink::ENDLESS,
        SuccessionLink { ends: date("2022-01-01"), successor: None },
    ];
    let insurance = Insurance { succession: Succession::new(links), ..Insurance::default() };
    assert_eq!(
        insurance.outcome(&["A 2020-01-01..", "B 2021-01-01.."]),
        ["A 2020-01-01..2021-01-01 [0 1]", "B 2021-01-01.. [0 1]"]
    );
    assert_eq!(insurance.outcome(&["C 2020-01-01.."]), ["C 2020-01-01..2022-01-01 [0]"]);
}

cases! { insurance
    deferred_records_of_one_day_compete: ["A 2020-01-01..2022-01-01", "B 2021-01-01.. applied=2020-12-01", "C 2021-02-01.. applied=2020-12-02"] =>
        ["A 2020-01-01..2022-01-01 [0]", "C 2022-01-01.. [2]", "1 refused CHANGE_DEADLINE by 0 (B, A)", "2 deferred CHANGE_DEADLINE by 0 (C, A)",
        "1 lost SAME_DAY by 2 (B, C)"];

    a_tie_of_deferred_records_leaves_the_stay_unresolved: ["A 2020-01-01..2022-01-01", "B 2021-01-01.. applied=2020-12-01",
        "C 2021-02-01.. applied=2020-12-01"] =>
        ["A 2020-01-01..2022-01-01 [0]", "B 2022-01-01.. [1]?", "1 deferred CHANGE_DEADLINE by 0 (B, A)", "2 refused CHANGE_DEADLINE by 0 (C, A)",
        "2 lost SAME_DAY_TIE by 1 (C, B)"];

    deferred_records_of_one_insurer_do_not_compete: ["A 2020-01-01..2022-01-01", "B 2021-01-01..2023-01-01 applied=2020-12-01",
        "B 2021-02-01.. applied=2020-12-02"] =>
        ["A 2020-01-01..2022-01-01 [0]", "B 2022-01-01.. [1 2]", "1 deferred CHANGE_DEADLINE by 0 (B, A)", "2 deferred CHANGE_DEADLINE by 0 (B, A)"];

    a_weaker_record_of_the_tied_code_makes_its_later_stay_unresolved: ["C 2019-01-01..2021-01-01", "A 2020-01-01..2020-06-01 applied=2019-12-02",
        "A 2020-01-01.. applied=2019-12-01", "B 2020-01-01.. applied=2019-12-02"] =>
        ["C 2019-01-01..2021-01-01 [0]", "A 2021-01-01.. [2]?", "3 lost SAME_DAY_TIE by 1 (B, A)", "2 deferred CHANGE_DEADLINE by 0 (A, C)",
        "1 refused CHANGE_DEADLINE by 0 (A, C)"];
}
