//! The walk through a document: which element is open, and where its values go.

use std::io::BufRead;

use super::charset::Charset;
use super::fault::{DocumentCause, DocumentFault, RecordCause, RecordFault};
use super::limits::{DEPTH, RAW_BYTES, TAG_BYTES, TEXT_BYTES};
use super::markup::{Attribute, Markup, Name, StartTag, markup_at, skip_blanks};
use super::prolog::{PROLOG_BYTES, read_prolog};
use super::shape::{Node, Shape};
use super::text::{RunKind, append_run};
use super::values::{Element, OpenValue, Values, XmlFields};
use super::window::Window;

/// Reads the records of one document, in their order, reusing its buffers.
pub struct XmlReader<'s, R> {
    window: Window<R>,
    walk: Walk<'s>,
    state: State,
    declared: Option<Charset>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Inside,
    Ended,
}

/// One record of a document.
pub struct XmlRecord<'r> {
    /// Its number in the document, from 1.
    pub number: u64,
    /// Byte of the document at which its start tag begins.
    pub offset: u64,
    /// How many bytes it has, up to the end of its end tag.
    pub length: u64,
    /// The record as it is written; `None` when it is longer than [`super::limits::RAW_BYTES`].
    pub raw: Option<&'r [u8]>,
    /// Its values, or why it has none.
    pub fields: Result<XmlFields<'r>, RecordFault>,
}

impl<'s, R: BufRead> XmlReader<'s, R> {
    /// A reader of the document that `input` begins with. A byte slice is an input, too.
    ///
    /// `undeclared` is the encoding of a document that does not tell it by a byte order mark or a declaration; XML says UTF-8.
    pub fn new(input: R, shape: &'s Shape, undeclared: Charset) -> Self {
        Self { window: Window::new(input), walk: Walk::new(shape, undeclared), state: State::Before, declared: None }
    }

    /// The next record; `None` behind the last one, and behind a fault of the document.
    ///
    /// # Errors
    /// When the document cannot be read beyond a point. It is told once.
    pub fn next_record(&mut self) -> Result<Option<XmlRecord<'_>>, DocumentFault> {
        match self.advance() {
            Ok(None) => {
                self.state = State::Ended;
                Ok(None)
            }
            Ok(Some(ended)) => {
                let to = self.window.offset(self.window.at);
                let length = to - ended.offset;
                let is_short = length <= RAW_BYTES as u64;
                Ok(Some(XmlRecord {
                    number: self.walk.records,
                    offset: ended.offset,
                    length,
                    raw: if is_short { self.window.part(ended.offset, to) } else { None },
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

    /// The inherited values that stand before the point that is reached; for documents without records, too.
    #[must_use]
    pub fn inherited(&self) -> XmlFields<'_> {
        self.walk.values.inherited()
    }

    /// The encoding that the document tells by a byte order mark or a declaration; known from the first call of [`Self::next_record`] on.
    #[must_use]
    pub fn declared(&self) -> Option<Charset> {
        self.declared
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
                let is_whole = self.walk.root_seen && self.walk.frames.is_empty();
                return if is_whole { Ok(None) } else { Err(self.stop_at(at, DocumentCause::Cut)) };
            };
            if first != b'<' {
                self.text_run()?;
            } else if let Some(ended) = self.markup()? {
                return Ok(Some(ended));
            }
        }
    }

    fn begin(&mut self) -> Result<(), Stop> {
        while self.window.bytes().len() < PROLOG_BYTES && !self.window.ended {
            self.refill()?;
        }
        let prolog = read_prolog(self.window.bytes()).map_err(|cause| self.stop_at(0, cause))?;
        self.declared = prolog.charset;
        self.walk.charset = prolog.charset.unwrap_or(self.walk.charset);
        self.window.at = prolog.from;
        Ok(())
    }

    fn refill(&mut self) -> Result<(), Stop> {
        self.window.keep_from = self.walk.record.as_ref().map(|record| record.offset);
        self.window.refill().map_err(|error| self.stop_at(self.window.bytes().len(), error.into()))
    }

    fn stop_at(&self, place: usize, cause: DocumentCause) -> Stop {
        Stop { offset: self.window.offset(place), cause }
    }

    /// Text up to the next markup. What is too long to be looked at as a whole comes in parts, of which the first one is told to be too long.
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

    /// What the `<` at hand begins; a record, if it ends with it.
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

    /// CDATA with its content from `from` on; nothing happens when it has to be looked at once more.
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

    /// Passes what begins before `from`, however long it is.
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

/// Where and why a document cannot be read on.
struct Stop {
    offset: u64,
    cause: DocumentCause,
}

/// The record under way.
struct OpenRecord {
    offset: u64,
    /// How many elements are open around it.
    depth: usize,
    fault: Option<RecordFault>,
}

/// An element that is open.
struct Frame {
    /// Where its name begins in the names of all that are open.
    name_from: usize,
    element: Element,
    value: Option<OpenValue>,
}

/// Everything that is known of the document up to here, but its bytes.
struct Walk<'s> {
    shape: &'s Shape,
    charset: Charset,
    frames: Vec<Frame>,
    names: Vec<u8>,
    attributes: Vec<Attribute>,
    values: Values,
    record: Option<OpenRecord>,
    records: u64,
    root_seen: bool,
}

impl<'s> Walk<'s> {
    fn new(shape: &'s Shape, charset: Charset) -> Self {
        Self {
            shape,
            charset,
            frames: Vec::with_capacity(DEPTH),
            names: Vec::new(),
            attributes: Vec::new(),
            values: Values::new(shape),
            record: None,
            records: 0,
            root_seen: false,
        }
    }

    /// White space counts inside values only.
    #[inline]
    fn may_skip_blanks(&self) -> bool {
        self.frames.last().is_none_or(|frame| frame.value.is_none())
    }

    /// Notes the first fault of the record under way.
    #[cold]
    fn fault(&mut self, offset: u64, cause: RecordCause) {
        if let Some(record) = &mut self.record {
            record.fault.get_or_insert(RecordFault { offset, cause });
        }
    }

    /// A start tag at `at`; a record, if it ends with it, and the first byte that was not looked at: an element that holds nothing but text is
    /// read to its end.
    #[inline]
    fn start(
        &mut self,
        bytes: &[u8],
        base: u64,
        at: usize,
        tag: &StartTag,
    ) -> Result<(usize, Option<OpenRecord>), DocumentCause> {
        let node = self.node_of(bytes, base + at as u64, tag.name)?;
        if tag.fault.is_some() || !self.attributes.is_empty() || tag.empty || node == Node::RECORD || self.record.is_none() {
            return Ok((tag.to, self.start_carefully(bytes, base, tag, node)?));
        }
        let name = &bytes[tag.name.from..tag.name.to];
        if let Some(length) = memchr::memchr(b'<', &bytes[tag.to..])
            && let Some(behind) = bytes[tag.to + length..].strip_prefix(b"</")
            && behind.starts_with(name)
            && behind.get(name.len()) == Some(&b'>')
        {
            let to = tag.to + length + 3 + name.len();
            if node != Node::SKIPPED {
                self.leaf(node, &bytes[tag.to..tag.to + length], base + tag.to as u64);
            }
            return Ok((to, None));
        }
        self.push(name, node);
        Ok((tag.to, None))
    }

    /// What the element of a start tag is. Begins a record.
    #[inline]
    fn node_of(&mut self, bytes: &[u8], offset: u64, name: Name) -> Result<Node, DocumentCause> {
        let Some(parent) = self.frames.last() else {
            return self.root(&bytes[name.local..name.to]);
        };
        if self.frames.len() >= DEPTH {
            return Err(DocumentCause::TooDeep);
        }
        if parent.element.node == Node::SKIPPED || parent.value.is_some() {
            return Ok(Node::SKIPPED);
        }
        let symbol = self.shape.symbol(bytes, name);
        if self.record.is_none() && self.shape.is_record(symbol) {
            self.record = Some(OpenRecord { offset, depth: self.frames.len(), fault: None });
            self.records += 1;
            self.values.begin_record();
            return Ok(Node::RECORD);
        }
        Ok(self.shape.inside(parent.element.node, symbol))
    }

    fn root(&mut self, local_name: &[u8]) -> Result<Node, DocumentCause> {
        if self.root_seen {
            return Err(DocumentCause::OutsideRoot);
        }
        if !self.shape.allows_root(local_name) {
            return Err(DocumentCause::Root { expected: self.shape.expected_roots() });
        }
        self.root_seen = true;
        Ok(Node::DOCUMENT)
    }

    /// An element of a record that holds nothing but text.
    #[inline]
    fn leaf(&mut self, node: Node, run: &[u8], offset: u64) {
        let Some(parent) = self.frames.last().filter(|_| self.record.as_ref().is_some_and(|record| record.fault.is_none()))
        else {
            return;
        };
        let value = self.shape.value(node).map(|value| self.values.begin(parent.element, value));
        if value.is_none() {
            self.values.open(parent.element, node);
        }
        let read = self.append(run, RunKind::Content, value).and_then(|()| value.map_or(Ok(()), |value| self.values.end(value)));
        if let Err(cause) = read {
            self.fault(offset, cause);
        }
    }

    fn push(&mut self, name: &[u8], node: Node) {
        let parent = self.frames.last().map(|frame| frame.element);
        let parent = parent.filter(|_| node != Node::RECORD).unwrap_or(Element { node, is_first: true, number: 0 });
        let element = self.values.open(parent, node);
        let value = self.shape.value(node).map(|value| self.values.begin(parent, value));
        self.frames.push(Frame { name_from: self.names.len(), element, value });
        self.names.extend_from_slice(name);
    }

    /// A start tag with attributes, or one that ends its element, or outside records.
    fn start_carefully(
        &mut self,
        bytes: &[u8],
        base: u64,
        tag: &StartTag,
        node: Node,
    ) -> Result<Option<OpenRecord>, DocumentCause> {
        self.push(&bytes[tag.name.from..tag.name.to], node);
        if let Some(fault) = tag.fault {
            self.attribute_fault(base + fault as u64)?;
        }
        if node != Node::SKIPPED && !self.attributes.is_empty() {
            self.read_attributes(bytes, base, node)?;
        }
        if tag.empty { self.pop() } else { Ok(None) }
    }

    fn read_attributes(&mut self, bytes: &[u8], base: u64, node: Node) -> Result<(), DocumentCause> {
        let attributes = std::mem::take(&mut self.attributes);
        let element = self.frames[self.frames.len() - 1].element;
        for (index, attribute) in attributes.iter().enumerate() {
            let offset = base + attribute.name.from as u64;
            if is_twice(bytes, &attributes[..index], attribute) {
                self.attribute_fault(offset)?;
            }
            if concerns_xml(bytes, attribute.name) || self.record.as_ref().is_some_and(|record| record.fault.is_some()) {
                continue;
            }
            let inside = self.shape.inside(node, self.shape.symbol(bytes, attribute.name));
            let value = self.shape.value(inside).map(|value| self.values.begin(element, value));
            if self.record.is_none() && value.is_none() {
                continue;
            }
            let read = self.append(&bytes[attribute.value.clone()], RunKind::Attribute, value);
            if let Err(cause) = read.and_then(|()| value.map_or(Ok(()), |value| self.values.end(value))) {
                self.note(offset, cause, value.is_some_and(|value| value.is_wanted()))?;
            }
        }
        self.attributes = attributes;
        Ok(())
    }

    /// Attributes that cannot be read: a fault of the record under way, or the end of the document.
    #[cold]
    fn attribute_fault(&mut self, offset: u64) -> Result<(), DocumentCause> {
        self.fault(offset, RecordCause::Attribute);
        if self.record.is_some() { Ok(()) } else { Err(DocumentCause::Tag) }
    }

    /// A fault of a text: of the record under way, else of the document if it matters there.
    #[cold]
    fn note(&mut self, offset: u64, cause: RecordCause, matters: bool) -> Result<(), DocumentCause> {
        if self.record.is_some() {
            self.fault(offset, cause);
            return Ok(());
        }
        if matters { Err(DocumentCause::Header(cause)) } else { Ok(()) }
    }

    /// A run of text inside the element at hand.
    fn run(&mut self, run: &[u8], kind: RunKind, offset: u64) -> Result<(), DocumentCause> {
        let Some(frame) = self.frames.last() else {
            return Err(DocumentCause::OutsideRoot);
        };
        let value = frame.value;
        let is_looked_at = match &self.record {
            Some(record) => record.fault.is_none() && frame.element.node != Node::SKIPPED,
            None => value.is_some_and(|value| value.is_wanted()),
        };
        if !is_looked_at {
            return Ok(());
        }
        self.append(run, kind, value).or_else(|cause| self.note(offset, cause, true))
    }

    /// Appends a run to a value; one that belongs to none is looked at all the same, so that a record is either wholly readable or faulty.
    #[inline]
    fn append(&mut self, run: &[u8], kind: RunKind, value: Option<OpenValue>) -> Result<(), RecordCause> {
        if run.len() > TEXT_BYTES {
            return Err(RecordCause::TextTooLong);
        }
        let charset = self.charset;
        let text = self.values.text();
        let before = text.len();
        append_run(run, kind, charset, text)?;
        match value {
            Some(value) => self.values.check(&value),
            None => {
                text.truncate(before);
                Ok(())
            }
        }
    }

    /// An end tag; a record, if it ends with it.
    #[inline]
    fn end(&mut self, name: &[u8]) -> Result<Option<OpenRecord>, DocumentCause> {
        let Some(frame) = self.frames.last() else {
            return Err(DocumentCause::OutsideRoot);
        };
        if self.names[frame.name_from..] != *name {
            return Err(DocumentCause::Mismatch);
        }
        self.pop()
    }

    /// Ends the element at hand; a record, if it is one.
    fn pop(&mut self) -> Result<Option<OpenRecord>, DocumentCause> {
        let Some(frame) = self.frames.pop() else { return Ok(None) };
        self.names.truncate(frame.name_from);
        let has_fault = self.record.as_ref().is_some_and(|record| record.fault.is_some());
        if let Some(value) = frame.value.filter(|_| !has_fault)
            && let Err(cause) = self.values.end(value)
        {
            let offset = self.record.as_ref().map_or(0, |record| record.offset);
            self.note(offset, cause, true)?;
        }
        Ok(self.record.take_if(|record| record.depth == self.frames.len()))
    }
}

fn is_twice(bytes: &[u8], before: &[Attribute], attribute: &Attribute) -> bool {
    let text = |name: Name| &bytes[name.from..name.to];
    before.iter().any(|other| other.name.hash == attribute.name.hash && text(other.name) == text(attribute.name))
}

/// Declarations of namespaces, and attributes of XML itself and of schemas, are no values.
fn concerns_xml(bytes: &[u8], name: Name) -> bool {
    let text = &bytes[name.from..name.to];
    text == b"xmlns" || [&b"xmlns:"[..], b"xml:", b"xsi:"].iter().any(|prefix| text.starts_with(prefix))
}
