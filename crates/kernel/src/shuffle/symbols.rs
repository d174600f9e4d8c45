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
    /// The text of so many bytes whose codes begin `codes`.
    #[inline]
    pub fn text(&self, codes: &[u8], length: usize) -> CodedText {
        /// Nearly all texts have no more codes; a fixed number costs less than to count.
        const USUAL: usize = 8;
        let mut symbols = [[0; 2]; CODED_BYTES];
        let mut decode = |codes: &[u8]| {
            symbols.iter_mut().zip(codes).for_each(|(pair, &code)| *pair = self.0[usize::from(code)]);
        };
        match codes.first_chunk::<USUAL>() {
            Some(usual) if length <= 2 * USUAL => decode(usual),
            _ => decode(&codes[..length.div_ceil(2)]),
        }
        CodedText { symbols, length }
    }
}

/// A text that was coded.
#[derive(Clone, Copy)]
pub(super) struct CodedText {
    symbols: [[u8; 2]; CODED_BYTES],
    length: usize,
}

impl CodedText {
    /// Its bytes.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.symbols.as_flattened()[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_back(symbols: &Symbols, mut codes: &[u8], texts: [&str; TEXTS]) -> (usize, String) {
        let (mut read, mut size) = (Vec::new(), 0);
        for text in texts {
            read.extend_from_slice(symbols.pairs().text(codes, text.len()).bytes());
            codes = &codes[text.len().div_ceil(2)..];
            size += text.len().div_ceil(2);
        }
        (size, String::from_utf8(read).expect("ASCII"))
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
