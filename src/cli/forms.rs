//! `sverka forms`: papers of the month from a published run.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::diff::named_run;
use super::result_output::run_folder;
use super::run_choice::RunChoice;
use super::{Exit, Failure, print};
use sverka_report::forms::{FORMS, FormFormat, FormsError, FormsFilter, FormsOptions, MadeForms, make_forms};
use sverka_report::published::PublishedError;
use sverka_text::with_thousands;

/// What the user typed after `forms`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka forms --list
  sverka forms --job job.toml --to forms
  sverka forms --job job.toml --before 2026-10-01-5b0c7f2190aa4e11 --form movement --form matrix --to october
  sverka forms --job job.toml --form reconciliation --clinic 980101 --format html --to act

Forms are papers that fund, insurers and clinics sign: acts of reconciliation, heads by age and sex, norms and sums. Without --form all that \
the run can give are made. They appear all at once, or not at all; a folder of former forms is replaced, any other folder with files is refused. \
With --clinic or --insurer a form of the fund holds their rows alone and says so in its title.

Exits with 0, or with 2 when there is no such form, insurer or clinic, a form cannot be made from the run, the folder holds something else, \
or the job or a run of that ID is not there, with 3 when no run is published or a table cannot be read, with 4 when the disk runs out or \
somebody else writes there, with 7 when the forms are written but the disk did not confirm.")]
pub struct FormsArgs {
    #[command(flatten)]
    run: RunChoice,

    /// Make this form; may be given several times [default: all that the run can give]
    #[arg(long, value_name = "NAME")]
    form: Vec<String>,

    /// Only for this clinic, by its code; may be given several times
    #[arg(long, value_name = "CODE")]
    clinic: Vec<String>,

    /// Only for this insurer, by its code; may be given several times
    #[arg(long, value_name = "CODE")]
    insurer: Vec<String>,

    /// The former run, for forms about two runs: an ID of the output folder, or the folder of a run
    #[arg(long, value_name = "RUN")]
    before: Option<String>,

    /// Write the forms into this folder
    #[arg(long, value_name = "FOLDER", required_unless_present = "list")]
    to: Option<PathBuf>,

    /// Format of the files
    #[arg(long, short, value_enum, default_value_t = Format::Xlsx)]
    format: Format,

    /// List the forms
    #[arg(long, conflicts_with_all = ["form", "clinic", "insurer", "before", "to"])]
    list: bool,
}

/// Format of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Workbooks of Excel
    Xlsx,
    /// Pages for printing on A4
    Html,
    /// Cells, separated by ;
    Csv,
}

impl Format {
    fn of_forms(self) -> FormFormat {
        match self {
            Self::Xlsx => FormFormat::Xlsx,
            Self::Html => FormFormat::Html,
            Self::Csv => FormFormat::Csv,
        }
    }
}

/// Lists the forms, or makes them.
///
/// # Errors
/// When there is no such run or form, or the forms cannot be written.
pub fn run(args: &FormsArgs) -> Result<Exit, Failure> {
    let Some(to) = &args.to else {
        print(&list())?;
        return Ok(Exit::Done);
    };
    let folder = run_folder(&args.run)?;
    let filter = FormsFilter { insurers: args.insurer.iter().cloned().collect(), clinics: args.clinic.iter().cloned().collect() };
    let before = args.before.as_deref().map(|name| named_run(&args.run, name)).transpose()?;
    let options =
        FormsOptions { before: before.as_deref(), names: &args.form, filter: &filter, format: args.format.of_forms(), to };
    let made = make_forms(&folder, &options)?;
    print(&summary(&made))?;
    match &made.shortfall {
        None => Ok(Exit::Done),
        Some(shortfall) => Err(Failure::new(Exit::Unfinished, format_args!("the forms are written, but {shortfall}"))),
    }
}

/// Names and meanings of all forms.
fn list() -> String {
    let width = FORMS.iter().map(|form| form.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for form in FORMS {
        let _ = writeln!(text, "{:<width$}  {}\n{:width$}  {}", form.name, form.title, "", form.meaning);
    }
    text
}

/// Numbers of files of each form, and the forms that are left out.
fn summary(made: &MadeForms) -> String {
    let mut text = String::new();
    for form in FORMS {
        let files = made.files.iter().filter(|file| file.form == form.name).count() as u64;
        if files > 0 {
            let noun = if files == 1 { "file" } else { "files" };
            let _ = writeln!(text, "{:<15}{:>8} {noun}", form.name, with_thousands(files));
        }
    }
    for left_out in &made.left_out {
        let _ = writeln!(text, "{}: left out: {}", left_out.form, left_out.reason);
    }
    let _ = writeln!(text, "Run    {}\nForms  {}", made.run_id, made.folder.display());
    text
}

impl From<FormsError> for Failure {
    fn from(error: FormsError) -> Self {
        let exit = match error {
            FormsError::Diff(error) => return error.into(),
            FormsError::Corrections(error) => return error.into(),
            ref error if error.is_exhausted() => Exit::Resource,
            FormsError::Run(PublishedError::RunUnknown { .. })
            | FormsError::Unknown { .. }
            | FormsError::CodeUnknown { .. }
            | FormsError::NotNarrowed { .. }
            | FormsError::NoFormerRun { .. }
            | FormsError::NotClosed { .. }
            | FormsError::NothingToCorrect { .. }
            | FormsError::NoTable { .. }
            | FormsError::NoBandSet { .. }
            | FormsError::NoMoney { .. }
            | FormsError::Nothing { .. }
            | FormsError::Occupied { .. }
            | FormsError::Folder(_)
            | FormsError::Io { .. } => Exit::Usage,
            FormsError::Writer(_) => Exit::Invariant,
            FormsError::Run(_)
            | FormsError::Manifest(_)
            | FormsError::NoDay
            | FormsError::Read(_)
            | FormsError::ColumnMissing { .. }
            | FormsError::Busy { .. } => Exit::Input,
        };
        Self::new(exit, error)
    }
}
