//! UTF-16: units of two bytes; some characters have two units.

/// Appends the text of `bytes` to `text`, and returns whether it is valid. A lone surrogate and half a unit become one replacement character each, so
/// that the number of units can be counted in the text.
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

/// First byte after the line of byte `from`, which is even.
pub(super) fn line_end(bytes: &[u8], from: usize, little_endian: bool) -> usize {
    for found in memchr::memchr_iter(b'\n', &bytes[from..]) {
        let at = from + found;
        let upper = if little_endian { at + 1 } else { at.wrapping_sub(1) };
        // A line feed has 0x0A in the lower half of its unit and 0 in the upper one.
        if at.is_multiple_of(2) == little_endian && bytes.get(upper) == Some(&0) {
            return at.max(upper) + 1;
        }
    }
    bytes.len()
}
