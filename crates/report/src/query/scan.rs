//! A published table as the SQL engine reads it: the columns that a statement needs, a row group at a time, rows that it does not want left out
//! at once.
//!
//! The engine has readers of its own, but they come with a client for addresses on the network, which this program must not hold.

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

/// What is known of the reading of all tables of a run, for whoever has to tell why a statement failed.
#[derive(Debug, Default)]
pub struct Reading {
    /// Whether values have been read: from then on what the engine says may hold some.
    has_values: AtomicBool,
    fault: Mutex<Option<TableFault>>,
}

/// A table cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read table `{table}`: {cause}")]
pub struct TableFault {
    /// The table.
    pub table: String,
    /// Why.
    pub cause: io::Error,
}

impl Reading {
    /// Whether values have been read.
    pub fn has_values(&self) -> bool {
        self.has_values.load(Ordering::Relaxed)
    }

    /// Notes that values have been read.
    pub fn note_values(&self) {
        self.has_values.store(true, Ordering::Relaxed);
    }

    /// The table that could not be read, once.
    pub fn take_fault(&self) -> Option<TableFault> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn note_fault(&self, fault: TableFault) {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(fault);
    }
}

/// The files of a table of a run.
struct TableScan {
    table: String,
    files: Vec<PathBuf>,
    schema: SchemaRef,
    reading: Arc<Reading>,
}

/// Makes a table known to the engine. Reads no values yet.
///
/// # Errors
/// When a file cannot be read, or is no Parquet file.
pub fn scan(table: &str, files: &[PathBuf], reading: &Arc<Reading>) -> Result<LazyFrame, TableFault> {
    let fault = |cause| TableFault { table: table.to_owned(), cause };
    let first = files.first().ok_or_else(|| fault(io::ErrorKind::NotFound.into()))?;
    let schema = read(first, |mut reader| Ok(Arc::new(Schema::from_arrow_schema(reader.schema()?.as_ref())))).map_err(fault)?;
    let scan =
        TableScan { table: table.to_owned(), files: files.to_vec(), schema: Arc::clone(&schema), reading: Arc::clone(reading) };
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
        self.reading.note_values();
        let columns = wanted.with_columns.as_deref();
        let mut rows_left = wanted.n_rows.unwrap_or(usize::MAX);
        let mut frame: Option<DataFrame> = None;
        for file in &self.files {
            let groups = self.told(read(file, |mut reader| {
                Ok(reader.get_metadata()?.row_groups.iter().map(|group| group.num_rows()).collect::<Vec<_>>())
            }))?;
            let mut begin = 0;
            for rows in groups {
                // The first one is read even when no row is wanted: it gives the columns their types.
                if rows_left == 0 && frame.is_some() {
                    break;
                }
                let taken = rows.min(rows_left);
                let part = self.told(read(file, |reader| part(reader, columns, begin, taken)))?;
                // What a predicate says of values is not the fault of the table.
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
    /// Notes why the table cannot be read; the engine hands on texts alone.
    fn told<T>(&self, read: io::Result<T>) -> PolarsResult<T> {
        read.map_err(|cause| {
            self.reading.note_fault(TableFault { table: self.table.clone(), cause });
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

/// A predicate without what the engine adds for a sort with a limit: rows that cannot be among the first ones. That lives in its plan alone,
/// and reaches a reader as a text.
fn without_hints(predicate: Expr) -> Expr {
    predicate.map_expr(|part| if matches!(part, Expr::Display { .. }) { lit(true) } else { part })
}

/// Reads something of a Parquet file. What the engine says of a damaged one is left out: it may show bytes of it.
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
