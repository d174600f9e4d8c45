//! Parts of the manifest about sources that are not read, and about senders that sent nothing.

use serde::{Deserialize, Serialize};

use super::InputIdentity;

/// Source that a run did not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Name of the source in the job.
    pub name: String,
    /// Reason: `superseded` by a newer snapshot, `same_as` a source that is read, `not_yet_known` by the day of `known_by`, or `unsettled`: a file that
    /// may still be written.
    pub why: String,
    /// Name of the source that is read instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Role of the records that are not read; absent for unsettled files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Name of the layout; absent for unsettled files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<String>,
    /// Date of the source, ISO.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_date: Option<String>,
    /// Code of the sender, if it is known without reading the rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// Size of the file in bytes; absent for unsettled files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// BLAKE3 of the file, hexadecimal, of superseded and repeated sources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blake3: Option<String>,
}

impl LeftOut {
    /// Reason of a source with the content of another one.
    pub const SAME_AS: &'static str = "same_as";
    /// Reason of a file that may still be written.
    pub const UNSETTLED: &'static str = "unsettled";

    /// Identity of the source; `None` if the results do not depend on its content.
    #[must_use]
    pub fn identity(&self) -> Option<InputIdentity<'_>> {
        Some(InputIdentity {
            role: &self.why,
            name: &self.name,
            layout: self.layout.as_deref(),
            source_date: self.source_date.clone(),
            blake3: self.blake3.as_deref()?,
        })
    }
}

/// Sender without a source since the day that the job expects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MissingSender {
    /// Table of the expected sources.
    pub table: String,
    /// Code of the insurer or clinic.
    pub sender: String,
    /// Earliest date that would have been enough, ISO.
    pub since: String,
    /// Name of the insurer or clinic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Date of the newest source of the sender that was read, ISO; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_source_date: Option<String>,
    /// Consequence for the run: `stop`, `warn` or `note`.
    pub then: String,
}
