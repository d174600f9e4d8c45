//! The RLE and bit-packing hybrid, in which Parquet writes levels and dictionary indices.
//!
//! ```text
//! run           varint(count << 1)        the value, in as many bytes as its width needs
//! packed run    varint(groups << 1 | 1)   groups of eight numbers, bit-packed
//! ```
//!
//! Numbers are examined in blocks of 64. Whole blocks of one value become a run, everything between two runs a packed run. The format allows runs of eight;
//! the larger block costs a few bytes and saves most of the comparisons.

use super::bits::{pack, push_varint};

/// Block of numbers: only whole blocks of one value become runs.
const BLOCK: usize = 64;

/// Appends numbers of at most `width` bits.
pub(super) fn push_hybrid(numbers: &[u32], width: usize, out: &mut Vec<u8>) {
    let (mut packed_from, mut at) = (0, 0);
    while at < numbers.len() {
        let value = numbers[at];
        let run = numbers[at..].chunks(BLOCK).take_while(|block| is_constant(block, value)).map(<[u32]>::len).sum::<usize>();
        if run == 0 {
            at = numbers.len().min(at + BLOCK);
            continue;
        }
        push_packed(&numbers[packed_from..at], width, out);
        push_run(value, run, width, out);
        at += run;
        packed_from = at;
    }
    push_packed(&numbers[packed_from..], width, out);
}

/// Appends a run: `value` repeated `count` times.
pub(super) fn push_run(value: u32, count: usize, width: usize, out: &mut Vec<u8>) {
    if count > 0 {
        push_varint((count as u64) << 1, out);
        out.extend_from_slice(&value.to_le_bytes()[..width.div_ceil(8)]);
    }
}

/// Appends the header of a packed run; `groups` of eight numbers must follow.
pub(super) fn push_packed_header(groups: usize, out: &mut Vec<u8>) {
    push_varint((groups as u64) << 1 | 1, out);
}

fn push_packed(numbers: &[u32], width: usize, out: &mut Vec<u8>) {
    if !numbers.is_empty() {
        push_packed_header(numbers.len().div_ceil(8), out);
        pack(numbers, width, out);
    }
}

#[inline]
fn is_constant(block: &[u32], value: u32) -> bool {
    block.iter().fold(0, |differing, &number| differing | (number ^ value)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference implementation of the reader.
    fn read(bytes: &[u8], width: usize, count: usize) -> Vec<u32> {
        let (mut at, mut numbers) = (0, Vec::new());
        while numbers.len() < count {
            let mut header = 0;
            for shift in (0..).step_by(7) {
                header |= usize::from(bytes[at] & 0x7F) << shift;
                at += 1;
                if bytes[at - 1] < 0x80 {
                    break;
                }
            }
            if header & 1 == 0 {
                let mut value = [0; 4];
                value[..width.div_ceil(8)].copy_from_slice(&bytes[at..at + width.div_ceil(8)]);
                at += width.div_ceil(8);
                numbers.extend(std::iter::repeat_n(u32::from_le_bytes(value), header >> 1));
            } else {
                let bits = |bit: usize| u32::from(bytes[at + bit / 8] >> (bit % 8) & 1);
                let groups = header >> 1;
                numbers.extend((0..groups * 8).map(|index| (0..width).map(|bit| bits(index * width + bit) << bit).sum::<u32>()));
                at += groups * width;
            }
        }
        assert_eq!(at, bytes.len(), "nothing is left over");
        numbers.truncate(count);
        numbers
    }

    #[test]
    fn numbers_come_back() {
        let mixed: Vec<u32> = (0..1000).map(|index| if index / 200 % 2 == 0 { 5 } else { index % 7 }).collect();
        for count in [0, 1, 7, 8, 63, 64, 65, 199, 200, 330, 1000] {
            let mut bytes = Vec::new();
            push_hybrid(&mixed[..count], 3, &mut bytes);
            assert_eq!(read(&bytes, 3, count), mixed[..count], "{count}");
        }
    }

    #[test]
    fn one_value_costs_a_few_bytes() {
        for (value, width, expected) in [(0, 0, 3), (9, 4, 4), (70_000, 17, 6)] {
            let mut bytes = Vec::new();
            push_hybrid(&[value; 10_000], width, &mut bytes);
            assert_eq!((bytes.len(), read(&bytes, width, 10_000)), (expected, vec![value; 10_000]));
        }
    }
}
