//! Settings of a run as values: severities and limits of rules, thresholds, and decisions by people. File formats are
//! not known here; `job` reads them.

mod overrides;
mod row_rules;
mod rules;
mod selector;
mod severities;
mod source_rules;
mod thresholds;
mod volumes;

pub use overrides::{Entry, EntryState, Overrides, Ruling, Sides, StayRuling};
pub use row_rules::{CertificateTerm, CitizenshipWords, DocumentRules, RowRules};
pub use rules::{ClinicRules, InsurerRules, OnViolation, Period, RuleSettings, Threshold, Thresholds, Window};
pub use selector::{NumberSelector, RowName, RowSelector, Selector};
pub use severities::Severities;
pub use source_rules::SourceRules;
pub use thresholds::{Growth, Measure, QualityThreshold, Scope, Then};
pub use volumes::{ChangeLimit, Volume, VolumeThreshold, Volumes};
