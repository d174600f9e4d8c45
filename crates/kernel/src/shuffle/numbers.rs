//! Sorted ENPs of persons, in memory or on disk: each goes to a range of ENPs that fits a cache, and each range is
//! sorted by itself.

use bytemuck::{Pod, Zeroable};
use sverka_model::{Enp, PersonId};

use super::spill::{SpillBuffer, SpillError, SpillPolicy};
use super::streams::{Limits, Streams};

/// Ranges of ENPs. Their number does not change the order of the table.
#[derive(Clone, Debug, Default)]
pub struct NumberRanges {
    /// First ENP of each range but the first, ascending.
    starts: Vec<Enp>,
}

/// An ENP of a person. Entries sort by ENP, then person, then whether the ENP survives.
///
/// ```text
/// [ ENP 64 ][ person 63 | survives 1 ]
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
pub struct NumberEntry([u64; 2]);

impl NumberEntry {
    /// An entry of an ENP; it survives when the person keeps it.
    #[must_use]
    #[inline]
    pub fn new(enp: Enp, person_id: PersonId, survives: bool) -> Self {
        Self([enp.number(), (person_id.number() as u64) << 1 | u64::from(survives)])
    }

    /// The ENP.
    #[must_use]
    #[inline]
    pub fn enp(self) -> Enp {
        Enp::from_stored(self.0[0])
    }

    /// The person that has the ENP.
    #[must_use]
    #[inline]
    pub fn person_id(self) -> PersonId {
        PersonId::from_stored((self.0[1] >> 1) as i64)
    }

    /// Whether the person keeps the ENP.
    #[must_use]
    #[inline]
    pub fn survives(self) -> bool {
        self.0[1] & 1 == 1
    }
}

/// Writes the ENPs of one worker by range.
pub struct NumberWriter {
    ranges: NumberRanges,
    buffer: SpillBuffer,
}

/// ENPs of a range.
const RANGE_NUMBERS: u64 = 1 << 16;
const MOST_RANGES: u64 = 1 << 10;

impl NumberRanges {
    /// Ranges of about equal size for `numbers` ENPs; `sample` is a part of them.
    #[must_use]
    pub fn new(mut sample: Vec<Enp>, numbers: u64) -> Self {
        sample.sort_unstable();
        let ranges = (numbers / RANGE_NUMBERS).clamp(1, MOST_RANGES) as usize;
        let mut starts: Vec<Enp> = (1..ranges).filter_map(|range| sample.get(range * sample.len() / ranges).copied()).collect();
        starts.dedup();
        Self { starts }
    }

    /// Number of ranges.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len() + 1
    }

    /// Range of an ENP.
    #[inline]
    fn range_of(&self, enp: Enp) -> usize {
        self.starts.partition_point(|&start| start <= enp)
    }
}

impl NumberWriter {
    /// A writer without ENPs.
    #[must_use]
    pub fn new(ranges: NumberRanges, spill: SpillPolicy) -> Self {
        let large = ranges.count() >= 16;
        let limits = Limits { segment: 16 << 10, slab: if large { 16 << 20 } else { 256 << 10 }, large_pages: large };
        let streams = Streams::new(ranges.count(), size_of::<NumberEntry>(), limits);
        Self { buffer: SpillBuffer::new(vec![streams], ranges.count(), spill), ranges }
    }

    /// Adds an ENP of a person.
    #[inline]
    pub fn push(&mut self, enp: Enp, person_id: PersonId, survives: bool) {
        let entry = NumberEntry::new(enp, person_id, survives);
        self.buffer.append(0, self.ranges.range_of(enp), bytemuck::bytes_of(&entry));
    }

    /// Writes the ENPs to the disk when they need more memory than the policy allows.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn spill_if_large(&mut self) -> Result<(), SpillError> {
        self.buffer.spill_if_large()
    }

    /// Appends the entries of a range to `into`, in no particular order.
    ///
    /// # Errors
    /// When the spill file cannot be read.
    pub fn read(&self, range: usize, into: &mut Vec<NumberEntry>) -> Result<(), SpillError> {
        self.buffer.read(0, range, into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_all_entries_in_their_order() {
        let enp =
            |number: u64| Enp::from_stored(3_400_000_000_000_000 + number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % 1_000_000_000);
        let ranges = NumberRanges::new((0..300_000).step_by(100).map(enp).collect(), 300_000);
        assert!(ranges.count() > 2);
        let spill = SpillPolicy::of_bytes(1 << 20, &std::env::temp_dir());
        let mut writer = NumberWriter::new(ranges.clone(), spill);
        for number in 0..300_000 {
            writer.push(enp(number), PersonId::from_stored(number as i64 + 1), number % 3 == 0);
            writer.spill_if_large().expect("room");
        }
        let mut all = Vec::new();
        for range in 0..ranges.count() {
            let mut entries = Vec::new();
            writer.read(range, &mut entries).expect("readable");
            assert!(entries.len() < 200_000, "ranges are about equal: {}", entries.len());
            entries.sort_unstable();
            all.extend(entries);
        }
        assert!(all.len() == 300_000 && all.is_sorted());
        let entry = all[7];
        let number = entry.person_id().number() as u64 - 1;
        assert_eq!((entry.enp(), entry.survives()), (enp(number), number.is_multiple_of(3)));
    }

    #[test]
    fn few_numbers_are_one_range() {
        assert_eq!(NumberRanges::new(vec![Enp::from_stored(5); 3], 3).count(), 1);
        assert_eq!(NumberRanges::new(Vec::new(), 10_000_000).count(), 1);
        assert_eq!(NumberRanges::new(vec![Enp::from_stored(7); 100], 10_000_000).count(), 2);
    }
}
