//! The encoding of a source: declared by its layout or by the source itself, or guessed from its bytes (SEM-007).
//!
//! Only samples of a source are looked at. A declaration holds unless the bytes are nearly certainly something else; then the bytes win, and the user is
//! told ([`EncodingConflict`]). Manifest and summary name the encoding of each source, since a guess may be wrong.

mod evidence;

use std::fmt;

use super::{CodePage, Encoding};

/// Bytes of a sample. One sample is taken from the beginning of a source, one from its middle.
const SAMPLE_BYTES: usize = 64 << 10;

/// The encoding that a source is read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceEncoding {
    /// The encoding.
    pub encoding: Encoding,
    /// Whether the encoding was found from the bytes: the layout declares none, or one that the bytes contradict.
    pub detected: bool,
}

/// The origin of a declared encoding.
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

/// A declared encoding that is not believed, because another one is nearly certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodingConflict {
    /// Origin of the declaration that is not believed.
    pub declaration: Declaration,
    /// The declared encoding.
    pub declared: Encoding,
    /// The mark that is believed; none when the bytes of the text decided.
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

/// The encoding of a source, settled before its text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettledEncoding {
    /// The encoding.
    pub encoding: SourceEncoding,
    /// The declaration that is not believed.
    pub conflict: Option<EncodingConflict>,
}

impl SettledEncoding {
    /// The encoding of a text for which `declaration` says `declared`.
    pub fn of_declared(samples: &[&[u8]], declared: Encoding, declaration: Declaration) -> Self {
        match evidence::against(declared, samples) {
            None => Self { encoding: SourceEncoding { encoding: declared, detected: false }, conflict: None },
            Some(found) => {
                let conflict = EncodingConflict { declaration, declared, mark: None, found };
                Self { encoding: SourceEncoding { encoding: found, detected: true }, conflict: Some(conflict) }
            }
        }
    }

    /// The encoding of a text without any declaration.
    pub fn of_undeclared(samples: &[&[u8]]) -> Self {
        Self { encoding: SourceEncoding { encoding: likely(samples), detected: true }, conflict: None }
    }

    /// The same encoding, found by a mark of the source; a layout that declares another one is in conflict with it.
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
    /// The encoding of a text whose layout declares `declared`, and the first byte behind its byte order marks.
    pub fn detect(bytes: &[u8], declared: Option<Encoding>) -> (SettledEncoding, usize) {
        let marked = Encoding::ALL
            .into_iter()
            .find(|encoding| !encoding.byte_order_mark().is_empty() && bytes.starts_with(encoding.byte_order_mark()));
        let Some(marked) = marked else {
            let samples = samples_of(bytes);
            let settled = match declared {
                Some(declared) => SettledEncoding::of_declared(&samples, declared, Declaration::Layout),
                None => SettledEncoding::of_undeclared(&samples),
            };
            return (settled, 0);
        };
        let mut start = 0;
        // Programs that join files leave a second mark behind the first.
        while bytes[start..].starts_with(marked.byte_order_mark()) {
            start += marked.byte_order_mark().len();
        }
        let settled = SettledEncoding::of_declared(&samples_of(&bytes[start..]), marked, Declaration::ByteOrderMark);
        // A mark of UTF-16 does not contradict a layout that says UTF-16: it only adds the order of bytes.
        let declared = declared.map(|declared| if declared.is_utf16() && marked.is_utf16() { marked } else { declared });
        (settled.beside_layout(Declaration::ByteOrderMark, declared), start)
    }
}

impl SourceEncoding {
    /// A byte order mark of UTF-16 in front of a text that is not UTF-16: delimiters and line ends of UTF-16 have zero bytes, and this text has none.
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

/// The likeliest encoding of bytes without a mark.
fn likely(samples: &[&[u8]]) -> Encoding {
    if let Some(utf16) = [Encoding::Utf16Le, Encoding::Utf16Be].into_iter().find(|&order| looks_like_utf16(samples, order)) {
        return utf16;
    }
    if looks_like_utf8(samples) { Encoding::Utf8 } else { BeyondAscii::in_samples(samples).likely_code_page() }
}

/// Whether nearly all units have an upper byte of 0 or 4, as ASCII and Cyrillic have. In other encodings these bytes hardly occur.
fn looks_like_utf16(samples: &[&[u8]], order: Encoding) -> bool {
    let upper = usize::from(order == Encoding::Utf16Le);
    let (mut units, mut likely) = (0, 0);
    for unit in samples.iter().flat_map(|sample| sample.as_chunks::<2>().0) {
        units += 1;
        likely += usize::from(matches!(unit[upper], 0 | 4) && unit[1 - upper] != 0);
    }
    units > 0 && likely * 10 >= units * 9
}

/// Whether most bytes beyond ASCII are parts of UTF-8 characters, or there are none: some broken bytes do not change the encoding of a source.
fn looks_like_utf8(samples: &[&[u8]]) -> bool {
    let (mut valid, mut broken) = (0, 0);
    for part in samples.iter().flat_map(|sample| Utf8Parts { rest: sample }) {
        valid += part.valid.bytes().filter(|byte| !byte.is_ascii()).count();
        broken += part.broken;
    }
    valid > broken || broken == 0
}

/// A valid text, and the number of broken bytes behind it.
struct Utf8Part<'s> {
    valid: &'s str,
    broken: usize,
}

/// The parts of a sample, as `[u8]::utf8_chunks` gives them, but by SIMD while no byte is broken.
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

/// The bytes beyond ASCII in samples of a text. Code pages differ in them.
struct BeyondAscii {
    /// The bytes; a blank stands for each run of ASCII between them.
    bytes: Vec<u8>,
    /// Number of bytes beyond ASCII.
    count: usize,
}

impl BeyondAscii {
    fn in_samples(samples: &[&[u8]]) -> Self {
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
    fn likely_code_page(&self) -> Encoding {
        // The last one of equals wins: it is the code page that such files nearly always have.
        let encodings = [Encoding::Koi8R, Encoding::Cp866, Encoding::Windows1251];
        let plausibility = |encoding: &Encoding| encoding.code_page().map(|code_page| self.plausibility(code_page));
        encodings.into_iter().max_by_key(plausibility).unwrap_or(Encoding::Windows1251)
    }

    /// A score of how much the bytes look like Russian in a code page. Frequent letters count for it; other characters, and a capital letter behind a
    /// small one, count against it.
    fn plausibility(&self, code_page: &CodePage) -> i64 {
        const CAPITAL_INSIDE: i64 = -6;
        let mut looks = [Look { weight: 0, is_small: false, is_capital: false }; 256];
        for byte in 0x80..=u8::MAX {
            looks[usize::from(byte)] = Look::of_character(code_page.character(byte));
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

/// The score of a byte, and its case.
#[derive(Clone, Copy)]
struct Look {
    weight: i64,
    is_small: bool,
    is_capital: bool,
}

impl Look {
    /// The look of a character above ASCII; `None` for a byte without meaning.
    fn of_character(character: Option<char>) -> Self {
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

/// The score of a small letter: roughly the logarithm of its frequency in Russian, below zero for rare letters.
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
