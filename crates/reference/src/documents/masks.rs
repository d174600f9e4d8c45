//! What series and number of a kind of documents look like. Does not know the kinds.

use super::MaskFit;

/// Most characters of a number that is held against a mask, and of a mask.
const MOST_CHARACTERS: usize = 64;

/// What series and number look like, without blanks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mask {
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// So many digits.
    Digits {
        least: usize,
        most: usize,
    },
    /// So many Cyrillic capitals.
    Letters(usize),
    /// A Roman number.
    Roman,
    /// At most so many characters of any kind.
    Any(usize),
    Dash,
}

impl Mask {
    /// The mask of a series and a number; `None` when there is none, or one in another notation or for longer numbers than are looked at.
    pub(super) fn read(series: &str, number: &str) -> Option<Self> {
        if series.chars().chain(number.chars()).count() > MOST_CHARACTERS {
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

    #[inline]
    pub(super) fn fit(&self, number: &[u8]) -> MaskFit {
        let fits_at_sight = match self.parts[..] {
            [Part::Digits { least, most }] => plain_digits(number).is_some_and(|digits| (least..=most).contains(&digits)),
            ref parts => fit_at_sight(parts, number),
        };
        if fits_at_sight { MaskFit::Fits } else { self.fit_of_any(number) }
    }

    pub(super) fn fit_of_any(&self, number: &[u8]) -> MaskFit {
        let mut signs = ['\0'; MOST_CHARACTERS];
        let mut count = 0;
        for sign in str::from_utf8(number).unwrap_or("?").chars().filter(|&sign| sign != '№' && !sign.is_whitespace()) {
            let Some(place) = signs.get_mut(count) else { return MaskFit::Unfit };
            *place = sign;
            count += 1;
        }
        fit(&self.parts, &signs[..count])
    }
}

/// How many digits a number of 9 to 16 digits and blanks has; `None` of any other.
#[inline]
fn plain_digits(number: &[u8]) -> Option<usize> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const TOP: u64 = 0x80 * EACH;
    let (9..=16, Some(head), Some(tail)) = (number.len(), number.first_chunk(), number.last_chunk()) else { return None };
    // Eight bytes at once: the top bit of each says what it is.
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
    // What both have is counted once.
    let in_tail = blanks.1 >> (8 * (16 - number.len()));
    let count = |blanks: u64| ((blanks >> 7).wrapping_mul(EACH) >> 56) as usize;
    Some(number.len() - count(blanks.0) - count(in_tail))
}

/// Whether series and number are surely of these parts: read from the left, without a choice of lengths, in the right letters, as nearly all are. `false`
/// says nothing.
fn fit_at_sight(parts: &[Part], number: &[u8]) -> bool {
    let mut rest = number;
    for part in parts {
        rest = rest.trim_ascii_start();
        let read = match *part {
            Part::Dash => rest.strip_prefix(b"-"),
            Part::Letters(count) => behind_capitals(rest, count),
            Part::Digits { least, most } if least == most => behind_digits(rest, least),
            // A choice of lengths.
            Part::Digits { .. } | Part::Any(_) => None,
            Part::Roman => behind_roman(rest),
        };
        let Some(behind) = read else { return false };
        rest = behind;
    }
    rest.trim_ascii().is_empty()
}

fn behind_capitals(text: &[u8], count: usize) -> Option<&[u8]> {
    let (letters, rest) = text.split_at_checked(2 * count)?;
    let (pairs, _) = letters.as_chunks();
    pairs.iter().all(|pair| matches!(*pair, [0xD0, 0x90..=0xAF | 0x81])).then_some(rest)
}

fn behind_digits(text: &[u8], count: usize) -> Option<&[u8]> {
    let (digits, rest) = text.split_at_checked(count)?;
    digits.iter().all(u8::is_ascii_digit).then_some(rest)
}

/// What follows a Roman number in front of a dash.
fn behind_roman(text: &[u8]) -> Option<&[u8]> {
    let mut figures = ['\0'; 8];
    let length = text.iter().take_while(|&&byte| matches!(byte, b'I' | b'V' | b'X' | b'L' | b'C' | b'D' | b'M')).count();
    let figures = figures.get_mut(..length)?;
    figures.iter_mut().zip(text).for_each(|(figure, &byte)| *figure = char::from(byte));
    let rest = &text[length..];
    (is_roman(figures) && rest.trim_ascii_start().first() == Some(&b'-')).then_some(rest)
}

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

/// Whether the text begins with so many signs of a kind, and what follows them fits: the longest beginning for which it does.
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

/// The Roman figure that a sign is meant to be.
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

/// Whether figures are a Roman number as it is written since the Middle Ages: IV, not IIII.
fn is_roman(figures: &[char]) -> bool {
    let mut rest = figures;
    for (one, five, ten) in [('M', '\0', '\0'), ('C', 'D', 'M'), ('X', 'L', 'C'), ('I', 'V', 'X')] {
        rest = behind_decade(rest, one, five, ten);
    }
    !figures.is_empty() && rest.is_empty()
}

/// What follows the figures of one decimal place.
fn behind_decade(figures: &[char], one: char, five: char, ten: char) -> &[char] {
    let at = |place: usize| figures.get(place).and_then(|&sign| figure(sign));
    if at(0) == Some(one) && (at(1) == Some(five) || at(1) == Some(ten)) {
        return &figures[2..];
    }
    let fives = usize::from(at(0) == Some(five));
    let ones = (fives..fives + 3).take_while(|&place| at(place) == Some(one)).count();
    &figures[fives + ones..]
}

#[cfg(test)]
mod tests {
    use super::super::DocumentKinds;
    use super::*;

    #[test]
    fn what_fits_at_sight_fits_when_looked_at() {
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
                    assert_eq!(fit, mask.fit_of_any(number.as_bytes()), "{number} of kind {}", kind.number);
                    let at_sight = fit_at_sight(&mask.parts, number.as_bytes());
                    assert!(!at_sight || fit == MaskFit::Fits, "{number} of kind {}", kind.number);
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
            assert_eq!(plain_digits(&number), (9..=16).contains(&length).then_some(digits), "{length}");
            for place in 0..number.len() {
                for other in [b'/', b':', b'-', b'a', 0, 0xA0, 0xB0, 0xFF] {
                    let mut number = number.clone();
                    number[place] = other;
                    assert_eq!(plain_digits(&number), None, "{number:?}");
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
