//! Runs of text as UTF-8: references, line ends, encodings.

use super::charset::Charset;
use super::fault::RecordCause;

/// The place of a run of text, which decides what `&` and white space mean in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunKind {
    /// Text between tags.
    Content,
    /// Text between the quotes of an attribute.
    Attribute,
    /// Text in CDATA: `&` is a character.
    Cdata,
}

/// Appends a run of text, which is all between two pieces of markup, as UTF-8.
#[inline]
pub(super) fn append_run(run: &[u8], kind: RunKind, charset: Charset, text: &mut Vec<u8>) -> Result<(), RecordCause> {
    let (mut special, mut high) = (false, 0);
    for &byte in run {
        special |= is_special(byte);
        high |= byte;
    }
    if special {
        append_with_specials(run, kind, charset, text)
    } else if high < 0x80 {
        text.extend_from_slice(run);
        Ok(())
    } else {
        charset.append(run, text)
    }
}

/// Whether a byte may stand for something else than itself.
#[inline]
fn is_special(byte: u8) -> bool {
    byte < b' ' || byte == b'&' || byte == b'<'
}

#[cold]
fn append_with_specials(run: &[u8], kind: RunKind, charset: Charset, text: &mut Vec<u8>) -> Result<(), RecordCause> {
    let mut rest = run;
    while let Some(at) = rest.iter().position(|&byte| is_special(byte)) {
        charset.append(&rest[..at], text)?;
        let special = rest[at];
        rest = &rest[at + 1..];
        match special {
            b'\t' | b'\n' | b'\r' => {
                if special == b'\r' && rest.first() == Some(&b'\n') {
                    rest = &rest[1..];
                }
                let line_end = if special == b'\t' { b'\t' } else { b'\n' };
                text.push(if kind == RunKind::Attribute { b' ' } else { line_end });
            }
            b'&' if kind != RunKind::Cdata => {
                let length = memchr::memchr(b';', rest).ok_or(RecordCause::Reference)?;
                let character = referred(&rest[..length])?;
                text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                rest = &rest[length + 1..];
            }
            b'&' => text.push(b'&'),
            b'<' if kind == RunKind::Cdata => text.push(b'<'),
            b'<' => return Err(RecordCause::Attribute),
            _ => return Err(RecordCause::Character),
        }
    }
    charset.append(rest, text)
}

/// The character of a reference without `&` and `;`.
fn referred(name: &[u8]) -> Result<char, RecordCause> {
    Ok(match name {
        b"lt" => '<',
        b"gt" => '>',
        b"amp" => '&',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x', digits @ ..] => numbered(digits, 16)?,
        [b'#', digits @ ..] => numbered(digits, 10)?,
        _ => return Err(RecordCause::Reference),
    })
}

fn numbered(digits: &[u8], radix: u32) -> Result<char, RecordCause> {
    let mut number = 0_u32;
    for &digit in digits {
        let digit = char::from(digit).to_digit(radix).ok_or(RecordCause::Reference)?;
        number = number.saturating_mul(radix).saturating_add(digit);
    }
    if digits.is_empty() {
        return Err(RecordCause::Reference);
    }
    let allowed = |character: &char| *character >= ' ' || matches!(character, '\t' | '\n' | '\r');
    char::from_u32(number)
        .filter(allowed)
        .filter(|character| !matches!(character, '\u{FFFE}' | '\u{FFFF}'))
        .ok_or(RecordCause::Character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(run: &str, kind: RunKind) -> Result<String, RecordCause> {
        let mut text = Vec::new();
        append_run(run.as_bytes(), kind, Charset::Utf8, &mut text)?;
        Ok(String::from_utf8(text).expect("text is UTF-8"))
    }

    #[test]
    fn references_are_replaced_but_in_cdata() {
        let run = "&lt;&gt;&amp;&quot;&apos;&#1040;&#x410;&#X410";
        assert_eq!(read(&run[..run.len() - 6], RunKind::Content).as_deref(), Ok("<>&\"'АА"));
        assert_eq!(read("a&amp;<b", RunKind::Cdata).as_deref(), Ok("a&amp;<b"));
    }

    #[test]
    fn what_is_no_reference_is_a_fault() {
        for run in ["&", "a & b", "&nbsp;", "&#;", "&#x;", "&#12a;", "&amp", "&;", "&#-1;", "&#X41;"] {
            assert_eq!(read(run, RunKind::Content), Err(RecordCause::Reference), "{run}");
        }
        for run in ["&#0;", "&#xD800;", "&#x110000;", "&#99999999999999999999;", "&#xFFFF;", "\u{1}", "\0"] {
            assert_eq!(read(run, RunKind::Content), Err(RecordCause::Character), "{run}");
        }
    }

    #[test]
    fn line_ends_are_made_even() {
        assert_eq!(read("a\r\nb\rc\n\td", RunKind::Content).as_deref(), Ok("a\nb\nc\n\td"));
        assert_eq!(read("a\r\nb\tЖ", RunKind::Attribute).as_deref(), Ok("a b Ж"));
    }
}
