//! The fields of a row: places in a text, the blanks around values, the layout's empty words and code maps.

use std::collections::BTreeSet;

use super::binding::{Binding, FieldPlaces, RowDoubts};
use super::layout::{FieldLayout, Layout};
use sverka_model::DateFormat;
use sverka_model::{Field, RowValues};
use sverka_text::{needs_no_trimming, trim_blanks, trim_carefully};

/// The fields of one well-formed record.
#[derive(Clone, Copy)]
pub struct RowFields<'r> {
    text: &'r str,
    places: &'r FieldPlaces,
    binding: &'r Binding,
}

impl<'r> RowFields<'r> {
    #[inline]
    pub(super) fn new(text: &'r str, places: &'r FieldPlaces, binding: &'r Binding) -> Self {
        places.forget_blanks();
        Self { text, places, binding }
    }

    /// A field's value: without blanks around it, in canonical codes, empty when the source calls it empty or has no such column.
    #[must_use]
    #[inline]
    pub fn get(&self, field: Field) -> &'r str {
        let received = &self.text[self.places.of(field)];
        let value = if needs_no_trimming(received.as_bytes()) {
            received
        } else {
            self.places.note_blanks();
            trim_carefully(received)
        };
        if self.binding.has_wording(field) { self.binding.canonical(field, value) } else { value }
    }

    /// The bytes of [`Self::get`], at less cost: nothing is asked about where characters begin.
    #[must_use]
    #[inline]
    pub fn bytes(&self, field: Field) -> &'r [u8] {
        let value = self.raw(field);
        if needs_no_trimming(value) { value } else { self.get(field).as_bytes() }
    }

    /// [`Self::bytes`] with the blanks that may be around it: for those who see at once that a value is as it should be, and ask
    /// [`Self::bytes`] when it is not.
    #[must_use]
    #[inline]
    pub fn raw(&self, field: Field) -> &'r [u8] {
        if self.binding.has_wording(field) {
            return self.get(field).as_bytes();
        }
        &self.text.as_bytes()[self.places.of(field)]
    }

    /// What is odd about the row.
    #[must_use]
    #[inline]
    pub fn doubts(&self) -> RowDoubts {
        self.places.doubts()
    }

    /// For each field, by its number, 1 when it has a value and 0 when it has none, as [`Self::get`] says. To be called once all fields but
    /// `unasked` (a bit for each) were asked for: where that met no blanks, a value is one that has bytes, which is seen of all fields at once.
    #[must_use]
    #[inline]
    pub fn filled(&self, unasked: u64) -> [u8; Field::COUNT] {
        let mut filled = self.places.not_empty();
        let doubtful = if self.places.blanks_noted() { self.binding.given() } else { self.binding.doubtful(unasked) };
        if doubtful != 0 {
            self.settle(doubtful, &mut filled);
        }
        filled
    }

    #[inline(never)]
    fn settle(&self, mut doubtful: u64, filled: &mut [u8; Field::COUNT]) {
        while doubtful != 0 {
            let number = doubtful.trailing_zeros() as usize;
            doubtful &= doubtful - 1;
            // Nothing becomes a value by its wording alone.
            if filled[number] == 1 || self.binding.has_wording(Field::ALL[number]) {
                filled[number] = u8::from(!self.get(Field::ALL[number]).is_empty());
            }
        }
    }

    /// Whether the row says what a header would: names or numbers of columns where they should stand. Files that were joined have such rows, and so
    /// have forms whose columns are numbered below their names.
    #[must_use]
    #[cold]
    pub fn repeats_header(&self, layout: &Layout) -> bool {
        const LEAST_NUMBERS: usize = 4;
        let received = |of: &FieldLayout| trim_blanks(&self.text[self.places.of(of.field)]);
        let is_filled = |of: &&FieldLayout| of.columns.len() == 1 && !received(of).is_empty();
        let filled = layout.records.iter().flat_map(|record| &record.fields).filter(is_filled);
        let names = filled.clone().filter(|of| received(of) == layout.columns[of.columns[0]]).count();
        // Nearly every row begins with a 1, so that numbers count only when there is nothing else.
        let numbers = filled.clone().map(|of| (received(of).parse() == Ok(of.columns[0] + 1)).then_some(of.columns[0]));
        let numbered: Option<BTreeSet<usize>> = numbers.collect();
        if numbered.is_some_and(|columns| columns.len() >= LEAST_NUMBERS) {
            return true;
        }
        names > 1 && 2 * names >= filled.count()
    }

    /// Whether some row of the source may fill one of these fields, a bit for each number of a field; the others need not be asked for.
    #[must_use]
    #[inline]
    pub fn gives_any(&self, fields: u64) -> bool {
        self.binding.gives_any(fields)
    }

    /// Whether the layout says that a row may lack a surname or a given name.
    #[must_use]
    pub fn may_miss_names(&self) -> bool {
        self.binding.may_miss_names()
    }

    /// How the dates of a field are written.
    #[must_use]
    #[inline]
    pub fn date_format(&self, field: Field) -> DateFormat {
        self.binding.date_format(field)
    }

    /// Whether a field is an end that names the last day of the interval; otherwise it is the first day after.
    #[must_use]
    #[inline]
    pub fn end_is_last_day(&self, field: Field) -> bool {
        self.binding.end_is_last_day(field)
    }

    /// Whether the row gives this record: always, unless the layout asks for one of some fields.
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
        let mut places = FieldPlaces::default();
        for (one, two, three) in
            values.iter().flat_map(|one| values.iter().flat_map(move |two| values.map(|three| (*one, *two, three))))
        {
            let text = format!("{one};{two};{three}");
            let starts = [0, one.len() + 1, one.len() + two.len() + 2, text.len() + 1].map(|start| start as u16);
            let mut joined = String::new();
            places.place(&starts, text.len(), &binding);
            let fields = places.fields(&text, &mut joined, &binding);
            assert_eq!(names.map(|name| fields.bytes(name)), [one, two, three].map(|value| value.trim().as_bytes()), "{text:?}");
            let found = names.map(|name| fields.get(name));
            assert_eq!(found, [one, two, three].map(str::trim), "{text:?}");
        }
    }
}
