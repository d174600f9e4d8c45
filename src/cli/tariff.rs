//! `sverka tariff`: tariffs and the appendices of agreements, without a run.

mod check;
mod json;
mod rounding_names;
mod text;

use super::{Exit, Failure};

/// What the user typed after `tariff`.
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
#[command(after_help = "Examples:
  sverka tariff check appendix.csv
  sverka tariff check tariff.toml appendix.csv

Exits with 0, or as the help of each command says.")]
pub struct TariffArgs {
    #[command(subcommand)]
    action: TariffAction,
}

#[derive(Debug, clap::Subcommand)]
enum TariffAction {
    /// Compute the norms of an agreement's appendix again, and find the rounding that fits them
    Check(check::TariffCheckArgs),
}

/// Runs a command about tariffs.
///
/// # Errors
/// When the command line is wrong, or a file cannot be read.
pub fn run(args: &TariffArgs) -> Result<Exit, Failure> {
    match &args.action {
        TariffAction::Check(args) => check::run(args),
    }
}
