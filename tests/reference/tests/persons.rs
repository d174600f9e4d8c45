//! Links, contradictions, twins, and the findings of persons (SEM-266 to SEM-270).

use super::{Case, ENP};

/// ENP of another man born on the same day.
const OTHER_ENP: &str = "3456510844000027";

/// The lines with a finding of this code.
fn lines_with(case: &Case, code: &str) -> Vec<usize> {
    case.run().findings.iter().filter(|row| row.code == code).map(|row| row.position.line).collect()
}

#[test]
fn l1_holds_through_a_change_of_surname() {
    assert_eq!(Case::new().insured(&[]).insured(&[("surname", "Ким"), ("given_name", "AЛEKCEЙ")]).people(), ["a2 a3"]);
}

#[test]
fn parts_of_names_are_compared_with_blanks_as_dashes_and_without_brackets() {
    let born = |surname, patronymic, birth| [("surname", surname), ("patronymic", patronymic), ("birth_date", birth)];
    let with = |one: [super::Change<'_>; 3], other: [super::Change<'_>; 3]| Case::new().insured(&one).insured(&other).people();
    for surname in
        ["Липова Соснина", "ЛИПОВА – СОСНИНА", "Липова--Соснина", "Липова-Соснина (Петрова)", "[Петрова] Липова Соснина"]
    {
        let pair = with(born("Липова-Соснина", "Али оглы", "1984-03-05"), born(surname, "АЛИ-ОГЛЫ", "1984-05-03"));
        assert_eq!(pair, ["a2 a3"], "{surname}");
    }
    for surname in ["Липовасоснина", "Соснина-Липова", "Петрова"] {
        let pair = with(born("Липова-Соснина", "", "1984-03-05"), born(surname, "", "1984-05-03"));
        assert_eq!(pair, ["a2", "a3"], "{surname}");
    }
}

#[test]
fn l2_holds_through_another_birth_date() {
    let case = Case::new().insured(&[]).insured(&[("birth_date", "1984-05-03")]);
    assert_eq!(case.people(), ["a2 a3"]);
    assert_eq!(lines_with(&case, "IDENTITY_REVIEW"), [2]);
    let other_patronymic = Case::new().insured(&[]).insured(&[("birth_date", "1984-05-03"), ("patronymic", "НЕТ")]);
    assert_eq!(other_patronymic.people(), ["a2", "a3"]);
}

#[test]
fn l3_joins_two_enps_of_a_person() {
    let case = Case::new().insured(&[("snils", "11223344595")]).insured(&[
        ("snils", "112-233-445 95"),
        ("enp", OTHER_ENP),
        ("surname", "Ким"),
    ]);
    assert_eq!(case.people(), ["a2 a3"]);
    assert_eq!(lines_with(&case, "SEVERAL_ENP"), [2]);
}

#[test]
fn l4_compares_documents_without_blanks_and_dashes() {
    let document = |number| [("doc_kind", "14"), ("doc_number", number), ("enp", OTHER_ENP)];
    let with = |number| Case::new().insured(&[("doc_kind", "14"), ("doc_number", "18 01 № 100001")]).insured(&document(number));
    assert_eq!(with("1801-100001").people(), ["a2 a3"]);
    assert_eq!(with("1801-100002").people(), ["a2", "a3"]);
}

#[test]
fn l5_joins_by_old_policies_and_certificates_only() {
    let by = |kind, enp| {
        let policy = [("policy_kind", kind), ("policy_number", "123456789"), ("enp", enp)];
        Case::new().insured(&policy).insured(&[policy[0], policy[1], ("enp", OTHER_ENP), ("surname", "Ким")]).people()
    };
    assert_eq!(by("1", ENP), ["a2 a3"]);
    assert_eq!(by("2", ENP), ["a2 a3"]);
    assert_eq!(by("3", ENP), ["a2", "a3"]);
}

#[test]
fn l6_joins_compatible_given_names() {
    let with = |given| Case::new().insured(&[]).insured(&[("given_name", given), ("surname", "Ким")]).people();
    assert_eq!(with("Алексий"), ["a2 a3"]);
    assert_eq!(with("А."), ["a2 a3"]);
    assert_eq!(with("Иван"), ["a2", "a3"]);
}

#[test]
fn l6_counts_only_records_whose_enp_gives_the_birth_date() {
    let at =
        |given| [("birth_date", "1984-03-06"), ("given_name", given), ("surname", if given == "А" { "Ким" } else { "Соловьёв" })];
    assert_eq!(Case::new().insured(&at("Алексей")).insured(&at("А")).people(), ["a2", "a3"]);
}

#[test]
fn twins_with_one_enp_stay_apart_and_are_reported() {
    let case = Case::new().insured(&[("snils", "11223344595")]).insured(&[("given_name", "Семён"), ("snils", "12345678964")]);
    assert_eq!(case.people(), ["a2", "a3"]);
    assert_eq!(lines_with(&case, "ENP_SHARED"), [2, 3]);
}

#[test]
fn one_contradiction_keeps_the_whole_pair_apart() {
    let case = Case::new()
        .insured(&[("snils", "11223344595")])
        .insured(&[("given_name", "Алексий"), ("snils", "12345678964")])
        .insured(&[("given_name", "А"), ("surname", "Ким")]);
    assert_eq!(case.people(), ["a2", "a3", "a4"]);
    assert_eq!(lines_with(&case, "ENP_SHARED"), [2, 3, 4]);
}

#[test]
fn sexes_contradict_when_both_are_known() {
    let with = |sex| Case::new().insured(&[]).attached(&[("sex", sex), ("given_name", "А")]).people();
    assert_eq!(with("2"), ["a2", "+a2"]);
    assert_eq!(with(""), ["a2 +a2"]);
}

#[test]
fn the_key_is_the_smallest_identity() {
    let case = Case::new()
        .insured(&[("snils", "11223344595"), ("enp", OTHER_ENP)])
        .attached(&[("snils", "11223344595"), ("enp", "")])
        .attached(&[("snils", "11223344595")]);
    assert_eq!(case.run().people[0].key, format!("1:{ENP}|1984-03-05|АЛЕКСЕЙ"));
}
