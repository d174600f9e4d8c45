//! `SNILS_SHARED` and `DOC_SHARED`: one SNILS, or one document, on records of several persons.

use super::dates::Date;
use super::records::Record;
use super::{document_numbers, names, persons};

/// (record, field, code) of every record with a number of several persons.
pub fn findings(records: &[Record], person_of: &[usize]) -> Vec<(usize, &'static str, &'static str)> {
    let snils: Vec<String> = records.iter().map(|record| record.get("snils").to_string()).collect();
    let documents: Vec<String> = records.iter().map(document).collect();
    let mut found = Vec::new();
    for (field, code, numbers) in [("snils", "SNILS_SHARED", &snils), ("doc_number", "DOC_SHARED", &documents)] {
        for at in 0..records.len() {
            let shared = |other: usize| numbers[other] == numbers[at] && person_of[other] != person_of[at];
            if !numbers[at].is_empty() && (0..records.len()).any(shared) {
                found.push((at, field, code));
            }
        }
    }
    found
}

/// Every record for which `SAME_DOCUMENT_REVIEW` is found: a record of another person has its birth date, given name, kind of document and digits, and
/// L4 does not hold of the two.
pub fn same_documents(records: &[Record], person_of: &[usize], as_of: Date) -> Vec<usize> {
    let keys: Vec<Option<[String; 4]>> = records.iter().map(document_key).collect();
    let l4_keys: Vec<_> = records.iter().map(|record| persons::keys(record, as_of).remove(3).1).collect();
    let differ_by_l4 = |one: usize, other: usize| l4_keys[one].is_none() || l4_keys[one] != l4_keys[other];
    let several = |at: &usize| {
        (0..records.len()).any(|other| keys[other] == keys[*at] && person_of[other] != person_of[*at] && differ_by_l4(*at, other))
    };
    (0..records.len()).filter(|at| keys[*at].is_some()).filter(several).collect()
}

/// The values that two records with the same document share; `None` when one of them is missing.
fn document_key(record: &Record) -> Option<[String; 4]> {
    let (kind, given) = (record.get("doc_kind").to_string(), names::name(record.get("given_name")));
    let (_, digits) = document_numbers::form(record.get("doc_number"));
    if kind.is_empty() || given.is_empty() || digits.chars().all(|c| c == '0') {
        return None;
    }
    Some([record.get("birth_date").to_string(), given, kind, digits])
}

/// Kind and number as they are compared; empty when one is missing, or the number is nothing but zeros.
fn document(record: &Record) -> String {
    let (kind, (number, _)) = (record.get("doc_kind"), document_numbers::form(record.get("doc_number")));
    if kind.is_empty() || number.chars().all(|c| c == '0') { String::new() } else { format!("{kind}|{number}") }
}
