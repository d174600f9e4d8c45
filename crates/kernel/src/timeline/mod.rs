//! Persons to stays: one insurer and one clinic at a time, with a decision for every record that had to give way.
//!
//! Both subjects follow one sweep over claims (`sweep`); what differs between them, intervals, precedence and the right to change, stands in
//! `insurer` and `clinic`. Notices have no claims; what they do stands in `notices`. Whether a death counts is asked in `death`. What people decided comes after the sweep (`overruling`). The stage sees one person at a time, reads no tables and writes none.

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
pub use clinic::{ClinicClaims, KnownInsurance, PROFILES};
pub use death::{Contradiction, DatedRegisterRecord, ToldDeath};
pub use insurer::InsurerClaims;
pub use insurer_exit::LeftByInsurer;
pub use notices::{Change, Endable, changes, end_records};
pub use overruling::{Effect, Order};
pub use stay::{Decision, Outcome, Stay, Stays, Winner};
pub use sweep::Sweep;

use sverka_model::Code;

/// A finding of the timelines about one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimFinding {
    /// The record, by the caller's index.
    pub record: u32,
    /// What was found.
    pub code: Code,
}
