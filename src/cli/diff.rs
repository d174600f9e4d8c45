//! `sverka diff`: what has changed between two published runs.

use std::path::{Path, PathBuf};

use super::language::LanguageChoice;
use super::lines::line_width;
use super::run_choice::{RunChoice, output_folder};
use super::{Exit, Failure, print, report_link};
use sverka_publish::Manifest;
use sverka_report::diff::{Diff, DiffDestinations, DiffError, DiffFilter, DiffFolder, DiffFormat, compare, write_diff};
use sverka_report::published::{PublishedError, locate_former_run, locate_run};

/// What the user typed after `diff`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka diff --job job.toml
  sverka diff --job job.toml 2026-10-01-5b0c7f2190aa4e11 2026-11-01-0c1d2e3f40516273 --to changes
  sverka diff /archive/october /archive/november --only clinic=980101 --format csv --to changes

Says what has changed between two published runs: people with the causes, movement of insurers and clinics, money by cause, findings. Without \
names the current run is compared with the one before it; with one name that run with the one before it. What a run lacks is said. \
--to and --xlsx write four tables: person_changes, movement, money_changes, finding_changes. The files of --to appear all at once, or not at all; a folder of a former \
comparison is replaced, any other folder with files is refused.

Exits with 0, or with 2 when the command line is wrong, no run of that ID or no run before it is there, neither run knows the clinic or insurer, \
or the folder holds something else, with 3 when no run is published or its tables cannot be read or contradict each other, with 4 when the disk \
runs out or somebody else writes there, with 7 when the comparison is written but the disk did not confirm.")]
pub struct DiffArgs {
    /// One run or two, the former first: IDs of the output folder, or folders of runs [default: the current run and the one before it]
    #[arg(value_name = "RUN", num_args = 0..=2)]
    runs: Vec<String>,

    /// Folder of the published runs [default: that of ./job.toml, else ./out]
    #[arg(long, short, value_name = "DIR", conflicts_with = "job")]
    output: Option<PathBuf>,

    /// Take the folder of the published runs from this job
    #[arg(long, value_name = "JOB.toml")]
    job: Option<PathBuf>,

    /// Compare only these: clinic=CODE or insurer=CODE; may be given several times
    #[arg(long, value_name = "KIND=CODE")]
    only: Vec<String>,

    /// Write the tables into this folder
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,

    /// Write the tables into this workbook, a sheet for each
    #[arg(long, value_name = "FILE")]
    xlsx: Option<PathBuf>,

    /// Format of the tables
    #[arg(long, short, value_enum, default_value_t = Format::Parquet, requires = "to")]
    format: Format,

    #[command(flatten)]
    language: LanguageChoice,
}

/// Format of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For other programs
    Parquet,
    /// Comma-separated, with a header
    Csv,
    /// Arrays of objects; decimals as text, to keep every digit
    Json,
}

impl Format {
    pub(super) fn of_tables(self) -> DiffFormat {
        match self {
            Self::Parquet => DiffFormat::Parquet,
            Self::Csv => DiffFormat::Csv,
            Self::Json => DiffFormat::Json,
        }
    }
}

/// Compares two runs.
///
/// # Errors
/// When there are no such runs, they cannot be read, or the tables cannot be written.
pub fn run(args: &DiffArgs) -> Result<Exit, Failure> {
    let filter = DiffFilter::parse(&args.only)?;
    let RunFolders { old, new } = run_folders(args)?;
    let folder = args.to.as_deref().map(|folder| DiffFolder { folder, format: args.format.of_tables() });
    let workbook = args.xlsx.as_deref();
    if folder.is_none() && workbook.is_none() {
        show(args, &compare(&old, &new, &filter)?)?;
        return Ok(Exit::Done);
    }
    let written = write_diff(&old, &new, &filter, DiffDestinations { folder, workbook })?;
    show(args, &written.diff)?;
    if let (Some(file), Some(destination)) = (workbook, &written.workbook) {
        report_link(file, destination);
    }
    match &written.shortfall {
        None => Ok(Exit::Done),
        Some(shortfall) => Err(Failure::new(Exit::Unfinished, format_args!("the comparison is written, but {shortfall}"))),
    }
}

fn show(args: &DiffArgs, diff: &Diff) -> Result<(), Failure> {
    let mut text = diff.screen(args.language.language(), line_width());
    for written in [&args.to, &args.xlsx].into_iter().flatten() {
        text += &format!("\n{}", written.display());
    }
    print(&(text.trim_end().to_owned() + "\n"))
}

/// Folders of two runs.
struct RunFolders {
    old: PathBuf,
    new: PathBuf,
}

fn run_folders(args: &DiffArgs) -> Result<RunFolders, Failure> {
    let choice = RunChoice { output: args.output.clone(), job: args.job.clone(), run: None };
    let output = || output_folder(&choice, Path::new(""));
    let named = |name: &String| named_run(&choice, name);
    match args.runs.as_slice() {
        [old, new] => Ok(RunFolders { old: named(old)?, new: named(new)? }),
        names => {
            let new = match names.first() {
                Some(name) => named(name)?,
                None => locate_run(&output()?, None)?,
            };
            let old = former_run(&new, &output)?;
            Ok(RunFolders { old, new })
        }
    }
}

/// Folder of a run that is named by its id in the output folder, or by its folder.
pub(super) fn named_run(choice: &RunChoice, name: &str) -> Result<PathBuf, Failure> {
    if Path::new(name).join(Manifest::FILE_NAME).is_file() {
        return Ok(PathBuf::from(name));
    }
    Ok(locate_run(&output_folder(choice, Path::new(""))?, Some(name))?)
}

/// Folder of the run before another one: beside it.
fn former_run(new: &Path, output: &dyn Fn() -> Result<PathBuf, Failure>) -> Result<PathBuf, Failure> {
    let runs = new.parent().and_then(Path::parent).map(Path::to_owned);
    let output = match runs {
        Some(folder) if folder.join("runs").is_dir() => folder,
        _ => output()?,
    };
    let run_id = new.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    locate_former_run(&output, new).map_err(DiffError::Manifest)?.ok_or_else(|| DiffError::NoFormer { output, run_id }.into())
}

impl From<DiffError> for Failure {
    fn from(error: DiffError) -> Self {
        let exit = match &error {
            error if error.is_exhausted() => Exit::Resource,
            DiffError::Run(PublishedError::RunUnknown { .. })
            | DiffError::NoFormer { .. }
            | DiffError::Filter { .. }
            | DiffError::CodeUnknown { .. }
            | DiffError::Occupied { .. }
            | DiffError::Folder(_)
            | DiffError::Io { .. } => Exit::Usage,
            DiffError::Rows(_) => Exit::Invariant,
            DiffError::Run(_)
            | DiffError::Manifest(_)
            | DiffError::NoDay { .. }
            | DiffError::Read(_)
            | DiffError::Unbalanced { .. }
            | DiffError::Busy { .. } => Exit::Input,
        };
        Self::new(exit, error)
    }
}
