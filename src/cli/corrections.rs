//! `sverka corrections`: what later knowledge changes in a closed month.

use std::path::{Path, PathBuf};

use super::diff::Format;
use super::job_choice::job_of_folder;
use super::language::LanguageChoice;
use super::lines::line_width;
use super::log::{self, Level};
use super::month::Month;
use super::progress::ProgressArgs;
use super::run::{memory_size, threads, unpublished};
use super::run_choice::{RunChoice, output_folder};
use super::runs::failure;
use super::{Exit, Failure, interrupt, print, report_link};
use crate::engine::{self, RunOptions, RunOutcome};
use crate::job::{CommandLine, Job};
use sverka_publish::{Booking, ClosedMonth, Manifest, MonthCorrections, OutputFolder, Readers, differences, user_name};
use sverka_report::corrections::{CorrectionNorms, Corrections, CorrectionsDestinations, CorrectionsError};
use sverka_report::diff::DiffFolder;
use sverka_report::published::locate_run;
use sverka_settings::Then;

/// What the user typed after `corrections`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka corrections 2026-10
  sverka corrections 2026-10 --book --reason \"deaths told in November\"
  sverka corrections 2026-10 --run 2026-10-01-5b0c7f2190aa4e11 --to corrections --format csv

Runs the job as of the 1st of the month with everything that is known now, and publishes the run; it becomes current only if the current run is not \
of a later day. With --run a published run is taken. Heads and money are compared with the closed month and with all corrections that are booked \
already: what differs is to book. --book records it in OUTPUT/closed/YYYY-MM-corrections.json, so that the closed month and its bookings \
always add up to what was known at the last booking. Booking the same again books nothing. --to and --xlsx write two tables: corrections and \
correction_sums. Papers for signing: sverka forms --form corrections.

Exits with 0, also when nothing differs, 1 when the run is published but somebody must look at something, 2 when the command line or the job is \
wrong, the month is not closed, or no run of that ID is there, 3 when an input or a run cannot be read, 4 when memory or disk ran out or another \
run is at work on OUTPUT, 6 when a threshold of the job stopped the run, 7 when something is written but the disk did not confirm, 8 when a file that \
the job names is not there (yet), 130 after Ctrl-C.")]
pub struct CorrectionsArgs {
    /// Month, such as 2026-10
    #[arg(value_name = "YYYY-MM")]
    month: Month,

    /// Take this published run instead of running the job
    #[arg(long, value_name = "ID")]
    run: Option<String>,

    /// The job that is run, which also names the folder of the published runs [default: ./job.toml]
    #[arg(long, value_name = "JOB.toml")]
    job: Option<PathBuf>,

    /// Folder of the published runs, instead of the job's
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Record what is to book
    #[arg(long)]
    book: bool,

    /// Reason that is recorded with the booking
    #[arg(long, value_name = "TEXT", requires = "book")]
    reason: Option<String>,

    /// Norms at which changed heads are corrected
    #[arg(long, value_enum, default_value_t = Norms::Recomputed)]
    norms: Norms,

    /// Write the tables into this folder
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,

    /// Write the tables into this workbook, a sheet for each
    #[arg(long, value_name = "FILE")]
    xlsx: Option<PathBuf>,

    /// Format of the tables
    #[arg(long, short, value_enum, default_value_t = Format::Parquet, requires = "to")]
    format: Format,

    /// Publish once although the run, an insurer or a clinic is much smaller than in the closed month
    #[arg(long, conflicts_with = "run")]
    accept_shrink: bool,

    /// Threads to work with [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// The most memory to take, such as 4GiB or 800MiB [default: most of the machine's]
    #[arg(long, value_name = "SIZE", value_parser = memory_size)]
    memory_limit: Option<u64>,

    #[command(flatten)]
    progress: ProgressArgs,

    #[command(flatten)]
    language: LanguageChoice,
}

/// Norms at which changed heads are corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Norms {
    /// Those of the later run
    Recomputed,
    /// Those by which the month was paid
    Paid,
}

impl Norms {
    fn of_report(self) -> CorrectionNorms {
        match self {
            Self::Recomputed => CorrectionNorms::Recomputed,
            Self::Paid => CorrectionNorms::Paid,
        }
    }
}

/// Run that knows more than the closed one.
struct LaterRun {
    dir: PathBuf,
    /// Whether somebody must look at the run.
    warns: bool,
    /// Failure after the run was published.
    shortfall: Option<String>,
}

/// Compares a closed month with what is known now, and books the difference.
///
/// # Errors
/// When the month is not closed, the run fails, or a table cannot be read or written.
pub fn run(args: &CorrectionsArgs) -> Result<Exit, Failure> {
    let job = args.job.clone().or_else(|| job_of_folder(Path::new("")));
    let choice = RunChoice { output: args.output.clone(), job: job.clone(), run: None };
    let output = output_folder(&choice, Path::new(""))?;
    let month = &args.month.text;
    let closed = ClosedMonth::of_month(&output, month).map_err(failure)?;
    let closed = closed.ok_or_else(|| CorrectionsError::NotClosed { month: month.clone(), output: output.clone() })?;
    let later = match (&args.run, job) {
        (Some(run), _) => LaterRun { dir: locate_run(&output, Some(run))?, warns: false, shortfall: None },
        (None, Some(job)) => reconcile(args, &job, &closed)?,
        (None, None) => {
            return Err(Failure::usage(
                "no job is named, and the working folder has no job.toml; name the job with --job, or a published run with --run",
            ));
        }
    };
    let closed_dir = locate_run(&output, Some(&closed.run_id))?;
    let (corrections, booking) = if args.book {
        book(args, &output, [&closed_dir, &later.dir])?
    } else {
        (Corrections::read(&output, month, &later.dir, args.norms.of_report())?, None)
    };
    let folder = args.to.as_deref().map(|folder| DiffFolder { folder, format: args.format.of_tables() });
    let to = CorrectionsDestinations { folder, workbook: args.xlsx.as_deref() };
    let written = corrections.write([&closed_dir, &later.dir], to)?;
    show(args, &corrections, booking.as_ref())?;
    if let (Some(file), Some(destination)) = (&args.xlsx, &written.workbook) {
        report_link(file, destination);
    }
    match later.shortfall.into_iter().chain(written.shortfall).next() {
        Some(shortfall) => Err(Failure::new(Exit::Unfinished, format_args!("everything is written, but {shortfall}"))),
        None if later.warns => Ok(Exit::ThresholdPassed),
        None => Ok(Exit::Done),
    }
}

/// Runs the job as of the day on which the month is counted.
fn reconcile(args: &CorrectionsArgs, job: &Path, closed: &ClosedMonth) -> Result<LaterRun, Failure> {
    let interrupted = interrupt::listen()?;
    let command_line = CommandLine { as_of: Some(args.month.counted_on), output: args.output.clone(), ..CommandLine::default() };
    let bytes = std::fs::read(job).map_err(|cause| Failure::job(&crate::job::JobError::Io { file: job.to_owned(), cause }))?;
    let job = Job::from_bytes(job, &bytes, &command_line).map_err(|error| Failure::job(&error))?;
    let progress = args.progress.listener();
    let options = RunOptions {
        correction_of: Some(closed.run_id.clone()),
        accept_shrink: args.accept_shrink,
        memory_limit: args.memory_limit,
        interrupted,
        progress: &*progress,
        ..RunOptions::default()
    };
    let outcome = threads(args.threads)?.install(|| engine::run(&job, &options)).map_err(unpublished)?;
    drop(progress);
    let RunOutcome { dir, judgement, shortfall, .. } = outcome;
    for event in judgement.events.iter().filter(|event| event.then >= Then::Warn) {
        log::report(Level::Warn, &format!("published, but {event}"));
    }
    Ok(LaterRun { dir, warns: judgement.warns(), shortfall: shortfall.map(|error| error.to_string()) })
}

/// Records what is to book. Both runs must be what was published.
fn book(args: &CorrectionsArgs, output: &Path, runs: [&Path; 2]) -> Result<(Corrections, Option<Booking>), Failure> {
    // Under the lock: nobody books, prunes or closes meanwhile.
    let folder = OutputFolder::open(output, Readers::default()).map_err(failure)?;
    for dir in runs {
        let manifest = Manifest::read(dir).map_err(failure)?;
        if let Some(difference) = differences(dir, &manifest, &|_| true).map_err(failure)?.first() {
            return Err(Failure::input(format_args!(
                "nothing is booked: run {} is not what was published: {difference}; see sverka verify --run {}",
                manifest.run_id, manifest.run_id
            )));
        }
    }
    let month = &args.month.text;
    let corrections = Corrections::read(output, month, runs[1], args.norms.of_report())?;
    let booking = corrections.booking(&user_name(), &jiff::Timestamp::now().to_string(), args.reason.as_deref());
    if let Some(booking) = &booking {
        let mut record = MonthCorrections { month: month.clone(), bookings: corrections.bookings.clone() };
        record.bookings.push(booking.clone());
        folder.write_corrections(&record).map_err(failure)?;
    }
    Ok((corrections, booking))
}

fn show(args: &CorrectionsArgs, corrections: &Corrections, booking: Option<&Booking>) -> Result<(), Failure> {
    let mut text = corrections.screen(args.language.language(), line_width(), booking);
    for written in [&args.to, &args.xlsx].into_iter().flatten() {
        text += &format!("{}\n", written.display());
    }
    print(&text)
}

impl From<CorrectionsError> for Failure {
    fn from(error: CorrectionsError) -> Self {
        match error {
            CorrectionsError::Run(error) => error.into(),
            CorrectionsError::Diff(error) => error.into(),
            CorrectionsError::Publish(error) => failure(error),
            CorrectionsError::NotClosed { .. } | CorrectionsError::OtherDay { .. } => Self::usage(error),
            CorrectionsError::Read(_) | CorrectionsError::NoTable { .. } => Self::input(error),
        }
    }
}
