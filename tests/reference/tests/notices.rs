//! Notices: what each action needs, what an end ends, and what a change changes.

use super::{Case, Change};

const STRUCK_OFF: Change<'_> = ("action", "end");
const CHANGED: Change<'_> = ("action", "change");
/// The notice of an end needs no start.
const NO_INSURED_FROM: Change<'_> = ("insured_from", "");
const NO_ATTACHED_FROM: Change<'_> = ("attached_from", "");

/// An insured man with the notice of an end of his insurance.
fn struck_off(changes: &[Change]) -> Case {
    Case::new().insured(&[]).insured(&[&[STRUCK_OFF, NO_INSURED_FROM], changes].concat())
}

/// District and doctor of an insured man who is attached in district 1, after these changes.
fn data_after(changes: &[&[Change]]) -> (String, String) {
    let first = Case::new().insured(&[]).attached(&[("district", "1"), ("doctor_snils", "d1")]);
    let case = changes.iter().fold(first, |case, change| case.attached(&[&[CHANGED], *change].concat()));
    let row = &case.run().persons[0];
    (row.district.clone(), row.doctor_snils.clone())
}

fn assert_data(changes: &[&[Change]], district: &str, doctor: &str) {
    assert_eq!(data_after(changes), (district.to_string(), doctor.to_string()), "{changes:?}");
}

#[test]
fn an_action_that_its_table_lacks_is_unknown() {
    for (action, findings) in
        [("new", &[][..]), ("change", &["2 action ACTION_UNKNOWN"]), ("End", &["2 action ACTION_UNKNOWN"]), ("", &[])]
    {
        assert_eq!(Case::new().insured(&[("action", action)]).findings(), findings, "{action}");
    }
    assert_eq!(Case::new().insured(&[]).attached(&[("action", "И")]).findings(), ["2 action ACTION_UNKNOWN"]);
}

#[test]
fn a_notice_needs_its_day() {
    assert_eq!(struck_off(&[]).findings(), ["3 stopped_on FIELD_REQUIRED"]);
    assert_eq!(struck_off(&[("insured_to", "2020-01-01"), ("category", "3"), ("death_date", "2025-01-01")]).findings(), [""; 0]);
    let attached = Case::new().insured(&[]).attached(&[]);
    assert_eq!(attached.attached(&[STRUCK_OFF, NO_ATTACHED_FROM]).findings(), ["3 attached_to FIELD_REQUIRED"]);
    let attached = Case::new().insured(&[]).attached(&[]);
    assert_eq!(attached.attached(&[CHANGED, NO_ATTACHED_FROM]).findings(), ["3 attached_from FIELD_REQUIRED"]);
}

#[test]
fn an_end_ends_the_records_of_its_insurer() {
    let case = struck_off(&[("stopped_on", "2025-03-01")]);
    assert_eq!(case.insurance(), ["34001 2020-01-01..2025-03-01 [a2]"]);
    assert_eq!(case.findings(), [""; 0]);
    let case = struck_off(&[("stopped_on", "2025-03-01"), ("insurer", "34002")]);
    assert_eq!(case.insurance(), ["34001 2020-01-01.. [a2]"]);
    assert_eq!(case.findings(), ["3 END_WITHOUT_STAY"]);
}

#[test]
fn an_end_leaves_records_that_start_on_its_day() {
    let case = struck_off(&[("stopped_on", "2020-01-01")]);
    assert_eq!(case.insurance(), ["34001 2020-01-01.. [a2]"]);
    assert_eq!(case.findings(), ["3 END_WITHOUT_STAY"]);
    assert_eq!(struck_off(&[("stopped_on", "2020-01-02")]).insurance(), ["34001 2020-01-01..2020-01-02 [a2]"]);
}

#[test]
fn the_earliest_end_counts() {
    let case = struck_off(&[("stopped_on", "2025-03-01")]).insured(&[STRUCK_OFF, ("stopped_on", "2024-03-01")]);
    assert_eq!(case.insurance(), ["34001 2020-01-01..2024-03-01 [a2]"]);
    let case = Case::new().insured(&[("stopped_on", "2021-01-01")]).insured(&[STRUCK_OFF, ("stopped_on", "2024-03-01")]);
    assert_eq!(case.insurance(), ["34001 2020-01-01..2021-01-01 [a2]"]);
    assert_eq!(case.findings(), [""; 0]);
}

#[test]
fn a_notice_of_death_alone_ends_on_the_day_after() {
    let case = struck_off(&[("death_date", "2025-03-01")]).attached(&[]);
    assert_eq!(case.insurance(), ["34001 2020-01-01..2025-03-02 [a2]"]);
    assert_eq!(case.attachments(), ["340101 2020-01-01..2025-03-02 [+a2]"]);
    assert_eq!(case.findings(), [""; 0]);
    assert_eq!(struck_off(&[("death_date", "2025-03-01"), ("insurer", "34002")]).findings(), [""; 0]);
}

#[test]
fn codes_of_ends_are_read_on_their_day() {
    for (day, ended) in [("2023-12-31", false), ("2024-01-01", true)] {
        let case = struck_off(&[("stopped_on", day), ("insurer", "34002")]).insurer_ends("34001", "2024-01-01", "34002");
        assert_eq!(case.findings().is_empty(), ended, "{day}");
        let last = case.insurance().pop().expect("a stay");
        assert_eq!(last.starts_with("34002 2024-01-01.."), !ended, "{last}");
    }
}

#[test]
fn an_attachment_ends_for_its_clinic_and_profile() {
    let two = || Case::new().insured(&[]).attached(&[]).attached(&[("profile", "3")]);
    let case = two().attached(&[STRUCK_OFF, NO_ATTACHED_FROM, ("attached_to", "2025-03-01")]);
    assert_eq!(case.attachments(), ["340101 2020-01-01..2025-03-01 [+a2]", "340101 2020-01-01.. [+a3]"]);
    let case = two().attached(&[STRUCK_OFF, NO_ATTACHED_FROM, ("attached_to", "2025-03-01"), ("profile", "2")]);
    assert_eq!(case.findings(), ["4 END_WITHOUT_STAY"]);
}

#[test]
fn a_person_known_by_notices_only_has_no_stay() {
    let case = Case::new()
        .insured(&[STRUCK_OFF, NO_INSURED_FROM, ("stopped_on", "2025-03-01")])
        .attached(&[CHANGED, ("district", "2")])
        .attached(&[STRUCK_OFF, ("attached_to", "2025-03-01")]);
    assert_eq!(case.people(), ["a2 +a2 +a3"]);
    assert_eq!(case.findings(), ["2 END_WITHOUT_STAY", "2 CHANGE_WITHOUT_ATTACHMENT", "3 END_WITHOUT_STAY"]);
    let expected = case.run();
    assert!(expected.insurance_stays.is_empty() && expected.attachment_stays.is_empty() && expected.persons.is_empty());
    assert!(expected.numbers.iter().all(|number| !number.survives));
}

#[test]
fn notices_take_no_part_in_decisions() {
    let case = struck_off(&[("stopped_on", "2025-03-01"), ("insured_from", "2020-01-01"), ("insurer", "34002")]);
    assert_eq!(case.decisions(), [""; 0]);
    assert_eq!(case.insurance(), ["34001 2020-01-01.. [a2]"]);
}

#[test]
fn a_notice_repeats_a_notice_only() {
    let case = struck_off(&[("stopped_on", "2025-03-01")])
        .insured(&[STRUCK_OFF, NO_INSURED_FROM, ("stopped_on", "2025-03-01")])
        .insured(&[("action", "new")]);
    let lines: Vec<(usize, usize)> = case.run().duplicates.iter().map(|row| (row.position.line, row.kept.line)).collect();
    assert_eq!(lines, [(4, 3), (5, 2)]);
}

#[test]
fn a_change_gives_the_fields_that_it_fills() {
    let day = ("attached_from", "2025-03-01");
    assert_data(&[&[day, ("district", "2"), ("doctor_snils", "d2")]], "2", "d2");
    assert_data(&[&[day, ("district", "2")]], "2", "d1");
    assert_data(&[&[day]], "1", "d1");
}

#[test]
fn the_latest_change_counts_for_each_value() {
    let (early, late) = (("attached_from", "2025-03-01"), ("attached_from", "2025-04-01"));
    assert_data(&[&[late, ("district", "3")], &[early, ("district", "2"), ("doctor_snils", "d2")]], "3", "d2");
    assert_data(&[&[early, ("district", "3")], &[early, ("district", "2")]], "2", "d1");
}

#[test]
fn a_change_is_in_force_from_its_day_on() {
    assert_data(&[&[("attached_from", "2026-11-01"), ("district", "2")]], "2", "d1");
    assert_data(&[&[("attached_from", "2026-11-02"), ("district", "2")]], "1", "d1");
}

#[test]
fn a_change_asks_for_a_stay_at_its_clinic() {
    let day = ("attached_from", "2025-03-01");
    let case = |change: &[Change]| Case::new().insured(&[]).attached(&[]).attached(&[&[CHANGED], change].concat());
    assert_eq!(case(&[day]).findings(), [""; 0]);
    assert_eq!(case(&[("attached_from", "2020-01-01")]).findings(), [""; 0]);
    for change in [[day, ("clinic", "340102")], [day, ("profile", "2")], [("attached_from", "2019-12-31"), ("profile", "1")]] {
        assert_eq!(case(&change).findings(), ["3 CHANGE_WITHOUT_ATTACHMENT"], "{change:?}");
    }
    assert_eq!(case(&[day]).attachments(), ["340101 2020-01-01.. [+a2]"]);
}

#[test]
fn a_record_that_starts_later_outranks_a_change() {
    let change = [CHANGED, ("attached_from", "2025-03-01"), ("district", "2")];
    for (start, district) in [("2025-02-28", "2"), ("2025-03-01", "2"), ("2025-03-02", "3")] {
        let case = Case::new().insured(&[]).attached(&[]).attached(&change);
        let case = case.attached(&[("attached_from", start), ("district", "3")]);
        assert_eq!(case.run().persons[0].district, district, "{start}");
    }
}

#[test]
fn a_change_lasts_through_a_succession_and_not_over_a_gap() {
    let change = [CHANGED, ("attached_from", "2023-03-01"), ("district", "2")];
    let case = Case::new().insured(&[]).attached(&[]).attached(&change).clinic_ends("340101", "2024-01-01", "340102");
    let row = &case.run().persons[0];
    assert_eq!((row.clinic.as_deref(), row.district.as_str()), (Some("340102"), "2"));
    let case = Case::new().insured(&[]).attached(&[("attached_to", "2024-01-01")]).attached(&change);
    let case = case.attached(&[("attached_from", "2024-01-02")]);
    assert_eq!(case.run().persons[0].district, "");
    assert_eq!(case.findings(), [""; 0]);
}
