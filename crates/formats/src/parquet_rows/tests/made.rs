//! Files that the parquet crate writes, in types that no other program of the corpus has, and longer than a batch.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Array, DictionaryArray, Int64Array, LargeStringArray, RecordBatch, StringArray, UInt64Array,
};
use arrow::datatypes::{Int8Type, UInt16Type};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use super::*;

fn written(columns: Vec<(&str, ArrayRef)>, group_rows: usize) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let properties =
        WriterProperties::builder().set_max_row_group_row_count(Some(group_rows)).set_data_page_row_count_limit(100).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).expect("a writer");
    writer.write(&batch).expect("a batch");
    writer.close().expect("a file");
    bytes
}

#[test]
fn dictionaries_of_any_width_and_value_are_plain_texts() {
    let names: DictionaryArray<Int8Type> = [Some("а"), None, Some("б"), Some("а")].into_iter().collect();
    let codes = DictionaryArray::<UInt16Type>::new(vec![1, 0, 1, 1].into(), Arc::new(LargeStringArray::from(vec!["x", "yy"])));
    let numbers = DictionaryArray::<Int8Type>::new(vec![0, 0, 1, 0].into(), Arc::new(Int64Array::from(vec![7, 8])));
    let bytes = written(vec![("names", Arc::new(names)), ("codes", Arc::new(codes)), ("numbers", Arc::new(numbers))], 100);
    let file = ParquetRows::open(&bytes).expect("a file");
    assert_eq!(group_lines(&file, 0, &[0, 1, 2]), ["1: а|yy|7", "2: |x|7", "3: б|yy|8", "4: а|yy|7"]);
}

#[test]
fn the_largest_numbers_keep_all_their_digits() {
    let decimals = Decimal128Array::from(vec![10_i128.pow(38) - 1, -1]).with_precision_and_scale(38, 0).expect("decimals");
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("unsigned", Arc::new(UInt64Array::from(vec![u64::MAX, 0]))),
        ("signed", Arc::new(Int64Array::from(vec![i64::MIN, i64::MAX]))),
        ("decimal", Arc::new(decimals)),
    ];
    let bytes = written(columns, 100);
    let file = ParquetRows::open(&bytes).expect("a file");
    let nines = "9".repeat(38);
    let expected = [format!("1: 18446744073709551615|-9223372036854775808|{nines}"), "2: 0|9223372036854775807|-1".to_owned()];
    assert_eq!(group_lines(&file, 0, &[0, 1, 2]), expected);
}

#[test]
fn groups_longer_than_a_batch_give_every_row_once() {
    const ROWS: usize = 3 * BATCH_ROWS + 17;
    let numbers: Int64Array = (0..ROWS as i64).map(|row| (row % 7 != 0).then_some(row)).collect();
    let names: StringArray = (0..ROWS).map(|row| (row % 5 != 0).then(|| format!("ИМЯ{}", row % 1000))).collect();
    let bytes = written(vec![("number", Arc::new(numbers)), ("name", Arc::new(names))], 2 * BATCH_ROWS + 1);
    let file = ParquetRows::open(&bytes).expect("a file");
    let mut next = 0;
    for group in 0..file.groups() {
        let each = &mut |number: u64, values: ParquetValues<'_>| {
            let expected = if next % 7 == 0 { String::new() } else { next.to_string() };
            let name = if next % 5 == 0 { String::new() } else { format!("ИМЯ{}", next % 1000) };
            assert_eq!((number, values.text(0), values.text(1)), (next + 1, Some(&expected[..]), Some(&name[..])));
            next += 1;
        };
        file.rows(group, &[0, 1], each).expect("a group");
    }
    assert_eq!((file.groups(), next, file.all_rows()), (2, ROWS as u64, ROWS as u64));
}

#[test]
fn a_damaged_group_is_an_error_and_the_others_are_read() {
    let numbers: Int64Array = (0..3000).map(|row| row * 7919 % 3001).map(Some).collect();
    let mut bytes = written(vec![("number", Arc::new(numbers))], 1000);
    let second = {
        let file = ParquetRows::open(&bytes).expect("a file");
        let chunk = file.metadata.metadata().row_group(1).column(0);
        directory::range_of(chunk).expect("a place")
    };
    bytes[second.start as usize..second.end as usize].fill(0xFF);
    let file = ParquetRows::open(&bytes).expect("a file");
    let ended: Vec<bool> = (0..3).map(|group| file.rows(group, &[0], &mut |_: u64, _: ParquetValues<'_>| {}).is_ok()).collect();
    assert_eq!(ended, [true, false, true]);
}
