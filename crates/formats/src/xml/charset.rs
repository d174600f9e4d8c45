//! Charsets of documents: UTF-8 and code pages.
//!
//! Knows characters, not markup. UTF-16 is refused by name; no sender is known to use it for XML.

use super::fault::RecordCause;
use crate::encoding::{CP866, CodePage, Encoding, ISO_8859_5, KOI8_R, WINDOWS_1251};

/// The encoding of a document. ASCII is the lower half of each, so that markup is found without decoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// windows-1251, the usual charset.
    Windows1251,
    /// cp866, of programs from the days of DOS.
    Cp866,
    /// KOI8-R.
    Koi8R,
    /// ISO 8859-5.
    Iso8859p5,
}

impl Charset {
    /// The charset with a name in an XML declaration, without regard to letter case; `None` for a charset that is not
    /// read.
    #[must_use]
    pub fn of_label(label: &str) -> Option<Self> {
        Some(match label.trim().to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" | "us-ascii" | "ascii" => Self::Utf8,
            "windows-1251" | "cp1251" | "cp-1251" | "win-1251" | "win1251" | "1251" => Self::Windows1251,
            "cp866" | "ibm866" | "cp-866" | "866" => Self::Cp866,
            "koi8-r" | "koi8r" => Self::Koi8R,
            "iso-8859-5" | "iso8859-5" => Self::Iso8859p5,
            _ => return None,
        })
    }

    /// The charset of an encoding; `None` for UTF-16.
    #[must_use]
    pub fn of_encoding(encoding: Encoding) -> Option<Self> {
        Some(match encoding {
            Encoding::Utf8 => Self::Utf8,
            Encoding::Windows1251 => Self::Windows1251,
            Encoding::Cp866 => Self::Cp866,
            Encoding::Koi8R => Self::Koi8R,
            Encoding::Iso8859p5 => Self::Iso8859p5,
            Encoding::Utf16Le | Encoding::Utf16Be => return None,
        })
    }

    /// The [`Encoding`] of this charset.
    #[must_use]
    pub fn encoding(self) -> Encoding {
        match self {
            Self::Utf8 => Encoding::Utf8,
            Self::Windows1251 => Encoding::Windows1251,
            Self::Cp866 => Encoding::Cp866,
            Self::Koi8R => Encoding::Koi8R,
            Self::Iso8859p5 => Encoding::Iso8859p5,
        }
    }

    /// Appends a run of text that is not all ASCII; a run never begins or ends inside a character.
    #[inline]
    pub(super) fn append(self, run: &[u8], text: &mut Vec<u8>) -> Result<(), RecordCause> {
        let code_page = match self {
            Self::Utf8 => {
                simdutf8::basic::from_utf8(run).map_err(|_| RecordCause::Encoding)?;
                text.extend_from_slice(run);
                return Ok(());
            }
            Self::Windows1251 => &WINDOWS_1251,
            Self::Cp866 => &CP866,
            Self::Koi8R => &KOI8_R,
            Self::Iso8859p5 => &ISO_8859_5,
        };
        append_in_code_page(code_page, run, text)
    }
}

fn append_in_code_page(code_page: &CodePage, run: &[u8], text: &mut Vec<u8>) -> Result<(), RecordCause> {
    const PIECE: usize = 32;
    if code_page.first_meaningless(run).is_some() {
        return Err(RecordCause::Encoding);
    }
    for piece in run.chunks(PIECE) {
        let mut decoded = [0; CodePage::MOST_GROWTH * PIECE + CodePage::SLACK];
        let length = code_page.decode(piece, &mut decoded);
        text.extend_from_slice(&decoded[..length]);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(charset: Charset, bytes: &[u8]) -> Result<String, RecordCause> {
        let mut text = Vec::new();
        charset.append(bytes, &mut text)?;
        Ok(String::from_utf8(text).expect("decoded text is UTF-8"))
    }

    #[test]
    fn each_table_has_its_letters_where_they_belong() {
        for (charset, bytes) in [
            (Charset::Windows1251, [0xA8, 0xC0, 0xFF, 0xB8, b'z', 0xB9]),
            (Charset::Cp866, [0xF0, 0x80, 0xEF, 0xF1, b'z', 0xFC]),
            (Charset::Iso8859p5, [0xA1, 0xB0, 0xEF, 0xF1, b'z', 0xF0]),
        ] {
            assert_eq!(decoded(charset, &bytes).as_deref(), Ok("ЁАяёz№"), "{charset:?}");
        }
        assert_eq!(decoded(Charset::Koi8R, &[0xB3, 0xE1, 0xD1, 0xA3, b'z']).as_deref(), Ok("ЁАяёz"));
        assert_eq!(decoded(Charset::Windows1251, &[0x88; 100]), Ok("€".repeat(100)));
    }

    #[test]
    fn bytes_without_meaning_are_faults() {
        assert_eq!(decoded(Charset::Windows1251, &[0xC0, 0x98]), Err(RecordCause::Encoding));
        assert_eq!(decoded(Charset::Utf8, &[0xD0]), Err(RecordCause::Encoding));
    }

    #[test]
    fn labels_are_compared_without_case() {
        assert_eq!(Charset::of_label("Windows-1251"), Some(Charset::Windows1251));
        assert_eq!(Charset::of_label("UTF-8"), Some(Charset::Utf8));
        assert_eq!(Charset::of_label("utf-16"), None);
    }
}
