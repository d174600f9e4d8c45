//! Tables that cannot be read, or not to their end.

use super::*;

const ROWS: [&str; 3] = [" A     120000101", " B     220000101", " C     320000101"];

/// What is told of the rows, and then of the fault.
fn faulty(bytes: &[u8]) -> (usize, String) {
    let (rows, ended) = outcome(bytes);
    (rows.len(), ended.expect_err("a fault").to_string())
}

#[test]
fn a_table_that_is_cut_within_a_row_gives_the_rows_before() {
    let bytes = Made::of(&ROWS).bytes();
    let message = "row 3 at byte 161: the table ends after 5 of its 16 bytes; it was cut off, get it again";
    assert_eq!(faulty(&bytes[..166]), (2, message.to_owned()));
}

#[test]
fn a_cut_within_a_row_is_found_where_the_number_of_rows_is_wrong() {
    for declared in [0_u32, 1, 9] {
        let mut made = Made::of(&ROWS);
        made.declared = declared;
        let bytes = made.bytes();
        assert!(matches!(outcome(&bytes[..166]), (rows, Err(DbfError::Cut { row: 3, .. })) if rows.len() == 2), "{declared}");
    }
}

#[test]
fn a_cut_header_is_told_with_its_end() {
    let bytes = Made::of(&ROWS).bytes();
    for length in [0, 1, 31, 32, 100, 128] {
        let found = outcome(&bytes[..length]).1.expect_err("a fault");
        match found {
            DbfError::HeaderCut { offset } if offset == length as u64 => {}
            DbfError::Version { version: 0 } if length == 0 => {}
            other => panic!("{length}: {other}"),
        }
    }
}

#[test]
fn a_byte_that_is_no_mark_ends_the_table() {
    let bytes = Made::of(&[ROWS[0], "xB     220000101", ROWS[2]]).bytes();
    let message = "row 2 at byte 145 begins with 0x78 instead of a blank or `*`; the table is damaged here, get it again";
    assert_eq!(faulty(&bytes), (1, message.to_owned()));
}

#[test]
fn an_end_mark_before_rows_is_damage() {
    let bytes = Made::of(&[ROWS[0], "\x1aB     220000101", ROWS[2]]).bytes();
    let (rows, fault) = outcome(&bytes[..]);
    assert_eq!(rows.len(), 1);
    assert!(matches!(fault, Err(DbfError::EndMark { row: 2, declared: 3, offset: 145 })));
}

#[test]
fn other_files_are_told_by_their_first_byte() {
    for bytes in [&b"FAM;IM;OT\r\n"[..], b"PK\x03\x04", b"\x04\0\0"] {
        assert!(matches!(outcome(bytes).1, Err(DbfError::Version { version }) if version == bytes[0]));
    }
}

#[test]
fn a_header_that_contradicts_itself_is_refused() {
    let change = |at: usize, value: u8| {
        let mut bytes = Made::of(&ROWS).bytes();
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

/// Fails when all was given.
struct Failing<'b>(&'b [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() { Err(io::Error::other("checksum")) } else { self.0.read(to) }
    }
}

#[test]
fn an_input_that_fails_gives_the_rows_before_and_behind_the_last_row_is_asked_for_too() {
    for behind in [&b"\x1a"[..], b"", b" B   "] {
        let mut bytes = Made::of(&ROWS[..1]).bytes();
        bytes.extend_from_slice(behind);
        let (rows, ended) = outcome(Failing(&bytes));
        let offset = bytes.len();
        assert_eq!(rows.len(), 1);
        assert_eq!(ended.expect_err("a fault").to_string(), format!("byte {offset}: the table cannot be read: checksum"));
    }
}
