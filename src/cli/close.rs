//! `sverka close`: the run by which a month is paid.

use std::path::Path;

use super::month::Month;
use super::runs::{FolderChoice, failure};
use super::{Exit, Failure, print};
use sverka_publish::{ClosedMonth, Difference, Manifest, OutputFolder, differences, user_name};
use sverka_report::published::{PublishedError, locate_run, locate_run_of_day};

/// What the user typed after `close`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka close 2026-10
  sverka close 2026-10 --run 2026-10-01-5b0c7f2190aa4e11 --job job.toml
  sverka close 2026-10 --run 2026-10-01-0c1d2e3f40516273 --replace \"paid by the second run\"

A month is counted on its 1st: the run must be as of that day. Its tables are compared with its manifest first. The file OUTPUT/closed/YYYY-MM.json \
names the run, the hashes of its tables, who closed the month and when; the run is not pruned any more. What is known later becomes a \
correction: sverka corrections.

Exits with 0 when the month is closed, also when it was closed by the same run before, 1 when a table of the run is not as it was published \
(each file is named, nothing is closed), 2 when the command line or the job is wrong, no run of that ID or day is there, or another run has \
closed the month and --replace is missing, 3 when there are no runs or a file of the folder cannot be read, 4 when a run is at work on OUTPUT or \
the disk fails.")]
pub struct CloseArgs {
    /// Month, such as 2026-10
    #[arg(value_name = "YYYY-MM")]
    month: Month,

    /// Run by which the month is paid [default: the current run if it is as of the 1st, else the only run of that day]
    #[arg(long, value_name = "ID")]
    run: Option<String>,

    /// Close the month by this run although another one has closed it; the reason is recorded
    #[arg(long, value_name = "REASON", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    replace: Option<String>,

    #[command(flatten)]
    folder: FolderChoice,
}

/// Closes a month.
///
/// # Errors
/// When there is no such run, it is of another day, another run has closed the month, or a file cannot be read or written.
pub fn run(args: &CloseArgs) -> Result<Exit, Failure> {
    let output = args.folder.path()?;
    // Under the lock: the run is not pruned, replaced or closed by somebody else meanwhile.
    let folder = args.folder.open()?;
    let dir = match &args.run {
        Some(run) => locate_run(&output, Some(run))?,
        None => run_of_month(&output, &args.month)?,
    };
    let manifest = Manifest::read(&dir).map_err(failure)?;
    let (month, day) = (&args.month.text, args.month.counted_on.to_string());
    if manifest.as_of != day {
        return Err(Failure::usage(format_args!(
            "the run {} is as of {}, and {month} is counted on {day}; name a run of that day with --run, or make one: sverka run --as-of {day}",
            manifest.run_id, manifest.as_of
        )));
    }
    let found = differences(&dir, &manifest, &|_| true).map_err(failure)?;
    if !found.is_empty() {
        print(&damage(month, &manifest, &found))?;
        return Ok(Exit::ThresholdPassed);
    }
    let former = ClosedMonth::of_month(&output, month).map_err(failure)?;
    close(args, &folder, &manifest, former)
}

/// Run of the day on which a month is counted.
fn run_of_month(output: &Path, month: &Month) -> Result<std::path::PathBuf, Failure> {
    let day = month.counted_on.to_string();
    locate_run_of_day(output, &day).map_err(|error| match error {
        PublishedError::RunUnknown { .. } => Failure::usage(format_args!(
            "`{}` holds no run as of {day}, on which {} is counted; make one: sverka run --as-of {day}",
            output.display(),
            month.text
        )),
        PublishedError::SeveralRuns { .. } => Failure::usage(error),
        error => error.into(),
    })
}

fn close(args: &CloseArgs, folder: &OutputFolder, manifest: &Manifest, former: Option<ClosedMonth>) -> Result<Exit, Failure> {
    let (month, run) = (&args.month.text, &manifest.run_id);
    let now = jiff::Timestamp::now().to_string();
    let closed = match (former, &args.replace) {
        (Some(former), _) if former.run_id == *run => return closed_before(&former, manifest),
        (Some(former), Some(reason)) => former.replaced_by(manifest, &user_name(), &now, reason),
        (Some(former), None) => {
            return Err(Failure::usage(format_args!(
                "{month} was closed by run {} ({}, {}); what run {run} knows besides is a correction: sverka corrections {month} --run {run}. \
                 If the month was paid by run {run}, close it with --replace REASON",
                former.run_id, former.closed_by, former.closed_at
            )));
        }
        (None, _) => ClosedMonth::by_run(month, manifest, &user_name(), &now),
    };
    folder.write_closed(&closed).map_err(failure)?;
    let totals = &manifest.totals;
    print(&format!("{month} is closed by run {run}: {} heads, {} roubles\n", totals.heads, totals.amount)).map(|()| Exit::Done)
}

/// Says that the month was closed by the same run before, if it has the same tables.
fn closed_before(former: &ClosedMonth, manifest: &Manifest) -> Result<Exit, Failure> {
    let ClosedMonth { month, run_id, closed_by, closed_at, .. } = former;
    if former.outputs != manifest.outputs {
        print(&format!(
            "{month} was closed by run {run_id} ({closed_by}, {closed_at}), but the run has other tables now than those by which the month was \
             paid; restore the run from a backup\n"
        ))?;
        return Ok(Exit::ThresholdPassed);
    }
    print(&format!("{month} was closed by this run already ({closed_by}, {closed_at})\n")).map(|()| Exit::Done)
}

/// Text about a run that is not as it was published.
fn damage(month: &str, manifest: &Manifest, found: &[Difference]) -> String {
    let lines: String = found.iter().map(|difference| format!("  {difference}\n")).collect();
    format!(
        "{month} is not closed: run {} is not what was published:\n{lines}Restore it from a backup, or run its job again\n",
        manifest.run_id
    )
}
