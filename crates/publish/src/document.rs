//! Documents beside the tables of a run, named and hashed in its manifest as they are.

use std::fs;
use std::path::Path;

use super::{Output, PublishError};

/// Document of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Name in the manifest, where tables have theirs.
    pub name: &'static str,
    /// Name of the file.
    pub file: String,
    /// Number of records.
    pub records: u64,
    /// Content.
    pub bytes: Vec<u8>,
}

impl Document {
    /// Writes the document into the folder of a run under construction. Publishing syncs it and sets its permissions.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn write(&self, dir: &Path) -> Result<Output, PublishError> {
        let path = dir.join(&self.file);
        fs::write(&path, &self.bytes).map_err(PublishError::io("write", &path))?;
        Ok(Output {
            table: self.name.to_owned(),
            file: self.file.clone(),
            rows: self.records,
            bytes: self.bytes.len() as u64,
            blake3: blake3::hash(&self.bytes).to_hex().to_string(),
        })
    }
}
