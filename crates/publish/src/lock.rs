//! Lock files: held by one process while it lives, and checked for removal by others.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use sverka_model::Date;

use super::disk::{Readers, is_absence, uninterrupted};
use super::{PublishError, user_name};

/// Lock file held by this process. The lock ends when the file is closed, even if the process is killed.
#[derive(Debug)]
pub struct HeldLock {
    path: PathBuf,
    file: File,
}

/// Process that holds a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Process id.
    pub pid: u32,
    /// User of the process, if the lock file names one.
    pub user: Option<String>,
    /// Time at which the process took the lock, if the file system has it.
    pub since: Option<SystemTime>,
}

impl Holder {
    /// Holder by the content of a lock file: a line with the process id, a line with the user.
    fn read(mut file: &File) -> Option<Self> {
        let mut text = String::new();
        file.read_to_string(&mut text).ok()?;
        let mut lines = text.lines();
        let pid = lines.next()?.trim().parse().ok()?;
        let user = lines.next().filter(|user| !user.is_empty()).map(str::to_owned);
        // The file is written when the lock is taken, and never later.
        let since = file.metadata().and_then(|found| found.modified()).ok();
        Some(Self { pid, user, since })
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}", self.pid)?;
        if let Some(user) = &self.user {
            write!(f, " of {user}")?;
        }
        let Some(seconds) = self.since.and_then(|since| since.duration_since(UNIX_EPOCH).ok()).map(|since| since.as_secs())
        else {
            return Ok(());
        };
        const DAY: u64 = 24 * 60 * 60;
        let day = Date::from_days(i32::try_from(seconds / DAY).unwrap_or(i32::MAX));
        let (minute, second) = (seconds % DAY / 60, seconds % 60);
        write!(f, ", since {day} {:02}:{:02}:{second:02} UTC", minute / 60, minute % 60)
    }
}

/// Reason for not getting a lock.
#[derive(Debug)]
pub enum NotTaken {
    /// Another process holds the lock; who it is, if the lock file names it.
    Held(Option<Holder>),
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
    /// Takes the lock of a file and writes the id and the user of this process into it. Creates the file if it is absent.
    ///
    /// # Errors
    /// [`NotTaken::Held`] when another process holds the lock.
    pub fn take(path: &Path, readers: Readers) -> Result<Self, NotTaken> {
        for _ in 0..ATTEMPTS_MAX {
            let file = open(path, readers).map_err(PublishError::io("open", path))?;
            match try_lock(&file) {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(NotTaken::Held(Holder::read(&file)));
                }
                Err(TryLockError::Error(error)) => return Err(PublishError::io("lock", path)(error).into()),
            }
            let lock = Self { path: path.to_owned(), file };
            // The former holder may have removed the file after it was opened here.
            if lock.is_in_place()? {
                let holder = format!("{}\n{}\n", std::process::id(), user_name());
                let written = uninterrupted(|| lock.file.set_len(0)).and_then(|()| (&lock.file).write_all(holder.as_bytes()));
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
        assert!(
            matches!(held, NotTaken::Held(Some(Holder { pid, since: Some(_), .. })) if pid == std::process::id()),
            "{held:?}"
        );
        first.remove();
        assert!(!path.exists());
        HeldLock::take(&path, Readers::Group).expect("free again");
    }

    #[test]
    fn a_holder_is_told_with_its_user_and_its_time() {
        let since = UNIX_EPOCH + std::time::Duration::from_secs(1_793_588_407);
        let holder = |user: Option<&str>, since| Holder { pid: 7, user: user.map(str::to_owned), since }.to_string();
        assert_eq!(holder(Some("oms"), Some(since)), "process 7 of oms, since 2026-11-02 03:00:07 UTC");
        assert_eq!(holder(None, None), "process 7");
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
