//! The summary of a run beside its tables: `summary.txt` for people, `summary.json` for programs.
//!
//! They tell times, which no other run repeats, and the judgement at the time of publishing. So they are no outputs: the manifest has no
//! hashes of them, and nothing that compares runs looks at them.

use std::fs;
use std::path::Path;

use super::PublishError;

/// The summary as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SummaryFiles {
    /// For people.
    pub text: String,
    /// For programs.
    pub json: Vec<u8>,
}

impl SummaryFiles {
    /// The name of the file for people.
    pub const TEXT: &'static str = "summary.txt";
    /// The name of the file for programs.
    pub const JSON: &'static str = "summary.json";

    /// Writes both files into the folder of a run that is being written; publishing syncs them and sets their rights.
    pub(super) fn write(&self, dir: &Path) -> Result<(), PublishError> {
        for (name, bytes) in [(Self::TEXT, self.text.as_bytes()), (Self::JSON, &self.json)] {
            let path = dir.join(name);
            fs::write(&path, bytes).map_err(PublishError::io("write", &path))?;
        }
        Ok(())
    }
}
