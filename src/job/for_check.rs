//! Job for checking single files: absent sources and reference tables are left out and listed.
//!
//! A sender of one file has no other files, and seldom the tables of the fund. Everything else is as strict as for a run.

use std::path::Path;
use std::sync::Arc;

use toml::Spanned;

use super::file::ReferenceEntry;
use super::load::Resolver;
use super::output;
use super::severities;
use super::sources::{JobOutput, SourceEntries, SourceList, WithoutFiles, read_sources};
use super::{CommandLine, FileRole, JobError, JobProblem, Source};
use sverka_model::Date;
use sverka_reference::{
    ClinicRow, ClinicSettings, Clinics, Dictionary, DocumentMasks, InsurerRow, Insurers, ReferenceError, Successors, TariffFile,
    WorkingDays,
};
use sverka_settings::{RuleSettings, Severities};

/// Parts of a job that a check of single files needs.
#[derive(Clone, Debug)]
pub struct JobForCheck {
    /// As-of date of the check.
    pub as_of: Date,
    /// Region of the register, as in the tables of insurers and clinics.
    pub region: Option<String>,
    /// Insurers, if their table exists.
    pub insurers: Option<Insurers>,
    /// Clinics, if their table exists.
    pub clinics: Option<Clinics>,
    /// Dictionary of identity documents, if the job names one and it exists.
    pub documents: Option<Dictionary<DocumentMasks>>,
    /// Working days.
    pub calendar: WorkingDays,
    /// Settings of the rules.
    pub rules: RuleSettings,
    /// Severity of each rule; sources may have their own.
    pub severities: Arc<Severities>,
    /// Sources that exist.
    pub sources: Vec<Source>,
    /// Names of absent reference files.
    pub absent: Vec<String>,
}

impl JobForCheck {
    /// Reads a job; names in it are relative to its folder.
    ///
    /// # Errors
    /// The first fault, with file and line.
    pub fn load(path: &Path, command_line: &CommandLine) -> Result<Self, JobError> {
        let bytes = std::fs::read(path).map_err(|cause| JobError::Io { file: path.to_owned(), cause })?;
        let mut resolver = Resolver::new(path, &bytes)?;
        let text = resolver.parse()?;
        let as_of = resolver.as_of(text.as_of.as_ref(), command_line)?;
        let region = resolver.region(text.region.as_ref())?;
        let mut absent = AbsentFiles::default();
        let reference = match &text.reference {
            Some(entry) => absent.reference(&mut resolver, entry)?,
            None => Reference::default(),
        };
        let mut severities = severities::job_severities(&resolver, &text.rules.severity)?;
        let mut rules = resolver.rules(&text.rules)?;
        rules.follow(&mut severities);
        let severities = Arc::new(severities);
        let folder = resolver.path_of(text.output.as_ref().and_then(|output| output::path_of(output.get_ref())).unwrap_or("out"));
        let entries = SourceEntries { without_files: WithoutFiles::Skip, ..text.source_entries() };
        let output = JobOutput { folder: &folder, as_of };
        let SourceList { found, .. } = read_sources(&resolver, &severities, output, &entries)?;
        let sources = found.into_iter().map(|found| found.source).collect();
        let Reference { insurers, clinics, documents, calendar } = reference;
        Ok(Self { as_of, region, insurers, clinics, documents, calendar, rules, severities, sources, absent: absent.names })
    }
}

/// Reference tables of the row checks.
#[derive(Default)]
struct Reference {
    insurers: Option<Insurers>,
    clinics: Option<Clinics>,
    documents: Option<Dictionary<DocumentMasks>>,
    calendar: WorkingDays,
}

/// Names of absent files.
#[derive(Default)]
struct AbsentFiles {
    names: Vec<String>,
}

impl AbsentFiles {
    fn reference(&mut self, resolver: &mut Resolver<'_>, entry: &ReferenceEntry) -> Result<Reference, JobError> {
        let insurers = self.bytes(resolver, &entry.insurers, FileRole::Insurers)?;
        let clinics = self.bytes(resolver, &entry.clinics, FileRole::Clinics)?;
        let tariff = self.unless_absent(resolver.read_text(&entry.tariff, FileRole::Tariff))?;
        let factors = match (&tariff, &clinics) {
            (Some((text, file)), _) => TariffFile::parse(&file.name, text)?.factor_columns().to_vec(),
            (None, Some((_, bytes))) => Clinics::factor_columns(bytes),
            (None, None) => Vec::new(),
        };
        let successors = self.optional(resolver, entry.succession.as_ref(), FileRole::Succession, Successors::read)?;
        let read_settings = |file: &str, bytes: &[u8]| ClinicSettings::read(file, bytes, &factors);
        let settings = self.optional(resolver, entry.clinic_settings.as_ref(), FileRole::ClinicSettings, read_settings)?;
        let calendar = self.optional(resolver, entry.calendar.as_ref(), FileRole::Calendar, WorkingDays::read)?;
        let dictionaries = &entry.dictionaries;
        let regions = self.optional(resolver, dictionaries.f010.as_ref(), FileRole::Dictionary, Dictionary::read_regions)?;
        let documents = self.optional(resolver, dictionaries.f011.as_ref(), FileRole::Dictionary, Dictionary::read_documents)?;
        let insurers = insurers.map(|(name, bytes)| {
            let mut rows = InsurerRow::read_all(&name, &bytes, regions.as_ref())?;
            successors.as_ref().map_or(Ok(()), |successors| successors.complete_insurers(&mut rows))?;
            Insurers::from_rows(&name, rows)
        });
        let clinics = clinics.map(|(name, bytes)| {
            let mut rows = ClinicRow::read_all(&name, &bytes, &factors, settings.as_ref(), regions.as_ref())?;
            successors.as_ref().map_or(Ok(()), |successors| successors.complete_clinics(&mut rows))?;
            Clinics::from_rows(&name, rows)
        });
        let (insurers, clinics) = (insurers.transpose()?, clinics.transpose()?);
        Ok(Reference { insurers, clinics, documents, calendar: calendar.unwrap_or_default() })
    }

    /// Name and bytes of a required file, if it exists.
    fn bytes(
        &mut self,
        resolver: &Resolver<'_>,
        name: &Spanned<String>,
        role: FileRole,
    ) -> Result<Option<(String, Vec<u8>)>, JobError> {
        Ok(self.unless_absent(resolver.read(name, role))?.map(|(bytes, file)| (file.name, bytes)))
    }

    /// Content of an optional file, if the job names it and it exists.
    fn optional<T>(
        &mut self,
        resolver: &mut Resolver<'_>,
        name: Option<&Spanned<String>>,
        role: FileRole,
        read: impl Fn(&str, &[u8]) -> Result<T, ReferenceError>,
    ) -> Result<Option<T>, JobError> {
        Ok(self.unless_absent(resolver.optional(name, role, read))?.flatten())
    }

    /// Result of reading a file; `None` when the file is absent, which is noted.
    fn unless_absent<T>(&mut self, read: Result<T, JobError>) -> Result<Option<T>, JobError> {
        match read {
            Err(JobError::Setting { problem: JobProblem::Unreadable { name, cause }, .. })
                if cause.kind() == std::io::ErrorKind::NotFound =>
            {
                self.names.push(name);
                Ok(None)
            }
            read => read.map(Some),
        }
    }
}
