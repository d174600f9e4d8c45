//! What a record claims: one organisation for one interval.

use sverka_model::{Date, OrganisationId};

/// A record's claim to an interval with an insurer or a clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The record, by the caller's index; smaller is the smaller position.
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
    /// Whether the claim's interval covers `day`.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && day < self.to
    }

    /// Who is the stronger of two claims that start on one day: the higher method (absent counts as by residence), the later application, the
    /// later source.
    pub(super) fn strength(&self) -> Strength {
        (self.method.max(1), self.applied_on, self.source_date)
    }
}

/// The earliest of several ends, with what set it, in the order in which causes are named.
pub(super) struct IntervalEnd {
    /// Day after death.
    pub death: Date,
    /// The day on which the clinic stops serving the person's age.
    pub age: Date,
    /// The record's own ends and the end of the organisation's work.
    pub other: Date,
}

impl IntervalEnd {
    pub fn earliest(&self) -> Date {
        self.death.min(self.age).min(self.other)
    }
}
