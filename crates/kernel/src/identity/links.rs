//! Step 1: records that agree on all fields of a rule are one person.

use std::collections::{BTreeMap, BTreeSet};

use super::documents::{self, SameDigits};
use super::groups::Groups;
use super::key_table::{KeyTable, mix};
use super::{Names, Records};
use sverka_model::{Code, Identity, InternedText, TextKind, normalise_document_number, normalise_policy_number};
use sverka_settings::Severities;

/// How often each rule found a record equal to an earlier one; of L6 and decisions of people how many groups joined another or were divided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkCounts {
    counts: [u64; 8],
}

impl LinkCounts {
    const CODES: [Code; 8] =
        [Code::L1, Code::L2, Code::L3, Code::L4, Code::L5, Code::L6, Code::OverrideSame, Code::OverrideDifferent];

    pub(super) fn add(&mut self, code: Code, count: u64) {
        let index = Self::CODES.iter().position(|&rule| rule == code).expect("invariant: a link has a code of a link");
        self.counts[index] += count;
    }

    /// The rules with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (Code, u64)> + '_ {
        Self::CODES.into_iter().zip(self.counts)
    }

    /// Takes away the counts of others, but for one rule.
    pub fn subtract(&mut self, other: &Self, but: Code) {
        for (index, rule) in Self::CODES.into_iter().enumerate().filter(|&(_, rule)| rule != but) {
            debug_assert!(self.counts[index] >= other.counts[index], "{rule:?}");
            self.counts[index] -= other.counts[index];
        }
    }

    /// Adds the counts of others.
    pub fn merge(&mut self, other: &Self) {
        self.counts.iter_mut().zip(other.counts).for_each(|(count, other)| *count += other);
    }
}

/// Which of the rules L1 to L6 link records; all of them, unless a job switches some off. Decisions of people always do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkRules([bool; 8]);

impl LinkRules {
    /// Those that are on.
    #[must_use]
    pub fn of(severities: &Severities) -> Self {
        Self(LinkCounts::CODES.map(|code| severities.is_on(code)))
    }

    /// Whether a rule links records.
    pub(super) fn applies(self, code: Code) -> bool {
        LinkCounts::CODES.into_iter().zip(self.0).any(|(rule, on)| on && rule == code)
    }
}

impl Default for LinkRules {
    fn default() -> Self {
        Self([true; 8])
    }
}

/// The records of one ENP that does not plainly belong to one person.
pub(super) struct SharedNumber {
    /// The ENP.
    pub enp: u64,
    /// Its records, in their order.
    pub records: Vec<u32>,
}

/// Unites what rules L1 to L5 find equal, and returns what may be shared by several persons.
pub(super) fn unite_equal(
    records: Records<'_>,
    names: Names<'_>,
    rules: LinkRules,
    groups: &mut Groups,
    table: &mut KeyTable,
    counts: &mut LinkCounts,
) -> Shared {
    let numbers = unite_by_enp(records, names, rules, groups, table, counts);
    if rules.applies(Code::L3) {
        unite_by_snils(records, names, groups, table, counts);
    }
    let documents = documents::unite(records, names, rules, groups, table, counts);
    if rules.applies(Code::L5) {
        unite_by_policy(records, names, groups, table, counts);
    }
    Shared { numbers, documents }
}

/// What records share that may be of several persons.
pub(super) struct Shared {
    /// ENPs, ascending, whose records differ in birth date or name.
    pub numbers: Vec<SharedNumber>,
    /// Documents whose records differ in what L4 asks for.
    pub documents: Vec<SameDigits>,
}

/// Rules L1 and L2, which both need the ENP.
fn unite_by_enp(
    records: Records<'_>,
    names: Names<'_>,
    rules: LinkRules,
    groups: &mut Groups,
    table: &mut KeyTable,
    counts: &mut LinkCounts,
) -> Vec<SharedNumber> {
    table.reset(records.len());
    let [by_person, by_name] = [Code::L1, Code::L2].map(|code| rules.applies(code));
    let (mut first_rule, mut second_rule, mut differing) = (0, 0, Vec::new());
    for (record, identity) in records.accepted().filter(|(_, identity)| identity.enp != 0) {
        let first = table.first_or_insert(mix(&[identity.enp]), record, |other| records.at(other).enp == identity.enp);
        let Some(first) = first else { continue };
        let Agreement { person, full_name } = Agreement::of(names, records.at(first), identity);
        if person && by_person || full_name && by_name {
            groups.unite(first, record);
        }
        first_rule += u64::from(person);
        second_rule += u64::from(full_name);
        if !(person && full_name) {
            differing.push(identity.enp);
        }
    }
    differing.sort_unstable();
    differing.dedup();
    let mut shared: Vec<SharedNumber> = differing.iter().map(|&enp| SharedNumber { enp, records: Vec::new() }).collect();
    if !shared.is_empty() {
        for (record, identity) in records.accepted().filter(|(_, identity)| identity.enp != 0) {
            if let Ok(index) = differing.binary_search(&identity.enp) {
                shared[index].records.push(record);
            }
        }
    }
    for number in &shared {
        // So far each record was held against the first one only.
        let first = records.at(number.records[0]);
        for &record in &number.records[1..] {
            let Agreement { person, full_name } = Agreement::of(names, first, records.at(record));
            first_rule -= u64::from(person);
            second_rule -= u64::from(full_name);
        }
        let (persons, full_names) = unite_carefully(records, names, rules, groups, &number.records);
        first_rule += persons;
        second_rule += full_names;
    }
    counts.add(Code::L1, if by_person { first_rule } else { 0 });
    counts.add(Code::L2, if by_name { second_rule } else { 0 });
    shared
}

/// Adds ENPs that are not among the shared ones, with all their records.
pub(super) fn add_shared(records: Records<'_>, shared: &mut Vec<SharedNumber>, enps: &BTreeSet<u64>) {
    let known: BTreeSet<u64> = shared.iter().map(|number| number.enp).collect();
    let mut of_enp: BTreeMap<u64, Vec<u32>> = enps.difference(&known).map(|&enp| (enp, Vec::new())).collect();
    for (record, identity) in records.accepted() {
        if let Some(of_enp) = of_enp.get_mut(&identity.enp) {
            of_enp.push(record);
        }
    }
    shared.extend(of_enp.into_iter().map(|(enp, records)| SharedNumber { enp, records }));
}

/// Whether two records of one ENP agree as L1 and as L2 ask.
struct Agreement {
    person: bool,
    full_name: bool,
}

impl Agreement {
    #[inline]
    fn of(names: Names<'_>, left: &Identity, right: &Identity) -> Self {
        if left.given_name == InternedText::NONE {
            return Self { person: false, full_name: false };
        }
        let as_received = left.given_name == right.given_name;
        let given_name = as_received || names.given_name(left) == names.given_name(right);
        let same_names = as_received && (left.surname, left.patronymic) == (right.surname, right.patronymic)
            || given_name && names.of(left) == names.of(right);
        let full_name = same_names && left.surname != InternedText::NONE;
        Self { person: given_name && left.birth_date == right.birth_date, full_name }
    }
}

/// Unites each record of an ENP with those that agree with it; returns how often L1 and L2 found one.
fn unite_carefully(records: Records<'_>, names: Names<'_>, rules: LinkRules, groups: &mut Groups, of_enp: &[u32]) -> (u64, u64) {
    let person = |record: u32| {
        let identity = records.at(record);
        (identity.given_name != InternedText::NONE).then(|| (identity.birth_date, names.given_name(identity)))
    };
    let full_name = |record: u32| names.full(records.at(record));
    let by_person = if rules.applies(Code::L1) { unite_runs(groups, of_enp, person) } else { 0 };
    let by_name = if rules.applies(Code::L2) { unite_runs(groups, of_enp, full_name) } else { 0 };
    (by_person, by_name)
}

/// Unites records of equal keys; those without a key are left alone. Returns how many have the key of an earlier one.
pub(super) fn unite_runs<K: Ord>(groups: &mut Groups, records: &[u32], key: impl Fn(u32) -> Option<K>) -> u64 {
    let mut keyed: Vec<(K, u32)> = records.iter().filter_map(|&record| Some((key(record)?, record))).collect();
    keyed.sort_unstable();
    let mut united = 0;
    for pair in keyed.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        groups.unite(pair[0].1, pair[1].1);
        united += 1;
    }
    united
}

/// Rule L3.
fn unite_by_snils(records: Records<'_>, names: Names<'_>, groups: &mut Groups, table: &mut KeyTable, counts: &mut LinkCounts) {
    table.reset(records.len());
    let mut united = 0;
    for (record, identity) in
        records.accepted().filter(|(_, identity)| identity.snils != 0 && identity.given_name != InternedText::NONE)
    {
        let given_name = names.given_name(identity);
        let equal = |other: u32| {
            let other = records.at(other);
            other.snils == identity.snils && other.birth_date == identity.birth_date && names.given_name(other) == given_name
        };
        let hash = mix(&[identity.snils, with_birth(identity, given_name)]);
        if let Some(first) = table.first_or_insert(hash, record, equal) {
            groups.unite(first, record);
            united += 1;
        }
    }
    counts.add(Code::L3, united);
}

/// Rule L5.
fn unite_by_policy(records: Records<'_>, names: Names<'_>, groups: &mut Groups, table: &mut KeyTable, counts: &mut LinkCounts) {
    let with_policy =
        || records.accepted().filter(|(_, identity)| identity.policy != 0 && identity.given_name != InternedText::NONE);
    table.reset(with_policy().count());
    let mut united = 0;
    for (record, identity) in with_policy() {
        let given_name = names.given_name(identity);
        let equal = |index: u32| {
            let other = records.at(index);
            other.policy == identity.policy
                && other.policy_kind == identity.policy_kind
                && other.birth_date == identity.birth_date
                && names.given_name(other) == given_name
                && same_number(records, index, record, TextKind::PolicyNumber)
        };
        let hash = mix(&[u64::from(identity.policy), with_birth(identity, given_name)]);
        if let Some(first) = table.first_or_insert(hash, record, equal) {
            groups.unite(first, record);
            united += 1;
        }
    }
    counts.add(Code::L5, united);
}

#[inline]
pub(super) fn with_birth(identity: &Identity, given_name: u32) -> u64 {
    u64::from(given_name) << 32 | u64::from(identity.birth_date.days() as u32)
}

/// Whether two numbers are equal in the form for comparison. Asked only when their hashes are equal, so nearly always yes.
pub(super) fn same_number(records: Records<'_>, left: u32, right: u32, kind: TextKind) -> bool {
    records.text(left, kind).bytes() == records.text(right, kind).bytes()
        || form_of_number(records, left, kind) == form_of_number(records, right, kind)
}

/// The number of a record's policy or document in the form for comparison.
pub(super) fn form_of_number(records: Records<'_>, record: u32, kind: TextKind) -> String {
    let mut form = String::new();
    match kind {
        TextKind::DocNumber => {
            normalise_document_number(&records.text(record, kind), &mut form);
        }
        _ => normalise_policy_number(&records.text(record, kind), &mut form),
    }
    form
}
