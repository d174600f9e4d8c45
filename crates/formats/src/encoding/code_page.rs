//! Code pages: encodings of one byte a character, with ASCII below 128 and a table of 128 characters above.
//!
//! The tables are written down as characters, and turned into UTF-8 when sverka is compiled.

/// An encoding of one byte a character.
///
/// ```text
/// byte      C8 in windows-1251, the letter И
/// texts     D0 98 00 02        its UTF-8, zeros, and the length of the UTF-8
/// ```
///
/// [`Self::decode`] copies all four bytes and moves on by the length: no branch for each character, and one load.
pub struct CodePage {
    /// UTF-8 of each byte, filled up with zeros; the last of the four bytes is the length of the UTF-8, or 0 for a byte
    /// without meaning.
    texts: [[u8; Self::SLACK]; 256],
    /// The byte without meaning. No code page here has more than one.
    meaningless: Option<u8>,
    /// The byte of each letter of the Cyrillic block of Unicode, 0 for letters that the code page lacks.
    cyrillic: [u8; CYRILLIC_LETTERS],
}

/// The first character of the Cyrillic block.
const CYRILLIC_FROM: u32 = 0x400;
/// Number of characters of the block, up to its last letter that any code page has.
const CYRILLIC_LETTERS: usize = 0x100;

/// The code page of Windows for Cyrillic, as Unicode maps it (CP1251.TXT); 0x98 is not assigned.
pub static WINDOWS_1251: CodePage = CodePage::of_upper_half(
    "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏ\
     ђ‘’“”•–—\u{FFFD}™љ›њќћџ\
     \u{A0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{AD}®Ї\
     °±Ііґµ¶·ё№є»јЅѕї\
     АБВГДЕЖЗИЙКЛМНОП\
     РСТУФХЦЧШЩЪЫЬЭЮЯ\
     абвгдежзийклмноп\
     рстуфхцчшщъыьэюя",
);

/// The code page of DOS for Cyrillic (CP866.TXT).
pub static CP866: CodePage = CodePage::of_upper_half(
    "АБВГДЕЖЗИЙКЛМНОП\
     РСТУФХЦЧШЩЪЫЬЭЮЯ\
     абвгдежзийклмноп\
     ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
     └┴┬├─┼╞╟╚╔╩╦╠═╬╧\
     ╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
     рстуфхцчшщъыьэюя\
     ЁёЄєЇїЎў°∙·√№¤■\u{A0}",
);

/// KOI8-R (RFC 1489).
pub static KOI8_R: CodePage = CodePage::of_upper_half(
    "─│┌┐└┘├┤┬┴┼▀▄█▌▐\
     ░▒▓⌠■∙√≈≤≥\u{A0}⌡°²·÷\
     ═║╒ё╓╔╕╖╗╘╙╚╛╜╝╞\
     ╟╠╡Ё╢╣╤╥╦╧╨╩╪╫╬©\
     юабцдефгхийклмно\
     пярстужвьызшэщчъ\
     ЮАБЦДЕФГХИЙКЛМНО\
     ПЯРСТУЖВЬЫЗШЭЩЧЪ",
);

/// ISO 8859-5, an encoding of XML documents; tables are not written in it.
pub static ISO_8859_5: CodePage = CodePage::of_upper_half(
    "\u{80}\u{81}\u{82}\u{83}\u{84}\u{85}\u{86}\u{87}\u{88}\u{89}\u{8A}\u{8B}\u{8C}\u{8D}\u{8E}\u{8F}\
     \u{90}\u{91}\u{92}\u{93}\u{94}\u{95}\u{96}\u{97}\u{98}\u{99}\u{9A}\u{9B}\u{9C}\u{9D}\u{9E}\u{9F}\
     \u{A0}ЁЂЃЄЅІЇЈЉЊЋЌ\u{AD}ЎЏ\
     АБВГДЕЖЗИЙКЛМНОП\
     РСТУФХЦЧШЩЪЫЬЭЮЯ\
     абвгдежзийклмноп\
     рстуфхцчшщъыьэюя\
     №ёђѓєѕіїјљњћќ§ўџ",
);

impl CodePage {
    /// Bytes that [`Self::decode`] writes for a character, though it needs fewer.
    pub const SLACK: usize = 4;
    /// Most bytes of UTF-8 for one byte of a code page.
    pub const MOST_GROWTH: usize = 3;

    /// The code page with 128 `characters` for the bytes from 128 on. The replacement character stands for a byte without meaning.
    const fn of_upper_half(characters: &str) -> Self {
        let mut texts = [[0; Self::SLACK]; 256];
        let mut byte = 0;
        while byte < 0x80 {
            texts[byte] = [byte as u8, 0, 0, 1];
            byte += 1;
        }
        let (utf8, mut at, mut meaningless) = (characters.as_bytes(), 0, None);
        let mut cyrillic = [0; CYRILLIC_LETTERS];
        while byte < 256 {
            assert!(utf8[at] >= 0xC2 && utf8[at] < 0xF0, "characters above 127, of two or three bytes");
            if utf8[at] < 0xE0 {
                texts[byte] = [utf8[at], utf8[at + 1], 0, 2];
                let character = (utf8[at] as u32 & 0x1F) << 6 | utf8[at + 1] as u32 & 0x3F;
                if character >= CYRILLIC_FROM && character < CYRILLIC_FROM + CYRILLIC_LETTERS as u32 {
                    cyrillic[(character - CYRILLIC_FROM) as usize] = byte as u8;
                }
                at += 2;
            } else {
                if utf8[at] == 0xEF && utf8[at + 1] == 0xBF && utf8[at + 2] == 0xBD {
                    assert!(meaningless.is_none(), "one byte without meaning at most");
                    meaningless = Some(byte as u8);
                } else {
                    texts[byte] = [utf8[at], utf8[at + 1], utf8[at + 2], 3];
                }
                at += 3;
            }
            byte += 1;
        }
        assert!(at == utf8.len(), "128 characters");
        Self { texts, meaningless, cyrillic }
    }

    /// The character of a byte, if it has a meaning.
    pub fn character(&self, byte: u8) -> Option<char> {
        let [utf8 @ .., length] = &self.texts[usize::from(byte)];
        str::from_utf8(&utf8[..usize::from(*length)]).ok()?.chars().next()
    }

    /// The byte of a character, if the code page has it.
    pub fn byte(&self, character: char) -> Option<u8> {
        if character.is_ascii() {
            return Some(character as u8);
        }
        let letter = (character as u32).checked_sub(CYRILLIC_FROM).and_then(|letter| self.cyrillic.get(letter as usize));
        match letter {
            Some(&byte) => (byte != 0).then_some(byte),
            None => (0x80..=u8::MAX).find(|&byte| self.character(byte) == Some(character)),
        }
    }

    /// Appends the bytes of a text; an error is the first character that the code page lacks.
    pub fn encode(&self, text: &str, out: &mut Vec<u8>) -> Result<(), char> {
        for character in text.chars() {
            out.push(self.byte(character).ok_or(character)?);
        }
        Ok(())
    }

    /// Whether a byte from 128 on is white space.
    pub fn is_blank(&self, byte: u8) -> bool {
        self.character(byte).is_some_and(char::is_whitespace)
    }

    /// Index of the first byte without meaning.
    #[inline]
    pub fn first_meaningless(&self, bytes: &[u8]) -> Option<usize> {
        memchr::memchr(self.meaningless?, bytes)
    }

    /// Writes the UTF-8 of `bytes`, all of which have a meaning, and returns its length. `utf8` has room for [`Self::MOST_GROWTH`] times the bytes
    /// and [`Self::SLACK`] more.
    #[inline]
    pub fn decode(&self, bytes: &[u8], utf8: &mut [u8]) -> usize {
        let mut end = 0;
        for &byte in bytes {
            let character = self.texts[usize::from(byte)];
            utf8[end..end + Self::SLACK].copy_from_slice(&character);
            end += usize::from(character[Self::SLACK - 1]);
        }
        end
    }

    /// Decodes `bytes` into `text`, and returns whether all of them have a meaning. Bytes without meaning become replacement characters.
    pub fn decode_text(&self, bytes: &[u8], text: &mut String) -> bool {
        if self.first_meaningless(bytes).is_some() {
            text.clear();
            text.extend(bytes.iter().map(|&byte| self.character(byte).unwrap_or(char::REPLACEMENT_CHARACTER)));
            return false;
        }
        let mut utf8 = std::mem::take(text).into_bytes();
        utf8.resize(Self::MOST_GROWTH * bytes.len() + Self::SLACK, 0);
        let end = self.decode(bytes, &mut utf8);
        utf8.truncate(end);
        *text = String::from_utf8(utf8).expect("invariant: a code page is a table of UTF-8");
        true
    }
}
