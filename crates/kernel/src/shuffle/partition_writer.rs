//! What one worker hands on while it reads: rows, texts and findings, each to its partition.

use super::PartitionBits;
use super::packed::{PackedRecord, Packer, SLACK};
use super::partition::{PackedFinding, Part};
use super::quarantine::QuarantineWriter;
use super::residences;
use super::spill::{Lanes, SpillError, SpillPolicy};
use super::streams::{Limits, Streams};
use sverka_model::Date;
use sverka_model::RowId;
use sverka_model::{AttachmentRecord, QuarantinedRow, RegisterRecord, RowFinding};
use sverka_model::{FactKind, Residence, RowSink, SideFact};

/// The rows of one worker by partition.
pub struct PartitionWriter {
    bits: PartitionBits,
    lanes: Lanes,
    quarantine: QuarantineWriter,
    packer: Packer,
    cross_partition_enps: Vec<u64>,
    representatives: Vec<u64>,
    enp_sample: Vec<u64>,
    /// The residence at hand, packed.
    residence: Vec<u8>,
    rows: u64,
    failed: Option<SpillError>,
}

/// One of so many rows gives a sample of its ENP.
const SAMPLED_ROWS: u64 = 512;

const REGISTER: usize = 0;
const ATTACHMENTS: usize = 1;
const FINDINGS: usize = 2;
const FACTS: usize = 3;
const RESIDENCES: usize = 4;
/// The size of what each lane is made of; packed rows and residences have any.
const UNITS: [usize; 5] = [1, 1, size_of::<PackedFinding>(), size_of::<SideFact>(), 1];

/// Many partitions come of large sources.
pub(super) fn limits(bits: PartitionBits) -> Limits {
    let large = bits.count() >= 64;
    Limits { segment: 4 << 10, slab: if large { 8 << 20 } else { 256 << 10 }, large_pages: large }
}

impl PartitionWriter {
    /// Nothing written yet.
    #[must_use]
    pub fn new(bits: PartitionBits, spill: SpillPolicy) -> Self {
        let streams = UNITS.iter().map(|&unit| Streams::new(bits.count(), unit, limits(bits))).collect();
        Self {
            bits,
            quarantine: QuarantineWriter::new(spill.clone()),
            lanes: Lanes::new(streams, bits.count(), spill),
            packer: Packer::new(),
            cross_partition_enps: Vec::new(),
            representatives: Vec::new(),
            enp_sample: Vec::new(),
            residence: Vec::new(),
            rows: 0,
            failed: None,
        }
    }

    /// Nothing written yet, with a policy of its own for rows that are not accepted.
    #[must_use]
    pub fn with_quarantine(self, policy: SpillPolicy) -> Self {
        Self { quarantine: QuarantineWriter::new(policy), ..self }
    }

    /// Ends the writing.
    ///
    /// # Errors
    /// When rows could not be written to the disk, now or before.
    pub fn settle(&mut self) -> Result<(), SpillError> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.lanes.settle().and_then(|()| self.quarantine.settle()),
        }
    }

    /// The rows that were not accepted.
    pub(super) fn quarantine(&self) -> &QuarantineWriter {
        &self.quarantine
    }

    /// The ENPs of cross-partition records.
    pub(super) fn take_cross_partition_enps(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.cross_partition_enps)
    }

    /// The ENPs of newborns' representatives.
    pub(super) fn take_representatives(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.representatives)
    }

    /// Some ENPs.
    pub(super) fn take_enp_sample(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.enp_sample)
    }

    /// Bytes on the disk.
    pub(super) fn spilled_bytes(&self) -> u64 {
        self.lanes.spilled_bytes() + self.quarantine.spilled_bytes()
    }

    /// Puts what the worker wrote of a partition in the place of what `into` holds.
    pub(super) fn read(&self, partition: usize, into: &mut Part) -> Result<(), SpillError> {
        into.clear();
        into.pairs = self.packer.pairs();
        for (lane, rows) in [(REGISTER, &mut into.register), (ATTACHMENTS, &mut into.attachments)] {
            self.lanes.read(lane, partition, rows)?;
            if !rows.is_empty() {
                rows.extend([0; SLACK]);
            }
        }
        self.lanes.read(FINDINGS, partition, &mut into.findings)?;
        self.lanes.read(FACTS, partition, &mut into.facts)?;
        self.lanes.read(RESIDENCES, partition, &mut into.residences)
    }

    #[inline]
    fn push<R: PackedRecord>(&mut self, lane: usize, record: &R, texts: [&[u8]; 3]) {
        let identity = record.identity();
        let partition = self.bits.of(identity.birth_date);
        if identity.marks.of_other_birth() {
            self.cross_partition_enps.push(identity.enp);
        }
        self.rows += 1;
        if self.rows.is_multiple_of(SAMPLED_ROWS) && identity.enp != 0 {
            self.enp_sample.push(identity.enp);
        }
        self.lanes.append(lane, partition, self.packer.pack(record, texts));
    }
}

impl RowSink for PartitionWriter {
    #[inline]
    fn register(&mut self, record: &RegisterRecord, texts: [&[u8]; 3]) {
        self.push(REGISTER, record, texts);
    }

    #[inline]
    fn attachment(&mut self, record: &AttachmentRecord, texts: [&[u8]; 3]) {
        self.push(ATTACHMENTS, record, texts);
    }

    fn finding(&mut self, birth_date: Date, finding: RowFinding) {
        self.lanes.append(FINDINGS, self.bits.of(birth_date), bytemuck::bytes_of(&PackedFinding::new(finding)));
    }

    fn side_fact(&mut self, birth_date: Date, fact: SideFact) {
        if fact.kind() == FactKind::Representative {
            self.representatives.push(fact.number);
        }
        self.lanes.append(FACTS, self.bits.of(birth_date), bytemuck::bytes_of(&fact));
    }

    fn residence(&mut self, birth_date: Date, row_id: RowId, residence: Residence<'_>) {
        residences::pack(row_id, residence, &mut self.residence);
        self.lanes.append(RESIDENCES, self.bits.of(birth_date), &self.residence);
    }

    fn quarantined(&mut self, line: u32, row: &QuarantinedRow) {
        self.quarantine.push(line, row);
    }

    fn after_chunk(&mut self) -> bool {
        if self.failed.is_none() {
            self.failed = self.lanes.spill_if_large().and_then(|()| self.quarantine.spill_if_large()).err();
        }
        self.failed.is_none()
    }
}
