//! SQL over the tables of a published run, through polars.
//!
//! ```text
//! text ─ Statement::parse ─ SQLContext ─ Answer ─ CSV, JSON, Parquet, table
//!          a question         plan        │
//!          of bounded size                └─ scan: row groups of the run's files
//! ```
//!
//! The tables are scanned lazily: a query reads only the columns that it needs, and drops rows as it reads. The meaning
//! of the tables is not known here. The person who asks may be another than the owner of the machine: a statement reads
//! the tables of the run and nothing else, and no error message shows values of rows.

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
use answer::AskedStatement;
use description::{DescribedColumn, description_sql};
use scan::{ReadState, scan};
use statement::Statement;

/// Error of a query.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The folder of the run cannot be read.
    #[error(transparent)]
    Published(#[from] PublishedError),
    /// The folder of the run holds no table.
    #[error("no Parquet files in `{}`; is it the folder of a published run?", .run.display())]
    NoTables {
        /// Folder.
        run: PathBuf,
    },
    /// A table cannot be read.
    #[error(transparent)]
    Table(#[from] TableFault),
    /// The statement is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The SQL is wrong, or asks for something that the engine cannot do.
    #[error("{message}{}", list_of(.tables))]
    Sql {
        /// Message.
        message: String,
        /// Tables of the run, for a message about tables; empty for other messages.
        tables: Vec<String>,
    },
    /// A file of the statement cannot be read.
    #[error("cannot read the file `{path}`: {cause}")]
    File {
        /// Path in the statement.
        path: String,
        /// Cause.
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

/// Tables of a published run for SQL.
pub struct RunTables {
    context: SQLContext,
    /// Names of the tables.
    tables: Vec<String>,
    /// Names of the columns of all tables.
    columns: Arc<BTreeSet<String>>,
    /// Columns of each table that can be read.
    described: BTreeMap<String, Vec<DescribedColumn>>,
    reading: Arc<ReadState>,
    /// Tables with a file that cannot be read. Statements without these tables are answered.
    broken: Vec<TableFault>,
    files: FileAccess,
}

/// Stack of the thread that calls the engine. The engine plans by recursion, and the usual two megabytes are too few for the longest allowed chain.
const STACK_BYTES: usize = 256 << 20;

/// Runs `work` on a thread with a stack that is large enough for the engine.
///
/// # Errors
/// When the system gives no such thread, or `work` fails.
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
    /// Registers every table in the folder of a run under its name. Reads no data yet.
    ///
    /// # Errors
    /// When the folder holds no tables or cannot be read.
    pub fn open(run: &Path, files: FileAccess) -> Result<Self, QueryError> {
        // Warnings of the engine about its own future and about types are no part of an answer.
        set_warning_function(|_, _| ());
        let (context, reading) = (SQLContext::new(), Arc::new(ReadState::default()));
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

    /// Plans the statement of a user. Its answer is computed when it is written.
    ///
    /// # Errors
    /// When the statement is refused or names something that does not exist.
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
        let asked = Arc::new(self.asked_statement(Some(statement)));
        Ok(Answer { lazy: self.plan(&sql, &asked)?, asked })
    }

    /// Answer to `DESCRIBE`: the columns of a table with type and meaning.
    fn describe(&mut self, table: &str, statement: Statement) -> Result<Answer, QueryError> {
        if let Some(TableFault { table, cause }) = self.broken.iter().find(|fault| fault.table == table) {
            return Err(TableFault { table: table.clone(), cause: io::Error::new(cause.kind(), cause.to_string()) }.into());
        }
        let Some(columns) = self.described.get(table) else {
            return Err(QueryError::Sql { message: format!("there is no table `{table}`"), tables: self.tables.clone() });
        };
        let sql = description_sql(table, columns);
        let asked = Arc::new(self.asked_statement(Some(statement)));
        let context = &mut self.context;
        let lazy = asked.run(|| context.execute(&sql))?;
        Ok(Answer { lazy, asked })
    }

    fn plan(&mut self, sql: &str, asked: &AskedStatement) -> Result<LazyFrame, QueryError> {
        if let Some(TableFault { table, cause }) = self.broken.iter().find(|fault| sql.contains(&fault.table)) {
            return Err(TableFault { table: table.clone(), cause: io::Error::new(cause.kind(), cause.to_string()) }.into());
        }
        let context = &mut self.context;
        let lazy = asked.run(|| context.execute(sql))?;
        // The engine drops an aggregate without needed columns, and then gives a row for each row of the table instead of one row. In a join
        // without a condition the number of rows matters, so nothing may be dropped.
        let crosses = asked.statement.as_ref().is_some_and(|statement| statement.crosses);
        Ok(if crosses { lazy.with_projection_pushdown(false) } else { lazy })
    }

    fn asked_statement(&self, statement: Option<Statement>) -> AskedStatement {
        let (columns, reading) = (Arc::clone(&self.columns), Arc::clone(&self.reading));
        AskedStatement { statement, tables: self.tables.clone(), columns, reading }
    }
}

impl ResultError for QueryError {
    fn into_write_cause(self) -> Result<io::Error, Self> {
        if let Self::Write(cause) = self { Ok(cause) } else { Err(self) }
    }
}

/// Error of the system, without the text that the engine adds to it.
fn system_error(error: &io::Error) -> io::Error {
    match (error.raw_os_error(), error.get_ref().and_then(|inner| inner.downcast_ref::<io::Error>())) {
        (Some(code), _) => io::Error::from_raw_os_error(code),
        (None, Some(inner)) => system_error(inner),
        (None, None) => error.kind().into(),
    }
}
