//! `sverka run`: the reconciliation, from the sources of a job to a published run.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, IsTerminal as _};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::day::DayChoice;
use super::end_report::{self, PublishedEnd, RunEnd};
use super::job_choice::JobChoice;
use super::log::{self, Level};
use super::next_steps::{RunArguments, Step};
use super::progress::ProgressArgs;
use super::{
    Exit, Failure, answers, check_only, colour, interrupt, next_steps, panics, print, print_error, print_unchanged, profile,
};
use crate::engine::{self, FormerIdsError, Progress, RunError, RunOptions, RunOutcome};
use crate::job::{CommandLine, Job, JobError, JobGlance};
use sverka_publish::PublishError;
use sverka_report::summary::DisplayOptions;
use sverka_settings::Then;
use sverka_text::visible_lines;

/// What the user typed after `run`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka run job.toml
  sverka run job.toml --as-of 2026-11-01 --output /srv/oms/2026-11
  sverka run --as-of today
  sverka run --as-of month-start --check-only

Results appear in OUTPUT/runs/ID all at once, or not at all; OUTPUT/current points to the \
latest run.

Held against the run before (the current one of OUTPUT): much less of it warns, very much less \
stops, and so does a source that breaks off. The summary begins with what somebody must look at.

Exits with 0 when published, 1 when published but somebody must look at something, 2 when the \
job is wrong, 3 when an input cannot be used or changed while it was read, 4 when memory or disk ran out or another run is at \
work on OUTPUT, 6 when a source or a threshold stopped it, 7 when published but something after that failed (run again), \
8 when a file that the job names is not there (yet), \
130 after Ctrl-C (nothing is left half done).")]
pub struct RunArgs {
    #[command(flatten)]
    pub job: JobChoice,

    /// Reconcile as of this day, instead of the job's: a date, today, or month-start (the 1st of this month), in the job's `time_zone`
    #[arg(long, value_name = "DATE")]
    as_of: Option<DayChoice>,

    /// Publish into this folder, instead of the job's
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,

    /// Open and hash the sources, plan the memory, and say what a run would do; write nothing
    #[arg(long, conflicts_with_all = ["force", "accept_shrink", "profile"])]
    pub check_only: bool,

    /// Run even if a run of the same inputs and job is already published
    #[arg(long)]
    pub force: bool,

    /// Continue the person ids of this published run, instead of the current one's (with `identity.ids = "continued"`)
    #[arg(long, value_name = "RUN")]
    pub ids_from: Option<String>,

    /// Sources must have been as they are for so many minutes, instead of the job's `min_age`; what is still arriving is not read
    #[arg(long, value_name = "MINUTES")]
    pub min_age: Option<u32>,

    /// Leave out sources dated after this day, instead of the job's `known_by`: what would have been counted with what was there by then
    #[arg(long, value_name = "DAY")]
    known_by: Option<DayChoice>,

    /// Publish once although the run, an insurer or a clinic is much smaller than in the run before
    #[arg(long)]
    pub accept_shrink: bool,

    /// Print what each stage took: time, rows, bytes, memory
    #[arg(long)]
    pub profile: bool,

    /// Threads to work with [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// The most memory to take, such as 4GiB or 800MiB; rows that do not fit go to the disk meanwhile [default: most of the machine's]
    #[arg(long, value_name = "SIZE", value_parser = memory_size)]
    pub memory_limit: Option<u64>,

    /// Where rows go that do not fit into memory, instead of OUTPUT
    #[arg(long, value_name = "DIR")]
    pub spill_dir: Option<PathBuf>,

    /// Bytes of input that one thread reads at a time; results do not depend on it
    #[arg(long, value_name = "N", hide = true, value_parser = clap::value_parser!(u64).range(1..))]
    pub chunk_bytes: Option<u64>,

    /// Bits that number the partitions of the rows; results do not depend on it
    #[arg(long, value_name = "N", hide = true, value_parser = clap::value_parser!(u32).range(0..=12))]
    pub partition_bits: Option<u32>,

    #[command(flatten)]
    pub progress: ProgressArgs,
}

/// Runs the job and publishes its results, then reports the end as the job says.
///
/// # Errors
/// When the job is wrong, an input cannot be used, or a resource ran out; nothing is published then.
pub fn run(args: &RunArgs) -> Result<Exit, Failure> {
    let interrupted = interrupt::listen()?;
    let path = args.job.path()?;
    // Read once: the job may come through a pipe.
    let bytes = std::fs::read(&path).map_err(|cause| Failure::job(&JobError::Io { file: path.clone(), cause }))?;
    let glance = JobGlance::from_bytes(&path, &bytes);
    let start = Start {
        path: &path,
        bytes: &bytes,
        interrupted,
        started: jiff::Timestamp::now(),
        as_of: args.as_of.map(|day| day.date(&glance.time_zone)),
        known_by: args.known_by.map(|day| day.date(&glance.time_zone)),
    };
    if args.check_only {
        return preview(args, &start);
    }
    let clock = Instant::now();
    let mut published = None;
    let ended = catch_unwind(AssertUnwindSafe(|| reconcile(args, &start, &mut published)));
    // The error is printed before the hook starts, which may take its time.
    let (exit, error) = match &ended {
        Ok(Ok(exit)) => (*exit, None),
        Ok(Err(failure)) => (failure.exit, Some(failure.message.as_str())),
        Err(_) => (if panics::changed_source().is_some() { Exit::Input } else { Exit::Invariant }, panics::changed_source()),
    };
    if let (Ok(Err(failure)), false) = (&ended, error.is_none_or(str::is_empty)) {
        print_error(&failure.message);
    }
    let output = args.output.as_deref().or(glance.output.as_deref());
    let end = RunEnd {
        exit,
        error,
        started: start.started,
        wall: clock.elapsed(),
        quiet: args.progress.quiet,
        output,
        published: published.as_ref(),
    };
    end_report::report(&end, &glance);
    match ended {
        Ok(Err(Failure { exit, .. })) => Err(Failure::new(exit, "")),
        Ok(ended) => ended,
        Err(panic) => resume_unwind(panic),
    }
}

/// Start of a run.
struct Start<'s> {
    /// Job file.
    path: &'s Path,
    /// Content of the job file.
    bytes: &'s [u8],
    /// Flag that a signal sets.
    interrupted: &'static AtomicBool,
    started: jiff::Timestamp,
    /// As-of date of the command line.
    as_of: Option<sverka_model::Date>,
    /// Last known day of the command line.
    known_by: Option<sverka_model::Date>,
}

impl Start<'_> {
    fn load(&self, args: &RunArgs) -> Result<Job, Failure> {
        let command_line = CommandLine {
            as_of: self.as_of,
            output: args.output.clone(),
            min_age: args.min_age,
            known_by: self.known_by,
            ..CommandLine::default()
        };
        Job::from_bytes(self.path, self.bytes, &command_line).map_err(|error| Failure::job(&error))
    }

    fn options<'r>(&self, args: &RunArgs, progress: &'r dyn Progress) -> RunOptions<'r> {
        let chunk_bytes = args.chunk_bytes.map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX / 2));
        RunOptions {
            force: args.force,
            ids_from: args.ids_from.clone(),
            accept_shrink: args.accept_shrink,
            chunk_bytes: chunk_bytes.unwrap_or(RunOptions::CHUNK_BYTES),
            partition_bits: args.partition_bits,
            memory_limit: args.memory_limit,
            worker_bytes: None,
            spill_dir: args.spill_dir.clone(),
            profile: args.profile,
            correction_of: None,
            started_at: self.started.to_string(),
            progress,
            interrupted: self.interrupted,
        }
    }
}

/// Says what a run would do.
fn preview(args: &RunArgs, start: &Start<'_>) -> Result<Exit, Failure> {
    let threads = threads(args.threads)?;
    let job = threads.install(|| start.load(args))?;
    let progress = args.progress.listener();
    let options = start.options(args, &*progress);
    let preview = threads.install(|| engine::preview(&job, &options)).map_err(failure)?;
    drop(progress);
    check_only::report(&job, &preview).map(|()| Exit::Done)
}

/// Runs the job and publishes its results. `published` gets the run as soon as it is published.
fn reconcile(args: &RunArgs, start: &Start<'_>, published: &mut Option<PublishedEnd>) -> Result<Exit, Failure> {
    let threads = threads(args.threads)?;
    let job = threads.install(|| start.load(args))?;
    let progress = args.progress.listener();
    let options = start.options(args, &*progress);
    let outcome = threads.install(|| engine::run(&job, &options)).map_err(unpublished)?;
    drop(progress);
    let (manifest, summary, recognised) = (outcome.manifest.clone(), outcome.summary.to_json(), outcome.recognised);
    *published = Some(PublishedEnd { manifest, summary, recognised });
    let next = next_steps::after_run(&RunArguments { job: args.job.named(), output: args.output.as_deref() }, &job, &outcome);
    let next_text = print_summary(args, &outcome, &next);
    let mut unfinished = threads.install(|| after_publishing(args, &job, &outcome));
    match next_text {
        Ok(Some(next)) if unfinished.is_empty() => unfinished.extend(print(&next).err().map(|failure| failure.message)),
        Ok(_) => {}
        Err(failure) => unfinished.insert(0, failure.message),
    }
    print_shortfalls(&unfinished);
    Ok(match (unfinished.is_empty(), outcome.judgement.warns()) {
        (false, _) => Exit::Unfinished,
        (true, true) => Exit::ThresholdPassed,
        (true, false) => Exit::Done,
    })
}

/// Prints the summary and returns the text of the next steps. For a quiet run, prints the reasons of an exit code other than 0.
///
/// # Errors
/// When the summary cannot be printed.
fn print_summary(args: &RunArgs, outcome: &RunOutcome, next: &[Step]) -> Result<Option<String>, Failure> {
    if args.progress.quiet {
        let events = outcome.judgement.events.iter().filter(|event| event.then >= Then::Warn);
        print_shortfalls(&events.collect::<Vec<_>>());
        return Ok(None);
    }
    let texts = closing_texts(outcome, next);
    print_unchanged(&texts.summary)?;
    Ok(Some(texts.next_steps))
}

/// Prints the profile and answers the senders after a run is published. Returns a sentence for each failure.
fn after_publishing(args: &RunArgs, job: &Job, outcome: &RunOutcome) -> Vec<String> {
    let mut failed: Vec<String> = outcome.shortfall.iter().map(PublishError::to_string).collect();
    if args.profile {
        failed.extend(print(&profile::table(&outcome.stages)).err().map(|failure| failure.message));
    }
    if job.answers {
        match answers::write(job, Some(&outcome.manifest.run_id), None) {
            Ok(index) => {
                failed.extend(index.missing());
                if !args.progress.quiet {
                    failed.extend(print(&answers::summary(&index)).err().map(|failure| failure.message));
                }
            }
            Err(failure) => failed.push(format!("senders are not answered: {}", failure.message)),
        }
    }
    failed
}

/// Prints sentences about a published run on standard error.
fn print_shortfalls(sentences: &[impl Display]) {
    for sentence in sentences {
        log::report(Level::Warn, &format!("published, but {sentence}"));
    }
}

/// Texts at the end of a run.
struct ClosingTexts {
    summary: String,
    next_steps: String,
}

/// Summary and next steps. On a terminal, both fit a screen; if there is no room, the next steps are empty.
fn closing_texts(outcome: &RunOutcome, next: &[Step]) -> ClosingTexts {
    let terminal = io::stdout().is_terminal();
    let Some((columns, lines)) = terminal_size::terminal_size().filter(|_| terminal) else {
        let summary = summary_text(outcome, DisplayOptions::UNLIMITED, terminal);
        return ClosingTexts { summary, next_steps: next_steps::text(next, usize::MAX) };
    };
    // The last line is left for the prompt of the shell.
    let (width, height) = (usize::from(columns.0), usize::from(lines.0).saturating_sub(1));
    let view = |height| DisplayOptions { width, height: Some(height), ..DisplayOptions::UNLIMITED };
    let next = next_steps::text(next, width);
    let room = height.saturating_sub(rows_of(&next, width));
    if rows_of(&outcome.summary.render(view(room)), width) <= room {
        ClosingTexts { summary: summary_text(outcome, view(room), terminal), next_steps: next }
    } else {
        ClosingTexts { summary: summary_text(outcome, view(height), terminal), next_steps: String::new() }
    }
}

/// Number of rows of a text on a screen.
fn rows_of(text: &str, width: usize) -> usize {
    text.lines().map(|line| line.chars().count().div_ceil(width.max(1)).max(1)).sum()
}

/// Text of the summary, with colours where the terminal shows them.
fn summary_text(outcome: &RunOutcome, view: DisplayOptions, terminal: bool) -> String {
    let plain = outcome.summary.render(view);
    match visible_lines(&plain) {
        // A name holds control characters. The summary has no colours then, so that all control characters can be made visible.
        Cow::Owned(visible) => visible,
        Cow::Borrowed(_) if colour::is_coloured(terminal) => outcome.summary.render(DisplayOptions { colour: true, ..view }),
        Cow::Borrowed(_) => plain,
    }
}

/// Reads a size such as `4GiB`, `800MiB` or a number of bytes.
pub(super) fn memory_size(text: &str) -> Result<u64, String> {
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim_start() {
        "" | "B" => 0,
        "KiB" | "K" => 10,
        "MiB" | "M" => 20,
        "GiB" | "G" => 30,
        "TiB" | "T" => 40,
        _ => return Err(format!("`{unit}` is no unit; write KiB, MiB, GiB or TiB, such as 4GiB")),
    };
    let number: u64 = number.parse().map_err(|_| "expected a whole number with a unit, such as 4GiB".to_owned())?;
    let bytes = number.checked_mul(1 << shift).filter(|&bytes| bytes > 0);
    bytes.ok_or_else(|| "expected a size between one byte and 16 million TiB".to_owned())
}

/// Pool of threads.
pub(super) fn threads(count: Option<u16>) -> Result<rayon::ThreadPool, Failure> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(count.map_or(0, usize::from))
        .build()
        .map_err(|error| Failure::new(Exit::Resource, format_args!("cannot start threads: {error}; try fewer with --threads")))
}

/// Failure of `run` before publishing. Adds that nothing was published where the error does not say it.
pub(super) fn unpublished(error: RunError) -> Failure {
    let mut failure = failure(error);
    if failure.exit == Exit::Input {
        failure.message.push_str(". Nothing was published");
    }
    failure
}

/// Failure of a run that did not publish.
pub(super) fn failure(error: RunError) -> Failure {
    let exit = match &error {
        RunError::Source(error) => Exit::from_source_error(error),
        RunError::Header { .. } => Exit::Input,
        RunError::MemoryLimit { .. }
        | RunError::MemoryOutgrown { .. }
        | RunError::MemoryReserve { .. }
        | RunError::DiskSpace { .. }
        | RunError::Spill(_)
        | RunError::Threads(_) => Exit::Resource,
        RunError::Publish(PublishError::Locked { .. }) => Exit::Resource,
        RunError::Publish(cause) if cause.is_exhausted() => Exit::Resource,
        RunError::Publish(cause) if cause.is_defect() => Exit::Invariant,
        // The output folder cannot be used, or this user may not write there.
        RunError::Publish(_) => Exit::Usage,
        RunError::FormerIds(FormerIdsError::NoRun { .. } | FormerIdsError::NoTable { .. }) => Exit::Usage,
        RunError::FormerIds(_) => Exit::Input,
        RunError::Stopped { .. } => Exit::Stopped,
        RunError::Interrupted => Exit::Interrupted,
    };
    Failure::new(exit, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sverka_formats::SourceError;

    #[test]
    fn a_source_that_the_machine_cannot_open_is_no_bad_input() {
        let exit = |code| {
            let cause = io::Error::from_raw_os_error(code);
            failure(RunError::Source(SourceError::Io { path: "register.csv".into(), cause })).exit
        };
        const NO_SUCH_FILE: i32 = 2;
        const OUT_OF_MEMORY: i32 = 12;
        const TOO_MANY_OPEN_FILES: i32 = 24;
        const DISK_FAILED: i32 = 5;
        assert_eq!((exit(NO_SUCH_FILE), exit(OUT_OF_MEMORY)), (Exit::Absent, Exit::Resource));
        assert_eq!(exit(DISK_FAILED), Exit::Resource);
        assert_eq!(exit(TOO_MANY_OPEN_FILES), Exit::Resource);
    }

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in
            [("4GiB", 4 << 30), ("800MiB", 800 << 20), ("1 TiB", 1 << 40), ("64K", 64 << 10), ("1000000", 1_000_000)]
        {
            assert_eq!(memory_size(text), Ok(bytes), "{text}");
        }
        for text in ["", "GiB", "4GB", "-1", "0", "1.5GiB", "99999999999TiB"] {
            assert!(memory_size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_table_out_of_order_is_a_mistake_of_ours() {
        assert_eq!(failure(PublishError::Order { table: "persons", row: 7 }.into()).exit, Exit::Invariant);
    }
}
