//! Encodings of sources: their names, and how bytes become text.
//!
//! A byte that has no meaning in an encoding is always a fault, never another character: nothing here replaces anything in a text that is used.

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

/// How the characters of a source are written as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// The Cyrillic code page of Windows.
    Windows1251,
    /// The Cyrillic code page of DOS, IBM866.
    Cp866,
    /// KOI8-R, the code of Russian Unix and mail (RFC 1489).
    Koi8R,
    /// ISO 8859-5, an encoding of some XML.
    Iso8859p5,
    /// UTF-16, the lower byte of a unit first.
    Utf16Le,
    /// UTF-16, the upper byte of a unit first.
    Utf16Be,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Utf8, Self::Windows1251, Self::Cp866, Self::Koi8R, Self::Iso8859p5, Self::Utf16Le, Self::Utf16Be];

    /// The name in layouts and manifests.
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

    /// The encoding of a name, in any case, with or without dashes; common other names are known, too. `utf-16` alone is little-endian, as
    /// Windows writes it; a byte order mark decides all the same.
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

    /// The table of an encoding of one byte a character.
    pub fn page(self) -> Option<&'static CodePage> {
        match self {
            Self::Windows1251 => Some(&WINDOWS_1251),
            Self::Cp866 => Some(&CP866),
            Self::Koi8R => Some(&KOI8_R),
            Self::Iso8859p5 => Some(&ISO_8859_5),
            Self::Utf8 | Self::Utf16Le | Self::Utf16Be => None,
        }
    }

    /// Whether characters are units of two bytes, so that delimiters and line ends cannot be looked for among bytes.
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

    /// Makes `text` the text of some bytes; whether all of them have a meaning. What has none is a replacement character in `text`, so that
    /// fields may still be counted; such a text is for nothing else.
    pub fn decode(self, bytes: &[u8], text: &mut String) -> bool {
        text.clear();
        if let Some(page) = self.page() {
            return page.decode_text(bytes, text);
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

    /// Appends `text` as bytes of this encoding, without a byte order mark: what decoding undoes.
    ///
    /// # Errors
    /// The first character that the encoding lacks; the characters before it have then been appended.
    pub fn encode(self, text: &str, out: &mut Vec<u8>) -> Result<(), char> {
        if let Some(page) = self.page() {
            return page.encode(text, out);
        }
        match self {
            Self::Utf16Le => out.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
            Self::Utf16Be => out.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
            _ => out.extend_from_slice(text.as_bytes()),
        }
        Ok(())
    }

    /// First byte after the line that `from`, where a character begins, stands in.
    #[inline]
    pub fn line_end(self, bytes: &[u8], from: usize) -> usize {
        if self.is_utf16() {
            return utf16::line_end(bytes, from, self == Self::Utf16Le);
        }
        memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |found| from + found + 1)
    }

    /// The last place before `place`, which is not 0, that is inside of no unit: the first line that begins at `place` or later is the one behind the
    /// line that stands there.
    pub fn unit_before(self, place: usize) -> usize {
        if self.is_utf16() { (place - 1) & !1 } else { place - 1 }
    }

    /// A line without the bytes of its end: LF, CR LF, or CR CR LF as some programs write it.
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

    /// Lines that end among some bytes, the first of which begins a character.
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

    /// Lines of some bytes; a last line without an end counts.
    pub fn lines(self, bytes: &[u8]) -> u64 {
        let ends = self.line_ends(bytes);
        ends + u64::from(!bytes.is_empty() && !self.is_ended(bytes))
    }

    /// Whether the last of some bytes are a line feed.
    pub fn is_ended(self, bytes: &[u8]) -> bool {
        match self {
            Self::Utf16Le => bytes.len().is_multiple_of(2) && bytes.ends_with(b"\n\0"),
            Self::Utf16Be => bytes.len().is_multiple_of(2) && bytes.ends_with(b"\0\n"),
            _ => bytes.ends_with(b"\n"),
        }
    }
}
