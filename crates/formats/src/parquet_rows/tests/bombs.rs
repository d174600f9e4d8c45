//! Small files that claim or give much.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};

use super::super::limits::{PAGE_BYTES, ROW_BYTES};
use super::*;

fn written(column: ArrayRef, set: impl FnOnce(WriterPropertiesBuilder) -> WriterPropertiesBuilder) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter([("s", column)]).expect("a column");
    let mut bytes = Vec::new();
    let properties = set(WriterProperties::builder()).build();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).expect("a writer");
    writer.write(&batch).expect("a batch");
    writer.close().expect("a file");
    bytes
}

fn rows_and_fault(bytes: &[u8]) -> (u64, String) {
    let file = match ParquetRows::open(bytes) {
        Ok(file) => file,
        Err(fault) => return (0, fault.to_string()),
    };
    let mut rows = 0;
    let ended = file.rows(0, &[0], &mut |_: u64, _: ParquetValues<'_>| rows += 1);
    (rows, ended.map_or_else(|fault| fault.to_string(), |()| String::new()))
}

#[test]
fn one_text_for_many_rows_is_held_to_the_ratio() {
    let text = "x".repeat(64 << 10);
    let texts: StringArray = (0..3000).map(|_| Some(text.as_str())).collect();
    for encoding in [None, Some(Encoding::DELTA_BYTE_ARRAY)] {
        let bytes = written(Arc::new(texts.clone()), |properties| match encoding {
            None => properties.set_compression(Compression::ZSTD(ZstdLevel::default())),
            Some(encoding) => properties.set_dictionary_enabled(false).set_encoding(encoding).set_write_batch_size(3000),
        });
        let (rows, fault) = rows_and_fault(&bytes);
        assert!(rows < 3000 && fault.contains("200 times the size"), "{encoding:?} {rows} {fault}");
    }
}

#[test]
fn rows_without_end_are_held_to_the_ratio_before_they_are_read() {
    let numbers: Int64Array = std::iter::repeat_n(None, 1000).collect();
    let bytes = written(Arc::new(numbers), |properties| properties);
    let file = ParquetRows::open(&bytes).expect("a file");
    assert_eq!(file.check(&[0]), Ok(()));
    let many = limits::least_bytes(u64::MAX / 2, 30);
    assert!(many > limits::file_budget(bytes.len() as u64));
}

#[test]
fn a_page_may_claim_no_more_than_the_limit() {
    for compression in [Compression::ZSTD(ZstdLevel::default()), Compression::GZIP(GzipLevel::default()), Compression::SNAPPY] {
        let text = "x".repeat(PAGE_BYTES + 1);
        let texts: StringArray = [Some(text.as_str())].into_iter().collect();
        let bytes = written(Arc::new(texts), |properties| properties.set_dictionary_enabled(false).set_compression(compression));
        let (rows, fault) = rows_and_fault(&bytes);
        assert!(rows == 0 && (fault.contains("the limit")), "{compression} {fault}");
    }
}

#[test]
fn long_rows_have_bytes_and_no_text() {
    let texts: StringArray = [Some("y"), Some(&"x".repeat(ROW_BYTES + 1)[..]), Some("z")].into_iter().collect();
    let bytes = written(Arc::new(texts), |properties| properties);
    let file = ParquetRows::open(&bytes).expect("a file");
    let mut lengths = Vec::new();
    let each = &mut |_: u64, values: ParquetValues<'_>| lengths.push((values.text(0).map(str::len), values.bytes(0).len()));
    file.rows(0, &[0], each).expect("rows");
    assert_eq!(lengths, [(Some(1), 1), (None, ROW_BYTES + 1), (Some(1), 1)]);
}

#[test]
fn every_head_that_is_damaged_is_a_fault() {
    let texts: StringArray = (0..500).map(|row| Some(format!("text {row}"))).collect();
    let bytes = written(Arc::new(texts), |properties| properties.set_dictionary_enabled(false));
    let place = {
        let file = ParquetRows::open(&bytes).expect("a file");
        directory::range_of(file.metadata.metadata().row_group(0).column(0)).expect("a place")
    };
    for at in place.start..place.start + 20 {
        for value in [0, 0x7F, 0xFF] {
            let mut damaged = bytes.clone();
            damaged[at as usize] = value;
            let (rows, fault) = rows_and_fault(&damaged);
            assert!(rows == 500 || !fault.is_empty(), "{at} {value}");
        }
    }
}
