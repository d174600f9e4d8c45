//! Rules for sources as a whole: conditions and consequences of events.

use super::{Then, Threshold};
use sverka_model::Code;

/// Rules for sources as a whole: conditions and consequences of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceRules {
    /// Largest share of quarantined rows that passes without an event.
    pub refused_share: Threshold,
    /// Largest share of rows with the same warning that passes without an event.
    pub systematic_share: Threshold,
    /// Least number of rows for the two shares: smaller sources are not judged by them.
    pub least_rows: u64,
    /// Consequence of a source without records (`SOURCE_WITHOUT_RECORDS`).
    pub without_records: Then,
    /// Consequence of a source with a larger share of quarantined rows (`SOURCE_MOSTLY_REFUSED`).
    pub mostly_refused: Then,
    /// Consequence of a source with the same warning on a larger share of its rows (`SYSTEMATIC`).
    pub systematic: Then,
    /// Consequence of ends of attachments that seem to be read a day off (`ENDS_OFF_BY_A_DAY`).
    pub ends_off_by_a_day: Then,
    /// Consequence of a document that breaks off (`DOCUMENT_BROKEN`).
    pub document_broken: Then,
    /// Consequence of a table with fewer rows than its header declares.
    pub missing_rows: Then,
    /// Consequence of an insurer or clinic of the former run without rows now.
    pub absent_sender: Then,
    /// Consequence of a source with the document or day of the former run, while most others of its kind are new.
    pub unchanged: Then,
    /// Consequence of a source with an earlier day than most others of its kind.
    pub outdated: Then,
    /// Consequence of a source with no other rows than other sources have.
    pub twice: Then,
    /// Consequence of a source with the content of another one, which is not read again.
    pub repeated: Then,
}

impl Default for SourceRules {
    fn default() -> Self {
        Self {
            refused_share: Threshold::Share { parts: 50, whole: 100 },
            systematic_share: Threshold::Share { parts: 5, whole: 100 },
            least_rows: 20,
            without_records: Then::Warn,
            mostly_refused: Then::Warn,
            systematic: Then::Note,
            ends_off_by_a_day: Then::Warn,
            document_broken: Then::Stop,
            missing_rows: Then::Warn,
            absent_sender: Then::Warn,
            unchanged: Then::Warn,
            outdated: Then::Note,
            twice: Then::Warn,
            repeated: Then::Note,
        }
    }
}

impl SourceRules {
    /// Consequence of a finding about a source, with its key in the job; `None` for other codes.
    #[must_use]
    pub fn consequence(&self, code: Code) -> Option<(Then, &'static str)> {
        match code {
            Code::SourceWithoutRecords => Some((self.without_records, "without_records")),
            Code::SourceMostlyRefused => Some((self.mostly_refused, "mostly_refused")),
            Code::EndsOffByADay => Some((self.ends_off_by_a_day, "ends_off_by_a_day")),
            Code::DocumentBroken => Some((self.document_broken, "document_broken")),
            _ => None,
        }
    }

    /// Settings for the manifest, keys in alphabetical order.
    #[must_use]
    pub fn to_manifest(&self) -> serde_json::Value {
        serde_json::json!({
            "absent_sender": self.absent_sender.name(),
            "document_broken": self.document_broken.name(),
            "ends_off_by_a_day": self.ends_off_by_a_day.name(),
            "least_rows": self.least_rows,
            "missing_rows": self.missing_rows.name(),
            "mostly_refused": self.mostly_refused.name(),
            "outdated": self.outdated.name(),
            "refused_share": self.refused_share.share().unwrap_or_default(),
            "repeated": self.repeated.name(),
            "systematic": self.systematic.name(),
            "systematic_share": self.systematic_share.share().unwrap_or_default(),
            "twice": self.twice.name(),
            "unchanged": self.unchanged.name(),
            "without_records": self.without_records.name(),
        })
    }
}
