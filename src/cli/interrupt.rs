//! Signals: Ctrl-C and a polite kill tell the command to stop where nothing is left half done; a file that grows too large is an error of the write.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Exit, Failure};

/// Set once somebody wants the command to stop.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Listens to Ctrl-C and to the signals that ask a program to end; the flag is set by the first.
///
/// # Errors
/// When the system does not let us listen.
pub fn listen() -> Result<&'static AtomicBool, Failure> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed)).map_err(|error| {
        Failure::new(
            Exit::Resource,
            format_args!("cannot listen to Ctrl-C: {error}; without memory and threads to spare, the system refuses this"),
        )
    })?;
    Ok(&INTERRUPTED)
}

/// Lets a write beyond the size that files may have (`ulimit -f`) fail with an error that can be told, instead of ending the process.
pub fn outlive_the_file_size_limit() {
    let nobody_asks = Arc::new(AtomicBool::new(false));
    // Where signals cannot be caught, the process ends as it would have.
    drop(signal_hook::flag::register(signal_hook::consts::signal::SIGXFSZ, nobody_asks));
}
