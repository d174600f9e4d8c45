//! A synthetic region with known truth: registers, attachments, reference tables, a ready job, and the results that a reconciliation must give.
//!
//! All bytes follow from the settings: the same number of people, seed, rates and as-of date give the same bytes on every machine and
//! with any number of threads. The region knows the rules by their codes only and never asks an engine what it would decide.

mod block;
mod carry;
mod format;
mod history;
mod money;
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
pub use history::{HistorySettings, HistorySummary, generate_history};
pub use money::{Ambulance, Money};
pub use rates::{Class, KINDS, Kind, KindInfo, RateError, Rates, Scope};

use block::{Block, Region};
use format::Files;
use output::Output;
use sverka_formats::Encoding;
use sverka_model::Date;
use world::World;

/// Settings of a region.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Number of people, from 1.
    pub persons: u64,
    /// Seed of the random draws. Another seed gives other people of the same kind.
    pub seed: u64,
    /// As-of date of the job, from 2023-01-01 to 2099-12-31.
    pub as_of: Date,
    /// Directory to fill. It must be empty or absent.
    pub out: PathBuf,
    /// Rates of the kinds of events.
    pub rates: Rates,
    /// Whether to write the results that a reconciliation must give; without them, generating is faster.
    pub truth: bool,
    /// Contents and format of the records.
    pub form: Form,
    /// Money of the region. More than the simple one needs attachments to services, which only records of all values hold.
    pub money: Money,
    /// Whether to replace a region that was generated into the directory before.
    pub force: bool,
}

/// Contents and format of the records of a region. The default is all values, in canonical CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Format of registers and attachments.
    pub format: Format,
    /// Values and cases of the records, in every format.
    pub carry: Carry,
    /// Encoding of a dump. The other formats have encodings of their own.
    pub encoding: Encoding,
}

impl Default for Form {
    fn default() -> Self {
        Self { format: Format::Csv, carry: Carry::All, encoding: Encoding::Utf8 }
    }
}

/// Counts of a generated region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Number of people.
    pub persons: u64,
    /// Rows of registers, without headers.
    pub register_rows: u64,
    /// Rows of attachments, without headers.
    pub attachment_rows: u64,
    /// Bytes of both tables before packing; 0 for Parquet.
    pub bytes: u64,
    /// Number of times that each kind struck, indexed like [`KINDS`]. Traits of single fields are not counted.
    pub struck: Vec<u64>,
}

/// Reason why no region was generated.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// Too few or too many people.
    #[error("cannot generate {persons} people: choose a number from 1 to {limit}", limit = person::MAX_PERSONS)]
    Persons {
        /// Number of people of the settings.
        persons: u64,
    },
    /// The history of the region does not fit before the date.
    #[error("cannot generate a region as of {as_of}: choose a date from 2023-01-01 to 2099-12-31")]
    AsOf {
        /// As-of date of the settings.
        as_of: Date,
    },
    /// A person would have more than one kind.
    #[error("the rates of what strikes a whole person or household add up to {total:.3}: lower some, the sum may not exceed 1")]
    RatesExceedOne {
        /// Sum of the rates.
        total: f64,
    },
    /// The format has no place for all values of the region.
    #[error(
        "the format `{}` cannot carry `{}`: choose --carry {}, or another format",
        format.name(), carry.name(), format.most().name()
    )]
    Carry {
        /// Format of the settings.
        format: Format,
        /// Values and cases of the settings.
        carry: Carry,
    },
    /// The records have no place for attachments to services.
    #[error("`--money full` needs attachments to dental and other services, which `--carry {}` leaves out: choose --format csv or parquet", carry.name())]
    Money {
        /// Values and cases of the settings.
        carry: Carry,
    },
    /// Russian names cannot be written in the encoding.
    #[error("a dump cannot be written in {}: choose utf-8, windows-1251 or cp866", encoding.name())]
    Encoding {
        /// Encoding of the settings.
        encoding: Encoding,
    },
    /// The number of people makes no history.
    #[error("a history has 1 to 4000000 people at its beginning, not {persons}")]
    HistoryPersons {
        /// Number of the settings.
        persons: u64,
    },
    /// The length makes no history.
    #[error("a history has 1 to 24 months of 1 to 25 nights, not {months} months of {nights} nights")]
    HistoryLength {
        /// Months of the settings.
        months: u32,
        /// Nights of the settings.
        nights: u32,
    },
    /// The as-of date makes no history.
    #[error(
        "the last month of a history begins on the 1st of a month up to 2099-12-01, the first one on 2023-01-01 or later; --as-of {as_of} gives {first}"
    )]
    HistoryAsOf {
        /// As-of date of the settings.
        as_of: Date,
        /// First day of the first month.
        first: Date,
    },
    /// The directory is not empty.
    #[error("{} is not empty: choose another directory, or --force to replace a region generated there before", path.display())]
    NotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// The directory holds something that is no generated region.
    #[error("{} holds something that was not generated: --force replaces generated regions only, choose another directory", path.display())]
    NotGenerated {
        /// The directory.
        path: PathBuf,
    },
    /// A file or directory could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// File or directory.
        path: PathBuf,
        /// Error of the system.
        source: std::io::Error,
    },
}

impl GenerateError {
    /// Makes an error of the system an error about a path.
    fn write(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Write { path: path.to_owned(), source }
    }
}

/// Blocks of one batch for each thread. Several, so that threads seldom wait for each other.
const BLOCKS_PER_THREAD: usize = 4;

/// Generates a region into `settings.out`. `progress` receives the number of people that are done, from time to time.
///
/// # Errors
/// When the settings make no region, the directory is not free, or writing fails. Files that were written by then stay.
pub fn generate(settings: &Settings, progress: &mut dyn FnMut(u64)) -> Result<Summary, GenerateError> {
    check(settings)?;
    let world = World::new(settings.as_of, settings.persons).carrying(settings.form.carry);
    let files = Files::new(&world, settings.form);
    let region = Region::new(world, files, settings);
    let mut output = Output::create(settings, &region)?;
    let mut summary = Summary { struck: vec![0; KINDS.len()], ..Summary::default() };
    let mut rows = vec![0; region.files.list.len()];
    let batch = (rayon::current_num_threads() * BLOCKS_PER_THREAD) as u64;
    for first in (0..region.blocks()).step_by(batch as usize) {
        let mut blocks = output.free_blocks();
        blocks.resize_with((region.blocks() - first).min(batch) as usize, Block::default);
        blocks.par_iter_mut().enumerate().for_each(|(index, block)| block.fill(&region, first + index as u64));
        for block in &mut blocks {
            add_up(block, &mut rows, &mut summary);
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
    if settings.money != Money::Simple && carry != Carry::All {
        return Err(GenerateError::Money { carry });
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

/// Sets the number of rows before the block in each file, and adds the block to the sums.
fn add_up(block: &mut Block, rows: &mut [u64], summary: &mut Summary) {
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
