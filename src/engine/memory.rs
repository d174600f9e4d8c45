//! Memory plan of a run: number of workers, rows in memory or on disk, and a check that the disks have room.
//!
//! The plan follows from the memory limit and an estimate of the rows:
//!
//! ```text
//! limit
//! ├─ fixed     BASE_BYTES                    program, reference tables, interned texts
//! │            workers × (chunk + block)     chunk being read; rows of a block of persons while its tables are made
//! ├─ rows      rows × ROW_BYTES              accepted rows in the shuffle
//! ├─ later     rows / 2 × PERSON_BYTES       persons of all partitions, from linking to the timelines
//! │            rows / 2 × NUMBER_BYTES       policy numbers
//! │            rows × NUMBER_BYTES …         occurrences of SNILS and documents, at most 1 / OCCURRENCE_SHARE of the limit
//! └─ spare     the rest, by worker           findings and quarantined rows
//!
//! 1. fixed + rows + later ≤ limit, with at least half of the threads     everything stays in memory
//! 2. otherwise                                                           rows go to the disk: each worker keeps its share and spills when it is full
//!    fixed + later > limit                                               persons are not kept either, but linked once more for the timelines
//! 3. not even LEAST_ROWS_OF_WORKER for one worker                        error before anything is read
//! ```
//!
//! Estimates come from samples, so [`MemoryWatch`] compares the plan with the memory that the process really takes.

mod control_group;
mod disks;

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use self::disks::{Disk, DiskNeed};
use super::error::RunError;
use super::memory_watch::MemoryWatch;
use super::timeline_context::block_bits;
use sverka_intake::OpenDocument;
use sverka_kernel::identity::NumberOccurrences;
use sverka_kernel::shuffle::SpillPolicy;

/// Memory plan of a run.
#[derive(Debug)]
pub(super) struct MemoryPlan {
    /// Number of threads that work at the same time. Each takes memory.
    pub workers: usize,
    /// Bytes of rows that one worker keeps in memory while it reads; `None` if all rows fit.
    pub rows_of_worker: Option<u64>,
    /// Estimated bytes of all rows, if they fit.
    pub rows: u64,
    /// Bytes that each worker may take for findings and quarantined rows, if all rows fit.
    pub spare_of_worker: u64,
    /// Whether the persons of all partitions are kept from linking to the timelines. Otherwise they are linked again.
    pub keep_persons: bool,
    /// Bytes of the table for occurrences of SNILS and documents.
    pub occurrence_bytes: u64,
    /// Folder for rows that do not fit.
    pub folder: PathBuf,
    /// Watch over the memory that the run really takes.
    pub watch: MemoryWatch,
}

/// Threads of the stages that take memory.
pub(super) struct Workers(Option<rayon::ThreadPool>);

impl Workers {
    /// Runs a stage with these threads.
    pub fn install<R: Send>(&self, part: impl FnOnce() -> R + Send) -> R {
        match &self.0 {
            Some(pool) => pool.install(part),
            None => part(),
        }
    }
}

/// Estimated size of the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SourceEstimate {
    /// Estimated number of rows.
    pub rows: u64,
    /// Bytes of all sources.
    pub bytes: u64,
}

/// Memory for a row with its texts, for a person, and for a policy number, with a margin.
const ROW_BYTES: u64 = 96;
const PERSON_BYTES: u64 = 16;
const NUMBER_BYTES: u64 = 24;
/// Memory for SNILS and documents shared by several persons, for each row: one number in sixteen with its record.
const SHARED_NUMBER_BYTES: u64 = 6;
/// Part of the limit that the table of occurrences takes at most. A smaller table means more candidates for the exact
/// check.
const OCCURRENCE_SHARE: u64 = 16;
/// Bytes of the outputs for each row.
const OUTPUT_ROW_BYTES: u64 = 48;
/// Memory of a run independent of its size: the program, reference tables, interned texts.
const BASE_BYTES: u64 = 40 << 20;
/// Memory of a worker for each row of a block of persons while its tables are made. Measured: 41 MiB for 204,000 rows of 100,000 persons.
const BLOCK_ROW_BYTES: u64 = 240;
/// Part of a worker's memory for rows that its quarantined rows have.
const QUARANTINE_SHARE: u64 = 8;
/// Part of a worker's memory for rows that its policy numbers, and its findings, have while the rows are on the disk.
const COLLECTED_SHARE: u64 = 4;
/// Part of the spare memory that findings of rows, findings of persons, and quarantined rows have, if all rows fit.
const SPARE_SHARE: u64 = 4;
/// Smallest useful memory for the rows of a worker.
const LEAST_ROWS_OF_WORKER: u64 = 8 << 20;

impl SourceEstimate {
    /// Estimates the rows of documents from the lines of samples.
    pub fn from_documents(documents: &[OpenDocument<'_>]) -> Self {
        const SAMPLE_BYTES: usize = 64 << 10;
        // Smallest record of an XML list.
        const XML_RECORD_BYTES: u64 = 400;
        let mut estimate = Self { rows: 0, bytes: 0 };
        for document in documents {
            let (content, records) = (document.document(), document.layout().records.len() as u64);
            let bytes = content.estimated_bytes();
            estimate.bytes += content.bytes_in_file();
            if document.layout().delimited().is_none() {
                estimate.rows += bytes / XML_RECORD_BYTES * records;
                continue;
            }
            let (mut seen, mut lines) = (0, 0);
            let mut count = |sample: &[u8]| {
                seen += sample.len() as u64;
                lines += memchr::memchr_iter(b'\n', sample).count() as u64;
            };
            match content.plain_bytes() {
                None => count(&content.beginning(SAMPLE_BYTES).bytes),
                Some(bytes) => {
                    for from in [0, bytes.len() / 2] {
                        let sample = &bytes[from..bytes.len().min(from + SAMPLE_BYTES)];
                        count(sample);
                        content.file().release(from, from + sample.len());
                    }
                }
            }
            estimate.rows += (u128::from(lines + 1) * u128::from(bytes) / u128::from(seen.max(1))) as u64 * records;
        }
        estimate
    }
}

/// Folders that a run writes into.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunFolders<'p> {
    /// Folder for rows that do not fit into memory.
    pub spill: &'p Path,
    /// Folder for the results.
    pub output: &'p Path,
}

/// Memory need of a run, by purpose.
#[derive(Clone, Copy, Debug)]
struct MemoryNeed {
    /// Need of the program.
    base: u64,
    /// Need of each worker.
    worker: u64,
    /// Need of all rows.
    rows: u64,
    /// Need of persons, policy numbers and the table of occurrences, once all rows are read.
    later: u64,
    occurrence_bytes: u64,
}

impl MemoryNeed {
    fn new(demand: SourceEstimate, limit: u64, chunk_bytes: usize) -> Self {
        let chunk = (2 * chunk_bytes as u64).min(demand.bytes);
        // Estimate: two rows for each person, and one policy number.
        let blocks = 1 << block_bits(demand.rows / 2);
        let block = (demand.rows / blocks).saturating_mul(BLOCK_ROW_BYTES);
        let persons = demand.rows / 2 * PERSON_BYTES;
        // Estimate: each person has a SNILS and a document, so there is one number for each row.
        let occurrence_bytes = demand.rows.saturating_mul(NumberOccurrences::NUMBER_BYTES).min(limit / OCCURRENCE_SHARE);
        let shared = occurrence_bytes + demand.rows.saturating_mul(SHARED_NUMBER_BYTES);
        let later = persons + demand.rows / 2 * NUMBER_BYTES + shared;
        let rows = demand.rows.saturating_mul(ROW_BYTES);
        Self { base: BASE_BYTES, worker: chunk + block, rows, later, occurrence_bytes }
    }

    /// Need that does not depend on the place of the rows.
    fn fixed(&self, workers: u64) -> u64 {
        self.base + workers * self.worker
    }

    /// Largest number of workers in `threads` that leaves `each` bytes for each worker and `together` for all.
    fn workers(&self, limit: u64, threads: RangeInclusive<u64>, each: u64, together: u64) -> Option<u64> {
        threads.rev().find(|&workers| self.fixed(workers) + workers * each + together <= limit)
    }
}

impl MemoryPlan {
    /// Plans a run by its limit and the estimate of its sources.
    ///
    /// # Errors
    /// When the limit is too small for any plan, or a disk for its files.
    pub fn new(
        limit: Option<u64>,
        demand: SourceEstimate,
        chunk_bytes: usize,
        folders: RunFolders<'_>,
    ) -> Result<Self, RunError> {
        let limit = limit.unwrap_or_else(default_limit);
        let threads = rayon::current_num_threads() as u64;
        let need = MemoryNeed::new(demand, limit, chunk_bytes);
        let plan = |workers: u64, rows_of_worker| Self {
            workers: workers as usize,
            rows_of_worker,
            rows: need.rows,
            spare_of_worker: limit.saturating_sub(need.fixed(workers) + need.rows + need.later) / workers,
            keep_persons: need.fixed(workers) + need.later <= limit,
            occurrence_bytes: need.occurrence_bytes,
            folder: folders.spill.to_owned(),
            watch: MemoryWatch::start(limit),
        };
        // Fewer workers are faster than rows on the disk, as long as there are at least half as many workers as threads.
        let (plan, spilled) = match need.workers(limit, threads.div_ceil(2)..=threads, 0, need.rows + need.later) {
            Some(workers) => (plan(workers, None), 0),
            None => {
                // The least is a tenth more: memory is taken in large pages, and a worker checks its share only after
                // each chunk.
                const LEAST: u64 = LEAST_ROWS_OF_WORKER / 9 * 10 + 10;
                let too_small = || RunError::MemoryLimit { limit, least: need.fixed(1) + LEAST };
                let workers = need.workers(limit, 1..=threads, LEAST, 0).ok_or_else(too_small)?;
                let rows_of_worker = (limit - need.fixed(workers)) / workers / 10 * 9;
                (plan(workers, Some(rows_of_worker)), need.rows)
            }
        };
        let need = DiskNeed { spilled, outputs: demand.rows.saturating_mul(OUTPUT_ROW_BYTES) };
        disks::check_free_space(&Disk::under(folders.spill), &Disk::under(folders.output), need)?;
        Ok(plan)
    }

    /// Pool of the planned number of threads, if it is smaller than the current pool.
    ///
    /// # Errors
    /// When the system does not let threads start.
    pub fn workers(&self) -> Result<Workers, RunError> {
        if self.workers >= rayon::current_num_threads() {
            return Ok(Workers(None));
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.workers).build().map_err(RunError::Threads)?;
        Ok(Workers(Some(pool)))
    }

    /// Spill policy for rows and their findings. If all rows fit, any single worker may have all of them.
    pub fn spill_policy(&self) -> SpillPolicy {
        let of_rows = self.rows_of_worker.map(|bytes| bytes - bytes / QUARANTINE_SHARE);
        self.policy_of(Some(of_rows.unwrap_or(self.rows + self.spare_of_worker / SPARE_SHARE)))
    }

    /// Spill policy for quarantined rows.
    pub fn quarantine_policy(&self) -> SpillPolicy {
        let of_rows = self.rows_of_worker.map(|bytes| bytes / QUARANTINE_SHARE);
        self.policy_of(Some(of_rows.unwrap_or(self.spare_of_worker / SPARE_SHARE)))
    }

    /// Spill policy for policy numbers. When they are written, rows that do not fit are on the disk.
    pub fn number_policy(&self) -> SpillPolicy {
        self.policy_of(self.rows_of_worker.map(|bytes| bytes / COLLECTED_SHARE))
    }

    /// Spill policy for findings. When they are written, rows that do not fit are on the disk.
    pub fn finding_policy(&self) -> SpillPolicy {
        let of_rows = self.rows_of_worker.map(|bytes| bytes / COLLECTED_SHARE);
        self.policy_of(Some(of_rows.unwrap_or(self.spare_of_worker / SPARE_SHARE)))
    }

    fn policy_of(&self, worker_bytes: Option<u64>) -> SpillPolicy {
        SpillPolicy { worker_bytes, folder: self.folder.clone(), pressure: self.watch.pressure() }
    }

    /// Ends a run that takes more than its limit.
    pub fn check(&self) -> Result<(), RunError> {
        self.watch.check()
    }

    /// Ends a run that is about to take `bytes` more at once, if that exceeds its limit; `what` names the cause.
    pub fn reserve(&self, bytes: u64, what: &'static str) -> Result<(), RunError> {
        self.watch.reserve(bytes, what)
    }
}

/// Default memory limit: 85 % of the memory of the machine or its control group, and at most 85 % of the free memory.
pub(crate) fn default_limit() -> u64 {
    let MachineMemory { total, available } = machine_memory();
    let most = |bytes: u64| bytes / 100 * 85;
    let group = control_group::limit(Path::new("/")).unwrap_or(u64::MAX);
    most(total.min(group)).min(most(available))
}

/// Memory of the machine in bytes; unlimited if the system does not report it.
struct MachineMemory {
    total: u64,
    available: u64,
}

fn machine_memory() -> MachineMemory {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
    };
    let value = |name: &str| value(name).unwrap_or(u64::MAX);
    MachineMemory { total: value("MemTotal:"), available: value("MemAvailable:") }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::sync::Arc;

    use super::*;
    use sverka_formats::SourceFile;
    use sverka_intake::{Document, Layout};

    const MIB: u64 = 1 << 20;
    const GIB: u64 = 1 << 30;

    fn plan(limit: u64, rows: u64) -> Result<MemoryPlan, RunError> {
        plan_with(2, limit, rows)
    }

    fn plan_with(threads: usize, limit: u64, rows: u64) -> Result<MemoryPlan, RunError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let demand = SourceEstimate { rows, bytes: rows * 170 };
        let folders = RunFolders { spill: Path::new("/"), output: Path::new("/") };
        pool.install(|| MemoryPlan::new(Some(limit), demand, 4 << 20, folders))
    }

    #[test]
    fn what_fits_stays_in_memory() {
        let all = plan(4 * GIB, 10_000_000).expect("fits");
        assert_eq!((all.rows_of_worker, all.keep_persons), (None, true));
        assert_eq!(plan(64 * MIB, 1000).expect("fits").rows_of_worker, None);
    }

    #[test]
    fn what_does_not_fit_goes_to_the_disk_in_parts_that_do() {
        let part = plan(GIB, 10_000_000).expect("fits in parts");
        assert!(part.rows_of_worker.is_some_and(|bytes| bytes > 200 * MIB && 2 * bytes < GIB), "{part:?}");
        assert!(part.keep_persons);
        assert!(!plan(512 * MIB, 20_000_000).expect("fits in parts").keep_persons);
    }

    #[test]
    fn a_limit_that_no_plan_keeps_is_an_error() {
        let error = plan(64 * MIB, 10_000_000).expect_err("too small");
        let RunError::MemoryLimit { limit, least } = error else { panic!("{error}") };
        assert!(limit == 64 * MIB && least > limit);
        assert_eq!(plan(least, 10_000_000).expect("just enough").workers, 1);
        assert!(plan(least - 1, 10_000_000).is_err());
    }

    #[test]
    fn a_small_limit_is_shared_by_fewer_workers() {
        for threads in [1, 2, 16, 64] {
            let small = plan_with(threads, 170 * MIB, 1_000_000).expect("a container of 200 MiB");
            assert!(small.workers >= 1 && small.workers <= threads, "{threads}: {small:?}");
            let large = plan_with(threads, 64 * GIB, 1_000_000).expect("a large machine");
            assert_eq!((large.workers, large.rows_of_worker), (threads, None));
        }
    }

    #[test]
    fn a_disk_that_is_too_small_is_an_error_beforehand() {
        let error = plan(1 << 40, 1 << 40).expect_err("no disk is so large");
        assert!(matches!(error, RunError::DiskSpace { spilled, .. } if spilled == 96 << 40), "{error}");
    }

    #[test]
    fn lines_are_estimated() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("lines");
        std::fs::write(&path, ("x".repeat(99) + "\n").repeat(50_000)).expect("written");
        let demand = demand_of(&path);
        assert_eq!(demand.bytes, 5_000_000);
        assert!((49_000..51_000).contains(&demand.rows), "{demand:?}");
        let packed = folder.path().join("lines.gz");
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&std::fs::read(&path).expect("read")).expect("packed");
        std::fs::write(&packed, encoder.finish().expect("packed")).expect("written");
        assert!(demand_of(&packed).rows > 0);
        std::fs::write(&path, "x\n").expect("written");
        assert!(demand_of(&path).rows <= 2);
    }

    fn demand_of(path: &Path) -> SourceEstimate {
        let layout = "name = \"x\"\ntable = \"attachments\"\nheader = false\ndates = \"YYYYMMDD\"\nfields = [{ field = \"clinic\" }, \
            { field = \"surname\" }, { field = \"given_name\" }, { field = \"birth_date\" }, { field = \"attached_from\" }]";
        let layout = Arc::new(Layout::parse(layout, "x").expect("a layout"));
        let file = SourceFile::open(path).expect("mapped");
        let document = Document::all_of(&file, "lines").expect("a document").remove(0);
        SourceEstimate::from_documents(&[OpenDocument::open(document, layout).expect("opened")])
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_machine_reports_its_memory() {
        assert!(default_limit() > 64 * MIB && default_limit() < u64::MAX / 100 * 86);
    }
}
