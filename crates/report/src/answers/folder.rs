//! Folder of answers: published as a whole or not at all. A folder that holds anything but answers is never touched.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use super::error::AnswerError;
use sverka_publish::{NotTaken, PendingFolder, PublishError, Readers};

/// Name of the index. A folder with this file is a folder of answers.
pub(super) const INDEX: &str = "answers.json";

/// Folder of answers in work. Dropping it without [`Self::publish`] removes it.
pub(super) struct PendingAnswers(PendingFolder);

impl PendingAnswers {
    /// Begins a folder that will be published as `out`, and removes the remains of killed processes beside it.
    pub(super) fn begin(out: &Path, readers: Readers) -> Result<Self, AnswerError> {
        let occupied = || AnswerError::Occupied { folder: out.to_owned() };
        out.file_name().ok_or_else(occupied)?;
        // A link stays a link: the folder that it leads to is replaced.
        let target = fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
        let pending = PendingFolder::begin(&target, readers).map_err(|error| match error {
            NotTaken::Held(_) => AnswerError::Busy { folder: out.to_owned() },
            NotTaken::Failed(error) => AnswerError::Folder(error),
        })?;
        if may_be_replaced(out).map_err(AnswerError::io("look at", out))? { Ok(Self(pending)) } else { Err(occupied()) }
    }

    /// Path of the folder in work, which also holds temporary files.
    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file and creates its folders.
    pub(super) fn write(&self, name: &Path, bytes: &[u8]) -> io::Result<()> {
        let path = self.path().join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        File::create_new(&path)?.write_all(bytes)
    }

    /// Removes a file that was written.
    pub(super) fn remove(&self, name: &Path) -> io::Result<()> {
        fs::remove_file(self.path().join(name))
    }

    /// Publishes the folder in place of former answers. Returns a failure that happened after publishing.
    pub(super) fn publish(self) -> Result<Option<PublishError>, AnswerError> {
        self.0.publish().map_err(AnswerError::Folder)
    }
}

/// Whether `out` may be replaced: it holds former answers, is empty, or does not exist.
fn may_be_replaced(out: &Path) -> io::Result<bool> {
    match fs::read_dir(out) {
        Ok(mut entries) => Ok(out.join(INDEX).is_file() || entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(out: &Path, file: &str) {
        let folder = PendingAnswers::begin(out, Readers::Group).expect("a folder");
        folder.write(Path::new(file), b"1").expect("a file");
        folder.write(Path::new(INDEX), b"{}").expect("an index");
        assert!(folder.publish().expect("published").is_none());
    }

    #[test]
    fn answers_replace_answers_and_leave_nothing_beside() {
        let parent = tempfile::tempdir().expect("a folder");
        let out = parent.path().join("answers");
        published(&out, "in/a.zip");
        published(&out, "in/b.zip");
        assert!(!out.join("in/a.zip").exists() && out.join("in/b.zip").is_file());
        let left: Vec<_> =
            fs::read_dir(parent.path()).expect("a list").map(|entry| entry.expect("an entry").file_name()).collect();
        assert_eq!(left, ["answers"]);
    }

    #[test]
    fn what_is_dropped_was_never_there() {
        let parent = tempfile::tempdir().expect("a folder");
        let out = parent.path().join("answers");
        published(&out, "a.zip");
        let folder = PendingAnswers::begin(&out, Readers::Group).expect("a folder");
        folder.write(Path::new("b.zip"), b"2").expect("a file");
        assert!(matches!(PendingAnswers::begin(&out, Readers::Group), Err(AnswerError::Busy { .. })));
        drop(folder);
        assert!(out.join("a.zip").is_file() && !out.join("b.zip").exists());
    }

    #[test]
    fn a_folder_with_something_else_is_left_alone() {
        let parent = tempfile::tempdir().expect("a folder");
        fs::write(parent.path().join("thesis.txt"), b"years of work").expect("a file");
        assert!(matches!(PendingAnswers::begin(parent.path(), Readers::Group), Err(AnswerError::Occupied { .. })));
        assert!(parent.path().join("thesis.txt").is_file());
        let file = parent.path().join("thesis.txt");
        assert!(matches!(PendingAnswers::begin(&file, Readers::Group), Err(AnswerError::Occupied { .. })));
    }
}
