//! How much memory a run may take, how many workers share it, what of its rows stays there, and whether the disks will do for the rest.

mod control_group;
mod disks;

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use self::disks::{Disk, DiskNeed};
use super::error::RunError;
use super::ground::block_bits;
use super::memory_watch::MemoryWatch;
use sverka_intake::OpenDocument;
use sverka_kernel::identity::NumberOccurrences;
use sverka_kernel::shuffle::SpillPolicy;

/// What a run keeps in memory.
#[derive(Debug)]
pub(super) struct MemoryPlan {
    /// How many threads work at the same time: each takes memory.
    pub workers: usize,
    /// For the rows that one worker brings together while it reads, if not all of them fit.
    pub rows_of_worker: Option<u64>,
    /// If all rows fit, what they take, estimated.
    pub rows: u64,
    /// If all rows fit, what each worker may take besides: for findings, and for rows that are not accepted.
    pub spare_of_worker: u64,
    /// Whether the persons of all partitions are kept from their making to their use; they are made again otherwise.
    pub keep_persons: bool,
    /// For the table of the SNILS and documents that were seen with persons.
    pub occurrence_bytes: u64,
    /// Where rows go that do not fit.
    pub folder: PathBuf,
    /// What the run really takes.
    pub watch: MemoryWatch,
}

/// The threads of the parts of a run that take memory.
pub(super) struct Workers(Option<rayon::ThreadPool>);

impl Workers {
    /// Does a part of a run with these threads.
    pub fn install<R: Send>(&self, part: impl FnOnce() -> R + Send) -> R {
        match &self.0 {
            Some(pool) => pool.install(part),
            None => part(),
        }
    }
}

/// What the sources will ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Demand {
    /// Lines, estimated.
    pub rows: u64,
    /// Bytes of all sources.
    pub bytes: u64,
}

/// Memory for a row with its texts, for a person, and for a number, with some slack.
const ROW_BYTES: u64 = 96;
const PERSON_BYTES: u64 = 16;
const NUMBER_BYTES: u64 = 24;
/// Of the numbers that may be those of several persons, for each number: one in sixteen with its record.
const SHARED_NUMBER_BYTES: u64 = 6;
/// The table of numbers that were seen takes a part of the limit at most; if it is small, more numbers are looked at.
const OCCURRENCE_SHARE: u64 = 16;
/// Bytes of the outputs for each row.
const OUTPUT_ROW_BYTES: u64 = 48;
/// What a run takes whatever its size: the program, tables, words.
const BASE_BYTES: u64 = 40 << 20;
/// What a worker takes for each row of a block of persons while its tables are made: 41 MiB were measured for 204,000 rows of 100,000 persons.
const BLOCK_ROW_BYTES: u64 = 240;
/// Rows that are not accepted have this part of a worker's memory for rows.
const QUARANTINE_SHARE: u64 = 8;
/// Numbers and findings have this part of it each, when the rows are on the disk.
const COLLECTED_SHARE: u64 = 4;
/// If all rows fit, findings of rows, findings of persons and rows that are not accepted have this part each of what is left.
const SPARE_SHARE: u64 = 4;
/// Less than this for rows is not worth while.
const LEAST_ROWS_OF_WORKER: u64 = 8 << 20;

impl Demand {
    /// Estimates the demand of documents from the lines at some of their places.
    pub fn of(documents: &[OpenDocument<'_>]) -> Self {
        const SAMPLE_BYTES: usize = 64 << 10;
        // A record of an XML list takes at least that.
        const XML_RECORD_BYTES: u64 = 400;
        let mut demand = Self { rows: 0, bytes: 0 };
        for document in documents {
            let (of_document, records) = (document.document(), document.layout().records.len() as u64);
            let bytes = of_document.estimated_bytes();
            demand.bytes += of_document.bytes_in_file();
            if document.layout().delimited().is_none() {
                demand.rows += bytes / XML_RECORD_BYTES * records;
                continue;
            }
            let (mut seen, mut lines) = (0, 0);
            let mut count = |sample: &[u8]| {
                seen += sample.len() as u64;
                lines += memchr::memchr_iter(b'\n', sample).count() as u64;
            };
            match of_document.plain_bytes() {
                None => count(&of_document.beginning(SAMPLE_BYTES).bytes),
                Some(bytes) => {
                    for from in [0, bytes.len() / 2] {
                        let sample = &bytes[from..bytes.len().min(from + SAMPLE_BYTES)];
                        count(sample);
                        of_document.file().release(from, from + sample.len());
                    }
                }
            }
            demand.rows += (u128::from(lines + 1) * u128::from(bytes) / u128::from(seen.max(1))) as u64 * records;
        }
        demand
    }
}

/// Where a run writes.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunFolders<'p> {
    /// Where rows go that do not fit into memory.
    pub spill: &'p Path,
    /// Where the results go.
    pub output: &'p Path,
}

/// Memory that a run takes, by what for.
#[derive(Clone, Copy, Debug)]
struct Need {
    /// Whatever is done: the program, and each worker.
    base: u64,
    worker: u64,
    /// All rows.
    rows: u64,
    /// Persons, numbers and the table of numbers that were seen, once all rows are read.
    later: u64,
    occurrence_bytes: u64,
}

impl Need {
    fn of(demand: Demand, limit: u64, chunk_bytes: usize) -> Self {
        let chunk = (2 * chunk_bytes as u64).min(demand.bytes);
        // Every second row is of another person, and nearly every person has a number.
        let blocks = 1 << block_bits(demand.rows / 2);
        let block = (demand.rows / blocks).saturating_mul(BLOCK_ROW_BYTES);
        let persons = demand.rows / 2 * PERSON_BYTES;
        // Every person has a SNILS and a document.
        let occurrence_bytes = demand.rows.saturating_mul(NumberOccurrences::NUMBER_BYTES).min(limit / OCCURRENCE_SHARE);
        let shared = occurrence_bytes + demand.rows.saturating_mul(SHARED_NUMBER_BYTES);
        let later = persons + demand.rows / 2 * NUMBER_BYTES + shared;
        let rows = demand.rows.saturating_mul(ROW_BYTES);
        Self { base: BASE_BYTES, worker: chunk + block, rows, later, occurrence_bytes }
    }

    /// Whatever is done with the rows.
    fn fixed(&self, workers: u64) -> u64 {
        self.base + workers * self.worker
    }

    /// The most workers, at least `least`, that leave so many bytes for each of them and `together` for all.
    fn workers(&self, limit: u64, threads: RangeInclusive<u64>, each: u64, together: u64) -> Option<u64> {
        threads.rev().find(|&workers| self.fixed(workers) + workers * each + together <= limit)
    }
}

impl MemoryPlan {
    /// Plans a run.
    ///
    /// # Errors
    /// When the limit is too small for any plan, or a disk for what goes there.
    pub fn new(limit: Option<u64>, demand: Demand, chunk_bytes: usize, folders: RunFolders<'_>) -> Result<Self, RunError> {
        let limit = limit.unwrap_or_else(default_limit);
        let threads = rayon::current_num_threads() as u64;
        let need = Need::of(demand, limit, chunk_bytes);
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
        // Fewer workers are better than a disk, as long as they are not much fewer.
        let (plan, spilled) = match need.workers(limit, threads.div_ceil(2)..=threads, 0, need.rows + need.later) {
            Some(workers) => (plan(workers, None), 0),
            None => {
                // Memory is taken in large pages, and a worker looks at its share after each chunk only.
                const LEAST: u64 = LEAST_ROWS_OF_WORKER / 9 * 10 + 10;
                let too_small = || RunError::MemoryLimit { limit, least: need.fixed(1) + LEAST };
                let workers = need.workers(limit, 1..=threads, LEAST, 0).ok_or_else(too_small)?;
                let rows_of_worker = (limit - need.fixed(workers)) / workers / 10 * 9;
                (plan(workers, Some(rows_of_worker)), need.rows)
            }
        };
        let need = DiskNeed { spilled, outputs: demand.rows.saturating_mul(OUTPUT_ROW_BYTES) };
        disks::ask(&Disk::under(folders.spill), &Disk::under(folders.output), need)?;
        Ok(plan)
    }

    /// The threads that work at the same time, if they are fewer than there are.
    ///
    /// # Errors
    /// When the system does not let them start.
    pub fn workers(&self) -> Result<Workers, RunError> {
        if self.workers >= rayon::current_num_threads() {
            return Ok(Workers(None));
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.workers).build().map_err(RunError::Threads)?;
        Ok(Workers(Some(pool)))
    }

    /// What the workers of the shuffle are told of rows and their findings. If all rows fit, any worker may have all of them.
    pub fn spill_policy(&self) -> SpillPolicy {
        let of_rows = self.rows_of_worker.map(|bytes| bytes - bytes / QUARANTINE_SHARE);
        self.policy_of(Some(of_rows.unwrap_or(self.rows + self.spare_of_worker / SPARE_SHARE)))
    }

    /// What they are told of rows that are not accepted.
    pub fn quarantine_policy(&self) -> SpillPolicy {
        let of_rows = self.rows_of_worker.map(|bytes| bytes / QUARANTINE_SHARE);
        self.policy_of(Some(of_rows.unwrap_or(self.spare_of_worker / SPARE_SHARE)))
    }

    /// What the workers are told that collect numbers; by then no rows are in memory if they do not fit.
    pub fn number_policy(&self) -> SpillPolicy {
        self.policy_of(self.rows_of_worker.map(|bytes| bytes / COLLECTED_SHARE))
    }

    /// What the workers are told that collect findings, likewise.
    pub fn finding_policy(&self) -> SpillPolicy {
        let of_rows = self.rows_of_worker.map(|bytes| bytes / COLLECTED_SHARE);
        self.policy_of(Some(of_rows.unwrap_or(self.spare_of_worker / SPARE_SHARE)))
    }

    fn policy_of(&self, worker_bytes: Option<u64>) -> SpillPolicy {
        SpillPolicy { worker_bytes, folder: self.folder.clone(), pressure: self.watch.pressure() }
    }

    /// Stops a run that takes more than its limit.
    pub fn check(&self) -> Result<(), RunError> {
        self.watch.check()
    }

    /// Stops a run that is about to take so many bytes more at once, if that is more than its limit; `what` says for what.
    pub fn reserve(&self, bytes: u64, what: &'static str) -> Result<(), RunError> {
        self.watch.reserve(bytes, what)
    }
}

/// Most of what the machine or the control group has, and not more than most of what is free.
pub(crate) fn default_limit() -> u64 {
    let (total, available) = machine_memory();
    let most = |bytes: u64| bytes / 100 * 85;
    let group = control_group::limit(Path::new("/")).unwrap_or(u64::MAX);
    most(total.min(group)).min(most(available))
}

/// All memory of the machine, and what of it is free; without end where the system does not tell it.
fn machine_memory() -> (u64, u64) {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
    };
    (value("MemTotal:").unwrap_or(u64::MAX), value("MemAvailable:").unwrap_or(u64::MAX))
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
        let demand = Demand { rows, bytes: rows * 170 };
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
    fn a_limit_that_no_plan_keeps_is_told() {
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
    fn a_disk_that_is_too_small_is_told_beforehand() {
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

    fn demand_of(path: &Path) -> Demand {
        let layout = "name = \"x\"\ntable = \"attachments\"\nheader = false\ndates = \"YYYYMMDD\"\nfields = [{ field = \"clinic\" }, \
            { field = \"surname\" }, { field = \"given_name\" }, { field = \"birth_date\" }, { field = \"attached_from\" }]";
        let layout = Arc::new(Layout::parse(layout, "x").expect("a layout"));
        let file = SourceFile::open(path).expect("mapped");
        let document = Document::all_of(&file, "lines").expect("a document").remove(0);
        Demand::of(&[OpenDocument::open(document, layout).expect("opened")])
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_machine_tells_its_memory() {
        assert!(default_limit() > 64 * MIB && default_limit() < u64::MAX / 100 * 86);
    }
}
