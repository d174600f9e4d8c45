//! A history: what arrives night by night over several months, with the truth about every record and every change.
//!
//! The people of a history live orderly lives in which something happens now and then: they move, marry, die, change the insurer. Their insurers and
//! clinics send whole lists in some months and changes in all other nights; files come late, twice, with mistakes that a later file repairs, or
//! not at all. All bytes follow from the settings, with any number of threads. As for a region, no stage of a run is asked what it would decide.

mod block;
mod calendar;
mod events;
mod life;
mod output;
mod reference;
mod schedule;
#[cfg(test)]
mod tests;
mod truth;

use std::path::PathBuf;

use rayon::prelude::*;

use super::world::{World, ymd};
use super::{BLOCKS_PER_THREAD, GenerateError};
use block::HistoryBlock;
use calendar::{Calendar, HistoryLength};
use life::{Chances, ClinicMerger};
use output::HistoryOutput;
use schedule::Schedule;
use sverka_model::Date;

/// Settings of a history.
#[derive(Clone, Debug)]
pub struct HistorySettings {
    /// Number of people at the beginning, from 1.
    pub persons: u64,
    /// Seed of the random draws.
    pub seed: u64,
    /// As-of date of the last month: the first day of a month.
    pub as_of: Date,
    /// Number of months, from 1 to 24.
    pub months: u32,
    /// Number of nights of each month, from 1 to 25.
    pub nights: u32,
    /// Directory to fill. It must be empty or absent.
    pub out: PathBuf,
    /// Whether to write the truth; without it, generating is faster.
    pub truth: bool,
    /// Whether to replace a region or history that was generated into the directory before.
    pub force: bool,
}

/// Counts of a generated history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HistorySummary {
    /// Number of people, those who were born included.
    pub persons: u64,
    /// Number of nights.
    pub steps: u64,
    /// Number of files.
    pub files: u64,
    /// Number of rows of all files.
    pub rows: u64,
    /// Number of changes in the truth.
    pub changes: u64,
    /// Number of bytes of all files.
    pub bytes: u64,
}

/// Most people of a history. With more, people who are born would share numbers.
const MAX_PERSONS: u64 = 4_000_000;

/// World, calendar and files, which all blocks share.
struct History {
    world: World,
    calendar: Calendar,
    schedule: Schedule,
    merger: Option<ClinicMerger>,
    chances: Chances,
    seed: u64,
    /// Number of people at the beginning.
    persons: u64,
    /// Number of people who are born.
    born: u64,
}

impl History {
    fn new(settings: &HistorySettings) -> Self {
        let calendar = Calendar::new(settings.as_of, HistoryLength { months: settings.months, nights: settings.nights });
        let world = World::new(calendar.first_day(), settings.persons);
        let merger = ClinicMerger::of(&world, &calendar);
        let schedule = Schedule::new(&world, &calendar, merger, settings.seed);
        // A birth a year for a hundred people.
        let born = if settings.persons < 100 { 0 } else { (settings.persons * u64::from(settings.months) / 1_200).max(1) };
        let chances = Chances::new(settings.months);
        Self { world, calendar, schedule, merger, chances, seed: settings.seed, persons: settings.persons, born }
    }

    /// Number of blocks.
    fn blocks(&self) -> u64 {
        (self.persons + self.born).div_ceil(block::PERSONS)
    }
}

/// Generates a history into `settings.out`. `progress` receives the number of people that are done, from time to time.
///
/// # Errors
/// When the settings make no history, the directory is not free, or writing fails. Files that were written by then stay.
pub fn generate_history(settings: &HistorySettings, progress: &mut dyn FnMut(u64)) -> Result<HistorySummary, GenerateError> {
    check(settings)?;
    let history = History::new(settings);
    let mut output = HistoryOutput::create(settings, &history)?;
    let batch = (rayon::current_num_threads() * BLOCKS_PER_THREAD) as u64;
    for first in (0..history.blocks()).step_by(batch as usize) {
        let count = (history.blocks() - first).min(batch) as usize;
        let mut blocks: Vec<HistoryBlock> = Vec::new();
        blocks.resize_with(count, HistoryBlock::default);
        blocks.par_iter_mut().enumerate().for_each(|(index, block)| block.fill(&history, first + index as u64));
        output.append(&blocks)?;
        progress(output.persons());
    }
    output.finish(&history)
}

fn check(settings: &HistorySettings) -> Result<(), GenerateError> {
    let &HistorySettings { persons, as_of, months, nights, .. } = settings;
    if !(1..=MAX_PERSONS).contains(&persons) {
        return Err(GenerateError::HistoryPersons { persons });
    }
    if !(1..=calendar::MAX_MONTHS).contains(&months) || !(1..=calendar::MAX_NIGHTS).contains(&nights) {
        return Err(GenerateError::HistoryLength { months, nights });
    }
    let first = Calendar::new(as_of, HistoryLength { months, nights }).first_day();
    if as_of.ymd().2 != 1 || first < ymd(2023, 1, 1) || as_of > ymd(2099, 12, 31) {
        return Err(GenerateError::HistoryAsOf { as_of, first });
    }
    Ok(())
}
