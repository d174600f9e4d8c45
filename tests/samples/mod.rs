//! The sample region: every statement of `expected.csv` in both directions, the golden outputs, and a trace of every rule.

mod golden;
mod statements;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::published::{PublishedRun, published};

/// The folder of the sample region.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples")
}

/// The job of the sample region, run once for all tests.
pub fn sample_run() -> &'static PublishedRun {
    static RUN: LazyLock<PublishedRun> = LazyLock::new(|| published(&folder().join("job.toml")));
    &RUN
}
