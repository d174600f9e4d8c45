//! Results of a sweep: disjoint stays, the claims that they rest on, and decisions.

use super::claim::Interval;
use sverka_model::{AttachmentMethod, Code, Date, OrganisationId};
use sverka_reference::Succession;

/// Outcome of a decision for the record that gives way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Another record with the same start day won.
    Lost,
    /// The stay of the record ended when the person changed.
    Superseded,
    /// The change was not permitted.
    Refused,
    /// The change was not permitted; it took effect when the stay that refused it ended.
    Deferred,
    /// The stay of the record gave way to a decision of people.
    Overruled,
}

impl Outcome {
    /// Name in outputs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Superseded => "superseded",
            Self::Refused => "refused",
            Self::Deferred => "deferred",
            Self::Overruled => "overruled",
        }
    }
}

/// Winner of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Winner {
    /// A record, by the index of the caller.
    Record(u32),
    /// A decision of people, by the index of the caller.
    Override(u32),
}

/// Decision against a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The record that gives way.
    pub loser: u32,
    /// The winner.
    pub winner: Winner,
    /// The outcome for the loser.
    pub outcome: Outcome,
    /// The rule that decides.
    pub rule: Code,
    /// Organisation of the loser, as read on the day of the conflict.
    pub losing: OrganisationId,
    /// Organisation of the winner, as read on the day of the conflict.
    pub winning: OrganisationId,
    /// The day of the conflict.
    pub start: Date,
    /// Day of the change that used up the right; never if no such change decided.
    pub counted_on: Date,
    /// Day on which a refused record took effect later; never if it did not.
    pub taken_on: Date,
}

/// A stay: an interval with one organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// Insurer or clinic. After stays are split at successions: the organisation as read on each day of the stay.
    pub organisation: OrganisationId,
    /// First day.
    pub from: Date,
    /// First day after; [`Date::NEVER`] when open.
    pub to: Date,
    /// Whether equally strong claims were decided by the smaller code.
    pub unresolved: bool,
    /// Highest method of the records of a stay with a clinic; none for insurers.
    pub method: AttachmentMethod,
    /// Decision of people that made the stay, by the index of the caller. The stay may then rest on claims to another organisation.
    pub decided_by: Option<u32>,
    /// Range of the claims in the list of [`Stays::claims_of`].
    pub(super) rests: (u32, u32),
}

impl Stay {
    /// Days of the stay.
    pub(super) fn interval(&self) -> Interval {
        Interval { from: self.from, to: self.to }
    }

    /// Whether the stay covers `day`.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && day < self.to
    }
}

/// Stays of one person and subject, sorted and disjoint.
#[derive(Debug, Default)]
pub struct Stays {
    pub(super) stays: Vec<Stay>,
    pub(super) rests: Vec<u32>,
}

impl Stays {
    /// The stays, by start.
    #[must_use]
    pub fn as_slice(&self) -> &[Stay] {
        &self.stays
    }

    /// Claims that a stay rests on, by their index in the sweep, in the order of joining.
    #[must_use]
    pub fn claims_of(&self, stay: &Stay) -> &[u32] {
        &self.rests[stay.rests.0 as usize..stay.rests.1 as usize]
    }

    /// The stay that covers `day`.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&Stay> {
        let after = self.stays.partition_point(|stay| stay.from <= day);
        self.stays[..after].last().filter(|stay| stay.covers(day))
    }

    /// Whether a stay overlaps `[from, to)`.
    #[must_use]
    pub fn overlap(&self, from: Date, to: Date) -> bool {
        let ended = self.stays.partition_point(|stay| stay.to <= from);
        self.stays.get(ended).is_some_and(|stay| stay.from < to)
    }

    pub(super) fn clear(&mut self) {
        self.stays.clear();
        self.rests.clear();
    }

    /// Cuts stays at the days on which their organisation is taken over. The pieces rest on the same claims.
    pub(super) fn split_at_successions(&mut self, succession: &Succession) {
        let as_read = |stay: &Stay| {
            let read = succession.read_on(stay.organisation, stay.from);
            read == stay.organisation && stay.to <= succession.next_change(read, stay.from)
        };
        if !succession.any() || self.stays.iter().all(as_read) {
            return;
        }
        let whole = std::mem::take(&mut self.stays);
        for stay in whole {
            let mut from = stay.from;
            while from < stay.to {
                let to = succession.next_change(stay.organisation, from).min(stay.to);
                self.stays.push(Stay { organisation: succession.read_on(stay.organisation, from), from, to, ..stay });
                from = to;
            }
        }
    }

    pub(super) fn assert_disjoint(&self) {
        assert!(self.stays.iter().all(|stay| stay.from < stay.to), "invariant: a stay is not empty");
        assert!(self.stays.windows(2).all(|pair| pair[0].to <= pair[1].from), "invariant: stays are sorted and disjoint");
    }
}
