//! Encodings of sources: their names, and how bytes become text.
//!
//! A byte without meaning in its encoding is always a fault of the row, never another character.

mod code_page;
mod detect;
mod line_end;
mod sample;
#[cfg(test)]
mod tests;
mod utf16;

pub use code_page::{CP866, CodePage, ISO_8859_5, KOI8_R, WINDOWS_1251};
pub use detect::SettledEncoding;
pub use detect::{Declaration, EncodingConflict, SourceEncoding};
pub use line_end::LineEnd;
#[doc(hidden)]
pub use sample::encoded;

/// The encoding of a source: how its characters are written as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// The Cyrillic code page of Windows.
    Windows1251,
    /// The Cyrillic code page of DOS, IBM866.
    Cp866,
    /// KOI8-R, the encoding of Russian Unix and mail (RFC 1489).
    Koi8R,
    /// ISO 8859-5, an encoding of some XML.
    Iso8859p5,
    /// UTF-16, the lower byte of a unit first.
    Utf16Le,
    /// UTF-16, the upper byte of a unit first.
    Utf16Be,
}

impl Encoding {
    /// All encodings.
    pub const ALL: [Self; 7] =
        [Self::Utf8, Self::Windows1251, Self::Cp866, Self::Koi8R, Self::Iso8859p5, Self::Utf16Le, Self::Utf16Be];

    /// Name in layouts and manifests.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Windows1251 => "windows-1251",
            Self::Cp866 => "cp866",
            Self::Koi8R => "koi8-r",
            Self::Iso8859p5 => "iso-8859-5",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
        }
    }

    /// The encoding with a name, in any case, with or without dashes; other common names are known, too. `utf-16` alone
    /// is little-endian, which Windows writes, unless a byte order mark says otherwise.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let plain: String = name.chars().filter(|character| !matches!(character, '-' | '_' | ' ')).collect();
        Some(match plain.to_ascii_lowercase().as_str() {
            "utf8" | "utf8bom" | "utf8sig" => Self::Utf8,
            "windows1251" | "win1251" | "cp1251" | "1251" | "ansi1251" => Self::Windows1251,
            "cp866" | "ibm866" | "866" | "dos866" => Self::Cp866,
            "koi8r" | "koi8" => Self::Koi8R,
            "iso88595" => Self::Iso8859p5,
            "utf16" | "utf16le" => Self::Utf16Le,
            "utf16be" => Self::Utf16Be,
            _ => return None,
        })
    }

    /// The code page, if the encoding has one byte a character.
    pub fn code_page(self) -> Option<&'static CodePage> {
        match self {
            Self::Windows1251 => Some(&WINDOWS_1251),
            Self::Cp866 => Some(&CP866),
            Self::Koi8R => Some(&KOI8_R),
            Self::Iso8859p5 => Some(&ISO_8859_5),
            Self::Utf8 | Self::Utf16Le | Self::Utf16Be => None,
        }
    }

    /// Whether characters are written in units of two bytes, so that delimiters and line ends cannot be looked for among bytes.
    pub fn is_utf16(self) -> bool {
        matches!(self, Self::Utf16Le | Self::Utf16Be)
    }

    /// The byte order mark, which only encodings of Unicode have.
    fn byte_order_mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 => b"\xEF\xBB\xBF",
            Self::Utf16Le => b"\xFF\xFE",
            Self::Utf16Be => b"\xFE\xFF",
            Self::Windows1251 | Self::Cp866 | Self::Koi8R | Self::Iso8859p5 => b"",
        }
    }

    /// Decodes `bytes` into `text`, and returns whether all of them have a meaning. Bytes without meaning become replacement characters, so that
    /// fields can still be counted; such a text is for nothing else.
    pub fn decode(self, bytes: &[u8], text: &mut String) -> bool {
        text.clear();
        if let Some(code_page) = self.code_page() {
            return code_page.decode_text(bytes, text);
        }
        match self {
            Self::Utf16Le => utf16::decode(bytes, u16::from_le_bytes, text),
            Self::Utf16Be => utf16::decode(bytes, u16::from_be_bytes, text),
            _ => {
                let chunks = bytes.utf8_chunks();
                chunks.fold(true, |valid, chunk| {
                    text.push_str(chunk.valid());
                    let broken = !chunk.invalid().is_empty();
                    text.extend(broken.then_some(char::REPLACEMENT_CHARACTER));
                    valid && !broken
                })
            }
        }
    }

    /// Appends `text` as bytes of this encoding, without a byte order mark: the reverse of decoding.
    ///
    /// # Errors
    /// The first character that the encoding lacks; the characters before it have then been appended.
    pub fn encode(self, text: &str, out: &mut Vec<u8>) -> Result<(), char> {
        if let Some(code_page) = self.code_page() {
            return code_page.encode(text, out);
        }
        match self {
            Self::Utf16Le => out.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
            Self::Utf16Be => out.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
            _ => out.extend_from_slice(text.as_bytes()),
        }
        Ok(())
    }

    /// First byte after the line of byte `from`, where a character begins.
    #[inline]
    pub fn line_end(self, bytes: &[u8], from: usize) -> usize {
        if self.is_utf16() {
            return utf16::line_end(bytes, from, self == Self::Utf16Le);
        }
        memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |found| from + found + 1)
    }

    /// Start of the unit before byte `at`, which is not 0. The line behind the line of that unit is the first one that begins at `at` or later.
    pub fn unit_before(self, at: usize) -> usize {
        if self.is_utf16() { (at - 1) & !1 } else { at - 1 }
    }

    /// A line without its line end: LF, CR LF, or CR CR LF as some programs write it.
    #[inline]
    pub fn without_line_end(self, line: &[u8]) -> &[u8] {
        let (feed, carriage): (&[u8], &[u8]) = match self {
            Self::Utf16Le => (b"\n\0", b"\r\0"),
            Self::Utf16Be => (b"\0\n", b"\0\r"),
            _ => (b"\n", b"\r"),
        };
        let mut line = line.strip_suffix(feed).unwrap_or(line);
        while let Some(shorter) = line.strip_suffix(carriage) {
            line = shorter;
        }
        line
    }

    /// Number of line ends in `bytes`, the first of which begins a character.
    pub(super) fn line_ends(self, bytes: &[u8]) -> u64 {
        if self.is_utf16() {
            let (mut from, mut ends) = (0, 0);
            while from < bytes.len() {
                let end = self.line_end(bytes, from);
                ends += u64::from(self.is_ended(&bytes[from..end]));
                from = end;
            }
            return ends;
        }
        memchr::memchr_iter(b'\n', bytes).count() as u64
    }

    /// Number of lines in `bytes`; a last line without a line end counts.
    pub fn lines(self, bytes: &[u8]) -> u64 {
        let ends = self.line_ends(bytes);
        ends + u64::from(!bytes.is_empty() && !self.is_ended(bytes))
    }

    /// Whether `bytes` end with a line feed.
    pub fn is_ended(self, bytes: &[u8]) -> bool {
        match self {
            Self::Utf16Le => bytes.len().is_multiple_of(2) && bytes.ends_with(b"\n\0"),
            Self::Utf16Be => bytes.len().is_multiple_of(2) && bytes.ends_with(b"\0\n"),
            _ => bytes.ends_with(b"\n"),
        }
    }
}
