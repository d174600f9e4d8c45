//! A document as a sequence of tags and texts, for sheets of spreadsheets, whose values are not found by paths.
//!
//! End tags are not compared with start tags. A document that ends too early is an error.

use std::io::BufRead;

use super::charset::Charset;
use super::fault::DocumentCause;
use super::limits::{DEPTH, TAG_BYTES, TEXT_BYTES};
use super::markup::{Attribute, Markup, markup_at};
use super::prolog::{PROLOG_BYTES, read_prolog};
use super::text::{RunKind, append_run};
use super::window::Window;

/// Reads the tags and texts of a document in their order, reusing its buffers.
pub struct XmlEvents<R> {
    window: Window<R>,
    charset: Charset,
    attributes: Vec<Attribute>,
    text: Vec<u8>,
    depth: usize,
    has_begun: bool,
    has_root: bool,
}

/// A tag or a text of a document.
#[derive(Clone, Copy)]
pub enum XmlEvent<'e> {
    /// A start tag, or the tag of an empty element.
    Start(StartedElement<'e>),
    /// An end tag; an empty element has none.
    End(&'e [u8]),
    /// Text inside of an element; a long text comes in pieces.
    Text(&'e str),
}

/// A start tag.
#[derive(Clone, Copy)]
pub struct StartedElement<'e> {
    /// Name without a prefix.
    pub name: &'e [u8],
    /// Whether the element ends with the tag.
    pub is_empty: bool,
    bytes: &'e [u8],
    attributes: &'e [Attribute],
    charset: Charset,
}

impl<'e> StartedElement<'e> {
    /// The bytes of an attribute by its name without a prefix, references as they are written.
    #[must_use]
    #[inline]
    pub fn raw(&self, name: &str) -> Option<&'e [u8]> {
        let found = self.attributes.iter().find(|known| &self.bytes[known.name.local..known.name.to] == name.as_bytes())?;
        Some(&self.bytes[found.value.clone()])
    }

    /// The bytes of an attribute by its name with its prefix, references as they are written.
    #[must_use]
    #[inline]
    pub fn raw_prefixed(&self, name: &str) -> Option<&'e [u8]> {
        let found = self.attributes.iter().find(|known| &self.bytes[known.name.from..known.name.to] == name.as_bytes())?;
        Some(&self.bytes[found.value.clone()])
    }

    /// The text of an attribute by its name without a prefix; `None` when it cannot be read.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        decoded(self.raw(name)?, self.charset)
    }

    /// The text of an attribute by its name with its prefix; `None` when it cannot be read.
    #[must_use]
    pub fn text_prefixed(&self, name: &str) -> Option<String> {
        decoded(self.raw_prefixed(name)?, self.charset)
    }
}

fn decoded(raw: &[u8], charset: Charset) -> Option<String> {
    let mut text = Vec::new();
    append_run(raw, RunKind::Attribute, charset, &mut text).ok()?;
    String::from_utf8(text).ok()
}

/// The next tag or text, by its indices in the window.
enum Found {
    Start { local: usize, to: usize, is_empty: bool },
    End { local: usize, to: usize },
    Text,
    Nothing,
}

impl<R: BufRead> XmlEvents<R> {
    /// A reader of the document that `input` begins with.
    pub fn new(input: R) -> Self {
        Self {
            window: Window::new(input),
            charset: Charset::Utf8,
            attributes: Vec::new(),
            text: Vec::new(),
            depth: 0,
            has_begun: false,
            has_root: false,
        }
    }

    /// The next tag or text; `None` behind the root element.
    ///
    /// # Errors
    /// When the document cannot be read beyond a point.
    pub fn next_event(&mut self) -> Result<Option<XmlEvent<'_>>, DocumentCause> {
        let found = self.find()?;
        let bytes = self.window.bytes();
        Ok(match found {
            Found::Start { local, to, is_empty } => Some(XmlEvent::Start(StartedElement {
                name: &bytes[local..to],
                is_empty,
                bytes,
                attributes: &self.attributes,
                charset: self.charset,
            })),
            Found::End { local, to } => Some(XmlEvent::End(&bytes[local..to])),
            Found::Text => {
                let text = str::from_utf8(&self.text).map_err(|_| DocumentCause::Header(super::RecordCause::Encoding))?;
                Some(XmlEvent::Text(text))
            }
            Found::Nothing => None,
        })
    }

    /// Skips the rest of the element that the last start tag has begun: everything up to `end_tag`, of any length. The
    /// element must hold none of its own name.
    ///
    /// # Errors
    /// When there is no such end tag.
    pub fn skip_element(&mut self, end_tag: &[u8]) -> Result<(), DocumentCause> {
        if !self.window.skip_past(end_tag)? {
            return Err(DocumentCause::Cut);
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }

    fn find(&mut self) -> Result<Found, DocumentCause> {
        if !self.has_begun {
            self.begin()?;
        }
        loop {
            let at = self.window.at;
            let Some(&first) = self.window.bytes().get(at) else {
                if !self.window.ended {
                    self.window.refill()?;
                    continue;
                }
                return if self.has_root && self.depth == 0 { Ok(Found::Nothing) } else { Err(DocumentCause::Cut) };
            };
            if first != b'<' {
                if self.text_run()? && self.depth > 0 {
                    return Ok(Found::Text);
                }
                continue;
            }
            match markup_at(self.window.bytes(), at, &mut self.attributes) {
                Markup::Start(tag) if tag.to - at <= TAG_BYTES && tag.fault.is_none() => {
                    if self.depth == 0 && self.has_root {
                        return Err(DocumentCause::OutsideRoot);
                    }
                    self.has_root = true;
                    self.depth += usize::from(!tag.empty);
                    if self.depth > DEPTH {
                        return Err(DocumentCause::TooDeep);
                    }
                    self.window.at = tag.to;
                    return Ok(Found::Start { local: tag.name.local, to: tag.name.to, is_empty: tag.empty });
                }
                Markup::Start(tag) if tag.fault.is_some() => return Err(DocumentCause::Tag),
                Markup::End(name, to) if to - at <= TAG_BYTES => {
                    self.depth = self.depth.checked_sub(1).ok_or(DocumentCause::Mismatch)?;
                    self.window.at = to;
                    return Ok(Found::End { local: name.local, to: name.to });
                }
                Markup::Start(_) | Markup::End(..) => return Err(DocumentCause::TagTooLong),
                Markup::Cdata(from) => {
                    let rest = &self.window.bytes()[from..];
                    if let Some(length) = memchr::memmem::find(rest, b"]]>") {
                        self.text.clear();
                        let appended = append_run(&rest[..length], RunKind::Cdata, self.charset, &mut self.text);
                        appended.map_err(DocumentCause::Header)?;
                        self.window.at = from + length + 3;
                        return Ok(Found::Text);
                    }
                    self.more(rest.len())?;
                }
                Markup::Comment(from) => self.skip_past(from, b"-->")?,
                Markup::Instruction(from) => self.skip_past(from, b"?>")?,
                Markup::Doctype => return Err(DocumentCause::Doctype),
                Markup::Unknown => return Err(DocumentCause::Tag),
                Markup::Incomplete => self.more(self.window.bytes().len() - at)?,
            }
        }
    }

    /// Reads more of the document, because a tag or CDATA of `held_bytes` bytes or more is not finished.
    fn more(&mut self, held_bytes: usize) -> Result<(), DocumentCause> {
        if held_bytes > TAG_BYTES + TEXT_BYTES {
            return Err(DocumentCause::TagTooLong);
        }
        if self.window.ended {
            return Err(DocumentCause::Cut);
        }
        Ok(self.window.refill()?)
    }

    fn begin(&mut self) -> Result<(), DocumentCause> {
        while self.window.bytes().len() < PROLOG_BYTES && !self.window.ended {
            self.window.refill()?;
        }
        let prolog = read_prolog(self.window.bytes())?;
        self.charset = if prolog.is_marked { Charset::Utf8 } else { prolog.declared.unwrap_or(Charset::Utf8) };
        self.window.at = prolog.from;
        self.has_begun = true;
        Ok(())
    }

    /// Takes the text up to the next markup, or a piece of it. Returns whether there is any.
    fn text_run(&mut self) -> Result<bool, DocumentCause> {
        loop {
            let at = self.window.at;
            let rest = &self.window.bytes()[at..];
            let found = memchr::memchr(b'<', rest);
            if found.is_none() && rest.len() <= TEXT_BYTES && !self.window.ended {
                self.window.refill()?;
                continue;
            }
            // A piece must not end inside of a reference or a character.
            let length = found.unwrap_or_else(|| piece_end(rest, self.window.ended));
            self.text.clear();
            append_run(&rest[..length], RunKind::Content, self.charset, &mut self.text).map_err(DocumentCause::Header)?;
            self.window.at = at + length;
            return Ok(length > 0);
        }
    }

    fn skip_past(&mut self, from: usize, pattern: &[u8]) -> Result<(), DocumentCause> {
        self.window.at = from;
        if self.window.skip_past(pattern)? { Ok(()) } else { Err(DocumentCause::Cut) }
    }
}

/// The end of the last whole character outside of a reference.
fn piece_end(text: &[u8], has_ended: bool) -> usize {
    const LONGEST_REFERENCE: usize = 16;
    if has_ended {
        return text.len();
    }
    let tail = text.len().saturating_sub(LONGEST_REFERENCE);
    let end = memchr::memrchr(b'&', &text[tail..]).map_or(text.len(), |at| tail + at);
    let is_inside = |byte: u8| (0x80..0xC0).contains(&byte);
    let mut from = end;
    while from > 0 && end - from < 4 && is_inside(text[from - 1]) {
        from -= 1;
    }
    if from > 0 && text[from - 1] >= 0xC0 { from - 1 } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(document: &[u8]) -> String {
        let (mut events, mut report) = (XmlEvents::new(document), String::new());
        loop {
            match events.next_event() {
                Ok(Some(XmlEvent::Start(tag))) => {
                    report += &format!("<{}{}>", String::from_utf8_lossy(tag.name), if tag.is_empty { "/" } else { "" });
                    report += &tag.text("r").map_or(String::new(), |value| format!("r={value} "));
                }
                Ok(Some(XmlEvent::End(name))) => report += &format!("</{}>", String::from_utf8_lossy(name)),
                Ok(Some(XmlEvent::Text(text))) => report += text,
                Ok(None) => return report,
                Err(cause) => return format!("{report}!{cause:?}"),
            }
        }
    }

    #[test]
    fn pieces_come_in_their_order() {
        let document = "<?xml version='1.0'?>\n<x:a><b r='&lt;1'/>Ж&amp;<![CDATA[<&]]><!-- - --></x:a>\n";
        assert_eq!(report(document.as_bytes()), "<a><b/>r=<1 Ж&<&</a>");
        let long = "Ж&amp;".repeat(100_000);
        assert_eq!(report(format!("<a>{long}</a>").as_bytes()), format!("<a>{}</a>", "Ж&".repeat(100_000)));
    }

    #[test]
    fn what_is_no_document_ends_with_its_cause() {
        for (document, cause) in [
            (&b"<a>"[..], "!Cut"),
            (b"", "!Cut"),
            (b"<a/><b/>", "!OutsideRoot"),
            (b"<!DOCTYPE a><a/>", "!Doctype"),
            (b"<a><b <c></a>", "!Tag"),
            (b"<a>&nbsp;</a>", "!Header"),
            (b"</a>", "!Mismatch"),
        ] {
            assert!(report(document).contains(cause), "{}: {}", document.escape_ascii(), report(document));
        }
        assert!(report("<a>".repeat(100).as_bytes()).contains("TooDeep"));
    }
}
