//! `manifest.json`: what a run read, decided and wrote, in numbers. No personal data, and no file's content.
//!
//! Fields stand in the file in the order in which they are declared here. Times and memory vary from run to run; everything else follows
//! from inputs, job and engine version; the name of the former run and the events also from the output folder.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::look_at;
use super::run_id::{InputIdentity, run_id};
use super::{PublishError, Quality, WrittenTable, json_text};

/// A run's account of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// What computed the run.
    pub engine: Engine,
    /// Derived from the content of inputs, job and engine version.
    pub run_id: String,
    /// The as-of date `D`, ISO.
    pub as_of: String,
    /// Hash of names and sizes of the sources ([`sources_key`](super::sources_key)); near the beginning of the file, so that it is found without reading the rest.
    #[serde(default)]
    pub sources_key: String,
    /// What was asked for.
    pub job: Job,
    /// When the run began, RFC 3339.
    pub started_at: String,
    /// When its tables were complete, RFC 3339; none of runs of versions that did not note it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Every file that was read, references included.
    pub inputs: Vec<Input>,
    /// The insurers of the reference table, so that who reads the run knows them without it.
    #[serde(default)]
    pub insurers: Vec<Insurer>,
    /// Rows, persons and money in total.
    pub totals: Totals,
    /// Findings by code.
    pub findings: BTreeMap<String, u64>,
    /// Those of them that are errors, for which rows were quarantined, by code.
    pub errors: BTreeMap<String, u64>,
    /// Decisions by subject (`insurer`, `clinic`), rule and outcome.
    pub decisions: BTreeMap<String, BTreeMap<String, BTreeMap<String, u64>>>,
    /// Links between records by rule.
    pub links: BTreeMap<String, u64>,
    /// Entries of the overrides by state, and under [`Self::REVIEW_DUE`] those that are to be looked at again; absent without overrides.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, u64>,
    /// What the run says of the quality of its sources; none of runs of versions that did not count it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// What somebody had to look at when the run was published: passed thresholds and odd sources, the loudest first; absent when there was nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    /// Why the run would not have been published, had nobody accepted that it is smaller than the run before; absent when nobody had to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted_shrink: Vec<String>,
    /// Every table that was written.
    pub outputs: Vec<Output>,
    /// How long each stage took, in order.
    pub stages: Vec<StageTime>,
    /// The largest resident memory of the process, bytes.
    pub peak_memory_bytes: u64,
    /// Threads that the run used.
    pub threads: u64,
}

/// Name, version and build of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// `sverka`
    pub name: String,
    /// Its version.
    pub version: String,
    /// A hash of the sources of the program: another one may compute other results. Empty in manifests of older programs.
    #[serde(default)]
    pub build: String,
}

/// The job as it was resolved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Name of the job's file, without its folder.
    pub file: String,
    /// Settings with their defaults filled in.
    pub settings: serde_json::Value,
}

/// A file that was read. The row counts belong to registers and attachments only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// What it was read as: `register`, `attachment`, `insurers`, ...
    pub role: String,
    /// Its path as the job gives it.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 of its content, hexadecimal.
    pub blake3: String,
    /// Name of the layout that it was read by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<String>,
    /// Size and checksum that the directory of a ZIP archive has of it: equal for equal members, whatever the archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The encoding that it was read in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Whether the encoding was told from the content: the layout declares none, or one that the content contradicts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding_detected: Option<bool>,
    /// The source's date, ISO.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_date: Option<String>,
    /// Rows; the sum of the next three.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Rows that became records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<u64>,
    /// Rows equal to another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicates: Option<u64>,
    /// Rows with an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantined: Option<u64>,
    /// Where and why it could not be read any further, if it broke off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
    /// How many rows it lacks against what its header declares, a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<String>,
    /// What is odd about it as a whole though its rows were read, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Codes of warnings that stand on so many of its rows that they are one thing of the source, with the numbers of rows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub systematic: BTreeMap<String, u64>,
    /// Ends of its attachments next to beginnings at other clinics, when they seem to be read a day off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<AdjoiningEnds>,
}

/// Ends of attachments next to a beginning at another clinic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdjoiningEnds {
    /// One day lies between.
    pub gaps: u64,
    /// One day is in common.
    pub overlaps: u64,
    /// No day lies between.
    pub seams: u64,
}

impl Input {
    /// What of it decides the tables.
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

/// An insurer of the reference table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insurer {
    /// Five digits.
    pub insurer: String,
    /// Region, as the table writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// First day of work, ISO.
    pub works_from: String,
    /// The first day without it and without a successor, ISO; absent when no such day is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_on: Option<String>,
}

/// Something about a run that somebody must look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What happened to the run for it: `stop`, `warn` or `note`.
    pub then: String,
    /// A sentence.
    pub what: String,
}

/// Totals of a run. Money and coefficients are decimal numbers as text, roubles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Rows of all sources; the sum of the next three.
    pub rows: u64,
    /// Rows that became records.
    pub accepted: u64,
    /// Rows equal to another one.
    pub duplicates: u64,
    /// Rows with an error.
    pub quarantined: u64,
    /// Persons whom the records belong to.
    pub persons: u64,
    /// Of these, insured on the as-of date.
    pub insured: u64,
    /// Of the insured, those with a clinic.
    pub attached: u64,
    /// Of the insured, those without.
    pub unattached: u64,
    /// Persons whose insurer left without a successor and who chose no other.
    #[serde(default)]
    pub must_choose: u64,
    /// Of these, whose time to choose is over.
    #[serde(default)]
    pub must_choose_overdue: u64,
    /// Heads of the attached by (insurer, clinic, sex, band).
    pub heads: u64,
    /// Of these, funded.
    pub funded_heads: u64,
    /// Base norm for one month, per head.
    pub base_norm: String,
    /// Correction `PK`.
    pub correction: String,
    /// Sum of all amounts.
    pub amount: String,
    /// Base norm times funded heads: what the amounts would sum to without rounding.
    pub target: String,
    /// `amount - target`.
    pub difference: String,
}

/// A table that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// The table's name.
    pub table: String,
    /// The file in the run's folder.
    pub file: String,
    /// Its rows.
    pub rows: u64,
    /// Its size.
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

/// How long a stage took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageTime {
    /// The stage.
    pub name: String,
    /// By the clock on the wall.
    pub wall_ms: u64,
    /// On all processors together, where the system tells it.
    #[serde(default)]
    pub cpu_ms: Option<u64>,
}

impl Manifest {
    /// Among the counts of overrides: entries that are to be looked at again.
    pub const REVIEW_DUE: &'static str = "review_due";

    /// The manifest's name in a run's folder.
    pub const FILE_NAME: &'static str = "manifest.json";

    /// The inputs that are sources.
    pub fn sources(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter(|input| input.layout.is_some())
    }

    /// Reads the manifest of the run in `dir`.
    ///
    /// # Errors
    /// When there is none, or it is not what this version writes.
    pub fn read(dir: &Path) -> Result<Self, PublishError> {
        let path = dir.join(Self::FILE_NAME);
        let text = std::fs::read(&path).map_err(PublishError::io("read", &path))?;
        serde_json::from_slice(&text).map_err(|source| PublishError::Manifest { path, source })
    }

    /// The hash of names and sizes of the sources of the run in `dir`, from the first bytes of its manifest; `None` when it does not stand there,
    /// as in manifests of older programs.
    pub(super) fn read_sources_key(dir: &Path) -> Option<String> {
        /// Name, version and build of the program, id and date are shorter.
        const HEAD_BYTES: u64 = 4096;
        let mut head = Vec::new();
        File::open(dir.join(Self::FILE_NAME)).ok()?.take(HEAD_BYTES).read_to_end(&mut head).ok()?;
        let head = String::from_utf8_lossy(&head);
        let value = head.lines().find_map(|line| line.trim_start().strip_prefix("\"sources_key\": \""))?;
        Some(value.split_once('"')?.0.to_owned())
    }

    /// The id that follows from what the manifest says of program, day and inputs.
    #[must_use]
    pub fn id_of_inputs(&self) -> String {
        run_id(&self.engine, &self.as_of, self.inputs.iter().map(Input::identity))
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

    /// Writes the manifest into `dir` and waits until the disk has it.
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
pub(super) mod tests {
    use super::super::{QualityFigures, SenderVolumes};
    use super::*;

    fn quality() -> Quality {
        let figures = QualityFigures {
            rows: 3,
            accepted: 1,
            duplicates: 1,
            quarantined: 1,
            fields: BTreeMap::from([("enp".to_owned(), 2)]),
            findings: BTreeMap::from([("ENP_SHARED".to_owned(), 2)]),
            conflicts_lost: BTreeMap::from([("SAME_DAY".to_owned(), 2)]),
            conflicts_won: BTreeMap::from([("SAME_DAY".to_owned(), 2)]),
        };
        let of_table = BTreeMap::from([("register".to_owned(), figures.clone())]);
        Quality {
            clinics: BTreeMap::new(),
            former_run: Some("a0".to_owned()),
            volumes: Some(SenderVolumes::default()),
            insurers: BTreeMap::from([("98001".to_owned(), figures)]),
            run: of_table.clone(),
            sources: BTreeMap::from([("in/register.csv".to_owned(), of_table)]),
        }
    }

    /// A manifest with something in every part.
    pub(in super::super) fn manifest(run_id: &str, outputs: &[WrittenTable]) -> Manifest {
        let counts = |code: &str| BTreeMap::from([(code.to_owned(), 2)]);
        Manifest {
            engine: Engine { name: "sverka".to_owned(), version: "1.2.3".to_owned(), build: "0123456789abcdef".to_owned() },
            run_id: run_id.to_owned(),
            as_of: "2026-11-01".to_owned(),
            sources_key: "5e".repeat(32),
            job: Job { file: "job.toml".to_owned(), settings: serde_json::json!({"changes_per_year": 1}) },
            started_at: "2026-11-02T03:00:00Z".to_owned(),
            ended_at: Some("2026-11-02T03:00:07Z".to_owned()),
            inputs: vec![Input {
                role: "register".to_owned(),
                name: "in/register.csv".to_owned(),
                bytes: 10,
                blake3: "00".repeat(32),
                layout: None,
                content: None,
                encoding: Some("windows-1251".to_owned()),
                encoding_detected: Some(true),
                source_date: Some("2026-10-31".to_owned()),
                rows: Some(3),
                accepted: Some(1),
                duplicates: Some(1),
                quarantined: Some(1),
                broken: Some("at byte 7: the archive is cut".to_owned()),
                shortfall: Some("the header declares 5 rows and 3 are there".to_owned()),
                notes: vec!["it is read as utf-8".to_owned()],
                systematic: BTreeMap::new(),
                ends: None,
            }],
            insurers: vec![Insurer {
                insurer: "98001".to_owned(),
                region: None,
                name: None,
                works_from: "2015-01-01".to_owned(),
                closes_on: None,
            }],
            totals: Totals {
                rows: 3,
                accepted: 1,
                duplicates: 1,
                quarantined: 1,
                amount: "10.50".to_owned(),
                ..Totals::default()
            },
            findings: counts("ENP_SHARED"),
            errors: BTreeMap::new(),
            decisions: BTreeMap::from([("insurer".to_owned(), BTreeMap::from([("SAME_DAY".to_owned(), counts("lost"))]))]),
            links: counts("L1"),
            overrides: counts("applied"),
            quality: Some(quality()),
            events: vec![Event { then: "note".to_owned(), what: "a file is older than the others".to_owned() }],
            accepted_shrink: vec!["insurer 98001: rows 9 → 3".to_owned()],
            outputs: outputs.iter().map(Output::from).collect(),
            stages: vec![StageTime { name: "intake".to_owned(), wall_ms: 5, cpu_ms: Some(9) }],
            peak_memory_bytes: 1 << 20,
            threads: 2,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let dir = tempfile::tempdir().expect("folder");
        let written = manifest("a1", &[]);
        written.write(dir.path()).expect("write");
        assert_eq!(Manifest::read(dir.path()).expect("read"), written);
    }

    #[test]
    fn the_key_of_the_sources_is_found_at_the_beginning() {
        let dir = tempfile::tempdir().expect("folder");
        assert_eq!(Manifest::read_sources_key(dir.path()), None);
        let path = manifest("a1", &[]).write(dir.path()).expect("write");
        assert_eq!(Manifest::read_sources_key(dir.path()), Some("5e".repeat(32)));
        let text = std::fs::read_to_string(&path).expect("text");
        std::fs::write(&path, text.replace("sources_key", "other")).expect("write");
        assert_eq!(Manifest::read_sources_key(dir.path()), None);
    }

    #[test]
    fn fields_stand_in_their_order() {
        let text = serde_json::to_string(&manifest("a1", &[])).expect("text");
        let places: Vec<_> = ["engine", "run_id", "as_of", "job", "inputs", "totals", "findings", "outputs", "threads"]
            .iter()
            .map(|field| text.find(&format!("\"{field}\":")).expect(field))
            .collect();
        assert!(places.is_sorted(), "{places:?}");
    }
}
