//! Which encoding a source is in: what its layout or the source itself declares, or what its bytes look like.
//!
//! Only samples of a source are looked at. A declaration holds unless the bytes nearly certainly say something else; then the bytes win, and somebody is
//! told ([`EncodingConflict`]). What is taken is told in the manifest and in the summary, since a guess may be wrong.

mod evidence;

use std::fmt;

use super::{CodePage, Encoding};

/// Bytes of a sample; one is taken from the beginning of a source, one from its middle.
const SAMPLE_BYTES: usize = 64 << 10;

/// The encoding that a source is read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceEncoding {
    /// The encoding.
    pub encoding: Encoding,
    /// Whether the source's bytes were asked: its layout declares none, or something that the bytes contradict.
    pub detected: bool,
}

/// Who says in which encoding a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declaration {
    /// `encoding` of the layout.
    Layout,
    /// The declaration of an XML document.
    Document,
    /// The code-page mark of a DBF table.
    TableMark,
    /// The byte order mark of a text.
    ByteOrderMark,
}

/// A source that is read otherwise than something says of it, for something else is nearly certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodingConflict {
    /// Who is not believed.
    pub declaration: Declaration,
    /// What it says.
    pub declared: Encoding,
    /// The mark that is believed; none when the bytes of the text themselves tell.
    pub mark: Option<Declaration>,
    /// The encoding that the source is read in.
    pub found: Encoding,
}

impl fmt::Display for EncodingConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (declared, found) = (self.declared.name(), self.found.name());
        match self.declaration {
            Declaration::Layout => write!(f, "the layout says `encoding = \"{declared}\"`")?,
            Declaration::Document => write!(f, "the XML declaration says {declared}")?,
            Declaration::TableMark => write!(f, "the code-page mark of the table says {declared}")?,
            Declaration::ByteOrderMark => write!(f, "the byte order mark says {declared}")?,
        }
        match self.mark {
            Some(Declaration::TableMark) => write!(f, ", and the table is marked as {found}")?,
            Some(_) => write!(f, ", and the file begins with the byte order mark of {found}")?,
            None => write!(f, ", and the bytes make sense as {found} only")?,
        }
        let correct = match self.declaration {
            Declaration::Layout => "correct the layout, or leave `encoding` out",
            Declaration::Document | Declaration::TableMark | Declaration::ByteOrderMark => "ask the sender to correct it",
        };
        write!(f, "; it is read as {found}. Look at some names, and {correct}")
    }
}

/// What is known of the encoding of a source before its text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettledEncoding {
    /// The encoding.
    pub encoding: SourceEncoding,
    /// The declaration that is not believed.
    pub conflict: Option<EncodingConflict>,
}

impl SettledEncoding {
    /// The encoding of samples of a text of which something is declared.
    pub fn of_declared(samples: &[&[u8]], (declared, declaration): (Encoding, Declaration)) -> Self {
        match evidence::against(declared, samples) {
            None => Self { encoding: SourceEncoding { encoding: declared, detected: false }, conflict: None },
            Some(found) => {
                let conflict = EncodingConflict { declaration, declared, mark: None, found };
                Self { encoding: SourceEncoding { encoding: found, detected: true }, conflict: Some(conflict) }
            }
        }
    }

    /// The encoding of samples of a text of which nothing is declared.
    pub fn of_undeclared(samples: &[&[u8]]) -> Self {
        Self { encoding: SourceEncoding { encoding: likely(samples), detected: true }, conflict: None }
    }

    /// The same under a layout that says something that was not asked, for a mark of the source speaks before it.
    pub fn beside_layout(mut self, mark: Declaration, layout: Option<Encoding>) -> Self {
        let encoding = &mut self.encoding;
        encoding.detected |= layout.is_none();
        if let Some(declared) = layout.filter(|declared| self.conflict.is_none() && *declared != encoding.encoding) {
            encoding.detected = true;
            let declaration = Declaration::Layout;
            self.conflict = Some(EncodingConflict { declaration, declared, mark: Some(mark), found: encoding.encoding });
        }
        self
    }
}

impl SourceEncoding {
    /// The encoding of a text of which its layout says `declared`, and the place after its byte order marks.
    pub fn of(bytes: &[u8], declared: Option<Encoding>) -> (SettledEncoding, usize) {
        let marked = Encoding::ALL
            .into_iter()
            .find(|encoding| !encoding.byte_order_mark().is_empty() && bytes.starts_with(encoding.byte_order_mark()));
        let Some(marked) = marked else {
            let samples = samples_of(bytes);
            let settled = match declared {
                Some(declared) => SettledEncoding::of_declared(&samples, (declared, Declaration::Layout)),
                None => SettledEncoding::of_undeclared(&samples),
            };
            return (settled, 0);
        };
        let mut start = 0;
        // Programs that join files leave a second mark behind the first.
        while bytes[start..].starts_with(marked.byte_order_mark()) {
            start += marked.byte_order_mark().len();
        }
        let settled = SettledEncoding::of_declared(&samples_of(&bytes[start..]), (marked, Declaration::ByteOrderMark));
        // A mark of UTF-16 only completes a layout that says UTF-16: it tells the order of bytes.
        let declared = declared.map(|declared| if declared.is_utf16() && marked.is_utf16() { marked } else { declared });
        (settled.beside_layout(Declaration::ByteOrderMark, declared), start)
    }
}

impl SourceEncoding {
    /// The byte order mark of UTF-16 at the beginning of a text that is none: delimiters and line ends of UTF-16 have bytes of zeros, and the text
    /// has not one.
    pub fn false_mark(bytes: &[u8]) -> Option<Encoding> {
        let utf16 = [Encoding::Utf16Le, Encoding::Utf16Be];
        let mark = utf16.into_iter().find(|encoding| bytes.starts_with(encoding.byte_order_mark()))?;
        let text = &bytes[mark.byte_order_mark().len()..];
        let sample = &text[..text.len().min(SAMPLE_BYTES)];
        (sample.len() > 2 && memchr::memchr(0, sample).is_none()).then_some(mark)
    }
}

/// Samples of a text, one from its beginning and one from its middle.
fn samples_of(bytes: &[u8]) -> [&[u8]; 2] {
    let middle = ((bytes.len() / 2) & !1).max(SAMPLE_BYTES).min(bytes.len());
    [0, middle].map(|from| &bytes[from..bytes.len().min(from + SAMPLE_BYTES)])
}

/// The encoding that bytes without a mark look like.
fn likely(samples: &[&[u8]]) -> Encoding {
    if let Some(utf16) = [Encoding::Utf16Le, Encoding::Utf16Be].into_iter().find(|&order| looks_like_utf16(samples, order)) {
        return utf16;
    }
    if looks_like_utf8(samples) { Encoding::Utf8 } else { BeyondAscii::of(samples).likely_page() }
}

/// Nearly all units of a text in Russian are ASCII or Cyrillic: their upper bytes are 0 or 4. In other encodings these bytes hardly occur.
fn looks_like_utf16(samples: &[&[u8]], order: Encoding) -> bool {
    let upper = usize::from(order == Encoding::Utf16Le);
    let (mut units, mut likely) = (0, 0);
    for unit in samples.iter().flat_map(|sample| sample.as_chunks::<2>().0) {
        units += 1;
        likely += usize::from(matches!(unit[upper], 0 | 4) && unit[1 - upper] != 0);
    }
    units > 0 && likely * 10 >= units * 9
}

/// Whether more bytes beyond ASCII are parts of characters than are not, or there are none: what is broken in a UTF-8 source must not make it another
/// one.
fn looks_like_utf8(samples: &[&[u8]]) -> bool {
    let (mut valid, mut broken) = (0, 0);
    for part in samples.iter().flat_map(|sample| Utf8Parts { rest: sample }) {
        valid += part.valid.bytes().filter(|byte| !byte.is_ascii()).count();
        broken += part.broken;
    }
    valid > broken || broken == 0
}

/// Text, and how many bytes behind it are no part of a character.
struct Utf8Part<'s> {
    valid: &'s str,
    broken: usize,
}

/// The parts of a sample. Those of `[u8]::utf8_chunks`, but a sample without broken bytes is gone through many bytes at a time.
struct Utf8Parts<'s> {
    rest: &'s [u8],
}

impl<'s> Iterator for Utf8Parts<'s> {
    type Item = Utf8Part<'s>;

    fn next(&mut self) -> Option<Utf8Part<'s>> {
        if self.rest.is_empty() {
            return None;
        }
        let (valid, broken) = match simdutf8::compat::from_utf8(self.rest) {
            Ok(valid) => (valid, 0),
            Err(error) => {
                let (valid, behind) = self.rest.split_at(error.valid_up_to());
                let valid = str::from_utf8(valid).expect("invariant: the text up to the first error is valid");
                (valid, error.error_len().unwrap_or(behind.len()))
            }
        };
        self.rest = &self.rest[valid.len() + broken..];
        Some(Utf8Part { valid, broken })
    }
}

/// What stands beyond ASCII in samples of a text: all that tells one code page from another.
struct BeyondAscii {
    /// The bytes, with one byte of ASCII behind each that has one behind it in the text.
    bytes: Vec<u8>,
    /// How many are beyond ASCII.
    count: usize,
}

impl BeyondAscii {
    fn of(samples: &[&[u8]]) -> Self {
        let mut found = Self { bytes: Vec::new(), count: 0 };
        for sample in samples {
            for part in sample.split(u8::is_ascii).filter(|part| !part.is_empty()) {
                found.bytes.extend_from_slice(part);
                found.bytes.push(b' ');
                found.count += part.len();
            }
        }
        found
    }

    /// The code page in which the bytes look most like Russian.
    fn likely_page(&self) -> Encoding {
        // Of equals the last one: the page that such files nearly always have.
        let pages = [Encoding::Koi8R, Encoding::Cp866, Encoding::Windows1251];
        let plausibility = |encoding: &Encoding| encoding.page().map(|page| self.plausibility(page));
        pages.into_iter().max_by_key(plausibility).unwrap_or(Encoding::Windows1251)
    }

    /// How much the bytes look like Russian, read by a page: frequent letters count for it, everything else against it, and so does a capital letter
    /// behind a small one.
    fn plausibility(&self, page: &CodePage) -> i64 {
        const CAPITAL_INSIDE: i64 = -6;
        let mut looks = [Look { weight: 0, is_small: false, is_capital: false }; 256];
        for byte in 0x80..=u8::MAX {
            looks[usize::from(byte)] = Look::of(page.character(byte));
        }
        let (mut sum, mut after_small) = (0, false);
        for &byte in &self.bytes {
            let look = looks[usize::from(byte)];
            sum += look.weight + if after_small && look.is_capital { CAPITAL_INSIDE } else { 0 };
            after_small = look.is_small;
        }
        sum
    }
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
