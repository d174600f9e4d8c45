//! The fields of a record: from source values to values, by trimming blanks and by the value rules of the layout.

use std::collections::BTreeSet;

use super::binding::{Binding, FieldRanges, RowOddities};
use super::layout::{FieldLayout, Layout};
use sverka_model::DateFormat;
use sverka_model::{Field, RowValues};
use sverka_text::{needs_no_trimming, trim_blanks, trim_carefully};

/// The fields of one record.
#[derive(Clone, Copy)]
pub struct RowFields<'r> {
    text: &'r str,
    ranges: &'r FieldRanges,
    binding: &'r Binding,
}

impl<'r> RowFields<'r> {
    #[inline]
    pub(super) fn new(text: &'r str, ranges: &'r FieldRanges, binding: &'r Binding) -> Self {
        ranges.forget_blanks();
        Self { text, ranges, binding }
    }

    /// A field's value: trimmed, in canonical codes. Empty when the source calls it empty or has no such column.
    #[must_use]
    #[inline]
    pub fn get(&self, field: Field) -> &'r str {
        let source_value = &self.text[self.ranges.range(field)];
        let value = if needs_no_trimming(source_value.as_bytes()) {
            source_value
        } else {
            self.ranges.note_blanks();
            trim_carefully(source_value)
        };
        if self.binding.has_value_rules(field) { self.binding.canonical(field, value) } else { value }
    }

    /// The bytes of [`Self::get`], at less cost: the starts of characters are not checked.
    #[must_use]
    #[inline]
    pub fn bytes(&self, field: Field) -> &'r [u8] {
        let value = self.untrimmed_bytes(field);
        if needs_no_trimming(value) { value } else { self.get(field).as_bytes() }
    }

    /// [`Self::bytes`] with the blanks around them, at the least cost: for checks that accept the usual value at once, and ask [`Self::bytes`] for any
    /// other.
    #[must_use]
    #[inline]
    pub fn untrimmed_bytes(&self, field: Field) -> &'r [u8] {
        if self.binding.has_value_rules(field) {
            return self.get(field).as_bytes();
        }
        &self.text.as_bytes()[self.ranges.range(field)]
    }

    /// The oddities of the row.
    #[must_use]
    #[inline]
    pub fn oddities(&self) -> RowOddities {
        self.ranges.oddities()
    }

    /// For each field, by its number, 1 when [`Self::get`] gives a value and 0 when it is empty.
    ///
    /// Call it when all fields but `unasked` (a bit for each) have been asked for. If they met no blanks, a value is filled exactly if its range is not
    /// empty, and that is seen for all fields at once. Only undecided fields are looked at one by one.
    #[must_use]
    #[inline]
    pub fn filled(&self, unasked: u64) -> [u8; Field::COUNT] {
        let mut filled = self.ranges.not_empty();
        let undecided = if self.ranges.blanks_noted() { self.binding.given() } else { self.binding.undecided(unasked) };
        if undecided != 0 {
            self.decide(undecided, &mut filled);
        }
        filled
    }

    #[inline(never)]
    fn decide(&self, mut undecided: u64, filled: &mut [u8; Field::COUNT]) {
        while undecided != 0 {
            let number = undecided.trailing_zeros() as usize;
            undecided &= undecided - 1;
            // An empty text becomes a value by a rule of its field alone.
            if filled[number] == 1 || self.binding.has_value_rules(Field::ALL[number]) {
                filled[number] = u8::from(!self.get(Field::ALL[number]).is_empty());
            }
        }
    }

    /// Whether the row repeats the header: it holds the names or the numbers of columns in their columns. Files that were joined have such rows, and
    /// so have forms that number their columns.
    #[must_use]
    #[cold]
    pub fn repeats_header(&self, layout: &Layout) -> bool {
        const LEAST_NUMBERS: usize = 4;
        let value = |layout_field: &FieldLayout| trim_blanks(&self.text[self.ranges.range(layout_field.field)]);
        let is_filled = |layout_field: &&FieldLayout| layout_field.columns.len() == 1 && !value(layout_field).is_empty();
        let filled = layout.records.iter().flat_map(|record| &record.fields).filter(is_filled);
        let names = filled.clone().filter(|layout_field| value(layout_field) == layout.columns[layout_field.columns[0]]).count();
        // Many rows begin with a 1, so numbers count only when the row holds nothing else.
        let numbers = filled.clone().map(|layout_field| {
            (value(layout_field).parse() == Ok(layout_field.columns[0] + 1)).then_some(layout_field.columns[0])
        });
        let numbered: Option<BTreeSet<usize>> = numbers.collect();
        if numbered.is_some_and(|columns| columns.len() >= LEAST_NUMBERS) {
            return true;
        }
        names > 1 && 2 * names >= filled.count()
    }

    /// Whether some row of the source may fill one of `fields`, a bit for each. Other fields need not be asked for.
    #[must_use]
    #[inline]
    pub fn gives_any(&self, fields: u64) -> bool {
        self.binding.gives_any(fields)
    }

    /// Whether the layout says that a row may lack the surname or the given name.
    #[must_use]
    pub fn may_miss_names(&self) -> bool {
        self.binding.may_miss_names()
    }

    /// The format of a field's dates.
    #[must_use]
    #[inline]
    pub fn date_format(&self, field: Field) -> DateFormat {
        self.binding.date_format(field)
    }

    /// Whether a field is an end that names the last day of an interval; otherwise an end is the first day after it.
    #[must_use]
    #[inline]
    pub fn end_is_last_day(&self, field: Field) -> bool {
        self.binding.end_is_last_day(field)
    }

    /// Whether the row gives this record: always, unless the layout requires one of several fields to be filled.
    #[inline]
    pub(super) fn is_given(&self) -> bool {
        self.binding.is_given(self)
    }
}

impl RowValues for RowFields<'_> {
    fn text(&self, field: Field) -> &str {
        self.get(field)
    }

    fn date_format(&self, field: Field) -> DateFormat {
        Self::date_format(self, field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binding::ColumnStarts;
    use crate::layout::Layout;

    #[test]
    fn blanks_of_all_kinds_are_trimmed() {
        let values = [
            "",
            " ",
            " a ",
            "\u{A0}я\u{A0}",
            "Я",
            "Яя",
            "я\u{2003}",
            "a",
            "é",
            "\u{85}",
            "я\r",
            "\ta b",
            "ч ",
            "№",
            "\u{3000}№\u{1680}x",
        ];
        let layout = Layout::built_in("register").expect("built in");
        let names = [Field::Surname, Field::GivenName, Field::Patronymic];
        let columns = names.map(|field| layout.columns.iter().position(|column| column == field.name()));
        let binding = Binding::new(&layout, &layout.records[0], &columns);
        let mut ranges = FieldRanges::default();
        for (one, two, three) in
            values.iter().flat_map(|one| values.iter().flat_map(move |two| values.map(|three| (*one, *two, three))))
        {
            let text = format!("{one};{two};{three}");
            let starts = [0, one.len() + 1, one.len() + two.len() + 2, text.len() + 1].map(|start| start as u16);
            let mut joined = String::new();
            ranges.set_columns(ColumnStarts { starts: &starts, end: text.len() }, &binding);
            let fields = ranges.fields(&text, &mut joined, &binding);
            assert_eq!(names.map(|name| fields.bytes(name)), [one, two, three].map(|value| value.trim().as_bytes()), "{text:?}");
            let found = names.map(|name| fields.get(name));
            assert_eq!(found, [one, two, three].map(str::trim), "{text:?}");
        }
    }
}
