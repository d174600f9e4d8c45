//! Clinics: ages, working times, insurance, changes, and several applications.

use bytemuck::Zeroable;

use super::super::{ClinicClaims, DatedRecord, KnownInsurance, Stays, Sweep};
use super::{ClaimText, Insurance, borrowed, cases, date, outcome};
use sverka_model::{AttachmentMethod, AttachmentRecord, Date};
use sverka_reference::Clinics;
use sverka_settings::{ClinicRules, Period, Window};

const CLINICS: &str = "clinic;attachable;ages;works_from;works_to;successor\n340001;1;all;2000-01-01;;\n340002;1;all;2000-01-01;;\n\
    340003;1;children;2000-01-01;;\n340004;1;adults;2000-01-01;;\n340005;1;all;2000-01-01;2020-01-01;\n";

/// Stays with the clinics A and B (all ages), C (children), D (adults) and E (until 2020), of someone born on 29 February 2004 and insured
/// from 2005 up to 2030.
fn clinics(rules: ClinicRules, claims: &[&str]) -> Vec<String> {
    clinics_of_insured(rules, &["A 2005-01-01..2030-01-01 reason=10"], claims)
}

/// The stays with the clinics of [`clinics`], of a person with the given insurance.
fn clinics_of_insured(rules: ClinicRules, insurance: &[&str], claims: &[&str]) -> Vec<String> {
    let clinics = Clinics::read("clinics", CLINICS.as_bytes(), &[]).expect("clinics");
    let (mut insured, mut decisions, mut findings): (Stays, _, _) = Default::default();
    let known = Insurance::default().sweep(insurance, &mut insured, &mut decisions, &mut findings);
    let mut death = Date::NEVER;
    let records: Vec<DatedRecord<AttachmentRecord>> = (0..)
        .zip(claims.iter().map(|text| ClaimText::read(text)))
        .map(|(index, claim)| {
            death = death.min(claim.value("death").map_or(Date::NEVER, date));
            let mut record = AttachmentRecord {
                clinic: claim.organisation.clinic(),
                attached_from: claim.from,
                attached_to: claim.to,
                method: claim
                    .value("method")
                    .map_or(AttachmentMethod::NONE, |code| AttachmentMethod::new(code.parse().expect("a method"))),
                ..AttachmentRecord::zeroed()
            };
            record.identity.birth_date = date("2004-02-29");
            DatedRecord { index, record, source_date: claim.source_date() }
        })
        .collect();
    let (mut attached, mut stays) = (ClinicClaims::default(), Stays::default());
    let records = borrowed(&records);
    let insurance = KnownInsurance { stays: &insured, from_first_choice: known.begin_by_first_choice(&insured) };
    attached.collect(records, death, insurance, &clinics, &mut findings);
    attached.sweep(&mut Sweep::default(), &clinics, &rules, &mut stays, &mut decisions, &mut findings);
    outcome(&stays, &decisions, &findings, |claim| attached.as_slice()[claim as usize].record)
}

fn attachments(claims: &[&str]) -> Vec<String> {
    clinics(ClinicRules::default(), claims)
}

cases! { attachments
    a_child_leaves_the_clinic_for_children: ["C 2010-01-01.."] => ["C 2010-01-01..2022-03-01 [0]"];

    no_one_comes_of_age_into_a_clinic_for_children: ["C 2022-03-01.."] => ["0 CLINIC_AGE"];

    a_child_stays_with_adults_and_is_found: ["D 2022-02-28..2023-01-01"] => ["D 2022-02-28..2023-01-01 [0]", "0 CLINIC_AGE"];

    an_adult_is_not_found: ["D 2022-03-01.."] => ["D 2022-03-01.. [0]"];

    a_clinic_ends_with_its_work: ["E 2019-01-01..", "E 2020-01-01.."] => ["E 2019-01-01..2020-01-01 [0]", "1 NO_INTERVAL"];

    death_is_the_first_cause_named: ["C 2022-03-01.. death=2022-02-01"] => ["0 AFTER_DEATH"];

    without_insurance_there_is_no_attachment: ["A 2004-03-01..2005-01-01", "B 2030-01-01..", "A 2029-12-31..2031-01-01"] =>
        ["A 2029-12-31..2031-01-01 [2]", "0 NOT_INSURED", "1 NOT_INSURED"];

    residence_follows_residence: ["A 2020-01-01.. method=1", "B 2020-05-01.."] =>
        ["A 2020-01-01..2020-05-01 [0]", "B 2020-05-01.. [1]", "0 superseded TERRITORY by 1 (A, B)"];

    residence_does_not_displace_an_application: ["A 2020-01-01.. method=2", "B 2020-05-01.. method=1"] =>
        ["A 2020-01-01.. [0]", "1 refused APPLICATION_OUTRANKS_RESIDENCE by 0 (B, A)"];

    a_move_is_always_permitted: ["A 2020-01-01.. method=2", "B 2020-05-01.. method=3"] =>
        ["A 2020-01-01..2020-05-01 [0]", "B 2020-05-01.. [1]", "0 superseded CHANGE_MOVED by 1 (A, B)"];

    one_choice_a_year: ["A 2020-01-01..", "B 2020-12-30.. method=2", "A 2020-12-31.. method=2", "A 2021-01-01.. method=2"] => [
        "A 2020-01-01..2020-12-30 [0]", "B 2020-12-30..2021-01-01 [1]", "A 2021-01-01.. [3]",
        "0 superseded CHANGE_AT_WILL by 1 (A, B)", "2 refused CHANGE_LIMIT by 1 (A, B)", "1 superseded CHANGE_AT_WILL by 3 (B, A)",
        "2 SEVERAL_APPLICATIONS"
    ];

    a_choice_after_an_end_is_counted: ["A 2020-01-01..2020-02-01", "B 2020-02-01.. method=2", "A 2020-03-01.. method=2"] =>
        ["A 2020-01-01..2020-02-01 [0]", "B 2020-02-01.. [1]", "2 refused CHANGE_LIMIT by 1 (A, B)"];

    the_higher_method_wins_the_day: ["A 2020-01-01.. source=2026-01-01", "B 2020-01-01.. method=2"] =>
        ["B 2020-01-01.. [1]", "0 lost SAME_DAY by 1 (A, B)"];

    an_absent_method_is_by_residence: ["A 2020-01-01.. method=1", "B 2020-01-01.."] =>
        ["A 2020-01-01.. [0]?", "1 lost SAME_DAY_TIE by 0 (B, A)"];

    insurance_that_begins_after_the_attachment_is_found: ["A 2004-12-31.."] =>
        ["A 2004-12-31.. [0]", "0 NOT_INSURED_ON_START"];

    insurance_that_begins_with_the_attachment_is_right: ["A 2005-01-01.."] => ["A 2005-01-01.. [0]"];

    applications_to_one_clinic_are_one: ["A 2020-05-01.. method=2", "A 2020-05-20.. method=3"] => ["A 2020-05-01.. [0 1]"];

    applications_by_residence_do_not_count: ["A 2020-05-01.. method=1", "B 2020-05-20.. method=2"] =>
        ["A 2020-05-01..2020-05-20 [0]", "B 2020-05-20.. [1]", "0 superseded CHANGE_AT_WILL by 1 (A, B)"];

    each_application_but_the_first_is_found: ["A 2020-05-01.. method=2", "B 2020-05-01.. method=3", "B 2020-05-31..2020-06-01 method=3"] => [
        "B 2020-05-01.. [1 2]", "0 lost SAME_DAY by 1 (A, B)", "1 SEVERAL_APPLICATIONS", "2 SEVERAL_APPLICATIONS"
    ];

    applications_of_two_months_are_two_periods: ["A 2020-05-31.. method=2", "B 2020-06-01.. method=3"] =>
        ["A 2020-05-31..2020-06-01 [0]", "B 2020-06-01.. [1]", "0 superseded CHANGE_MOVED by 1 (A, B)"];

    applications_that_come_to_nothing_count: ["A 2004-05-01..2004-06-01 method=2", "B 2004-05-02..2004-06-01 method=2"] =>
        ["0 NOT_INSURED", "1 NOT_INSURED", "1 SEVERAL_APPLICATIONS"];

    the_highest_method_counts_for_the_stay: ["A 2020-01-01.. method=2", "A 2020-02-01.. method=1", "B 2020-05-01.."] =>
        ["A 2020-01-01.. [0 1]", "2 refused APPLICATION_OUTRANKS_RESIDENCE by 0 (B, A)"];
}

#[test]
fn a_rolling_year_ends_on_the_same_day_of_the_next() {
    let rules = ClinicRules { window: Window::Rolling12Months, ..ClinicRules::default() };
    for (day, refused) in [("2021-04-30", true), ("2021-05-01", false)] {
        let second = format!("A {day}.. method=2");
        let found = clinics(rules, &["A 2020-01-01..", "B 2020-05-01.. method=2", &second]);
        assert_eq!(found.contains(&"2 refused CHANGE_LIMIT by 1 (A, B)".to_owned()), refused, "{day}");
    }
}

#[test]
fn a_period_of_applications_may_be_days() {
    let rules = ClinicRules { applications_period: Period::Days(10), ..ClinicRules::default() };
    for (day, found) in [("2020-06-06", true), ("2020-06-07", false)] {
        let second = format!("B {day}.. method=3");
        let last = clinics(rules, &["A 2020-05-28.. method=2", &second]).pop();
        assert_eq!(last.as_deref() == Some("1 SEVERAL_APPLICATIONS"), found, "{day}");
    }
}

#[test]
fn residence_may_displace_an_application_by_setting() {
    let rules = ClinicRules { application_outranks_residence: false, ..ClinicRules::default() };
    let found = clinics(rules, &["A 2020-01-01.. method=2", "B 2020-05-01.. method=1"]);
    assert_eq!(found.last().map(String::as_str), Some("0 superseded TERRITORY by 1 (A, B)"));
}

#[test]
fn attachments_before_the_first_known_insurance_are_found_only_after_a_first_choice() {
    let found = |insurance: &[&str], attachment: &str| {
        let outcome = clinics_of_insured(ClinicRules::default(), insurance, &[attachment]);
        outcome.iter().any(|line| line.ends_with(" NOT_INSURED_ON_START"))
    };
    let first_choice = ["A 2020-01-01.. reason=10"];
    let changed = ["A 2020-01-01.. reason=31"];
    assert!(found(&first_choice, "A 2019-12-31.."));
    assert!(!found(&changed, "A 2019-12-31..") && !found(&["A 2020-01-01.."], "A 2019-12-31.."));
    assert!(!found(&first_choice, "A 2020-01-01.."));
    // A gap between known stays is known to lack insurance.
    let with_gap = ["A 2020-01-01..2021-01-01 reason=31", "A 2022-01-01.."];
    assert!(found(&with_gap, "A 2021-06-01..") && !found(&with_gap, "A 2019-06-01..") && !found(&with_gap, "A 2020-06-01.."));
}
