//! `manifest.json`: inputs, decisions and outputs of a run, in numbers. Neither personal data nor content of files.
//!
//! The file has the fields in the order of their declaration here. Times and memory differ from run to run; everything
//! else follows from inputs, job and engine version. Only the name of the former run and the events depend on the
//! output folder as well.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::look_at;
use super::run_id::{InputIdentity, run_id};
use super::{LeftOut, MissingSender, PublishError, Quality, WrittenTable, json_text};

/// Manifest of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Program that computed the run.
    pub engine: Engine,
    /// Run id, derived from the content of inputs, job and engine version.
    pub run_id: String,
    /// As-of date, ISO.
    pub as_of: String,
    /// Hash of names and sizes of the sources ([`sources_key`](super::sources_key)). It is near the start of the file, so it can be read without the rest.
    #[serde(default)]
    pub sources_key: String,
    /// Job and its settings.
    pub job: Job,
    /// Start of the run, RFC 3339.
    pub started_at: String,
    /// Time at which the tables were complete, RFC 3339; absent in manifests of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// All files that were read, reference tables included.
    pub inputs: Vec<Input>,
    /// Last day whose sources are known, ISO; absent without such a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_by: Option<String>,
    /// Sources that were not read, sorted by name; absent without any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// Senders without a source since the day that the job expects, sorted; absent without any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_senders: Vec<MissingSender>,
    /// Insurers of the reference table, for readers of the run that do not have the table.
    #[serde(default)]
    pub insurers: Vec<Insurer>,
    /// Totals of rows, persons and money.
    pub totals: Totals,
    /// Number of findings by code.
    pub findings: BTreeMap<String, u64>,
    /// Number of findings that are errors, for which rows were quarantined, by code.
    pub errors: BTreeMap<String, u64>,
    /// Number of decisions by subject (`insurer`, `clinic`), rule and outcome.
    pub decisions: BTreeMap<String, BTreeMap<String, BTreeMap<String, u64>>>,
    /// Number of links between records by rule.
    pub links: BTreeMap<String, u64>,
    /// Number of entries of the overrides by state, and of entries due for review under [`Self::REVIEW_DUE`]; absent without overrides.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, u64>,
    /// Quality figures; absent in manifests of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// Events at the time of publishing: passed thresholds and oddities of sources, the most severe first; absent when there were none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    /// Events that would have stopped the run if nobody had accepted that it is smaller than the former run; absent
    /// when there were none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted_shrink: Vec<String>,
    /// All tables that were written, then the packets of the job.
    pub outputs: Vec<Output>,
    /// Times of the stages, in order.
    pub stages: Vec<StageTime>,
    /// Peak resident memory of the process, in bytes.
    pub peak_memory_bytes: u64,
    /// Number of threads.
    pub threads: u64,
}

/// Name, version and build of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// Name of the program: `sverka`.
    pub name: String,
    /// Version of the program.
    pub version: String,
    /// Hash of the source code of the program: another build may compute other results. Empty in manifests of older programs.
    #[serde(default)]
    pub build: String,
}

/// Job of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Name of the job file, without its folder.
    pub file: String,
    /// Settings, defaults included.
    pub settings: serde_json::Value,
}

/// File that was read. Only sources have numbers of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Role of the file: `register`, `attachment`, `insurers`, ...
    pub role: String,
    /// Name of the file in the job.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 of the content, hexadecimal.
    pub blake3: String,
    /// Name of the layout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<String>,
    /// Size and checksum of a member by the directory of its ZIP archive: equal for equal members of any archives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Encoding of the characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Whether the encoding was detected from the content: the layout declares none, or one that the content contradicts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding_detected: Option<bool>,
    /// Date of the source, ISO.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_date: Option<String>,
    /// Code of the sender: from the name, the head, or the one insurer or clinic that all rows name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// All rows: accepted, duplicates and quarantined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Accepted rows, without duplicates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<u64>,
    /// Duplicates of other rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicates: Option<u64>,
    /// Quarantined rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantined: Option<u64>,
    /// Position and cause of the break, if the document breaks off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
    /// Sentence about rows that the header declares and the document lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<String>,
    /// Sentences about oddities of the source as a whole that did not prevent reading.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Number of rows with each systematic warning: a code on so many rows that the cause is one property of the source.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub systematic: BTreeMap<String, u64>,
    /// Ends of attachments beside beginnings at other clinics, if they seem to be read a day off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<AdjoiningEnds>,
}

/// Number of ends of attachments beside a beginning at another clinic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjoiningEnds {
    /// Ends with one day between end and beginning.
    pub gaps: u64,
    /// Ends with one day in common with the beginning.
    pub overlaps: u64,
    /// Ends without a day between end and beginning.
    pub seams: u64,
}

impl Input {
    /// Identity of the file: everything about it that decides the tables.
    fn identity(&self) -> InputIdentity<'_> {
        InputIdentity {
            role: &self.role,
            name: &self.name,
            layout: self.layout.as_deref(),
            source_date: self.source_date.clone(),
            blake3: &self.blake3,
        }
    }
}

/// Insurer of the reference table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insurer {
    /// Code, five digits.
    pub insurer: String,
    /// Region, as in the reference table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Name of the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// First day of work, ISO.
    pub works_from: String,
    /// First day without this insurer and without a successor, ISO; absent when no such day is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_on: Option<String>,
}

/// Event of a run that somebody must look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Consequence for the run: `stop`, `warn` or `note`.
    pub then: String,
    /// Sentence for the user.
    pub what: String,
}

/// Totals of a run. Money and coefficients are decimal numbers as text, roubles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Rows of all sources: accepted, duplicates and quarantined.
    pub rows: u64,
    /// Accepted rows, without duplicates.
    pub accepted: u64,
    /// Duplicates of other rows.
    pub duplicates: u64,
    /// Quarantined rows.
    pub quarantined: u64,
    /// Persons.
    pub persons: u64,
    /// Persons insured on the as-of date.
    pub insured: u64,
    /// Insured persons with a clinic.
    pub attached: u64,
    /// Insured persons without a clinic.
    pub unattached: u64,
    /// Persons whose insurer left without a successor and who chose no other.
    #[serde(default)]
    pub must_choose: u64,
    /// Persons who must choose and whose time to choose is over.
    #[serde(default)]
    pub must_choose_overdue: u64,
    /// Heads: attached persons, counted by insurer, clinic, sex and band.
    pub heads: u64,
    /// Funded heads.
    pub funded_heads: u64,
    /// Base norm for one month, per head.
    pub base_norm: String,
    /// Correction `PK`.
    pub correction: String,
    /// Sum of all amounts.
    pub amount: String,
    /// Base norm times funded heads: the sum of the amounts without rounding.
    pub target: String,
    /// `amount - target`.
    pub difference: String,
    /// Insured people with an attachment in a profile that no care pays for, by the code of the profile.
    #[serde(default)]
    pub unpaid_attachments: BTreeMap<String, u64>,
    /// Money of each care, in the order of the tariff.
    #[serde(default)]
    pub cares: Vec<CareTotal>,
}

/// Money of one care. Amounts are in roubles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareTotal {
    /// Name of the care.
    pub care: String,
    /// Heads that are paid; the mean of several days may be a fraction.
    pub funded_heads: String,
    /// Base norm for one month, per head.
    pub base_norm: String,
    /// Correction; empty when it is computed and no head has a weight.
    pub correction: String,
    /// Sum of all amounts.
    pub amount: String,
    /// Base norm times heads.
    pub target: String,
    /// `amount - target`. The three parts below add up to it.
    pub difference: String,
    /// Part of the difference made by compositions and factors.
    pub by_coefficients: String,
    /// Part of the difference made by the correction.
    pub by_correction: String,
    /// Part of the difference made by roundings.
    pub by_rounding: String,
}

/// Written table or packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Name of the table or packet.
    pub table: String,
    /// Name of the file in the folder of the run.
    pub file: String,
    /// Number of rows or records.
    pub rows: u64,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// BLAKE3 of the file, hexadecimal.
    pub blake3: String,
}

impl From<&WrittenTable> for Output {
    fn from(written: &WrittenTable) -> Self {
        Self {
            table: written.table.name().to_owned(),
            file: written.file_name.clone(),
            rows: written.rows,
            bytes: written.bytes,
            blake3: written.blake3.clone(),
        }
    }
}

/// Times of a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageTime {
    /// Name of the stage.
    pub name: String,
    /// Wall time in milliseconds.
    pub wall_ms: u64,
    /// Time of all processors together in milliseconds, if the system reports it.
    #[serde(default)]
    pub cpu_ms: Option<u64>,
}

impl Manifest {
    /// Key in the counts of overrides for entries due for review.
    pub const REVIEW_DUE: &'static str = "review_due";

    /// Name of the manifest in the folder of a run.
    pub const FILE_NAME: &'static str = "manifest.json";

    /// Inputs that are sources.
    pub fn sources(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter(|input| input.layout.is_some())
    }

    /// Reads the manifest of the run in `dir`.
    ///
    /// # Errors
    /// When there is no manifest, or it does not have the form that this version writes.
    pub fn read(dir: &Path) -> Result<Self, PublishError> {
        let path = dir.join(Self::FILE_NAME);
        let text = std::fs::read(&path).map_err(PublishError::io("read", &path))?;
        serde_json::from_slice(&text).map_err(|source| PublishError::Manifest { path, source })
    }

    /// Hash of names and sizes of the sources of the run in `dir`, from the first bytes of its manifest; `None` if the
    /// first bytes do not hold it, which holds for manifests of older programs.
    pub(super) fn read_sources_key(dir: &Path) -> Option<String> {
        /// Bytes to read: more than name, version and build of the program, run id and date, which come before the key.
        const HEAD_BYTES: u64 = 4096;
        let mut head = Vec::new();
        File::open(dir.join(Self::FILE_NAME)).ok()?.take(HEAD_BYTES).read_to_end(&mut head).ok()?;
        let head = String::from_utf8_lossy(&head);
        let value = head.lines().find_map(|line| line.trim_start().strip_prefix("\"sources_key\": \""))?;
        Some(value.split_once('"')?.0.to_owned())
    }

    /// Run id that follows from program, day and inputs of the manifest.
    #[must_use]
    pub fn id_of_inputs(&self) -> String {
        let known_by = self.known_by.as_deref().map(InputIdentity::of_known_by);
        let left_out = self.left_out.iter().filter_map(LeftOut::identity);
        run_id(&self.engine, &self.as_of, self.inputs.iter().map(Input::identity).chain(known_by).chain(left_out))
    }

    /// Whether every output that the manifest names is in `dir`, with its size.
    pub(super) fn outputs_are_in(&self, dir: &Path) -> Result<bool, PublishError> {
        for output in &self.outputs {
            if look_at(&dir.join(&output.file))?.is_none_or(|found| found.len() != output.bytes) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Writes the manifest into `dir` and syncs it.
    pub(super) fn write(&self, dir: &Path) -> Result<PathBuf, PublishError> {
        let path = dir.join(Self::FILE_NAME);
        let text = json_text(self).expect("a manifest is plain data with text keys");
        let mut file = File::create(&path).map_err(PublishError::io("create", &path))?;
        file.write_all(&text).map_err(PublishError::io("write", &path))?;
        file.sync_all().map_err(PublishError::io("sync", &path))?;
        Ok(path)
    }
}

#[cfg(test)]
pub(super) mod tests;
