//! Who is left without an insurer because theirs left the region without a successor, and has to choose another one (326-ФЗ, article 16).
//!
//! Does not know how long they may take to choose, nor who gets them in the end.

use super::insurer::InsurerClaims;
use super::stay::Stays;
use crate::identifier::Date;

/// A person whose last insurance ended with the work of the insurer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftByInsurer {
    /// The insurer that left, as read on its last day.
    pub insurer: u16,
    /// The first day without it.
    pub left_on: Date,
    /// The record that would have gone on, by the caller's index; of several the latest application, the latest source, the largest position.
    pub record: u32,
}

impl InsurerClaims {
    /// Whether the person of these claims and `stays` has to choose: no stay on `day` or later, and the last one ended on or before `day` only
    /// because the insurer's work did. Its record would still be in force on `day`: not stopped, the person alive, the term not over.
    #[must_use]
    #[inline]
    pub fn left_by_insurer(&self, stays: &Stays, day: Date) -> Option<LeftByInsurer> {
        if self.cut_short().is_empty() { None } else { self.find_left(stays, day) }
    }

    #[cold]
    #[inline(never)]
    fn find_left(&self, stays: &Stays, day: Date) -> Option<LeftByInsurer> {
        let stay = stays.as_slice().last().filter(|stay| stay.to <= day)?;
        let resting = stays.claims_of(stay);
        let going_on = self.cut_short().iter().filter(|cut| day < cut.own_end && resting.contains(&cut.claim));
        let claims = going_on.map(|cut| &self.as_slice()[cut.claim as usize]).filter(|claim| claim.to == stay.to);
        let claim = claims.max_by_key(|claim| (claim.applied_on, claim.source_date, claim.record))?;
        Some(LeftByInsurer { insurer: stay.organisation, left_on: stay.to, record: claim.record })
    }
}
