//! Claims: a record claims one organisation for one interval.

use sverka_model::{AttachmentMethod, Date, OperationReason, OrganisationId};

/// Days from `from` up to the day before `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Interval {
    pub from: Date,
    pub to: Date,
}

impl Interval {
    /// Whether the intervals have a day in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.from.max(other.from) < self.to.min(other.to)
    }
}

/// Claim of a record to an interval with an insurer or a clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The record, by the index of the caller. Indexes are in the order of sources and lines.
    pub record: u32,
    /// Insurer or clinic that the record names.
    pub organisation: OrganisationId,
    /// First day.
    pub from: Date,
    /// First day after, never empty; [`Date::NEVER`] when open.
    pub to: Date,
    /// Day of the application to an insurer. Claims to clinics do not compare it: [`Date::EARLIEST`].
    pub applied_on: Date,
    /// Date of the source; [`Date::EARLIEST`] when missing.
    pub source_date: Date,
    /// Method of attachment to a clinic; none in claims to insurers.
    pub method: AttachmentMethod,
    /// Reason of the operation of an insurer; none in claims to clinics.
    pub reason: OperationReason,
}

/// Strength of a claim; the greater one is stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Strength {
    method: AttachmentMethod,
    applied_on: Date,
    source_date: Date,
}

impl Claim {
    /// Whether the interval covers `day`.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && day < self.to
    }

    /// Days of the claim.
    pub(super) fn interval(&self) -> Interval {
        Interval { from: self.from, to: self.to }
    }

    /// Strength of the claim among claims that start on one day: the higher method (an absent one counts as by
    /// residence), then the later application, then the later source.
    pub(super) fn strength(&self) -> Strength {
        let method = self.method.max(AttachmentMethod::BY_RESIDENCE);
        Strength { method, applied_on: self.applied_on, source_date: self.source_date }
    }
}

/// Ends of an interval, by cause. If several causes have the same day, the first in this order is named.
pub(super) struct IntervalEnd {
    /// Day after the death.
    pub death: Date,
    /// First day on which the clinic does not serve the age of the person.
    pub age: Date,
    /// Earliest of the ends in the record and the end of the work of the organisation.
    pub other: Date,
}

impl IntervalEnd {
    /// The end of the interval.
    pub fn earliest(&self) -> Date {
        self.death.min(self.age).min(self.other)
    }
}
