//! Job: `job.toml`, resolved and checked.
//!
//! A [`Job`] has every source with its layout, and reference tables, tariff and settings in memory. Loading changes nothing on disk. Sources are opened and
//! their members listed; later stages read the rows.

mod error;
mod expected;
mod file;
mod find;
mod for_check;
mod for_rules;
mod for_tariff;
mod identity;
mod load;
mod money_checks;
mod output;
pub mod overrides;
mod own_results;
mod packets;
mod report;
mod row_rules;
mod selection;
mod senders;
mod severities;
mod source_rules;
mod sources;
#[cfg(test)]
mod tests;
mod thresholds;
mod untaken;
mod volumes;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

pub use error::{JobError, JobProblem};
pub use expected::{Expected, ExpectedSender};
pub use for_check::JobForCheck;
pub use for_rules::JobForRules;
pub use for_tariff::{JobForTariff, TariffWithClinics};
pub use identity::PersonIds;
pub use money_checks::{CareAtClinic, EarlierRun, MoneyChecks};
pub use packets::Packets;
pub use report::{JobGlance, ReportSettings};
pub use selection::{LeftOutReason, LeftOutSource, SelectionError};
pub use untaken::{UntakenFile, UntakenReason};

use sverka_check::CheckContext;
use sverka_formats::SourceFile;
use sverka_intake::{AnswerFamily, Layout};
use sverka_model::Date;
use sverka_publish::{Readers, TableSet};
use sverka_reference::{Clinics, Contracts, Dictionaries, Insurers, Tariff, WorkingDays};
use sverka_settings::Overrides;
use sverka_settings::{RuleSettings, Severities, Thresholds};

/// A resolved job.
#[derive(Clone, Debug)]
pub struct Job {
    /// Path of the job file.
    pub file: PathBuf,
    /// As-of date: the day for which the register is reconciled.
    pub as_of: Date,
    /// Output folder.
    pub output: PathBuf,
    /// Region of the register, as in the tables of insurers and clinics.
    pub region: Option<String>,
    /// Sources: those with a register sorted by name, then all others sorted by name (by bytes).
    pub sources: Vec<Source>,
    /// Sources that are not read, sorted by name.
    pub left_out: Vec<LeftOutSource>,
    /// Files that may still be written and are not taken, sorted by name.
    pub untaken: Vec<UntakenFile>,
    /// Last day whose sources are known; `None` for all.
    pub known_by: Option<Date>,
    /// Senders that must have sent something.
    pub expected: Vec<Expected>,
    /// Insurers of the reference table.
    pub insurers: Insurers,
    /// Clinics of the reference table.
    pub clinics: Clinics,
    /// Tariff on [`Self::as_of`].
    pub tariff: Tariff,
    /// Small dictionaries that the job names.
    pub dictionaries: Dictionaries,
    /// Decisions by people; empty when the job names no file.
    pub overrides: Overrides,
    /// Contracts between insurers and clinics on [`Self::as_of`], if the job names them.
    pub contracts: Option<Contracts>,
    /// Working days, for terms that are counted in them.
    pub calendar: WorkingDays,
    /// Settings of the rules.
    pub rules: RuleSettings,
    /// Severity of each rule; sources may have their own.
    pub severities: Arc<Severities>,
    /// Thresholds of the run.
    pub thresholds: Thresholds,
    /// Settings of the checks of money.
    pub money_checks: MoneyChecks,
    /// Packets that a run writes.
    pub packets: Packets,
    /// Readers of the outputs.
    pub readers: Readers,
    /// Tables that are written.
    pub tables: TableSet,
    /// Whether answers to senders are written after a run.
    pub answers: bool,
    /// Files with codes of answer families that replace the built-in ones: name and text.
    pub answer_codes: BTreeMap<AnswerFamily, (String, String)>,
    /// Files that the job was resolved from: job file, insurers, clinics, tariff, succession, settings of clinics,
    /// calendar, dictionaries in the order of their identifiers, contracts, overrides, heads of an earlier run, then layouts sorted by name.
    pub files: Vec<JobFile>,
    /// Origin of the person ids.
    pub person_ids: PersonIds,
    /// Least age of sources in minutes, so that no source is read while it arrives; 0 for no limit.
    pub min_age: u32,
    /// Notes for the user about names of sources.
    pub notes: Vec<String>,
}

/// Source: a document with records, which is a file or a member of an archive.
#[derive(Clone, Debug)]
pub struct Source {
    /// Name: path of the file in the notation of the job, with `/` between folders; for an archive with several members
    /// followed by the name of the member.
    pub name: String,
    /// Opened file. Its content at loading time is the content that is read.
    pub file: Arc<SourceFile>,
    /// Number of the member in the file, from 0.
    pub member: usize,
    /// Layout of the rows.
    pub layout: Arc<Layout>,
    /// Day on which the sender made the source, if known.
    pub source_date: Option<Date>,
    /// Code of the sender, if the name tells it, or the head or the rows of a snapshot.
    pub sender: Option<String>,
    /// Severity of each rule for the rows of the source.
    pub severities: Arc<Severities>,
}

/// File that a job was resolved from, for run id and manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFile {
    /// Path in the notation of the job; for the job file the last part only.
    pub name: String,
    /// Role of the file.
    pub role: FileRole,
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 of the content, 64 hexadecimal digits.
    pub blake3: String,
}

/// Role of a [`JobFile`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileRole {
    /// The job itself.
    Job,
    /// Table of insurers.
    Insurers,
    /// Table of clinics.
    Clinics,
    /// Tariff.
    Tariff,
    /// A table that the tariff names.
    TariffTable,
    /// Table of successors.
    Succession,
    /// Settings of clinics.
    ClinicSettings,
    /// Table of single working days and days off.
    Calendar,
    /// A small dictionary.
    Dictionary,
    /// Contracts between insurers and clinics.
    Contracts,
    /// Overrides.
    Overrides,
    /// Heads of an earlier run.
    EarlierRun,
    /// A layout.
    Layout,
    /// Codes of an answer family.
    AnswerCodes,
}

impl FileRole {
    /// Name of the role in the outputs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Insurers => "insurers",
            Self::Clinics => "clinics",
            Self::Tariff => "tariff",
            Self::TariffTable => "tariff_table",
            Self::Succession => "succession",
            Self::ClinicSettings => "clinic_settings",
            Self::Calendar => "calendar",
            Self::Dictionary => "dictionary",
            Self::Contracts => "contracts",
            Self::Overrides => "overrides",
            Self::EarlierRun => "earlier_run",
            Self::Layout => "layout",
            Self::AnswerCodes => "answer_codes",
        }
    }
}

/// Settings of the command line that replace those of the job file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandLine {
    /// Replaces `as_of`.
    pub as_of: Option<Date>,
    /// As-of date for a job without `as_of`, if [`Self::as_of`] is `None` as well.
    pub as_of_otherwise: Option<Date>,
    /// Replaces `output`; relative to the working folder, not to the job file.
    pub output: Option<PathBuf>,
    /// Replaces `min_age`.
    pub min_age: Option<u32>,
    /// Replaces `known_by`.
    pub known_by: Option<Date>,
}

impl Job {
    /// Context of the row checks.
    #[must_use]
    pub fn check_context(&self) -> CheckContext<'_> {
        CheckContext {
            as_of: self.as_of,
            insurers: &self.insurers,
            clinics: &self.clinics,
            region: self.region.as_deref(),
            documents: self.dictionaries.documents.as_ref(),
            calendar: &self.calendar,
            rules: &self.rules,
        }
    }
}
