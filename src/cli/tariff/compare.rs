//! `sverka tariff compare`: the heads of a published run under two tariffs.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use super::comparison::{CareDifferences, Comparison};
use super::run_heads::{RunHeads, WantedCare};
use super::{Exit, Failure};
use crate::cli::job_choice::job_of_folder;
use crate::cli::print_error;
use crate::cli::result_output::{AnswerChoice, chosen_format, send};
use crate::job::{JobForTariff, TariffWithClinics};
use sverka_formats::likely_name;
use sverka_kernel::funding::{CareUnder, compare_care};
use sverka_model::Date;
use sverka_publish::Manifest;
use sverka_reference::Tariff;
use sverka_report::published::locate_run;

/// What the user typed after `tariff compare`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  sverka tariff compare tariff_2026.toml tariff_2027.toml
  sverka tariff compare old.toml new.toml --job job.toml --run 2026-11-01-3f2c --to difference.csv

The heads are those that the run counted, the clinics those of the job. Both tariffs are read as they are in force on the as-of date of the \
run. The difference of each clinic and care is split by its causes, one after another, and they add up to it to the kopeck: other heads \
(other days, means or stations), base norm, K (bands, their coefficients, printed K), factors, correction, rates in roubles, roundings.

Columns by_… and all figures of both tariffs are in csv, json and parquet.

Exits with 0; with 2 when the command line, the job or a tariff is wrong, or a file or the run is not there; with 3 when the run did not \
count the heads that a tariff needs; with 4 when the disk failed.")]
pub struct TariffCompareArgs {
    /// The tariff to compare with
    #[arg(value_name = "A.toml")]
    before: PathBuf,

    /// The tariff that is compared
    #[arg(value_name = "B.toml")]
    after: PathBuf,

    #[command(flatten)]
    run: JobRunChoice,

    #[command(flatten)]
    answer: AnswerChoice,
}

/// Which run of which job is meant. The job gives the clinics.
#[derive(Debug, clap::Args)]
pub struct JobRunChoice {
    /// The job with the table of clinics [default: ./job.toml]
    #[arg(long, value_name = "JOB.toml")]
    job: Option<PathBuf>,

    /// Folder of the published runs [default: that of the job]
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Take this run instead of the current one
    #[arg(long, value_name = "ID")]
    run: Option<String>,
}

/// A job and one of its runs.
pub(super) struct JobRun {
    /// The job.
    pub job: JobForTariff,
    /// Folder of all runs.
    pub output: PathBuf,
    /// Folder of the run.
    pub folder: PathBuf,
    /// Manifest of the run.
    pub manifest: Manifest,
    /// As-of date of the run.
    pub as_of: Date,
}

impl JobRun {
    /// The job and the run that the user chose. Tables of clinics that differ from those of the run are told.
    ///
    /// # Errors
    /// When there is no such job or run, or one of them cannot be read.
    pub fn find(choice: &JobRunChoice) -> Result<Self, Failure> {
        let Some(path) = choice.job.clone().or_else(|| job_of_folder(Path::new(""))) else {
            return Err(Failure::usage(
                "no job is named, and the working folder has no job.toml; name the job with --job: it has the table of clinics",
            ));
        };
        let job = JobForTariff::load(&path).map_err(|error| Failure::job(&error))?;
        let output = choice.output.clone().unwrap_or_else(|| job.output.clone());
        let folder = locate_run(&output, choice.run.as_deref())?;
        let manifest = Manifest::read(&folder).map_err(Failure::input)?;
        let as_of = manifest.as_of.parse().map_err(|wrong| Failure::input(format_args!("manifest of the run: {wrong}")))?;
        for file in &job.files {
            let role = file.role.name();
            let is_other = |input: &&sverka_publish::Input| input.role == role && input.blake3 != file.blake3;
            if manifest.inputs.iter().any(|input| is_other(&input)) {
                print_error(&format!(
                    "`{}` has changed since run {}; factors and ages are those of today's file",
                    file.name, manifest.run_id
                ));
            }
        }
        Ok(Self { job, output, folder, manifest, as_of })
    }

    /// A tariff as it is in force on the as-of date of the run.
    pub fn tariff(&self, file: &Path) -> Result<TariffWithClinics, Failure> {
        self.job.read_tariff(file, self.as_of).map_err(|error| Failure::job(&error))
    }
}

/// Compares two tariffs and prints the differences.
///
/// # Errors
/// When the command line, the job or a tariff is wrong, or the run did not count what a tariff needs.
pub fn run(args: &TariffCompareArgs) -> Result<Exit, Failure> {
    let format = chosen_format(&args.answer, std::io::stdout().is_terminal())?;
    let run = JobRun::find(&args.run)?;
    let (before, after) = (run.tariff(&args.before)?, run.tariff(&args.after)?);
    let heads = RunHeads::read(&run.folder)?;
    let file = |path: &Path| likely_name(path.as_os_str()).text;
    let names = [file(&args.before), file(&args.after)];
    let sides = [Side { file: &names[0], tariff: &before }, Side { file: &names[1], tariff: &after }];
    let cares = care_names(&before.tariff, &after.tariff);
    let cares = cares.into_iter().map(|care| differences(care, &sides, &heads)).collect::<Result<Vec<_>, _>>()?;
    let comparison =
        Comparison { run_id: run.manifest.run_id, as_of: run.as_of, files: names.clone(), clinics: &before.clinics, cares };
    for (file, tariff) in names.iter().zip([&before.tariff, &after.tariff]) {
        if let Some(parts) = parts_beside_cares(tariff) {
            print_error(&format!("{file}: {parts} are not compared; the cares alone are"));
        }
    }
    send(&comparison, format, &args.answer)?;
    Ok(Exit::Done)
}

/// A tariff of the comparison.
#[derive(Clone, Copy)]
struct Side<'t> {
    file: &'t str,
    tariff: &'t TariffWithClinics,
}

/// Names of the cares of both tariffs, in the order of the first one.
fn care_names<'t>(before: &'t Tariff, after: &'t Tariff) -> Vec<&'t str> {
    let mut names: Vec<&str> = Vec::new();
    for care in before.cares.iter().chain(&after.cares) {
        if !names.contains(&care.name.as_str()) {
            names.push(&care.name);
        }
    }
    names
}

/// Differences of one care.
fn differences(name: &str, sides: &[Side<'_>; 2], heads: &RunHeads) -> Result<CareDifferences, Failure> {
    let counted = |side: &Side<'_>| {
        let care = side.tariff.tariff.cares.iter().find(|care| care.name == name);
        care.map(|care| heads.of_care(WantedCare { file: side.file, tariff: side.tariff, care })).transpose()
    };
    let counts = [counted(&sides[0])?, counted(&sides[1])?];
    let under = |index: usize| {
        let TariffWithClinics { clinics, tariff } = sides[index].tariff;
        let care = tariff.cares.iter().find(|care| care.name == name)?;
        Some(CareUnder { counts: counts[index].as_ref()?, clinics, tariff, care })
    };
    Ok(CareDifferences { care: name.to_owned(), clinics: compare_care(under(0), under(1)) })
}

/// Parts of a tariff that heads have no say in; `None` when it has none.
fn parts_beside_cares(tariff: &Tariff) -> Option<String> {
    let parts = [
        ("feldsher points", tariff.points.is_some()),
        ("results", tariff.results.is_some()),
        ("settlements", tariff.settlements.is_some()),
        ("money of insurers", tariff.insurers.is_some()),
    ];
    let parts: Vec<&str> = parts.into_iter().filter(|(_, is_there)| *is_there).map(|(name, _)| name).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
