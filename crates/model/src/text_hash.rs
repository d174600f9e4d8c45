//! A hash of short texts and of rows of numbers: 64 bits, the same on every machine, made by folding products of 128 bits.
//!
//! The hash is no protection against an adversary, who can compute texts with equal hashes.

/// Odd numbers without patterns, above every number that the checks hand in, so that no number makes a factor 0.
const KEYS: [u64; 3] = [0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB, 0x8EBC_6AF0_9C88_C6E3];

/// The two halves of a product of 128 bits, combined by exclusive or: every bit of the factors reaches every bit of the result.
#[inline]
fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    product as u64 ^ (product >> 64) as u64
}

/// The hash of a text.
#[must_use]
#[inline]
pub fn hash_text(text: &[u8]) -> u64 {
    let mut state = KEYS[0];
    let (first, last) = match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) if text.len() <= 16 => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        (Some(_), Some(_)) => {
            // The last sixteen bytes come at the end; some of them are hashed for the second time.
            let mut rest = text;
            while let Some((sixteen, after)) = rest.split_first_chunk::<16>().filter(|(_, after)| !after.is_empty()) {
                let [low, high] = two_numbers(sixteen);
                state = fold(low ^ KEYS[1], high ^ state);
                rest = after;
            }
            let tail = text.last_chunk::<16>().map_or([0, 0], two_numbers);
            (tail[0], tail[1])
        }
        _ => below_eight(text),
    };
    let product = u128::from(first ^ KEYS[1]) * u128::from(last ^ state);
    fold(product as u64 ^ KEYS[2] ^ text.len() as u64, (product >> 64) as u64 ^ KEYS[1])
}

#[inline]
fn two_numbers(sixteen: &[u8; 16]) -> [u64; 2] {
    let both = u128::from_le_bytes(*sixteen);
    [both as u64, (both >> 64) as u64]
}

/// Up to seven bytes as two numbers, which no other text of the same length has.
#[inline]
fn below_eight(text: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        return (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)));
    }
    match *text {
        [first, .., last] => (u64::from(first) << 16 | u64::from(last) << 8 | u64::from(text[text.len() / 2]), 0),
        [only] => (u64::from(only), 0),
        [] => (0, 0),
    }
}

/// A hash over numbers in their order, which may be hashes of texts.
#[derive(Clone, Copy)]
pub struct RowHash(u64);

impl Default for RowHash {
    fn default() -> Self {
        Self(KEYS[2])
    }
}

impl RowHash {
    /// The hash with two more numbers.
    #[must_use]
    #[inline]
    pub fn with(self, first: u64, second: u64) -> Self {
        Self(fold(first ^ self.0, second ^ KEYS[1]))
    }

    /// The hash of all numbers in their order.
    #[must_use]
    #[inline]
    pub fn finish(self) -> u64 {
        fold(self.0 ^ KEYS[0], KEYS[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// Texts in which neighbours differ by one byte, one bit, or their length.
    fn similar_texts() -> Vec<Vec<u8>> {
        let mut texts = vec![Vec::new()];
        for length in 1..80 {
            for fill in [0, b'0', 0xD0] {
                let text = vec![fill; length];
                for at in 0..length {
                    for byte in [fill ^ 1, fill ^ 0x20, fill ^ 0x80, 0xFF] {
                        let mut changed = text.clone();
                        changed[at] = byte;
                        texts.push(changed);
                    }
                }
                texts.push(text);
            }
        }
        texts.sort_unstable();
        texts.dedup();
        texts
    }

    #[test]
    fn similar_texts_have_different_hashes() {
        let texts = similar_texts();
        // A quarter of the bits still distinguishes nearly all of them; chance makes a few equal.
        for (shift, most_equal) in [(0, 0), (32, 1)] {
            let hashes: HashSet<u64> = texts.iter().map(|text| hash_text(text) >> shift).collect();
            assert!(texts.len() - hashes.len() <= most_equal, "{} of {}", hashes.len(), texts.len());
            let low: HashSet<u64> = texts.iter().map(|text| hash_text(text) << shift).collect();
            assert!(texts.len() - low.len() <= most_equal, "{} of {}", low.len(), texts.len());
        }
    }

    #[test]
    fn a_changed_bit_changes_half_of_the_hash() {
        for length in [1, 3, 4, 8, 11, 16, 17, 24, 32, 33, 64] {
            let text: Vec<u8> = (0..length).map(|at| (37 * at + 11) as u8).collect();
            let hash = hash_text(&text);
            let flips = (0..length * 8).map(|bit| {
                let mut changed = text.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                (hash_text(&changed) ^ hash).count_ones()
            });
            let (count, sum) = flips.fold((0, 0), |(count, sum), flipped| {
                assert!((8..=56).contains(&flipped), "{length} bytes: {flipped} bits");
                (count + 1, sum + flipped)
            });
            assert!((28 * count..=36 * count).contains(&sum), "{length} bytes: {sum} of {}", 64 * count);
        }
    }

    #[test]
    fn the_order_of_numbers_counts() {
        let hash = |numbers: [u64; 4]| RowHash::default().with(numbers[0], numbers[1]).with(numbers[2], numbers[3]).finish();
        let mut hashes = HashSet::new();
        for number in 0..4_u64.pow(4) {
            let numbers = [0, 1, 2, 3].map(|index| [0, 1, u64::MAX, hash_text(b"x")][(number >> (2 * index) & 3) as usize]);
            assert!(hashes.insert(hash(numbers)), "{numbers:?}");
        }
    }
}
