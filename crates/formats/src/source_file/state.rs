//! What tells whether a file is still the one that was opened: size, times, number and device.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The state of a file. The change time cannot be set by programs, so a content that was replaced within the same size and modification time
/// shows there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileState {
    pub bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
    inode: u64,
    device: u64,
}

/// Times of files are as exact as the tick of the system's clock, at least every 10 ms.
const FINE_TICK: Duration = Duration::from_millis(20);
/// Old file systems tell whole seconds, FAT every second one.
const COARSE_TICK: Duration = Duration::from_millis(2_050);
/// How often a file may change while one waits for it.
const MOST_WAITS: usize = 5;

impl FileState {
    pub fn of(metadata: &Metadata) -> Self {
        Self {
            bytes: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            inode: metadata.ino(),
            device: metadata.dev(),
        }
    }

    /// The state of an open file, once a later change would show in it: two changes within one tick of the clock have the same time. So a file
    /// that changed just now is looked at again after a tick.
    ///
    /// # Errors
    /// When the system cannot tell, or the file keeps changing.
    pub fn settled(file: &File) -> Result<Self, StateError> {
        let mut state = Self::of(&file.metadata().map_err(StateError::Io)?);
        for _ in 0..MOST_WAITS {
            let tick = state.tick();
            if since(state.changed).is_some_and(|age| age > tick) {
                return Ok(state);
            }
            thread::sleep(tick);
            let later = Self::of(&file.metadata().map_err(StateError::Io)?);
            // The same after a tick, by whosever clock: the clock of a share may be ahead of ours.
            if later == state {
                return Ok(state);
            }
            state = later;
        }
        Err(StateError::BeingWritten)
    }

    /// The state of the file that is at a path now. Opening it makes a share ask its server.
    pub fn at(path: &Path) -> io::Result<Self> {
        Ok(Self::of(&File::open(path)?.metadata()?))
    }

    /// How long ago the file was written, renamed or came here, by the clock of this machine; `None` when that lies ahead.
    pub fn age(&self) -> Option<Duration> {
        since(self.changed.max(self.modified))
    }

    /// How exact the times of the file are.
    fn tick(&self) -> Duration {
        if self.changed.1 == 0 { COARSE_TICK } else { FINE_TICK }
    }

    /// In words, how a later state differs.
    pub fn difference(&self, later: &Self) -> Option<Difference> {
        if (self.inode, self.device) != (later.inode, later.device) {
            return Some(Difference::Replaced);
        }
        match later.bytes.cmp(&self.bytes) {
            std::cmp::Ordering::Less => Some(Difference::Shortened),
            std::cmp::Ordering::Greater => Some(Difference::Grown),
            std::cmp::Ordering::Equal => (self != later).then_some(Difference::Rewritten),
        }
    }
}

/// The time since seconds and nanoseconds after 1970; `None` when they lie ahead.
fn since((seconds, nanoseconds): (i64, i64)) -> Option<Duration> {
    let moment = UNIX_EPOCH + Duration::new(u64::try_from(seconds).ok()?, u32::try_from(nanoseconds).ok()?);
    SystemTime::now().duration_since(moment).ok()
}

/// Why the state of a file cannot be told.
#[derive(Debug)]
pub(super) enum StateError {
    Io(io::Error),
    BeingWritten,
}

/// How a file changed while it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Another file is at its path.
    Replaced,
    /// It has less bytes.
    Shortened,
    /// It has more bytes.
    Grown,
    /// It was written to, or its rights, links or times were changed.
    Rewritten,
    /// No file is at its path any more.
    Gone,
    /// A part of it could not be read.
    Unreadable,
}

impl Difference {
    /// What happened, to follow the name of the file.
    #[must_use]
    pub fn told(self) -> &'static str {
        match self {
            Self::Replaced => "was replaced by another file while it was read",
            Self::Shortened => "was shortened while it was read",
            Self::Grown => "grew while it was read",
            Self::Rewritten => "was changed while it was read",
            Self::Gone => "was removed or renamed while it was read",
            Self::Unreadable => "could not be read to its end: the disk or share failed, or the file was shortened",
        }
    }
}
