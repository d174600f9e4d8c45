//! The number that a person bears: a hash of the person's smallest identity, the same in every run that has that identity.
//!
//! The hash is XXH3 (64 bits) over the identity's text, made positive: `enp|<16 digits>|<birth date>|<given name>`, else
//! `policy|<kind>|<number>|…`, else `snils|<11 digits>|…`, with the given name and the number in the form for comparison. It is a pseudonym, not a
//! secret: who knows the identity can compute it.

use std::fmt::Write as _;

use super::{Names, Records};
use crate::check::Identity;
use crate::identifier::{Date, compare_form};
use crate::intake::TextKind;
use xxhash_rust::xxh3::xxh3_64;

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
    let identities = || of_person.iter().filter_map(|&record| records.identity(record).map(|identity| (record, identity)));
    let enp = identities().filter(|(_, identity)| identity.enp != 0).map(|(record, identity)| (Key::Enp(identity.enp), record));
    let (_, identity, key) = smallest(records, names, enp)
        .or_else(|| {
            smallest(
                records,
                names,
                identities().filter_map(|(record, identity)| Some((policy(records, record, identity)?, record))),
            )
        })
        .or_else(|| {
            let snils = identities().filter(|(_, identity)| identity.snils != 0);
            smallest(records, names, snils.map(|(record, identity)| (Key::Snils(identity.snils), record)))
        })
        .or_else(|| {
            let content = |record| {
                let (table, fingerprint) = records.fingerprint(record);
                Key::Content(table, fingerprint)
            };
            smallest(records, names, identities().map(|(record, _)| (content(record), record)))
        })
        .expect("invariant: a person has a record");
    SmallestIdentity { key, birth_date: identity.birth_date, given_name: names.given_name_text(identity) }
}

type Candidate<'t> = (u32, &'t Identity, Key);

fn smallest<'t>(records: Records<'t>, names: Names<'t>, keys: impl Iterator<Item = (Key, u32)>) -> Option<Candidate<'t>> {
    let mut best: Option<Candidate<'t>> = None;
    for (key, record) in keys {
        let Some(identity) = records.identity(record) else { continue };
        let smaller = best.as_ref().is_none_or(|(_, best_identity, best_key)| {
            key.cmp(best_key)
                .then(identity.birth_date.cmp(&best_identity.birth_date))
                .then_with(|| names.given_name_text(identity).cmp(names.given_name_text(best_identity)))
                .is_lt()
        });
        if smaller {
            best = Some((record, identity, key));
        }
    }
    best
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
    pub fn number(&self, attempt: u32, text: &mut String) -> i64 {
        text.clear();
        let written = match &self.key {
            Key::Enp(enp) => write!(text, "enp|{enp:016}"),
            Key::Policy(kind, number) => write!(text, "policy|{kind}|{number}"),
            Key::Snils(snils) => write!(text, "snils|{snils:011}"),
            Key::Content(table, fingerprint) => write!(text, "record|{table}|{fingerprint:016x}"),
        };
        let written = written.and_then(|()| write!(text, "|{}|{}", self.birth_date, self.given_name));
        let written = written.and_then(|()| if attempt > 0 { write!(text, "|{attempt}") } else { Ok(()) });
        written.expect("invariant: writing into a text does not fail");
        ((xxh3_64(text.as_bytes()) & (u64::MAX >> 1)).max(1)) as i64
    }
}
