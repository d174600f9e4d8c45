//! Texts in half their bytes: record ids and numbers of documents are made of few symbols, mostly digits.

/// Sixteen symbols that the texts of a worker's rows are made of: digits, and the first other ASCII characters that occur.
pub(super) struct Symbols {
    /// Of each byte; [`UNKNOWN`] for those that are no symbols.
    codes: [u8; 256],
    symbols: Vec<u8>,
}

const MOST_SYMBOLS: usize = 16;
const UNKNOWN: u8 = 0x80;

/// Bytes of the codes of a row's texts at most.
pub(super) const CODED_BYTES: usize = 32;
/// The texts of a row.
pub(super) const TEXTS: usize = 3;

impl Default for Symbols {
    fn default() -> Self {
        let mut all = Self { codes: [UNKNOWN; 256], symbols: Vec::new() };
        (b'0'..=b'9').for_each(|digit| all.add(digit));
        all
    }
}

impl Symbols {
    fn add(&mut self, symbol: u8) {
        self.codes[usize::from(symbol)] = self.symbols.len() as u8;
        self.symbols.push(symbol);
    }

    /// Writes texts to `into`, two symbols to a byte, the last one of a text alone; how many bytes that took. `None` when the texts have other
    /// symbols or do not fit.
    #[inline]
    pub fn code(&mut self, texts: [&[u8]; TEXTS], into: &mut [u8; CODED_BYTES]) -> Option<usize> {
        let (mut at, mut all) = (0, 0);
        for text in texts {
            let (pairs, rest) = text.as_chunks();
            let room = into.get_mut(at..at + pairs.len() + rest.len())?;
            for (byte, &[first, second]) in room.iter_mut().zip(pairs) {
                let (first, second) = (self.codes[usize::from(first)], self.codes[usize::from(second)]);
                all |= first | second;
                *byte = first | second << 4;
            }
            if let (Some(byte), [last]) = (room.last_mut(), rest) {
                *byte = self.codes[usize::from(*last)];
                all |= *byte;
            }
            at += pairs.len() + rest.len();
        }
        if all & UNKNOWN == 0 { Some(at) } else { self.learn(texts, into) }
    }

    /// Takes what is unknown of texts as symbols, if there is room for all of it.
    #[cold]
    #[inline(never)]
    fn learn(&mut self, texts: [&[u8]; TEXTS], into: &mut [u8; CODED_BYTES]) -> Option<usize> {
        let bytes = texts.iter().flat_map(|text| text.iter().copied());
        let mut unknown: Vec<u8> = bytes.filter(|&byte| self.codes[usize::from(byte)] == UNKNOWN).collect();
        unknown.sort_unstable();
        unknown.dedup();
        if !unknown.is_ascii() || self.symbols.len() + unknown.len() > MOST_SYMBOLS {
            return None;
        }
        unknown.into_iter().for_each(|symbol| self.add(symbol));
        self.code(texts, into)
    }

    /// What each byte of codes stands for.
    pub fn pairs(&self) -> Pairs {
        let symbol = |code: usize| self.symbols.get(code).copied().unwrap_or(b'0');
        Pairs(std::array::from_fn(|byte| [symbol(byte % MOST_SYMBOLS), symbol(byte / MOST_SYMBOLS)]))
    }
}

/// The two symbols of each byte of codes.
pub(super) struct Pairs([[u8; 2]; 256]);

impl Default for Pairs {
    fn default() -> Self {
        Symbols::default().pairs()
    }
}

impl Pairs {
    /// Appends texts of these lengths, whose codes begin `codes`, of which there are at least [`CODED_BYTES`] with what follows; how many bytes
    /// the codes took.
    #[inline]
    pub fn read(&self, codes: &[u8], lengths: [u8; TEXTS], into: &mut Vec<u8>) -> usize {
        /// Nearly all texts together, and each alone, have no more than so many codes.
        const USUAL: usize = CODED_BYTES / 2;
        let sizes = lengths.map(|length| usize::from(length).div_ceil(2));
        let size = sizes.iter().sum::<usize>().min(CODED_BYTES);
        let mut symbols = [[0; 2]; CODED_BYTES + USUAL];
        // A fixed number of codes at a time: those that are too many cost less than to count.
        let decode = |symbols: &mut [[u8; 2]], codes: &[u8; USUAL]| {
            symbols.iter_mut().zip(codes).for_each(|(pair, &code)| *pair = self.0[usize::from(code)]);
        };
        let (Some(first), Some(second)) = (codes.first_chunk(), codes[USUAL..].first_chunk()) else { return size };
        decode(&mut symbols[..USUAL], first);
        if size > USUAL {
            decode(&mut symbols[USUAL..], second);
        }
        let mut from = 0;
        for (length, size) in lengths.map(usize::from).into_iter().zip(sizes) {
            let text = symbols[from % CODED_BYTES..].as_flattened();
            match text.first_chunk::<{ 2 * USUAL }>() {
                Some(usual) if size <= USUAL => {
                    let end = into.len() + length;
                    into.extend_from_slice(usual);
                    into.truncate(end);
                }
                _ => into.extend_from_slice(&text[..length]),
            }
            from += size;
        }
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_back(symbols: &Symbols, codes: &[u8], texts: [&str; TEXTS]) -> (usize, String) {
        let mut text = Vec::new();
        let codes = [codes, &[0xFF; CODED_BYTES]].concat();
        let size = symbols.pairs().read(&codes, texts.map(|text| text.len() as u8), &mut text);
        (size, String::from_utf8(text).expect("ASCII"))
    }

    #[test]
    fn digits_and_the_first_others_are_symbols() {
        let mut symbols = Symbols::default();
        let mut coded = [0; CODED_BYTES];
        for texts in [
            ["R0000000020", "", "63 19 335620"],
            ["7", "1-2/3", ""],
            ["№ 1", "", ""],
            ["", "R 7", "ABC"],
            ["", "R 7", "A"],
            ["1234567", "1234567", "123456789012345678901234567890123456789012345678"],
            ["1234567", "1234567", "1234567890123456789012345678901234567890123456789"],
        ] {
            let size = symbols.code(texts.map(str::as_bytes), &mut coded);
            // R, blank, - and / come first; of A, B and C only two would fit, and A alone does. 33 bytes are too many.
            let known = !texts.contains(&"№ 1") && !texts.contains(&"ABC") && texts[2].len() < 49;
            assert_eq!(size.is_some(), known, "{texts:?}");
            if let Some(size) = size {
                assert_eq!(read_back(&symbols, &coded, texts), (size, texts.concat()));
            }
        }
    }

    proptest! {
        #[test]
        fn texts_come_back(rows in prop::collection::vec(["[0-9a-f -]{0,36}|.{0,9}", "[0-9]{0,16}", "[0-9 -]{0,16}|.{0,9}"], 1..20)) {
            let mut symbols = Symbols::default();
            let mut coded = Vec::new();
            for texts in &rows {
                let (texts, mut codes) = ([&*texts[0], &*texts[1], &*texts[2]], [0; CODED_BYTES]);
                if let Some(size) = symbols.code(texts.map(str::as_bytes), &mut codes) {
                    coded.push((texts, codes, size));
                }
            }
            for (texts, codes, size) in coded {
                prop_assert_eq!(read_back(&symbols, &codes, texts), (size, texts.concat()));
            }
        }
    }
}
