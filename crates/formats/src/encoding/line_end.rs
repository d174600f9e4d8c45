//! Line ends and text ends of other systems: a carriage return alone, and the end mark of DOS.

use super::Encoding;

/// The end mark of DOS and CP/M, which xBase programs write behind the last row.
const END_MARK: u8 = 0x1A;
/// The byte that fills a block of a disk behind the end mark.
const FILLER: u8 = 0;

/// The end of a line that may end in a carriage return alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineEnd {
    /// First byte of the line end.
    pub text_to: usize,
    /// First byte of the next line.
    pub next: usize,
}

impl Encoding {
    /// Bytes of a unit.
    fn unit_bytes(self) -> usize {
        if self.is_utf16() { 2 } else { 1 }
    }

    /// The unit at a byte, if it is one of ASCII.
    fn ascii_at(self, bytes: &[u8], at: usize) -> Option<u8> {
        match (self, bytes.get(at..at + self.unit_bytes())?) {
            (Self::Utf16Le, &[lower, 0]) | (Self::Utf16Be, &[0, lower]) => Some(lower),
            (Self::Utf16Le | Self::Utf16Be, _) => None,
            (_, unit) => unit.first().copied(),
        }
    }

    /// The end of the line that begins at `from`: LF, any number of CR before LF, or a CR alone.
    pub fn any_line_end(self, bytes: &[u8], from: usize) -> LineEnd {
        let unit = self.unit_bytes();
        let mut text_to = from;
        if unit == 1 {
            text_to = memchr::memchr2(b'\r', b'\n', &bytes[from..]).map_or(bytes.len(), |found| from + found);
        } else {
            while text_to < bytes.len() && !matches!(self.ascii_at(bytes, text_to), Some(b'\r' | b'\n')) {
                text_to = bytes.len().min(text_to + unit);
            }
        }
        let mut next = text_to;
        while self.ascii_at(bytes, next) == Some(b'\r') {
            next += unit;
        }
        if self.ascii_at(bytes, next) == Some(b'\n') {
            next += unit;
        } else if next > text_to {
            // Each carriage return alone ends a line.
            next = text_to + unit;
        }
        LineEnd { text_to, next }
    }

    /// End of the text that begins at `from`. An end mark of DOS at the end of `bytes` belongs to no row, nor do blanks, line ends and filling zeros
    /// around it. `bytes.len()` when there is no such mark.
    pub fn text_end(self, bytes: &[u8], from: usize) -> usize {
        let unit = self.unit_bytes();
        let mut at = bytes.len();
        let (mut end, mut marked) = (bytes.len(), false);
        // Zeros at the end of the last row belong to the row, since a reader that has not seen the mark yet takes them as well.
        let mut line_ended = false;
        // A program that knows bytes only leaves half a unit behind UTF-16.
        if unit == 2 && (at - from.min(at)) % 2 == 1 && bytes[at - 1] == END_MARK {
            (at, end, marked) = (at - 1, at - 1, true);
        }
        while at >= from + unit {
            match self.ascii_at(bytes, at - unit) {
                Some(END_MARK) => (end, marked, line_ended) = (at - unit, true, false),
                Some(FILLER) if line_ended => break,
                Some(FILLER) => end = at - unit,
                Some(b' ' | b'\t') => {}
                Some(b'\r' | b'\n') => line_ended = marked,
                _ => break,
            }
            at -= unit;
        }
        if marked { end } else { bytes.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::encoded;
    use super::*;

    const ENCODINGS: [Encoding; 4] = [Encoding::Utf8, Encoding::Windows1251, Encoding::Utf16Le, Encoding::Utf16Be];

    #[test]
    fn lines_end_in_feeds_returns_and_both() {
        for (text, lines) in [
            ("a\nb", vec!["a", "b"]),
            ("a\r\nb", vec!["a", "b"]),
            ("a\r\r\nb\r\r\n", vec!["a", "b"]),
            ("a\rb\r", vec!["a", "b"]),
            ("a\r\rb", vec!["a", "", "b"]),
            ("\na", vec!["", "a"]),
            ("Ж\u{0D0A}\rЯ", vec!["Ж\u{0D0A}", "Я"]),
        ] {
            for encoding in ENCODINGS.into_iter().filter(|encoding| *encoding != Encoding::Windows1251 || text.is_ascii()) {
                let bytes = encoded(encoding, text);
                let (mut from, mut found, mut line) = (0, Vec::new(), String::new());
                while from < bytes.len() {
                    let LineEnd { text_to, next } = encoding.any_line_end(&bytes, from);
                    encoding.decode(&bytes[from..text_to], &mut line);
                    found.push(line.clone());
                    from = next;
                }
                assert_eq!(found, lines, "{text:?} {}", encoding.name());
            }
        }
    }

    #[test]
    fn an_end_mark_ends_a_text_and_one_within_does_not() {
        for (text, kept) in [
            ("a\r\n\u{1A}", "a\r\n"),
            ("a\u{1A}", "a"),
            ("a\n\u{1A}\r\n", "a\n"),
            ("a\n\u{1A}\u{1A}\0\0", "a\n"),
            ("a\n\0\0\u{1A}", "a\n"),
            ("a\0\n\0\u{1A}", "a\0\n"),
            ("a \u{1A}", "a "),
            ("\u{1A}", ""),
            ("a\u{1A}b\n", "a\u{1A}b\n"),
            ("a\n\0\0", "a\n\0\0"),
            ("a\n", "a\n"),
            ("", ""),
        ] {
            for encoding in ENCODINGS {
                let bytes = encoded(encoding, text);
                assert_eq!(encoding.text_end(&bytes, 0), encoded(encoding, kept).len(), "{text:?} {}", encoding.name());
            }
        }
        let half = [encoded(Encoding::Utf16Le, "a\n"), vec![END_MARK]].concat();
        assert_eq!(Encoding::Utf16Le.text_end(&half, 0), 4);
    }
}
