//! The differences for clinics (SEM-276 to SEM-282).

use super::{Case, Change};

fn insured() -> Case {
    Case::new().insured(&[])
}

/// The changes that make an attachment row one to a clinic.
fn attachment<'a>(clinic: &'a str, from: &'a str, method: &'a str) -> Vec<Change<'a>> {
    vec![("clinic", clinic), ("attached_from", from), ("method", method)]
}

/// A girl born on 29 February 2008, insured from 2015 on.
fn insured_girl() -> Case {
    Case::new().insured(&[("birth_date", "2008-02-29"), ("enp", "7997789770003216"), ("insured_from", "2015-01-01")])
}

/// The changes that make an attachment row one of the girl.
fn girls_attachment<'a>(clinic: &'a str, from: &'a str) -> Vec<Change<'a>> {
    vec![("birth_date", "2008-02-29"), ("enp", "7997789770003216"), ("clinic", clinic), ("attached_from", from)]
}

#[test]
fn a_childrens_clinic_ends_on_the_eighteenth_birthday() {
    let case = insured_girl().attached(&girls_attachment("340104", "2016-01-01"));
    assert_eq!(case.attachments(), ["340104 2016-01-01..2026-03-01 [+a2]"]);
    let late = insured_girl().attached(&girls_attachment("340104", "2026-03-01"));
    assert!(late.attachments().is_empty());
    assert!(late.findings().contains(&"2 CLINIC_AGE".to_string()));
}

#[test]
fn a_child_in_a_clinic_for_adults_is_reported_and_stays() {
    let case = insured_girl().attached(&girls_attachment("340105", "2026-02-28"));
    assert_eq!(case.attachments(), ["340105 2026-02-28.. [+a2]"]);
    assert!(case.findings().contains(&"2 CLINIC_AGE".to_string()));
    let grown = insured_girl().attached(&girls_attachment("340105", "2026-03-01"));
    assert!(!grown.findings().contains(&"2 CLINIC_AGE".to_string()));
}

#[test]
fn without_insurance_there_is_no_attachment() {
    let case = Case::new().insured(&[("stopped_on", "2025-01-01")]);
    let before = case.attached(&attachment("340101", "2025-01-01", "2"));
    assert!(before.attachments().is_empty());
    assert_eq!(before.findings(), ["2 NOT_INSURED"]);
    let overlapping = Case::new().insured(&[("stopped_on", "2025-01-01")]).attached(&attachment("340101", "2024-12-31", "2"));
    assert_eq!(overlapping.attachments(), ["340101 2024-12-31.. [+a2]"]);
}

#[test]
fn the_highest_method_wins_the_day() {
    let case = insured().attached(&attachment("340101", "2020-01-01", "1")).attached(&attachment("340102", "2020-01-01", "2"));
    assert_eq!(case.attachments(), ["340102 2020-01-01.. [+a3]"]);
    assert_eq!(case.decisions(), ["lost SAME_DAY +a2 < +a3, 340101 < 340102, 2020-01-01"]);
    let tie = insured().attached(&attachment("340102", "2020-01-01", "")).attached(&attachment("340101", "2020-01-01", "1"));
    assert_eq!(tie.attachments(), ["340101 2020-01-01..? [+a3]"]);
}

#[test]
fn an_application_outranks_residence() {
    let both =
        |case: Case| case.attached(&attachment("340101", "2020-01-01", "2")).attached(&attachment("340102", "2026-01-01", ""));
    let case = both(insured());
    assert_eq!(case.attachments(), ["340101 2020-01-01.. [+a2]"]);
    assert_eq!(case.decisions(), ["refused APPLICATION_OUTRANKS_RESIDENCE +a3 < +a2, 340102 < 340101, 2026-01-01"]);
    let off = both(insured().settings(|settings| settings.application_outranks_residence = false));
    assert_eq!(off.decisions(), ["superseded TERRITORY +a2 < +a3, 340101 < 340102, 2026-01-01"]);
}

#[test]
fn a_stays_method_is_the_highest_of_its_records() {
    let case = insured()
        .attached(&attachment("340101", "2020-01-01", "1"))
        .attached(&attachment("340101", "2021-01-01", "2"))
        .attached(&attachment("340102", "2026-01-01", "1"));
    assert!(case.decisions()[0].starts_with("refused APPLICATION_OUTRANKS_RESIDENCE"));
}

#[test]
fn residence_and_moves_are_permitted() {
    let case = insured()
        .settings(|settings| settings.clinic_changes_per_year = 0)
        .attached(&attachment("340101", "2020-01-01", "1"))
        .attached(&attachment("340102", "2026-01-01", "1"))
        .attached(&attachment("340103", "2026-02-01", "3"));
    assert_eq!(
        case.decisions(),
        [
            "superseded CHANGE_MOVED +a3 < +a4, 340102 < 340103, 2026-02-01",
            "superseded TERRITORY +a2 < +a3, 340101 < 340102, 2026-01-01"
        ]
    );
}

/// Outcome and rule of a change by application on `day` after another one on 2025-06-15.
fn second_change(day: &str, rolling: bool) -> String {
    let case = insured()
        .settings(|settings| settings.clinic_window_is_rolling = rolling)
        .attached(&attachment("340101", "2020-01-01", "1"))
        .attached(&attachment("340102", "2025-06-15", "2"))
        .attached(&attachment("340103", day, "2"));
    let of_third = case.decisions().into_iter().find(|decision| decision.contains("+a4")).expect("a decision");
    of_third.split(" +").next().expect("words").to_string()
}

#[test]
fn the_limit_holds_in_the_calendar_year_or_in_twelve_months() {
    assert_eq!(second_change("2025-12-31", false), "refused CHANGE_LIMIT");
    assert_eq!(second_change("2026-01-01", false), "superseded CHANGE_AT_WILL");
    assert_eq!(second_change("2026-06-14", true), "refused CHANGE_LIMIT");
    assert_eq!(second_change("2026-06-15", true), "superseded CHANGE_AT_WILL");
}

#[test]
fn a_change_after_a_gap_counts_by_application_only() {
    let after_gap = |method| {
        let mut first = attachment("340101", "2020-01-01", "1");
        first.push(("attached_to", "2026-01-01"));
        let case = insured().attached(&first).attached(&attachment("340102", "2026-02-01", method));
        case.attached(&attachment("340103", "2026-03-01", "2")).decisions()
    };
    assert_eq!(after_gap("2"), ["refused CHANGE_LIMIT +a4 < +a3, 340103 < 340102, 2026-03-01"]);
    assert_eq!(after_gap("1"), ["superseded CHANGE_AT_WILL +a3 < +a4, 340102 < 340103, 2026-03-01"]);
}

#[test]
fn profiles_do_not_disturb_each_other() {
    let mut dental = attachment("340102", "2026-01-01", "1");
    dental.push(("profile", "3"));
    let case = insured().attached(&attachment("340101", "2020-01-01", "2")).attached(&dental);
    assert_eq!(case.attachments(), ["340101 2020-01-01.. [+a2]", "340102 2026-01-01.. [+a3]"]);
}

#[test]
fn a_chain_that_ends_leaves_no_interval() {
    let case = insured()
        .clinic_ends("340101", "2026-01-01", "340102")
        .clinic_ends("340102", "2025-06-01", "")
        .attached(&attachment("340101", "2025-07-01", "1"));
    assert!(case.attachments().is_empty());
    assert_eq!(case.findings(), ["2 NO_INTERVAL"]);
}
