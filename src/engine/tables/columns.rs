//! Columns under construction: plain vectors that become Arrow arrays without a second pass over the values.

use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, ArrowPrimitiveType, BooleanArray, DictionaryArray, ListArray, PrimitiveArray, StringArray, UInt32Array,
};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{FieldRef, UInt32Type};

/// Column of numbers. One value that does not occur stands for null.
pub(super) struct NumberColumn<T: ArrowPrimitiveType> {
    values: Vec<T::Native>,
    absent: T::Native,
    any_absent: bool,
}

impl<T: ArrowPrimitiveType> NumberColumn<T> {
    /// An empty column with room for `rows`; `absent` stands for null.
    pub fn with_capacity(rows: usize, absent: T::Native) -> Self {
        Self { values: Vec::with_capacity(rows), absent, any_absent: false }
    }

    #[inline]
    pub fn push(&mut self, value: T::Native) {
        self.any_absent |= value == self.absent;
        self.values.push(value);
    }

    #[inline]
    pub fn push_option(&mut self, value: Option<T::Native>) {
        self.push(value.unwrap_or(self.absent));
    }

    pub fn finish(self) -> ArrayRef {
        let Self { values, absent, any_absent } = self;
        let nulls = any_absent.then(|| nulls(values.len(), |row| values[row] != absent));
        Arc::new(PrimitiveArray::<T>::new(ScalarBuffer::from(values), nulls))
    }
}

/// Column of booleans with nulls.
#[derive(Default)]
pub(super) struct BoolColumn {
    values: Vec<Option<bool>>,
}

impl BoolColumn {
    pub fn with_capacity(rows: usize) -> Self {
        Self { values: Vec::with_capacity(rows) }
    }

    #[inline]
    pub fn push(&mut self, value: Option<bool>) {
        self.values.push(value);
    }

    pub fn finish(self) -> ArrayRef {
        let Self { values } = self;
        let bits = BooleanBuffer::collect_bool(values.len(), |row| values[row] == Some(true));
        let any_absent = values.contains(&None);
        Arc::new(BooleanArray::new(bits, any_absent.then(|| nulls(values.len(), |row| values[row].is_some()))))
    }
}

/// Column of texts that occur often: keys into a dictionary that all row groups share.
pub(super) struct DictionaryColumn {
    keys: Vec<u32>,
    any_absent: bool,
}

/// Key that stands for null.
const ABSENT: u32 = u32::MAX;

impl DictionaryColumn {
    pub fn with_capacity(rows: usize) -> Self {
        Self { keys: Vec::with_capacity(rows), any_absent: false }
    }

    #[inline]
    pub fn push(&mut self, key: u32) {
        self.keys.push(key);
    }

    #[inline]
    pub fn push_option(&mut self, key: Option<u32>) {
        self.any_absent |= key.is_none();
        self.keys.push(key.unwrap_or(ABSENT));
    }

    /// Arrow array; `texts` is the dictionary.
    pub fn finish(self, texts: &ArrayRef) -> ArrayRef {
        let Self { mut keys, any_absent } = self;
        let nulls = any_absent.then(|| nulls(keys.len(), |row| keys[row] != ABSENT));
        if any_absent {
            keys.iter_mut().filter(|key| **key == ABSENT).for_each(|key| *key = 0);
        }
        let array = DictionaryArray::<UInt32Type>::try_new(UInt32Array::new(ScalarBuffer::from(keys), nulls), Arc::clone(texts));
        Arc::new(array.expect("invariant: a key has a text"))
    }
}

/// Column of texts that differ from row to row.
pub(super) struct TextColumn {
    /// Bytes of all texts.
    bytes: Vec<u8>,
    /// Start of the first text, then the end of each.
    ends: Vec<i32>,
    /// Rows that are null.
    absent: Vec<u32>,
}

impl TextColumn {
    /// An empty column with room for `rows` of about `bytes` each.
    pub fn with_capacity(rows: usize, bytes: usize) -> Self {
        let mut ends = Vec::with_capacity(rows + 1);
        ends.push(0);
        Self { bytes: Vec::with_capacity(rows * bytes), ends, absent: Vec::new() }
    }

    /// Adds a text; an empty one is null. All rows are checked for UTF-8 at once, at the end.
    #[inline]
    pub fn push_or_null(&mut self, text: &[u8]) {
        if text.is_empty() {
            self.absent.push(self.ends.len() as u32 - 1);
        }
        self.bytes.extend_from_slice(text);
        self.end();
    }

    /// Adds a number with leading zeros; 0 is null.
    #[inline]
    pub fn push_digits<const WIDTH: usize>(&mut self, number: u64) {
        if number == 0 {
            self.absent.push(self.ends.len() as u32 - 1);
        } else {
            self.bytes.extend_from_slice(&digits::<WIDTH>(number));
        }
        self.end();
    }

    #[inline]
    fn end(&mut self) {
        let end = i32::try_from(self.bytes.len()).expect("invariant: the texts of a column of a row group stay below 2 GiB");
        self.ends.push(end);
    }

    pub fn finish(self) -> ArrayRef {
        let Self { bytes, ends, absent } = self;
        let rows = ends.len() - 1;
        let nulls = (!absent.is_empty()).then(|| {
            let mut valid = vec![true; rows];
            absent.iter().for_each(|&row| valid[row as usize] = false);
            NullBuffer::from(valid)
        });
        let offsets = OffsetBuffer::new(ScalarBuffer::from(ends));
        let array = StringArray::try_new(offsets, Buffer::from_vec(bytes), nulls);
        Arc::new(array.expect("invariant: texts are texts"))
    }
}

/// Offsets of a list column: start of the first list, then the end of each.
pub(super) struct ListEnds(Vec<i32>);

impl ListEnds {
    pub fn with_capacity(rows: usize) -> Self {
        let mut ends = Vec::with_capacity(rows + 1);
        ends.push(0);
        Self(ends)
    }

    /// Ends a list; `elements` is the number of elements of all lists so far.
    #[inline]
    pub fn push(&mut self, elements: usize) {
        self.0.push(i32::try_from(elements).expect("invariant: the elements of a row group stay below 2^31"));
    }

    pub fn finish(self) -> OffsetBuffer<i32> {
        OffsetBuffer::new(ScalarBuffer::from(self.0))
    }
}

/// Arrow array of lists.
pub(super) fn lists(field: FieldRef, ends: &OffsetBuffer<i32>, elements: ArrayRef) -> ArrayRef {
    debug_assert_eq!(ends.last().copied(), Some(elements.len() as i32));
    Arc::new(ListArray::new(field, ends.clone(), elements, None))
}

fn nulls(rows: usize, valid: impl Fn(usize) -> bool) -> NullBuffer {
    NullBuffer::new(BooleanBuffer::collect_bool(rows, valid))
}

/// Digits of a number with leading zeros. Upper digits that do not fit are cut off.
#[inline]
fn digits<const WIDTH: usize>(number: u64) -> [u8; WIDTH] {
    const PAIRS: [[u8; 2]; 100] = {
        let mut pairs = [[0; 2]; 100];
        let mut pair = 0;
        while pair < 100 {
            pairs[pair] = [b'0' + (pair / 10) as u8, b'0' + (pair % 10) as u8];
            pair += 1;
        }
        pairs
    };
    let mut digits = [b'0'; WIDTH];
    let mut rest = number;
    let mut at = WIDTH;
    while at >= 2 {
        at -= 2;
        digits[at..at + 2].copy_from_slice(&PAIRS[(rest % 100) as usize]);
        rest /= 100;
    }
    if at == 1 {
        digits[0] = b'0' + (rest % 10) as u8;
    }
    digits
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray as _;
    use arrow::datatypes::Int32Type;

    use super::*;

    #[test]
    fn digits_have_leading_zeros() {
        assert_eq!(&digits::<16>(12_345_678_901), b"0000012345678901");
        assert_eq!(&digits::<11>(98_765_432_109), b"98765432109");
        assert_eq!(&digits::<11>(7), b"00000000007");
    }

    #[test]
    fn absent_values_are_null() {
        let mut numbers = NumberColumn::<Int32Type>::with_capacity(2, i32::MAX);
        numbers.push(5);
        numbers.push_option(None);
        assert_eq!(numbers.finish().as_primitive::<Int32Type>().iter().collect::<Vec<_>>(), [Some(5), None]);
        let mut texts = TextColumn::with_capacity(3, 4);
        texts.push_or_null(b"a");
        texts.push_or_null(b"");
        texts.push_digits::<3>(7);
        texts.push_digits::<3>(0);
        let texts = texts.finish();
        assert_eq!(texts.as_string::<i32>().iter().collect::<Vec<_>>(), [Some("a"), None, Some("007"), None]);
        let mut bools = BoolColumn::with_capacity(2);
        bools.push(Some(true));
        bools.push(None);
        assert_eq!(bools.finish().as_boolean().iter().collect::<Vec<_>>(), [Some(true), None]);
        let mut words = DictionaryColumn::with_capacity(2);
        words.push(1);
        words.push_option(None);
        let words = words.finish(&(Arc::new(StringArray::from(vec!["x", "y"])) as ArrayRef));
        let words = words.as_dictionary::<UInt32Type>();
        assert_eq!(words.downcast_dict::<StringArray>().expect("texts").into_iter().collect::<Vec<_>>(), [Some("y"), None]);
    }

    #[test]
    fn columns_without_absent_values_have_no_nulls() {
        let mut numbers = NumberColumn::<Int32Type>::with_capacity(1, i32::MAX);
        numbers.push(1);
        assert!(numbers.finish().nulls().is_none());
    }
}
