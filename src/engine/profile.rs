//! What each stage of a run took: time on the wall and on all processors, rows, bytes, and the most memory.

use std::time::{Duration, Instant};

use sverka_publish::StageTime;

/// What one stage took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageProfile {
    /// The stage.
    pub name: &'static str,
    /// By the clock on the wall.
    pub wall: Duration,
    /// On all processors together, in steps of 10 ms; where the system tells it.
    pub cpu: Option<Duration>,
    /// Rows that went in or, of the tables, came out.
    pub rows: u64,
    /// Bytes that were read or written.
    pub bytes: u64,
    /// The most resident memory while the stage ran; measured on demand only, where the system tells it.
    pub peak_memory_bytes: Option<u64>,
}

/// Takes the profile of a run.
pub(super) struct Profiler {
    start: Instant,
    last: (Instant, Option<Duration>),
    stages: Vec<StageProfile>,
    memory: bool,
    /// The most memory of the stages so far.
    peak: u64,
}

impl Profiler {
    /// Begins; `memory` says whether the most memory of each stage is wanted.
    pub fn start(memory: bool) -> Self {
        let now = Instant::now();
        if memory {
            forget_peak();
        }
        Self { start: now, last: (now, cpu_time()), stages: Vec::new(), memory, peak: 0 }
    }

    /// Ends a stage that took so many rows and bytes.
    pub fn stage(&mut self, name: &'static str, rows: u64, bytes: u64) {
        let (now, cpu) = (Instant::now(), cpu_time());
        let peak = peak_memory_bytes();
        self.stages.push(StageProfile {
            name,
            wall: now - self.last.0,
            cpu: cpu.zip(self.last.1).map(|(now, last)| now.saturating_sub(last)),
            rows,
            bytes,
            peak_memory_bytes: peak.filter(|_| self.memory),
        });
        self.last = (now, cpu);
        self.peak = self.peak.max(peak.unwrap_or(0));
        if self.memory {
            forget_peak();
        }
    }

    /// Time since the beginning.
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

    /// The most resident memory of the run; 0 where the system does not tell it.
    pub fn peak_memory_bytes(&self) -> u64 {
        self.peak.max(peak_memory_bytes().unwrap_or(0))
    }
}

/// The largest resident memory of this process since it began, or since it was last forgotten, where the system tells it.
#[must_use]
pub fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Lets the system measure the largest memory from here on.
fn forget_peak() {
    // Where it cannot be done, the figures are those since the beginning.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Time that this process took on all processors.
fn cpu_time() -> Option<Duration> {
    /// Of the kernel's counts to user space, whatever its own clock is.
    const TICKS_PER_SECOND: u64 = 100;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in brackets, may hold blanks. After it come the state and then numbers.
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
        // On a busy machine it may be long before the processor is ours.
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
        profiler.stage("first", 1, 2);
        profiler.stage("second", 3, 4);
        let stages: Vec<(&str, u64, u64)> = profiler.stages().iter().map(|stage| (stage.name, stage.rows, stage.bytes)).collect();
        assert_eq!(stages, [("first", 1, 2), ("second", 3, 4)]);
        assert!(profiler.stages().iter().map(|stage| stage.wall).sum::<Duration>() <= profiler.elapsed());
    }
}
