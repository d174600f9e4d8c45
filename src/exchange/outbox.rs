//! What one worker hands on while it reads: rows, texts and findings, each to its partition.

use super::PartitionBits;
use super::partition::{Part, PlacedFinding};
use super::streams::{Limits, Streams};
use crate::check::{AttachmentRecord, RegisterRecord, RowFinding, RowSink};
use crate::identifier::Date;
use crate::intake::RowTexts;

/// The rows of one worker by partition.
pub struct Outbox {
    bits: PartitionBits,
    register: Lane,
    attachments: Lane,
    findings: Streams,
    travelling: Vec<u64>,
}

/// The rows of one table.
struct Lane {
    records: Streams,
    texts: Streams,
}

impl Lane {
    fn new(bits: PartitionBits, record_bytes: usize) -> Self {
        let streams = |unit| Streams::new(bits.count(), unit, limits(bits));
        Self { records: streams(record_bytes), texts: streams(1) }
    }

    #[inline]
    fn push(&mut self, partition: usize, record: &[u8], texts: [&str; 3]) {
        self.records.append(partition, record);
        RowTexts::write(texts, |piece| self.texts.append(partition, piece));
    }
}

/// Many partitions come of large sources.
fn limits(bits: PartitionBits) -> Limits {
    let large = bits.count() >= 64;
    Limits { segment: 16 << 10, slab: if large { 64 << 20 } else { 256 << 10 }, large_pages: large }
}

impl Outbox {
    /// Nothing written yet.
    #[must_use]
    pub fn new(bits: PartitionBits) -> Self {
        Self {
            bits,
            register: Lane::new(bits, size_of::<RegisterRecord>()),
            attachments: Lane::new(bits, size_of::<AttachmentRecord>()),
            findings: Streams::new(bits.count(), size_of::<PlacedFinding>(), limits(bits)),
            travelling: Vec::new(),
        }
    }

    /// The ENPs of travellers.
    pub(super) fn take_travelling(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.travelling)
    }

    /// What the worker wrote of a partition.
    pub(super) fn part(&self, partition: usize) -> Part<'_> {
        Part {
            register: self.register.records.read(partition).map(bytemuck::cast_slice).collect(),
            register_texts: self.register.texts.read(partition).collect(),
            attachments: self.attachments.records.read(partition).map(bytemuck::cast_slice).collect(),
            attachment_texts: self.attachments.texts.read(partition).collect(),
            findings: self.findings.read(partition).map(bytemuck::cast_slice).collect(),
        }
    }
}

impl RowSink for Outbox {
    #[inline]
    fn register(&mut self, record: &RegisterRecord, texts: [&str; 3]) {
        let partition = self.bits.of(record.identity.birth_date);
        self.register.push(partition, bytemuck::bytes_of(record), texts);
        if record.identity.of_other_birth != 0 {
            self.travelling.push(record.identity.enp);
        }
    }

    #[inline]
    fn attachment(&mut self, record: &AttachmentRecord, texts: [&str; 3]) {
        let partition = self.bits.of(record.identity.birth_date);
        self.attachments.push(partition, bytemuck::bytes_of(record), texts);
        if record.identity.of_other_birth != 0 {
            self.travelling.push(record.identity.enp);
        }
    }

    fn finding(&mut self, birth_date: Date, finding: RowFinding) {
        self.findings.append(self.bits.of(birth_date), bytemuck::bytes_of(&PlacedFinding::new(finding)));
    }
}
