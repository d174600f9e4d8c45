//! Folders that appear as a whole: written beside their place under a lock of their own, then put there in one step.
//!
//! ```text
//! PARENT/.<name>.lock       held while the folder is written, then removed
//! PARENT/.<name>.partial/   folder under construction, marked as in use
//! PARENT/.<name>.replaced/  former folder, if names cannot be exchanged
//! PARENT/<name>/            complete folder
//! ```
//!
//! The next [`PendingFolder::begin`] of the same name clears the remains of a killed process. [`clear_left_folders`] does so for every name in `answers` of
//! an output folder. A folder with a held lock is left alone.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::PublishError;
use super::disk::{
    Readers, create_folders, create_hidden_folder, look_at, put_in_place, remove_folder, rename, settle, sync_folder,
    uninterrupted,
};
use super::lock::{HeldLock, NotTaken, is_in_use, mark_in_use};

const LOCK: &str = ".lock";
const PARTIAL: &str = ".partial";
const REPLACED: &str = ".replaced";

/// Folder under construction. Dropping it without [`Self::publish`] removes it.
#[derive(Debug)]
pub struct PendingFolder {
    names: Names,
    readers: Readers,
    lock: Option<HeldLock>,
    is_published: bool,
    /// Mark for other processes that the folder is in use.
    _in_use: Option<File>,
}

/// Paths around the place of a folder.
#[derive(Debug)]
struct Names {
    parent: PathBuf,
    place: PathBuf,
    partial: PathBuf,
    replaced: PathBuf,
    lock: PathBuf,
}

impl Names {
    fn new(parent: &Path, name: &OsStr) -> Self {
        let beside = |ending: &str| {
            let mut hidden = std::ffi::OsString::from(".");
            hidden.push(name);
            hidden.push(ending);
            parent.join(hidden)
        };
        let (partial, replaced, lock) = (beside(PARTIAL), beside(REPLACED), beside(LOCK));
        Self { parent: parent.to_owned(), place: parent.join(name), partial, replaced, lock }
    }

    /// Removes the remains of a killed process, and puts a folder back that it had moved aside. The lock must be held. Returns the number of remains.
    fn clear(&self) -> Result<u64, PublishError> {
        let mut cleared = 0;
        if look_at(&self.replaced)?.is_some() && look_at(&self.place)?.is_none() {
            rename(&self.replaced, &self.place)?;
            cleared += 1;
        }
        for left in [&self.partial, &self.replaced] {
            if look_at(left)?.is_some() {
                remove_folder(left)?;
                cleared += 1;
            }
        }
        Ok(cleared)
    }
}

impl PendingFolder {
    /// Starts a folder for a place, and clears the remains of a killed process beside it. Creates the parent folder if it is absent.
    ///
    /// # Errors
    /// [`NotTaken::Held`] when another process writes a folder for that place.
    ///
    /// # Panics
    /// When the place has no name of its own, such as `..`.
    pub fn begin(place: &Path, readers: Readers) -> Result<Self, NotTaken> {
        let name = place.file_name().expect("invariant: a folder that is put in its place has a name");
        let parent = place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        create_folders(parent, readers)?;
        let names = Names::new(parent, name);
        let lock = HeldLock::take(&names.lock, readers)?;
        let mut begun = Self { names, readers, lock: Some(lock), is_published: true, _in_use: None };
        if is_in_use(&begun.names.partial) {
            // Another process uses the folder, and somebody removed its lock file.
            return Err(NotTaken::Held(None));
        }
        begun.names.clear()?;
        create_hidden_folder(&begun.names.partial)?;
        begun.is_published = false;
        begun._in_use = mark_in_use(&begun.names.partial);
        Ok(begun)
    }

    /// Path for writing files into the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.names.partial
    }

    /// Puts the folder in its place, instead of a former one. Returns an error that occurred after that.
    ///
    /// # Errors
    /// When the file system refuses; the former folder is unchanged then.
    pub fn publish(mut self) -> Result<Option<PublishError>, PublishError> {
        settle(&self.names.partial, self.readers)?;
        if !self.lock.as_ref().is_some_and(|lock| matches!(lock.is_in_place(), Ok(true))) {
            return Err(PublishError::LockLost { file: self.names.lock.clone() });
        }
        let former = put_in_place(&self.names.partial, &self.names.place, &self.names.replaced)?;
        self.is_published = true;
        if let Err(error) = sync_folder(&self.names.parent) {
            // The former folder is kept as long as the new one is not synced.
            return Ok(Some(PublishError::NotSynced { cause: Box::new(error) }));
        }
        Ok(former.and_then(|former| remove_folder(&former).err()))
    }
}

impl Drop for PendingFolder {
    fn drop(&mut self) {
        if !self.is_published {
            // If removing fails, the next begin removes the folder.
            drop(remove_folder(&self.names.partial));
        }
        if let Some(lock) = self.lock.take() {
            lock.remove();
        }
    }
}

/// Removes a complete folder and the remains beside it. Returns `false`, and removes nothing, when a process writes a folder for that place.
///
/// The folder is renamed to `.<name>.partial` first, so a process that is killed in between leaves what [`clear_left_folders`] removes.
pub(super) fn remove_with_lock(place: &Path, readers: Readers) -> Result<bool, PublishError> {
    let (Some(parent), Some(name)) = (place.parent(), place.file_name()) else { return Ok(true) };
    if look_at(parent)?.is_none() {
        return Ok(true);
    }
    let names = Names::new(parent, name);
    let lock = match HeldLock::take(&names.lock, readers) {
        Ok(lock) => lock,
        Err(NotTaken::Held(_)) => return Ok(false),
        Err(NotTaken::Failed(error)) => return Err(error),
    };
    let is_free = !is_in_use(&names.partial);
    if is_free {
        names.clear()?;
        if look_at(place)?.is_some() {
            rename(place, &names.partial)?;
            remove_folder(&names.partial)?;
        }
    }
    lock.remove();
    Ok(is_free)
}

/// Clears the remains of killed processes in a folder that holds nothing but [`PendingFolder`]s. Returns the number of remains. Remains that cannot be
/// removed are left for the next time.
pub(super) fn clear_left_folders(parent: &Path, readers: Readers) -> u64 {
    let entries = uninterrupted(|| fs::read_dir(parent)).into_iter().flatten();
    let names: BTreeSet<String> = entries
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            let hidden = name.strip_prefix('.')?;
            [LOCK, PARTIAL, REPLACED].iter().find_map(|ending| hidden.strip_suffix(ending)).map(str::to_owned)
        })
        .filter(|name| !name.is_empty())
        .collect();
    let mut cleared = 0;
    for names in names.iter().map(|name| Names::new(parent, OsStr::new(name))) {
        // A held lock or a mark means that a process uses the folder.
        let Ok(lock) = HeldLock::take(&names.lock, readers) else { continue };
        if !is_in_use(&names.partial) {
            cleared += names.clear().unwrap_or(0);
        }
        lock.remove();
    }
    cleared
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a list").map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<String> = entries.map(|name| name.into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }

    fn publish(place: &Path, file: &str) {
        let pending = PendingFolder::begin(place, Readers::Group).expect("free");
        fs::create_dir_all(pending.path().join("in")).expect("folder");
        fs::write(pending.path().join("in").join(file), "").expect("file");
        assert!(pending.publish().expect("published").is_none());
    }

    #[test]
    fn a_folder_replaces_the_former_one_and_leaves_nothing_beside() {
        let parent = tempfile::tempdir().expect("folder");
        let place = parent.path().join("a");
        publish(&place, "1");
        publish(&place, "2");
        assert_eq!((listed(parent.path()), listed(&place.join("in"))), (vec!["a".to_owned()], vec!["2".to_owned()]));
    }

    #[test]
    fn a_place_has_one_writer_and_what_it_drops_was_never_there() {
        let parent = tempfile::tempdir().expect("folder");
        let place = parent.path().join("a");
        let first = PendingFolder::begin(&place, Readers::Group).expect("free");
        assert!(matches!(PendingFolder::begin(&place, Readers::Group), Err(NotTaken::Held(Some(_)))));
        fs::remove_file(parent.path().join(".a.lock")).expect("removed by somebody");
        assert!(matches!(PendingFolder::begin(&place, Readers::Group), Err(NotTaken::Held(None))));
        assert!(matches!(first.publish(), Err(PublishError::LockLost { .. })));
        assert_eq!(listed(parent.path()), [""; 0]);
    }

    #[test]
    fn what_killed_processes_left_is_cleared_for_every_name() {
        let parent = tempfile::tempdir().expect("folder");
        publish(&parent.path().join("b"), "1");
        std::mem::forget(PendingFolder::begin(&parent.path().join("living"), Readers::Group).expect("free"));
        for left in [".a.partial/in", ".a.replaced", ".b.replaced", ".c.partial"] {
            fs::create_dir_all(parent.path().join(left)).expect("folder");
        }
        fs::write(parent.path().join(".d.lock"), "1").expect("file");
        assert_eq!(clear_left_folders(parent.path(), Readers::Group), 4);
        // The folder that had been moved aside, with nothing in its place, is back.
        assert_eq!(listed(parent.path()), [".living.lock", ".living.partial", "a", "b"]);
        assert_eq!(clear_left_folders(&parent.path().join("nothing"), Readers::Group), 0);
    }
}
