//! The first pass over a source: its hash and its line counts, so that chunks can be cut and lines numbered without reading again.

use std::fs::File;
use std::path::{Path, PathBuf};

use memmap2::{Mmap, UncheckedAdvice};
use rayon::prelude::*;

/// Bytes between two known line counts.
const BLOCK_BYTES: usize = 1 << 20;
/// Bytes that are hashed and counted together, while they are in the cache.
const STEP_BYTES: usize = 16 << 20;

/// Why a source cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum SurveyError {
    /// The file cannot be opened or mapped.
    #[error("{}: cannot be read: {cause}; check that the file exists and may be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// More lines than row numbers can count.
    #[error("{}: more than {limit} lines in one table; split the job", path.display())]
    TooManyLines {
        /// The file.
        path: PathBuf,
        /// The most lines of a table.
        limit: u32,
    },
}

/// A source, mapped and surveyed.
#[derive(Debug)]
pub struct SourceFile {
    map: Option<Mmap>,
    /// BLAKE3 of the content, in hexadecimal.
    pub blake3: String,
    /// Line feeds before each block of [`BLOCK_BYTES`], and in all at the end.
    line_feeds: Vec<u32>,
}

impl SourceFile {
    /// The bytes of the file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.map.as_deref().unwrap_or_default()
    }

    /// Lines of the file; a last line without an end counts.
    #[must_use]
    pub fn lines(&self) -> u32 {
        let fed = self.line_feeds.last().copied().unwrap_or(0);
        fed + u32::from(self.bytes().last().is_some_and(|&last| last != b'\n'))
    }

    /// Line feeds before `offset`.
    #[must_use]
    pub fn line_feeds_before(&self, offset: usize) -> u32 {
        let block = offset / BLOCK_BYTES;
        let counted = self.line_feeds[block.min(self.line_feeds.len() - 1)];
        counted + count_line_feeds(&self.bytes()[(block * BLOCK_BYTES).min(offset)..offset])
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

/// Maps a file, hashes it and counts its lines. `advance` is told of each part of the bytes that is done.
///
/// # Errors
/// When the file cannot be read or has more lines than a table can number.
pub fn survey(path: &Path, advance: &(dyn Fn(u64) + Sync)) -> Result<SourceFile, SurveyError> {
    let unreadable = |cause| SurveyError::Unreadable { path: path.to_owned(), cause };
    let file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    if length == 0 {
        return Ok(SourceFile { map: None, blake3: blake3::hash(b"").to_hex().to_string(), line_feeds: vec![0] });
    }
    // SAFETY: the mapping is read-only. A file that another process shortens during the run would end the run with a signal; sources of a
    // run are snapshots that nobody writes to, and reading them by mapping is what keeps the run to one pass without copies.
    let map = unsafe { Mmap::map(&file) }.map_err(unreadable)?;
    let mut hasher = blake3::Hasher::new();
    let mut line_feeds = vec![0_u32];
    let mut total = 0_u64;
    for step in map.chunks(STEP_BYTES) {
        let ((), counts) = rayon::join(
            || {
                hasher.update(step);
            },
            || step.par_chunks(BLOCK_BYTES).map(count_line_feeds).collect::<Vec<u32>>(),
        );
        for count in counts {
            total += u64::from(count);
            let known = u32::try_from(total).ok().filter(|&lines| lines < MOST_LINES);
            line_feeds.push(known.ok_or_else(|| SurveyError::TooManyLines { path: path.to_owned(), limit: MOST_LINES })?);
        }
        advance(step.len() as u64);
    }
    Ok(SourceFile { map: Some(map), blake3: hasher.finalize().to_hex().to_string(), line_feeds })
}

/// Row numbers are 32 bits wide, over both tables.
const MOST_LINES: u32 = u32::MAX / 2;

fn count_line_feeds(bytes: &[u8]) -> u32 {
    memchr::memchr_iter(b'\n', bytes).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn lines_and_hash_of_files() {
        for (content, lines) in [("", 0), ("a", 1), ("a\n", 1), ("a\n\nb", 3), ("\n", 1)] {
            let mut file = tempfile::NamedTempFile::new().expect("temporary file");
            file.write_all(content.as_bytes()).expect("written");
            let source = survey(file.path(), &|_| ()).expect("surveyed");
            assert_eq!(source.lines(), lines, "{content:?}");
            assert_eq!(source.blake3, blake3::hash(content.as_bytes()).to_hex().to_string());
            assert_eq!(source.line_feeds_before(content.len()), content.matches('\n').count() as u32);
        }
    }

    #[test]
    fn line_feeds_before_any_offset() {
        let line = "x".repeat(99) + "\n";
        let mut file = tempfile::NamedTempFile::new().expect("temporary file");
        file.write_all(line.repeat(30_000).as_bytes()).expect("written");
        let source = survey(file.path(), &|_| ()).expect("surveyed");
        for offset in [0, 99, 100, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 2_999_999, 3_000_000] {
            assert_eq!(source.line_feeds_before(offset), offset as u32 / 100, "{offset}");
        }
    }
}
