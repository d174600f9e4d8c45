//! A source as bytes: mapped, read once, and given back to the system part by part.

use std::fs::File;
use std::path::{Path, PathBuf};

use memmap2::{Advice, Mmap, UncheckedAdvice};

/// A source cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[error("{}: cannot be read: {cause}; check that the file exists and may be read", path.display())]
pub struct SourceError {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    pub cause: std::io::Error,
}

/// A source, mapped.
#[derive(Debug)]
pub struct SourceFile {
    map: Option<Mmap>,
}

impl SourceFile {
    /// Maps a file.
    ///
    /// # Errors
    /// When it cannot be opened or mapped.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let unreadable = |cause| SourceError { path: path.to_owned(), cause };
        let file = File::open(path).map_err(unreadable)?;
        if file.metadata().map_err(unreadable)?.len() == 0 {
            return Ok(Self { map: None });
        }
        // SAFETY: the mapping is read-only. A file that another process shortens during the run would end the run with a signal; sources of a
        // run are snapshots that nobody writes to, and reading them by mapping is what keeps the run to one pass without copies.
        let map = unsafe { Mmap::map(&file) }.map_err(unreadable)?;
        Ok(Self { map: Some(map) })
    }

    /// The bytes of the file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.map.as_deref().unwrap_or_default()
    }

    /// Where a part of the file's bytes begins.
    #[must_use]
    pub fn place_of(&self, part: &[u8]) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.bytes().as_ptr() as usize)
    }

    /// Tells the system that a part will be read soon, so that the disk works ahead.
    pub fn expect(&self, from: usize, to: usize) {
        let to = to.min(self.bytes().len());
        if let Some(map) = self.map.as_ref().filter(|_| from < to) {
            let _ = map.advise_range(Advice::WillNeed, from, to - from);
        }
    }

    /// Maps a part of the file at once, which is cheaper than page by page on the first access.
    pub fn populate(&self, from: usize, to: usize) {
        #[cfg(target_os = "linux")]
        if let Some(map) = self.map.as_ref().filter(|_| from < to) {
            // A system that cannot do it maps pages when they are read.
            let _ = map.advise_range(Advice::PopulateRead, from, to - from);
        }
    }

    /// Tells the system that a part of the file is not needed any more, so that it does not count as this process's memory.
    pub fn release(&self, from: usize, to: usize) {
        let page = 4096;
        let (from, to) = (from.div_ceil(page) * page, to / page * page);
        if let Some(map) = self.map.as_ref().filter(|_| from < to) {
            // SAFETY: the mapping is private to this struct, backed by a file and read-only: dropped pages are read from the file again on
            // the next access, with the same content.
            let _ = unsafe { map.unchecked_advise_range(UncheckedAdvice::DontNeed, from, to - from) };
        }
    }
}
