//! A generated region to measure on, and what the stages before the measured one make of it.
//!
//! Regions stay in the system's folder for temporary files, so that they are generated once; remove `sverka-benches-*` there after a change of
//! the generator.

#![allow(dead_code, reason = "each bench uses a part of this module")]

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use criterion::Criterion;
use sverka::check::{
    AttachmentRecord, CheckContext, CheckedRow, ReadPlan, ReadSource, RegisterRecord, Table, mark_duplicates, read_table,
};
use sverka::engine::{RunOptions, RunOutcome, Silent, run};
use sverka::generate::{Rates, Settings, generate};
use sverka::identity::Records;
use sverka::intake::{self, Header, Lexicon, SourceFile, Words, survey};
use sverka::job::{Job, Overrides};

/// Few samples: a bench is to show a change of some per cent, not of one.
pub fn criterion() -> Criterion {
    Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(4))
}

/// The job of a region of so many people.
pub fn job(persons: u64) -> Job {
    let cache = std::env::temp_dir().join(concat!("sverka-benches-", env!("CARGO_PKG_VERSION")));
    let folder = cache.join(format!("{persons}-persons"));
    if !folder.exists() {
        generate_into(persons, &folder);
    }
    let job = Job::load(&folder.join("job.toml"), &Overrides::default());
    job.unwrap_or_else(|error| panic!("{error}; remove {} to generate it again", folder.display()))
}

/// Generates beside and renames, so that an interrupted bench leaves no half region behind.
pub fn generate_into(persons: u64, folder: &Path) {
    let beside = folder.with_extension(format!("{}", std::process::id()));
    let as_of = "2026-11-01".parse().expect("a date");
    let settings = Settings { persons, seed: 1, as_of, out: beside.clone(), rates: Rates::default(), truth: false, force: false };
    generate(&settings, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"));
    fs::rename(&beside, folder).expect("the region takes its place");
}

/// Runs a job anew.
pub fn run_anew(job: &Job) -> RunOutcome {
    let never = AtomicBool::new(false);
    let options = RunOptions {
        force: true,
        chunk_bytes: RunOptions::CHUNK_BYTES,
        started_at: "2026-11-02T03:00:00Z".to_owned(),
        progress: &Silent,
        interrupted: &never,
    };
    run(job, &options).unwrap_or_else(|error| panic!("{error}"))
}

/// The sources of a job, mapped and counted.
pub fn surveyed(job: &Job) -> Vec<SourceFile> {
    job.sources.iter().map(|source| survey(&source.path, &|_| {}).expect("a readable source")).collect()
}

/// How a table of a job is to be read.
pub fn read_plan<'s>(job: &'s Job, files: &'s [SourceFile], table: intake::Table) -> ReadPlan<'s> {
    let of_table = job.sources.iter().zip(files).enumerate().filter(|(_, (source, _))| source.table == table);
    let ready = |(index, (source, file)): (usize, (&'s sverka::job::Source, &'s SourceFile))| ReadSource {
        source: index,
        file,
        layout: &source.layout,
        header: Header::read(file.bytes(), &source.layout).expect("a header of the layout"),
    };
    ReadPlan { sources: of_table.map(ready).collect(), chunk_bytes: RunOptions::CHUNK_BYTES }
}

/// Reads and checks all rows of a table.
pub fn read_rows<R: CheckedRow>(job: &Job, plan: &ReadPlan<'_>, lexicon: &Lexicon) -> Table<R> {
    let context = CheckContext { as_of: job.as_of, insurers: &job.insurers, clinics: &job.clinics, rules: &job.rules };
    read_table(plan, &context, lexicon, &|_| {}, &|| true)
}

/// Both tables of a job, checked.
pub struct Tables {
    pub register: Table<RegisterRecord>,
    pub attachments: Table<AttachmentRecord>,
    pub words: Words,
}

impl Tables {
    /// Reads and checks the sources of a job.
    pub fn read(job: &Job) -> Self {
        let files = surveyed(job);
        let lexicon = Lexicon::default();
        let mut register = read_rows(job, &read_plan(job, &files, intake::Table::Register), &lexicon);
        let mut attachments = read_rows(job, &read_plan(job, &files, intake::Table::Attachments), &lexicon);
        mark_duplicates(&mut register);
        mark_duplicates(&mut attachments);
        Self { register, attachments, words: lexicon.freeze() }
    }

    /// The records that persons are made of.
    pub fn records(&self) -> Records<'_> {
        Records { register: &self.register, attachments: &self.attachments, words: &self.words }
    }
}
