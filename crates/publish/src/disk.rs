//! File system services for publishing: permissions independent of the umask, synced names, replacement of a folder in one step.
//!
//! Paths are known here, runs and answers are not.

use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::PublishError;

/// Readers of published files, independent of the umask. Only the owner may write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Readers {
    /// The user who runs the program: files 0600, folders 0700.
    Owner,
    /// The user and the group: files 0640, folders 0750.
    #[default]
    Group,
    /// Every user of the machine: files 0644, folders 0755.
    All,
    /// Rights as numbers.
    #[serde(skip)]
    Modes {
        /// Rights of files.
        file: u32,
        /// Rights of folders.
        folder: u32,
    },
}

/// Permissions of unfinished files and folders, and of files without a name.
const OWNER_FILE: u32 = 0o600;
const OWNER_FOLDER: u32 = 0o700;

impl Readers {
    /// Permissions of a file.
    #[must_use]
    pub const fn file_mode(self) -> u32 {
        match self {
            Self::Owner => OWNER_FILE,
            Self::Group => 0o640,
            Self::All => 0o644,
            Self::Modes { file, .. } => file,
        }
    }

    /// Permissions of a folder.
    #[must_use]
    pub const fn folder_mode(self) -> u32 {
        match self {
            Self::Owner => OWNER_FOLDER,
            Self::Group => 0o750,
            Self::All => 0o755,
            Self::Modes { folder, .. } => folder,
        }
    }

    /// Sets the permissions of an open file.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn give(self, file: &File) -> io::Result<()> {
        file.set_permissions(Permissions::from_mode(self.file_mode()))
    }
}

/// Metadata of a path; `None` when there is nothing. Any other reason for failure is an error, never absence.
pub(super) fn look_at(path: &Path) -> Result<Option<Metadata>, PublishError> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(PublishError::io("look at", path)(error)),
    }
}

/// Whether an error means that nothing is at a path, as opposed to a failing disk or missing permissions.
pub(super) fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Repeats a system call that a signal interrupted.
pub(super) fn uninterrupted<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            ended => return ended,
        }
    }
}

/// Creates a folder that only its owner can read. Others can read it once it is complete, see [`settle`].
pub(super) fn create_hidden_folder(path: &Path) -> Result<(), PublishError> {
    create_folder_with(path, OWNER_FOLDER)
}

/// Creates a folder and its missing ancestors. Permissions of existing folders do not change.
pub(super) fn create_folders(path: &Path, readers: Readers) -> Result<(), PublishError> {
    let mut missing = Vec::new();
    for folder in path.ancestors().take_while(|folder| !folder.as_os_str().is_empty()) {
        // A link to a folder counts as a folder.
        match uninterrupted(|| fs::metadata(folder)) {
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::NotFound => missing.push(folder),
            Err(error) => return Err(PublishError::io("look at", folder)(error)),
        }
    }
    for folder in missing.into_iter().rev() {
        match create_folder_with(folder, readers.folder_mode()) {
            // Another process created the folder; its permissions hold.
            Err(PublishError::Io { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
            created => created?,
        }
        sync_folder(&folder.join(".."))?;
    }
    Ok(())
}

fn create_folder_with(path: &Path, mode: u32) -> Result<(), PublishError> {
    uninterrupted(|| fs::create_dir(path)).map_err(PublishError::io("create", path))?;
    set_mode(path, mode)
}

fn set_mode(path: &Path, mode: u32) -> Result<(), PublishError> {
    uninterrupted(|| fs::set_permissions(path, Permissions::from_mode(mode))).map_err(PublishError::io("set the rights of", path))
}

/// Sets the permissions of a folder and everything below, and syncs all files and names.
pub(super) fn settle(folder: &Path, readers: Readers) -> Result<(), PublishError> {
    let entries = uninterrupted(|| fs::read_dir(folder)).map_err(PublishError::io("read", folder))?;
    for entry in entries {
        let entry = entry.map_err(PublishError::io("read", folder))?;
        let (path, kind) = (entry.path(), entry.file_type());
        if kind.map_err(PublishError::io("look at", &entry.path()))?.is_dir() {
            settle(&path, readers)?;
        } else {
            settle_file(&path, readers)?;
        }
    }
    set_mode(folder, readers.folder_mode())?;
    sync_folder(folder)
}

/// Sets the permissions of a file and syncs it.
pub(super) fn settle_file(path: &Path, readers: Readers) -> Result<(), PublishError> {
    set_mode(path, readers.file_mode())?;
    File::open(path).and_then(|file| file.sync_all()).map_err(PublishError::io("sync", path))
}

/// Writes a small file as a whole: beside its place, then renamed. Creates the folder if it is absent; replaces a former file.
pub(super) fn replace_file(folder: &Path, name: &str, content: &[u8], readers: Readers) -> Result<(), PublishError> {
    create_folders(folder, readers)?;
    let (new, place) = (folder.join(format!(".{name}.new")), folder.join(name));
    let write = || -> Result<(), PublishError> {
        // A killed process may have left the file.
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(OWNER_FILE)
            .open(&new)
            .map_err(PublishError::io("create", &new))?;
        file.write_all(content).map_err(PublishError::io("write", &new))?;
        settle_file(&new, readers)?;
        rename(&new, &place)
    };
    write().inspect_err(|_| drop(fs::remove_file(&new)))?;
    sync_folder(folder)
}

/// Syncs the names in a folder.
pub(super) fn sync_folder(folder: &Path) -> Result<(), PublishError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(PublishError::io("sync", folder))
}

pub(super) fn rename(from: &Path, to: &Path) -> Result<(), PublishError> {
    uninterrupted(|| fs::rename(from, to)).map_err(PublishError::io("rename", from))
}

/// Removes a folder with its content, if it exists.
pub(super) fn remove_folder(folder: &Path) -> Result<(), PublishError> {
    match uninterrupted(|| fs::remove_dir_all(folder)) {
        Err(error) if !is_absence(&error) => Err(PublishError::io("remove", folder)(error)),
        _ => Ok(()),
    }
}

/// Puts folder `new` in its place, in one step if the file system can exchange two names. Returns the new path of the
/// former folder, if there was one.
///
/// ```text
/// place free           new ▶ place
/// names exchangeable   new ◀▶ place                   the former folder is at `new`
/// otherwise            place ▶ aside, new ▶ place     the former folder is at `aside`
/// ```
///
/// In the last case a process that is killed between the two renames leaves the place empty; the next process moves `aside` back.
pub(super) fn put_in_place(new: &Path, place: &Path, aside: &Path) -> Result<Option<PathBuf>, PublishError> {
    put_in_place_by(exchange, new, place, aside)
}

/// Exchange of two names in one step; returns `false` if the system cannot do it.
type Exchange = fn(&Path, &Path) -> io::Result<bool>;

fn put_in_place_by(exchange: Exchange, new: &Path, place: &Path, aside: &Path) -> Result<Option<PathBuf>, PublishError> {
    if look_at(place)?.is_none() {
        return rename(new, place).map(|()| None);
    }
    if exchange(new, place).map_err(PublishError::io("exchange", new))? {
        return Ok(Some(new.to_owned()));
    }
    rename(place, aside)?;
    if let Err(error) = rename(new, place) {
        // If this fails as well, the next process does it.
        drop(rename(aside, place));
        return Err(error);
    }
    Ok(Some(aside.to_owned()))
}

/// Exchanges two names in one step. Returns `false` when the file system or the operating system cannot do it.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;

    const CANNOT: [Errno; 4] = [Errno::INVAL, Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP];
    match rustix::io::retry_on_intr(|| renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)) {
        Ok(()) => Ok(true),
        Err(error) if CANNOT.contains(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_one: &Path, _other: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("there").permissions().mode() & 0o7777
    }

    #[test]
    fn a_folder_takes_the_place_of_another_which_is_kept() {
        let cannot: Exchange = |_, _| Ok(false);
        for (exchange, in_one_step) in [(exchange as Exchange, cfg!(target_os = "linux")), (cannot, false)] {
            let dir = tempfile::tempdir().expect("folder");
            let [new, place, aside] = ["new", "place", "aside"].map(|name| dir.path().join(name));
            let put = |file: &str| {
                fs::create_dir(&new).expect("folder");
                fs::write(new.join(file), "").expect("file");
                put_in_place_by(exchange, &new, &place, &aside).expect("put")
            };
            assert_eq!(put("1"), None);
            let former = put("2").expect("a former folder");
            assert!(place.join("2").exists() && former.join("1").exists());
            // If the place is never empty, the former folder has the name that the new one had.
            assert_eq!(former == new, in_one_step);
        }
    }

    #[test]
    fn rights_are_those_of_the_readers() {
        for (readers, file, folder) in [
            (Readers::Owner, 0o600, 0o700),
            (Readers::Group, 0o640, 0o750),
            (Readers::All, 0o644, 0o755),
            (Readers::Modes { file: 0o660, folder: 0o2770 }, 0o660, 0o2770),
        ] {
            let dir = tempfile::tempdir().expect("folder");
            let run = dir.path().join("a/run");
            create_folders(run.parent().expect("a folder"), readers).expect("folders");
            create_hidden_folder(&run).expect("folder");
            assert_eq!((mode(&dir.path().join("a")), mode(&run)), (folder, 0o700));
            fs::create_dir(run.join("in")).expect("folder");
            fs::write(run.join("in/file"), "").expect("file");
            settle(&run, readers).expect("settled");
            assert_eq!([&run, &run.join("in"), &run.join("in/file")].map(|path| mode(path)), [folder, folder, file]);
        }
    }

    #[test]
    fn what_cannot_be_looked_at_is_not_absent() {
        let dir = tempfile::tempdir().expect("folder");
        assert!(look_at(&dir.path().join("nothing")).expect("absent").is_none());
        assert!(look_at(&dir.path().join("n".repeat(300))).is_err());
    }
}
