//! Runs that are compared: identity, organisations and tables.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::DiffError;
use super::taken_over::TakenOver;
use crate::table_reader::{Row, TableReader};
use sverka_model::Date;
use sverka_publish::{Manifest, OutputTable};

/// Published run that is compared.
#[derive(Debug)]
pub(super) struct ComparedRun {
    /// Folder of the run.
    pub dir: PathBuf,
    /// Id of the run.
    pub run_id: String,
    /// As-of date.
    pub as_of: Date,
    /// Clinics by code. A lookup for each person must be cheap.
    pub clinics: HashMap<String, ClinicCodes>,
    /// Insurers by code, each with the code as which it is read on the as-of date.
    pub insurers: BTreeMap<String, String>,
}

/// Codes of a clinic on the as-of date.
#[derive(Clone, Debug)]
pub(super) struct ClinicCodes {
    /// Code as which the clinic is read: its own or that of a successor.
    read_as: String,
    /// Code of the clinic at which people are counted.
    counted_at: String,
    /// Whether people who are counted at the clinic are paid for.
    is_paid: bool,
    /// Whether people of the clinic are paid for where they are counted.
    is_paid_where_counted: bool,
}

impl ComparedRun {
    /// The run in a folder.
    pub fn open(dir: &Path) -> Result<Self, DiffError> {
        let manifest = Manifest::read(dir)?;
        let run_id = manifest.run_id;
        let as_of: Date = manifest.as_of.parse().map_err(|_| DiffError::NoDay { run_id: run_id.clone() })?;
        let text = |row: Row<'_>, column| row.text(column).unwrap_or_default().to_owned();
        let insurers =
            rows_of(dir, OutputTable::Insurers, &["insurer", "read_as"], |row| (text(row, "insurer"), text(row, "read_as")))?;
        let columns = ["clinic", "read_as", "counted_at", "attachable", "works_from", "works_to"];
        let clinics = rows_of(dir, OutputTable::Clinics, &columns, |row| {
            let works =
                row.date("works_from").is_none_or(|from| from <= as_of) && row.date("works_to").is_none_or(|to| as_of < to);
            let is_paid = works && row.is_true("attachable");
            let (read_as, counted_at) = (text(row, "read_as"), text(row, "counted_at"));
            (text(row, "clinic"), ClinicCodes { read_as, counted_at, is_paid, is_paid_where_counted: false })
        })?;
        let mut clinics: HashMap<String, ClinicCodes> = clinics.into_iter().collect();
        let paid: BTreeSet<String> = clinics.iter().filter(|(_, codes)| codes.is_paid).map(|(code, _)| code.clone()).collect();
        clinics.values_mut().for_each(|codes| codes.is_paid_where_counted = paid.contains(&codes.counted_at));
        Ok(Self { dir: dir.to_owned(), run_id, as_of, clinics, insurers: insurers.into_iter().collect() })
    }

    /// Code of the clinic at which people of a clinic are counted; its own when the run was published without clinics.
    pub fn counted_at<'c>(&'c self, clinic: &'c str) -> &'c str {
        self.counting(clinic).counted_at
    }

    /// Code of the clinic at which people of a clinic are counted, and whether they are paid for on the as-of date.
    pub fn counting<'c>(&'c self, clinic: &'c str) -> Counting<'c> {
        match self.clinics.get(clinic) {
            Some(codes) => Counting { counted_at: &codes.counted_at, is_paid: codes.is_paid_where_counted },
            None => Counting { counted_at: clinic, is_paid: false },
        }
    }

    /// Whether a clinic of a former run is read as another one by this run.
    pub fn has_clinic_become(&self, former: &str, now: &str) -> bool {
        former != now && self.clinics.get(former).is_some_and(|codes| codes.read_as == now)
    }

    /// Whether an insurer of a former run is read as another one by this run.
    pub fn has_insurer_become(&self, former: &str, now: &str) -> bool {
        former != now && self.insurers.get(former).is_some_and(|read_as| read_as == now)
    }

    /// A table of the run; `None` when it was published without it.
    pub fn table(&self, table: OutputTable) -> Result<Option<TableReader>, DiffError> {
        Ok(TableReader::open_if_published(&self.dir, table)?)
    }
}

/// Where people of a clinic are counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counting<'c> {
    /// Code of the clinic.
    pub counted_at: &'c str,
    /// Whether the people are paid for.
    pub is_paid: bool,
}

/// Result of `make` for each row of a table, in its order; nothing when the run was published without the table.
pub(crate) fn rows_of<T: Send>(
    dir: &Path,
    table: OutputTable,
    columns: &[&str],
    make: impl Fn(Row<'_>) -> T + Sync,
) -> Result<Vec<T>, DiffError> {
    let Some(reader) = TableReader::open_if_published(dir, table)? else { return Ok(Vec::new()) };
    let batches = reader.map_batches(columns, |batch| Row::all_of(batch).map(&make).collect::<Vec<T>>())?;
    Ok(batches.into_iter().flatten().collect())
}

/// Both runs, with what cannot be compared between them.
#[derive(Debug)]
pub(super) struct ComparedRuns {
    pub old: ComparedRun,
    pub new: ComparedRun,
    /// Persons of the former run whose ids were taken over; known once the persons are compared.
    pub taken_over: TakenOver,
    pub not_compared: Vec<NotCompared>,
}

/// Table of both runs.
pub(super) struct TablePair {
    pub old: TableReader,
    pub new: TableReader,
}

/// Table or column that a run lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCompared {
    /// Name of the table.
    pub table: &'static str,
    /// Name of the column; `None` for the whole table.
    pub column: Option<&'static str>,
    /// Id of the run that lacks it.
    pub run_id: String,
}

impl ComparedRuns {
    /// The table of both runs. `None` when a run lacks the table or one of the columns, which is then noted.
    pub fn pair(&mut self, table: OutputTable, columns: &[&'static str]) -> Result<Option<TablePair>, DiffError> {
        let (old, new) = (self.table(Side::Old, table, columns)?, self.table(Side::New, table, columns)?);
        Ok(old.zip(new).map(|(old, new)| TablePair { old, new }))
    }

    /// The table of one run. `None` when it lacks the table or one of the columns, which is then noted.
    pub fn table(&mut self, side: Side, table: OutputTable, columns: &[&'static str]) -> Result<Option<TableReader>, DiffError> {
        let run = match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        };
        let reader = run.table(table)?;
        let missing = match &reader {
            None => vec![None],
            Some(reader) => columns.iter().filter(|column| !reader.has_column(column)).map(|column| Some(*column)).collect(),
        };
        let run_id = run.run_id.clone();
        let is_whole = missing.is_empty();
        for column in missing {
            self.note(NotCompared { table: table.name(), column, run_id: run_id.clone() });
        }
        Ok(reader.filter(|_| is_whole))
    }

    /// Columns of a table of both runs that both have; others are noted.
    pub fn common_columns(&mut self, pair: &TablePair, table: OutputTable, columns: &[&'static str]) -> Vec<&'static str> {
        let mut common = Vec::new();
        for &column in columns {
            for (reader, run_id) in [(&pair.old, self.old.run_id.clone()), (&pair.new, self.new.run_id.clone())] {
                if !reader.has_column(column) {
                    self.note(NotCompared { table: table.name(), column: Some(column), run_id });
                }
            }
            if pair.old.has_column(column) && pair.new.has_column(column) {
                common.push(column);
            }
        }
        common
    }

    fn note(&mut self, missing: NotCompared) {
        if !self.not_compared.contains(&missing) {
            self.not_compared.push(missing);
        }
    }
}

/// One of the two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Former run.
    Old,
    /// Later run.
    New,
}
