//! Sample rows of the row checks, brought together; for the tests of this stage and of others.

use crate::check::FilledRows;
use crate::check::sample_rows::check_samples;
use crate::kernel::identity::{AnyRecord, RecordIndex, Records};
use crate::kernel::shuffle::{Partition, PartitionBits, PartitionWriter, Shuffle, SpillPolicy, read_quarantined_rows};
use crate::model::{InternedTexts, QuarantinedRow};

/// Sample rows after the row checks.
pub(crate) struct SampleShuffle {
    /// The accepted rows with their findings.
    pub shuffle: Shuffle,
    /// The words of all rows.
    pub interned: InternedTexts,
    /// The rows that were not accepted.
    pub quarantine: Vec<QuarantinedRow>,
    /// The accepted rows with their filled fields: 0 for the register and 1 for the attachments, and the insurer or clinic.
    pub filled: Vec<(u32, u16, FilledRows)>,
}

/// Sample rows after the row checks, in a single partition.
pub(crate) struct SampleRows {
    /// The accepted rows with their findings.
    pub partition: Partition,
    /// The words of all rows.
    pub interned: InternedTexts,
    /// The rows that were not accepted.
    pub quarantine: Vec<QuarantinedRow>,
}

impl SampleRows {
    /// Checks one row for each text, which says what differs from a row without any finding.
    pub fn checked(register: &[&str], attachments: &[&str]) -> Self {
        let SampleShuffle { shuffle, interned, quarantine, .. } =
            SampleShuffle::checked(register, attachments, PartitionBits::new(0));
        let mut partition = Partition::default();
        partition.load(&shuffle, 0).expect("rows in memory");
        Self { partition, interned, quarantine }
    }

    /// As [`Self::checked`], when every row is to be accepted.
    pub fn accepted(register: &[&str], attachments: &[&str]) -> Self {
        let rows = Self::checked(register, attachments);
        assert!(rows.quarantine.is_empty(), "rows of this test are accepted");
        rows
    }
}

impl SampleShuffle {
    /// Checks one row for each text, which says what differs from a row without any finding.
    pub fn checked(register: &[&str], attachments: &[&str], bits: PartitionBits) -> Self {
        let samples = check_samples(register, attachments, || PartitionWriter::new(bits, SpillPolicy::unlimited()));
        let shuffle = Shuffle::new(bits, samples.sinks);
        Self { quarantine: quarantine_of(&shuffle), shuffle, interned: samples.interned, filled: samples.filled }
    }
}

/// The rows of a shuffle that were not accepted.
fn quarantine_of(shuffle: &Shuffle) -> Vec<QuarantinedRow> {
    let mut quarantine = Vec::new();
    for (writer, block) in shuffle.quarantine().flat_map(|writer| writer.blocks().iter().map(move |block| (writer, block))) {
        let mut bytes = Vec::new();
        writer.read(block, &mut bytes).expect("rows in memory");
        quarantine.extend(read_quarantined_rows(&bytes).map(|row| QuarantinedRow {
            row_id: row.row_id,
            offset: row.offset,
            raw: row.raw.into(),
            length: row.length,
            record_id: str::from_utf8(row.record_id).expect("a text").into(),
            owner: row.owner,
            findings: row.findings().collect(),
        }));
    }
    quarantine
}

/// The names of sample rows in tests: their numbers from 1, with an `a` before those of attachments.
pub(crate) fn row_name(records: Records<'_>, record: RecordIndex) -> String {
    let number = records.row_id(record).line() + 1;
    match records.get(record) {
        AnyRecord::Register(_) => format!("{number}"),
        AnyRecord::Attachment(_) => format!("a{number}"),
    }
}
