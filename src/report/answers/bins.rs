//! Bins: bytes that are sorted by receiver while they come in any order, in memory that does not grow with their number.
//!
//! All bins share one file without a name; a bin is a list of the places where its parts lie. It does not know what the bytes mean.

use std::fs::{File, Permissions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, PermissionsExt as _};
use std::path::Path;

/// Most bytes that wait in memory for one bin, however few bins there are.
const PART_BYTES_MAX: usize = 256 << 10;
/// Fewest, however many bins there are.
const PART_BYTES_MIN: usize = 4 << 10;
/// Bytes that wait in memory for all bins together.
const WAITING_BYTES: usize = 64 << 20;

/// Rights of the file.
const OWNER_ONLY: u32 = 0o600;

/// Bytes by bin.
#[derive(Debug)]
pub(super) struct Bins {
    file: File,
    length: u64,
    part_bytes: usize,
    bins: Vec<Bin>,
}

#[derive(Debug, Default)]
struct Bin {
    waiting: Vec<u8>,
    /// Offset and length of the parts in the file.
    parts: Vec<(u64, u32)>,
}

impl Bins {
    /// So many empty bins, whose file is in `folder`. The system removes it however the process ends.
    pub(super) fn new(folder: &Path, bins: usize) -> io::Result<Self> {
        let part_bytes = (WAITING_BYTES / bins.max(1)).clamp(PART_BYTES_MIN, PART_BYTES_MAX);
        let file = tempfile::tempfile_in(folder)?;
        // Whatever the umask says: no other user reads it through the process.
        file.set_permissions(Permissions::from_mode(OWNER_ONLY))?;
        Ok(Self { file, length: 0, part_bytes, bins: (0..bins).map(|_| Bin::default()).collect() })
    }

    /// Puts bytes into a bin, behind those that are there.
    pub(super) fn put(&mut self, bin: usize, bytes: &[u8]) -> io::Result<()> {
        let waiting = &mut self.bins[bin].waiting;
        waiting.extend_from_slice(bytes);
        if waiting.len() >= self.part_bytes {
            let part = std::mem::take(waiting);
            self.write(bin, &part)?;
            let mut emptied = part;
            emptied.clear();
            self.bins[bin].waiting = emptied;
        }
        Ok(())
    }

    fn write(&mut self, bin: usize, part: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(part)?;
        let length = u32::try_from(part.len()).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        self.bins[bin].parts.push((self.length, length));
        self.length += u64::from(length);
        Ok(())
    }

    /// All bytes of a bin, in the order in which they came.
    pub(super) fn read(&self, bin: usize) -> io::Result<Vec<u8>> {
        let Bin { waiting, parts } = &self.bins[bin];
        let written: usize = parts.iter().map(|(_, length)| *length as usize).sum();
        let mut bytes = vec![0; written];
        let mut to = 0;
        for &(offset, length) in parts {
            self.file.read_exact_at(&mut bytes[to..to + length as usize], offset)?;
            to += length as usize;
        }
        bytes.extend_from_slice(waiting);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_gives_back_what_was_put_into_it_in_its_order() {
        const BINS: usize = 3;
        let folder = tempfile::tempdir().expect("a folder");
        let mut bins = Bins::new(folder.path(), BINS).expect("bins");
        let mut expected = vec![Vec::new(); BINS];
        for number in 0_u32..100_000 {
            let (bin, bytes) = (number as usize % BINS, number.to_le_bytes().repeat(number as usize % 7));
            bins.put(bin, &bytes).expect("room");
            expected[bin].extend_from_slice(&bytes);
        }
        assert!(expected.iter().all(|bytes| bytes.len() > PART_BYTES_MAX), "parts are written");
        for (bin, expected) in expected.iter().enumerate() {
            assert!(bins.read(bin).expect("bytes") == *expected, "bin {bin}");
        }
    }
}
