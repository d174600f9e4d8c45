//! Rows of sources whose values do not lie side by side in a text: documents without lines, and rows with quotes.

use super::field_ranges::{FieldRanges, RowOddities, TextRange};
use super::{Binding, Bindings, SKIPPED};
use crate::fields::RowFields;
use crate::{RowBytes, RowVisitor};

/// A row that is put together value by value.
#[derive(Default)]
pub(crate) struct ComposedRow {
    text: String,
    ranges: FieldRanges,
    /// Oddities of the rows that follow.
    pub oddities: RowOddities,
    /// Whether the values that follow have lost their quotes already, so that quotes at their ends are text.
    pub is_unquoted: bool,
}

impl ComposedRow {
    /// Hands a visitor the records that a row gives; `value` gives the value of a column.
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

    /// The fields of one record of a row; `value` gives the value of a column.
    pub fn fields<'r, 'v>(&'r mut self, value: impl Fn(usize) -> &'v str, binding: &'r Binding) -> RowFields<'r> {
        self.text.clear();
        // The last row may have been of another record, with other fields.
        self.ranges = FieldRanges::with_oddities(self.oddities);
        for (column, &slot) in binding.slots.iter().enumerate().filter(|(_, slot)| **slot != SKIPPED) {
            let start = self.text.len() as u32;
            self.text.push_str(value(column));
            self.ranges.set(slot, TextRange { start, end: self.text.len() as u32 });
        }
        if let Some(quote) = binding.stripped.filter(|_| !self.is_unquoted) {
            self.ranges.strip(self.text.as_bytes(), quote, binding);
        }
        for &(from, to) in &binding.repeats {
            self.ranges.set(to, self.ranges.at(from));
        }
        self.ranges.join(&mut self.text, binding);
        if binding.takes_apart() {
            self.ranges.take_apart(&self.text, binding);
        }
        RowFields::new(&self.text, &self.ranges, binding)
    }
}
