//! `SNILS_SHARED` and `DOC_SHARED`: one SNILS, or one document, on records of several persons.

use super::names;
use super::records::Record;

/// (record, field, code) of every record that bears a number of several persons.
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

/// Kind and number as they are compared; empty when one is missing, or the number is nothing but zeros.
fn document(record: &Record) -> String {
    let (kind, number) = (record.get("doc_kind"), names::number(record.get("doc_number")));
    if kind.is_empty() || number.chars().all(|c| c == '0') { String::new() } else { format!("{kind}|{number}") }
}
