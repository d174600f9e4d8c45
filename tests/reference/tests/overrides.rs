//! Decisions of people.

use super::{Case, ENP};
use crate::regions::overrides::{OverrideEntry, Selector};

/// Another ENP of the man of [`ENP`], and two SNILS.
const OTHER_ENP: &str = "3456510844000027";
const SNILS: [&str; 2] = ["11223344595", "11223344696"];

fn line(file: &str, line: usize) -> Selector {
    let folder = if file == "attachments/a.csv" { file } else { "registers/a.csv" };
    vec![("source".to_string(), folder.to_string()), ("line".to_string(), line.to_string())]
}

/// A row of the register, by its line.
fn register_row(at: usize) -> Selector {
    line("registers/a.csv", at)
}

fn field(name: &str, value: &str) -> Selector {
    vec![(name.to_string(), value.to_string())]
}

impl Case {
    fn entry(mut self, kind: &str, sides: &[&[Selector]], change: impl Fn(&mut OverrideEntry)) -> Case {
        let sides = sides.iter().map(|side| side.to_vec()).collect();
        let decided_on = "2026-10-05".to_string();
        let mut entry = OverrideEntry { kind: kind.to_string(), sides, decided_on, ..OverrideEntry::default() };
        change(&mut entry);
        self.region.overrides.push(entry);
        self
    }

    fn same(self, one: Selector, other: Selector) -> Case {
        self.entry("same_person", &[&[one], &[other]], |_| ())
    }

    fn different(self, one: Selector, other: Selector) -> Case {
        self.entry("different_persons", &[&[one], &[other]], |_| ())
    }

    /// The decision that a person is with an insurer or clinic on some days.
    fn decided(self, kind: &str, person: Selector, code: &str, from: &str, to: &str) -> Case {
        self.entry(kind, &[&[person]], |entry| {
            (entry.code, entry.from, entry.to) = (code.to_string(), from.to_string(), to.to_string());
        })
    }

    /// Ends the last entry on a day.
    fn until(mut self, until: &str) -> Case {
        self.region.overrides.last_mut().expect("an entry").until = until.to_string();
        self
    }

    /// State of each entry, and the number of its records.
    fn states_and_records(&self) -> Vec<String> {
        self.run().overrides.iter().map(|row| format!("{} {}", row.state, row.records)).collect()
    }
}

/// Two men who have nothing in common but name and birth date.
fn two_men() -> Case {
    Case::new().insured(&[("snils", SNILS[0])]).insured(&[("enp", OTHER_ENP), ("snils", SNILS[1]), ("insurer", "34002")])
}

#[test]
fn people_join_records_that_no_rule_joins() {
    let case = two_men().same(register_row(2), field("snils", SNILS[1]));
    assert_eq!(case.people(), ["a2 a3"]);
    assert_eq!(case.states_and_records(), ["applied 2"]);
    assert_eq!(two_men().people(), ["a2", "a3"]);
}

#[test]
fn an_entry_ends_on_its_day() {
    assert_eq!(two_men().same(register_row(2), register_row(3)).until("2026-11-02").people(), ["a2 a3"]);
    let ended = two_men().same(register_row(2), register_row(3)).until("2026-11-01");
    assert_eq!(
        (ended.people(), ended.states_and_records()),
        (vec!["a2".to_string(), "a3".to_string()], vec!["ended 0".to_string()])
    );
}

#[test]
fn a_side_without_records_makes_an_entry_do_nothing() {
    let list = [field("enp", ENP), field("enp", OTHER_ENP)];
    let case = two_men().entry("same_person", &[&list, &[register_row(9)]], |_| ());
    assert_eq!((case.people().len(), case.states_and_records()), (2, vec!["not_found 0".to_string()]));
}

#[test]
fn a_decision_that_divides_wins_over_one_that_joins() {
    let case = two_men().different(register_row(2), register_row(3)).same(register_row(2), register_row(3));
    assert_eq!((case.people().len(), case.states_and_records()), (2, vec!["applied 2".to_string(), "applied 2".to_string()]));
}

#[test]
fn a_record_that_agrees_with_a_side_goes_with_it_by_the_first_rule() {
    // Row 4 agrees with row 2 by L3 and with row 3 by L1, which comes first; row 5 agrees with row 4 alone, by L4.
    let document = [("doc_kind", "14"), ("doc_number", "1")];
    let case = Case::new()
        .insured(&[("enp", ""), ("policy_kind", "1"), ("policy_number", "А"), ("snils", SNILS[0])])
        .insured(&[])
        .insured(&[("snils", SNILS[0]), document[0], document[1]])
        .insured(&[("enp", ""), ("policy_kind", "1"), ("policy_number", "Б"), document[0], document[1]]);
    assert_eq!(case.people(), ["a2 a3 a4 a5"]);
    let case = case.different(register_row(2), register_row(3));
    assert_eq!(
        (case.people(), case.states_and_records()),
        (vec!["a2".to_string(), "a3 a4 a5".to_string()], vec!["applied 4".to_string()])
    );
}

#[test]
fn a_record_that_agrees_with_both_sides_or_none_goes_to_the_first() {
    let case = Case::new()
        .insured(&[])
        .insured(&[("insurer", "34002")])
        .insured(&[("insurer", "34003")])
        .different(register_row(4), register_row(3));
    assert_eq!(case.people(), ["a2 a4", "a3"]);
    let joined = two_men()
        .insured(&[("enp", ""), ("policy_kind", "1"), ("policy_number", "А")])
        .same(register_row(2), register_row(3))
        .same(register_row(3), register_row(4));
    assert_eq!(joined.different(register_row(3), register_row(2)).people(), ["a2", "a3 a4"]);
}

#[test]
fn a_record_named_by_both_sides_belongs_to_the_first() {
    let both = two_men().same(register_row(2), register_row(3)).entry(
        "different_persons",
        &[&[register_row(2)], &[register_row(2), register_row(3)]],
        |_| (),
    );
    assert_eq!(both.people(), ["a2", "a3"]);
    let alone = two_men().different(register_row(2), register_row(2));
    assert_eq!(alone.states_and_records(), ["no_effect 0"]);
}

#[test]
fn divided_persons_share_an_enp_and_joined_ones_do_not() {
    let divided = Case::new().insured(&[]).insured(&[("insurer", "34002")]).different(register_row(2), register_row(3));
    assert_eq!(divided.findings(), ["2 ENP_SHARED", "3 ENP_SHARED"]);
    let twins = || Case::new().insured(&[]).insured(&[("given_name", "Тарас"), ("insurer", "34002")]);
    assert_eq!(twins().findings(), ["2 ENP_SHARED", "3 ENP_SHARED"]);
    assert_eq!(twins().same(register_row(2), register_row(3)).findings(), [""; 0]);
}

#[test]
fn the_insurer_is_the_decided_one_for_its_days() {
    let case = Case::new().insured(&[]).decided("insurer", register_row(2), "34002", "2026-10-01", "2026-12-01");
    assert_eq!(
        case.insurance(),
        ["34001 2020-01-01..2026-10-01 [a2]", "34002 2026-10-01..2026-12-01 [a2]", "34001 2026-12-01.. [a2]"]
    );
    assert_eq!(case.decisions(), ["overruled OVERRIDE_INSURER a2 < overrides.toml2, 34001 < 34002, 2026-10-01"]);
    assert_eq!(case.states_and_records(), ["applied 1"]);
}

#[test]
fn a_decided_stay_rests_on_a_record_of_its_insurer() {
    let case = Case::new()
        .insured(&[])
        .insured(&[("insurer", "34002"), ("insured_from", "2026-03-01"), ("applied_on", "2025-12-01")])
        .decided("insurer", register_row(2), "34002", "2026-05-01", "");
    assert_eq!(case.insurance(), ["34001 2020-01-01..2026-05-01 [a2]", "34002 2026-05-01.. [a3]"]);
}

#[test]
fn a_stay_that_holds_anyway_is_not_cut() {
    let case = Case::new().insured(&[]).decided("insurer", register_row(2), "34001", "2026-05-01", "");
    assert_eq!(
        (case.insurance(), case.states_and_records()),
        (vec!["34001 2020-01-01.. [a2]".to_string()], vec!["no_effect 0".to_string()])
    );
    let partly =
        Case::new().insured(&[("stopped_on", "2026-06-01")]).decided("insurer", register_row(2), "34001", "2026-05-01", "");
    assert_eq!(partly.insurance(), ["34001 2020-01-01..2026-05-01 [a2]", "34001 2026-05-01.. [a2]"]);
    assert_eq!((partly.decisions().len(), partly.states_and_records()), (0, vec!["applied 0".to_string()]));
}

#[test]
fn a_decided_stay_ends_with_death_and_with_the_insurer() {
    let dead =
        Case::new().insured(&[("death_date", "2026-06-30")]).decided("insurer", register_row(2), "34002", "2026-06-30", "");
    assert_eq!(dead.insurance(), ["34001 2020-01-01..2026-06-30 [a2]", "34002 2026-06-30..2026-07-01 [a2]"]);
    let late =
        Case::new().insured(&[("death_date", "2026-06-30")]).decided("insurer", register_row(2), "34002", "2026-07-01", "");
    // A decision about the insurer after the death says that the person is alive.
    assert_eq!(late.states_and_records(), ["applied 1"]);
    let same =
        Case::new().insured(&[("death_date", "2026-06-30")]).decided("insurer", register_row(2), "34001", "2026-07-01", "");
    assert_eq!(
        (same.insurance(), same.states_and_records()),
        (vec!["34001 2020-01-01.. [a2]".to_string()], vec!["applied 1".to_string()])
    );
    let closed = Case::new().insured(&[]).insurer_ends("34002", "2026-09-01", "").decided(
        "insurer",
        register_row(2),
        "34002",
        "2026-08-01",
        "",
    );
    assert_eq!(
        closed.insurance(),
        ["34001 2020-01-01..2026-08-01 [a2]", "34002 2026-08-01..2026-09-01 [a2]", "34001 2026-09-01.. [a2]"]
    );
}

#[test]
fn a_decided_code_is_read_through_succession() {
    let case = Case::new().insured(&[]).insurer_ends("34002", "2026-09-01", "34003").decided(
        "insurer",
        register_row(2),
        "34002",
        "2026-08-01",
        "",
    );
    let pieces = ["34001 2020-01-01..2026-08-01 [a2]", "34002 2026-08-01..2026-09-01 [a2]", "34003 2026-09-01.. [a2]"];
    assert_eq!(
        (case.insurance(), case.states_and_records()),
        (pieces.map(str::to_string).to_vec(), vec!["applied 1".to_string()])
    );
    let old_code = Case::new().insured(&[]).insurer_ends("34001", "2026-09-01", "34003").decided(
        "insurer",
        register_row(2),
        "34003",
        "2026-10-01",
        "",
    );
    assert_eq!(old_code.states_and_records(), ["no_effect 0"]);
}

#[test]
fn the_later_line_wins_on_the_same_days() {
    let case = Case::new().insured(&[]).decided("insurer", register_row(2), "34002", "2026-05-01", "").decided(
        "insurer",
        register_row(2),
        "34003",
        "2026-07-01",
        "2026-09-01",
    );
    assert_eq!(
        case.insurance(),
        [
            "34001 2020-01-01..2026-05-01 [a2]",
            "34002 2026-05-01..2026-07-01 [a2]",
            "34003 2026-07-01..2026-09-01 [a2]",
            "34002 2026-09-01.. [a2]"
        ]
    );
}

#[test]
fn an_insurer_needs_a_record_and_a_clinic_does_not() {
    let case = Case::new().attached(&[]).decided("insurer", field("enp", ENP), "34002", "2026-05-01", "");
    assert_eq!(
        (case.states_and_records(), case.findings()),
        (vec!["without_record 0".to_string()], vec!["2 NOT_INSURED".to_string(), "2 OVERRIDE_WITHOUT_RECORD".to_string()])
    );
    let gap = Case::new().insured(&[("stopped_on", "2024-01-01")]).decided("insurer", register_row(2), "34002", "2026-05-01", "");
    assert_eq!(gap.insurance(), ["34001 2020-01-01..2024-01-01 [a2]", "34002 2026-05-01.. [a2]"]);
    let unattached = Case::new().insured(&[]).decided("clinic", register_row(2), "340101", "2026-05-01", "");
    assert_eq!(unattached.attachments(), ["340101 2026-05-01.. []"]);
    assert_eq!(unattached.run().persons[0].method, Some(2));
}

#[test]
fn attachments_are_judged_against_the_decided_insurance() {
    let case = Case::new()
        .insured(&[("stopped_on", "2020-01-01"), ("insured_from", "2019-01-01")])
        .attached(&[("attached_to", "2020-02-01")]);
    assert_eq!(case.findings(), ["2 NOT_INSURED"]);
    assert_eq!(case.decided("insurer", register_row(2), "34002", "2020-01-31", "").findings(), ["2 NOT_INSURED_ON_START"]);
}

#[test]
fn the_district_of_another_clinic_does_not_show() {
    let case = || Case::new().insured(&[]).attached(&[("district", "7")]);
    let districts = |case: Case| case.run().persons[0].district.clone();
    assert_eq!(districts(case()), "7");
    assert_eq!(districts(case().decided("clinic", register_row(2), "340102", "2026-05-01", "")), "");
    let own = case().attached(&[("clinic", "340102"), ("attached_from", "2026-02-01"), ("district", "8"), ("method", "2")]);
    let own = own.attached(&[("clinic", "340103"), ("attached_from", "2026-03-01"), ("district", "9"), ("method", "3")]);
    assert_eq!(districts(own.decided("clinic", register_row(2), "340102", "2026-05-01", "")), "8");
}

#[test]
fn a_change_of_data_belongs_to_the_decided_stay_that_it_names() {
    let change = |clinic| [("clinic", clinic), ("attached_from", "2026-06-01"), ("district", "3"), ("action", "change")];
    let case = |clinic| {
        let case = Case::new().insured(&[]).attached(&[("district", "7")]).attached(&change(clinic));
        case.decided("clinic", register_row(2), "340102", "2026-05-01", "").run()
    };
    assert_eq!(case("340102").persons[0].district, "3");
    let of_former = case("340101");
    assert_eq!(of_former.persons[0].district, "");
    assert!(of_former.findings.iter().any(|row| row.code == "CHANGE_WITHOUT_ATTACHMENT"));
}

#[test]
fn an_entry_that_names_several_persons_is_ambiguous() {
    let case = two_men().entry("insurer", &[&[register_row(2), register_row(3)]], |entry| {
        (entry.code, entry.from) = ("34003".to_string(), "2026-05-01".to_string());
    });
    assert_eq!(case.states_and_records(), ["ambiguous 0"]);
}

#[test]
fn an_ignored_row_is_quarantined_and_its_copy_stays() {
    let case = || Case::new().insured(&[("record_id", "1")]).insured(&[("record_id", "2")]);
    let ignored = |selector: Selector| case().entry("ignore", &[&[selector]], |_| ());
    let by_id = vec![("source".to_string(), "registers/a.csv".to_string()), ("record_id".to_string(), "1".to_string())];
    for case in [ignored(register_row(2)), ignored(by_id)] {
        assert_eq!((case.people(), case.findings()), (vec!["a3".to_string()], vec!["2 OVERRIDE_IGNORED".to_string()]));
        assert_eq!(case.states_and_records(), ["applied 1"]);
    }
    assert_eq!(ignored(register_row(4)).states_and_records(), ["not_found 0"]);
    let broken = Case::new().raw_line(b"x;y").entry("ignore", &[&[register_row(2)]], |_| ());
    assert_eq!(
        (broken.states_and_records(), broken.findings()),
        (vec!["no_effect 0".to_string()], vec!["2 OVERRIDE_IGNORED".to_string(), "2 ROW_SHAPE".to_string()])
    );
}
