//! Closed months: `OUT/closed/YYYY-MM.json` names the run by which a month was paid (SEM-381).
//!
//! The file holds the names, sizes and hashes of the tables of the run, so that a run that was changed or computed again after it was closed is noticed. It
//! holds no personal data but the name of the user who closed the month.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::disk::{is_absence, look_at, replace_file, uninterrupted};
use super::{Manifest, Output, PublishError, Readers, json_text};

/// Folder of the closed months in the output folder.
pub(super) const CLOSED: &str = "closed";

/// Closed month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedMonth {
    /// Month, `YYYY-MM`: the name of the file.
    pub month: String,
    /// Run by which the month was paid.
    pub run_id: String,
    /// User who closed the month.
    pub closed_by: String,
    /// Time of closing, RFC 3339.
    pub closed_at: String,
    /// Tables of the run when the month was closed.
    pub outputs: Vec<Output>,
    /// Former closings of the month, the oldest first; absent when there were none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<ReplacedClosing>,
}

/// Closing that a later one replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplacedClosing {
    /// Run of the former closing.
    pub run_id: String,
    /// User of the former closing.
    pub closed_by: String,
    /// Time of the former closing, RFC 3339.
    pub closed_at: String,
    /// Reason for the replacement, as the user wrote it.
    pub reason: String,
}

impl ClosedMonth {
    /// First closing of a month by the run of a manifest.
    #[must_use]
    pub fn by_run(month: &str, manifest: &Manifest, closed_by: &str, closed_at: &str) -> Self {
        Self {
            month: month.to_owned(),
            run_id: manifest.run_id.clone(),
            closed_by: closed_by.to_owned(),
            closed_at: closed_at.to_owned(),
            outputs: manifest.outputs.clone(),
            replaced: Vec::new(),
        }
    }

    /// Closing of the same month by another run. The former closing is kept with the reason.
    #[must_use]
    pub fn replaced_by(self, manifest: &Manifest, closed_by: &str, closed_at: &str, reason: &str) -> Self {
        let mut replaced = self.replaced;
        replaced.push(ReplacedClosing {
            run_id: self.run_id,
            closed_by: self.closed_by,
            closed_at: self.closed_at,
            reason: reason.to_owned(),
        });
        Self { replaced, ..Self::by_run(&self.month, manifest, closed_by, closed_at) }
    }

    /// Closing of a month in an output folder; `None` when the month is not closed.
    ///
    /// # Errors
    /// When the file cannot be read or is damaged.
    pub fn of_month(out: &Path, month: &str) -> Result<Option<Self>, PublishError> {
        let path = out.join(CLOSED).join(format!("{month}.json"));
        match look_at(&path)? {
            Some(_) => Self::read(&path, month).map(Some),
            None => Ok(None),
        }
    }

    /// Closed months of an output folder, in order.
    ///
    /// # Errors
    /// When a file of the folder cannot be read, or is no closed month.
    pub fn read_all(out: &Path) -> Result<Vec<Self>, PublishError> {
        let folder = out.join(CLOSED);
        let entries = match uninterrupted(|| fs::read_dir(&folder)) {
            Err(error) if is_absence(&error) => return Ok(Vec::new()),
            entries => entries.map_err(PublishError::io("read", &folder))?,
        };
        let mut months = Vec::new();
        for entry in entries {
            let path = entry.map_err(PublishError::io("read", &folder))?.path();
            let stem = path.file_stem().and_then(|stem| stem.to_str()).filter(|stem| is_month(stem));
            if let (Some(month), Some("json")) = (stem, path.extension().and_then(|ending| ending.to_str())) {
                months.push(Self::read(&path, month)?);
            }
        }
        months.sort_by(|a, b| a.month.cmp(&b.month));
        Ok(months)
    }

    fn read(path: &Path, month: &str) -> Result<Self, PublishError> {
        let damaged = |detail: String| PublishError::Mark { path: path.to_owned(), detail };
        let text = uninterrupted(|| fs::read(path)).map_err(PublishError::io("read", path))?;
        let closed: Self = serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        if closed.month == month { Ok(closed) } else { Err(damaged(format!("it is of the month {}", closed.month))) }
    }

    /// Writes the file of the month, in place of a former one.
    ///
    /// # Errors
    /// When the file system refuses; a former file is unchanged then.
    pub(super) fn write(&self, out: &Path, readers: Readers) -> Result<(), PublishError> {
        let text = json_text(self).expect("a closed month is plain data");
        replace_file(&out.join(CLOSED), &format!("{}.json", self.month), &text, readers)
    }
}

/// Whether a text has the form of a month, `YYYY-MM`.
pub(super) fn is_month(text: &str) -> bool {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('-').is_some_and(|(year, month)| digits(year, 4) && digits(month, 2) && ("01"..="12").contains(&month))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::tests::manifest;

    #[test]
    fn closed_months_are_read_in_order_and_other_files_are_left_alone() {
        let out = tempfile::tempdir().expect("folder");
        assert_eq!(ClosedMonth::read_all(out.path()).expect("no folder"), []);
        let months =
            ["2026-11", "2026-10"].map(|month| ClosedMonth::by_run(month, &manifest("a1", &[]), "oms", "2026-11-02T03:00:00Z"));
        for month in &months {
            month.write(out.path(), Readers::Group).expect("written");
        }
        fs::write(out.path().join("closed/2026-10-corrections.json"), "{}").expect("written");
        let [november, october] = months;
        assert_eq!(ClosedMonth::read_all(out.path()).expect("readable"), [october, november]);
    }

    #[test]
    fn a_damaged_file_is_named() {
        let out = tempfile::tempdir().expect("folder");
        let closed = ClosedMonth::by_run("2026-10", &manifest("a1", &[]), "oms", "2026-11-02T03:00:00Z");
        closed.write(out.path(), Readers::Group).expect("written");
        let path = out.path().join("closed/2026-10.json");
        let text = fs::read_to_string(&path).expect("text");
        for damaged in [&text[..text.len() / 2], &text.replace("2026-10", "2026-09")] {
            fs::write(&path, damaged).expect("written");
            let error = ClosedMonth::read_all(out.path()).expect_err("damaged").to_string();
            assert!(error.contains("2026-10.json"), "{error}");
        }
    }
}
