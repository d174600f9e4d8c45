//! Buckets by receiver: bytes arrive in any order and are sorted into buckets, in memory that does not grow with their number.
//!
//! All buckets share one file without a name. A bucket is the list of its parts in that file, and the bytes that are not written yet:
//!
//! ```text
//! file     | part of 0 | part of 2 | part of 0 | part of 1 |
//! bucket 0   parts: (0, n), (2n, n)    waiting: fewer than n bytes in memory
//! ```
//!
//! The meaning of the bytes is not known here.

use std::fs::{File, Permissions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, PermissionsExt as _};
use std::path::Path;

/// Most bytes that wait in memory for one bucket.
const PART_BYTES_MAX: usize = 256 << 10;
/// Fewest bytes that wait in memory for one bucket before they are written.
const PART_BYTES_MIN: usize = 4 << 10;
/// Bytes that wait in memory for all buckets together.
const WAITING_BYTES: usize = 64 << 20;

/// Mode of the file: only its owner reads and writes it.
const OWNER_ONLY: u32 = 0o600;

/// Buckets in one file.
#[derive(Debug)]
pub(super) struct Buckets {
    file: File,
    /// Bytes of the file.
    length: u64,
    /// Bytes of a part.
    part_bytes: usize,
    buckets: Vec<Bucket>,
}

#[derive(Debug, Default)]
struct Bucket {
    /// Bytes that are not written yet.
    waiting: Vec<u8>,
    parts: Vec<Part>,
}

/// Written part of a bucket.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// Offset in the file.
    offset: u64,
    length: u32,
}

impl Buckets {
    /// Empty buckets with a file in `folder`. The system removes the file, however the process ends.
    pub(super) fn new(folder: &Path, buckets: usize) -> io::Result<Self> {
        let part_bytes = (WAITING_BYTES / buckets.max(1)).clamp(PART_BYTES_MIN, PART_BYTES_MAX);
        let file = tempfile::tempfile_in(folder)?;
        // The permissions do not depend on the umask: no other user may read the file through `/proc`.
        file.set_permissions(Permissions::from_mode(OWNER_ONLY))?;
        Ok(Self { file, length: 0, part_bytes, buckets: (0..buckets).map(|_| Bucket::default()).collect() })
    }

    /// Appends bytes to a bucket.
    pub(super) fn put(&mut self, bucket: usize, bytes: &[u8]) -> io::Result<()> {
        let waiting = &mut self.buckets[bucket].waiting;
        waiting.extend_from_slice(bytes);
        if waiting.len() >= self.part_bytes {
            let part = std::mem::take(waiting);
            self.write(bucket, &part)?;
            // The full buffer becomes the empty one, so that it is not allocated again.
            let mut buffer = part;
            buffer.clear();
            self.buckets[bucket].waiting = buffer;
        }
        Ok(())
    }

    fn write(&mut self, bucket: usize, part: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(part)?;
        let length = u32::try_from(part.len()).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        self.buckets[bucket].parts.push(Part { offset: self.length, length });
        self.length += u64::from(length);
        Ok(())
    }

    /// Bytes of a bucket, in the order in which they were put.
    pub(super) fn read(&self, bucket: usize) -> io::Result<Vec<u8>> {
        let Bucket { waiting, parts } = &self.buckets[bucket];
        let written: usize = parts.iter().map(|part| part.length as usize).sum();
        let mut bytes = vec![0; written];
        let mut to = 0;
        for &Part { offset, length } in parts {
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
        const BUCKETS: usize = 3;
        let folder = tempfile::tempdir().expect("a folder");
        let mut buckets = Buckets::new(folder.path(), BUCKETS).expect("buckets");
        let mut expected = vec![Vec::new(); BUCKETS];
        for number in 0_u32..100_000 {
            let (bucket, bytes) = (number as usize % BUCKETS, number.to_le_bytes().repeat(number as usize % 7));
            buckets.put(bucket, &bytes).expect("room");
            expected[bucket].extend_from_slice(&bytes);
        }
        assert!(expected.iter().all(|bytes| bytes.len() > PART_BYTES_MAX), "parts are written");
        for (bucket, expected) in expected.iter().enumerate() {
            assert!(buckets.read(bucket).expect("bytes") == *expected, "bucket {bucket}");
        }
    }
}
