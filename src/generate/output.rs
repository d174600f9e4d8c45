//! The directory of a region: the check that it is free, its files, and the appending of blocks in order while the next are being made.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rayon::prelude::*;

use super::block::{Block, Region};
use super::format::Files;
use super::money::{self, Money};
use super::reference::{self, GENERATED};
use super::target::Target;
use super::{GenerateError, Settings};

/// Directories that a region of any format, or a history, may have.
const DIRECTORIES: [&str; 7] = ["registers", "attachments", "dump", "nights", "inbox", "reference", "truth"];
/// Name of the job file.
const JOB: &str = "job.toml";

/// An open file of the truth, with its path for errors.
struct TruthFile {
    path: PathBuf,
    file: File,
}

impl TruthFile {
    fn create(path: PathBuf, header: &str) -> Result<Self, GenerateError> {
        let file = File::create(&path).map_err(GenerateError::write(&path))?;
        let mut target = Self { path, file };
        target.write(header.as_bytes())?;
        target.write(b"\n")?;
        Ok(target)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), GenerateError> {
        self.file.write_all(bytes).map_err(GenerateError::write(&self.path))
    }
}

/// Queue of blocks to a thread that writes them.
pub(super) struct Output {
    to_writer: Option<SyncSender<Vec<Block>>>,
    from_writer: Receiver<Vec<Block>>,
    writer: Option<JoinHandle<Result<(), GenerateError>>>,
}

impl Output {
    /// Makes the directory with the job and the reference tables, and starts the thread that writes blocks.
    pub fn create(settings: &Settings, region: &Region) -> Result<Self, GenerateError> {
        let (out, world) = (&settings.out, &region.world);
        prepare(out, settings.force)?;
        let others = ["reference", "truth"].into_iter().filter(|&name| settings.truth || name != "truth");
        for directory in settings.form.format.directories().iter().copied().chain(others) {
            let path = out.join(directory);
            fs::create_dir_all(&path).map_err(GenerateError::write(&path))?;
        }
        for (name, text) in [
            (JOB, reference::job(settings, &region.files)),
            ("reference/insurers.csv", reference::insurers(world)),
            ("reference/clinics.csv", reference::clinics(world)),
        ] {
            let path = out.join(name);
            fs::write(&path, text).map_err(GenerateError::write(&path))?;
        }
        let known = if settings.truth { money::truth_files(world, settings.money) } else { Vec::new() };
        for file in money::reference_files(world, settings.persons, settings.money).into_iter().chain(known) {
            let path = out.join(file.path);
            fs::write(&path, file.text).map_err(GenerateError::write(&path))?;
        }
        let truth = if settings.truth { Some(Truth::create(out, settings.money)?) } else { None };
        let (to_writer, blocks) = sync_channel(1);
        let (back, from_writer) = sync_channel(4);
        let (out, files) = (out.clone(), Arc::clone(&region.files));
        let writer = std::thread::spawn(move || write_all(&out, &files, truth, &blocks, &back));
        Ok(Self { to_writer: Some(to_writer), from_writer, writer: Some(writer) })
    }

    /// Blocks that were written and may be filled again. At first there are none.
    pub fn free_blocks(&self) -> Vec<Block> {
        self.from_writer.try_recv().unwrap_or_default()
    }

    /// Appends blocks to their files, after all blocks given before.
    pub fn append(&mut self, blocks: Vec<Block>) -> Result<(), GenerateError> {
        let sent = self.to_writer.as_ref().is_some_and(|writer| writer.send(blocks).is_ok());
        if sent { Ok(()) } else { self.join() }
    }

    /// Waits until everything is written.
    pub fn finish(mut self) -> Result<(), GenerateError> {
        self.join()
    }

    /// Waits for the thread and returns its result.
    fn join(&mut self) -> Result<(), GenerateError> {
        drop(self.to_writer.take());
        match self.writer.take().map(JoinHandle::join) {
            Some(Ok(result)) => result,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => Ok(()),
        }
    }
}

/// Files of the truth.
struct Truth {
    records: TruthFile,
    persons: TruthFile,
    /// Services of people, in a region with full money.
    services: Option<TruthFile>,
    kinds: TruthFile,
    defects: TruthFile,
}

impl Truth {
    fn create(out: &Path, money: Money) -> Result<Self, GenerateError> {
        let directory = out.join("truth");
        let services = || TruthFile::create(directory.join("services.csv"), "person;profile;clinic");
        Ok(Self {
            records: TruthFile::create(directory.join("records.csv"), "table;source;line;person")?,
            persons: TruthFile::create(directory.join("persons.csv"), "person;insurer;clinic;funded")?,
            services: if money == Money::Simple { None } else { Some(services()?) },
            kinds: TruthFile::create(directory.join("kinds.csv"), "person;kind")?,
            defects: TruthFile::create(directory.join("defects.csv"), "kind;table;source;line;expected_code")?,
        })
    }
}

/// Appends blocks to their files until no more blocks come, and completes the files.
fn write_all(
    out: &Path,
    files: &Files,
    mut truth: Option<Truth>,
    blocks: &Receiver<Vec<Block>>,
    back: &SyncSender<Vec<Block>>,
) -> Result<(), GenerateError> {
    let mut targets = files.list.iter().map(|file| Target::create(out, file)).collect::<Result<Vec<_>, _>>()?;
    for batch in blocks {
        for block in &batch {
            for (target, part) in targets.iter_mut().zip(&block.parts) {
                target.append(part)?;
            }
            if let Some(truth) = &mut truth {
                truth.records.write(&block.records_csv)?;
                truth.persons.write(&block.persons_csv)?;
                if let Some(services) = &mut truth.services {
                    services.write(&block.services_csv)?;
                }
                truth.kinds.write(&block.kinds_csv)?;
                truth.defects.write(&block.defects_csv)?;
            }
        }
        // At the end, no blocks are taken back. They are dropped.
        let _ = back.try_send(batch);
    }
    // A pattern of the job must match a file, so the last file of a folder stays even without rows.
    let (needless, needed): (Vec<_>, Vec<_>) = targets.into_iter().partition(Target::is_needless);
    let is_last = |target: &Target<'_>| !needed.iter().any(|other| other.folder() == target.folder());
    let (last, needless): (Vec<_>, Vec<_>) = needless.into_iter().partition(is_last);
    needless.into_iter().try_for_each(Target::remove)?;
    needed.into_par_iter().chain(last).try_for_each(Target::finish)
}

/// Makes `out` free for a region. With `force`, a region that was generated there before is removed.
pub(super) fn prepare(out: &Path, force: bool) -> Result<(), GenerateError> {
    fs::create_dir_all(out).map_err(GenerateError::write(out))?;
    let mut entries = fs::read_dir(out).map_err(GenerateError::write(out))?;
    if entries.next().is_none() {
        return Ok(());
    }
    if !force {
        return Err(GenerateError::NotEmpty { path: out.to_owned() });
    }
    let job = out.join(JOB);
    if !fs::read_to_string(&job).is_ok_and(|text| text.starts_with(GENERATED)) {
        return Err(GenerateError::NotGenerated { path: out.to_owned() });
    }
    for directory in DIRECTORIES {
        let path = out.join(directory);
        if path.is_dir() {
            fs::remove_dir_all(&path).map_err(GenerateError::write(&path))?;
        }
    }
    Ok(())
}
