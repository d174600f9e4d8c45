//! Coded texts in half their bytes: record ids and numbers of documents consist of few symbols, mostly digits.
//!
//! Each worker has a table of sixteen symbols: the ten digits, and the first six other ASCII characters that it meets. A symbol takes four bits:
//!
//! ```text
//! texts   "R0000000020"            ""    "63 19 335620"            23 bytes
//! codes   B 0 0 0 0 0 0 0 0 2 0           6 3 A 1 9 A 3 3 5 6 2 0    A is the code of the blank, B that of R
//! bytes   0B 00 00 00 20 00        –     36 1A A9 33 65 02          12 bytes, the first symbol of a pair in the lower half
//! ```
//!
//! Each text begins with a byte of its own. Its length is stored elsewhere, so that a last half byte is not read. Texts with a seventeenth symbol, with
//! letters beyond ASCII or with more than 32 bytes of codes are stored as they are. Reading takes one table look-up a byte: [`Pairs`] has the two symbols
//! of each byte. A table only grows, so that the table at the end reads all earlier texts.

/// Symbols of the rows of one worker: digits, and the first other ASCII characters that occur.
pub(super) struct Symbols {
    /// Code of each byte; [`UNKNOWN`] for a byte that is no symbol.
    codes: [u8; 256],
    /// Symbol of each code.
    symbols: Vec<u8>,
}

const MOST_SYMBOLS: usize = 16;
const UNKNOWN: u8 = 0x80;

/// Most bytes of codes of a row.
pub(super) const CODED_BYTES: usize = 32;
/// Number of texts of a row.
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

    /// Writes the codes of texts to `into` and returns their bytes. `None` when a text has a character that is no symbol, or the codes do not fit.
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

    /// Adds the unknown characters of texts as symbols, if there is room for all of them, and codes the texts.
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

    /// The table that reads all texts coded so far.
    pub fn pairs(&self) -> Pairs {
        let symbol = |code: usize| self.symbols.get(code).copied().unwrap_or(b'0');
        Pairs(std::array::from_fn(|byte| [symbol(byte % MOST_SYMBOLS), symbol(byte / MOST_SYMBOLS)]))
    }
}

/// The two symbols that each byte of codes stands for.
pub(super) struct Pairs([[u8; 2]; 256]);

impl Default for Pairs {
    fn default() -> Self {
        Symbols::default().pairs()
    }
}

impl Pairs {
    /// The text of `length` bytes whose codes begin `codes`.
    #[inline]
    pub fn text(&self, codes: &[u8], length: usize) -> CodedText {
        /// Bytes of codes that nearly all texts fit. A loop of fixed length costs less than counting.
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

/// A text read from codes.
#[derive(Clone, Copy)]
pub(super) struct CodedText {
    symbols: [[u8; 2]; CODED_BYTES],
    length: usize,
}

impl CodedText {
    /// The bytes of the text.
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
            // R, blank, - and / come first. Two of A, B and C would still fit, so the table knows A, but not all three.
            // 33 bytes are too many.
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
