//! Markup: tags with their attributes, comments, CDATA and refused declarations, each read from its `<`.
//!
//! The bytes may end anywhere; then the markup is incomplete. The wanted elements are not known here.

use std::ops::Range;

use super::limits::ATTRIBUTES;

/// A name of an element or attribute, as a range of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub from: usize,
    /// Start of the local name, behind the prefix.
    pub local: usize,
    pub to: usize,
    /// [`NameHash`] of the local name.
    pub hash: u32,
}

/// A hash of a name without regard to letter case.
#[derive(Clone, Copy)]
pub(super) struct NameHash(pub u32);

impl NameHash {
    pub const EMPTY: Self = Self(0x811C_9DC5);

    #[inline]
    pub fn and(self, byte: u8) -> Self {
        Self((self.0 ^ u32::from(byte.to_ascii_uppercase())).wrapping_mul(0x0100_0193))
    }
}

/// An attribute of the last start tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    pub name: Name,
    /// Range of the value between the quotes.
    pub value: Range<usize>,
}

/// A start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StartTag {
    pub name: Name,
    /// First byte behind the tag.
    pub to: usize,
    /// Whether the element ends with the tag.
    pub empty: bool,
    /// Start of the first attribute that cannot be read.
    pub fault: Option<usize>,
}

/// The markup that a `<` begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Markup {
    Start(StartTag),
    /// The name, and the first byte behind the tag.
    End(Name, usize),
    /// CDATA, with the first byte inside.
    Cdata(usize),
    /// A comment, with the first byte inside.
    Comment(usize),
    /// An instruction, with the first byte inside.
    Instruction(usize),
    Doctype,
    /// Bytes that are no XML.
    Unknown,
    /// Markup without its end in the bytes.
    Incomplete,
}

/// Bytes that may stand in a name: more than XML allows, since documents with strange names are wrong elsewhere, too.
static IN_NAMES: [bool; 256] = {
    let mut in_names = [true; 256];
    let mut byte = 0;
    while byte <= b' ' {
        in_names[byte as usize] = false;
        byte += 1;
    }
    let excluded = b"<>/=&'\"!?[](){};,@#$%^*+|\\~`\x7F";
    let mut index = 0;
    while index < excluded.len() {
        in_names[excluded[index] as usize] = false;
        index += 1;
    }
    in_names
};

/// The name that begins at a byte; it has no byte when none begins there.
#[inline]
pub(super) fn name_at(bytes: &[u8], from: usize) -> Name {
    let (mut local, mut hash, mut to) = (from, NameHash::EMPTY, from);
    while let Some(&byte) = bytes.get(to)
        && IN_NAMES[usize::from(byte)]
    {
        to += 1;
        (local, hash) = if byte == b':' { (to, NameHash::EMPTY) } else { (local, hash.and(byte)) };
    }
    Name { from, local, to, hash: hash.0 }
}

#[inline]
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

#[inline]
pub(super) fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|&byte| is_blank(byte)) {
        at += 1;
    }
    at
}

/// Reads the markup of the `<` at `at`. The attributes of a start tag go into `attributes`.
#[inline]
pub(super) fn markup_at(bytes: &[u8], at: usize, attributes: &mut Vec<Attribute>) -> Markup {
    match bytes.get(at + 1) {
        None => Markup::Incomplete,
        Some(b'/') => end_tag(bytes, at + 2),
        Some(b'!') => declaration(bytes, at),
        Some(b'?') => Markup::Instruction(at + 2),
        Some(_) => start_tag(bytes, at + 1, attributes),
    }
}

#[inline]
fn end_tag(bytes: &[u8], from: usize) -> Markup {
    let name = name_at(bytes, from);
    let at = skip_blanks(bytes, name.to);
    match bytes.get(at) {
        None => Markup::Incomplete,
        Some(b'>') if name.to > from => Markup::End(name, at + 1),
        Some(_) => Markup::Unknown,
    }
}

fn declaration(bytes: &[u8], at: usize) -> Markup {
    let rest = &bytes[at..];
    let begins = |with: &[u8]| rest.len() >= with.len() && rest[..with.len()].eq_ignore_ascii_case(with);
    let (comment, cdata, doctype): (&[u8], &[u8], &[u8]) = (b"<!--", b"<![CDATA[", b"<!DOCTYPE");
    if begins(comment) {
        Markup::Comment(at + comment.len())
    } else if rest.starts_with(cdata) {
        Markup::Cdata(at + cdata.len())
    } else if begins(doctype) {
        Markup::Doctype
    } else if [comment, cdata, doctype]
        .iter()
        .any(|known| known.len() > rest.len() && known[..rest.len()].eq_ignore_ascii_case(rest))
    {
        Markup::Incomplete
    } else {
        Markup::Unknown
    }
}

#[inline]
fn start_tag(bytes: &[u8], from: usize, attributes: &mut Vec<Attribute>) -> Markup {
    attributes.clear();
    let name = name_at(bytes, from);
    match bytes.get(name.to) {
        None => Markup::Incomplete,
        Some(_) if name.to == from => Markup::Unknown,
        Some(b'>') => Markup::Start(StartTag { name, to: name.to + 1, empty: false, fault: None }),
        Some(_) => start_tag_from(bytes, name, attributes),
    }
}

/// The rest of a start tag behind its name.
fn start_tag_from(bytes: &[u8], name: Name, attributes: &mut Vec<Attribute>) -> Markup {
    let mut at = name.to;
    loop {
        let after_blanks = skip_blanks(bytes, at);
        let separated = after_blanks > at;
        at = after_blanks;
        match bytes.get(at..).unwrap_or_default() {
            [] | [b'/'] => return Markup::Incomplete,
            [b'>', ..] => return Markup::Start(StartTag { name, to: at + 1, empty: false, fault: None }),
            [b'/', b'>', ..] => return Markup::Start(StartTag { name, to: at + 2, empty: true, fault: None }),
            [b'<', ..] => return Markup::Unknown,
            _ => {}
        }
        match attribute_at(bytes, at) {
            None => return Markup::Incomplete,
            Some(Ok(attribute)) if separated && attributes.len() < ATTRIBUTES => {
                at = attribute.value.end + 1;
                attributes.push(attribute);
            }
            Some(_) => return faulty_start_tag(bytes, name, at),
        }
    }
}

struct NoAttribute;

/// The attribute at `at`; `None` when its end is not in the bytes.
fn attribute_at(bytes: &[u8], at: usize) -> Option<Result<Attribute, NoAttribute>> {
    let name = name_at(bytes, at);
    let equals = skip_blanks(bytes, name.to);
    if *bytes.get(equals)? != b'=' || name.to == at {
        return Some(Err(NoAttribute));
    }
    let opening = skip_blanks(bytes, equals + 1);
    let quote = *bytes.get(opening)?;
    if quote != b'"' && quote != b'\'' {
        return Some(Err(NoAttribute));
    }
    let length = memchr::memchr(quote, &bytes[opening + 1..])?;
    Some(Ok(Attribute { name, value: opening + 1..opening + 1 + length }))
}

/// A start tag whose attributes cannot be read from `at` on. It ends at the next `>`.
#[cold]
fn faulty_start_tag(bytes: &[u8], name: Name, at: usize) -> Markup {
    match memchr::memchr2(b'>', b'<', &bytes[at..]) {
        None => Markup::Incomplete,
        Some(length) if bytes[at + length] == b'<' => Markup::Unknown,
        Some(length) => {
            let to = at + length + 1;
            Markup::Start(StartTag { name, to, empty: bytes[to - 2] == b'/', fault: Some(at) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(text: &str) -> (StartTag, Vec<(&str, &str)>) {
        let mut attributes = Vec::new();
        let Markup::Start(tag) = markup_at(text.as_bytes(), 0, &mut attributes) else { panic!("{text} is a start tag") };
        let pair = |attribute: &Attribute| (&text[attribute.name.local..attribute.name.to], &text[attribute.value.clone()]);
        (tag, attributes.iter().map(pair).collect())
    }

    #[test]
    fn attributes_are_read_with_either_quote_and_blanks_anywhere() {
        let (tag, attributes) = start("<a:OP\n N_REC = '1\"' b:ID=\"<>'\"/>rest");
        assert_eq!(attributes, [("N_REC", "1\""), ("ID", "<>'")]);
        assert_eq!((tag.name.local, tag.name.to, tag.empty, tag.fault), (3, 5, true, None));
    }

    #[test]
    fn attributes_that_cannot_be_read_end_with_their_tag() {
        for (text, at) in [("<OP A=1>x", 4), ("<OP A='1'B='2'/>x", 9), ("<OP A>x", 4), ("<OP ='1'>x", 4), ("<OP/ >x", 3)] {
            let (tag, _) = start(text);
            assert_eq!((tag.fault, tag.to), (Some(at), text.len() - 1), "{text}");
        }
    }

    #[test]
    fn a_tag_is_incomplete_at_every_cut() {
        for text in ["<OP A='1' B=\"2\" />", "</OP >", "<![CDATA[", "<!DOCTYPE", "<!--", "<OP A=1 >"] {
            for length in 1..text.len() {
                let found = markup_at(&text.as_bytes()[..length], 0, &mut Vec::new());
                assert_eq!(found, Markup::Incomplete, "{}", &text[..length]);
            }
        }
    }

    #[test]
    fn a_tag_that_meets_the_next_one_is_unknown() {
        for text in ["<OP <A>", "<OP<A>", "</OP<A>", "< OP>", "<>", "</>", "<!ENTITY x>", "<OP A=1 <B>"] {
            assert_eq!(markup_at(text.as_bytes(), 0, &mut Vec::new()), Markup::Unknown, "{text}");
        }
    }

    #[test]
    fn hashes_of_names_know_no_case_and_no_prefix() {
        let hash = |text: &str| name_at(text.as_bytes(), 0).hash;
        assert_eq!(hash("x:Fam"), hash("FAM"));
        assert_ne!(hash("FAM"), hash("FAN"));
    }
}
