//! Damaged tables, lists and archives: one bad record costs itself, and missing parts and unreadable archives are reported.

use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use sverka_publish::{OutputTable, zip_of};

use super::{FormatJob, in_1251, quarantined, rows};
use crate::commands::sverka;
use crate::samples;

/// Values of a row of a register.
const ROW: [(&str, &str); 10] = [
    ("record_id", "1"),
    ("insurer", "98001"),
    ("policy_kind", "3"),
    ("enp", "9856510894000011"),
    ("surname", "ЛИПОВА"),
    ("given_name", "АННА"),
    ("patronymic", "ИВАНОВНА"),
    ("sex", "2"),
    ("birth_date", "1984-03-05"),
    ("insured_from", "2020-01-01"),
];

/// A register in Parquet with three rows and columns of bytes. In the second row, `value` replaces the value of a column.
fn binary_register(column: &str, value: &[u8]) -> Vec<u8> {
    let columns = register_columns();
    let value_of = |name: &str, row: usize| -> Vec<u8> {
        match ROW.iter().find(|(known, _)| *known == name) {
            _ if name == column && row == 1 => value.to_vec(),
            Some((_, value)) if name == "record_id" => format!("{value}{row}").into_bytes(),
            Some((_, value)) => value.as_bytes().to_vec(),
            None => Vec::new(),
        }
    };
    let array = |name: &String| {
        let values: Vec<Vec<u8>> = (0..3).map(|row| value_of(name, row)).collect();
        let array: ArrayRef = Arc::new(BinaryArray::from_iter_values(values));
        (name.clone(), array)
    };
    parquet(columns.iter().map(array).collect())
}

/// The columns of a register of the samples.
fn register_columns() -> Vec<String> {
    let text = std::fs::read_to_string(samples::folder().join("registers/98001_20261031.csv")).expect("a sample");
    text.lines().next().expect("a header").split(';').map(|name| name.trim_matches('"').to_owned()).collect()
}

/// A Parquet file with these columns.
fn parquet(columns: Vec<(String, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("a batch");
    writer.close().expect("a file");
    bytes
}

#[test]
fn a_value_of_parquet_that_is_no_text_costs_its_row_in_every_column() {
    for (column, _) in
        ROW.iter().chain([&("birth_place", ""), &("region", ""), &("snils", ""), &("doc_number", ""), &("policy_number", "")])
    {
        for value in [&b"\xD0"[..], b"\xF0\x90\x80", b"\x80 and some more bytes behind it", b"\xCF\xE5\xF2\xF0\xEE\xE2"] {
            let run = FormatJob::new().source("registers", "r.parquet", "register", &binary_register(column, value)).run();
            assert_eq!(quarantined(&run), ["2|ROW_ENCODING"], "{column} {value:x?}");
            assert_eq!((run.manifest.totals.rows, run.manifest.totals.quarantined), (3, 1), "{column}");
            let raw = rows(&run, OutputTable::Quarantine, &["raw"]);
            assert_eq!(raw.len(), 1, "{column}");
        }
    }
    let whole = FormatJob::new().source("registers", "r.parquet", "register", &binary_register("sex", b"2")).run();
    assert_eq!((quarantined(&whole), whole.manifest.totals.rows), (Vec::new(), 3));
}

#[test]
fn bytes_of_parquet_are_in_the_encoding_of_the_layout_where_they_are_not_utf8() {
    let canonical = sverka_intake::Layout::built_in_text("register").expect("built in");
    let layout =
        canonical.replace("name = \"register\"", "name = \"own\"").replace("encoding = \"utf-8\"", "encoding = \"windows-1251\"");
    assert_ne!(layout, canonical);
    let bytes = binary_register("surname", &in_1251("БЕРЁЗОВА"));
    let job = FormatJob::new().source("registers", "r.parquet", "own.toml", &bytes);
    job.write("own.toml", layout.as_bytes());
    let run = job.run();
    assert_eq!(quarantined(&run), Vec::<String>::new());
    let names = rows(&run, OutputTable::Persons, &["surname"]);
    assert!(names.iter().all(|name| name == "ЛИПОВА" || name == "БЕРЁЗОВА"), "{names:?}");
    assert_eq!(run.manifest.totals.quarantined, 0);
}

#[test]
fn a_long_row_of_parquet_costs_itself() {
    let run =
        FormatJob::new().source("registers", "r.parquet", "register", &binary_register("surname", &[b'A'; (1 << 20) + 1])).run();
    assert_eq!(quarantined(&run), ["2|RECORD_BROKEN"]);
}

#[test]
fn a_parquet_file_that_expands_too_much_breaks_off_early() {
    let text = "A".repeat(64 << 10);
    let columns = register_columns().into_iter().map(|name| {
        let value = ROW.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| *value);
        let value = if name == "birth_place" { text.as_str() } else { value };
        let array: ArrayRef = Arc::new(StringArray::from(vec![value; 2000]));
        (name, array)
    });
    let job = FormatJob::new().source("registers", "r.parquet", "register", &parquet(columns.collect()));
    let path = job.dir.path().join("r.parquet");
    let output = sverka(&["layout", "check", "register", path.to_str().expect("UTF-8")]).exits_with(1).stdout;
    assert!(output.contains("200 times the size of the file"), "{output}");
}

/// A list of insured people with these records, in the form of the exchange.
fn list(records: &[&str]) -> Vec<u8> {
    let whole = |record: &&str| match *record {
        "" => "<OP><N_REC>1</N_REC></OP>".to_owned(),
        other => other.to_owned(),
    };
    format!("<OPLIST><SMOCOD>98001</SMOCOD>{}</OPLIST>", records.iter().map(whole).collect::<String>()).into_bytes()
}

#[test]
fn a_record_of_a_list_with_a_bad_tag_is_one_row_with_its_cause() {
    let long = format!("<OP><N_REC X='{}'>1</N_REC></OP>", "x".repeat(70_000));
    let deep = format!("<OP>{}{}</OP>", "<X>".repeat(40), "</X>".repeat(40));
    for (record, cause) in [
        ("<OP><N_REC>1</N_RECORD></OP>", "an end tag that does not fit"),
        ("<OP><N_REC>1</N_REC>", "an end tag that does not fit"),
        ("<OP><N_REC>1 < 2</N_REC></OP>", "a tag that cannot be read"),
        ("<OP><N_REC A='1' A='2'>1</N_REC></OP>", "attributes that cannot be read"),
        ("<OP><N_REC>&nbsp;</N_REC></OP>", "begins no predefined entity"),
        (long.as_str(), "a tag of more than"),
        (deep.as_str(), "elements inside more than"),
    ] {
        let bytes = list(&["", record, "", "", ""]);
        let job = FormatJob::new().source("sources", "i.xml", "oplist", &bytes);
        let run = job.run();
        let codes = quarantined(&run);
        assert_eq!(codes.len(), 5, "{cause}: {codes:?}");
        assert_eq!(codes[1], "2|RECORD_BROKEN", "{cause}");
        assert!(codes.iter().enumerate().all(|(row, code)| row == 1 || code.contains("FIELD_REQUIRED")), "{cause}: {codes:?}");
        let path = job.dir.path().join("i.xml");
        let out = sverka(&["layout", "check", "oplist", path.to_str().expect("UTF-8")]).exits_with(1).stdout;
        assert!(out.contains(cause), "{cause} is not in {out}");
    }
}

#[test]
fn a_list_breaks_off_where_it_is_not_sure_that_records_follow() {
    for record in ["</X>", "<OP><N_REC>1<OP/></OP>", "<OP><N_REC>1</X><![CDATA[</OP>"] {
        let run = FormatJob::new().source("sources", "i.xml", "oplist", &list(&["", record, ""])).run();
        assert_eq!(quarantined(&run).last().map(String::as_str), Some("2|DOCUMENT_BROKEN"), "{record}");
    }
}

#[test]
fn attachments_whose_records_are_called_prikrep_are_read() {
    let record = "<PRIKREP><pid>1</pid><ENP>9856510894000011</ENP><FAM>ЛИПОВА</FAM><IM>АННА</IM><OT>ИВАНОВНА</OT><DR>1984-03-05</DR><W>2</W>\
        <OPDOC>3</OPDOC><SPOL/><NPOL>9856510894000011</NPOL><LPU>980101</LPU><LPUAUTO>2</LPUAUTO><LPUDT>2020-02-03</LPUDT></PRIKREP>";
    let document = |records: &str| {
        in_1251(&format!(
            "<?xml version=\"1.0\" encoding=\"windows-1251\"?><ZL_LIST><ZGLV><YEAR>2026</YEAR></ZGLV>{records}</ZL_LIST>"
        ))
    };
    let register = std::fs::read(samples::folder().join("registers/98001_20261031.csv")).expect("a sample");
    let job = FormatJob::new()
        .source("registers", "r.csv", "register", &register)
        .named_source("PRIKREP_M980101.xml", &document(record));
    assert_eq!(
        job.run().manifest.inputs.iter().find(|input| input.name.starts_with("PRIKREP")).and_then(|input| input.rows),
        Some(1)
    );
    job.write("other.xml", &document(&record.replace("PRIKREP", "PRIKREPLENIE")));
    let path = job.dir.path().join("other.xml");
    let out = sverka(&["layout", "check", "prikrep_astrakhan", path.to_str().expect("UTF-8")]).exits_with(1).stdout;
    assert!(out.contains("`PRIKREPLENIE`") && out.contains("`PRIKREP`"), "{out}");
}

#[test]
fn archives_that_cannot_be_read_are_reported_by_every_command() {
    let deflate64 = include_bytes!("damaged/deflate64.zip");
    let empty = zip_of(&[("a", &[])]);
    let junk = zip_of(&[("__MACOSX/._MO2980101.csv", b"junk"), (".DS_Store", b"junk"), ("x/Thumbs.db", b"junk")]);
    let cut = &zip_of(&[("r.csv", b"a;b")])[..20];
    for (name, bytes, words) in [
        ("MO298010120261031.zip", &deflate64[..], ["Deflate64", "pack it again"]),
        ("MO298010120261032.zip", &zip_of(&[]), ["no files", "sent again"]),
        ("MO298010120261033.zip", &empty, ["no files", "sent again"]),
        ("MO298010120261034.zip", &junk, ["no files", "sent again"]),
        ("MO298010120261035.zip", cut, ["directory", "sent again"]),
        ("MO298010120261036.rar", b"Rar!\x1a\x07\x01 and so on", ["RAR", "pack it as ZIP"]),
        ("MO298010120261037.csv.gz", b"\x1f\x8b\x08\x08", ["cut off", "sent again"]),
        ("MO298010120261038.csv.zst", include_bytes!("damaged/window_128mb.csv.zst"), ["window", "--long"]),
        ("MO298010120261039.csv.zst", b"\x50\x2a\x4d\x18\xff\xff\0\0", ["cut off", "sent again"]),
    ] {
        let job = FormatJob::new().named_source(name, bytes);
        let register = std::fs::read(samples::folder().join("registers/98001_20261031.csv")).expect("a sample");
        let job = job.source("registers", "r.csv", "register", &register);
        let (path, job) = (job.dir.path().join(name), job.job());
        let (path, job) = (path.to_str().expect("UTF-8"), job.to_str().expect("UTF-8"));
        for command in [&["run", job][..], &["check", path, "--job", job], &["layout", "check", "mo", path]] {
            let output = sverka(command).exits_with(3).stderr;
            assert!(output.contains(name) && words.iter().all(|word| output.contains(word)), "{command:?}: {output}");
        }
    }
}

#[test]
fn files_that_operating_systems_leave_in_archives_are_no_sources() {
    let register = std::fs::read(samples::folder().join("registers/98001_20261031.csv")).expect("a sample");
    let junk: [(&str, &[u8]); 3] = [("__MACOSX/._r.csv", b"\0\x05\x16\x07"), (".DS_Store", b"Bud1"), ("in/desktop.ini", b"[x]")];
    let archive = zip_of(&[junk[0], ("in/r.csv", &register), junk[1], junk[2]]);
    let job = FormatJob::new().source("registers", "r.zip", "register", &archive);
    let job_path = job.job();
    let ended = sverka(&["run", job_path.to_str().expect("UTF-8")]);
    assert!(ended.stderr.contains("`__MACOSX/._r.csv`") && ended.stderr.contains("passed over"), "{}", ended.stderr);
    let run = job.run();
    let names: Vec<&str> =
        run.manifest.inputs.iter().filter(|input| input.layout.is_some()).map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["r.zip"]);
}

#[test]
fn a_dbf_row_without_mark_costs_itself() {
    for (bytes, expected) in [
        (&include_bytes!("damaged/first_row_bad_mark.dbf")[..], (5, 1)),
        (include_bytes!("damaged/cut_at_row_boundary.dbf"), (2, 0)),
    ] {
        let run = FormatJob::new().source("sources", "a.dbf", "mo_dbf", bytes).run();
        let broken = quarantined(&run).iter().filter(|row| row.ends_with("RECORD_BROKEN")).count() as u64;
        assert_eq!((run.manifest.totals.rows, broken), expected);
    }
}

#[test]
fn a_dbf_table_that_was_cut_at_a_row_is_an_event() {
    let register = std::fs::read(samples::folder().join("registers/98001_20261031.csv")).expect("a sample");
    let job = FormatJob::new().source("registers", "r.csv", "register", &register);
    let job = job.source("sources", "a.dbf", "mo_dbf", include_bytes!("damaged/cut_at_row_boundary.dbf"));
    let path = job.job();
    let ended = sverka(&["run", path.to_str().expect("UTF-8")]).exits_with(1);
    let events = ended.stdout.split("To be looked at").nth(1).unwrap_or_default();
    assert!(events.contains("a.dbf: the header of the table declares 5 rows and 2 are there"), "{}", ended.stdout);
}
