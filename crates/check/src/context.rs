//! The context of the row checks: as-of date, reference tables and settings.
//!
//! Rows are not known here.

use sverka_model::Date;
use sverka_reference::{Clinics, Dictionary, DocumentMasks, Insurers, WorkingDays};
use sverka_settings::RuleSettings;

/// Reference tables and settings for the checks of rows.
#[derive(Clone, Copy)]
pub struct CheckContext<'j> {
    /// As-of date of the run.
    pub as_of: Date,
    /// Insurers of the region.
    pub insurers: &'j Insurers,
    /// Clinics of the region.
    pub clinics: &'j Clinics,
    /// Region of the register, if the job has one.
    pub region: Option<&'j str>,
    /// Dictionary of identity documents, if the job has one.
    pub documents: Option<&'j Dictionary<DocumentMasks>>,
    /// Working days.
    pub calendar: &'j WorkingDays,
    /// Settings of the rules.
    pub rules: &'j RuleSettings,
}

/// Earliest plausible birth date: no one insured today was born before.
pub const EARLIEST_BIRTH: Date = match Date::from_ymd(1900, 1, 1) {
    Some(date) => date,
    None => panic!("1 January 1900 is a date"),
};
