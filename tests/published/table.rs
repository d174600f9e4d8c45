//! A table as text: the form in which outputs are compared with statements, golden files and other implementations.
//!
//! Dates are ISO, decimals have the digits of their scale, elements of a list are joined by commas, bytes that are no printable UTF-8 are
//! written `\xNN`. A null is `None`; within a list it is empty.

use std::fmt::Write;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int32Type, Int64Type};
use sverka_publish::OutputTable;

/// All rows of a table in the order in which they were published.
pub struct TextTable {
    /// Names of the columns.
    pub columns: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
}

/// One row of a [`TextTable`].
#[derive(Clone, Copy)]
pub struct TextRow<'t> {
    columns: &'t [String],
    values: &'t [Option<String>],
}

impl TextTable {
    /// The rows of the batches of a table.
    pub fn from_batches(table: OutputTable, batches: &[RecordBatch]) -> Self {
        let columns = table.spec().schema.fields().iter().map(|field| field.name().clone()).collect();
        Self { columns, rows: rows_as_text(batches) }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = TextRow<'_>> {
        self.rows.iter().map(|values| TextRow { columns: &self.columns, values })
    }
}

impl<'t> TextRow<'t> {
    /// A value, or `None` when it is null.
    #[track_caller]
    pub fn get(&self, column: &str) -> Option<&'t str> {
        let index = self.columns.iter().position(|name| name == column);
        self.values[index.unwrap_or_else(|| panic!("the table has no column {column}"))].as_deref()
    }

    /// A value, empty when it is null.
    #[track_caller]
    pub fn text(&self, column: &str) -> &'t str {
        self.get(column).unwrap_or("")
    }

    /// A whole number.
    #[track_caller]
    pub fn number(&self, column: &str) -> i64 {
        self.text(column).parse().unwrap_or_else(|_| panic!("{column} is no number"))
    }

    /// The elements of a list.
    #[track_caller]
    pub fn list(&self, column: &str) -> Vec<&'t str> {
        self.get(column).map_or_else(Vec::new, |joined| joined.split(',').collect())
    }

    /// All values, in the order of the columns.
    pub fn values(&self) -> &'t [Option<String>] {
        self.values
    }
}

/// The values of all rows of the batches, in the order of their columns.
pub fn rows_as_text(batches: &[RecordBatch]) -> Vec<Vec<Option<String>>> {
    let mut rows = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for batch in batches {
        for row in 0..batch.num_rows() {
            rows.push(batch.columns().iter().map(|column| value(column, row)).collect());
        }
    }
    rows
}

fn value(column: &dyn Array, row: usize) -> Option<String> {
    if column.is_null(row) {
        return None;
    }
    Some(match column.data_type() {
        DataType::Int32 => column.as_primitive::<Int32Type>().value(row).to_string(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        DataType::Date32 => date(column.as_primitive::<Date32Type>().value(row)),
        DataType::Decimal128(..) => column.as_primitive::<Decimal128Type>().value_as_string(row),
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::Binary => escaped(column.as_binary::<i32>().value(row)),
        DataType::List(_) => {
            let elements = column.as_list::<i32>().value(row);
            let texts: Vec<String> = (0..elements.len()).map(|index| value(&elements, index).unwrap_or_default()).collect();
            texts.join(",")
        }
        other => panic!("no text form for {other}"),
    })
}

fn date(days: i32) -> String {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.checked_add(jiff::Span::new().days(days)).expect("a date of the calendar").to_string()
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char {
                '\\' => text.push_str("\\\\"),
                control if control.is_control() => write!(text, "\\x{:02X}", u32::from(control)).expect("text grows"),
                other => text.push(other),
            }
        }
        for byte in chunk.invalid() {
            write!(text, "\\x{byte:02X}").expect("text grows");
        }
    }
    text
}
