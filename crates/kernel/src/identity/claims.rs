//! Decision which person continues which id of the former run (SEM-421, SEM-422).
//!
//! A person claims each former id that was given to one of the person's identities, once for each identity. All claims
//! on an id are decided together. Nothing is known here about records.

use std::collections::BTreeMap;
use std::ops::Range;

use super::former_ids::{FormerIds, IdState, IdentityRow};
use super::record_identities::PersonIdentities;
use sverka_model::PersonId;

/// Claim of a person on a former id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Claim {
    /// The former id.
    pub id: PersonId,
    /// Index of the person.
    pub person: u32,
    /// State of the former id.
    pub state: IdState,
    /// Number of the person's identities that were first known under the id.
    pub identities: u32,
}

/// Former row of each identity of persons, looked up once for all that asks for it.
pub(super) struct FoundRows<'f> {
    former: &'f FormerIds,
    /// Position of the first former row of each identity, one person after another; [`Self::NONE`] for an unknown identity.
    first: Vec<u32>,
}

impl<'f> FoundRows<'f> {
    const NONE: u32 = u32::MAX;

    /// Looks up the identities of persons.
    pub fn new(persons: &PersonIdentities, former: &'f FormerIds) -> Self {
        let position = |&identity| former.position(identity).map_or(Self::NONE, |at| at as u32);
        Self { former, first: persons.all().iter().map(position).collect() }
    }

    /// Positions of the former rows of an identity, which is the one at a position among those of all persons.
    #[inline]
    pub fn positions(&self, identity: usize) -> Range<usize> {
        let first = self.first[identity];
        self.former.positions_from((first != Self::NONE).then_some(first as usize))
    }

    /// Former rows of an identity.
    #[inline]
    pub fn rows(&self, identity: usize) -> &'f [IdentityRow] {
        &self.former.rows()[self.positions(identity)]
    }
}

/// Claims of all persons on the ids of the former run, by id and person.
pub(super) fn claims_of(persons: &PersonIdentities, found: &FoundRows<'_>) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::with_capacity(persons.len() + persons.len() / 16);
    for person in 0..persons.len() {
        let from = claims.len();
        for row in persons.range_of(person).flat_map(|identity| found.rows(identity)) {
            match claims[from..].iter_mut().find(|claim| claim.id == row.id) {
                Some(claim) => claim.identities += 1,
                None => claims.push(Claim { id: row.id, person: person as u32, state: row.state, identities: 1 }),
            }
        }
    }
    claims.sort_unstable();
    claims
}

/// Order of the ways in which a person can have won an id: the first one is continued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// A person of the former run had the id.
    Living,
    /// The id stood for a retired one, and nobody claims it for its own identities.
    StoodForRetired,
    /// No record of the id was left.
    Gone,
    /// Another id stood for it.
    Retired,
}

/// Id that a person won.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Won {
    /// Index of the person.
    pub person: u32,
    /// Standing of the id.
    pub standing: Standing,
    /// The id.
    pub id: PersonId,
    /// Id that stood for the won one in the former run.
    pub taken_over_by: PersonId,
}

/// Decision about all claims.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Decision {
    /// Ids that persons won, by person; the first one of a person is the id that the person continues.
    pub won: Vec<Won>,
    /// For persons that claimed a living id and won none: the id of which they had most identities, the smaller one of
    /// several; by person.
    pub lost: BTreeMap<u32, PersonId>,
}

impl Decision {
    /// Ids that a person won; the first one is continued.
    pub fn won_by(&self, person: usize) -> &[Won] {
        let from = self.won.partition_point(|won| (won.person as usize) < person);
        let to = from + self.won[from..].iter().take_while(|won| won.person as usize == person).count();
        &self.won[from..to]
    }
}

/// Decides claims that are sorted by id. `tie` orders persons with equally many identities of one id.
pub(super) fn decide<K: Ord>(claims: &[Claim], tie: impl Fn(u32) -> K) -> Decision {
    let mut won = Vec::with_capacity(claims.len());
    for of_id in claims.chunk_by(|left, right| left.id == right.id) {
        let Claim { id, state, .. } = of_id[0];
        let standing = match state {
            IdState { taken_over_by, .. } if taken_over_by != PersonId::NONE => Standing::Retired,
            IdState { is_gone: true, .. } => Standing::Gone,
            _ => Standing::Living,
        };
        let person = winner(of_id.iter().map(|claim| (claim.person, claim.identities)), &tie);
        won.push(Won { person, standing, id, taken_over_by: state.taken_over_by });
    }
    let stood: Vec<Won> = stood_for_retired(claims, &tie).collect();
    won.extend(stood);
    won.sort_unstable();
    let mut decision = Decision { won, lost: BTreeMap::new() };
    for claim in claims.iter().filter(|claim| claim.state.taken_over_by == PersonId::NONE && !claim.state.is_gone) {
        let won = decision.won_by(claim.person as usize);
        if won.first().is_none_or(|won| won.standing > Standing::StoodForRetired) {
            let most = |person: u32, id: PersonId| {
                claims.binary_search_by_key(&(id, person), |claim| (claim.id, claim.person)).map_or(0, |at| claims[at].identities)
            };
            let lost = decision.lost.entry(claim.person).or_insert(claim.id);
            if most(claim.person, *lost) < claim.identities {
                *lost = claim.id;
            }
        }
    }
    decision
}

/// Ids that stood for retired ones and that nobody claims for identities of their own. The person with most identities of the ids that they stood for
/// continues them.
fn stood_for_retired<K: Ord>(claims: &[Claim], tie: &impl Fn(u32) -> K) -> impl Iterator<Item = Won> {
    let mut roots: BTreeMap<PersonId, BTreeMap<u32, u32>> = BTreeMap::new();
    for claim in claims.iter().filter(|claim| claim.state.taken_over_by != PersonId::NONE) {
        let root = claim.state.taken_over_by;
        if claims.binary_search_by_key(&root, |claim| claim.id).is_err() {
            *roots.entry(root).or_default().entry(claim.person).or_default() += claim.identities;
        }
    }
    roots.into_iter().map(move |(id, persons)| {
        let person = winner(persons.into_iter(), tie);
        Won { person, standing: Standing::StoodForRetired, id, taken_over_by: PersonId::NONE }
    })
}

/// Person with most identities.
fn winner<K: Ord>(mut persons: impl Iterator<Item = (u32, u32)>, tie: &impl Fn(u32) -> K) -> u32 {
    let (mut best, mut most) = persons.next().expect("invariant: a claim has a claimant");
    for (person, identities) in persons {
        if identities > most || identities == most && tie(person) < tie(best) {
            (best, most) = (person, identities);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: i64 = 0;

    /// Persons, each with an id.
    type PersonsWithIds = Vec<(u32, i64)>;

    /// Claim of a person on an id with so many identities; the id is taken over by another one, or gone when that is negative.
    fn claim(id: i64, person: u32, identities: u32, taken_over_by: i64) -> Claim {
        let state =
            IdState { taken_over_by: PersonId::from_stored(taken_over_by.max(0)), is_gone: taken_over_by < 0, spans: false };
        Claim { id: PersonId::from_stored(id), person, state, identities }
    }

    /// Ids that each person won, the continued one first, and ids that persons lost.
    fn decided(mut claims: Vec<Claim>) -> (PersonsWithIds, PersonsWithIds) {
        claims.sort_unstable();
        let decision = decide(&claims, std::cmp::Reverse);
        let won = decision.won.iter().map(|won| (won.person, won.id.number())).collect();
        (won, decision.lost.iter().map(|(&person, id)| (person, id.number())).collect())
    }

    #[test]
    fn a_person_continues_the_smallest_living_id() {
        assert_eq!(decided(vec![claim(5, 0, 2, NONE), claim(3, 0, 1, NONE)]), (vec![(0, 3), (0, 5)], vec![]));
        assert_eq!(decided(vec![claim(5, 0, 1, NONE), claim(3, 0, 4, -1)]), (vec![(0, 5), (0, 3)], vec![]));
    }

    #[test]
    fn most_identities_win_an_id_and_the_smaller_content_a_tie() {
        assert_eq!(decided(vec![claim(5, 0, 2, NONE), claim(5, 1, 3, NONE)]), (vec![(1, 5)], vec![(0, 5)]));
        // The test orders persons backwards.
        assert_eq!(decided(vec![claim(5, 0, 2, NONE), claim(5, 1, 2, NONE)]), (vec![(1, 5)], vec![(0, 5)]));
        assert_eq!(
            decided(vec![claim(5, 0, 2, NONE), claim(5, 1, 3, NONE), claim(7, 0, 3, NONE), claim(7, 1, 4, NONE)]),
            (vec![(1, 5), (1, 7)], vec![(0, 7)])
        );
    }

    #[test]
    fn parts_of_a_merged_person_return_to_their_ids() {
        assert_eq!(decided(vec![claim(3, 0, 2, NONE), claim(5, 1, 9, 3)]), (vec![(0, 3), (1, 5)], vec![]));
        assert_eq!(decided(vec![claim(3, 0, 2, NONE), claim(5, 0, 9, 3)]), (vec![(0, 3), (0, 5)], vec![]));
    }

    #[test]
    fn the_id_that_stood_for_a_retired_one_goes_on_when_nobody_brings_its_own_identities() {
        assert_eq!(decided(vec![claim(5, 0, 2, 3)]), (vec![(0, 3), (0, 5)], vec![]));
        assert_eq!(decided(vec![claim(5, 0, 2, 3), claim(7, 1, 3, 3)]), (vec![(0, 5), (1, 3), (1, 7)], vec![]));
    }

    #[test]
    fn a_person_who_comes_back_gets_the_former_id() {
        assert_eq!(decided(vec![claim(5, 0, 2, -1)]), (vec![(0, 5)], vec![]));
        assert_eq!(
            decided(vec![claim(5, 0, 1, -1), claim(3, 0, 1, NONE), claim(3, 1, 2, NONE)]),
            (vec![(0, 5), (1, 3)], vec![(0, 3)])
        );
    }
}
