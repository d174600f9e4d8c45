//! The command line: one file per command, help and exit codes from one place.
//!
//! A command resolves what the user typed, calls one entry of the library, and says how it ended. It holds no rule of the domain.

mod check;
mod completions;
mod enp;
mod exit;
mod generate;
mod interrupt;
mod panics;
mod progress;
mod query;
mod run;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

pub use exit::{EXITS, Exit, Failure};
pub use progress::{ProgressArgs, ProgressChoice};

/// Where long help wraps at most, however wide the terminal is.
const HELP_WIDTH_MAX: usize = 100;

/// Reconciles insured-person registers and clinic attachments
///
/// Reads the registers of insurers and the attachment lists of clinics, checks every row, finds out which records are one person,
/// leaves each person one insurer and one clinic at a time, and counts the per-capita funding of each clinic.
#[derive(Debug, Parser)]
#[command(name = "sverka", version, arg_required_else_help = true, max_term_width = HELP_WIDTH_MAX)]
#[command(disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reconcile the sources of a job and publish the results
    Run(run::RunArgs),
    /// Check files without reconciling or publishing anything
    Check(check::CheckArgs),
    /// Make a synthetic region with known truth
    Generate(generate::GenerateArgs),
    /// Ask a published run with SQL
    Query(query::QueryArgs),
    /// Decode and check policy numbers (ENP)
    Enp(enp::EnpArgs),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
}

/// The whole program: reads the arguments, runs the command, reports how it ended.
#[must_use]
pub fn main() -> ExitCode {
    panics::install_hook();
    match std::panic::catch_unwind(|| dispatch(&parse().command)) {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(failure)) => {
            if !failure.message.is_empty() {
                // Nobody is left to tell when standard error is closed, too.
                let _ = writeln!(io::stderr(), "sverka: {}", failure.message);
            }
            failure.exit.into()
        }
        Err(_) => Exit::Invariant.into(),
    }
}

fn parse() -> Cli {
    let width = terminal_width().min(HELP_WIDTH_MAX);
    let command = Cli::command().after_help(format!(
        "Start with:\n  sverka run job.toml\n  sverka query \"SELECT * FROM funding_clinic\"\n\n{}",
        exit::exit_help(width)
    ));
    let matches = command.get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

fn dispatch(command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Run(args) => run::run(args),
        Command::Check(args) => check::run(args),
        Command::Generate(args) => generate::run(args),
        Command::Query(args) => query::run(args),
        Command::Enp(args) => enp::run(args),
        Command::Completions(args) => completions::run(args),
    }
}

/// Columns of the terminal, or 100 where there is none.
fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(HELP_WIDTH_MAX, |(columns, _)| usize::from(columns.0))
}
