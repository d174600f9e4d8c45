//! Streams of one worker, by kind of record and partition, that go to a file when they need more memory than a policy allows.
//!
//! Each time the memory is full, everything in it is appended to the file as one *round*, sorted by partition. A partition is read by one read for each
//! round, and then from memory:
//!
//! ```text
//! file  │ round 0                               │ round 1                               │ …
//!       │ partition 0       │ partition 1       │ partition 0       │ partition 1       │
//!       │ kind 0  │ kind 1  │ kind 0  │ kind 1  │ kind 0  │ kind 1  │ kind 0  │ kind 1  │
//! ```
//!
//! So the order within a stream is the order of writing. The file has no name: the system removes it when it is closed, however the process ends.

use std::fs::{File, Permissions};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use bytemuck::Pod;

use super::pressure::MemoryPressure;
use super::streams::{SlabPool, Streams};

/// Limit of the memory for rows, and the folder for rows beyond the limit.
#[derive(Clone, Debug)]
pub struct SpillPolicy {
    /// Bytes of memory for one worker; `None` is without limit.
    pub worker_bytes: Option<u64>,
    /// Folder of the spill files.
    pub folder: PathBuf,
    /// Whether the run nears its memory limit. Then rows go to the disk before they take `worker_bytes`.
    pub pressure: MemoryPressure,
}

impl SpillPolicy {
    /// Bytes that stay in memory even when memory is short. Smaller rounds would cost more seeks than they save memory.
    const LEAST_SPILLED_BYTES: u64 = 4 << 20;

    /// A policy without a limit: everything stays in memory.
    #[must_use]
    pub fn unlimited() -> Self {
        Self { worker_bytes: None, folder: PathBuf::new(), pressure: MemoryPressure::default() }
    }

    /// A policy with a limit of `worker_bytes` bytes for each worker, independent of the other needs of the run.
    #[must_use]
    pub fn of_bytes(worker_bytes: u64, folder: &Path) -> Self {
        Self { worker_bytes: Some(worker_bytes), folder: folder.to_owned(), pressure: MemoryPressure::default() }
    }

    /// Whether `bytes` bytes of one worker must go to the disk.
    #[must_use]
    pub fn is_outgrown_by(&self, bytes: u64) -> bool {
        self.worker_bytes.is_some_and(|limit| bytes > limit) || bytes > Self::LEAST_SPILLED_BYTES && self.pressure.is_high()
    }
}

/// The error of a spill file that could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("{}: cannot {action} rows that do not fit into memory: {cause}", folder.display())]
pub struct SpillError {
    /// Folder of the file.
    pub folder: PathBuf,
    /// The action that failed.
    pub action: &'static str,
    /// Error of the system.
    pub cause: io::Error,
}

impl SpillError {
    pub(super) fn new(folder: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        let folder = folder.to_owned();
        move |cause| Self { folder, action, cause }
    }
}

/// A stream for each kind of record and partition, in memory and in a file.
pub(super) struct SpillBuffer {
    /// Streams of each kind: one for each partition.
    kinds: Vec<Streams>,
    partitions: usize,
    pool: SlabPool,
    policy: SpillPolicy,
    spilled: Option<Spilled>,
    /// The first failure of [`Self::append`], for the next call that returns errors.
    failed: Option<SpillError>,
}

/// The spill file.
struct Spilled {
    file: File,
    /// Length of the file.
    bytes: u64,
    rounds: Vec<Round>,
}

/// Start in the file of each kind of each partition, and the end of the round behind them.
struct Round(Vec<u64>);

impl SpillBuffer {
    /// An empty buffer; `kinds` has one stream for each partition and kind.
    pub fn new(kinds: Vec<Streams>, partitions: usize, policy: SpillPolicy) -> Self {
        Self { kinds, partitions, pool: SlabPool::default(), policy, spilled: None, failed: None }
    }

    /// Appends to the stream of a kind and partition. When neither memory nor disk has room, the next call that writes to the disk returns the error.
    #[inline]
    pub fn append(&mut self, kind: usize, partition: usize, bytes: &[u8]) {
        if let Err(cause) = self.kinds[kind].append(partition, bytes, &mut self.pool) {
            self.append_from_disk(kind, partition, bytes, cause);
        }
    }

    /// Appends when the system has no memory. The buffer goes to the disk first, unless it is too small to free much.
    #[cold]
    fn append_from_disk(&mut self, kind: usize, partition: usize, bytes: &[u8], cause: io::Error) {
        const LEAST_BYTES: usize = 1 << 20;
        if self.failed.is_some() {
            return;
        }
        let used: usize = self.kinds.iter().map(Streams::memory_bytes).sum();
        let spilled = if used < LEAST_BYTES { Err(self.without_memory(cause)) } else { self.spill() };
        let appended = spilled.and_then(|()| {
            let appended = self.kinds[kind].append(partition, bytes, &mut self.pool);
            appended.map_err(|cause| self.without_memory(cause))
        });
        self.failed = appended.err();
    }

    fn without_memory(&self, cause: io::Error) -> SpillError {
        SpillError::new(&self.policy.folder, "find memory to bring together")(cause)
    }

    /// Writes everything to the disk when it needs more memory than the policy allows.
    pub fn spill_if_large(&mut self) -> Result<(), SpillError> {
        self.failed.take().map_or(Ok(()), Err)?;
        let used: usize = self.kinds.iter().map(Streams::memory_bytes).sum();
        if self.policy.is_outgrown_by(used as u64) {
            self.spill()?;
            if self.policy.pressure.is_high() {
                self.pool.release();
            }
        }
        Ok(())
    }

    /// Writes the rest to the disk if a part is there already, and frees its memory.
    pub fn settle(&mut self) -> Result<(), SpillError> {
        self.failed.take().map_or(Ok(()), Err)?;
        if self.spilled.is_some() {
            self.spill()?;
            self.pool.release();
        }
        Ok(())
    }

    /// Bytes on the disk.
    pub fn spilled_bytes(&self) -> u64 {
        self.spilled.as_ref().map_or(0, |spilled| spilled.bytes)
    }

    /// Appends everything in memory to the file, as one round.
    fn spill(&mut self) -> Result<(), SpillError> {
        let folder = &self.policy.folder;
        if self.spilled.is_none() {
            let file = open_nameless(folder).map_err(SpillError::new(folder, "open a file for"))?;
            self.spilled = Some(Spilled { file, bytes: 0, rounds: Vec::new() });
        }
        let spilled = self.spilled.as_mut().expect("made above");
        let round = spilled.write_round(&self.kinds, self.partitions).map_err(SpillError::new(folder, "write"))?;
        spilled.rounds.push(round);
        self.kinds.iter_mut().for_each(|streams| streams.clear(&mut self.pool));
        Ok(())
    }

    /// Appends a stream to `into`, in the order of writing.
    pub fn read<T: Pod>(&self, kind: usize, partition: usize, into: &mut Vec<T>) -> Result<(), SpillError> {
        if let Some(spilled) = &self.spilled {
            for Round(starts) in &spilled.rounds {
                let at = partition * self.kinds.len() + kind;
                let bytes = (starts[at + 1] - starts[at]) as usize;
                let rows = into.len();
                into.resize(rows + bytes / size_of::<T>(), T::zeroed());
                let target = bytemuck::cast_slice_mut(&mut into[rows..]);
                spilled.file.read_exact_at(target, starts[at]).map_err(SpillError::new(&self.policy.folder, "read"))?;
            }
        }
        // The records in memory come after those on the disk.
        self.kinds[kind].read(partition).for_each(|piece| into.extend_from_slice(bytemuck::cast_slice(piece)));
        Ok(())
    }
}

/// A file without a name. Only its owner may read it, under any umask.
fn open_nameless(folder: &Path) -> io::Result<File> {
    const OWNER_ONLY: u32 = 0o600;
    let file = tempfile::tempfile_in(folder)?;
    file.set_permissions(Permissions::from_mode(OWNER_ONLY))?;
    Ok(file)
}

impl Spilled {
    fn write_round(&mut self, kinds: &[Streams], partitions: usize) -> io::Result<Round> {
        const BUFFER_BYTES: usize = 1 << 20;
        let mut starts = Vec::with_capacity(partitions * kinds.len() + 1);
        let mut writer = BufWriter::with_capacity(BUFFER_BYTES, &self.file);
        for partition in 0..partitions {
            for streams in kinds {
                starts.push(self.bytes);
                for piece in streams.read(partition) {
                    writer.write_all(piece)?;
                    self.bytes += piece.len() as u64;
                }
            }
        }
        starts.push(self.bytes);
        writer.flush()?;
        Ok(Round(starts))
    }
}

#[cfg(test)]
mod tests {
    use super::super::streams::Limits;
    use super::*;

    fn buffer(folder: &Path, worker_bytes: Option<u64>) -> SpillBuffer {
        let limits = Limits { segment: 4096, slab: 16_384, large_pages: false };
        let streams = vec![Streams::new(4, 8, limits), Streams::new(4, 1, limits)];
        SpillBuffer::new(streams, 4, SpillPolicy { worker_bytes, folder: folder.to_owned(), ..SpillPolicy::unlimited() })
    }

    fn read(buffer: &SpillBuffer, kind: usize, partition: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        buffer.read(kind, partition, &mut bytes).expect("readable");
        bytes
    }

    #[test]
    fn what_is_spilled_reads_back_before_what_is_not() {
        let folder = tempfile::tempdir().expect("folder");
        let (mut in_memory, mut spilling) = (buffer(folder.path(), None), buffer(folder.path(), Some(20_000)));
        for number in 0..20_000_u64 {
            for buffer in [&mut in_memory, &mut spilling] {
                buffer.append(0, number as usize % 4, &number.to_le_bytes());
                buffer.append(1, number as usize % 3, &number.to_le_bytes()[..number as usize % 5]);
                buffer.spill_if_large().expect("room");
            }
        }
        assert_eq!(in_memory.spilled_bytes(), 0);
        assert!(spilling.spilled_bytes() > 100_000 && spilling.kinds[0].read(0).count() > 0);
        for settled in [false, true] {
            if settled {
                spilling.settle().expect("room");
                assert_eq!(spilling.kinds[0].read(0).count(), 0);
            }
            for (kind, partition) in [(0, 0), (0, 3), (1, 0), (1, 2), (1, 3)] {
                assert!(read(&spilling, kind, partition) == read(&in_memory, kind, partition), "kind {kind} of {partition}");
            }
        }
        assert_eq!(std::fs::read_dir(folder.path()).expect("folder").count(), 0, "spilled files have no names");
    }

    #[test]
    fn without_memory_rows_go_to_the_disk_and_without_both_there_is_an_error() {
        let folder = tempfile::tempdir().expect("folder");
        let limits = Limits { segment: 4096, slab: 1 << 20, large_pages: false };
        let buffer =
            |folder: &Path| SpillBuffer::new(vec![Streams::new(1, 1, limits)], 1, SpillPolicy::of_bytes(u64::MAX, folder));
        let no_memory = || io::Error::from(io::ErrorKind::OutOfMemory);
        let mut spilling = buffer(folder.path());
        spilling.append(0, 0, &[7; 3 << 20]);
        spilling.append_from_disk(0, 0, &[8; 5], no_memory());
        spilling.spill_if_large().expect("room on the disk");
        assert_eq!(spilling.spilled_bytes(), 3 << 20);
        assert!(read(&spilling, 0, 0) == [vec![7; 3 << 20], vec![8; 5]].concat());
        let mut failing = buffer(folder.path());
        failing.append_from_disk(0, 0, &[8; 5], no_memory());
        let error = failing.spill_if_large().expect_err("nothing to make room with");
        assert!(error.to_string().contains("cannot find memory"), "{error}");
        let mut failing = buffer(Path::new("/nonexistent/folder"));
        failing.append(0, 0, &[7; 3 << 20]);
        failing.append_from_disk(0, 0, &[8; 5], no_memory());
        assert!(failing.settle().is_err());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_an_error() {
        let mut buffer = buffer(Path::new("/nonexistent/folder"), Some(0));
        buffer.append(0, 0, &[0; 8]);
        let error = buffer.spill_if_large().expect_err("no such folder");
        assert!(error.to_string().starts_with("/nonexistent/folder: cannot open a file for rows"), "{error}");
    }
}
