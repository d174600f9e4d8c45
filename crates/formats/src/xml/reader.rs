//! Reading a document record by record: the window moves on, and the walk takes each tag and text in it.

mod lost;

use std::io::BufRead;

use super::charset::Charset;
use super::fault::{DocumentCause, DocumentFault, RecordFault};
use super::limits::{TAG_BYTES, TEXT_BYTES};
use super::markup::{Markup, markup_at, skip_blanks};
use super::prolog::{PROLOG_BYTES, Prolog, read_prolog};
use super::shape::Shape;
use super::text::RunKind;
use super::values::XmlFields;
use super::walk::{OpenRecord, Walk};
use super::window::Window;
use crate::encoding::{Declaration, EncodingConflict, SettledEncoding};

/// Reads the records of one document, in their order, reusing its buffers.
pub struct XmlReader<'s, R> {
    window: Window<R>,
    walk: Walk<'s>,
    state: State,
    declared: Option<Charset>,
    conflict: Option<EncodingConflict>,
}

/// First bytes of a document that are looked at for its encoding.
const SAMPLE_BYTES: usize = 64 << 10;
const _: () = assert!(SAMPLE_BYTES >= PROLOG_BYTES, "the declaration is in the sample");

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Inside,
    Ended,
}

/// One record of a document.
pub struct XmlRecord<'r> {
    /// Number of the record in the document, from 1.
    pub number: u64,
    /// Byte of the document at which the start tag begins.
    pub offset: u64,
    /// Number of bytes of the record, up to the end of its end tag.
    pub length: u64,
    /// The raw bytes of the record, its first [`super::limits::RAW_BYTES`] at most.
    pub raw: &'r [u8],
    /// Values of the record, or its fault.
    pub fields: Result<XmlFields<'r>, RecordFault>,
}

impl<'s, R: BufRead> XmlReader<'s, R> {
    /// A reader of the document of `input`, which may be a byte slice.
    ///
    /// `undeclared` is the encoding of a document without byte order mark and declaration. XML says UTF-8.
    pub fn new(input: R, shape: &'s Shape, undeclared: Charset) -> Self {
        Self {
            window: Window::new(input),
            walk: Walk::new(shape, undeclared),
            state: State::Before,
            declared: None,
            conflict: None,
        }
    }

    /// The next record; `None` behind the last one, and behind a fault of the document.
    ///
    /// # Errors
    /// When the document breaks. The error comes once.
    pub fn next_record(&mut self) -> Result<Option<XmlRecord<'_>>, DocumentFault> {
        match self.advance() {
            Ok(None) => {
                self.state = State::Ended;
                Ok(None)
            }
            Ok(Some(ended)) => {
                let to = self.window.offset(self.window.at);
                let length = to - ended.offset;
                Ok(Some(XmlRecord {
                    number: self.walk.records,
                    offset: ended.offset,
                    length,
                    raw: self.window.beginning(ended.offset, to),
                    fields: ended.fault.map_or_else(|| Ok(self.walk.values.fields()), Err),
                }))
            }
            Err(stop) => {
                self.state = State::Ended;
                let record = self.walk.record.is_some().then_some(self.walk.records);
                Err(DocumentFault { offset: stop.offset, record, cause: stop.cause })
            }
        }
    }

    /// The inherited values so far, even of a document without records.
    #[must_use]
    pub fn inherited(&self) -> XmlFields<'_> {
        self.walk.values.inherited()
    }

    /// Names of elements near the root, as long as no record has begun: the content of a document without records.
    #[must_use]
    pub fn elements_without_record(&self) -> &[String] {
        if self.walk.records == 0 { &self.walk.seen } else { &[] }
    }

    /// The encoding of the byte order mark or the declaration, after the first call of [`Self::next_record`].
    #[must_use]
    pub fn declared(&self) -> Option<Charset> {
        self.declared
    }

    /// The encoding that the document is read in, after the first call of [`Self::next_record`].
    #[must_use]
    pub fn charset(&self) -> Charset {
        self.walk.charset
    }

    /// The declared encoding that is not believed, because the bytes are nearly certainly another one.
    #[must_use]
    pub fn conflict(&self) -> Option<EncodingConflict> {
        self.conflict
    }

    /// Walks to the end of the next record.
    fn advance(&mut self) -> Result<Option<OpenRecord>, Stop> {
        if self.state == State::Ended {
            return Ok(None);
        }
        if self.state == State::Before {
            self.begin()?;
            self.state = State::Inside;
        }
        loop {
            if self.walk.may_skip_blanks() {
                self.window.at = skip_blanks(self.window.bytes(), self.window.at);
            }
            let at = self.window.at;
            let Some(&first) = self.window.bytes().get(at) else {
                if !self.window.ended {
                    self.refill()?;
                    continue;
                }
                return if self.walk.is_whole() { Ok(None) } else { Err(self.stop_at(at, DocumentCause::Cut)) };
            };
            if first != b'<' {
                self.text_run()?;
                continue;
            }
            match self.markup() {
                Ok(None) => {}
                Ok(ended) => return Ok(ended),
                Err(stop) => return self.pass_lost_record(stop).map(Some),
            }
        }
    }

    fn begin(&mut self) -> Result<(), Stop> {
        while self.window.bytes().len() < SAMPLE_BYTES && !self.window.ended {
            self.refill()?;
        }
        let bytes = self.window.bytes();
        let prolog = read_prolog(bytes).map_err(|cause| self.stop_at(0, cause))?;
        self.declared = if prolog.is_marked { Some(Charset::Utf8) } else { prolog.declared };
        let (charset, declaration) = match self.declared {
            Some(_) if prolog.is_marked => (Charset::Utf8, Declaration::ByteOrderMark),
            Some(declared) => (declared, Declaration::Document),
            None => (self.walk.charset, Declaration::Layout),
        };
        let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
        (self.walk.charset, self.conflict) = settled(charset, declaration, &prolog, sample);
        self.window.at = prolog.from;
        Ok(())
    }

    fn refill(&mut self) -> Result<(), Stop> {
        self.window.keep_from = self.walk.record.as_ref().map(|record| record.offset);
        self.window.refill().map_err(|error| self.stop_at(self.window.bytes().len(), error.into()))
    }

    fn stop_at(&self, index: usize, cause: DocumentCause) -> Stop {
        Stop { offset: self.window.offset(index), cause }
    }

    /// Takes the text up to the next markup. A text that is too long comes in parts, the first of which is a fault already.
    fn text_run(&mut self) -> Result<(), Stop> {
        loop {
            let at = self.window.at;
            let rest = &self.window.bytes()[at..];
            let found = memchr::memchr(b'<', rest);
            if found.is_none() && rest.len() <= TEXT_BYTES && !self.window.ended {
                self.refill()?;
                continue;
            }
            let length = found.unwrap_or(rest.len());
            let offset = self.window.offset(at);
            self.walk.run(&rest[..length], RunKind::Content, offset).map_err(|cause| Stop { offset, cause })?;
            self.window.at = at + length;
            return Ok(());
        }
    }

    /// Takes the markup at hand. Returns the record that ends with it, if one does.
    fn markup(&mut self) -> Result<Option<OpenRecord>, Stop> {
        let at = self.window.at;
        let bytes = self.window.bytes();
        let base = self.window.offset(0);
        match markup_at(bytes, at, &mut self.walk.attributes) {
            Markup::Start(tag) if tag.to - at <= TAG_BYTES => {
                let (to, ended) = self.walk.start(bytes, base, at, &tag).map_err(|cause| self.stop_at(at, cause))?;
                self.window.at = to;
                Ok(ended)
            }
            Markup::End(name, to) if to - at <= TAG_BYTES => {
                let ended = self.walk.end(&bytes[name.from..name.to]).map_err(|cause| self.stop_at(at, cause))?;
                self.window.at = to;
                Ok(ended)
            }
            Markup::Start(_) | Markup::End(..) => Err(self.stop_at(at, DocumentCause::TagTooLong)),
            Markup::Cdata(from) => self.cdata(from).map(|()| None),
            Markup::Comment(from) => self.skip_past(from, b"-->").map(|()| None),
            Markup::Instruction(from) => self.skip_past(from, b"?>").map(|()| None),
            Markup::Doctype => Err(self.stop_at(at, DocumentCause::Doctype)),
            Markup::Unknown => Err(self.stop_at(at, DocumentCause::Tag)),
            Markup::Incomplete if bytes.len() - at > TAG_BYTES => Err(self.stop_at(at, DocumentCause::TagTooLong)),
            Markup::Incomplete if self.window.ended => Err(self.stop_at(bytes.len(), DocumentCause::Cut)),
            Markup::Incomplete => self.refill().map(|()| None),
        }
    }

    /// Takes CDATA with its content from `from` on. If its end is not in the window, reads more and leaves it for the next call.
    fn cdata(&mut self, from: usize) -> Result<(), Stop> {
        let at = self.window.at;
        let stop = |cause| Stop { offset: self.window.offset(at), cause };
        let rest = &self.window.bytes()[from..];
        match memchr::memmem::find(rest, b"]]>") {
            Some(length) => {
                self.walk.run(&rest[..length], RunKind::Cdata, self.window.offset(at)).map_err(stop)?;
                self.window.at = from + length + 3;
                Ok(())
            }
            None if rest.len() > TEXT_BYTES + 3 => {
                self.walk.run(rest, RunKind::Cdata, self.window.offset(at)).map_err(stop)?;
                self.skip_past(from, b"]]>")
            }
            None if self.window.ended => Err(self.stop_at(self.window.bytes().len(), DocumentCause::Cut)),
            None => self.refill(),
        }
    }

    /// Skips markup with its content from `from` on up to the end of `pattern`, however long it is.
    fn skip_past(&mut self, from: usize, pattern: &[u8]) -> Result<(), Stop> {
        self.window.at = from;
        self.window.keep_from = self.walk.record.as_ref().map(|record| record.offset);
        let end = |window: &Window<R>| window.offset(window.bytes().len());
        match self.window.skip_past(pattern) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Stop { offset: end(&self.window), cause: DocumentCause::Cut }),
            Err(error) => Err(Stop { offset: end(&self.window), cause: error.into() }),
        }
    }
}

/// The encoding of a document for which `declaration` says `charset`, and the declaration that is not believed.
fn settled(charset: Charset, declaration: Declaration, prolog: &Prolog, sample: &[u8]) -> (Charset, Option<EncodingConflict>) {
    let settled = SettledEncoding::of_declared(&[sample], charset.encoding(), declaration);
    let Some(found) = Charset::of_encoding(settled.encoding.encoding) else { return (charset, None) };
    let unmarked = prolog.declared.filter(|declared| prolog.is_marked && *declared != found && settled.conflict.is_none());
    let against_mark = unmarked.map(|declared| EncodingConflict {
        declaration: Declaration::Document,
        declared: declared.encoding(),
        mark: Some(Declaration::ByteOrderMark),
        found: found.encoding(),
    });
    (found, settled.conflict.or(against_mark))
}

/// The byte at which a document breaks, and the cause.
struct Stop {
    offset: u64,
    cause: DocumentCause,
}
