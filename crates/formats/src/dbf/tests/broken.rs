//! Tables that cannot be read, or not up to their end.

use super::*;

const ROWS: [&str; 3] = [" A     120000101", " B     220000101", " C     320000101"];

/// A line for each row, and one for the fault.
fn faulty(bytes: &[u8]) -> (usize, String) {
    let (rows, ended) = outcome(bytes);
    (rows.len(), ended.expect_err("a fault").to_string())
}

#[test]
fn a_table_that_is_cut_within_a_row_gives_the_rows_before() {
    let bytes = Made::with_rows(&ROWS).bytes();
    let message = "row 3 at byte 161: the table ends after 5 of its 16 bytes; it was cut off, get it again";
    assert_eq!(faulty(&bytes[..166]), (2, message.to_owned()));
}

#[test]
fn a_cut_within_a_row_is_found_where_the_number_of_rows_is_wrong() {
    for declared in [0_u32, 1, 9] {
        let mut made = Made::with_rows(&ROWS);
        made.declared = declared;
        let bytes = made.bytes();
        assert!(matches!(outcome(&bytes[..166]), (rows, Err(DbfError::Cut { row: 3, .. })) if rows.len() == 2), "{declared}");
    }
}

#[test]
fn a_cut_header_is_an_error_with_its_end() {
    let bytes = Made::with_rows(&ROWS).bytes();
    for length in [0, 1, 31, 32, 100, 128] {
        let found = outcome(&bytes[..length]).1.expect_err("a fault");
        match found {
            DbfError::HeaderCut { offset } if offset == length as u64 => {}
            DbfError::Version { version: 0 } if length == 0 => {}
            other => panic!("{length}: {other}"),
        }
    }
}

/// A line for each row: its values, or that it is broken.
fn rows_and_fault(bytes: &[u8]) -> (String, Option<String>) {
    let mut reader = DbfReader::new(bytes).expect("a table");
    let mut rows = String::new();
    loop {
        match reader.next_row() {
            Ok(Some(row)) if row.has_mark => rows.push(char::from(row.bytes(0)[0])),
            Ok(Some(_)) => rows.push('!'),
            Ok(None) => return (rows, None),
            Err(error) => return (rows, Some(error.to_string())),
        }
    }
}

/// A table with a row for each mark.
fn with_marks(marks: &str, declared: u32, behind: &[u8]) -> Vec<u8> {
    let rows: Vec<String> = marks
        .chars()
        .zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ".chars())
        .map(|(mark, name)| format!("{mark}{name}     120000101"))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let mut made = Made::with_rows(&rows);
    made.declared = declared;
    made.body.extend_from_slice(behind);
    made.bytes()
}

#[test]
fn a_row_without_mark_is_broken_and_the_next_one_is_read() {
    for (marks, found) in [
        ("X    ", "!BCDE"),
        ("  \0  ", "AB!DE"),
        ("    X", "ABCD!"),
        (" \x1a   ", "A!CDE"),
        (" XXX ", "A!!!E"),
        ("X X X", "!B!D!"),
        ("XX*  ", "!!DE"),
    ] {
        assert_eq!(rows_and_fault(&with_marks(marks, 5, b"\x1a")), (found.to_owned(), None), "{marks:?}");
        assert_eq!(rows_and_fault(&with_marks(marks, 5, b"")), (found.to_owned(), None), "{marks:?}");
    }
    assert_eq!(rows_and_fault(&with_marks(" X                   ", 21, b"\x1a")).0, "A!CDEFGHIJKLMNOPQRSTU");
    assert_eq!(rows_and_fault(&with_marks(" X  ", 0, b"\x1a")), ("A!CD".to_owned(), None), "a number that was not written");
}

#[test]
fn a_table_ends_where_it_is_not_sure_that_rows_follow() {
    let ends_at = |row: usize, bytes: &[u8]| {
        let (rows, fault) = rows_and_fault(bytes);
        assert_eq!(rows.len(), row - 1, "{rows}");
        let fault = fault.expect("a fault");
        assert!(fault.starts_with(&format!("row {row} at byte ")), "{fault}");
    };
    // Five rows without a mark together; nothing right behind them; a byte too much, so that the rows behind have no
    // dates in their date columns.
    ends_at(2, &with_marks(" XXXXX   ", 9, b"\x1a"));
    ends_at(2, &with_marks(" XX", 9, b""));
    let mut shifted = with_marks("         ", 9, b"\x1a");
    shifted.insert(129 + 16 + 3, b'x');
    shifted[129 + 2 * 16] = b'x';
    ends_at(3, &shifted);
    ends_at(4, &with_marks("   X", 0, b"more of it"));
}

#[test]
fn declared_and_found_rows_are_counted() {
    let count = |declared: u32, behind: &[u8]| {
        let bytes = with_marks("  *", declared, behind);
        let mut reader = DbfReader::new(&bytes[..]).expect("a table");
        while reader.next_row().expect("a row").is_some() {}
        reader.row_count().map(|count| (count.declared, count.found))
    };
    assert_eq!(count(3, b"\x1a"), Some((3, 3)));
    assert_eq!(count(5, b""), Some((5, 3)));
    assert_eq!(count(2, b"\x1a"), Some((2, 3)));
    assert_eq!(count(3, &[b' '; 16]), Some((3, 3)), "blanks that fill it up");
    assert_eq!(count(0, b"\x1a"), None);
}

#[test]
fn other_files_are_refused_by_their_first_byte() {
    for bytes in [&b"FAM;IM;OT\r\n"[..], b"PK\x03\x04", b"\x04\0\0"] {
        assert!(matches!(outcome(bytes).1, Err(DbfError::Version { version }) if version == bytes[0]));
    }
}

#[test]
fn a_header_that_contradicts_itself_is_refused() {
    let change = |at: usize, value: u8| {
        let mut bytes = Made::with_rows(&ROWS).bytes();
        bytes[at] = value;
        faulty(&bytes).1
    };
    let row_length = "the header is damaged: its columns take 16 bytes with the mark, its rows 17; get the table again";
    assert_eq!(change(10, 17), row_length);
    assert_eq!(change(8, 40), "the header is damaged: it is too short for a column; get the table again");
    assert_eq!(change(8, 127), "the header is damaged: it ends within a column; get the table again");
    assert_eq!(change(32, 0x0D), "the header is damaged: it has no columns; get the table again");
    assert_eq!(change(32, 0), "the header is damaged: a column has no name; get the table again");
}

#[test]
fn columns_have_a_limit() {
    let mut made = Made::new();
    made.columns = vec![("A", b'C', 1, 0); COLUMNS + 1];
    assert!(matches!(outcome(&made.bytes()[..]).1, Err(DbfError::TooManyColumns)));
    made.columns.truncate(COLUMNS);
    assert_eq!(values(&made.bytes()), [""; 0]);
}

/// An input that fails when all bytes have been given.
struct Failing<'b>(&'b [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() { Err(io::Error::other("checksum")) } else { self.0.read(to) }
    }
}

#[test]
fn an_input_that_fails_gives_the_rows_before_and_behind_the_last_row_is_asked_for_too() {
    for behind in [&b"\x1a"[..], b"", b" B   "] {
        let mut bytes = Made::with_rows(&ROWS[..1]).bytes();
        bytes.extend_from_slice(behind);
        let (rows, ended) = outcome(Failing(&bytes));
        let offset = bytes.len();
        assert_eq!(rows.len(), 1);
        assert_eq!(ended.expect_err("a fault").to_string(), format!("byte {offset}: the table cannot be read: checksum"));
    }
}
