//! Pinned runs: `OUT/pinned/<id>.json` keeps a run from being pruned until somebody takes the pin away (SEM-380).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::disk::{is_absence, replace_file, sync_folder, uninterrupted};
use super::folder::is_run_id;
use super::{PublishError, Readers, json_text};

/// Folder of the pins in the output folder.
const PINNED: &str = "pinned";

/// Pin of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// Pinned run.
    pub run_id: String,
    /// User who pinned the run.
    pub pinned_by: String,
    /// Time of pinning, RFC 3339.
    pub pinned_at: String,
}

/// Ids of the pinned runs. The name of a file is enough: a pin whose content is damaged still holds.
pub(super) fn read_all(out: &Path) -> Result<BTreeSet<String>, PublishError> {
    let folder = out.join(PINNED);
    let entries = match uninterrupted(|| fs::read_dir(&folder)) {
        Err(error) if is_absence(&error) => return Ok(BTreeSet::new()),
        entries => entries.map_err(PublishError::io("read", &folder))?,
    };
    let mut pinned = BTreeSet::new();
    for entry in entries {
        let name = entry.map_err(PublishError::io("read", &folder))?.file_name();
        let run_id = name.to_str().and_then(|name| name.strip_suffix(".json")).filter(|run_id| is_run_id(run_id));
        pinned.extend(run_id.map(str::to_owned));
    }
    Ok(pinned)
}

/// Writes a pin.
pub(super) fn write(out: &Path, pin: &Pin, readers: Readers) -> Result<(), PublishError> {
    let text = json_text(pin).expect("a pin is plain data");
    replace_file(&out.join(PINNED), &file_name(&pin.run_id), &text, readers)
}

/// Removes a pin. Returns whether there was one.
pub(super) fn remove(out: &Path, run_id: &str) -> Result<bool, PublishError> {
    let folder = out.join(PINNED);
    let path = folder.join(file_name(run_id));
    match uninterrupted(|| fs::remove_file(&path)) {
        Ok(()) => sync_folder(&folder).map(|()| true),
        Err(error) if is_absence(&error) => Ok(false),
        Err(error) => Err(PublishError::io("remove", &path)(error)),
    }
}

fn file_name(run_id: &str) -> String {
    format!("{run_id}.json")
}
