//! Persons to stays: one insurer and one clinic at a time, with a decision for every record that gives way.
//!
//! Both subjects share one sweep over claims (`sweep`). Their differences (intervals, precedence, the right to change) are in `insurer` and `clinic`.
//! Notices make no claims (`notices`). `death` says whether a death counts. Decisions of people come after the sweep (`overruling`). The stage sees one
//! person at a time, and neither reads nor writes tables.

mod claim;
mod clinic;
mod death;
mod insurer;
mod insurer_exit;
mod notices;
mod overruling;
mod reasons;
mod same_day;
mod stay;
mod sweep;
#[cfg(test)]
mod tests;

pub use claim::Claim;
pub use clinic::{ClinicClaims, KnownInsurance};
pub use death::{Contradiction, ReportedDeath};
pub use insurer::InsurerClaims;
pub use insurer_exit::LeftByInsurer;
pub use notices::{Change, Endable, changes, end_records};
pub use overruling::{Effect, StayOverride};
pub use stay::{Decision, Outcome, Stay, Stays, Winner};
pub use sweep::Sweep;

use sverka_model::{Code, Date};

/// A record of the person in work, with the date of its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatedRecord<R> {
    /// Index of the record, as the caller counts.
    pub index: u32,
    /// The record, or a reference to it.
    pub record: R,
    /// Date of the source; [`Date::EARLIEST`] if it has none.
    pub source_date: Date,
}

/// A finding about one record, from the sweep or from a step before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimFinding {
    /// The record, by the index of the caller.
    pub record: u32,
    /// The rule.
    pub code: Code,
}
