//! Step 1: records that agree on all fields of a rule are one person.

use super::groups::Groups;
use super::{NameIds, Names, Records};
use crate::check::Identity;
use crate::identifier::{Date, compare_form};
use crate::intake::{TextKind, hash_text};
use crate::partition::{bucket_bits, equal_keys, partition};
use crate::rules::Code;

/// How often each rule found a record equal to an earlier one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkCounts {
    counts: [u64; 6],
}

impl LinkCounts {
    const CODES: [Code; 6] = [Code::L1, Code::L2, Code::L3, Code::L4, Code::L5, Code::L6];

    pub(super) fn add(&mut self, code: Code, count: u64) {
        let index = Self::CODES.iter().position(|&rule| rule == code).expect("invariant: a link has a code of a link");
        self.counts[index] += count;
    }

    /// The rules with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (Code, u64)> + '_ {
        Self::CODES.into_iter().zip(self.counts)
    }
}

/// A record with an ENP, by what the rules over an ENP compare.
#[derive(Clone, Copy)]
struct NumberedRecord {
    enp: u64,
    birth_date: Date,
    names: NameIds,
    record: u32,
}

/// The records of one ENP that does not plainly belong to one person.
pub(super) struct SharedNumber {
    /// The ENP.
    pub enp: u64,
    /// Its records, in their order.
    pub records: Vec<u32>,
}

/// Unites what rules L1 to L5 find equal, and returns the ENPs whose records differ in birth date or given name.
pub(super) fn unite_equal(records: Records<'_>, names: Names<'_>, groups: &Groups) -> (LinkCounts, Vec<SharedNumber>) {
    let mut counts = LinkCounts::default();
    let shared = unite_by_enp(records, names, groups, &mut counts);
    let unite = |first, later| groups.unite(first, later);
    let by_key = |key: &(dyn Fn(u32, &Identity) -> Option<u128> + Sync)| {
        let of_record = |index| records.identity(index).and_then(|identity| key(index, identity));
        equal_keys(records.len(), |index| of_record(index as u32), unite)
    };
    let given =
        |identity: &Identity| (u64::from(names.given_name(identity)) << 32) | u64::from(identity.birth_date.days() as u32);
    counts.add(Code::L3, by_key(&|_, identity| (identity.snils != 0).then(|| key(&[3, identity.snils, given(identity)]))));
    counts.add(
        Code::L4,
        by_key(&|record, identity| {
            (identity.document != 0).then(|| {
                let ids = names.of(identity);
                let family = u64::from(ids.surname) << 32 | u64::from(ids.patronymic);
                let number = number_hash(records, record, TextKind::DocNumber);
                key(&[4, u64::from(identity.document), number, family, given(identity)])
            })
        }),
    );
    counts.add(
        Code::L5,
        by_key(&|record, identity| {
            (identity.policy != 0).then(|| {
                let number = number_hash(records, record, TextKind::PolicyNumber);
                key(&[5, u64::from(identity.policy), number, given(identity)])
            })
        }),
    );
    (counts, shared)
}

/// Hash of a number in the form for comparison: the 32 bits in the record are too few to stand for it alone.
fn number_hash(records: Records<'_>, record: u32, kind: TextKind) -> u64 {
    let mut form = String::new();
    compare_form(records.text(record, kind), &mut form);
    hash_text(form.as_bytes())
}

fn key(numbers: &[u64]) -> u128 {
    xxhash_rust::xxh3::xxh3_128(bytemuck::cast_slice(numbers))
}

/// Rules L1 and L2, which both need the ENP, over the records of each ENP.
fn unite_by_enp(records: Records<'_>, names: Names<'_>, groups: &Groups, counts: &mut LinkCounts) -> Vec<SharedNumber> {
    let bits = bucket_bits(records.len());
    let numbered = partition(records.len(), 1 << bits, |index| {
        let record = index as u32;
        let identity = records.identity(record).filter(|identity| identity.enp != 0)?;
        let item = NumberedRecord { enp: identity.enp, birth_date: identity.birth_date, names: names.of(identity), record };
        Some((enp_bucket(identity.enp, bits), item))
    });
    let mut shared = Vec::new();
    for (first, second, numbers) in numbered.map_buckets(|_, entries| unite_bucket(entries, groups)) {
        counts.add(Code::L1, first);
        counts.add(Code::L2, second);
        shared.extend(numbers);
    }
    shared.sort_unstable_by_key(|number: &SharedNumber| number.enp);
    shared
}

/// Spreads ENPs evenly over buckets, whatever their region and birth dates (multiplication by 2^64 over the golden ratio).
fn enp_bucket(enp: u64, bits: u32) -> usize {
    if bits == 0 { 0 } else { (enp.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits)) as usize }
}

fn unite_bucket(entries: &mut [NumberedRecord], groups: &Groups) -> (u64, u64, Vec<SharedNumber>) {
    let (mut first_rule, mut second_rule, mut shared) = (0, 0, Vec::new());
    entries.sort_unstable_by_key(|entry| (entry.enp, entry.record));
    for same_enp in entries.chunk_by_mut(|left, right| left.enp == right.enp).filter(|same_enp| same_enp.len() > 1) {
        let person = |entry: &NumberedRecord| (entry.birth_date, entry.names.given_name);
        let plain = same_enp.iter().all(|entry| person(entry) == person(&same_enp[0]));
        if !plain {
            shared.push(SharedNumber { enp: same_enp[0].enp, records: same_enp.iter().map(|entry| entry.record).collect() });
            same_enp.sort_unstable_by_key(|entry| (entry.birth_date, entry.names.given_name, entry.record));
        }
        first_rule += unite_runs(same_enp, groups, |left, right| person(left) == person(right));
        if !(plain && same_enp.iter().all(|entry| entry.names == same_enp[0].names)) {
            same_enp.sort_unstable_by_key(|entry| (entry.names, entry.record));
        }
        second_rule += unite_runs(same_enp, groups, |left, right| left.names == right.names);
    }
    (first_rule, second_rule, shared)
}

/// Unites neighbours that agree; returns how many did.
fn unite_runs(entries: &[NumberedRecord], groups: &Groups, agree: impl Fn(&NumberedRecord, &NumberedRecord) -> bool) -> u64 {
    let mut united = 0;
    for pair in entries.windows(2).filter(|pair| agree(&pair[0], &pair[1])) {
        groups.unite(pair[0].record, pair[1].record);
        united += 1;
    }
    united
}
