//! The state of a file: size, times, inode and device. It shows whether a file is still the one that was opened.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The state of a file. Programs cannot set the change time, so it shows a content that was replaced with the same size and modification time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileState {
    pub bytes: u64,
    modified: FileTime,
    changed: FileTime,
    inode: u64,
    device: u64,
}

/// A time of a file since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct FileTime {
    seconds: i64,
    nanoseconds: i64,
}

/// Tick of fine file times: times of files are as exact as the tick of the system's clock, at least every 10 ms.
const FINE_TICK: Duration = Duration::from_millis(20);
/// Tick of coarse file times: old file systems have whole seconds, FAT every second one.
const COARSE_TICK: Duration = Duration::from_millis(2_050);
/// Most changes of a file while one waits for it.
const MOST_WAITS: usize = 5;

impl FileState {
    pub fn from_metadata(metadata: &Metadata) -> Self {
        Self {
            bytes: metadata.size(),
            modified: FileTime { seconds: metadata.mtime(), nanoseconds: metadata.mtime_nsec() },
            changed: FileTime { seconds: metadata.ctime(), nanoseconds: metadata.ctime_nsec() },
            inode: metadata.ino(),
            device: metadata.dev(),
        }
    }

    /// The state of an open file in which any later change will show. Two changes within one tick of the clock have the same time, so a file that changed
    /// just now is looked at again after a tick.
    ///
    /// # Errors
    /// When the system does not report the state, or the file keeps changing.
    pub fn settled(file: &File) -> Result<Self, StateError> {
        let mut state = Self::from_metadata(&file.metadata().map_err(StateError::Io)?);
        for _ in 0..MOST_WAITS {
            let tick = state.tick();
            if state.changed.age().is_some_and(|age| age > tick) {
                return Ok(state);
            }
            thread::sleep(tick);
            let later = Self::from_metadata(&file.metadata().map_err(StateError::Io)?);
            // Unchanged after a tick: the clock of a share may be ahead of ours.
            if later == state {
                return Ok(state);
            }
            state = later;
        }
        Err(StateError::BeingWritten)
    }

    /// The state of the file that is at a path now. Opening it makes a share ask its server.
    pub fn at(path: &Path) -> io::Result<Self> {
        Ok(Self::from_metadata(&File::open(path)?.metadata()?))
    }

    /// The time since the file was written, renamed or came here, by the clock of this machine; `None` when that moment
    /// lies ahead.
    pub fn age(&self) -> Option<Duration> {
        self.changed.max(self.modified).age()
    }

    /// The precision of the file's times.
    fn tick(&self) -> Duration {
        if self.changed.nanoseconds == 0 { COARSE_TICK } else { FINE_TICK }
    }

    /// The difference of a later state.
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

impl FileTime {
    /// The duration since this time; `None` when it lies ahead.
    fn age(self) -> Option<Duration> {
        let moment = UNIX_EPOCH + Duration::new(u64::try_from(self.seconds).ok()?, u32::try_from(self.nanoseconds).ok()?);
        SystemTime::now().duration_since(moment).ok()
    }
}

/// Reasons why the state of a file is unknown.
#[derive(Debug)]
pub(super) enum StateError {
    Io(io::Error),
    BeingWritten,
}

/// A change of a file while it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Another file at the path.
    Replaced,
    /// Fewer bytes than before.
    Shortened,
    /// More bytes than before.
    Grown,
    /// A file that was written to, or whose rights, links or times were changed.
    Rewritten,
    /// No file at the path any more.
    Gone,
    /// A part of the file could not be read.
    Unreadable,
}

impl Difference {
    /// The change as the end of a sentence that begins with the name of the file.
    #[must_use]
    pub fn sentence(self) -> &'static str {
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
