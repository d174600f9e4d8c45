//! The walk through the elements of a document: the open elements, the slots of their values, and the faults of the record under way.
//!
//! ```text
//! document            frames (open elements)      names            values
//! <OPLIST>            OPLIST                      OPLIST
//!   <OP>              OPLIST OP                   OPLISTOP         a record begins: the values of the last one are forgotten
//!     <FAM>ИВАНОВ</FAM>                                            slot of FAM = ИВАНОВ: read at once, without a frame
//!     <PERSON>        OPLIST OP PERSON            OPLISTOPPERSON
//! ```
//!
//! The shape gives each open element a node: the next node follows from this one and the name of the next element. An end tag is compared with the last of
//! the names, which lie one behind the other so that no frame allocates. The usual element of a record holds text alone; it is read up to its end tag
//! in one step ([`Walk::start`]), which most of the speed comes from.

use super::charset::Charset;
use super::fault::{DocumentCause, RecordCause, RecordFault};
use super::limits::{DEPTH, TEXT_BYTES};
use super::markup::{Attribute, Name, StartTag};
use super::shape::{Node, Shape};
use super::text::{RunKind, append_run};
use super::values::{Element, OpenValue, Values};

/// The record under way.
pub(super) struct OpenRecord {
    /// Byte of the document at which the record begins.
    pub offset: u64,
    /// Number of open elements around the record.
    depth: usize,
    /// The first fault of the record.
    pub fault: Option<RecordFault>,
}

/// An open element.
struct Frame {
    /// Start of the element's name among the names of all open elements.
    name_from: usize,
    element: Element,
    value: Option<OpenValue>,
}

/// The state of a document that is read up to some byte.
pub(super) struct Walk<'s> {
    shape: &'s Shape,
    pub charset: Charset,
    frames: Vec<Frame>,
    /// Names of the open elements, one behind the other.
    names: Vec<u8>,
    /// Attributes of the start tag at hand.
    pub attributes: Vec<Attribute>,
    pub values: Values,
    pub record: Option<OpenRecord>,
    /// Number of records that have begun.
    pub records: u64,
    root_seen: bool,
    /// Names of elements up to [`SEEN_DEPTH`] below the root, before the first record.
    pub seen: Vec<String>,
}

/// Depth of lists of records: right below the root, or in one element more.
const SEEN_DEPTH: usize = 2;
/// Most names that are kept.
const MOST_SEEN: usize = 8;
/// Most bytes of a name that is kept: longer names are no names of lists.
const LONGEST_SEEN_BYTES: usize = 64;

impl<'s> Walk<'s> {
    pub fn new(shape: &'s Shape, charset: Charset) -> Self {
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
            seen: Vec::new(),
        }
    }

    /// Whether the root element has ended.
    pub fn is_whole(&self) -> bool {
        self.root_seen && self.frames.is_empty()
    }

    /// Whether white space may be skipped: it counts inside values only.
    #[inline]
    pub fn may_skip_blanks(&self) -> bool {
        self.frames.last().is_none_or(|frame| frame.value.is_none())
    }

    /// Notes the first fault of the record under way.
    #[cold]
    fn fault(&mut self, offset: u64, cause: RecordCause) {
        if let Some(record) = &mut self.record {
            record.fault.get_or_insert(RecordFault { offset, cause });
        }
    }

    /// Whether a name is that of a record.
    pub fn is_record(&self, bytes: &[u8], name: Name) -> bool {
        self.shape.is_record(self.shape.symbol(bytes, name))
    }

    /// Notes that the record under way cannot be read to its end.
    pub fn lose_record(&mut self, offset: u64, cause: RecordCause) {
        self.fault(offset, cause);
    }

    /// Begins a record whose start tag cannot be read. Returns the name of the element around it.
    pub fn begin_lost_record(&mut self, offset: u64) -> Option<&[u8]> {
        let around = self.frames.last()?.name_from;
        self.begin_record(offset);
        Some(&self.names[around..])
    }

    /// The names of the record under way, and of the element around it.
    pub fn names_of_record(&self) -> Option<(&[u8], &[u8])> {
        let depth = self.record.as_ref()?.depth;
        let from = |frame: usize| self.frames.get(frame).map_or(self.names.len(), |frame| frame.name_from);
        let around = depth.checked_sub(1)?;
        Some((&self.names[from(depth)..from(depth + 1)], &self.names[from(around)..from(depth)]))
    }

    /// Ends the record under way with all elements in it.
    pub fn end_lost_record(&mut self) -> Option<OpenRecord> {
        let record = self.record.take()?;
        if let Some(frame) = self.frames.get(record.depth) {
            self.names.truncate(frame.name_from);
        }
        self.frames.truncate(record.depth);
        Some(record)
    }

    /// Takes the start tag at `at`. Returns the first byte that was not read, and the record that ends there, if one does. An element that holds nothing
    /// but text is read to its end.
    #[inline]
    pub fn start(
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

    /// The node of a start tag's element. The start tag of a record begins the record.
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
        let parent = parent.element.node;
        let symbol = self.shape.symbol(bytes, name);
        if self.shape.is_record(symbol) {
            if self.record.is_none() {
                self.begin_record(offset);
                return Ok(Node::RECORD);
            }
            self.meet_record(&bytes[name.from..name.to])?;
        }
        Ok(self.shape.inside(parent, symbol))
    }

    fn begin_record(&mut self, offset: u64) {
        self.record = Some(OpenRecord { offset, depth: self.frames.len(), fault: None });
        self.records += 1;
        self.values.begin_record();
    }

    /// Checks a record inside the one under way. One with the same name, right inside of it, proves that the end tag of the first one is missing.
    #[cold]
    fn meet_record(&self, name: &[u8]) -> Result<(), DocumentCause> {
        let is_own = self.names_of_record().is_some_and(|(own, _)| own == name);
        let is_right_inside = self.record.as_ref().is_some_and(|record| self.frames.len() == record.depth + 1);
        if is_own && is_right_inside { Err(DocumentCause::Mismatch) } else { Ok(()) }
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

    /// Takes an element of a record that holds nothing but text.
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

    /// Takes a start tag with attributes, of an empty element, or outside of records. Returns the record that ends with it, if one does.
    fn start_carefully(
        &mut self,
        bytes: &[u8],
        base: u64,
        tag: &StartTag,
        node: Node,
    ) -> Result<Option<OpenRecord>, DocumentCause> {
        if self.records == 0 {
            self.note_seen(&bytes[tag.name.local..tag.name.to]);
        }
        self.push(&bytes[tag.name.from..tag.name.to], node);
        if let Some(fault) = tag.fault {
            self.attribute_fault(base + fault as u64)?;
        }
        if node != Node::SKIPPED && !self.attributes.is_empty() {
            self.read_attributes(bytes, base, node)?;
        }
        if tag.empty { self.pop() } else { Ok(None) }
    }

    /// Notes the name of an element at the depth of lists of records.
    fn note_seen(&mut self, name: &[u8]) {
        let may_be_shown = name.len() <= LONGEST_SEEN_BYTES && name.iter().all(u8::is_ascii_graphic);
        if !(1..=SEEN_DEPTH).contains(&self.frames.len()) || !may_be_shown || self.seen.len() == MOST_SEEN {
            return;
        }
        let name = String::from_utf8_lossy(name);
        if !self.seen.iter().any(|seen| *seen == name) {
            self.seen.push(name.into_owned());
        }
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

    /// Notes attributes that cannot be read: a fault of the record under way; outside of records, the document breaks.
    #[cold]
    fn attribute_fault(&mut self, offset: u64) -> Result<(), DocumentCause> {
        self.fault(offset, RecordCause::Attribute);
        if self.record.is_some() { Ok(()) } else { Err(DocumentCause::Tag) }
    }

    /// Notes a fault of a text. Inside a record it is a fault of the record; outside of records, the document breaks if
    /// the text `matters`.
    #[cold]
    fn note(&mut self, offset: u64, cause: RecordCause, matters: bool) -> Result<(), DocumentCause> {
        if self.record.is_some() {
            self.fault(offset, cause);
            return Ok(());
        }
        if matters { Err(DocumentCause::Header(cause)) } else { Ok(()) }
    }

    /// Takes a run of text inside the element at hand.
    pub fn run(&mut self, run: &[u8], kind: RunKind, offset: u64) -> Result<(), DocumentCause> {
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

    /// Appends a run to a value. A run that belongs to no value is checked as well, so that a record is either wholly readable or faulty.
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

    /// Takes an end tag. Returns the record that ends with it, if one does.
    #[inline]
    pub fn end(&mut self, name: &[u8]) -> Result<Option<OpenRecord>, DocumentCause> {
        let Some(frame) = self.frames.last() else {
            return Err(DocumentCause::OutsideRoot);
        };
        if self.names[frame.name_from..] != *name {
            return Err(DocumentCause::Mismatch);
        }
        self.pop()
    }

    /// Ends the element at hand. Returns it, if it is a record.
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

/// Whether an attribute has the name of an earlier one.
fn is_twice(bytes: &[u8], before: &[Attribute], attribute: &Attribute) -> bool {
    let text = |name: Name| &bytes[name.from..name.to];
    before.iter().any(|other| other.name.hash == attribute.name.hash && text(other.name) == text(attribute.name))
}

/// Whether an attribute declares a namespace or belongs to XML or a schema, so that it is no value.
fn concerns_xml(bytes: &[u8], name: Name) -> bool {
    let text = &bytes[name.from..name.to];
    text.first() == Some(&b'x')
        && (text == b"xmlns" || [&b"xmlns:"[..], b"xml:", b"xsi:"].iter().any(|prefix| text.starts_with(prefix)))
}
