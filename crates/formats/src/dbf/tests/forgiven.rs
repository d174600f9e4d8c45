//! Tables that break the rules of the format without losing a row.

use super::*;

const ROWS: [&str; 3] = [" A     120000101", " B     220000101", " C     320000101"];
const ALL: [&str; 3] = ["A|1|20000101", "B|2|20000101", "C|3|20000101"];

fn with(declared: u32, behind: &[u8]) -> Vec<u8> {
    let mut made = Made::with_rows(&ROWS);
    made.declared = declared;
    made.body.extend_from_slice(behind);
    made.bytes()
}

#[test]
fn the_number_of_rows_may_be_wrong() {
    for declared in [0, 1, 2, 3, 4, u32::MAX] {
        for behind in [&b""[..], b"\x1a", b"\x1a\x1a\0\0"] {
            assert_eq!(values(&with(declared, behind)), ALL, "{declared} {behind:?}");
        }
    }
}

#[test]
fn anything_may_stand_behind_the_end_mark() {
    assert_eq!(values(&with(3, b"\x1a D     420000101 and more")), ALL);
}

#[test]
fn what_is_no_row_may_stand_behind_the_last_one() {
    for behind in [&[0; 512][..], &[b' '; 512], b"\r\n", &[0xFF; 100], b" x", b"*x"] {
        assert_eq!(values(&with(3, behind)), ALL, "{behind:?}");
    }
}

#[test]
fn rows_of_blanks_are_left_out_behind_the_declared_number_only() {
    let blank = [b' '; 16];
    let mut made = Made::with_rows(&[ROWS[0]]);
    made.body.extend_from_slice(&[&blank[..], ROWS[1].as_bytes()].concat());
    made.declared = 2;
    assert_eq!(values(&made.bytes()), [ALL[0], "||", ALL[1]]);
    made.declared = 1;
    assert_eq!(report(&made.bytes()[..]), ["1@129: A|1|20000101", "3@161: B|2|20000101"]);
}

#[test]
fn headers_of_other_programs_are_passed() {
    let back_link = [&[0x0D][..], &[0; 263]].concat();
    for (version, behind_columns) in [(0x30, &back_link[..]), (0x03, b""), (0x03, b"\x0D\0"), (0x83, b"\x0D"), (0xF5, b"\x0D")] {
        let mut made = Made::with_rows(&ROWS);
        made.version = version;
        made.behind_columns = behind_columns.to_vec();
        assert_eq!(values(&made.bytes()), ALL, "{version:#x}");
    }
}

#[test]
fn what_stands_behind_the_end_of_a_name_is_no_part_of_it() {
    let mut bytes = Made::with_rows(&ROWS).bytes();
    bytes[32 + 4..32 + 11].copy_from_slice(b"GARBAGE");
    let reader = DbfReader::new(&bytes[..]).expect("a table");
    assert_eq!(reader.columns()[0].name, b"FAM");
}
