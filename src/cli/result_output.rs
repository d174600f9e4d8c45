//! Output of the rows of an answer or a list: destination, format and limit of memory.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use super::lines::line_width;
use super::run::memory_size;
use super::run_choice::{RunChoice, output_folder};
use super::whole_number::whole_number;
use super::{Exit, Failure, print_unchanged, report_link};
use sverka_publish::is_exhausted;
use sverka_report::destination::write_to;
use sverka_report::published::{PublishedError, locate_run};
use sverka_report::result_set::{ResultError, ResultSet};
use sverka_text::{visible_json, visible_lines};

/// How much memory an answer may take.
#[derive(Debug, clap::Args)]
pub struct MemoryChoice {
    /// End with exit code 4 beyond this much memory, such as 4GiB [default: most of what the machine or its control group has]
    #[arg(long, value_name = "SIZE", value_parser = memory_size)]
    pub memory_limit: Option<u64>,
}

/// How and where an answer is written.
#[derive(Debug, clap::Args)]
pub struct AnswerChoice {
    /// How to write the answer [default: by the ending of --to; else table on a terminal, csv elsewhere]
    #[arg(long, short, value_enum)]
    pub format: Option<Format>,

    /// Write the answer into this file
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,

    /// Rows that a table shows at most; 0 shows all
    #[arg(long, value_name = "ROWS", default_value_t = 50, value_parser = whole_number::<usize>)]
    pub limit: usize,
}

/// How to write the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Text for people
    Table,
    /// Comma-separated, with a header; elements of a list joined by |
    Csv,
    /// One array of objects; decimals as text, to keep every digit
    Json,
    /// For other programs
    Parquet,
}

/// Folder of the run that the user chose.
pub(super) fn run_folder(choice: &RunChoice) -> Result<PathBuf, Failure> {
    let output = output_folder(choice, Path::new(""))?;
    Ok(locate_run(&output, choice.run.as_deref())?)
}

impl From<PublishedError> for Failure {
    fn from(error: PublishedError) -> Self {
        let exit = if matches!(error, PublishedError::RunUnknown { .. }) { Exit::Usage } else { Exit::Input };
        Self::new(exit, error)
    }
}

/// Writes rows to the file or the screen that the user chose.
pub(super) fn send<R>(rows: &R, format: Format, choice: &AnswerChoice) -> Result<(), Failure>
where
    R: ResultSet<Error: Into<Failure>>,
{
    let rows_max = (choice.limit > 0).then_some(choice.limit);
    let Some(file) = &choice.to else {
        if io::stdout().is_terminal() && matches!(format, Format::Csv | Format::Json) {
            let mut text = Vec::new();
            write(rows, format, rows_max, None, &mut text).map_err(rows_failure)?;
            return print_unchanged(&for_terminal(&String::from_utf8_lossy(&text), format));
        }
        let mut out = BufWriter::new(io::stdout().lock());
        write(rows, format, rows_max, Some(line_width()), &mut out).map_err(rows_failure)?;
        return out.flush().map_err(|error| Failure::output(&error));
    };
    write_file(file, |out| write(rows, format, rows_max, None, out))
}

/// Failure of rows that are written to standard output.
fn rows_failure<E: ResultError + Into<Failure>>(error: E) -> Failure {
    error.into_write_cause().map_or_else(Into::into, |cause| Failure::output(&cause))
}

/// An answer for programs that is shown on a terminal. Control characters in values are made visible.
fn for_terminal(text: &str, format: Format) -> Cow<'_, str> {
    if format == Format::Json { visible_json(text) } else { visible_lines(text) }
}

/// Writes rows in a format.
pub(super) fn write<R: ResultSet>(
    rows: &R,
    format: Format,
    rows_max: Option<usize>,
    width: Option<usize>,
    out: &mut dyn Write,
) -> Result<(), R::Error> {
    match format {
        Format::Table => rows.write_table(out, rows_max, width),
        Format::Csv => rows.write_csv(out),
        Format::Json => rows.write_json(out),
        Format::Parquet => rows.write_parquet(out),
    }
}

/// Writes rows into a file that the user named.
pub(super) fn write_file<E>(file: &Path, write: impl FnOnce(&mut dyn Write) -> Result<(), E>) -> Result<(), Failure>
where
    E: ResultError + Into<Failure>,
{
    let unwritable = |cause: io::Error| {
        let exit = if is_exhausted(&cause) { Exit::Resource } else { Exit::Usage };
        Failure::new(exit, format_args!("cannot write `{}`: {cause}", file.display()))
    };
    let arrival = write_to(file, write).map_err(|error: E| error.into_write_cause().map_or_else(Into::into, unwritable))?;
    report_link(file, &arrival);
    Ok(())
}

/// Format of the argument, else of the file's ending, else the one that suits standard output.
pub(super) fn chosen_format(args: &AnswerChoice, terminal: bool) -> Result<Format, Failure> {
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: AnswerChoice,
    }

    fn typed(rest: &[&str]) -> AnswerChoice {
        Line::parse_from(["query"].iter().chain(rest)).args
    }

    #[test]
    fn a_terminal_gets_no_control_characters_of_values() {
        let csv = "surname\n\u{1b}]0;x\u{7}\u{202e}\n";
        assert_eq!(for_terminal(csv, Format::Csv), "surname\n\\u{1b}]0;x\\u{7}\\u{202e}\n");
        assert_eq!(for_terminal("[\"\u{9b}\"]\n", Format::Json), "[\"\\u009b\"]\n");
    }

    #[test]
    fn the_format_follows_flag_file_and_terminal() {
        let chosen = |rest: &[&str], terminal| chosen_format(&typed(rest), terminal).map_err(|failure| failure.exit);
        assert_eq!(chosen(&[], true), Ok(Format::Table));
        assert_eq!(chosen(&[], false), Ok(Format::Csv));
        assert_eq!(chosen(&["--to", "a.parquet"], true), Ok(Format::Parquet));
        assert_eq!(chosen(&["--to", "a.csv", "--format", "json"], true), Ok(Format::Json));
        assert_eq!(chosen(&["--to", "a.xlsx"], true), Err(Exit::Usage));
        assert_eq!(chosen(&["--format", "parquet"], true), Err(Exit::Usage));
        assert_eq!(chosen(&["--format", "parquet"], false), Ok(Format::Parquet));
    }
}
