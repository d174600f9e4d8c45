//! Profile of a run: wall time, processor time, rows, bytes and peak memory of each stage.

use std::time::{Duration, Instant};

use sverka_publish::StageTime;

/// Rows and bytes that a stage worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StageMetrics {
    /// Rows that went in or, for stages that write tables, came out.
    pub rows: u64,
    /// Bytes that were read or written.
    pub bytes: u64,
}

/// Profile of one stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageProfile {
    /// Name of the stage.
    pub name: &'static str,
    /// Wall time.
    pub wall: Duration,
    /// Time of all processors together, in steps of 10 ms; `None` if the system does not report it.
    pub cpu: Option<Duration>,
    /// Rows that went in or, for stages that write tables, came out.
    pub rows: u64,
    /// Bytes that were read or written.
    pub bytes: u64,
    /// Peak resident memory while the stage ran; measured on demand only, and if the system reports it.
    pub peak_memory_bytes: Option<u64>,
}

/// Measures the stages of a run.
pub(super) struct Profiler {
    start: Instant,
    /// End of the stage before, or the start.
    last: Times,
    stages: Vec<StageProfile>,
    /// Whether the peak memory of each stage is measured.
    memory: bool,
    /// Peak memory of the stages so far.
    peak: u64,
}

/// Wall and processor time at one moment.
#[derive(Clone, Copy)]
struct Times {
    wall: Instant,
    cpu: Option<Duration>,
}

impl Times {
    fn now() -> Self {
        Self { wall: Instant::now(), cpu: cpu_time() }
    }
}

impl Profiler {
    /// Starts; `memory` says whether the peak memory of each stage is wanted.
    pub fn start(memory: bool) -> Self {
        let now = Times::now();
        if memory {
            reset_peak();
        }
        Self { start: now.wall, last: now, stages: Vec::new(), memory, peak: 0 }
    }

    /// Ends a stage.
    pub fn stage(&mut self, name: &'static str, metrics: StageMetrics) {
        let now = Times::now();
        let StageMetrics { rows, bytes } = metrics;
        let peak = peak_memory_bytes();
        self.stages.push(StageProfile {
            name,
            wall: now.wall - self.last.wall,
            cpu: now.cpu.zip(self.last.cpu).map(|(now, last)| now.saturating_sub(last)),
            rows,
            bytes,
            peak_memory_bytes: peak.filter(|_| self.memory),
        });
        self.last = now;
        self.peak = self.peak.max(peak.unwrap_or(0));
        if self.memory {
            reset_peak();
        }
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// The stages so far.
    pub fn stages(&self) -> &[StageProfile] {
        &self.stages
    }

    /// The times of the stages, for the manifest.
    pub fn times(&self) -> Vec<StageTime> {
        let millis = |time: Duration| time.as_millis() as u64;
        let time = |stage: &StageProfile| StageTime {
            name: stage.name.to_owned(),
            wall_ms: millis(stage.wall),
            cpu_ms: stage.cpu.map(millis),
        };
        self.stages.iter().map(time).collect()
    }

    /// Peak resident memory of the run; 0 if the system does not report it.
    pub fn peak_memory_bytes(&self) -> u64 {
        self.peak.max(peak_memory_bytes().unwrap_or(0))
    }
}

/// Peak resident memory of this process since its start or the last reset; `None` if the system does not report it.
#[must_use]
pub fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Resets the peak memory that the system measures.
fn reset_peak() {
    // If the system refuses, the figures count from the start.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Time of this process on all processors.
fn cpu_time() -> Option<Duration> {
    /// Unit of the times that the kernel reports to user space, for any clock of its own.
    const TICKS_PER_SECOND: u64 = 100;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in brackets, may hold blanks. The state and then numbers follow it.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    let (user, system) = (ticks()?, ticks()?);
    Some(Duration::from_millis((user + system) * 1000 / TICKS_PER_SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn work_takes_processor_time() {
        let taken_since = |before: Duration| cpu_time().expect("this system tells it") - before;
        let (before, start) = (taken_since(Duration::ZERO), Instant::now());
        let mut number = 1_u64;
        // On a busy machine it may take long until this process gets the processor.
        while taken_since(before) < Duration::from_millis(10) && start.elapsed() < Duration::from_secs(20) {
            for _ in 0..1_000_000 {
                number = std::hint::black_box(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
            }
        }
        let taken = taken_since(before);
        assert!(taken >= Duration::from_millis(10), "{taken:?}");
    }

    #[test]
    fn stages_follow_one_another() {
        let mut profiler = Profiler::start(false);
        profiler.stage("first", StageMetrics { rows: 1, bytes: 2 });
        profiler.stage("second", StageMetrics { rows: 3, bytes: 4 });
        let stages: Vec<(&str, u64, u64)> = profiler.stages().iter().map(|stage| (stage.name, stage.rows, stage.bytes)).collect();
        assert_eq!(stages, [("first", 1, 2), ("second", 3, 4)]);
        assert!(profiler.stages().iter().map(|stage| stage.wall).sum::<Duration>() <= profiler.elapsed());
    }
}
