//! Sample rows for tests, after the row checks and the shuffle.

use sverka_check::sample_rows::check_samples;
use sverka_kernel::sample_rows::{SampleRows, sample_writer};
use sverka_kernel::shuffle::PartitionBits;

/// Checks one row for each text. A text names the differences from a row without any finding.
pub(super) fn checked(register: &[&str], attachments: &[&str]) -> SampleRows {
    let samples = check_samples(register, attachments, || sample_writer(PartitionBits::new(0)));
    SampleRows::new(samples.sinks, samples.interned)
}

/// The same as [`checked`]; every row must be accepted.
pub(super) fn accepted(register: &[&str], attachments: &[&str]) -> SampleRows {
    let rows = checked(register, attachments);
    assert!(rows.quarantine.is_empty(), "rows of this test are accepted");
    rows
}
