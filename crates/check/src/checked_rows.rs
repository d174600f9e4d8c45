//! Sample rows after the row checks, brought together.

use sverka_kernel::sample_rows::{SampleRows, sample_writer};
use sverka_kernel::shuffle::PartitionBits;

use crate::sample_rows::check_samples;

/// Sample rows after the row checks, one for each text. The text says in what a row differs from a row without
/// findings.
pub(crate) fn checked(register: &[&str], attachments: &[&str]) -> SampleRows {
    let samples = check_samples(register, attachments, || sample_writer(PartitionBits::new(0)));
    SampleRows::new(samples.sinks, samples.interned)
}

/// The same as [`checked`], and asserts that every row is accepted.
pub(crate) fn accepted(register: &[&str], attachments: &[&str]) -> SampleRows {
    let rows = checked(register, attachments);
    assert!(rows.quarantine.is_empty(), "rows of this test are accepted");
    rows
}
