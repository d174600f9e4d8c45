//! Step 2 (`L6`): groups that share an ENP and the birth date it codes are one person unless something contradicts; and who shares an ENP.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::groups::Groups;
use super::links::{LinkCounts, SharedNumber};
use super::{Names, RecordFinding, Records};
use crate::identifier::{Date, Enp, names_compatible};
use crate::rules::Code;

/// What is known of a group of step 1, for judging contradiction.
#[derive(Default)]
struct GroupFacts<'t> {
    snils: BTreeSet<u64>,
    sexes: BTreeSet<u8>,
    given_names: BTreeSet<&'t str>,
}

/// ENPs that may belong to several persons, and the records of contradicted pairs.
pub(super) struct Contested {
    numbers: Vec<Vec<u32>>,
    contradicted: Vec<u32>,
}

/// A pair of ENP and birth date with the groups of step 1 that share it.
struct SharedPair {
    records: Vec<u32>,
    groups: Vec<u32>,
}

/// Joins the groups of each pair of ENP and coded birth date when no two of them contradict each other.
pub(super) fn join_uncontradicted(
    records: Records<'_>,
    names: Names<'_>,
    groups: &Groups,
    numbers: &[SharedNumber],
    counts: &mut LinkCounts,
) -> Contested {
    let pairs: Vec<SharedPair> = numbers.par_iter().filter_map(|number| shared_pair(records, groups, number)).collect();
    let facts = facts_of(records, names, groups, &pairs);
    let verdicts: Vec<bool> = pairs.par_iter().map(|pair| any_contradiction(pair, &facts)).collect();
    // Every verdict is about the groups of step 1: none may be joined before all are judged.
    let mut contradicted = Vec::new();
    for (pair, contradiction) in pairs.iter().zip(verdicts) {
        if contradiction {
            contradicted.extend_from_slice(&pair.records);
        } else {
            counts.add(Code::L6, pair.groups.len() as u64 - 1);
            for group in &pair.groups[1..] {
                groups.unite(pair.groups[0], *group);
            }
        }
    }
    Contested { numbers: numbers.iter().map(|number| number.records.clone()).collect(), contradicted }
}

/// The records of an ENP that have the birth date it codes, if they are in more than one group.
fn shared_pair(records: Records<'_>, groups: &Groups, number: &SharedNumber) -> Option<SharedPair> {
    let coded: Date = Enp::from_number(number.enp)?.decode().ok()?.birth_date;
    let same_birth = |record: &u32| records.identity(*record).is_some_and(|identity| identity.birth_date == coded);
    let sharing: Vec<u32> = number.records.iter().copied().filter(same_birth).collect();
    let roots: BTreeSet<u32> = sharing.iter().map(|&record| groups.find(record)).collect();
    (roots.len() > 1).then(|| SharedPair { records: sharing, groups: roots.into_iter().collect() })
}

fn facts_of<'t>(records: Records<'t>, names: Names<'t>, groups: &Groups, pairs: &[SharedPair]) -> BTreeMap<u32, GroupFacts<'t>> {
    let mut facts: BTreeMap<u32, GroupFacts<'t>> =
        pairs.iter().flat_map(|pair| &pair.groups).map(|&group| (group, GroupFacts::default())).collect();
    if facts.is_empty() {
        return facts;
    }
    let members: Vec<(u32, u32)> = (0..records.len() as u32)
        .into_par_iter()
        .filter(|&record| records.identity(record).is_some())
        .map(|record| (groups.find(record), record))
        .filter(|(group, _)| facts.contains_key(group))
        .collect();
    for (group, record) in members {
        let (Some(facts), Some(identity)) = (facts.get_mut(&group), records.identity(record)) else { continue };
        if identity.snils != 0 {
            facts.snils.insert(identity.snils);
        }
        if identity.sex != 0 {
            facts.sexes.insert(identity.sex);
        }
        facts.given_names.insert(names.given_name_text(identity));
    }
    facts
}

fn any_contradiction(pair: &SharedPair, facts: &BTreeMap<u32, GroupFacts<'_>>) -> bool {
    let facts: Vec<&GroupFacts<'_>> = pair.groups.iter().map(|group| &facts[group]).collect();
    facts.par_iter().enumerate().any(|(index, left)| facts[index + 1..].iter().any(|right| contradict(left, right)))
}

fn contradict(left: &GroupFacts<'_>, right: &GroupFacts<'_>) -> bool {
    let differ = |none_in_common: bool, known: bool| known && none_in_common;
    differ(left.snils.is_disjoint(&right.snils), !left.snils.is_empty() && !right.snils.is_empty())
        || differ(left.sexes.is_disjoint(&right.sexes), !left.sexes.is_empty() && !right.sexes.is_empty())
        || !left.given_names.iter().any(|one| right.given_names.iter().any(|other| names_compatible(one, other)))
}

/// `ENP_SHARED`: the records of contradicted pairs, and all records of an ENP that ended in different persons.
pub(super) fn findings(groups: &Groups, contested: &Contested) -> Vec<RecordFinding> {
    let several = |records: &&Vec<u32>| records.iter().any(|&record| groups.find(record) != groups.find(records[0]));
    let shared = contested.numbers.iter().filter(several).flatten();
    shared.chain(&contested.contradicted).map(|&record| RecordFinding { record, code: Code::EnpShared }).collect()
}
