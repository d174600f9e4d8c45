//! View of the records of one partition, for timelines and tables.
use crate::job::Job;
use sverka_kernel::identity::{RecordIndex, Records};
use sverka_model::RowIds;
use sverka_model::{Date, SourceLine};

/// Records of one partition with the lookups that timelines and tables need.
#[derive(Clone, Copy)]
pub(super) struct RecordView<'t> {
    /// Job of the run: rules, reference tables, overrides.
    pub job: &'t Job,
    /// Records of the partition.
    pub records: Records<'t>,
    /// Source and line of each row id.
    pub row_ids: &'t RowIds,
    /// Date of each source of the job.
    pub source_dates: &'t [Date],
    /// Overrides of life, insurer and clinics of the current person: indices of entries, in the order of their lines.
    pub override_entries: &'t [u32],
}

impl RecordView<'_> {
    /// Date of the source of a record.
    #[inline]
    pub fn source_date(&self, record: RecordIndex) -> Date {
        self.source_dates[self.source(record)]
    }

    /// Index of the source of a record in the job.
    #[inline]
    pub fn source(&self, record: RecordIndex) -> usize {
        self.row_ids.source(self.records.row_id(record))
    }

    /// Source line of a record.
    #[inline]
    pub fn source_line(&self, record: RecordIndex) -> SourceLine {
        self.row_ids.source_line(self.records.row_id(record))
    }
}
