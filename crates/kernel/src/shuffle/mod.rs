//! The shuffle: accepted rows of all sources brought together by partition, in memory or on disk.
//!
//! A partition holds the rows of some birth dates. Every rule that makes two records one person asks for equal birth dates, but for those over
//! the ENP alone; so a partition can be made into persons by itself, except for the few records whose ENP codes another birth date than their
//! own (*cross-partition records*): the shuffle notes their ENPs for the partition that holds the ENP's own date.
//!
//! A worker writes each row behind the others of its partition ([`PartitionWriter`]) while it reads; afterwards each partition is loaded by itself
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

pub use findings::{FindingWriter, PendingFinding, RowSortKey, SortKeyRanges, read_findings};
pub use number_set::NumberSet;
pub use numbers::{NumberEntry, NumberRanges, NumberWriter, number_of};
pub use packed::RowText;
pub use partition::{PackedFinding, Partition, PartitionRows};
pub use partition_writer::PartitionWriter;
pub use pressure::MemoryPressure;
pub use quarantine::{QuarantineBlock, QuarantineEntry, QuarantineWriter, read_quarantined_rows};
pub use spill::{SpillError, SpillPolicy};

use sverka_model::{Date, Enp};

/// Bits of a birth date's bucket; buckets lie whole in partitions.
pub const BUCKET_BITS: u32 = 12;

/// The bucket of a birth date, below 2 to the power of [`BUCKET_BITS`].
#[must_use]
#[inline]
pub fn bucket(birth_date: Date) -> u32 {
    // Multiplication by 2^32 over the golden ratio spreads neighbouring days evenly.
    (birth_date.days() as u32).wrapping_mul(0x9E37_79B9) >> (32 - BUCKET_BITS)
}

/// How many bits number the partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionBits(u32);

impl PartitionBits {
    /// Sources of so many bytes in partitions that suit a cache; one for small sources.
    #[must_use]
    pub fn for_bytes(bytes: u64) -> Self {
        const PARTITION_BYTES: u64 = 2 << 20;
        Self(bytes.div_ceil(PARTITION_BYTES).next_power_of_two().trailing_zeros().min(BUCKET_BITS))
    }

    /// So many bits, at most [`BUCKET_BITS`].
    #[must_use]
    pub fn new(bits: u32) -> Self {
        Self(bits.min(BUCKET_BITS))
    }

    /// How many partitions there are.
    #[must_use]
    pub fn count(self) -> usize {
        1 << self.0
    }

    /// The bits.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.0
    }

    /// The partition of a birth date.
    #[must_use]
    #[inline]
    pub fn of(self, birth_date: Date) -> usize {
        (bucket(birth_date) >> (BUCKET_BITS - self.0)) as usize
    }
}

/// All accepted rows, by partition.
pub struct Shuffle {
    bits: PartitionBits,
    writers: Vec<PartitionWriter>,
    cross_partition_enps: Vec<Vec<u64>>,
    representatives: NumberSet,
    enp_sample: Vec<u64>,
}

impl Shuffle {
    /// What the workers wrote.
    #[must_use]
    pub fn new(bits: PartitionBits, mut writers: Vec<PartitionWriter>) -> Self {
        let mut cross_partition_enps = vec![Vec::new(); bits.count()];
        for enp in writers.iter_mut().flat_map(PartitionWriter::take_cross_partition_enps) {
            let coded = Enp::from_number(enp).and_then(|enp| enp.decode().ok()).expect("invariant: an accepted ENP codes a date");
            cross_partition_enps[bits.of(coded.birth_date)].push(enp);
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

    /// How partitions are numbered.
    #[must_use]
    pub fn bits(&self) -> PartitionBits {
        self.bits
    }

    /// The ENPs, ascending, whose coded date is of the partition and that cross-partition records of any partition bear.
    #[must_use]
    pub fn cross_partition_enps(&self, partition: usize) -> &[u64] {
        &self.cross_partition_enps[partition]
    }

    /// The ENPs of those whom rows name as mothers or representatives of newborns.
    #[must_use]
    pub fn representatives(&self) -> &NumberSet {
        &self.representatives
    }

    /// Ranges for the ENPs of so many persons.
    #[must_use]
    pub fn number_ranges(&self, persons: u64) -> NumberRanges {
        NumberRanges::new(self.enp_sample.clone(), persons)
    }

    /// The rows that were not accepted, those of each worker.
    pub fn quarantine(&self) -> impl Iterator<Item = &QuarantineWriter> {
        self.writers.iter().map(PartitionWriter::quarantine)
    }

    /// Bytes on the disk.
    #[must_use]
    pub fn spilled_bytes(&self) -> u64 {
        self.writers.iter().map(PartitionWriter::spilled_bytes).sum()
    }
}
