//! A set of numbers that nearly everybody asked about is not in.

/// Numbers (ENPs, or keys of other numbers) in a hash table, with a filter before it that is small enough for a cache.
#[derive(Debug, Default)]
pub struct NumberSet {
    /// A power of two of places, at most half of them taken; a free place is 0.
    slots: Vec<u64>,
    /// Two bits of a word for the hash of each number; a power of two of words, with at least 16 times as many bits as numbers.
    filter: Vec<u64>,
    /// Whether 0 is in the set, which no place can say.
    zero: bool,
}

impl NumberSet {
    /// The set of numbers in any order. Each may come any number of times, and makes the set the larger.
    #[must_use]
    pub fn new(numbers: &[u64]) -> Self {
        if numbers.is_empty() {
            return Self::default();
        }
        let words = numbers.len().div_ceil(4).next_power_of_two();
        let mut set = Self { slots: vec![0; (numbers.len() * 2).next_power_of_two()], filter: vec![0; words], zero: false };
        for &number in numbers {
            let hash = hash(number);
            let (word, bits) = set.place_in_filter(hash);
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

    /// Whether there is none.
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
        let (word, bits) = self.place_in_filter(hash);
        self.filter[word] & bits == bits && self.holds(number, hash)
    }

    #[inline(never)]
    fn holds(&self, number: u64, hash: u64) -> bool {
        if number == 0 { self.zero } else { self.slots[self.slot_of(number, hash)] == number }
    }

    /// The place of a number other than 0, or the free one where it would be.
    #[inline]
    fn slot_of(&self, number: u64, hash: u64) -> usize {
        let mut slot = hash as usize & (self.slots.len() - 1);
        while self.slots[slot] != 0 && self.slots[slot] != number {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        slot
    }

    /// The word of the filter, of which there must be one, and the bits in it.
    #[inline]
    fn place_in_filter(&self, hash: u64) -> (usize, u64) {
        let (word, first, second) = (hash >> 32, hash >> 26 & 63, hash >> 20 & 63);
        (word as usize & (self.filter.len() - 1), 1 << first | 1 << second)
    }
}

/// The upper bits of a product by an odd constant depend on all bits of the number; here they are the lower ones, too.
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
