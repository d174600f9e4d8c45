//! Summary of a finished run, as text and as JSON: totals first, codes after, no personal data.

mod codes;
mod json;
mod page;
mod totals;

use std::path::PathBuf;
use std::time::Duration;

use super::standing_out::StandingOut;

pub use page::View;

/// The numbers of a run that people look at first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunSummary {
    /// The run's id.
    pub run_id: String,
    /// The day as of which it reconciled, ISO.
    pub as_of: String,
    /// When the run began, RFC 3339.
    pub started_at: String,
    /// When its tables were complete, RFC 3339; empty of runs of versions that did not note it.
    pub ended_at: String,
    /// The folder of the results.
    pub output: PathBuf,
    /// The same inputs and job were already published: nothing was computed again.
    pub recognised: bool,
    /// Sources that were read.
    pub sources: u64,
    /// The run before, and its sources; none of the first run in an output folder.
    pub before: Option<(String, u64)>,
    /// Input rows; the next three add up to it.
    pub rows: u64,
    /// Rows that became records.
    pub accepted: u64,
    /// Rows that repeat a record.
    pub duplicates: u64,
    /// Rows with an error.
    pub quarantined: u64,
    /// Quarantined rows by code; a row with several errors counts under each.
    pub quarantined_by_code: Vec<(String, u64)>,
    /// Other findings by code.
    pub findings_by_code: Vec<(String, u64)>,
    /// Sources by the encoding that was detected in them, where their layouts declare none.
    pub encodings_detected: Vec<(String, u64)>,
    /// Persons behind the records.
    pub persons: u64,
    /// Persons insured on the as-of date.
    pub insured: u64,
    /// Of these, persons without a clinic.
    pub unattached: u64,
    /// Persons whose insurer left and who chose no other.
    pub must_choose: u64,
    /// Of these, whose time to choose is over.
    pub must_choose_overdue: u64,
    /// Conflicts resolved by rule.
    pub decisions: Vec<DecisionCount>,
    /// Persons in the register with a clinic.
    pub heads: u64,
    /// Those of them that are funded.
    pub funded_heads: u64,
    /// Money for all clinics, a decimal number; empty when the job has no tariff.
    pub amount: String,
    /// What rounding of the norms makes it differ from base times heads, a decimal number.
    pub difference: String,
    /// Time from start to end.
    pub wall: Duration,
    /// Largest resident memory of the process, where the system tells it.
    pub peak_memory_bytes: Option<u64>,
    /// Sources that are much worse than the others.
    pub standing_out: Vec<StandingOut>,
    /// What somebody must look at, the loudest first: `stop`, `warn` or `note`, and a sentence.
    pub events: Vec<(&'static str, String)>,
    /// Thresholds of the job that could not be judged, and why.
    pub thresholds_unjudged: Vec<String>,
    /// Entries of the overrides that changed nothing, by state.
    pub overrides_stale: Vec<(String, u64)>,
    /// Entries of the overrides that are to be looked at again.
    pub overrides_review_due: u64,
}

/// How often a rule decided about a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionCount {
    /// `insurer` or `clinic`.
    pub subject: String,
    /// The rule's code.
    pub rule: String,
    /// What became of the record: `lost`, `superseded`, `refused`, `deferred`.
    pub outcome: String,
    /// Records.
    pub count: u64,
}

impl RunSummary {
    /// Input rows for each second of the run.
    #[must_use]
    pub fn rows_per_second(&self) -> f64 {
        let seconds = self.wall.as_secs_f64();
        if seconds > 0.0 { self.rows as f64 / seconds } else { 0.0 }
    }

    /// The summary for people. On a screen that is too low for all of it, codes, notes and sources that stand out are shortened.
    #[must_use]
    pub fn render(&self, view: View) -> String {
        page::text(self, view)
    }

    /// The summary for programs: one JSON object.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        json::text(self)
    }
}

#[cfg(test)]
mod tests;
