//! Tables of corrections: descriptions from `schemas/corrections/`, rows as Arrow batches, and their files.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, Decimal128Array, Int32Array, RecordBatch, StringArray};
use serde::Serialize;

use super::{CorrectionFigures, Corrections, CorrectionsError};
use crate::destination::{Destination, write_to};
use crate::diff::{DiffError, DiffFolder, PendingDiff, SheetRows};
use crate::forms::{Form, workbook_bytes};
use sverka_publish::{FigureKey, Figures, SumKey, TableSpec};

/// Name of the index. A folder with this file holds corrections.
const INDEX: &str = "corrections.json";

/// Table of corrections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CorrectionsTable {
    /// `corrections`
    Corrections,
    /// `correction_sums`
    CorrectionSums,
}

static SPECS: LazyLock<[TableSpec; 2]> = LazyLock::new(|| {
    [
        TableSpec::parse("corrections", include_str!("../../../../schemas/corrections/corrections.toml")),
        TableSpec::parse("correction_sums", include_str!("../../../../schemas/corrections/correction_sums.toml")),
    ]
});

impl CorrectionsTable {
    /// Every table, in the order in which they are listed.
    pub const ALL: [Self; 2] = [Self::Corrections, Self::CorrectionSums];

    /// Description of the table.
    #[must_use]
    pub fn spec(self) -> &'static TableSpec {
        &SPECS[self as usize]
    }
}

/// Destinations of the tables of corrections.
#[derive(Clone, Copy, Debug, Default)]
pub struct CorrectionsDestinations<'d> {
    /// Folder with a file for each table.
    pub folder: Option<DiffFolder<'d>>,
    /// Workbook with a sheet for each table.
    pub workbook: Option<&'d Path>,
}

/// Corrections that are written.
#[derive(Clone, Debug, Default)]
pub struct WrittenCorrections {
    /// Failure after the folder was put in its place.
    pub shortfall: Option<String>,
    /// Place of the workbook, if one is written.
    pub workbook: Option<Destination>,
}

/// Index of the folder of corrections.
#[derive(Debug, Serialize)]
struct CorrectionsIndex<'c> {
    month: &'c str,
    closed_run: &'c str,
    run: &'c str,
    norms: &'static str,
    /// Number of earlier bookings.
    bookings: usize,
    not_compared: &'c [&'static str],
}

impl Corrections {
    /// Writes the tables. The files of a folder appear all at once, or not at all.
    ///
    /// # Errors
    /// When a destination cannot be written.
    pub fn write(&self, runs: [&Path; 2], to: CorrectionsDestinations<'_>) -> Result<WrittenCorrections, CorrectionsError> {
        let batches = [self.rows_batch()?, self.sums_batch()?];
        let mut written = WrittenCorrections::default();
        if let Some(DiffFolder { folder, format }) = to.folder {
            let pending = PendingDiff::begin(runs, folder, format, INDEX)?;
            for (table, batch) in CorrectionsTable::ALL.into_iter().zip(&batches) {
                pending.write(table.spec(), batch)?;
            }
            written.shortfall = pending.publish(&self.index())?.map(|error| error.to_string());
        }
        if let Some(file) = to.workbook {
            written.workbook = Some(self.write_workbook(file, &batches)?);
        }
        Ok(written)
    }

    fn index(&self) -> CorrectionsIndex<'_> {
        CorrectionsIndex {
            month: &self.closed.month,
            closed_run: &self.closed.run_id,
            run: &self.manifest.run_id,
            norms: self.norms.word(),
            bookings: self.bookings.len(),
            not_compared: &self.not_compared,
        }
    }

    fn write_workbook(&self, file: &Path, batches: &[RecordBatch; 2]) -> Result<Destination, DiffError> {
        let run_id = self.manifest.run_id.clone();
        let as_of = self.manifest.as_of.parse().map_err(|_| DiffError::NoDay { run_id })?;
        let title = format!("{} → {}", self.closed.run_id, self.manifest.run_id);
        let sheets = CorrectionsTable::ALL.into_iter().zip(batches).map(|(table, batch)| {
            let mut rows = SheetRows::default();
            rows.append(batch);
            rows.sheet(table.spec(), &title)
        });
        let form = Form { file: String::new(), as_of, sheets: sheets.collect() };
        let bytes = workbook_bytes(&form).map_err(DiffError::rows)?;
        write_to(file, |out| out.write_all(&bytes)).map_err(|cause| DiffError::Io { path: file.to_owned(), cause })
    }

    /// Rows of `corrections`.
    fn rows_batch(&self) -> Result<RecordBatch, DiffError> {
        let keys: Vec<&FigureKey> = self.rows.keys().collect();
        let mut columns = vec![
            texts(keys.iter().map(|key| Some(key.part.as_str()))),
            texts(keys.iter().map(|key| key.care.as_deref())),
            profiles(keys.iter().map(|key| key.profile)),
            texts(keys.iter().map(|key| key.clinic.as_deref())),
            texts(keys.iter().map(|key| key.insurer.as_deref())),
        ];
        columns.extend(figure_columns(&self.rows.values().copied().collect::<Vec<_>>())?);
        CorrectionsTable::Corrections.spec().batch(columns).map_err(DiffError::rows)
    }

    /// Rows of `correction_sums`.
    fn sums_batch(&self) -> Result<RecordBatch, DiffError> {
        let sums = self.sums();
        let keys: Vec<&SumKey> = sums.keys().collect();
        let mut columns = vec![
            texts(keys.iter().map(|key| Some(key.of.as_str()))),
            texts(keys.iter().map(|key| key.code.as_deref())),
            texts(keys.iter().map(|key| Some(key.part.as_str()))),
            texts(keys.iter().map(|key| key.care.as_deref())),
            profiles(keys.iter().map(|key| key.profile)),
        ];
        columns.extend(figure_columns(&sums.values().copied().collect::<Vec<_>>())?);
        CorrectionsTable::CorrectionSums.spec().batch(columns).map_err(DiffError::rows)
    }
}

fn texts<'t>(values: impl Iterator<Item = Option<&'t str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn profiles(values: impl Iterator<Item = Option<i32>>) -> ArrayRef {
    Arc::new(values.collect::<Int32Array>())
}

/// Kind of figure with its decimals.
struct FigureKind {
    of: fn(Figures) -> i64,
    scale: i8,
}

/// Columns of heads, funded heads and money, each closed, booked, now and to book.
fn figure_columns(rows: &[CorrectionFigures]) -> Result<Vec<ArrayRef>, DiffError> {
    const PRECISION: u8 = 18;
    let kinds: [FigureKind; 3] = [
        FigureKind { of: |figures| figures.heads, scale: 6 },
        FigureKind { of: |figures| figures.funded_heads, scale: 6 },
        FigureKind { of: |figures| figures.amount, scale: 2 },
    ];
    let states: [fn(&CorrectionFigures) -> Figures; 4] = [|row| row.closed, |row| row.booked, |row| row.now, |row| row.to_book()];
    let mut columns: Vec<ArrayRef> = Vec::new();
    for FigureKind { of, scale } in kinds {
        for state in states {
            let values = rows.iter().map(|row| i128::from(of(state(row))));
            let array = Decimal128Array::from_iter_values(values).with_precision_and_scale(PRECISION, scale);
            columns.push(Arc::new(array.map_err(DiffError::rows)?));
        }
    }
    Ok(columns)
}
