//! Rows that a search found, with columns by name.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int32Type, Int64Type};

use sverka_model::Date;

/// Rows that were found, in the order of the table.
#[derive(Debug, Default)]
pub struct Rows(pub(super) Vec<RecordBatch>);

/// Row of a table. A column that the table lacks, or that has another type, reads as null.
#[derive(Clone, Copy, Debug)]
pub struct Row<'r> {
    pub(super) batch: &'r RecordBatch,
    pub(super) row: usize,
}

impl Rows {
    /// The rows as batches, in their order.
    #[must_use]
    pub fn into_batches(self) -> Vec<RecordBatch> {
        self.0
    }

    /// Iterator over the rows.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        self.0.iter().flat_map(|batch| (0..batch.num_rows()).map(move |row| Row { batch, row }))
    }
}

impl<'r> Row<'r> {
    /// Iterator over the rows of a batch.
    pub fn all_of(batch: &'r RecordBatch) -> impl Iterator<Item = Self> {
        (0..batch.num_rows()).map(move |row| Row { batch, row })
    }

    /// Array of a column; `None` when the value of the row is null.
    fn column(self, column: &str) -> Option<&'r dyn Array> {
        let array = self.batch.column_by_name(column)?;
        array.is_valid(self.row).then_some(array.as_ref())
    }

    /// Text.
    #[must_use]
    pub fn text(self, column: &str) -> Option<&'r str> {
        Some(self.column(column)?.as_string_opt::<i32>()?.value(self.row))
    }

    /// Whole number.
    #[must_use]
    pub fn number(self, column: &str) -> Option<i64> {
        let array = self.column(column)?;
        match array.data_type() {
            DataType::Int32 => Some(array.as_primitive::<Int32Type>().value(self.row).into()),
            DataType::Int64 => Some(array.as_primitive::<Int64Type>().value(self.row)),
            _ => None,
        }
    }

    /// Date.
    #[must_use]
    pub fn date(self, column: &str) -> Option<Date> {
        Some(Date::from_days(self.column(column)?.as_primitive_opt::<Date32Type>()?.value(self.row)))
    }

    /// Yes or no; no when it is null.
    #[must_use]
    pub fn is_true(self, column: &str) -> bool {
        self.column(column).and_then(AsArray::as_boolean_opt).is_some_and(|array| array.value(self.row))
    }

    /// Decimal number with the digits of its scale.
    #[must_use]
    pub fn decimal(self, column: &str) -> Option<String> {
        Some(self.column(column)?.as_primitive_opt::<Decimal128Type>()?.value_as_string(self.row))
    }

    /// Numbers of a list.
    #[must_use]
    pub fn numbers(self, column: &str) -> Vec<i64> {
        let list = self.column(column).and_then(AsArray::as_list_opt::<i32>).map(|list| list.value(self.row));
        let numbers = list.as_ref().and_then(|list| list.as_primitive_opt::<Int64Type>());
        numbers.map_or_else(Vec::new, |numbers| numbers.values().to_vec())
    }

    /// Texts of a list.
    #[must_use]
    pub fn texts(self, column: &str) -> Vec<Option<String>> {
        let list = self.column(column).and_then(AsArray::as_list_opt::<i32>).map(|list| list.value(self.row));
        let texts = list.as_ref().and_then(|list| list.as_string_opt::<i32>());
        texts.map_or_else(Vec::new, |texts| texts.iter().map(|text| text.map(str::to_owned)).collect())
    }

    /// Whether a list of numbers holds a number.
    #[must_use]
    pub fn list_holds(self, numbers: &str, number: i64) -> bool {
        let Some(list) = self.column(numbers).and_then(AsArray::as_list_opt::<i32>) else { return false };
        let ends = list.value_offsets();
        let elements = ends[self.row] as usize..ends[self.row + 1] as usize;
        list.values().as_primitive_opt::<Int64Type>().is_some_and(|values| values.values()[elements].contains(&number))
    }

    /// Whether two parallel lists, one of texts and one of numbers, hold a text and a number at the same index.
    #[must_use]
    pub fn lists_hold_pair(self, texts: &str, numbers: &str, text: &str, number: i64) -> bool {
        let list = |column| self.column(column).and_then(AsArray::as_list_opt::<i32>);
        let (Some(texts), Some(numbers)) = (list(texts), list(numbers)) else { return false };
        let ends = numbers.value_offsets();
        let (from, to) = (ends[self.row] as usize, ends[self.row + 1] as usize);
        let Some(values) = numbers.values().as_primitive_opt::<Int64Type>().map(|values| values.values()) else { return false };
        let first = texts.value_offsets()[self.row] as usize;
        let is_text =
            |at: usize| texts.values().as_string_opt::<i32>().is_some_and(|texts| texts.value(first + at - from) == text);
        (from..to).any(|at| values[at] == number && is_text(at))
    }
}
