//! Groups to persons with ids, in ascending order of the ids.

use std::collections::BTreeSet;

use super::cross_partition::CrossPartitionGroups;
use super::groups::Groups;
use super::person_id::smallest_identity;
use super::{Names, RecordFinding, RecordIndex, Records};
use sverka_model::{Code, Enp, PersonId, Snils};

/// Persons in ascending order of their ids.
#[derive(Default)]
pub struct PersonBlock {
    ids: Vec<PersonId>,
    ends: Vec<u32>,
    records: Vec<u32>,
}

impl PersonBlock {
    /// Number of persons.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no person.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Ids of the persons.
    #[must_use]
    pub fn ids(&self) -> &[PersonId] {
        &self.ids
    }

    /// Records of a person, in their order.
    #[must_use]
    #[inline]
    pub fn records_of(&self, person: usize) -> &[RecordIndex] {
        let start = if person == 0 { 0 } else { self.ends[person - 1] };
        &self.records[start as usize..self.ends[person] as usize]
    }

    /// Gives the persons other ids, in the order of the persons, and sorts the persons by them. Returns the new index of each person.
    pub(super) fn renumber(&mut self, ids: &[PersonId]) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        if ids.is_sorted() {
            self.ids.copy_from_slice(ids);
            return order;
        }
        order.sort_by_key(|&person| ids[person as usize]);
        let mut sorted = Self { ids: Vec::with_capacity(self.len()), ends: Vec::with_capacity(self.len()), records: Vec::new() };
        sorted.records.reserve(self.records.len());
        let mut new_indexes = vec![0; self.len()];
        for (index, &person) in (0..).zip(&order) {
            new_indexes[person as usize] = index;
            sorted.ids.push(ids[person as usize]);
            sorted.records.extend_from_slice(self.records_of(person as usize));
            sorted.ends.push(sorted.records.len() as u32);
        }
        *self = sorted;
        new_indexes
    }

    /// Id and records of each person; the records in their order.
    pub fn iter(&self) -> impl Iterator<Item = (PersonId, &[RecordIndex])> {
        self.ids.iter().enumerate().map(|(index, &id)| (id, self.records_of(index)))
    }
}

/// Persons of a partition in less memory, while other partitions are linked.
///
/// ```text
/// for each person   id minus the id before │ number of records n │ n record indexes
/// each number       seven bits to a byte; all bytes but the last have the high bit
/// ```
#[derive(Default)]
pub struct PackedPersons {
    bytes: Box<[u8]>,
}

impl PackedPersons {
    /// Packs persons.
    #[must_use]
    pub fn new(persons: &PersonBlock) -> Self {
        let mut bytes = Vec::with_capacity(8 * persons.len() + 2 * persons.records.len());
        let mut last = PersonId::NONE;
        for (id, of_person) in persons.iter() {
            push_packed((id.number() - last.number()) as u64, &mut bytes);
            push_packed(of_person.len() as u64, &mut bytes);
            of_person.iter().for_each(|&record| push_packed(u64::from(record), &mut bytes));
            last = id;
        }
        Self { bytes: bytes.into() }
    }

    /// Replaces the persons of `into`.
    pub fn unpack(&self, into: &mut PersonBlock) {
        into.ids.clear();
        into.ends.clear();
        into.records.clear();
        let (mut rest, mut id) = (&*self.bytes, 0);
        while !rest.is_empty() {
            id += take_packed(&mut rest) as i64;
            into.ids.push(PersonId::from_stored(id));
            for _ in 0..take_packed(&mut rest) {
                into.records.push(take_packed(&mut rest) as u32);
            }
            into.ends.push(into.records.len() as u32);
        }
    }
}

/// Appends a number, seven bits to a byte.
#[inline]
fn push_packed(mut number: u64, into: &mut Vec<u8>) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

/// Takes a number from the beginning of `bytes`.
#[inline]
fn take_packed(bytes: &mut &[u8]) -> u64 {
    let (mut number, mut shift) = (0, 0);
    while let Some((&byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << shift;
        shift += 7;
        if byte < 0x80 {
            break;
        }
    }
    number
}

/// Gives ids to the persons of one partition after another, and reuses its buffers.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// Next record of the same group, by record.
    next: Vec<u32>,
    /// Last record of each group, by the name of the group, while records are chained.
    last: Vec<u32>,
    records: Vec<u32>,
    drafts: Vec<Draft>,
}

/// A person before the persons are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Draft {
    id: PersonId,
    from: u32,
    to: u32,
}

/// Outputs of [`Numbering::number`] apart from the persons.
pub(super) struct PersonOutput<'o> {
    /// Records of cross-partition groups.
    pub left_out: &'o mut Vec<u32>,
    /// Findings about persons.
    pub findings: &'o mut Vec<RecordFinding>,
    /// Called with the records of each person.
    pub made: &'o mut dyn FnMut(Records<'_>, &[u32]),
}

const NONE: u32 = u32::MAX;

impl Numbering {
    /// Makes persons of the groups, except the cross-partition groups, and gives them ids.
    pub fn number(
        &mut self,
        records: Records<'_>,
        names: Names<'_>,
        groups: &mut Groups,
        cross_partition: &CrossPartitionGroups,
        output: PersonOutput<'_>,
    ) -> PersonBlock {
        let PersonOutput { left_out, findings, made } = output;
        self.chain(records, groups);
        self.records.clear();
        self.drafts.clear();
        for first in 0..records.len() as u32 {
            if self.last[first as usize] == NONE {
                continue;
            }
            let from = self.records.len();
            let mut at = first;
            while at != NONE {
                self.records.push(at);
                at = self.next[at as usize];
            }
            if cross_partition.contains(first) {
                left_out.extend(self.records.drain(from..));
                continue;
            }
            let of_person = &self.records[from..];
            person_findings(records, of_person, findings);
            made(records, of_person);
            let id = smallest_identity(records, names, of_person).person_id(0);
            self.drafts.push(Draft { id, from: from as u32, to: self.records.len() as u32 });
        }
        self.drafts.sort_unstable();
        let mut block = PersonBlock {
            ids: Vec::with_capacity(self.drafts.len()),
            ends: Vec::with_capacity(self.drafts.len()),
            records: Vec::with_capacity(self.records.len()),
        };
        for draft in &self.drafts {
            block.ids.push(draft.id);
            block.records.extend_from_slice(&self.records[draft.from as usize..draft.to as usize]);
            block.ends.push(block.records.len() as u32);
        }
        block
    }

    /// Chains the records of each group in their order. The name of a group is its first record.
    fn chain(&mut self, records: Records<'_>, groups: &mut Groups) {
        for column in [&mut self.next, &mut self.last] {
            column.clear();
            column.resize(records.len(), NONE);
        }
        for (record, _) in records.accepted() {
            let last = &mut self.last[groups.find(record) as usize];
            if *last != NONE {
                self.next[*last as usize] = record;
            }
            *last = record;
        }
    }
}

/// A person with the id of another person.
pub struct EqualId<'t> {
    /// Records of the partition of the person.
    pub records: Records<'t>,
    /// Records of the person.
    pub of_person: &'t [RecordIndex],
    /// The id.
    pub id: PersonId,
    /// Whether the person keeps the id.
    pub is_settled: bool,
}

/// New ids for all but one of persons with equal ids, in the order of `equal`. The content of their records decides who keeps the id, unless it is
/// settled. `is_taken` tells the ids that others have or had.
#[must_use]
pub fn settle_equal_ids(equal: &[EqualId<'_>], is_taken: impl Fn(PersonId) -> bool) -> Vec<PersonId> {
    let mut ids: Vec<PersonId> = equal.iter().map(|person| person.id).collect();
    let content = |person: &EqualId<'_>| person.of_person.iter().map(|&record| person.records.content(record)).min();
    let mut order: Vec<usize> = (0..equal.len()).collect();
    order.sort_by_key(|&person| (equal[person].id, !equal[person].is_settled, content(&equal[person])));
    let mut given = BTreeSet::new();
    for same in order.chunk_by(|&left, &right| equal[left].id == equal[right].id) {
        let mut attempt = 0;
        for &person in &same[1..] {
            let EqualId { records, of_person, .. } = equal[person];
            let identity = smallest_identity(records, Names::new(records.interned), of_person);
            ids[person] = loop {
                attempt += 1;
                let id = identity.person_id(attempt);
                if !is_taken(id) && given.insert(id) {
                    break id;
                }
            };
        }
    }
    ids
}

/// `IDENTITY_REVIEW` and `SEVERAL_ENP`, on the first record of the person.
fn person_findings(records: Records<'_>, of_person: &[u32], findings: &mut Vec<RecordFinding>) {
    let [first, rest @ ..] = of_person else { return };
    if rest.is_empty() {
        return;
    }
    let (mut enp, mut snils, mut sex) = (Enp::NONE, Snils::NONE, 0);
    let birth_date = records.at(*first).birth_date;
    let (mut several_enp, mut review) = (false, false);
    for &record in of_person {
        let identity = records.at(record);
        several_enp |= differs(&mut enp, identity.enp);
        review |= differs(&mut snils, identity.snils) | differs(&mut sex, identity.sex);
        review |= identity.birth_date != birth_date;
    }
    if review {
        findings.push(RecordFinding { record: *first, code: Code::IdentityReview });
    }
    if several_enp {
        findings.push(RecordFinding { record: *first, code: Code::SeveralEnp });
    }
}

/// Whether a known value differs from the one known so far. Remembers the value.
#[inline]
fn differs<N: Copy + Default + PartialEq>(known: &mut N, value: N) -> bool {
    if value == N::default() {
        return false;
    }
    let differs = *known != N::default() && *known != value;
    *known = value;
    differs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_persons_come_back() {
        let mut block = PersonBlock::default();
        for (id, of_person) in [vec![0, 127, 128, 16_383, 16_384, u32::MAX], vec![5], (0..1000).collect()].iter().enumerate() {
            block.ids.push(PersonId::from_stored([0, 1, i64::MAX][id]));
            block.records.extend(of_person);
            block.ends.push(block.records.len() as u32);
        }
        let mut unpacked = PersonBlock { ids: vec![PersonId::from_stored(7)], ends: vec![1], records: vec![9] };
        PackedPersons::new(&block).unpack(&mut unpacked);
        assert!(unpacked.iter().eq(block.iter()));
        PackedPersons::default().unpack(&mut unpacked);
        assert!(unpacked.is_empty());
    }
}
