//! Former differences between engine and reference, each as the smallest region that showed it. [`Case::people`] compares both, as every hand-made case
//! of the reference does.

use crate::reference::tests::{Case, ENP};

#[test]
fn every_dash_of_unicode_is_a_dash_in_names() {
    let dashes = [("-", "1984-03-05"), (" \u{2E5D} ", "1984-03-06"), ("\u{10D6E}", "1984-03-07"), ("\u{10EAD}", "1984-03-08")];
    let mut case = Case::new();
    for (dash, birth_date) in dashes {
        case = case.insured(&[("surname", &format!("Салтыков{dash}Щедрин")), ("birth_date", birth_date)]);
    }
    assert_eq!(case.people(), ["a2 a3 a4 a5"], "the same person by L2");
}

#[test]
fn every_blank_is_left_out_of_document_numbers() {
    let mut case = Case::new();
    for (policy, document) in [("А1", "18 01 100001"), ("А2", "18\u{B}01\u{B}100001"), ("А3", "18\u{A0}01\u{A0}100001")] {
        let changes =
            [("policy_kind", "1"), ("policy_number", policy), ("enp", ""), ("doc_kind", "14"), ("doc_number", document)];
        case = case.insured(&changes);
    }
    assert_eq!(case.people(), ["a2 a3 a4"], "the same person by L4");
}

#[test]
fn every_blank_is_left_out_of_a_snils() {
    let mut case = Case::new();
    for (policy, snils) in [("А1", "11223344595"), ("А2", "112-233-445\u{A0}95"), ("А3", "112-233-445\u{B}95")] {
        case = case.insured(&[("policy_kind", "1"), ("policy_number", policy), ("enp", ""), ("snils", snils)]);
    }
    assert_eq!(case.people(), ["a2 a3 a4"], "the same person by L3");
    assert_eq!(case.findings(), [""; 0]);
}

#[test]
fn blanks_after_the_back_tick_of_an_enp_do_not_count() {
    let case = Case::new().insured(&[("enp", &format!("` {ENP}"))]).insured(&[("enp", &format!("'{ENP}")), ("insurer", "34002")]);
    assert_eq!(case.people(), ["a2 a3"]);
    assert_eq!(case.findings(), [""; 0]);
}

#[test]
fn another_sex_in_the_enp_is_found_though_the_birth_date_is_wrong() {
    let case = Case::new().insured(&[("birth_date", "1984-02-30"), ("sex", "2"), ("given_name", "Ян"), ("patronymic", "")]);
    assert_eq!(case.findings(), ["2 birth_date DATE_INVALID", "2 enp ENP_PERSON_MISMATCH"]);
}

#[test]
fn there_is_no_year_0() {
    let case = Case::new().insured(&[("stopped_on", "0000-01-01")]);
    assert_eq!(case.findings(), ["2 stopped_on DATE_INVALID"]);
}

#[test]
fn every_record_of_the_code_that_wins_by_a_tie_makes_its_stay_unresolved() {
    let on_the_day = |insurer, applied_on, stopped_on| {
        [("insurer", insurer), ("insured_from", "2026-03-01"), ("applied_on", applied_on), ("stopped_on", stopped_on)]
    };
    let case = Case::new()
        .insured(&[("insured_from", "2026-01-01"), ("stopped_on", "2026-06-01")])
        .insured(&on_the_day("34002", "2025-12-01", "2026-05-01"))
        .insured(&on_the_day("34003", "2025-12-01", ""))
        .insured(&on_the_day("34002", "2025-11-15", ""));
    // Both records of 34002 came after the deadline. Only the weaker one, which was not in the tie, outlasts the stay that refused it.
    assert_eq!(case.insurance(), ["34001 2026-01-01..2026-06-01 [a2]", "34002 2026-06-01..? [a5]"]);
}
