//! Claims that start on one day with different organisations compete before the sweep. The strongest claim wins for its organisation (SEM-274).

use super::claim::{Claim, Strength};
use super::stay::{Decision, Outcome, Winner};
use sverka_model::{Code, Date, OrganisationId};
use sverka_reference::Succession;

/// A claim that takes part in the sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Contender {
    /// Index of the claim.
    pub claim: u32,
    /// Whether the claim won a tie by the smaller code of its organisation.
    pub tied: bool,
}

/// Lets the claims of each start day compete. Winners go to `contenders`, decisions against losers to `decisions`. `order` is a buffer.
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

/// Winner among the claims that start on one day with several organisations.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    /// The organisation, as read on the day.
    organisation: OrganisationId,
    /// Strength of the strongest claims.
    highest: Strength,
    /// First record among the strongest claims to the organisation.
    record: u32,
    /// Whether strongest claims name several organisations, so that the smaller code wins.
    pub tied: bool,
}

impl Standing {
    /// Winner among the claims with the indexes `of_day`, which start on `day`. `None` when all claims name one organisation.
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

    /// Decision against a claim of the day; `None` for a claim to the winning organisation.
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
