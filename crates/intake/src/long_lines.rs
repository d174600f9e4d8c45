//! Lines that may have any length: how much of one is held, and where it ends. The pages of a mapped file that a long line fills are given back while its
//! end is looked for.

use sverka_formats::Encoding;
use sverka_formats::SourceFile;

/// A line with more bytes is passed over: it has no fields, and nothing of it but its first bytes is looked at. Far more than any row has, and few
/// enough to be decoded as a whole on any machine.
pub(super) const MOST_LINE_BYTES: usize = 16 << 20;
/// Bytes that are looked at before their pages are given back.
const PIECE_BYTES: usize = 8 << 20;

/// How long lines are dealt with. Tests make the numbers small.
#[derive(Clone, Copy, Debug)]
pub(super) struct LongLines<'f> {
    /// A line with more bytes is passed over.
    pub most_bytes: usize,
    /// Bytes that are looked at before their pages are given back.
    pub piece_bytes: usize,
    /// The mapped file that is searched, if it is one whose pages can be given back.
    pub file: Option<&'f SourceFile>,
}

impl Default for LongLines<'_> {
    fn default() -> Self {
        Self { most_bytes: MOST_LINE_BYTES, piece_bytes: PIECE_BYTES, file: None }
    }
}

impl<'f> LongLines<'f> {
    /// Lines of a mapped file.
    pub fn of_file(file: &'f SourceFile) -> Self {
        Self { file: Some(file), ..Self::default() }
    }

    /// First byte after the line that `from`, where a character begins, stands in.
    #[inline]
    pub fn line_end(self, bytes: &[u8], from: usize, encoding: Encoding) -> usize {
        let first = bytes.len().min(from + self.piece_bytes);
        let end = encoding.line_end(&bytes[..first], from);
        if end < first || first == bytes.len() || encoding.is_ended(&bytes[from..end]) {
            return end;
        }
        self.far_line_end(bytes, from, encoding)
    }

    /// Where the next piece of a line ends that may be too long and ends at `end`: behind one of its carriage returns, since these may be all line
    /// ends that the sender knows.
    pub fn piece_end(self, bytes: &[u8], from: usize, end: usize) -> usize {
        if end - from <= self.most_bytes {
            return end;
        }
        memchr::memrchr(b'\r', &bytes[from..from + self.most_bytes]).map_or(end, |last| from + last + 1)
    }

    /// Gives the pages of a part back that was read, if it is large.
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
