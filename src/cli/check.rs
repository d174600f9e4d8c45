//! `sverka check`: the row checks without reconciliation, for files before sending or after receipt.

mod basis;
mod documents;
mod expected;
mod rows;
mod summary;

use std::path::PathBuf;

use super::day::day;
use super::lines::line_width;
use super::progress::ProgressArgs;
use super::run::{failure, threads};
use super::{Exit, Failure, interrupt, print, print_json};
use crate::engine::{CheckedSource, Keep, check_sources};
use crate::job::Source;
use basis::CheckBasis;
use rows::{CheckResult, RowsFormat};
use sverka_model::Date;
use sverka_settings::Then;

/// What the user typed after `check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka check incoming/34001.csv --job job.toml
  sverka check inbox/MO234000120261031.zip --job job.toml --layout mo
  sverka check *.csv --as-of 2026-11-01 \\
      --insurers insurers.csv --clinics clinics.csv
  sverka check clinic.csv --layout mo --to findings.csv

Without --job, --insurers and --clinics the job.toml of the working folder is taken, if there is one. Tables of \
insurers and clinics that are not there are done without; the rules that ask them are named. With --to and --json \
each finding has its row, what was expected and what was found: values of rows, which are yours to protect.

Exits with 0 when no row has an error, 1 when a row would be quarantined or a file holds no record at all or looks \
incomplete, 2 when the command line or the job is wrong or the job or the layout is not there, 3 when a file cannot be read, 4 when memory \
or disk ran out or a file changed meanwhile, 8 when a file to check or a table of --insurers or --clinics is not there (yet), 130 after Ctrl-C.")]
pub struct CheckArgs {
    /// Files to check
    #[arg(value_name = "FILES", required = true)]
    pub files: Vec<PathBuf>,

    /// Take as-of date, reference tables and layouts from this job [default: ./job.toml, if it is there]
    #[arg(long, value_name = "JOB.toml")]
    pub job: Option<PathBuf>,

    /// Check as of this day, a date or today [default: the job's, else today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Date>,

    /// Reference table of insurers
    #[arg(long, value_name = "FILE", conflicts_with = "job")]
    pub insurers: Option<PathBuf>,

    /// Reference table of clinics
    #[arg(long, value_name = "FILE", conflicts_with = "job")]
    pub clinics: Option<PathBuf>,

    /// What the files hold, in canonical columns: register, attachments, or auto (their headers tell)
    #[arg(long, value_enum, default_value_t = TableChoice::Auto, hide_possible_values = true)]
    pub table: TableChoice,

    /// Read the files with this layout: a built-in one or a .toml file; by default the job's, else
    /// the one that header or name choose
    #[arg(long, value_name = "LAYOUT", conflicts_with = "table")]
    pub layout: Option<String>,

    /// Write every finding with its row into this file, .csv or .json
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,

    /// Print everything as JSON, for programs
    #[arg(long)]
    pub json: bool,

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

/// Checks the files and prints the findings.
///
/// # Errors
/// When the job or a reference table is wrong, a file cannot be read, or the findings cannot be written.
pub fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let interrupted = interrupt::listen()?;
    let format = args.to.as_deref().map(RowsFormat::of_file).transpose()?;
    let basis = CheckBasis::from_args(args)?;
    let sources_of_files = args.files.iter().map(|file| documents::sources(file, args, &basis));
    let sources: Vec<Source> = sources_of_files.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    let progress = args.progress.listener();
    let keep = if args.json || format.is_some() { Keep::AllFindings } else { Keep::Counts };
    let check = || check_sources(&sources, &basis.context(), keep, &*progress, interrupted);
    let checked = threads(None)?.install(check).map_err(failure)?;
    drop(progress);
    let result = CheckResult { basis: &basis, sources: &sources, checked: &checked };
    if let (Some(file), Some(format)) = (&args.to, format) {
        result.write_to(file, format)?;
    }
    if args.json {
        print_json(&result.to_json())?;
    } else if !args.progress.quiet {
        let width = line_width();
        let summaries = sources.iter().zip(&checked).map(|(source, checked)| summary::source_summary(source, checked, width));
        print(&summaries.chain([summary::basis_summary(&basis, width)]).collect::<String>())?;
    }
    Ok(if needs_attention(&basis, &checked) { Exit::ThresholdPassed } else { Exit::Done })
}

/// Whether a row has an error, or a file as a whole needs attention.
fn needs_attention(basis: &CheckBasis, checked: &[CheckedSource]) -> bool {
    let consequence = |code| basis.rules.sources.consequence(code).map_or(Then::Note, |(then, _)| then);
    let file_needs_attention = |checked: &CheckedSource| {
        !checked.facts.is_empty() || checked.source_finding.is_some_and(|code| consequence(code) >= Then::Warn)
    };
    checked.iter().any(|checked| checked.quarantined > 0 || file_needs_attention(checked))
}
