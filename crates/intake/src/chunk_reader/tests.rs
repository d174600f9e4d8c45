//! Rows of small files, cut into chunks of all sizes.

use std::io::Write;

use proptest::prelude::*;

use super::*;
use crate::chunks::Chunks;
use crate::fields::RowFields;
use crate::header::{Header, Known};
use crate::row_visitor::RowFault;
use crate::{HeaderLine, Layout};
use sverka_formats::{SourceFile, encoded};
use sverka_model::{CountedChunk, Field, RowId, RowIds, Table};

const SINGLE: &str = r#"
name = "test"
table = "attachments"
header = true
dates = "YYYY-MM-DD"
fields = [ { field = "clinic" }, { field = "surname" }, { field = "given_name" }, { field = "birth_date" }, { field = "attached_from" } ]
"#;

fn layout(multiline: bool, encoding: Encoding) -> Layout {
    let head = format!("multiline = {multiline}\nencoding = \"{}\"\nheader", encoding.name());
    Layout::parse(&SINGLE.replace("header", &head), "test.toml").expect("layout")
}

const FIELDS: [Field; 5] = [Field::Clinic, Field::Surname, Field::GivenName, Field::BirthDate, Field::AttachedFrom];

/// Rows as (line, offset, fields joined by `|` or the fault).
fn read(content: &[u8], multiline: bool, chunk_bytes: usize) -> Vec<String> {
    read_in(Encoding::Utf8, content, multiline, chunk_bytes)
}

fn read_in(encoding: Encoding, content: &[u8], multiline: bool, chunk_bytes: usize) -> Vec<String> {
    let mut file = tempfile::NamedTempFile::new().expect("temporary file");
    file.write_all(content).expect("written");
    let source = SourceFile::open(file.path()).expect("mapped");
    let layout = layout(multiline, encoding);
    let form = layout.delimited().expect("text");
    let header = Header::read(source.bytes(), Known::Whole, &layout, form).expect("header");
    let bindings = header.bind(&layout, Table::Attachments);
    let chunks = Chunks::plan(source.bytes(), &layout, &header, chunk_bytes);
    let (before, text) = (header.lines_before, &source.bytes()[..header.data_to]);
    let (mut found, mut counts) = (Vec::new(), Vec::new());
    for index in 0..chunks.count() {
        let long_lines = LongLines { most_bytes: MOST_TEST_LINE_BYTES, ..LongLines::of_file(&source) };
        let chunk = chunks.get(source.bytes(), index, long_lines);
        let mut reader = ChunkReader::new(form, encoding, &bindings).with_long_lines(long_lines);
        let lines = reader.rows(text, &chunk, &mut |at: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>| {
            let text = match fields {
                Ok(fields) => FIELDS.map(|field| fields.get(field)).join("|"),
                Err(fault) => format!(
                    "{}{}{}",
                    if fault.encoding { "E" } else { "" },
                    if fault.quote { "Q" } else { "" },
                    fault.fields.map_or(String::new(), |n| n.to_string())
                ),
            };
            let long = if at.bytes_beyond > 0 { format!(" of {}", at.length()) } else { String::new() };
            found.push((RowId::new(index as u32, at.line), format!("{} {text}{long}", at.offset)));
        });
        let begins_after = (index == 0).then_some(before);
        counts.push(CountedChunk { source: 0, begins_after, lines: u64::from(lines), parts: 1 });
    }
    let row_ids = RowIds::new(counts.into_iter());
    found.into_iter().map(|(row_id, row)| format!("{} {row}", row_ids.source_line(row_id).line)).collect()
}

/// Most bytes of a line that is read as a row in these tests.
const MOST_TEST_LINE_BYTES: usize = KEPT_ROW_BYTES + 1000;

const HEADER: &str = "clinic;surname;given_name;birth_date;attached_from\n";

#[test]
fn a_chunk_inside_of_a_long_line_does_not_look_for_its_end() {
    for encoding in [Encoding::Utf8, Encoding::Utf16Le] {
        let text = encoded(encoding, &format!("{HEADER}a;b;c;d;e\n{}\na;b;c;d;e\n", "x".repeat(1000)));
        let layout = layout(false, encoding);
        let header = Header::read(&text, Known::Whole, &layout, layout.delimited().expect("text")).expect("header");
        let chunks = Chunks::plan(&text, &layout, &header, 64);
        let all: Vec<Chunk> = (0..chunks.count()).map(|index| chunks.get(&text, index, LongLines::default())).collect();
        let long = all.iter().filter(|chunk| chunk.to - chunk.from > 1000).count();
        assert_eq!(long, 1, "{}", encoding.name());
        for (index, chunk) in all.iter().enumerate().filter(|(_, chunk)| chunk.from == chunk.to) {
            assert!(chunk.from <= text.len().min((index + 1) * 64).max(header.data_from), "{} {index}", encoding.name());
        }
        let rows: usize = all.iter().map(|chunk| chunk.to - chunk.from).sum();
        assert_eq!(rows, text.len() - header.data_from, "{}", encoding.name());
    }
}

#[test]
fn a_line_that_is_too_long_is_one_row_without_fields() {
    let long = format!("{};b;c;d;e", "x".repeat(MOST_TEST_LINE_BYTES));
    let content = format!("{HEADER}a;b;c;d;e\n{long}\r\na;b;c;d;e\n");
    let offset = HEADER.len() + 10;
    let expected = [
        format!("2 {} a|b|c|d|e", HEADER.len()),
        format!("3 {offset} 0 of {}", long.len()),
        format!("4 {} a|b|c|d|e", offset + long.len() + 2),
    ];
    for multiline in [false, true] {
        for chunk_bytes in [1, 1 << 10, 5000, 1 << 20] {
            assert_eq!(read(content.as_bytes(), multiline, chunk_bytes), expected, "{chunk_bytes}");
        }
    }
    for encoding in [Encoding::Windows1251, Encoding::Utf16Le] {
        let content = encoded(encoding, &content);
        for multiline in [false, true] {
            let rows = read_in(encoding, &content, multiline, 1 << 10);
            assert_eq!(rows.len(), 3, "{}", encoding.name());
            assert!(rows[1].ends_with(&format!(" 0 of {}", encoded(encoding, &long).len())), "{}", encoding.name());
        }
    }
}

#[test]
fn rows_do_not_depend_on_chunks() {
    let body = "a;b;c;d;e\r\n\n  \n\"x;\"\"y\";2;3;4;5\nshort;1\n\"open;2;3;4;5\n1;2;3;4;5\n\"q\"x;2;3;4;5\nlast;2;3;4;5";
    let content = format!("{HEADER}{body}");
    let expected = read(content.as_bytes(), false, 1 << 20);
    assert_eq!(
        expected,
        ["2 51 a|b|c|d|e", "5 66 x;\"y|2|3|4|5", "6 82 2", "7 90 Q", "8 104 1|2|3|4|5", "9 114 Q", "10 127 last|2|3|4|5"]
    );
    for chunk_bytes in [1, 2, 7, 64] {
        assert_eq!(read(content.as_bytes(), false, chunk_bytes), expected, "{chunk_bytes}");
    }
}

#[test]
fn a_multiline_record_spans_lines_and_a_broken_one_costs_its_first_line() {
    let body = "a;\"two\nlines\";c;d;e\nb;2;3;4;5\n\"never closed;2;3;4;5\nc;2;3;4;5\nd;\"x\"y;3;4;5\ne;\"q\n\";3;4;5";
    let content = format!("{HEADER}{body}");
    let expected = read(content.as_bytes(), true, 1 << 20);
    assert_eq!(expected[0], "2 51 a|two\nlines|c|d|e");
    assert_eq!(expected[1], "4 71 b|2|3|4|5");
    // The quote that opens on line 5 is closed by the one that opens a field on line 7: text follows it, so line 5 alone is lost.
    assert_eq!(expected[2], "5 81 Q");
    assert_eq!(expected[3], "6 103 c|2|3|4|5");
    assert_eq!(expected[4], "7 113 Q");
    assert_eq!(expected[5], "8 126 e|q|3|4|5");
    for chunk_bytes in [1, 2, 7, 64] {
        assert_eq!(read(content.as_bytes(), true, chunk_bytes), expected, "{chunk_bytes}");
    }
}

#[test]
fn a_broken_byte_costs_its_row_alone() {
    let mut content = format!("{HEADER}a;b;c;d;e\n").into_bytes();
    content.extend_from_slice(b"a;\xFF;c;d;e\n\xFF;\"x\nb;b;c;d;e\n");
    assert_eq!(read(&content, false, 1 << 20), ["2 51 a|b|c|d|e", "3 61 E", "4 71 EQ", "5 76 b|b|c|d|e"]);
}

/// Rows without their offsets, which depend on the encoding.
fn without_offsets(rows: Vec<String>) -> Vec<String> {
    let rest = |row: &String| {
        let (line, rest) = row.split_once(' ').expect("a line and more");
        let (_, fields) = rest.split_once(' ').expect("an offset and more");
        format!("{line} {fields}")
    };
    rows.iter().map(rest).collect()
}

#[test]
fn rows_do_not_depend_on_the_encoding() {
    let lines = [
        "Ж;ж ;\u{A0}Ёё\u{A0};a№b;я\r\n",
        "\u{A0} \u{A0}\n",
        "\u{A0}А;Б;В;Г;Д\n",
        "a;b;c;d;e\n",
        "\"О;О \"\"Ключ\"\"\"; \"Б\"\u{A0};c;\"\";e\n",
        "Щ;1\n",
        "\"Ы;2;3;4;5\n",
        "\"q\"Я;2;3;4;5\n",
        "В\u{A0};Т;Р;Ч;В\u{A0}\n",
        ";;;;\n",
        "\"две\nстроки\";c;d;e;ф\n",
    ];
    let content = format!("{HEADER}{}конец;b;c;d;ъ", lines.concat().repeat(200));
    for multiline in [false, true] {
        let expected = without_offsets(read(content.as_bytes(), multiline, 1 << 20));
        assert!(expected[0].ends_with("Ж|ж|Ёё|a№b|я") && expected.iter().any(|row| row.contains("О;О \"Ключ\"|Б|c||e")));
        for encoding in Encoding::ALL {
            let content = match encoding {
                Encoding::Koi8R => content.replace('№', "©"),
                _ => content.clone(),
            };
            let expected: Vec<String> = match encoding {
                Encoding::Koi8R => expected.iter().map(|row| row.replace('№', "©")).collect(),
                _ => expected.clone(),
            };
            let bytes = encoded(encoding, &content);
            for chunk_bytes in [1, 2, 7, 64, 1 << 20] {
                let found = without_offsets(read_in(encoding, &bytes, multiline, chunk_bytes));
                assert_eq!(found, expected, "{} in chunks of {chunk_bytes}", encoding.name());
            }
        }
    }
}

#[test]
fn a_byte_without_meaning_costs_its_row_alone() {
    let text = format!("{HEADER}Ж;б;c;d;e\nЖ;\u{1};c;d;e\n\u{1};\"x\nЮ;\u{1}\n\nя;б;c;d;e\n");
    let mut page = encoded(Encoding::Windows1251, &text);
    page.iter_mut().filter(|byte| **byte == 1).for_each(|byte| *byte = 0x98);
    let expected = ["2 51 Ж|б|c|d|e", "3 61 E", "4 71 EQ", "5 76 E2", "7 81 я|б|c|d|e"];
    assert_eq!(read_in(Encoding::Windows1251, &page, false, 1 << 20), expected);
    for (encoding, lone) in [(Encoding::Utf16Le, [0x00, 0xDC]), (Encoding::Utf16Be, [0xDC, 0x00])] {
        let (mut units, one) = (encoded(encoding, &text), encoded(encoding, "\u{1}"));
        units.chunks_exact_mut(2).filter(|unit| *unit == one).for_each(|unit| unit.copy_from_slice(&lone));
        let expected = ["2 102 Ж|б|c|d|e", "3 122 E", "4 142 EQ", "5 152 E2", "7 162 я|б|c|d|e"];
        assert_eq!(read_in(encoding, &units, false, 1 << 20), expected);
        let half = [units.as_slice(), &encoded(encoding, "1;2;3;4;5"), b"x"].concat();
        assert_eq!(read_in(encoding, &half, false, 7).last().map(String::as_str), Some("8 182 E"));
    }
}

#[test]
fn rows_do_not_depend_on_windows() {
    let long = format!("{};b;c;d;e\n", "Ы".repeat(WINDOW_BYTES));
    let lines: [&[u8]; 9] = [
        "Ж;ж; ё ;d;e\n".as_bytes(),
        b"a;b;c;d;e\r\n",
        b"a;\xFF;c;d;e\n",
        b" \t\n",
        b"a;\"b;b\";\"c\"\"c\";d;e\n",
        b";;;;\n",
        b"short;1\n",
        b"\"open;2;3;4;5\n",
        long.as_bytes(),
    ];
    let mut content = HEADER.as_bytes().to_vec();
    // Most rows are as long as they should be; the long one comes once.
    for number in 0..WINDOW_BYTES / 4 {
        let strange = if number == WINDOW_BYTES / 8 { 8 } else { number / 7 % 8 };
        content.extend_from_slice(lines[if number % 7 == 0 || strange == 8 { strange } else { 0 }]);
    }
    content.extend_from_slice(b"the;last;without;line;feed");
    // A chunk of one byte is one line, so that no window has two.
    let expected = read(&content, false, 1);
    assert!(expected.iter().any(|row| row.ends_with("a|b;b|c\"c|d|e")));
    for chunk_bytes in [1 << 20, 100_000, WINDOW_BYTES] {
        assert_eq!(read(&content, false, chunk_bytes), expected, "{chunk_bytes}");
    }
}

#[test]
fn a_byte_order_mark_is_no_line() {
    for (encoding, mark) in [(Encoding::Utf8, "\u{FEFF}"), (Encoding::Utf16Le, "\u{FEFF}"), (Encoding::Utf16Be, "\u{FEFF}")] {
        let bytes = encoded(encoding, &format!("{mark}a;b;c;d;e\n"));
        let layout = layout(false, encoding);
        let form = Delimited { header: HeaderLine::None, ..layout.delimited().expect("text").clone() };
        let header = Header::read(&bytes, Known::Whole, &layout, &form).expect("a layout without header");
        assert_eq!(header.lines_before, 0, "{}", encoding.name());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_reads_otherwise_in_another_encoding(body in "[ЖяВ1a;;;;\"\"\n\n\r \u{A0}]{0,80}", multiline in any::<bool>()) {
        let content = format!("{HEADER}{body}");
        let expected = without_offsets(read(content.as_bytes(), multiline, 1 << 20));
        for encoding in Encoding::ALL {
            let bytes = encoded(encoding, &content);
            for chunk_bytes in [9, 1 << 20] {
                let found = without_offsets(read_in(encoding, &bytes, multiline, chunk_bytes));
                prop_assert_eq!(&found, &expected, "{} in chunks of {}", encoding.name(), chunk_bytes);
            }
        }
    }

    #[test]
    fn every_byte_of_a_source_is_read_without_panic(body in prop::collection::vec(any::<u8>(), 0..200), multiline in any::<bool>()) {
        for encoding in Encoding::ALL {
            let bytes = [encoded(encoding, HEADER), body.clone()].concat();
            let expected = read_in(encoding, &bytes, multiline, 1 << 20);
            prop_assert_eq!(read_in(encoding, &bytes, multiline, 5), expected, "{}", encoding.name());
        }
    }
}
