//! Names: signs, alphabets, punctuation, and the sex that they tell.

use super::{Case, Change};

fn of_register(changes: &[Change]) -> Vec<String> {
    Case::new().insured(changes).findings()
}

#[test]
fn each_name_tells_each_fault_once() {
    assert_eq!(
        of_register(&[("surname", "-Сoл0вьёв1"), ("patronymic", "Ильич.")]),
        ["2 surname NAME_ALPHABETS", "2 surname NAME_DIGITS", "2 patronymic NAME_PUNCTUATION", "2 surname NAME_PUNCTUATION"]
    );
}

#[test]
fn a_patronymic_may_say_that_there_is_none_and_other_names_may_not() {
    for none in ["НЕТ", "HET", "-", "–", "--", "---", "(НЕТ)"] {
        assert!(of_register(&[("patronymic", none)]).is_empty(), "{none}");
    }
    assert_eq!(of_register(&[("patronymic", "Ильич--")]), ["2 patronymic NAME_PUNCTUATION"]);
    assert_eq!(of_register(&[("surname", "-")]), ["2 surname NAME_PUNCTUATION"]);
}

#[test]
fn names_of_documents_are_left_alone() {
    for surname in ["О'Нил", "Д’Артаньян", "Салтыков - Щедрин", "Иванова (Петрова)", "де ла Круз", "С.-Петров", "Müller"]
    {
        assert!(of_register(&[("surname", surname)]).is_empty(), "{surname}");
    }
}

#[test]
fn the_given_name_and_the_patronymic_tell_a_sex_each_by_itself() {
    assert_eq!(of_register(&[("given_name", "Мария")]), ["2 given_name NAME_SEX"]);
    assert_eq!(of_register(&[("patronymic", "Али кызы")]), ["2 patronymic NAME_SEX"]);
    for given_name in ["Саша", "Ян", "Хосе-Мария", "М.", "Мир"] {
        assert!(of_register(&[("given_name", given_name)]).is_empty(), "{given_name}");
    }
    let attached = |sex| {
        let findings = Case::new().attached(&[("given_name", "Мария"), ("patronymic", ""), ("sex", sex)]).findings();
        findings.iter().filter(|found| found.contains("NAME_SEX")).count()
    };
    assert_eq!((attached(""), attached("1")), (0, 1));
}

#[test]
fn a_row_that_is_kept_aside_tells_of_its_names_too() {
    assert_eq!(
        of_register(&[("insurer", "99999"), ("given_name", "Мария"), ("surname", "Сол0вьёв")]),
        ["2 insurer INSURER_UNKNOWN", "2 surname NAME_DIGITS", "2 given_name NAME_SEX"]
    );
}
