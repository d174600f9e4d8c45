//! The sample jobs: every statement of `expected.csv` in both directions, the golden outputs, the answers to senders, and a trace of every rule.

mod answered;
mod distribute;
mod exchange;
mod explained;
mod forms;
mod golden;
mod money;
mod recalculation;
mod review;
mod roundings;
mod statements;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::published::{PublishedRun, published};

/// A sample job and its published run.
pub struct Sample {
    /// The folder of its `job.toml`.
    pub folder: PathBuf,
    /// The published run.
    pub run: PublishedRun,
}

/// The folder of the sample region.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples")
}

/// A copy of the sample region with another job file.
pub fn copy(change: impl Fn(&str) -> String) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("temporary folder");
    for part in ["registers", "attachments", "reference"] {
        std::fs::create_dir(dir.path().join(part)).expect("folder");
        for entry in std::fs::read_dir(folder().join(part)).expect("sample folder") {
            let entry = entry.expect("entry");
            std::fs::copy(entry.path(), dir.path().join(part).join(entry.file_name())).expect("copied");
        }
    }
    let decisions = "overrides.toml";
    std::fs::copy(folder().join(decisions), dir.path().join(decisions)).expect("copied");
    let job = dir.path().join("job.toml");
    let text = std::fs::read_to_string(folder().join("job.toml")).expect("job");
    std::fs::write(&job, change(&text)).expect("job");
    (dir, job)
}

/// The job of the sample region, run once for all tests.
pub fn sample_run() -> &'static PublishedRun {
    &region().run
}

/// The job of files in exchange formats, run once for all tests.
pub fn exchange_run() -> &'static PublishedRun {
    &exchange::sample().run
}

fn region() -> &'static Sample {
    static REGION: LazyLock<Sample> = LazyLock::new(|| Sample { folder: folder(), run: published(&folder().join("job.toml")) });
    &REGION
}

/// Compares a form with the golden one of the money sample.
pub fn assert_golden_form(name: &str, text: String) {
    golden::assert_golden(&money::money_folder(), "golden/forms", &std::collections::BTreeMap::from([(name.to_owned(), text)]));
}
