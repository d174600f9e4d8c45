//! The number that a person bears: a hash of the person's smallest identity, the same in every run that has that identity.
//!
//! The upper 12 of 63 bits are the bucket of the identity's birth date, so that persons in the order of their numbers lie in the order of the
//! partitions. The others are XXH3 over the identity's text: `enp|<16 digits>|<birth date>|<given name>`, else `policy|<kind>|<number>|…`, else
//! `snils|<11 digits>|…`, with the given name and the number in the form for comparison. It is a pseudonym, not a secret: who knows the identity
//! can compute it.

use std::io::Write as _;

use super::{Names, Records};
use crate::check::Identity;
use crate::exchange::{BUCKET_BITS, bucket};
use crate::identifier::{Date, compare_form};
use crate::intake::TextKind;
use xxhash_rust::xxh3::xxh3_64;

/// Bits of a number below the bucket.
const HASH_BITS: u32 = 63 - BUCKET_BITS;

/// What identifies a person, ordered: ENP before policy before SNILS before nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Enp(u64),
    Policy(u8, String),
    Snils(u64),
    /// No identifier survived normalisation: the record's own content.
    Content(u8, u64),
}

/// The smallest identity among a person's records.
pub(super) struct SmallestIdentity<'t> {
    key: Key,
    birth_date: Date,
    given_name: &'t str,
}

/// The smallest identity of the person who has these records; there is at least one.
pub(super) fn smallest_identity<'t>(records: Records<'t>, names: Names<'t>, of_person: &[u32]) -> SmallestIdentity<'t> {
    let identities = || of_person.iter().map(|&record| (record, records.at(record)));
    let enp = identities().filter(|(_, identity)| identity.enp != 0).map(|(_, identity)| (Key::Enp(identity.enp), identity));
    let (key, identity) = smallest(names, enp)
        .or_else(|| {
            let policy = |(record, identity)| Some((policy(records, record, identity)?, identity));
            smallest(names, identities().filter_map(policy))
        })
        .or_else(|| {
            let snils = identities().filter(|(_, identity)| identity.snils != 0);
            smallest(names, snils.map(|(_, identity)| (Key::Snils(identity.snils), identity)))
        })
        .or_else(|| {
            let content = |record| {
                let (table, fingerprint) = records.content(record);
                Key::Content(table, fingerprint)
            };
            smallest(names, identities().map(|(record, identity)| (content(record), identity)))
        })
        .expect("invariant: a person has a record");
    SmallestIdentity { key, birth_date: identity.birth_date, given_name: names.given_name_text(identity) }
}

fn smallest<'t>(names: Names<'t>, mut keys: impl Iterator<Item = (Key, &'t Identity)>) -> Option<(Key, &'t Identity)> {
    let mut best = keys.next()?;
    for (key, identity) in keys {
        let order = key.cmp(&best.0).then(identity.birth_date.cmp(&best.1.birth_date)).then_with(|| {
            if identity.given_name == best.1.given_name {
                return std::cmp::Ordering::Equal;
            }
            names.given_name_text(identity).cmp(names.given_name_text(best.1))
        });
        if order.is_lt() {
            best = (key, identity);
        }
    }
    Some(best)
}

fn policy(records: Records<'_>, record: u32, identity: &Identity) -> Option<Key> {
    if identity.policy_kind == 3 {
        return None;
    }
    let mut number = String::new();
    compare_form(records.text(record, TextKind::PolicyNumber), &mut number);
    (!number.is_empty()).then_some(Key::Policy(identity.policy_kind, number))
}

impl SmallestIdentity<'_> {
    /// The number; `attempt` tells persons apart whose identities, or whose hashes, are equal. The identity's text is written into `text`.
    pub fn number(&self, attempt: u32, text: &mut Vec<u8>) -> i64 {
        text.clear();
        match &self.key {
            Key::Enp(enp) => {
                text.extend_from_slice(b"enp|");
                digits(*enp, 16, text);
            }
            Key::Policy(kind, number) => {
                text.extend_from_slice(b"policy|");
                digits(u64::from(*kind), 1, text);
                text.push(b'|');
                text.extend_from_slice(number.as_bytes());
            }
            Key::Snils(snils) => {
                text.extend_from_slice(b"snils|");
                digits(*snils, 11, text);
            }
            Key::Content(table, fingerprint) => {
                write!(text, "record|{table}|{fingerprint:016x}").expect("invariant: writing into memory does not fail");
            }
        }
        let (year, month, day) = self.birth_date.ymd();
        for (before, number, width) in [(b'|', year as u32, 4), (b'-', month, 2), (b'-', day, 2)] {
            text.push(before);
            digits(u64::from(number), width, text);
        }
        text.push(b'|');
        text.extend_from_slice(self.given_name.as_bytes());
        if attempt > 0 {
            write!(text, "|{attempt}").expect("invariant: writing into memory does not fail");
        }
        let hash = xxh3_64(text) & ((1 << HASH_BITS) - 1);
        (u64::from(bucket(self.birth_date)) << HASH_BITS | hash).max(1) as i64
    }
}

/// Appends a number with leading zeros.
fn digits(number: u64, width: usize, text: &mut Vec<u8>) {
    let mut written = [b'0'; 20];
    let mut rest = number;
    for place in written[..width].iter_mut().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    text.extend_from_slice(&written[..width]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_bucket_and_the_hash_of_the_text() {
        let birth_date = "1980-05-05".parse().expect("a date");
        for (key, text) in [
            (Key::Enp(54_910_844_000_016), "enp|0054910844000016|1980-05-05|ИВАН"),
            (Key::Policy(1, "АБ1".to_owned()), "policy|1|АБ1|1980-05-05|ИВАН"),
            (Key::Snils(1_234_567_890), "snils|01234567890|1980-05-05|ИВАН"),
            (Key::Content(1, 255), "record|1|00000000000000ff|1980-05-05|ИВАН"),
        ] {
            let identity = SmallestIdentity { key, birth_date, given_name: "ИВАН" };
            let expected = |text: &str| u64::from(bucket(birth_date)) << 51 | xxh3_64(text.as_bytes()) & 0x7_FFFF_FFFF_FFFF;
            let mut written = Vec::new();
            assert_eq!(identity.number(0, &mut written), expected(text) as i64);
            assert_eq!(written, text.as_bytes());
            assert_eq!(identity.number(2, &mut written), expected(&format!("{text}|2")) as i64);
        }
    }
}
