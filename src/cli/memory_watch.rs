//! Ends a statement or a review that goes on: at Ctrl-C at once, and when memory passes the limit.
//!
//! The SQL engine can be told neither to stop nor how much memory it may take. A question to a run changes nothing, so the process ends where it is;
//! a file that is half written is removed first.

use std::io::Write as _;
use std::time::Duration;

use super::result_output::MemoryChoice;
use super::{Exit, Failure};
use crate::engine::{default_limit, resident_bytes};
use sverka_report::destination::remove_unfinished;
use sverka_text::binary_size;

/// Between two looks at the memory. The SQL engine takes a gigabyte a second at most, so a limit is passed by some megabytes.
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

fn watch(limit: u64) {
    // A system that does not tell the memory of a process cannot be watched.
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

/// Ends the process at once.
fn end(exit: Exit, sentence: &str) -> ! {
    remove_unfinished();
    // Nobody is left to tell when standard error is closed, too.
    let _ = std::io::stderr().write_all(sentence.as_bytes());
    std::process::exit(i32::from(exit.code()))
}
