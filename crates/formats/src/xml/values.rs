//! The values of the record under way: one text, and a place in it for each slot.
//!
//! The text begins with what records inherit, so a record costs nothing for it. All buffers are reused from record to record.

use super::fault::RecordCause;
use super::limits::{RECORD_TEXT_BYTES, REPEATED_VALUES, TEXT_BYTES};
use super::shape::{Node, Shape, Take};

/// Where a value lies in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: u32,
    end: u32,
}

impl Span {
    const ABSENT: Self = Self { start: u32::MAX, end: 0 };

    fn is_absent(self) -> bool {
        self == Self::ABSENT
    }

    fn of(self, text: &str) -> &str {
        if self.is_absent() { "" } else { &text[self.start as usize..self.end as usize] }
    }
}

/// One of the values of a slot that takes all.
#[derive(Clone, Copy, Debug)]
struct Listed {
    slot: u16,
    parent: u32,
    span: Span,
}

/// An element that is open, as far as values under it are concerned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element {
    pub node: Node,
    /// Whether it and all elements around it are the first of their kind in the record.
    pub is_first: bool,
    /// Its number among those of its kind in the record, from 1.
    pub number: u32,
}

/// A value whose text is being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenValue {
    slot: u16,
    take: Take,
    parent: u32,
    from: u32,
    is_wanted: bool,
}

impl OpenValue {
    pub fn is_wanted(&self) -> bool {
        self.is_wanted
    }
}

/// Values of the record under way, and of the document.
pub(super) struct Values {
    text: Vec<u8>,
    inherited_bytes: usize,
    spans: Vec<Span>,
    inherited: Vec<Span>,
    listed: Vec<Listed>,
    /// For each node how many such elements the record has so far.
    opened: Vec<u32>,
}

impl Values {
    pub fn new(shape: &Shape) -> Self {
        Self {
            text: Vec::new(),
            inherited_bytes: 0,
            spans: vec![Span::ABSENT; shape.slots()],
            inherited: vec![Span::ABSENT; shape.slots()],
            listed: Vec::new(),
            opened: vec![0; shape.nodes()],
        }
    }

    /// Forgets the last record.
    pub fn begin_record(&mut self) {
        self.text.truncate(self.inherited_bytes);
        self.spans.copy_from_slice(&self.inherited);
        self.listed.clear();
        self.opened.fill(0);
    }

    /// An element inside another one.
    pub fn open(&mut self, parent: Element, node: Node) -> Element {
        let number = &mut self.opened[node.index()];
        *number = number.saturating_add(1);
        Element { node, is_first: parent.is_first && *number == 1, number: *number }
    }

    /// Begins a value under an element. Inherited ones are asked for between records only, all others within one.
    #[inline]
    pub fn begin(&mut self, parent: Element, (slot, take): (u16, Take)) -> OpenValue {
        let is_wanted = match take {
            Take::First => parent.is_first && self.spans[usize::from(slot)].is_absent(),
            Take::All => true,
            Take::Inherited => {
                self.text.truncate(self.inherited_bytes);
                self.inherited[usize::from(slot)].is_absent()
            }
        };
        OpenValue { slot, take, parent: parent.number, from: self.text.len() as u32, is_wanted }
    }

    /// The text, for a run that belongs to a value; to be checked by [`Self::check`].
    #[inline]
    pub fn text(&mut self) -> &mut Vec<u8> {
        &mut self.text
    }

    /// Whether a value and the record keep to the limits.
    #[inline]
    pub fn check(&self, value: &OpenValue) -> Result<(), RecordCause> {
        if self.text.len() - value.from as usize > TEXT_BYTES {
            Err(RecordCause::TextTooLong)
        } else if self.text.len() > RECORD_TEXT_BYTES {
            Err(RecordCause::TooManyValues)
        } else {
            Ok(())
        }
    }

    /// Ends a value; what was read since it began is its text.
    #[inline]
    pub fn end(&mut self, value: OpenValue) -> Result<(), RecordCause> {
        if !value.is_wanted {
            self.text.truncate(value.from as usize);
            return Ok(());
        }
        let span = Span { start: value.from, end: self.text.len() as u32 };
        match value.take {
            Take::First => self.spans[usize::from(value.slot)] = span,
            Take::All if self.listed.len() == REPEATED_VALUES => return Err(RecordCause::TooManyValues),
            Take::All => self.listed.push(Listed { slot: value.slot, parent: value.parent, span }),
            Take::Inherited => {
                self.inherited[usize::from(value.slot)] = span;
                self.inherited_bytes = self.text.len();
            }
        }
        Ok(())
    }

    /// The values of the record that ended.
    pub fn fields(&self) -> XmlFields<'_> {
        let text = simdutf8::basic::from_utf8(&self.text).expect("invariant: every run is appended as UTF-8");
        XmlFields { text, spans: &self.spans, listed: &self.listed }
    }

    /// What records inherit so far.
    pub fn inherited(&self) -> XmlFields<'_> {
        let text = str::from_utf8(&self.text[..self.inherited_bytes]).expect("invariant: every run is appended as UTF-8");
        XmlFields { text, spans: &self.inherited, listed: &[] }
    }
}

/// The values of one well-formed record. Slots are numbered as in the shape.
#[derive(Clone, Copy)]
pub struct XmlFields<'r> {
    text: &'r str,
    spans: &'r [Span],
    listed: &'r [Listed],
}

/// One value of a slot that takes all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepeatedValue<'r> {
    /// The number of the element around it among those of the same path in the record, from 1: values of the same `DOC` have the same one.
    pub parent: u32,
    /// The value, without blanks around it.
    pub text: &'r str,
}

impl<'r> XmlFields<'r> {
    /// The value of a slot without blanks around it; empty when there is none, and for slots that take all.
    #[must_use]
    #[inline]
    pub fn get(&self, slot: usize) -> &'r str {
        sverka_text::trim_blanks(self.raw(slot))
    }

    /// [`Self::get`] with the blanks that may be around it.
    #[must_use]
    #[inline]
    pub fn raw(&self, slot: usize) -> &'r str {
        self.spans[slot].of(self.text)
    }

    /// Whether the element or attribute is there, even if empty; not for slots that take all.
    #[must_use]
    #[inline]
    pub fn is_present(&self, slot: usize) -> bool {
        !self.spans[slot].is_absent()
    }

    /// The values of a slot that takes all, in the order of the document.
    pub fn all(&self, slot: usize) -> impl Iterator<Item = RepeatedValue<'r>> + use<'r> {
        let (text, listed) = (self.text, self.listed);
        listed
            .iter()
            .filter(move |value| usize::from(value.slot) == slot)
            .map(move |value| RepeatedValue { parent: value.parent, text: sverka_text::trim_blanks(value.span.of(text)) })
    }
}
