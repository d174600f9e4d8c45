//! Kinds of identity documents with what their series and numbers look like: those that are built in, and what the dictionary F011 of the job adds.
//!
//! Does not know who may have which kind, nor until when: see the settings of documents.

use std::collections::BTreeMap;

use super::{Dictionary, DocumentMasks};

/// The kinds that are known anyway, with the masks of series and number in the notation of [`DocumentMasks`]; of kinds without masks nothing is known.
const BUILT_IN: [(u8, &str, &str); 26] = [
    (1, "R-ББ", "999999"),
    (2, "SSSSSSSS", "00000009"),
    (3, "R-ББ", "999999"),
    (4, "ББ", "9999999"),
    (5, "SSSSSSSS", "00000009"),
    (6, "ББ", "999999"),
    (7, "ББ", "9999990"),
    (8, "99", "9999999"),
    (9, "SSSSSSSS", "0000000009"),
    (10, "SSSSSSSS", "00000009"),
    (11, "SSSSSSSS", "00000009"),
    (12, "SSSSSSSS", "00000009"),
    (13, "SSSSSSSS", "00000009"),
    (14, "99 99", "999999"),
    (15, "99", "9999999"),
    (16, "ББ", "9999990"),
    (17, "ББ", "999999"),
    (18, "SSSSSSSS", "0000000009"),
    (20, "SSSSSSSS", "0000000009"),
    (21, "SSSSSSSS", "0000000009"),
    (22, "SSSSSSSS", "0000000009"),
    (23, "SSSSSSSS", "00000009"),
    (24, "SSSSSSSS", "00000009"),
    (25, "ББ", "9999999"),
    // Seen in use, without a text that says what they are.
    (27, "", ""),
    (28, "", ""),
];

/// Most characters of a number that is held against a mask, and of a mask.
const MOST_CHARACTERS: usize = 64;

/// The kinds of identity documents.
#[derive(Clone, Debug)]
pub struct DocumentKinds {
    /// By number.
    numbered: Vec<Option<DocumentKind>>,
    /// Kinds whose codes are no numbers from 1 to 99.
    others: BTreeMap<String, DocumentKind>,
}

/// A kind of identity documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentKind {
    /// The number that is its code, 1 to [`DocumentKinds::MOST`]; 0 when it has another code.
    pub number: u8,
    mask: Option<Mask>,
}

/// Whether series and number are of their kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// They are, as far as is known.
    Fits,
    /// They are, with Roman figures typed in Cyrillic letters (or a one for I).
    CyrillicFigures,
    /// They are not.
    Unfit,
}

impl DocumentKinds {
    /// The largest number that is a code.
    pub const MOST: u8 = 99;

    /// The built-in kinds, and those of the dictionary whenever these were in force. A mask of the dictionary outranks the built-in one.
    #[must_use]
    pub fn new(dictionary: Option<&Dictionary<DocumentMasks>>) -> Self {
        let mut kinds = Self { numbered: vec![None; usize::from(Self::MOST) + 1], others: BTreeMap::new() };
        for (number, series, of_number) in BUILT_IN {
            kinds.numbered[usize::from(number)] = Some(DocumentKind { number, mask: Mask::read(series, of_number) });
        }
        // Of one code the latest entry comes last.
        for entry in dictionary.map_or(&[][..], Dictionary::entries) {
            let mask = Mask::read(&entry.details.series, &entry.details.number);
            let known = match number_of(entry.code.as_bytes()) {
                Some(number) => kinds.numbered[usize::from(number)].get_or_insert(DocumentKind { number, mask: None }),
                None => kinds.others.entry(entry.code.clone()).or_insert(DocumentKind { number: 0, mask: None }),
            };
            known.mask = mask.or_else(|| known.mask.take());
        }
        kinds
    }

    /// The kind of a code, without blanks around it.
    #[must_use]
    #[inline]
    pub fn find(&self, code: &[u8]) -> Option<&DocumentKind> {
        match number_of(code) {
            Some(number) => self.numbered[usize::from(number)].as_ref(),
            None => self.find_other(code),
        }
    }

    #[cold]
    fn find_other(&self, code: &[u8]) -> Option<&DocumentKind> {
        self.others.get(str::from_utf8(code).ok()?)
    }
}

/// A number from 1 to [`DocumentKinds::MOST`] without leading zeros.
#[inline]
fn number_of(code: &[u8]) -> Option<u8> {
    match *code {
        [ones @ b'1'..=b'9'] => Some(ones - b'0'),
        [tens @ b'1'..=b'9', ones @ b'0'..=b'9'] => Some((tens - b'0') * 10 + (ones - b'0')),
        _ => None,
    }
}

impl DocumentKind {
    /// Whether a series and number, one behind the other, are of this kind. Blanks and `№` may stand anywhere or be left out.
    #[must_use]
    #[inline]
    pub fn fit(&self, number: &[u8]) -> Fit {
        self.mask.as_ref().map_or(Fit::Fits, |mask| mask.fit(number))
    }
}

/// What series and number look like, without blanks.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mask {
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
    fn read(series: &str, number: &str) -> Option<Self> {
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
    fn fit(&self, number: &[u8]) -> Fit {
        let fits_at_sight = match self.parts[..] {
            [Part::Digits { least, most }] => plain_digits(number).is_some_and(|digits| (least..=most).contains(&digits)),
            ref parts => fit_at_sight(parts, number),
        };
        if fits_at_sight { Fit::Fits } else { self.fit_of_any(number) }
    }

    fn fit_of_any(&self, number: &[u8]) -> Fit {
        let mut signs = ['\0'; MOST_CHARACTERS];
        let mut count = 0;
        for sign in str::from_utf8(number).unwrap_or("?").chars().filter(|&sign| sign != '№' && !sign.is_whitespace()) {
            let Some(place) = signs.get_mut(count) else { return Fit::Unfit };
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

fn fit(parts: &[Part], text: &[char]) -> Fit {
    let Some((part, rest)) = parts.split_first() else {
        return if text.is_empty() { Fit::Fits } else { Fit::Unfit };
    };
    match *part {
        Part::Dash => fit_behind(rest, text, 1..=1, |sign| sign == '-'),
        Part::Letters(count) => fit_behind(rest, text, count..=count, |sign| matches!(sign, 'А'..='Я' | 'Ё')),
        Part::Digits { least, most } => fit_behind(rest, text, least..=most, |sign| sign.is_ascii_digit()),
        Part::Any(most) => fit_behind(rest, text, 0..=most, |_| true),
        Part::Roman => {
            let figures = text.iter().take_while(|&&sign| figure(sign).is_some()).count();
            let fits = |length: usize| match (is_roman(&text[..length]), fit(rest, &text[length..])) {
                (true, fit) if fit != Fit::Unfit && text[..length].iter().any(|&sign| !sign.is_ascii_alphabetic()) => {
                    Fit::CyrillicFigures
                }
                (true, fit) => fit,
                (false, _) => Fit::Unfit,
            };
            (1..=figures).rev().map(fits).find(|fit| *fit != Fit::Unfit).unwrap_or(Fit::Unfit)
        }
    }
}

/// Whether the text begins with so many signs of a kind, and what follows them fits: the longest beginning for which it does.
fn fit_behind(rest: &[Part], text: &[char], lengths: std::ops::RangeInclusive<usize>, is_of_kind: impl Fn(char) -> bool) -> Fit {
    let longest = text.iter().take(*lengths.end()).take_while(|&&sign| is_of_kind(sign)).count();
    let mut fits = (*lengths.start()..=longest).rev().map(|length| fit(rest, &text[length..]));
    fits.find(|fit| *fit != Fit::Unfit).unwrap_or(Fit::Unfit)
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
    use super::*;

    fn assert_fits(kinds: &DocumentKinds, cases: &[(&str, &str, Fit)]) {
        for (code, number, expected) in cases {
            let kind = kinds.find(code.as_bytes()).expect("a known kind");
            assert_eq!(kind.fit(number.as_bytes()), *expected, "{number} of kind {code}");
        }
    }

    #[test]
    fn kinds_are_found_by_exactly_their_codes() {
        let kinds = DocumentKinds::new(None);
        assert_eq!(kinds.find(b"14").map(|kind| kind.number), Some(14));
        assert_eq!(kinds.find(b"3").map(|kind| kind.number), Some(3));
        for unknown in ["", "0", "03", "19", "26", "99", "100", "014", "П", " 14"] {
            assert_eq!(kinds.find(unknown.as_bytes()), None, "{unknown}");
        }
    }

    #[test]
    fn numbers_fit_with_and_without_blanks() {
        use Fit::{Fits, Unfit};
        assert_fits(
            &DocumentKinds::new(None),
            &[
                ("14", "98 05 100001", Fits),
                ("14", "9805 100001", Fits),
                ("14", "9805100001", Fits),
                ("14", "98 05 № 100001", Fits),
                ("14", "98\u{A0}05\t100001", Fits),
                ("14", "98 05 10000", Unfit),
                ("14", "98 05 1000011", Unfit),
                ("14", "98-05 100001", Unfit),
                ("14", "98 O5 100001", Unfit),
                ("14", "", Unfit),
                ("15", "71 1234567", Fits),
                ("15", "71 123456", Unfit),
                ("7", "АБ 123456", Fits),
                ("7", "АБ1234567", Fits),
                ("7", "АБ 12345", Unfit),
                ("7", "аБ 123456", Unfit),
                ("7", "AB 123456", Unfit),
                ("25", "ЁЯ 1234567", Fits),
                ("25", "А 1234567", Unfit),
                ("28", "whatever", Fits),
            ],
        );
    }

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
                    assert!(!at_sight || fit == Fit::Fits, "{number} of kind {}", kind.number);
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
    fn a_series_of_anything_may_be_absent_and_its_number_ends_in_a_digit() {
        use Fit::{Fits, Unfit};
        assert_fits(
            &DocumentKinds::new(None),
            &[
                ("23", "1", Fits),
                ("23", "12345678", Fits),
                ("23", "ABCDEFGH 12345678", Fits),
                ("23", "1234567812345678", Fits),
                ("23", "12345678123456789", Unfit),
                ("23", "ABCDEFGHI1", Unfit),
                ("23", "AA 12-3", Fits),
                ("23", "AA 1234567X", Unfit),
                ("21", "AB1234567890", Fits),
                ("21", "ABCDEFGH1234567890", Fits),
                ("21", "ABCDEFGH12345678901", Unfit),
            ],
        );
    }

    #[test]
    fn roman_series_may_be_typed_in_cyrillic_and_must_be_numbers() {
        use Fit::{CyrillicFigures, Fits, Unfit};
        assert_fits(
            &DocumentKinds::new(None),
            &[
                ("3", "II-АН 100003", Fits),
                ("3", "II-АН100003", Fits),
                ("3", "XXIV-АН 100003", Fits),
                ("3", "CDXLIV-АН 100003", Fits),
                ("3", "11-АН 100003", CyrillicFigures),
                ("3", "1У-АН 100003", CyrillicFigures),
                ("3", "ХЛ1-АН 100003", CyrillicFigures),
                ("3", "С-АН 100003", CyrillicFigures),
                ("3", "XХ-АН 100003", CyrillicFigures),
                ("3", "IIII-АН 100003", Unfit),
                ("3", "IIX-АН 100003", Unfit),
                ("3", "VV-АН 100003", Unfit),
                ("3", "1111-АН 100003", Unfit),
                ("3", "П-АН 100003", Unfit),
                ("3", "ii-АН 100003", Unfit),
                ("3", "-АН 100003", Unfit),
                ("3", "II АН 100003", Unfit),
                ("3", "II-AH 100003", Unfit),
                ("3", "II-АН 10000", Unfit),
                ("1", "XIV-ЯЯ 999999", Fits),
            ],
        );
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

    #[test]
    fn a_dictionary_adds_kinds_and_masks() {
        let zap = |code: &str, series: &str, number: &str| {
            format!("<zap IDDoc='{code}' DocName='x' DocSer='{series}' DocNum='{number}'/>")
        };
        let packet = [zap("14", "", ""), zap("15", "99", "99"), zap("19", "ББ", "9"), zap("А1", "", "90"), zap("3", "@", "9")];
        let packet = format!("<packet>{}</packet>", packet.concat());
        let dictionary = Dictionary::read_documents("F011.xml", packet.as_bytes()).expect("a dictionary");
        let kinds = DocumentKinds::new(Some(&dictionary));
        assert_fits(
            &kinds,
            &[
                ("14", "98 05 100001", Fit::Fits),
                ("14", "98 05", Fit::Unfit),
                ("15", "9999", Fit::Fits),
                ("15", "71 1234567", Fit::Unfit),
                ("19", "АБ 1", Fit::Fits),
                ("А1", "12", Fit::Fits),
                ("А1", "123", Fit::Unfit),
                ("3", "II-АН 100003", Fit::Fits),
                ("3", "1", Fit::Unfit),
            ],
        );
        assert_eq!(kinds.find("А1".as_bytes()).map(|kind| kind.number), Some(0));
        assert_eq!(kinds.find("А2".as_bytes()), None);
    }
}
