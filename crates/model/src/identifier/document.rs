//! Numbers of identity documents in the form in which they are compared. Does not know the kinds of documents: what a number looks like says how
//! it is read.
//!
//! Digits alone stay digits. A number with letters ends in digits, nearly always: `II-АН № 100001`. Its form has the same signs in one alphabet:
//!
//! ```text
//! II-АН № 100001     received
//! II  АН     100001  figures, two letters, digits
//! IIАН100001         form: figures in Latin, letters in Cyrillic where both have one that looks like it
//! ```
//!
//! Figures are what stands before the last two letters, when all of it can be figures of a Roman number: letters of either alphabet, one-sign
//! numerals, the digit 1, or an Arabic number.

use super::name::{cyrillic, is_dash};

/// Appends the form of a document number to `out`: upper case, letters and digits alone, Roman numbers in Latin, series in Cyrillic where Latin letters
/// look like it. Returns the place in `out` from which digits alone follow; where the form begins when it does not end in digits.
pub fn normalise_document_number(text: &str, out: &mut String) -> usize {
    let start = out.len();
    match Signs::of(text) {
        Some(signs) => signs.write(out),
        None => {
            let signs = text.chars().flat_map(char::to_uppercase).filter(|sign| sign.is_alphanumeric());
            out.extend(signs.map(series_letter));
        }
    }
    let digits = out[start..].bytes().rev().take_while(u8::is_ascii_digit).count();
    if digits == 0 { start } else { out.len() - digits }
}

/// What [`normalise_document_number`] makes of a short number of digits, perhaps with blanks, dashes and a `№`: without allocating; `None` for others.
#[inline]
pub fn normalise_document_digits(text: &[u8]) -> Option<([u8; SHORT_DOCUMENT_NUMBER_BYTES], usize)> {
    const SIGN: &[u8] = "№".as_bytes();
    if text.len() > SHORT_DOCUMENT_NUMBER_BYTES {
        return None;
    }
    let (mut form, mut length, mut rest) = ([0; SHORT_DOCUMENT_NUMBER_BYTES], 0, text);
    while let Some((&byte, behind)) = rest.split_first() {
        rest = match byte {
            b'0'..=b'9' => {
                form[length % SHORT_DOCUMENT_NUMBER_BYTES] = byte;
                length += 1;
                behind
            }
            b'\t'..=b'\r' | b' ' | b'-' => behind,
            _ => rest.strip_prefix(SIGN)?,
        };
    }
    Some((form, length))
}

/// The longest text that [`normalise_document_digits`] takes, in bytes.
pub const SHORT_DOCUMENT_NUMBER_BYTES: usize = 32;

/// Longer numbers are not looked at for figures.
const MOST_SIGNS: usize = 48;

/// Letters and digits of a number in upper case; a small Latin `l` stays, since it may be meant as I.
struct Signs {
    signs: [char; MOST_SIGNS],
    count: usize,
    /// A bit for each sign that does not follow the one before directly.
    apart: u64,
    /// Whether the number has a small x, so that a small l beside it is an L.
    has_small_x: bool,
}

impl Signs {
    fn of(text: &str) -> Option<Self> {
        let mut signs = Self { signs: ['\0'; MOST_SIGNS], count: 0, apart: 0, has_small_x: false };
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

    fn write(&self, out: &mut String) {
        let signs = &self.signs[..self.count];
        let digits = signs.iter().rev().take_while(|sign| sign.is_ascii_digit()).count();
        let (head, digits) = signs.split_at(self.count - digits);
        let head = if digits.is_empty() { head } else { self.without_number_mark(head) };
        let figures = if digits.is_empty() { None } else { self.figures(head, out) };
        out.extend(head[figures.unwrap_or(0)..].iter().copied().map(series_letter));
        out.extend(digits);
    }

    /// The signs before the digits without an `N` or `No` that stands by itself for `№`. At the beginning it is a series.
    fn without_number_mark<'s>(&self, head: &'s [char]) -> &'s [char] {
        let marked = match *head {
            [_, .., 'N'] => head.len() - 1,
            [_, .., 'N', 'O' | 'О'] if head.len() > 2 => head.len() - 2,
            _ => return head,
        };
        if self.apart >> marked & 1 == 1 { &head[..marked] } else { head }
    }

    /// Writes the figures in front of the last two letters; returns how many signs they are.
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

    /// The Roman figures that a sign in their place is meant to be.
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

/// U+2160 to U+216F; the small ones follow in the same order.
const ONE_SIGN_NUMERALS: [&str; 16] =
    ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "L", "C", "D", "M"];

/// A letter of a series in the alphabet in which it is compared.
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

    fn form(text: &str) -> String {
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
            assert_eq!(form(spelling), "IЗР123204", "{spelling}");
        }
    }

    #[test]
    fn roman_numbers_are_compared_in_latin_whatever_they_are_typed_in() {
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
                assert_eq!(form(spelling), expected, "{spelling}");
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
        let mut forms: Vec<String> = numbers.iter().map(|number| form(number)).collect();
        forms.sort();
        forms.dedup();
        assert_eq!(forms.len(), numbers.len(), "{forms:?}");
    }

    #[test]
    fn digits_stay_digits_and_both_ways_to_them_agree() {
        for (number, expected) in [
            ("00 00 № 000000", "0000000000"),
            ("45 11-111111", "4511111111"),
            (" № ", ""),
            ("", ""),
            ("№ 12 № 3", "123"),
            ("\u{b}1\t1", "11"),
        ] {
            assert_eq!(form(number), expected, "{number}");
            let (digits, length) = normalise_document_digits(number.as_bytes()).expect("digits alone");
            assert_eq!(&digits[..length], expected.as_bytes(), "{number}");
        }
        for other in ["АБ 1", "I-1", "1\u{A0}1", "1–1", "1.1", &"1".repeat(SHORT_DOCUMENT_NUMBER_BYTES + 1)] {
            assert!(normalise_document_digits(other.as_bytes()).is_none(), "{other}");
        }
        assert_eq!(form("12–34—56"), "123456");
        assert_eq!(form(&"1 ".repeat(100)), "1".repeat(100));
    }

    #[test]
    fn the_digits_at_the_end_are_told() {
        for (number, digits) in
            [("II-АН 100001", "100001"), ("18 05 № 100001", "1805100001"), ("ABC", "АВС"), ("", ""), ("1А", "1А")]
        {
            let mut out = String::new();
            let from = normalise_document_number(number, &mut out);
            assert_eq!(&out[from..], digits, "{number}");
        }
    }
}
