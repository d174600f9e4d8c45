//! The directory of a history: the files of each night, the table of steps, the job with its reference tables, and the truth.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::super::money::{self, Money};
use super::super::output::prepare;
use super::super::reference as region_reference;
use super::super::rows::{ATTACHMENT_COLUMNS, REGISTER_COLUMNS};
use super::block::{HistoryBlock, prefix};
use super::schedule::{Content, HistoryFile};
use super::truth::{CHANGES_HEADER, MERGES_HEADER, PERSONS_HEADER};
use super::{GenerateError, History, HistorySettings, HistorySummary, reference};
use sverka_model::Table;

/// Folder of the nights.
pub(super) const NIGHTS: &str = "nights";
/// Folder of what has arrived, in which the job looks.
pub(super) const INBOX: &str = "inbox";

/// File of the truth, with its path for errors.
struct TruthFile {
    path: PathBuf,
    file: BufWriter<File>,
}

impl TruthFile {
    fn create(directory: &Path, name: &str, header: &str) -> Result<Self, GenerateError> {
        let path = directory.join(name);
        let file = BufWriter::new(File::create(&path).map_err(GenerateError::write(&path))?);
        let mut target = Self { path, file };
        target.write(header.as_bytes())?;
        target.write(b"\n")?;
        Ok(target)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), GenerateError> {
        self.file.write_all(bytes).map_err(GenerateError::write(&self.path))
    }

    fn finish(mut self) -> Result<(), GenerateError> {
        self.file.flush().map_err(GenerateError::write(&self.path))
    }
}

/// Files of the truth.
struct Truth {
    persons: TruthFile,
    changes: TruthFile,
    merges: TruthFile,
    records: TruthFile,
}

impl Truth {
    fn create(out: &Path) -> Result<Self, GenerateError> {
        let directory = &out.join("truth");
        Ok(Self {
            persons: TruthFile::create(directory, "persons.csv", PERSONS_HEADER)?,
            changes: TruthFile::create(directory, "changes.csv", CHANGES_HEADER)?,
            merges: TruthFile::create(directory, "merges.csv", MERGES_HEADER)?,
            records: TruthFile::create(directory, "records.csv", "step;table;source;line;record_id;person;part;expected_code")?,
        })
    }
}

/// File of a night that is being written. Files are opened for each batch of blocks, because there are more of them than may be open.
struct Target {
    path: PathBuf,
    source: String,
    step: u16,
    table: Table,
    rows: u64,
}

impl Target {
    fn new(out: &Path, file: &HistoryFile) -> Self {
        let (path, source) = (out.join(NIGHTS).join(&file.path), format!("{INBOX}/{}", file.path));
        Self { path, source, step: file.arrives.0, table: file.sender.table(), rows: 0 }
    }

    /// Appends rows, after the header in an empty file. Returns the number of bytes.
    fn append(&mut self, parts: &[&[u8]]) -> std::io::Result<u64> {
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        let mut bytes = if self.rows == 0 { header(self.table).into_bytes() } else { Vec::new() };
        parts.iter().for_each(|part| bytes.extend_from_slice(part));
        file.write_all(&bytes)?;
        Ok(bytes.len() as u64)
    }
}

/// Columns of a file: those of a region and the action.
fn header(table: Table) -> String {
    let columns = match table {
        Table::Register => REGISTER_COLUMNS,
        Table::Attachments => ATTACHMENT_COLUMNS,
    };
    format!("{columns};action\n")
}

/// Directory of a history that is being written.
pub(super) struct HistoryOutput {
    out: PathBuf,
    targets: Vec<Target>,
    truth: Option<Truth>,
    summary: HistorySummary,
}

impl HistoryOutput {
    /// Makes the directory with the job and the reference tables.
    pub fn create(settings: &HistorySettings, history: &History) -> Result<Self, GenerateError> {
        let out = settings.out.clone();
        prepare(&out, settings.force)?;
        let nights = history.calendar.steps().map(|step| format!("{NIGHTS}/{}", history.calendar.folder(step)));
        let folders = nights.flat_map(|night| [format!("{night}/registers"), format!("{night}/attachments")]);
        let others = ["reference", INBOX].map(str::to_owned).into_iter().chain(settings.truth.then(|| "truth".to_owned()));
        for folder in folders.chain(others) {
            let path = out.join(folder);
            fs::create_dir_all(&path).map_err(GenerateError::write(&path))?;
        }
        let world = &history.world;
        let mut texts = vec![
            ("job.toml", reference::job(settings, history)),
            ("reference/insurers.csv", region_reference::insurers(world)),
            ("reference/clinics.csv", region_reference::clinics(world)),
            ("reference/succession.csv", reference::succession(history)),
        ];
        texts.extend(
            money::reference_files(world, settings.persons, Money::Simple).into_iter().map(|file| (file.path, file.text)),
        );
        for (name, text) in texts {
            let path = out.join(name);
            fs::write(&path, text).map_err(GenerateError::write(&path))?;
        }
        let targets = history.schedule.files.iter().map(|file| Target::new(&out, file)).collect();
        let truth = if settings.truth { Some(Truth::create(&out)?) } else { None };
        Ok(Self { out, targets, truth, summary: HistorySummary::default() })
    }

    /// Number of people written.
    pub fn persons(&self) -> u64 {
        self.summary.persons
    }

    /// Appends blocks to their files, after all blocks given before.
    pub fn append(&mut self, blocks: &[HistoryBlock]) -> Result<(), GenerateError> {
        let rows_before: Vec<Vec<u64>> = blocks
            .iter()
            .scan(self.targets.iter().map(|target| target.rows).collect::<Vec<u64>>(), |rows, block| {
                let before = rows.clone();
                rows.iter_mut().zip(&block.parts).for_each(|(rows, part)| *rows += part.rows);
                Some(before)
            })
            .collect();
        for (index, target) in self.targets.iter_mut().enumerate() {
            let parts: Vec<&[u8]> = blocks.iter().map(|block| block.parts[index].bytes.as_slice()).collect();
            if parts.iter().any(|part| !part.is_empty()) {
                self.summary.bytes += target.append(&parts).map_err(GenerateError::write(&target.path))?;
                target.rows += blocks.iter().map(|block| block.parts[index].rows).sum::<u64>();
            }
        }
        for (block, before) in blocks.iter().zip(&rows_before) {
            self.summary.persons += block.persons;
            self.summary.changes += block.truth.change_count;
            let Some(truth) = &mut self.truth else { continue };
            truth.persons.write(&block.truth.persons)?;
            truth.changes.write(&block.truth.changes)?;
            truth.merges.write(&block.truth.merges)?;
            truth.records.write(&row_lines(block, before, &self.targets))?;
        }
        Ok(())
    }

    /// Completes the directory with the tables of steps and files.
    pub fn finish(mut self, history: &History) -> Result<HistorySummary, GenerateError> {
        let calendar = &history.calendar;
        let mut steps = "step;as_of;night;made_on;folder;files;rows\n".to_owned();
        for step in calendar.steps() {
            let arrived = || self.targets.iter().filter(move |target| target.step == step.0 && target.rows > 0);
            let (files, rows) = (arrived().count(), arrived().map(|target| target.rows).sum::<u64>());
            let (as_of, made_on, night) = (calendar.as_of(step), calendar.made_on(step), calendar.night(step));
            steps += &format!("{};{as_of};{night};{made_on};{NIGHTS}/{};{files};{rows}\n", step.0, calendar.folder(step));
            self.summary.steps += 1;
            self.summary.files += files as u64;
            self.summary.rows += rows;
        }
        let path = self.out.join("steps.csv");
        fs::write(&path, steps).map_err(GenerateError::write(&path))?;
        let Some(truth) = self.truth.take() else { return Ok(self.summary) };
        for file in [truth.persons, truth.changes, truth.merges, truth.records] {
            file.finish()?;
        }
        let path = self.out.join("truth/files.csv");
        fs::write(&path, self.file_lines(history)).map_err(GenerateError::write(&path))?;
        Ok(self.summary)
    }

    /// Lines about files: those that arrived, and those that were due and did not.
    fn file_lines(&self, history: &History) -> String {
        let mut lines = "step;table;sender;content;made_on;source;rows\n".to_owned();
        for (file, target) in history.schedule.files.iter().zip(&self.targets) {
            let is_missing = file.content == Content::Missing;
            if target.rows > 0 || is_missing {
                let (table, sender) = (table_name(target.table), file.sender.code(&history.world));
                let (content, made_on) = (file.content.name(), history.calendar.made_on(file.made));
                let source = if is_missing { "" } else { &target.source };
                lines += &format!("{};{table};{sender};{content};{made_on};{source};{}\n", target.step, target.rows);
            }
        }
        lines
    }
}

/// Name of a table in the truth, as in that of a region.
fn table_name(table: Table) -> &'static str {
    match table {
        Table::Register => "register",
        Table::Attachments => "attachment",
    }
}

/// Lines about the rows of a block.
fn row_lines(block: &HistoryBlock, rows_before: &[u64], targets: &[Target]) -> Vec<u8> {
    let mut out = Vec::with_capacity(block.rows.len() * 96);
    for row in &block.rows {
        let target = &targets[row.file as usize];
        let line = rows_before[row.file as usize] + u64::from(row.row) + 2;
        let code = if row.is_mistaken { "POLICY_KIND_UNKNOWN" } else { "" };
        let (step, table, source) = (target.step, table_name(target.table), &target.source);
        let (prefix, record, person, part) = (prefix(target.table), row.record, row.person, row.part);
        let _ = writeln!(out, "{step};{table};{source};{line};{prefix}{record:010};{person};{part};{code}");
    }
    out
}
