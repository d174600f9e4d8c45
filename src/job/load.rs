//! Resolving a job file: every name becomes a path, every setting a value.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::{Spanned, Value};

use crate::identifier::{Date, DateFormat};
use crate::intake::AnswerFamily;
use crate::overrides::{Overrides, OverridesGround};
use crate::publish::{OutputTable, TableSet};
use crate::reference::setting::{date, line_at, toml_problem};
use crate::reference::{
    ClinicRow, ClinicSettings, Clinics, Dictionaries, Dictionary, InsurerRow, Insurers, ReferenceError, Successors, Tariff,
    WorkingDays,
};
use crate::rules::Code;

use super::file::{
    AnswerCodesEntry, CertificateTermEntry, ClinicEntry, DictionariesEntry, InsurerEntry, JobText, ReferenceEntry, RulesEntry,
    ThresholdsEntry,
};
use super::severities;
use super::sources::{SourceList, read_sources};
use super::{
    CertificateTerm, ClinicRules, CommandLine, FileRole, InsurerRules, Job, JobError, JobFile, JobProblem, RuleSettings,
    Threshold, Thresholds,
};

impl Job {
    /// Reads and resolves a job; names in it are relative to its folder.
    ///
    /// # Errors
    /// The first thing that is wrong, with file and line.
    pub fn load(path: &Path, command_line: &CommandLine) -> Result<Self, JobError> {
        let bytes = std::fs::read(path).map_err(|cause| JobError::Io { file: path.to_owned(), cause })?;
        let mut resolver = Resolver::new(path, &bytes)?;
        let text = resolver.parse()?;
        let as_of = resolver.as_of(text.as_of.as_ref(), command_line)?;
        let output = resolver.output(text.output.as_ref(), command_line)?;
        let tables = resolver.tables(text.tables.as_ref())?;
        let reference =
            text.reference.as_ref().ok_or_else(|| resolver.missing("reference", "[reference] insurers = \"insurers.csv\""))?;
        let Reference { insurers, mut clinics, tariff, calendar, dictionaries } = resolver.reference(reference, as_of)?;
        let mut severities = severities::of_job(&resolver, &text.rules.severity)?;
        let mut rules = resolver.rules(&text.rules)?;
        rules.follow(&mut severities);
        if !severities.is_on(Code::ClinicAge) {
            clinics.serve_all_ages();
        }
        let severities = Arc::new(severities);
        let review_days = rules.overrides_review_days;
        let ground = OverridesGround { as_of, insurers: &insurers, clinics: &clinics, review_days };
        let overrides = resolver.overrides(reference.overrides.as_ref(), ground)?;
        let thresholds = resolver.thresholds(&text.thresholds)?;
        let answer_codes = resolver.answer_codes(&text.answer_codes)?;
        let SourceList { sources, layout_files } = read_sources(&resolver, &severities, &text.source_entries())?;
        resolver.files.extend(layout_files);
        let files = resolver.files;
        Ok(Self {
            file: path.to_owned(),
            as_of,
            output,
            sources,
            insurers,
            clinics,
            tariff,
            dictionaries,
            overrides,
            calendar,
            rules,
            severities,
            thresholds,
            tables,
            answers: text.answers,
            answer_codes,
            files,
        })
    }
}

/// What `[reference]` names, read.
struct Reference {
    insurers: Insurers,
    clinics: Clinics,
    tariff: Tariff,
    calendar: WorkingDays,
    dictionaries: Dictionaries,
}

/// The job file while it is resolved: its text for the lines of errors, its folder, and the files read so far.
pub(super) struct Resolver<'a> {
    path: &'a Path,
    text: &'a str,
    files: Vec<JobFile>,
}

impl<'a> Resolver<'a> {
    fn new(path: &'a Path, bytes: &'a [u8]) -> Result<Self, JobError> {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let files = vec![job_file(&name, FileRole::Job, bytes)];
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self { path, text, files }),
            Err(_) => Err(JobError::Setting { file: path.to_owned(), line: 1, problem: JobProblem::NotUtf8 }),
        }
    }

    fn parse(&self) -> Result<JobText, JobError> {
        toml::from_str(self.text).map_err(|error| {
            let (line, problem) = toml_problem(self.text, &error);
            self.error_on(line, JobProblem::Toml { problem })
        })
    }

    /// The line in which a value stands.
    pub(super) fn line<T>(&self, place: &Spanned<T>) -> u64 {
        line_at(self.text, place.span().start)
    }

    /// An error of a line of the job file.
    pub(super) fn error_on(&self, line: u64, problem: JobProblem) -> JobError {
        JobError::Setting { file: self.path.to_owned(), line, problem }
    }

    /// An error of a value of the job file.
    pub(super) fn error_in<T>(&self, place: &Spanned<T>, problem: JobProblem) -> JobError {
        self.error_on(self.line(place), problem)
    }

    /// The error of a key that is not there.
    pub(super) fn missing(&self, key: &'static str, example: &'static str) -> JobError {
        self.error_on(1, JobProblem::Missing { key, example })
    }

    /// The path of a name in the job file.
    pub(super) fn path_of(&self, name: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(name)
    }

    /// The date that a value gives.
    pub(super) fn date(&self, key: &'static str, value: &Spanned<Value>) -> Result<Date, JobError> {
        date(value.get_ref()).map_err(|problem| self.error_in(value, JobProblem::NotDate { key, problem }))
    }

    /// The bytes of a file that the job names, and what the manifest will say of it.
    pub(super) fn read(&self, name: &Spanned<String>, role: FileRole) -> Result<(Vec<u8>, JobFile), JobError> {
        let unreadable = |cause| self.error_in(name, JobProblem::Unreadable { name: name.get_ref().clone(), cause });
        let bytes = std::fs::read(self.path_of(name.get_ref())).map_err(unreadable)?;
        let file = job_file(name.get_ref(), role, &bytes);
        Ok((bytes, file))
    }

    /// As [`Self::read`], for files of text.
    pub(super) fn read_text(&self, name: &Spanned<String>, role: FileRole) -> Result<(String, JobFile), JobError> {
        let (bytes, file) = self.read(name, role)?;
        let not_utf8 = |_| self.error_in(name, JobProblem::FileNotUtf8 { name: name.get_ref().clone() });
        Ok((String::from_utf8(bytes).map_err(not_utf8)?, file))
    }

    fn as_of(&self, written: Option<&Spanned<Value>>, command_line: &CommandLine) -> Result<Date, JobError> {
        let written = written.map(|value| self.date("as_of", value)).transpose()?;
        command_line.as_of.or(written).ok_or_else(|| self.missing("as_of", "as_of = 2026-11-01"))
    }

    fn output(&self, written: Option<&Spanned<String>>, command_line: &CommandLine) -> Result<PathBuf, JobError> {
        if let Some(output) = &command_line.output {
            return Ok(output.clone());
        }
        match written {
            None => Err(self.missing("output", "output = \"out\"")),
            Some(name) if name.get_ref().is_empty() => Err(self.error_in(name, JobProblem::Empty { key: "output" })),
            Some(name) => Ok(self.path_of(name.get_ref())),
        }
    }

    fn tables(&self, written: Option<&Spanned<Vec<Spanned<String>>>>) -> Result<TableSet, JobError> {
        let Some(written) = written else { return Ok(TableSet::ALL) };
        if written.get_ref().is_empty() {
            return Err(self.error_in(written, JobProblem::NoTables));
        }
        let table = |name: &Spanned<String>| {
            OutputTable::named(name.get_ref())
                .ok_or_else(|| self.error_in(name, JobProblem::TableUnknown { name: name.get_ref().clone() }))
        };
        written.get_ref().iter().map(table).collect()
    }

    fn reference(&mut self, entry: &ReferenceEntry, as_of: Date) -> Result<Reference, JobError> {
        let (insurers, insurers_file) = self.read(&entry.insurers, FileRole::Insurers)?;
        let (clinics, clinics_file) = self.read(&entry.clinics, FileRole::Clinics)?;
        let (tariff, tariff_file) = self.read_text(&entry.tariff, FileRole::Tariff)?;
        let tariff = Tariff::read(&tariff_file.name, &tariff, as_of)?;
        let (insurers_name, clinics_name) = (insurers_file.name.clone(), clinics_file.name.clone());
        self.files.extend([insurers_file, clinics_file, tariff_file]);
        let successors = self.optional(entry.succession.as_ref(), FileRole::Succession, Successors::read)?;
        let read_settings = |file: &str, bytes: &[u8]| ClinicSettings::read(file, bytes, &tariff.factors);
        let settings = self.optional(entry.clinic_settings.as_ref(), FileRole::ClinicSettings, read_settings)?;
        let calendar = self.optional(entry.calendar.as_ref(), FileRole::Calendar, WorkingDays::read)?.unwrap_or_default();
        let dictionaries = self.dictionaries(&entry.dictionaries)?;
        let regions = dictionaries.regions.as_ref();
        let mut insurers = InsurerRow::read_all(&insurers_name, &insurers, regions)?;
        let mut clinics = ClinicRow::read_all(&clinics_name, &clinics, &tariff.factors, settings.as_ref(), regions)?;
        if let Some(successors) = successors {
            successors.complete_insurers(&mut insurers)?;
            successors.complete_clinics(&mut clinics)?;
        }
        let insurers = Insurers::from_rows(&insurers_name, insurers)?;
        let clinics = Clinics::from_rows(&clinics_name, clinics)?;
        Ok(Reference { insurers, clinics, tariff, calendar, dictionaries })
    }

    fn overrides(&mut self, name: Option<&Spanned<String>>, ground: OverridesGround<'_>) -> Result<Overrides, JobError> {
        let Some(name) = name else { return Ok(Overrides::default()) };
        let (text, file) = self.read_text(name, FileRole::Overrides)?;
        let overrides = Overrides::read(&file.name, &text, ground)?;
        self.files.push(file);
        Ok(overrides)
    }

    fn dictionaries(&mut self, entry: &DictionariesEntry) -> Result<Dictionaries, JobError> {
        let DictionariesEntry { f001, f008, f010, f011, v005 } = entry;
        const ROLE: FileRole = FileRole::Dictionary;
        Ok(Dictionaries {
            funds: self.optional(f001.as_ref(), ROLE, Dictionary::read_funds)?,
            policy_kinds: self.optional(f008.as_ref(), ROLE, Dictionary::read_policy_kinds)?,
            regions: self.optional(f010.as_ref(), ROLE, Dictionary::read_regions)?,
            documents: self.optional(f011.as_ref(), ROLE, Dictionary::read_documents)?,
            sexes: self.optional(v005.as_ref(), ROLE, Dictionary::read_sexes)?,
        })
    }

    /// What a file gives that the job may name.
    fn optional<T>(
        &mut self,
        name: Option<&Spanned<String>>,
        role: FileRole,
        read: impl Fn(&str, &[u8]) -> Result<T, ReferenceError>,
    ) -> Result<Option<T>, JobError> {
        let Some(name) = name else { return Ok(None) };
        let (bytes, file) = self.read(name, role)?;
        let read = read(&file.name, &bytes)?;
        self.files.push(file);
        Ok(Some(read))
    }

    /// The files are no part of what a run computes, so they are none of its inputs.
    fn answer_codes(&self, entry: &AnswerCodesEntry) -> Result<BTreeMap<AnswerFamily, (String, String)>, JobError> {
        let AnswerCodesEntry { mo, oplist, att } = entry;
        let families = [(AnswerFamily::Mo, mo), (AnswerFamily::Oplist, oplist), (AnswerFamily::Att, att)];
        let named = families.into_iter().filter_map(|(family, name)| Some((family, name.as_ref()?)));
        named
            .map(|(family, name)| Ok((family, (name.get_ref().clone(), self.read_text(name, FileRole::AnswerCodes)?.0))))
            .collect()
    }

    fn rules(&self, entry: &RulesEntry) -> Result<RuleSettings, JobError> {
        let term_limited = match &entry.term_limited_categories {
            None => RuleSettings::default().term_limited,
            Some(categories) => categories.iter().try_fold(0, |set, category| match *category.get_ref() {
                known @ 0..=14 => Ok(set | 1 << known),
                value => Err(self.error_in(category, JobProblem::Category { value })),
            })?,
        };
        let InsurerEntry { changes_per_year, deadline, on_violation } = &entry.insurer;
        let deadline = deadline.as_ref().map_or(Ok(InsurerRules::default().deadline), |value| self.deadline(value))?;
        let insurer = InsurerRules { changes_per_year: *changes_per_year, deadline, on_violation: *on_violation };
        let ClinicEntry { changes_per_year, window, application_outranks_residence, on_violation } = entry.clinic;
        let clinic = ClinicRules { changes_per_year, window, application_outranks_residence, on_violation };
        let certificate_terms = match &entry.certificate_terms {
            None => RuleSettings::default().certificate_terms,
            Some(terms) => self.certificate_terms(terms)?,
        };
        let review_days = entry.overrides_review_days.as_ref();
        let overrides_review_days = review_days.map(|days| self.days("overrides_review_days", days)).transpose()?;
        Ok(RuleSettings { term_limited, certificate_terms, insurer, clinic, overrides_review_days })
    }

    fn days(&self, key: &'static str, days: &Spanned<i64>) -> Result<u32, JobError> {
        let (value, expected) = (*days.get_ref(), "a number of days, such as 365");
        u32::try_from(value).map_err(|_| self.error_in(days, JobProblem::OutOfRange { key, value, expected }))
    }

    fn certificate_terms(&self, entries: &Spanned<Vec<CertificateTermEntry>>) -> Result<Vec<CertificateTerm>, JobError> {
        if entries.get_ref().is_empty() {
            return Err(self.error_in(entries, JobProblem::Empty { key: "certificate_terms" }));
        }
        let mut terms: Vec<CertificateTerm> = Vec::new();
        for CertificateTermEntry { from, working_days: written } in entries.get_ref() {
            let working_days = match *written.get_ref() {
                days @ 1..=CertificateTerm::MOST_DAYS => days as u32,
                value => {
                    let expected = "1 to 366 working days";
                    return Err(self.error_in(written, JobProblem::OutOfRange { key: "working_days", value, expected }));
                }
            };
            let term = CertificateTerm { from: self.date("from", from)?, working_days };
            if terms.iter().any(|other| other.from == term.from) {
                return Err(self.error_in(from, JobProblem::Twice { key: "from", value: term.from.to_string() }));
            }
            terms.push(term);
        }
        terms.sort_by_key(|term| term.from);
        Ok(terms)
    }

    /// Month and day of `MM-DD`; 29 February is a day of the year.
    fn deadline(&self, value: &Spanned<String>) -> Result<(u32, u32), JobError> {
        let in_leap_year = Date::parse(format!("2000-{}", value.get_ref()).as_bytes(), DateFormat::Iso);
        let wrong = || self.error_in(value, JobProblem::Deadline { value: value.get_ref().clone() });
        in_leap_year.map(|date| (date.ymd().1, date.ymd().2)).ok_or_else(wrong)
    }

    fn thresholds(&self, entry: &ThresholdsEntry) -> Result<Thresholds, JobError> {
        Ok(Thresholds {
            quarantined: self.threshold("quarantined", entry.quarantined.as_ref())?,
            findings: self.threshold("findings", entry.findings.as_ref())?,
            conflicts: self.threshold("conflicts", entry.conflicts.as_ref())?,
        })
    }

    fn threshold(&self, key: &'static str, value: Option<&Spanned<Value>>) -> Result<Option<Threshold>, JobError> {
        let Some(value) = value else { return Ok(None) };
        let written = value.get_ref().as_str().map_or_else(|| value.get_ref().to_string(), str::to_owned);
        match Threshold::parse(&written) {
            Some(threshold) => Ok(Some(threshold)),
            None => Err(self.error_in(value, JobProblem::Threshold { key, value: written })),
        }
    }
}

fn job_file(name: &str, role: FileRole, bytes: &[u8]) -> JobFile {
    let blake3 = blake3::hash(bytes).to_hex().to_string();
    JobFile { name: name.to_owned(), role, bytes: bytes.len() as u64, blake3 }
}
