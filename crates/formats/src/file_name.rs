//! Names of files as text for people and patterns: names in old encodings are decoded, letters that look alike count as one.
//!
//! Files are opened by their paths; the bytes of a path never change here.

use std::ffi::OsStr;

use crate::encoding::Encoding;

/// The name of a file, decoded to text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodedName {
    /// The text. Control characters are replaced, so that no terminal obeys a name.
    pub text: String,
    /// The guessed encoding of a name that is not UTF-8.
    pub guessed: Option<Encoding>,
}

impl DecodedName {
    /// Whether the text differs from the name on the disk.
    #[must_use]
    pub fn is_altered(&self, name: &OsStr) -> bool {
        name.to_str() != Some(self.text.as_str())
    }
}

/// Encodings of names that are not UTF-8, the most common one first.
const GUESSED: [Encoding; 3] = [Encoding::Windows1251, Encoding::Cp866, Encoding::Koi8R];

/// Decodings of a file's name, the likeliest first: one for a name in UTF-8, one for each guessed encoding of any other.
#[must_use]
pub fn possible_names(name: &OsStr) -> Vec<DecodedName> {
    if let Some(text) = name.to_str() {
        return vec![DecodedName { text: visible(text), guessed: None }];
    }
    let bytes = name.as_encoded_bytes();
    let mut readings: Vec<(usize, DecodedName)> = GUESSED.iter().map(|&encoding| reading(bytes, encoding)).collect();
    // The sort is stable: of equal readings the more common encoding wins.
    readings.sort_by_key(|(letters, _)| std::cmp::Reverse(*letters));
    readings.into_iter().map(|(_, reading)| reading).collect()
}

/// The likeliest decoding of a file's name.
///
/// # Panics
/// Never: every name has a decoding.
#[must_use]
pub fn likely_name(name: &OsStr) -> DecodedName {
    possible_names(name).swap_remove(0)
}

/// A name decoded from one encoding, and its score: the number of Russian letters, plus the number of pairs of letters that a Russian word may
/// have side by side.
fn reading(bytes: &[u8], encoding: Encoding) -> (usize, DecodedName) {
    let mut text = String::new();
    encoding.decode(bytes, &mut text);
    let signs: Vec<char> = text.chars().collect();
    let is_letter = |sign: &char| matches!(sign, 'А'..='я' | 'ё' | 'Ё');
    let letters = signs.iter().filter(|sign| is_letter(sign)).count();
    // Words in a wrong code page look like `пРИКАЗ` and `дЮ`.
    let follows = |pair: &&[char]| pair.iter().all(is_letter) && !(pair[0].is_lowercase() && pair[1].is_uppercase());
    let pairs = signs.windows(2).filter(follows).count();
    (letters + pairs, DecodedName { text: visible(&text), guessed: Some(encoding) })
}

fn visible(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { char::REPLACEMENT_CHARACTER } else { sign }).collect()
}

/// Cyrillic and Greek capital letters, each with the Latin letter that it looks like.
const LOOK_ALIKES: [(char, char); 29] = [
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Ѕ', 'S'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Ζ', 'Z'),
    ('Η', 'H'),
    ('Ι', 'I'),
    ('Κ', 'K'),
    ('Μ', 'M'),
    ('Ν', 'N'),
    ('Ο', 'O'),
    ('Ρ', 'P'),
    ('Τ', 'T'),
    ('Υ', 'Y'),
    ('Χ', 'X'),
];

/// The comparison key of a name: capitals, with Latin letters for those that look like them. `МО2` typed on a Russian keyboard is `MO2` here.
#[must_use]
pub fn latin_key(name: &str) -> String {
    name.chars().flat_map(char::to_uppercase).map(latin_letter).collect()
}

fn latin_letter(sign: char) -> char {
    LOOK_ALIKES.iter().find(|(other, _)| *other == sign).map_or(sign, |(_, latin)| *latin)
}

/// The letters of a name that look Latin and are not, each once, for a message: the eye does not see the difference.
#[must_use]
pub fn look_alike_letters(name: &str) -> String {
    let is_other = |sign: &char| LOOK_ALIKES.iter().any(|(other, _)| sign.to_uppercase().eq([*other]));
    let mut letters: Vec<char> = Vec::new();
    for sign in name.chars().filter(is_other) {
        if !letters.contains(&sign) {
            letters.push(sign);
        }
    }
    letters.iter().map(char::to_string).collect::<Vec<_>>().join(", ")
}

/// A pattern for [`latin_key`]s of names. Text in brackets stays as it is: it may be a range of letters.
#[must_use]
pub fn latin_pattern(pattern: &str) -> String {
    let mut in_brackets = false;
    let mut folded = String::with_capacity(pattern.len());
    for sign in pattern.chars() {
        match sign {
            '[' => in_brackets = true,
            ']' => in_brackets = false,
            _ => {}
        }
        if in_brackets {
            folded.push(sign);
        } else {
            folded.extend(sign.to_uppercase().map(latin_letter));
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn names_of_other_encodings_are_read() {
        for (bytes, text, encoding) in [
            (&b"\xcf\xf0\xe8\xea\xe0\xe7.txt"[..], "Приказ.txt", Encoding::Windows1251),
            (b"\xd0\xc5\xc5\xd1\xd2\xd0_1.csv", "РЕЕСТР_1.csv", Encoding::Windows1251),
            (b"\x8f\xe0\xa8\xaa\xa0\xa7.txt", "Приказ.txt", Encoding::Cp866),
            (b"\x90\x85\x85\x91\x92\x90_1.csv", "РЕЕСТР_1.csv", Encoding::Cp866),
            (b"\xf0\xd2\xc9\xcb\xc1\xda.txt", "Приказ.txt", Encoding::Koi8R),
        ] {
            let name = likely_name(OsStr::from_bytes(bytes));
            assert_eq!((name.text.as_str(), name.guessed), (text, Some(encoding)));
        }
    }

    #[test]
    fn names_in_utf_8_stay_and_control_characters_are_replaced() {
        let name = likely_name(OsStr::new("Реестр 1.csv"));
        assert_eq!((name.text.as_str(), name.guessed), ("Реестр 1.csv", None));
        let odd = OsStr::new("a\u{1b}[31m\n.csv");
        assert_eq!(likely_name(odd).text, "a\u{fffd}[31m\u{fffd}.csv");
        assert!(likely_name(odd).is_altered(odd));
    }

    #[test]
    fn letters_that_look_alike_are_one() {
        assert_eq!(latin_key("МО298.csv"), "MO298.CSV");
        assert_eq!(latin_key("мО298.сsv"), "MO298.CSV");
        assert_eq!(look_alike_letters("МО2Я.csv"), "М, О");
        assert_eq!(latin_pattern("МО[а-я]*.csv"), "MO[а-я]*.CSV");
    }
}
