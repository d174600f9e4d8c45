//! What a sweep gives: disjoint stays, the records they rest on, and decisions.

use sverka_model::{Code, Date, OrganisationId};
use sverka_reference::Succession;

/// What became of a record that did not simply stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Out: another record of the same start day stands.
    Lost,
    /// Its stay ended when the person changed.
    Superseded,
    /// The change was not permitted.
    Refused,
    /// The change was not permitted, and took effect when the refusing stay ended.
    Deferred,
    /// Its stay gave way to what people decided.
    Overruled,
}

impl Outcome {
    /// The word that outputs use.
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

/// What stands against a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Winner {
    /// Another record, by the caller's index.
    Record(u32),
    /// A decision of people, by the caller's index.
    Override(u32),
}

/// Why a record lost, was superseded, refused, deferred or overruled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The record decided on.
    pub loser: u32,
    /// What stands against it.
    pub winner: Winner,
    /// What became of it.
    pub outcome: Outcome,
    /// By which rule.
    pub rule: Code,
    /// The loser's organisation as read on the day of the conflict.
    pub losing: OrganisationId,
    /// The winner's organisation as read on the day of the conflict.
    pub winning: OrganisationId,
    /// The day of the conflict.
    pub start: Date,
    /// The day by which the change was counted that used up the right; never when no such change decided.
    pub counted_on: Date,
    /// The day on which a refused record took effect after all; never when it did not.
    pub taken_on: Date,
}

/// An interval with one organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The insurer or clinic, as read throughout the stay once stays are split at successions.
    pub organisation: OrganisationId,
    /// First day.
    pub from: Date,
    /// First day after; [`Date::NEVER`] when open.
    pub to: Date,
    /// A tie of equal records stands behind it.
    pub unresolved: bool,
    /// Clinics: the highest method among its records, 0 when all lack one.
    pub method: u8,
    /// The decision of people that it comes from, by the caller's index; it may then rest on claims to another organisation.
    pub decided_by: Option<u32>,
    /// The claims it rests on, as a range of [`Stays::claims_of`].
    pub(super) rests: (u32, u32),
}

impl Stay {
    /// Whether the stay covers `day`.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && day < self.to
    }
}

/// The stays of one person with one subject: sorted and disjoint.
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

    /// The claims that a stay rests on, by their index among the claims of the sweep, in the order in which they joined.
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

    /// Cuts stays at the days on which their organisation is taken over; the pieces rest on the same records.
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
