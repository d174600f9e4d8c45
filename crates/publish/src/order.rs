//! Check that rows are sorted by the key of their table: null before every value, texts by their bytes.

use std::cmp::Ordering;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Int32Array, Int64Array, StringArray,
    UInt32Array,
};
use arrow::datatypes::{DataType, UInt32Type};

/// Column of a key.
enum KeyColumn<'b> {
    Int32(&'b Int32Array),
    Date(&'b Date32Array),
    Int64(&'b Int64Array),
    Bool(&'b BooleanArray),
    Decimal(&'b Decimal128Array),
    Text(&'b StringArray),
    Bytes(&'b BinaryArray),
    /// Texts as keys into a dictionary.
    Dictionary(&'b UInt32Array, &'b StringArray),
}

/// Value of one column of a key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum KeyValue {
    Null,
    Bool(bool),
    Number(i128),
    Text(Box<[u8]>),
}

/// Key of one row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(Vec<KeyValue>);

/// Keys of the rows of one batch.
pub(super) struct Keys<'b> {
    rows: usize,
    columns: Vec<KeyColumn<'b>>,
}

impl<'b> Keys<'b> {
    /// Keys of a batch from its key columns; an error names a type that no key has.
    pub fn from_columns(rows: usize, columns: impl Iterator<Item = &'b ArrayRef>) -> Result<Self, String> {
        Ok(Self { rows, columns: columns.map(KeyColumn::from_array).collect::<Result<_, _>>()? })
    }

    /// Key of a row.
    pub fn key(&self, row: usize) -> Key {
        Key(self.columns.iter().map(|column| column.value(row)).collect())
    }

    /// First row with a smaller key than the row before it.
    pub fn first_out_of_order(&self) -> Option<usize> {
        let falls = |row: usize| self.columns.iter().map(|column| column.compare(row - 1, row)).find(|order| order.is_ne());
        let (first, _) = self.columns.split_first()?;
        // If the first column rises, the other columns do not matter. The loop over the most common key type has no
        // branches.
        match first {
            KeyColumn::Int64(first) if first.null_count() == 0 => {
                let values = first.values();
                if values.windows(2).fold(true, |rising, pair| rising & (pair[0] < pair[1])) {
                    return None;
                }
                (1..self.rows).find(|&row| values[row - 1] >= values[row] && falls(row) == Some(Ordering::Greater))
            }
            _ => (1..self.rows).find(|&row| falls(row) == Some(Ordering::Greater)),
        }
    }
}

impl<'b> KeyColumn<'b> {
    fn from_array(column: &'b ArrayRef) -> Result<Self, String> {
        let unknown = || format!("no key has columns of {}", column.data_type());
        Ok(match column.data_type() {
            DataType::Int32 => Self::Int32(column.as_primitive()),
            DataType::Date32 => Self::Date(column.as_primitive()),
            DataType::Int64 => Self::Int64(column.as_primitive()),
            DataType::Boolean => Self::Bool(column.as_boolean()),
            DataType::Decimal128(_, _) => Self::Decimal(column.as_primitive()),
            DataType::Utf8 => Self::Text(column.as_string()),
            DataType::Binary => Self::Bytes(column.as_binary()),
            DataType::Dictionary(_, _) => {
                let array = column.as_dictionary_opt::<UInt32Type>().ok_or_else(unknown)?;
                Self::Dictionary(array.keys(), array.values().as_string_opt().ok_or_else(unknown)?)
            }
            _ => return Err(unknown()),
        })
    }

    fn array(&self) -> &dyn Array {
        match self {
            Self::Int32(array) => array,
            Self::Date(array) => array,
            Self::Int64(array) => array,
            Self::Bool(array) => array,
            Self::Decimal(array) => array,
            Self::Text(array) => array,
            Self::Bytes(array) => array,
            Self::Dictionary(array, _) => array,
        }
    }

    fn compare(&self, before: usize, row: usize) -> Ordering {
        let nulls = self.array().nulls().filter(|nulls| nulls.null_count() > 0);
        match nulls.map(|nulls| (nulls.is_valid(before), nulls.is_valid(row))) {
            None | Some((true, true)) => {}
            Some((before, row)) => return before.cmp(&row),
        }
        match self {
            Self::Int32(array) => array.value(before).cmp(&array.value(row)),
            Self::Date(array) => array.value(before).cmp(&array.value(row)),
            Self::Int64(array) => array.value(before).cmp(&array.value(row)),
            Self::Bool(array) => array.value(before).cmp(&array.value(row)),
            Self::Decimal(array) => array.value(before).cmp(&array.value(row)),
            Self::Text(array) => array.value(before).cmp(array.value(row)),
            Self::Bytes(array) => array.value(before).cmp(array.value(row)),
            Self::Dictionary(keys, texts) => match (keys.value(before), keys.value(row)) {
                (before, row) if before == row => Ordering::Equal,
                (before, row) => texts.value(before as usize).cmp(texts.value(row as usize)),
            },
        }
    }

    fn value(&self, row: usize) -> KeyValue {
        if self.array().is_null(row) {
            return KeyValue::Null;
        }
        match self {
            Self::Int32(array) => KeyValue::Number(array.value(row).into()),
            Self::Date(array) => KeyValue::Number(array.value(row).into()),
            Self::Int64(array) => KeyValue::Number(array.value(row).into()),
            Self::Bool(array) => KeyValue::Bool(array.value(row)),
            Self::Decimal(array) => KeyValue::Number(array.value(row)),
            Self::Text(array) => KeyValue::Text(array.value(row).as_bytes().into()),
            Self::Bytes(array) => KeyValue::Text(array.value(row).into()),
            Self::Dictionary(keys, texts) => KeyValue::Text(texts.value(keys.value(row) as usize).as_bytes().into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::DictionaryArray;

    use super::*;

    fn first_out_of_order(columns: &[ArrayRef]) -> Option<usize> {
        Keys::from_columns(columns[0].len(), columns.iter()).expect("types of keys").first_out_of_order()
    }

    fn numbers(values: &[i64]) -> ArrayRef {
        Arc::new(Int64Array::from(values.to_vec()))
    }

    #[test]
    fn a_later_column_decides_among_equal_ones() {
        let first = numbers(&[1, 2, 2, 3]);
        for (second, expected) in [([9, 1, 1, 0], None), ([9, 1, 0, 0], Some(2))] {
            assert_eq!(first_out_of_order(&[first.clone(), numbers(&second)]), expected);
        }
        assert_eq!(first_out_of_order(&[numbers(&[1, 3, 2, 1])]), Some(2));
        assert_eq!(first_out_of_order(&[numbers(&[])]), None);
    }

    #[test]
    fn nulls_come_first() {
        let column = |values: Vec<Option<i32>>| -> ArrayRef { Arc::new(Int32Array::from(values)) };
        assert_eq!(first_out_of_order(&[column(vec![None, None, Some(-1), Some(0)])]), None);
        assert_eq!(first_out_of_order(&[column(vec![None, Some(-1), None])]), Some(2));
    }

    #[test]
    fn words_are_ordered_by_their_texts() {
        let words: ArrayRef = Arc::new(StringArray::from(vec!["b", "a", "я"]));
        let column = |keys: Vec<Option<u32>>| -> ArrayRef {
            Arc::new(DictionaryArray::<UInt32Type>::new(UInt32Array::from(keys), words.clone()))
        };
        assert_eq!(first_out_of_order(&[column(vec![None, Some(1), Some(0), Some(0), Some(2)])]), None);
        assert_eq!(first_out_of_order(&[column(vec![Some(0), Some(1)])]), Some(1));
        let key = |keys: Vec<Option<u32>>| Keys::from_columns(1, [column(keys)].iter()).expect("a key").key(0);
        let text: ArrayRef = Arc::new(StringArray::from(vec!["b"]));
        assert_eq!(key(vec![Some(0)]), Keys::from_columns(1, [text].iter()).expect("a key").key(0));
        assert!(key(vec![None]) < key(vec![Some(1)]) && key(vec![Some(1)]) < key(vec![Some(0)]));
    }
}
