//! Person ids of the former run: which run they come from, and its table `person_ids`, read by ranges of identities.
//!
//! The ids are those of the current run. A run that is computed again takes the ids that it took the first time, so that
//! it is recognised and gives the same results. The table is checked by its hash before the first row is used.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::{Array as _, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};
use parquet::file::statistics::Statistics;
use rayon::prelude::*;

use super::error::RunError;
use super::options::RunOptions;
use super::recognition::{ContentHashes, run_id_of_job};
use crate::job::{Job, PersonIds};
use sverka_formats::{SourceFile, hash_content};
use sverka_kernel::identity::{FormerIds, IdState, IdentityRow, KnownIds, RecordIdentity};
use sverka_kernel::shuffle::BUCKET_BITS;
use sverka_model::PersonId;
use sverka_publish::{Input, InputIdentity, LatestRun, Manifest, OutputFolder, OutputTable};

/// Error of the table of ids of a former run.
#[derive(Debug, thiserror::Error)]
pub enum FormerIdsError {
    /// The command line names a run that is not published.
    #[error("--ids-from {run_id}: no run of this id is published here; `sverka runs` lists those that are")]
    NoRun {
        /// Id of the run.
        run_id: String,
    },
    /// The command line names a run without ids.
    #[error("--ids-from {run_id}: the run has no table `person_ids`; name a run of a job with `[identity] ids = \"continued\"`")]
    NoTable {
        /// Id of the run.
        run_id: String,
    },
    /// The table is not the one that the run published.
    #[error(
        "{}: not the table that run {run_id} published, so no ids can be continued from it; restore it from a backup, or name another run with --ids-from",
        path.display()
    )]
    Changed {
        /// Id of the run.
        run_id: String,
        /// File of the table.
        path: PathBuf,
    },
    /// The table cannot be read.
    #[error("{}: cannot be read ({problem}); restore it from a backup, or name another run with --ids-from", path.display())]
    Unreadable {
        /// File of the table.
        path: PathBuf,
        /// Cause.
        problem: String,
    },
}

/// Run that ids are continued from, and its table of ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IdSource {
    /// Id of the run.
    pub run_id: String,
    /// Size of the table in bytes.
    pub bytes: u64,
    /// BLAKE3 of the table, hexadecimal.
    pub blake3: String,
}

impl IdSource {
    /// Role of the table among the inputs of a run.
    pub const ROLE: &'static str = "person_ids";

    /// The table that a run published, if it did.
    fn published_by(manifest: &Manifest) -> Option<Self> {
        let table = manifest.outputs.iter().find(|output| output.table == OutputTable::PersonIds.name())?;
        Some(Self { run_id: manifest.run_id.clone(), bytes: table.bytes, blake3: table.blake3.clone() })
    }

    /// The table whose ids a run continued, if it did.
    fn read_by(manifest: &Manifest) -> Option<Self> {
        let input = manifest.inputs.iter().find(|input| input.role == Self::ROLE)?;
        Some(Self { run_id: input.name.clone(), bytes: input.bytes, blake3: input.blake3.clone() })
    }

    /// Identity of the table among the inputs of a run.
    pub fn identity(&self) -> InputIdentity<'_> {
        InputIdentity { role: Self::ROLE, name: &self.run_id, layout: None, source_date: None, blake3: &self.blake3 }
    }

    /// The table as an input of the manifest.
    pub fn to_input(&self) -> Input {
        Input {
            role: Self::ROLE.to_owned(),
            name: self.run_id.clone(),
            bytes: self.bytes,
            blake3: self.blake3.clone(),
            ..Input::default()
        }
    }

    fn path(&self, output: &Path) -> PathBuf {
        output.join("runs").join(&self.run_id).join(OutputTable::PersonIds.file_name())
    }
}

/// Sources of ids that a run may have, before the hashes of its inputs are known.
#[derive(Debug, Default)]
pub(super) struct IdSources {
    /// Id of the current run, and the source of its ids: if this run has the same inputs, it has that source as well.
    current: Option<(String, Option<IdSource>)>,
    /// Source of the ids of a run with other inputs.
    next: Option<IdSource>,
    /// Sentences for the user if ids of another run or none are continued.
    notes: Vec<String>,
}

impl IdSources {
    /// Sources for a run of a job that publishes into a folder.
    pub fn find(job: &Job, options: &RunOptions<'_>, folder: &OutputFolder) -> Result<Self, RunError> {
        if job.person_ids == PersonIds::Content {
            return Ok(Self::default());
        }
        if let Some(run_id) = &options.ids_from {
            let no_run = || FormerIdsError::NoRun { run_id: run_id.clone() };
            let manifest = folder.manifest_of(run_id).ok_or_else(no_run)?;
            let source = IdSource::published_by(&manifest).ok_or_else(|| FormerIdsError::NoTable { run_id: run_id.clone() })?;
            return Ok(Self { next: Some(source), ..Self::default() });
        }
        let current = folder.current().and_then(|current| folder.manifest_of(&current));
        if let Some(manifest) = current {
            return Ok(Self::of_run(&manifest));
        }
        match folder.latest_but("")? {
            LatestRun::Run(manifest) => {
                let run_id = &manifest.run_id;
                let note = format!("`current` cannot be read: the run before is taken to be {run_id}, which started last");
                let sources = Self::of_run(&manifest);
                Ok(Self { notes: [vec![note], sources.notes].concat(), ..sources })
            }
            LatestRun::None => Ok(Self::default()),
            LatestRun::Unreadable => {
                let note = "no manifest of a former run can be read: person ids begin anew, by content".to_owned();
                Ok(Self { notes: vec![note], ..Self::default() })
            }
        }
    }

    /// Sources for a run of a job without a look at other runs than the current one; nothing is locked.
    pub fn preview(job: &Job) -> Self {
        match job.person_ids {
            PersonIds::Content => Self::default(),
            PersonIds::Continued => {
                Manifest::read(&job.output.join("current")).map(|current| Self::of_run(&current)).unwrap_or_default()
            }
        }
    }

    /// Source of the ids of a run with other inputs than the current one.
    pub fn into_next(self) -> Option<IdSource> {
        self.next
    }

    /// Sources for a run that follows a run.
    fn of_run(manifest: &Manifest) -> Self {
        let run_id = manifest.run_id.clone();
        let next = IdSource::published_by(manifest);
        let note = format!("run {run_id} has no table `person_ids`: person ids begin anew, by content");
        let notes = if next.is_none() { vec![note] } else { Vec::new() };
        Self { current: Some((run_id, IdSource::read_by(manifest))), next, notes }
    }

    /// Ids of runs with these inputs, from each possible source: the run that may be published already.
    pub fn run_ids(&self, job: &Job, contents: ContentHashes<'_>) -> Vec<String> {
        let mut ids = vec![run_id_of_job(job, contents, self.next.as_ref())];
        if let Some((run_id, source)) = &self.current {
            let again = run_id_of_job(job, contents, source.as_ref());
            if again == *run_id {
                ids.insert(0, again);
            }
        }
        ids
    }

    /// Source of the ids of a run with these inputs.
    pub fn choose(&self, job: &Job, contents: ContentHashes<'_>, options: &RunOptions<'_>) -> Option<IdSource> {
        if let Some((run_id, source)) = &self.current
            && run_id_of_job(job, contents, source.as_ref()) == *run_id
        {
            match source {
                Some(source) if !source.path(&job.output).is_file() => options.progress.note(&format!(
                    "run {}, whose person ids run {run_id} continued, is gone: the ids of {run_id} itself are continued",
                    source.run_id
                )),
                source => return source.clone(),
            }
        }
        self.notes.iter().for_each(|note| options.progress.note(note));
        self.next.clone()
    }
}

/// Columns of the table, in its order.
const COLUMNS: [&str; 5] = ["identity", "person_id", "taken_over_by", "gone", "spans"];

/// Table of ids of a former run.
#[derive(Debug)]
pub(super) struct FormerIdTable {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    /// First and last identity of each row group, ascending.
    groups: Vec<GroupRange>,
}

#[derive(Clone, Copy, Debug)]
struct GroupRange {
    first: i64,
    last: i64,
}

impl FormerIdTable {
    /// Opens the table of a source, and checks its hash.
    pub fn open(source: &IdSource, output: &Path) -> Result<Self, FormerIdsError> {
        let path = source.path(output);
        let unreadable = |problem: String| FormerIdsError::Unreadable { path: path.clone(), problem };
        let file = File::open(&path).map_err(|error| unreadable(error.to_string()))?;
        let content = SourceFile::open(&path).map_err(|error| unreadable(error.to_string()))?;
        if hash_content(content.bytes(), &|_| ()) != source.blake3 {
            return Err(FormerIdsError::Changed { run_id: source.run_id.clone(), path });
        }
        let metadata = ArrowReaderMetadata::load(&file, Default::default()).map_err(|error| unreadable(error.to_string()))?;
        let of_table = COLUMNS.iter().all(|column| metadata.schema().column_with_name(column).is_some());
        let range = |group: &parquet::file::metadata::RowGroupMetaData| match group.column(0).statistics() {
            Some(Statistics::Int64(values)) => Some(GroupRange { first: *values.min_opt()?, last: *values.max_opt()? }),
            _ => None,
        };
        let groups = metadata.metadata().row_groups().iter().map(range).collect::<Option<Vec<_>>>();
        match groups.filter(|_| of_table) {
            Some(groups) => Ok(Self { path, metadata, groups }),
            None => Err(unreadable("columns or statistics are missing".to_owned())),
        }
    }

    /// Rows of the identities that begin with `bits` bits of the value `partition`.
    pub fn partition(&self, bits: u32, partition: u64) -> Result<FormerIds, FormerIdsError> {
        let shift = PersonId::BITS - bits;
        let (first, last) = ((partition << shift) as i64, ((partition << shift) | ((1 << shift) - 1)) as i64);
        let from = self.groups.partition_point(|group| group.last < first);
        let to = self.groups.partition_point(|group| group.first <= last);
        let mut rows = self.read((from..to.max(from)).collect())?;
        rows.retain(|row| (first..=last).contains(&row.identity.number()));
        Ok(FormerIds::new(rows, bits, partition))
    }

    /// Rows of some identities, which are ascending.
    pub fn find(&self, identities: &[RecordIdentity]) -> Result<FormerIds, FormerIdsError> {
        let rows_of = |group: usize| {
            let GroupRange { first, last } = self.groups[group];
            let from = identities.partition_point(|identity| identity.number() < first);
            let to = identities.partition_point(|identity| identity.number() <= last);
            let wanted = &identities[from..to.max(from)];
            if wanted.is_empty() {
                return Ok(Vec::new());
            }
            let mut rows = self.read(vec![group])?;
            rows.retain(|row| wanted.binary_search(&row.identity).is_ok());
            Ok(rows)
        };
        let rows: Result<Vec<Vec<IdentityRow>>, FormerIdsError> = (0..self.groups.len()).into_par_iter().map(rows_of).collect();
        Ok(FormerIds::new(rows?.concat(), 0, 0))
    }

    fn read(&self, groups: Vec<usize>) -> Result<Vec<IdentityRow>, FormerIdsError> {
        const BATCH_ROWS: usize = 1 << 16;
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let unreadable = |problem: String| FormerIdsError::Unreadable { path: self.path.clone(), problem };
        let file = File::open(&self.path).map_err(|error| unreadable(error.to_string()))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let mask = ProjectionMask::columns(builder.parquet_schema(), COLUMNS);
        let reader = builder.with_projection(mask).with_row_groups(groups).with_batch_size(BATCH_ROWS).build();
        let mut rows = Vec::new();
        for batch in reader.map_err(|error| unreadable(error.to_string()))? {
            add_rows(&batch.map_err(|error| unreadable(error.to_string()))?, &mut rows);
        }
        Ok(rows)
    }
}

fn add_rows(batch: &RecordBatch, rows: &mut Vec<IdentityRow>) {
    let numbers = |column: usize| batch.column(column).as_primitive::<Int64Type>();
    let (identities, ids, takers) = (numbers(0), numbers(1), numbers(2));
    let (gone, spans) = (batch.column(3).as_boolean(), batch.column(4).as_boolean());
    rows.extend((0..batch.num_rows()).map(|row| {
        let taken_over_by = if takers.is_null(row) { PersonId::NONE } else { PersonId::from_stored(takers.value(row)) };
        IdentityRow {
            identity: RecordIdentity::from_stored(identities.value(row)),
            id: PersonId::from_stored(ids.value(row)),
            state: IdState { taken_over_by, is_gone: gone.value(row), spans: spans.value(row) },
        }
    }));
}

impl KnownIds for FormerIdTable {
    type Error = FormerIdsError;

    /// Each id has a row in its bucket.
    fn known(&self, ids: &BTreeSet<PersonId>) -> Result<BTreeSet<PersonId>, FormerIdsError> {
        let buckets: BTreeSet<u64> = ids.iter().map(|id| id.first_bits(BUCKET_BITS)).collect();
        let known = buckets.into_iter().collect::<Vec<_>>().into_par_iter().map(|bucket| {
            let former = self.partition(BUCKET_BITS, bucket)?;
            Ok(ids.iter().copied().filter(|id| id.first_bits(BUCKET_BITS) == bucket && former.state(*id).is_some()).collect())
        });
        let known: Vec<Vec<PersonId>> = known.collect::<Result<_, FormerIdsError>>()?;
        Ok(known.into_iter().flatten().collect())
    }
}
