//! Russian in six encodings, without the tables of the program: codes follow from the order of the letters.

/// An encoding that sources are written in.
#[derive(Clone, Copy)]
pub enum Alphabet {
    Utf8,
    Windows1251,
    Cp866,
    Koi8R,
    Utf16Le,
    Utf16Be,
}

/// The letters in the order of KOI8-R, which is that of similar Latin letters.
const KOI8: &str = "юабцдефгхийклмнопярстужвьызшэщчъ";

impl Alphabet {
    pub const ALL: [Self; 6] = [Self::Utf8, Self::Windows1251, Self::Cp866, Self::Koi8R, Self::Utf16Le, Self::Utf16Be];

    /// Name of the encoding in manifests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Windows1251 => "windows-1251",
            Self::Cp866 => "cp866",
            Self::Koi8R => "koi8-r",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
        }
    }

    /// A text of [`is_plain`] lines as bytes.
    pub fn write(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => text
                .chars()
                .map(|character| if character.is_ascii() { character as u8 } else { self.letter(character) })
                .collect(),
        }
    }

    fn letter(self, letter: char) -> u8 {
        let alphabetic = |first: char| (letter as u32 - first as u32) as u8;
        match (self, letter) {
            (Self::Windows1251, 'Ё') => 0xA8,
            (Self::Windows1251, 'ё') => 0xB8,
            (Self::Windows1251, _) => 0xC0 + alphabetic('А'),
            (Self::Cp866, 'Ё') => 0xF0,
            (Self::Cp866, 'ё') => 0xF1,
            (Self::Cp866, 'р'..='я') => 0xE0 + alphabetic('р'),
            (Self::Cp866, _) => 0x80 + alphabetic('А'),
            (_, 'Ё') => 0xB3,
            (_, 'ё') => 0xA3,
            (_, 'А'..='Я') => self.letter(letter.to_lowercase().next().expect("a small letter")) + 0x20,
            _ => 0xC0 + KOI8.chars().position(|other| other == letter).expect("a Russian letter") as u8,
        }
    }
}

/// Whether every encoding can write a line: ASCII and the letters of Russian.
pub fn is_plain(line: &str) -> bool {
    line.chars().all(|character| character.is_ascii() || matches!(character, 'А'..='я' | 'Ё' | 'ё'))
}
