//! Comparison of an output folder as a whole: every run with its manifest, and `current` and the closed months with the runs (SEM-382).

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::closed::{CLOSED, ClosedMonth};
use super::folder::{RUNS, read_current};
use super::run_list::run_ids;
use super::{Booking, Difference, Manifest, MonthCorrections, Output, PublishError, differences};

/// Damage in an output folder.
#[derive(Debug)]
pub enum Damage {
    /// A file of a run differs from its manifest.
    File {
        /// Run id.
        run_id: String,
        /// Difference.
        difference: Difference,
    },
    /// The manifest of a run cannot be read.
    Manifest {
        /// Run id.
        run_id: String,
        /// Reason.
        error: PublishError,
    },
    /// `current` leads to no run, or is no link.
    Current {
        /// Reason.
        detail: String,
    },
    /// A closed month has no run with the tables by which it was paid, or its corrections contradict themselves or their runs.
    Closed {
        /// Name of the file in the output folder.
        file: String,
        /// Reason.
        detail: String,
    },
}

impl fmt::Display for Damage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { run_id, difference } => write!(out, "{RUNS}/{run_id}/{difference}"),
            Self::Manifest { run_id, error } => write!(out, "{RUNS}/{run_id}: {error}"),
            Self::Current { detail } => write!(out, "current {detail}"),
            Self::Closed { file, detail } => write!(out, "{file} {detail}"),
        }
    }
}

/// Result of the comparison.
#[derive(Debug, Default)]
pub struct FolderCheck {
    /// Number of runs.
    pub runs: u64,
    /// Number of closed months that can be read.
    pub closed: u64,
    /// Number of bookings of corrections that can be read.
    pub bookings: u64,
    /// Damage, in the order of the runs, then of `current` and of the closed months.
    pub damage: Vec<Damage>,
}

/// Bytes of the tables of all runs that can be read, for the progress of [`check_folder`].
///
/// # Errors
/// When the folder of runs cannot be listed.
pub fn bytes_of_runs(out: &Path) -> Result<u64, PublishError> {
    let runs = out.join(RUNS);
    let manifests = run_ids(&runs)?.into_iter().filter_map(|run_id| Manifest::read(&runs.join(run_id)).ok());
    Ok(manifests.flat_map(|manifest| manifest.outputs).map(|output| output.bytes).sum())
}

/// Compares everything in an output folder with its manifests. A run that is removed meanwhile does not count. `go_on` is that of [`differences`].
///
/// # Errors
/// When the folder of runs cannot be listed, or the machine fails while a file is read. That is no damage.
pub fn check_folder(out: &Path, go_on: &(dyn Fn(u64) -> bool + Sync)) -> Result<FolderCheck, PublishError> {
    let runs = out.join(RUNS);
    let mut check = FolderCheck::default();
    let mut outputs: BTreeMap<String, Vec<Output>> = BTreeMap::new();
    for run_id in run_ids(&runs)? {
        let dir = runs.join(&run_id);
        let found = Manifest::read(&dir).and_then(|manifest| Ok((differences(&dir, &manifest, go_on)?, manifest.outputs)));
        match found {
            // The run was pruned or replaced meanwhile.
            _ if !dir.exists() => continue,
            Ok((differences, tables)) => {
                let damage = differences.into_iter().map(|difference| Damage::File { run_id: run_id.clone(), difference });
                check.damage.extend(damage);
                outputs.insert(run_id, tables);
            }
            Err(error) if error.is_exhausted() => return Err(error),
            Err(error) => check.damage.push(Damage::Manifest { run_id, error }),
        }
        check.runs += 1;
    }
    check.damage.extend(damage_of_current(out));
    let months = ClosedMonth::read_all(out).and_then(|closed| Ok((closed, MonthCorrections::read_all(out)?)));
    match months {
        Ok((closed, corrections)) => {
            check.closed = closed.len() as u64;
            check.bookings = corrections.iter().map(|month| month.bookings.len() as u64).sum();
            check.damage.extend(closed.iter().filter_map(|month| damage_of_month(month, &outputs)));
            for month in &corrections {
                check.damage.extend(damage_of_corrections(
                    month,
                    closed.iter().any(|closed| closed.month == month.month),
                    &outputs,
                ));
            }
        }
        Err(error) if error.is_exhausted() => return Err(error),
        Err(error) => check.damage.push(Damage::Closed { file: CLOSED.to_owned(), detail: format!("cannot be read: {error}") }),
    }
    Ok(check)
}

/// Damage of the corrections of a month. A run that is gone is no damage: its figures stand in the booking.
fn damage_of_corrections(
    month: &MonthCorrections,
    is_closed: bool,
    outputs: &BTreeMap<String, Vec<Output>>,
) -> impl Iterator<Item = Damage> {
    let not_closed = (!is_closed).then(|| "corrects a month that is not closed".to_owned());
    let changed = month.bookings.iter().filter_map(|booking| {
        let is_changed = outputs.get(&booking.run_id).is_some_and(|tables| *tables != booking.outputs);
        is_changed.then(|| {
            let Booking { number, run_id, .. } = booking;
            format!(
                "has a booking {number} of other tables than those of run {run_id} now: the run was computed again or changed"
            )
        })
    });
    let details: Vec<String> = not_closed.into_iter().chain(month.fault()).chain(changed).collect();
    let file = format!("{CLOSED}/{}-corrections.json", month.month);
    details.into_iter().map(move |detail| Damage::Closed { file: file.clone(), detail })
}

/// Damage of the link to the current run. A folder without a link is not damaged: nothing was published yet.
fn damage_of_current(out: &Path) -> Option<Damage> {
    let detail = match read_current(out) {
        Ok(Some(run_id)) if out.join(RUNS).join(&run_id).is_dir() => return None,
        Ok(Some(run_id)) => format!("leads to run {run_id}, which is not there"),
        Ok(None) if out.join("current").is_symlink() => "does not lead to a run of this folder".to_owned(),
        Ok(None) => return None,
        Err(error) => format!("cannot be used: {error}"),
    };
    Some(Damage::Current { detail })
}

/// Damage of a closed month, by the tables in the manifests of all runs. The tables themselves are compared with their manifest.
fn damage_of_month(month: &ClosedMonth, outputs: &BTreeMap<String, Vec<Output>>) -> Option<Damage> {
    let run_id = &month.run_id;
    let detail = match outputs.get(run_id) {
        None => format!("names run {run_id}, which is not there or cannot be read"),
        Some(tables) if *tables != month.outputs => {
            format!("was paid by other tables than those of run {run_id} now: the run was computed again or changed")
        }
        Some(_) => return None,
    };
    Some(Damage::Closed { file: format!("{CLOSED}/{}.json", month.month), detail })
}
