//! SQL over the tables of a published run, through polars.
//!
//! ```text
//! text ─ Statement::parse ─ SQLContext ─ Answer ─ CSV, JSON, Parquet, table
//!          a question         plan        │
//!          of bounded size                └─ scan: row groups of the run's files
//! ```
//!
//! The tables are scanned lazily: a query reads the columns that it needs, and drops rows as it reads. Nothing here knows what the tables mean.
//! Whoever asks may be another than whoever owns the machine: a statement reads the tables of the run and nothing else, and no error
//! of it shows values of rows.

mod answer;
mod description;
mod expansion;
mod fault;
mod files;
#[cfg(test)]
mod fuzzing;
mod scan;
mod statement;
mod windows;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::error::set_warning_function;
use polars::prelude::LazyFrame;
use polars::sql::SQLContext;

pub use answer::Answer;
pub use fault::is_of_engine;
pub use scan::TableFault;
pub use statement::{FileAccess, Refusal};
pub use windows::Misread;

use super::published::{PublishedError, list_tables};
use super::result_set::ResultError;
use answer::Asked;
use description::{DescribedColumn, description_sql};
use scan::{Reading, scan};
use statement::Statement;

/// Why a query has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The run's folder cannot be read.
    #[error(transparent)]
    Published(#[from] PublishedError),
    /// The run's folder holds no table.
    #[error("no Parquet files in `{}`; is it the folder of a published run?", .run.display())]
    NoTables {
        /// The folder.
        run: PathBuf,
    },
    /// A table cannot be read.
    #[error(transparent)]
    Table(#[from] TableFault),
    /// The statement is none that is answered.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The SQL is wrong, or asks for something that the engine cannot do.
    #[error("{message}{}", list_of(.tables))]
    Sql {
        /// What is wrong.
        message: String,
        /// The tables that exist, where it is about these.
        tables: Vec<String>,
    },
    /// A file that the statement names cannot be read.
    #[error("cannot read the file `{path}`: {cause}")]
    File {
        /// Where it should be, as the statement says.
        path: String,
        /// Why.
        cause: io::Error,
    },
    /// The answer cannot be written.
    #[error("cannot write the answer: {0}")]
    Write(#[from] io::Error),
    /// The system gives no thread.
    #[error("cannot start a thread for the statement: {0}")]
    Thread(io::Error),
}

fn list_of(tables: &[String]) -> String {
    if tables.is_empty() { String::new() } else { format!("\nThe tables are: {}.", tables.join(", ")) }
}

/// The tables of one published run.
pub struct RunTables {
    context: SQLContext,
    tables: Vec<String>,
    columns: Arc<BTreeSet<String>>,
    /// The columns of each table that can be read.
    described: BTreeMap<String, Vec<DescribedColumn>>,
    reading: Arc<Reading>,
    /// The tables of which a file cannot be read; statements that do not name them are answered.
    broken: Vec<TableFault>,
    files: FileAccess,
}

/// The engine plans by recursion; a thread's usual two megabytes end before the longest chain that is let through.
const STACK_BYTES: usize = 256 << 20;

/// Does something with the engine where its recursion has room.
///
/// # Errors
/// When the system gives no such thread, and what `work` fails with.
pub fn with_room<T: Send, E: From<QueryError> + Send>(work: impl FnOnce() -> Result<T, E> + Send) -> Result<T, E> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("query".to_owned()).stack_size(STACK_BYTES).spawn_scoped(scope, work);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(done)) => done,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => Err(QueryError::Thread(error).into()),
        }
    })
}

impl RunTables {
    /// Makes every table in the folder of a run known to SQL under its name. Reads no data yet.
    ///
    /// # Errors
    /// When the folder holds no tables or cannot be read.
    pub fn open(run: &Path, files: FileAccess) -> Result<Self, QueryError> {
        // What the engine says of its own future and of types is nothing to whoever asks, and is no part of an answer.
        set_warning_function(|_, _| ());
        let (context, reading) = (SQLContext::new(), Arc::new(Reading::default()));
        let (mut tables, mut columns, mut broken) = (Vec::new(), BTreeSet::new(), Vec::new());
        let mut described = BTreeMap::new();
        for table in list_tables(run)? {
            match scan(&table.name, &table.files, &reading) {
                Ok(mut lazy) => {
                    if let Ok(schema) = lazy.collect_schema() {
                        columns.extend(schema.iter_names().map(ToString::to_string));
                        let of_table = schema
                            .iter()
                            .map(|(name, dtype)| DescribedColumn { name: name.to_string(), type_name: dtype.to_string() });
                        described.insert(table.name.clone(), of_table.collect());
                    }
                    context.register(&table.name, lazy);
                }
                Err(fault) => broken.push(fault),
            }
            tables.push(table.name);
        }
        if tables.is_empty() {
            return Err(QueryError::NoTables { run: run.into() });
        }
        Ok(Self { context, tables, columns: Arc::new(columns), described, reading, broken, files })
    }

    /// Plans a statement of somebody; its answer is computed when it is written.
    ///
    /// # Errors
    /// When the statement is no question that is answered, or names what does not exist.
    pub fn execute(&mut self, sql: &str) -> Result<Answer, QueryError> {
        let statement = Statement::parse(sql, self.files).map_err(|refusal| match refusal {
            Refusal::Syntax { message } => QueryError::Sql { message, tables: self.tables.clone() },
            refusal => refusal.into(),
        })?;
        if let Some(table) = statement.describes.clone() {
            return self.describe(&table, statement);
        }
        for file in &statement.files {
            let lazy = files::open(file, &self.reading)?;
            self.context.register(&file.name, lazy);
        }
        let sql = statement.sql.clone();
        let asked = Arc::new(self.asked(Some(statement)));
        Ok(Answer { lazy: self.plan(&sql, &asked)?, asked })
    }

    /// The columns of a table, with type and meaning, as the answer of a statement that asks for them.
    fn describe(&mut self, table: &str, statement: Statement) -> Result<Answer, QueryError> {
        if let Some(TableFault { table, cause }) = self.broken.iter().find(|fault| fault.table == table) {
            return Err(TableFault { table: table.clone(), cause: io::Error::new(cause.kind(), cause.to_string()) }.into());
        }
        let Some(columns) = self.described.get(table) else {
            return Err(QueryError::Sql { message: format!("there is no table `{table}`"), tables: self.tables.clone() });
        };
        let sql = description_sql(table, columns);
        let asked = Arc::new(self.asked(Some(statement)));
        let context = &mut self.context;
        let lazy = asked.run(|| context.execute(&sql))?;
        Ok(Answer { lazy, asked })
    }

    fn plan(&mut self, sql: &str, asked: &Asked) -> Result<LazyFrame, QueryError> {
        if let Some(TableFault { table, cause }) = self.broken.iter().find(|fault| sql.contains(&fault.table)) {
            return Err(TableFault { table: table.clone(), cause: io::Error::new(cause.kind(), cause.to_string()) }.into());
        }
        let context = &mut self.context;
        let lazy = asked.run(|| context.execute(sql))?;
        // The engine leaves out a sum of which no column is needed, and so gives a row for each of the table's in place of one. Where tables are
        // joined without a condition the number of rows alone matters, so nothing may be left out.
        let crosses = asked.statement.as_ref().is_some_and(|statement| statement.crosses);
        Ok(if crosses { lazy.with_projection_pushdown(false) } else { lazy })
    }

    fn asked(&self, statement: Option<Statement>) -> Asked {
        let (columns, reading) = (Arc::clone(&self.columns), Arc::clone(&self.reading));
        Asked { statement, tables: self.tables.clone(), columns, reading }
    }
}

impl ResultError for QueryError {
    fn into_write_cause(self) -> Result<io::Error, Self> {
        if let Self::Write(cause) = self { Ok(cause) } else { Err(self) }
    }
}

/// What the system said, without what the engine adds to it.
fn system_error(error: &io::Error) -> io::Error {
    match (error.raw_os_error(), error.get_ref().and_then(|inner| inner.downcast_ref::<io::Error>())) {
        (Some(code), _) => io::Error::from_raw_os_error(code),
        (None, Some(inner)) => system_error(inner),
        (None, None) => error.kind().into(),
    }
}
