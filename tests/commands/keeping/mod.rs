//! An output folder over months: which runs there are, which stay, whether they are whole, and what is told at each end of a run.

mod corrections;
mod ends;
mod kills;
mod operations;
mod prune;
mod rights;
mod runs;
mod verify;

use std::fs;
use std::path::PathBuf;

use sverka_publish::{Manifest, json_text};

use super::project::{Project, visible_runs};
use super::{Ended, sverka};

/// A project with one published run and copies of it that stand for runs of other nights.
struct History {
    project: Project,
    /// The published run.
    current: String,
}

/// A night of a [`History`].
#[derive(Clone, Copy, Debug)]
struct Night {
    /// Number of the night; later nights have started later.
    number: u32,
    as_of: &'static str,
}

impl History {
    fn new() -> Self {
        let project = Project::new();
        project.run(&["--quiet"]).exits_with(0);
        let current = visible_runs(&project.path("out")).0.pop().expect("a run");
        Self { project, current }
    }

    fn dir(&self, run: &str) -> PathBuf {
        self.project.path("out/runs").join(run)
    }

    /// Adds a run with the tables of the published one that started before it. The run verifies: its id follows from its manifest.
    fn add(&self, night: Night) -> String {
        let mut manifest = Manifest::read(&self.dir(&self.current)).expect("a manifest");
        manifest.as_of = night.as_of.to_owned();
        manifest.started_at = format!("2026-01-01T00:{:02}:{:02}Z", night.number / 60, night.number % 60);
        manifest.inputs[0].blake3 = format!("{:064x}", night.number);
        manifest.run_id = manifest.id_of_inputs();
        let dir = self.dir(&manifest.run_id);
        fs::create_dir(&dir).expect("a folder");
        for output in &manifest.outputs {
            fs::hard_link(self.dir(&self.current).join(&output.file), dir.join(&output.file)).expect("a table");
        }
        fs::write(dir.join(Manifest::FILE_NAME), json_text(&manifest).expect("JSON")).expect("written");
        manifest.run_id
    }

    /// Adds runs of the first of October, numbered from 1.
    fn add_nights(&self, count: u32) -> Vec<String> {
        (1..=count).map(|number| self.add(Night { number, as_of: "2026-10-01" })).collect()
    }

    /// `sverka` with `--output` at the end.
    fn sverka(&self, arguments: &[&str]) -> Ended {
        sverka(&[arguments, &["--output", &self.project.argument("out")]].concat())
    }

    /// Names in the folder of runs, hidden ones included, sorted.
    fn names(&self) -> Vec<String> {
        let mut names = visible_runs(&self.project.path("out")).0;
        names.sort();
        names
    }

    /// The published run beside others, sorted.
    fn with_current(&self, runs: &[&String]) -> Vec<String> {
        let mut names: Vec<String> = runs.iter().copied().chain([&self.current]).cloned().collect();
        names.sort();
        names
    }

    /// Marks a month as closed by a run.
    fn close(&self, month: &str, run: &str) {
        let manifest = Manifest::read(&self.dir(run)).expect("a manifest");
        let closed = sverka_publish::ClosedMonth::by_run(month, &manifest, "oms", "2026-11-02T03:00:00Z");
        fs::create_dir_all(self.project.path("out/closed")).expect("a folder");
        self.project.write(&format!("out/closed/{month}.json"), json_text(&closed).expect("JSON"));
    }
}
