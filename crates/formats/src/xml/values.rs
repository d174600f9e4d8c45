//! The values of the record under way: one text, and a span of it for each slot.
//!
//! ```text
//! text      inherited values | values of the record
//!           ---------------------------------------
//! spans     one for each slot; at the start of a record, those of the inherited values are copied and the text is cut behind them
//! ```
//!
//! All buffers are reused from record to record.

use super::fault::RecordCause;
use super::limits::{RECORD_TEXT_BYTES, REPEATED_VALUES, TEXT_BYTES};
use super::shape::{Node, Shape, SlotTake, Take};

/// The range of a value in the text.
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

    fn text(self, text: &str) -> &str {
        if self.is_absent() { "" } else { &text[self.start as usize..self.end as usize] }
    }
}

/// One value of a slot that takes all values of a record.
#[derive(Clone, Copy, Debug)]
struct Listed {
    slot: u16,
    parent: u32,
    span: Span,
}

/// The facts about an open element that the values under it need.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element {
    pub node: Node,
    /// Whether the element and all elements around it are the first of their node in the record.
    pub is_first: bool,
    /// Number of the element among those of its node in the record, from 1.
    pub number: u32,
}

/// A value under way: its text is being read.
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
    /// Number of elements of each node in the record so far.
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

    /// Forgets the values of the last record.
    pub fn begin_record(&mut self) {
        self.text.truncate(self.inherited_bytes);
        self.spans.copy_from_slice(&self.inherited);
        self.listed.clear();
        self.opened.fill(0);
    }

    /// Opens an element inside another one.
    pub fn open(&mut self, parent: Element, node: Node) -> Element {
        let number = &mut self.opened[node.index()];
        *number = number.saturating_add(1);
        Element { node, is_first: parent.is_first && *number == 1, number: *number }
    }

    /// Begins the value of a slot under an element. Inherited values begin between records only, all others inside of one.
    #[inline]
    pub fn begin(&mut self, parent: Element, SlotTake { slot, take }: SlotTake) -> OpenValue {
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

    /// The text, to append a run of a value. [`Self::check`] checks the limits afterwards.
    #[inline]
    pub fn text(&mut self) -> &mut Vec<u8> {
        &mut self.text
    }

    /// Checks the limits of a value and of the record.
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

    /// Ends a value. Its text is everything that was appended since it began.
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

    /// The inherited values so far.
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

/// One value of a slot that takes all values of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepeatedValue<'r> {
    /// Number of the element around it among those with the same path in the record, from 1. Values of the same `DOC` have the same number.
    pub parent: u32,
    /// The value, without blanks around it.
    pub text: &'r str,
}

impl<'r> XmlFields<'r> {
    /// The value of a slot, trimmed. Empty when there is none, and for slots that take all values.
    #[must_use]
    #[inline]
    pub fn get(&self, slot: usize) -> &'r str {
        sverka_text::trim_blanks(self.untrimmed(slot))
    }

    /// [`Self::get`] with the blanks around it.
    #[must_use]
    #[inline]
    pub fn untrimmed(&self, slot: usize) -> &'r str {
        self.spans[slot].text(self.text)
    }

    /// Whether the element or attribute is there, even if it is empty. Not for slots that take all values.
    #[must_use]
    #[inline]
    pub fn is_present(&self, slot: usize) -> bool {
        !self.spans[slot].is_absent()
    }

    /// The values of a slot that takes all values, in the order of the document.
    pub fn all(&self, slot: usize) -> impl Iterator<Item = RepeatedValue<'r>> + use<'r> {
        let (text, listed) = (self.text, self.listed);
        listed
            .iter()
            .filter(move |value| usize::from(value.slot) == slot)
            .map(move |value| RepeatedValue { parent: value.parent, text: sverka_text::trim_blanks(value.span.text(text)) })
    }
}
