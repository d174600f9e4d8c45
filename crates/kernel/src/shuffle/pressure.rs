//! A flag that says that the run nears its memory limit. Who sets it, and by which measure, is not known here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the run nears its memory limit. A clone shares the flag.
#[derive(Clone, Debug, Default)]
pub struct MemoryPressure(Arc<AtomicBool>);

impl MemoryPressure {
    /// Says whether memory is short.
    pub fn set(&self, high: bool) {
        self.0.store(high, Ordering::Relaxed);
    }

    /// Whether memory is short.
    #[must_use]
    #[inline]
    pub fn is_high(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
