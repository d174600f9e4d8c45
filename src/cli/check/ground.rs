//! Basis of the row checks: the job's day, tables and settings, or what the command line names. Tables that are not there are done without.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CheckArgs;
use crate::cli::day::today;
use crate::cli::job_choice::job_of_folder;
use crate::cli::{Exit, Failure};
use crate::job::{CommandLine, JobForCheck, Source};
use sverka_check::CheckContext;
use sverka_model::{Code, Date};
use sverka_reference::{Clinics, Dictionary, DocumentMasks, Insurers, WorkingDays};
use sverka_settings::{RuleSettings, Severities};

/// Rules that ask the table of insurers.
const OF_INSURERS: [Code; 3] = [Code::InsurerUnknown, Code::InsurerNotWorking, Code::InsurerOtherRegion];
/// Rules that ask the table of clinics.
const OF_CLINICS: [Code; 4] = [Code::ClinicUnknown, Code::ClinicNotWorking, Code::ClinicNotAttachable, Code::ClinicOtherRegion];

/// What rows are checked against.
pub(super) struct Ground {
    pub as_of: Date,
    pub severities: Arc<Severities>,
    pub rules: RuleSettings,
    /// Sources of the job, whose layouts hold for the same files.
    pub known: Vec<Source>,
    /// The job, if there is one.
    pub job: Option<PathBuf>,
    /// Rules that are not applied, because what they ask is not there.
    pub unasked: Vec<Code>,
    /// Names of reference files of the job that are not there.
    pub absent: Vec<String>,
    insurers: Insurers,
    clinics: Clinics,
    region: Option<String>,
    documents: Option<Dictionary<DocumentMasks>>,
    calendar: WorkingDays,
}

impl Ground {
    /// What the user named; else the job of the working folder, if there is one; else nothing.
    ///
    /// # Errors
    /// When the job or a reference table is wrong.
    pub fn of(args: &CheckArgs) -> Result<Self, Failure> {
        let is_by_tables = args.insurers.is_some() || args.clinics.is_some();
        let of_folder = || job_of_folder(Path::new("")).filter(|_| !is_by_tables);
        match args.job.clone().or_else(of_folder) {
            Some(job) => Self::of_job(job, args),
            None => Self::of_tables(args),
        }
    }

    fn of_job(file: PathBuf, args: &CheckArgs) -> Result<Self, Failure> {
        let command_line = CommandLine { as_of: args.as_of, as_of_otherwise: Some(today()), ..CommandLine::default() };
        let job = JobForCheck::load(&file, &command_line).map_err(|error| Failure::job(&error))?;
        let unasked = unasked(job.insurers.as_ref(), job.clinics.as_ref());
        let without = |severities: &Arc<Severities>| Arc::new(severities.without(&unasked));
        let of_source = |source: Source| Source { severities: without(&source.severities), ..source };
        Ok(Self {
            as_of: job.as_of,
            severities: without(&job.severities),
            rules: job.rules,
            known: job.sources.into_iter().map(of_source).collect(),
            job: Some(file),
            absent: job.absent,
            insurers: job.insurers.unwrap_or_else(Insurers::none),
            clinics: job.clinics.unwrap_or_else(Clinics::none),
            region: job.region,
            documents: job.documents,
            calendar: job.calendar,
            unasked,
        })
    }

    fn of_tables(args: &CheckArgs) -> Result<Self, Failure> {
        let name = |path: &Path| path.display().to_string();
        let insurers = args.insurers.as_deref().map(|path| Insurers::read(&name(path), &read(path)?).map_err(Failure::usage));
        let clinics = args.clinics.as_deref().map(|path| {
            let bytes = read(path)?;
            Clinics::read(&name(path), &bytes, &Clinics::factor_columns(&bytes)).map_err(Failure::usage)
        });
        let (insurers, clinics) = (insurers.transpose()?, clinics.transpose()?);
        let unasked = unasked(insurers.as_ref(), clinics.as_ref());
        Ok(Self {
            as_of: args.as_of.unwrap_or_else(today),
            severities: Arc::new(Severities::DEFAULT.without(&unasked)),
            rules: RuleSettings::default(),
            known: Vec::new(),
            job: None,
            absent: Vec::new(),
            insurers: insurers.unwrap_or_else(Insurers::none),
            clinics: clinics.unwrap_or_else(Clinics::none),
            region: None,
            documents: None,
            calendar: WorkingDays::default(),
            unasked,
        })
    }

    /// A day, and nothing else.
    #[cfg(test)]
    pub fn without_tables(as_of: Date) -> Self {
        Self {
            as_of,
            severities: Arc::new(Severities::DEFAULT),
            rules: RuleSettings::default(),
            known: Vec::new(),
            job: None,
            absent: Vec::new(),
            unasked: Vec::new(),
            insurers: Insurers::none(),
            clinics: Clinics::none(),
            region: None,
            documents: None,
            calendar: WorkingDays::default(),
        }
    }

    /// What the checks of rows need of it.
    pub fn context(&self) -> CheckContext<'_> {
        CheckContext {
            as_of: self.as_of,
            insurers: &self.insurers,
            clinics: &self.clinics,
            region: self.region.as_deref(),
            documents: self.documents.as_ref(),
            calendar: &self.calendar,
            rules: &self.rules,
        }
    }
}

fn unasked(insurers: Option<&Insurers>, clinics: Option<&Clinics>) -> Vec<Code> {
    let of_insurers = insurers.is_none().then_some(OF_INSURERS).into_iter().flatten();
    of_insurers.chain(clinics.is_none().then_some(OF_CLINICS).into_iter().flatten()).collect()
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let otherwise = |cause: &io::Error| if cause.kind() == io::ErrorKind::NotFound { Exit::Absent } else { Exit::Usage };
    std::fs::read(path).map_err(|cause| Failure::unreadable(otherwise(&cause), path, &cause))
}
