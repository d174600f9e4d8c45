//! Identities: hashes by which the records of a person are known again in a later run (SEM-420).
//!
//! ```text
//! 63 bits  │ 12: bucket of a birth date │ 51: hash of rule and fields                │   L1, L3, L4, L5, content
//!          │ 12: bucket of a birth date │ 27: hash of the ENP │ 24: hash of the names │   L2
//! ```
//!
//! A record has one identity for each rule in force whose fields it has, in the normal forms of the rule: two records
//! with an equal identity are one person by that rule. A record without any is known by its content. The bucket is that
//! of the record's birth date; for L2, which has no birth date, it is that of the date that the ENP codes. So all
//! identities of a record lie in the range of its partition, but for cross-partition records.
//!
//! *Why L2 is cut.* Identities of one ENP lie side by side, so a partition finds the persons that a record of another
//! partition may claim by its ENP, without knowing the names on that record.

use std::ops::Range;

use super::links::LinkRules;
use super::{Names, RecordIndex, Records};
use crate::shuffle::{BUCKET_BITS, bucket};
use sverka_model::{Code, Date, Enp, Identity, InternedText, PersonId, RowHash, Snils};

/// Identity of a record: a number of 63 bits that begins with the bucket of a birth date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct RecordIdentity(i64);

/// Bits of an identity below the bucket.
const HASH_BITS: u32 = PersonId::BITS - BUCKET_BITS;
/// Bits of an identity of L2 for the names.
const NAME_BITS: u32 = 24;
/// Number that keeps identities apart from person ids, which are hashes of the same fields.
const SALT: u64 = 0x1D << 48;

impl RecordIdentity {
    /// The identity that a table holds as a number.
    #[must_use]
    #[inline]
    pub const fn from_stored(number: i64) -> Self {
        Self(number)
    }

    /// The identity as a number, as in the tables.
    #[must_use]
    #[inline]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The first bits of the identity: its partition, or its row group.
    #[must_use]
    #[inline]
    pub const fn first_bits(self, bits: u32) -> u64 {
        self.0 as u64 >> (PersonId::BITS - bits)
    }

    /// The number of a person id as an identity. The rows of an id are found by it even if all its records have other buckets.
    #[must_use]
    pub const fn of_id(id: PersonId) -> Self {
        Self(id.number())
    }

    #[inline]
    fn new(birth_date: Date, hash: u64) -> Self {
        Self((u64::from(bucket(birth_date)) << HASH_BITS | hash >> (u64::BITS - HASH_BITS)) as i64)
    }
}

/// Makes identities of records.
#[derive(Clone, Copy)]
pub(super) struct IdentityMaker<'t> {
    names: Names<'t>,
    /// Whether the rules L1 to L5 are in force.
    in_force: [bool; 5],
}

impl<'t> IdentityMaker<'t> {
    pub fn new(names: Names<'t>, rules: LinkRules) -> Self {
        Self { names, in_force: [Code::L1, Code::L2, Code::L3, Code::L4, Code::L5].map(|rule| rules.applies(rule)) }
    }

    /// Gives each identity of a record to `take`, content only for a record without any other.
    #[inline]
    pub fn each(self, records: Records<'_>, record: RecordIndex, mut take: impl FnMut(RecordIdentity, Option<Code>)) {
        let identity = records.at(record);
        let mut any = false;
        let mut take_one = |found, rule| {
            any = true;
            take(found, Some(rule));
        };
        if identity.given_name != InternedText::NONE {
            self.by_rules(identity, &mut take_one);
        }
        if !any {
            take(Self::content(records, record), None);
        }
    }

    /// Identity of the content of a record.
    pub fn content(records: Records<'_>, record: RecordIndex) -> RecordIdentity {
        let (table, fingerprint) = records.content(record);
        let birth_date = records.at(record).birth_date;
        RecordIdentity::new(birth_date, RowHash::default().with(SALT | u64::from(table) << 8, fingerprint).finish())
    }

    #[inline]
    fn by_rules(self, identity: &Identity, take: &mut impl FnMut(RecordIdentity, Code)) {
        let [by_enp, by_enp_and_name, by_snils, by_document, by_policy] = self.in_force;
        let birth = u64::from(identity.birth_date.days() as u32);
        let given_name = self.names.given_name_hash(identity);
        let mut person = |rule: u64, code, number: u64, more: u64| {
            let hash = RowHash::default().with(SALT | rule | more << 8, number).with(birth, given_name).finish();
            take(RecordIdentity::new(identity.birth_date, hash), code);
        };
        if by_enp && identity.enp != Enp::NONE {
            person(1, Code::L1, identity.enp.number(), 0);
        }
        if by_snils && identity.snils != Snils::NONE {
            person(3, Code::L3, identity.snils.number(), 0);
        }
        if by_policy && identity.policy != 0 {
            person(5, Code::L5, u64::from(identity.policy), u64::from(identity.policy_kind.code()));
        }
        if identity.surname == InternedText::NONE {
            return;
        }
        let names = self.names.hash_of_all(identity);
        if by_document && identity.document != 0 && identity.flags.document_identifies_person() {
            let kind = self.names.interned.hash(identity.doc_kind);
            let document =
                RowHash::default().with(SALT | 4 | u64::from(identity.document) << 8, kind).with(birth, names).finish();
            take(RecordIdentity::new(identity.birth_date, document), Code::L4);
        }
        if by_enp_and_name && identity.enp != Enp::NONE {
            let enp = enp_range(identity.enp, coded_birth_date(identity));
            take(RecordIdentity(enp.start().0 | (names >> (u64::BITS - NAME_BITS)) as i64), Code::L2);
        }
    }
}

/// Birth date that the ENP of a record codes; the record's own for an ENP that codes none.
fn coded_birth_date(identity: &Identity) -> Date {
    let coded = identity.flags.enp_contradicts_birth_date().then(|| identity.enp.decode().ok()).flatten();
    coded.map_or(identity.birth_date, |parts| parts.birth_date)
}

/// Identities of L2 of all records with an ENP that codes a birth date.
pub(super) fn enp_range(enp: Enp, coded: Date) -> std::ops::RangeInclusive<RecordIdentity> {
    let hash = RowHash::default().with(SALT | 2, enp.number()).finish();
    let first = RecordIdentity::new(coded, hash).0 >> NAME_BITS << NAME_BITS;
    RecordIdentity(first)..=RecordIdentity(first | ((1 << NAME_BITS) - 1))
}

/// Identities of persons, those of one person ascending and each once.
#[derive(Debug, Default)]
pub struct PersonIdentities {
    identities: Vec<RecordIdentity>,
    ends: Vec<u32>,
}

impl PersonIdentities {
    /// Number of persons.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Identities of a person.
    pub(super) fn of_person(&self, person: usize) -> &[RecordIdentity] {
        &self.identities[self.range_of(person)]
    }

    /// Positions of the identities of a person among those of all persons.
    pub(super) fn range_of(&self, person: usize) -> Range<usize> {
        let start = if person == 0 { 0 } else { self.ends[person - 1] };
        start as usize..self.ends[person] as usize
    }

    /// Identities of all persons, one person after another.
    pub(super) fn all(&self) -> &[RecordIdentity] {
        &self.identities
    }

    /// All identities, ascending and each once.
    #[must_use]
    pub fn sorted(&self) -> Vec<RecordIdentity> {
        let mut all = self.identities.clone();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Adds the identities of the records of a person.
    pub(super) fn push(&mut self, maker: IdentityMaker<'_>, records: Records<'_>, of_person: &[RecordIndex]) {
        let from = self.identities.len();
        for &record in of_person {
            maker.each(records, record, |identity, _| {
                // Most records of a person have the identities of the record before.
                if !self.identities[from..].contains(&identity) {
                    self.identities.push(identity);
                }
            });
        }
        self.close(from);
    }

    /// Adds a person with these identities.
    pub(super) fn push_all(&mut self, identities: impl IntoIterator<Item = RecordIdentity>) {
        let from = self.identities.len();
        self.identities.extend(identities);
        self.close(from);
    }

    fn close(&mut self, from: usize) {
        self.identities[from..].sort_unstable();
        let mut kept = from;
        for at in from..self.identities.len() {
            if at == from || self.identities[at] != self.identities[kept - 1] {
                self.identities[kept] = self.identities[at];
                kept += 1;
            }
        }
        self.identities.truncate(kept);
        self.ends.push(kept as u32);
    }

    /// Identities that several persons have, ascending. Only decisions of people divide records with an equal identity.
    pub(super) fn shared(&self) -> Vec<RecordIdentity> {
        let mut all = self.identities.clone();
        all.sort_unstable();
        let mut shared: Vec<RecordIdentity> = all.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        shared.dedup();
        shared
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checked_rows;
    use crate::identity::LinkRules;

    /// Rules of the identities of each register row, and the identities.
    fn identities(rows: &[&str]) -> Vec<Vec<(Option<Code>, RecordIdentity)>> {
        let rows = checked_rows::accepted(rows, &[]);
        let records = Records { partition: &rows.partition, interned: &rows.interned };
        let maker = IdentityMaker::new(Names::new(&rows.interned), LinkRules::default());
        let of_record = |record| {
            let mut found = Vec::new();
            maker.each(records, record, |identity, rule| found.push((rule, identity)));
            found.sort_unstable();
            found
        };
        (0..records.len() as u32).map(of_record).collect()
    }

    fn rules(row: &str) -> Vec<Option<Code>> {
        identities(&[row]).remove(0).into_iter().map(|(rule, _)| rule).collect()
    }

    #[test]
    fn a_record_has_an_identity_for_each_rule_whose_fields_it_has() {
        let enp = "enp=9854910844000016, policy_kind=3, policy_number=9854910844000016";
        let document = "doc_kind=14, doc_number=00 00 000001";
        let [l1, l2, l3, l4, l5] = [Code::L1, Code::L2, Code::L3, Code::L4, Code::L5].map(Some);
        assert_eq!(rules("policy_number=7"), [l5]);
        assert_eq!(rules(&format!("policy_number=7, {document}, snils=12345678964")), [l3, l4, l5]);
        assert_eq!(rules("policy_number=7, enp=9854910844000016"), [l1, l2, l5]);
        assert_eq!(rules(&format!("{enp}, {document}")), [l1, l2, l4]);
        assert_eq!(rules(&format!("{enp}, surname=, reliability=2, {document}")), [l1]);
        assert_eq!(rules(&format!("given_name=, reliability=3, {enp}, snils=12345678964")), [None]);
    }

    #[test]
    fn identities_of_one_enp_lie_in_its_range() {
        let found = identities(&["enp=9854910844000016", "enp=9854910844000016, surname=Петров"]);
        let range = enp_range(Enp::parse(b"9854910844000016").expect("an ENP"), "1980-05-05".parse().expect("a date"));
        let of_l2 = |of_record: &[(Option<Code>, RecordIdentity)]| {
            of_record.iter().find(|(rule, _)| *rule == Some(Code::L2)).map(|(_, identity)| *identity).expect("an identity of L2")
        };
        let [one, other] = [&found[0], &found[1]].map(|of_record| of_l2(of_record));
        assert!(one != other && range.contains(&one) && range.contains(&other));
        assert!(found.iter().flatten().all(|(_, identity)| identity.first_bits(12) == range.start().first_bits(12)));
    }
}
