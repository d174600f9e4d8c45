//! Summary of a run beside its tables: `summary.txt` for people, `summary.json` for programs.
//!
//! Both files hold times, which differ between runs, and the judgement at the time of publishing. So they are no outputs: the manifest has no hashes of
//! them, and comparisons of runs ignore them.

use std::fs;
use std::path::Path;

use super::PublishError;

/// Content of the summary files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SummaryFiles {
    /// Text for people.
    pub text: String,
    /// JSON for programs.
    pub json: Vec<u8>,
}

impl SummaryFiles {
    /// Name of the file for people.
    pub const TEXT: &'static str = "summary.txt";
    /// Name of the file for programs.
    pub const JSON: &'static str = "summary.json";

    /// Writes both files into the folder of a run under construction. Publishing syncs them and sets their permissions.
    pub(super) fn write(&self, dir: &Path) -> Result<(), PublishError> {
        for (name, bytes) in [(Self::TEXT, self.text.as_bytes()), (Self::JSON, &self.json)] {
            let path = dir.join(name);
            fs::write(&path, bytes).map_err(PublishError::io("write", &path))?;
        }
        Ok(())
    }
}
