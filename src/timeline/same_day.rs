//! Claims that start on one day with different organisations compete before the sweep.

use super::claim::Claim;
use super::stay::{Decision, Outcome, Winner};
use crate::identifier::Date;
use crate::reference::Succession;
use crate::rules::Code;

/// A claim that takes part in the sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Contender {
    /// The claim, by its index.
    pub claim: u32,
    /// It stands by the smaller code alone.
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
    let claim = |index: u32| &claims[index as usize];
    let read = |index: u32| succession.read_on(claim(index).organisation, claim(index).from);
    if day.iter().all(|&index| read(index) == read(day[0])) {
        contenders.extend(day.iter().map(|&claim| Contender { claim, tied: false }));
        return;
    }
    let Some(highest) = day.iter().map(|&index| claim(index).strength()).max() else { return };
    let on_top = |index: u32| claim(index).strength() == highest;
    let Some(standing) =
        day.iter().copied().filter(|&index| on_top(index)).min_by_key(|&index| (read(index), claim(index).record))
    else {
        return;
    };
    let tied = day.iter().any(|&index| on_top(index) && read(index) != read(standing));
    for &index in day {
        if read(index) == read(standing) {
            contenders.push(Contender { claim: index, tied: tied && on_top(index) });
            continue;
        }
        decisions.push(Decision {
            loser: claim(index).record,
            winner: Winner::Record(claim(standing).record),
            outcome: Outcome::Lost,
            rule: if on_top(index) { Code::SameDayTie } else { Code::SameDay },
            losing: read(index),
            winning: read(standing),
            start: claim(index).from,
            counted_on: Date::NEVER,
            taken_on: Date::NEVER,
        });
    }
}
