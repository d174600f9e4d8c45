//! Where fields begin in a piece of text without quotes: all delimiters and line feeds of many rows, found 64 bytes at a time.
//!
//! Knows nothing of rows: that a line feed ends one is for the reader to see.

/// Bytes that are compared together.
const BLOCK: usize = 64;
/// The longest text whose places fit their numbers.
pub(super) const MOST_BYTES: usize = 1 << 14;

/// The starts of fields in a text.
#[derive(Default)]
pub(super) struct Marks {
    starts: Vec<u16>,
}

impl Marks {
    /// The place of the first byte, 0, and of the byte after each delimiter and line feed; when the text does not end with a line feed, then
    /// as though one more followed it. `text` has at most [`MOST_BYTES`].
    #[inline]
    pub fn find(&mut self, text: &[u8], delimiter: u8) -> &[u16] {
        assert!(text.len() <= MOST_BYTES, "places in a longer text have no numbers");
        self.starts.resize(MOST_BYTES + 2 * BLOCK, 0);
        let starts = self.starts.as_mut_slice();
        starts[0] = 0;
        let mut found = 1;
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let mut place = 0;
        for block in blocks {
            found += note(block, delimiter, place, &mut starts[found..]);
            place += BLOCK as u16;
        }
        if !rest.is_empty() {
            // Filled up with a byte that is neither.
            let mut block = [b' ' ^ u8::from(delimiter == b' '); BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            found += note(&block, delimiter, place, &mut starts[found..]);
        }
        if text.last() != Some(&b'\n') {
            starts[found] = text.len() as u16 + 1;
            found += 1;
        }
        &starts[..found]
    }
}

/// Writes the place after each mark of a block into `starts`, and other numbers behind them; how many marks there are.
///
/// Written so that the compiler compares sixteen bytes at a time. Of eight bytes, each mark leaves a bit of its own, a multiplication brings the
/// bits together, and a table knows the places that they stand for; all eight are written, and those beyond the marks are overwritten by the next.
#[inline]
fn note(block: &[u8; BLOCK], delimiter: u8, place: u16, starts: &mut [u16]) -> usize {
    let Some(starts) = starts.first_chunk_mut::<{ BLOCK + 8 }>() else { return 0 };
    let mut weighted = [0_u8; BLOCK];
    for (index, (out, &byte)) in weighted.iter_mut().zip(block).enumerate() {
        let mark = (byte == delimiter) | (byte == b'\n');
        *out = u8::from(mark).wrapping_neg() & (1 << (index % 8));
    }
    let (eights, _) = weighted.as_chunks::<8>();
    let (mut before, mut found) = ([place; 8], 0);
    for eight in eights {
        let marks = (u64::from_le_bytes(*eight).wrapping_mul(0x0101_0101_0101_0101) >> 56) as usize % 256;
        // Never 64 before the last eight bytes are noted.
        let next = &mut starts[found % BLOCK..][..8];
        for ((start, before), after) in next.iter_mut().zip(&mut before).zip(&PLACES[marks]) {
            *start = *before + after;
            *before += 8;
        }
        found += usize::from(COUNTS[marks]);
    }
    found
}

/// How many marks a pattern of eight bits has.
static COUNTS: [u8; 256] = {
    let mut counts = [0; 256];
    let mut marks = 0;
    while marks < 256 {
        counts[marks] = marks.count_ones() as u8;
        marks += 1;
    }
    counts
};

/// For each pattern of marks among eight bytes, the places after them.
static PLACES: [[u16; 8]; 256] = {
    let mut places = [[0; 8]; 256];
    let mut marks = 0;
    while marks < 256 {
        let (mut bit, mut count) = (0, 0);
        while bit < 8 {
            if marks >> bit & 1 == 1 {
                places[marks][count] = bit + 1;
                count += 1;
            }
            bit += 1;
        }
        marks += 1;
    }
    places
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
        let mut marks = Marks::default();
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
                    assert_eq!(marks.find(&text, delimiter), expected(&text, delimiter), "{length} bytes");
                }
            }
        }
    }
}
