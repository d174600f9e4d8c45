//! The sample jobs: every statement of `expected.csv` in both directions, the golden outputs, what senders are answered, and a trace of every rule.

mod answered;
mod distribute;
mod exchange;
mod explained;
mod golden;
#[cfg(feature = "query")]
mod review;
mod statements;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::published::{PublishedRun, published};

/// A sample job and what came out of it.
pub struct Sample {
    /// The folder of its `job.toml`.
    pub folder: PathBuf,
    /// Its run.
    pub run: PublishedRun,
}

/// The folder of the sample region.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples")
}

/// The job of the sample region, run once for all tests.
pub fn sample_run() -> &'static PublishedRun {
    &region().run
}

fn region() -> &'static Sample {
    static REGION: LazyLock<Sample> = LazyLock::new(|| Sample { folder: folder(), run: published(&folder().join("job.toml")) });
    &REGION
}
