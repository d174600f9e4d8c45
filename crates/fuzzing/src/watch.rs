//! What is watched while inputs are read: panics, time and memory.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, Once};
use std::time::{Duration, Instant};

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
    static LAST_PANIC: Cell<Option<(String, String)>> = const { Cell::new(None) };
}

/// Does something; a panic of it as the place in the code and the message, which is not printed.
pub fn caught<T>(what: impl FnOnce() -> T) -> Result<T, (String, String)> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !IS_QUIET.get() {
                return before(info);
            }
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            LAST_PANIC.set(Some((place, info.to_string())));
        }));
    });
    IS_QUIET.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(what));
    IS_QUIET.set(false);
    outcome.map_err(|_| LAST_PANIC.take().unwrap_or_default())
}

/// The input that is being read, and since when.
type Running = Arc<Mutex<Option<(Instant, Vec<u8>)>>>;

/// Ends the process when an input takes too long, and leaves that input in a file.
pub struct Watchdog(Running);

impl Watchdog {
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

    /// An input begins to be read.
    pub fn begin(&self, input: &[u8]) {
        *self.0.lock().expect("no panic while it is held") = Some((Instant::now(), input.to_owned()));
    }

    /// It is read.
    pub fn end(&self) {
        *self.0.lock().expect("no panic while it is held") = None;
    }
}

/// What the process has in memory, in KiB: now, and at most until now. Zeros where the system does not tell.
pub fn memory_kib() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    };
    (of("VmRSS:"), of("VmHWM:"))
}
