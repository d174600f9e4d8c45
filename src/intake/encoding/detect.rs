//! Which encoding a source is in: what its layout declares, or what its bytes look like.
//!
//! Only two samples of a source are looked at. What is taken is told in the manifest and in the summary, since a guess may be wrong.

use super::{CodePage, Encoding};

/// Bytes of a sample; one is taken from the beginning of a source, one from its middle.
const SAMPLE_BYTES: usize = 64 << 10;

/// The encoding that a source is read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceEncoding {
    /// The encoding.
    pub encoding: Encoding,
    /// Whether the source's bytes were asked, since its layout declares none.
    pub detected: bool,
}

/// A source whose byte order mark says something else than its layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the file begins with the byte order mark of {}, but its layout says `encoding = \"{}\"`; correct the layout, or leave `encoding` out",
    .found.name(),
    .declared.name()
)]
pub struct EncodingConflict {
    /// What the mark says.
    pub found: Encoding,
    /// What the layout says.
    pub declared: Encoding,
}

impl SourceEncoding {
    /// The encoding of a source of which `declared` is said, and the place after its byte order marks.
    ///
    /// # Errors
    /// When a byte order mark contradicts.
    pub(in crate::intake) fn of(bytes: &[u8], declared: Option<Encoding>) -> Result<(Self, usize), EncodingConflict> {
        let marked = Encoding::ALL
            .into_iter()
            .find(|encoding| !encoding.byte_order_mark().is_empty() && bytes.starts_with(encoding.byte_order_mark()));
        let encoding = match (marked, declared) {
            (Some(found), Some(declared)) if found != declared && !(found.is_utf16() && declared.is_utf16()) => {
                return Err(EncodingConflict { found, declared });
            }
            (Some(found), _) => found,
            (None, Some(declared)) => declared,
            (None, None) => likely(bytes),
        };
        let mut start = 0;
        // Programs that join files leave a second mark behind the first.
        while marked.is_some() && bytes[start..].starts_with(encoding.byte_order_mark()) {
            start += encoding.byte_order_mark().len();
        }
        Ok((Self { encoding, detected: declared.is_none() }, start))
    }
}

impl SourceEncoding {
    /// The byte order mark of UTF-16 at the beginning of a text that is none: delimiters and line ends of UTF-16 have bytes of zeros, and the text
    /// has not one.
    pub(in crate::intake) fn false_mark(bytes: &[u8]) -> Option<Encoding> {
        let utf16 = [Encoding::Utf16Le, Encoding::Utf16Be];
        let mark = utf16.into_iter().find(|encoding| bytes.starts_with(encoding.byte_order_mark()))?;
        let text = &bytes[mark.byte_order_mark().len()..];
        let sample = &text[..text.len().min(SAMPLE_BYTES)];
        (sample.len() > 2 && memchr::memchr(0, sample).is_none()).then_some(mark)
    }
}

/// The encoding that bytes without a mark look like.
fn likely(bytes: &[u8]) -> Encoding {
    let middle = ((bytes.len() / 2) & !1).max(SAMPLE_BYTES).min(bytes.len());
    let samples = [0, middle].map(|from| &bytes[from..bytes.len().min(from + SAMPLE_BYTES)]);
    if let Some(utf16) = [Encoding::Utf16Le, Encoding::Utf16Be].into_iter().find(|&order| looks_like_utf16(samples, order)) {
        return utf16;
    }
    if samples.iter().all(|sample| sample.is_ascii()) || looks_like_utf8(samples) {
        return Encoding::Utf8;
    }
    // Of equals the last one: the page that such files nearly always have.
    let pages = [Encoding::Koi8R, Encoding::Cp866, Encoding::Windows1251];
    let plausibility =
        |encoding: &Encoding| encoding.page().map(|page| samples.map(|sample| plausibility(page, sample)).iter().sum::<i64>());
    pages.into_iter().max_by_key(plausibility).unwrap_or(Encoding::Utf8)
}

/// Nearly all units of a text in Russian are ASCII or Cyrillic: their upper bytes are 0 or 4. In other encodings these bytes hardly occur.
fn looks_like_utf16(samples: [&[u8]; 2], order: Encoding) -> bool {
    let upper = usize::from(order == Encoding::Utf16Le);
    let (mut units, mut likely) = (0, 0);
    for unit in samples.iter().flat_map(|sample| sample.as_chunks::<2>().0) {
        units += 1;
        likely += usize::from(matches!(unit[upper], 0 | 4) && unit[1 - upper] != 0);
    }
    units > 0 && likely * 10 >= units * 9
}

/// Whether more bytes beyond ASCII are parts of characters than are not: what is broken in a UTF-8 source must not make it another one.
fn looks_like_utf8(samples: [&[u8]; 2]) -> bool {
    let (mut valid, mut broken) = (0, 0);
    for chunk in samples.iter().flat_map(|sample| sample.utf8_chunks()) {
        valid += chunk.valid().bytes().filter(|byte| !byte.is_ascii()).count();
        broken += chunk.invalid().len();
    }
    valid > broken
}

/// How much a sample looks like Russian, read by a page: frequent letters count for it, everything else above ASCII against it, and so does a
/// capital letter behind a small one.
fn plausibility(page: &CodePage, sample: &[u8]) -> i64 {
    const CAPITAL_INSIDE: i64 = -6;
    let mut looks = [Look { weight: 0, is_small: false, is_capital: false }; 256];
    for byte in 0x80..=u8::MAX {
        looks[usize::from(byte)] = Look::of(page.character(byte));
    }
    let (mut sum, mut after_small) = (0, false);
    for &byte in sample {
        let look = looks[usize::from(byte)];
        sum += look.weight + if after_small && look.is_capital { CAPITAL_INSIDE } else { 0 };
        after_small = look.is_small;
    }
    sum
}

/// What a byte counts for.
#[derive(Clone, Copy)]
struct Look {
    weight: i64,
    is_small: bool,
    is_capital: bool,
}

impl Look {
    /// Of what stands above ASCII.
    fn of(character: Option<char>) -> Self {
        const NO_LETTER: i64 = -6;
        let small = character.and_then(|character| character.to_lowercase().next());
        let weight = match small {
            Some('№' | '\u{A0}' | '«' | '»' | '–' | '—') => 0,
            Some(small) => weight(small).unwrap_or(NO_LETTER),
            None => NO_LETTER,
        };
        let is_small = small == character && small.is_some_and(char::is_alphabetic);
        Self { weight, is_small, is_capital: small != character && small.is_some() }
    }
}

/// What a small letter counts for: about the logarithm of how often it comes in Russian, the rare ones below zero.
fn weight(small: char) -> Option<i64> {
    Some(match small {
        'о' | 'а' | 'е' | 'и' | 'н' => 4,
        'т' | 'с' | 'р' | 'в' | 'л' => 3,
        'к' | 'м' | 'д' | 'п' | 'у' | 'г' => 2,
        'я' | 'ы' | 'ь' | 'з' | 'б' | 'ч' | 'й' => 1,
        'х' | 'ж' | 'ш' | 'ю' => -1,
        'ц' | 'щ' | 'э' | 'ф' | 'ё' => -2,
        'ъ' => -4,
        _ => return None,
    })
}
