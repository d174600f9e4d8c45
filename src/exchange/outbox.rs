//! What one worker hands on while it reads: rows, texts and findings, each to its partition.

use super::PartitionBits;
use super::partition::{Part, PartBuffers, PlacedFinding};
use super::spill::{Lanes, SpillError, SpillPolicy};
use super::streams::{Limits, Streams};
use crate::check::{AttachmentRecord, Identity, RegisterRecord, RowFinding, RowSink};
use crate::identifier::Date;
use crate::intake::RowTexts;

/// The rows of one worker by partition.
pub struct Outbox {
    bits: PartitionBits,
    lanes: Lanes,
    travelling: Vec<u64>,
    enp_sample: Vec<u64>,
    rows: u64,
    failed: Option<SpillError>,
}

/// One of so many rows gives a sample of its ENP.
const SAMPLED_ROWS: u64 = 512;

const REGISTER: usize = 0;
const REGISTER_TEXTS: usize = 1;
const ATTACHMENTS: usize = 2;
const ATTACHMENT_TEXTS: usize = 3;
const FINDINGS: usize = 4;

/// The size of what each lane is made of; texts have any.
const UNITS: [usize; 5] = [size_of::<RegisterRecord>(), 1, size_of::<AttachmentRecord>(), 1, size_of::<PlacedFinding>()];

/// Many partitions come of large sources.
pub(super) fn limits(bits: PartitionBits) -> Limits {
    let large = bits.count() >= 64;
    Limits { segment: 16 << 10, slab: if large { 64 << 20 } else { 256 << 10 }, large_pages: large }
}

impl Outbox {
    /// Nothing written yet.
    #[must_use]
    pub fn new(bits: PartitionBits, spill: SpillPolicy) -> Self {
        let streams = UNITS.iter().map(|&unit| Streams::new(bits.count(), unit, limits(bits))).collect();
        Self {
            bits,
            lanes: Lanes::new(streams, bits.count(), spill),
            travelling: Vec::new(),
            enp_sample: Vec::new(),
            rows: 0,
            failed: None,
        }
    }

    /// Ends the writing.
    ///
    /// # Errors
    /// When rows could not be written to the disk, now or before.
    pub fn settle(&mut self) -> Result<(), SpillError> {
        self.failed.take().map_or_else(|| self.lanes.settle(), Err)
    }

    /// The ENPs of travellers.
    pub(super) fn take_travelling(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.travelling)
    }

    /// Some ENPs.
    pub(super) fn take_enp_sample(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.enp_sample)
    }

    /// Bytes on the disk.
    pub(super) fn spilled_bytes(&self) -> u64 {
        self.lanes.spilled_bytes()
    }

    /// What the worker wrote of a partition; rows from the disk are read into `buffers`.
    pub(super) fn part<'o>(&'o self, partition: usize, buffers: &'o mut PartBuffers) -> Result<Part<'o>, SpillError> {
        let lanes = &self.lanes;
        buffers.clear();
        lanes.read_spilled(REGISTER, partition, &mut buffers.register)?;
        lanes.read_spilled(REGISTER_TEXTS, partition, &mut buffers.register_texts)?;
        lanes.read_spilled(ATTACHMENTS, partition, &mut buffers.attachments)?;
        lanes.read_spilled(ATTACHMENT_TEXTS, partition, &mut buffers.attachment_texts)?;
        lanes.read_spilled(FINDINGS, partition, &mut buffers.findings)?;
        let mut part = Part::of_buffers(buffers);
        part.register.extend(lanes.in_memory(REGISTER, partition).map(bytemuck::cast_slice::<u8, RegisterRecord>));
        part.register_texts.extend(lanes.in_memory(REGISTER_TEXTS, partition));
        part.attachments.extend(lanes.in_memory(ATTACHMENTS, partition).map(bytemuck::cast_slice::<u8, AttachmentRecord>));
        part.attachment_texts.extend(lanes.in_memory(ATTACHMENT_TEXTS, partition));
        part.findings.extend(lanes.in_memory(FINDINGS, partition).map(bytemuck::cast_slice::<u8, PlacedFinding>));
        Ok(part)
    }

    #[inline]
    fn push(&mut self, lane: usize, identity: &Identity, record: &[u8], texts: [&str; 3]) {
        let partition = self.bits.of(identity.birth_date);
        if identity.of_other_birth != 0 {
            self.travelling.push(identity.enp);
        }
        self.rows += 1;
        if self.rows.is_multiple_of(SAMPLED_ROWS) && identity.enp != 0 {
            self.enp_sample.push(identity.enp);
        }
        self.lanes.append(lane, partition, record);
        RowTexts::write(texts, |piece| self.lanes.append(lane + 1, partition, piece));
    }
}

impl RowSink for Outbox {
    #[inline]
    fn register(&mut self, record: &RegisterRecord, texts: [&str; 3]) {
        self.push(REGISTER, &record.identity, bytemuck::bytes_of(record), texts);
    }

    #[inline]
    fn attachment(&mut self, record: &AttachmentRecord, texts: [&str; 3]) {
        self.push(ATTACHMENTS, &record.identity, bytemuck::bytes_of(record), texts);
    }

    fn finding(&mut self, birth_date: Date, finding: RowFinding) {
        self.lanes.append(FINDINGS, self.bits.of(birth_date), bytemuck::bytes_of(&PlacedFinding::new(finding)));
    }

    fn after_chunk(&mut self) -> bool {
        if self.failed.is_none() {
            self.failed = self.lanes.spill_if_large().err();
        }
        self.failed.is_none()
    }
}
