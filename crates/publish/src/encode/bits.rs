//! Variable-length integers and bit packing, as the Parquet format defines them.
//!
//! Bit packing writes numbers of `width` bits without gaps, the first in the lowest bits. Eight numbers fill `width` whole bytes:
//!
//! ```text
//! width 3   numbers  0   1   2   3   4   5   6   7
//!           bits     000 001 010 011 100 101 110 111
//! byte 0    10 001 000    number 0 in the lowest bits; the upper bits are the lower part of number 2
//! byte 1    1 100 011 0
//! byte 2    111 110 10 1
//! ```
//!
//! A group of eight is joined in registers with shifts and stored with one or two wide stores. A store reaches behind
//! its group; the next group, or the cut at the end, overwrites the excess. So there is neither a loop over bits nor a
//! branch for each number.

/// Number of bits that a number needs.
pub(super) fn width_of(number: u64) -> usize {
    (u64::BITS - number.leading_zeros()) as usize
}

/// Zigzag code of a number: 0, -1, 1, -2 become 0, 1, 2, 3.
pub(super) fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

/// Appends an unsigned LEB128 number.
pub(super) fn push_varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends numbers of at most `width` bits each, bit-packed; zeros fill the last group of eight.
pub(super) fn pack(numbers: &[u32], width: usize, out: &mut Vec<u8>) {
    /// Bytes that a wide store may reach behind its group.
    const SLACK: usize = 32;
    assert!((1..=32).contains(&width), "numbers of 1 to 32 bits");
    let mut at = out.len();
    let end = at + numbers.len().div_ceil(8) * width;
    out.resize(end + SLACK, 0);
    let groups = numbers.chunks_exact(8);
    let rest = groups.remainder();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let last = (!rest.is_empty()).then_some(&last);
    let groups = groups.map(|group| group.try_into().expect("eight numbers")).chain(last);
    match width {
        1..=8 => groups.for_each(|group: &[u32; 8]| {
            let low = join4(group, 0, width) | join4(group, 4, width) << (4 * width);
            out[at..at + 8].copy_from_slice(&low.to_le_bytes());
            at += width;
        }),
        9..=16 => groups.for_each(|group: &[u32; 8]| {
            let both = u128::from(join4(group, 0, width)) | u128::from(join4(group, 4, width)) << (4 * width);
            out[at..at + 16].copy_from_slice(&both.to_le_bytes());
            at += width;
        }),
        _ => groups.for_each(|group: &[u32; 8]| {
            let (low, high) = (join4_wide(group, 0, width), join4_wide(group, 4, width));
            // Four numbers of an odd width end in the middle of a byte.
            let (half, within) = (width / 2, width % 2 * 4);
            out[at..at + 16].copy_from_slice(&low.to_le_bytes());
            let shared = if within == 0 { 0 } else { u128::from(out[at + half] & 0x0F) };
            out[at + half..at + half + 16].copy_from_slice(&(high << within | shared).to_le_bytes());
            at += width;
        }),
    }
    out.truncate(end);
}

/// Four numbers of at most 16 bits, joined.
#[inline]
fn join4(group: &[u32; 8], from: usize, width: usize) -> u64 {
    let pair = |at: usize| u64::from(group[from + at]) | u64::from(group[from + at + 1]) << width;
    pair(0) | pair(2) << (2 * width)
}

/// Four numbers of at most 32 bits, joined.
#[inline]
fn join4_wide(group: &[u32; 8], from: usize, width: usize) -> u128 {
    let pair = |at: usize| u64::from(group[from + at]) | u64::from(group[from + at + 1]) << width;
    u128::from(pair(0)) | u128::from(pair(2)) << (2 * width)
}

/// Number of values in a miniblock of the delta encoding.
pub(super) const MINIBLOCK: usize = 32;

/// Appends a miniblock of numbers of at most `width` bits each, bit-packed.
pub(super) fn pack_wide(numbers: &[u64; MINIBLOCK], width: usize, out: &mut Vec<u8>) {
    if width == 0 {
        return;
    }
    let at = out.len();
    let end = at + MINIBLOCK / 8 * width;
    out.resize(end + 8, 0);
    let mut bits = Accumulator { out: &mut out[at..], at: 0, word: 0, filled: 0 };
    numbers.iter().for_each(|&number| bits.push(number, width));
    if bits.filled > 0 {
        bits.store();
    }
    out.truncate(end);
}

/// Collects bits into 64-bit words.
struct Accumulator<'o> {
    out: &'o mut [u8],
    at: usize,
    word: u64,
    filled: usize,
}

impl Accumulator<'_> {
    #[inline]
    fn push(&mut self, number: u64, width: usize) {
        self.word |= number << self.filled;
        self.filled += width;
        if self.filled >= 64 {
            self.store();
            self.filled -= 64;
            // The upper bits of the number that did not fit; zero when the number ended with the word.
            self.word = if self.filled == 0 { 0 } else { number >> (width - self.filled) };
        }
    }

    #[inline]
    fn store(&mut self) {
        self.out[self.at..self.at + 8].copy_from_slice(&self.word.to_le_bytes());
        self.at += 8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference implementation, bit by bit.
    fn packed_slowly(numbers: &[u64], width: usize, padded: usize) -> Vec<u8> {
        let mut bytes = vec![0_u8; padded * width / 8];
        for (index, number) in numbers.iter().enumerate() {
            for bit in (0..width).filter(|bit| number >> bit & 1 == 1) {
                let at = index * width + bit;
                bytes[at / 8] |= 1 << (at % 8);
            }
        }
        bytes
    }

    fn numbers(count: usize, width: usize) -> Vec<u64> {
        let mask = if width == 64 { u64::MAX } else { (1 << width) - 1 };
        (1..=count as u64).map(|number| number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17) & mask).collect()
    }

    #[test]
    fn packed_groups_are_as_the_format_says() {
        for width in 1..=32 {
            for count in [1, 7, 8, 9, 16, 100] {
                let numbers = numbers(count, width);
                let narrow: Vec<u32> = numbers.iter().map(|&number| number as u32).collect();
                let mut packed = vec![0xAA];
                pack(&narrow, width, &mut packed);
                assert_eq!(packed[1..], packed_slowly(&numbers, width, count.div_ceil(8) * 8), "{count} numbers of {width} bits");
            }
        }
    }

    #[test]
    fn packed_miniblocks_are_as_the_format_says() {
        for width in 0..=64 {
            let numbers = if width == 0 { vec![0; MINIBLOCK] } else { numbers(MINIBLOCK, width) };
            let mut packed = Vec::new();
            pack_wide(numbers.as_slice().try_into().expect("a miniblock"), width, &mut packed);
            assert_eq!(packed, packed_slowly(&numbers, width, MINIBLOCK), "{width} bits");
        }
    }

    #[test]
    fn signs_and_lengths_of_numbers() {
        assert_eq!([0, -1, 1, i64::MIN, i64::MAX].map(zigzag), [0, 1, 2, u64::MAX, u64::MAX - 1]);
        assert_eq!([0, 1, 255, 256, u64::MAX].map(width_of), [0, 1, 8, 9, 64]);
        let mut bytes = Vec::new();
        [0, 127, 128, u64::MAX].into_iter().for_each(|number| push_varint(number, &mut bytes));
        assert_eq!(bytes, [&[0, 127, 0x80, 1][..], &[0xFF; 9], &[1]].concat());
    }
}
