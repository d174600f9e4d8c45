//! Decisions of people about stays: for some days a person is with an insurer or a clinic, against the records (SEM-243
//! to SEM-248).

use std::collections::BTreeSet;

use super::claim::{Claim, Interval};
use super::stay::{Decision, Outcome, Stay, Stays, Winner};
use sverka_model::{AttachmentMethod, Code, Date, OrganisationId};
use sverka_reference::Succession;

/// Decision of people: a person is with an organisation for some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StayOverride {
    /// The decision, by the index of the caller.
    pub entry: u32,
    /// [`Code::OverrideInsurer`] or [`Code::OverrideClinic`].
    pub rule: Code,
    /// Insurer or clinic, read through succession.
    pub organisation: OrganisationId,
    /// First day.
    pub from: Date,
    /// First day after.
    pub to: Date,
    /// Method of attachment of the stay with a clinic; none for insurers.
    pub method: AttachmentMethod,
    /// Whether the stay must rest on a record.
    pub needs_record: bool,
}

/// Effect of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// No effect: the stays were already as decided, or no day is left.
    None,
    /// No effect: there is no record that the stay could rest on.
    WithoutRecord,
    /// Changed stays, or a death that does not count any more. Holds the number of records that were overruled or
    /// report that death.
    Applied(u64),
}

/// Days of the decision on which its organisation is read as the same one.
#[derive(Clone, Copy)]
struct Piece {
    organisation: OrganisationId,
    from: Date,
    to: Date,
}

impl StayOverride {
    /// Applies the decision to stays that are split at successions. It ends with the person (`death` is the day of death, or never) and with the work of an
    /// organisation without a successor.
    pub fn apply(
        &self,
        claims: &[Claim],
        death: Date,
        succession: &Succession,
        stays: &mut Stays,
        decisions: &mut Vec<Decision>,
    ) -> Effect {
        let to = self.to.min(death.next()).min(succession.closes_on(self.organisation));
        let pieces = pieces(self.organisation, self.from, to, succession);
        if pieces.iter().all(|piece| is_so_anyway(piece, stays)) {
            return Effect::None;
        }
        if self.needs_record && claims.is_empty() {
            return Effect::WithoutRecord;
        }
        let overruled = self.overruled(to, claims, succession, stays);
        let records = overruled.len() as u64;
        decisions.extend(overruled);
        let rests: Vec<Vec<u32>> = pieces.iter().map(|piece| self.rests(piece, claims, succession, stays)).collect();
        stays.cut(self.from, to);
        let (mut of_last, mut range): (&[u32], (u32, u32)) = (&[], (0, 0));
        for (piece, rests) in pieces.iter().zip(&rests) {
            // Pieces that rest on the same claims are one stay that was cut at a succession.
            if rests.is_empty() || rests != of_last {
                let first = stays.rests.len() as u32;
                stays.rests.extend(rests);
                (of_last, range) = (rests, (first, stays.rests.len() as u32));
            }
            stays.stays.push(Stay {
                organisation: piece.organisation,
                from: piece.from,
                to: piece.to,
                unresolved: false,
                method: self.method,
                rests: range,
                decided_by: Some(self.entry),
            });
        }
        stays.stays.sort_by_key(|stay| stay.from);
        stays.assert_disjoint();
        Effect::Applied(records)
    }

    /// Decisions against records whose stay is cut and that name another organisation on the first day of the cut.
    fn overruled(&self, to: Date, claims: &[Claim], succession: &Succession, stays: &Stays) -> Vec<Decision> {
        let (mut decisions, mut known) = (Vec::new(), BTreeSet::new());
        for stay in stays.as_slice().iter().filter(|stay| stay.interval().overlaps(Interval { from: self.from, to })) {
            let (start, end) = (stay.from.max(self.from), stay.to.min(to));
            let winning = succession.read_on(self.organisation, start);
            for &index in stays.claims_of(stay) {
                let claim = &claims[index as usize];
                let losing = succession.read_on(claim.organisation, start);
                if losing != winning && claim.interval().overlaps(Interval { from: start, to: end }) && known.insert(claim.record)
                {
                    let winner = Winner::Override(self.entry);
                    let outcome = Outcome::Overruled;
                    decisions.push(Decision {
                        loser: claim.record,
                        winner,
                        outcome,
                        rule: self.rule,
                        losing,
                        winning,
                        start,
                        counted_on: Date::NEVER,
                        taken_on: Date::NEVER,
                    });
                }
            }
        }
        decisions
    }

    /// Claims that a piece rests on: the claims of its organisation; without any, the claims of the stays that it
    /// displaces; without any, and if a record is needed, the claims of the stay before it, or of the first stay.
    fn rests(&self, piece: &Piece, claims: &[Claim], succession: &Succession, stays: &Stays) -> Vec<u32> {
        let of_piece = Interval { from: piece.from, to: piece.to };
        let own = |claim: &Claim| {
            let last = Date::from_days(claim.to.min(piece.to).days() - 1);
            claim.interval().overlaps(of_piece) && succession.read_on(claim.organisation, last) == piece.organisation
        };
        let own: Vec<u32> = (0..).zip(claims).filter(|(_, claim)| own(claim)).map(|(index, _)| index).collect();
        if !own.is_empty() {
            return own;
        }
        let mut displaced = Vec::new();
        for stay in stays.as_slice().iter().filter(|stay| stay.interval().overlaps(of_piece)) {
            displaced
                .extend(stays.claims_of(stay).iter().filter(|index| !displaced.contains(*index)).copied().collect::<Vec<_>>());
        }
        if displaced.is_empty() && self.needs_record {
            let before = stays.as_slice().iter().rev().find(|stay| stay.to <= piece.from);
            let near = before.or(stays.as_slice().first());
            displaced.extend(near.map(|stay| stays.claims_of(stay)).into_iter().flatten());
        }
        displaced
    }
}

fn pieces(organisation: OrganisationId, mut from: Date, to: Date, succession: &Succession) -> Vec<Piece> {
    let mut pieces = Vec::new();
    while from < to {
        let end = succession.next_change(organisation, from).min(to);
        pieces.push(Piece { organisation: succession.read_on(organisation, from), from, to: end });
        from = end;
    }
    pieces
}

/// Whether stays with the organisation, none of them unresolved, cover every day of a piece.
fn is_so_anyway(piece: &Piece, stays: &Stays) -> bool {
    let mut day = piece.from;
    while day < piece.to {
        match stays.on(day).filter(|stay| stay.organisation == piece.organisation && !stay.unresolved) {
            Some(stay) => day = stay.to,
            None => return false,
        }
    }
    true
}

impl Stays {
    /// Removes the days in `[from, to)` from all stays.
    fn cut(&mut self, from: Date, to: Date) {
        let whole = std::mem::take(&mut self.stays);
        for stay in whole {
            let parts = [Stay { to: stay.to.min(from), ..stay }, Stay { from: stay.from.max(to), ..stay }];
            self.stays.extend(parts.into_iter().filter(|part| part.from < part.to));
        }
    }
}
