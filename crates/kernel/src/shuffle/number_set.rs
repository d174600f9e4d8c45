//! A set of numbers for questions that are nearly always answered with no: a bloom filter first, then an exact hash
//! table.
//!
//! ```text
//! hash     32 bits: word │ 6 bits: first bit │ 6 bits: second bit │ 20 bits
//!
//! filter   [word][word][word][word]    one of the two bits is not set: not in the set; one access, in a cache
//! slots    [0][number][0][number][0]   both are set: linear probing from the lower bits of the hash
//! ```
//!
//! The filter has no false negative: the two bits of each number in the set are set. With 16 bits a number, about one of 70 other numbers, (1 - exp(-2 / 16))², passes the
//! filter; the slots answer for it.

/// Set of ENPs or of keys of other numbers.
#[derive(Debug, Default)]
pub struct NumberSet {
    /// Hash table with linear probing; 0 is a free slot. The number of slots is a power of two, at most half of them are taken.
    slots: Vec<u64>,
    /// Bloom filter: two bits of one word for each number. The number of words is a power of two, with at least 16 bits a number.
    filter: Vec<u64>,
    /// Whether 0 is in the set; no slot can hold it.
    zero: bool,
}

impl NumberSet {
    /// Set of numbers in any order. A repeated number is allowed, and takes room each time.
    #[must_use]
    pub fn new(numbers: &[u64]) -> Self {
        if numbers.is_empty() {
            return Self::default();
        }
        let words = numbers.len().div_ceil(4).next_power_of_two();
        let mut set = Self { slots: vec![0; (numbers.len() * 2).next_power_of_two()], filter: vec![0; words], zero: false };
        for &number in numbers {
            let hash = hash(number);
            let (word, bits) = set.filter_bits(hash);
            set.filter[word] |= bits;
            if number == 0 {
                set.zero = true;
                continue;
            }
            let slot = set.slot_of(number, hash);
            set.slots[slot] = number;
        }
        set
    }

    /// Whether the set has no number.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.filter.is_empty()
    }

    /// Whether a number is in the set.
    #[must_use]
    #[inline]
    pub fn contains(&self, number: u64) -> bool {
        if self.filter.is_empty() {
            return false;
        }
        let hash = hash(number);
        let (word, bits) = self.filter_bits(hash);
        self.filter[word] & bits == bits && self.holds(number, hash)
    }

    /// Exact answer, for a number that the filter lets pass.
    #[inline(never)]
    fn holds(&self, number: u64, hash: u64) -> bool {
        if number == 0 { self.zero } else { self.slots[self.slot_of(number, hash)] == number }
    }

    /// Slot of a number other than 0, or the free slot where it would be.
    #[inline]
    fn slot_of(&self, number: u64, hash: u64) -> usize {
        let mut slot = hash as usize & (self.slots.len() - 1);
        while self.slots[slot] != 0 && self.slots[slot] != number {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        slot
    }

    /// Word of the filter and the two bits of a hash in it. The filter must not be empty.
    #[inline]
    fn filter_bits(&self, hash: u64) -> (usize, u64) {
        let (word, first, second) = (hash >> 32, hash >> 26 & 63, hash >> 20 & 63);
        (word as usize & (self.filter.len() - 1), 1 << first | 1 << second)
    }
}

/// Hash of a number. The upper bits of a product by an odd constant depend on all bits of the number; folding brings them into the lower half.
#[inline]
fn hash(number: u64) -> u64 {
    let product = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    product ^ product >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_it_is_made_of_and_nothing_else() {
        for count in [0_u64, 1, 3, 4, 5, 1000] {
            let number = |index: u64| 9_854_910_844_000_016 + index * 7;
            let numbers: Vec<u64> = (0..count).chain(0..count / 2).map(number).rev().collect();
            let set = NumberSet::new(&numbers);
            assert_eq!(set.is_empty(), count == 0);
            assert!((0..count).all(|index| set.contains(number(index))), "{count}");
            assert!((0..count + 1).all(|index| !set.contains(number(index) + 1) && !set.contains(index)), "{count}");
        }
    }

    #[test]
    fn zero_is_a_number_like_others() {
        assert!(NumberSet::new(&[0]).contains(0) && !NumberSet::new(&[0]).contains(1));
        assert!(NumberSet::new(&[7, 0, 7]).contains(7) && !NumberSet::new(&[7]).contains(0));
    }
}
