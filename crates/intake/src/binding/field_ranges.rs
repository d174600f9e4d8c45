//! The ranges of a record's values in a text: the text of the row, or one that is put together from its values.

use std::cell::Cell;
use std::ops::Range;

use super::full_name::FullName;
use super::{Binding, SLOTS};
use crate::fields::RowFields;
use crate::layout::{FieldLayout, OneDate};
use sverka_model::Field;
use sverka_text::trim_blanks;

/// Oddities of a row with the right number of fields. Several may hold at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowOddities {
    /// A value that is not quoted has a quote inside.
    pub quote_in_value: bool,
    /// A value holds a line break and as many delimiters as a row: rows between two stray quotes.
    pub row_in_value: bool,
    /// A full name was taken apart that has fewer or more words than three.
    pub name_parts: bool,
}

impl RowOddities {
    /// Whether there is anything odd.
    #[must_use]
    #[inline]
    pub fn any(self) -> bool {
        self.quote_in_value | self.row_in_value | self.name_parts
    }
}

/// The columns of a row in a window, as offsets.
#[derive(Clone, Copy)]
pub(crate) struct ColumnStarts<'w> {
    /// Starts of the columns of a row, and of what follows behind its line end.
    pub starts: &'w [u16],
    /// End of the row, without its line end.
    pub end: usize,
}

/// A range of a text.
#[derive(Clone, Copy)]
pub(super) struct TextRange {
    pub start: u32,
    pub end: u32,
}

impl TextRange {
    const EMPTY: Self = Self { start: 0, end: 0 };

    fn as_range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The ranges of a record's values in its text, blanks around them included. Fields without a column have an empty range.
pub(crate) struct FieldRanges {
    starts: [u32; SLOTS],
    ends: [u32; SLOTS],
    /// Whether blanks were met around a value of this row.
    blanks_noted: Cell<bool>,
    /// Oddities of the row; none of a row that lies in a window.
    oddities: RowOddities,
}

impl Default for FieldRanges {
    fn default() -> Self {
        Self { starts: [0; SLOTS], ends: [0; SLOTS], blanks_noted: Cell::new(false), oddities: RowOddities::default() }
    }
}

impl FieldRanges {
    /// Empty ranges of a row with these oddities.
    pub(super) fn with_oddities(oddities: RowOddities) -> Self {
        Self { oddities, ..Self::default() }
    }

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
    pub fn oddities(&self) -> RowOddities {
        self.oddities
    }

    /// 1 for each field with a range that is not empty, otherwise 0.
    #[inline]
    pub fn not_empty(&self) -> [u8; Field::COUNT] {
        std::array::from_fn(|field| u8::from(self.starts[field] != self.ends[field]))
    }

    /// Takes the columns of a row that lies in a window.
    #[inline]
    pub fn set_columns(&mut self, ColumnStarts { starts, end }: ColumnStarts<'_>, binding: &Binding) {
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

    /// Moves the value of a column to another range.
    #[inline]
    pub fn move_column(&mut self, column: usize, start: usize, end: usize, binding: &Binding) {
        self.set(binding.slots[column], TextRange { start: start as u32, end: end as u32 });
    }

    /// The fields of a record with a plain binding, which needs no further work.
    #[inline]
    pub fn plain_fields<'r>(&'r self, text: &'r str, binding: &'r Binding) -> RowFields<'r> {
        RowFields::new(text, self, binding)
    }

    /// The range of a field's value.
    #[inline]
    pub fn range(&self, field: Field) -> Range<usize> {
        self.starts[field as usize] as usize..self.ends[field as usize] as usize
    }

    #[inline]
    pub(super) fn at(&self, slot: u8) -> TextRange {
        let slot = usize::from(slot) % SLOTS;
        TextRange { start: self.starts[slot], end: self.ends[slot] }
    }

    #[inline]
    pub(super) fn set(&mut self, slot: u8, range: TextRange) {
        let slot = usize::from(slot) % SLOTS;
        (self.starts[slot], self.ends[slot]) = (range.start, range.end);
    }

    /// The fields of a record whose columns have these ranges of `text`; `joined` is room for fields that are made of several columns.
    #[inline]
    pub fn fields<'r>(&'r mut self, text: &'r str, joined: &'r mut String, binding: &'r Binding) -> RowFields<'r> {
        if let Some(quote) = binding.stripped {
            self.strip(text.as_bytes(), quote, binding);
        }
        for &(from, to) in &binding.repeats {
            self.set(to, self.at(from));
        }
        if !binding.joins.is_empty() {
            return self.with_joins(text, joined, binding);
        }
        if binding.takes_apart() {
            self.take_apart(text, binding);
        }
        RowFields::new(text, self, binding)
    }

    /// Splits columns with several fields: a full name, and a date that is a start or an end. All fields of the column have its range so far.
    #[cold]
    pub(super) fn take_apart(&mut self, text: &str, binding: &Binding) {
        if let Some(first) = binding.split.iter().position(|is_split| *is_split) {
            let column = self.at(FieldLayout::NAMES[first] as u8);
            let name = FullName::parse(&text[column.as_range()]);
            for (number, part) in name.parts.iter().enumerate().filter(|(number, _)| binding.split[*number]) {
                let part = TextRange { start: column.start + part.start as u32, end: column.start + part.end as u32 };
                self.set(FieldLayout::NAMES[number] as u8, part);
            }
            self.oddities.name_parts = !name.is_certain;
        }
        if let Some(OneDate { start, ends }) = &binding.one_date {
            let action = RowFields::new(text, self, binding).get(Field::Action);
            let (is_start, is_end) = (!matches!(action, "" | "end"), action == "end");
            for (field, is_given) in std::iter::once((start, is_start)).chain(ends.iter().map(|end| (end, is_end))) {
                if !is_given {
                    self.set(*field as u8, TextRange::EMPTY);
                }
            }
        }
    }

    /// Takes a quote off both ends of each value.
    #[inline]
    pub(super) fn strip(&mut self, text: &[u8], quote: u8, binding: &Binding) {
        for &slot in &binding.used {
            let range = self.at(slot);
            let without_quotes = match text[range.as_range()] {
                [] => continue,
                [first, .., last] if first == quote && last == quote => TextRange { start: range.start + 1, end: range.end - 1 },
                [first, .., last] if first > b' ' && last > b' ' && first != quote && last != quote => continue,
                _ => stripped(text, range, quote),
            };
            self.set(slot, without_quotes);
        }
    }

    #[cold]
    fn with_joins<'r>(&'r mut self, text: &'r str, joined: &'r mut String, binding: &'r Binding) -> RowFields<'r> {
        joined.clear();
        let repeated = binding.repeats.iter().map(|(_, slot)| slot);
        for &slot in binding.used.iter().chain(repeated) {
            let start = joined.len() as u32;
            joined.push_str(&text[self.at(slot).as_range()]);
            self.set(slot, TextRange { start, end: joined.len() as u32 });
        }
        self.join(joined, binding);
        if binding.takes_apart() {
            self.take_apart(joined, binding);
        }
        RowFields::new(joined, self, binding)
    }

    /// Appends the fields that are made of several columns to `text`, which holds the columns. A part that the source calls empty is left out.
    pub(super) fn join(&mut self, text: &mut String, binding: &Binding) {
        for join in &binding.joins {
            let from = text.len();
            for &part in &join.parts {
                let column = self.at(part);
                let source_value = &text[column.as_range()];
                let value = trim_blanks(source_value);
                let is_empty =
                    value.is_empty() || (binding.has_value_rules(join.field) && binding.canonical(join.field, value).is_empty());
                if is_empty {
                    continue;
                }
                let start = column.start as usize + source_value.len() - source_value.trim_start().len();
                let range = start..start + value.len();
                if text.len() > from {
                    text.push_str(&join.between);
                }
                text.extend_from_within(range);
            }
            self.set(join.field as u8, TextRange { start: from as u32, end: text.len() as u32 });
        }
    }
}

/// The range of a value without the blanks around it and the quotes at its ends.
#[cold]
fn stripped(text: &[u8], range: TextRange, quote: u8) -> TextRange {
    let value = &text[range.as_range()];
    let before = value.len() - value.trim_ascii_start().len();
    let value = value.trim_ascii();
    let (opens, closes) = (value.first() == Some(&quote), value.len() > 1 && value.last() == Some(&quote));
    let from = range.start + before as u32;
    TextRange { start: from + u32::from(opens), end: from + value.len() as u32 - u32::from(closes) }
}
