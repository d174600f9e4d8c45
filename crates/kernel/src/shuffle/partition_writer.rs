//! The writer of one worker: rows, texts, findings and further data of rows, each appended to its partition.

use super::PartitionBits;
use super::packed::{PackedRecord, Packer, SLACK};
use super::partition::{PackedFinding, WorkerPart};
use super::quarantine::QuarantineWriter;
use super::residences;
use super::spill::{SpillBuffer, SpillError, SpillPolicy};
use super::streams::{Limits, Streams};
use sverka_model::RowId;
use sverka_model::{AttachmentRecord, QuarantinedRow, RegisterRecord, RowFinding};
use sverka_model::{AttributeKind, Residence, RowSink, SparseAttribute};
use sverka_model::{Date, Enp};

/// Writes the rows of one worker by partition.
pub struct PartitionWriter {
    bits: PartitionBits,
    buffer: SpillBuffer,
    quarantine: QuarantineWriter,
    packer: Packer,
    /// ENPs of cross-partition records.
    cross_partition_enps: Vec<Enp>,
    /// ENPs of the representatives of newborns.
    representatives: Vec<u64>,
    /// ENPs of one of [`SAMPLED_ROWS`] rows.
    enp_sample: Vec<Enp>,
    /// Buffer for one packed residence.
    residence: Vec<u8>,
    rows: u64,
    /// The first failure to write to the disk.
    failed: Option<SpillError>,
}

/// Rows for each ENP of the sample.
const SAMPLED_ROWS: u64 = 512;

// Kinds of records in the buffer.
const REGISTER: usize = 0;
const ATTACHMENTS: usize = 1;
const FINDINGS: usize = 2;
const ATTRIBUTES: usize = 3;
const RESIDENCES: usize = 4;
/// Bytes of a record of each kind; 1 for packed rows and residences, which have any size.
const UNITS: [usize; 5] = [1, 1, size_of::<PackedFinding>(), size_of::<SparseAttribute>(), 1];

/// Memory of the streams: large slabs when there are many partitions, because then the sources are large.
pub(super) fn limits(bits: PartitionBits) -> Limits {
    let large = bits.count() >= 64;
    Limits { segment: 4 << 10, slab: if large { 8 << 20 } else { 256 << 10 }, large_pages: large }
}

impl PartitionWriter {
    /// A writer without rows.
    #[must_use]
    pub fn new(bits: PartitionBits, spill: SpillPolicy) -> Self {
        let streams = UNITS.iter().map(|&unit| Streams::new(bits.count(), unit, limits(bits))).collect();
        Self {
            bits,
            quarantine: QuarantineWriter::new(spill.clone()),
            buffer: SpillBuffer::new(streams, bits.count(), spill),
            packer: Packer::new(),
            cross_partition_enps: Vec::new(),
            representatives: Vec::new(),
            enp_sample: Vec::new(),
            residence: Vec::new(),
            rows: 0,
            failed: None,
        }
    }

    /// The same writer with another policy for quarantined rows.
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
            None => self.buffer.settle().and_then(|()| self.quarantine.settle()),
        }
    }

    /// Quarantined rows.
    pub(super) fn quarantine(&self) -> &QuarantineWriter {
        &self.quarantine
    }

    /// ENPs of cross-partition records.
    pub(super) fn take_cross_partition_enps(&mut self) -> Vec<Enp> {
        std::mem::take(&mut self.cross_partition_enps)
    }

    /// ENPs of the representatives of newborns.
    pub(super) fn take_representatives(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.representatives)
    }

    /// ENPs of one of [`SAMPLED_ROWS`] rows.
    pub(super) fn take_enp_sample(&mut self) -> Vec<Enp> {
        std::mem::take(&mut self.enp_sample)
    }

    /// Bytes on the disk.
    pub(super) fn spilled_bytes(&self) -> u64 {
        self.buffer.spilled_bytes() + self.quarantine.spilled_bytes()
    }

    /// Replaces the contents of `into` by the records of a partition.
    pub(super) fn read(&self, partition: usize, into: &mut WorkerPart) -> Result<(), SpillError> {
        into.clear();
        into.pairs = self.packer.pairs();
        for (kind, rows) in [(REGISTER, &mut into.register), (ATTACHMENTS, &mut into.attachments)] {
            self.buffer.read(kind, partition, rows)?;
            if !rows.is_empty() {
                rows.extend([0; SLACK]);
            }
        }
        self.buffer.read(FINDINGS, partition, &mut into.findings)?;
        self.buffer.read(ATTRIBUTES, partition, &mut into.attributes)?;
        self.buffer.read(RESIDENCES, partition, &mut into.residences)
    }

    #[inline]
    fn push<R: PackedRecord>(&mut self, kind: usize, record: &R, texts: [&[u8]; 3]) {
        let identity = record.identity();
        let partition = self.bits.partition_of(identity.birth_date);
        if identity.flags.enp_contradicts_birth_date() {
            self.cross_partition_enps.push(identity.enp);
        }
        self.rows += 1;
        if self.rows.is_multiple_of(SAMPLED_ROWS) && identity.enp != Enp::NONE {
            self.enp_sample.push(identity.enp);
        }
        self.buffer.append(kind, partition, self.packer.pack(record, texts));
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
        self.buffer.append(FINDINGS, self.bits.partition_of(birth_date), bytemuck::bytes_of(&PackedFinding::new(finding)));
    }

    fn sparse_attribute(&mut self, birth_date: Date, attribute: SparseAttribute) {
        if attribute.kind() == AttributeKind::Representative {
            self.representatives.push(attribute.number);
        }
        self.buffer.append(ATTRIBUTES, self.bits.partition_of(birth_date), bytemuck::bytes_of(&attribute));
    }

    fn residence(&mut self, birth_date: Date, row_id: RowId, residence: Residence<'_>) {
        residences::pack(row_id, residence, &mut self.residence);
        self.buffer.append(RESIDENCES, self.bits.partition_of(birth_date), &self.residence);
    }

    fn quarantined(&mut self, line: u32, row: &QuarantinedRow) {
        self.quarantine.push(line, row);
    }

    fn after_chunk(&mut self) -> bool {
        if self.failed.is_none() {
            self.failed = self.buffer.spill_if_large().and_then(|()| self.quarantine.spill_if_large()).err();
        }
        self.failed.is_none()
    }
}
