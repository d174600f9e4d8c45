//! Watch over panics, time and memory while inputs are read.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, Once};
use std::time::{Duration, Instant};

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
    static LAST_PANIC: Cell<Option<CaughtPanic>> = const { Cell::new(None) };
}

/// Panic that was caught.
#[derive(Default)]
pub struct CaughtPanic {
    /// Location in the code.
    pub location: String,
    pub message: String,
}

/// Result of some work, or its panic, which is not printed.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, CaughtPanic> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !IS_QUIET.get() {
                return before(info);
            }
            let location = info.location().map(ToString::to_string).unwrap_or_default();
            LAST_PANIC.set(Some(CaughtPanic { location, message: info.to_string() }));
        }));
    });
    IS_QUIET.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    IS_QUIET.set(false);
    outcome.map_err(|_| LAST_PANIC.take().unwrap_or_default())
}

/// Input that is being read, and the start of the reading.
type Running = Arc<Mutex<Option<(Instant, Vec<u8>)>>>;

/// Watchdog that ends the process when an input takes too long, and writes that input to a file.
pub struct Watchdog(Running);

impl Watchdog {
    /// Watchdog with the most time for an input and the folder of its file.
    pub fn new(most: Duration, folder: &Path) -> Self {
        let running = Running::default();
        let (watched, folder) = (running.clone(), folder.to_owned());
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(most / 4);
                let running = watched.lock().expect("no panic while it is held");
                let Some((_, input)) = running.as_ref().filter(|(since, _)| since.elapsed() > most) else { continue };
                let path = folder.join("hangs");
                let _ = std::fs::write(&path, input);
                eprintln!("an input is read for more than {most:?}: {}", path.display());
                std::process::exit(1);
            }
        });
        Self(running)
    }

    /// Notes that the reading of an input begins.
    pub fn begin(&self, input: &[u8]) {
        *self.0.lock().expect("no panic while it is held") = Some((Instant::now(), input.to_owned()));
    }

    /// Notes that the reading ended.
    pub fn end(&self) {
        *self.0.lock().expect("no panic while it is held") = None;
    }
}

/// Resident memory of the process in KiB. Zeros where the system does not report it.
#[derive(Clone, Copy)]
pub struct Memory {
    pub kib: u64,
    /// Most memory since the start of the process.
    pub peak_kib: u64,
}

impl Memory {
    /// Memory at this moment.
    pub fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let value = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key));
            line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
        };
        Self { kib: value("VmRSS:"), peak_kib: value("VmHWM:") }
    }
}
