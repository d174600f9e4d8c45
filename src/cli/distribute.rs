//! `sverka distribute`: proposal of new insurers for people whose insurer left.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::day::day;
use super::run_choice::RunChoice;
use super::run_choice::output_folder;
use super::{Exit, Failure, print, report_link};
use sverka_model::Date;
use sverka_publish::is_exhausted;
use sverka_report::distribute::{
    DistributeError, DistributeOptions, InsurerShare, Proposal, propose, write_overrides, write_table,
};
use sverka_report::published::{PublishedError, locate_run, locate_run_of_day};
use sverka_text::with_thousands;

/// What the user typed after `distribute`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka distribute --job job.toml
  sverka distribute --output /srv/oms/out --out proposal.csv
  sverka distribute --job job.toml --equal-shares --overrides proposal.toml

Takes the people of the table must_choose whose time to choose is over, and splits them over the insurers of \
the region that remain, in proportion to their insured: by largest remainder, people of one address together. \
It is a proposal and changes nothing: what is approved comes back as signed entries of the file of overrides, \
or as records of the register. The files hold personal data: they are yours to protect.

Exits with 0, or with 2 when the command line is wrong, or the job or a run of that ID or day is not there, with 3 when no run is published, \
it cannot be used or nobody remains to take the people, with 4 when the disk runs out.")]
pub struct DistributeArgs {
    #[command(flatten)]
    run: RunChoice,

    /// Take the run of this day (a date, or today) instead of the current one
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with = "run")]
    as_of: Option<Date>,

    /// Distribute also those who may still choose; they are marked in the table
    #[arg(long)]
    all: bool,

    /// Split working people (categories 1 to 5) and others in proportion each
    #[arg(long)]
    equal_shares: bool,

    /// Write the table for approval into this file, .csv or .parquet
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Write entries for the file of overrides into this file; they count once people have signed them
    #[arg(long, value_name = "FILE.toml")]
    overrides: Option<PathBuf>,
}

/// Makes the proposal, writes its files, and prints the shares of the insurers.
///
/// # Errors
/// When there is no such run, it cannot be used, no insurer remains, or a file cannot be written.
pub fn run(args: &DistributeArgs) -> Result<Exit, Failure> {
    let dir = folder_of_run(args)?;
    let proposal = propose(&dir, DistributeOptions { all: args.all, equal_shares: args.equal_shares })?;
    if let Some(file) = &args.out {
        report_link(file, &write_table(&proposal, file)?);
    }
    if let Some(file) = &args.overrides {
        report_link(file, &write_overrides(&proposal, file)?);
    }
    print(&summary(&proposal, args))?;
    Ok(Exit::Done)
}

/// Folder of the run: `--run` as a folder, else the run of the day or the ID.
fn folder_of_run(args: &DistributeArgs) -> Result<PathBuf, Failure> {
    let as_folder = |run: &str| Path::new(run).join("manifest.json").is_file().then(|| PathBuf::from(run));
    if let Some(folder) = args.run.run.as_deref().and_then(as_folder) {
        return Ok(folder);
    }
    let output = output_folder(&args.run, Path::new(""))?;
    let located = match args.as_of {
        Some(day) => locate_run_of_day(&output, &day.to_string()),
        None => locate_run(&output, args.run.run.as_deref()),
    };
    Ok(located.map_err(DistributeError::from)?)
}

/// Numbers of the proposal, its shares and files.
fn summary(proposal: &Proposal, args: &DistributeArgs) -> String {
    let people = proposal.people.len() as u64;
    let mut text = String::new();
    let mut count = |indent: usize, label: &str, count: u64| {
        let _ = writeln!(text, "{:indent$}{label:<width$}{:>12}", "", with_thousands(count), width = 44 - indent);
    };
    count(0, "To distribute", people);
    if args.all {
        count(2, "of these, may still choose", proposal.people.iter().filter(|proposed| !proposed.person.overdue).count() as u64);
    } else {
        count(0, "May still choose (--all takes them, too)", proposal.still_choosing);
    }
    count(0, "Addresses with several of them", proposal.households() as u64);
    if people > 0 {
        text.push('\n');
        shares(&mut text, &proposal.shares);
    }
    let _ = writeln!(text, "\nRun        {}", proposal.run_id);
    for (label, file) in [("Table", &args.out), ("Overrides", &args.overrides)] {
        if let Some(file) = file {
            let _ = writeln!(text, "{label:<11}{}", file.display());
        }
    }
    if people > 0 {
        text.push_str("A proposal: nothing has changed until people approve it.\n");
    }
    text
}

/// Appends the table of shares.
fn shares(text: &mut String, shares: &[InsurerShare]) {
    let _ = writeln!(text, "{:<8}{:>14}{:>12}{:>12}{:>12}  Name", "Insurer", "Insured", "Quota", "Proposed", "Deviation");
    for share in shares {
        let deviation = share.proposed as i64 - share.quota as i64;
        let deviation = if deviation == 0 { "0".to_owned() } else { format!("{deviation:+}") };
        let [insured, quota, proposed] = [share.insured, share.quota, share.proposed].map(with_thousands);
        let name = share.name.as_deref().unwrap_or_default();
        let line = format!("{:<8}{insured:>14}{quota:>12}{proposed:>12}{deviation:>12}  {name}", share.insurer);
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

impl From<DistributeError> for Failure {
    fn from(error: DistributeError) -> Self {
        let exit = match &error {
            DistributeError::Write { cause, .. } if is_exhausted(cause) => Exit::Resource,
            DistributeError::Run(PublishedError::RunUnknown { .. } | PublishedError::SeveralRuns { .. })
            | DistributeError::Write { .. }
            | DistributeError::InsideRun { .. }
            | DistributeError::Ending { .. } => Exit::Usage,
            _ => Exit::Input,
        };
        Self::new(exit, error)
    }
}
