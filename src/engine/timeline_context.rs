//! Input of the timeline stage, and the number of its blocks.

use super::id_tables::ContinuedIds;
use super::linking::LinkedRows;
use super::memory::MemoryPlan;
use super::record_view::RecordView;
use super::sources::CheckedRows;
use super::tables::{FindingContext, NumberRows, SharedTexts, WorkerFindings};
use crate::job::Job;
use sverka_kernel::identity::{OverrideSelectors, Records};
use sverka_kernel::shuffle::{BUCKET_BITS, NumberRanges, Partition};
use sverka_model::Date;

/// Target for the number of persons in a block.
const BLOCK_PERSONS: u64 = 1 << 17;

/// Input of the timeline stage.
#[derive(Clone, Copy)]
pub(super) struct TimelineContext<'r> {
    pub job: &'r Job,
    pub checked: &'r CheckedRows,
    pub linked: &'r LinkedRows,
    /// Texts that all row groups share.
    pub texts: &'r SharedTexts,
    /// Date of each source of the job.
    pub source_dates: &'r [Date],
    pub memory: &'r MemoryPlan,
    /// Ranges of ENPs, for the table of numbers.
    pub number_ranges: &'r NumberRanges,
    /// Sources and order of findings.
    pub finding_context: FindingContext<'r>,
    /// Records that people decided about, if there are any.
    pub selectors: Option<&'r OverrideSelectors<'r>>,
    /// Person ids of the former run, if they are continued.
    pub ids: Option<ContinuedIds<'r>>,
}

impl<'r> TimelineContext<'r> {
    /// View of the records of a partition.
    pub fn record_view(&self, partition: &'r Partition) -> RecordView<'r> {
        let records = Records { partition, interned: &self.checked.interned };
        RecordView {
            job: self.job,
            records,
            row_ids: &self.checked.row_ids,
            source_dates: self.source_dates,
            override_entries: &[],
        }
    }

    /// An empty collection of policy numbers, for one worker.
    pub fn number_rows(&self) -> NumberRows {
        NumberRows::new(self.number_ranges.clone(), self.memory.number_policy())
    }

    /// An empty collection of findings, for one worker.
    pub fn worker_findings(&self) -> WorkerFindings<'r> {
        self.finding_context.worker_findings(self.memory.finding_policy())
    }

    /// Number of blocks, as a power of two.
    pub fn block_bits(&self) -> u32 {
        block_bits(self.linked.persons())
    }
}

/// Date of each source of the job; a source without a date is older than all others.
pub(super) fn source_dates(job: &Job) -> Vec<Date> {
    job.sources.iter().map(|source| source.source_date.unwrap_or(Date::EARLIEST)).collect()
}

/// Number of blocks for this number of persons, as a power of two.
pub(super) fn block_bits(persons: u64) -> u32 {
    persons.div_ceil(BLOCK_PERSONS).next_power_of_two().trailing_zeros().min(BUCKET_BITS)
}
