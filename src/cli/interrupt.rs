//! Ctrl-C and a polite kill: the command is told to stop, and stops where nothing is left half done.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{Exit, Failure};

/// Set once somebody wants the command to stop.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Listens to Ctrl-C and to the signals that ask a program to end; the flag is set by the first.
///
/// # Errors
/// When the system does not let us listen.
pub fn listen() -> Result<&'static AtomicBool, Failure> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed))
        .map_err(|error| Failure::new(Exit::Resource, format_args!("cannot listen to Ctrl-C: {error}")))?;
    Ok(&INTERRUPTED)
}
