//! `DELTA_BINARY_PACKED`: integers as bit-packed differences, for integers that are sorted or lie in a narrow range.
//!
//! ```text
//! integers       100 103 104 104 109
//! header         block size 128 | miniblocks 4 | count 5 | first value 100, zigzag
//! differences    3 1 0 5
//! block          least difference 0 | widths of the four miniblocks 3 0 0 0 | miniblock
//! miniblock      3 1 0 5 minus the least difference, 3 bits each, zeros up to 32 values
//! ```

use super::bits::{MINIBLOCK, pack, pack_wide, push_varint, width_of, zigzag};

const MINIBLOCKS: usize = 4;
const BLOCK: usize = MINIBLOCKS * MINIBLOCK;

/// Integer type of a column. Differences wrap around at its width, as in readers.
pub(super) trait Integer: Copy + Ord + Default + Into<i64> {
    /// Unsigned type of a packed difference.
    type Packed: Copy + Default + std::ops::BitOr<Output = Self::Packed> + Into<u64>;
    fn minus(self, other: Self) -> Self;
    /// Excess of a difference over the least one.
    fn above(self, least: Self) -> Self::Packed;
    fn pack(numbers: &[Self::Packed; MINIBLOCK], width: usize, out: &mut Vec<u8>);
}

impl Integer for i32 {
    type Packed = u32;

    #[inline]
    fn minus(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }

    #[inline]
    fn above(self, least: Self) -> u32 {
        self.wrapping_sub(least) as u32
    }

    #[inline]
    fn pack(numbers: &[u32; MINIBLOCK], width: usize, out: &mut Vec<u8>) {
        if width > 0 {
            pack(numbers, width, out);
        }
    }
}

impl Integer for i64 {
    type Packed = u64;

    #[inline]
    fn minus(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }

    #[inline]
    fn above(self, least: Self) -> u64 {
        self.wrapping_sub(least) as u64
    }

    #[inline]
    fn pack(numbers: &[u64; MINIBLOCK], width: usize, out: &mut Vec<u8>) {
        pack_wide(numbers, width, out);
    }
}

/// Appends integers.
pub(super) fn push_deltas<T: Integer>(numbers: &[T], out: &mut Vec<u8>) {
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
            *delta = after.minus(*before);
        }
        push_block(&deltas[..count], out);
        from += count;
    }
}

fn push_block<T: Integer>(deltas: &[T], out: &mut Vec<u8>) {
    let (least, greatest) =
        deltas.iter().fold((deltas[0], deltas[0]), |(least, greatest), &delta| (least.min(delta), greatest.max(delta)));
    push_varint(zigzag(least.into()), out);
    let widths = out.len();
    out.extend_from_slice(&[0; MINIBLOCKS]);
    if least == greatest {
        return;
    }
    for (index, deltas) in deltas.chunks(MINIBLOCK).enumerate() {
        let mut miniblock = [T::Packed::default(); MINIBLOCK];
        let mut bits = T::Packed::default();
        for (packed, delta) in miniblock.iter_mut().zip(deltas) {
            *packed = delta.above(least);
            bits = bits | *packed;
        }
        let width = width_of(bits.into());
        out[widths + index] = width as u8;
        T::pack(&miniblock, width, out);
    }
}
