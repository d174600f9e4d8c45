//! Step 2 of linking (`L6`): groups that share an ENP and the birth date it codes are one person unless something
//! contradicts. The finding `ENP_SHARED` is made here, too.
//!
//! Semantics: SEM-267, SEM-268 of `docs/semantics.md`.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::Groups;
use super::links::{LinkCounts, SharedEnp};
use super::{Names, RecordFinding, Records};
use sverka_model::{Code, Date, InternedText, Snils, names_compatible};

/// Known values of a group of step 1, which may contradict those of another group.
#[derive(Default)]
struct GroupFacts<'t> {
    snils: BTreeSet<Snils>,
    sexes: BTreeSet<u8>,
    given_names: BTreeSet<&'t str>,
}

/// Records of each contradicted pair of ENP and birth date.
#[derive(Default)]
pub(super) struct Contradicted(Vec<Vec<u32>>);

impl Contradicted {
    /// Whether the records of each pair belong to several groups.
    pub fn divided(&self, groups: &mut Groups) -> Vec<bool> {
        let mut divided = |pair: &Vec<u32>| {
            let first = groups.find(pair[0]);
            pair.iter().any(|&record| groups.find(record) != first)
        };
        self.0.iter().map(&mut divided).collect()
    }

    /// Removes the pairs that belonged to several groups before people decided, and belong to one group now.
    pub fn settle(&mut self, divided_before: &[bool], groups: &mut Groups) {
        let divided = self.divided(groups);
        let mut states = divided_before.iter().zip(divided);
        self.0.retain(|_| states.next().is_none_or(|(&before, now)| now || !before));
    }
}

/// A pair of ENP and coded birth date, with the groups of step 1 that share it.
struct SharedPair {
    records: Vec<u32>,
    groups: Vec<u32>,
}

/// Joins the groups of each pair of ENP and coded birth date, unless two of them contradict each other. Pairs with a group that is left out are not
/// judged.
pub(super) fn join_uncontradicted(
    records: Records<'_>,
    names: Names<'_>,
    groups: &mut Groups,
    numbers: &[SharedEnp],
    is_left_out: impl Fn(u32) -> bool,
    counts: &mut LinkCounts,
) -> Contradicted {
    let mut pairs: Vec<SharedPair> = numbers.iter().filter_map(|number| shared_pair(records, groups, number)).collect();
    pairs.retain(|pair| !pair.groups.iter().any(|&group| is_left_out(group)));
    let facts = facts_of(records, names, groups, &pairs);
    let verdicts: Vec<bool> = pairs.iter().map(|pair| any_contradiction(pair, &facts)).collect();
    // Each verdict is about the groups of step 1, so no group is joined before all pairs are judged.
    let mut contradicted = Vec::new();
    for (pair, contradiction) in pairs.iter().zip(verdicts) {
        if contradiction {
            contradicted.push(pair.records.clone());
        } else {
            counts.add(Code::L6, pair.groups.len() as u64 - 1);
            for group in &pair.groups[1..] {
                groups.unite(pair.groups[0], *group);
            }
        }
    }
    Contradicted(contradicted)
}

/// Records of an ENP with the birth date it codes, if they belong to more than one group.
fn shared_pair(records: Records<'_>, groups: &mut Groups, number: &SharedEnp) -> Option<SharedPair> {
    let coded: Date = number.enp.decode().ok()?.birth_date;
    let same_birth = |record: &u32| records.at(*record).birth_date == coded;
    let sharing: Vec<u32> = number.records.iter().copied().filter(same_birth).collect();
    let roots: BTreeSet<u32> = sharing.iter().map(|&record| groups.find(record)).collect();
    (roots.len() > 1).then(|| SharedPair { records: sharing, groups: roots.into_iter().collect() })
}

fn facts_of<'t>(
    records: Records<'t>,
    names: Names<'t>,
    groups: &mut Groups,
    pairs: &[SharedPair],
) -> BTreeMap<u32, GroupFacts<'t>> {
    let mut facts: BTreeMap<u32, GroupFacts<'t>> =
        pairs.iter().flat_map(|pair| &pair.groups).map(|&group| (group, GroupFacts::default())).collect();
    if facts.is_empty() {
        return facts;
    }
    for (record, identity) in records.accepted() {
        let Some(facts) = facts.get_mut(&groups.find(record)) else { continue };
        if identity.snils != Snils::NONE {
            facts.snils.insert(identity.snils);
        }
        if identity.sex != 0 {
            facts.sexes.insert(identity.sex);
        }
        if identity.given_name != InternedText::NONE {
            facts.given_names.insert(names.given_name_text(identity));
        }
    }
    facts
}

fn any_contradiction(pair: &SharedPair, facts: &BTreeMap<u32, GroupFacts<'_>>) -> bool {
    let facts: Vec<&GroupFacts<'_>> = pair.groups.iter().map(|group| &facts[group]).collect();
    facts.iter().enumerate().any(|(index, left)| facts[index + 1..].iter().any(|right| contradict(left, right)))
}

fn contradict(left: &GroupFacts<'_>, right: &GroupFacts<'_>) -> bool {
    let differ = |none_in_common: bool, known: bool| known && none_in_common;
    let compatible = left.given_names.iter().any(|one| right.given_names.iter().any(|other| names_compatible(one, other)));
    differ(left.snils.is_disjoint(&right.snils), !left.snils.is_empty() && !right.snils.is_empty())
        || differ(left.sexes.is_disjoint(&right.sexes), !left.sexes.is_empty() && !right.sexes.is_empty())
        || differ(!compatible, !left.given_names.is_empty() && !right.given_names.is_empty())
}

/// `ENP_SHARED`: the records of contradicted pairs, and all records of an ENP that ended in different persons, unless the group is left out.
pub(super) fn findings(
    groups: &mut Groups,
    numbers: &[SharedEnp],
    contradicted: &Contradicted,
    is_left_out: impl Fn(u32) -> bool,
) -> Vec<RecordFinding> {
    let mut shared: Vec<u32> = contradicted.0.concat();
    for SharedEnp { records, .. } in numbers {
        let first = groups.find(records[0]);
        if !is_left_out(first) && records.iter().any(|&record| groups.find(record) != first) {
            shared.extend_from_slice(records);
        }
    }
    shared.into_iter().map(|record| RecordFinding { record, code: Code::EnpShared }).collect()
}
