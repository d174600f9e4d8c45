//! Bindings: a layout applied to the header of one file. They say which column holds which field of a record, and how its values are read.

mod composed_row;
mod field_ranges;
mod full_name;
#[cfg(test)]
mod tests;

pub(super) use composed_row::ComposedRow;
pub use field_ranges::RowOddities;
pub(super) use field_ranges::{ColumnStarts, FieldRanges};

use super::fields::RowFields;
use super::layout::{FieldLayout, Layout, OneDate, RecordLayout};
use sverka_model::DateFormat;
use sverka_model::{Field, Table};

/// Slots for the ranges of values in [`FieldRanges`]:
///
/// ```text
/// 0 ..           one for each field
/// FIRST_PART ..  columns that are parts of fields
/// SKIPPED        all columns that are skipped
/// ```
const SLOTS: usize = 64;
const FIRST_PART: usize = 44;
const SKIPPED: u8 = SLOTS as u8 - 1;
const _: () = assert!(Field::COUNT <= FIRST_PART, "every field has a slot");

/// Most columns that are parts of fields.
pub(super) const MOST_PARTS: usize = SLOTS - 1 - FIRST_PART;

/// The binding of one record of a row to the columns of one file. Bits of a number stand for fields, by their order in [`Field`].
#[derive(Debug)]
pub struct Binding {
    /// The slot of each column in [`FieldRanges`].
    slots: Vec<u8>,
    /// The slots of the columns that are not skipped.
    used: Vec<u8>,
    /// Pairs of slots with the same value.
    repeats: Vec<(u8, u8)>,
    joins: Vec<Join>,
    /// Fields that some row may fill: the file has a column for them, or the layout a value.
    given: u64,
    /// Fields that have value rules.
    with_rules: u64,
    /// Index of the value rules of each field that has some.
    rules_of: [u8; Field::COUNT],
    value_rules: Vec<ValueRules>,
    dates: [DateFormat; Field::COUNT],
    /// Interval ends that name the last day.
    last_days: u64,
    /// Fields in which a text may mean "empty", or the empty text a value.
    reworded: u64,
    /// Fields that give the record: one of them must be filled. A list without fields means always.
    when: Vec<Field>,
    /// Whether surname, given name and patronymic are taken from a column with the full name.
    split: [bool; 3],
    /// Fields of a date that is a start or an end, depending on the action of the row.
    one_date: Option<OneDate>,
    /// The quote that is taken off both ends of values.
    stripped: Option<u8>,
    /// Whether a row may lack the surname or the given name.
    missing_names: bool,
}

/// The bindings of the records of one table to the columns of one file.
#[derive(Debug)]
pub struct Bindings {
    /// Bindings of the records that a row may give.
    pub(super) records: Vec<Binding>,
    /// Whether a row that gives none of these records is handed on as the first of the records, so that it is not lost.
    pub(super) gives_any: bool,
    /// Whether rows without fields are handed on with this table. In a layout for both tables, the table of the first record gets them.
    pub(super) tells_faults: bool,
}

impl Bindings {
    /// Binds the records of one table to the columns of a file. `columns` holds the index of each among the layout's columns.
    #[must_use]
    pub fn new(layout: &Layout, table: Table, columns: &[Option<usize>]) -> Self {
        Self {
            records: layout.records_of(table).map(|record| Binding::new(layout, record, columns)).collect(),
            gives_any: layout.records.iter().all(|record| record.table == table),
            tells_faults: layout.records.first().is_some_and(|record| record.table == table),
        }
    }

    /// Most records that a row gives; part numbers are smaller.
    #[must_use]
    pub fn parts(&self) -> u32 {
        self.records.len() as u32
    }

    /// Whether rows without fields are handed on with this table. In a layout for both tables, the table of the first record gets them.
    #[must_use]
    pub fn tells_faults(&self) -> bool {
        self.tells_faults
    }

    /// Fields that some row may fill in any of the records: a bit for each.
    #[must_use]
    pub fn given(&self) -> u64 {
        self.records.iter().fold(0, |given, record| given | record.given)
    }

    /// Number of columns of the file.
    #[inline]
    pub(super) fn columns(&self) -> usize {
        self.records.first().map_or(0, Binding::columns)
    }
}

/// A field that is made of several columns.
#[derive(Debug)]
struct Join {
    field: Field,
    /// Slots of the columns.
    parts: Vec<u8>,
    between: String,
}

/// The value rules of a field: texts that mean "empty", and the canonical codes of the source's codes.
#[derive(Debug)]
struct ValueRules {
    empty: TextSet,
    /// Number of digits of the field's values. Other values in the column belong to another field.
    digits: Option<usize>,
    map: TextMap,
    /// Numbers of digits, and the code that every number of this length stands for.
    numbers: Vec<(usize, String)>,
    /// The code of all values that are not mapped otherwise.
    any: Option<String>,
    /// The value of an empty field.
    default: String,
}

impl Binding {
    /// Binds a record of a layout to the columns of one file. `columns` holds the index of each among the layout's columns.
    #[must_use]
    pub(super) fn new(layout: &Layout, record: &RecordLayout, columns: &[Option<usize>]) -> Self {
        let mut binding = Self {
            slots: vec![SKIPPED; columns.len()],
            used: Vec::new(),
            repeats: Vec::new(),
            joins: Vec::new(),
            given: 0,
            with_rules: 0,
            rules_of: [0; Field::COUNT],
            value_rules: Vec::new(),
            dates: [DateFormat::Iso; Field::COUNT],
            last_days: 0,
            reworded: 0,
            when: record.when.clone(),
            split: FieldLayout::NAMES
                .map(|name| record.fields.iter().any(|layout_field| layout_field.field == name && layout_field.is_split)),
            one_date: record.one_date(),
            stripped: layout.delimited().and_then(|delimited| delimited.quotes.stripped()),
            missing_names: layout.missing_names,
        };
        let mut parts = 0;
        // Fields of one column first, so that a column that is also a part of another field has its slot already.
        let (single, joined): (Vec<&FieldLayout>, _) =
            record.fields.iter().partition(|layout_field| layout_field.columns.len() < 2);
        for layout_field in single.into_iter().chain(joined) {
            let slot = layout_field.field as u8;
            let in_file =
                layout_field.columns.iter().filter_map(|column| columns.iter().position(|known| known == &Some(*column)));
            let mut of_parts = Vec::new();
            binding.given |= u64::from(!layout_field.default.is_empty() || in_file.clone().next().is_some()) << slot;
            for column in in_file {
                match (binding.slots[column], layout_field.columns.len()) {
                    (SKIPPED, 1) => binding.slots[column] = slot,
                    (other, 1) => binding.repeats.push((other, slot)),
                    (SKIPPED, _) => {
                        binding.slots[column] = (FIRST_PART + parts) as u8;
                        parts += 1;
                        of_parts.push(binding.slots[column]);
                    }
                    (other, _) => of_parts.push(other),
                }
            }
            if layout_field.columns.len() > 1 {
                binding.joins.push(Join { field: layout_field.field, parts: of_parts, between: layout_field.join.clone() });
            }
            binding.add_value_rules(layout_field);
        }
        binding.used = binding.slots.iter().copied().filter(|slot| *slot != SKIPPED).collect();
        assert!(parts <= MOST_PARTS, "invariant: layouts with more joined columns are refused");
        binding
    }

    fn add_value_rules(&mut self, layout_field: &FieldLayout) {
        self.dates[layout_field.field as usize] = layout_field.dates;
        self.last_days |= u64::from(layout_field.end_is_last_day) << layout_field.field as u32;
        if layout_field.empty_words.is_empty()
            && layout_field.map.is_empty()
            && layout_field.default.is_empty()
            && layout_field.digits.is_none()
        {
            return;
        }
        let (mut map, mut numbers, mut any) = (Vec::new(), Vec::new(), None);
        for (from, to) in layout_field.map.iter().cloned() {
            match from.strip_prefix('#').and_then(|digits| digits.parse().ok()) {
                Some(digits) => numbers.push((digits, to)),
                None if from == FieldLayout::ANY => any = Some(to),
                None => map.push((from, to)),
            }
        }
        let (empty, default) = (layout_field.empty_words.clone(), layout_field.default.clone());
        let maps_to_nothing =
            map.iter().map(|(_, to)| to).chain(numbers.iter().map(|(_, to)| to)).chain(&any).any(String::is_empty);
        let is_reworded = !default.is_empty() || !empty.is_empty() || layout_field.digits.is_some() || maps_to_nothing;
        self.reworded |= u64::from(is_reworded) << layout_field.field as u32;
        self.with_rules |= 1 << layout_field.field as u32;
        self.rules_of[layout_field.field as usize] = self.value_rules.len() as u8;
        let (empty, map) = (TextSet::new(empty), TextMap::new(map));
        self.value_rules.push(ValueRules { empty, digits: layout_field.digits, map, numbers, any, default });
    }

    /// Number of columns of the file.
    #[inline]
    pub(super) fn columns(&self) -> usize {
        self.slots.len()
    }

    /// Whether no field is read from a column.
    #[inline]
    pub(super) fn skips(&self, column: usize) -> bool {
        self.slots[column] == SKIPPED
    }

    #[inline]
    pub(super) fn has_value_rules(&self, field: Field) -> bool {
        self.with_rules >> field as u32 & 1 == 1
    }

    /// Whether a row may lack the surname or the given name, because the source has no sign for persons with a single name.
    #[inline]
    pub(super) fn may_miss_names(&self) -> bool {
        self.missing_names
    }

    /// Whether some row may fill one of `fields`, a bit for each.
    #[inline]
    pub(super) fn gives_any(&self, fields: u64) -> bool {
        self.given & fields != 0
    }

    /// The canonical value of a field with value rules.
    #[inline(never)]
    pub(super) fn canonical<'v>(&'v self, field: Field, value: &'v str) -> &'v str {
        self.value_rules[usize::from(self.rules_of[field as usize])].canonical(value)
    }

    #[inline]
    pub(super) fn date_format(&self, field: Field) -> DateFormat {
        self.dates[field as usize]
    }

    #[inline]
    pub(super) fn end_is_last_day(&self, field: Field) -> bool {
        self.last_days >> field as u32 & 1 == 1
    }

    /// Fields that some row may fill: a bit for each.
    #[inline]
    pub(super) fn given(&self) -> u64 {
        self.given
    }

    /// Fields for which the length of a value does not tell whether it is empty; `unasked` are fields whose blanks nobody has met.
    #[inline]
    pub(super) fn undecided(&self, unasked: u64) -> u64 {
        self.given & (self.reworded | unasked)
    }

    /// Whether each field is a column as it is, and every row gives the record. This is the canonical case, and costs nothing.
    #[inline]
    pub(super) fn is_plain(&self) -> bool {
        self.stripped.is_none() && self.repeats.is_empty() && self.joins.is_empty() && self.when.is_empty() && !self.takes_apart()
    }

    /// Whether a column is split into several fields row by row.
    #[inline]
    fn takes_apart(&self) -> bool {
        self.split != [false; 3] || self.one_date.is_some()
    }

    #[inline]
    pub(super) fn is_given(&self, fields: &RowFields<'_>) -> bool {
        self.when.is_empty() || self.when.iter().any(|field| !fields.get(*field).is_empty())
    }
}

impl ValueRules {
    fn canonical<'v>(&'v self, value: &'v str) -> &'v str {
        let is_number_of = |digits: usize| value.len() == digits && value.bytes().all(|byte| byte.is_ascii_digit());
        let is_other = self.digits.is_some_and(|digits| !is_number_of(digits));
        if value.is_empty() || is_other || self.empty.find(value).is_some() {
            return &self.default;
        }
        let mapped = self.map.get(value);
        let number = || self.numbers.iter().find(|(digits, _)| is_number_of(*digits)).map(|(_, to)| to.as_str());
        mapped.or_else(number).or(self.any.as_deref()).unwrap_or(value)
    }
}

/// A few texts, mostly short, in which a text is found quickly: lengths are looked at first, and short texts are compared as numbers.
#[derive(Debug)]
struct TextSet {
    texts: Vec<String>,
    /// A bit for each length of a text; the uppermost one for 63 bytes and more.
    lengths: u64,
    /// The [`number_of`] of each text.
    numbers: Vec<u64>,
}

impl TextSet {
    fn new(texts: Vec<String>) -> Self {
        let numbers = texts.iter().map(|text| number_of(text)).collect();
        let lengths = texts.iter().fold(0, |lengths, text| lengths | 1 << text.len().min(63));
        Self { texts, lengths, numbers }
    }

    #[inline]
    fn find(&self, value: &str) -> Option<usize> {
        if self.lengths >> value.len().min(63) & 1 == 0 {
            return None;
        }
        match number_of(value) {
            0 => self.texts.iter().position(|text| text == value),
            number => self.numbers.iter().position(|known| *known == number),
        }
    }
}

/// A text of one to seven bytes as a number of its own: its length, then its bytes (`"12"` is 0x02_31_32). 0 for the empty text and for longer ones.
#[inline]
fn number_of(text: &str) -> u64 {
    if text.len() > 7 {
        return 0;
    }
    text.bytes().fold(text.len() as u64, |number, byte| number << 8 | u64::from(byte))
}

/// A few texts, each with the text that it stands for.
#[derive(Debug)]
struct TextMap {
    from: TextSet,
    to: Vec<String>,
}

impl TextMap {
    fn new(map: Vec<(String, String)>) -> Self {
        let (from, to) = map.into_iter().unzip();
        Self { from: TextSet::new(from), to }
    }

    #[inline]
    fn get(&self, value: &str) -> Option<&str> {
        self.from.find(value).map(|index| self.to[index].as_str())
    }
}
