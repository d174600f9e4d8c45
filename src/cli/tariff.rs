//! `sverka tariff`: tariffs and the appendices of agreements, beside the runs that they are used in.

mod check;
mod compare;
mod comparison;
mod json;
mod pot;
mod rounding_names;
mod run_heads;
mod text;

use super::{Exit, Failure};

/// What the user typed after `tariff`.
#[derive(Debug, clap::Args)]
#[command(arg_required_else_help = true)]
#[command(after_help = "Examples:
  sverka tariff check appendix.csv
  sverka tariff check tariff.toml appendix.csv
  sverka tariff compare tariff_2026.toml tariff_2027.toml
  sverka tariff pot

Exits with 0, or as the help of each command says.")]
pub struct TariffArgs {
    #[command(subcommand)]
    action: TariffAction,
}

#[derive(Debug, clap::Subcommand)]
enum TariffAction {
    /// Compute the norms of an agreement's appendix again, and find the rounding that fits them
    Check(check::TariffCheckArgs),
    /// Pay the heads of a published run by two tariffs, and show what makes the difference for each clinic
    Compare(compare::TariffCompareArgs),
    /// Add up the money of the year's months, paid and expected, against the money of the programme
    Pot(pot::TariffPotArgs),
}

/// Runs a command about tariffs.
///
/// # Errors
/// When the command line is wrong, or a file cannot be read.
pub fn run(args: &TariffArgs) -> Result<Exit, Failure> {
    match &args.action {
        TariffAction::Check(args) => check::run(args),
        TariffAction::Compare(args) => compare::run(args),
        TariffAction::Pot(args) => pot::run(args),
    }
}
