//! Basis of the row checks: the as-of date, tables and settings of a job, or those of the command line. Rules without their table are not applied.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CheckArgs;
use crate::cli::day::today;
use crate::cli::exit::is_not_found;
use crate::cli::job_choice::job_of_folder;
use crate::cli::{Exit, Failure};
use crate::job::{CommandLine, JobForCheck, Source};
use sverka_check::CheckContext;
use sverka_model::{Code, Date};
use sverka_reference::{Clinics, Dictionary, DocumentMasks, Insurers, WorkingDays};
use sverka_settings::{RuleSettings, Severities};

/// Rules that need the table of insurers.
const INSURER_RULES: [Code; 3] = [Code::InsurerUnknown, Code::InsurerNotWorking, Code::InsurerOtherRegion];
/// Rules that need the table of clinics.
const CLINIC_RULES: [Code; 4] = [Code::ClinicUnknown, Code::ClinicNotWorking, Code::ClinicNotAttachable, Code::ClinicOtherRegion];

/// As-of date, tables and settings of the row checks.
pub(super) struct CheckBasis {
    pub as_of: Date,
    pub severities: Arc<Severities>,
    pub rules: RuleSettings,
    /// Sources of the job. Their layouts are used for the same files.
    pub known: Vec<Source>,
    /// The job, if there is one.
    pub job: Option<PathBuf>,
    /// Rules that are not applied, because their table is not there.
    pub unasked: Vec<Code>,
    /// Names of reference files of the job that are not there.
    pub absent: Vec<String>,
    insurers: Insurers,
    clinics: Clinics,
    region: Option<String>,
    documents: Option<Dictionary<DocumentMasks>>,
    calendar: WorkingDays,
}

impl CheckBasis {
    /// Basis of the job or the tables that the user names; else of the job in the working folder; else without tables.
    ///
    /// # Errors
    /// When the job or a reference table is wrong.
    pub fn from_args(args: &CheckArgs) -> Result<Self, Failure> {
        let is_by_tables = args.insurers.is_some() || args.clinics.is_some();
        let in_working_folder = || job_of_folder(Path::new("")).filter(|_| !is_by_tables);
        match args.job.clone().or_else(in_working_folder) {
            Some(job) => Self::from_job(job, args),
            None => Self::from_tables(args),
        }
    }

    /// Basis of a job.
    fn from_job(file: PathBuf, args: &CheckArgs) -> Result<Self, Failure> {
        let command_line = CommandLine { as_of: args.as_of, as_of_otherwise: Some(today()), ..CommandLine::default() };
        let job = JobForCheck::load(&file, &command_line).map_err(|error| Failure::job(&error))?;
        let unasked = unasked(job.insurers.as_ref(), job.clinics.as_ref());
        let without = |severities: &Arc<Severities>| Arc::new(severities.without(&unasked));
        let applied = |source: Source| Source { severities: without(&source.severities), ..source };
        Ok(Self {
            as_of: job.as_of,
            severities: without(&job.severities),
            rules: job.rules,
            known: job.sources.into_iter().map(applied).collect(),
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

    /// Basis of the tables that the command line names.
    fn from_tables(args: &CheckArgs) -> Result<Self, Failure> {
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

    /// Basis with an as-of date and no tables.
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

    /// Context of the row checks.
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

/// Rules that need a table which is not there.
fn unasked(insurers: Option<&Insurers>, clinics: Option<&Clinics>) -> Vec<Code> {
    let insurer_rules = insurers.is_none().then_some(INSURER_RULES).into_iter().flatten();
    insurer_rules.chain(clinics.is_none().then_some(CLINIC_RULES).into_iter().flatten()).collect()
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let otherwise = |cause: &io::Error| if is_not_found(cause) { Exit::Absent } else { Exit::Usage };
    std::fs::read(path).map_err(|cause| Failure::unreadable(otherwise(&cause), path, &cause))
}
