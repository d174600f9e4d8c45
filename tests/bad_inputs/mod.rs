//! Files that senders spoiled: one bad row never costs another, and a file that cannot be read at all stops the run before anything is published.

mod changing;
mod changing_while_running;
mod files;
mod rows;

use std::path::{Path, PathBuf};

use sverka::engine::{RunError, RunOutcome};
use tempfile::TempDir;

use crate::published::{Execution, run_job};
use crate::samples;

const HEADER: &str = "record_id;insurer;policy_kind;policy_number;surname;given_name;sex;birth_date;insured_from";
/// The surname in every row; no message may show it.
const SURNAME: &str = "Заречнов";

/// A valid row; another number is another person.
fn row(number: usize) -> String {
    format!("R{number};98001;1;ЗР {number:08};{SURNAME};Пров;1;1980-01-01;2020-01-01")
}

/// Header and rows, each with a line feed.
fn file(rows: impl IntoIterator<Item = String>) -> String {
    let mut text = format!("{HEADER}\n");
    for row in rows {
        text.push_str(&row);
        text.push('\n');
    }
    text
}

/// A job with one register and the sample region's insurers, clinics and tariff.
struct SmallJob {
    dir: TempDir,
}

impl SmallJob {
    /// Name of the register in the job.
    const REGISTER: &'static str = "registers/98001.csv";

    fn new(register: &[u8]) -> Self {
        let dir = tempfile::tempdir().expect("temporary folder");
        std::fs::create_dir(dir.path().join("registers")).expect("folder");
        let reference = samples::folder().join("reference");
        let reference = reference.display();
        let job = format!(
            "as_of = \"2026-11-01\"\noutput = \"out\"\n[[registers]]\nfiles = [\"registers/*.csv\"]\n[reference]\n\
             insurers = '{reference}/insurers.csv'\nclinics = '{reference}/clinics.csv'\ntariff = '{reference}/tariff.toml'\n"
        );
        std::fs::write(dir.path().join("job.toml"), job).expect("job");
        let small = Self { dir };
        small.write(register);
        small
    }

    fn write(&self, register: &[u8]) {
        std::fs::write(self.register(), register).expect("register");
    }

    fn register(&self) -> PathBuf {
        self.dir.path().join(Self::REGISTER)
    }

    fn out(&self) -> PathBuf {
        self.dir.path().join("out")
    }

    fn run(&self) -> Result<RunOutcome, RunError> {
        run_job(&self.dir.path().join("job.toml"), &self.out(), Execution::default())
    }
}

/// View of an output folder by its readers: the names in `runs`, and the target of `current`.
fn visible_runs(out: &Path) -> Vec<String> {
    let runs = std::fs::read_dir(out.join("runs")).into_iter().flatten();
    let mut names: Vec<String> = runs.map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned()).collect();
    names.extend(std::fs::read_link(out.join("current")).map(|target| target.display().to_string()));
    names
}
