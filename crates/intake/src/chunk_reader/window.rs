//! Windows: whole lines of a chunk that are read in one go, because all their bytes have a meaning.

use sverka_formats::CodePage;

/// Some whole lines of a source without a meaningless byte.
#[derive(Clone, Copy)]
pub(super) enum Window<'s> {
    /// Lines in UTF-8.
    Text(&'s str),
    /// Lines in a code page.
    InCodePage(&'s [u8], &'static CodePage),
}

impl<'s> Window<'s> {
    /// The bytes as they stand in the file.
    pub fn raw(self) -> &'s [u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::InCodePage(raw, _) => raw,
        }
    }

    /// The lines of `raw` before the first line with a meaningless byte; usually all of them.
    #[inline]
    pub fn valid_lines(raw: &'s [u8], code_page: Option<&'static CodePage>) -> Self {
        match code_page {
            None => Self::Text(simdutf8::basic::from_utf8(raw).unwrap_or_else(|_| valid_utf8_lines(raw))),
            Some(code_page) => {
                let valid = code_page.first_meaningless(raw).map_or(raw, |first| lines_before(raw, first));
                Self::InCodePage(valid, code_page)
            }
        }
    }
}

/// The lines before the first one with a byte that is not UTF-8.
#[cold]
fn valid_utf8_lines(raw: &[u8]) -> &str {
    let valid = raw.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    &valid[..valid.rfind('\n').map_or(0, |last| last + 1)]
}

/// The whole lines before byte `at`.
#[cold]
fn lines_before(raw: &[u8], at: usize) -> &[u8] {
    &raw[..memchr::memrchr(b'\n', &raw[..at]).map_or(0, |last| last + 1)]
}
