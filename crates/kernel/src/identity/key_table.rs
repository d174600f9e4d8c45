//! A hash table from keys to the first record with each key, reused from partition to partition.
//!
//! ```text
//! slot   │ upper 32 bits of the hash │ record │      u64::MAX is free; linear probing from the lower bits of the hash
//! ```
//!
//! Keys are not stored. When the upper half of a hash agrees, the caller compares the keys of two records.

/// Slots with half a hash and a record each.
#[derive(Debug, Default)]
pub(super) struct KeyTable {
    slots: Vec<u64>,
    mask: usize,
}

const FREE: u64 = u64::MAX;

impl KeyTable {
    /// Removes all keys, and makes room for `keys` keys.
    pub fn reset(&mut self, keys: usize) {
        let slots = (keys * 2).next_power_of_two().max(16);
        self.slots.clear();
        self.slots.resize(slots, FREE);
        self.mask = slots - 1;
    }

    /// The first record with an equal key, if there is one. Otherwise `record` becomes the first. `equal` compares keys when hashes agree.
    #[inline]
    pub fn first_or_insert(&mut self, hash: u64, record: u32, mut equal: impl FnMut(u32) -> bool) -> Option<u32> {
        let tag = hash & !u64::from(u32::MAX);
        let mut slot = hash as usize & self.mask;
        loop {
            match self.slots[slot] {
                FREE => {
                    self.slots[slot] = tag | u64::from(record);
                    return None;
                }
                taken if taken & !u64::from(u32::MAX) == tag && equal(taken as u32) => return Some(taken as u32),
                _ => slot = (slot + 1) & self.mask,
            }
        }
    }
}

/// Hash of numbers. Each bit depends on all of them.
#[inline]
pub(super) fn mix(numbers: &[u64]) -> u64 {
    // Each number gives a product of 128 bits, folded in half. The constants are random odd numbers.
    numbers.iter().fold(0x9E37_79B9_7F4A_7C15, |hash, &number| {
        let product = u128::from(hash ^ number) * 0xA076_1D64_78BD_642F;
        (product as u64 ^ (product >> 64) as u64).wrapping_add(0xE703_7ED1_A0B4_28DB)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_record_of_a_key_is_found() {
        let keys: Vec<u64> = (0..5000_u64).map(|number| number * number % 1009).collect();
        let mut table = KeyTable::default();
        for _ in 0..2 {
            table.reset(keys.len());
            for (record, key) in keys.iter().enumerate() {
                // The hashes take few values, so that different keys meet.
                let found = table.first_or_insert(mix(&[key % 100]), record as u32, |other| keys[other as usize] == *key);
                let first = keys.iter().position(|other| other == key).filter(|&first| first != record);
                assert_eq!(found, first.map(|first| first as u32));
            }
        }
    }

    #[test]
    fn hashes_of_neighbours_differ_in_both_halves() {
        let mut low = std::collections::BTreeSet::new();
        let mut high = std::collections::BTreeSet::new();
        for number in 0..100_000 {
            let hash = mix(&[3_400_000_000_000_000 + number, 1]);
            low.insert(hash & 0xFF_FFFF);
            high.insert(hash >> 32);
        }
        assert!(low.len() > 99_000 && high.len() > 99_900, "{} {}", low.len(), high.len());
    }
}
