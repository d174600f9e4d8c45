//! Person ids that last: ids of the former run are continued, and rows of `person_ids` and `person_events` are made (SEM-421 to SEM-426).
//!
//! Claims on an id are decided in one place: in the partition of its bucket, or among the cross-partition records
//! (`cross_partition` leaves out each group whose claims may meet others). So a partition decides alone, twice: when its
//! persons are made, and when their rows are written; the second time the ids are known and the rows are made.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::claims::{Claim, Decision, FoundRows, Standing, Won, claims_of, decide};
use super::cross_partition::FormerClaims;
use super::former_ids::{FormerIds, IdState, IdentityRow};
use super::links::LinkRules;
use super::path::LinkPaths;
use super::person_id::smallest_identity;
use super::record_identities::{IdentityMaker, PersonIdentities, RecordIdentity};
use super::{Linked, Names, PersonBlock, RecordIndex, Records, ResolvedOverrides};
use crate::shuffle::BUCKET_BITS;
use sverka_model::{Code, PersonId};
use sverka_settings::{EntryState, Overrides, Ruling};

/// Kind of a change of person ids between the former run and this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdEvent {
    /// No record of the id is left.
    Gone,
    /// The other id stands for this one from now on.
    Merged,
    /// The person is new, or comes back.
    New,
    /// The records had the other id in the former run.
    Split,
}

impl IdEvent {
    /// Name in the tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Merged => "merged",
            Self::New => "new",
            Self::Split => "split",
        }
    }
}

/// Row of `person_events`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonEvent {
    /// The id.
    pub id: PersonId,
    /// Kind of the change.
    pub event: IdEvent,
    /// For `merged` the id that stays, for `split` the id of the former run; else [`PersonId::NONE`].
    pub other: PersonId,
    /// Rule or decision that joined or divided the records, if one did.
    pub rule: Option<Code>,
}

/// Rows of the tables about ids.
#[derive(Debug, Default)]
pub struct IdRows {
    /// Rows of `person_ids`, by identity and id.
    pub identities: Vec<IdentityRow>,
    /// Rows of `person_events`, by id.
    pub events: Vec<PersonEvent>,
}

/// Ids that cross-partition persons have or won.
#[derive(Debug, Default)]
pub struct CrossPartitionIds {
    /// Rows of these persons.
    pub rows: IdRows,
    states: BTreeMap<PersonId, IdState>,
    /// Ids that the persons claimed for their identities, or to which identities of theirs belong.
    claimed: BTreeSet<PersonId>,
}

/// Ids of the former run, for the persons of a run.
pub trait KnownIds {
    /// Reason for not telling.
    type Error;

    /// Those of some ids that the former run knows, for anybody and in any state.
    ///
    /// # Errors
    /// When the table of the former run cannot be read.
    fn known(&self, ids: &BTreeSet<PersonId>) -> Result<BTreeSet<PersonId>, Self::Error>;
}

/// Order of persons with equally many identities of one id: the id by content, then the content of the records.
fn tie<'t>(records: Records<'t>, names: Names<'t>, of_person: &[RecordIndex]) -> (PersonId, Option<(u8, u64)>) {
    let content = of_person.iter().map(|&record| records.content(record)).min();
    (smallest_identity(records, names, of_person).person_id(0), content)
}

/// Makes the persons of a partition continue their ids of the former run.
///
/// Nearly every person claims one id that nobody else claims, and continues it. Only the others are looked at closely.
pub(super) fn continue_partition(
    records: Records<'_>,
    maker: IdentityMaker<'_>,
    claims: &FormerClaims<'_>,
    persons: &mut PersonBlock,
) {
    let names = Names::new(records.interned);
    let former = claims.former;
    let mut won: Vec<PersonId> = persons.iter().map(|(_, of_person)| only_claim(claims, of_person).unwrap_or_default()).collect();
    let rivals = rivals(claims, persons, &won);
    let mut identities = PersonIdentities::default();
    rivals.iter().for_each(|&person| identities.push(maker, records, persons.records_of(person)));
    let among_rivals = claims_of(&identities, &FoundRows::new(&identities, former));
    let decision = decide(&among_rivals, |rival| tie(records, names, persons.records_of(rivals[rival as usize])));
    for (rival, &person) in rivals.iter().enumerate() {
        won[person] = decision.won_by(rival).first().map_or(PersonId::NONE, |won| won.id);
    }
    let new_id = |person: usize| {
        let by_content = persons.ids()[person];
        if former.state(by_content).is_none() {
            return by_content;
        }
        let identity = smallest_identity(records, names, persons.records_of(person));
        (1..).map(|attempt| identity.person_id(attempt)).find(|&id| former.state(id).is_none()).unwrap_or(by_content)
    };
    let ids: Vec<PersonId> =
        won.iter().enumerate().map(|(person, &id)| if id == PersonId::NONE { new_id(person) } else { id }).collect();
    persons.renumber(&ids);
}

/// The one former id that a person claims, [`PersonId::NONE`] without any; `None` when the person claims several.
fn only_claim(claims: &FormerClaims<'_>, of_person: &[RecordIndex]) -> Option<PersonId> {
    let mut only = PersonId::NONE;
    for &record in of_person {
        let first = claims.first_of(record);
        if !claims.further_of(record).is_empty() || first != PersonId::NONE && only != PersonId::NONE && first != only {
            return None;
        }
        only = only.max(first);
    }
    Some(only)
}

/// Persons that claim several ids, or one that another person claims as well, ascending. `only` has the one id that each other person claims.
fn rivals(claims: &FormerClaims<'_>, persons: &PersonBlock, only: &[PersonId]) -> Vec<usize> {
    let mut claimed: Vec<(PersonId, usize)> = Vec::with_capacity(persons.len());
    let mut rivals = BTreeSet::new();
    for (person, (_, of_person)) in persons.iter().enumerate() {
        if only[person] != PersonId::NONE {
            claimed.push((only[person], person));
        } else if only_claim(claims, of_person).is_none() {
            rivals.insert(person);
            let ids = of_person.iter().flat_map(|&record| {
                let further = claims.further_of(record).iter().map(|&(id, _)| id);
                further.chain([claims.first_of(record)])
            });
            claimed.extend(ids.filter(|&id| id != PersonId::NONE).map(|id| (id, person)));
        }
    }
    claimed.sort_unstable();
    claimed.dedup();
    for of_id in claimed.chunk_by(|left, right| left.0 == right.0).filter(|of_id| of_id.len() > 1) {
        rivals.extend(of_id.iter().map(|&(_, person)| person));
    }
    rivals.into_iter().collect()
}

/// Rows of the persons of a partition.
pub struct PartitionPersons<'p> {
    /// Records of the partition.
    pub records: Records<'p>,
    /// Id and records of each person.
    pub persons: &'p [(PersonId, &'p [RecordIndex])],
    /// Linking rules in force.
    pub rules: LinkRules,
    /// Ids of the former run in the partition; `None` when no run came before.
    pub former: Option<&'p FormerIds>,
    /// Ids of cross-partition persons.
    pub cross_partition: &'p CrossPartitionIds,
}

impl PartitionPersons<'_> {
    /// Rows of the persons, and of former ids of the partition that have no record in this run.
    #[must_use]
    pub fn rows(&self) -> IdRows {
        let Self { records, persons, rules, former, cross_partition } = *self;
        let names = Names::new(records.interned);
        let maker = IdentityMaker::new(names, rules);
        let mut identities = PersonIdentities::default();
        persons.iter().for_each(|(_, of_person)| identities.push(maker, records, of_person));
        let empty = FormerIds::default();
        let known = former.unwrap_or(&empty);
        let found = FoundRows::new(&identities, known);
        let claims = claims_of(&identities, &found);
        let decision = decide(&claims, |person| tie(records, names, persons[person as usize].1));
        let maker = RowMaker { maker, records, rules, persons, identities: &identities, former: known, found: &found };
        let MadeRows { mut rows, states, touched } = maker.make(&decision, |_| None);
        if former.is_some() {
            let unclaimed = UnclaimedIds { former: known, touched: &touched, claims: &claims, states: &states, cross_partition };
            unclaimed.keep(&mut rows);
        } else {
            rows.events.clear();
        }
        rows.identities.sort_unstable();
        rows.events.sort_unstable();
        rows.events.dedup();
        rows
    }
}

/// Former ids of a partition that nobody claims, and what decides the states that they have now.
struct UnclaimedIds<'u> {
    former: &'u FormerIds,
    /// Whether an identity of the partition's persons has the row, by row.
    touched: &'u [bool],
    /// Claims of the partition's persons, by id.
    claims: &'u [Claim],
    /// States of the ids of the partition's persons, by id.
    states: &'u [(PersonId, IdState)],
    cross_partition: &'u CrossPartitionIds,
}

impl UnclaimedIds<'_> {
    /// Keeps the rows of the ids.
    fn keep(&self, rows: &mut IdRows) {
        let made = OnceCell::new();
        let of_persons = rows.identities.len();
        for (row, _) in self.former.rows().iter().zip(self.touched).filter(|(_, touched)| !**touched) {
            let (before, now) = (row.state, self.state(row.id));
            let is_made = row.identity == RecordIdentity::of_id(row.id) && now.is_some_and(|now| now.spans);
            if is_made || self.is_claimed(row.id) {
                continue;
            }
            // An id that stood for a retired one may have got identities of its own again.
            let made = || made.get_or_init(|| own_identities(&rows.identities[..of_persons]).collect::<BTreeSet<_>>());
            if now.is_some() && made().contains(&row.id) {
                continue;
            }
            let state = match (now, before.taken_over_by) {
                (Some(now), _) => now,
                (None, PersonId::NONE) => IdState { is_gone: true, ..before },
                (None, root) => match self.state(root) {
                    // The id that stood for this one may have been taken over itself.
                    Some(now) => IdState {
                        taken_over_by: if now.taken_over_by == PersonId::NONE { root } else { now.taken_over_by },
                        spans: before.spans || now.spans,
                        ..before
                    },
                    None => before,
                },
            };
            rows.identities.push(IdentityRow { state, ..*row });
            if state.is_gone && !before.is_gone && self.former.is_at_home(row.id) {
                rows.events.push(PersonEvent { id: row.id, event: IdEvent::Gone, other: PersonId::NONE, rule: None });
            }
        }
    }

    fn is_claimed(&self, id: PersonId) -> bool {
        self.claims.binary_search_by_key(&id, |claim| claim.id).is_ok() || self.cross_partition.claimed.contains(&id)
    }

    /// State of an id that a person of this run has or won.
    fn state(&self, id: PersonId) -> Option<IdState> {
        let local = self.states.binary_search_by_key(&id, |(id, _)| *id).ok().map(|at| self.states[at].1);
        local.or_else(|| self.cross_partition.states.get(&id).copied())
    }
}

/// Ids to which identities of records belong. The row with the number of an id itself is none of a record.
fn own_identities(rows: &[IdentityRow]) -> impl Iterator<Item = PersonId> {
    rows.iter().filter(|row| row.identity != RecordIdentity::of_id(row.id)).map(|row| row.id)
}

/// Makes rows of persons whose ids are decided.
struct RowMaker<'r> {
    maker: IdentityMaker<'r>,
    records: Records<'r>,
    rules: LinkRules,
    persons: &'r [(PersonId, &'r [RecordIndex])],
    identities: &'r PersonIdentities,
    former: &'r FormerIds,
    /// Former rows of the identities.
    found: &'r FoundRows<'r>,
}

/// Rows of persons, and what else follows from the decision.
#[derive(Default)]
struct MadeRows {
    rows: IdRows,
    /// States of the ids that persons have or won, by id.
    states: Vec<(PersonId, IdState)>,
    /// Whether an identity of the persons has a former row, by row.
    touched: Vec<bool>,
}

impl RowMaker<'_> {
    /// Rows of all persons, and the states of their ids. `divided` gives the decision by which people divided a person from another.
    fn make(&self, decision: &Decision, divided: impl Fn(usize) -> Option<Code>) -> MadeRows {
        let mut made = MadeRows { touched: vec![false; self.former.rows().len()], ..MadeRows::default() };
        made.rows.identities.reserve(self.identities.len() * 4);
        for (person, &(id, of_person)) in self.persons.iter().enumerate() {
            let won = decision.won_by(person);
            let spans = self.identity_rows(person, won, &mut made);
            let state = |taken_over_by| IdState { taken_over_by, is_gone: false, spans };
            made.states.push((id, state(PersonId::NONE)));
            made.states.extend(won.iter().filter(|other| other.id != id).map(|other| (other.id, state(id))));
            for other in won.iter().filter(|other| other.id != id && other.standing != Standing::Retired) {
                let rule = self.joined_by(of_person, other.id);
                made.rows.events.push(PersonEvent { id: other.id, event: IdEvent::Merged, other: id, rule });
            }
            let split = |from| PersonEvent { id, event: IdEvent::Split, other: from, rule: divided(person) };
            made.rows.events.extend(match (won.first(), decision.lost.get(&(person as u32))) {
                (Some(Won { standing: Standing::Living | Standing::StoodForRetired, .. }), _) => None,
                (_, Some(&lost)) => Some(split(lost)),
                (Some(Won { standing: Standing::Retired, taken_over_by, .. }), None) => Some(split(*taken_over_by)),
                _ => Some(PersonEvent { id, event: IdEvent::New, other: PersonId::NONE, rule: None }),
            });
        }
        made.states.sort_unstable();
        made
    }

    /// Adds the rows of the identities of a person. Returns whether identities and ids of the person have several buckets, or had them in the former
    /// run.
    fn identity_rows(&self, person: usize, won: &[Won], made: &mut MadeRows) -> bool {
        let id = self.persons[person].0;
        let bucket = id.first_bits(BUCKET_BITS);
        let mut spans = self.identities.of_person(person).iter().any(|identity| identity.first_bits(BUCKET_BITS) != bucket)
            || won.iter().any(|won| won.id.first_bits(BUCKET_BITS) != bucket);
        let from = made.rows.identities.len();
        let row = |identity: RecordIdentity, origin: PersonId| {
            let taken_over_by = if origin == id { PersonId::NONE } else { id };
            IdentityRow { identity, id: origin, state: IdState { taken_over_by, is_gone: false, spans: false } }
        };
        for at in self.identities.range_of(person) {
            let (identity, found) = (self.identities.all()[at], self.found.positions(at));
            made.touched[found.clone()].fill(true);
            let mut origin = PersonId::NONE;
            for former in &self.former.rows()[found] {
                let is_won = won.iter().any(|won| won.id == former.id);
                spans |= former.state.spans && (is_won || won.iter().any(|won| won.id == former.state.taken_over_by));
                if is_won && origin == PersonId::NONE {
                    origin = former.id;
                }
            }
            made.rows.identities.push(row(identity, if origin == PersonId::NONE { id } else { origin }));
        }
        if spans {
            let others = won.iter().map(|won| won.id).filter(|&origin| origin != id);
            made.rows.identities.extend(others.chain([id]).map(|origin| row(RecordIdentity::of_id(origin), origin)));
            made.rows.identities[from..].iter_mut().for_each(|row| row.state.spans = true);
        }
        spans
    }

    /// Rule that joined the records of a former id to the others of a person (SEM-424): the strongest among the links
    /// between a record of the id and another record, else among the identities of records that have both ids.
    #[cold]
    fn joined_by(&self, of_person: &[RecordIndex], id: PersonId) -> Option<Code> {
        let mut with_id = BTreeSet::new();
        let mut bridges: Vec<Code> = Vec::new();
        for &record in of_person {
            let (mut of_id, mut has_other) = (Vec::new(), false);
            self.maker.each(self.records, record, |identity, rule| {
                let found = self.former.find(identity);
                of_id.extend(rule.filter(|_| found.iter().any(|row| row.id == id)));
                has_other |= found.iter().any(|row| row.id != id);
                if found.iter().any(|row| row.id == id) {
                    with_id.insert(record);
                }
            });
            if has_other {
                bridges.extend(of_id);
            }
        }
        let mut paths = LinkPaths::new(self.records.interned, self.rules);
        let links = paths.find(self.records, of_person).iter().zip(of_person);
        let between = links.filter_map(|(link, record)| {
            let link = (*link)?;
            (with_id.contains(record) != with_id.contains(&link.from)).then_some(link.rule)
        });
        between.min().or_else(|| bridges.into_iter().min())
    }
}

/// Persons of the cross-partition records before their ids are continued.
pub struct CrossPartitionPersons<'c> {
    /// Records of the persons.
    pub records: Records<'c>,
    /// Linking rules in force.
    pub rules: LinkRules,
    /// Decisions of people.
    pub overrides: &'c Overrides,
}

impl CrossPartitionPersons<'_> {
    /// Identities of the persons. Records with an identity that several persons have are known by their content as well.
    #[must_use]
    pub fn identities(&self, persons: &PersonBlock) -> PersonIdentities {
        let maker = self.maker();
        let mut identities = PersonIdentities::default();
        persons.iter().for_each(|(_, of_person)| identities.push(maker, self.records, of_person));
        let shared = identities.shared();
        if shared.is_empty() {
            return identities;
        }
        let mut with_content = PersonIdentities::default();
        for (_, of_person) in persons.iter() {
            let mut all = Vec::new();
            for &record in of_person {
                let from = all.len();
                maker.each(self.records, record, |identity, _| all.push(identity));
                if all[from..].iter().any(|identity| shared.binary_search(identity).is_ok()) {
                    all.push(IdentityMaker::content(self.records, record));
                }
            }
            with_content.push_all(all);
        }
        with_content
    }

    /// Makes the persons continue their ids, and makes their rows. `former` has the former rows of the identities; `None` when no run came before.
    ///
    /// # Errors
    /// When the former ids cannot be read.
    pub fn continue_ids<I: KnownIds>(
        &self,
        linked: &mut Linked,
        decided: &mut ResolvedOverrides,
        identities: &PersonIdentities,
        former: Option<(&FormerIds, &I)>,
    ) -> Result<CrossPartitionIds, I::Error> {
        let empty = FormerIds::default();
        let names = Names::new(self.records.interned);
        let persons = &linked.persons;
        let known_rows = former.map_or(&empty, |(rows, _)| rows);
        let found = FoundRows::new(identities, known_rows);
        let claims = claims_of(identities, &found);
        let tie = |person: u32| tie(self.records, names, persons.records_of(person as usize));
        let decision = decide(&claims, tie);
        let ids = self.ids(persons, &decision, former.map(|(_, known)| known))?;
        let with_ids: Vec<(PersonId, &[RecordIndex])> =
            ids.iter().enumerate().map(|(person, &id)| (id, persons.records_of(person))).collect();
        let (maker, records, rules) = (self.maker(), self.records, self.rules);
        let rows = RowMaker { maker, records, rules, persons: &with_ids, identities, former: known_rows, found: &found };
        let divided = self.divided(decided);
        let MadeRows { mut rows, states, .. } =
            rows.make(&decision, |person| divided.contains(&(person as u32)).then_some(Code::OverrideDifferent));
        rows.identities.sort_unstable();
        rows.events.sort_unstable();
        if former.is_none() {
            rows.events.clear();
        }
        let new_indexes = linked.persons.renumber(&ids);
        decided.renumber(&new_indexes);
        let claimed = claims.iter().map(|claim| claim.id).chain(own_identities(&rows.identities)).collect();
        Ok(CrossPartitionIds { rows, states: states.into_iter().collect(), claimed })
    }

    fn maker(&self) -> IdentityMaker<'_> {
        IdentityMaker::new(Names::new(self.records.interned), self.rules)
    }

    /// Persons that decisions of people divided from others.
    fn divided(&self, decided: &ResolvedOverrides) -> BTreeSet<u32> {
        let entries = self.overrides.entries().iter().zip(&decided.entries);
        let dividing = entries.filter(|(entry, resolved)| {
            matches!(entry.ruling, Ruling::DifferentPersons(_)) && resolved.state == EntryState::Applied
        });
        dividing.flat_map(|(_, resolved)| resolved.persons.iter().copied()).collect()
    }

    /// Ids of all persons: continued ones, and ids by content that nobody has or had.
    fn ids<I: KnownIds>(&self, persons: &PersonBlock, decision: &Decision, known: Option<&I>) -> Result<Vec<PersonId>, I::Error> {
        let names = Names::new(self.records.interned);
        let mut ids: Vec<PersonId> =
            (0..persons.len()).map(|person| decision.won_by(person).first().map_or(PersonId::NONE, |won| won.id)).collect();
        let mut given: BTreeSet<PersonId> = ids.iter().copied().filter(|&id| id != PersonId::NONE).collect();
        let mut waiting: Vec<usize> = (0..persons.len()).filter(|&person| ids[person] == PersonId::NONE).collect();
        waiting.sort_by_cached_key(|&person| tie(self.records, names, persons.records_of(person)));
        let mut attempt = 0;
        while !waiting.is_empty() {
            let tried = |person: usize| smallest_identity(self.records, names, persons.records_of(person)).person_id(attempt);
            let tried: Vec<PersonId> = waiting.iter().map(|&person| tried(person)).collect();
            let known = known.map_or_else(|| Ok(BTreeSet::new()), |known| known.known(&tried.iter().copied().collect()))?;
            let mut tried = tried.into_iter();
            waiting.retain(|&person| {
                let id = tried.next().unwrap_or(PersonId::NONE);
                let is_free = !known.contains(&id) && given.insert(id);
                if is_free {
                    ids[person] = id;
                }
                !is_free
            });
            attempt += 1;
        }
        Ok(ids)
    }
}
