//! Claims: a record claims one organisation for one interval.

use sverka_model::{Date, OrganisationId};

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
    /// Insurers: day of the application. Clinics do not compare it: [`Date::EARLIEST`].
    pub applied_on: Date,
    /// Date of the source; [`Date::EARLIEST`] when missing.
    pub source_date: Date,
    /// Clinics: method of attachment, 1 to 3, 0 when absent. Insurers: 0.
    pub method: u8,
    /// Insurers: operation code without its letter, 0 when absent. Clinics: 0.
    pub reason: u8,
}

/// Method of attachment, day of the application, date of the source: the greater one is the stronger claim.
pub(super) type Strength = (u8, Date, Date);

impl Claim {
    /// Whether the interval covers `day`.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && day < self.to
    }

    /// Strength of the claim among claims that start on one day: the higher method (an absent one counts as by residence), then the later application,
    /// then the later source.
    pub(super) fn strength(&self) -> Strength {
        (self.method.max(1), self.applied_on, self.source_date)
    }
}

/// Ends of an interval, by cause. Where several causes have the same day, the first in this order is named.
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
