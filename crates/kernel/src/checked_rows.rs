//! Sample rows after the row checks.

use sverka_check::sample_rows::check_samples;

use crate::sample_rows::{SampleRows, sample_writer};
use crate::shuffle::PartitionBits;

/// Checks one row for each text, which says what differs from a row without any finding.
pub(crate) fn checked(register: &[&str], attachments: &[&str]) -> SampleRows {
    let samples = check_samples(register, attachments, || sample_writer(PartitionBits::new(0)));
    SampleRows::new(samples.sinks, samples.interned)
}

/// As [`checked`], when every row is to be accepted.
pub(crate) fn accepted(register: &[&str], attachments: &[&str]) -> SampleRows {
    let rows = checked(register, attachments);
    assert!(rows.quarantine.is_empty(), "rows of this test are accepted");
    rows
}
