//! Pins: runs that are not pruned.

use super::{FolderChoice, failure};
use crate::cli::{Exit, Failure, print};
use sverka_publish::{Pin, user_name};

/// What the user typed after `runs pin`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka runs pin 2026-11-01-5b0c7f2190aa4e11 --job job.toml

The pin is a file in OUTPUT/pinned that says who pinned the run and when.

Exits with 0, 2 when there is no such run, or the command line or the job is wrong, 3 when there are no runs, 4 when a run is at work \
on OUTPUT or the disk fails.")]
pub(super) struct PinArgs {
    /// Run to keep
    #[arg(value_name = "ID")]
    run: String,

    #[command(flatten)]
    folder: FolderChoice,
}

/// What the user typed after `runs unpin`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka runs unpin 2026-11-01-5b0c7f2190aa4e11 --job job.toml

Exits with 0, 2 when no such run is pinned, or the command line or the job is wrong, 3 when there are no runs, 4 when a run is at \
work on OUTPUT or the disk fails.")]
pub(super) struct UnpinArgs {
    /// Run whose pin is taken away
    #[arg(value_name = "ID")]
    run: String,

    #[command(flatten)]
    folder: FolderChoice,
}

/// Pins a run.
pub(super) fn pin(args: &PinArgs) -> Result<Exit, Failure> {
    let folder = args.folder.open()?;
    let pin = Pin { run_id: args.run.clone(), pinned_by: user_name(), pinned_at: jiff::Timestamp::now().to_string() };
    folder.pin(&pin).map_err(failure)?;
    print(&format!("Run {} is pinned: it is not pruned\n", args.run)).map(|()| Exit::Done)
}

/// Takes a pin away.
pub(super) fn unpin(args: &UnpinArgs) -> Result<Exit, Failure> {
    if !args.folder.open()?.unpin(&args.run).map_err(failure)? {
        return Err(Failure::usage(format_args!("no run `{}` is pinned; `sverka runs` lists the pinned ones", args.run)));
    }
    print(&format!("Run {} is not pinned any more\n", args.run)).map(|()| Exit::Done)
}
