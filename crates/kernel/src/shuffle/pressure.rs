//! A flag that says whether the run nears its memory limit. The engine sets it; this module does not know how memory is
//! measured.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the run nears its memory limit. A clone shares the flag.
#[derive(Clone, Debug, Default)]
pub struct MemoryPressure(Arc<AtomicBool>);

impl MemoryPressure {
    /// Sets whether memory is short.
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
