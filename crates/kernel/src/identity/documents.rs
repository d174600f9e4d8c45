//! Rule L4, and records of several persons that look like one person's by their document.
//!
//! Records of one birth date and given name whose documents end in the same digits are brought together. Nearly all of them agree in everything that L4
//! asks for. The others are looked at one by one, and when they end in several persons, people are asked: a surname is written in another way, a
//! series is, or nothing but the document of somebody else, or a name that is none, speaks for one person.

use std::collections::BTreeMap;

use super::groups::Groups;
use super::key_table::{KeyTable, mix};
use super::links::{LinkCounts, LinkRules, form_of_number, same_number, unite_runs, with_birth};
use super::{NameIds, Names, RecordFinding, Records};
use sverka_model::{Code, Date, Identity, InternedText, TextKind, normalise_document_number};

/// Records of one birth date and given name whose documents end in the same digits, or in digits of the same hash.
pub(super) struct SameDigits {
    /// The records, in their order.
    pub records: Vec<u32>,
}

/// What brings records together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    birth_date: Date,
    given_name: u32,
    digits: u32,
}

impl Key {
    #[inline]
    fn of(names: Names<'_>, identity: &Identity) -> Option<Self> {
        let known = identity.document != 0 && identity.given_name != InternedText::NONE;
        known.then(|| Self {
            birth_date: identity.birth_date,
            given_name: names.given_name(identity),
            digits: identity.document_digits(),
        })
    }
}

/// Unites records that agree by L4, and returns those that share birth date, given name and digits of the document without agreeing.
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
        let Some(key) = Key::of(names, identity) else { continue };
        let hash = mix(&[u64::from(key.digits), with_birth(identity, key.given_name)]);
        let same_key = |other: u32| Key::of(names, records.at(other)) == Some(key);
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
            // So far each record was held against the first one only.
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
            let Some(key) = Key::of(names, identity) else { continue };
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
        && (as_received || names.of(one) == names.of(other))
        && same_number(records, left, right, TextKind::DocNumber)
}

/// What L4 compares besides the birth date.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct EqualFields {
    full_name: NameIds,
    doc_kind: u32,
    /// In the form for comparison.
    number: String,
}

/// What L4 compares of a record; nothing when it does not ask the record.
fn equal_fields(records: Records<'_>, names: Names<'_>, record: u32) -> Option<EqualFields> {
    let identity = records.at(record);
    let full_name = names.full(identity).filter(|_| identity.flags.document_identifies_person())?;
    let number = form_of_number(records, record, TextKind::DocNumber);
    Some(EqualFields { full_name, doc_kind: identity.doc_kind.id(), number })
}

/// `SAME_DOCUMENT_REVIEW`: records of several persons with one birth date, given name, kind of document and digits at its end, unless `cross_partition`.
pub(super) fn findings(
    records: Records<'_>,
    names: Names<'_>,
    rules: LinkRules,
    groups: &mut Groups,
    documents: &[SameDigits],
    cross_partition: impl Fn(u32) -> bool,
) -> Vec<RecordFinding> {
    let mut found = Vec::new();
    for SameDigits { records: sharing } in documents {
        if cross_partition(groups.find(sharing[0])) {
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
                tell_candidates(&bearers.collect::<Vec<_>>(), &mut found);
            }
        }
    }
    found
}

/// A record among those of one birth date, given name, kind of document and digits.
struct Bearer {
    record: u32,
    /// The person.
    group: u32,
    /// What L4 compares, if it asks the record.
    fields: Option<EqualFields>,
}

/// Tells of each record beside which there is one of another person that does not agree with it by L4. Records that agree are of several persons by a
/// decision of people alone.
fn tell_candidates(bearers: &[Bearer], found: &mut Vec<RecordFinding>) {
    // Of each person the fields of L4, when all its records have the same.
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

/// Kind of a record's document, and the digits at the end of its number.
fn digits_of(records: Records<'_>, record: u32) -> (u32, String) {
    let mut form = String::new();
    let digits = normalise_document_number(&records.text(record, TextKind::DocNumber), &mut form);
    (records.at(record).doc_kind.id(), form.split_off(digits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checked_rows;
    use crate::identity::Linker;
    use crate::sample_rows::row_name;

    /// Who is one person, and whose records are to be looked at.
    fn linked(register: &[&str]) -> (String, String) {
        let mut rows = checked_rows::accepted(register, &[]);
        let linked = Linker::new(&rows.interned, LinkRules::default(), None).link(&mut rows.partition, None);
        let records = Records { partition: &rows.partition, interned: &rows.interned };
        let shown = |of: &[u32]| of.iter().map(|&record| row_name(records, record)).collect::<Vec<_>>().join(" ");
        let mut persons: Vec<String> = linked.persons.iter().map(|(_, of_person)| shown(of_person)).collect();
        persons.sort();
        let found: Vec<u32> =
            linked.findings.iter().filter(|found| found.code == Code::SameDocumentReview).map(|found| found.record).collect();
        (persons.join(", "), shown(&found))
    }

    /// Two rows that nothing but their documents may join.
    fn pair(first: &str, second: &str) -> (String, String) {
        let rows = [format!("record_id=A, policy_number=1, {first}"), format!("record_id=B, policy_number=2, {second}")];
        linked(&[&rows[0], &rows[1]])
    }

    fn assert_pair(first: &str, second: &str, (persons, review): (&str, &str)) {
        assert_eq!(pair(first, second), (persons.to_owned(), review.to_owned()), "{first} / {second}");
    }

    const ONE: (&str, &str) = ("1 2", "");
    const TOLD: (&str, &str) = ("1, 2", "1 2");
    const STRANGERS: (&str, &str) = ("1, 2", "");

    #[test]
    fn spellings_of_one_document_are_one_person() {
        let certificate = |number: &str| format!("doc_kind=3, doc_number={number}");
        for spelling in ["1-ЗР № 123204", "І ЗР 123204", "Ⅰ-зр 123204", "l-ЗP 123204"] {
            assert_pair(&certificate("I-ЗР 123204"), &certificate(spelling), ONE);
        }
        assert_pair(&certificate("I-ЗР 123204"), &certificate("I-ЗР 123205"), STRANGERS);
        assert_pair(&certificate("I-ЗР 123204"), &certificate("II-ЗР 123204"), TOLD);
        assert_pair(&certificate("I-ЗР 123204"), &certificate("1-3Р 123204"), TOLD);
    }

    #[test]
    fn one_document_under_another_surname_is_told() {
        let of = |surname: &str| format!("surname={surname}, doc_kind=14, doc_number=00 00 000001");
        assert_pair(&of("Липова-Соснина"), &of("Липова Соснина"), ONE);
        assert_pair(&of("Липова-Соснина"), &of("Соснина-Липова"), TOLD);
        assert_pair(&of("Липова-Соснина"), &of("Липовасоснина"), TOLD);
        assert_pair(&of("Липова"), &format!("{}, birth_date=1981-06-06", of("Соснина")), STRANGERS);
        assert_pair(&of("Липова"), &format!("{}, given_name=Пётр", of("Соснина")), STRANGERS);
        assert_pair(&of("Липова"), &of("Соснина").replace('1', "0"), STRANGERS);
    }

    #[test]
    fn a_document_or_a_name_that_proves_nothing_joins_nobody() {
        let passport = "doc_kind=14, doc_number=00 00 000001";
        let newborn = format!("birth_date=2026-10-05, insured_from=2026-10-06, {passport}");
        assert_pair(&newborn, &newborn, TOLD);
        let of_adult = |name: &str| format!("given_name={name}, {passport}");
        for none in ["НЕТ", "-", "РЕБЕНОК", "Новорождённый", "ребёнок 1", "Ребенок №2", "Б/И"]
        {
            assert_pair(&of_adult(none), &of_adult(none), TOLD);
        }
        assert_pair(&of_adult("Нета"), &of_adult("НЕТА"), ONE);
        assert_pair(&of_adult("Иван"), &format!("{}, doc_issued_on=1980-01-01", of_adult("Иван")), TOLD);
    }

    #[test]
    fn several_persons_of_one_document_are_made_whatever_their_order() {
        let of = |policy: u8, surname: &str| {
            format!("policy_number={policy}, surname={surname}, doc_kind=14, doc_number=00 00 000001")
        };
        let rows = [of(1, "Липов"), of(2, "Вязов"), of(3, "Липов"), of(4, "ВЯЗОВ"), of(5, "Кленов")];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        assert_eq!(linked(&rows), ("1 3, 2 4, 5".to_owned(), "1 2 3 4 5".to_owned()));
    }

    #[test]
    fn an_empty_name_disables_the_rules_that_compare_it() {
        let document = "doc_kind=14, doc_number=00 00 000001, reliability=2 3";
        let numbers = "snils=12345678964, enp=9854910844000016";
        assert_pair(&format!("surname=, {document}"), &format!("surname=, {document}"), TOLD);
        assert_pair(&format!("given_name=, {document}"), &format!("given_name=, {document}"), STRANGERS);
        assert_pair(&format!("given_name=, {document}, {numbers}"), &format!("given_name=, {document}, {numbers}"), ONE);
        assert_pair(&format!("given_name=, {document}, {numbers}"), &format!("given_name=Пётр, {document}, {numbers}"), ONE);
        let of_snils = "given_name=, reliability=3, snils=12345678964";
        assert_pair(of_snils, of_snils, STRANGERS);
    }
}
