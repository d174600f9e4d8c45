//! Step 1 of linking: records that agree on all fields of one of the rules L1 to L5 are one person (SEM-266).

use std::collections::{BTreeMap, BTreeSet};

use super::documents::{self, SameDigits};
use super::groups::Groups;
use super::key_table::{KeyTable, mix};
use super::{Names, Records};
use sverka_model::{Code, Enp, Identity, InternedText, Snils, TextKind, normalise_document_number, normalise_policy_number};
use sverka_settings::Severities;

/// Number of links of each rule: records equal to an earlier record. For L6 and decisions of people: groups that joined
/// another group or were divided.
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

    /// Rules with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (Code, u64)> + '_ {
        Self::CODES.into_iter().zip(self.counts)
    }

    /// Subtracts other counts, except those of one rule.
    pub fn subtract(&mut self, other: &Self, but: Code) {
        for (index, rule) in Self::CODES.into_iter().enumerate().filter(|&(_, rule)| rule != but) {
            debug_assert!(self.counts[index] >= other.counts[index], "{rule:?}");
            self.counts[index] -= other.counts[index];
        }
    }

    /// Adds other counts.
    pub fn merge(&mut self, other: &Self) {
        self.counts.iter_mut().zip(other.counts).for_each(|(count, other)| *count += other);
    }
}

/// Rules L1 to L6 that link records: all, unless the job switches some off. Decisions of people always apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkRules([bool; 8]);

impl LinkRules {
    /// Rules that the job has not switched off.
    #[must_use]
    pub fn from_severities(severities: &Severities) -> Self {
        Self(LinkCounts::CODES.map(|code| severities.is_on(code)))
    }

    /// Whether a rule is on.
    pub(super) fn applies(self, code: Code) -> bool {
        LinkCounts::CODES.into_iter().zip(self.0).any(|(rule, on)| on && rule == code)
    }
}

impl Default for LinkRules {
    fn default() -> Self {
        Self([true; 8])
    }
}

/// Records of an ENP that may belong to several persons.
pub(super) struct SharedEnp {
    /// The ENP.
    pub enp: Enp,
    /// Records with the ENP, in their order.
    pub records: Vec<u32>,
}

/// Unites records by the rules L1 to L5. Returns the ENPs and documents that several persons may share.
pub(super) fn unite_equal(
    records: Records<'_>,
    names: Names<'_>,
    rules: LinkRules,
    groups: &mut Groups,
    table: &mut KeyTable,
    counts: &mut LinkCounts,
) -> Shared {
    let enps = unite_by_enp(records, names, rules, groups, table, counts);
    if rules.applies(Code::L3) {
        unite_by_snils(records, names, groups, table, counts);
    }
    let documents = documents::unite(records, names, rules, groups, table, counts);
    if rules.applies(Code::L5) {
        unite_by_policy(records, names, groups, table, counts);
    }
    Shared { enps, documents }
}

/// ENPs and documents that several persons may share.
pub(super) struct Shared {
    /// ENPs whose records differ in birth date or name, ascending.
    pub enps: Vec<SharedEnp>,
    /// Documents whose records differ in a field of L4.
    pub documents: Vec<SameDigits>,
}

/// Unites by the rules L1 and L2, which both compare the ENP.
///
/// Nearly all records of an ENP agree, so each record is compared with the first record of its ENP only. If two differ,
/// all records of the ENP are compared again by sorting ([`unite_carefully`]), and the counts of the first pass are
/// taken back.
fn unite_by_enp(
    records: Records<'_>,
    names: Names<'_>,
    rules: LinkRules,
    groups: &mut Groups,
    table: &mut KeyTable,
    counts: &mut LinkCounts,
) -> Vec<SharedEnp> {
    table.reset(records.len());
    let [by_person, by_name] = [Code::L1, Code::L2].map(|code| rules.applies(code));
    let (mut first_rule, mut second_rule, mut differing) = (0, 0, Vec::new());
    for (record, identity) in records.accepted().filter(|(_, identity)| identity.enp != Enp::NONE) {
        let first = table.first_or_insert(mix(&[identity.enp.number()]), record, |other| records.at(other).enp == identity.enp);
        let Some(first) = first else { continue };
        let Agreement { person, full_name } = Agreement::between(names, records.at(first), identity);
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
    let mut shared: Vec<SharedEnp> = differing.iter().map(|&enp| SharedEnp { enp, records: Vec::new() }).collect();
    if !shared.is_empty() {
        for (record, identity) in records.accepted().filter(|(_, identity)| identity.enp != Enp::NONE) {
            if let Ok(index) = differing.binary_search(&identity.enp) {
                shared[index].records.push(record);
            }
        }
    }
    for number in &shared {
        // Before this, each record was compared with the first one only.
        let first = records.at(number.records[0]);
        for &record in &number.records[1..] {
            let Agreement { person, full_name } = Agreement::between(names, first, records.at(record));
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

/// Adds ENPs to the shared ones, with all their records.
pub(super) fn add_shared(records: Records<'_>, shared: &mut Vec<SharedEnp>, enps: &BTreeSet<Enp>) {
    let known: BTreeSet<Enp> = shared.iter().map(|number| number.enp).collect();
    let mut of_enp: BTreeMap<Enp, Vec<u32>> = enps.difference(&known).map(|&enp| (enp, Vec::new())).collect();
    for (record, identity) in records.accepted() {
        if let Some(of_enp) = of_enp.get_mut(&identity.enp) {
            of_enp.push(record);
        }
    }
    shared.extend(of_enp.into_iter().map(|(enp, records)| SharedEnp { enp, records }));
}

/// Agreement of two records of one ENP: by L1 (person) and by L2 (full name).
struct Agreement {
    person: bool,
    full_name: bool,
}

impl Agreement {
    #[inline]
    fn between(names: Names<'_>, left: &Identity, right: &Identity) -> Self {
        if left.given_name == InternedText::NONE {
            return Self { person: false, full_name: false };
        }
        let as_received = left.given_name == right.given_name;
        let given_name = as_received || names.given_name(left) == names.given_name(right);
        let same_names = as_received && (left.surname, left.patronymic) == (right.surname, right.patronymic)
            || given_name && names.all(left) == names.all(right);
        let full_name = same_names && left.surname != InternedText::NONE;
        Self { person: given_name && left.birth_date == right.birth_date, full_name }
    }
}

/// Unites all records of an ENP that agree. Returns the numbers of links by L1 and by L2.
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

/// Unites records with equal keys; records without a key stay alone. Returns the number of records with the key of an earlier one.
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

/// Unites by rule L3: SNILS, birth date and given name.
fn unite_by_snils(records: Records<'_>, names: Names<'_>, groups: &mut Groups, table: &mut KeyTable, counts: &mut LinkCounts) {
    table.reset(records.len());
    let mut united = 0;
    for (record, identity) in
        records.accepted().filter(|(_, identity)| identity.snils != Snils::NONE && identity.given_name != InternedText::NONE)
    {
        let given_name = names.given_name(identity);
        let equal = |other: u32| {
            let other = records.at(other);
            other.snils == identity.snils && other.birth_date == identity.birth_date && names.given_name(other) == given_name
        };
        let hash = mix(&[identity.snils.number(), with_birth(identity, given_name)]);
        if let Some(first) = table.first_or_insert(hash, record, equal) {
            groups.unite(first, record);
            united += 1;
        }
    }
    counts.add(Code::L3, united);
}

/// Unites by rule L5: policy, birth date and given name.
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

/// Given name and birth date as one number.
#[inline]
pub(super) fn with_birth(identity: &Identity, given_name: u32) -> u64 {
    u64::from(given_name) << 32 | u64::from(identity.birth_date.days() as u32)
}

/// Whether two numbers are equal in their normal form. The hashes are equal, so the answer is nearly always yes.
pub(super) fn same_number(records: Records<'_>, left: u32, right: u32, kind: TextKind) -> bool {
    records.text(left, kind).bytes() == records.text(right, kind).bytes()
        || normal_number(records, left, kind) == normal_number(records, right, kind)
}

/// Number of the policy or document of a record, in its normal form.
pub(super) fn normal_number(records: Records<'_>, record: u32, kind: TextKind) -> String {
    let mut form = String::new();
    match kind {
        TextKind::DocNumber => {
            normalise_document_number(&records.text(record, kind), &mut form);
        }
        _ => normalise_policy_number(&records.text(record, kind), &mut form),
    }
    form
}
