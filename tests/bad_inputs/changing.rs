//! Sources that change while they are read: the run ends with a message that names them, and publishes nothing.

use std::fs::{self, File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sverka::engine::{self, Progress, RunError, RunOutcome, StageProgress, Unit};
use sverka_formats::{Difference, SourceError};
use sverka_publish::OutputTable;

use super::{SURNAME, SmallJob, file, row, visible_runs};
use crate::published::{Execution, PublishedRun, load, with_progress};

/// A change to a source by another program.
type Change<'c> = &'c (dyn Fn(&Path) + Sync);

/// A listener that changes a file when a stage of the run begins.
struct ChangeAtStage<'m> {
    stage: &'static str,
    change: Change<'m>,
    file: PathBuf,
}

impl Progress for ChangeAtStage<'_> {
    fn stage(&self, name: &'static str, _total: u64, _unit: Unit) -> Box<dyn StageProgress> {
        if name == self.stage {
            (self.change)(&self.file);
        }
        Box::new(engine::Silent)
    }

    fn note(&self, _message: &str) {}
}

const READING: &str = "read and check rows";
const HASHING: &str = "hash sources";

/// Runs a job whose register is changed when a stage begins.
fn run_changing(job: &SmallJob, stage: &'static str, change: Change<'_>) -> Result<RunOutcome, RunError> {
    let loaded = load(&job.dir.path().join("job.toml"), &job.out());
    let listener = ChangeAtStage { stage, change, file: job.register() };
    let execution = Execution { chunk_bytes: 16 << 10, ..Execution::default() };
    with_progress(execution, &listener, |options| engine::run(&loaded, options))
}

/// A register with a number of rows: a small file is copied when it is opened, a large one is mapped.
fn register(rows: usize) -> Vec<u8> {
    file((0..rows).map(row)).into_bytes()
}

const FEW: usize = 20;
const MANY: usize = 4_000;

/// The register with other names of the same length.
fn with_other_names(path: &Path) -> Vec<u8> {
    let text = fs::read_to_string(path).expect("register");
    text.replace(SURNAME, "Камышнов").into_bytes()
}

fn append(path: &Path) {
    let mut file = OpenOptions::new().append(true).open(path).expect("register");
    writeln!(file, "{}", row(999_999)).expect("appended");
}

fn shorten_to(path: &Path, share: u64) {
    let file = OpenOptions::new().write(true).open(path).expect("register");
    let length = file.metadata().expect("metadata").len();
    file.set_len(length * share / 100).expect("shortened");
}

fn rewrite_in_place(path: &Path) {
    let names = with_other_names(path);
    let mut file = OpenOptions::new().write(true).open(path).expect("register");
    file.seek(SeekFrom::Start(0)).expect("beginning");
    file.write_all(&names).expect("written");
}

/// Rewrites the file like [`rewrite_in_place`], and sets the time of the former content.
fn rewrite_and_hide(path: &Path) {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified()).expect("a time");
    rewrite_in_place(path);
    OpenOptions::new().write(true).open(path).and_then(|file| file.set_modified(modified)).expect("the former time");
}

fn replace(path: &Path) {
    let other = path.with_extension("new");
    fs::write(&other, with_other_names(path)).expect("written");
    fs::rename(other, path).expect("renamed");
}

#[test]
fn a_source_that_changes_while_it_is_read_ends_the_run() {
    let changes: [(&str, Change<'_>, Difference); 8] = [
        ("grown", &append, Difference::Grown),
        ("empty", &|path| shorten_to(path, 0), Difference::Shortened),
        ("half", &|path| shorten_to(path, 50), Difference::Shortened),
        ("nearly whole", &|path| shorten_to(path, 99), Difference::Shortened),
        ("rewritten", &rewrite_in_place, Difference::Rewritten),
        ("rewritten with its old time", &rewrite_and_hide, Difference::Rewritten),
        ("replaced", &replace, Difference::Replaced),
        ("removed", &|path| fs::remove_file(path).expect("removed"), Difference::Gone),
    ];
    for rows in [FEW, MANY] {
        for (name, change, expected) in changes {
            let job = SmallJob::new(&register(rows));
            let error = run_changing(&job, READING, change).expect_err(name);
            let RunError::Source(SourceError::Changed { path, difference }) = &error else { panic!("{name}: {error}") };
            assert_eq!((path, *difference), (&job.register(), expected), "{name}, {rows} rows");
            assert!(error.to_string().contains(SmallJob::REGISTER), "{error}");
            assert_eq!(visible_runs(&job.out()), [""; 0], "{name}, {rows} rows");
        }
    }
}

#[test]
fn a_source_that_changes_during_recognition_ends_the_run() {
    for rows in [FEW, MANY] {
        let job = SmallJob::new(&register(rows));
        job.run().expect("a run");
        let before = visible_runs(&job.out());
        let error = run_changing(&job, HASHING, &rewrite_in_place).expect_err("changed");
        assert!(matches!(&error, RunError::Source(SourceError::Changed { .. })), "{error}");
        assert_eq!(visible_runs(&job.out()), before);
    }
}

#[test]
fn a_run_has_the_hash_of_the_bytes_it_read_when_a_source_changes_afterwards() {
    for rows in [FEW, MANY] {
        let job = SmallJob::new(&register(rows));
        let hash = blake3::hash(&register(rows)).to_hex().to_string();
        let outcome = run_changing(&job, "timelines", &rewrite_in_place).expect("read before it changed");
        let input = outcome.manifest.inputs.iter().find(|input| input.name == SmallJob::REGISTER).expect("the register");
        assert_eq!(input.blake3, hash);
        let run = PublishedRun::read(&outcome.dir);
        assert!(run.rows(OutputTable::Persons).all(|person| person.text("surname").to_lowercase() == SURNAME.to_lowercase()));
        let next = job.run().expect("a run");
        assert!(!next.recognised && next.manifest.run_id != outcome.manifest.run_id);
    }
}

#[test]
fn a_source_that_is_rewritten_just_before_it_is_opened_is_read_once_it_is_still() {
    for _ in 0..20 {
        let job = SmallJob::new(&register(FEW));
        File::create(job.register()).and_then(|mut file| file.write_all(&register(FEW))).expect("written");
        run_changing(&job, READING, &rewrite_in_place).expect_err("a change in the same tick of the clock shows");
    }
}
