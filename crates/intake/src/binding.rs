//! What the columns of one file mean for one of the records that its rows give: the layout applied to its header.

mod full_name;
mod places;
#[cfg(test)]
mod tests;

pub use places::RowDoubts;
pub(super) use places::{ComposedRow, FieldPlaces};

use super::fields::RowFields;
use super::layout::{FieldLayout, Layout, OneDate, RecordLayout};
use sverka_model::DateFormat;
use sverka_model::{Field, Table};

/// Slots for the places of values: one for each field, some for columns that are parts of fields, and one for all columns that are skipped.
const SLOTS: usize = 64;
const FIRST_PART: usize = 44;
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
    /// The parts of a full name, by their order in it: whether each is taken from the column of the full name.
    split: [bool; 3],
    /// Fields of a date that is a start or an end, as the action of the row says.
    one_date: Option<OneDate>,
    /// The quote that is taken off values.
    stripped: Option<u8>,
    /// Whether a row may lack a surname or a given name.
    missing_names: bool,
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
            split: FieldLayout::NAMES.map(|name| record.fields.iter().any(|of| of.field == name && of.is_split)),
            one_date: record.one_date(),
            stripped: layout.delimited().and_then(|delimited| delimited.quotes.stripped()),
            missing_names: layout.missing_names,
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

    /// Whether a row may lack a surname or a given name: the source has no sign for people who have one name alone.
    #[inline]
    pub(super) fn may_miss_names(&self) -> bool {
        self.missing_names
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
        self.stripped.is_none() && self.repeats.is_empty() && self.joins.is_empty() && self.when.is_empty() && !self.takes_apart()
    }

    /// Whether what a column says is taken apart row by row.
    #[inline]
    fn takes_apart(&self) -> bool {
        self.split != [false; 3] || self.one_date.is_some()
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
