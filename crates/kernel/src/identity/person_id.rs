//! Person id: a hash of the smallest identity among the records of a person, the same in every run that has that identity (SEM-125).
//!
//! ```text
//! 63 bits  │ 12: bucket of the birth date │ 51: hash of (kind, identifier, attempt), birth date and given name │
//! ```
//!
//! The bucket comes first, so that persons sorted by id are sorted by partition. The identifier is the ENP; without an
//! ENP, kind and number of a policy; without a policy, the SNILS. Number and name are in their normal form. An id is a
//! pseudonym and no secret: everyone who knows the identity can compute it.
//!
//! *Why the smallest identity.* It does not depend on the order of sources and rows. A further record changes the id only when it brings a smaller identity.

use super::{Names, Records};
use crate::shuffle::{BUCKET_BITS, bucket};
use sverka_model::{Date, Enp, PersonId, Snils, normalise_policy_number};
use sverka_model::{Identity, PolicyKind};
use sverka_model::{RowHash, TextKind, hash_text};

/// Bits of an id below the bucket.
const HASH_BITS: u32 = PersonId::BITS - BUCKET_BITS;

/// Identifier of a person. ENPs come before policies, then SNILS, then the content of a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Enp(Enp),
    Policy(PolicyKind, String),
    Snils(Snils),
    /// Table and fingerprint of a record without any identifier.
    Content(u8, u64),
}

/// The smallest identity among the records of a person.
pub(super) struct SmallestIdentity {
    key: Key,
    birth_date: Date,
    /// Hash of the given name in its normal form.
    given_name: u64,
}

/// The smallest identity among records; there is at least one record.
pub(super) fn smallest_identity(records: Records<'_>, names: Names<'_>, of_person: &[u32]) -> SmallestIdentity {
    let identities = || of_person.iter().map(|&record| (record, records.at(record)));
    let enp =
        identities().filter(|(_, identity)| identity.enp != Enp::NONE).map(|(_, identity)| (Key::Enp(identity.enp), identity));
    let (key, identity) = smallest(names, enp)
        .or_else(|| {
            let policy = |(record, identity)| Some((policy(records, record, identity)?, identity));
            smallest(names, identities().filter_map(policy))
        })
        .or_else(|| {
            let snils = identities().filter(|(_, identity)| identity.snils != Snils::NONE);
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
    SmallestIdentity { key, birth_date: identity.birth_date, given_name: names.given_name_hash(identity) }
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
    if identity.policy_kind == PolicyKind::SINGLE_SAMPLE {
        return None;
    }
    let mut number = String::new();
    normalise_policy_number(&records.text(record, TextKind::PolicyNumber), &mut number);
    (!number.is_empty()).then_some(Key::Policy(identity.policy_kind, number))
}

impl SmallestIdentity {
    /// The person id. `attempt` is 0, or counts up when persons with equal identities or hashes need different ids.
    pub fn person_id(&self, attempt: u32) -> PersonId {
        let (kind, number) = match &self.key {
            Key::Enp(enp) => (1, enp.number()),
            Key::Policy(kind, number) => (2 | u64::from(kind.code()) << 8, hash_text(number.as_bytes())),
            Key::Snils(snils) => (3, snils.number()),
            Key::Content(table, fingerprint) => (4 | u64::from(*table) << 8, *fingerprint),
        };
        let hash = RowHash::default()
            .with(kind | u64::from(attempt) << 32, number)
            .with(u64::from(self.birth_date.days() as u32), self.given_name)
            .finish();
        PersonId::from_stored((u64::from(bucket(self.birth_date)) << HASH_BITS | hash >> BUCKET_BITS >> 1).max(1) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_begins_with_the_bucket_and_depends_on_everything_else() {
        let birth_date: Date = "1980-05-05".parse().expect("a date");
        let identity = |key, given_name: &str| SmallestIdentity { key, birth_date, given_name: hash_text(given_name.as_bytes()) };
        let keys = || {
            let policy = |kind, number: &str| Key::Policy(PolicyKind::from_stored(kind), number.to_owned());
            [
                Key::Enp(Enp::from_stored(7)),
                Key::Enp(Enp::from_stored(8)),
                policy(1, "7"),
                policy(2, "7"),
                policy(1, "8"),
                Key::Snils(Snils::from_stored(7)),
                Key::Content(0, 7),
                Key::Content(1, 7),
            ]
        };
        let mut numbers = std::collections::BTreeSet::new();
        for given_name in ["ИВАН", "АННА"] {
            for key in keys() {
                for attempt in 0..3 {
                    let number = identity(key.clone(), given_name).person_id(attempt);
                    assert_eq!(number.first_bits(BUCKET_BITS), u64::from(bucket(birth_date)));
                    assert!(number > PersonId::NONE && numbers.insert(number), "{key:?} {given_name} {attempt}");
                }
            }
        }
        let other_day = SmallestIdentity { birth_date: birth_date.next(), ..identity(Key::Enp(Enp::from_stored(7)), "ИВАН") };
        assert_ne!(other_day.person_id(0), identity(Key::Enp(Enp::from_stored(7)), "ИВАН").person_id(0));
    }
}
