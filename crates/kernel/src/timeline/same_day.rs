//! Claims that start on one day with different organisations compete before the sweep.

use super::claim::{Claim, Strength};
use super::stay::{Decision, Outcome, Winner};
use sverka_model::{Code, Date, OrganisationId};
use sverka_reference::Succession;

/// A claim that takes part in the sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Contender {
    /// The claim, by its index.
    pub claim: u32,
    /// Its organisation stands by the smaller code alone.
    pub tied: bool,
}

/// Lets the claims of each start day compete; what is left goes to `contenders`, what is out to `decisions`. `order` is a buffer.
pub(super) fn compete(
    claims: &[Claim],
    succession: &Succession,
    order: &mut Vec<u32>,
    contenders: &mut Vec<Contender>,
    decisions: &mut Vec<Decision>,
) {
    order.clear();
    order.extend(0..claims.len() as u32);
    order.sort_by_key(|&index| claims[index as usize].from);
    for day in order.chunk_by(|&left, &right| claims[left as usize].from == claims[right as usize].from) {
        compete_on_day(claims, day, succession, contenders, decisions);
    }
}

fn compete_on_day(
    claims: &[Claim],
    day: &[u32],
    succession: &Succession,
    contenders: &mut Vec<Contender>,
    decisions: &mut Vec<Decision>,
) {
    let start = claims[day[0] as usize].from;
    let Some(standing) = Standing::among(claims, day.iter().copied(), start, succession) else {
        contenders.extend(day.iter().map(|&claim| Contender { claim, tied: false }));
        return;
    };
    for &index in day {
        match standing.against(&claims[index as usize], start, succession) {
            Some(decision) => decisions.push(decision),
            None => contenders.push(Contender { claim: index, tied: standing.tied }),
        }
    }
}

/// The organisation that stands on a day on which claims to several begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    /// As read on the day.
    organisation: OrganisationId,
    /// How strong the claims on the highest place are.
    highest: Strength,
    /// The record with the smallest position among the claims to it on the highest place.
    record: u32,
    /// Whether the highest place is shared, so that the organisation stands by the smaller code alone.
    pub tied: bool,
}

impl Standing {
    /// Lets claims compete that begin on `day`, given by their indexes; none when all of them are to one organisation.
    pub fn among(
        claims: &[Claim],
        of_day: impl Iterator<Item = u32> + Clone,
        day: Date,
        succession: &Succession,
    ) -> Option<Self> {
        let of_day = of_day.map(|index| &claims[index as usize]);
        let read = |claim: &Claim| succession.read_on(claim.organisation, day);
        let first = read(of_day.clone().next()?);
        if of_day.clone().all(|claim| read(claim) == first) {
            return None;
        }
        let highest = of_day.clone().map(Claim::strength).max()?;
        let on_top = of_day.filter(|claim| claim.strength() == highest);
        let standing = on_top.clone().min_by_key(|claim| (read(claim), claim.record))?;
        let organisation = read(standing);
        let tied = on_top.clone().any(|claim| read(claim) != organisation);
        Some(Self { organisation, highest, record: standing.record, tied })
    }

    /// The decision against a claim of the day; none when it is to the organisation that stands.
    pub fn against(&self, claim: &Claim, day: Date, succession: &Succession) -> Option<Decision> {
        let losing = succession.read_on(claim.organisation, day);
        (losing != self.organisation).then(|| Decision {
            loser: claim.record,
            winner: Winner::Record(self.record),
            outcome: Outcome::Lost,
            rule: if claim.strength() == self.highest { Code::SameDayTie } else { Code::SameDay },
            losing,
            winning: self.organisation,
            start: day,
            counted_on: Date::NEVER,
            taken_on: Date::NEVER,
        })
    }
}
