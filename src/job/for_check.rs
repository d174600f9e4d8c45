//! A job as far as single files are checked by it: what is not there yet, sources and reference tables, is left out and named.
//!
//! Whoever sends one file has no others, and seldom the tables of the fund. Everything else is as strict as for a run.

use std::path::Path;
use std::sync::Arc;

use toml::Spanned;

use super::file::ReferenceEntry;
use super::load::Resolver;
use super::severities;
use super::sources::{Output, SourceEntries, SourceList, WithoutFiles, read_sources};
use super::{CommandLine, FileRole, JobError, JobProblem, Source};
use sverka_model::Date;
use sverka_reference::{
    ClinicRow, ClinicSettings, Clinics, Dictionary, DocumentMasks, InsurerRow, Insurers, ReferenceError, Successors, Tariff,
    WorkingDays,
};
use sverka_settings::{RuleSettings, Severities};

/// A job without what a check of single files has no use for.
#[derive(Clone, Debug)]
pub struct JobForCheck {
    /// The day as of which files are checked.
    pub as_of: Date,
    /// The region of the register, as the tables of insurers and clinics write regions.
    pub region: Option<String>,
    /// The insurers, if their table is there.
    pub insurers: Option<Insurers>,
    /// The clinics, if their table is there.
    pub clinics: Option<Clinics>,
    /// The job's dictionary of identity documents, if it has one and that is there.
    pub documents: Option<Dictionary<DocumentMasks>>,
    /// The working days.
    pub calendar: WorkingDays,
    /// Settings of the rules.
    pub rules: RuleSettings,
    /// What each rule means, where sources do not say otherwise.
    pub severities: Arc<Severities>,
    /// The sources that are there.
    pub sources: Vec<Source>,
    /// Names of reference files that are not there.
    pub absent: Vec<String>,
}

impl JobForCheck {
    /// Reads a job; names in it are relative to its folder.
    ///
    /// # Errors
    /// The first thing that is wrong, with file and line.
    pub fn load(path: &Path, command_line: &CommandLine) -> Result<Self, JobError> {
        let bytes = std::fs::read(path).map_err(|cause| JobError::Io { file: path.to_owned(), cause })?;
        let mut resolver = Resolver::new(path, &bytes)?;
        let text = resolver.parse()?;
        let as_of = resolver.as_of(text.as_of.as_ref(), command_line)?;
        let region = resolver.region(text.region.as_ref())?;
        let mut absent = Absent::default();
        let reference = match &text.reference {
            Some(entry) => absent.reference(&mut resolver, entry, as_of)?,
            None => Reference::default(),
        };
        let mut severities = severities::of_job(&resolver, &text.rules.severity)?;
        let mut rules = resolver.rules(&text.rules)?;
        rules.follow(&mut severities);
        let severities = Arc::new(severities);
        let folder = resolver.path_of(text.output.as_ref().map_or("out", |output| output.get_ref()));
        let entries = SourceEntries { without_files: WithoutFiles::PassedOver, ..text.source_entries() };
        let output = Output { folder: &folder, as_of };
        let SourceList { sources, .. } = read_sources(&resolver, &severities, output, &entries)?;
        let Reference { insurers, clinics, documents, calendar } = reference;
        Ok(Self { as_of, region, insurers, clinics, documents, calendar, rules, severities, sources, absent: absent.names })
    }
}

/// The reference tables that rows are checked against.
#[derive(Default)]
struct Reference {
    insurers: Option<Insurers>,
    clinics: Option<Clinics>,
    documents: Option<Dictionary<DocumentMasks>>,
    calendar: WorkingDays,
}

/// Names of files that are not there.
#[derive(Default)]
struct Absent {
    names: Vec<String>,
}

impl Absent {
    fn reference(&mut self, resolver: &mut Resolver<'_>, entry: &ReferenceEntry, as_of: Date) -> Result<Reference, JobError> {
        let insurers = self.bytes(resolver, &entry.insurers, FileRole::Insurers)?;
        let clinics = self.bytes(resolver, &entry.clinics, FileRole::Clinics)?;
        let tariff = self.there(resolver.read_text(&entry.tariff, FileRole::Tariff))?;
        let factors = match (&tariff, &clinics) {
            (Some((text, file)), _) => Tariff::read(&file.name, text, as_of)?.factors,
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

    /// Name and bytes of a file that the job names.
    fn bytes(
        &mut self,
        resolver: &Resolver<'_>,
        name: &Spanned<String>,
        role: FileRole,
    ) -> Result<Option<(String, Vec<u8>)>, JobError> {
        Ok(self.there(resolver.read(name, role))?.map(|(bytes, file)| (file.name, bytes)))
    }

    /// What a file gives that the job may name.
    fn optional<T>(
        &mut self,
        resolver: &mut Resolver<'_>,
        name: Option<&Spanned<String>>,
        role: FileRole,
        read: impl Fn(&str, &[u8]) -> Result<T, ReferenceError>,
    ) -> Result<Option<T>, JobError> {
        Ok(self.there(resolver.optional(name, role, read))?.flatten())
    }

    /// What was read, or nothing when its file is not there.
    fn there<T>(&mut self, read: Result<T, JobError>) -> Result<Option<T>, JobError> {
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
