//! Watch over the resident memory of a run. When memory is short, waiting rows go to the disk; if the run nevertheless
//! takes more than its limit, it ends with an error.
//!
//! The memory plan is an estimate from samples, and some sizes are known only during the run: number of findings, length of quarantined rows, number of
//! interned texts. So a thread measures the memory that the process really takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::error::RunError;
use sverka_kernel::shuffle::MemoryPressure;

/// Time between two measurements: too short for two threads to fill a twentieth of the smallest limit.
const MEASURE_EVERY: Duration = Duration::from_millis(5);
/// Percentage of the limit from which rows go to the disk at once.
const HIGH_PERCENT: u64 = 85;
/// Percentage of the limit below which rows wait in memory again.
const LOW_PERCENT: u64 = 75;
/// Percentage of the limit from which the run ends. Tasks that are running at that time may take as much again.
const OUTGROWN_PERCENT: u64 = 105;

/// Watch over the memory of a run, until dropped.
#[derive(Debug)]
pub(super) struct MemoryWatch {
    watched: Arc<Watched>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Watched {
    limit: u64,
    pressure: MemoryPressure,
    /// Resident memory that exceeded the limit too far; 0 if it never did.
    outgrown: AtomicU64,
    ended: AtomicBool,
}

impl MemoryWatch {
    /// Starts to watch. If the system does not report resident memory, the watch does nothing.
    pub fn start(limit: u64) -> Self {
        let watched = Arc::new(Watched {
            limit,
            pressure: MemoryPressure::default(),
            outgrown: AtomicU64::new(0),
            ended: AtomicBool::new(false),
        });
        let for_thread = Arc::clone(&watched);
        // Without a free thread, memory is measured between tasks only.
        let thread = thread::Builder::new().name("memory watch".to_owned()).spawn(move || for_thread.watch()).ok();
        Self { watched, thread }
    }

    /// Flag that is set while memory is short.
    pub fn pressure(&self) -> MemoryPressure {
        self.watched.pressure.clone()
    }

    /// Ends a run that takes more than its limit: an error is better than being killed by the system.
    pub fn check(&self) -> Result<(), RunError> {
        self.watched.measure();
        match self.watched.outgrown.load(Ordering::Relaxed) {
            0 => Ok(()),
            resident => Err(RunError::MemoryOutgrown { limit: self.watched.limit, resident }),
        }
    }

    /// Ends a run that is about to take `bytes` more at once, if that exceeds its limit; `what` names the cause.
    pub fn reserve(&self, bytes: u64, what: &'static str) -> Result<(), RunError> {
        let resident = resident_bytes().unwrap_or(0);
        let limit = self.watched.limit;
        if resident.saturating_add(bytes) > (limit / 100).saturating_mul(OUTGROWN_PERCENT) {
            return Err(RunError::MemoryReserve { limit, needed: resident.saturating_add(bytes), what });
        }
        Ok(())
    }
}

impl Watched {
    fn watch(&self) {
        while !self.ended.load(Ordering::Relaxed) {
            if !self.measure() {
                return;
            }
            thread::park_timeout(MEASURE_EVERY);
        }
    }

    /// Measures once. Returns whether the system reported anything.
    fn measure(&self) -> bool {
        let Some(resident) = resident_bytes() else { return false };
        let percent = |percent: u64| (self.limit / 100).saturating_mul(percent);
        if resident > percent(HIGH_PERCENT) {
            self.pressure.set(true);
        } else if resident < percent(LOW_PERCENT) {
            self.pressure.set(false);
        }
        if resident > percent(OUTGROWN_PERCENT) {
            self.outgrown.fetch_max(resident, Ordering::Relaxed);
        }
        true
    }
}

impl Drop for MemoryWatch {
    fn drop(&mut self) {
        self.watched.ended.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            thread.join().expect("invariant: watching does not panic");
        }
    }
}

/// Resident memory of this process in bytes; `None` if the system does not report it.
pub(crate) fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn this_machine_reports_resident_memory() {
        let before = resident_bytes().expect("this system tells it");
        let taken = std::hint::black_box(vec![1_u8; 64 << 20]);
        let after = resident_bytes().expect("this system tells it");
        assert!(after > before + 32 * MIB, "{before} {after} {}", taken.len());
    }

    #[test]
    fn a_run_far_above_its_limit_ends() {
        let watch = MemoryWatch::start(MIB);
        assert!(matches!(watch.check(), Err(RunError::MemoryOutgrown { limit: MIB, resident }) if resident > MIB));
        assert!(watch.pressure().is_high());
        let watch = MemoryWatch::start(u64::MAX);
        assert!(watch.check().is_ok() && !watch.pressure().is_high());
    }

    #[test]
    fn what_would_outgrow_the_limit_is_not_begun() {
        let watch = MemoryWatch::start(1 << 40);
        assert!(watch.reserve(MIB, "words").is_ok());
        let error = watch.reserve(1 << 42, "words").expect_err("more than the limit");
        assert!(error.to_string().contains("words"), "{error}");
    }
}
