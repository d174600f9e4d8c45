//! Sample rows that are brought together after any row checks; for the tests of this stage and of others.

use crate::identity::{AnyRecord, RecordIndex, Records};
use crate::shuffle::{Partition, PartitionBits, PartitionWriter, Shuffle, SpillPolicy, read_quarantined_rows};
use sverka_model::{InternedTexts, QuarantinedRow};

/// Sample rows after the row checks.
pub struct SampleShuffle {
    /// The accepted rows with their findings.
    pub shuffle: Shuffle,
    /// The interned texts of all rows.
    pub interned: InternedTexts,
    /// The rows that were not accepted.
    pub quarantine: Vec<QuarantinedRow>,
}

/// Sample rows after the row checks, in a single partition.
pub struct SampleRows {
    /// The accepted rows with their findings.
    pub partition: Partition,
    /// The interned texts of all rows.
    pub interned: InternedTexts,
    /// The rows that were not accepted.
    pub quarantine: Vec<QuarantinedRow>,
}

impl SampleRows {
    /// The rows that the writers of a single partition took.
    #[must_use]
    pub fn new(writers: Vec<PartitionWriter>, interned: InternedTexts) -> Self {
        let SampleShuffle { shuffle, interned, quarantine } = SampleShuffle::new(PartitionBits::new(0), writers, interned);
        let mut partition = Partition::default();
        partition.load(&shuffle, 0).expect("rows in memory");
        Self { partition, interned, quarantine }
    }
}

impl SampleShuffle {
    /// The rows that the writers took.
    #[must_use]
    pub fn new(bits: PartitionBits, writers: Vec<PartitionWriter>, interned: InternedTexts) -> Self {
        let shuffle = Shuffle::new(bits, writers);
        Self { quarantine: quarantine_of(&shuffle), shuffle, interned }
    }
}

/// A writer of sample rows, which stay in memory.
#[must_use]
pub fn sample_writer(bits: PartitionBits) -> PartitionWriter {
    PartitionWriter::new(bits, SpillPolicy::unlimited())
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
#[must_use]
pub fn row_name(records: Records<'_>, record: RecordIndex) -> String {
    let number = records.row_id(record).line() + 1;
    match records.get(record) {
        AnyRecord::Register(_) => format!("{number}"),
        AnyRecord::Attachment(_) => format!("a{number}"),
    }
}
