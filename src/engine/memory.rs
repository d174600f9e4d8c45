//! How much memory a run may take, what of its rows stays there, and whether the disk will do for the rest.

use std::path::{Path, PathBuf};

use super::error::RunError;
use super::memory_watch::MemoryWatch;
use crate::exchange::SpillPolicy;
use crate::identity::Sightings;
use crate::intake::OpenDocument;

/// What a run keeps in memory.
#[derive(Debug)]
pub(super) struct MemoryPlan {
    /// For the rows that one worker brings together while it reads, if not all of them fit.
    pub rows_of_worker: Option<u64>,
    /// Whether the persons of all partitions are kept from their making to their use; they are made again otherwise.
    pub keep_persons: bool,
    /// For the table of the SNILS and documents that were seen with persons.
    pub sighting_bytes: u64,
    /// Where rows go that do not fit.
    pub folder: PathBuf,
    /// What the run really takes.
    pub watch: MemoryWatch,
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
const ROW_BYTES: u64 = 112;
const PERSON_BYTES: u64 = 16;
const NUMBER_BYTES: u64 = 24;
/// Of the numbers that may be those of several persons, for each number: one in sixteen with its record.
const SHARED_NUMBER_BYTES: u64 = 6;
/// The table of numbers that were seen takes a part of the limit at most; if it is small, more numbers are looked at.
const SIGHTING_SHARE: u64 = 16;
/// Bytes of the outputs for each row.
const OUTPUT_ROW_BYTES: u64 = 48;
/// What a run takes whatever its size: the program, tables, words.
const BASE_BYTES: u64 = 48 << 20;
/// What a worker takes for the tables of one block of persons at most, and what all take for each row of a small run.
const WORKER_BYTES: u64 = 112 << 20;
const BLOCK_ROW_BYTES: u64 = 448;
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
                None => count(&of_document.beginning(SAMPLE_BYTES)),
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

impl MemoryPlan {
    /// Plans a run.
    ///
    /// # Errors
    /// When the limit is too small for any plan, or the disk for what does not fit into it.
    pub fn new(limit: Option<u64>, demand: Demand, chunk_bytes: usize, folder: &Path) -> Result<Self, RunError> {
        let limit = limit.unwrap_or_else(default_limit);
        let threads = rayon::current_num_threads() as u64;
        let chunk = (2 * chunk_bytes as u64).min(demand.bytes);
        let blocks = (threads * WORKER_BYTES).min(demand.rows.saturating_mul(BLOCK_ROW_BYTES));
        let fixed = BASE_BYTES + threads * chunk + blocks;
        // Every second row is of another person, and nearly every person has a number.
        let persons = demand.rows / 2 * PERSON_BYTES;
        // Every person has a SNILS and a document.
        let sighting_bytes = demand.rows.saturating_mul(Sightings::NUMBER_BYTES).min(limit / SIGHTING_SHARE);
        let shared = sighting_bytes + demand.rows.saturating_mul(SHARED_NUMBER_BYTES);
        let later = persons + demand.rows / 2 * NUMBER_BYTES + shared;
        let rows = demand.rows.saturating_mul(ROW_BYTES);
        let folder = folder.to_owned();
        let watch = MemoryWatch::start(limit);
        if fixed + rows + later <= limit {
            let plan = Self { rows_of_worker: None, keep_persons: true, sighting_bytes, folder, watch };
            plan.ask_disk(0, demand)?;
            return Ok(plan);
        }
        // Memory is taken in large pages, and a worker looks at its share after each chunk only.
        let rows_of_worker = limit.saturating_sub(fixed) / threads / 10 * 9;
        if rows_of_worker < LEAST_ROWS_OF_WORKER {
            return Err(RunError::MemoryLimit { limit, least: fixed + threads * (LEAST_ROWS_OF_WORKER / 9 * 10 + 10), threads });
        }
        let keep_persons = fixed + later <= limit;
        let plan = Self { rows_of_worker: Some(rows_of_worker), keep_persons, sighting_bytes, folder, watch };
        plan.ask_disk(rows, demand)?;
        Ok(plan)
    }

    /// What the workers of the exchange are told.
    pub fn spill_policy(&self) -> SpillPolicy {
        self.policy_of(self.rows_of_worker)
    }

    /// What the workers are told that collect numbers or findings; by then no rows are in memory if they do not fit.
    pub fn number_policy(&self) -> SpillPolicy {
        self.policy_of(self.rows_of_worker.map(|bytes| bytes / 4))
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

    fn ask_disk(&self, spilled: u64, demand: Demand) -> Result<(), RunError> {
        let outputs = demand.rows.saturating_mul(OUTPUT_ROW_BYTES);
        match free_bytes(&self.folder) {
            Some(free) if free < spilled + outputs => {
                Err(RunError::DiskSpace { folder: self.folder.clone(), free, spilled, outputs })
            }
            _ => Ok(()),
        }
    }
}

/// Most of what the machine or the control group has, and not more than most of what is free.
fn default_limit() -> u64 {
    let (total, available) = machine_memory();
    let most = |bytes: u64| bytes / 100 * 85;
    let group = control_group_limit().unwrap_or(u64::MAX);
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

/// The limit of the process's control group (version 2, else 1), if it has one.
fn control_group_limit() -> Option<u64> {
    let of_process = std::fs::read_to_string("/proc/self/cgroup").ok()?;
    let limit = |path: String| std::fs::read_to_string(path).ok()?.trim().parse::<u64>().ok();
    let unified = of_process.lines().find_map(|line| line.strip_prefix("0::")).and_then(|group| {
        // A limit of a group above holds as well.
        Path::new(group)
            .ancestors()
            .filter_map(|group| limit(format!("/sys/fs/cgroup{}/memory.max", group.display().to_string().trim_end_matches('/'))))
            .min()
    });
    unified.or_else(|| limit("/sys/fs/cgroup/memory/memory.limit_in_bytes".to_owned()))
}

/// Bytes of the disk under a folder that this user may still take.
fn free_bytes(folder: &Path) -> Option<u64> {
    let existing = folder.ancestors().find(|ancestor| ancestor.exists())?;
    let disk = rustix::fs::statvfs(existing).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::sync::Arc;

    use super::*;
    use crate::intake::{Document, Layout, SourceFile};

    const MIB: u64 = 1 << 20;
    const GIB: u64 = 1 << 30;

    fn plan(limit: u64, rows: u64) -> Result<MemoryPlan, RunError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("threads");
        let demand = Demand { rows, bytes: rows * 170 };
        pool.install(|| MemoryPlan::new(Some(limit), demand, 4 << 20, Path::new("/")))
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
        let error = plan(100 * MIB, 10_000_000).expect_err("too small");
        assert!(matches!(error, RunError::MemoryLimit { limit, least, threads: 2 } if limit == 100 * MIB && least > limit));
    }

    #[test]
    fn a_disk_that_is_too_small_is_told_beforehand() {
        let error = plan(GIB, 1 << 50).expect_err("no disk is so large");
        assert!(matches!(error, RunError::DiskSpace { spilled, .. } if spilled == 112 << 50), "{error}");
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
        std::fs::write(&path, "\n").expect("written");
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
        assert!(free_bytes(Path::new("/nonexistent/folder")).is_some());
    }
}
