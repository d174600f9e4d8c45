//! `sverka review`: lists of cases that people have to decide after a run.

mod lists;

use std::path::PathBuf;

use super::language::LanguageChoice;
use super::result_output::{Format, MemoryChoice};
use super::run_choice::RunChoice;
use super::whole_number::whole_number;
use super::{Exit, Failure};

/// What the user typed after `review`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka review
  sverka review ties --job job.toml
  sverka review closures --to closures.csv
  sverka review attached_dead --clinic 980101 --to dead.csv
  sverka review --to review/

Without a name it says how long each list is and what is at stake in it: heads of the register and roubles per month, \
in CSV and JSON persons, too. Lists hold personal data: they are yours to protect.

Exits with 0, or with 2 when there is no such list, insurer or clinic, or the job or a run of that ID is not there, with 3 when no run is \
published or a table cannot be read, with 4 when memory or disk runs out, with 130 after Ctrl-C.")]
pub struct ReviewArgs {
    /// The list; without one all of them in short
    #[arg(value_name = "LIST")]
    list: Option<String>,

    /// Only rows that name this insurer, by its code
    #[arg(long, value_name = "CODE")]
    insurer: Option<String>,

    /// Only rows that name this clinic, by its code
    #[arg(long, value_name = "CODE")]
    clinic: Option<String>,

    #[command(flatten)]
    run: RunChoice,

    /// How to write [default: by the ending of --to; else table on a terminal, csv elsewhere]
    #[arg(long, short, value_enum)]
    format: Option<Format>,

    /// Write the list into this file; without a list, all of them into this folder
    #[arg(long, value_name = "FILE|DIR")]
    to: Option<PathBuf>,

    /// Rows that a table shows at most; 0 shows all
    #[arg(long, value_name = "ROWS", default_value_t = 50, value_parser = whole_number::<usize>)]
    limit: usize,

    #[command(flatten)]
    lang: LanguageChoice,

    #[command(flatten)]
    memory: MemoryChoice,
}

/// Shows or writes lists.
///
/// # Errors
/// When there is no such list or run, or a list cannot be written.
pub fn run(args: &ReviewArgs) -> Result<Exit, Failure> {
    lists::run(args)
}
