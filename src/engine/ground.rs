//! What the persons' way through the timelines reads.

use super::linking::LinkedRows;
use super::memory::MemoryPlan;
use super::sources::Checked;
use super::tables::{FindingContext, FoundRows, NumberRows, SharedTexts};
use super::view::RunView;
use crate::job::Job;
use sverka_kernel::identity::{OverrideSelectors, Records};
use sverka_kernel::shuffle::{BUCKET_BITS, NumberRanges, Partition};
use sverka_model::Date;

/// About how many persons a block has at most.
const BLOCK_PERSONS: u64 = 1 << 17;

/// Everything that the persons' way through the timelines reads.
#[derive(Clone, Copy)]
pub(super) struct Ground<'r> {
    pub job: &'r Job,
    pub checked: &'r Checked,
    pub linked: &'r LinkedRows,
    pub texts: &'r SharedTexts,
    pub source_dates: &'r [Date],
    pub memory: &'r MemoryPlan,
    pub number_ranges: &'r NumberRanges,
    /// What findings are told by.
    pub finding_context: FindingContext<'r>,
    /// What people decided about persons, if they did.
    pub selectors: Option<&'r OverrideSelectors<'r>>,
}

impl<'r> Ground<'r> {
    /// What is seen of a partition.
    pub fn view(&self, partition: &'r Partition) -> RunView<'r> {
        let records = Records { partition, interned: &self.checked.interned };
        RunView { job: self.job, records, row_ids: &self.checked.row_ids, source_dates: self.source_dates, decided: &[] }
    }

    /// Room for the numbers that one worker finds.
    pub fn number_rows(&self) -> NumberRows {
        NumberRows::new(self.number_ranges.clone(), self.memory.number_policy())
    }

    /// Room for the findings that one worker makes.
    pub fn found_rows(&self) -> FoundRows<'r> {
        self.finding_context.found_rows(self.memory.finding_policy())
    }

    /// Bits that number the blocks.
    pub fn block_bits(&self) -> u32 {
        block_bits(self.linked.persons())
    }
}

/// Bits that number the blocks of so many persons.
pub(super) fn block_bits(persons: u64) -> u32 {
    persons.div_ceil(BLOCK_PERSONS).next_power_of_two().trailing_zeros().min(BUCKET_BITS)
}
