//! Finds the run, has the SQL answered, and sends the answer where the user wants it.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use super::{AnswerChoice, Format, QueryArgs, RunChoice, watch};
use crate::cli::lines::line_width;
use crate::cli::run_choice::output_folder;
use crate::cli::{Exit, Failure, print_as_it_is, tell_of_link};
use crate::report::destination::write_to;
use crate::report::published::{PublishedError, locate_run};
use crate::report::query::{Answer, FileAccess, QueryError, RunTables, TableFault, with_room};
use sverka_publish::is_exhausted;
use sverka_text::{visible_json, visible_lines};

/// Answers the query.
pub(super) fn run(args: &QueryArgs) -> Result<Exit, Failure> {
    let format = chosen_format(&args.answer, io::stdout().is_terminal())?;
    let (sql, folder) = (args.statement()?, run_folder(&args.run)?);
    let files = if args.allow_files { FileAccess::Allowed } else { FileAccess::Refused };
    watch::begin(&args.memory)?;
    with_room(|| {
        let answer = RunTables::open(&folder, files)?.execute(&sql)?;
        send(answer, format, &args.answer)?;
        Ok(Exit::Done)
    })
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
        if io::stdout().is_terminal() && matches!(format, Format::Csv | Format::Json) {
            let mut text = Vec::new();
            write(answer, format, rows_max, None, &mut text)?;
            return print_as_it_is(&on_terminal(&String::from_utf8_lossy(&text), format));
        }
        let mut out = BufWriter::new(io::stdout().lock());
        write(answer, format, rows_max, Some(line_width()), &mut out)?;
        return out.flush().map_err(|error| Failure::output(&error));
    };
    write_file(file, |out| write(answer, format, rows_max, None, out))
}

/// An answer for programs, where people look at it: values of others cannot do anything to the terminal.
fn on_terminal(text: &str, format: Format) -> Cow<'_, str> {
    if format == Format::Json { visible_json(text) } else { visible_lines(text) }
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

/// Writes an answer under a name that the user gave.
pub fn write_file(file: &Path, write: impl FnOnce(&mut dyn Write) -> Result<(), QueryError>) -> Result<(), Failure> {
    match write_to(file, write) {
        Ok(arrival) => {
            tell_of_link(file, &arrival);
            Ok(())
        }
        Err(QueryError::Write(cause)) => {
            let exit = if is_exhausted(&cause) { Exit::Resource } else { Exit::Usage };
            Err(Failure::new(exit, format_args!("cannot write `{}`: {cause}", file.display())))
        }
        Err(other) => Err(other.into()),
    }
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
        let exit = match &error {
            QueryError::Table(TableFault { cause, .. }) | QueryError::File { cause, .. } if is_exhausted(cause) => Exit::Resource,
            QueryError::Thread(_) => Exit::Resource,
            QueryError::Published(PublishedError::RunUnknown { .. })
            | QueryError::Sql { .. }
            | QueryError::Refused(_)
            | QueryError::File { .. } => Exit::Usage,
            QueryError::Write(cause) => return Self::output(cause),
            QueryError::Published(_) | QueryError::NoTables { .. } | QueryError::Table(_) => Exit::Input,
        };
        Self::new(exit, error)
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
    fn a_terminal_gets_no_control_characters_of_values() {
        let csv = "surname\n\u{1b}]0;x\u{7}\u{202e}\n";
        assert_eq!(on_terminal(csv, Format::Csv), "surname\n\\u{1b}]0;x\\u{7}\\u{202e}\n");
        assert_eq!(on_terminal("[\"\u{9b}\"]\n", Format::Json), "[\"\\u009b\"]\n");
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
