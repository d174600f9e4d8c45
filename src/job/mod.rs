//! What to do: `job.toml`, resolved and checked.
//!
//! A [`Job`] names every source with its layout, and carries reference tables, tariff and settings in memory. Nothing on disk is changed.
//! Sources are opened, and lists of members are read; their rows are for later stages.

mod error;
mod file;
mod find;
mod for_check;
mod for_rules;
mod load;
pub mod overrides;
mod own_results;
mod row_rules;
mod severities;
mod source_rules;
mod sources;
#[cfg(test)]
mod tests;
mod thresholds;
mod volumes;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

pub use error::{JobError, JobProblem};
pub use for_check::JobForCheck;
pub use for_rules::JobForRules;

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
    /// The job file.
    pub file: PathBuf,
    /// The day for which the register is reconciled.
    pub as_of: Date,
    /// The folder that gets the outputs.
    pub output: PathBuf,
    /// The region of the register, as the tables of insurers and clinics write regions.
    pub region: Option<String>,
    /// Those that give registers sorted by name, then all others sorted by name (by bytes).
    pub sources: Vec<Source>,
    /// The insurers.
    pub insurers: Insurers,
    /// The clinics.
    pub clinics: Clinics,
    /// The tariff on [`Self::as_of`].
    pub tariff: Tariff,
    /// The small dictionaries that it names.
    pub dictionaries: Dictionaries,
    /// What people decided; nothing when the job names no file.
    pub overrides: Overrides,
    /// The contracts between insurers and clinics on [`Self::as_of`], if it names them.
    pub contracts: Option<Contracts>,
    /// The working days, for terms that are counted in them.
    pub calendar: WorkingDays,
    /// Settings of the rules.
    pub rules: RuleSettings,
    /// What each rule means, where sources do not say otherwise.
    pub severities: Arc<Severities>,
    /// When a run asks for attention.
    pub thresholds: Thresholds,
    /// Who may read what is written.
    pub readers: Readers,
    /// The tables that are written.
    pub tables: TableSet,
    /// Whether senders are answered after a run.
    pub answers: bool,
    /// Names and texts of the files that say what families call our codes, where the built-in ones do not.
    pub answer_codes: BTreeMap<AnswerFamily, (String, String)>,
    /// The files that the job was resolved from: job file, insurers, clinics, tariff, succession, settings of clinics,
    /// calendar, dictionaries in the order of their identifiers, contracts, overrides, then layouts sorted by name.
    pub files: Vec<JobFile>,
    /// For how many minutes sources must have been as they are, so that none is read while it arrives; 0 when that is not asked.
    pub min_age: u32,
    /// What was made out of names of sources, for people.
    pub notes: Vec<String>,
}

/// A document with records: a file, or a member of an archive.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path of its file as the job gives it, with `/` between folders; of an archive with several members, with the member's name behind it.
    pub name: String,
    /// Its file, opened: what it is when the job is loaded is what is read.
    pub file: Arc<SourceFile>,
    /// Which member of the file it is, counted from 0.
    pub member: usize,
    /// How it is written.
    pub layout: Arc<Layout>,
    /// The day on which its sender made it, if known.
    pub source_date: Option<Date>,
    /// What each rule means for its rows.
    pub severities: Arc<Severities>,
}

/// A file that a job was resolved from, for run id and manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobFile {
    /// Its path as the job gives it; of the job file the last part only.
    pub name: String,
    /// What it was read for.
    pub role: FileRole,
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 of its bytes, 64 hexadecimal digits.
    pub blake3: String,
}

/// What a [`JobFile`] was read for.
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
    /// A layout.
    Layout,
    /// What a family of answers calls our codes.
    AnswerCodes,
}

impl FileRole {
    /// The word that outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Insurers => "insurers",
            Self::Clinics => "clinics",
            Self::Tariff => "tariff",
            Self::Succession => "succession",
            Self::ClinicSettings => "clinic_settings",
            Self::Calendar => "calendar",
            Self::Dictionary => "dictionary",
            Self::Contracts => "contracts",
            Self::Overrides => "overrides",
            Self::Layout => "layout",
            Self::AnswerCodes => "answer_codes",
        }
    }
}

/// What the command line says instead of the job file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandLine {
    /// Instead of `as_of`.
    pub as_of: Option<Date>,
    /// The day of a job without `as_of` when [`Self::as_of`] is none, either.
    pub as_of_otherwise: Option<Date>,
    /// Instead of `output`; relative to the working folder, not to the job file.
    pub output: Option<PathBuf>,
    /// Instead of `min_age`.
    pub min_age: Option<u32>,
}

impl Job {
    /// What row checks need to know of the run.
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
