//! Blanks around values.

/// `text` without the white space around it.
#[must_use]
#[inline]
pub fn trim_blanks(text: &str) -> &str {
    if needs_no_trimming(text.as_bytes()) { text } else { trim_carefully(text) }
}

/// [`trim_blanks`] of a text that may have blanks at its ends.
#[must_use]
#[cold]
#[inline(never)]
pub fn trim_carefully(text: &str) -> &str {
    let rest = text.trim_ascii();
    if needs_no_trimming(rest.as_bytes()) { rest } else { rest.trim() }
}

/// No blank is around a text whose ends are printable ASCII or Cyrillic; of all others it is not said.
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
