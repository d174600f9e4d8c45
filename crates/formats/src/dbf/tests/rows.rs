//! Rows of sound tables.

use super::*;

#[test]
fn columns_have_name_kind_and_length() {
    let bytes = Made::new().bytes();
    let reader = DbfReader::new(&bytes[..]).expect("a table");
    let columns: Vec<_> = reader.columns().iter().map(|column| (&column.name[..], column.kind, column.length)).collect();
    assert_eq!(columns, [(&b"FAM"[..], DbfKind::Text, 4), (b"NUM", DbfKind::Number, 3), (b"DR", DbfKind::Date, 8)]);
    assert_eq!((reader.declared_rows(), reader.code_page_mark()), (0, 0x65));
}

#[test]
fn values_lose_what_fills_them_up_and_nothing_else() {
    let rows = [" A B  1219990101", "  A\0\0 12        ", " \x1a*  ***00000000", " ABCD12320260229"];
    assert_eq!(values(&Made::with_rows(&rows).bytes()), ["A B|12|19990101", "A|12|", "\\x1a*|***|00000000", "ABCD|123|20260229"]);
}

#[test]
fn deleted_rows_have_numbers_and_are_not_given() {
    let rows = [" A     120000101", "*B     220000101", " C     320000101", "*D     420000101"];
    let bytes = Made::with_rows(&rows).bytes();
    assert_eq!(report(&bytes[..]), ["1@129: A|1|20000101", "3@161: C|3|20000101"]);
    let mut reader = DbfReader::new(&bytes[..]).expect("a table");
    while reader.next_row().expect("a row").is_some() {}
    assert_eq!(reader.deleted_rows(), 2);
}

#[test]
fn a_row_is_given_as_it_stands() {
    let bytes = Made::with_rows(&[" A     120000101"]).bytes();
    let mut reader = DbfReader::new(&bytes[..]).expect("a table");
    let row = reader.next_row().expect("no fault").expect("a row");
    assert_eq!(row.raw, b" A     120000101");
}

#[test]
fn texts_of_more_than_255_bytes_are_read() {
    let mut made = Made::new();
    made.columns = vec![("A", b'C', 0x2C, 1), ("B", b'C', 2, 0)];
    made.declared = 1;
    made.body = [&b" "[..], &[b'x'; 300], b"yz"].concat();
    assert_eq!(values(&made.bytes()), [format!("{}|yz", "x".repeat(300))]);
}

#[test]
fn decimals_of_texts_are_no_length_where_rows_do_not_ask_for_it() {
    let mut bytes = Made::with_rows(&[" A     120000101"]).bytes();
    bytes[32 + 17] = 3;
    assert_eq!(values(&bytes), ["A|1|20000101"]);
}

#[test]
fn columns_are_found_in_any_case() {
    let bytes = Made::new().bytes();
    let reader = DbfReader::new(&bytes[..]).expect("a table");
    assert_eq!(reader.find("dr").expect("no fault"), Some(2));
    assert_eq!(reader.find("D").expect("no fault"), None);
}

#[test]
fn columns_that_are_no_text_are_refused_by_name_and_passed_over() {
    let mut made = Made::with_rows(&[" A   1234567890120000101"]);
    made.columns = vec![("FAM", b'C', 4, 0), ("NOTES", b'M', 10, 0), ("X", b'N', 1, 0), ("DR", b'D', 8, 0)];
    assert_eq!(values(&made.bytes()), ["A||1|20000101"]);
    let bytes = made.bytes();
    let fault = DbfReader::new(&bytes[..]).expect("a table").find("notes").expect_err("a memo");
    assert_eq!(
        fault.to_string(),
        "column `NOTES` is of kind `M`, which is not read; write it as text (C), number (N) or date (D)"
    );
}

#[test]
fn a_name_that_stands_twice_is_refused_when_it_is_asked_for() {
    let mut made = Made::with_rows(&[" AA B  20000101"]);
    made.columns = vec![("FAM", b'C', 3, 0), ("fam", b'C', 3, 0), ("DR", b'D', 8, 0)];
    let bytes = made.bytes();
    let reader = DbfReader::new(&bytes[..]).expect("a table");
    assert_eq!(reader.find("DR").expect("no fault"), Some(2));
    assert!(matches!(reader.find("FAM"), Err(DbfError::ColumnTwice { .. })));
}

#[test]
fn a_table_longer_than_the_window_is_read_in_any_portions() {
    let rows: Vec<String> = (0..40_000_u32).map(|number| format!(" {:<4}  120000101", number % 10_000)).collect();
    let bytes = Made::with_rows(&rows.iter().map(String::as_str).collect::<Vec<_>>()).bytes();
    assert!(bytes.len() > 2 * WINDOW_BYTES);
    let whole = report(&bytes[..]);
    assert_eq!(whole.len(), 40_000);
    for at_a_time in [7, 1000, 65_537] {
        assert!(report(Slow { rest: &bytes, at_a_time }) == whole, "{at_a_time}");
    }
}
