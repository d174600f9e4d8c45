//! Pruning: removal of whole runs that nobody has to keep.

use std::fmt::Write as _;

use super::{FolderChoice, failure};
use crate::cli::whole_number::whole_number;
use crate::cli::{Exit, Failure, print, print_error};
use sverka_publish::{ListedRun, OutputFolder, PrunePlan, Retention, RunList};
use sverka_text::{binary_size, counted};

/// What the user typed after `runs prune`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka runs prune --keep 30 --keep-monthly 24 --dry-run
  sverka runs prune --job job.toml --keep 30 --keep-monthly 24

Removes whole runs with the answers in OUTPUT/answers. The current run, runs by which a closed month was paid, pinned runs and runs \
whose manifest cannot be read always stay; a run that a booking names stays unless the booking's figures stand in its file. A run that is being removed is no run any more: when the command is killed, the next one finishes.

Exits with 0, 1 when a run stays because its manifest cannot be read, 2 when the command line or the job is wrong, 3 when there are no \
runs or a pin or a closed month cannot be read (nothing is removed then), 4 when a run is at work on OUTPUT or the disk fails.")]
#[command(group = clap::ArgGroup::new("kept").required(true).multiple(true))]
pub(super) struct PruneArgs {
    /// Keep so many runs, those that started last
    #[arg(long, value_name = "N", group = "kept", value_parser = whole_number::<usize>)]
    keep: Option<usize>,

    /// Keep the last run of each of the newest N months; the month of a run is that of its as-of date
    #[arg(long, value_name = "N", group = "kept", value_parser = whole_number::<usize>)]
    keep_monthly: Option<usize>,

    /// Say what would be removed, and remove nothing
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    folder: FolderChoice,
}

/// Removes runs.
pub(super) fn run(args: &PruneArgs) -> Result<Exit, Failure> {
    let retention = Retention { newest: args.keep.unwrap_or(0), months: args.keep_monthly.unwrap_or(0) };
    let output = args.folder.path()?;
    // The list is made under the lock: no run is published or pinned between the plan and the removal.
    let folder = if args.dry_run { None } else { Some(args.folder.open()?) };
    let plan = retention.plan(RunList::read(&output).map_err(failure)?);
    if let Some(folder) = &folder {
        remove(folder, &plan.removed)?;
    }
    print(&report(&plan, args.dry_run))?;
    for run in &plan.unreadable {
        print_error(&format!("run {} stays: {}", run.run_id, run.error));
    }
    Ok(if plan.unreadable.is_empty() { Exit::Done } else { Exit::ThresholdPassed })
}

/// Removes runs, the oldest first.
fn remove(folder: &OutputFolder, runs: &[ListedRun]) -> Result<(), Failure> {
    runs.iter().try_for_each(|run| folder.remove_run(&run.run_id)).map_err(failure)
}

/// Text about the runs that go and those that stay.
fn report(plan: &PrunePlan, is_dry: bool) -> String {
    let bytes = plan.removed.iter().map(|run| run.bytes).sum();
    let mut text = String::new();
    for run in &plan.removed {
        let _ = writeln!(text, "  {}  as of {}, started {}", run.run_id, run.as_of, run.started_at);
    }
    let heading = if is_dry { "Would remove" } else { "Removed" };
    let (removed, kept) = (counted(plan.removed.len() as u64, "run", "runs"), counted(plan.kept.len() as u64, "run", "runs"));
    let mut report = format!("{heading} {removed}, {} of tables\n{text}Kept {kept}\n", binary_size(bytes));
    for kept in &plan.kept {
        let _ = writeln!(report, "  {}  {}", kept.run.run_id, kept.reason.words());
    }
    report
}
