//! Synthetic rows for any table, sorted by its key.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Int32Array, Int64Array, Int64Builder, ListBuilder,
    RecordBatch, StringArray, StringBuilder,
};
use arrow::datatypes::{DataType, Field};

/// Rows `from..to` of an endless table. Nullable columns are null in every third row; a nullable first column only in row 0.
pub fn batch(schema: &arrow::datatypes::SchemaRef, from: i64, to: i64) -> RecordBatch {
    let columns = schema.fields().iter().enumerate();
    let columns = columns.map(|(position, field)| column(field, position == 0, from, to)).collect();
    RecordBatch::try_new(Arc::clone(schema), columns).expect("columns as the schema says")
}

fn column(field: &Field, first: bool, from: i64, to: i64) -> ArrayRef {
    let null = |row: i64| field.is_nullable() && if first { row == 0 } else { row % 3 == 1 };
    let numbers = || (from..to).map(|row| (!null(row)).then_some(row));
    match field.data_type() {
        DataType::Int64 => Arc::new(Int64Array::from_iter(numbers())),
        DataType::Int32 => Arc::new(Int32Array::from_iter(numbers().map(|row| row.map(|row| row as i32)))),
        DataType::Date32 => Arc::new(Date32Array::from_iter(numbers().map(|row| row.map(|row| 20_000 + row as i32)))),
        DataType::Boolean => Arc::new(BooleanArray::from_iter(numbers().map(|row| row.map(|row| row % 2 == 0)))),
        DataType::Utf8 => Arc::new(StringArray::from_iter(numbers().map(|row| row.map(|row| format!("ё{row:08}"))))),
        DataType::Binary => Arc::new(BinaryArray::from_iter(numbers().map(|row| row.map(|row| vec![0xFF, row as u8])))),
        DataType::Decimal128(precision, scale) => {
            let unit = 10_i128.pow(scale.unsigned_abs().into());
            let values = Decimal128Array::from_iter(numbers().map(|row| row.map(|row| i128::from(row) * unit + 1)));
            Arc::new(values.with_precision_and_scale(*precision, *scale).expect("decimal"))
        }
        DataType::List(element) if *element.data_type() == DataType::Utf8 => {
            let mut list = ListBuilder::new(StringBuilder::new()).with_field(Arc::clone(element));
            for row in from..to {
                let second = (!element.is_nullable()).then(|| format!("r{row}"));
                list.append_value([Some("source/a.csv".to_owned()), second]);
            }
            Arc::new(list.finish())
        }
        DataType::List(element) => {
            let mut list = ListBuilder::new(Int64Builder::new()).with_field(Arc::clone(element));
            (from..to).for_each(|row| list.append_value([Some(row), Some(row + 1)]));
            Arc::new(list.finish())
        }
        other => panic!("no sample of {other}"),
    }
}
