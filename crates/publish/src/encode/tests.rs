//! Round trips: encoded columns, read back with the reader of the `parquet` crate.

use std::sync::Arc;

use arrow::array::{
    Array, BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Int32Array, Int64Array, ListArray,
    RecordBatch, StringArray, UInt32Array,
};
use arrow::buffer::OffsetBuffer;
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Schema, UInt32Type};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::{FileMetaData, ParquetMetaData, ParquetMetaDataWriter, RowGroupMetaData};
use proptest::prelude::*;

use super::*;

/// Encodes one column and reads it back as `data_type`. Returns the encoded bytes and the column.
fn round_trip(column: &ArrayRef, data_type: &DataType, nullable: bool, by_dictionary: bool) -> (Vec<u8>, ArrayRef) {
    let schema = Schema::new(vec![Field::new("column", data_type.clone(), nullable)]);
    let descriptor = Arc::new(ArrowSchemaConverter::new().convert(&schema).expect("schema"));
    let group = encode(std::slice::from_ref(column), &descriptor, &[by_dictionary]).expect("encode");
    let rows = column.len() as i64;
    let builder = RowGroupMetaData::builder(Arc::clone(&descriptor)).set_num_rows(rows);
    let row_group = builder.set_column_metadata(group.columns).build().expect("row group");
    let file = FileMetaData::new(1, rows, None, None, descriptor, None);
    let mut bytes = group.bytes;
    ParquetMetaDataWriter::new(&mut bytes, &ParquetMetaData::new(file, vec![row_group])).finish().expect("footer");
    let options = parquet::arrow::arrow_reader::ArrowReaderOptions::new().with_schema(Arc::new(schema));
    let file = tempfile(&bytes);
    let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).expect("a Parquet file");
    let schema = Arc::clone(reader.schema());
    let batches: Vec<RecordBatch> = reader.build().expect("a reader").map(|batch| batch.expect("rows")).collect();
    (bytes, Arc::clone(concat_batches(&schema, &batches).expect("batches").column(0)))
}

fn tempfile(bytes: &[u8]) -> std::fs::File {
    use std::io::Write;
    let mut file = tempfile::tempfile().expect("temporary file");
    file.write_all(bytes).expect("written");
    file
}

fn comes_back(column: ArrayRef, by_dictionary: bool) {
    for nullable in [true, false] {
        if nullable || column.null_count() == 0 {
            let (_, found) = round_trip(&column, column.data_type(), nullable, by_dictionary);
            assert_eq!(&found, &column);
        }
    }
}

/// Texts as dictionary keys, in an order of keys unrelated to the rows.
fn as_dictionary(texts: &StringArray) -> ArrayRef {
    let mut words: Vec<&str> = texts.iter().flatten().chain(["никто", ""]).collect();
    words.sort_unstable_by(|one, other| other.cmp(one));
    words.dedup();
    let number = |text: &str| words.iter().position(|word| *word == text).map(|number| number as u32);
    let keys: UInt32Array = texts.iter().map(|text| text.and_then(number)).collect();
    Arc::new(DictionaryArray::<UInt32Type>::new(keys, Arc::new(StringArray::from_iter_values(&words))))
}

fn texts_come_back(texts: StringArray) {
    let column: ArrayRef = Arc::new(texts.clone());
    comes_back(column.clone(), false);
    comes_back(column.clone(), true);
    for by_dictionary in [true, false] {
        let (bytes_of_texts, _) = round_trip(&column, &DataType::Utf8, true, by_dictionary);
        let (bytes, found) = round_trip(&as_dictionary(&texts), &DataType::Utf8, true, by_dictionary);
        assert_eq!(&found, &column);
        assert!(bytes == bytes_of_texts, "words give the bytes that their texts give");
    }
}

fn lists(texts: &StringArray, lengths: &[usize]) -> ListArray {
    let element = Field::new("element", DataType::Utf8, texts.null_count() > 0);
    ListArray::new(Arc::new(element), OffsetBuffer::from_lengths(lengths.iter().copied()), Arc::new(texts.clone()), None)
}

/// Texts of few different values, of many, empty ones, and long ones.
fn text() -> BoxedStrategy<String> {
    prop_oneof![
        4 => "[а-в]{0,2}",
        2 => "[0-9]{11}",
        2 => "R00[0-9]{4}",
        1 => "[a-я]{60,200}",
    ]
    .boxed()
}

fn columns<T: std::fmt::Debug + Clone>(
    value: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = Vec<Option<T>>> {
    let some = prop::collection::vec(value.clone().prop_map(Some), 0..300);
    let same = (value.clone(), 0..300_usize).prop_map(|(value, rows)| vec![Some(value); rows]);
    prop_oneof![some, same, prop::collection::vec(prop::option::of(value), 0..300)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn texts(texts in columns(text())) {
        texts_come_back(StringArray::from(texts));
    }

    #[test]
    fn lists_of_texts(texts in columns(text()), cut in prop::collection::vec(0..4_usize, 0..300), single in any::<bool>()) {
        let texts = StringArray::from(texts);
        let mut left = texts.len();
        let mut lengths: Vec<usize> = cut.into_iter().map(|length| {
            let taken = if single { 1 } else { length }.min(left);
            left -= taken;
            taken
        }).collect();
        lengths.push(left);
        let column: ArrayRef = Arc::new(lists(&texts, &lengths));
        for by_dictionary in [true, false] {
            let (_, found) = round_trip(&column, column.data_type(), false, by_dictionary);
            prop_assert_eq!(&found, &column);
        }
        // A slice of an array: its first list does not start at the first element.
        let part = column.slice(lengths.len() / 3, lengths.len() / 2);
        let (_, found) = round_trip(&part, part.data_type(), false, true);
        prop_assert_eq!(&found, &part);
    }

    #[test]
    fn numbers_of_32_bits(any in columns(any::<i32>()), narrow in columns(-3..70_i32)) {
        for values in [any, narrow] {
            for by_dictionary in [true, false] {
                comes_back(Arc::new(Int32Array::from(values.clone())), by_dictionary);
                comes_back(Arc::new(Date32Array::from(values.clone())), by_dictionary);
            }
        }
    }

    #[test]
    fn numbers_of_64_bits(any in columns(any::<i64>()), narrow in columns(-3..70_i64)) {
        comes_back(Arc::new(Int64Array::from(any.clone())), false);
        comes_back(Arc::new(Int64Array::from(narrow)), false);
        let mut sorted: Vec<i64> = any.into_iter().flatten().collect();
        sorted.sort_unstable();
        comes_back(Arc::new(Int64Array::from(sorted)), false);
    }

    #[test]
    fn truth_values(values in columns(any::<bool>())) {
        comes_back(Arc::new(BooleanArray::from(values)), false);
    }

    #[test]
    fn bytes(values in columns(prop::collection::vec(any::<u8>(), 0..20))) {
        comes_back(Arc::new(BinaryArray::from_iter(values)), false);
    }

    #[test]
    fn decimals(values in columns(-999_999_999..999_999_999_i128)) {
        for precision in [9, 18, 19, 38] {
            let array = Decimal128Array::from(values.clone()).with_precision_and_scale(precision, 2).expect("decimals");
            comes_back(Arc::new(array), false);
        }
    }
}

#[test]
fn values_that_fill_several_pages_come_back() {
    let rows = 200_003;
    let long = |row: usize| (!row.is_multiple_of(7)).then(|| format!("{row:0>20}"));
    texts_come_back((0..40_001).map(|row| (row % 11 != 0).then(|| format!("{:>30}", row / 2))).collect());
    comes_back(Arc::new((0..rows).map(long).collect::<StringArray>()), false);
    comes_back(Arc::new((0..rows as i64).map(|row| Some(row * row)).collect::<Int64Array>()), false);
    let texts: StringArray = (0..rows).map(long).collect();
    let lengths: Vec<usize> = (0..rows / 3).map(|row| if row % 100 == 0 { 4 } else { 2 }).collect();
    let texts = texts.slice(0, lengths.iter().sum());
    let column: ArrayRef = Arc::new(lists(&texts, &lengths));
    assert_eq!(&round_trip(&column, column.data_type(), false, false).1, &column);
}

#[test]
fn what_stands_behind_nulls_is_not_written() {
    let whole = StringArray::from(vec!["a", "behind", "c"]);
    let nulls = vec![true, false, true].into();
    let column: ArrayRef = Arc::new(StringArray::new(whole.offsets().clone(), whole.values().clone(), Some(nulls)));
    comes_back(column.clone(), false);
    comes_back(column, true);
}

#[test]
fn a_null_in_a_required_column_is_refused() {
    let schema = Schema::new(vec![Field::new("column", DataType::Utf8, false)]);
    let descriptor = ArrowSchemaConverter::new().convert(&schema).expect("schema");
    let keys = UInt32Array::from(vec![0, 1]);
    let words: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None]));
    let column: ArrayRef = Arc::new(DictionaryArray::<UInt32Type>::new(keys, words));
    assert!(encode(&[column], &descriptor, &[true]).is_err());
}
