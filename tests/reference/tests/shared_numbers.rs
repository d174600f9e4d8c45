//! One SNILS or document on records of several persons.

use super::{Case, Change, ENP};

/// Another man born on the same day.
const OTHER_ENP: &str = "3456510844000027";

/// What is found of the man, and of another with these changes, about shared numbers.
fn shared(changes: &[Change], other: &[Change]) -> Vec<String> {
    let stranger = [("enp", OTHER_ENP), ("given_name", "Семён"), ("surname", "Ким")];
    let case = Case::new().insured(changes).insured(&[&stranger, other].concat()).attached(&[]);
    case.findings().into_iter().filter(|found| found.contains("_SHARED")).collect()
}

#[test]
fn a_snils_of_two_persons_is_told_wherever_it_stands() {
    let snils = ("snils", "11223344595");
    assert_eq!(shared(&[snils], &[("snils", "112-233-445 95")]), ["2 snils SNILS_SHARED", "3 snils SNILS_SHARED"]);
    assert_eq!(shared(&[snils], &[("snils", "12345678964")]), [""; 0]);
    assert_eq!(shared(&[("snils", "11223344596")], &[("snils", "11223344596")]), [""; 0], "wrong, and so none");
    let other_birth = [snils, ("birth_date", "1990-05-05"), ("enp", ""), ("policy_kind", "1"), ("policy_number", "7")];
    assert_eq!(shared(&[snils], &other_birth), ["2 snils SNILS_SHARED", "3 snils SNILS_SHARED"]);
}

#[test]
fn a_document_of_two_persons_is_compared_as_documents_are() {
    let document = |kind, number| [("doc_kind", kind), ("doc_number", number)];
    let both = ["2 doc_number DOC_SHARED", "3 doc_number DOC_SHARED"];
    assert_eq!(shared(&document("14", "18 01 № 100001"), &document("14", "1801-100001")), both);
    assert_eq!(shared(&document("14", "18 01 100001"), &document("3", "18 01 100001")), [""; 0]);
    assert_eq!(shared(&document("14", "00 00 000000"), &document("14", "00 00 000000")), [""; 0], "stands for none");
    assert_eq!(shared(&document("14", "00 00 000001"), &document("14", "00 00 000001")), both);
}

#[test]
fn one_person_shares_with_nobody() {
    let numbers = [("snils", "11223344595"), ("doc_kind", "14"), ("doc_number", "18 01 100001")];
    let case =
        Case::new().insured(&numbers).insured(&[&numbers[..], &[("enp", ENP), ("insurer", "34002")]].concat()).attached(&[]);
    assert!(case.findings().iter().all(|found| !found.contains("_SHARED")));
}
