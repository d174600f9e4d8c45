//! Split of people without an insurer over the insurers that remain, in proportion to the insured people of each insurer.
//!
//! The split uses whole numbers only. It knows people by number, address and whether they work, and insurers by code and size. The order of people and
//! the order of insurers do not matter.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;
use sverka_model::PersonId;

/// Kinds of people: working people and others. With equal shares each kind is split by itself.
const KINDS: usize = 2;

/// Person to distribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Number of the person, unique.
    pub person_id: PersonId,
    /// Key of the address, if known.
    pub household: Option<i64>,
    /// Whether the person has a working category.
    pub works: bool,
}

/// Insurer that takes people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Code, unique.
    pub code: String,
    /// Number of insured people.
    pub insured: u64,
}

/// Result of a split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Numbers of people by proportion, in the given order of insurers.
    pub quotas: Vec<u64>,
    /// Index of the insurer for each person, in the given order of people.
    pub proposed: Vec<usize>,
    /// Number of people of the same address that are distributed together, for each person.
    pub household_sizes: Vec<usize>,
}

/// Splits people over insurers. At least one insurer has insured people.
///
/// Quotas are by largest remainder, ties by the smaller code. With `equal_shares` working people and others have quotas of their own. A household goes
/// to one insurer as a whole. Larger households go first, ties by the smaller key; then single people, by number. Each unit goes to the insurer
///
/// 1. with the least excess over the open quotas,
/// 2. then with the largest open part of its quota,
/// 3. then with the smallest code.
///
/// # Panics
/// When no insurer has insured people.
#[must_use]
pub fn split(people: &[Candidate], insurers: &[Recipient], equal_shares: bool) -> Split {
    let kind = |candidate: &Candidate| usize::from(equal_shares && candidate.works);
    let mut order: Vec<usize> = (0..insurers.len()).collect();
    order.sort_by(|&a, &b| insurers[a].code.cmp(&insurers[b].code));
    let weights: Vec<u64> = order.iter().map(|&index| insurers[index].insured).collect();
    let mut insurer_quotas = vec![Quota::default(); order.len()];
    for of_kind in 0..KINDS {
        let total = people.iter().filter(|candidate| kind(candidate) == of_kind).count() as u64;
        for (quota, part) in insurer_quotas.iter_mut().zip(largest_remainder(total, &weights)) {
            quota.total[of_kind] = part;
            quota.open[of_kind] = part as i64;
        }
    }
    let mut proposed = vec![0; people.len()];
    let mut household_sizes = vec![0; people.len()];
    for unit in units(people) {
        let mut members = [0; KINDS];
        unit.iter().for_each(|&at| members[kind(&people[at])] += 1);
        let best = (0..insurer_quotas.len())
            .min_by(|&a, &b| insurer_quotas[a].compare(&insurer_quotas[b], members))
            .expect("there is an insurer");
        for (open, members) in insurer_quotas[best].open.iter_mut().zip(members) {
            *open -= members;
        }
        for &at in &unit {
            proposed[at] = order[best];
            household_sizes[at] = unit.len();
        }
    }
    let mut quotas = vec![0; insurers.len()];
    for (quota, &index) in insurer_quotas.iter().zip(&order) {
        quotas[index] = quota.total.iter().sum();
    }
    Split { quotas, proposed, household_sizes }
}

/// Parts of `total` in proportion to weights, as whole numbers. The rest of the division goes to the largest remainders, ties to the first one.
///
/// # Panics
/// When all weights are zero.
#[must_use]
pub fn largest_remainder(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    assert!(sum > 0, "invariant: somebody has insured people");
    let product = |weight: u64| u128::from(total) * u128::from(weight);
    let mut parts: Vec<u64> = weights.iter().map(|&weight| (product(weight) / sum) as u64).collect();
    let left = total - parts.iter().sum::<u64>();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|&index| Reverse(product(weights[index]) % sum));
    by_remainder.into_iter().take(left as usize).for_each(|index| parts[index] += 1);
    parts
}

/// Units of people that go together, as indexes of people, in the order in which they are assigned.
fn units(people: &[Candidate]) -> Vec<Vec<usize>> {
    let mut households: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    let mut units = Vec::new();
    for (at, candidate) in people.iter().enumerate() {
        match candidate.household {
            Some(key) => households.entry(key).or_default().push(at),
            None => units.push(vec![at]),
        }
    }
    units.extend(households.into_values());
    units.sort_by_cached_key(|unit| {
        let first = unit.iter().map(|&at| people[at].person_id).min();
        let key = people[unit[0]].household.filter(|_| unit.len() > 1);
        (Reverse(unit.len()), key, first)
    });
    units
}

/// Quota of one insurer, by kind of people.
#[derive(Clone, Copy, Default)]
struct Quota {
    total: [u64; KINDS],
    /// Open part of the quota; below zero when the insurer got more.
    open: [i64; KINDS],
}

impl Quota {
    /// Order of two insurers for a unit; the smaller one takes it.
    fn compare(&self, other: &Self, members: [i64; KINDS]) -> Ordering {
        let excess = |quota: &Self| -> i64 {
            let over = |kind: usize| (members[kind] - quota.open[kind].max(0)).max(0);
            (0..KINDS).map(over).sum()
        };
        // Only the kinds of people in the unit count.
        let sums = |quota: &Self| {
            let kinds = (0..KINDS).filter(|&kind| members[kind] > 0);
            kinds.fold((0, 0), |(open, total), kind| (open + i128::from(quota.open[kind]), total + i128::from(quota.total[kind])))
        };
        let ((open, total), (other_open, other_total)) = (sums(self), sums(other));
        let by_open_part = match (total, other_total) {
            (0, 0) => Ordering::Equal,
            (0, _) => Ordering::Greater,
            (_, 0) => Ordering::Less,
            _ => (other_open * total).cmp(&(open * other_total)),
        };
        excess(self).cmp(&excess(other)).then(by_open_part)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn recipients(insured: &[u64]) -> Vec<Recipient> {
        (1..).zip(insured).map(|(number, &insured)| Recipient { code: format!("980{number:02}"), insured }).collect()
    }

    fn person(person_id: i64, household: i64) -> Candidate {
        Candidate {
            person_id: PersonId::from_stored(person_id),
            household: (household != 0).then_some(household),
            works: person_id % 2 == 0,
        }
    }

    /// Numbers of people, by insurer.
    fn counts(split: &Split) -> Vec<u64> {
        let mut counts = vec![0; split.quotas.len()];
        split.proposed.iter().for_each(|&index| counts[index] += 1);
        counts
    }

    #[test]
    fn what_is_left_goes_to_the_largest_remainders_then_to_the_first() {
        assert_eq!(largest_remainder(10, &[1, 1, 1]), [4, 3, 3]);
        // 10 × 47 / 100 = 4.7, 1.6, 3.7
        assert_eq!(largest_remainder(10, &[47, 16, 37]), [5, 1, 4]);
        assert_eq!(largest_remainder(3, &[0, 5, 0]), [0, 3, 0]);
        assert_eq!(largest_remainder(0, &[5, 7]), [0, 0]);
        assert_eq!(largest_remainder(u64::MAX, &[u64::MAX, u64::MAX]), [u64::MAX / 2 + 1, u64::MAX / 2]);
    }

    #[test]
    fn single_people_fill_the_quotas_exactly() {
        let people: Vec<Candidate> = (1..=101).map(|id| person(id, 0)).collect();
        let split = split(&people, &recipients(&[600, 300, 100]), false);
        assert_eq!(split.quotas, [61, 30, 10]);
        assert_eq!(counts(&split), split.quotas);
    }

    #[test]
    fn a_household_goes_as_a_whole_where_it_fits() {
        // Quotas 6, 3, 1: the family of four fits into the first quota only, the family of three into the second.
        let people: Vec<Candidate> = [(1, 7), (2, 7), (3, 7), (4, 7), (5, 8), (6, 8), (7, 8), (8, 0), (9, 0), (10, 9)]
            .map(|(id, household)| person(id, household))
            .to_vec();
        let split = split(&people, &recipients(&[60, 30, 10]), false);
        assert_eq!(split.proposed[..7], [0, 0, 0, 0, 1, 1, 1]);
        assert_eq!(counts(&split), [6, 3, 1]);
        assert_eq!(split.household_sizes, [4, 4, 4, 4, 3, 3, 3, 1, 1, 1]);
    }

    #[test]
    fn a_household_that_fits_nowhere_passes_a_quota_as_little_as_possible() {
        let people: Vec<Candidate> = (1..=5).map(|id| person(id, 7)).collect();
        let split = split(&people, &recipients(&[60, 40]), false);
        assert_eq!((split.quotas.as_slice(), counts(&split).as_slice()), ([3, 2].as_slice(), [5, 0].as_slice()));
    }

    #[test]
    fn with_equal_shares_working_people_and_others_are_in_proportion_each() {
        let mut people: Vec<Candidate> = (1..=8).map(|id| Candidate { works: id <= 4, ..person(id, 0) }).collect();
        people.reverse();
        let insurers = recipients(&[50, 50]);
        let working = |split: &Split, index: usize| {
            people.iter().zip(&split.proposed).filter(|(candidate, proposed)| candidate.works && **proposed == index).count()
        };
        let equal = split(&people, &insurers, true);
        assert_eq!((working(&equal, 0), working(&equal, 1)), (2, 2));
        assert_eq!(counts(&equal), [4, 4]);
    }

    fn any_people() -> impl Strategy<Value = Vec<Candidate>> {
        proptest::collection::btree_map(0_i64..500, (0_i64..12, any::<bool>(), any::<bool>()), 0..60).prop_map(|people| {
            people
                .into_iter()
                .map(|(person_id, (household, alone, works))| Candidate {
                    person_id: PersonId::from_stored(person_id),
                    household: (!alone).then_some(household),
                    works,
                })
                .collect()
        })
    }

    fn any_recipients() -> impl Strategy<Value = Vec<Recipient>> {
        proptest::collection::vec(0_u64..1_000, 1..6)
            .prop_filter("somebody has insured people", |insured| insured.iter().any(|&insured| insured > 0))
            .prop_map(|insured| recipients(&insured))
    }

    proptest! {
        #[test]
        fn quotas_sum_to_the_people_and_are_off_by_less_than_one(total in 0_u64..1_000_000, weights in any_recipients()) {
            let weights: Vec<u64> = weights.iter().map(|recipient| recipient.insured).collect();
            let parts = largest_remainder(total, &weights);
            prop_assert_eq!(parts.iter().sum::<u64>(), total);
            let sum: u64 = weights.iter().sum();
            for (part, weight) in parts.iter().zip(&weights) {
                prop_assert!((part * sum).abs_diff(total * weight) < sum);
            }
        }

        #[test]
        fn households_stay_together_and_quotas_are_passed_by_less_than_a_household(
            people in any_people(), insurers in any_recipients(), equal_shares: bool
        ) {
            let split = split(&people, &insurers, equal_shares);
            prop_assert_eq!(split.quotas.iter().sum::<u64>(), people.len() as u64);
            let mut insurer_of_household = BTreeMap::new();
            for (candidate, &index) in people.iter().zip(&split.proposed) {
                if let Some(key) = candidate.household {
                    prop_assert_eq!(*insurer_of_household.entry(key).or_insert(index), index);
                }
            }
            let largest = split.household_sizes.iter().max().copied().unwrap_or(1) as u64;
            if !equal_shares {
                for (count, quota) in counts(&split).iter().zip(&split.quotas) {
                    prop_assert!(count.saturating_sub(*quota) < largest.max(1));
                }
            }
            if largest <= 1 {
                prop_assert_eq!(counts(&split), split.quotas);
            }
        }

        #[test]
        fn neither_the_order_of_people_nor_of_insurers_matters(
            people in any_people(), insurers in any_recipients(), equal_shares: bool, turn in 0_usize..60
        ) {
            let by_person = |people: &[Candidate], insurers: &[Recipient]| -> BTreeMap<PersonId, String> {
                let split = split(people, insurers, equal_shares);
                let code = |&index: &usize| insurers[index].code.clone();
                people.iter().map(|candidate| candidate.person_id).zip(split.proposed.iter().map(code)).collect()
            };
            let (mut other_people, mut other_insurers) = (people.clone(), insurers.clone());
            other_people.rotate_left(turn % people.len().max(1));
            other_people.reverse();
            other_insurers.rotate_left(turn % insurers.len());
            prop_assert_eq!(by_person(&people, &insurers), by_person(&other_people, &other_insurers));
        }

        #[test]
        fn the_insured_of_all_insurers_times_a_factor_give_the_same(people in any_people(), insurers in any_recipients()) {
            let times: Vec<Recipient> =
                insurers.iter().map(|recipient| Recipient { insured: recipient.insured * 7, ..recipient.clone() }).collect();
            prop_assert_eq!(split(&people, &insurers, false), split(&people, &times, false));
        }
    }
}
