//! Normal form of the numbers of identity documents. The kinds of documents are not known here: only the look of a
//! number decides how it is read (SEM-116).
//!
//! A number of digits stays as it is. A number with letters nearly always ends in digits: `II-АН № 100001`. Its normal form has the same signs in
//! one alphabet:
//!
//! ```text
//! II-АН № 100001     as received
//! II  АН     100001  Roman figures, two letters, digits
//! IIАН100001         normal form: figures in Latin letters, other letters in Cyrillic where both alphabets have the shape
//! ```
//!
//! The signs before the last two letters are Roman figures if each of them can be one: a letter of either alphabet, a one-sign numeral or the digit
//! 1. An Arabic number in that place becomes a Roman one.

use super::name::{cyrillic, is_dash};

/// Number of a kind of identity documents in dictionary F011, 1 to 99.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentKind(u8);

impl DocumentKind {
    /// No document, an unknown kind, or a kind with a code that is no number.
    pub const NONE: Self = Self(0);
    /// Birth certificate of the Russian Federation.
    pub const BIRTH_CERTIFICATE: Self = Self(3);
    /// Passport of a citizen of the Russian Federation.
    pub const PASSPORT: Self = Self(14);
    /// Birth certificate of another country.
    pub const FOREIGN_BIRTH_CERTIFICATE: Self = Self(24);
    /// The largest number of a kind.
    pub const MAX: u8 = 99;

    /// The kind as written: a number from 1 to [`Self::MAX`] without leading zeros.
    #[must_use]
    #[inline]
    pub fn parse(code: &[u8]) -> Option<Self> {
        match *code {
            [ones @ b'1'..=b'9'] => Some(Self(ones - b'0')),
            [tens @ b'1'..=b'9', ones @ b'0'..=b'9'] => Some(Self((tens - b'0') * 10 + (ones - b'0'))),
            _ => None,
        }
    }

    /// The kind of a number up to [`Self::MAX`].
    #[must_use]
    pub const fn from_number(number: u8) -> Self {
        assert!(number <= Self::MAX, "kinds of documents have at most two digits");
        Self(number)
    }

    /// The number; 0 for [`Self::NONE`].
    #[must_use]
    #[inline]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Whether a set has this kind: bit `n` of the set stands for kind `n`.
    #[must_use]
    #[inline]
    pub const fn is_in(self, set: u128) -> bool {
        set >> self.0 & 1 == 1
    }

    /// Whether documents of this kind are birth certificates, Russian or foreign.
    #[must_use]
    #[inline]
    pub const fn is_birth_certificate(self) -> bool {
        matches!(self, Self::BIRTH_CERTIFICATE | Self::FOREIGN_BIRTH_CERTIFICATE)
    }
}

/// Appends the normal form of a document number to `out`: upper case, only letters and digits, Roman numbers in Latin
/// letters, the series in Cyrillic letters if the shapes agree. Returns the index in `out` of the digits at the end, or
/// of the whole normal form if it does not end in digits.
pub fn normalise_document_number(text: &str, out: &mut String) -> usize {
    let start = out.len();
    match Signs::from_text(text) {
        Some(signs) => signs.write(out),
        None => {
            let signs = text.chars().flat_map(char::to_uppercase).filter(|sign| sign.is_alphanumeric());
            out.extend(signs.map(series_letter));
        }
    }
    let digits = out[start..].bytes().rev().take_while(u8::is_ascii_digit).count();
    if digits == 0 { start } else { out.len() - digits }
}

/// The normal form of a short number of digits, blanks, dashes and `№`, without allocating; the same as that of
/// [`normalise_document_number`]. `None` for other texts. The second value is the number of bytes in use.
#[inline]
pub fn normalise_document_digits(text: &[u8]) -> Option<([u8; SHORT_DOCUMENT_NUMBER_BYTES], usize)> {
    const SIGN: &[u8] = "№".as_bytes();
    if text.len() > SHORT_DOCUMENT_NUMBER_BYTES {
        return None;
    }
    let (mut digits, mut length, mut rest) = ([0; SHORT_DOCUMENT_NUMBER_BYTES], 0, text);
    while let Some((&byte, behind)) = rest.split_first() {
        rest = match byte {
            b'0'..=b'9' => {
                digits[length % SHORT_DOCUMENT_NUMBER_BYTES] = byte;
                length += 1;
                behind
            }
            b'\t'..=b'\r' | b' ' | b'-' => behind,
            _ => rest.strip_prefix(SIGN)?,
        };
    }
    Some((digits, length))
}

/// Longest text, in bytes, that [`normalise_document_digits`] takes.
pub const SHORT_DOCUMENT_NUMBER_BYTES: usize = 32;

/// Most signs of a number in which Roman figures are looked for.
const SIGNS_MAX: usize = 48;

/// Letters and digits of a number in upper case. A small Latin `l` stays, because it may be meant as I.
struct Signs {
    signs: [char; SIGNS_MAX],
    count: usize,
    /// Bit set of the signs with other characters between them and the sign before.
    apart: u64,
    /// Whether the number has a small x: then a small l is an L (50), not an I.
    has_small_x: bool,
}

impl Signs {
    /// The signs of a number; `None` when there are more than [`SIGNS_MAX`].
    fn from_text(text: &str) -> Option<Self> {
        let mut signs = Self { signs: ['\0'; SIGNS_MAX], count: 0, apart: 0, has_small_x: false };
        let mut is_apart = false;
        for received in text.chars() {
            match received {
                '0'..='9' | 'A'..='Z' | 'А'..='Я' => signs.push(received, is_apart)?,
                'l' => signs.push('l', is_apart)?,
                '|' | '¦' => signs.push('I', is_apart)?,
                '\u{2160}'..='\u{217F}' => {
                    for figure in ONE_SIGN_NUMERALS[(received as usize - 0x2160) % 16].chars() {
                        signs.push(figure, is_apart)?;
                        is_apart = false;
                    }
                }
                'º' | '№' => {
                    is_apart = true;
                    continue;
                }
                _ if received.is_whitespace() || is_dash(received) || !received.is_alphanumeric() => {
                    is_apart = true;
                    continue;
                }
                _ => {
                    signs.has_small_x |= matches!(received, 'x' | 'х');
                    for sign in received.to_uppercase() {
                        signs.push(sign, is_apart)?;
                        is_apart = false;
                    }
                }
            }
            is_apart = false;
        }
        Some(signs)
    }

    fn push(&mut self, sign: char, is_apart: bool) -> Option<()> {
        *self.signs.get_mut(self.count)? = sign;
        self.apart |= u64::from(is_apart) << self.count;
        self.count += 1;
        Some(())
    }

    /// Appends the normal form.
    fn write(&self, out: &mut String) {
        let signs = &self.signs[..self.count];
        let digits = signs.iter().rev().take_while(|sign| sign.is_ascii_digit()).count();
        let (head, digits) = signs.split_at(self.count - digits);
        let head = if digits.is_empty() { head } else { self.without_number_mark(head) };
        let figures = if digits.is_empty() { None } else { self.figures(head, out) };
        out.extend(head[figures.unwrap_or(0)..].iter().copied().map(series_letter));
        out.extend(digits);
    }

    /// The signs before the digits without a separate `N` or `No`, which people type for `№`. At the beginning it is a
    /// series.
    fn without_number_mark<'s>(&self, head: &'s [char]) -> &'s [char] {
        let marked = match *head {
            [_, .., 'N'] => head.len() - 1,
            [_, .., 'N', 'O' | 'О'] if head.len() > 2 => head.len() - 2,
            _ => return head,
        };
        if self.apart >> marked & 1 == 1 { &head[..marked] } else { head }
    }

    /// Writes the Roman figures in front of the last two letters, and returns the number of signs read.
    fn figures(&self, head: &[char], out: &mut String) -> Option<usize> {
        let count = head.len().checked_sub(2).filter(|count| *count > 0)?;
        let (figures, letters) = head.split_at(count);
        if !letters.iter().all(|letter| matches!(letter, 'A'..='Z' | 'А'..='Я') || letter.is_alphabetic()) {
            return None;
        }
        if figures.iter().all(|sign| self.figure(*sign).is_some()) {
            figures.iter().filter_map(|sign| self.figure(*sign)).for_each(|figure| out.push_str(figure));
            return Some(count);
        }
        let number =
            figures.iter().try_fold(0_u32, |number, sign| Some(number * 10 + sign.to_digit(10)?).filter(|number| *number < 40));
        let number = number.filter(|_| figures[0] != '0')? as usize;
        out.push_str(["", "X", "XX", "XXX"][number / 10]);
        out.push_str(["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][number % 10]);
        Some(count)
    }

    /// The Roman figures that a sign in front of the series stands for.
    fn figure(&self, sign: char) -> Option<&'static str> {
        Some(match sign {
            'l' if self.has_small_x => "L",
            // Latin, Ukrainian, the Caucasian palochka, Greek.
            'I' | '1' | 'l' | 'І' | 'Ї' | 'Ӏ' | 'Ι' => "I",
            'V' | 'У' | 'Y' | 'Ѵ' => "V",
            'X' | 'Х' | 'Χ' => "X",
            'L' | 'Л' => "L",
            'C' | 'С' => "C",
            'D' | 'Д' => "D",
            'M' | 'М' => "M",
            'П' => "II",
            'Ш' => "III",
            _ => return None,
        })
    }
}

/// Figures of the numerals U+2160 to U+216F. The small numerals U+2170 to U+217F follow in the same order.
const ONE_SIGN_NUMERALS: [&str; 16] =
    ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "L", "C", "D", "M"];

/// A letter of a series in the alphabet of the normal form.
fn series_letter(sign: char) -> char {
    match sign {
        'l' => 'L',
        'І' | 'Ӏ' | 'Ι' => 'I',
        'Y' => 'У',
        other => cyrillic(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(text: &str) -> String {
        let mut out = String::from("before");
        let digits = normalise_document_number(text, &mut out);
        assert!(out.is_char_boundary(digits) && digits >= "before".len());
        out.split_off("before".len())
    }

    #[test]
    fn spellings_of_a_birth_certificate_are_one() {
        for spelling in [
            "I-ЗР № 123204",
            "I-ЗР 123204",
            "1-ЗР № 123204",
            "І-ЗР 123204",
            "l-ЗР 123204",
            "I ЗР 123204",
            "Ⅰ-ЗР 123204",
            "ⅰ-зр 123204",
            "i—зр№123204",
            "IЗР123204",
            "|-ЗР 123204",
            "1-ЗP N 123204",
            "I-ЗР No. 123204",
            "I-ЗР nº 123204",
            "I-ЗР, № 123204.",
            "Ӏ–ЗР\u{A0}123204",
        ] {
            assert_eq!(normalised(spelling), "IЗР123204", "{spelling}");
        }
    }

    #[test]
    fn roman_numbers_of_any_alphabet_are_compared_in_latin() {
        for (spellings, expected) in [
            (&["IV-АН 100001", "1У-АН 100001", "ІV-AH 100001", "Ⅳ-АН 100001", "4-АН 100001", "lY АН 100001"][..], "IVАН100001"),
            (&["II-АН 100001", "11-АН 100001", "П-АН 100001", "lІ-АН 100001", "2-АН 100001"], "IIАН100001"),
            (&["III-АН 100001", "111-АН 100001", "Ш-АН 100001", "3-АН 100001"], "IIIАН100001"),
            (&["XL-АН 100001", "ХЛ-АН 100001", "xl-ан 100001", "хл-ан 100001"], "XLАН100001"),
            (&["XI-АН 100001", "Xl-АН 100001", "Х1-АН 100001", "Ⅺ-АН 100001"], "XIАН100001"),
            (&["XII-ХС 100001", "ХІІ-XC 100001", "12-ХС 100001"], "XIIХС100001"),
            (&["CD-АН 100001", "СД-АН 100001"], "CDАН100001"),
        ] {
            for spelling in spellings {
                assert_eq!(normalised(spelling), expected, "{spelling}");
            }
        }
    }

    #[test]
    fn different_documents_stay_different() {
        let numbers = [
            "1111 111111",
            "4511 111111",
            "АБ 1234567",
            "I-АБ 123456",
            "II-АБ 123456",
            "V-АБ 123456",
            "X-АБ 123456",
            "L-АБ 123456",
            "C-АБ 123456",
            "XI-АБ 123456",
            "IX-АБ 123456",
            "I-АВ 123456",
            "I-АБ 123457",
            "АБ 123456",
            "1 123456",
            "N 12345678",
            "12345678",
            "AN 12345678",
            "0-АБ 123456",
            "40-АБ 123456",
            "A1B2C3",
            "IX",
            "11",
            "VX 1234567",
        ];
        let mut forms: Vec<String> = numbers.iter().map(|number| normalised(number)).collect();
        forms.sort();
        forms.dedup();
        assert_eq!(forms.len(), numbers.len(), "{forms:?}");
    }

    #[test]
    fn digits_stay_digits_and_both_functions_agree() {
        for (number, expected) in [
            ("00 00 № 000000", "0000000000"),
            ("45 11-111111", "4511111111"),
            (" № ", ""),
            ("", ""),
            ("№ 12 № 3", "123"),
            ("\u{b}1\t1", "11"),
        ] {
            assert_eq!(normalised(number), expected, "{number}");
            let (digits, length) = normalise_document_digits(number.as_bytes()).expect("digits alone");
            assert_eq!(&digits[..length], expected.as_bytes(), "{number}");
        }
        for other in ["АБ 1", "I-1", "1\u{A0}1", "1–1", "1.1", &"1".repeat(SHORT_DOCUMENT_NUMBER_BYTES + 1)] {
            assert!(normalise_document_digits(other.as_bytes()).is_none(), "{other}");
        }
        assert_eq!(normalised("12–34—56"), "123456");
        assert_eq!(normalised(&"1 ".repeat(100)), "1".repeat(100));
    }

    #[test]
    fn the_index_of_the_digits_at_the_end_is_returned() {
        for (number, digits) in
            [("II-АН 100001", "100001"), ("18 05 № 100001", "1805100001"), ("ABC", "АВС"), ("", ""), ("1А", "1А")]
        {
            let mut out = String::new();
            let from = normalise_document_number(number, &mut out);
            assert_eq!(&out[from..], digits, "{number}");
        }
    }
}
