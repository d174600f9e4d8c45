//! `sverka verify`: comparison of a published run with its manifest.

use std::path::Path;

use super::progress::ProgressArgs;
use super::run_choice::RunChoice;
use super::run_choice::output_folder;
use super::{Exit, Failure, print};
use crate::engine::Unit;
use sverka_publish::{Difference, Manifest, PublishError, bytes_of_runs, check_folder, differences};
use sverka_report::published::{PublishedError, locate_run};
use sverka_text::{binary_size, counted};

/// What the user typed after `verify`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka verify --job job.toml
  sverka verify --output /srv/oms/out --run 2026-11-01-5b0c7f2190aa4e11
  sverka verify --output /srv/oms/out --all

Reads every table of a published run and compares size and hash with the manifest; looks for files that the \
manifest does not name; and computes the id of the run again from the inputs in the manifest. With --all it does so for every run of \
OUTPUT, and looks whether `current` leads to a run, and whether closed months still have the tables by which they were paid, and whether booked corrections add up and have their runs unchanged.

Exits with 0 when the run is as it was published, 1 when something differs (each file is named), 2 when the command \
line is wrong, or the job or a run of that ID is not there, 3 when no run is published or its manifest cannot be read, 4 when the disk fails.")]
pub struct VerifyArgs {
    #[command(flatten)]
    run: RunChoice,

    /// Check every run, `current` and the closed months
    #[arg(long, conflicts_with = "run")]
    all: bool,

    #[command(flatten)]
    progress: ProgressArgs,
}

/// Compares a run with its manifest and prints every difference.
///
/// # Errors
/// When there is no such run, its manifest cannot be used, or a file cannot be read.
pub fn run(args: &VerifyArgs) -> Result<Exit, Failure> {
    let output = output_folder(&args.run, Path::new(""))?;
    if args.all {
        return verify_folder(args, &output);
    }
    let dir = locate_run(&output, args.run.run.as_deref()).map_err(not_located)?;
    let manifest = Manifest::read(&dir).map_err(unusable)?;
    let bytes = manifest.outputs.iter().map(|output| output.bytes).sum();
    let progress = args.progress.listener();
    let stage = progress.stage("hash tables", bytes, Unit::Bytes);
    let go_on = |bytes| {
        stage.advance(bytes);
        true
    };
    let found = differences(&dir, &manifest, &go_on).map_err(unusable)?;
    stage.finish();
    drop(stage);
    drop(progress);
    if found.is_empty() {
        if !args.progress.quiet {
            let (tables, size) = (counted(manifest.outputs.len() as u64, "table", "tables"), binary_size(bytes));
            print(&format!("Run {} is as it was published: {tables}, {size}\n", manifest.run_id))?;
        }
        return Ok(Exit::Done);
    }
    print(&report(&dir, &found))?;
    Ok(Exit::ThresholdPassed)
}

/// Compares every run of a folder, `current` and the closed months.
fn verify_folder(args: &VerifyArgs, output: &Path) -> Result<Exit, Failure> {
    if !output.join("runs").is_dir() {
        return Err(PublishedError::NoRun { output: output.to_owned() }.into());
    }
    let bytes = bytes_of_runs(output).map_err(unusable)?;
    let progress = args.progress.listener();
    let stage = progress.stage("hash tables", bytes, Unit::Bytes);
    let go_on = |bytes| {
        stage.advance(bytes);
        true
    };
    let check = check_folder(output, &go_on).map_err(unusable)?;
    stage.finish();
    drop(stage);
    drop(progress);
    let counts = [
        counted(check.runs, "run", "runs"),
        counted(check.closed, "closed month", "closed months"),
        counted(check.bookings, "booked correction", "booked corrections"),
    ];
    let counts = counts.join(", ");
    if check.damage.is_empty() {
        if !args.progress.quiet {
            print(&format!("Everything in {} is as it was published: {counts}, {}\n", output.display(), binary_size(bytes)))?;
        }
        return Ok(Exit::Done);
    }
    let lines: String = check.damage.iter().map(|damage| format!("  {damage}\n")).collect();
    print(&format!(
        "{} is damaged ({counts}):\n{lines}Restore what is named from a backup, or run its job again\n",
        output.display()
    ))?;
    Ok(Exit::ThresholdPassed)
}

/// Text about the differences.
fn report(dir: &Path, found: &[Difference]) -> String {
    let lines: String = found.iter().map(|difference| format!("  {difference}\n")).collect();
    format!(
        "The run in {} is not what was published:\n{lines}Run its job again: a changed run is noticed, computed anew and replaced\n",
        dir.display()
    )
}

fn not_located(error: PublishedError) -> Failure {
    match error {
        PublishedError::RunUnknown { .. } => Failure::usage(error),
        _ => Failure::input(error),
    }
}

fn unusable(error: PublishError) -> Failure {
    Failure::new(if error.is_exhausted() { Exit::Resource } else { Exit::Input }, error)
}
