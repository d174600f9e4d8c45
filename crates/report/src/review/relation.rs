//! Relations: rows in memory by named columns, and the operations of lists on them (keep, join, sort).
//!
//! Tables and lists are not known here. The caller that scans a table checks that its columns have the types that are
//! asked for here.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, Date32Array, Decimal128Array, DynComparator, Int32Array,
    Int64Array, PrimitiveArray, RecordBatch, RecordBatchOptions, StringArray, UInt32Array, make_comparator,
};
use arrow::compute::{SortOptions, take_record_batch};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Field, Int32Type, Int64Type, Schema};

/// Number of digits of a decimal, and the number of them behind the point.
#[derive(Clone, Copy)]
pub(super) struct DecimalType {
    precision: u8,
    scale: i8,
}

/// Digits of an amount of one person or clinic, and behind the point.
pub(super) const AMOUNT_TYPE: DecimalType = DecimalType { precision: 18, scale: 2 };
/// Digits of a sum of amounts, and behind the point.
pub(super) const SUM_TYPE: DecimalType = DecimalType { precision: 38, scale: 2 };

/// Rows in memory by named columns.
#[derive(Clone, Debug)]
pub(super) struct Relation(RecordBatch);

/// Columns of one length that become a relation.
#[derive(Debug, Default)]
pub(super) struct Columns {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

/// A column to sort by.
#[derive(Clone, Copy, Debug)]
pub(super) enum SortKey {
    /// Least first, rows without a value last.
    Ascending(&'static str),
    /// Greatest first, rows without a value before them.
    Descending(&'static str),
}

impl Relation {
    /// The rows of a batch.
    pub fn new(batch: RecordBatch) -> Self {
        Self(batch)
    }

    /// The rows as a batch.
    pub fn into_batch(self) -> RecordBatch {
        self.0
    }

    /// The columns, to add others.
    pub fn into_columns(self) -> Columns {
        let (schema, arrays, _rows) = self.0.into_parts();
        Columns { fields: schema.fields().iter().map(|field| field.as_ref().clone()).collect(), arrays }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.0.num_rows()
    }

    /// A column of any type.
    pub fn column(&self, name: &str) -> &ArrayRef {
        self.0.column_by_name(name).unwrap_or_else(|| panic!("invariant: the relation has a column {name}"))
    }

    /// A column of texts.
    pub fn texts(&self, name: &str) -> &StringArray {
        self.column(name).as_string()
    }

    /// A column of whole numbers of 64 bits.
    pub fn numbers(&self, name: &str) -> &Int64Array {
        self.column(name).as_primitive::<Int64Type>()
    }

    /// A column of whole numbers of 32 bits.
    pub fn small_numbers(&self, name: &str) -> &Int32Array {
        self.column(name).as_primitive::<Int32Type>()
    }

    /// A column of dates.
    pub fn dates(&self, name: &str) -> &Date32Array {
        self.column(name).as_primitive::<Date32Type>()
    }

    /// A column of amounts of money, in kopecks.
    pub fn amounts(&self, name: &str) -> &Decimal128Array {
        self.column(name).as_primitive::<Decimal128Type>()
    }

    /// A column of yes and no.
    pub fn flags(&self, name: &str) -> &BooleanArray {
        self.column(name).as_boolean()
    }

    /// The rows for which `is_wanted` says yes, in their order.
    pub fn filtered(&self, is_wanted: impl Fn(usize) -> bool) -> Self {
        self.at(&(0..self.0.num_rows()).filter(|&row| is_wanted(row)).map(|row| Some(row as u32)).collect())
    }

    /// The rows at these indices; a row without values for an absent index.
    pub fn at(&self, rows: &UInt32Array) -> Self {
        Self(take_record_batch(&self.0, rows).expect("invariant: rows are of the relation, and columns may be null"))
    }

    /// The rows of both relations.
    pub fn and(&self, other: &Self) -> Self {
        let both = arrow::compute::concat_batches(self.0.schema_ref(), [&self.0, &other.0]);
        Self(both.expect("invariant: both have the same columns"))
    }

    /// The rows sorted by some columns; rows that are equal in all of them stay in their order.
    pub fn sorted(&self, keys: &[SortKey]) -> Self {
        let comparators: Vec<DynComparator> = keys.iter().map(|key| self.comparator(*key)).collect();
        let mut order: Vec<u32> = (0..self.0.num_rows() as u32).collect();
        order.sort_by(|&row, &other| {
            let mut by_key = comparators.iter().map(|compare| compare(row as usize, other as usize));
            by_key.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        });
        self.at(&UInt32Array::from(order))
    }

    /// Comparison of two rows by one column.
    ///
    /// One comparator instead of `lexsort_to_indices`: the sorts of Arrow, one for each type of a column, are a megabyte of the program.
    fn comparator(&self, key: SortKey) -> DynComparator {
        let (name, descending) = match key {
            SortKey::Ascending(name) => (name, false),
            SortKey::Descending(name) => (name, true),
        };
        let column = self.column(name);
        let options = SortOptions { descending, nulls_first: descending };
        make_comparator(column, column, options).expect("invariant: columns of lists have an order")
    }
}

impl Columns {
    /// Adds a column.
    pub fn with(mut self, name: &str, array: ArrayRef) -> Self {
        self.fields.push(Field::new(name, array.data_type().clone(), true));
        self.arrays.push(array);
        self
    }

    /// Adds columns of a relation under the names that they have there.
    pub fn with_all(self, relation: &Relation, names: &[&str]) -> Self {
        names.iter().fold(self, |columns, name| columns.with(name, Arc::clone(relation.column(name))))
    }

    /// The relation of the columns, which all have the same number of rows.
    pub fn into_relation(self) -> Relation {
        let options = RecordBatchOptions::new().with_row_count(self.arrays.first().map(Array::len));
        let batch = RecordBatch::try_new_with_options(Arc::new(Schema::new(self.fields)), self.arrays, &options);
        Relation(batch.expect("invariant: columns of one length"))
    }
}

/// Pairs of rows of two relations. Row `i` of the joined relation is row `left[i]` of the left one beside row `right[i]` of the right one.
#[derive(Debug)]
pub(super) struct JoinedRows {
    pub left: UInt32Array,
    /// Row of the right relation; none if it has no row with the key.
    pub right: UInt32Array,
}

/// Rows by key; a key may have several.
///
/// `first` holds the first row of each key, and `next[row]` the row after it with the same key: two numbers a row, for
/// keys of any type.
#[derive(Debug)]
pub(super) struct RowIndex<K> {
    first: HashMap<K, u32>,
    next: Vec<Option<u32>>,
}

impl<K: Hash + Eq> RowIndex<K> {
    /// Indexes rows by their keys; rows without a key are found by none.
    pub fn new(keys: impl DoubleEndedIterator<Item = Option<K>> + ExactSizeIterator) -> Self {
        let mut index = Self { first: HashMap::new(), next: vec![None; keys.len()] };
        // From the last row to the first, so that the rows of a key are found in their order.
        for (row, key) in keys.enumerate().rev() {
            if let Some(key) = key {
                index.next[row] = index.first.insert(key, row as u32);
            }
        }
        index
    }

    /// The rows of a key, in their order.
    pub fn rows(&self, key: &K) -> impl Iterator<Item = u32> {
        std::iter::successors(self.first.get(key).copied(), |&row| self.next[row as usize])
    }

    /// Every row of the left relation with each row of its key; rows without a partner stay, with no values beside
    /// them.
    pub fn left_join(&self, keys: impl Iterator<Item = Option<K>>) -> JoinedRows {
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for (row, key) in keys.enumerate() {
            let before = right.len();
            right.extend(key.iter().flat_map(|key| self.rows(key)).map(Some));
            if right.len() == before {
                right.push(None);
            }
            left.resize(right.len(), row as u32);
        }
        JoinedRows { left: left.into(), right: right.into() }
    }
}

/// One text in every row.
pub(super) fn same_text(text: &str, rows: usize) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, rows)))
}

/// Amounts of money from kopecks.
pub(super) fn amounts(kopecks: impl Iterator<Item = Option<i128>>) -> ArrayRef {
    decimals(kopecks, AMOUNT_TYPE)
}

/// Decimals from their digits.
pub(super) fn decimals(digits: impl Iterator<Item = Option<i128>>, decimal_type: DecimalType) -> ArrayRef {
    let typed = digits.collect::<Decimal128Array>().with_precision_and_scale(decimal_type.precision, decimal_type.scale);
    Arc::new(typed.expect("invariant: a scale within the precision"))
}

/// Sum of the amounts over all rows with the key of the row, for each row; none when no row of the key has an amount.
pub(super) fn sums_over<K: Hash + Eq>(keys: impl Iterator<Item = K> + Clone, amounts: &Decimal128Array) -> ArrayRef {
    let mut sums: HashMap<K, Option<i128>> = HashMap::new();
    for (key, amount) in keys.clone().zip(amounts) {
        let sum = sums.entry(key).or_default();
        *sum = sum.map_or(amount, |sum| Some(sum + amount.unwrap_or(0)));
    }
    decimals(keys.map(|key| sums[&key]), SUM_TYPE)
}

/// The values of a column; a missing value is replaced by that of the other column.
pub(super) fn first_known(column: &ArrayRef, other: &ArrayRef) -> ArrayRef {
    match column.data_type() {
        DataType::Utf8 => {
            let texts = column.as_string::<i32>().iter().zip(other.as_string::<i32>());
            Arc::new(texts.map(|(text, other)| text.or(other)).collect::<StringArray>())
        }
        DataType::Date32 => first_known_number::<Date32Type>(column, other),
        DataType::Int64 => first_known_number::<Int64Type>(column, other),
        other_type => panic!("invariant: columns of {other_type} always have values"),
    }
}

fn first_known_number<T: ArrowPrimitiveType>(column: &ArrayRef, other: &ArrayRef) -> ArrayRef {
    let values = column.as_primitive::<T>().iter().zip(other.as_primitive::<T>());
    Arc::new(values.map(|(value, other)| value.or(other)).collect::<PrimitiveArray<T>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation() -> Relation {
        let letters = StringArray::from(vec![Some("b"), None, Some("a"), Some("b")]);
        let numbers = Int64Array::from(vec![Some(1), Some(2), None, Some(3)]);
        Columns::default().with("letter", Arc::new(letters)).with("number", Arc::new(numbers)).into_relation()
    }

    fn numbers(relation: &Relation) -> Vec<Option<i64>> {
        relation.numbers("number").iter().collect()
    }

    #[test]
    fn rows_without_a_value_are_last_in_rising_and_first_in_falling_order() {
        let rising = relation().sorted(&[SortKey::Ascending("letter"), SortKey::Descending("number")]);
        assert_eq!(numbers(&rising), [None, Some(3), Some(1), Some(2)]);
        assert_eq!(numbers(&relation().sorted(&[SortKey::Descending("number")])), [None, Some(3), Some(2), Some(1)]);
        let equal = relation().sorted(&[SortKey::Descending("letter")]);
        assert_eq!(numbers(&equal), [Some(2), Some(1), Some(3), None], "equal rows stay in their order");
    }

    #[test]
    fn a_left_join_keeps_rows_without_a_partner_and_repeats_those_with_several() {
        let right = relation();
        let index = RowIndex::new(right.texts("letter").iter());
        let joined = index.left_join([Some("b"), None, Some("c"), Some("a")].into_iter());
        assert_eq!(joined.left.values().to_vec(), [0, 0, 1, 2, 3]);
        assert_eq!(joined.right.iter().collect::<Vec<_>>(), [Some(0), Some(3), None, None, Some(2)]);
        assert_eq!(numbers(&right.at(&joined.right)), [Some(1), Some(3), None, None, None]);
    }

    #[test]
    fn a_sum_over_rows_without_amounts_is_none() {
        let amounts = amounts([Some(5), None, Some(7), None].into_iter());
        let sums = sums_over(["a", "b", "a", "a"].into_iter(), amounts.as_primitive::<Decimal128Type>());
        assert_eq!(sums.as_primitive::<Decimal128Type>().iter().collect::<Vec<_>>(), [Some(12), None, Some(12), Some(12)]);
    }

    #[test]
    fn rows_of_two_relations_and_some_of_them() {
        let both = relation().and(&relation().filtered(|row| row > 1));
        assert_eq!(numbers(&both), [Some(1), Some(2), None, Some(3), None, Some(3)]);
        let other = StringArray::from(vec!["x"; 4]);
        let known = first_known(relation().column("letter"), &(Arc::new(other) as ArrayRef));
        assert_eq!(known.as_string::<i32>().iter().flatten().collect::<Vec<_>>(), ["b", "x", "a", "b"]);
    }
}
