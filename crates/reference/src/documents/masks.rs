//! Masks of series and number of identity documents. Does not know the kinds of documents.
//!
//! Two functions compare a number with a mask: a fast one on bytes that recognises nearly all right numbers, and a slow one on characters that
//! decides the rest.

use super::MaskFit;

/// Most characters of a mask, and of a number that can fit one.
const CHARACTERS_MAX: usize = 64;

/// Mask of series and number, without blanks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mask {
    parts: Vec<Part>,
}

/// Part of a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Digits, from `least` to `most` of them.
    Digits { least: usize, most: usize },
    /// An exact number of Cyrillic capitals.
    Letters(usize),
    /// A Roman number.
    Roman,
    /// Characters of any kind, up to this number.
    Any(usize),
    /// A dash.
    Dash,
}

impl Mask {
    /// The mask of a series and a number. `None` when there is none, its notation is unknown, or it is longer than [`CHARACTERS_MAX`].
    pub(super) fn read(series: &str, number: &str) -> Option<Self> {
        if series.chars().chain(number.chars()).count() > CHARACTERS_MAX {
            return None;
        }
        let mut parts: Vec<Part> = Vec::new();
        for sign in series.chars().chain(number.chars()).filter(|sign| !sign.is_whitespace()) {
            let next = match sign {
                '9' => Part::Digits { least: 1, most: 1 },
                '0' => Part::Digits { least: 0, most: 1 },
                'Б' => Part::Letters(1),
                'R' => Part::Roman,
                'S' => Part::Any(1),
                '-' => Part::Dash,
                _ => return None,
            };
            match (parts.last_mut(), next) {
                (Some(Part::Digits { least, most }), Part::Digits { least: more, .. }) => {
                    (*least, *most) = (*least + more, *most + 1)
                }
                (Some(Part::Letters(count)), Part::Letters(_)) | (Some(Part::Any(count)), Part::Any(_)) => *count += 1,
                _ => parts.push(next),
            }
        }
        (!number.trim().is_empty()).then_some(Self { parts })
    }

    /// Compares a number with the mask.
    #[inline]
    pub(super) fn fit(&self, number: &[u8]) -> MaskFit {
        let surely_fits = match self.parts[..] {
            [Part::Digits { least, most }] => count_digits(number).is_some_and(|digits| (least..=most).contains(&digits)),
            ref parts => surely_fits(parts, number),
        };
        if surely_fits { MaskFit::Fits } else { self.fit_by_characters(number) }
    }

    /// Compares any number with the mask, character by character.
    pub(super) fn fit_by_characters(&self, number: &[u8]) -> MaskFit {
        let mut signs = ['\0'; CHARACTERS_MAX];
        let mut count = 0;
        for sign in str::from_utf8(number).unwrap_or("?").chars().filter(|&sign| sign != '№' && !sign.is_whitespace()) {
            let Some(next) = signs.get_mut(count) else { return MaskFit::Unfit };
            *next = sign;
            count += 1;
        }
        fit(&self.parts, &signs[..count])
    }
}

/// Number of digits in a text of 9 to 16 digits and blanks; `None` for any other text.
///
/// The first eight bytes and the last eight are read as two numbers, which overlap when the text has fewer than 16 bytes:
///
/// ```text
/// text            9  8  ␣  0  5  ␣  1  0  0  0  0  1        12 bytes
/// head            9  8  ␣  0  5  ␣  1  0
/// tail                        5  ␣  1  0  0  0  0  1
/// blanks of tail              00 80 00 00 00 00 00 00       the top bit of each byte that is a blank
/// shift           the head has 16 − 12 = 4 bytes of the tail already, so they are shifted out
/// ```
///
/// `byte ^ ' '` is 0 for a blank, and `byte ^ '0'` is 0 to 9 for a digit. Adding 0x7F (or 0x76) sets the top bit of every other byte. All top bits are
/// clear before, so no byte carries into the next one.
#[inline]
fn count_digits(number: &[u8]) -> Option<usize> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const TOP: u64 = 0x80 * EACH;
    let (9..=16, Some(head), Some(tail)) = (number.len(), number.first_chunk(), number.last_chunk()) else { return None };
    let read = |eight: &[u8; 8]| -> Option<u64> {
        let word = u64::from_le_bytes(*eight);
        if word & TOP != 0 {
            return None;
        }
        let blanks = !((word ^ (u64::from(b' ') * EACH)) + 0x7F * EACH) & TOP;
        let digits = !((word ^ (u64::from(b'0') * EACH)) + (0x7F - 9) * EACH) & TOP;
        (blanks | digits == TOP).then_some(blanks)
    };
    let blanks = (read(head)?, read(tail)?);
    // Bytes that both halves have are counted once.
    let in_tail = blanks.1 >> (8 * (16 - number.len()));
    let count = |blanks: u64| ((blanks >> 7).wrapping_mul(EACH) >> 56) as usize;
    Some(number.len() - count(blanks.0) - count(in_tail))
}

/// Whether series and number surely fit: a single pass from the left, without a choice of lengths, in the right
/// letters. Nearly all numbers are written in this way. `false` decides nothing.
fn surely_fits(parts: &[Part], number: &[u8]) -> bool {
    let mut rest = number;
    for part in parts {
        rest = rest.trim_ascii_start();
        let read = match *part {
            Part::Dash => rest.strip_prefix(b"-"),
            Part::Letters(count) => behind_capitals(rest, count),
            Part::Digits { least, most } if least == most => behind_digits(rest, least),
            // Digits and arbitrary characters have a choice of lengths.
            Part::Digits { .. } | Part::Any(_) => None,
            Part::Roman => behind_roman(rest),
        };
        let Some(behind) = read else { return false };
        rest = behind;
    }
    rest.trim_ascii().is_empty()
}

/// The text behind an exact number of Cyrillic capitals.
fn behind_capitals(text: &[u8], count: usize) -> Option<&[u8]> {
    let (letters, rest) = text.split_at_checked(2 * count)?;
    let (pairs, _) = letters.as_chunks();
    pairs.iter().all(|pair| matches!(*pair, [0xD0, 0x90..=0xAF | 0x81])).then_some(rest)
}

/// The text behind an exact number of digits.
fn behind_digits(text: &[u8], count: usize) -> Option<&[u8]> {
    let (digits, rest) = text.split_at_checked(count)?;
    digits.iter().all(u8::is_ascii_digit).then_some(rest)
}

/// The text behind a Roman number that a dash follows.
fn behind_roman(text: &[u8]) -> Option<&[u8]> {
    let mut figures = ['\0'; 8];
    let length = text.iter().take_while(|&&byte| matches!(byte, b'I' | b'V' | b'X' | b'L' | b'C' | b'D' | b'M')).count();
    let figures = figures.get_mut(..length)?;
    figures.iter_mut().zip(text).for_each(|(figure, &byte)| *figure = char::from(byte));
    let rest = &text[length..];
    (is_roman(figures) && rest.trim_ascii_start().first() == Some(&b'-')).then_some(rest)
}

/// Compares characters with parts; tries the longest length of a part first, then shorter ones.
fn fit(parts: &[Part], text: &[char]) -> MaskFit {
    let Some((part, rest)) = parts.split_first() else {
        return if text.is_empty() { MaskFit::Fits } else { MaskFit::Unfit };
    };
    match *part {
        Part::Dash => fit_behind(rest, text, 1..=1, |sign| sign == '-'),
        Part::Letters(count) => fit_behind(rest, text, count..=count, |sign| matches!(sign, 'А'..='Я' | 'Ё')),
        Part::Digits { least, most } => fit_behind(rest, text, least..=most, |sign| sign.is_ascii_digit()),
        Part::Any(most) => fit_behind(rest, text, 0..=most, |_| true),
        Part::Roman => {
            let figures = text.iter().take_while(|&&sign| figure(sign).is_some()).count();
            let fits = |length: usize| match (is_roman(&text[..length]), fit(rest, &text[length..])) {
                (true, fit) if fit != MaskFit::Unfit && text[..length].iter().any(|&sign| !sign.is_ascii_alphabetic()) => {
                    MaskFit::CyrillicFigures
                }
                (true, fit) => fit,
                (false, _) => MaskFit::Unfit,
            };
            (1..=figures).rev().map(fits).find(|fit| *fit != MaskFit::Unfit).unwrap_or(MaskFit::Unfit)
        }
    }
}

/// Compares a part with the start of the text, and the other parts with the rest: the longest start for which the rest fits decides.
fn fit_behind(
    rest: &[Part],
    text: &[char],
    lengths: std::ops::RangeInclusive<usize>,
    is_of_kind: impl Fn(char) -> bool,
) -> MaskFit {
    let longest = text.iter().take(*lengths.end()).take_while(|&&sign| is_of_kind(sign)).count();
    let mut fits = (*lengths.start()..=longest).rev().map(|length| fit(rest, &text[length..]));
    fits.find(|fit| *fit != MaskFit::Unfit).unwrap_or(MaskFit::Unfit)
}

/// The Roman figure that a sign stands for.
fn figure(sign: char) -> Option<char> {
    match sign {
        'I' | 'V' | 'X' | 'L' | 'C' | 'D' | 'M' => Some(sign),
        '1' => Some('I'),
        'У' => Some('V'),
        'Х' => Some('X'),
        'Л' => Some('L'),
        'С' => Some('C'),
        _ => None,
    }
}

/// Whether figures are a Roman number in the subtractive notation: IV, not IIII.
fn is_roman(figures: &[char]) -> bool {
    let mut rest = figures;
    for (one, five, ten) in [('M', '\0', '\0'), ('C', 'D', 'M'), ('X', 'L', 'C'), ('I', 'V', 'X')] {
        rest = behind_decade(rest, one, five, ten);
    }
    !figures.is_empty() && rest.is_empty()
}

/// The figures behind those of one decimal digit.
fn behind_decade(figures: &[char], one: char, five: char, ten: char) -> &[char] {
    let at = |index: usize| figures.get(index).and_then(|&sign| figure(sign));
    if at(0) == Some(one) && (at(1) == Some(five) || at(1) == Some(ten)) {
        return &figures[2..];
    }
    let fives = usize::from(at(0) == Some(five));
    let ones = (fives..fives + 3).take_while(|&index| at(index) == Some(one)).count();
    &figures[fives + ones..]
}

#[cfg(test)]
mod tests {
    use super::super::DocumentKinds;
    use super::*;

    #[test]
    fn both_comparisons_agree() {
        let kinds = DocumentKinds::new(None);
        let pieces = [
            "", " ", "9", "12", "00", "1234", "100001", "I", "IV", "IIII", "1", "Х", "АБ", "Ё", "аБ", "A", "-", "№", "\u{A0}",
            "x",
        ];
        let mut seen = [0; 2];
        for kind in (1..=28).filter_map(|number: u8| kinds.find(number.to_string().as_bytes())) {
            let Some(mask) = &kind.mask else { continue };
            for choice in 0..pieces.len().pow(3) {
                let [first, second, third] = [1, 20, 400].map(|place| pieces[choice / place % pieces.len()]);
                for number in [
                    format!("{first}{second}{third}"),
                    format!("{first} {second}{third} 100001"),
                    format!("{first}-{second}{third}100001"),
                ] {
                    let fit = kind.fit(number.as_bytes());
                    assert_eq!(fit, mask.fit_by_characters(number.as_bytes()), "{number} of kind {:?}", kind.kind);
                    let at_sight = surely_fits(&mask.parts, number.as_bytes());
                    assert!(!at_sight || fit == MaskFit::Fits, "{number} of kind {:?}", kind.kind);
                    seen[usize::from(at_sight)] += 1;
                }
            }
        }
        assert!(seen[0] > 10_000 && seen[1] > 100, "{seen:?}");
    }

    #[test]
    fn digits_are_counted_among_blanks() {
        for length in 0..20 {
            let number: Vec<u8> = (0..length).map(|place| if place % 3 == 2 { b' ' } else { b'0' + place % 10 }).collect();
            let digits = number.iter().filter(|byte| **byte != b' ').count();
            assert_eq!(count_digits(&number), (9..=16).contains(&length).then_some(digits), "{length}");
            for place in 0..number.len() {
                for other in [b'/', b':', b'-', b'a', 0, 0xA0, 0xB0, 0xFF] {
                    let mut number = number.clone();
                    number[place] = other;
                    assert_eq!(count_digits(&number), None, "{number:?}");
                }
            }
        }
    }

    #[test]
    fn exactly_the_numbers_to_3999_are_roman() {
        let mut all = std::collections::BTreeSet::new();
        let places = [
            ["", "M", "MM", "MMM", "", "", "", "", "", ""],
            ["", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM"],
            ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"],
            ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"],
        ];
        for number in 1..4000 {
            let digits = [number / 1000, number / 100 % 10, number / 10 % 10, number % 10];
            all.insert(digits.iter().zip(places).map(|(&digit, place)| place[digit]).collect::<String>());
        }
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            texts =
                texts.iter().flat_map(|text| ["", "I", "V", "X", "L", "C", "M"].map(|more| format!("{text}{more}"))).collect();
        }
        for text in texts {
            let signs: Vec<char> = text.chars().collect();
            assert_eq!(is_roman(&signs), all.contains(&text), "{text}");
        }
    }
}
