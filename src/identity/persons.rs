//! Groups to numbered persons, in blocks of ascending numbers.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::groups::Groups;
use super::links::LinkCounts;
use super::person_id::smallest_identity;
use super::{Names, RecordFinding, Records};
use crate::partition::{bucket_bits, partition};
use crate::rules::Code;

/// About how many persons a block has; blocks become row groups of the outputs.
const BLOCK_PERSONS: usize = 1 << 17;

/// Persons whose records are brought into the cache together.
pub const WARM_PERSONS: usize = 32;

/// The persons of a run, in ascending order of their numbers.
pub struct Persons {
    /// Persons in blocks; every number of a block is smaller than those of the next.
    pub blocks: Vec<PersonBlock>,
    /// Findings about persons and about records among others, in the order of records.
    pub findings: Vec<RecordFinding>,
    /// How often each rule linked records.
    pub links: LinkCounts,
}

/// Some persons with ascending numbers.
#[derive(Default)]
pub struct PersonBlock {
    ids: Vec<i64>,
    ends: Vec<u32>,
    records: Vec<u32>,
}

impl PersonBlock {
    /// How many persons there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Each person's number and records; the records in their order.
    pub fn iter(&self) -> impl Iterator<Item = (i64, &[u32])> {
        self.ids.iter().enumerate().map(|(index, &id)| (id, self.records_of(index)))
    }

    /// The records of persons `from` up to `to`, or the last.
    #[must_use]
    pub fn records_between(&self, from: usize, to: usize) -> &[u32] {
        let end = |persons: usize| if persons == 0 { 0 } else { self.ends[persons.min(self.len()) - 1] as usize };
        &self.records[end(from)..end(to)]
    }

    fn records_of(&self, index: usize) -> &[u32] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.records[start as usize..self.ends[index] as usize]
    }

    fn push(&mut self, id: i64, records: &[u32]) {
        self.ids.push(id);
        self.records.extend_from_slice(records);
        self.ends.push(self.records.len() as u32);
    }
}

impl Persons {
    /// How many persons there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.blocks.iter().map(|block| block.len() as u64).sum()
    }
}

/// A person with its number, still among its neighbours by record.
#[derive(Clone, Copy)]
struct Numbered {
    id: i64,
    place: Place,
}

/// Where a person stands among the persons in the order of their first records.
#[derive(Clone, Copy)]
struct Place {
    bucket: u32,
    index: u32,
}

/// Numbers the persons and finds what is odd about them.
pub(super) fn number(records: Records<'_>, names: Names<'_>, groups: &Groups, links: LinkCounts) -> Persons {
    let by_record = persons_by_first_record(records, groups);
    let drafts: Vec<(PersonBlock, Vec<RecordFinding>)> = by_record
        .into_par_iter()
        .map(|mut bucket| {
            let (mut findings, mut text) = (Vec::new(), String::new());
            for index in 0..bucket.ids.len() {
                if index % WARM_PERSONS == 0 {
                    records.warm(bucket.records_between(index, index + WARM_PERSONS));
                }
                let of_person = bucket.records_of(index);
                let id = smallest_identity(records, names, of_person).number(0, &mut text);
                person_findings(records, of_person, &mut findings);
                bucket.ids[index] = id;
            }
            (bucket, findings)
        })
        .collect();
    let (mut buckets, findings): (Vec<PersonBlock>, Vec<Vec<RecordFinding>>) = drafts.into_iter().unzip();
    let mut blocks = blocks_by_number(&buckets);
    if settle_equal_numbers(records, names, &mut buckets, &blocks) {
        blocks = blocks_by_number(&buckets);
    }
    let persons = Persons { blocks, findings: findings.concat(), links };
    assert!(strictly_ascending(&persons.blocks), "invariant: person numbers are unique and ascending");
    persons
}

/// The groups with their records, in the order of their first records; numbers are still 0.
fn persons_by_first_record(records: Records<'_>, groups: &Groups) -> Vec<PersonBlock> {
    let bits = bucket_bits(records.len());
    let per_bucket = records.len().div_ceil(1 << bits).max(1);
    let by_group = partition(records.len(), 1 << bits, |index| {
        let record = index as u32;
        records.identity(record)?;
        let group = groups.find(record);
        Some((group as usize / per_bucket, (group, record)))
    });
    by_group.map_buckets(|_, entries| {
        entries.sort_unstable();
        let mut block = PersonBlock::default();
        let mut of_person = Vec::new();
        for group in entries.chunk_by(|left, right| left.0 == right.0) {
            of_person.clear();
            of_person.extend(group.iter().map(|&(_, record)| record));
            block.push(0, &of_person);
        }
        block
    })
}

fn blocks_by_number(buckets: &[PersonBlock]) -> Vec<PersonBlock> {
    let persons: usize = buckets.iter().map(PersonBlock::len).sum();
    let bits = persons.div_ceil(BLOCK_PERSONS).next_power_of_two().trailing_zeros();
    let starts: Vec<usize> = buckets
        .iter()
        .scan(0, |start, bucket| {
            *start += bucket.len();
            Some(*start)
        })
        .collect();
    let by_number = partition(persons, 1 << bits, |person| {
        let bucket = starts.partition_point(|&end| end <= person);
        let index = person - if bucket == 0 { 0 } else { starts[bucket - 1] };
        let id = buckets[bucket].ids[index];
        let block = if bits == 0 { 0 } else { (id as u64 >> (63 - bits)) as usize };
        Some((block, Numbered { id, place: Place { bucket: bucket as u32, index: index as u32 } }))
    });
    by_number.map_buckets(|_, entries| {
        entries.sort_by_key(|entry| entry.id);
        let mut block = PersonBlock::default();
        for entry in entries.iter() {
            block.push(entry.id, buckets[entry.place.bucket as usize].records_of(entry.place.index as usize));
        }
        block
    })
}

/// Gives new numbers to all but the first of persons with equal ones, told apart by the content of their records. Returns whether there were any.
fn settle_equal_numbers(records: Records<'_>, names: Names<'_>, buckets: &mut [PersonBlock], blocks: &[PersonBlock]) -> bool {
    let mut equal: BTreeSet<i64> = BTreeSet::new();
    for block in blocks {
        equal.extend(block.ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]));
    }
    if equal.is_empty() {
        return false;
    }
    let filled: Vec<&PersonBlock> = blocks.iter().filter(|block| !block.is_empty()).collect();
    let mut given: BTreeSet<i64> = BTreeSet::new();
    let mut persons: Vec<(i64, (u8, u64), usize, usize)> = Vec::new();
    for (bucket_index, bucket) in buckets.iter().enumerate() {
        for (index, id) in bucket.ids.iter().enumerate().filter(|(_, id)| equal.contains(id)) {
            let content = bucket.records_of(index).iter().map(|&record| records.fingerprint(record)).min();
            persons.push((*id, content.expect("invariant: a person has a record"), bucket_index, index));
        }
    }
    persons.sort_unstable();
    let mut text = String::new();
    for same in persons.chunk_by(|left, right| left.0 == right.0) {
        let mut attempt = 0;
        for &(_, _, bucket, index) in &same[1..] {
            let identity = smallest_identity(records, names, buckets[bucket].records_of(index));
            buckets[bucket].ids[index] = loop {
                attempt += 1;
                let id = identity.number(attempt, &mut text);
                if !has_number(&filled, id) && given.insert(id) {
                    break id;
                }
            };
        }
    }
    true
}

/// Whether a person of the blocks, which ascend and are not empty, has the number.
fn has_number(blocks: &[&PersonBlock], id: i64) -> bool {
    let block = blocks.partition_point(|block| block.ids.last().is_some_and(|&last| last < id));
    blocks.get(block).is_some_and(|block| block.ids.binary_search(&id).is_ok())
}

fn strictly_ascending(blocks: &[PersonBlock]) -> bool {
    let mut last = 0;
    blocks.iter().flat_map(|block| &block.ids).all(|&id| std::mem::replace(&mut last, id) < id)
}

/// `IDENTITY_REVIEW` and `SEVERAL_ENP`, on the first record of the person.
fn person_findings(records: Records<'_>, of_person: &[u32], findings: &mut Vec<RecordFinding>) {
    let [first, rest @ ..] = of_person else { return };
    if rest.is_empty() {
        return;
    }
    let differs = |value: &dyn Fn(u32) -> u64| {
        let mut known = of_person.iter().map(|&record| value(record)).filter(|&value| value != 0);
        known.next().is_some_and(|one| known.any(|other| other != one))
    };
    let of = |record: u32| records.identity(record).expect("invariant: persons have accepted records");
    let birth = |record: u32| 1 | u64::from(of(record).birth_date.days() as u32) << 1;
    if differs(&|record| of(record).snils) || differs(&|record| u64::from(of(record).sex)) || differs(&birth) {
        findings.push(RecordFinding { record: *first, code: Code::IdentityReview });
    }
    if differs(&|record| of(record).enp) {
        findings.push(RecordFinding { record: *first, code: Code::SeveralEnp });
    }
}

#[cfg(test)]
mod tests {
    use super::{PersonBlock, has_number};

    #[test]
    fn numbers_are_found_over_blocks() {
        let block = |ids: &[i64]| PersonBlock { ids: ids.to_vec(), ..PersonBlock::default() };
        let (low, high) = (block(&[2, 5]), block(&[7]));
        let found: Vec<i64> = (0..9).filter(|&id| has_number(&[&low, &high], id)).collect();
        assert_eq!(found, [2, 5, 7]);
        assert!(!has_number(&[], 1));
    }
}
