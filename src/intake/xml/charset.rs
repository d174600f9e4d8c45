//! Bytes of a document to text: UTF-8, and the single-byte encodings of the field as tables.
//!
//! Knows characters, not markup. UTF-16 is refused by name; nobody was seen to send it as XML.

use super::fault::RecordCause;

/// How the bytes of a document are written. All of these have ASCII as their lower half, so that markup is found without decoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// windows-1251, the usual one.
    Windows1251,
    /// cp866, of programs from the days of DOS.
    Cp866,
    /// KOI8-R.
    Koi8R,
    /// ISO 8859-5.
    Iso8859p5,
}

/// For each byte the UTF-8 of its character in the lower three bytes, and how many they are in the upper one; 0 when it has no meaning.
type Table = [u32; 256];

static WINDOWS_1251: Table = table(
    "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{FFFD}™љ›њќћџ\u{A0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{AD}®Ї°±Ііґµ¶·ё№є»јЅѕї\
     АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя",
);
static CP866: Table = table(
    "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмноп░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
     рстуфхцчшщъыьэюяЁёЄєЇїЎў°∙·√№¤■\u{A0}",
);
static KOI8_R: Table = table(
    "─│┌┐└┘├┤┬┴┼▀▄█▌▐░▒▓⌠■∙√≈≤≥\u{A0}⌡°²·÷═║╒ё╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡Ё╢╣╤╥╦╧╨╩╪╫╬©\
     юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ",
);
static ISO_8859_5: Table = table(
    "\u{80}\u{81}\u{82}\u{83}\u{84}\u{85}\u{86}\u{87}\u{88}\u{89}\u{8A}\u{8B}\u{8C}\u{8D}\u{8E}\u{8F}\
     \u{90}\u{91}\u{92}\u{93}\u{94}\u{95}\u{96}\u{97}\u{98}\u{99}\u{9A}\u{9B}\u{9C}\u{9D}\u{9E}\u{9F}\
     \u{A0}ЁЂЃЄЅІЇЈЉЊЋЌ\u{AD}ЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя№ёђѓєѕіїјљњћќ§ўџ",
);

/// The table of an encoding whose upper half is `upper`, 128 characters; U+FFFD stands for a byte without meaning.
const fn table(upper: &str) -> Table {
    let text = upper.as_bytes();
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = 1 << 24 | byte as u32;
        byte += 1;
    }
    let mut at = 0;
    while at < text.len() {
        let length = if text[at] < 0xE0 { 2 } else { 3 };
        let third = if length == 3 { (text[at + 2] as u32) << 16 } else { 0 };
        let bytes = text[at] as u32 | (text[at + 1] as u32) << 8 | third;
        table[byte] = if bytes == 0x00BD_BFEF { 0 } else { length << 24 | bytes };
        at += length as usize;
        byte += 1;
    }
    assert!(byte == 256, "an upper half has 128 characters");
    table
}

impl Charset {
    /// The encoding of a name in an XML declaration, without regard to letter case; `None` when it is not one of these.
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

    /// Appends a run of text that is not all ASCII; a run never begins or ends inside a character.
    #[inline]
    pub(super) fn append(self, run: &[u8], text: &mut Vec<u8>) -> Result<(), RecordCause> {
        match self {
            Self::Utf8 => {
                simdutf8::basic::from_utf8(run).map_err(|_| RecordCause::Encoding)?;
                text.extend_from_slice(run);
                Ok(())
            }
            Self::Windows1251 => append_single(&WINDOWS_1251, run, text),
            Self::Cp866 => append_single(&CP866, run, text),
            Self::Koi8R => append_single(&KOI8_R, run, text),
            Self::Iso8859p5 => append_single(&ISO_8859_5, run, text),
        }
    }
}

fn append_single(table: &Table, run: &[u8], text: &mut Vec<u8>) -> Result<(), RecordCause> {
    const PIECE: usize = 32;
    for piece in run.chunks(PIECE) {
        // Each character is written as four bytes, of which the next one takes back what is too many.
        let mut decoded = [0; 3 * PIECE + 4];
        let mut length = 0;
        let mut all_known = true;
        for &byte in piece {
            let entry = table[usize::from(byte)];
            decoded[length..length + 4].copy_from_slice(&entry.to_le_bytes());
            length += (entry >> 24) as usize;
            all_known &= entry != 0;
        }
        if !all_known {
            return Err(RecordCause::Encoding);
        }
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
