//! `sverka answers`: answers to the senders of a published run, each in the form of its family.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::job_choice::JobChoice;
use super::run_choice::{OUTPUT_OF_FOLDER, output_of_job};
use super::{Exit, Failure, print};
use crate::answers::{AnswerOptions, JobRequestReader, answer};
use crate::job::{CommandLine, Job, JobError, JobProblem};
use sverka_formats::SourceError;
use sverka_model::Date;
use sverka_publish::Manifest;
use sverka_report::answers::{AnswerError, AnswersIndex};
use sverka_report::published::{PublishedError, locate_run};
use sverka_text::with_thousands;

/// What the user typed after `answers`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka answers job.toml
  sverka answers job.toml --run 2026-11-01-5b0c7f2190aa4e11 --out /srv/oms/answers

Every source of the job is answered from what the run published: attachment CSV by E2 and LO2, lists of \
changes by REPLIST and FLK_P, attachment XML by F, others by a table of findings; clinics that lost persons \
get O2, and clinics with people attached who are dead or not insured get lists of them. The sources must be as the run read them. Answers appear all at once, or not at all.

Exits with 0 when answered, 2 when the job or the folder is wrong or not there or has no run of that ID, 3 when no run is published, or a \
source or the run cannot be used, 4 when the disk ran out or somebody else writes there, 7 when the answers are written but for some senders, \
8 when a source or another file that the job names is not there (any more).")]
pub struct AnswersArgs {
    #[command(flatten)]
    pub job: JobChoice,

    /// Answer from this run instead of the current one
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,

    /// Write into this folder [default: answers/ID in the job's output]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// The folder of published runs, instead of the job's
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,

    /// Print nothing
    #[arg(long, short)]
    pub quiet: bool,
}

/// Writes the answers and prints their numbers.
///
/// # Errors
/// When the job is wrong, there is no such run, a source has changed, or the answers cannot be written.
pub fn run(args: &AnswersArgs) -> Result<Exit, Failure> {
    let file = args.job.path()?;
    let day = day_of_run(args, &file);
    let as_of_otherwise = day.as_ref().ok().copied();
    let command_line = CommandLine { output: args.output.clone(), as_of_otherwise, ..CommandLine::default() };
    let job = Job::load(&file, &command_line).map_err(|error| match (&error, day) {
        // The job takes the day from the run, which is not there.
        (JobError::Setting { problem: JobProblem::NoDay, .. }, Err(failure)) => failure,
        _ => Failure::job(&error),
    })?;
    let answers = write(&job, args.run.as_deref(), args.out.as_deref())?;
    if !args.quiet {
        print(&summary(&answers))?;
    }
    let missing = answers.missing();
    if missing.is_empty() {
        return Ok(Exit::Done);
    }
    Err(Failure::new(Exit::Unfinished, format_args!("the answers are written, but {}", missing.join("; "))))
}

/// As-of date of the published run, for a job that leaves the date to the command line.
///
/// # Errors
/// When there is no such run, or it cannot be read.
fn day_of_run(args: &AnswersArgs, job: &Path) -> Result<Date, Failure> {
    let output = args.output.clone().map_or_else(|| output_of_job(job, OUTPUT_OF_FOLDER), Ok)?;
    let run = locate_run(&output, args.run.as_deref()).map_err(AnswerError::from)?;
    let manifest = Manifest::read(&run).map_err(AnswerError::from)?;
    manifest.as_of.parse().map_err(|_| AnswerError::Foreign { table: "manifest", column: "as_of" }.into())
}

/// Writes the answers to all senders of a job from a run.
pub(super) fn write(job: &Job, run: Option<&str>, out: Option<&Path>) -> Result<AnswersIndex, Failure> {
    let dictionaries = crate::answers::dictionaries(job)?;
    let options = AnswerOptions { run, out, family: &|source| source.layout.answers, dictionaries: &dictionaries };
    Ok(answer(job, &JobRequestReader::new(job), &options)?)
}

/// Numbers of answers, notices and lists, and their folder.
pub(super) fn summary(index: &AnswersIndex) -> String {
    let sum = |count: fn(&sverka_report::answers::SourceAnswer) -> u64| with_thousands(index.answers.iter().map(count).sum());
    let persons = index.notices.iter().map(|notice| notice.persons).sum();
    let mut text = String::new();
    let unanswered = index.answers.iter().filter(|answer| answer.unanswered.is_some()).count() as u64;
    let _ = writeln!(text, "Sources answered   {}", with_thousands(index.answers.len() as u64 - unanswered));
    if unanswered > 0 {
        let _ = writeln!(text, "  not answered     {}", with_thousands(unanswered));
    }
    let _ = writeln!(text, "  rows             {}", sum(|answer| answer.rows));
    let _ = writeln!(text, "  taken            {}", sum(|answer| answer.taken));
    let _ = writeln!(text, "  with errors      {}", sum(|answer| answer.faulty));
    let _ = writeln!(text, "  refused          {}", sum(|answer| answer.refused));
    let _ = writeln!(text, "Clinics notified   {}", with_thousands(index.notices.len() as u64));
    let _ = writeln!(text, "  of persons lost  {}", with_thousands(persons));
    let listed = |cause: &str| index.lists.iter().filter(|list| list.cause == cause).map(|list| list.records).sum();
    if !index.lists.is_empty() {
        let clinics: std::collections::BTreeSet<&str> = index.lists.iter().map(|list| list.clinic.as_str()).collect();
        let _ = writeln!(text, "Lists to clinics   {}", with_thousands(clinics.len() as u64));
        let _ = writeln!(text, "  attached, dead   {}", with_thousands(listed("dead")));
        let _ = writeln!(text, "  not insured      {}", with_thousands(listed("not_insured")));
    }
    let _ = writeln!(text, "Run      {}\nAnswers  {}", index.run_id, index.folder.display());
    text
}

impl From<AnswerError> for Failure {
    fn from(error: AnswerError) -> Self {
        let exit = match &error {
            error if error.is_exhausted() => Exit::Resource,
            // A request that changes while it is read may be whole later.
            AnswerError::Request(error) if error.cause.is::<SourceError>() => {
                error.cause.downcast_ref().map_or(Exit::Input, Exit::from_source_error)
            }
            AnswerError::Rows { .. } => Exit::Invariant,
            AnswerError::Gone { .. } => Exit::Absent,
            AnswerError::Run(PublishedError::RunUnknown { .. })
            | AnswerError::Occupied { .. }
            | AnswerError::Folder(_)
            | AnswerError::Io { .. }
            | AnswerError::Dictionary(_)
            | AnswerError::NoTable { .. } => Exit::Usage,
            _ => Exit::Input,
        };
        Self::new(exit, error)
    }
}
