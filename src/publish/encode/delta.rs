//! `DELTA_BINARY_PACKED`: numbers as bit-packed differences, for numbers that are sorted or lie in a narrow range.

use super::bits::{MINIBLOCK, pack_miniblock, push_varint, width_of, zigzag};

const MINIBLOCKS: usize = 4;
const BLOCK: usize = MINIBLOCKS * MINIBLOCK;

/// Appends numbers of 64 bits.
pub(super) fn push_int64(numbers: &[i64], out: &mut Vec<u8>) {
    push(numbers, i64::wrapping_sub, |delta, least| delta.wrapping_sub(least) as u64, out);
}

/// Appends numbers of 32 bits.
pub(super) fn push_int32(numbers: &[i32], out: &mut Vec<u8>) {
    push(numbers, i32::wrapping_sub, |delta, least| u64::from(delta.wrapping_sub(least) as u32), out);
}

/// `above` tells by how much a difference exceeds the least one; both wrap at the width of the column's type, as readers do.
#[inline]
fn push<T: Copy + Ord + Default + Into<i64>>(
    numbers: &[T],
    minus: impl Fn(T, T) -> T,
    above: impl Fn(T, T) -> u64,
    out: &mut Vec<u8>,
) {
    push_varint(BLOCK as u64, out);
    push_varint(MINIBLOCKS as u64, out);
    push_varint(numbers.len() as u64, out);
    push_varint(zigzag(numbers.first().copied().unwrap_or_default().into()), out);
    let mut deltas = [T::default(); BLOCK];
    let mut from = 0;
    while from + 1 < numbers.len() {
        let count = BLOCK.min(numbers.len() - 1 - from);
        let block = &numbers[from..=from + count];
        for ((delta, after), before) in deltas.iter_mut().zip(&block[1..]).zip(block) {
            *delta = minus(*after, *before);
        }
        push_block(&deltas[..count], &above, out);
        from += count;
    }
}

#[inline]
fn push_block<T: Copy + Ord + Default + Into<i64>>(deltas: &[T], above: impl Fn(T, T) -> u64, out: &mut Vec<u8>) {
    let least = deltas.iter().copied().min().unwrap_or_default();
    push_varint(zigzag(least.into()), out);
    let widths = out.len();
    out.extend_from_slice(&[0; MINIBLOCKS]);
    for (index, deltas) in deltas.chunks(MINIBLOCK).enumerate() {
        let mut miniblock = [0; MINIBLOCK];
        let mut bits = 0;
        for (place, delta) in miniblock.iter_mut().zip(deltas) {
            *place = above(*delta, least);
            bits |= *place;
        }
        let width = width_of(bits);
        out[widths + index] = width as u8;
        pack_miniblock(&miniblock, width, out);
    }
}
