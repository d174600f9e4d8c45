//! Text in any encoding, for tests.

use super::Encoding;

/// The bytes of a text, found by reading every byte of the code page.
pub fn encoded(encoding: Encoding, text: &str) -> Vec<u8> {
    match (encoding, encoding.code_page()) {
        (_, Some(code_page)) => {
            let byte =
                |character| (0..=u8::MAX).find(|&byte| code_page.character(byte) == Some(character)).expect("in the code page");
            text.chars().map(byte).collect()
        }
        (Encoding::Utf16Le, None) => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        (Encoding::Utf16Be, None) => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => text.as_bytes().to_vec(),
    }
}
