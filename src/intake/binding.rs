//! What the columns of one file mean for one of the records that its rows give: the layout applied to its header.

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::ops::Range;

use super::chunk::{RowBytes, RowVisitor};
use super::fields::{RowFields, trim_blanks};
use super::layout::{Field, FieldLayout, Layout, RecordLayout, Table};
use crate::identifier::DateFormat;

/// Slots for the places of values: one for each field, some for columns that are parts of fields, and one for all columns that are skipped.
const SLOTS: usize = 64;
const FIRST_PART: usize = 40;
const SKIPPED: u8 = SLOTS as u8 - 1;
const _: () = assert!(Field::COUNT <= FIRST_PART, "every field has a slot");

/// So many columns may be parts of fields.
pub(super) const MOST_PARTS: usize = SLOTS - 1 - FIRST_PART;

/// What one file's columns mean for one record of a row.
#[derive(Debug)]
pub struct Binding {
    /// The slot of each column in [`FieldPlaces`].
    slots: Vec<u8>,
    /// The slots of the columns that somebody asks for.
    used: Vec<u8>,
    /// Slots whose value another one has, too.
    repeats: Vec<(u8, u8)>,
    joins: Vec<Join>,
    /// A bit for each field that some row may fill: the file has a column of it, or the layout a value for it.
    given: u64,
    /// A bit for each field that has a wording.
    worded: u64,
    /// Of each field that has one, its place among the wordings.
    wording_of: [u8; Field::COUNT],
    wordings: Vec<Wording>,
    dates: [DateFormat; Field::COUNT],
    /// A bit for each field that is an end naming the last day.
    last_days: u64,
    /// A bit for each field in which bytes may stand for nothing, or nothing for a value.
    reworded: u64,
    /// Fields one of which must be filled.
    when: Vec<Field>,
    /// The quote that is taken off values.
    stripped: Option<u8>,
}

/// What one file's columns mean for the records of one table.
#[derive(Debug)]
pub struct Bindings {
    /// One for each record that a row may give.
    pub(super) records: Vec<Binding>,
    /// Whether a row that gives none of these records gives the first of them all the same, so that it is not lost.
    pub(super) gives_any: bool,
    /// Whether rows without fields are told of here; of a layout for both tables, with the first record's.
    pub(super) tells_faults: bool,
}

impl Bindings {
    /// Binds the records of one table to the columns of a file, each given as the layout's column that it is.
    #[must_use]
    pub fn new(layout: &Layout, table: Table, columns: &[Option<usize>]) -> Self {
        Self {
            records: layout.records_of(table).map(|record| Binding::new(layout, record, columns)).collect(),
            gives_any: layout.records.iter().all(|record| record.table == table),
            tells_faults: layout.records.first().is_some_and(|record| record.table == table),
        }
    }

    /// How many records a row may give: part numbers are below.
    #[must_use]
    pub fn parts(&self) -> u32 {
        self.records.len() as u32
    }

    /// Whether rows without fields are told of with the records of this table: of a layout for both tables, with the first record's.
    #[must_use]
    pub fn tells_faults(&self) -> bool {
        self.tells_faults
    }

    /// The fields that the file has a column of, or the layout a value for, in any of the records: a bit for each.
    #[must_use]
    pub fn given(&self) -> u64 {
        self.records.iter().fold(0, |given, record| given | record.given)
    }

    /// How many columns the file has.
    #[inline]
    pub(super) fn columns(&self) -> usize {
        self.records.first().map_or(0, Binding::columns)
    }
}

/// A field that is made of several columns.
#[derive(Debug)]
struct Join {
    field: Field,
    parts: Vec<u8>,
    between: String,
}

/// What a source calls empty, how it writes codes, and what stands for nothing.
#[derive(Debug)]
struct Wording {
    empty: Words,
    /// How many digits values have that are no other field's.
    digits: Option<usize>,
    map: WordMap,
    /// What numbers of so many digits stand for.
    numbers: Vec<(usize, String)>,
    /// What all values stand for that are not mapped otherwise.
    any: Option<String>,
    default: String,
}

impl Binding {
    /// Binds a record of a layout to the columns of one file, each given as the layout's column that it is.
    #[must_use]
    pub(super) fn new(layout: &Layout, record: &RecordLayout, columns: &[Option<usize>]) -> Self {
        let mut binding = Self {
            slots: vec![SKIPPED; columns.len()],
            used: Vec::new(),
            repeats: Vec::new(),
            joins: Vec::new(),
            given: 0,
            worded: 0,
            wording_of: [0; Field::COUNT],
            wordings: Vec::new(),
            dates: [DateFormat::Iso; Field::COUNT],
            last_days: 0,
            reworded: 0,
            when: record.when.clone(),
            stripped: layout.delimited().and_then(|delimited| delimited.quotes.stripped()),
        };
        let mut parts = 0;
        // Fields of one column first, so that a column that is also a part of another has its slot already.
        let (single, joined): (Vec<&FieldLayout>, _) = record.fields.iter().partition(|of| of.columns.len() < 2);
        for of in single.into_iter().chain(joined) {
            let slot = of.field as u8;
            let in_file = of.columns.iter().filter_map(|column| columns.iter().position(|known| known == &Some(*column)));
            let mut of_parts = Vec::new();
            binding.given |= u64::from(!of.default.is_empty() || in_file.clone().next().is_some()) << slot;
            for place in in_file {
                match (binding.slots[place], of.columns.len()) {
                    (SKIPPED, 1) => binding.slots[place] = slot,
                    (other, 1) => binding.repeats.push((other, slot)),
                    (SKIPPED, _) => {
                        binding.slots[place] = (FIRST_PART + parts) as u8;
                        parts += 1;
                        of_parts.push(binding.slots[place]);
                    }
                    (other, _) => of_parts.push(other),
                }
            }
            if of.columns.len() > 1 {
                binding.joins.push(Join { field: of.field, parts: of_parts, between: of.join.clone() });
            }
            binding.word(of);
        }
        binding.used = binding.slots.iter().copied().filter(|slot| *slot != SKIPPED).collect();
        assert!(parts <= MOST_PARTS, "invariant: layouts with more joined columns are refused");
        binding
    }

    fn word(&mut self, of: &FieldLayout) {
        self.dates[of.field as usize] = of.dates;
        self.last_days |= u64::from(of.end_is_last_day) << of.field as u32;
        if of.empty_words.is_empty() && of.map.is_empty() && of.default.is_empty() && of.digits.is_none() {
            return;
        }
        let (mut map, mut numbers, mut any) = (Vec::new(), Vec::new(), None);
        for (from, to) in of.map.iter().cloned() {
            match from.strip_prefix('#').and_then(|digits| digits.parse().ok()) {
                Some(digits) => numbers.push((digits, to)),
                None if from == FieldLayout::ANY => any = Some(to),
                None => map.push((from, to)),
            }
        }
        let (empty, default) = (of.empty_words.clone(), of.default.clone());
        let maps_to_nothing =
            map.iter().map(|(_, to)| to).chain(numbers.iter().map(|(_, to)| to)).chain(&any).any(String::is_empty);
        let is_reworded = !default.is_empty() || !empty.is_empty() || of.digits.is_some() || maps_to_nothing;
        self.reworded |= u64::from(is_reworded) << of.field as u32;
        self.worded |= 1 << of.field as u32;
        self.wording_of[of.field as usize] = self.wordings.len() as u8;
        let (empty, map) = (Words::new(empty), WordMap::new(map));
        self.wordings.push(Wording { empty, digits: of.digits, map, numbers, any, default });
    }

    /// How many columns the file has.
    #[inline]
    pub(super) fn columns(&self) -> usize {
        self.slots.len()
    }

    /// Whether nobody asks for a column.
    #[inline]
    pub(super) fn skips(&self, column: usize) -> bool {
        self.slots[column] == SKIPPED
    }

    #[inline]
    pub(super) fn has_wording(&self, field: Field) -> bool {
        self.worded >> field as u32 & 1 == 1
    }

    /// Whether some row may fill one of these fields, a bit for each.
    #[inline]
    pub(super) fn gives_any(&self, fields: u64) -> bool {
        self.given & fields != 0
    }

    /// What a value of a field with a wording stands for.
    #[inline(never)]
    pub(super) fn canonical<'v>(&'v self, field: Field, value: &'v str) -> &'v str {
        self.wordings[usize::from(self.wording_of[field as usize])].canonical(value)
    }

    #[inline]
    pub(super) fn date_format(&self, field: Field) -> DateFormat {
        self.dates[field as usize]
    }

    #[inline]
    pub(super) fn end_is_last_day(&self, field: Field) -> bool {
        self.last_days >> field as u32 & 1 == 1
    }

    /// The fields that the file has a column of, or the layout a value for: a bit for each.
    #[inline]
    pub(super) fn given(&self) -> u64 {
        self.given
    }

    /// The fields of which the bytes of a value do not tell whether it is empty; `unasked` are those that may be blank unseen.
    #[inline]
    pub(super) fn doubtful(&self, unasked: u64) -> u64 {
        self.given & (self.reworded | unasked)
    }

    /// Whether each field lies in a column as it is, and every row gives the record: the canonical case, which costs nothing.
    #[inline]
    pub(super) fn is_plain(&self) -> bool {
        self.stripped.is_none() && self.repeats.is_empty() && self.joins.is_empty() && self.when.is_empty()
    }

    #[inline]
    pub(super) fn is_given(&self, fields: &RowFields<'_>) -> bool {
        self.when.is_empty() || self.when.iter().any(|field| !fields.get(*field).is_empty())
    }
}

impl Wording {
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

/// A few words, found quickly among short ones.
#[derive(Debug)]
struct Words {
    words: Vec<String>,
    /// A bit for each length that a word has; the highest one for all longer ones.
    lengths: u64,
    /// The bytes of each word with its length as one number; 0 for longer ones.
    numbers: Vec<u64>,
}

impl Words {
    fn new(words: Vec<String>) -> Self {
        let numbers = words.iter().map(|word| number_of(word)).collect();
        let lengths = words.iter().fold(0, |lengths, word| lengths | 1 << word.len().min(63));
        Self { words, lengths, numbers }
    }

    #[inline]
    fn find(&self, value: &str) -> Option<usize> {
        if self.lengths >> value.len().min(63) & 1 == 0 {
            return None;
        }
        match number_of(value) {
            0 => self.words.iter().position(|word| word == value),
            number => self.numbers.iter().position(|of_word| *of_word == number),
        }
    }
}

/// A short word as a number that no other word has; 0 for the empty one and those of more than seven bytes.
#[inline]
fn number_of(word: &str) -> u64 {
    if word.len() > 7 {
        return 0;
    }
    word.bytes().fold(word.len() as u64, |number, byte| number << 8 | u64::from(byte))
}

/// What some words stand for.
#[derive(Debug)]
struct WordMap {
    from: Words,
    to: Vec<String>,
}

impl WordMap {
    fn new(map: Vec<(String, String)>) -> Self {
        let (from, to) = map.into_iter().unzip();
        Self { from: Words::new(from), to }
    }

    #[inline]
    fn get(&self, value: &str) -> Option<&str> {
        self.from.find(value).map(|place| self.to[place].as_str())
    }
}

/// Where the values of a record lie in its text, blanks around them included. Fields without column stay empty.
pub(super) struct FieldPlaces {
    starts: [u32; SLOTS],
    ends: [u32; SLOTS],
    /// Whether blanks were met around a value since this was last forgotten.
    blanks_noted: Cell<bool>,
}

impl Default for FieldPlaces {
    fn default() -> Self {
        Self { starts: [0; SLOTS], ends: [0; SLOTS], blanks_noted: Cell::new(false) }
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
        if binding.joins.is_empty() { RowFields::new(text, self, binding) } else { self.with_joins(text, joined, binding) }
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
pub(super) struct ComposedRow {
    text: String,
    places: FieldPlaces,
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
        self.places = FieldPlaces::default();
        for (column, &slot) in binding.slots.iter().enumerate().filter(|(_, slot)| **slot != SKIPPED) {
            let start = self.text.len() as u32;
            self.text.push_str(value(column));
            self.places.put(slot, (start, self.text.len() as u32));
        }
        if let Some(quote) = binding.stripped {
            self.places.strip(self.text.as_bytes(), quote, binding);
        }
        for &(from, to) in &binding.repeats {
            self.places.put(to, self.places.at(from));
        }
        self.places.join(&mut self.text, binding);
        RowFields::new(&self.text, &self.places, binding)
    }
}
