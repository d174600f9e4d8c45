//! Blanks around values.

/// `text` without white space at its ends.
#[must_use]
#[inline]
pub fn trim_blanks(text: &str) -> &str {
    if needs_no_trimming(text.as_bytes()) { text } else { trim_carefully(text) }
}

/// `text` without white space at its ends, for texts that may have some.
#[must_use]
#[cold]
#[inline(never)]
pub fn trim_carefully(text: &str) -> &str {
    let rest = text.trim_ascii();
    if needs_no_trimming(rest.as_bytes()) { rest } else { rest.trim() }
}

/// Whether both ends of a text are printable ASCII or Cyrillic letters, so that there are no blanks to trim. Other texts may have some.
///
/// A letter of Russian has two bytes: D0 or D1, and another one. So the first byte decides about the start, and the
/// last but one about the end.
#[must_use]
#[inline]
pub fn needs_no_trimming(text: &[u8]) -> bool {
    let printable = |byte: u8| byte.wrapping_sub(b'!') < 0x80 - b'!';
    let cyrillic = |byte: u8| byte | 1 == 0xD1;
    match *text {
        [] => true,
        [only] => printable(only),
        [first, .., last] => (printable(first) | cyrillic(first)) & (printable(last) | cyrillic(text[text.len() - 2])),
    }
}
