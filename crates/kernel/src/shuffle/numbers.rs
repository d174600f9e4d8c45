//! ENPs of persons brought into their order: by ranges that each fit a cache, in memory or on disk.

use super::spill::{Lanes, SpillError, SpillPolicy};
use super::streams::{Limits, Streams};

/// The ranges that ENPs are brought together by. Which they are never shows in the order.
#[derive(Clone, Debug, Default)]
pub struct NumberRanges {
    /// The first ENP of each range but the first, ascending.
    starts: Vec<u64>,
}

/// An ENP of a person, as two numbers that are in the order of ENP, person and whether it survives.
pub type NumberEntry = [u64; 2];

/// What one worker found.
pub struct NumberWriter {
    ranges: NumberRanges,
    lanes: Lanes,
}

/// How many ENPs a range should have.
const RANGE_NUMBERS: u64 = 1 << 16;
const MOST_RANGES: u64 = 1 << 10;

impl NumberRanges {
    /// Ranges of about equal size for so many numbers, of which `sample` are some.
    #[must_use]
    pub fn new(mut sample: Vec<u64>, numbers: u64) -> Self {
        sample.sort_unstable();
        let ranges = (numbers / RANGE_NUMBERS).clamp(1, MOST_RANGES) as usize;
        let mut starts: Vec<u64> = (1..ranges).filter_map(|range| sample.get(range * sample.len() / ranges).copied()).collect();
        starts.dedup();
        Self { starts }
    }

    /// How many ranges there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len() + 1
    }

    #[inline]
    fn of(&self, enp: u64) -> usize {
        self.starts.partition_point(|&start| start <= enp)
    }
}

impl NumberWriter {
    /// Nothing found yet.
    #[must_use]
    pub fn new(ranges: NumberRanges, spill: SpillPolicy) -> Self {
        let large = ranges.count() >= 16;
        let limits = Limits { segment: 16 << 10, slab: if large { 16 << 20 } else { 256 << 10 }, large_pages: large };
        let streams = Streams::new(ranges.count(), size_of::<NumberEntry>(), limits);
        Self { lanes: Lanes::new(vec![streams], ranges.count(), spill), ranges }
    }

    /// Adds an ENP of a person.
    #[inline]
    pub fn push(&mut self, enp: u64, person_id: i64, survives: bool) {
        let entry: NumberEntry = [enp, (person_id as u64) << 1 | u64::from(survives)];
        self.lanes.append(0, self.ranges.of(enp), bytemuck::bytes_of(&entry));
    }

    /// Writes everything to the disk if it has outgrown its memory.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn spill_if_large(&mut self) -> Result<(), SpillError> {
        self.lanes.spill_if_large()
    }

    /// Appends the entries of a range to `into`, in no particular order.
    ///
    /// # Errors
    /// When what is on the disk cannot be read.
    pub fn read(&self, range: usize, into: &mut Vec<NumberEntry>) -> Result<(), SpillError> {
        self.lanes.read(0, range, into)
    }
}

/// The ENP, the person and whether it survives, of an entry.
#[must_use]
#[inline]
pub fn number_of(entry: NumberEntry) -> (u64, i64, bool) {
    (entry[0], (entry[1] >> 1) as i64, entry[1] & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_all_entries_in_their_order() {
        let enp = |number: u64| 3_400_000_000_000_000 + number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % 1_000_000_000;
        let ranges = NumberRanges::new((0..300_000).step_by(100).map(enp).collect(), 300_000);
        assert!(ranges.count() > 2);
        let spill = SpillPolicy::of_bytes(1 << 20, &std::env::temp_dir());
        let mut writer = NumberWriter::new(ranges.clone(), spill);
        for number in 0..300_000 {
            writer.push(enp(number), number as i64 + 1, number % 3 == 0);
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
        let (number, person, survives) = number_of(all[7]);
        assert_eq!((number, survives), (enp(person as u64 - 1), (person - 1) % 3 == 0));
    }

    #[test]
    fn few_numbers_are_one_range() {
        assert_eq!(NumberRanges::new(vec![5, 5, 5], 3).count(), 1);
        assert_eq!(NumberRanges::new(Vec::new(), 10_000_000).count(), 1);
        assert_eq!(NumberRanges::new(vec![7; 100], 10_000_000).count(), 2);
    }
}
