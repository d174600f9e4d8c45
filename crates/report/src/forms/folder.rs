//! Folder of forms: published as a whole or not at all. A folder that holds anything but forms is never touched.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{FormsError, MadeForms};
use sverka_publish::{NotTaken, PendingFolder, PublishError, Readers, json_text};

/// Name of the index. A folder with this file is a folder of forms.
const INDEX: &str = "forms.json";

/// Folder of forms in work. Dropping it without [`Self::publish`] removes it.
pub(super) struct PendingForms(PendingFolder);

impl PendingForms {
    /// Begins a folder that will be published as `to`.
    pub fn begin(run: &Path, to: &Path) -> Result<Self, FormsError> {
        let occupied = || FormsError::Occupied { folder: to.to_owned() };
        // A link stays a link: the folder that it leads to is replaced.
        let target = fs::canonicalize(to).unwrap_or_else(|_| to.to_owned());
        if target.file_name().is_none() || lies_in(run, &target) || !may_be_replaced(&target).map_err(io_error(to))? {
            return Err(occupied());
        }
        let pending = PendingFolder::begin(&target, Readers::default()).map_err(|error| match error {
            NotTaken::Held(_) => FormsError::Busy { folder: to.to_owned() },
            NotTaken::Failed(error) => FormsError::Folder(error),
        })?;
        Ok(Self(pending))
    }

    /// Writes a file and creates its folders.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), FormsError> {
        let path = self.0.path().join(name);
        let write = || -> io::Result<()> {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            File::create_new(&path)?.write_all(bytes)
        };
        write().map_err(io_error(Path::new(name)))
    }

    /// Publishes the folder in place of former forms. Returns a failure that happened after publishing.
    pub fn publish(self, index: &MadeForms) -> Result<Option<PublishError>, FormsError> {
        self.write(INDEX, &json_text(index).map_err(FormsError::writer)?)?;
        self.0.publish().map_err(FormsError::Folder)
    }
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> FormsError {
    let path = path.to_owned();
    move |cause| FormsError::Io { path, cause }
}

/// Whether a folder may be replaced: it holds former forms, is empty, or does not exist.
fn may_be_replaced(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(folder.join(INDEX).is_file() || entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether a folder, which may be absent, lies in that of the run, which never changes.
fn lies_in(run: &Path, folder: &Path) -> bool {
    let Ok(run) = run.canonicalize() else { return false };
    let mut known: PathBuf = folder.to_owned();
    while !known.exists() && known.pop() {}
    known.canonicalize().is_ok_and(|known| known.starts_with(&run))
}
