//! Lock files: held by one process while it lives, and checked for removal by others.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::PublishError;
use super::disk::{Readers, is_absence, uninterrupted};

/// Lock file held by this process. The lock ends when the file is closed, even if the process is killed.
#[derive(Debug)]
pub struct HeldLock {
    path: PathBuf,
    file: File,
}

/// Reason for not getting a lock.
#[derive(Debug)]
pub enum NotTaken {
    /// Another process holds the lock; its id, if the lock file names it.
    Held(Option<u32>),
    /// The file system refused.
    Failed(PublishError),
}

impl From<PublishError> for NotTaken {
    fn from(error: PublishError) -> Self {
        Self::Failed(error)
    }
}

/// Limit for attempts when the lock file is removed between opening and locking.
const ATTEMPTS_MAX: usize = 100;

impl HeldLock {
    /// Takes the lock of a file and writes the id of this process into it. Creates the file if it is absent.
    ///
    /// # Errors
    /// [`NotTaken::Held`] when another process holds the lock.
    pub fn take(path: &Path, readers: Readers) -> Result<Self, NotTaken> {
        for _ in 0..ATTEMPTS_MAX {
            let mut file = open(path, readers).map_err(PublishError::io("open", path))?;
            match try_lock(&file) {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let mut holder = String::new();
                    let pid = file.read_to_string(&mut holder).ok().and_then(|_| holder.trim().parse().ok());
                    return Err(NotTaken::Held(pid));
                }
                Err(TryLockError::Error(error)) => return Err(PublishError::io("lock", path)(error).into()),
            }
            let lock = Self { path: path.to_owned(), file };
            // The former holder may have removed the file after it was opened here.
            if lock.is_in_place()? {
                let written =
                    uninterrupted(|| lock.file.set_len(0)).and_then(|()| writeln!(&lock.file, "{}", std::process::id()));
                written.map_err(PublishError::io("write", path))?;
                return Ok(lock);
            }
        }
        Err(NotTaken::Held(None))
    }

    /// Whether the file at the path is still the locked one. When somebody removed it, another process may hold a new file.
    pub fn is_in_place(&self) -> Result<bool, PublishError> {
        let held = uninterrupted(|| self.file.metadata()).map_err(PublishError::io("look at", &self.path))?;
        match uninterrupted(|| fs::symlink_metadata(&self.path)) {
            Ok(found) => Ok((found.dev(), found.ino()) == (held.dev(), held.ino())),
            Err(error) if is_absence(&error) => Ok(false),
            Err(error) => Err(PublishError::io("look at", &self.path)(error)),
        }
    }

    /// Ends the lock and removes its file, unless the file belongs to another process by now.
    pub fn remove(self) {
        if matches!(self.is_in_place(), Ok(true)) {
            // A file that stays is locked by the next process.
            drop(fs::remove_file(&self.path));
        }
    }
}

/// Marks a folder as in use until the returned file is closed. `None` if folders cannot be locked.
pub(super) fn mark_in_use(folder: &Path) -> Option<File> {
    let folder = File::open(folder).ok()?;
    try_lock(&folder).ok()?;
    Some(folder)
}

/// Whether a process has marked a folder as in use.
pub(super) fn is_in_use(folder: &Path) -> bool {
    File::open(folder).is_ok_and(|folder| matches!(try_lock(&folder), Err(TryLockError::WouldBlock)))
}

fn open(path: &Path, readers: Readers) -> io::Result<File> {
    let mode = readers.file_mode();
    let created = uninterrupted(|| OpenOptions::new().read(true).write(true).create_new(true).mode(mode).open(path));
    match created {
        Ok(file) => {
            readers.give(&file)?;
            Ok(file)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            uninterrupted(|| OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(mode).open(path))
        }
        Err(error) => Err(error),
    }
}

fn try_lock(file: &File) -> Result<(), TryLockError> {
    loop {
        match file.try_lock() {
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
            ended => return ended,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_once_and_its_file_can_be_removed() {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("lock");
        let first = HeldLock::take(&path, Readers::Group).expect("free");
        let held = HeldLock::take(&path, Readers::Group).expect_err("held");
        assert!(matches!(held, NotTaken::Held(Some(pid)) if pid == std::process::id()), "{held:?}");
        first.remove();
        assert!(!path.exists());
        HeldLock::take(&path, Readers::Group).expect("free again");
    }

    #[test]
    fn a_removed_lock_file_is_noticed_and_not_taken_from_its_new_holder() {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("lock");
        let first = HeldLock::take(&path, Readers::Group).expect("free");
        fs::remove_file(&path).expect("removed by somebody");
        let second = HeldLock::take(&path, Readers::Group).expect("a new file");
        assert!(!first.is_in_place().expect("looked at") && second.is_in_place().expect("looked at"));
        first.remove();
        assert!(second.is_in_place().expect("looked at"));
    }

    #[test]
    fn a_marked_folder_is_living_until_the_mark_goes() {
        let dir = tempfile::tempdir().expect("folder");
        let mark = mark_in_use(dir.path()).expect("a file system that locks folders");
        assert!(is_in_use(dir.path()));
        drop(mark);
        assert!(!is_in_use(dir.path()));
    }
}
