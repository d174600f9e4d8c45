//! `sverka query`: SQL over a published run.

#[cfg(feature = "query")]
mod answer;

use std::path::PathBuf;

use super::input_argument::InputArgument;
#[cfg(feature = "query")]
use super::input_argument::text_of_file;
use super::result_output::{AnswerChoice, MemoryChoice};
use super::run_choice::RunChoice;
use super::{Exit, Failure};

/// What the user typed after `query`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka query \"SHOW TABLES\"
  sverka query \"SELECT insurer, count(*) AS n FROM persons GROUP BY insurer\"
  sverka query \"SELECT * FROM findings WHERE code = 'ENP_SHARED'\" \\
      --to shared.csv
  sverka query 'SELECT clinic, \"from\", \"to\" FROM attachment_stays' --limit 9
  sverka query \"DESCRIBE persons\"
  sverka query --file report.sql --to report.csv

A table has the name of its file in the run's folder. The column names from, to and table are words \
of SQL and need double quotes. Answers can hold personal data: they are yours to protect. A statement that names \
numbers of people is better read from standard input (-), so that it stands in no list of processes. It reads the tables of the \
run and nothing else, unless --allow-files.

Exits with 0, or with 2 when the SQL is wrong, or its file, the job or a run of that ID is not there, with 3 when no run is published or \
a table cannot be read, with 4 when memory or disk runs out, with 130 after Ctrl-C.")]
pub struct QueryArgs {
    /// One SQL statement; - reads it from standard input
    #[arg(value_name = "SQL")]
    sql: Option<InputArgument>,

    /// Read the statement from this file
    #[arg(long, value_name = "FILE.sql", conflicts_with = "sql")]
    file: Option<PathBuf>,

    #[command(flatten)]
    run: RunChoice,

    #[command(flatten)]
    answer: AnswerChoice,

    /// Let the statement read files of this machine: read_csv('FILE'), read_json('FILE') (an object a line), read_parquet('FILE')
    #[arg(long)]
    allow_files: bool,

    #[command(flatten)]
    memory: MemoryChoice,
}

impl QueryArgs {
    /// The statement of the argument, the file or standard input.
    ///
    /// # Errors
    /// When a file or standard input cannot be read, is no UTF-8, or is empty.
    #[cfg(feature = "query")]
    fn statement(&self) -> Result<String, Failure> {
        match (&self.sql, &self.file) {
            (Some(sql), _) => sql.text(),
            (None, Some(file)) => text_of_file(file),
            (None, None) => Err(Failure::usage(
                "no statement is given; write one behind `query`, name its file with --file FILE.sql, or read it from standard input with -",
            )),
        }
    }
}

/// Answers the query.
///
/// # Errors
/// When the SQL is wrong, there is no such run, or the answer cannot be written.
#[cfg(feature = "query")]
pub fn run(args: &QueryArgs) -> Result<Exit, Failure> {
    answer::run(args)
}

/// Says how to get this command.
///
/// # Errors
/// Always.
#[cfg(not(feature = "query"))]
pub fn run(_args: &QueryArgs) -> Result<Exit, Failure> {
    Err(Failure::usage("this sverka was built without SQL; build it with `cargo build --release --features query`"))
}
