//! Signals: Ctrl-C and termination stop the command at a point where nothing is left half done. A file above the size limit is an error of the
//! write.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Exit, Failure};

/// Whether the command is to stop.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Listens to Ctrl-C and to the signals that ask a program to end. The first signal sets the flag that is returned.
///
/// # Errors
/// When the system refuses a listener.
pub fn listen() -> Result<&'static AtomicBool, Failure> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed)).map_err(|error| {
        Failure::new(
            Exit::Resource,
            format_args!("cannot listen to Ctrl-C: {error}; without memory and threads to spare, the system refuses this"),
        )
    })?;
    Ok(&INTERRUPTED)
}

/// Lets a write beyond the limit of file sizes (`ulimit -f`) fail with an error instead of ending the process.
pub fn ignore_file_size_signal() {
    let unused_flag = Arc::new(AtomicBool::new(false));
    // On a system that refuses, the signal ends the process as before.
    drop(signal_hook::flag::register(signal_hook::consts::signal::SIGXFSZ, unused_flag));
}
