//! Persons of a job with the lines of their records, for comparison with other implementations of the linking rules.

use super::blocks::person_records;
use super::error::RunError;
use super::former_ids::{FormerIdTable, IdSources};
use super::id_tables::ContinuedIds;
use super::linking::{LinkPolicy, link};
use super::memory::{MemoryPlan, RunFolders, SourceEstimate};
use super::options::RunOptions;
use super::run_context::RunContext;
use super::source_files::SourceFiles;
use super::sources::{SourceInputs, read_sources};
use super::tables::{SharedTexts, TableOrder};
use super::timeline_context::TimelineContext;
use crate::job::{Job, PersonIds};
use sverka_kernel::shuffle::NumberRanges;
use sverka_model::{PersonId, Table};

/// A person with the lines of the person's records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecords {
    /// Person id, the same as in the outputs.
    pub person_id: PersonId,
    /// Lines of the records.
    pub records: Vec<RecordLine>,
}

/// Line of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordLine {
    /// Table of the record.
    pub table: Table,
    /// Index of the source in the job.
    pub source: usize,
    /// Physical line of the source.
    pub line: u64,
}

/// Persons that a run of the job would make, in the order of their ids. Continued ids are those of the current run.
///
/// # Errors
/// The same as for [`run`](super::run).
pub fn persons(job: &Job, options: &RunOptions<'_>) -> Result<Vec<PersonRecords>, RunError> {
    let files = SourceFiles::from_sources(&job.sources);
    let documents = files.documents(&job.sources)?;
    let folder = std::env::temp_dir();
    let folders = RunFolders { spill: &folder, output: &folder };
    let estimate = SourceEstimate::from_documents(&documents);
    let memory = MemoryPlan::new(options.memory_limit, estimate, options.chunk_bytes, folders)?;
    let context = RunContext { job, options, memory: &memory };
    let unused_hashes = vec![String::new(); job.sources.len()];
    let inputs = SourceInputs { files: &files, documents: &documents, known_hashes: Some(unused_hashes) };
    let checked = read_sources(context, &inputs)?;
    let selectors = checked.selectors(job);
    let policy = LinkPolicy::new(job, selectors.as_ref());
    let id_source = IdSources::preview(job).into_next();
    let former_ids = id_source.map(|source| FormerIdTable::open(&source, &job.output)).transpose()?;
    let ids = (job.person_ids == PersonIds::Continued).then_some(ContinuedIds { former: former_ids.as_ref() });
    let linked = link(context, &checked, policy, ids)?;
    let order = TableOrder::new(job, &checked.row_ids);
    person_records(TimelineContext {
        job,
        checked: &checked,
        linked: &linked,
        texts: &SharedTexts::new(job, &checked.interned),
        source_dates: &[],
        memory: &memory,
        number_ranges: &NumberRanges::default(),
        finding_context: order.finding_context(job, &checked.row_ids, false),
        selectors: policy.selectors,
        ids,
    })
}
