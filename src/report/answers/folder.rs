//! A folder of answers: there as a whole or not at all.
//!
//! Answers are written beside it and renamed into place; a folder that holds anything but answers is never touched.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::error::AnswerError;

/// The account of a folder of answers, and what tells it from other folders.
pub(super) const INDEX: &str = "answers.json";

/// A folder that is being written. Dropping it without [`Self::publish`] removes it.
pub(super) struct PendingFolder {
    out: PathBuf,
    partial: PathBuf,
    replaced: PathBuf,
    /// Holds the lock; closing the file ends it, even when the process is killed.
    _lock: File,
}

impl PendingFolder {
    /// Begins a folder beside `out`, and clears what a killed process left there.
    pub(super) fn begin(out: &Path) -> Result<Self, AnswerError> {
        let occupied = || AnswerError::Occupied { folder: out.to_owned() };
        let name = out.file_name().and_then(|name| name.to_str()).ok_or_else(occupied)?;
        let parent = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(AnswerError::io("create", parent))?;
        let beside = |ending: &str| parent.join(format!(".{name}.{ending}"));
        let (partial, replaced) = (beside("partial"), beside("replaced"));
        let lock = take_lock(&beside("lock"), out)?;
        if replaced.exists() && !out.exists() {
            rename(&replaced, out)?;
        }
        for remains in [&partial, &replaced] {
            remove(remains)?;
        }
        if !may_be_replaced(out)? {
            return Err(occupied());
        }
        fs::create_dir(&partial).map_err(AnswerError::io("create", &partial))?;
        Ok(Self { out: out.to_owned(), partial, replaced, _lock: lock })
    }

    /// Where files wait that are no answers.
    pub(super) fn path(&self) -> &Path {
        &self.partial
    }

    /// Writes a file; its folders are created.
    pub(super) fn write(&self, name: &Path, bytes: &[u8]) -> Result<(), AnswerError> {
        let path = self.partial.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(AnswerError::io("create", folder))?;
        }
        let written = File::create_new(&path).and_then(|mut file| {
            io::Write::write_all(&mut file, bytes)?;
            file.sync_all()
        });
        written.map_err(AnswerError::io("write", &path))
    }

    /// Puts the folder where it belongs, in the place of former answers.
    pub(super) fn publish(self) -> Result<(), AnswerError> {
        let replaces = self.out.exists();
        if replaces {
            rename(&self.out, &self.replaced)?;
        }
        if let Err(error) = rename(&self.partial, &self.out) {
            if replaces {
                // If this fails as well, the next begin does it.
                drop(rename(&self.replaced, &self.out));
            }
            return Err(error);
        }
        if let Some(parent) = self.out.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            File::open(parent).and_then(|folder| folder.sync_all()).map_err(AnswerError::io("sync", parent))?;
        }
        remove(&self.replaced)
    }
}

impl Drop for PendingFolder {
    fn drop(&mut self) {
        // Nothing is there after a publish; what cannot be removed now is removed by the next begin.
        let _ = fs::remove_dir_all(&self.partial);
    }
}

/// Former answers, an empty folder, or nothing.
fn may_be_replaced(out: &Path) -> Result<bool, AnswerError> {
    if !out.exists() || out.join(INDEX).is_file() {
        return Ok(true);
    }
    Ok(out.is_dir() && fs::read_dir(out).map_err(AnswerError::io("list", out))?.next().is_none())
}

fn take_lock(path: &Path, out: &Path) -> Result<File, AnswerError> {
    let file = File::create(path).map_err(AnswerError::io("create", path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(AnswerError::Busy { folder: out.to_owned() }),
        Err(TryLockError::Error(cause)) => Err(AnswerError::io("lock", path)(cause)),
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), AnswerError> {
    fs::rename(from, to).map_err(AnswerError::io("rename", from))
}

fn remove(folder: &Path) -> Result<(), AnswerError> {
    match fs::remove_dir_all(folder) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(AnswerError::io("remove", folder)(cause)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(out: &Path, file: &str) {
        let folder = PendingFolder::begin(out).expect("a folder");
        folder.write(Path::new(file), b"1").expect("a file");
        folder.write(Path::new(INDEX), b"{}").expect("an index");
        folder.publish().expect("published");
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
        assert_eq!(left.len(), 2, "the folder and its lock: {left:?}");
    }

    #[test]
    fn what_is_dropped_was_never_there() {
        let parent = tempfile::tempdir().expect("a folder");
        let out = parent.path().join("answers");
        published(&out, "a.zip");
        let folder = PendingFolder::begin(&out).expect("a folder");
        folder.write(Path::new("b.zip"), b"2").expect("a file");
        assert!(matches!(PendingFolder::begin(&out), Err(AnswerError::Busy { .. })));
        drop(folder);
        assert!(out.join("a.zip").is_file() && !out.join("b.zip").exists());
    }

    #[test]
    fn a_folder_with_something_else_is_left_alone() {
        let parent = tempfile::tempdir().expect("a folder");
        fs::write(parent.path().join("thesis.txt"), b"years of work").expect("a file");
        assert!(matches!(PendingFolder::begin(parent.path()), Err(AnswerError::Occupied { .. })));
        assert!(parent.path().join("thesis.txt").is_file());
    }

    #[test]
    fn a_killed_replacement_is_put_back() {
        let parent = tempfile::tempdir().expect("a folder");
        let out = parent.path().join("answers");
        published(&out, "a.zip");
        fs::rename(&out, parent.path().join(".answers.replaced")).expect("as if killed between two renames");
        drop(PendingFolder::begin(&out).expect("a folder"));
        assert!(out.join("a.zip").is_file());
    }
}
