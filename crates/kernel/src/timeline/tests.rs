//! Tests of the sweep: every decision and outcome in a case of a few claims.
//!
//! A claim reads `A 2020-01-01..2021-01-01 applied=2019-10-01`; an open end is left out. A stay reads `A 2020-01-01..2021-01-01 [0 1]` with the
//! claims it rests on, `?` when it is unresolved; a decision `1 refused CHANGE_LIMIT by 0 (B, A)`; a finding `0 NO_INTERVAL`.

use bytemuck::Zeroable;

use super::{ClaimFinding, ClinicClaims, Decision, Effect, InsurerClaims, KnownInsurance, StayOverride, Stays, Sweep, Winner};
use sverka_model::{AttachmentMethod, AttachmentRecord, Code, Date, InsurerId, OperationReason, OrganisationId, RegisterRecord};
use sverka_reference::{Clinics, Succession};
use sverka_settings::{ClinicRules, InsurerRules, OnViolation, Period, Window};

fn date(text: &str) -> Date {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// A claim's organisation, interval and further values.
struct Written<'c> {
    organisation: OrganisationId,
    from: Date,
    to: Date,
    values: Vec<(&'c str, &'c str)>,
}

impl<'c> Written<'c> {
    fn read(text: &'c str) -> Self {
        let mut words = text.split(' ');
        let organisation = words.next().expect("organisation").as_bytes()[0] - b'A';
        let (from, to) = words.next().and_then(|interval| interval.split_once("..")).expect("interval");
        let to = if to.is_empty() { Date::NEVER } else { date(to) };
        let values = words.map(|word| word.split_once('=').expect("name=value")).collect();
        Self { organisation: OrganisationId::new(organisation.into()), from: date(from), to, values }
    }

    fn value(&self, name: &str) -> Option<&'c str> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    fn source_date(&self) -> Date {
        self.value("source").map_or(Date::EARLIEST, date)
    }
}

fn letter(organisation: OrganisationId) -> char {
    char::from(b'A' + organisation.number() as u8)
}

fn outcome(stays: &Stays, decisions: &[Decision], findings: &[ClaimFinding], record: impl Fn(u32) -> u32) -> Vec<String> {
    let end = |to: Date| to.known().map_or(String::new(), |to| to.to_string());
    let stay_text = |stay: &super::Stay| {
        let claims: Vec<String> = stays.claims_of(stay).iter().map(|&claim| record(claim).to_string()).collect();
        let doubt = if stay.unresolved { "?" } else { "" };
        format!("{} {}..{} [{}]{doubt}", letter(stay.organisation), stay.from, end(stay.to), claims.join(" "))
    };
    let decision_text = |decision: &Decision| {
        let Decision { loser, winner, outcome, rule, losing, winning, .. } = decision;
        let winner = match winner {
            Winner::Record(record) => record.to_string(),
            Winner::Override(entry) => format!("entry {entry}"),
        };
        format!("{loser} {} {} by {winner} ({}, {})", outcome.name(), rule.name(), letter(*losing), letter(*winning))
    };
    let finding_text = |finding: &ClaimFinding| format!("{} {}", finding.record, finding.code.name());
    let stays = stays.as_slice().iter().map(stay_text);
    stays.chain(decisions.iter().map(decision_text)).chain(findings.iter().map(finding_text)).collect()
}

/// The insurers of a case, and the rules that decide between them.
struct Insurance {
    rules: InsurerRules,
    succession: Succession,
}

impl Default for Insurance {
    fn default() -> Self {
        Self { rules: InsurerRules::default(), succession: Succession::new(vec![(Date::NEVER, None); 3]) }
    }
}

impl Insurance {
    fn outcome(&self, claims: &[&str]) -> Vec<String> {
        let (mut stays, mut decisions, mut findings) = Default::default();
        let insurance = self.sweep(claims, &mut stays, &mut decisions, &mut findings);
        outcome(&stays, &decisions, &findings, |claim| insurance.as_slice()[claim as usize].record)
    }

    fn sweep(
        &self,
        claims: &[&str],
        stays: &mut Stays,
        decisions: &mut Vec<Decision>,
        findings: &mut Vec<ClaimFinding>,
    ) -> InsurerClaims {
        let mut death = Date::NEVER;
        let records: Vec<(u32, RegisterRecord, Date)> = (0..)
            .zip(claims.iter().map(|text| Written::read(text)))
            .map(|(index, claim)| {
                death = death.min(claim.value("death").map_or(Date::NEVER, date));
                let record = RegisterRecord {
                    insurer: claim.organisation.insurer(),
                    insured_from: claim.from,
                    stopped_on: claim.to,
                    term_end: claim.value("term").map_or(Date::NEVER, date),
                    applied_on: claim.value("applied").map_or(claim.from, date),
                    reason: claim
                        .value("reason")
                        .map_or(OperationReason::NONE, |code| OperationReason::new(code.parse().expect("a reason"))),
                    ..RegisterRecord::zeroed()
                };
                (index, record, claim.source_date())
            })
            .collect();
        let mut insurance = InsurerClaims::default();
        let records = records.iter().map(|(index, record, source_date)| (*index, record, *source_date));
        insurance.collect(records, death, &self.succession, findings);
        insurance.sweep(&mut Sweep::default(), &self.succession, &self.rules, stays, decisions, findings);
        insurance
    }
}

fn insurance(claims: &[&str]) -> Vec<String> {
    Insurance::default().outcome(claims)
}

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
    let records: Vec<(u32, AttachmentRecord, Date)> = (0..)
        .zip(claims.iter().map(|text| Written::read(text)))
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
            (index, record, claim.source_date())
        })
        .collect();
    let (mut attached, mut stays) = (ClinicClaims::default(), Stays::default());
    let records = records.iter().map(|(index, record, source_date)| (*index, record, *source_date));
    let insurance = KnownInsurance { stays: &insured, from_first_choice: known.begin_by_first_choice(&insured) };
    attached.collect(records, death, insurance, &clinics, &mut findings);
    attached.sweep(&mut Sweep::default(), &clinics, &rules, &mut stays, &mut decisions, &mut findings);
    outcome(&stays, &decisions, &findings, |claim| attached.as_slice()[claim as usize].record)
}

fn attachments(claims: &[&str]) -> Vec<String> {
    clinics(ClinicRules::default(), claims)
}

macro_rules! cases {
    ($of:ident $($name:ident: [$($claim:literal),*] => [$($expected:literal),*];)*) => {
        $(#[test]
        fn $name() {
            let expected: &[&str] = &[$($expected),*];
            assert_eq!($of(&[$($claim),*]), expected);
        })*
    };
}

cases! { insurance
    nothing_gives_nothing: [] => [];

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

    an_application_that_is_not_given_is_not_after_death: ["A 2020-05-02.. death=2020-05-01"] => ["0 AFTER_DEATH"];

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
fn every_reason_says_what_becomes_of_the_insurer() {
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
fn reasons_are_held_against_insurers_as_read_on_the_day() {
    let links = vec![(date("2021-01-01"), Some(OrganisationId::new(1))), (Date::NEVER, None), (Date::NEVER, None)];
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
    let links = vec![(date("2021-01-01"), Some(OrganisationId::new(1))), (Date::NEVER, None), (date("2022-01-01"), None)];
    let insurance = Insurance { succession: Succession::new(links), ..Insurance::default() };
    assert_eq!(
        insurance.outcome(&["A 2020-01-01..", "B 2021-01-01.."]),
        ["A 2020-01-01..2021-01-01 [0 1]", "B 2021-01-01.. [0 1]"]
    );
    assert_eq!(insurance.outcome(&["C 2020-01-01.."]), ["C 2020-01-01..2022-01-01 [0]"]);
}

cases! { attachments
    a_child_leaves_the_clinic_for_children: ["C 2010-01-01.."] => ["C 2010-01-01..2022-03-01 [0]"];

    no_one_comes_of_age_into_a_clinic_for_children: ["C 2022-03-01.."] => ["0 CLINIC_AGE"];

    a_child_stays_with_adults_and_is_found: ["D 2022-02-28..2023-01-01"] => ["D 2022-02-28..2023-01-01 [0]", "0 CLINIC_AGE"];

    an_adult_is_not_found: ["D 2022-03-01.."] => ["D 2022-03-01.. [0]"];

    a_clinic_ends_with_its_work: ["E 2019-01-01..", "E 2020-01-01.."] => ["E 2019-01-01..2020-01-01 [0]", "1 NO_INTERVAL"];

    death_is_named_first: ["C 2022-03-01.. death=2022-02-01"] => ["0 AFTER_DEATH"];

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

/// The exit of insurer A, which leaves on 2026-08-01 after it took over B, while C works on; as of 2026-11-01.
fn left(claims: &[&str]) -> String {
    left_against(&[], claims)
}

/// The result of [`left`] if people decided that the person is with an insurer (0 is A) on some days.
fn left_against(orders: &[(InsurerId, &str, &str)], claims: &[&str]) -> String {
    let links = vec![(date("2026-08-01"), None), (date("2024-01-01"), Some(OrganisationId::new(0))), (Date::NEVER, None)];
    let insurance = Insurance { succession: Succession::new(links), ..Insurance::default() };
    let (mut stays, mut decisions, mut findings) = Default::default();
    let claims = insurance.sweep(claims, &mut stays, &mut decisions, &mut findings);
    for &(insurer, from, to) in orders {
        let (from, to) = (date(from), date(to));
        let decided = StayOverride {
            entry: 0,
            rule: Code::OverrideInsurer,
            organisation: insurer.into(),
            from,
            to,
            method: AttachmentMethod::NONE,
            needs_record: true,
        };
        let effect = decided.apply(claims.as_slice(), Date::NEVER, &insurance.succession, &mut stays, &mut decisions);
        assert!(matches!(effect, Effect::Applied(_)), "{effect:?}");
    }
    match claims.left_by_insurer(&stays, &insurance.succession, date("2026-11-01")) {
        Some(left) => format!("{} by {} on {}", left.record, letter(left.insurer.into()), left.left_on),
        None => "-".to_owned(),
    }
}

#[test]
fn who_is_left_by_the_insurer_has_to_choose() {
    assert_eq!(left(&["A 2020-01-01.."]), "0 by A on 2026-08-01");
    // The insurer is read on its last day.
    assert_eq!(left(&["B 2020-01-01.."]), "0 by A on 2026-08-01");
    assert_eq!(left(&["C 2020-01-01.."]), "-");
}

#[test]
fn who_has_chosen_or_is_insured_later_has_not_to() {
    assert_eq!(left(&["A 2020-01-01..", "C 2026-09-01.."]), "-");
    assert_eq!(left(&["A 2020-01-01..", "C 2026-12-01.."]), "-");
    // The person chose, and the new stay ended for a reason of its own.
    assert_eq!(left(&["A 2020-01-01..", "C 2026-09-01..2026-10-01"]), "-");
    // The person chose while the insurer worked: the refused change takes effect when the insurer leaves.
    assert_eq!(left(&["A 2020-01-01..", "C 2025-12-01.. applied=2025-11-20"]), "-");
}

#[test]
fn whose_days_people_gave_to_another_insurer_is_left_by_the_last_one() {
    const C: InsurerId = InsurerId::new(2);
    let left = |from: &str, to: &str| left_against(&[(C, from, to)], &["A 2020-01-01.."]);
    assert_eq!(left("2026-02-01", "2026-05-01"), "0 by A on 2026-08-01");
    assert_eq!(left("2026-02-01", "2026-07-31"), "0 by A on 2026-08-01");
    // The decision ends when A leaves: C, with whom the person was, did not leave.
    assert_eq!(left("2026-02-01", "2026-08-01"), "-");
    assert_eq!(left("2026-02-01", "2026-09-01"), "-");
    assert_eq!(left("2026-02-01", "9999-12-31"), "-");
}

#[test]
fn only_a_record_that_would_still_be_in_force_counts() {
    for (own_end, counts) in [("2026-11-02", true), ("2026-11-01", false), ("2026-08-01", false), ("2026-07-31", false)] {
        for claim in [format!("A 2020-01-01..{own_end}"), format!("A 2020-01-01.. term={own_end}")] {
            assert_eq!(left(&[&claim]) != "-", counts, "{claim}");
        }
    }
    // Dead on the as-of date, alive on it, dead on the day before.
    for (death, counts) in [("2026-10-31", false), ("2026-11-01", true), ("2026-07-01", false)] {
        assert_eq!(left(&[&format!("A 2020-01-01.. death={death}")]) != "-", counts, "{death}");
    }
}

#[test]
fn of_several_records_the_latest_application_speaks() {
    assert_eq!(left(&["A 2020-01-01.. applied=2019-12-01", "A 2022-01-01.."]), "1 by A on 2026-08-01");
    assert_eq!(left(&["A 2020-01-01..", "A 2022-01-01..2026-10-01"]), "0 by A on 2026-08-01");
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

#[test]
fn attachments_of_before_the_first_known_insurance_are_asked_only_of_a_first_choice() {
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
