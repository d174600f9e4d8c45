//! The output folder: one run at a time, visible as a whole or not at all.
//!
//! ```text
//! OUT/.lock                    held by the run at work
//! OUT/runs/.<id>.partial/      being written, marked as living      begin
//! OUT/runs/<id>/               whole, with manifest and summary     publish: rename, or exchange with the former run <id>
//! OUT/current -> runs/<id>     what readers see                     publish: rename of OUT/.current.new
//! OUT/runs/.<id>.replaced/     the former run <id>, where names cannot be exchanged
//! OUT/answers/<id>/            answers to senders, see [`super::PendingFolder`]
//! OUT/stopped/<id>.json        the manifest of a run that a threshold of its job stopped; it names no outputs, for they are removed
//!
//!   begin ──▶ partial ──drop or next open──▶ gone
//!                │ └─stop: account written and synced ▶ stopped/<id>.json ─▶ gone
//!                │ publish
//!                ├─ 1 manifest written, rights set, files and folder synced; the lock is still ours
//!                ├─ 2 .<id>.partial ▶ runs/<id>, or ◀▶ runs/<id> when that is there: from here on the run is published
//!                ├─ 3 runs/ synced
//!                ├─ 4 .current.new ▶ current, OUT/ synced
//!                └─ 5 the former run <id> removed
//! ```
//!
//! Killed before 2: the next [`OutputFolder::open`] removes the partial run; `current` is as it was. Between 2 and 4: the run is whole; the
//! same run again is recognised and made current. After 2, `.<id>.partial` is the former run, and the next open removes it. What fails after 2
//! does not take the run back; [`Published::shortfall`] says what is missing.
//!
//! Where the file system cannot exchange two names, the former run is moved to `.<id>.replaced` before 2, so `current` dangles between two
//! renames in a row when it was that run. Killed there, the next open moves it back.
//!
//! **When `.lock` is removed by somebody**, a second run gets a lock of its own. It meets the partial folder of the first, which is marked as
//! living, and is refused; when there is no such folder yet, the first run finds at its begin or publish that the lock is not its own any more.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::disk::{
    Readers, create_folders, create_hidden_folder, look_at, put_in_place, remove_folder, rename, settle, settle_file,
    sync_folder, uninterrupted,
};
use super::lock::{HeldLock, NotTaken, is_living, mark_living};
use super::pending_folder::clear_left_folders;
use super::{Manifest, PublishError, SummaryFiles};

const LOCK: &str = ".lock";
const RUNS: &str = "runs";
const CURRENT: &str = "current";
const STOPPED: &str = "stopped";
/// Folders of answers, each of the run of its name.
const ANSWERS: &str = "answers";
const NEW_CURRENT: &str = ".current.new";
const PARTIAL: &str = ".partial";
const REPLACED: &str = ".replaced";

/// An output folder that belongs to this process until dropped.
#[derive(Debug)]
pub struct OutputFolder {
    out: PathBuf,
    readers: Readers,
    remains: Remains,
    current_at_open: Option<String>,
    lock: HeldLock,
}

/// What killed runs had left in the folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remains {
    /// Unfinished runs, links and answers that were removed.
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
    is_published: bool,
    /// Tells other processes that the folder is at work.
    _living: Option<File>,
}

/// A run that is published.
#[derive(Debug)]
pub struct Published {
    /// Its folder.
    pub dir: PathBuf,
    /// What failed after the run had its name: the run stands all the same.
    pub shortfall: Option<PublishError>,
}

impl OutputFolder {
    /// Takes the folder for this process, creates it if need be, and clears what killed runs left. What is created is for `readers`.
    ///
    /// # Errors
    /// [`PublishError::Locked`] when another run is at work on it; otherwise when the folder cannot be created or written.
    pub fn open(out: &Path, readers: Readers) -> Result<Self, PublishError> {
        create_folders(&out.join(RUNS), readers).map_err(|error| error.of_output(out))?;
        let lock = HeldLock::take(&out.join(LOCK), readers).map_err(|error| match error {
            NotTaken::Held(pid) => PublishError::Locked { folder: out.to_path_buf(), pid },
            NotTaken::Failed(error) => error.of_output(out),
        })?;
        let current_at_open = read_current(out)?;
        let mut remains = clear_remains(out)?;
        remains.removed += clear_left_folders(&out.join(ANSWERS), readers);
        Ok(Self { out: out.to_path_buf(), readers, remains, current_at_open, lock })
    }

    /// What [`Self::open`] found of killed runs.
    #[must_use]
    pub fn remains(&self) -> Remains {
        self.remains
    }

    /// The folder of a run that is whole by the looks of it: it has its own manifest, and every output that this names with its size.
    ///
    /// # Errors
    /// When the manifest or an output cannot be looked at, which is not the same as absence.
    pub fn published(&self, run_id: &str) -> Result<Option<PathBuf>, PublishError> {
        if !is_run_id(run_id) {
            return Ok(None);
        }
        let dir = self.run_dir(run_id);
        let manifest = match Manifest::read(&dir) {
            Ok(manifest) => manifest,
            Err(PublishError::Io { source, .. }) if super::disk::is_absence(&source) => return Ok(None),
            Err(PublishError::Manifest { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let is_whole = manifest.run_id == run_id && manifest.outputs_are_in(&dir)?;
        Ok(is_whole.then_some(dir))
    }

    /// Whether a run over sources of these names and sizes ([`super::sources_key`]) may be published for a day.
    ///
    /// # Errors
    /// When the folder of runs cannot be listed.
    pub fn may_have(&self, as_of: &str, sources_key: &str) -> Result<bool, PublishError> {
        let runs = self.runs();
        for entry in uninterrupted(|| fs::read_dir(&runs)).map_err(PublishError::io("read", &runs))? {
            let name = entry.map_err(PublishError::io("read", &runs))?.file_name();
            let run_id = name.to_str().filter(|name| is_run_id(name) && name.starts_with(as_of));
            if run_id.and_then(|run_id| Manifest::read_sources_key(&self.run_dir(run_id))).is_some_and(|key| key == sources_key) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The manifest of a published run, if there is such a run.
    #[must_use]
    pub fn manifest_of(&self, run_id: &str) -> Option<Manifest> {
        is_run_id(run_id).then(|| Manifest::read(&self.run_dir(run_id)).ok()).flatten()
    }

    /// The run that `current` points to; when the link cannot be read now, the one that it pointed to when the folder was opened.
    #[must_use]
    pub fn current(&self) -> Option<String> {
        read_current(&self.out).unwrap_or_else(|_| self.current_at_open.clone())
    }

    /// The manifest of the run that began last, of all that are there but `run_id`. Reads the manifests of all runs.
    ///
    /// # Errors
    /// When the folder of runs cannot be listed.
    pub fn latest_but(&self, run_id: &str) -> Result<LatestRun, PublishError> {
        let runs = self.runs();
        let mut found = LatestRun::None;
        for entry in uninterrupted(|| fs::read_dir(&runs)).map_err(PublishError::io("read", &runs))? {
            let name = entry.map_err(PublishError::io("read", &runs))?.file_name();
            let Some(other) = name.to_str().filter(|name| is_run_id(name) && *name != run_id) else { continue };
            found = match (self.manifest_of(other), found) {
                (Some(manifest), LatestRun::Run(latest)) if manifest.started_at <= latest.started_at => LatestRun::Run(latest),
                (Some(manifest), _) => LatestRun::Run(Box::new(manifest)),
                (None, LatestRun::None) => LatestRun::Unreadable,
                (None, found) => found,
            };
        }
        Ok(found)
    }

    /// Begins a run. A published one of the same id stays as it is until this one is published.
    ///
    /// # Errors
    /// When its folder cannot be created, or somebody removed the lock file.
    ///
    /// # Panics
    /// When the run id has other characters than letters, digits, `-` and `_`.
    pub fn begin(&self, run_id: &str) -> Result<PendingRun<'_>, PublishError> {
        assert!(is_run_id(run_id), "a run id has ASCII letters, digits, - and _ only");
        self.check_lock()?;
        let dir = self.hidden_dir(run_id, PARTIAL);
        create_hidden_folder(&dir)?;
        let living = mark_living(&dir);
        Ok(PendingRun { folder: self, run_id: run_id.to_owned(), dir, is_published: false, _living: living })
    }

    /// Lets `current` point to a published run, and waits until the disk has it. Says whether it had to be switched.
    ///
    /// # Errors
    /// [`PublishError::NotPublished`] when there is no such run, or it is not whole; [`PublishError::NotCurrent`] or
    /// [`PublishError::NotSynced`] when the link cannot be replaced.
    pub fn make_current(&self, run_id: &str) -> Result<bool, PublishError> {
        if self.published(run_id)?.is_none() {
            return Err(PublishError::NotPublished { folder: self.out.clone(), run_id: run_id.to_owned() });
        }
        let is_current = self.current().as_deref() == Some(run_id);
        self.switch_current(run_id, is_current)?;
        Ok(!is_current)
    }

    /// Steps 3 and 4 of publishing.
    fn switch_current(&self, run_id: &str, is_current: bool) -> Result<(), PublishError> {
        let not_current = |cause| PublishError::NotCurrent { run_id: run_id.to_owned(), cause: Box::new(cause) };
        let not_synced = |cause| PublishError::NotSynced { cause: Box::new(cause) };
        sync_folder(&self.runs()).map_err(if is_current { &not_synced as &dyn Fn(_) -> _ } else { &not_current })?;
        if !is_current {
            self.replace_current(run_id).map_err(not_current)?;
        }
        sync_folder(&self.out).map_err(not_synced)
    }

    fn replace_current(&self, run_id: &str) -> Result<(), PublishError> {
        let (new, current) = (self.out.join(NEW_CURRENT), self.out.join(CURRENT));
        let link = || symlink(Path::new(RUNS).join(run_id), &new);
        uninterrupted(link).map_err(PublishError::io("create", &new))?;
        rename(&new, &current).inspect_err(|_| drop(fs::remove_file(&new)))
    }

    /// Nobody but this process may be at work on the folder.
    fn check_lock(&self) -> Result<(), PublishError> {
        if self.lock.is_in_place()? { Ok(()) } else { Err(PublishError::LockLost { file: self.out.join(LOCK) }) }
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

    /// Puts the summary beside the tables.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn write_summary(&self, files: &SummaryFiles) -> Result<(), PublishError> {
        files.write(&self.dir)
    }

    /// Makes the run whole, visible and current, and gives its folder. Replaces a published run of the same id.
    ///
    /// # Errors
    /// When the file system refuses, or somebody removed the lock file: nothing is published then, and the run published before is still
    /// there. What fails once the run has its name is no error but a [`Published::shortfall`].
    ///
    /// # Panics
    /// When the manifest is another run's, or names an output that was not written.
    pub fn publish(mut self, manifest: &Manifest) -> Result<Published, PublishError> {
        assert_eq!(manifest.run_id, self.run_id, "the manifest is of the run that is published");
        assert!(manifest.outputs_are_in(&self.dir)?, "the manifest names the outputs that were written");
        manifest.write(&self.dir)?;
        settle(&self.dir, self.folder.readers)?;
        self.folder.check_lock()?;
        let place = self.folder.run_dir(&self.run_id);
        let former = put_in_place(&self.dir, &place, &self.folder.hidden_dir(&self.run_id, REPLACED))?;
        self.is_published = true;
        // A forced run of the current id is current from here on.
        let is_current = former.is_some() && self.folder.current().as_deref() == Some(&self.run_id);
        let mut shortfall = self.folder.switch_current(&self.run_id, is_current).err();
        if shortfall.is_none()
            && let Some(former) = former
        {
            // What cannot be removed here holds people's data, and is removed by the next open.
            shortfall = remove_folder(&former).err();
        }
        Ok(Published { dir: place, shortfall })
    }
}

impl PendingRun<'_> {
    /// Removes the run without publishing it, and keeps its account for those who must find out why; gives the account's file.
    ///
    /// # Errors
    /// When the file system refuses; nothing is published either way.
    pub fn stop(self, manifest: &Manifest) -> Result<PathBuf, PublishError> {
        let stopped = self.folder.out.join(STOPPED);
        create_folders(&stopped, self.folder.readers)?;
        let account = Manifest { outputs: Vec::new(), ..manifest.clone() };
        let written = account.write(&self.dir)?;
        settle_file(&written, self.folder.readers)?;
        let kept = stopped.join(format!("{}.json", self.run_id));
        rename(&written, &kept)?;
        sync_folder(&stopped)?;
        Ok(kept)
    }
}

impl Drop for PendingRun<'_> {
    fn drop(&mut self) {
        // After publishing, the folder of that name is the former run, if there was one. What cannot be removed now is removed by the next open.
        if !self.is_published {
            drop(remove_folder(&self.dir));
        }
    }
}

/// Where the answers of a run go by default.
#[must_use]
pub fn answers_folder(out: &Path, run_id: &str) -> PathBuf {
    out.join(ANSWERS).join(run_id)
}

/// The run that began last.
#[derive(Debug)]
pub enum LatestRun {
    /// No run is there.
    None,
    /// There are runs, but no manifest of them can be read.
    Unreadable,
    /// Its manifest.
    Run(Box<Manifest>),
}

/// Letters, digits, `-` and `_`: a name that cannot lead out of the folder and is never hidden.
fn is_run_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// The run that `current` points to. What is no link is an error before hours of work, not after: it could not be replaced by one.
fn read_current(out: &Path) -> Result<Option<String>, PublishError> {
    let path = out.join(CURRENT);
    let Some(found) = look_at(&path)? else { return Ok(None) };
    if !found.is_symlink() {
        return Err(PublishError::CurrentNotALink { path });
    }
    let target = uninterrupted(|| fs::read_link(&path)).map_err(PublishError::io("read", &path))?;
    let run_id = target.strip_prefix(RUNS).ok().and_then(|run_id| run_id.to_str());
    Ok(run_id.filter(|run_id| is_run_id(run_id)).map(str::to_owned))
}

fn clear_remains(out: &Path) -> Result<Remains, PublishError> {
    let mut remains = Remains::default();
    let link = out.join(NEW_CURRENT);
    if look_at(&link)?.is_some() {
        uninterrupted(|| fs::remove_file(&link)).map_err(PublishError::io("remove", &link))?;
        remains.removed += 1;
    }
    let runs = out.join(RUNS);
    for entry in uninterrupted(|| fs::read_dir(&runs)).map_err(PublishError::io("read", &runs))? {
        let entry = entry.map_err(PublishError::io("read", &runs))?;
        let name = entry.file_name();
        let Some(hidden) = name.to_str().and_then(|name| name.strip_prefix('.')) else { continue };
        if let Some(run_id) = hidden.strip_suffix(REPLACED) {
            let published = runs.join(run_id);
            if look_at(&published)?.is_none() {
                rename(&entry.path(), &published)?;
                remains.restored += 1;
                continue;
            }
        } else if !hidden.contains(PARTIAL) {
            continue;
        } else if is_living(&entry.path()) {
            // Its lock file was removed while it is at work.
            return Err(PublishError::Locked { folder: out.to_path_buf(), pid: None });
        }
        remove_folder(&entry.path())?;
        remains.removed += 1;
    }
    if remains != Remains::default() {
        sync_folder(&runs)?;
    }
    Ok(remains)
}

#[cfg(test)]
mod tests;
