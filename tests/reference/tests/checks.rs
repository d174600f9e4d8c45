//! Row checks on both sides of their limits (SEM-264), and duplicates (SEM-265).

use super::{Case, Change, ENP};

/// The findings of one register row with `changes`.
fn register_findings(changes: &[Change]) -> Vec<String> {
    Case::new().insured(changes).findings()
}

fn attachment_findings(changes: &[Change]) -> Vec<String> {
    let findings = Case::new().insured(&[]).attached(changes).run().findings;
    findings.iter().map(|row| format!("{} {}", row.field.clone().unwrap_or_default(), row.code)).collect()
}

#[test]
fn a_good_row_has_no_findings() {
    assert!(register_findings(&[]).is_empty());
    assert!(attachment_findings(&[]).is_empty());
}

#[test]
fn a_missing_required_field_is_an_error() {
    assert_eq!(
        register_findings(&[("surname", ""), ("sex", " ")]),
        ["2 sex FIELD_REQUIRED", "2 surname FIELD_REQUIRED"].map(String::from)
    );
    assert_eq!(register_findings(&[("enp", "`")]), ["2 enp FIELD_REQUIRED"]);
    assert_eq!(register_findings(&[("policy_kind", "2")]), ["2 policy_number FIELD_REQUIRED"]);
    assert_eq!(attachment_findings(&[("enp", "")]), ["enp FIELD_REQUIRED"]);
    assert!(!attachment_findings(&[("enp", ""), ("policy_number", "1")]).contains(&"enp FIELD_REQUIRED".to_string()));
}

#[test]
fn a_row_shows_all_its_findings() {
    let findings = register_findings(&[("sex", "3"), ("insurer", "99999"), ("snils", "1")]);
    assert_eq!(findings, ["2 insurer INSURER_UNKNOWN", "2 sex SEX_INVALID", "2 snils SNILS_INVALID"]);
}

#[test]
fn dates_are_valid_in_order_and_in_range() {
    assert_eq!(register_findings(&[("applied_on", "2020-13-01")]), ["2 applied_on DATE_INVALID"]);
    assert_eq!(register_findings(&[("stopped_on", "2020-01-01")]), ["2 stopped_on DATES_REVERSED"]);
    assert!(register_findings(&[("stopped_on", "2020-01-02")]).is_empty());
    assert!(register_findings(&[("birth_date", "2020-01-02")]).contains(&"2 insured_from DATES_REVERSED".to_string()));
    assert!(!register_findings(&[("birth_date", "2020-01-01")]).contains(&"2 insured_from DATES_REVERSED".to_string()));
    assert!(register_findings(&[("birth_date", "1899-12-31")]).contains(&"2 birth_date BIRTH_DATE_RANGE".to_string()));
    assert_eq!(register_findings(&[("birth_date", "1900-01-01")]), ["2 enp ENP_PERSON_MISMATCH"]);
}

#[test]
fn an_enp_fits_its_format_and_its_person() {
    assert_eq!(register_findings(&[("enp", "345651084400001")]), ["2 enp ENP_FORMAT"]);
    assert_eq!(register_findings(&[("enp", "3456510844000018")]), ["2 enp ENP_CHECK_DIGIT"]);
    assert_eq!(register_findings(&[("enp", "3400000000000000")]), ["2 enp ENP_IMPOSSIBLE"]);
    assert_eq!(register_findings(&[("sex", "2"), ("given_name", "Ян"), ("patronymic", "")]), ["2 enp ENP_PERSON_MISMATCH"]);
    assert!(register_findings(&[("enp", &format!("`{ENP}"))]).is_empty());
}

#[test]
fn a_certificate_has_nine_digits() {
    assert_eq!(
        register_findings(&[("policy_kind", "2"), ("policy_number", "12345678")]),
        ["2 policy_number POLICY_NUMBER_FORMAT"]
    );
    let with_nine = register_findings(&[("policy_kind", "2"), ("policy_number", "123456789")]);
    assert!(!with_nine.iter().any(|finding| finding.contains("POLICY_NUMBER_FORMAT")), "{with_nine:?}");
}

#[test]
fn snils_is_required_of_grown_citizens() {
    assert_eq!(register_findings(&[("category", "6")]), ["2 snils SNILS_REQUIRED"]);
    assert!(register_findings(&[("category", "2")]).is_empty());
    let birthday = [("category", "1"), ("birth_date", "2008-11-01"), ("enp", ""), ("policy_kind", "1"), ("policy_number", "1")];
    assert_eq!(register_findings(&birthday), ["2 snils SNILS_REQUIRED"]);
    let day_after = [("birth_date", "2008-11-02"), birthday[0], birthday[2], birthday[3], birthday[4]];
    assert!(register_findings(&day_after).is_empty());
}

#[test]
fn organisations_work_from_their_first_to_before_their_last_day() {
    let on = |day: &str| Case::new().insurer_ends("34001", "2026-01-01", "34002").insured(&[("insured_from", day)]).findings();
    assert_eq!(on("2014-12-31"), ["2 insurer INSURER_NOT_WORKING"]);
    assert!(on("2015-01-01").is_empty());
    assert!(on("2025-12-31").is_empty());
    assert_eq!(on("2026-01-01"), ["2 insurer INSURER_NOT_WORKING"]);
    assert_eq!(attachment_findings(&[("clinic", "340106")]), ["clinic CLINIC_NOT_ATTACHABLE"]);
    assert_eq!(attachment_findings(&[("clinic", "9")]), ["clinic CLINIC_UNKNOWN"]);
}

#[test]
fn unknown_codes_are_absent() {
    assert_eq!(
        register_findings(&[("category", "15"), ("reason", "П099")]),
        ["2 category CATEGORY_UNKNOWN", "2 reason REASON_UNKNOWN"]
    );
    assert_eq!(attachment_findings(&[("method", "4"), ("profile", "9")]), ["method METHOD_UNKNOWN"]);
}

#[test]
fn an_attachment_without_the_number_of_its_kind_has_no_kind() {
    let snils = ("snils", "11223344595");
    let without_enp = [("policy_kind", "3"), ("enp", ""), snils];
    let case = Case::new().insured(&[snils]).attached(&without_enp);
    assert_eq!(case.run().findings.iter().map(|row| row.code.as_str()).collect::<Vec<_>>(), ["POLICY_NUMBER_MISSING"]);
    assert_eq!(case.people(), ["a2 +a2"]);
    assert_eq!(attachment_findings(&[("policy_kind", "1")]), ["policy_number POLICY_NUMBER_MISSING"]);
    assert_eq!(attachment_findings(&[("policy_kind", "3"), ("enp", "")]), ["enp FIELD_REQUIRED"]);
    let kind_and_none = Case::new().attached(&without_enp).attached(&[("enp", ""), ("snils", "11223344595")]);
    assert_eq!(kind_and_none.run().duplicates.len(), 1, "an absent kind is no kind");
}

#[test]
fn a_limited_category_needs_a_term_and_no_other_has_one() {
    assert_eq!(register_findings(&[("category", "3")]), ["2 insured_to TERM_MISSING"]);
    assert_eq!(register_findings(&[("category", "2"), ("insured_to", "2027-01-01")]), ["2 insured_to TERM_IGNORED"]);
    assert!(register_findings(&[("category", "3"), ("insured_to", "2021-01-01")]).is_empty());
}

#[test]
fn one_broken_line_costs_no_other() {
    let expected = Case::new().insured(&[]).raw_line(b"").raw_line(b"\"a").insured(&[("insurer", "34002")]).run();
    let source = &expected.sources[0];
    assert_eq!((source.rows, source.accepted, source.quarantined), (3, 2, 1));
    assert_eq!(expected.quarantine[0].position.line, 4);
    assert_eq!(expected.quarantine[0].codes, ["ROW_QUOTE"]);
}

#[test]
fn duplicates_point_to_the_first_position() {
    let spelled = format!("'{ENP}");
    let case = Case::new()
        .insured(&[("snils", "11223344595")])
        .insured(&[("snils", "112-233-445 95"), ("enp", &spelled), ("record_id", "7")])
        .insured(&[("snils", "11223344595"), ("reason", "П010")])
        .attached(&[])
        .attached(&[("profile", "1")])
        .attached(&[("method", "1")]);
    let expected = case.run();
    let pairs: Vec<(usize, usize)> = expected.duplicates.iter().map(|row| (row.position.line, row.kept.line)).collect();
    assert_eq!(pairs, [(3, 2), (3, 2)]);
    assert_eq!(expected.sources[0].duplicates, 1);
    assert_eq!(expected.sources[0].accepted, 2);
}
