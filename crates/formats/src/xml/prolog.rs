//! The first bytes of a document: byte order mark and XML declaration, from which its encoding follows.

use super::charset::Charset;
use super::fault::DocumentCause;
use super::markup::{is_blank, skip_blanks};

/// Number of first bytes that are looked at; a declaration is shorter.
pub(super) const PROLOG_BYTES: usize = 1024;

/// The encoding of a document by its first bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Prolog {
    /// The declared encoding.
    pub declared: Option<Charset>,
    /// Whether the document begins with the byte order mark of UTF-8.
    pub is_marked: bool,
    /// First byte behind the byte order mark.
    pub from: usize,
}

/// Reads the first bytes of a document: at least [`PROLOG_BYTES`], or all of a shorter document. Behind the byte order
/// mark of UTF-8, the declaration of an unknown encoding does not count.
pub(super) fn read_prolog(bytes: &[u8]) -> Result<Prolog, DocumentCause> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        let declared = declared_label(rest).and_then(Charset::of_label);
        return Ok(Prolog { declared, is_marked: true, from: bytes.len() - rest.len() });
    }
    let is_wide = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    if is_wide || bytes.get(..2).is_some_and(|first| first.contains(&0)) {
        return Err(DocumentCause::Encoding);
    }
    let declared = match declared_label(bytes) {
        None => None,
        Some(label) => Some(Charset::of_label(label).ok_or(DocumentCause::Encoding)?),
    };
    Ok(Prolog { declared, is_marked: false, from: 0 })
}

/// The encoding of an XML declaration.
fn declared_label(bytes: &[u8]) -> Option<&str> {
    let declaration = bytes.strip_prefix(b"<?xml").filter(|rest| rest.first().is_some_and(|&byte| is_blank(byte)))?;
    let declaration = &declaration[..memchr::memmem::find(&declaration[..declaration.len().min(PROLOG_BYTES)], b"?>")?];
    let key = b"encoding";
    let after_key = memchr::memmem::find(declaration, key)? + key.len();
    let equals = skip_blanks(declaration, after_key);
    if declaration.get(equals) != Some(&b'=') {
        return None;
    }
    let quoted = &declaration[skip_blanks(declaration, equals + 1)..];
    let (&quote, label) = quoted.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
    str::from_utf8(&label[..memchr::memchr(quote, label)?]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_declared_in_many_ways() {
        for (bytes, charset) in [
            (&b"<?xml version=\"1.0\" encoding=\"windows-1251\"?><a/>"[..], Some(Charset::Windows1251)),
            (b"<?xml version='1.0' encoding = 'WINDOWS-1251' standalone='yes' ?><a/>", Some(Charset::Windows1251)),
            (b"<?xml version='1.0'?><a encoding='koi8-r'/>", None),
            (b"<?xml-stylesheet encoding='koi8-r'?><a/>", None),
            (b"<a/>", None),
            (b"", None),
            (b"\xEF\xBB\xBF<?xml version='1.0' encoding='windows-1251'?>", Some(Charset::Windows1251)),
            (b"\xEF\xBB\xBF<?xml version='1.0' encoding='utf-16'?>", None),
        ] {
            assert_eq!(read_prolog(bytes).expect("known encoding").declared, charset, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn encodings_that_are_not_known_are_refused() {
        for bytes in [&b"\xFF\xFE<\0a\0"[..], b"\xFE\xFF\0<", b"<\0?\0", b"\0<", b"<?xml version='1.0' encoding='utf-16'?>"] {
            assert!(matches!(read_prolog(bytes), Err(DocumentCause::Encoding)), "{}", bytes.escape_ascii());
        }
    }
}
