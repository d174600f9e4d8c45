//! A synthetic region with known truth: registers, attachments, reference tables, a ready job, and what a reconciliation must make of them.
//!
//! Everything follows from the settings alone: the same number of people, seed, rates and as-of date give the same bytes on every machine and
//! with any number of threads. The region knows the rules by their codes only and never asks an engine what it would decide.

mod block;
mod carry;
mod format;
mod names;
mod output;
mod person;
mod plan;
mod random;
mod rates;
mod reference;
mod rows;
mod scenario;
mod target;
#[cfg(test)]
mod tests;
mod text;
mod world;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

pub use carry::Carry;
pub use format::Format;
pub use rates::{Class, KINDS, Kind, KindInfo, RateError, Rates, Scope};

use block::{Block, Region};
use format::Files;
use output::Output;
use sverka_formats::Encoding;
use sverka_model::Date;
use world::World;

/// What to generate.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many people, from 1.
    pub persons: u64,
    /// Another seed gives other people of the same kind.
    pub seed: u64,
    /// The date for which the job reconciles; from 2023-01-01 to 2099-12-31.
    pub as_of: Date,
    /// The directory to fill; it must be empty or absent.
    pub out: PathBuf,
    /// How often everything happens.
    pub rates: Rates,
    /// Whether to write what a reconciliation must find; without it, generating is faster.
    pub truth: bool,
    /// What the records hold and how they are written.
    pub form: Form,
    /// Whether a region that was generated into the directory before may be replaced.
    pub force: bool,
}

/// What the records of a region hold, and how they are written; usually everything, in canonical CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// How registers and attachments are written.
    pub format: Format,
    /// What the records hold, whatever the format.
    pub carry: Carry,
    /// How a dump is written; the other formats have an encoding of their own.
    pub encoding: Encoding,
}

impl Default for Form {
    fn default() -> Self {
        Self { format: Format::Csv, carry: Carry::All, encoding: Encoding::Utf8 }
    }
}

/// What was generated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// People.
    pub persons: u64,
    /// Rows of registers, without headers.
    pub register_rows: u64,
    /// Rows of attachments, without headers.
    pub attachment_rows: u64,
    /// Bytes of both tables before packing; 0 for Parquet.
    pub bytes: u64,
    /// How often each kind struck, as far as it is counted (traits of single fields are not), indexed like [`KINDS`].
    pub struck: Vec<u64>,
}

/// Why no region was generated.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// Too few or too many people.
    #[error("cannot generate {persons} people: choose a number from 1 to {limit}", limit = person::MAX_PERSONS)]
    Persons {
        /// What was asked for.
        persons: u64,
    },
    /// The region's history would not fit.
    #[error("cannot generate a region as of {as_of}: choose a date from 2023-01-01 to 2099-12-31")]
    AsOf {
        /// What was asked for.
        as_of: Date,
    },
    /// Someone would have more than one kind.
    #[error("the rates of what strikes a whole person or household add up to {total:.3}: lower some, the sum may not exceed 1")]
    RatesExceedOne {
        /// Their sum.
        total: f64,
    },
    /// The format has no place for all that the region would have.
    #[error(
        "the format `{}` cannot carry `{}`: choose --carry {}, or another format",
        format.name(), carry.name(), format.most().name()
    )]
    Carry {
        /// How it was to be written.
        format: Format,
        /// What was asked for.
        carry: Carry,
    },
    /// Russian names cannot be written so.
    #[error("a dump cannot be written in {}: choose utf-8, windows-1251 or cp866", encoding.name())]
    Encoding {
        /// What was asked for.
        encoding: Encoding,
    },
    /// The directory has something in it.
    #[error("{} is not empty: choose another directory, or --force to replace a region generated there before", path.display())]
    NotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// The directory has something else in it.
    #[error("{} holds something that was not generated: --force replaces generated regions only, choose another directory", path.display())]
    NotGenerated {
        /// The directory.
        path: PathBuf,
    },
    /// A file or directory could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl GenerateError {
    fn write(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Write { path: path.to_owned(), source }
    }
}

/// Blocks made at a time by each thread, so that threads seldom wait for each other.
const BLOCKS_PER_THREAD: usize = 4;

/// Generates a region into `settings.out`. `progress` is told how many people are done, from time to time.
///
/// # Errors
/// When the settings make no region, the directory is not free, or writing fails; what was written so far then stays.
pub fn generate(settings: &Settings, progress: &mut dyn FnMut(u64)) -> Result<Summary, GenerateError> {
    check(settings)?;
    let world = World::new(settings.as_of, settings.persons).carrying(settings.form.carry);
    let files = Files::new(&world, settings.form);
    let region = Region::new(world, files, settings.persons, settings.seed, &settings.rates, settings.truth);
    let mut output = Output::create(settings, &region)?;
    let mut summary = Summary { struck: vec![0; KINDS.len()], ..Summary::default() };
    let mut rows = vec![0; region.files.list.len()];
    let batch = (rayon::current_num_threads() * BLOCKS_PER_THREAD) as u64;
    for first in (0..region.blocks()).step_by(batch as usize) {
        let mut blocks = output.free_blocks();
        blocks.resize_with((region.blocks() - first).min(batch) as usize, Block::default);
        blocks.par_iter_mut().enumerate().for_each(|(index, block)| block.fill(&region, first + index as u64));
        for block in &mut blocks {
            account(block, &mut rows, &mut summary);
        }
        if settings.truth {
            blocks.par_iter_mut().for_each(|block| block.write_lines(&region.files));
        }
        output.append(blocks)?;
        progress(summary.persons);
    }
    output.finish()?;
    Ok(summary)
}

fn check(settings: &Settings) -> Result<(), GenerateError> {
    let &Settings { persons, as_of, .. } = settings;
    if !(1..=person::MAX_PERSONS).contains(&persons) {
        return Err(GenerateError::Persons { persons });
    }
    if !(world::ymd(2023, 1, 1)..=world::ymd(2099, 12, 31)).contains(&as_of) {
        return Err(GenerateError::AsOf { as_of });
    }
    let Form { format, carry, encoding } = settings.form;
    if !format.can(carry) {
        return Err(GenerateError::Carry { format, carry });
    }
    if format == Format::Dump && !matches!(encoding, Encoding::Utf8 | Encoding::Windows1251 | Encoding::Cp866) {
        return Err(GenerateError::Encoding { encoding });
    }
    let total = carry.rates(&settings.rates).exclusive_total();
    if total > 1.0 {
        return Err(GenerateError::RatesExceedOne { total });
    }
    Ok(())
}

/// Tells the block where it begins in each file, and adds it to the sums.
fn account(block: &mut Block, rows: &mut [u64], summary: &mut Summary) {
    block.rows_before.clear();
    block.rows_before.extend_from_slice(rows);
    for (before, part) in rows.iter_mut().zip(&block.parts) {
        *before += part.rows;
        summary.bytes += part.bytes.len() as u64;
    }
    summary.register_rows += block.register_rows;
    summary.attachment_rows += block.attachment_rows;
    summary.persons += block.persons_done;
    for (sum, struck) in summary.struck.iter_mut().zip(&block.struck) {
        *sum += struck;
    }
}
