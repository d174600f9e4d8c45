//! Lists of whole numbers in Parquet's delta encoding: their count and their size, without the numbers.
//!
//! ```text
//! block size · parts of a block · count · first number      four varints
//! block: least difference (varint) · a width for each part (byte) · the parts, width times values in bits
//! ```
//!
//! The parts behind the last number may be missing.

use super::thrift::Thrift;

/// The count and the size of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DeltaList {
    /// Number of numbers in the list.
    pub count: u64,
    /// Number of bytes of the list.
    pub bytes: usize,
}

impl DeltaList {
    /// The list at the start of `bytes`; `None` when it is malformed or cut.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut head = Thrift::new(bytes);
        let (block_size, parts, count, _first) = (head.varint()?, head.varint()?, head.varint()?, head.varint()?);
        let is_sound = block_size > 0 && block_size % 128 == 0 && parts > 0 && block_size % parts == 0;
        let part_size = if is_sound { block_size / parts } else { return None };
        if part_size % 32 != 0 || parts > bytes.len() as u64 {
            return None;
        }
        let mut rest = &bytes[head.at()..];
        let mut left = count.saturating_sub(1);
        while left > 0 {
            let mut block = Thrift::new(rest);
            block.varint()?;
            let (widths, mut behind) = rest[block.at()..].split_at_checked(parts as usize)?;
            for &width in widths {
                if left == 0 {
                    break;
                }
                left = left.saturating_sub(part_size);
                let part_bytes = usize::try_from(u64::from(width).checked_mul(part_size)? / 8).ok()?;
                behind = behind.split_at_checked(part_bytes)?.1;
            }
            rest = behind;
        }
        Some(Self { count, bytes: bytes.len() - rest.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_a_count_and_an_end() {
        // 128 values in 4 parts, 5 numbers from 7 on; a block with a least difference of 0 and a first part of one bit a value.
        let bytes = [0x80, 0x01, 4, 5, 14, 0, 1, 0, 0, 0, 0b1010, 0, 0, 0, 0xEE];
        assert_eq!(DeltaList::read(&bytes), Some(DeltaList { count: 5, bytes: 14 }));
        (0..14).for_each(|length| assert_eq!(DeltaList::read(&bytes[..length]), None, "{length}"));
        assert_eq!(DeltaList::read(&[0x80, 0x01, 4, 1, 14, 0xEE]), Some(DeltaList { count: 1, bytes: 5 }));
    }

    #[test]
    fn malformed_blocks_are_no_list() {
        for [block_size, parts] in [[0_u8, 4], [5, 1], [4, 0]] {
            assert_eq!(DeltaList::read(&[block_size, parts, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0]), None, "{block_size} {parts}");
        }
        // A thousand million numbers of no bits: the count is read, and costs nothing.
        let huge = [0x80, 0x80, 0x80, 0x80, 0x08, 1, 0x80, 0x94, 0xEB, 0xDC, 0x03, 0, 0, 0];
        assert_eq!(DeltaList::read(&huge).map(|list| list.count), Some(1_000_000_000));
    }
}
