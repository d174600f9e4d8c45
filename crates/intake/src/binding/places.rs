//! Where the values of the records of a row lie: in the text of the row, or put together value by value.

use std::cell::Cell;
use std::ops::Range;

use super::full_name::FullName;
use super::{Binding, Bindings, SKIPPED, SLOTS};
use crate::chunk::{RowBytes, RowVisitor};
use crate::fields::RowFields;
use crate::layout::{FieldLayout, OneDate};
use sverka_model::Field;
use sverka_text::trim_blanks;

/// What is odd about a row whose number of fields is right. Several may hold at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowDoubts {
    /// A value that is not quoted has a quote inside.
    pub quote_in_value: bool,
    /// A value holds a line break and as many delimiters as a row: rows between two stray quotes.
    pub row_in_value: bool,
    /// A full name that was taken apart has fewer or more words than three.
    pub name_parts: bool,
}

impl RowDoubts {
    /// Whether there is anything odd.
    #[must_use]
    #[inline]
    pub fn any(self) -> bool {
        self.quote_in_value | self.row_in_value | self.name_parts
    }
}

/// Where the values of a record lie in its text, blanks around them included. Fields without column stay empty.
pub(crate) struct FieldPlaces {
    starts: [u32; SLOTS],
    ends: [u32; SLOTS],
    /// Whether blanks were met around a value since this was last forgotten.
    blanks_noted: Cell<bool>,
    /// What is odd about the row; nothing where it lies in the text as it is.
    doubts: RowDoubts,
}

impl Default for FieldPlaces {
    fn default() -> Self {
        Self { starts: [0; SLOTS], ends: [0; SLOTS], blanks_noted: Cell::new(false), doubts: RowDoubts::default() }
    }
}

impl FieldPlaces {
    #[inline]
    pub fn forget_blanks(&self) {
        self.blanks_noted.set(false);
    }

    #[inline]
    pub fn note_blanks(&self) {
        self.blanks_noted.set(true);
    }

    #[inline]
    pub fn blanks_noted(&self) -> bool {
        self.blanks_noted.get()
    }

    #[inline]
    pub fn doubts(&self) -> RowDoubts {
        self.doubts
    }

    /// 1 for each field whose value has bytes.
    #[inline]
    pub fn not_empty(&self) -> [u8; Field::COUNT] {
        std::array::from_fn(|field| u8::from(self.starts[field] != self.ends[field]))
    }

    /// Places the columns of a record, which ends at `end`; `starts` are theirs and that of what follows behind its line end.
    #[inline]
    pub fn place(&mut self, starts: &[u16], end: usize, binding: &Binding) {
        let Some((&first, nexts)) = starts.split_first() else { return };
        let (mut start, mut last) = (u32::from(first), 0);
        for (&slot, &next) in binding.slots.iter().zip(nexts) {
            let next = u32::from(next);
            last = usize::from(slot) % SLOTS;
            self.starts[last] = start;
            self.ends[last] = next - 1;
            start = next;
        }
        self.ends[last] = end as u32;
    }

    /// Says that the value of a column lies elsewhere.
    #[inline]
    pub fn move_to(&mut self, column: usize, start: usize, end: usize, binding: &Binding) {
        self.put(binding.slots[column], (start as u32, end as u32));
    }

    /// The fields of a row of a plain binding.
    #[inline]
    pub fn plain_fields<'r>(&'r self, text: &'r str, binding: &'r Binding) -> RowFields<'r> {
        RowFields::new(text, self, binding)
    }

    /// Where the value of a field lies.
    #[inline]
    pub fn of(&self, field: Field) -> Range<usize> {
        self.starts[field as usize] as usize..self.ends[field as usize] as usize
    }

    #[inline]
    fn at(&self, slot: u8) -> (u32, u32) {
        let slot = usize::from(slot) % SLOTS;
        (self.starts[slot], self.ends[slot])
    }

    #[inline]
    fn put(&mut self, slot: u8, (start, end): (u32, u32)) {
        let slot = usize::from(slot) % SLOTS;
        (self.starts[slot], self.ends[slot]) = (start, end);
    }

    fn value<'t>(&self, slot: u8, text: &'t str) -> &'t str {
        let (start, end) = self.at(slot);
        &text[start as usize..end as usize]
    }

    /// The fields of a row whose columns lie here in a text; `joined` is room for those that are made of several.
    #[inline]
    pub fn fields<'r>(&'r mut self, text: &'r str, joined: &'r mut String, binding: &'r Binding) -> RowFields<'r> {
        if let Some(quote) = binding.stripped {
            self.strip(text.as_bytes(), quote, binding);
        }
        for &(from, to) in &binding.repeats {
            self.put(to, self.at(from));
        }
        if !binding.joins.is_empty() {
            return self.with_joins(text, joined, binding);
        }
        if binding.takes_apart() {
            self.take_apart(text, binding);
        }
        RowFields::new(text, self, binding)
    }

    /// Takes apart what one column says: a full name, and a date that is a start or an end. All fields of the column have its place.
    #[cold]
    fn take_apart(&mut self, text: &str, binding: &Binding) {
        if let Some(first) = binding.split.iter().position(|is_split| *is_split) {
            let (start, end) = self.at(FieldLayout::NAMES[first] as u8);
            let name = FullName::of(&text[start as usize..end as usize]);
            for (place, part) in name.parts.iter().enumerate().filter(|(place, _)| binding.split[*place]) {
                self.put(FieldLayout::NAMES[place] as u8, (start + part.start as u32, start + part.end as u32));
            }
            self.doubts.name_parts = !name.is_certain;
        }
        if let Some(OneDate { start, ends }) = &binding.one_date {
            let action = RowFields::new(text, self, binding).get(Field::Action);
            let (is_start, is_end) = (!matches!(action, "" | "end"), action == "end");
            for (field, is_given) in std::iter::once((start, is_start)).chain(ends.iter().map(|end| (end, is_end))) {
                if !is_given {
                    self.put(*field as u8, (0, 0));
                }
            }
        }
    }

    /// Takes a quote off both ends of each value.
    #[inline]
    fn strip(&mut self, text: &[u8], quote: u8, binding: &Binding) {
        for &slot in &binding.used {
            let (start, end) = self.at(slot);
            let without_quotes = match text[start as usize..end as usize] {
                [] => continue,
                [first, .., last] if first == quote && last == quote => (start + 1, end - 1),
                [first, .., last] if first > b' ' && last > b' ' && first != quote && last != quote => continue,
                _ => stripped(text, start, end, quote),
            };
            self.put(slot, without_quotes);
        }
    }

    #[cold]
    fn with_joins<'r>(&'r mut self, text: &'r str, joined: &'r mut String, binding: &'r Binding) -> RowFields<'r> {
        joined.clear();
        let repeated = binding.repeats.iter().map(|(_, slot)| slot);
        for &slot in binding.used.iter().chain(repeated) {
            let start = joined.len() as u32;
            joined.push_str(self.value(slot, text));
            self.put(slot, (start, joined.len() as u32));
        }
        self.join(joined, binding);
        if binding.takes_apart() {
            self.take_apart(joined, binding);
        }
        RowFields::new(joined, self, binding)
    }

    /// Joins values that lie in `text`, at its end. A part that the source calls empty is left out.
    fn join(&mut self, text: &mut String, binding: &Binding) {
        for join in &binding.joins {
            let from = text.len();
            for &part in &join.parts {
                let (start, end) = self.at(part);
                let received = &text[start as usize..end as usize];
                let value = trim_blanks(received);
                let is_empty =
                    value.is_empty() || (binding.has_wording(join.field) && binding.canonical(join.field, value).is_empty());
                if is_empty {
                    continue;
                }
                let start = start as usize + received.len() - received.trim_start().len();
                let range = start..start + value.len();
                if text.len() > from {
                    text.push_str(&join.between);
                }
                text.extend_from_within(range);
            }
            self.put(join.field as u8, (from as u32, text.len() as u32));
        }
    }
}

/// A value without the blanks around it and the quotes at its ends.
#[cold]
fn stripped(text: &[u8], start: u32, end: u32, quote: u8) -> (u32, u32) {
    let value = &text[start as usize..end as usize];
    let before = value.len() - value.trim_ascii_start().len();
    let value = value.trim_ascii();
    let (opens, closes) = (value.first() == Some(&quote), value.len() > 1 && value.last() == Some(&quote));
    let from = start + before as u32;
    (from + u32::from(opens), from + value.len() as u32 - u32::from(closes))
}

/// A row that is put together value by value, for sources whose values do not lie side by side in a text.
#[derive(Default)]
pub(crate) struct ComposedRow {
    text: String,
    places: FieldPlaces,
    /// What is odd about the rows that follow.
    pub doubts: RowDoubts,
    /// Whether the values that follow are without their quotes already, so that those at their ends are text.
    pub is_unquoted: bool,
}

impl ComposedRow {
    /// Hands the records of a row to a visitor: those that it gives.
    pub fn visit<'v>(
        &mut self,
        at: RowBytes<'_>,
        value: impl Fn(usize) -> &'v str,
        bindings: &Bindings,
        visitor: &mut impl RowVisitor,
    ) {
        let mut given = !bindings.gives_any;
        for (part, binding) in bindings.records.iter().enumerate() {
            let fields = self.fields(&value, binding);
            if fields.is_given() {
                given = true;
                visitor.row(RowBytes { part: part as u32, ..at }, Ok(fields));
            }
        }
        if !given {
            visitor.row(at, Ok(self.fields(value, &bindings.records[0])));
        }
    }

    /// The fields of a row with these values of columns.
    pub fn fields<'r, 'v>(&'r mut self, value: impl Fn(usize) -> &'v str, binding: &'r Binding) -> RowFields<'r> {
        self.text.clear();
        // The last row may have been of another record, with other fields.
        self.places = FieldPlaces { doubts: self.doubts, ..FieldPlaces::default() };
        for (column, &slot) in binding.slots.iter().enumerate().filter(|(_, slot)| **slot != SKIPPED) {
            let start = self.text.len() as u32;
            self.text.push_str(value(column));
            self.places.put(slot, (start, self.text.len() as u32));
        }
        if let Some(quote) = binding.stripped.filter(|_| !self.is_unquoted) {
            self.places.strip(self.text.as_bytes(), quote, binding);
        }
        for &(from, to) in &binding.repeats {
            self.places.put(to, self.places.at(from));
        }
        self.places.join(&mut self.text, binding);
        if binding.takes_apart() {
            self.places.take_apart(&self.text, binding);
        }
        RowFields::new(&self.text, &self.places, binding)
    }
}
