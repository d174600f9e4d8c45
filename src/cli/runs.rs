//! `sverka runs`: the published runs of an output folder, which of them stay, and which go.

mod list;
mod pin;
mod prune;

use std::path::{Path, PathBuf};

use super::result_output::AnswerChoice;
use super::run_choice::{RunChoice, output_folder};
use super::{Exit, Failure};
use sverka_publish::{OutputFolder, PublishError, Readers};
use sverka_report::published::PublishedError;

/// What the user typed after `runs`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:
  sverka runs --job job.toml
  sverka runs --output /srv/oms/out --format csv --to runs.csv
  sverka runs pin 2026-11-01-5b0c7f2190aa4e11
  sverka runs prune --keep 30 --keep-monthly 24 --dry-run

Reads manifests only, the oldest run first. A run is marked as current, pinned, closed with the months that were paid by it, and booked with the corrections that it gave.

Exits with 0, 1 when the manifest of a run cannot be read (each run is named), 2 when the command line or the job is wrong, 3 when \
there are no runs or a pin or a closed month cannot be read, 4 when the disk fails.")]
pub struct RunsArgs {
    #[command(subcommand)]
    action: Option<RunsAction>,

    #[command(flatten)]
    folder: FolderChoice,

    #[command(flatten)]
    answer: AnswerChoice,
}

#[derive(Debug, clap::Subcommand)]
enum RunsAction {
    /// Keep a run from being pruned
    Pin(pin::PinArgs),
    /// Let a pinned run be pruned again
    Unpin(pin::UnpinArgs),
    /// Remove old runs
    Prune(prune::PruneArgs),
}

/// Which folder of published runs is meant.
#[derive(Debug, clap::Args)]
pub struct FolderChoice {
    /// Folder of the published runs [default: that of ./job.toml, else ./out]
    #[arg(long, short, value_name = "DIR", conflicts_with = "job")]
    output: Option<PathBuf>,

    /// Take the folder of the published runs from this job
    #[arg(long, value_name = "JOB.toml")]
    job: Option<PathBuf>,
}

impl FolderChoice {
    /// Output folder.
    ///
    /// # Errors
    /// When no folder is named or found, or it holds no runs.
    pub(super) fn path(&self) -> Result<PathBuf, Failure> {
        let choice = RunChoice { output: self.output.clone(), job: self.job.clone(), run: None };
        let output = output_folder(&choice, Path::new(""))?;
        if output.join("runs").is_dir() { Ok(output) } else { Err(PublishedError::NoRun { output }.into()) }
    }

    /// Output folder, locked for this process. Remains of killed runs are cleared.
    ///
    /// # Errors
    /// As [`Self::path`]; when another process holds the folder.
    pub(super) fn open(&self) -> Result<OutputFolder, Failure> {
        OutputFolder::open(&self.path()?, Readers::default()).map_err(failure)
    }
}

/// Lists or changes the runs of an output folder.
///
/// # Errors
/// When there are no runs, the command line is wrong, another process holds the folder, or the disk fails.
pub fn run(args: &RunsArgs) -> Result<Exit, Failure> {
    match &args.action {
        None => list::run(&args.folder, &args.answer),
        Some(RunsAction::Pin(args)) => pin::pin(args),
        Some(RunsAction::Unpin(args)) => pin::unpin(args),
        Some(RunsAction::Prune(args)) => prune::run(args),
    }
}

/// Failure of a command about the output folder.
pub(super) fn failure(error: PublishError) -> Failure {
    let exit = match &error {
        PublishError::Locked { .. } => Exit::Resource,
        PublishError::NotPublished { .. } => Exit::Usage,
        error if error.is_exhausted() => Exit::Resource,
        _ => Exit::Input,
    };
    Failure::new(exit, error)
}
