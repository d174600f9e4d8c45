//! The starts of all fields in a text without quotes: delimiters and line feeds of many rows, found 64 bytes at a time.
//!
//! Rows are unknown here: the reader sees whether a start is that of a column or of the next line.

/// Bytes that are compared together.
const BLOCK: usize = 64;
/// The longest text: every start in it fits 16 bits.
pub(super) const MOST_BYTES: usize = 1 << 14;

/// The starts of the fields of a text.
#[derive(Default)]
pub(super) struct FieldStarts {
    starts: Vec<u16>,
}

impl FieldStarts {
    /// Offset 0, and the offset behind each mark, which is a delimiter or a line feed. A text without a line feed at
    /// its end counts as if it had one. `text` has at most [`MOST_BYTES`].
    ///
    /// ```text
    /// text     1 ; a b \n 2 ; c           starts   0 2 5 7 9
    /// offset   0 1 2 3 4  5 6 7
    /// ```
    ///
    /// So field number `n` is the text from `starts[n]` to `starts[n + 1] - 1`.
    #[inline]
    pub fn find(&mut self, text: &[u8], delimiter: u8) -> &[u16] {
        assert!(text.len() <= MOST_BYTES, "the starts in a longer text do not fit 16 bits");
        self.starts.resize(MOST_BYTES + 2 * BLOCK, 0);
        let starts = self.starts.as_mut_slice();
        starts[0] = 0;
        let mut found = 1;
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let mut offset = 0;
        for block in blocks {
            found += find_in_block(block, delimiter, offset, &mut starts[found..]);
            offset += BLOCK as u16;
        }
        if !rest.is_empty() {
            // The block is filled up with a byte that is no mark.
            let mut block = [b' ' ^ u8::from(delimiter == b' '); BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            found += find_in_block(&block, delimiter, offset, &mut starts[found..]);
        }
        if text.last() != Some(&b'\n') {
            starts[found] = text.len() as u16 + 1;
            found += 1;
        }
        &starts[..found]
    }
}

/// Writes the offset behind each mark of a block into `starts`, and meaningless numbers behind them. Returns the number of marks. `offset` is that of
/// the block.
///
/// Eight bytes of the block, with the delimiter `;`:
///
/// ```text
/// bytes                        1  ;  D0 98 2  1  \n R
/// bit i of byte i if a mark    00 02 00 00 00 00 40 00     sixteen bytes a comparison: the compiler vectorises the loop
/// product with 0x0101…01       .. .. .. .. .. .. .. 42     the uppermost byte is the sum of all eight bytes
/// STARTS_BEHIND[0x42]          2  7  0  0  0  0  0  0      offsets behind the marks, counted from the eight bytes
/// MARK_COUNTS[0x42]            2                           only these count: the next eight bytes write over the other six
/// ```
///
/// The sum cannot overflow: each byte has one bit of its own, so the bytes never add up to more than 255. No branch
/// depends on the text; a loop over marks would have one for each field. It costs eight stores for eight bytes and 4
/// KiB of tables.
#[inline]
fn find_in_block(block: &[u8; BLOCK], delimiter: u8, offset: u16, starts: &mut [u16]) -> usize {
    let Some(starts) = starts.first_chunk_mut::<{ BLOCK + 8 }>() else { return 0 };
    let mut bits = [0_u8; BLOCK];
    for (index, (bit, &byte)) in bits.iter_mut().zip(block).enumerate() {
        let is_mark = (byte == delimiter) | (byte == b'\n');
        *bit = u8::from(is_mark).wrapping_neg() & (1 << (index % 8));
    }
    let (eights, _) = bits.as_chunks::<8>();
    let (mut offsets, mut found) = ([offset; 8], 0);
    for eight in eights {
        let marks = (u64::from_le_bytes(*eight).wrapping_mul(0x0101_0101_0101_0101) >> 56) as usize % 256;
        // `found` is at most 56 here; the remainder spares a check of bounds.
        let next = &mut starts[found % BLOCK..][..8];
        for ((start, offset), behind) in next.iter_mut().zip(&mut offsets).zip(&STARTS_BEHIND[marks]) {
            *start = *offset + behind;
            *offset += 8;
        }
        found += usize::from(MARK_COUNTS[marks]);
    }
    found
}

/// The number of marks in each pattern of eight bits.
static MARK_COUNTS: [u8; 256] = {
    let mut counts = [0; 256];
    let mut marks = 0;
    while marks < 256 {
        counts[marks] = marks.count_ones() as u8;
        marks += 1;
    }
    counts
};

/// The offsets behind the marks of each pattern of eight bits.
static STARTS_BEHIND: [[u16; 8]; 256] = {
    let mut starts = [[0; 8]; 256];
    let mut marks = 0;
    while marks < 256 {
        let (mut bit, mut count) = (0, 0);
        while bit < 8 {
            if marks >> bit & 1 == 1 {
                starts[marks][count] = bit + 1;
                count += 1;
            }
            bit += 1;
        }
        marks += 1;
    }
    starts
};

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(text: &[u8], delimiter: u8) -> Vec<u16> {
        let marks = (1..).zip(text).filter(|(_, byte)| **byte == delimiter || **byte == b'\n').map(|(after, _)| after);
        let open = (text.last() != Some(&b'\n')).then_some(text.len() as u16 + 1);
        std::iter::once(0).chain(marks).chain(open).collect()
    }

    #[test]
    fn every_delimiter_and_line_feed_is_a_mark() {
        let mut field_starts = FieldStarts::default();
        let bytes = [b';', b'\n', b'a', b' ', b'\t', b':', b';' ^ 0x80, b'\n' ^ 0x80, 0, 0xFF];
        let mut random = 1_u64;
        for length in (0..300).chain([1000, 5000, MOST_BYTES - 1, MOST_BYTES]) {
            for rarity in [1, 3, 40] {
                let text: Vec<u8> = (0..length)
                    .map(|_| {
                        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                        let choice = (random >> 33) as usize;
                        if choice.is_multiple_of(rarity) { bytes[choice / rarity % bytes.len()] } else { b'x' }
                    })
                    .collect();
                for delimiter in [b';', b'\t', b' '] {
                    assert_eq!(field_starts.find(&text, delimiter), expected(&text, delimiter), "{length} bytes");
                }
            }
        }
    }
}
