//! Evidence against a declared encoding: the encoding that the bytes are in instead, where that is nearly certain (SEM-008).
//!
//! There are three kinds of evidence. Bytes of a code page are hardly ever valid UTF-8, and valid UTF-8 is hardly ever anything else. Russian read in a
//! wrong code page has signs for letters, or letters side by side that never are in Russian. A text of one byte a character has no zero bytes.

use super::{BeyondAscii, Encoding, Utf8Parts, looks_like_utf8, looks_like_utf16};

/// Least number of UTF-8 letters that prove anything: two bytes of a code page may be one by chance.
const LEAST_UTF8_LETTERS: usize = 2;
/// Least number of valid bytes beyond ASCII for each broken one in a text of UTF-8.
const UTF8_TO_BROKEN: usize = 16;
/// Least number of bytes beyond ASCII that say anything about a code page.
const LEAST_PAGE_BYTES: i64 = 6;
/// Least number of bytes beyond ASCII that distinguish two code pages that both have letters there (windows-1251 and
/// KOI8-R).
const LEAST_BYTES_OF_LETTERS: i64 = 60;
/// Least average weight of a letter in Russian, in tenths. Russian has 20 to 35, and less than 17 in a wrong code page.
const RUSSIAN_TENTHS: i64 = 15;
/// Most average weight of nonsense, in tenths: most of its characters are no letters.
const NONSENSE_TENTHS: i64 = -5;
/// Least advantage of the right code page over another one with letters, in tenths.
const BETTER_TENTHS: i64 = 8;

/// The encoding of samples of a text, if it is nearly certain that they are not in the declared one.
pub(super) fn against(declared: Encoding, samples: &[&[u8]]) -> Option<Encoding> {
    let is_text_of_bytes = || samples.iter().all(|sample| memchr::memchr(0, sample).is_none());
    match declared {
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let is_empty = samples.iter().all(|sample| sample.len() < 4);
            (!is_empty && is_text_of_bytes()).then(|| super::likely(samples))
        }
        _ if samples.iter().all(|sample| sample.is_ascii()) && is_text_of_bytes() => None,
        Encoding::Utf8 => of_utf16(samples).or_else(|| {
            if looks_like_utf8(samples) {
                return None;
            }
            let text = BeyondAscii::in_samples(samples);
            let likely = text.likely_code_page();
            Fit::of_code_page(likely, &text)?.is_russian().then_some(likely)
        }),
        _ if is_utf8(samples) => Some(Encoding::Utf8),
        _ => of_utf16(samples).or_else(|| {
            let text = BeyondAscii::in_samples(samples);
            let likely = text.likely_code_page();
            if likely == declared {
                return None;
            }
            let (found, declared_fit) = (Fit::of_code_page(likely, &text)?, Fit::of_code_page(declared, &text)?);
            (found.is_russian() && found.outweighs(declared_fit)).then_some(likely)
        }),
    }
}

/// Whether bytes beyond ASCII are letters of UTF-8, except for a few broken ones.
fn is_utf8(samples: &[&[u8]]) -> bool {
    let (mut letters, mut valid, mut broken) = (0, 0, 0);
    for part in samples.iter().flat_map(|sample| Utf8Parts { rest: sample }) {
        letters += part.valid.chars().filter(|letter| matches!(letter, 'А'..='я' | 'Ё' | 'ё')).count();
        valid += part.valid.bytes().filter(|byte| !byte.is_ascii()).count();
        broken += part.broken;
    }
    letters >= LEAST_UTF8_LETTERS && broken * UTF8_TO_BROKEN <= valid
}

/// The encoding of a text of UTF-16 without a byte order mark.
fn of_utf16(samples: &[&[u8]]) -> Option<Encoding> {
    let has_zeros = samples.iter().any(|sample| memchr::memchr(0, sample).is_some());
    let orders = [Encoding::Utf16Le, Encoding::Utf16Be];
    orders.into_iter().find(|&order| has_zeros && looks_like_utf16(samples, order))
}

/// The fit of a code page to a text.
#[derive(Clone, Copy)]
struct Fit {
    /// Number of bytes beyond ASCII.
    bytes: i64,
    /// Average weight of the bytes, in tenths.
    tenths: i64,
}

impl Fit {
    /// The fit of a code page to the bytes beyond ASCII; `None` when there are none.
    fn of_code_page(encoding: Encoding, text: &BeyondAscii) -> Option<Self> {
        let (bytes, sum) = (text.count as i64, text.plausibility(encoding.code_page()?));
        (bytes > 0).then(|| Self { bytes, tenths: 10 * sum / bytes })
    }

    fn is_russian(self) -> bool {
        self.bytes >= LEAST_PAGE_BYTES && self.tenths >= RUSSIAN_TENTHS
    }

    fn outweighs(self, declared: Self) -> bool {
        declared.tenths <= NONSENSE_TENTHS
            || (self.bytes >= LEAST_BYTES_OF_LETTERS && self.tenths >= declared.tenths + BETTER_TENTHS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::encoded;

    const NAMES: &str = "98001;ЛИПОВА;АННА;ПЕТРОВНА;1984-03-05\n98001;Хабибуллин;Ильдар;Хамитович;1970-01-01\n98001;ЩЕРБАКОВ;ЮРИЙ;ФЁДОРОВИЧ;1980-05-06\n";

    #[test]
    fn every_wrong_declaration_is_found() {
        let pages = [Encoding::Windows1251, Encoding::Cp866, Encoding::Koi8R];
        let all = [Encoding::Utf8].into_iter().chain(pages);
        for written in all.clone() {
            let bytes = encoded(written, NAMES);
            for declared in all.clone().filter(|declared| *declared != written) {
                assert_eq!(against(declared, &[&bytes]), Some(written), "{written:?} declared as {declared:?}");
            }
            assert_eq!(against(written, &[&bytes]), None, "{written:?}");
        }
        assert_eq!(against(Encoding::Windows1251, &[&encoded(Encoding::Utf16Le, NAMES)]), Some(Encoding::Utf16Le));
        assert_eq!(against(Encoding::Utf16Le, &[&encoded(Encoding::Windows1251, NAMES)]), Some(Encoding::Windows1251));
    }

    #[test]
    fn a_line_of_three_words_is_enough_between_pages_of_dos_and_windows() {
        for (line, declared, written) in [
            ("ЛИПОВА АННА ПЕТРОВНА", Encoding::Cp866, Encoding::Windows1251),
            ("Клёнов Пётр Ильич", Encoding::Cp866, Encoding::Windows1251),
            ("Клёнов Пётр Ильич", Encoding::Windows1251, Encoding::Cp866),
            ("ЛИ", Encoding::Windows1251, Encoding::Utf8),
        ] {
            assert_eq!(against(declared, &[&encoded(written, line)]), Some(written), "{line}");
        }
    }

    #[test]
    fn what_is_not_sure_leaves_the_declaration_alone() {
        for (line, written) in [
            ("1;2;3", Encoding::Windows1251),
            ("С;№ 5", Encoding::Windows1251),
            ("С№", Encoding::Windows1251),
            ("РЁ", Encoding::Windows1251),
            ("ЦХАЙ ФЭН", Encoding::Windows1251),
            ("ЦХАЙ ФЭН ШАХ ЮЩУК ЦЫЦЯ ЭФЁЖХ МЫШЬ ЮЙ", Encoding::Windows1251),
            ("БЕРЁЗОВА", Encoding::Koi8R),
        ] {
            assert_eq!(against(written, &[&encoded(written, line)]), None, "{line}");
        }
        let broken = [NAMES.as_bytes(), b"\xC7\xE0\xF0"].concat();
        assert_eq!(against(Encoding::Utf8, &[&broken]), None, "UTF-8 with a broken word");
        assert_eq!(against(Encoding::Windows1251, &[&broken]), Some(Encoding::Utf8));
    }
}
