//! Answer to a statement, and the formats in which it is written.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use polars::prelude::{
    AnyValue, Column as Values, CsvWriter, DataFrame, DataType, JsonFormat, JsonWriter, LazyFrame, ParquetWriter, PolarsError,
    PolarsResult, SerWriter as _, len,
};

use super::fault::{Ended, advice, guarded, hint, message_without_values};
use super::scan::ReadState;
use super::statement::Statement;
use super::{QueryError, system_error};
use crate::result_set::{ResultSet, write_text_table};
use crate::text_table::Column;

/// Answer to a statement, computed when it is written.
pub struct Answer {
    pub(super) lazy: LazyFrame,
    pub(super) asked: Arc<AskedStatement>,
}

/// Statement with the names that its error messages need.
pub(super) struct AskedStatement {
    /// The statement of the user; `None` for a statement of our own.
    pub statement: Option<Statement>,
    /// Names of the tables of the run.
    pub tables: Vec<String>,
    /// Names of the columns of all tables.
    pub columns: Arc<BTreeSet<String>>,
    pub reading: Arc<ReadState>,
}

impl AskedStatement {
    /// Calls the engine. The messages of its errors and panics hold no values of people.
    pub fn run<T>(&self, work: impl FnOnce() -> PolarsResult<T>) -> Result<T, QueryError> {
        match guarded(work) {
            Ended::Well(done) => Ok(done),
            Ended::Failed(error) => Err(self.failure(&error)),
            Ended::Panicked => Err(self.reading.take_fault().map_or_else(
                || self.wrong("the statement asks for something that the SQL engine cannot do; ask in another way".to_owned()),
                QueryError::Table,
            )),
        }
    }

    /// Error of a table or of the statement for an error of the engine.
    fn failure(&self, error: &PolarsError) -> QueryError {
        if let Some(fault) = self.reading.take_fault() {
            return QueryError::Table(fault);
        }
        if self.reading.has_values() {
            let is_name = |word: &str| {
                let in_statement = self.statement.as_ref().is_some_and(|statement| statement.names(word));
                in_statement || self.columns.contains(word)
            };
            return self.wrong(message_without_values(error, is_name));
        }
        let message = shortened(error);
        if let Some(advice) = advice(&message) {
            return self.wrong(advice.into_owned());
        }
        let hint = hint(&message);
        let message = self.statement.as_ref().map_or(message.clone(), |statement| statement.without_literals(&message));
        self.wrong(message + hint)
    }

    fn wrong(&self, message: String) -> QueryError {
        let is_about_tables = message.contains("relation");
        QueryError::Sql { tables: if is_about_tables { self.tables.clone() } else { Vec::new() }, message }
    }
}

impl ResultSet for Answer {
    type Error = QueryError;

    fn write_table(&self, out: &mut dyn Write, rows_max: Option<usize>, width: Option<usize>) -> Result<(), QueryError> {
        let Some(rows_max) = rows_max else {
            let frame = self.collect(self.lazy.clone())?;
            return self.write_rows(out, &frame, frame.height(), width);
        };
        // One row more than asked for shows whether there are more; only then is counting worth a second pass.
        let one_more = u32::try_from(rows_max.saturating_add(1)).unwrap_or(u32::MAX);
        let frame = self.collect(self.lazy.clone().limit(one_more))?;
        let total = if frame.height() > rows_max { self.count()? } else { frame.height() };
        self.write_rows(out, &frame.head(Some(rows_max)), total, width)
    }

    fn write_csv(&self, out: &mut dyn Write) -> Result<(), QueryError> {
        let mut frame = self.collect(self.lazy.clone())?;
        self.asked.run(|| as_text(&mut frame, |dtype| dtype.is_nested() || *dtype == DataType::Binary))?;
        self.written(|| CsvWriter::new(out).include_header(true).finish(&mut frame))
    }

    fn write_json(&self, out: &mut dyn Write) -> Result<(), QueryError> {
        let mut frame = self.collect(self.lazy.clone())?;
        self.asked.run(|| as_text(&mut frame, |dtype| *dtype == DataType::Binary))?;
        self.written(|| JsonWriter::new(&mut *out).with_json_format(JsonFormat::Json).finish(&mut frame))?;
        Ok(writeln!(out)?)
    }

    fn write_parquet(&self, out: &mut dyn Write) -> Result<(), QueryError> {
        let mut frame = self.collect(self.lazy.clone())?;
        self.written(|| ParquetWriter::new(out).finish(&mut frame).map(|_bytes| ()))
    }
}

impl Answer {
    fn collect(&self, lazy: LazyFrame) -> Result<DataFrame, QueryError> {
        self.asked.run(|| match lazy.clone().collect() {
            // The engine counts the rows of a union in a type that it is built without, unless it reads all columns.
            Err(error) if error.to_string().contains("UInt128") => lazy.with_projection_pushdown(false).collect(),
            ended => ended,
        })
    }

    /// Calls a writer of the engine. An error of the system is then an error of the destination.
    fn written(&self, write: impl FnOnce() -> PolarsResult<()>) -> Result<(), QueryError> {
        let mut refused = None;
        let ended = self.asked.run(|| {
            write().inspect_err(|error| {
                if let PolarsError::IO { error, .. } = error {
                    refused = Some(system_error(error));
                }
            })
        });
        match refused {
            Some(refused) => Err(QueryError::Write(refused)),
            None => ended,
        }
    }

    fn count(&self) -> Result<usize, QueryError> {
        let frame = self.collect(self.lazy.clone().select([len().alias("rows")]))?;
        let count = frame.columns()[0].get(0).ok().and_then(|value| value.extract::<u64>()).unwrap_or(0);
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    fn write_rows(&self, out: &mut dyn Write, frame: &DataFrame, total: usize, width: Option<usize>) -> Result<(), QueryError> {
        let columns: Vec<Column> = frame.columns().iter().map(column).collect();
        // Some values have no text: there are dates behind the last one that a calendar knows.
        let texts = |row| frame.columns().iter().map(|values| cell(values, row)).collect();
        let rows: Vec<Vec<String>> = self.asked.run(|| Ok((0..frame.height()).map(texts).collect()))?;
        Ok(write_text_table(out, &columns, &rows, total, width)?)
    }
}

fn column(values: &Values) -> Column {
    let right = values.dtype().is_primitive_numeric() || values.dtype().is_decimal();
    Column { name: values.name().to_string(), right, wraps: false }
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

/// Converts columns of types that a format cannot hold to text.
fn as_text(frame: &mut DataFrame, chosen: impl Fn(&DataType) -> bool) -> PolarsResult<()> {
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
        frame.replace_column(index, values)?;
    }
    Ok(())
}

/// Message of the engine without the plan that it appends, and of a few lines at most.
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
        .map(|line| cut(line, LINE_LENGTH_MAX))
        .collect();
    lines.join("\n")
}

/// Line of at most `length_max` characters. A longer one is cut behind a word and ends with `…`.
fn cut(line: &str, length_max: usize) -> String {
    let Some((end, _)) = line.char_indices().nth(length_max) else { return line.to_owned() };
    let whole_words = line[..end].rsplit_once(' ').map_or(&line[..end], |(words, _)| words);
    format!("{whole_words} …")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_at_a_word_and_says_so() {
        assert_eq!(cut("valid columns: [\"doc_kind\", \"doc_number\"]", 30), "valid columns: [\"doc_kind\", …");
        assert_eq!(cut("short", 30), "short");
    }
}
