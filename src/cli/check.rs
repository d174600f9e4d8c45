//! `sverka check`: the row checks alone, over files that someone is about to send or has just received.

use std::path::PathBuf;

use super::progress::ProgressArgs;
use super::{Exit, Failure};
use crate::identifier::Date;

/// What the user typed after `check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka check incoming/34001.csv --job job.toml
  sverka check *.csv --as-of 2026-11-01 \\
      --insurers insurers.csv --clinics clinics.csv

Exits with 0 when no row has an error, 1 when a row would be quarantined, 2 on wrong usage, 3 when \
a file cannot be read.")]
pub struct CheckArgs {
    /// Files to check
    #[arg(value_name = "FILES", required = true)]
    pub files: Vec<PathBuf>,

    /// Take as-of date, reference tables and layouts from this job
    #[arg(long, value_name = "JOB.toml")]
    pub job: Option<PathBuf>,

    /// Check as of this day
    #[arg(long, value_name = "DATE", required_unless_present = "job")]
    pub as_of: Option<Date>,

    /// Reference table of insurers
    #[arg(long, value_name = "FILE", required_unless_present = "job", conflicts_with = "job")]
    pub insurers: Option<PathBuf>,

    /// Reference table of clinics
    #[arg(long, value_name = "FILE", required_unless_present = "job", conflicts_with = "job")]
    pub clinics: Option<PathBuf>,

    /// What the files hold: register, attachments, or auto (their headers tell)
    #[arg(long, value_enum, default_value_t = TableChoice::Auto, hide_possible_values = true)]
    pub table: TableChoice,

    #[command(flatten)]
    pub progress: ProgressArgs,
}

/// Which table a file's rows belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum TableChoice {
    /// Look at the header
    Auto,
    /// Policies of insured persons
    Register,
    /// Attachments to clinics
    Attachments,
}

/// Checks the files and prints what was found.
///
/// # Errors
/// When the job or a reference table is wrong, or a file cannot be read.
pub fn run(_args: &CheckArgs) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Invariant, "the checks are not part of this build yet"))
}
