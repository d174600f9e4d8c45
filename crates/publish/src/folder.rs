//! The output folder: one run at a time, visible as a whole or not at all.
//!
//! ```text
//! OUT/.lock                    lock file of the running process
//! OUT/runs/.<id>.partial/      run under construction, marked as in use      created by begin
//! OUT/runs/<id>/               complete run with manifest and summary        renamed, or exchanged with the former run <id>, by publish
//! OUT/current -> runs/<id>     link for readers                              renamed from OUT/.current.new by publish
//! OUT/runs/.<id>.replaced/     former run <id>, where names cannot be exchanged
//! OUT/runs/.<id>.pruned/       former run <id> that is being removed, see `keeping.rs`
//! OUT/answers/<id>/            answers to senders, see [`super::PendingFolder`]
//! OUT/pinned/<id>.json         pin of a run
//! OUT/closed/<month>.json      run by which a month was paid
//! OUT/closed/<month>-corrections.json   bookings of its corrections
//! OUT/stopped/<id>.json        manifest of a run that a threshold stopped; it names no outputs, because they are removed
//!
//!   begin ──▶ partial ──drop, or next open──▶ removed
//!                │ └─stop: manifest written and synced ▶ stopped/<id>.json ─▶ removed
//!                │ publish
//!                ├─ 1 manifest written, permissions set, files and folder synced, lock still held
//!                ├─ 2 .<id>.partial ▶ runs/<id>, or ◀▶ runs/<id> if that exists: from here on the run is published
//!                ├─ 3 runs/ synced
//!                ├─ 4 .current.new ▶ current, OUT/ synced; left out for a correction when `current` is of a later day
//!                └─ 5 former run <id> removed
//!
//! process killed     state                                       next process
//! before 2           partial run; `current` unchanged            open removes the partial run
//! between 2 and 4    run complete, not current                   the same command recognises the run and makes it current
//! between 2 and 5    `.<id>.partial` is the former run           open removes it
//! ```
//!
//! An error after step 2 does not take the run back; [`Published::shortfall`] has the error.
//!
//! If the file system cannot exchange two names, the former run is moved to `.<id>.replaced` before step 2. Between
//! these two renames `current` dangles if it was that run. If the process is killed between them, the next open moves
//! the former run back.
//!
//! **Removed lock file.** When somebody removes `.lock`, a second run gets a lock of its own. It finds the partial folder of the first run marked as in use,
//! and is refused. When there is no partial folder yet, the first run notices in `begin` or `publish` that it has lost the lock.

mod keeping;

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use self::keeping::{PRUNED, finish_removal};
use super::disk::{
    Readers, create_folders, create_hidden_folder, look_at, put_in_place, remove_folder, rename, settle, settle_file,
    sync_folder, uninterrupted,
};
use super::lock::{HeldLock, NotTaken, is_in_use, mark_in_use};
use super::pending_folder::clear_left_folders;
use super::{Manifest, PublishError, SummaryFiles};

const LOCK: &str = ".lock";
pub(super) const RUNS: &str = "runs";
const CURRENT: &str = "current";
const STOPPED: &str = "stopped";
/// Folder of the answers; each folder in it belongs to the run of its name.
const ANSWERS: &str = "answers";
const NEW_CURRENT: &str = ".current.new";
const PARTIAL: &str = ".partial";
const REPLACED: &str = ".replaced";

/// Output folder, locked by this process until dropped.
#[derive(Debug)]
pub struct OutputFolder {
    out: PathBuf,
    readers: Readers,
    remains: Remains,
    current_at_open: Option<String>,
    lock: HeldLock,
}

/// Remains of killed runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remains {
    /// Number of unfinished runs, links and answers that were removed.
    pub removed: u64,
    /// Number of runs that had been moved aside and were put back.
    pub restored: u64,
}

/// When a published run becomes the current one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BecomesCurrent {
    /// Always.
    #[default]
    Always,
    /// Unless the current run has a later as-of date: a correction of a past month is no newer state of the region.
    UnlessLater,
}

/// Run under construction. Dropping it without publishing removes it.
#[derive(Debug)]
pub struct PendingRun<'folder> {
    folder: &'folder OutputFolder,
    run_id: String,
    dir: PathBuf,
    is_published: bool,
    /// Mark for other processes that the folder is in use.
    _in_use: Option<File>,
}

/// Published run.
#[derive(Debug)]
pub struct Published {
    /// Folder of the run.
    pub dir: PathBuf,
    /// Error after the run was published; the run stays published.
    pub shortfall: Option<PublishError>,
}

impl OutputFolder {
    /// Locks the folder for this process, creates it if it is absent, and clears the remains of killed runs. `readers` may read what is created.
    ///
    /// # Errors
    /// [`PublishError::Locked`] when another run uses the folder; otherwise when the folder cannot be created or written.
    pub fn open(out: &Path, readers: Readers) -> Result<Self, PublishError> {
        create_folders(&out.join(RUNS), readers).map_err(|error| error.for_output_folder(out))?;
        let lock = HeldLock::take(&out.join(LOCK), readers).map_err(|error| match error {
            NotTaken::Held(holder) => PublishError::Locked { folder: out.to_path_buf(), holder },
            NotTaken::Failed(error) => error.for_output_folder(out),
        })?;
        let current_at_open = read_current(out)?;
        let mut remains = clear_remains(out, readers)?;
        remains.removed += clear_left_folders(&out.join(ANSWERS), readers);
        Ok(Self { out: out.to_path_buf(), readers, remains, current_at_open, lock })
    }

    /// Remains of killed runs that [`Self::open`] cleared.
    #[must_use]
    pub fn remains(&self) -> Remains {
        self.remains
    }

    /// Folder of a run that seems complete: it has its own manifest, and every output that the manifest names has its size.
    ///
    /// # Errors
    /// When the manifest or an output cannot be examined, which is not the same as absence.
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

    /// Whether a run of the day over sources with these names and sizes ([`super::sources_key`]) may be published.
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

    /// Manifest of a published run, if the run exists.
    #[must_use]
    pub fn manifest_of(&self, run_id: &str) -> Option<Manifest> {
        is_run_id(run_id).then(|| Manifest::read(&self.run_dir(run_id)).ok()).flatten()
    }

    /// Run that `current` points to. If the link cannot be read now, the run that it pointed to when the folder was
    /// opened.
    #[must_use]
    pub fn current(&self) -> Option<String> {
        read_current(&self.out).unwrap_or_else(|_| self.current_at_open.clone())
    }

    /// Manifest of the run that started last, except `run_id`. Reads the manifests of all runs.
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

    /// Starts a run. A published run with the same id stays until this one is published.
    ///
    /// # Errors
    /// When the folder of the run cannot be created, or somebody removed the lock file.
    ///
    /// # Panics
    /// When the run id has other characters than letters, digits, `-` and `_`.
    pub fn begin(&self, run_id: &str) -> Result<PendingRun<'_>, PublishError> {
        assert!(is_run_id(run_id), "a run id has ASCII letters, digits, - and _ only");
        self.check_lock()?;
        let dir = self.hidden_dir(run_id, PARTIAL);
        create_hidden_folder(&dir)?;
        let in_use = mark_in_use(&dir);
        Ok(PendingRun { folder: self, run_id: run_id.to_owned(), dir, is_published: false, _in_use: in_use })
    }

    /// Makes a published run current, as far as `becomes_current` allows, and syncs the link. Returns whether the link had to change.
    ///
    /// # Errors
    /// [`PublishError::NotPublished`] when the run is absent or incomplete; [`PublishError::NotCurrent`] or
    /// [`PublishError::NotSynced`] when the link cannot be replaced.
    pub fn make_current(&self, run_id: &str, becomes_current: BecomesCurrent) -> Result<bool, PublishError> {
        if self.published(run_id)?.is_none() {
            return Err(PublishError::NotPublished { folder: self.out.clone(), run_id: run_id.to_owned() });
        }
        let as_of = self.manifest_of(run_id).map(|manifest| manifest.as_of).unwrap_or_default();
        let is_current = self.current().as_deref() == Some(run_id) || self.keeps_current(&as_of, becomes_current);
        self.switch_current(run_id, is_current)?;
        Ok(!is_current)
    }

    /// Whether the current run stays current beside a run of a day.
    fn keeps_current(&self, as_of: &str, becomes_current: BecomesCurrent) -> bool {
        becomes_current == BecomesCurrent::UnlessLater
            && self.current().and_then(|current| self.manifest_of(&current)).is_some_and(|current| *current.as_of > *as_of)
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

    /// Refuses to go on when this process has lost the lock.
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
    /// Folder for the files of the run.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Writes the summary beside the tables.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn write_summary(&self, files: &SummaryFiles) -> Result<(), PublishError> {
        files.write(&self.dir)
    }

    /// Publishes the run and makes it current, as far as `becomes_current` allows. Replaces a published run with the same id.
    ///
    /// # Errors
    /// When the file system refuses, or somebody removed the lock file: nothing is published then, and the former run is unchanged. A failure after the run
    /// was published is no error but a [`Published::shortfall`].
    ///
    /// # Panics
    /// When the manifest belongs to another run, or names an output that was not written.
    pub fn publish(mut self, manifest: &Manifest, becomes_current: BecomesCurrent) -> Result<Published, PublishError> {
        assert_eq!(manifest.run_id, self.run_id, "the manifest is of the run that is published");
        assert!(manifest.outputs_are_in(&self.dir)?, "the manifest names the outputs that were written");
        manifest.write(&self.dir)?;
        settle(&self.dir, self.folder.readers)?;
        self.folder.check_lock()?;
        let place = self.folder.run_dir(&self.run_id);
        let former = put_in_place(&self.dir, &place, &self.folder.hidden_dir(&self.run_id, REPLACED))?;
        self.is_published = true;
        // A forced run of the current id is current from here on.
        let is_current = self.folder.keeps_current(&manifest.as_of, becomes_current)
            || former.is_some() && self.folder.current().as_deref() == Some(&self.run_id);
        let mut shortfall = self.folder.switch_current(&self.run_id, is_current).err();
        if shortfall.is_none()
            && let Some(former) = former
        {
            // The former run holds personal data. If it cannot be removed here, the next open removes it.
            shortfall = remove_folder(&former).err();
        }
        Ok(Published { dir: place, shortfall })
    }
}

impl PendingRun<'_> {
    /// Removes the run without publishing it, and keeps its manifest for finding the cause. Returns the file of the manifest.
    ///
    /// # Errors
    /// When the file system refuses; nothing is published either way.
    pub fn stop(self, manifest: &Manifest) -> Result<PathBuf, PublishError> {
        let stopped = self.folder.out.join(STOPPED);
        create_folders(&stopped, self.folder.readers)?;
        let manifest = Manifest { outputs: Vec::new(), ..manifest.clone() };
        let written = manifest.write(&self.dir)?;
        settle_file(&written, self.folder.readers)?;
        let kept = stopped.join(format!("{}.json", self.run_id));
        rename(&written, &kept)?;
        sync_folder(&stopped)?;
        Ok(kept)
    }
}

impl Drop for PendingRun<'_> {
    fn drop(&mut self) {
        // After publishing, the folder of this name is the former run, if there was one. If removing fails, the next open removes the folder.
        if !self.is_published {
            drop(remove_folder(&self.dir));
        }
    }
}

/// Default folder for the answers of a run.
#[must_use]
pub fn answers_folder(out: &Path, run_id: &str) -> PathBuf {
    out.join(ANSWERS).join(run_id)
}

/// Run that started last.
#[derive(Debug)]
pub enum LatestRun {
    /// There are no runs.
    None,
    /// There are runs, but none of their manifests can be read.
    Unreadable,
    /// Manifest of the run.
    Run(Box<Manifest>),
}

/// Whether a text has letters, digits, `-` and `_` only: a name that cannot lead out of the folder and is never hidden.
pub(super) fn is_run_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Run that `current` points to. Anything but a link is an error: it could not be replaced after hours of work.
pub(super) fn read_current(out: &Path) -> Result<Option<String>, PublishError> {
    let path = out.join(CURRENT);
    let Some(found) = look_at(&path)? else { return Ok(None) };
    if !found.is_symlink() {
        return Err(PublishError::CurrentNotALink { path });
    }
    let target = uninterrupted(|| fs::read_link(&path)).map_err(PublishError::io("read", &path))?;
    let run_id = target.strip_prefix(RUNS).ok().and_then(|run_id| run_id.to_str());
    Ok(run_id.filter(|run_id| is_run_id(run_id)).map(str::to_owned))
}

/// Removes the remains of killed runs and of runs that were being removed, and puts runs back that were moved aside.
fn clear_remains(out: &Path, readers: Readers) -> Result<Remains, PublishError> {
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
        if let Some(run_id) = hidden.strip_suffix(PRUNED) {
            remains.removed += u64::from(finish_removal(out, run_id, readers)?);
            continue;
        } else if let Some(run_id) = hidden.strip_suffix(REPLACED) {
            let published = runs.join(run_id);
            if look_at(&published)?.is_none() {
                rename(&entry.path(), &published)?;
                remains.restored += 1;
                continue;
            }
        } else if !hidden.contains(PARTIAL) {
            continue;
        } else if is_in_use(&entry.path()) {
            // Another run uses the folder, and somebody removed its lock file.
            return Err(PublishError::Locked { folder: out.to_path_buf(), holder: None });
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
