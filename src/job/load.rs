//! Resolution of a job file: names become paths, settings become values.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;
use std::sync::Arc;

use toml::{Spanned, Value};

use crate::job::overrides::{OverridesContext, read_overrides};
use sverka_formats::{line_at, toml_problem};
use sverka_intake::AnswerFamily;
use sverka_model::{Code, Date, DateFormat, MonthDay};
use sverka_publish::{OutputTable, TableSet};
use sverka_reference::setting::date;
use sverka_reference::{
    ClinicRow, ClinicSettings, Clinics, Contracts, Dictionaries, Dictionary, InsurerRow, Insurers, ReferenceError,
    ReferenceFault, Successors, TablePath, Tariff, TariffFile, TariffTable, TariffTables, WorkingDays,
};
use sverka_settings::Overrides;

use super::expected;
use super::file::{
    AnswerCodesEntry, ClinicEntry, DictionariesEntry, InsurerEntry, JobText, ReferenceEntry, RulesEntry, ThresholdsEntry,
};
use super::output::OutputSetting;
use super::row_rules;
use super::selection::{Selection, SelectionSettings, select};
use super::senders::KnownSenders;
use super::severities;
use super::source_rules;
use super::sources::{JobOutput, SourceEntries, SourceList, read_sources};
use super::thresholds::{self, KnownNames};
use super::volumes;
use super::{CommandLine, FileRole, Job, JobError, JobFile, JobProblem};
use sverka_settings::{ClinicRules, InsurerRules, Period, RuleSettings, Threshold, Thresholds, Volumes};

impl Job {
    /// Reads and resolves a job; names in it are relative to its folder.
    ///
    /// # Errors
    /// The first fault, with file and line.
    pub fn load(path: &Path, command_line: &CommandLine) -> Result<Self, JobError> {
        let bytes = std::fs::read(path).map_err(|cause| JobError::Io { file: path.to_owned(), cause })?;
        Self::from_bytes(path, &bytes, command_line)
    }

    /// Resolves the content of a job file, for a caller that has read it: a pipe can be read once.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn from_bytes(path: &Path, bytes: &[u8], command_line: &CommandLine) -> Result<Self, JobError> {
        let mut resolver = Resolver::new(path, bytes)?;
        let text = resolver.parse()?;
        let as_of = resolver.as_of(text.as_of.as_ref(), command_line)?;
        let region = resolver.region(text.region.as_ref())?;
        let OutputSetting { folder: output, readers } = resolver.output(text.output.as_ref(), text.readable_by, command_line)?;
        resolver.check_report(text.report.as_ref(), text.time_zone.as_ref())?;
        let tables = resolver.tables(text.tables.as_ref())?;
        let reference =
            text.reference.as_ref().ok_or_else(|| resolver.missing("reference", "[reference] insurers = \"insurers.csv\""))?;
        let Reference { insurers, mut clinics, tariff, calendar, dictionaries, contracts } =
            resolver.reference(reference, as_of)?;
        let mut severities = severities::job_severities(&resolver, &text.rules.severity)?;
        let mut rules = resolver.rules(&text.rules)?;
        rules.follow(&mut severities);
        if !severities.is_on(Code::ClinicAge) {
            clinics.serve_all_ages();
        }
        let severities = Arc::new(severities);
        let review_days = rules.overrides_review_days;
        let context = OverridesContext { as_of, insurers: &insurers, clinics: &clinics, review_days };
        let overrides = resolver.overrides(reference.overrides.as_ref(), context)?;
        let answer_codes = resolver.answer_codes(&text.answer_codes)?;
        let money_checks = resolver.money_checks(&text.money_checks, &output)?;
        let packets = resolver.packets(&text.packets, &tariff, &insurers)?;
        let known_by = command_line.known_by.map_or_else(|| resolver.known_by(text.known_by.as_ref()), |day| Ok(Some(day)))?;
        let SourceList { found, layout_files, untaken, mut notes } = {
            let output = JobOutput { folder: &output, as_of };
            let entries = SourceEntries { settle: resolver.settle(text.settle.as_ref())?, ..text.source_entries() };
            read_sources(&resolver, &severities, output, &entries)?
        };
        let thresholds = {
            let sources: Vec<&str> = found.iter().map(|found| found.source.name.as_str()).collect();
            let known = KnownNames { sources: &sources, insurers: &insurers, clinics: &clinics };
            resolver.thresholds(&text.thresholds, &known)?
        };
        let senders = KnownSenders { insurers: &insurers, clinics: &clinics };
        let expected = expected::resolve(&text.expected, senders, as_of, &resolver)?;
        let Selection { read: sources, left_out } = select(&resolver, found, SelectionSettings { senders, known_by })?;
        resolver.files.extend(layout_files);
        notes.extend(money_checks.note(&text.money_checks));
        let files = resolver.files;
        Ok(Self {
            file: path.to_owned(),
            as_of,
            output,
            region,
            sources,
            left_out,
            untaken,
            known_by,
            expected,
            insurers,
            clinics,
            tariff,
            dictionaries,
            overrides,
            contracts,
            calendar,
            rules,
            severities,
            thresholds,
            money_checks,
            packets,
            readers,
            tables,
            answers: text.answers,
            answer_codes,
            files,
            person_ids: text.identity.ids,
            min_age: command_line.min_age.unwrap_or(text.min_age),
            notes,
        })
    }
}

/// Content of the files under `[reference]`.
struct Reference {
    insurers: Insurers,
    clinics: Clinics,
    tariff: Tariff,
    calendar: WorkingDays,
    dictionaries: Dictionaries,
    contracts: Option<Contracts>,
}

/// Job file under resolution: its text for the lines of errors, its folder, and the files read so far.
pub(super) struct Resolver<'a> {
    path: &'a Path,
    text: &'a str,
    pub(super) files: Vec<JobFile>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(path: &'a Path, bytes: &'a [u8]) -> Result<Self, JobError> {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let files = vec![job_file(&name, FileRole::Job, bytes)];
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self { path, text, files }),
            Err(error) => {
                let line = line_of(bytes, error.valid_up_to());
                Err(JobError::Setting { file: path.to_owned(), line, problem: JobProblem::NotUtf8 })
            }
        }
    }

    pub(super) fn parse(&self) -> Result<JobText, JobError> {
        toml::from_str(self.text).map_err(|error| {
            let (line, problem) = toml_problem(self.text, &error);
            self.error_on(line, JobProblem::Toml { problem })
        })
    }

    /// Line of a value.
    pub(super) fn line<T>(&self, value: &Spanned<T>) -> u64 {
        line_at(self.text, value.span().start)
    }

    /// Error in a line of the job file.
    pub(super) fn error_on(&self, line: u64, problem: JobProblem) -> JobError {
        JobError::Setting { file: self.path.to_owned(), line, problem }
    }

    /// Error in a value of the job file.
    pub(super) fn error_in<T>(&self, value: &Spanned<T>, problem: JobProblem) -> JobError {
        self.error_on(self.line(value), problem)
    }

    /// Error of a missing key.
    pub(super) fn missing(&self, key: &'static str, example: &'static str) -> JobError {
        self.error_on(1, JobProblem::Missing { key, example })
    }

    /// Path of a file name in the job file.
    pub(super) fn path_of(&self, name: &str) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(name)
    }

    /// Date of a value.
    pub(super) fn date(&self, key: &'static str, value: &Spanned<Value>) -> Result<Date, JobError> {
        date(value.get_ref()).map_err(|problem| self.error_in(value, JobProblem::NotDate { key, problem }))
    }

    /// Bytes of a file that the job names, and its entry for the manifest.
    pub(super) fn read(&self, name: &Spanned<String>, role: FileRole) -> Result<(Vec<u8>, JobFile), JobError> {
        let unreadable = |cause| self.error_in(name, JobProblem::Unreadable { name: name.get_ref().clone(), cause });
        let bytes = std::fs::read(self.path_of(name.get_ref())).map_err(unreadable)?;
        let file = job_file(name.get_ref(), role, &bytes);
        Ok((bytes, file))
    }

    /// The same as [`Self::read`] for text files.
    pub(super) fn read_text(&self, name: &Spanned<String>, role: FileRole) -> Result<(String, JobFile), JobError> {
        let (bytes, file) = self.read(name, role)?;
        let not_utf8 = |error: FromUtf8Error| {
            let line = line_of(error.as_bytes(), error.utf8_error().valid_up_to());
            self.error_in(name, JobProblem::FileNotUtf8 { name: name.get_ref().clone(), line })
        };
        Ok((String::from_utf8(bytes).map_err(not_utf8)?, file))
    }

    pub(super) fn as_of(&self, written: Option<&Spanned<Value>>, command_line: &CommandLine) -> Result<Date, JobError> {
        let written = written.map(|value| self.date("as_of", value)).transpose()?;
        let day = command_line.as_of.or(written).or(command_line.as_of_otherwise);
        day.ok_or_else(|| self.error_on(1, JobProblem::NoDay))
    }

    fn known_by(&self, written: Option<&Spanned<Value>>) -> Result<Option<Date>, JobError> {
        written.map(|value| self.date("known_by", value)).transpose()
    }

    pub(super) fn region(&self, written: Option<&Spanned<String>>) -> Result<Option<String>, JobError> {
        let Some(written) = written else { return Ok(None) };
        match written.get_ref().trim() {
            "" => Err(self.error_in(written, JobProblem::Empty { key: "region" })),
            region => Ok(Some(region.to_owned())),
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
        let tariff = TariffFile::parse(&tariff_file.name, &tariff)?;
        let (insurers_name, clinics_name) = (insurers_file.name.clone(), clinics_file.name.clone());
        self.files.extend([insurers_file, clinics_file, tariff_file]);
        let successors = self.optional(entry.succession.as_ref(), FileRole::Succession, Successors::read)?;
        let read_settings = |file: &str, bytes: &[u8]| ClinicSettings::read(file, bytes, tariff.factor_columns());
        let settings = self.optional(entry.clinic_settings.as_ref(), FileRole::ClinicSettings, read_settings)?;
        let calendar = self.optional(entry.calendar.as_ref(), FileRole::Calendar, WorkingDays::read)?.unwrap_or_default();
        let dictionaries = self.dictionaries(&entry.dictionaries)?;
        let regions = dictionaries.regions.as_ref();
        let mut insurers = InsurerRow::read_all(&insurers_name, &insurers, regions)?;
        let mut clinics = ClinicRow::read_all(&clinics_name, &clinics, tariff.factor_columns(), settings.as_ref(), regions)?;
        if let Some(successors) = successors {
            successors.complete_insurers(&mut insurers)?;
            successors.complete_clinics(&mut clinics)?;
        }
        let insurers = Insurers::from_rows(&insurers_name, insurers)?;
        let clinics = Clinics::from_rows(&clinics_name, clinics)?.counting_on(as_of)?;
        let tariff = tariff.tariff(as_of, &clinics, &self.tariff_tables(&entry.tariff, &tariff)?)?;
        let read_contracts = |file: &str, bytes: &[u8]| Contracts::read(file, bytes, &insurers, &clinics, as_of);
        let contracts = self.optional(entry.contracts.as_ref(), FileRole::Contracts, read_contracts)?;
        Ok(Reference { insurers, clinics, tariff, calendar, dictionaries, contracts })
    }

    /// Tables that the tariff names. Their paths are relative to the file of the tariff.
    fn tariff_tables(&mut self, tariff_name: &Spanned<String>, tariff: &TariffFile) -> Result<TariffTables, JobError> {
        let folder = Path::new(tariff_name.get_ref()).parent().unwrap_or(Path::new(""));
        let mut tables = TariffTables::new();
        for TablePath { path, line } in tariff.tables() {
            let name = folder.join(&path).to_string_lossy().into_owned();
            let unreadable = |cause: std::io::Error| {
                let fault = ReferenceFault::TableUnreadable { path: path.clone(), cause: cause.to_string() };
                ReferenceError::new(tariff_name.get_ref(), line, fault)
            };
            let bytes = std::fs::read(self.path_of(&name)).map_err(unreadable)?;
            self.files.push(job_file(&name, FileRole::TariffTable, &bytes));
            tables.insert(path, TariffTable { name, bytes });
        }
        Ok(tables)
    }

    fn overrides(&mut self, name: Option<&Spanned<String>>, context: OverridesContext<'_>) -> Result<Overrides, JobError> {
        let Some(name) = name else { return Ok(Overrides::default()) };
        let (text, file) = self.read_text(name, FileRole::Overrides)?;
        let overrides = read_overrides(&file.name, &text, context)?;
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

    /// Content of an optional file, if the job names it.
    pub(super) fn optional<T>(
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

    /// Files with codes of answer families. They are no inputs of the run, because no result depends on them.
    fn answer_codes(&self, entry: &AnswerCodesEntry) -> Result<BTreeMap<AnswerFamily, (String, String)>, JobError> {
        let AnswerCodesEntry { mo, oplist, att } = entry;
        let families = [(AnswerFamily::Mo, mo), (AnswerFamily::Oplist, oplist), (AnswerFamily::Att, att)];
        let named = families.into_iter().filter_map(|(family, name)| Some((family, name.as_ref()?)));
        named
            .map(|(family, name)| Ok((family, (name.get_ref().clone(), self.read_text(name, FileRole::AnswerCodes)?.0))))
            .collect()
    }

    pub(super) fn rules(&self, entry: &RulesEntry) -> Result<RuleSettings, JobError> {
        let categories = entry.term_limited_categories.as_deref();
        let term_limited = self.categories("term_limited_categories", categories, RuleSettings::default().term_limited)?;
        let InsurerEntry { changes_per_year, deadline, on_violation, months_to_choose } = &entry.insurer;
        let deadline =
            deadline.as_ref().map_or(Ok(InsurerRules::default().deadline), |value| self.month_and_day("deadline", value))?;
        let insurer = InsurerRules {
            changes_per_year: *changes_per_year,
            deadline,
            on_violation: *on_violation,
            months_to_choose: *months_to_choose,
        };
        let ClinicEntry { changes_per_year, window, application_outranks_residence, on_violation, .. } = entry.clinic;
        let period = entry.clinic.applications_period.as_ref();
        let applications_period = period.map_or(Ok(ClinicRules::default().applications_period), |value| self.period(value))?;
        let clinic = ClinicRules { changes_per_year, window, application_outranks_residence, on_violation, applications_period };
        let newborn_days = entry.newborn_days.unwrap_or(RuleSettings::default().newborn_days);
        let review_days = entry.overrides_review_days.as_ref();
        let overrides_review_days = review_days.map(|days| self.days("overrides_review_days", days)).transpose()?;
        let rows = row_rules::read(self, entry)?;
        let sources = source_rules::read(self, &entry.sources)?;
        Ok(RuleSettings { term_limited, rows, newborn_days, insurer, clinic, sources, overrides_review_days })
    }

    fn days(&self, key: &'static str, days: &Spanned<i64>) -> Result<u32, JobError> {
        let (value, expected) = (*days.get_ref(), "a number of days, such as 365");
        u32::try_from(value).map_err(|_| self.error_in(days, JobProblem::OutOfRange { key, value, expected }))
    }

    /// Categories as a set of bits; `default` when the key is absent.
    pub(super) fn categories(&self, key: &'static str, written: Option<&[Spanned<i64>]>, default: u16) -> Result<u16, JobError> {
        let Some(written) = written else { return Ok(default) };
        written.iter().try_fold(0, |set, category| match *category.get_ref() {
            known @ 0..=14 => Ok(set | 1 << known),
            value => Err(self.error_in(category, JobProblem::Category { key, value })),
        })
    }

    /// Month and day of a text `MM-DD`; 29 February is allowed.
    pub(super) fn month_and_day(&self, key: &'static str, value: &Spanned<String>) -> Result<MonthDay, JobError> {
        let in_leap_year = Date::parse(format!("2000-{}", value.get_ref()).as_bytes(), DateFormat::Iso);
        let wrong = || self.error_in(value, JobProblem::Deadline { key, value: value.get_ref().clone() });
        in_leap_year.map(Date::month_day).ok_or_else(wrong)
    }

    fn period(&self, value: &Spanned<Value>) -> Result<Period, JobError> {
        let written = value.get_ref();
        let days = written.as_integer().and_then(|days| u32::try_from(days).ok()).filter(|&days| days > 0);
        let period = days.map(Period::Days).or((written.as_str() == Some("calendar_month")).then_some(Period::CalendarMonth));
        period.ok_or_else(|| self.error_in(value, JobProblem::Period { value: written.to_string() }))
    }

    fn thresholds(&self, entry: &ThresholdsEntry, known: &KnownNames<'_>) -> Result<Thresholds, JobError> {
        Ok(Thresholds {
            quarantined: self.threshold("quarantined", entry.quarantined.as_ref())?,
            findings: self.threshold("findings", entry.findings.as_ref())?,
            conflicts: self.threshold("conflicts", entry.conflicts.as_ref())?,
            quality: entry.quality.iter().map(|entry| thresholds::resolve(entry, known, self)).collect::<Result<_, _>>()?,
            volumes: Volumes {
                from_job: entry.volume.iter().map(|entry| volumes::resolve(entry, known, self)).collect::<Result<_, _>>()?,
            },
        })
    }

    /// Threshold: a number or a share.
    pub(super) fn threshold(&self, key: &'static str, value: Option<&Spanned<Value>>) -> Result<Option<Threshold>, JobError> {
        let Some(value) = value else { return Ok(None) };
        let written = value.get_ref().as_str().map_or_else(|| value.get_ref().to_string(), str::to_owned);
        match Threshold::parse(&written) {
            Some(threshold) => Ok(Some(threshold)),
            None => Err(self.error_in(value, JobProblem::Threshold { key, value: written })),
        }
    }
}

/// Line of the byte at an offset, from 1.
pub(super) fn line_of(bytes: &[u8], offset: usize) -> u64 {
    memchr::memchr_iter(b'\n', &bytes[..offset]).count() as u64 + 1
}

pub(super) fn job_file(name: &str, role: FileRole, bytes: &[u8]) -> JobFile {
    let blake3 = blake3::hash(bytes).to_hex().to_string();
    JobFile { name: name.to_owned(), role, bytes: bytes.len() as u64, blake3 }
}
