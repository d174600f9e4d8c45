//! End of a running statement or review: at Ctrl-C, and when memory passes the limit.
//!
//! The SQL engine has no way to stop and no limit of memory. A statement changes nothing in a run, so the process may end at any point. A file that
//! is half written is removed first.

use std::io::Write as _;
use std::time::Duration;

use super::result_output::MemoryChoice;
use super::{Exit, Failure};
use crate::engine::{default_limit, resident_bytes};
use sverka_report::destination::remove_unfinished;
use sverka_text::binary_size;

/// Time between two measurements of the memory. The SQL engine takes at most a gigabyte a second, so it passes a limit by some megabytes.
const INTERVAL: Duration = Duration::from_millis(5);

/// Listens to Ctrl-C and watches the memory until the process ends.
///
/// # Errors
/// When the system gives no listener or no thread.
pub(super) fn begin(memory: &MemoryChoice) -> Result<(), Failure> {
    let unheard = |error| {
        Failure::new(
            Exit::Resource,
            format_args!("cannot listen to Ctrl-C: {error}; without memory and threads to spare, the system refuses this"),
        )
    };
    ctrlc::set_handler(|| end(Exit::Interrupted, "")).map_err(unheard)?;
    let limit = memory.memory_limit.unwrap_or_else(default_limit);
    let unwatched = |error| Failure::new(Exit::Resource, format_args!("cannot start a thread: {error}"));
    std::thread::Builder::new().name("memory".to_owned()).spawn(move || watch(limit)).map_err(unwatched)?;
    Ok(())
}

/// Ends the process when its memory passes the limit.
fn watch(limit: u64) {
    // On a system that does not report the memory of a process, there is no watch.
    while let Some(resident) = resident_bytes() {
        if resident > limit {
            let sentence = format!(
                "sverka: the statement takes more memory than the limit of {}; ask for fewer rows or columns, or give more with --memory-limit\n",
                binary_size(limit)
            );
            end(Exit::Resource, &sentence);
        }
        std::thread::sleep(INTERVAL);
    }
}

/// Removes the file that is half written, prints a sentence and ends the process.
fn end(exit: Exit, sentence: &str) -> ! {
    remove_unfinished();
    // Without standard error, there is no other place for the sentence.
    let _ = std::io::stderr().write_all(sentence.as_bytes());
    std::process::exit(i32::from(exit.code()))
}
