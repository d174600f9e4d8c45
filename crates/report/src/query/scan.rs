//! Scan of a published table for the SQL engine: only the columns that a statement needs, one row group at a time, filtered at once.
//!
//! The engine has scans of its own, but they bring an HTTP client, and this program must not have one.

use std::any::Any;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::{
    AnonymousScan, AnonymousScanArgs, DataFrame, Expr, IntoLazy as _, LazyFrame, ParallelStrategy, ParquetReader, PlSmallStr,
    PolarsError, PolarsResult, ScanArgsAnonymous, Schema, SchemaExt as _, SchemaRef, SerReader as _, lit,
};

use super::fault::{Ended, guarded};

/// State of reading the tables of a run. It decides what an error message may hold.
#[derive(Debug, Default)]
pub struct ReadState {
    /// Whether values have been read. From then on messages of the engine may hold values.
    has_values: AtomicBool,
    fault: Mutex<Option<TableFault>>,
}

/// The error of a table that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read table `{table}`: {cause}")]
pub struct TableFault {
    /// Name of the table.
    pub table: String,
    /// Cause.
    pub cause: io::Error,
}

impl ReadState {
    /// Whether values have been read.
    pub fn has_values(&self) -> bool {
        self.has_values.load(Ordering::Relaxed)
    }

    /// Notes that values have been read.
    pub fn note_values(&self) {
        self.has_values.store(true, Ordering::Relaxed);
    }

    /// Fault of a table, if there is one; the next call returns `None`.
    pub fn take_fault(&self) -> Option<TableFault> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn note_fault(&self, fault: TableFault) {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(fault);
    }
}

/// Files of a table.
struct TableScan {
    table: String,
    files: Vec<PathBuf>,
    schema: SchemaRef,
    state: Arc<ReadState>,
}

/// Lazy frame of a table. Reads no values yet.
///
/// # Errors
/// When a file cannot be read, or is no Parquet file.
pub fn scan(table: &str, files: &[PathBuf], state: &Arc<ReadState>) -> Result<LazyFrame, TableFault> {
    let fault = |cause| TableFault { table: table.to_owned(), cause };
    let first = files.first().ok_or_else(|| fault(io::ErrorKind::NotFound.into()))?;
    let schema = read(first, |mut reader| Ok(Arc::new(Schema::from_arrow_schema(reader.schema()?.as_ref())))).map_err(fault)?;
    let scan =
        TableScan { table: table.to_owned(), files: files.to_vec(), schema: Arc::clone(&schema), state: Arc::clone(state) };
    let args = ScanArgsAnonymous { schema: Some(schema), name: "TABLE", ..ScanArgsAnonymous::default() };
    LazyFrame::anonymous_scan(Arc::new(scan), args).map_err(|_| fault(io::ErrorKind::InvalidData.into()))
}

impl AnonymousScan for TableScan {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn allows_projection_pushdown(&self) -> bool {
        true
    }

    fn allows_predicate_pushdown(&self) -> bool {
        true
    }

    fn scan(&self, wanted: AnonymousScanArgs) -> PolarsResult<DataFrame> {
        self.state.note_values();
        let columns = wanted.with_columns.as_deref();
        let mut rows_left = wanted.n_rows.unwrap_or(usize::MAX);
        let mut frame: Option<DataFrame> = None;
        for file in &self.files {
            let groups = self.noted(read(file, |mut reader| {
                Ok(reader.get_metadata()?.row_groups.iter().map(|group| group.num_rows()).collect::<Vec<_>>())
            }))?;
            let mut begin = 0;
            for rows in groups {
                // The first row group is read even for no rows: it gives the columns their types.
                if rows_left == 0 && frame.is_some() {
                    break;
                }
                let taken = rows.min(rows_left);
                let part = self.noted(read(file, |reader| part(reader, columns, begin, taken)))?;
                // An error of the predicate is no fault of the table.
                let part = filtered(part, wanted.predicate.as_ref())?;
                match &mut frame {
                    Some(frame) => frame.vstack_mut_owned(part).map(|_| ())?,
                    None => frame = Some(part),
                }
                begin += rows;
                rows_left -= taken;
            }
        }
        match frame {
            Some(frame) => Ok(frame),
            None => filtered(self.empty(columns)?, wanted.predicate.as_ref()),
        }
    }
}

impl TableScan {
    /// Notes a failed read as the fault of the table, since the engine passes on texts only.
    fn noted<T>(&self, read: io::Result<T>) -> PolarsResult<T> {
        read.map_err(|cause| {
            self.state.note_fault(TableFault { table: self.table.clone(), cause });
            PolarsError::NoData("a table cannot be read".into())
        })
    }

    fn empty(&self, columns: Option<&[PlSmallStr]>) -> PolarsResult<DataFrame> {
        let frame = DataFrame::empty_with_schema(&self.schema);
        match columns {
            Some(columns) => frame.select(columns.iter().cloned()),
            None => Ok(frame),
        }
    }
}

fn part(reader: ParquetReader<File>, columns: Option<&[PlSmallStr]>, begin: usize, rows: usize) -> PolarsResult<DataFrame> {
    let names = columns.map(|columns| columns.iter().map(ToString::to_string).collect());
    let reader = reader.with_columns(names).with_slice(Some((begin, rows))).read_parallel(ParallelStrategy::Columns);
    let frame = reader.finish()?;
    match columns {
        Some(columns) => frame.select(columns.iter().cloned()),
        None => Ok(frame),
    }
}

fn filtered(frame: DataFrame, predicate: Option<&Expr>) -> PolarsResult<DataFrame> {
    match predicate {
        Some(predicate) => frame.lazy().filter(without_hints(predicate.clone())).collect(),
        None => Ok(frame),
    }
}

/// Predicate without the hints that the engine adds for a sort with a limit. They are placeholders of its plan, which a scan cannot evaluate.
fn without_hints(predicate: Expr) -> Expr {
    predicate.map_expr(|part| if matches!(part, Expr::Display { .. }) { lit(true) } else { part })
}

/// Reads from a Parquet file. The engine's message about a damaged file is left out, since it may show bytes of the file.
fn read<T>(file: &PathBuf, what: impl FnOnce(ParquetReader<File>) -> PolarsResult<T>) -> io::Result<T> {
    let reader = ParquetReader::new(File::open(file)?);
    let damaged =
        || io::Error::new(io::ErrorKind::InvalidData, "its file is damaged, or no Parquet file; run the job again with --force");
    match guarded(|| what(reader)) {
        Ended::Well(read) => Ok(read),
        Ended::Failed(PolarsError::IO { error, .. }) if error.raw_os_error().is_some() => {
            Err(error.raw_os_error().map_or_else(damaged, io::Error::from_raw_os_error))
        }
        Ended::Failed(_) | Ended::Panicked => Err(damaged()),
    }
}
