//! What the timelines and the tables see of a run: its job and the records of a partition.

use crate::job::Job;
use sverka_kernel::identity::{RecordIndex, Records};
use sverka_model::Date;
use sverka_model::RowIds;

/// The run's side of the timelines.
#[derive(Clone, Copy)]
pub(super) struct RunView<'t> {
    /// The job.
    pub job: &'t Job,
    /// The records.
    pub records: Records<'t>,
    /// Where records stand.
    pub row_ids: &'t RowIds,
    /// Date of each source of the job.
    pub source_dates: &'t [Date],
    /// Entries of the overrides about the life, the insurer and the clinics of the person at hand, in the order of their lines.
    pub decided: &'t [u32],
}

impl RunView<'_> {
    /// Date of the source of a record.
    #[inline]
    pub fn source_date(&self, record: RecordIndex) -> Date {
        self.source_dates[self.row_ids.source(self.records.row_id(record))]
    }

    /// The source (as an index of the job's sources) and the physical line of a record.
    #[inline]
    pub fn position(&self, record: RecordIndex) -> (usize, u64) {
        self.row_ids.source_line(self.records.row_id(record))
    }
}
