//! Persons without an insurer because their insurer left the region without a successor. They have to choose another one (326-ФЗ, article 16) (SEM-183).
//!
//! The time to choose and the later insurer are not known here.

use super::insurer::InsurerClaims;
use super::stay::{Stay, Stays};
use sverka_model::{Date, InsurerId};
use sverka_reference::Succession;

/// A person whose last insurance ended with the work of the insurer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftByInsurer {
    /// The insurer that left, as read on its last day.
    pub insurer: InsurerId,
    /// The first day without the insurer.
    pub left_on: Date,
    /// Record that would still be in force, by the index of the caller. If there are several: the latest application,
    /// then the latest source, then the last record.
    pub record: u32,
}

impl InsurerClaims {
    /// The exit of the insurer, if the person has to choose: there is no stay on `day` or later, and the last stay
    /// ended on or before `day` only because the work of the insurer ended. The record of that stay would still be in
    /// force on `day`: not stopped, the person alive, the term not over.
    #[must_use]
    #[inline]
    pub fn left_by_insurer(&self, stays: &Stays, succession: &Succession, day: Date) -> Option<LeftByInsurer> {
        // After a decision of people on the insurer, the claims may name other insurers.
        let decided = || stays.as_slice().last().is_some_and(|stay| stay.decided_by.is_some());
        if self.cut_short().is_empty() && !decided() { None } else { self.find_left(stays, succession, day) }
    }

    #[cold]
    #[inline(never)]
    fn find_left(&self, stays: &Stays, succession: &Succession, day: Date) -> Option<LeftByInsurer> {
        let left = |stay: &&Stay| stay.to <= day && succession.closes_on(stay.organisation) == stay.to;
        let stay = stays.as_slice().last().filter(left)?;
        let own_end = |claim: u32| {
            let cut = self.cut_short().iter().find(|cut| cut.claim == claim);
            cut.map_or(self.as_slice()[claim as usize].to, |cut| cut.own_end)
        };
        let going_on = stays.claims_of(stay).iter().filter(|&&claim| day < own_end(claim));
        let claim = going_on
            .map(|&claim| &self.as_slice()[claim as usize])
            .max_by_key(|claim| (claim.applied_on, claim.source_date, claim.record))?;
        Some(LeftByInsurer { insurer: stay.organisation.insurer(), left_on: stay.to, record: claim.record })
    }
}
