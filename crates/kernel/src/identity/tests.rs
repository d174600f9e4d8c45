//! Tests of linking: each rule alone, contradictions, and the ids of persons.

use super::{EqualId, Linked, Linker, PartitionContext, Records, settle_equal_ids};
use crate::checked_rows;
use crate::sample_rows::row_name;
use sverka_model::PersonId;

/// A man of 1980-05-05, and another number of the same day and sex.
const ENP: &str = "enp=9854910844000016";

/// Two register rows that no rule finds equal.
const ONE: &str = "policy_number=1";
const OTHER: &str = "policy_number=2";

/// Persons of register rows (numbered from 1) and of attachments, and then the findings.
fn resolved(register: &[&str], attachments: &[&str]) -> (Linked, String) {
    let mut rows = checked_rows::accepted(register, attachments);
    let linked = Linker::new(&rows.interned, crate::identity::LinkRules::default(), None)
        .link(&mut rows.partition, PartitionContext::default());
    let records = Records { partition: &rows.partition, interned: &rows.interned };
    let mut groups: Vec<&[u32]> = linked.persons.iter().map(|(_, records)| records).collect();
    groups.sort_unstable();
    let names = |group: &[u32]| group.iter().map(|&record| row_name(records, record)).collect::<Vec<_>>().join("+");
    let mut shown: Vec<String> = groups.into_iter().map(names).collect();
    shown.extend(linked.findings.iter().map(|finding| format!("{}:{}", row_name(records, finding.record), finding.code.name())));
    (linked, shown.join(" "))
}

fn shown(rows: &[&str]) -> String {
    resolved(rows, &[]).1
}

/// The outcome of the rows `ONE` and `OTHER` with `first` and `second` added.
fn pair(first: &str, second: &str) -> String {
    shown(&[&format!("{ONE}, {first}"), &format!("{OTHER}, {second}")])
}

/// Cases of pairs: the addition to one row and to the other, and the outcome.
fn assert_pairs(cases: &[(&str, &str, &str)]) {
    for (first, second, expected) in cases {
        assert_eq!(pair(first, second), *expected, "{first} / {second}");
    }
}

#[test]
fn nothing_in_common_but_name_and_birth_date() {
    assert_eq!(shown(&[ONE, OTHER]), "1 2");
}

#[test]
fn l1_same_enp_birth_date_and_given_name() {
    let other_family = format!("{ENP}, surname=Петров, patronymic=Ильич");
    assert_eq!(pair(ENP, &other_family), "1+2");
    assert_eq!(pair(ENP, "enp=9854910894000015"), "1 2");
}

#[test]
fn l2_same_enp_and_full_name() {
    let other_birth = format!("{ENP}, birth_date=1980-05-06");
    assert_eq!(pair(ENP, &other_birth), "1+2 1:IDENTITY_REVIEW");
    assert_eq!(pair(ENP, &format!("{other_birth}, surname=Петров")), "1 2 1:ENP_SHARED 2:ENP_SHARED");
    assert_eq!(pair(ENP, &format!("{other_birth}, patronymic=НЕТ")), "1+2 1:IDENTITY_REVIEW");
    assert_eq!(pair(ENP, &format!("{other_birth}, patronymic=Ильич")), "1 2 1:ENP_SHARED 2:ENP_SHARED");
}

#[test]
fn l3_same_snils_birth_date_and_given_name() {
    assert_pairs(&[
        ("snils=12345678964", "snils=123-456-789 64, surname=Петров", "1+2"),
        ("snils=12345678964", "snils=12345678964, birth_date=1980-05-06", "1 2"),
        ("snils=12345678964", "snils=12345678964, given_name=Пётр", "1 2"),
        ("snils=12345678965", "snils=12345678965", "1 2"),
    ]);
}

#[test]
fn l4_same_full_name_birth_date_and_document() {
    let document = "doc_kind=14, doc_number=00 00 № 000001";
    let findings = "1 2 1:SAME_DOCUMENT_REVIEW 2:SAME_DOCUMENT_REVIEW";
    assert_pairs(&[
        (document, "doc_kind=14, doc_number=0000000001", "1+2"),
        (document, "doc_kind=3, doc_number=0000000001", "1 2"),
        (document, "doc_kind=14, doc_number=0000000001, patronymic=Ильич", findings),
        (document, "doc_kind=14, doc_number=0000000001, surname=Петров", findings),
        ("doc_kind=14, doc_number=№ -", "doc_kind=14, doc_number=№ -", "1 2"),
    ]);
}

#[test]
fn l5_same_policy_birth_date_and_given_name() {
    let certificate = "policy_kind=2, policy_number=123456789";
    assert_pairs(&[
        ("policy_number=аб-1", "policy_number=АБ 1, surname=Петров", "1+2"),
        ("policy_number=123456789", certificate, "1 2"),
        (certificate, "policy_kind=2, policy_number=123456789, birth_date=1980-05-06", "1 2"),
        ("policy_kind=3, policy_number=7, enp=9854910844000016", "policy_kind=1, policy_number=7", "1 2"),
    ]);
}

#[test]
fn names_are_compared_in_their_normal_form() {
    assert_pairs(&[("snils=12345678964, given_name=Семён", "snils=12345678964, given_name=CEMEH", "1+2")]);
}

#[test]
fn links_are_transitive_over_both_tables() {
    let (_, shown) = resolved(&[ONE, "policy_number=2, snils=12345678964"], &["policy_number=1, snils=12345678964"]);
    assert_eq!(shown, "1+2+a1");
}

#[test]
fn l6_joins_compatible_given_names() {
    for (first, second, one) in
        [("Иван", "И.", true), ("Наталья", "Наталия", true), ("Иван", "Ивана", false), ("Иван", "Пётр", false)]
    {
        let outcome = pair(&format!("{ENP}, given_name={first}"), &format!("{ENP}, given_name={second}"));
        assert_eq!(outcome, if one { "1+2" } else { "1 2 1:ENP_SHARED 2:ENP_SHARED" }, "{first} {second}");
    }
}

#[test]
fn l6_counts_records_of_the_coded_birth_date_only() {
    let [first, second] = ["Иван", "И."].map(|name| format!("{ENP}, birth_date=1981-05-05, given_name={name}"));
    assert_eq!(pair(&first, &second), "1 2 1:ENP_SHARED 2:ENP_SHARED");
}

#[test]
fn l6_is_stopped_by_different_snils_or_sexes() {
    let with = |name: &str, more: &str| format!("{ENP}, given_name={name}{more}");
    for (more, one) in [(", snils=12345678964", true), (", snils=00100199965", false)] {
        let outcome = pair(&with("Иван", ", snils=12345678964"), &with("И", more));
        assert_eq!(outcome.starts_with("1+2"), one, "{more}");
    }
    assert_eq!(pair(&with("Иван", ""), &with("И", ", sex=2")), "1 2 1:ENP_SHARED 2:ENP_SHARED");
}

#[test]
fn l6_joins_none_when_any_two_contradict() {
    let rows = ["Иван", "И", "Пётр"].map(|name| format!("{ENP}, given_name={name}, policy_number={name}"));
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    assert_eq!(shown(&rows), "1 2 3 1:ENP_SHARED 2:ENP_SHARED 3:ENP_SHARED");
}

#[test]
fn twins_are_two_persons() {
    assert_pairs(&[("given_name=Анна, enp=9854910894000015, sex=2", "given_name=Яна, enp=9854910844000016, sex=2", "1 2")]);
}

#[test]
fn several_numbers_of_one_person_are_found() {
    let other_enp = "snils=12345678964, enp=9854810844000018";
    assert_eq!(pair(&format!("snils=12345678964, {ENP}"), other_enp), "1+2 1:SEVERAL_ENP");
}

/// The ids of persons of one attachment each, who all have one identity, when the ids `others` are taken.
fn settled(rows: &[&str], others: &[PersonId]) -> Vec<PersonId> {
    let mut rows = checked_rows::accepted(&[], rows);
    let linker = &mut Linker::new(&rows.interned, crate::identity::LinkRules::default(), None);
    let persons = linker.link(&mut rows.partition, PartitionContext::default()).persons;
    let records = Records { partition: &rows.partition, interned: &rows.interned };
    let equal: Vec<EqualId<'_>> =
        persons.iter().map(|(id, of_person)| EqualId { records, of_person, id, is_settled: false }).collect();
    assert!(equal.len() == records.len() && equal.iter().all(|person| person.id == equal[0].id), "persons of one identity");
    let ids = settle_equal_ids(&equal, |id| others.contains(&id) || id == equal[0].id);
    let mut of_rows: Vec<(u32, PersonId)> = equal.iter().zip(ids).map(|(person, id)| (person.of_person[0], id)).collect();
    of_rows.sort_unstable();
    of_rows.into_iter().map(|(_, id)| id).collect()
}

#[test]
fn persons_of_one_identity_get_different_numbers() {
    // An attachment that leaves the kind open is linked by nothing.
    let rows = ["policy_kind=, department=1", "policy_kind=, department=2", "policy_kind=, department=3"];
    let mut ids = settled(&rows, &[]);
    let mut turned = settled(&[rows[2], rows[1], rows[0]], &[]);
    turned.reverse();
    assert_eq!(ids, turned, "whatever the order of rows");
    let bucket = |id: PersonId| id.first_bits(12);
    assert!(ids.iter().all(|&id| bucket(id) == bucket(ids[0])), "one birth date");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), rows.len());
}

#[test]
fn a_number_that_is_taken_is_not_given_again() {
    let rows = ["policy_kind=, department=1", "policy_kind=, department=2"];
    let ids = settled(&rows, &[]);
    let other = settled(&rows, &ids);
    assert_eq!(ids.iter().filter(|id| other.contains(id)).count(), 1, "the number that all had stays with one of them");
}

#[test]
fn the_number_follows_the_smallest_identity() {
    let number = |rows: &[&str]| resolved(rows, &[]).0.persons.ids()[0];
    let enp = format!("{ENP}, policy_number=7");
    assert_eq!(number(&[&enp]), number(&[&format!("{ENP}, surname=Петров, snils=12345678964"), &enp]));
    assert_ne!(number(&[&enp]), number(&["policy_number=7"]));
    assert_eq!(number(&["policy_number=аб 7"]), number(&["policy_number=АБ7, snils=12345678964"]));
}
