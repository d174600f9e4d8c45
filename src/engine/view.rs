//! What the timelines and the tables see of a run: its job and all records.

use crate::identifier::Date;
use crate::identity::Records;
use crate::job::Job;

/// The run's side of the timelines.
#[derive(Clone, Copy)]
pub(super) struct RunView<'t> {
    /// The job.
    pub job: &'t Job,
    /// All records.
    pub records: Records<'t>,
    /// Date of each source of the job.
    pub source_dates: &'t [Date],
}

impl RunView<'_> {
    /// Date of the source of a row of the register.
    pub fn register_source_date(&self, row: u32) -> Date {
        self.source_dates[self.records.register.position(row).0]
    }

    /// Date of the source of a row of the attachments.
    pub fn attachment_source_date(&self, row: u32) -> Date {
        self.source_dates[self.records.attachments.position(row).0]
    }
}
