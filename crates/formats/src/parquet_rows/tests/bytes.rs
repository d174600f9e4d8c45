//! Strings that are not UTF-8, in all types and encodings: none becomes a text, and no other value changes.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, DictionaryArray, FixedSizeBinaryArray, RecordBatch};
use arrow::datatypes::Int32Type;
use parquet::arrow::ArrowWriter;
use parquet::basic::{ConvertedType, Encoding, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::*;

/// The type of a column of strings in a file.
#[derive(Clone, Copy, Debug)]
enum Mark {
    None,
    Utf8,
    StringAlone,
    Json,
}

/// A file with one column `s` of strings in one encoding; `None` is a missing one.
fn written(values: &[Option<&[u8]>], mark: Mark, encoding: Encoding, by_dictionary: bool) -> Vec<u8> {
    let column = Type::primitive_type_builder("s", Physical::BYTE_ARRAY).with_repetition(Repetition::OPTIONAL);
    let column = match mark {
        Mark::None => column,
        Mark::Utf8 => column.with_converted_type(ConvertedType::UTF8),
        Mark::StringAlone => column.with_logical_type(Some(LogicalType::String)),
        Mark::Json => column.with_converted_type(ConvertedType::JSON),
    };
    let column = Arc::new(column.build().expect("a column"));
    let schema = Arc::new(Type::group_type_builder("schema").with_fields(vec![column]).build().expect("a schema"));
    let properties = WriterProperties::builder().set_dictionary_enabled(by_dictionary);
    let properties = if by_dictionary { properties } else { properties.set_encoding(encoding) };
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties.build())).expect("a writer");
    let mut group = writer.next_row_group().expect("a group");
    let mut column = group.next_column().expect("a column").expect("the column");
    let present: Vec<ByteArray> = values.iter().flatten().map(|value| ByteArray::from(value.to_vec())).collect();
    let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
    column.typed::<ByteArrayType>().write_batch(&present, Some(&levels), None).expect("written");
    column.close().expect("closed");
    group.close().expect("closed");
    writer.close().expect("closed");
    bytes
}

/// Valid strings, half letters at the end and at the beginning of neighbours, letters of windows-1251, lengths around
/// those that lie in a view.
const VALUES: [Option<&[u8]>; 9] = [
    Some(b"A"),
    Some(b"\xD0"),
    Some(b"\x90"),
    None,
    Some("ЁЛКИН".as_bytes()),
    Some(b"\xB8\xEB\xEA\xE8\xED\xE0 \xE8\xE7 \xEB\xE5\xF1\xE0"),
    Some("ЁЛКИН-ДЛИННЫЙ".as_bytes()),
    Some("ЁЛКИН-ДЛИННЫ\u{419}".as_bytes().split_at(24).0),
    Some(b""),
];

fn expected() -> Vec<String> {
    let report = |value: &Option<&[u8]>| match value.map(std::str::from_utf8) {
        None => String::new(),
        Some(Ok(text)) => text.to_owned(),
        Some(Err(_)) => format!("no UTF-8: {}", value.unwrap_or_default().escape_ascii()),
    };
    VALUES.iter().zip(1..).map(|(value, row)| format!("{row}: {}", report(value))).collect()
}

#[test]
fn strings_are_checked_one_by_one_in_every_encoding_and_under_every_mark() {
    let encodings = [Encoding::PLAIN, Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY];
    for mark in [Mark::None, Mark::Utf8, Mark::StringAlone, Mark::Json] {
        for (encoding, by_dictionary) in encodings.map(|encoding| (encoding, false)).into_iter().chain([(encodings[0], true)]) {
            let bytes = written(&VALUES, mark, encoding, by_dictionary);
            let file = ParquetRows::open(&bytes).expect("a file");
            assert_eq!(file.columns()[0].kind, ColumnKind::Text, "{mark:?}");
            let found = group_lines(&file, 0, &[0]);
            // The crate refuses the page of a column that is marked in its way, when all strings of it together are wrong.
            let is_refused = found.last().is_some_and(|last| last.starts_with("row group 1"));
            assert!(is_refused || found == expected(), "{mark:?} {encoding} {by_dictionary}: {found:#?}");
            assert!(
                !is_refused || matches!(mark, Mark::Utf8 | Mark::StringAlone),
                "{mark:?} {encoding} {by_dictionary}: {found:#?}"
            );
        }
    }
}

#[test]
fn binary_columns_of_arrow_are_strings_and_fixed_ones_are_refused_by_name() {
    let binary: ArrayRef = Arc::new(BinaryArray::from(VALUES.to_vec()));
    let keys: DictionaryArray<Int32Type> =
        VALUES.iter().map(|value| value.and_then(|text| std::str::from_utf8(text).ok())).collect();
    let fixed = FixedSizeBinaryArray::try_from_iter(VALUES.iter().map(|_| [0xD0_u8; 4])).expect("bytes");
    let batch =
        RecordBatch::try_from_iter([("binary", binary), ("words", Arc::new(keys) as ArrayRef), ("fixed", Arc::new(fixed))]);
    let batch = batch.expect("columns of one length");
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("a batch");
    writer.close().expect("a file");
    let file = ParquetRows::open(&bytes).expect("a file");
    assert_eq!(group_lines(&file, 0, &[0]), expected());
    assert_eq!(group_lines(&file, 0, &[1])[4], "5: ЁЛКИН");
    let refused = file.check(&[2]).expect_err("refused").to_string();
    assert!(refused.starts_with("column `fixed` is of type FixedSizeBinary(4), which is not read"), "{refused}");
}

/// The names of functions that make a text of unchecked bytes, in the standard library and in Arrow, and their common prefix.
#[test]
fn no_text_is_made_of_bytes_that_nobody_checked() {
    let words = [
        concat!("from_utf8", "_unchecked"),
        concat!("value", "_unchecked"),
        concat!("build", "_unchecked"),
        concat!("new", "_unchecked"),
    ];
    let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mut folders = vec![root.join("src"), root.join("crates")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source");
                words.iter().for_each(|word| assert!(!text.contains(word), "{word} in {}", path.display()));
                files += 1;
            }
        }
    }
    assert!(files > 400, "{files}");
}
