//! Bad rows: each costs itself alone.

use std::collections::BTreeMap;

use sverka_intake::KEPT_ROW_BYTES;
use sverka_publish::OutputTable;

use super::{HEADER, SURNAME, SmallJob, file, row};
use crate::published::{PublishedRun, read_table, rows_as_text};

/// A spoilt register and its expected results.
struct Spoilt {
    what: &'static str,
    content: Vec<u8>,
    /// (line, codes) of each quarantined row.
    quarantined: &'static [(i64, &'static str)],
    /// Number of accepted rows.
    accepted: u64,
}

fn spoilt(what: &'static str, content: impl Into<Vec<u8>>, quarantined: &'static [(i64, &'static str)], accepted: u64) -> Spoilt {
    Spoilt { what, content: content.into(), quarantined, accepted }
}

/// A register with three rows; `surname` is that of the second row.
fn second_named(surname: &[u8]) -> Vec<u8> {
    let text = file([row(1), row(2).replace(SURNAME, "\u{1}"), row(3)]);
    let (before, after) = text.split_once('\u{1}').expect("the place of the surname");
    [before.as_bytes(), surname, after.as_bytes()].concat()
}

/// A register with three rows; `line` stands in place of the second row.
fn second_line(line: impl Into<String>) -> String {
    file([row(1), line.into(), row(3)])
}

fn cases() -> Vec<Spoilt> {
    let long = "Щ".repeat(5 << 20);
    vec![
        spoilt("header alone", file([]), &[], 0),
        spoilt("header alone, without a line end", HEADER, &[], 0),
        spoilt("no end of the last line", file([row(1), row(2)]).trim_end(), &[], 2),
        spoilt("byte order mark", format!("\u{FEFF}{}", file([row(1), row(2)])), &[], 2),
        spoilt("CR LF and LF mixed", format!("{HEADER}\r\n{}\n{}\r\n{}\n", row(1), row(2), row(3)), &[], 3),
        spoilt("blank lines around the header", format!("\n  \r\n{HEADER}\n\n{}\n \t \n{}\n\n", row(1), row(2)), &[], 2),
        spoilt("NUL bytes in a field", second_named(b"\xD0\x97\0\0\xD0\x90"), &[], 3),
        spoilt("a field of 10 MB", second_named(long.as_bytes()), &[], 3),
        spoilt("a line of 10 MB that is no record", second_line(long), &[(3, "ROW_SHAPE")], 2),
        spoilt("a million delimiters", second_line(";".repeat(1_000_000)), &[(3, "ROW_SHAPE")], 2),
        spoilt("a cut-off row", second_line("R2;98001;1"), &[(3, "ROW_SHAPE")], 2),
        spoilt("a field too many", second_line(row(2) + ";"), &[(3, "ROW_SHAPE")], 2),
        spoilt("a cut-off last row", file([row(1)]) + "R2;98001", &[(3, "ROW_SHAPE")], 1),
        spoilt("the end mark of DOS", file([row(1)]) + "\u{1A}", &[], 1),
        spoilt("zeros at the end", file([row(1)]) + "\0\0", &[(3, "ROW_SHAPE")], 1),
        spoilt("rows between carriage returns", second_line(row(2) + "\r\r" + &row(4)), &[], 4),
        spoilt("delimiters alone", second_line(";;;;;;;;"), &[(3, "FIELD_REQUIRED")], 2),
        spoilt("bytes that are not UTF-8", second_named(b"\xC7\xE0\xF0"), &[(3, "ROW_ENCODING")], 2),
        spoilt("a letter cut in half", second_named(b"\xD0"), &[(3, "ROW_ENCODING")], 2),
        spoilt("surrogates and overlong bytes", second_named(b"\xED\xA0\x80\xC0\xAF"), &[(3, "ROW_ENCODING")], 2),
        spoilt("a quote that is not closed", second_named("\"Заречнов".as_bytes()), &[(3, "ROW_QUOTE")], 2),
        spoilt("text after a closing quote", second_named("\"Заречнов\" ст.".as_bytes()), &[(3, "ROW_QUOTE")], 2),
        spoilt("an open quote at the end of the file", file([row(1)]) + &row(2) + ";\"", &[(3, "ROW_QUOTE")], 1),
        spoilt("an open quote and bytes that are not UTF-8", second_named(b"\"\xFF"), &[(3, "ROW_ENCODING,ROW_QUOTE")], 2),
        spoilt("nothing but bad rows", file(["x".to_owned(), "\"".to_owned()]), &[(2, "ROW_SHAPE"), (3, "ROW_QUOTE")], 0),
    ]
}

#[test]
fn a_bad_row_costs_itself_alone() {
    let mut failures = Vec::new();
    for Spoilt { what, content, quarantined, accepted } in cases() {
        let job = SmallJob::new(&content);
        let outcome = match job.run() {
            Ok(outcome) => outcome,
            Err(error) => {
                failures.push(format!("{what}: no run: {error}"));
                continue;
            }
        };
        let run = PublishedRun::read(&outcome.dir);
        let found: Vec<(i64, String)> =
            run.rows(OutputTable::Quarantine).map(|row| (row.number("line"), sorted(&row.list("codes")))).collect();
        let expected: Vec<(i64, String)> = quarantined.iter().map(|&(line, codes)| (line, codes.to_owned())).collect();
        if found != expected || run.manifest.totals.insured != accepted {
            let insured = run.manifest.totals.insured;
            failures
                .push(format!("{what}: quarantined {found:?}, expected {expected:?}; insured {insured}, expected {accepted}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn sorted(codes: &[&str]) -> String {
    let codes: std::collections::BTreeSet<&str> = codes.iter().copied().collect();
    codes.into_iter().collect::<Vec<_>>().join(",")
}

#[test]
fn a_quarantined_row_keeps_its_bytes_and_place() {
    let content = second_named(b"\"\xFF\xD0");
    let job = SmallJob::new(&content);
    let outcome = job.run().unwrap_or_else(|error| panic!("{error}"));
    let batches = read_table(&outcome.dir, OutputTable::Quarantine);
    let spec = OutputTable::Quarantine.spec();
    let raw = batches[0].column(spec.schema.index_of("raw").expect("raw"));
    let raw = arrow::array::AsArray::as_binary::<i32>(raw).value(0);
    let offset = content.windows(3).position(|bytes| bytes == b"\nR2").expect("the second row") + 1;
    let length = content[offset..].iter().position(|&byte| byte == b'\n').expect("its end");
    assert_eq!(raw, &content[offset..offset + length]);
    let place = spec.schema.index_of("byte_offset").expect("byte_offset");
    assert_eq!(rows_as_text(&batches)[0][place], Some(offset.to_string()));
}

#[test]
fn a_long_quarantined_row_keeps_its_beginning_and_length() {
    let long = "я".repeat(1 << 20);
    let (short, whole) = ("y".repeat(KEPT_ROW_BYTES), "x".repeat(KEPT_ROW_BYTES + 1));
    let rows = [long, short, whole, "z".repeat(17 << 20)];
    let job = SmallJob::new(file(rows.clone()).as_bytes());
    let outcome = job.run().unwrap_or_else(|error| panic!("{error}"));
    let batches = read_table(&outcome.dir, OutputTable::Quarantine);
    let column = |name| batches[0].column(OutputTable::Quarantine.spec().schema.index_of(name).expect("a column"));
    let raw = arrow::array::AsArray::as_binary::<i32>(column("raw"));
    let lengths = arrow::array::AsArray::as_primitive::<arrow::datatypes::Int64Type>(column("raw_bytes"));
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(raw.value(index), &row.as_bytes()[..KEPT_ROW_BYTES], "row {index}");
        assert_eq!(lengths.value(index), row.len() as i64, "row {index}");
    }
}

#[test]
fn long_and_strange_names_are_published_unchanged() {
    let (long, strange) = ("Щ".repeat(5 << 20), "З\0\0А");
    for surname in [long.as_str(), strange] {
        let job = SmallJob::new(&second_named(surname.as_bytes()));
        let outcome = job.run().unwrap_or_else(|error| panic!("{error}"));
        let run = PublishedRun::read(&outcome.dir);
        let kept = run.rows(OutputTable::Persons).filter(|person| person.text("surname") == surname).count();
        assert_eq!(kept, 1, "a surname of {} bytes", surname.len());
    }
}

#[test]
fn a_repeated_header_is_one_bad_row() {
    let outcome = SmallJob::new(second_line(HEADER).as_bytes()).run().unwrap_or_else(|error| panic!("{error}"));
    let totals = outcome.manifest.totals;
    assert_eq!([totals.rows, totals.accepted, totals.quarantined], [3, 2, 1]);
}

/// Number of rows of a large file; fewer in a debug build, in which the test must be quick, too.
const MANY: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };

#[test]
fn an_open_quote_among_many_rows_costs_one() {
    let content = file((0..MANY).map(|number| {
        let row = row(number);
        if number == MANY / 2 { row.replace(SURNAME, &format!("\"{SURNAME}")) } else { row }
    }));
    let outcome = SmallJob::new(content.as_bytes()).run().unwrap_or_else(|error| panic!("{error}"));
    let totals = &outcome.manifest.totals;
    assert_eq!([totals.rows, totals.accepted, totals.quarantined], [MANY as u64, MANY as u64 - 1, 1]);
    assert_eq!(totals.insured, MANY as u64 - 1);
    assert_eq!(outcome.manifest.errors, BTreeMap::from([("ROW_QUOTE".to_owned(), 1)]));
}
