//! A source as bytes: mapped or copied, read once, and given back to the system part by part. At the end the file must still be the one that was read.

#[expect(unsafe_code, reason = "a mapping of a file, and the handler of the signal when pages of it are missing")]
mod mapping;
mod state;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use self::mapping::Mapping;
pub use self::state::Difference;
use self::state::{FileState, StateError};
use crate::file_name::likely_name;

/// Reasons why a source cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A refusal by the system.
    #[error("{}: cannot be read: {cause}; {}", shown(path), reading_advice(cause))]
    Io {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        cause: io::Error,
    },
    /// A path to something else than a file.
    #[error("{}: is {kind}, not a file", shown(path))]
    NoFile {
        /// Path of the source.
        path: PathBuf,
        /// Kind of the thing at the path.
        kind: &'static str,
    },
    /// A file that is being written.
    #[error("{}: is being written; run again when it is complete", shown(path))]
    BeingWritten {
        /// The file.
        path: PathBuf,
    },
    /// A file that is younger than the job demands.
    #[error(
        "{}: changed less than {least_minutes} minutes ago and may still be arriving (`min_age`); run again later",
        shown(path)
    )]
    Young {
        /// The file.
        path: PathBuf,
        /// The least age that the job demands.
        least_minutes: u32,
    },
    /// A file that changed since it was opened.
    #[error("{}: {}; run again when it is complete", shown(path), difference.sentence())]
    Changed {
        /// The file.
        path: PathBuf,
        /// The change.
        difference: Difference,
    },
}

/// The time since a file was written, renamed or came to its path, links followed; `None` when that moment lies ahead of this machine's clock.
///
/// # Errors
/// When the system does not report it.
pub fn file_age(path: &Path) -> io::Result<Option<Duration>> {
    Ok(FileState::from_metadata(&std::fs::metadata(path)?).age())
}

/// A path in a message.
fn shown(path: &Path) -> String {
    likely_name(path.as_os_str()).text
}

/// Advice for a file that cannot be read, as the end of a sentence behind the cause.
#[must_use]
pub fn reading_advice(cause: &io::Error) -> &'static str {
    match cause.kind() {
        io::ErrorKind::OutOfMemory => {
            "this process may have no more memory or mappings: raise its limit (ulimit -v) or the number of mappings (sysctl vm.max_map_count)"
        }
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => "check that the file exists and may be read",
        _ if is_limit_of_files(cause) => "raise the number of open files (ulimit -n)",
        _ => "look at the disk or share that it lies on, and run again",
    }
}

/// Whether the cause is `ENFILE` or `EMFILE`, which have no kind.
fn is_limit_of_files(cause: &io::Error) -> bool {
    matches!(cause.raw_os_error(), Some(23 | 24))
}

/// An open source.
#[derive(Debug)]
pub struct SourceFile {
    path: PathBuf,
    state: FileState,
    content: Content,
    /// Number of the source in [`OPEN`].
    number: usize,
}

#[derive(Debug)]
enum Content {
    Mapped(Mapping),
    /// The copy of a small file, which nobody else can change.
    Copied(Box<[u8]>),
}

/// Most bytes of a file that is copied, as long as all copies together have at most [`MOST_COPIED_BYTES`]. Other files are mapped.
const COPIED_BYTES: u64 = 64 << 10;
/// Most bytes of all copies together.
const MOST_COPIED_BYTES: usize = 16 << 20;
/// Most bytes of a file that is copied when no more files can be mapped.
const COPIED_AT_NEED_BYTES: u64 = 1 << 20;

/// Bytes of all copies.
static COPIED: AtomicUsize = AtomicUsize::new(0);

/// The open sources. They distinguish a changed file from a bug when the process panics.
static OPEN: Mutex<BTreeMap<usize, (PathBuf, FileState)>> = Mutex::new(BTreeMap::new());

impl SourceFile {
    /// Opens a file.
    ///
    /// # Errors
    /// When it cannot be opened or mapped, is no file, or is being written.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        Self::open_in(FileState::settled, path)
    }

    /// Opens a file that nobody else writes, such as one of a test: without waiting a tick of the clock after its last change.
    ///
    /// # Errors
    /// When it cannot be opened or mapped, or is no file.
    #[doc(hidden)]
    pub fn open_unshared(path: &Path) -> Result<Self, SourceError> {
        Self::open_in(|file| file.metadata().map(|metadata| FileState::from_metadata(&metadata)).map_err(StateError::Io), path)
    }

    fn open_in(state_of: impl FnOnce(&File) -> Result<FileState, StateError>, path: &Path) -> Result<Self, SourceError> {
        let unreadable = |cause| SourceError::Io { path: path.to_owned(), cause };
        // A named pipe without a writer would wait for one.
        let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path).map_err(unreadable)?;
        if let Some(kind) = irregular(&file).map_err(unreadable)? {
            return Err(SourceError::NoFile { path: path.to_owned(), kind });
        }
        let state = state_of(&file).map_err(|error| match error {
            StateError::Io(cause) => unreadable(cause),
            StateError::BeingWritten => SourceError::BeingWritten { path: path.to_owned() },
        })?;
        let content = if is_copied(state.bytes) {
            Content::Copied(copy(&file, state, path)?)
        } else {
            Content::Mapped(Mapping::new(&file).map_err(unreadable)?)
        };
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).insert(number, (path.to_owned(), state));
        let opened = Self { path: path.to_owned(), state, content, number };
        if opened.bytes().len() as u64 != state.bytes {
            return Err(opened.changed(Difference::Shortened));
        }
        Ok(opened)
    }

    /// Path of the source.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The bytes of the file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Mapped(mapping) => mapping.bytes(),
            Content::Copied(bytes) => bytes,
        }
    }

    /// Checks that the file has not changed for `least_minutes`.
    ///
    /// # Errors
    /// When it changed later, or at a time that lies ahead of this machine's clock.
    pub fn check_age(&self, least_minutes: u32) -> Result<(), SourceError> {
        let least = Duration::from_secs(60 * u64::from(least_minutes));
        match self.state.age() {
            Some(age) if age >= least => Ok(()),
            _ if least_minutes == 0 => Ok(()),
            _ => Err(SourceError::Young { path: self.path.clone(), least_minutes }),
        }
    }

    /// Checks that the file has not changed since it was opened, so that all bytes that were read are of one content.
    ///
    /// # Errors
    /// When it has changed.
    pub fn check_unchanged(&self) -> Result<(), SourceError> {
        let difference = difference(&self.path, &self.state)?;
        let failed = matches!(&self.content, Content::Mapped(mapping) if mapping.has_failed());
        difference.or(failed.then_some(Difference::Unreadable)).map_or(Ok(()), |difference| Err(self.changed(difference)))
    }

    /// Whether a part of the file could not be read, so that its bytes are of no use.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        mapping::any_failed() && matches!(&self.content, Content::Mapped(mapping) if mapping.has_failed())
    }

    /// Whether any open source may have failed: a cheap check.
    #[must_use]
    pub fn may_have_failed() -> bool {
        mapping::any_failed()
    }

    /// The first open source that has changed since it was opened, as a possible cause of a panic.
    #[must_use]
    pub fn any_changed() -> Option<SourceError> {
        // The panicking thread may hold the lock itself.
        let open = OPEN.try_lock().ok()?;
        open.values().find_map(|(path, state)| match difference(path, state) {
            Ok(difference) => Some(SourceError::Changed { path: path.clone(), difference: difference? }),
            Err(error) => Some(error),
        })
    }

    fn changed(&self, difference: Difference) -> SourceError {
        SourceError::Changed { path: self.path.clone(), difference }
    }

    /// Offset of a part of the file's bytes.
    #[must_use]
    pub fn offset_of(&self, part: &[u8]) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.bytes().as_ptr() as usize)
    }

    /// Tells the system that a part will be read soon, so that the disk works ahead.
    pub fn expect(&self, from: usize, to: usize) {
        let to = to.min(self.bytes().len());
        if let Some(mapping) = self.mapped(from, to) {
            mapping.expect(from, to);
        }
    }

    /// Maps a part of the file at once, which is cheaper than page by page on the first access.
    pub fn populate(&self, from: usize, to: usize) {
        if let Some(mapping) = self.mapped(from, to) {
            mapping.populate(from, to);
        }
    }

    /// Tells the system that a part of the file is not needed any more, so that it does not count as memory of this process.
    pub fn release(&self, from: usize, to: usize) {
        if let Some(mapping) = self.mapped(from, to) {
            mapping.release(from, to);
        }
    }

    /// The mapping, if a part of it has bytes.
    fn mapped(&self, from: usize, to: usize) -> Option<&Mapping> {
        match &self.content {
            Content::Mapped(mapping) if from < to => Some(mapping),
            _ => None,
        }
    }
}

impl Drop for SourceFile {
    fn drop(&mut self) {
        OPEN.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.number);
        if let Content::Copied(bytes) = &self.content {
            COPIED.fetch_sub(bytes.len(), Ordering::Relaxed);
        }
    }
}

/// The kind of an open file that is no regular one.
fn irregular(file: &File) -> io::Result<Option<&'static str>> {
    let kind = file.metadata()?.file_type();
    Ok(match () {
        () if kind.is_file() => None,
        () if kind.is_dir() => Some("a folder"),
        () if kind.is_fifo() => Some("a named pipe"),
        () if kind.is_socket() => Some("a socket"),
        () => Some("a device"),
    })
}

/// The difference between the file at a path and a state.
fn difference(path: &Path, state: &FileState) -> Result<Option<Difference>, SourceError> {
    match FileState::at(path) {
        Ok(now) => Ok(state.difference(&now)),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(Some(Difference::Gone)),
        Err(cause) => Err(SourceError::Io { path: path.to_owned(), cause }),
    }
}

/// Whether a file of this size is copied. An empty file cannot be mapped.
fn is_copied(bytes: u64) -> bool {
    let most = if mapping::is_room() { COPIED_BYTES } else { COPIED_AT_NEED_BYTES };
    let is_small = bytes <= most;
    is_small && (bytes == 0 || !mapping::is_room() || COPIED.load(Ordering::Relaxed) < MOST_COPIED_BYTES)
}

/// The bytes of a small file, all of one state.
fn copy(file: &File, state: FileState, path: &Path) -> Result<Box<[u8]>, SourceError> {
    let unreadable = |cause| SourceError::Io { path: path.to_owned(), cause };
    let mut bytes = Vec::with_capacity(state.bytes as usize);
    file.take(COPIED_AT_NEED_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let now = FileState::from_metadata(&file.metadata().map_err(unreadable)?);
    if let Some(difference) = state.difference(&now) {
        return Err(SourceError::Changed { path: path.to_owned(), difference });
    }
    COPIED.fetch_add(bytes.len(), Ordering::Relaxed);
    Ok(bytes.into())
}
