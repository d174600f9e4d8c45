//! SQL over the tables of a published run, through polars.
//!
//! The tables are scanned lazily: a query reads the columns and row groups that it needs. Nothing here knows what the tables mean.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use polars::prelude::{
    AnyValue, Column as Values, CsvWriter, DataFrame, DataType, IntoLazy as _, JsonFormat, JsonWriter, LazyFrame, ParquetWriter,
    PlRefPath, PolarsError, PolarsResult, ScanArgsParquet, SerWriter as _, len,
};
use polars::sql::SQLContext;

use super::published::{PublishedError, PublishedTable, list_tables};
use super::text_table::{Column, render};
use super::with_thousands;

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
    /// A file is no table.
    #[error("cannot read table `{table}`: {message}")]
    Table {
        /// The table.
        table: String,
        /// What polars says.
        message: String,
    },
    /// The SQL is wrong, or asks for something that polars cannot do.
    #[error("{message}\nThe tables are: {}.", .tables.join(", "))]
    Sql {
        /// What polars says, shortened.
        message: String,
        /// The tables that exist.
        tables: Vec<String>,
    },
    /// The statement wants to change tables. Polars would do so in memory only, which misleads.
    #[error("a published run never changes, so {verb} is not possible; ask with SELECT, WITH, SHOW TABLES or EXPLAIN")]
    ReadOnly {
        /// The word it begins with.
        verb: String,
    },
    /// The answer cannot be written.
    #[error("cannot write the answer: {0}")]
    Write(#[from] io::Error),
}

/// The tables of one published run.
pub struct RunTables {
    context: SQLContext,
    tables: Tables,
}

/// What a published run refuses.
const WRITING_VERBS: [&str; 7] = ["ALTER", "CREATE", "DELETE", "DROP", "INSERT", "TRUNCATE", "UPDATE"];

/// Names and scans.
type Tables = Rc<[(String, LazyFrame)]>;

impl RunTables {
    /// Makes every table in the folder of a run known to SQL under its name. Reads no data yet.
    ///
    /// # Errors
    /// When the folder holds no tables or cannot be read.
    pub fn open(run: &Path) -> Result<Self, QueryError> {
        let context = SQLContext::new();
        let tables = list_tables(run)?.iter().map(scan).collect::<Result<Tables, _>>()?;
        if tables.is_empty() {
            return Err(QueryError::NoTables { run: run.into() });
        }
        for (name, lazy) in tables.iter() {
            context.register(name, lazy.clone());
        }
        Ok(Self { context, tables })
    }

    /// Makes the rows of a statement known to the next ones under a name; they are computed when somebody asks for them.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub fn define(&mut self, name: &str, sql: &str) -> Result<(), QueryError> {
        match self.context.execute(sql) {
            Ok(lazy) => {
                self.context.register(name, lazy);
                Ok(())
            }
            Err(error) => Err(failure(&error, &self.tables)),
        }
    }

    /// Computes the rows of a name and keeps them, so that the statements that ask for them find them as they are.
    ///
    /// # Errors
    /// When a table cannot be read.
    pub fn keep(&mut self, name: &str) -> Result<(), QueryError> {
        let rows = self.execute(&format!("SELECT * FROM {name}"))?;
        let rows = rows.collect(rows.lazy.clone())?;
        self.context.register(name, rows.lazy());
        Ok(())
    }

    /// Plans one SQL statement; its answer is computed when it is written.
    ///
    /// # Errors
    /// When the statement is not SQL, or names what does not exist.
    pub fn execute(&mut self, sql: &str) -> Result<Answer, QueryError> {
        let verb = sql.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        if WRITING_VERBS.contains(&verb.as_str()) {
            return Err(QueryError::ReadOnly { verb });
        }
        match self.context.execute(sql) {
            Ok(lazy) => Ok(Answer { lazy, tables: Rc::clone(&self.tables) }),
            Err(error) => Err(failure(&error, &self.tables)),
        }
    }
}

fn scan(table: &PublishedTable) -> Result<(String, LazyFrame), QueryError> {
    let scanned = || -> PolarsResult<LazyFrame> {
        let paths: Vec<PlRefPath> = table.files.iter().map(|file| PlRefPath::try_from_path(file)).collect::<PolarsResult<_>>()?;
        // A folder's name is no pattern and no partition key.
        let mut args = ScanArgsParquet { glob: false, ..Default::default() };
        args.hive_options.enabled = Some(false);
        LazyFrame::scan_parquet_files(paths.into(), args)
    };
    match scanned() {
        Ok(lazy) => Ok((table.name.clone(), lazy)),
        Err(error) => Err(QueryError::Table { table: table.name.clone(), message: shortened(&error) }),
    }
}

/// What a statement asks for.
pub struct Answer {
    lazy: LazyFrame,
    tables: Tables,
}

impl Answer {
    /// Writes text for people: at most `rows_max` rows, for a terminal of `width` columns (`None`: lines of any length), and how many there are.
    ///
    /// # Errors
    /// When the query fails or `out` cannot be written.
    pub fn write_table(self, out: &mut dyn Write, rows_max: Option<usize>, width: Option<usize>) -> Result<(), QueryError> {
        let Some(rows_max) = rows_max else {
            let frame = self.collect(self.lazy.clone())?;
            return write_page(out, &frame, frame.height(), width);
        };
        // One row more than asked for tells whether there are more; only then is counting worth a second pass.
        let one_more = u32::try_from(rows_max.saturating_add(1)).unwrap_or(u32::MAX);
        let frame = self.collect(self.lazy.clone().limit(one_more))?;
        let total = if frame.height() > rows_max { self.count()? } else { frame.height() };
        write_page(out, &frame.head(Some(rows_max)), total, width)
    }

    /// Writes RFC 4180 CSV with a header; the elements of a list are joined by `|`.
    ///
    /// # Errors
    /// When the query fails or `out` cannot be written.
    pub fn write_csv(self, out: &mut dyn Write) -> Result<(), QueryError> {
        let mut frame = self.collect(self.lazy.clone())?;
        as_text(&mut frame, |dtype| dtype.is_nested() || *dtype == DataType::Binary)?;
        CsvWriter::new(out).include_header(true).finish(&mut frame).map_err(|error| self.failure(&error))
    }

    /// Writes one JSON array of objects.
    ///
    /// # Errors
    /// When the query fails or `out` cannot be written.
    pub fn write_json(self, out: &mut dyn Write) -> Result<(), QueryError> {
        let mut frame = self.collect(self.lazy.clone())?;
        as_text(&mut frame, |dtype| *dtype == DataType::Binary)?;
        let mut writer = JsonWriter::new(&mut *out).with_json_format(JsonFormat::Json);
        writer.finish(&mut frame).map_err(|error| self.failure(&error))?;
        Ok(writeln!(out)?)
    }

    /// Writes one Parquet file.
    ///
    /// # Errors
    /// When the query fails or `out` cannot be written.
    pub fn write_parquet(self, out: &mut dyn Write) -> Result<(), QueryError> {
        let mut frame = self.collect(self.lazy.clone())?;
        ParquetWriter::new(out).finish(&mut frame).map(|_bytes| ()).map_err(|error| self.failure(&error))
    }

    fn collect(&self, lazy: LazyFrame) -> Result<DataFrame, QueryError> {
        lazy.collect().map_err(|error| self.failure(&error))
    }

    fn count(&self) -> Result<usize, QueryError> {
        let frame = self.collect(self.lazy.clone().select([len().alias("rows")]))?;
        let count = frame.columns()[0].get(0).ok().and_then(|value| value.extract::<u64>()).unwrap_or(0);
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    fn failure(&self, error: &PolarsError) -> QueryError {
        failure(error, &self.tables)
    }
}

/// Whose fault an error is: the disk's, a table's, or, when all tables can be read, the statement's.
fn failure(error: &PolarsError, tables: &Tables) -> QueryError {
    if let PolarsError::IO { error, .. } = error {
        return QueryError::Write(io::Error::new(error.kind(), error.to_string()));
    }
    for (name, lazy) in tables.iter() {
        if let Err(error) = lazy.clone().collect_schema() {
            return QueryError::Table { table: name.clone(), message: shortened(&error) };
        }
    }
    let mut message = shortened(error);
    if matches!(error, PolarsError::SQLInterface(_) | PolarsError::SQLSyntax(_)) {
        message.push_str("\nColumns called from, to or table need double quotes in SQL: \"from\".");
    }
    QueryError::Sql { message, tables: tables.iter().map(|(name, _)| name.clone()).collect() }
}

fn write_page(out: &mut dyn Write, frame: &DataFrame, total: usize, width: Option<usize>) -> Result<(), QueryError> {
    let columns: Vec<Column> = frame
        .columns()
        .iter()
        .map(|values| Column {
            name: values.name().to_string(),
            right: values.dtype().is_primitive_numeric() || values.dtype().is_decimal(),
        })
        .collect();
    let rows: Vec<Vec<String>> =
        (0..frame.height()).map(|row| frame.columns().iter().map(|values| cell(values, row)).collect()).collect();
    out.write_all(render(&columns, &rows, width).as_bytes())?;
    let counted = |rows: usize| with_thousands(rows as u64);
    match (frame.height(), total) {
        (shown, total) if shown < total => {
            writeln!(out, "{} of {} rows; --limit 0 shows all", counted(shown), counted(total))?;
        }
        (_, 1) => writeln!(out, "1 row")?,
        (_, total) => writeln!(out, "{} rows", counted(total))?,
    }
    Ok(())
}

fn cell(values: &Values, row: usize) -> String {
    values.get(row).map_or_else(|_| String::new(), |value| text_of(&value))
}

fn text_of(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Null => String::new(),
        AnyValue::String(text) => (*text).to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        AnyValue::Binary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        AnyValue::BinaryOwned(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        AnyValue::List(elements) => {
            let texts: Vec<String> = elements.iter().map(|element| text_of(&element)).collect();
            texts.join("|")
        }
        other => other.to_string(),
    }
}

/// Turns the columns of some types, which a format cannot hold, into text.
fn as_text(frame: &mut DataFrame, chosen: impl Fn(&DataType) -> bool) -> Result<(), QueryError> {
    let replacements: Vec<(usize, Values)> = frame
        .columns()
        .iter()
        .enumerate()
        .filter(|(_, values)| chosen(values.dtype()))
        .map(|(index, values)| {
            let texts: Vec<Option<String>> = (0..values.len())
                .map(|row| values.get(row).ok().filter(|value| !value.is_null()).map(|value| text_of(&value)))
                .collect();
            (index, Values::new(values.name().clone(), texts))
        })
        .collect();
    for (index, values) in replacements {
        frame
            .replace_column(index, values)
            .map_err(|error| QueryError::Table { table: "the answer".into(), message: shortened(&error) })?;
    }
    Ok(())
}

/// What polars says, without the plan that it appends and without more than a few lines.
fn shortened(error: &PolarsError) -> String {
    const LINES_MAX: usize = 4;
    const LINE_LENGTH_MAX: usize = 300;
    let message = error.to_string();
    let message = message.split("\n\nResolved plan until failure").next().unwrap_or_default();
    let lines: Vec<String> = message
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .take(LINES_MAX)
        .map(|line| line.chars().take(LINE_LENGTH_MAX).collect())
        .collect();
    lines.join("\n")
}
