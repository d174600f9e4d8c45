//! Lines of any length: the number of bytes of a line that are held, and the end of a line. While the end of a long
//! line is looked for, its memory is given back to the system piece by piece.

use sverka_formats::Encoding;
use sverka_formats::SourceFile;

/// Most bytes of a line that is read as a row. A longer one has no fields, and only its first bytes are kept. The limit is far above any row, and low
/// enough to decode such a line as a whole on any machine.
pub(super) const MOST_LINE_BYTES: usize = 16 << 20;
/// Bytes that are looked at before their pages are given back.
const PIECE_BYTES: usize = 8 << 20;

/// Limits for long lines. Tests make them small.
#[derive(Clone, Copy, Debug)]
pub(super) struct LongLines<'f> {
    /// Most bytes of a line that is read as a row.
    pub most_bytes: usize,
    /// Bytes that are looked at before their pages are given back.
    pub piece_bytes: usize,
    /// The mapped file with the lines, if its memory can be given back.
    pub file: Option<&'f SourceFile>,
}

impl Default for LongLines<'_> {
    fn default() -> Self {
        Self { most_bytes: MOST_LINE_BYTES, piece_bytes: PIECE_BYTES, file: None }
    }
}

impl<'f> LongLines<'f> {
    /// The usual limits for lines of a mapped file.
    pub fn of_file(file: &'f SourceFile) -> Self {
        Self { file: Some(file), ..Self::default() }
    }

    /// First byte after the line of byte `from`, where a character begins.
    #[inline]
    pub fn line_end(self, bytes: &[u8], from: usize, encoding: Encoding) -> usize {
        let first = bytes.len().min(from + self.piece_bytes);
        let end = encoding.line_end(&bytes[..first], from);
        if end < first || first == bytes.len() || encoding.is_ended(&bytes[from..end]) {
            return end;
        }
        self.far_line_end(bytes, from, encoding)
    }

    /// End of the next piece of a line that ends at `end`. A line that is too long is cut behind a carriage return, which may be the sender's line end.
    pub fn piece_end(self, bytes: &[u8], from: usize, end: usize) -> usize {
        if end - from <= self.most_bytes {
            return end;
        }
        memchr::memrchr(b'\r', &bytes[from..from + self.most_bytes]).map_or(end, |last| from + last + 1)
    }

    /// Gives the memory of a part back that was read, if the part is large.
    pub fn release(self, from: usize, to: usize) {
        if to - from > self.piece_bytes {
            self.give_back(from, to);
        }
    }

    fn give_back(self, from: usize, to: usize) {
        if let Some(file) = self.file {
            file.release(from, to);
        }
    }

    #[cold]
    fn far_line_end(self, bytes: &[u8], from: usize, encoding: Encoding) -> usize {
        let mut at = from;
        loop {
            let to = bytes.len().min(at + self.piece_bytes);
            let end = encoding.line_end(&bytes[..to], at);
            if to == bytes.len() || encoding.is_ended(&bytes[at..end]) {
                return end;
            }
            self.give_back(at, to);
            at = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sverka_formats::encoded;

    #[test]
    fn a_long_line_ends_where_it_does() {
        let long_lines = LongLines { piece_bytes: 8, ..LongLines::default() };
        for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
            for length in 0..30 {
                let line = encoded(encoding, &("x".repeat(length) + "\n"));
                let text = [&line[..], &encoded(encoding, "y")].concat();
                for content in [&text, &line] {
                    let found = long_lines.line_end(content, 0, encoding);
                    assert_eq!(found, line.len(), "{} of {length}", encoding.name());
                }
                let open = &line[..line.len() - encoded(encoding, "\n").len()];
                assert_eq!(long_lines.line_end(open, 0, encoding), open.len(), "{} of {length}", encoding.name());
            }
        }
    }
}
