//! Rule L4, and records of several persons that look like one person by their document (SEM-117, SEM-118).
//!
//! Records with one birth date and given name whose documents end in the same digits are compared. Nearly all of them agree on all fields of L4. The
//! others are compared one by one. When they become several persons, people must decide (`SAME_DOCUMENT_REVIEW`): the surname or the series is written
//! in another way, the document belongs to somebody else, or a name means "none".

use std::collections::BTreeMap;

use super::groups::Groups;
use super::key_table::{KeyTable, mix};
use super::links::{LinkCounts, LinkRules, normal_number, same_number, unite_runs, with_birth};
use super::{NameIds, Names, RecordFinding, Records};
use sverka_model::{Code, Date, Identity, InternedText, TextKind, normalise_document_number};

/// Records with one birth date and given name whose documents end in the same digits, or in digits with the same hash.
pub(super) struct SameDigits {
    /// The records, in their order.
    pub records: Vec<u32>,
}

/// Birth date, given name and hash of the digits at the end of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    birth_date: Date,
    given_name: u32,
    digits: u32,
}

impl Key {
    #[inline]
    fn of_identity(names: Names<'_>, identity: &Identity) -> Option<Self> {
        let known = identity.document != 0 && identity.given_name != InternedText::NONE;
        known.then(|| Self {
            birth_date: identity.birth_date,
            given_name: names.given_name(identity),
            digits: identity.document_digits(),
        })
    }
}

/// Unites records by L4. Returns records that share a key without agreeing by L4.
pub(super) fn unite(
    records: Records<'_>,
    names: Names<'_>,
    rules: LinkRules,
    groups: &mut Groups,
    table: &mut KeyTable,
    counts: &mut LinkCounts,
) -> Vec<SameDigits> {
    let applies = rules.applies(Code::L4);
    table.reset(records.len());
    let (mut united, mut differing) = (0, Vec::new());
    for (record, identity) in records.accepted() {
        let Some(key) = Key::of_identity(names, identity) else { continue };
        let hash = mix(&[u64::from(key.digits), with_birth(identity, key.given_name)]);
        let same_key = |other: u32| Key::of_identity(names, records.at(other)) == Some(key);
        let Some(first) = table.first_or_insert(hash, record, same_key) else { continue };
        if applies && agree(records, names, first, record) {
            groups.unite(first, record);
            united += 1;
        } else {
            differing.push(key);
        }
    }
    let documents = records_of(records, names, differing);
    if applies {
        for SameDigits { records: sharing } in &documents {
            // Before this, each record was compared with the first one only.
            united -= sharing[1..].iter().filter(|&&record| agree(records, names, sharing[0], record)).count() as u64;
            united += unite_runs(groups, sharing, |record| equal_fields(records, names, record));
        }
    }
    counts.add(Code::L4, united);
    documents
}

fn records_of(records: Records<'_>, names: Names<'_>, mut keys: Vec<Key>) -> Vec<SameDigits> {
    keys.sort_unstable();
    keys.dedup();
    let mut documents: Vec<SameDigits> = keys.iter().map(|_| SameDigits { records: Vec::new() }).collect();
    if !keys.is_empty() {
        for (record, identity) in records.accepted() {
            let Some(key) = Key::of_identity(names, identity) else { continue };
            if let Ok(place) = keys.binary_search(&key) {
                documents[place].records.push(record);
            }
        }
    }
    documents
}

/// Whether two records agree on all fields of L4, and none of them has a document that proves nothing.
pub(super) fn agree(records: Records<'_>, names: Names<'_>, left: u32, right: u32) -> bool {
    let (one, other) = (records.at(left), records.at(right));
    let as_received = (one.surname, one.given_name, one.patronymic) == (other.surname, other.given_name, other.patronymic);
    one.document != 0
        && one.document == other.document
        && one.doc_kind == other.doc_kind
        && one.birth_date == other.birth_date
        && one.flags.document_identifies_person()
        && other.flags.document_identifies_person()
        && one.surname != InternedText::NONE
        && one.given_name != InternedText::NONE
        && (as_received || names.all(one) == names.all(other))
        && same_number(records, left, right, TextKind::DocNumber)
}

/// Fields of L4 beside the birth date.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct EqualFields {
    full_name: NameIds,
    doc_kind: u32,
    /// Number of the document in its normal form.
    number: String,
}

/// Fields of L4 of a record. `None` when L4 does not apply to the record.
fn equal_fields(records: Records<'_>, names: Names<'_>, record: u32) -> Option<EqualFields> {
    let identity = records.at(record);
    let full_name = names.full(identity).filter(|_| identity.flags.document_identifies_person())?;
    let number = normal_number(records, record, TextKind::DocNumber);
    Some(EqualFields { full_name, doc_kind: identity.doc_kind.id(), number })
}

/// `SAME_DOCUMENT_REVIEW`: records of several persons with one birth date, given name, kind of document and digits at its end, unless the group
/// is left out.
pub(super) fn findings(
    records: Records<'_>,
    names: Names<'_>,
    rules: LinkRules,
    groups: &mut Groups,
    documents: &[SameDigits],
    is_left_out: impl Fn(u32) -> bool,
) -> Vec<RecordFinding> {
    let mut found = Vec::new();
    for SameDigits { records: sharing } in documents {
        if is_left_out(groups.find(sharing[0])) {
            continue;
        }
        let mut by_digits: Vec<((u32, String), u32)> =
            sharing.iter().map(|&record| (digits_of(records, record), record)).collect();
        by_digits.sort_unstable();
        for same in by_digits.chunk_by(|left, right| left.0 == right.0) {
            let (_, digits) = &same[0].0;
            if digits.bytes().any(|digit| digit != b'0') {
                let fields = |record| equal_fields(records, names, record).filter(|_| rules.applies(Code::L4));
                let bearers =
                    same.iter().map(|&(_, record)| Bearer { record, group: groups.find(record), fields: fields(record) });
                find_candidates(&bearers.collect::<Vec<_>>(), &mut found);
            }
        }
    }
    found
}

/// A record with the birth date, given name, kind of document and digits at hand.
struct Bearer {
    record: u32,
    /// Group of the record, which is its person.
    group: u32,
    /// Fields of L4, when L4 applies to the record.
    fields: Option<EqualFields>,
}

/// Adds a finding for each record if a record of another person does not agree with it by L4. Records that agree by L4
/// belong to several persons only if people decided so, and are not reported.
fn find_candidates(bearers: &[Bearer], found: &mut Vec<RecordFinding>) {
    // Fields of L4 of each person; `None` if its records differ in them.
    let mut persons: BTreeMap<u32, Option<&EqualFields>> = BTreeMap::new();
    for bearer in bearers {
        let of_person = persons.entry(bearer.group).or_insert(bearer.fields.as_ref());
        *of_person = of_person.filter(|fields| bearer.fields.as_ref() == Some(fields));
    }
    let mut agreeing: BTreeMap<&EqualFields, usize> = BTreeMap::new();
    persons.values().flatten().for_each(|fields| *agreeing.entry(fields).or_default() += 1);
    for Bearer { record, group, fields } in bearers {
        let in_agreement = fields.as_ref().map_or(0, |fields| agreeing.get(fields).copied().unwrap_or(0));
        let own = fields.is_none() || persons[group] != fields.as_ref();
        if persons.len() > in_agreement + usize::from(own) {
            found.push(RecordFinding { record: *record, code: Code::SameDocumentReview });
        }
    }
}

/// Kind of the document of a record, and the digits at the end of its number.
fn digits_of(records: Records<'_>, record: u32) -> (u32, String) {
    let mut form = String::new();
    let digits = normalise_document_number(&records.text(record, TextKind::DocNumber), &mut form);
    (records.at(record).doc_kind.id(), form.split_off(digits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checked_rows;
    use crate::identity::{Linker, PartitionContext};
    use crate::sample_rows::row_name;

    /// Persons, and records with a finding.
    fn linked(register: &[&str]) -> (String, String) {
        let mut rows = checked_rows::accepted(register, &[]);
        let linked =
            Linker::new(&rows.interned, LinkRules::default(), None).link(&mut rows.partition, PartitionContext::default());
        let records = Records { partition: &rows.partition, interned: &rows.interned };
        let shown = |members: &[u32]| members.iter().map(|&record| row_name(records, record)).collect::<Vec<_>>().join(" ");
        let mut persons: Vec<String> = linked.persons.iter().map(|(_, of_person)| shown(of_person)).collect();
        persons.sort();
        let found: Vec<u32> =
            linked.findings.iter().filter(|found| found.code == Code::SameDocumentReview).map(|found| found.record).collect();
        (persons.join(", "), shown(&found))
    }

    /// Two rows that only their documents can join.
    fn pair(first: &str, second: &str) -> (String, String) {
        let rows = [format!("record_id=A, policy_number=1, {first}"), format!("record_id=B, policy_number=2, {second}")];
        linked(&[&rows[0], &rows[1]])
    }

    fn assert_pair(first: &str, second: &str, (persons, review): (&str, &str)) {
        assert_eq!(pair(first, second), (persons.to_owned(), review.to_owned()), "{first} / {second}");
    }

    const ONE: (&str, &str) = ("1 2", "");
    const REVIEW: (&str, &str) = ("1, 2", "1 2");
    const STRANGERS: (&str, &str) = ("1, 2", "");

    #[test]
    fn spellings_of_one_document_are_one_person() {
        let certificate = |number: &str| format!("doc_kind=3, doc_number={number}");
        for spelling in ["1-ЗР № 123204", "І ЗР 123204", "Ⅰ-зр 123204", "l-ЗP 123204"] {
            assert_pair(&certificate("I-ЗР 123204"), &certificate(spelling), ONE);
        }
        assert_pair(&certificate("I-ЗР 123204"), &certificate("I-ЗР 123205"), STRANGERS);
        assert_pair(&certificate("I-ЗР 123204"), &certificate("II-ЗР 123204"), REVIEW);
        assert_pair(&certificate("I-ЗР 123204"), &certificate("1-3Р 123204"), REVIEW);
    }

    #[test]
    fn one_document_under_another_surname_is_a_finding() {
        let row = |surname: &str| format!("surname={surname}, doc_kind=14, doc_number=00 00 000001");
        assert_pair(&row("Липова-Соснина"), &row("Липова Соснина"), ONE);
        assert_pair(&row("Липова-Соснина"), &row("Соснина-Липова"), REVIEW);
        assert_pair(&row("Липова-Соснина"), &row("Липовасоснина"), REVIEW);
        assert_pair(&row("Липова"), &format!("{}, birth_date=1981-06-06", row("Соснина")), STRANGERS);
        assert_pair(&row("Липова"), &format!("{}, given_name=Пётр", row("Соснина")), STRANGERS);
        assert_pair(&row("Липова"), &row("Соснина").replace('1', "0"), STRANGERS);
    }

    #[test]
    fn a_document_or_a_name_that_proves_nothing_joins_nobody() {
        let passport = "doc_kind=14, doc_number=00 00 000001";
        let newborn = format!("birth_date=2026-10-05, insured_from=2026-10-06, {passport}");
        assert_pair(&newborn, &newborn, REVIEW);
        let of_adult = |name: &str| format!("given_name={name}, {passport}");
        for none in ["НЕТ", "-", "РЕБЕНОК", "Новорождённый", "ребёнок 1", "Ребенок №2", "Б/И"]
        {
            assert_pair(&of_adult(none), &of_adult(none), REVIEW);
        }
        assert_pair(&of_adult("Нета"), &of_adult("НЕТА"), ONE);
        assert_pair(&of_adult("Иван"), &format!("{}, doc_issued_on=1980-01-01", of_adult("Иван")), REVIEW);
    }

    #[test]
    fn several_persons_of_one_document_do_not_depend_on_their_order() {
        let row = |policy: u8, surname: &str| {
            format!("policy_number={policy}, surname={surname}, doc_kind=14, doc_number=00 00 000001")
        };
        let rows = [row(1, "Липов"), row(2, "Вязов"), row(3, "Липов"), row(4, "ВЯЗОВ"), row(5, "Кленов")];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        assert_eq!(linked(&rows), ("1 3, 2 4, 5".to_owned(), "1 2 3 4 5".to_owned()));
    }

    #[test]
    fn an_empty_name_disables_the_rules_that_compare_it() {
        let document = "doc_kind=14, doc_number=00 00 000001, reliability=2 3";
        let numbers = "snils=12345678964, enp=9854910844000016";
        assert_pair(&format!("surname=, {document}"), &format!("surname=, {document}"), REVIEW);
        assert_pair(&format!("given_name=, {document}"), &format!("given_name=, {document}"), STRANGERS);
        assert_pair(&format!("given_name=, {document}, {numbers}"), &format!("given_name=, {document}, {numbers}"), ONE);
        assert_pair(&format!("given_name=, {document}, {numbers}"), &format!("given_name=Пётр, {document}, {numbers}"), ONE);
        let of_snils = "given_name=, reliability=3, snils=12345678964";
        assert_pair(of_snils, of_snils, STRANGERS);
    }
}
