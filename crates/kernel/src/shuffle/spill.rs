//! Lanes of streams that go to the disk, partition by partition, when they outgrow their memory.
//!
//! The file has no name: the system removes it when it is closed, however the process ends.

use std::fs::{File, Permissions};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use bytemuck::Pod;

use super::pressure::MemoryPressure;
use super::streams::{SlabPool, Streams};

/// How much memory rows may take, and where they go beyond.
#[derive(Clone, Debug)]
pub struct SpillPolicy {
    /// Bytes of memory for what one worker writes; `None` is without limit.
    pub worker_bytes: Option<u64>,
    /// The folder of the files.
    pub folder: PathBuf,
    /// Whether the run nears its memory limit: then rows go to the disk before they have grown to `worker_bytes`.
    pub pressure: MemoryPressure,
}

impl SpillPolicy {
    /// Bytes that stay in memory even when memory is short: writing fewer at a time would make more seeks than it saves memory.
    const LEAST_SPILLED_BYTES: u64 = 4 << 20;

    /// Everything stays in memory.
    #[must_use]
    pub fn unlimited() -> Self {
        Self { worker_bytes: None, folder: PathBuf::new(), pressure: MemoryPressure::default() }
    }

    /// Rows of one worker stay in memory up to so many bytes, whatever else the run takes.
    #[must_use]
    pub fn of_bytes(worker_bytes: u64, folder: &Path) -> Self {
        Self { worker_bytes: Some(worker_bytes), folder: folder.to_owned(), pressure: MemoryPressure::default() }
    }

    /// Whether so many bytes of one worker are to go to the disk.
    #[must_use]
    pub fn is_outgrown_by(&self, bytes: u64) -> bool {
        self.worker_bytes.is_some_and(|limit| bytes > limit) || bytes > Self::LEAST_SPILLED_BYTES && self.pressure.is_high()
    }
}

/// Spilled rows could not be written or read.
#[derive(Debug, thiserror::Error)]
#[error("{}: cannot {action} rows that do not fit into memory: {cause}", folder.display())]
pub struct SpillError {
    /// The folder of the file.
    pub folder: PathBuf,
    /// What was to be done.
    pub action: &'static str,
    /// What the system said.
    pub cause: io::Error,
}

impl SpillError {
    pub(super) fn new(folder: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        let folder = folder.to_owned();
        move |cause| Self { folder, action, cause }
    }
}

/// Streams side by side, each lane with one for each partition.
pub(super) struct Lanes {
    lanes: Vec<Streams>,
    partitions: usize,
    pool: SlabPool,
    policy: SpillPolicy,
    spilled: Option<Spilled>,
    /// Why something found no room.
    failed: Option<SpillError>,
}

struct Spilled {
    file: File,
    bytes: u64,
    rounds: Vec<Round>,
}

/// Where the lanes of each partition begin in the file: lane by lane of the first partition, then of the next, and at last the end.
struct Round(Vec<u64>);

impl Lanes {
    /// Lanes of pieces of so many bytes each (see [`Streams::new`]).
    pub fn new(lanes: Vec<Streams>, partitions: usize, policy: SpillPolicy) -> Self {
        Self { lanes, partitions, pool: SlabPool::default(), policy, spilled: None, failed: None }
    }

    /// Appends to the stream of a partition. When there is no room, neither in memory nor on the disk, that is told by what writes to the disk next.
    #[inline]
    pub fn append(&mut self, lane: usize, partition: usize, bytes: &[u8]) {
        if let Err(cause) = self.lanes[lane].append(partition, bytes, &mut self.pool) {
            self.append_from_disk(lane, partition, bytes, cause);
        }
    }

    /// Appends when the system has no memory: what is there goes to the disk, unless that is too little to be worth while.
    #[cold]
    fn append_from_disk(&mut self, lane: usize, partition: usize, bytes: &[u8], cause: io::Error) {
        const LEAST_BYTES: usize = 1 << 20;
        if self.failed.is_some() {
            return;
        }
        let used: usize = self.lanes.iter().map(Streams::memory_bytes).sum();
        let spilled = if used < LEAST_BYTES { Err(self.without_memory(cause)) } else { self.spill() };
        let appended = spilled.and_then(|()| {
            let appended = self.lanes[lane].append(partition, bytes, &mut self.pool);
            appended.map_err(|cause| self.without_memory(cause))
        });
        self.failed = appended.err();
    }

    fn without_memory(&self, cause: io::Error) -> SpillError {
        SpillError::new(&self.policy.folder, "find memory to bring together")(cause)
    }

    /// Writes everything to the disk if it has outgrown its memory.
    pub fn spill_if_large(&mut self) -> Result<(), SpillError> {
        self.failed.take().map_or(Ok(()), Err)?;
        let used: usize = self.lanes.iter().map(Streams::memory_bytes).sum();
        if self.policy.is_outgrown_by(used as u64) {
            self.spill()?;
            if self.policy.pressure.is_high() {
                self.pool.release();
            }
        }
        Ok(())
    }

    /// Once something is on the disk, writes the rest there as well and gives its memory back.
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

    fn spill(&mut self) -> Result<(), SpillError> {
        let folder = &self.policy.folder;
        if self.spilled.is_none() {
            let file = open_nameless(folder).map_err(SpillError::new(folder, "open a file for"))?;
            self.spilled = Some(Spilled { file, bytes: 0, rounds: Vec::new() });
        }
        let spilled = self.spilled.as_mut().expect("made above");
        let round = spilled.write(&self.lanes, self.partitions).map_err(SpillError::new(folder, "write"))?;
        spilled.rounds.push(round);
        self.lanes.iter_mut().for_each(|streams| streams.clear(&mut self.pool));
        Ok(())
    }

    /// Appends what was written of a partition to `into`, in the order in which it was written.
    pub fn read<T: Pod>(&self, lane: usize, partition: usize, into: &mut Vec<T>) -> Result<(), SpillError> {
        if let Some(spilled) = &self.spilled {
            for Round(starts) in &spilled.rounds {
                let at = partition * self.lanes.len() + lane;
                let bytes = (starts[at + 1] - starts[at]) as usize;
                let rows = into.len();
                into.resize(rows + bytes / size_of::<T>(), T::zeroed());
                let place = bytemuck::cast_slice_mut(&mut into[rows..]);
                spilled.file.read_exact_at(place, starts[at]).map_err(SpillError::new(&self.policy.folder, "read"))?;
            }
        }
        // What is in memory comes after what is on the disk.
        self.lanes[lane].read(partition).for_each(|piece| into.extend_from_slice(bytemuck::cast_slice(piece)));
        Ok(())
    }
}

/// A file without a name that its owner alone may read, whatever the umask says.
fn open_nameless(folder: &Path) -> io::Result<File> {
    const OWNER_ONLY: u32 = 0o600;
    let file = tempfile::tempfile_in(folder)?;
    file.set_permissions(Permissions::from_mode(OWNER_ONLY))?;
    Ok(file)
}

impl Spilled {
    fn write(&mut self, lanes: &[Streams], partitions: usize) -> io::Result<Round> {
        const BUFFER_BYTES: usize = 1 << 20;
        let mut starts = Vec::with_capacity(partitions * lanes.len() + 1);
        let mut writer = BufWriter::with_capacity(BUFFER_BYTES, &self.file);
        for partition in 0..partitions {
            for lane in lanes {
                starts.push(self.bytes);
                for piece in lane.read(partition) {
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

    fn lanes(folder: &Path, worker_bytes: Option<u64>) -> Lanes {
        let limits = Limits { segment: 4096, slab: 16_384, large_pages: false };
        let streams = vec![Streams::new(4, 8, limits), Streams::new(4, 1, limits)];
        Lanes::new(streams, 4, SpillPolicy { worker_bytes, folder: folder.to_owned(), ..SpillPolicy::unlimited() })
    }

    fn read(lanes: &Lanes, lane: usize, partition: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        lanes.read(lane, partition, &mut bytes).expect("readable");
        bytes
    }

    #[test]
    fn what_is_spilled_reads_back_before_what_is_not() {
        let folder = tempfile::tempdir().expect("folder");
        let (mut in_memory, mut spilling) = (lanes(folder.path(), None), lanes(folder.path(), Some(20_000)));
        for number in 0..20_000_u64 {
            for lanes in [&mut in_memory, &mut spilling] {
                lanes.append(0, number as usize % 4, &number.to_le_bytes());
                lanes.append(1, number as usize % 3, &number.to_le_bytes()[..number as usize % 5]);
                lanes.spill_if_large().expect("room");
            }
        }
        assert_eq!(in_memory.spilled_bytes(), 0);
        assert!(spilling.spilled_bytes() > 100_000 && spilling.lanes[0].read(0).count() > 0);
        for settled in [false, true] {
            if settled {
                spilling.settle().expect("room");
                assert_eq!(spilling.lanes[0].read(0).count(), 0);
            }
            for (lane, partition) in [(0, 0), (0, 3), (1, 0), (1, 2), (1, 3)] {
                assert!(read(&spilling, lane, partition) == read(&in_memory, lane, partition), "lane {lane} of {partition}");
            }
        }
        assert_eq!(std::fs::read_dir(folder.path()).expect("folder").count(), 0, "spilled files have no names");
    }

    #[test]
    fn without_memory_rows_go_to_the_disk_and_without_both_an_error_is_told() {
        let folder = tempfile::tempdir().expect("folder");
        let limits = Limits { segment: 4096, slab: 1 << 20, large_pages: false };
        let lanes = |folder: &Path| Lanes::new(vec![Streams::new(1, 1, limits)], 1, SpillPolicy::of_bytes(u64::MAX, folder));
        let no_memory = || io::Error::from(io::ErrorKind::OutOfMemory);
        let mut spilling = lanes(folder.path());
        spilling.append(0, 0, &[7; 3 << 20]);
        spilling.append_from_disk(0, 0, &[8; 5], no_memory());
        spilling.spill_if_large().expect("room on the disk");
        assert_eq!(spilling.spilled_bytes(), 3 << 20);
        assert!(read(&spilling, 0, 0) == [vec![7; 3 << 20], vec![8; 5]].concat());
        let mut failing = lanes(folder.path());
        failing.append_from_disk(0, 0, &[8; 5], no_memory());
        let error = failing.spill_if_large().expect_err("nothing to make room with");
        assert!(error.to_string().contains("cannot find memory"), "{error}");
        let mut failing = lanes(Path::new("/nonexistent/folder"));
        failing.append(0, 0, &[7; 3 << 20]);
        failing.append_from_disk(0, 0, &[8; 5], no_memory());
        assert!(failing.settle().is_err());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told() {
        let mut lanes = lanes(Path::new("/nonexistent/folder"), Some(0));
        lanes.append(0, 0, &[0; 8]);
        let error = lanes.spill_if_large().expect_err("no such folder");
        assert!(error.to_string().starts_with("/nonexistent/folder: cannot open a file for rows"), "{error}");
    }
}
