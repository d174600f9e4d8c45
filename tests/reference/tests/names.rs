//! Findings about names: signs, alphabets, punctuation, and a sex that contradicts the name.

use super::{Case, Change};

fn register_findings(changes: &[Change]) -> Vec<String> {
    Case::new().insured(changes).findings()
}

#[test]
fn each_fault_of_a_name_is_found_once() {
    assert_eq!(
        register_findings(&[("surname", "-Сoл0вьёв1"), ("patronymic", "Ильич.")]),
        ["2 surname NAME_ALPHABETS", "2 surname NAME_DIGITS", "2 patronymic NAME_PUNCTUATION", "2 surname NAME_PUNCTUATION"]
    );
}

#[test]
fn a_patronymic_may_say_that_there_is_none_and_other_names_may_not() {
    for none in ["НЕТ", "HET", "-", "–", "--", "---", "(НЕТ)"] {
        assert!(register_findings(&[("patronymic", none)]).is_empty(), "{none}");
    }
    assert_eq!(register_findings(&[("patronymic", "Ильич--")]), ["2 patronymic NAME_PUNCTUATION"]);
    assert_eq!(register_findings(&[("surname", "-")]), ["2 surname NAME_PUNCTUATION"]);
}

#[test]
fn names_as_documents_write_them_have_no_findings() {
    for surname in ["О'Нил", "Д’Артаньян", "Салтыков - Щедрин", "Иванова (Петрова)", "де ла Круз", "С.-Петров", "Müller"]
    {
        assert!(register_findings(&[("surname", surname)]).is_empty(), "{surname}");
    }
}

#[test]
fn given_name_and_patronymic_are_each_compared_with_the_sex() {
    assert_eq!(register_findings(&[("given_name", "Мария")]), ["2 given_name NAME_SEX"]);
    assert_eq!(register_findings(&[("patronymic", "Али кызы")]), ["2 patronymic NAME_SEX"]);
    for given_name in ["Саша", "Ян", "Хосе-Мария", "М.", "Мир"] {
        assert!(register_findings(&[("given_name", given_name)]).is_empty(), "{given_name}");
    }
    let attached = |sex| {
        let findings = Case::new().attached(&[("given_name", "Мария"), ("patronymic", ""), ("sex", sex)]).findings();
        findings.iter().filter(|found| found.contains("NAME_SEX")).count()
    };
    assert_eq!((attached(""), attached("1")), (0, 1));
}

#[test]
fn a_quarantined_row_has_findings_about_its_names_too() {
    assert_eq!(
        register_findings(&[("insurer", "99999"), ("given_name", "Мария"), ("surname", "Сол0вьёв")]),
        ["2 insurer INSURER_UNKNOWN", "2 surname NAME_DIGITS", "2 given_name NAME_SEX"]
    );
}
