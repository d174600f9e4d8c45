//! The output folder: one run at a time, visible as a whole or not at all.
//!
//! ```text
//! OUT/.lock                    held by the run at work
//! OUT/runs/.<id>.partial/      being written            begin
//! OUT/runs/<id>/               whole, with a manifest   publish: rename
//! OUT/current -> runs/<id>     what readers see         publish: rename of OUT/.current.new
//! OUT/runs/.<id>.replaced/     the former run <id>, out of the way of a forced one
//! OUT/stopped/<id>.json        the manifest of a run that a threshold of its job stopped; it names no outputs, for they are removed
//!
//!   begin ──▶ partial ──drop or next open──▶ gone
//!                │ └─stop: account written and synced ▶ stopped/<id>.json ─▶ gone
//!                │ publish
//!                ├─ 1 manifest written, files and folder synced
//!                ├─ 2 runs/<id> ▶ .<id>.replaced       only when forced; `current` may dangle from here ...
//!                ├─ 3 .<id>.partial ▶ runs/<id>        ... to here: two renames in a row, nothing in between
//!                ├─ 4 runs/ synced
//!                ├─ 5 .current.new ▶ current, OUT/ synced
//!                └─ 6 .<id>.replaced removed
//! ```
//!
//! Killed before 2: the next [`OutputFolder::open`] removes the partial run; `current` is as it was. Between 2 and 3: it moves the replaced
//! run back, so that `current` is as it was. Between 3 and 5: the run is whole; the same run again is recognised and made current. After 5:
//! the replaced run is removed. Exchanging two folders in one step would need `renameat2`, which the standard library does not have.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::{Manifest, PublishError};

const LOCK: &str = ".lock";
const RUNS: &str = "runs";
const CURRENT: &str = "current";
const STOPPED: &str = "stopped";
const NEW_CURRENT: &str = ".current.new";
const PARTIAL: &str = ".partial";
const REPLACED: &str = ".replaced";

/// An output folder that belongs to this process until dropped.
#[derive(Debug)]
pub struct OutputFolder {
    out: PathBuf,
    remains: Remains,
    /// Holds the lock; closing the file ends it, even when the process is killed.
    _lock: File,
}

/// What killed runs had left in the folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remains {
    /// Unfinished runs and links that were removed.
    pub removed: u64,
    /// Runs that had been moved aside and were put back.
    pub restored: u64,
}

/// A run that is being written. Dropping it without publishing removes it.
#[derive(Debug)]
pub struct PendingRun<'folder> {
    folder: &'folder OutputFolder,
    run_id: String,
    dir: PathBuf,
}

impl OutputFolder {
    /// Takes the folder for this process, creates it if need be, and clears what killed runs left.
    ///
    /// # Errors
    /// [`PublishError::Locked`] when another run is at work on it; otherwise when the folder cannot be created or written.
    pub fn open(out: &Path) -> Result<Self, PublishError> {
        let runs = out.join(RUNS);
        let missing: Vec<_> = runs.ancestors().take_while(|dir| !dir.as_os_str().is_empty() && !dir.exists()).collect();
        fs::create_dir_all(&runs).map_err(PublishError::io("create", &runs))?;
        missing.iter().try_for_each(|created| sync_dir(&created.join("..")))?;
        let lock = take_lock(out)?;
        check_current(out)?;
        let remains = clear_remains(out)?;
        Ok(Self { out: out.to_path_buf(), remains, _lock: lock })
    }

    /// What [`Self::open`] found of killed runs.
    #[must_use]
    pub fn remains(&self) -> Remains {
        self.remains
    }

    /// The folder of a run that is whole: it has its own manifest, and every output that this names with its size.
    #[must_use]
    pub fn published(&self, run_id: &str) -> Option<PathBuf> {
        let dir = is_run_id(run_id).then(|| self.run_dir(run_id))?;
        let manifest = Manifest::read(&dir).ok()?;
        (manifest.run_id == run_id && manifest.outputs_are_in(&dir)).then_some(dir)
    }

    /// The manifests of the published runs whose ids begin with an as-of date.
    #[must_use]
    pub fn runs_of_day(&self, as_of: &str) -> Vec<Manifest> {
        let names =
            fs::read_dir(self.runs()).into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names
            .filter(|name| is_run_id(name) && name.starts_with(as_of))
            .filter_map(|name| Manifest::read(&self.run_dir(&name)).ok())
            .collect()
    }

    /// The manifest of a published run, if there is such a run.
    #[must_use]
    pub fn manifest_of(&self, run_id: &str) -> Option<Manifest> {
        is_run_id(run_id).then(|| Manifest::read(&self.run_dir(run_id)).ok()).flatten()
    }

    /// The run that `current` points to.
    #[must_use]
    pub fn current(&self) -> Option<String> {
        let target = fs::read_link(self.out.join(CURRENT)).ok()?;
        let run_id = target.strip_prefix(RUNS).ok()?.to_str()?;
        is_run_id(run_id).then(|| run_id.to_owned())
    }

    /// Begins a run. A published one of the same id stays as it is until this one is published.
    ///
    /// # Errors
    /// When its folder cannot be created.
    ///
    /// # Panics
    /// When the run id has other characters than letters, digits, `-` and `_`.
    pub fn begin(&self, run_id: &str) -> Result<PendingRun<'_>, PublishError> {
        assert!(is_run_id(run_id), "a run id has ASCII letters, digits, - and _ only");
        let dir = self.hidden_dir(run_id, PARTIAL);
        fs::create_dir(&dir).map_err(PublishError::io("create", &dir))?;
        Ok(PendingRun { folder: self, run_id: run_id.to_owned(), dir })
    }

    /// Lets `current` point to a published run; does nothing when it does already. Says whether it had to be switched.
    ///
    /// # Errors
    /// [`PublishError::NotPublished`] when there is no such run, or it is not whole; otherwise when the link cannot be replaced.
    pub fn make_current(&self, run_id: &str) -> Result<bool, PublishError> {
        if self.published(run_id).is_none() {
            return Err(PublishError::NotPublished { folder: self.out.clone(), run_id: run_id.to_owned() });
        }
        if self.current().as_deref() == Some(run_id) {
            return Ok(false);
        }
        self.switch_current(run_id)?;
        Ok(true)
    }

    fn switch_current(&self, run_id: &str) -> Result<(), PublishError> {
        let (new, current) = (self.out.join(NEW_CURRENT), self.out.join(CURRENT));
        symlink(Path::new(RUNS).join(run_id), &new).map_err(PublishError::io("create", &new))?;
        rename(&new, &current).inspect_err(|_| drop(fs::remove_file(&new)))?;
        sync_dir(&self.out)
    }

    fn runs(&self) -> PathBuf {
        self.out.join(RUNS)
    }

    fn run_dir(&self, run_id: &str) -> PathBuf {
        self.runs().join(run_id)
    }

    fn hidden_dir(&self, run_id: &str, suffix: &str) -> PathBuf {
        self.runs().join(format!(".{run_id}{suffix}"))
    }
}

impl PendingRun<'_> {
    /// Where the run's files are to be written.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Makes the run whole, visible and current, and gives its folder. Replaces a published run of the same id.
    ///
    /// # Errors
    /// When the file system refuses; the run published before then is still there.
    ///
    /// # Panics
    /// When the manifest is another run's, or names an output that was not written.
    pub fn publish(self, manifest: &Manifest) -> Result<PathBuf, PublishError> {
        assert_eq!(manifest.run_id, self.run_id, "the manifest is of the run that is published");
        assert!(manifest.outputs_are_in(&self.dir), "the manifest names the outputs that were written");
        manifest.write(&self.dir)?;
        sync_files(&self.dir)?;
        let published = self.folder.run_dir(&self.run_id);
        let replaced = self.folder.hidden_dir(&self.run_id, REPLACED);
        let replaces = published.exists();
        if replaces {
            rename(&published, &replaced)?;
        }
        if let Err(error) = rename(&self.dir, &published) {
            if replaces {
                // If this fails as well, the next open does it.
                drop(rename(&replaced, &published));
            }
            return Err(error);
        }
        sync_dir(&self.folder.runs())?;
        self.folder.switch_current(&self.run_id)?;
        if replaces {
            // The new run is published by now; what cannot be removed here is removed by the next open.
            drop(remove_dir(&replaced));
        }
        Ok(published)
    }
}

impl PendingRun<'_> {
    /// Removes the run without publishing it, and keeps its account for those who must find out why; gives the account's file.
    ///
    /// # Errors
    /// When the file system refuses; nothing is published either way.
    pub fn stop(self, manifest: &Manifest) -> Result<PathBuf, PublishError> {
        let stopped = self.folder.out.join(STOPPED);
        fs::create_dir_all(&stopped).map_err(PublishError::io("create", &stopped))?;
        let account = Manifest { outputs: Vec::new(), ..manifest.clone() };
        let written = account.write(&self.dir)?;
        let kept = stopped.join(format!("{}.json", self.run_id));
        fs::rename(&written, &kept).map_err(PublishError::io("rename to its final name", &written))?;
        sync_dir(&stopped)?;
        Ok(kept)
    }
}

impl Drop for PendingRun<'_> {
    fn drop(&mut self) {
        // After publishing there is nothing here any more; what cannot be removed now is removed by the next open.
        drop(fs::remove_dir_all(&self.dir));
    }
}

/// Letters, digits, `-` and `_`: a name that cannot lead out of the folder and is never hidden.
fn is_run_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// The file stays when the lock ends: removing it would let two processes lock two files of the same name.
fn take_lock(out: &Path) -> Result<File, PublishError> {
    let path = out.join(LOCK);
    let options = File::options().read(true).write(true).create(true).truncate(false).open(&path);
    let mut lock = options.map_err(PublishError::io("open", &path))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let pid = lock.read_to_string(&mut holder).ok().and_then(|_| holder.trim().parse().ok());
            return Err(PublishError::Locked { folder: out.to_path_buf(), pid });
        }
        Err(TryLockError::Error(source)) => return Err(PublishError::Io { action: "lock", path, source }),
    }
    let written = lock.set_len(0).and_then(|()| writeln!(lock, "{}", std::process::id()));
    written.map_err(PublishError::io("write", &path))?;
    Ok(lock)
}

/// Before hours of work, not after: a folder of that name could not be replaced by a link.
fn check_current(out: &Path) -> Result<(), PublishError> {
    let path = out.join(CURRENT);
    match fs::symlink_metadata(&path) {
        Ok(found) if !found.is_symlink() => Err(PublishError::CurrentNotALink { path }),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(PublishError::io("read", &path)(error)),
        _ => Ok(()),
    }
}

fn clear_remains(out: &Path) -> Result<Remains, PublishError> {
    let mut remains = Remains::default();
    let link = out.join(NEW_CURRENT);
    if fs::symlink_metadata(&link).is_ok() {
        fs::remove_file(&link).map_err(PublishError::io("remove", &link))?;
        remains.removed += 1;
    }
    let runs = out.join(RUNS);
    for entry in fs::read_dir(&runs).map_err(PublishError::io("read", &runs))? {
        let entry = entry.map_err(PublishError::io("read", &runs))?;
        let name = entry.file_name();
        let Some(hidden) = name.to_str().and_then(|name| name.strip_prefix('.')) else { continue };
        let former = hidden.strip_suffix(REPLACED).map(|run_id| runs.join(run_id));
        if let Some(published) = former.as_ref().filter(|published| !published.exists()) {
            rename(&entry.path(), published)?;
            remains.restored += 1;
        } else if former.is_some() || hidden.contains(PARTIAL) {
            remove_dir(&entry.path())?;
            remains.removed += 1;
        }
    }
    if remains != Remains::default() {
        sync_dir(&runs)?;
    }
    Ok(remains)
}

fn rename(from: &Path, to: &Path) -> Result<(), PublishError> {
    fs::rename(from, to).map_err(PublishError::io("rename to its final name", from))
}

fn remove_dir(dir: &Path) -> Result<(), PublishError> {
    fs::remove_dir_all(dir).map_err(PublishError::io("remove", dir))
}

/// Waits until the disk has every file of the folder and the folder itself.
fn sync_files(dir: &Path) -> Result<(), PublishError> {
    for entry in fs::read_dir(dir).map_err(PublishError::io("read", dir))? {
        let path = entry.map_err(PublishError::io("read", dir))?.path();
        File::open(&path).and_then(|file| file.sync_all()).map_err(PublishError::io("sync", &path))?;
    }
    sync_dir(dir)
}

/// Waits until the disk has the names in the folder.
fn sync_dir(dir: &Path) -> Result<(), PublishError> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(PublishError::io("sync", dir))
}

#[cfg(test)]
mod tests {
    use super::super::manifest::tests::manifest;
    use super::super::{OutputTable, write_table};
    use super::*;

    /// Publishes a run with one empty table.
    fn publish(folder: &OutputFolder, run_id: &str) -> PathBuf {
        let run = folder.begin(run_id).expect("begin");
        let table = write_table(run.dir(), OutputTable::Persons, []).expect("table");
        run.publish(&manifest(run_id, &[table])).expect("publish")
    }

    /// Readers go through the link, not through the folder's own account.
    fn current_run(out: &Path) -> Option<String> {
        Manifest::read(&out.join(CURRENT)).ok().map(|manifest| manifest.run_id)
    }

    fn hidden(out: &Path) -> Vec<String> {
        let names = fs::read_dir(out.join(RUNS)).expect("runs").map(|entry| entry.expect("entry").file_name());
        names.filter_map(|name| name.into_string().ok()).filter(|name| name.starts_with('.')).collect()
    }

    #[test]
    fn a_published_run_is_whole_and_current() {
        let out = tempfile::tempdir().expect("folder");
        let folder = OutputFolder::open(&out.path().join("new/out")).expect("open");
        let dir = publish(&folder, "a1");
        assert_eq!(folder.published("a1"), Some(dir.clone()));
        assert_eq!(current_run(&out.path().join("new/out")).as_deref(), Some("a1"));
        assert_eq!(fs::read_dir(dir).expect("run").count(), 2);
    }

    #[test]
    fn a_stopped_run_leaves_its_account_and_nothing_else() {
        let out = tempfile::tempdir().expect("folder");
        let folder = OutputFolder::open(out.path()).expect("open");
        publish(&folder, "a1");
        let run = folder.begin("a2").expect("begin");
        let table = write_table(run.dir(), OutputTable::Persons, []).expect("table");
        let account = run.stop(&manifest("a2", &[table])).expect("stop");
        assert_eq!(account, out.path().join("stopped/a2.json"));
        let kept: Manifest = serde_json::from_slice(&fs::read(account).expect("account")).expect("a manifest");
        assert_eq!((kept.run_id.as_str(), kept.outputs.len()), ("a2", 0));
        assert_eq!((folder.published("a2"), current_run(out.path()).as_deref()), (None, Some("a1")));
        assert!(hidden(out.path()).is_empty());
    }

    #[test]
    fn a_pending_run_is_not_seen_and_leaves_nothing_when_dropped() {
        let out = tempfile::tempdir().expect("folder");
        let folder = OutputFolder::open(out.path()).expect("open");
        publish(&folder, "a1");
        let run = folder.begin("b2").expect("begin");
        write_table(run.dir(), OutputTable::Persons, []).expect("table");
        assert_eq!((folder.published("b2"), folder.current().as_deref()), (None, Some("a1")));
        drop(run);
        assert_eq!(hidden(out.path()), [""; 0]);
    }

    #[test]
    fn a_killed_run_is_cleared_and_current_stays() {
        let out = tempfile::tempdir().expect("folder");
        let folder = OutputFolder::open(out.path()).expect("open");
        publish(&folder, "a1");
        let run = folder.begin("b2").expect("begin");
        write_table(run.dir(), OutputTable::Persons, []).expect("table");
        std::mem::forget(run);
        symlink("runs/b2", out.path().join(NEW_CURRENT)).expect("link");
        drop(folder);

        let folder = OutputFolder::open(out.path()).expect("open");
        assert_eq!(folder.remains(), Remains { removed: 2, restored: 0 });
        assert_eq!((hidden(out.path()), current_run(out.path()).as_deref()), (vec![], Some("a1")));
    }

    #[test]
    fn a_forced_run_killed_between_its_two_renames_leaves_the_former_run_current() {
        let out = tempfile::tempdir().expect("folder");
        let folder = OutputFolder::open(out.path()).expect("open");
        let dir = publish(&folder, "a1");
        std::mem::forget(folder.begin("a1").expect("begin"));
        fs::rename(dir, folder.hidden_dir("a1", REPLACED)).expect("first rename");
        assert_eq!(current_run(out.path()), None);
        drop(folder);

        let folder = OutputFolder::open(out.path()).expect("open");
        assert_eq!(folder.remains(), Remains { removed: 1, restored: 1 });
        assert_eq!(current_run(out.path()).as_deref(), Some("a1"));
    }

    #[test]
    fn a_forced_run_killed_after_its_renames_stands() {
        let out = tempfile::tempdir().expect("folder");
        let folder = OutputFolder::open(out.path()).expect("open");
        let dir = publish(&folder, "a1");
        let replaced = folder.hidden_dir("a1", REPLACED);
        fs::create_dir(&replaced).expect("former run");
        fs::write(replaced.join("persons.parquet"), b"former").expect("file");
        drop(folder);

        let folder = OutputFolder::open(out.path()).expect("open");
        assert_eq!(folder.remains(), Remains { removed: 1, restored: 0 });
        assert_eq!((folder.published("a1"), hidden(out.path())), (Some(dir), vec![]));
    }

    #[test]
    fn a_forced_run_replaces_the_one_of_the_same_id() {
        let out = tempfile::tempdir().expect("folder");
        let folder = OutputFolder::open(out.path()).expect("open");
        let dir = publish(&folder, "a1");
        fs::write(dir.join("former"), b"former").expect("file");
        publish(&folder, "a1");
        assert!(!dir.join("former").exists());
        assert_eq!((hidden(out.path()), current_run(out.path()).as_deref()), (vec![], Some("a1")));
    }

    #[test]
    fn a_second_run_on_the_folder_is_refused_and_told_by_whom() {
        let out = tempfile::tempdir().expect("folder");
        let first = OutputFolder::open(out.path()).expect("open");
        let error = OutputFolder::open(out.path()).expect_err("locked");
        assert!(error.to_string().contains(&format!("(process {})", std::process::id())), "{error}");
        assert!(!error.is_exhausted());
        drop(first);
        OutputFolder::open(out.path()).expect("open again");
    }

    #[test]
    fn a_recognised_run_is_made_current_once() {
        let out = tempfile::tempdir().expect("folder");
        let folder = OutputFolder::open(out.path()).expect("open");
        publish(&folder, "a1");
        publish(&folder, "b2");
        assert!(folder.make_current("a1").expect("switch"));
        assert_eq!(current_run(out.path()).as_deref(), Some("a1"));
        assert!(!folder.make_current("a1").expect("already"));
        assert!(matches!(folder.make_current("c3"), Err(PublishError::NotPublished { .. })));
    }

    #[test]
    fn a_run_that_lost_a_table_is_not_recognised() {
        let out = tempfile::tempdir().expect("folder");
        let folder = OutputFolder::open(out.path()).expect("open");
        let dir = publish(&folder, "a1");
        fs::remove_file(dir.join("persons.parquet")).expect("remove");
        assert_eq!(folder.published("a1"), None);
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_no_run() {
        let out = tempfile::tempdir().expect("folder");
        let folder = OutputFolder::open(out.path()).expect("open");
        publish(&folder, "a1");
        assert_eq!(folder.published("../runs/a1"), None);
    }

    #[test]
    fn a_folder_in_the_place_of_current_is_refused_at_once() {
        let out = tempfile::tempdir().expect("folder");
        fs::create_dir(out.path().join(CURRENT)).expect("folder");
        assert!(matches!(OutputFolder::open(out.path()), Err(PublishError::CurrentNotALink { .. })));
    }
}
