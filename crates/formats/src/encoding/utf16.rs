//! UTF-16: units of two bytes, some characters of two units.

/// Appends the text of some units to `text`; whether there are neither lone surrogates nor half a unit. Each of these becomes one replacement
/// character, so that the units of a text can be counted.
pub(super) fn decode(bytes: &[u8], unit: fn([u8; 2]) -> u16, text: &mut String) -> bool {
    let (units, half) = bytes.as_chunks::<2>();
    let mut valid = half.is_empty();
    text.reserve(bytes.len());
    for decoded in char::decode_utf16(units.iter().map(|&bytes| unit(bytes))) {
        valid &= decoded.is_ok();
        text.push(decoded.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    text.extend((!half.is_empty()).then_some(char::REPLACEMENT_CHARACTER));
    valid
}

/// First byte after the line that `from`, which is even, stands in.
pub(super) fn line_end(bytes: &[u8], from: usize, little_endian: bool) -> usize {
    for found in memchr::memchr_iter(b'\n', &bytes[from..]) {
        let at = from + found;
        let upper = if little_endian { at + 1 } else { at.wrapping_sub(1) };
        // The byte of a line feed stands in the lower half of its unit, and nothing in the upper one.
        if at.is_multiple_of(2) == little_endian && bytes.get(upper) == Some(&0) {
            return at.max(upper) + 1;
        }
    }
    bytes.len()
}
