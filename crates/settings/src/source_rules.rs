//! When a source as a whole is an event, and what happens then.

use super::{Then, Threshold};
use sverka_model::Code;

/// When a source as a whole is an event, and what happens then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceRules {
    /// The largest share of quarantined rows that passes without a word.
    pub refused_share: Threshold,
    /// The largest share of rows with one code of warnings that passes without a word.
    pub systematic_share: Threshold,
    /// Sources with fewer rows are not asked for these shares.
    pub least_rows: u64,
    /// A source without one record (`SOURCE_WITHOUT_RECORDS`).
    pub without_records: Then,
    /// A source with a larger share of quarantined rows (`SOURCE_MOSTLY_REFUSED`).
    pub mostly_refused: Then,
    /// A source with a code of warnings on a larger share of its rows (`SYSTEMATIC`).
    pub systematic: Then,
    /// A source whose ends of attachments seem to be read a day off (`ENDS_OFF_BY_A_DAY`).
    pub ends_off_by_a_day: Then,
    /// A document that breaks off (`DOCUMENT_BROKEN`).
    pub document_broken: Then,
    /// A table with fewer rows than its header declares.
    pub missing_rows: Then,
    /// An insurer or clinic of the run before without one row now.
    pub absent_sender: Then,
    /// A source whose document or day is one of the run before, while most others of its kind are new.
    pub unchanged: Then,
    /// A source of an earlier day than most others of its kind.
    pub outdated: Then,
    /// A source with the content of another one, or all of whose rows stand in others.
    pub twice: Then,
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
        }
    }
}

impl SourceRules {
    /// What a finding of a source does to the run, with the key that says so; none of other codes.
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

    /// The settings for the manifest, keys in alphabetical order.
    #[must_use]
    pub fn told(&self) -> serde_json::Value {
        serde_json::json!({
            "absent_sender": self.absent_sender.name(),
            "document_broken": self.document_broken.name(),
            "ends_off_by_a_day": self.ends_off_by_a_day.name(),
            "least_rows": self.least_rows,
            "missing_rows": self.missing_rows.name(),
            "mostly_refused": self.mostly_refused.name(),
            "outdated": self.outdated.name(),
            "refused_share": self.refused_share.share().unwrap_or_default(),
            "systematic": self.systematic.name(),
            "systematic_share": self.systematic_share.share().unwrap_or_default(),
            "twice": self.twice.name(),
            "unchanged": self.unchanged.name(),
            "without_records": self.without_records.name(),
        })
    }
}
