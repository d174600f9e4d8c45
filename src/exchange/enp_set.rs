//! A set of ENPs that nearly everybody asked about is not in.

/// ENPs in ascending order, with a filter before the search.
#[derive(Debug, Default)]
pub struct EnpSet {
    enps: Vec<u64>,
    /// A bit for the hash of each; a power of two of them, about sixteen times as many as ENPs.
    filter: Vec<u64>,
}

impl EnpSet {
    /// The set of ENPs in any order, each any number of times.
    #[must_use]
    pub fn new(mut enps: Vec<u64>) -> Self {
        enps.sort_unstable();
        enps.dedup();
        let words = if enps.is_empty() { 0 } else { (enps.len() / 4).next_power_of_two() };
        let mut set = Self { enps, filter: vec![0; words] };
        for index in 0..set.enps.len() {
            let (word, bit) = set.place(set.enps[index]);
            set.filter[word] |= 1 << bit;
        }
        set
    }

    /// Whether there is none.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.enps.is_empty()
    }

    /// Whether an ENP is in the set.
    #[must_use]
    #[inline]
    pub fn contains(&self, enp: u64) -> bool {
        if self.filter.is_empty() {
            return false;
        }
        let (word, bit) = self.place(enp);
        self.filter[word] >> bit & 1 == 1 && self.enps.binary_search(&enp).is_ok()
    }

    /// The word of the filter, of which there must be one, and the bit in it.
    #[inline]
    fn place(&self, enp: u64) -> (usize, u32) {
        // The upper bits of a product by an odd constant depend on all bits of the number.
        let hash = enp.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        ((hash >> 6) as usize & (self.filter.len() - 1), hash as u32 & 63)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_it_is_made_of_and_nothing_else() {
        for count in [0_u64, 1, 3, 4, 5, 1000] {
            let number = |index: u64| 9_854_910_844_000_016 + index * 7;
            let set = EnpSet::new((0..count).chain(0..count / 2).map(number).rev().collect());
            assert_eq!(set.is_empty(), count == 0);
            assert!((0..count).all(|index| set.contains(number(index))), "{count}");
            assert!((0..count + 1).all(|index| !set.contains(number(index) + 1) && !set.contains(index)), "{count}");
        }
    }
}
