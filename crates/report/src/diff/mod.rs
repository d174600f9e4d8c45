//! Comparison of two published runs: people, movement, money and findings.
//!
//! ```text
//! run       both runs: day, organisations, tables; what cannot be compared
//!    ├─ people ─ changes ─► person_changes, movement     persons side by side, slice by slice
//!    │     └─ facts ─ causes                             stays, decisions and notices of persons who changed
//!    ├─ money ───────────► money_changes                 the difference of each pair, split by cause
//!    └─ findings ────────► finding_changes
//! tables, folder, workbook rows as Parquet, CSV or JSON, or as a workbook
//! screen                   a summary for people
//! ```
//!
//! A comparison reads what the runs publish and nothing else. Persons are compared by their number, which follows from the content of their records.

mod causes;
mod changes;
mod error;
mod facts;
mod filter;
mod findings;
mod fixed;
mod folder;
mod money;
mod movement;
mod people;
mod run;
mod screen;
mod tables;
mod taken_over;
mod workbook;

use std::path::Path;

use serde::Serialize;

pub use changes::{ChangeCounts, ClinicMove, PeopleDiff};
pub use error::DiffError;
pub use filter::DiffFilter;
pub use findings::FindingChange;
pub use folder::DiffFormat;
pub use money::{MoneyChange, MoneyParts};
pub use movement::{Balance, Movement, MovementHeads, MovementKey, MovementOf, MovementPlace, STAYED};
pub use run::NotCompared;
pub use tables::DiffTable;

pub(crate) use folder::PendingDiff;
pub(crate) use run::rows_of;
use run::{ComparedRun, ComparedRuns};
use taken_over::TakenOver;
pub(crate) use workbook::SheetRows;
use workbook::WorkbookRows;

use crate::destination::Destination;

/// Comparison of two runs, without the changes of single persons, which are written while they are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// Former run.
    pub old: NamedRun,
    /// Later run.
    pub new: NamedRun,
    /// People; `None` when a run was published without them.
    pub people: Option<PeopleDiff>,
    /// Money, by care, clinic and insurer.
    pub money: Vec<MoneyChange>,
    /// Findings, by source or sender and code.
    pub findings: Vec<FindingChange>,
    /// Tables and columns that a run lacks.
    pub not_compared: Vec<NotCompared>,
}

/// Run with its day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedRun {
    /// Id of the run.
    pub run_id: String,
    /// As-of date, ISO.
    pub as_of: String,
}

/// Folder for the tables of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct DiffFolder<'d> {
    /// Folder. It is replaced if it holds a comparison, and refused if it holds anything else.
    pub folder: &'d Path,
    /// Format of the files.
    pub format: DiffFormat,
}

/// Destinations of the tables of a comparison.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiffDestinations<'d> {
    /// Folder with a file for each table.
    pub folder: Option<DiffFolder<'d>>,
    /// Workbook with a sheet for each table.
    pub workbook: Option<&'d Path>,
}

/// Comparison that is written.
#[derive(Clone, Debug)]
pub struct WrittenDiff {
    /// The comparison.
    pub diff: Diff,
    /// Failure after the folder was put in its place.
    pub shortfall: Option<String>,
    /// Place of the workbook, if one is written.
    pub workbook: Option<Destination>,
}

/// Index of the folder of a comparison.
#[derive(Debug, Serialize)]
pub(in crate::diff) struct DiffIndex {
    old: NamedRun,
    new: NamedRun,
    tables: Vec<IndexedTable>,
    /// Sentences about tables and columns that a run lacks.
    not_compared: Vec<String>,
}

/// Table in the folder of a comparison.
#[derive(Debug, Serialize)]
struct IndexedTable {
    table: &'static str,
    rows: u64,
}

/// Compares the runs in two folders.
///
/// # Errors
/// When a run cannot be read, or its tables contradict each other.
pub fn compare(old: &Path, new: &Path, filter: &DiffFilter) -> Result<Diff, DiffError> {
    compare_into(old, new, filter, &mut |_| Ok(()))
}

/// Comparison with the persons who came to clinics and left them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffWithMoves {
    /// The comparison.
    pub diff: Diff,
    /// Persons, by number.
    pub moves: Vec<ClinicMove>,
}

/// Compares the runs in two folders and keeps the persons who came to clinics and left them in memory.
///
/// # Errors
/// As [`compare`].
pub fn compare_with_moves(old: &Path, new: &Path, filter: &DiffFilter) -> Result<DiffWithMoves, DiffError> {
    let mut moves = Vec::new();
    let diff = compare_into(old, new, filter, &mut |changed| {
        moves.extend(changed.moves);
        Ok(())
    })?;
    Ok(DiffWithMoves { diff, moves })
}

/// Compares the runs in two folders and writes the tables. The files of a folder appear all at once, or not at all.
///
/// # Errors
/// As [`compare`]; when a destination cannot be written.
pub fn write_diff(
    old: &Path,
    new: &Path,
    filter: &DiffFilter,
    destinations: DiffDestinations<'_>,
) -> Result<WrittenDiff, DiffError> {
    let pending =
        destinations.folder.map(|to| PendingDiff::begin([old, new], to.folder, to.format, folder::DIFF_INDEX)).transpose()?;
    let mut file = pending.as_ref().map(|pending| pending.table(DiffTable::PersonChanges.spec())).transpose()?;
    let mut persons = SheetRows::default();
    let diff = compare_into(old, new, filter, &mut |changed| {
        let batch = tables::person_changes(&changed.changes)?;
        if destinations.workbook.is_some() {
            persons.append(&batch);
        }
        file.as_mut().map_or(Ok(()), |file| file.append(&batch))
    })?;
    let movement: Vec<_> = diff.people.iter().flat_map(|people| &people.movement.0).collect();
    let others = [tables::movement(&movement)?, tables::money_changes(&diff.money)?, tables::finding_changes(&diff.findings)?];
    let mut shortfall = None;
    if let (Some(pending), Some(file)) = (pending, file) {
        let mut rows = vec![file.finish()?];
        for (table, batch) in DiffTable::ALL[1..].iter().zip(&others) {
            rows.push(pending.write(table.spec(), batch)?);
        }
        shortfall = pending.publish(&DiffIndex::new(&diff, &rows))?.map(|error| error.to_string());
    }
    let workbook = match destinations.workbook {
        Some(file) => Some(WorkbookRows::new(persons, &others).write(&diff, file)?),
        None => None,
    };
    Ok(WrittenDiff { diff, shortfall, workbook })
}

impl DiffIndex {
    /// Index of tables with these numbers of rows.
    fn new(diff: &Diff, rows: &[u64]) -> Self {
        let tables = DiffTable::ALL.into_iter().zip(rows).map(|(table, rows)| IndexedTable { table: table.name(), rows: *rows });
        Self {
            old: diff.old.clone(),
            new: diff.new.clone(),
            tables: tables.collect(),
            not_compared: diff.not_compared.iter().map(NotCompared::to_string).collect(),
        }
    }
}

fn compare_into(old: &Path, new: &Path, filter: &DiffFilter, take: &mut changes::TakeChanges<'_>) -> Result<Diff, DiffError> {
    let mut runs = ComparedRuns {
        old: ComparedRun::open(old)?,
        new: ComparedRun::open(new)?,
        taken_over: TakenOver::default(),
        not_compared: Vec::new(),
    };
    filter.check(&runs)?;
    let mut people = changes::compare_people(&mut runs, filter, take)?;
    let money = money::compare_money(&mut runs, people.as_ref().map(|people| &people.movement), filter)?;
    let findings = findings::compare_findings(&mut runs, filter)?;
    if let Some(people) = &mut people {
        people.movement.0.retain(|key, _| filter.takes_movement(key));
    }
    let named = |run: &ComparedRun| NamedRun { run_id: run.run_id.clone(), as_of: run.as_of.to_string() };
    Ok(Diff { old: named(&runs.old), new: named(&runs.new), people, money, findings, not_compared: runs.not_compared })
}

impl Diff {
    /// Days between the as-of dates: none for a correction, else the movement between them.
    #[must_use]
    pub fn is_correction(&self) -> bool {
        self.old.as_of == self.new.as_of
    }
}

impl std::fmt::Display for NotCompared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.column {
            Some(column) => write!(f, "the run {} has no column `{column}` in `{}`", self.run_id, self.table),
            None => write!(f, "the run {} was published without `{}`", self.run_id, self.table),
        }
    }
}
