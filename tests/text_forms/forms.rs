//! Every form of lines in every kind of layout, encoding and container, cut into chunks of all sizes: the same rows.

use std::io::Write as _;
use std::sync::Arc;

use sverka_formats::{Encoding, SourceFile};
use sverka_intake::{Document, HeaderError, Layout, OpenDocument, RowBytes, RowFault, RowFields};
use sverka_model::Field;

/// A layout with a header, when there is one, and three rows.
struct Sample {
    layout: Layout,
    header: Option<String>,
    rows: [String; 3],
}

const SURNAMES: [&str; 3] = ["ЛИПОВА", "КЛЁНОВ", "ВЯЗОВ"];

/// A layout without a header.
const OWN: &str = r#"
name = "own"
table = "attachments"
dates = "YYYY-MM-DD"
header = false
columns = ["clinic", "surname", "given_name", "birth_date", "attached_from"]
fields = [ { field = "clinic" }, { field = "surname" }, { field = "given_name" }, { field = "birth_date" }, { field = "attached_from" } ]
"#;

fn built_in(name: &str) -> Layout {
    Layout::built_in(name).expect("built in")
}

fn samples() -> Vec<Sample> {
    let canonical = |surname: &str| format!("98001;3;9856510894000011;{surname};АННА;2;1984-03-05;2020-01-01");
    let mo = |surname: &str| {
        format!(
            "\"Р\";\"П\";;\"9856510894000011\";\"{surname}\";\"АННА\";;\"19840305\";;\"14\";\"00 26\";;;;\"980101\";\"2\";;\"20200203\";;;\"0\";\"1\";;\"1\""
        )
    };
    let fund = |surname: &str| {
        format!(
            "\"1\";\"{surname}\";\"АННА\";;\"Ж\";\"19840305\";;;\"9856510894000011\";\"2\";;\"20210201\";;\"980101\";\"1\";\"0\";\"7\";;\"1\""
        )
    };
    let own = |surname: &str| format!("980101;{surname};АННА;1984-03-05;2020-01-01");
    let names = |layout: &Layout| layout.columns.join(";");
    let register = Layout { encoding: None, ..built_in("register") };
    let header = "insurer;policy_kind;enp;surname;given_name;sex;birth_date;insured_from".to_owned();
    let multiline =
        Layout::parse(&OWN.replace("header = false", "header = false\nmultiline = true"), "own.toml").expect("a layout");
    vec![
        Sample { layout: register, header: Some(header), rows: SURNAMES.map(canonical) },
        Sample { header: Some(names(&built_in("mo"))), layout: built_in("mo"), rows: SURNAMES.map(mo) },
        Sample { header: None, layout: built_in("mo"), rows: SURNAMES.map(mo) },
        Sample { header: Some(names(&built_in("mo_dated"))), layout: built_in("mo_dated"), rows: SURNAMES.map(mo) },
        Sample {
            header: Some("номер;и;так;далее".to_owned()), layout: built_in("voronezh_fund"), rows: SURNAMES.map(fund)
        },
        Sample { header: None, layout: built_in("voronezh_fund"), rows: SURNAMES.map(fund) },
        Sample { header: None, layout: Layout::parse(OWN, "own.toml").expect("a layout"), rows: SURNAMES.map(own) },
        Sample { header: None, layout: multiline, rows: SURNAMES.map(own) },
    ]
}

/// The surnames of all rows of a file, or their faults. The file is read in chunks of about `chunk_bytes`.
fn surnames(bytes: &[u8], layout: &Layout, chunk_bytes: usize) -> Result<Vec<String>, HeaderError> {
    let mut file = tempfile::NamedTempFile::new().expect("temporary file");
    file.write_all(bytes).expect("written");
    let file = SourceFile::open_unshared(file.path()).expect("mapped");
    let document = Document::all_of(&file, "sample").expect("a document").remove(0);
    let document = OpenDocument::open(document, Arc::new(layout.clone()))?;
    let table = layout.tables().next().expect("a table");
    let (bindings, chunks) = (document.bind(table), document.chunks(chunk_bytes));
    let mut found = Vec::new();
    let mut lines = document.lines_before();
    for index in 0..chunks.count() {
        let mut visitor = |_: RowBytes<'_>, fields: Result<RowFields<'_>, RowFault>| {
            found.push(fields.map_or_else(|fault| format!("{fault:?}"), |fields| fields.get(Field::Surname).to_owned()));
        };
        lines += u64::from(document.read(&bindings, &chunks, index, &mut visitor).lines);
    }
    assert!(lines >= found.len() as u64, "a row has a line");
    Ok(found)
}

/// The text in an encoding, behind a byte order mark where the encoding has one.
fn encoded(encoding: Encoding, text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mark = if encoding == Encoding::Windows1251 { "" } else { "\u{FEFF}" };
    encoding.encode(mark, &mut bytes).and_then(|()| encoding.encode(text, &mut bytes)).expect("the encoding has all characters");
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory")
}

/// Reads a text in every encoding and container, whole and in small chunks. Returns a message for each result that differs from `expected`.
fn differences(what: &str, layout: &Layout, text: &str, expected: &[&str]) -> Vec<String> {
    let mut failures = Vec::new();
    for encoding in [Encoding::Utf8, Encoding::Windows1251, Encoding::Utf16Le, Encoding::Utf16Be] {
        let bytes = encoded(encoding, text);
        let packed = gzip(&bytes);
        let ways =
            [("plain", &bytes, 1 << 20), ("in chunks", &bytes, 50), ("in small chunks", &bytes, 7), ("packed", &packed, 1 << 20)];
        for (how, bytes, chunk_bytes) in ways {
            if how == "packed"
                && layout.delimited().is_some_and(|form| form.multiline)
                && matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be)
            {
                continue;
            }
            match surnames(bytes, layout, chunk_bytes) {
                Ok(found) if found == expected => {}
                other => failures.push(format!("{what}, {}, {}, {how}: {other:?}", layout.name, encoding.name())),
            }
        }
    }
    failures
}

#[test]
fn no_form_of_lines_costs_a_row() {
    let mut failures = Vec::new();
    for Sample { layout, header, rows } in samples() {
        let with = |end: &str, before: &str, after: &str| {
            let lines = header.iter().chain(&rows).map(|line| format!("{line}{end}")).collect::<String>();
            format!("{before}{lines}{after}")
        };
        let header_then = |header_end: &str, end: &str| {
            let header = header.as_ref().map_or(String::new(), |header| format!("{header}{header_end}"));
            header + &rows.iter().map(|row| format!("{row}{end}")).collect::<String>()
        };
        for (what, text) in [
            ("LF", with("\n", "", "")),
            ("CR LF", with("\r\n", "", "")),
            ("CR CR LF", with("\r\r\n", "", "")),
            ("CR", with("\r", "", "")),
            ("CR with blank lines", with("\r\r", "\r", "")),
            ("CR behind the header only", header_then("\r", "\n")),
            ("CR behind the rows only", header_then("\n", "\r")),
            ("CR from the second row on", header_then("\r\n", "\n").replacen('\n', "\r", 2)),
            ("no end of the last line", with("\n", "", "").trim_end().to_owned()),
            ("sep", with("\r\n", "sep=;\r\n", "")),
            ("quoted SEP behind a blank line", with("\n", "\n\"SEP=;\"\n", "")),
            ("sep and CR", with("\r", "sep=;\r", "")),
            ("end mark", with("\r\n", "", "\u{1A}")),
            ("end mark with a line end", with("\n", "", "\u{1A}\r\n")),
            ("end marks and zeros", with("\r\n", "", "\u{1A}\u{1A}\0\0\0")),
            ("end mark behind the last value", format!("{}\u{1A}", with("\r\n", "", "").trim_end())),
            ("end mark behind CR", with("\r", "", "\u{1A}")),
        ] {
            failures.extend(differences(what, &layout, &text, &SURNAMES));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn quotes_by_the_standard_are_read_where_quotes_are_decoration() {
    let mut failures = Vec::new();
    for Sample { layout, rows, .. } in samples().into_iter().filter(|sample| sample.rows[0].starts_with('"')) {
        for value in ["А; Б", "А\nБ", "А; \"\"Б\"\"\r\nВ", ";;;;;;;;;;;;;;;;;;;;;;;;;;;;", "А\n\nБ;\nВ"] {
            let text = rows.iter().map(|row| row.replace("АННА", value) + "\r\n").collect::<String>().repeat(3);
            failures.extend(differences(value, &layout, &text, &SURNAMES.repeat(3)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_file_without_lines_is_empty_in_every_layout() {
    for Sample { layout, .. } in samples() {
        for text in ["", "\n \r\n", "\r\r", "\u{1A}", "\n\u{1A}\n", "sep=;\n"] {
            for encoding in [Encoding::Utf8, Encoding::Utf16Le] {
                let bytes = encoded(encoding, text);
                for bytes in [gzip(&bytes), bytes] {
                    let error = surnames(&bytes, &layout, 100).expect_err("nothing to read").to_string();
                    assert!(error.contains("is empty"), "{text:?} {}: {error}", layout.name);
                }
            }
        }
    }
}

#[test]
fn a_header_is_no_row_and_a_row_is_no_header() {
    for Sample { layout, rows, .. } in samples().into_iter().filter(|sample| sample.layout.name.starts_with("mo")) {
        let names = layout.columns.join(";");
        let shifted = names.split_once(';').expect("columns").1.to_owned();
        let others = names.replace('ф', "ъ").replace('Д', "Д и Д ").replace('И', "и-").replace("ер", "р").replace("ия", "ие");
        for first in [names.clone(), names.to_lowercase(), names.replace('_', " "), shifted, format!("{names};Ещё"), others] {
            let text = format!("{first}\r\n{}\r\n", rows.join("\n"));
            assert_eq!(surnames(text.as_bytes(), &layout, 100).expect("rows"), SURNAMES, "{} {first}", layout.name);
        }
        let joined = format!("{names}{}\n{}\n", rows[0], rows[1..].join("\n"));
        let found = surnames(joined.as_bytes(), &layout, 100).expect("rows");
        assert!(found.len() == 3 && found[0].starts_with("RowFault") && found[1..] == SURNAMES[1..], "{found:?}");
        let moved = names.replace("Фамилия;Имя", "Имя;Фамилия");
        let error = surnames(format!("{moved}\n{}\n", rows.join("\n")).as_bytes(), &layout, 100).expect_err("another order");
        assert!(error.to_string().contains("in another order than layout"), "{error}");
    }
}
