//! The command line: one file per command, help and exit codes from one place.
//!
//! A command reads its arguments, calls one function of the library, and prints the result. It holds no rule of the domain.

mod answers;
mod check;
mod check_only;
mod close;
mod colour;
mod completions;
mod corrections;
mod day;
mod diff;
mod distribute;
mod end_report;
mod enp;
mod exit;
mod explain;
mod forms;
mod generate;
mod input_argument;
mod interrupt;
mod job_choice;
mod language;
mod layout;
mod lines;
mod log;
mod memory_watch;
mod month;
mod next_steps;
mod panics;
mod process;
mod profile;
mod progress;
mod query;
mod result_output;
mod review;
mod rules;
mod run;
mod run_choice;
mod runs;
mod tariff;
mod verify;
mod whole_number;

use std::io::{self, Write as _};
use std::panic::UnwindSafe;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use colour::ColorChoice;
use log::{Level, LogFormat};
use sverka_report::destination::Destination;
use sverka_text::{visible_json, visible_lines};

pub use exit::{EXITS, Exit, Failure};
pub use progress::{ProgressArgs, ProgressChoice};
pub use rules::markdown_page;

/// Version with the build. Programs with the same build give the same results.
const LONG_VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (build ", env!("SVERKA_BUILD"), ")");

/// Most columns of long help, on terminals of any width.
const HELP_WIDTH_MAX: usize = 100;

/// Reconciles insured-person registers and clinic attachments
///
/// Reads the registers of insurers and the attachment lists of clinics, checks every row, finds out which records are one person,
/// leaves each person one insurer and one clinic at a time, and counts the per-capita funding of each clinic.
#[derive(Debug, Parser)]
#[command(name = "sverka", version, long_version = LONG_VERSION, arg_required_else_help = true, max_term_width = HELP_WIDTH_MAX)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Colours: auto (on a terminal, unless NO_COLOR is set or TERM is dumb), always or never
    #[arg(long, value_enum, global = true, value_name = "WHEN", default_value_t = ColorChoice::Auto, hide_possible_values = true)]
    color: ColorChoice,

    /// What standard error gets: text, or json for one object a line (time, level, stage, message, figures)
    #[arg(long, value_enum, global = true, value_name = "FORMAT", default_value_t = LogFormat::Text, hide_possible_values = true)]
    log_format: LogFormat,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reconcile the sources of a job and publish the results
    Run(run::RunArgs),
    /// Check files without reconciling or publishing anything
    Check(check::CheckArgs),
    /// Make a synthetic region with known truth
    Generate(generate::GenerateArgs),
    /// Show layouts, and try one on a file
    Layout(layout::LayoutArgs),
    /// Answer the senders of a run, each in the form of its family
    Answers(answers::AnswersArgs),
    /// Ask a published run with SQL
    #[cfg_attr(not(feature = "query"), command(about = "Ask a published run with SQL (not in this build: feature `query`)"))]
    Query(query::QueryArgs),
    /// Make the papers of the month from a published run
    Forms(forms::FormsArgs),
    /// Show what has changed between two published runs
    Diff(diff::DiffArgs),
    /// Close a month by the run by which it is paid
    Close(close::CloseArgs),
    /// Show and book what later knowledge changes in a closed month
    Corrections(corrections::CorrectionsArgs),
    /// Propose who is to insure the people whose insurer left
    Distribute(distribute::DistributeArgs),
    /// Show what people have to look at, sorted by what is at stake
    Review(review::ReviewArgs),
    /// Show the rules: what is checked, linked and decided, and why
    Rules(rules::RulesArgs),
    /// Explain what a published run says of one person, and why
    Explain(explain::ExplainArgs),
    /// List published runs, keep some of them, remove old ones
    Runs(runs::RunsArgs),
    /// Say whether a published run still is what was published
    Verify(verify::VerifyArgs),
    /// Check tariffs against the appendices of agreements, and compare tariffs with each other
    Tariff(tariff::TariffArgs),
    /// Decode and check policy numbers (ENP)
    Enp(enp::EnpArgs),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
    /// Print the version and the build, as --version does
    #[command(hide = true, after_help = "Examples:\n  sverka version\n\nExits with 0.")]
    Version,
}

/// The program: reads the arguments, runs the command, prints its error, and returns the exit code.
#[must_use]
pub fn main() -> ExitCode {
    process::prepare();
    panics::install_hook();
    interrupt::ignore_file_size_signal();
    run_to_exit(|| {
        let arguments = parse();
        arguments.color.set_for_process();
        arguments.log_format.set_for_process();
        dispatch(&arguments.command)
    })
    .into()
}

/// Runs a command, prints its error, and returns how it ended, also after a panic.
fn run_to_exit(command: impl FnOnce() -> Result<Exit, Failure> + UnwindSafe) -> Exit {
    match std::panic::catch_unwind(command) {
        Ok(Ok(exit)) => exit,
        Ok(Err(failure)) => {
            if !failure.message.is_empty() {
                print_error(&failure.message);
            }
            failure.exit
        }
        Err(_) => match panics::changed_source() {
            Some(changed) => {
                print_error(changed);
                Exit::Input
            }
            // The hook has reported the panic.
            None => Exit::Invariant,
        },
    }
}

/// Prints a sentence on standard error. Control characters in names of files and in values are made visible.
fn print_error(sentence: &str) {
    log::report(Level::Error, sentence);
}

/// Says on standard error that a link was followed: the file that was written is not the one that the user named.
fn report_link(name: &Path, destination: &Destination) {
    if let Destination::LinkTarget { target } = destination {
        log::report(Level::Info, &format!("`{}` is a link; the answer was written to `{}`", name.display(), target.display()));
    }
}

/// Prints a result for people. Control characters in names of files and in values are made visible.
///
/// # Errors
/// As [`print_unchanged`].
fn print(text: &str) -> Result<(), Failure> {
    print_unchanged(&visible_lines(text))
}

/// Prints a result for programs. Control characters are escaped as JSON allows.
///
/// # Errors
/// As [`print_unchanged`].
fn print_json(json: &str) -> Result<(), Failure> {
    print_unchanged(&visible_json(json))
}

/// Prints a text that has no control characters of names or values. A reader that has gone away, as `head` does, is no error.
///
/// # Errors
/// When standard output cannot be written for another reason.
fn print_unchanged(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::output(&error)),
        _ => Ok(()),
    }
}

/// Reads the arguments, or prints the help or the error and ends the process.
fn parse() -> Cli {
    let width = terminal_width().min(HELP_WIDTH_MAX);
    let colours = ColorChoice::from_raw_arguments(std::env::args_os()).for_help();
    let next = if cfg!(feature = "query") { "query \"SELECT * FROM funding_clinic\"" } else { "review" };
    let start = format!("Start with:\n  sverka run job.toml\n  sverka {next}\n\n{}", exit::exit_help(width));
    let command = Cli::command().color(colours).after_help(start);
    let matches = command.get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

fn dispatch(command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Run(args) => run::run(args),
        Command::Check(args) => check::run(args),
        Command::Generate(args) => generate::run(args),
        Command::Layout(args) => layout::run(args),
        Command::Answers(args) => answers::run(args),
        Command::Query(args) => query::run(args),
        Command::Forms(args) => forms::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Close(args) => close::run(args),
        Command::Corrections(args) => corrections::run(args),
        Command::Distribute(args) => distribute::run(args),
        Command::Review(args) => review::run(args),
        Command::Rules(args) => rules::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Runs(args) => runs::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Tariff(args) => tariff::run(args),
        Command::Enp(args) => enp::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Version => print(&format!("sverka {LONG_VERSION}\n")).map(|()| Exit::Done),
    }
}

/// Columns of the terminal, or 100 where there is none.
fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(HELP_WIDTH_MAX, |(columns, _)| usize::from(columns.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_panics_exits_with_5() {
        assert_eq!(run_to_exit(|| panic!("invariant: the sums agree")).code(), 5);
    }

    #[test]
    fn a_command_that_panics_on_another_thread_of_its_pool_exits_with_5() {
        let command = || {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("threads");
            pool.install(|| rayon::join(|| (), || panic!("invariant: the sums agree")));
            Ok(Exit::Done)
        };
        assert_eq!(run_to_exit(command).code(), 5);
    }

    #[test]
    fn a_command_that_fails_exits_as_it_says() {
        assert_eq!(run_to_exit(|| Err(Failure::input(""))).code(), 3);
    }
}
