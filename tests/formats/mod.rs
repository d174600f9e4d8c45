//! The forms of files that funds, insurers and clinics exchange: every form gives its records, and a fault costs no more than the broken record.

mod answers;
mod containers;
mod damaged;
mod lists;
mod nasty;
mod same_region;
mod several_records;
mod spreadsheets;

use std::path::PathBuf;

use sverka::engine::{RunError, RunOutcome};
use sverka_publish::OutputTable;
use tempfile::TempDir;

use crate::published::{Execution, PublishedRun, TextRow, run_job};
use crate::samples;

/// A job over some files with the sample region's insurers, clinics and tariff.
struct FormatJob {
    dir: TempDir,
    /// Settings before the sources.
    settings: String,
    entries: String,
    execution: Execution,
    /// A table of clinics in place of the sample region's.
    clinics: Option<PathBuf>,
}

impl FormatJob {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("temporary folder");
        // Small chunks, so that there are several.
        Self {
            dir,
            settings: String::new(),
            entries: String::new(),
            execution: Execution { chunk_bytes: 4_000, ..Execution::default() },
            clinics: None,
        }
    }

    /// Adds a source with a layout. `key` is registers, attachments or sources.
    fn source(mut self, key: &str, name: &str, layout: &str, bytes: &[u8]) -> Self {
        self.write(name, bytes);
        self.entries += &format!("[[{key}]]\nfiles = [\"{name}\"]\nlayout = \"{layout}\"\n");
        self
    }

    /// Adds a source whose name chooses its layout.
    fn named_source(mut self, name: &str, bytes: &[u8]) -> Self {
        self.write(name, bytes);
        self.entries += &format!("[[sources]]\nfiles = [\"{name}\"]\n");
        self
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.dir.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
        std::fs::write(path, bytes).expect("a source");
    }

    fn job(&self) -> PathBuf {
        let reference = samples::folder().join("reference");
        let clinics = self.clinics.clone().unwrap_or_else(|| reference.join("clinics.csv"));
        let job = format!(
            "as_of = \"2026-11-01\"\noutput = \"out\"\n{}{}[reference]\ninsurers = '{}/insurers.csv'\nclinics = '{}'\ntariff = '{}/tariff.toml'\n[rules.sources]\ndocument_broken = \"note\"\n",
            self.settings,
            self.entries,
            reference.display(),
            clinics.display(),
            reference.display()
        );
        let path = self.dir.path().join("job.toml");
        std::fs::write(&path, job).expect("job");
        path
    }

    fn outcome(&self) -> Result<RunOutcome, RunError> {
        run_job(&self.job(), &self.dir.path().join("out"), self.execution)
    }

    #[track_caller]
    fn run(&self) -> PublishedRun {
        PublishedRun::read(&self.outcome().unwrap_or_else(|error| panic!("{error}")).dir)
    }
}

/// Rows of a table as `value|value|…` of some columns.
fn rows(run: &PublishedRun, table: OutputTable, columns: &[&str]) -> Vec<String> {
    let row = |row: TextRow<'_>| columns.iter().map(|column| row.text(column)).collect::<Vec<_>>().join("|");
    run.rows(table).map(row).collect()
}

/// The quarantined rows as `line|codes`.
fn quarantined(run: &PublishedRun) -> Vec<String> {
    rows(run, OutputTable::Quarantine, &["line", "codes"])
}

/// Packs one file with a fast deflate into a gzip file.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory")
}

/// A text as bytes of windows-1251.
fn in_1251(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    sverka_formats::Encoding::Windows1251.encode(text, &mut bytes).unwrap_or_else(|lacking| panic!("{lacking}"));
    bytes
}
