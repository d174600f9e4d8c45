//! Decisions of people about persons: records are one person against the rules, records are different persons, or the
//! life, insurer or clinic of a person is decided. Decisions come after all rules. "Different persons" comes last of
//! all decisions, so it wins.

use std::collections::{BTreeMap, BTreeSet};

use super::agreement::{LINK_RULES, agree};
use super::groups::Groups;
use super::links::{LinkCounts, LinkRules};
use super::override_selectors::OverrideSelectors;
use super::{Names, PersonBlock, Records};
use sverka_model::{Code, Enp};
use sverka_settings::{EntryState, Ruling};

/// Entries of the overrides, resolved to the persons of one [`Linked`](super::Linked).
#[derive(Debug, Default)]
pub struct ResolvedOverrides {
    /// Outcome of each entry of the overrides.
    pub entries: Vec<ResolvedEntry>,
    /// Entries about life, insurer and clinics of a person, in the order of their lines; by the index of the person.
    pub of_person: BTreeMap<u32, Vec<u32>>,
}

impl ResolvedOverrides {
    /// Follows persons to new indexes: `new_indexes` has the new index of each person.
    pub(super) fn renumber(&mut self, new_indexes: &[u32]) {
        for entry in &mut self.entries {
            entry.persons.iter_mut().for_each(|person| *person = new_indexes[*person as usize]);
            entry.persons.sort_unstable();
        }
        let of_person = std::mem::take(&mut self.of_person);
        self.of_person = of_person.into_iter().map(|(person, entries)| (new_indexes[person as usize], entries)).collect();
    }
}

/// Outcome of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedEntry {
    /// State of the entry. For an entry in [`ResolvedOverrides::of_person`]: the state when the stays of the person do not change.
    pub state: EntryState,
    /// Indexes of the persons of the named records.
    pub persons: Vec<u32>,
    /// Number of records that the entry moved to another group.
    pub records: u64,
}

/// Records that entries name, while persons are made.
pub(super) struct NamedRecords {
    /// Records by entry and side, ascending and each once.
    sides: Vec<[Vec<u32>; 2]>,
    entries: Vec<ResolvedEntry>,
}

/// Groups with their records, while decisions change the groups.
struct Members<'g> {
    groups: &'g mut Groups,
    /// Records of each group, ascending; by the name of the group.
    records: BTreeMap<u32, Vec<u32>>,
}

/// Records, and the rules and names by which they are compared.
#[derive(Clone, Copy)]
pub(super) struct Comparison<'t> {
    pub records: Records<'t>,
    pub names: Names<'t>,
    pub rules: LinkRules,
}

impl NamedRecords {
    /// Finds the named records.
    pub fn find(records: Records<'_>, selectors: &OverrideSelectors<'_>) -> Self {
        let entries = selectors.overrides().entries();
        let mut sides = vec![[Vec::new(), Vec::new()]; entries.len()];
        for (record, identity) in records.accepted() {
            for (entry, side) in selectors.naming(records, record, identity) {
                let named: &mut Vec<u32> = &mut sides[entry as usize][usize::from(side)];
                if named.last() != Some(&record) {
                    named.push(record);
                }
            }
        }
        let unresolved = |entry: &sverka_settings::Entry| {
            let state = if entry.ended { EntryState::Ended } else { EntryState::NotFound };
            ResolvedEntry { state, persons: Vec::new(), records: 0 }
        };
        Self { sides, entries: entries.iter().map(unresolved).collect() }
    }

    /// Unites and divides groups as the entries say, in the order of their lines. Returns the ENPs of the divided groups.
    pub fn decide(
        &mut self,
        comparison: Comparison<'_>,
        selectors: &OverrideSelectors<'_>,
        groups: &mut Groups,
        counts: &mut LinkCounts,
    ) -> BTreeSet<Enp> {
        let records = comparison.records;
        let mut members = Members::new(records, groups);
        let entries = || (0..).zip(selectors.overrides().entries());
        for (index, _) in entries().filter(|(_, entry)| matches!(entry.ruling, Ruling::SamePerson(_))) {
            let (united, changed) = match &self.sides[index] {
                [one, other] if one.is_empty() || other.is_empty() => continue,
                [one, other] => members.unite(one.iter().chain(other)),
            };
            counts.add(Code::OverrideSame, united);
            self.entries[index].set(united > 0, changed);
        }
        let mut divided_enps = BTreeSet::new();
        for (index, _) in entries().filter(|(_, entry)| matches!(entry.ruling, Ruling::DifferentPersons(_))) {
            let [one, other] = &self.sides[index];
            if one.is_empty() || other.is_empty() {
                continue;
            }
            let (mut divided, mut changed) = (0, 0);
            for name in members.holding_both(one, other) {
                let of_group = members.records[&name].clone();
                let second = second_person(comparison, &of_group, one, other);
                members.divide(name, &second);
                divided += 1;
                changed += of_group.len() as u64;
                divided_enps.extend(of_group.iter().map(|&record| records.at(record).enp).filter(|&enp| enp != Enp::NONE));
            }
            counts.add(Code::OverrideDifferent, divided);
            self.entries[index].set(divided > 0, changed);
        }
        divided_enps
    }

    /// Resolves the entries to persons.
    pub fn resolve(
        mut self,
        records: Records<'_>,
        selectors: &OverrideSelectors<'_>,
        persons: &PersonBlock,
    ) -> ResolvedOverrides {
        let mut person_of = vec![u32::MAX; records.len()];
        for (index, (_, of_person)) in (0..).zip(persons.iter()) {
            of_person.iter().for_each(|&record| person_of[record as usize] = index);
        }
        let mut of_person: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (index, entry) in selectors.overrides().entries().iter().enumerate() {
            let persons: BTreeSet<u32> = self.sides[index].iter().flatten().map(|&record| person_of[record as usize]).collect();
            let decided = &mut self.entries[index];
            decided.persons = persons.into_iter().collect();
            if !matches!(entry.ruling, Ruling::Insurer(_) | Ruling::Clinic(..) | Ruling::Alive(_)) {
                continue;
            }
            match decided.persons[..] {
                [] => {}
                [only] => {
                    decided.state = EntryState::NoEffect;
                    of_person.entry(only).or_default().push(index as u32);
                }
                _ => decided.state = EntryState::Ambiguous,
            }
        }
        ResolvedOverrides { entries: self.entries, of_person }
    }
}

impl ResolvedEntry {
    fn set(&mut self, applied: bool, records: u64) {
        self.state = if applied { EntryState::Applied } else { EntryState::NoEffect };
        self.records = records;
    }
}

impl<'g> Members<'g> {
    fn new(records: Records<'_>, groups: &'g mut Groups) -> Self {
        let mut by_group: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (record, _) in records.accepted() {
            by_group.entry(groups.find(record)).or_default().push(record);
        }
        Self { groups, records: by_group }
    }

    /// Unites the groups of some records. Returns the number of groups that joined another group, and the number of
    /// records of all groups if any did.
    fn unite<'n>(&mut self, named: impl Iterator<Item = &'n u32>) -> (u64, u64) {
        let names: BTreeSet<u32> = named.map(|&record| self.groups.find(record)).collect();
        let Some(&first) = names.first() else { return (0, 0) };
        if names.len() == 1 {
            return (0, 0);
        }
        let mut all: Vec<u32> = names.iter().filter_map(|name| self.records.remove(name)).flatten().collect();
        all.sort_unstable();
        names.iter().for_each(|&name| self.groups.unite(first, name));
        let changed = all.len() as u64;
        self.records.insert(first, all);
        (names.len() as u64 - 1, changed)
    }

    /// Groups with a record of `one` and a record of `other` that is not in `one`.
    fn holding_both(&mut self, one: &[u32], other: &[u32]) -> Vec<u32> {
        let of_one: BTreeSet<u32> = one.iter().map(|&record| self.groups.find(record)).collect();
        let only_other = other.iter().filter(|record| one.binary_search(record).is_err());
        let of_other: BTreeSet<u32> = only_other.map(|&record| self.groups.find(record)).collect();
        of_one.intersection(&of_other).copied().collect()
    }

    /// Divides a group into the records in `second` and the others.
    fn divide(&mut self, name: u32, second: &BTreeSet<u32>) {
        let all = self.records.remove(&name).unwrap_or_default();
        let (second, first): (Vec<u32>, Vec<u32>) = all.into_iter().partition(|record| second.contains(record));
        for side in [first, second] {
            self.groups.regroup(&side);
            self.records.insert(side[0], side);
        }
    }
}

/// Records of a group that go with `other` when the group is divided.
///
/// The first side begins with the records that `one` names, the second with the other records that `other` names. Then
/// the rules are tested in their order, again and again: all records that agree with a record of a side by the first
/// rule with any agreement join that side (the first one, if they agree with both). Records that agree with no side by
/// any rule go to the first.
fn second_person(
    Comparison { records, names, rules }: Comparison<'_>,
    group: &[u32],
    one: &[u32],
    other: &[u32],
) -> BTreeSet<u32> {
    let named =
        |side: &[u32]| -> Vec<u32> { group.iter().copied().filter(|record| side.binary_search(record).is_ok()).collect() };
    let mut sides = [named(one), named(other)];
    let first = std::mem::take(&mut sides[0]);
    sides[1].retain(|record| first.binary_search(record).is_err());
    sides[0] = first;
    let mut rest: Vec<u32> =
        group.iter().copied().filter(|record| !sides.iter().any(|side| side.binary_search(record).is_ok())).collect();
    let side_of = |sides: &[Vec<u32>; 2], rule: Code, record: u32| {
        sides.iter().position(|side| side.iter().any(|&assigned| agree(records, names, rule, assigned, record)))
    };
    loop {
        let brought = LINK_RULES.iter().filter(|&&rule| rules.applies(rule)).find_map(|&rule| {
            let brought: Vec<(u32, usize)> =
                rest.iter().filter_map(|&record| Some((record, side_of(&sides, rule, record)?))).collect();
            (!brought.is_empty()).then_some(brought)
        });
        let Some(brought) = brought else { break };
        rest.retain(|record| brought.iter().all(|(taken, _)| taken != record));
        brought.into_iter().for_each(|(record, side)| sides[side].push(record));
    }
    let [_, second] = sides;
    second.into_iter().collect()
}
