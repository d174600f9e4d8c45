//! Finds the run, has the SQL answered, and sends the answer where the user wants it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use super::{AnswerChoice, Format, QueryArgs, RunChoice};
use crate::cli::run_choice::output_folder;
use crate::cli::{Exit, Failure};
use crate::report::published::{PublishedError, locate_run};
use crate::report::query::{Answer, QueryError, RunTables};

/// Answers the query.
pub(super) fn run(args: &QueryArgs) -> Result<Exit, Failure> {
    let format = chosen_format(&args.answer, io::stdout().is_terminal())?;
    let answer = RunTables::open(&run_folder(&args.run)?)?.execute(&args.sql)?;
    send(answer, format, &args.answer)?;
    Ok(Exit::Done)
}

/// The folder of the run that the user means.
pub fn run_folder(choice: &RunChoice) -> Result<PathBuf, Failure> {
    let output = output_folder(choice, Path::new(""))?;
    Ok(locate_run(&output, choice.run.as_deref()).map_err(QueryError::from)?)
}

/// Sends an answer where the user wants it.
pub fn send(answer: Answer, format: Format, choice: &AnswerChoice) -> Result<(), Failure> {
    let rows_max = (choice.limit > 0).then_some(choice.limit);
    let Some(file) = &choice.to else {
        let width = terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0));
        let mut out = BufWriter::new(io::stdout().lock());
        write(answer, format, rows_max, width, &mut out)?;
        return out.flush().map_err(|error| Failure::output(&error));
    };
    write_file(file, |out| write(answer, format, rows_max, None, out))
}

pub fn write(
    answer: Answer,
    format: Format,
    rows_max: Option<usize>,
    width: Option<usize>,
    out: &mut dyn Write,
) -> Result<(), QueryError> {
    match format {
        Format::Table => answer.write_table(out, rows_max, width),
        Format::Csv => answer.write_csv(out),
        Format::Json => answer.write_json(out),
        Format::Parquet => answer.write_parquet(out),
    }
}

/// Writes beside and renames, so that the file is whole or not there.
pub fn write_file(file: &Path, write: impl FnOnce(&mut dyn Write) -> Result<(), QueryError>) -> Result<(), Failure> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = file.with_file_name(name);
    let written = || -> Result<(), QueryError> {
        let mut out = BufWriter::new(File::create(&part)?);
        write(&mut out)?;
        out.flush()?;
        Ok(fs::rename(&part, file)?)
    };
    written().map_err(|error| {
        // What cannot be removed was never created.
        let _ = fs::remove_file(&part);
        match error {
            QueryError::Write(error) => Failure::new(Exit::Resource, format_args!("cannot write `{}`: {error}", file.display())),
            other => other.into(),
        }
    })
}

/// The format that was asked for, else the one of the file's ending, else what suits standard output.
pub fn chosen_format(args: &AnswerChoice, terminal: bool) -> Result<Format, Failure> {
    let ending = args.to.as_deref().and_then(Path::extension).and_then(OsStr::to_str);
    let format = match (args.format, ending, &args.to) {
        (Some(format), _, _) => format,
        (None, Some("csv"), _) => Format::Csv,
        (None, Some("json"), _) => Format::Json,
        (None, Some("parquet"), _) => Format::Parquet,
        (None, Some("txt"), _) => Format::Table,
        (None, _, Some(file)) => {
            return Err(Failure::usage(format_args!(
                "`{}` does not end in .csv, .json, .parquet or .txt; say with --format what to write",
                file.display()
            )));
        }
        (None, _, None) if terminal => Format::Table,
        (None, _, None) => Format::Csv,
    };
    if format == Format::Parquet && args.to.is_none() && terminal {
        return Err(Failure::usage("Parquet is not for terminals; name a file with --to FILE, or redirect the output"));
    }
    Ok(format)
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Published(PublishedError::RunUnknown { .. }) | QueryError::Sql { .. } | QueryError::ReadOnly { .. } => {
                Self::usage(error)
            }
            QueryError::Write(error) => Self::output(&error),
            QueryError::Published(_) | QueryError::NoTables { .. } | QueryError::Table { .. } => Self::input(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: QueryArgs,
    }

    fn typed(rest: &[&str]) -> QueryArgs {
        Line::parse_from(["query", "SELECT 1"].iter().chain(rest)).args
    }

    #[test]
    fn the_format_follows_flag_file_and_terminal() {
        let chosen = |rest: &[&str], terminal| chosen_format(&typed(rest).answer, terminal).map_err(|failure| failure.exit);
        assert_eq!(chosen(&[], true), Ok(Format::Table));
        assert_eq!(chosen(&[], false), Ok(Format::Csv));
        assert_eq!(chosen(&["--to", "a.parquet"], true), Ok(Format::Parquet));
        assert_eq!(chosen(&["--to", "a.csv", "--format", "json"], true), Ok(Format::Json));
        assert_eq!(chosen(&["--to", "a.xlsx"], true), Err(Exit::Usage));
        assert_eq!(chosen(&["--format", "parquet"], true), Err(Exit::Usage));
        assert_eq!(chosen(&["--format", "parquet"], false), Ok(Format::Parquet));
    }
}
