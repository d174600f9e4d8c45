//! The shuffle: accepted rows of all sources brought together by partition, in memory or on disk.
//!
//! A partition holds the rows of some birth dates. All rules that link records ask for equal birth dates, except the
//! rules over the ENP alone. So persons can be made of one partition at a time. The exceptions are *cross-partition
//! records*: the ENP of such a record codes another birth date than the record has. The shuffle collects their ENPs for
//! the partition of the coded date.
//!
//! ```text
//! worker 1 ─ PartitionWriter ─┐  row, row, …   by partition, in memory or in a spill file
//! worker 2 ─ PartitionWriter ─┼─ Shuffle ── Partition::load(0), Partition::load(1), …   rows of all workers, merged by row id
//! worker 3 ─ PartitionWriter ─┘
//! ```
//!
//! While it reads, a worker appends each row to the stream of its partition ([`PartitionWriter`]). Afterwards each partition is loaded by itself
//! ([`Partition::load`]), small enough for a cache, as rows in the order of their row ids.

mod findings;
mod number_set;
mod numbers;
mod packed;
mod partition;
mod partition_writer;
mod pressure;
mod quarantine;
mod residences;
mod spill;
mod streams;
mod symbols;

pub use findings::{FindingWriter, PendingFinding, RankedSource, RowSortKey, SortKeyRanges, read_findings};
pub use number_set::NumberSet;
pub use numbers::{NumberEntry, NumberRanges, NumberWriter};
pub use packed::RowText;
pub use partition::{PackedFinding, Partition, PartitionRows};
pub use partition_writer::PartitionWriter;
pub use pressure::MemoryPressure;
pub use quarantine::{QuarantineBlock, QuarantineEntry, QuarantineWriter, read_quarantined_rows};
pub use spill::{SpillError, SpillPolicy};

use sverka_model::{Date, Enp};

/// Bits of the bucket of a birth date. A partition holds whole buckets.
pub const BUCKET_BITS: u32 = 12;

/// The bucket of a birth date, below 2 to the power of [`BUCKET_BITS`].
#[must_use]
#[inline]
pub fn bucket(birth_date: Date) -> u32 {
    // Multiplication by 2^32 over the golden ratio spreads neighbouring days evenly.
    (birth_date.days() as u32).wrapping_mul(0x9E37_79B9) >> (32 - BUCKET_BITS)
}

/// Number of partitions, as a power of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionBits(u32);

impl PartitionBits {
    /// Partitions that suit a cache, for sources of `bytes` bytes in all. Small sources are one partition.
    #[must_use]
    pub fn for_bytes(bytes: u64) -> Self {
        const PARTITION_BYTES: u64 = 2 << 20;
        Self(bytes.div_ceil(PARTITION_BYTES).next_power_of_two().trailing_zeros().min(BUCKET_BITS))
    }

    /// Two to the power of `bits` partitions; at most [`BUCKET_BITS`] bits.
    #[must_use]
    pub fn new(bits: u32) -> Self {
        Self(bits.min(BUCKET_BITS))
    }

    /// Number of partitions.
    #[must_use]
    pub fn count(self) -> usize {
        1 << self.0
    }

    /// Logarithm of the number of partitions.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.0
    }

    /// The partition of a birth date.
    #[must_use]
    #[inline]
    pub fn partition_of(self, birth_date: Date) -> usize {
        (bucket(birth_date) >> (BUCKET_BITS - self.0)) as usize
    }
}

/// Accepted rows of all workers, by partition.
pub struct Shuffle {
    bits: PartitionBits,
    writers: Vec<PartitionWriter>,
    cross_partition_enps: Vec<Vec<Enp>>,
    representatives: NumberSet,
    enp_sample: Vec<Enp>,
}

impl Shuffle {
    /// The rows that the workers wrote.
    #[must_use]
    pub fn new(bits: PartitionBits, mut writers: Vec<PartitionWriter>) -> Self {
        let mut cross_partition_enps = vec![Vec::new(); bits.count()];
        for enp in writers.iter_mut().flat_map(PartitionWriter::take_cross_partition_enps) {
            let coded = enp.decode().expect("invariant: an accepted ENP codes a date");
            cross_partition_enps[bits.partition_of(coded.birth_date)].push(enp);
        }
        for enps in &mut cross_partition_enps {
            enps.sort_unstable();
            enps.dedup();
        }
        let representatives =
            NumberSet::new(&writers.iter_mut().flat_map(PartitionWriter::take_representatives).collect::<Vec<_>>());
        let enp_sample = writers.iter_mut().flat_map(PartitionWriter::take_enp_sample).collect();
        Self { bits, writers, cross_partition_enps, representatives, enp_sample }
    }

    /// Number of partitions.
    #[must_use]
    pub fn bits(&self) -> PartitionBits {
        self.bits
    }

    /// ENPs of cross-partition records that code a birth date of this partition, ascending.
    #[must_use]
    pub fn cross_partition_enps(&self, partition: usize) -> &[Enp] {
        &self.cross_partition_enps[partition]
    }

    /// ENPs of the mothers and representatives in rows of newborns.
    #[must_use]
    pub fn representatives(&self) -> &NumberSet {
        &self.representatives
    }

    /// Ranges for the ENPs of `persons` persons.
    #[must_use]
    pub fn number_ranges(&self, persons: u64) -> NumberRanges {
        NumberRanges::new(self.enp_sample.clone(), persons)
    }

    /// Quarantined rows of each worker.
    pub fn quarantine(&self) -> impl Iterator<Item = &QuarantineWriter> {
        self.writers.iter().map(PartitionWriter::quarantine)
    }

    /// Bytes on the disk.
    #[must_use]
    pub fn spilled_bytes(&self) -> u64 {
        self.writers.iter().map(PartitionWriter::spilled_bytes).sum()
    }
}
