//! The sweep: claims in the order of their starts, one current stay, and a rule for each claim to another organisation (SEM-275).
//!
//! ```text
//! A ├──────────┤              A claim of the same organisation joins the current stay:
//! A      ├──────────┤         A ├───────────────┤
//!
//! A ├──────────────┤          Another organisation comes while the stay lasts. The change is permitted: the stay ends.
//! B      ├──────────────┤     A ├────┤B ├────────────┤             decision: A superseded by B
//!
//! A ├──────────────┤          The change is refused. When the claim lasts longer than the stay, it is taken again at the end of the stay.
//! B      ├──────────────┤     A ├──────────────┤B ├──┤             decision: B refused, then deferred
//! ```
//!
//! Cost: sorting the claims; each claim is taken at most twice.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::ClaimFinding;
use super::claim::{Claim, Strength};
use super::same_day::{Contender, Standing, compete};
use super::stay::{Decision, Outcome, Stay, Stays, Winner};
use sverka_model::{Code, Date, OrganisationId};
use sverka_reference::Succession;

/// Verdict of the rules of a subject on a change while a stay lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The change is permitted by `rule`. `violated` is a rule that it broke and that the settings tolerate.
    Permitted { rule: Code, violated: Option<Code> },
    /// The change is refused.
    Refused(Refusal),
}

/// Refusal of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Rule that refuses the change.
    pub rule: Code,
    /// Day of the change that used up the right; never if the right is not the cause.
    pub counted_on: Date,
}

/// Right to change of one person and one subject, with the changes counted so far.
pub(super) trait RightToChange {
    /// Judges a change on `day` while the stay `current` lasts. Counts a permitted voluntary change.
    fn change(&mut self, claim: &Claim, day: Date, current: &Stay) -> Verdict;
    /// Finding on a claim that starts while a stay with another organisation lasts, for any verdict.
    fn finding_against_another(&self, _claim: &Claim) -> Option<Code> {
        None
    }
    /// Finding on a claim that joins an earlier stay with its own organisation.
    fn finding_with_the_same(&self, _claim: &Claim) -> Option<Code> {
        None
    }
    /// Counts a change of organisation on `day` after the former stay had ended.
    fn changed_after_end(&mut self, claim: &Claim, day: Date);
}

/// A contender with its day in the sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Event {
    /// Start of the claim; for a claim that is taken again, the end of the stay that refused it.
    day: Date,
    contender: Contender,
    /// Index of the decision that refused the claim, if the claim is taken again.
    refused: Option<usize>,
}

/// Sweeps one person after another, and reuses its buffers.
#[derive(Debug, Default)]
pub struct Sweep {
    by_day: Vec<u32>,
    contenders: Vec<Contender>,
    events: Vec<Event>,
    again: BinaryHeap<Reverse<(SweepKey, Event)>>,
    /// Claims that are taken again on one day.
    of_day: Vec<Event>,
}

impl Sweep {
    /// Makes the stays of `claims`. Adds decisions and findings.
    pub(super) fn run(
        &mut self,
        claims: &[Claim],
        succession: &Succession,
        right: &mut impl RightToChange,
        stays: &mut Stays,
        decisions: &mut Vec<Decision>,
        findings: &mut Vec<ClaimFinding>,
    ) {
        stays.clear();
        if let [only] = claims {
            stays.begin(0, only, only.from, false);
        } else {
            self.order(claims, succession, decisions);
            let mut walk = Walk { claims, succession, right, stays, decisions, findings, strongest: 0 };
            for event in &self.events {
                while take_day_before(event.day, &mut self.again, &mut self.of_day) {
                    walk.take_again(&mut self.of_day);
                }
                if let Some(later) = walk.take(*event) {
                    self.again.push(Reverse((sweep_key(claims, succession, &later), later)));
                }
            }
            while take_day_before(Date::NEVER, &mut self.again, &mut self.of_day) {
                walk.take_again(&mut self.of_day);
            }
        }
        stays.split_at_successions(succession);
        stays.assert_disjoint();
    }

    fn order(&mut self, claims: &[Claim], succession: &Succession, decisions: &mut Vec<Decision>) {
        self.contenders.clear();
        compete(claims, succession, &mut self.by_day, &mut self.contenders, decisions);
        self.events.clear();
        self.again.clear();
        self.events.extend(self.contenders.iter().map(|&contender| {
            let day = claims[contender.claim as usize].from;
            Event { day, contender, refused: None }
        }));
        self.events.sort_by_key(|event| sweep_key(claims, succession, event));
    }
}

/// Order of the sweep: start, strength, organisation as read on the day, record.
type SweepKey = (Date, Strength, OrganisationId, u32);

fn sweep_key(claims: &[Claim], succession: &Succession, event: &Event) -> SweepKey {
    let claim = &claims[event.contender.claim as usize];
    (event.day, claim.strength(), succession.read_on(claim.organisation, event.day), claim.record)
}

/// Moves the claims that are taken again on the earliest day before `day` into `of_day`, in the order of the sweep. Returns whether there are any. Claims
/// taken again come after the other claims of their day.
fn take_day_before(day: Date, again: &mut BinaryHeap<Reverse<(SweepKey, Event)>>, of_day: &mut Vec<Event>) -> bool {
    of_day.clear();
    let Some(earliest) = again.peek().map(|Reverse((_, event))| event.day).filter(|&earliest| earliest < day) else {
        return false;
    };
    while let Some(Reverse((_, event))) = again.peek().copied().filter(|Reverse((_, event))| event.day == earliest) {
        again.pop();
        of_day.push(event);
    }
    true
}

/// State of the sweep of one person.
struct Walk<'w, R> {
    claims: &'w [Claim],
    succession: &'w Succession,
    right: &'w mut R,
    stays: &'w mut Stays,
    decisions: &'w mut Vec<Decision>,
    findings: &'w mut Vec<ClaimFinding>,
    /// Claim of the current stay that lasts longest; the first record if several last equally long.
    strongest: u32,
}

impl<R: RightToChange> Walk<'_, R> {
    /// Takes one event. Returns the event to take again if the claim was refused and lasts longer than the stay that
    /// refused it.
    fn take(&mut self, event: Event) -> Option<Event> {
        let claim = self.claims[event.contender.claim as usize];
        let day = event.day;
        let Some(current) = self.stays.stays.last().copied() else {
            self.begin(event, &claim);
            return None;
        };
        let same = self.read(claim.organisation, day) == self.read(current.organisation, day);
        if same && day <= current.to {
            if event.refused.is_none() && current.from < day {
                self.odd(&claim, self.right.finding_with_the_same(&claim));
            }
            self.join(event, &claim);
        } else if current.to <= day {
            if !same {
                self.right.changed_after_end(&claim, day);
            }
            self.begin(event, &claim);
        } else {
            return self.change(event, &claim, &current);
        }
        self.deferred(event);
        None
    }

    /// Takes refused claims again, all of one day. Claims to several organisations compete first, in the same way as
    /// claims that start on one day.
    fn take_again(&mut self, of_day: &mut Vec<Event>) {
        if let [_, _, ..] = of_day[..] {
            self.compete_again(of_day);
        }
        for event in of_day.drain(..) {
            let again = self.take(event);
            debug_assert!(again.is_none(), "a claim is taken again once");
        }
    }

    #[cold]
    fn compete_again(&mut self, of_day: &mut Vec<Event>) {
        let day = of_day[0].day;
        let members = of_day.iter().map(|event| event.contender.claim);
        let Some(standing) = Standing::among(self.claims, members, day, self.succession) else { return };
        of_day.retain_mut(|event| {
            let claim = &self.claims[event.contender.claim as usize];
            let decision = standing.against(claim, day, self.succession);
            self.decisions.extend(decision);
            event.contender.tied |= standing.tied;
            decision.is_none()
        });
    }

    #[inline]
    fn odd(&mut self, claim: &Claim, code: Option<Code>) {
        self.findings.extend(code.map(|code| ClaimFinding { record: claim.record, code }));
    }

    fn begin(&mut self, event: Event, claim: &Claim) {
        self.stays.begin(event.contender.claim, claim, event.day, event.contender.tied);
        self.strongest = event.contender.claim;
    }

    fn join(&mut self, event: Event, claim: &Claim) {
        self.stays.join(event.contender.claim, claim, event.contender.tied);
        let lasting = |claim: &Claim| (claim.to, Reverse(claim.record));
        if lasting(claim) > lasting(&self.claims[self.strongest as usize]) {
            self.strongest = event.contender.claim;
        }
    }

    /// Takes a claim to another organisation while the stay `current` lasts.
    fn change(&mut self, event: Event, claim: &Claim, current: &Stay) -> Option<Event> {
        if event.refused.is_some() {
            return None;
        }
        self.odd(claim, self.right.finding_against_another(claim));
        match self.right.change(claim, event.day, current) {
            Verdict::Permitted { rule, violated } => {
                self.supersede(claim, event.day, current, rule);
                self.findings.extend(violated.map(|code| ClaimFinding { record: claim.record, code }));
                self.begin(event, claim);
                None
            }
            Verdict::Refused(refusal) => {
                self.refuse(claim, event.day, current, refusal);
                let refused = Some(self.decisions.len() - 1);
                (claim.to > current.to).then_some(Event { day: current.to, refused, ..event })
            }
        }
    }

    fn supersede(&mut self, claim: &Claim, day: Date, current: &Stay, rule: Code) {
        for &index in self.stays.claims_of(current) {
            let old = &self.claims[index as usize];
            if old.to > day {
                self.decisions.push(Decision {
                    loser: old.record,
                    winner: Winner::Record(claim.record),
                    outcome: Outcome::Superseded,
                    rule,
                    losing: self.succession.read_on(old.organisation, day),
                    winning: self.succession.read_on(claim.organisation, day),
                    start: day,
                    counted_on: Date::NEVER,
                    taken_on: Date::NEVER,
                });
            }
        }
        if let Some(last) = self.stays.stays.last_mut() {
            last.to = day;
        }
    }

    fn refuse(&mut self, claim: &Claim, day: Date, current: &Stay, refusal: Refusal) {
        self.decisions.push(Decision {
            loser: claim.record,
            winner: Winner::Record(self.claims[self.strongest as usize].record),
            outcome: Outcome::Refused,
            rule: refusal.rule,
            losing: self.read(claim.organisation, day),
            winning: self.read(current.organisation, day),
            start: day,
            counted_on: refusal.counted_on,
            taken_on: Date::NEVER,
        });
    }

    fn deferred(&mut self, event: Event) {
        if let Some(decision) = event.refused {
            self.decisions[decision].outcome = Outcome::Deferred;
            self.decisions[decision].taken_on = event.day;
        }
    }

    fn read(&self, organisation: OrganisationId, day: Date) -> OrganisationId {
        self.succession.read_on(organisation, day)
    }
}

impl Stays {
    fn begin(&mut self, index: u32, claim: &Claim, day: Date, tied: bool) {
        let first = self.rests.len() as u32;
        self.rests.push(index);
        self.stays.push(Stay {
            organisation: claim.organisation,
            from: day,
            to: claim.to,
            unresolved: tied,
            method: claim.method,
            rests: (first, first + 1),
            decided_by: None,
        });
    }

    fn join(&mut self, index: u32, claim: &Claim, tied: bool) {
        self.rests.push(index);
        let stay = self.stays.last_mut().expect("invariant: a claim joins a stay that is there");
        stay.to = stay.to.max(claim.to);
        stay.unresolved |= tied;
        stay.method = stay.method.max(claim.method);
        stay.rests.1 = self.rests.len() as u32;
    }
}
