//! `sverka query`: SQL over a published run.

#[cfg(feature = "query")]
pub(super) mod answer;

use std::path::PathBuf;

pub use super::run_choice::RunChoice;
use super::{Exit, Failure};

/// What the user typed after `query`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka query \"SHOW TABLES\"
  sverka query \"SELECT insurer, count(*) AS n FROM persons GROUP BY insurer\"
  sverka query \"SELECT * FROM findings WHERE code = 'ENP_SHARED'\" \\
      --to shared.csv
  sverka query 'SELECT clinic, \"from\", \"to\" FROM attachment_stays' --limit 9

A table has the name of its file in the run's folder. The column names from, to and table are words \
of SQL and need double quotes. Answers can hold personal data: they are yours to protect.

Exits with 0, or with 2 when the SQL is wrong, or with 3 when there is no such run.")]
pub struct QueryArgs {
    /// One SQL statement
    #[arg(value_name = "SQL")]
    sql: String,

    #[command(flatten)]
    run: RunChoice,

    #[command(flatten)]
    answer: AnswerChoice,
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
    #[arg(long, value_name = "ROWS", default_value_t = 50)]
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
