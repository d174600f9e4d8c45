//! The exchange job: run and answered once for all tests.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use sverka::answers::{AnswerOptions, JobRequestReader, answer};
use sverka_report::answers::{AnswersIndex, Dictionaries};

use super::{Sample, folder};
use crate::published::{Execution, PublishedRun, fast_folder, load, run_loaded};

/// Answers to the senders of a job.
pub struct Answers {
    pub index: AnswersIndex,
    /// Every file of the folder of answers, by its name there.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// The exchange job and its run.
pub fn sample() -> &'static Sample {
    &EXCHANGE.0
}

/// The answers to the senders of the exchange job.
pub fn answers() -> &'static Answers {
    &EXCHANGE.1
}

static EXCHANGE: LazyLock<(Sample, Answers)> = LazyLock::new(run_and_answer);

/// Runs the job in a temporary folder, and answers its senders.
pub fn run_and_answer() -> (Sample, Answers) {
    let out = tempfile::tempdir_in(fast_folder()).expect("temporary folder");
    let sample = folder().join("exchange");
    let job = load(&sample.join("job.toml"), out.path());
    assert!(job.answers, "the job answers its senders");
    let outcome = run_loaded(&job, Execution::default()).unwrap_or_else(|error| panic!("{error}"));
    let dictionaries = Dictionaries::built_in();
    let options = AnswerOptions { run: None, out: None, family: &|source| source.layout.answers, dictionaries: &dictionaries };
    let index = answer(&job, &JobRequestReader::new(&job), &options).unwrap_or_else(|error| panic!("{error}"));
    let files = crate::answers::files(&index.folder);
    (Sample { folder: sample, run: PublishedRun::read(&outcome.dir) }, Answers { index, files })
}
