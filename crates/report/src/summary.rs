//! Summary of a finished run, as text and as JSON: totals first, then codes. It holds no personal data.

mod codes;
mod json;
mod screen;
mod totals;

use std::path::PathBuf;
use std::time::Duration;

use super::outliers::Outlier;

pub use screen::DisplayOptions;

/// Figures of a run that people look at first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunSummary {
    /// Id of the run.
    pub run_id: String,
    /// As-of date, ISO.
    pub as_of: String,
    /// Start of the run, RFC 3339.
    pub started_at: String,
    /// Time when the tables were complete, RFC 3339; empty for runs of earlier versions that did not note it.
    pub ended_at: String,
    /// Folder of the results.
    pub output: PathBuf,
    /// Whether a run of the same inputs and job was published already, so that nothing was computed.
    pub recognised: bool,
    /// Number of sources.
    pub sources: u64,
    /// Run before this one; `None` for the first run in an output folder.
    pub before: Option<RunBefore>,
    /// Input rows: the sum of accepted, duplicate and quarantined rows.
    pub rows: u64,
    /// Rows that became records.
    pub accepted: u64,
    /// Rows that repeat a record.
    pub duplicates: u64,
    /// Rows with an error.
    pub quarantined: u64,
    /// Quarantined rows by code; a row with several errors counts under each.
    pub quarantined_by_code: Vec<NamedCount>,
    /// Other findings by code.
    pub findings_by_code: Vec<NamedCount>,
    /// Numbers of sources by detected encoding, for sources with layouts that declare none.
    pub encodings_detected: Vec<NamedCount>,
    /// Persons behind the records.
    pub persons: u64,
    /// Persons insured on the as-of date.
    pub insured: u64,
    /// Insured persons without a clinic.
    pub unattached: u64,
    /// Persons whose insurer left and who chose no other.
    pub must_choose: u64,
    /// Persons without an insurer who have no time left to choose.
    pub must_choose_overdue: u64,
    /// Conflicts resolved by rule.
    pub decisions: Vec<DecisionCount>,
    /// Persons in the register with a clinic.
    pub heads: u64,
    /// Heads that are funded.
    pub funded_heads: u64,
    /// Money for all clinics, a decimal number; empty when the job has no tariff.
    pub amount: String,
    /// Difference of the money from base times heads, a decimal number.
    pub difference: String,
    /// Attachments of insured persons in profiles that no care pays for.
    pub unpaid_attachments: u64,
    /// Money of each care.
    pub cares: Vec<CareMoney>,
    /// Time from start to end.
    pub wall: Duration,
    /// Largest resident memory of the process, if the system gives it.
    pub peak_memory_bytes: Option<u64>,
    /// Sources that are much worse than the others.
    pub outliers: Vec<Outlier>,
    /// Events that somebody must look at, the most severe first.
    pub events: Vec<SummaryEvent>,
    /// Sentences about thresholds of the job that could not be judged.
    pub thresholds_unjudged: Vec<String>,
    /// Numbers of override entries without an effect, by state.
    pub overrides_stale: Vec<NamedCount>,
    /// Number of override entries that are due for review.
    pub overrides_review_due: u64,
}

/// Money of one care with the causes of its difference from base times heads; decimal numbers.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct CareMoney {
    /// Name of the care.
    pub care: String,
    /// Money for all clinics.
    pub amount: String,
    /// Part of the difference made by compositions and factors.
    pub by_coefficients: String,
    /// Part of the difference made by the correction.
    pub by_correction: String,
    /// Part of the difference made by roundings.
    pub by_rounding: String,
}

/// Count with the name of the counted thing: a code, an encoding, a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedCount {
    /// Name.
    pub name: String,
    /// Count.
    pub count: u64,
}

/// Run that another run is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunBefore {
    /// Id of the run.
    pub run_id: String,
    /// Number of sources of the run.
    pub sources: u64,
}

/// Event that somebody must look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryEvent {
    /// Consequence: `stop`, `warn` or `note`.
    pub then: &'static str,
    /// Sentence about the event.
    pub sentence: String,
}

impl SummaryEvent {
    /// Whether the event is only a note.
    fn is_note(&self) -> bool {
        self.then == "note"
    }
}

/// Number of records that a rule decided about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionCount {
    /// `insurer` or `clinic`.
    pub subject: String,
    /// Code of the rule.
    pub rule: String,
    /// Outcome for the record: `lost`, `superseded`, `refused`, `deferred`.
    pub outcome: String,
    /// Number of records.
    pub count: u64,
}

impl RunSummary {
    /// Input rows per second.
    #[must_use]
    pub fn rows_per_second(&self) -> f64 {
        let seconds = self.wall.as_secs_f64();
        if seconds > 0.0 { self.rows as f64 / seconds } else { 0.0 }
    }

    /// Summary for people. On a screen that is too low, codes, notes and outliers are shortened.
    #[must_use]
    pub fn render(&self, options: DisplayOptions) -> String {
        screen::text(self, options)
    }

    /// Summary for programs: one JSON object.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        json::text(self)
    }
}

#[cfg(test)]
mod tests;
