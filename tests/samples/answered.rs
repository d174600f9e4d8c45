//! Answers to the senders of the exchange job: the golden answers, and each answer read back row by row against `expected.csv`.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::Event;
use sverka_report::answers::AnswerFamily;

use crate::answers::{files, unzipped};

use super::exchange::{answers, run_and_answer, sample};
use super::golden::assert_golden;
use super::statements::{ANSWER, Statement, statements};

/// The answer to one row of a request.
#[derive(Debug, PartialEq, Eq)]
struct RowAnswer {
    /// Number of the row, or the sender's number of the record.
    number: String,
    /// Status; empty in a family that has none.
    status: String,
    codes: BTreeSet<String>,
}

#[test]
fn answers_are_the_golden_ones() {
    let mut texts = BTreeMap::new();
    for (name, content) in &answers().files {
        if name.ends_with(".zip") {
            let (member, content) = unzipped(content);
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            texts.insert(format!("{folder}/{member}"), text(&member, &content));
        }
    }
    assert_golden(&sample().folder, "golden/answers", &texts);
    let expected: BTreeSet<String> = texts.into_keys().collect();
    let left: Vec<String> = golden_answers().into_iter().filter(|name| !expected.contains(name)).collect();
    assert!(left.is_empty(), "golden answers that nobody gets any more: {left:?}");
}

#[test]
fn a_second_run_gives_the_same_archives() {
    let (first, second) = (&answers().files, run_and_answer().1.files);
    let changed: Vec<&String> = first.keys().filter(|name| second.get(*name) != first.get(*name)).collect();
    assert!(changed.is_empty() && first.len() == second.len(), "{changed:?}");
}

#[test]
fn each_answer_read_back_is_that_of_expected_csv() {
    let statements = statements(sample());
    let mut read = 0;
    for answer in &answers().index.answers {
        let expected = expected(&statements, &answer.source);
        let found = match answer.family {
            AnswerFamily::Mo => attachment_csv(&answer.files),
            AnswerFamily::Oplist => replies(&answer.files),
            AnswerFamily::Att => errors(&answer.files),
            AnswerFamily::Findings => findings(&answer.files),
        };
        assert_eq!(found, expected, "{}", answer.source);
        if matches!(answer.family, AnswerFamily::Mo | AnswerFamily::Oplist) {
            let replied = found.iter().filter(|row| !row.status.is_empty()).count();
            assert_eq!(replied, rows(&statements, &answer.source), "as many rows as the request: {}", answer.source);
        }
        read += found.len();
    }
    let stated = statements.iter().filter(|statement| statement.check == ANSWER).count();
    assert_eq!(read, stated, "every statement is of a source that was answered");
}

/// The answers in `expected.csv` to the rows of a source, in the order of lines.
fn expected(statements: &[Statement], source: &str) -> Vec<RowAnswer> {
    let of_source = statements.iter().filter(|statement| statement.check == ANSWER).filter_map(|statement| {
        let (name, line) = statement.place.rsplit_once(':').expect("source:line");
        (name == source).then(|| (line.parse::<u64>().expect("a line"), statement))
    });
    let by_line: BTreeMap<u64, &Statement> = of_source.collect();
    let row_answer = |statement: &&Statement| {
        let (status, codes) = statement.value.split_once(':').expect("status:codes");
        RowAnswer { number: statement.record.clone(), status: status.to_owned(), codes: set(codes) }
    };
    by_line.values().map(row_answer).collect()
}

/// Number of answered rows of a request. The place where a document breaks off and a repeated header are no rows.
fn rows(statements: &[Statement], source: &str) -> usize {
    let counts = statements.iter().find(|statement| statement.check == "rows" && statement.place == source).expect("counts");
    let counted: usize = counts.value.split('/').next().and_then(|rows| rows.parse().ok()).expect("a number of rows");
    let is_none = |statement: &&Statement| {
        let is_no_row = matches!(statement.value.as_str(), "DOCUMENT_BROKEN" | "ROW_HEADER");
        is_no_row && statement.place.starts_with(&format!("{source}:"))
    };
    counted - statements.iter().filter(is_none).count()
}

fn set(codes: &str) -> BTreeSet<String> {
    codes.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect()
}

/// `E2…`: row number, status and codes.
fn attachment_csv(files: &[String]) -> Vec<RowAnswer> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(';').map(|cell| cell.trim_matches('"')).collect();
        assert_eq!(cells.len(), 8, "{line}");
        RowAnswer { number: cells[0].to_owned(), status: cells[6].to_owned(), codes: set(cells[7]) }
    };
    content(&files[0]).split_terminator("\r\n").map(row).collect()
}

/// `REPLIST` with the codes of `FLK_P`: `N_REC`, `CODE_ERP`, and `OSHIB` of each line with that `N_REC`. Codes of `FLK_P` without a record follow.
fn replies(files: &[String]) -> Vec<RowAnswer> {
    let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in elements(&content(&files[1]), "PR") {
        codes.entry(line["N_REC"].clone()).or_default().insert(line["OSHIB"].clone());
    }
    let row_answer = |reply: BTreeMap<String, String>| {
        let codes = codes.remove(&reply["N_REC"]).unwrap_or_default();
        RowAnswer { number: reply["N_REC"].clone(), status: reply["CODE_ERP"].clone(), codes }
    };
    let mut rows: Vec<RowAnswer> = elements(&content(&files[0]), "REP").into_iter().map(row_answer).collect();
    rows.extend(codes.into_iter().map(|(number, codes)| RowAnswer { number, status: String::new(), codes }));
    rows
}

/// `F…`: `N_ZAP` and the codes of its errors.
fn errors(files: &[String]) -> Vec<RowAnswer> {
    let lines = elements(&content(&files[0]), "ERROR");
    grouped(lines.iter().map(|line| (line["N_ZAP"].as_str(), line["CODE"].as_str())))
}

/// The table of findings: ordinal or number of the record, and codes of rules.
fn findings(files: &[String]) -> Vec<RowAnswer> {
    let text = content(&files[0]);
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let mut column = |name| reader.headers().expect("a header").iter().position(|known| known == name).expect("a column");
    let (row, record_id, code, severity) = (column("row"), column("record_id"), column("code"), column("severity"));
    let lines: Vec<csv::StringRecord> = reader.records().map(|line| line.expect("a line")).collect();
    grouped(lines.iter().map(|line| {
        let number = if line[record_id].is_empty() { &line[row] } else { &line[record_id] };
        (number, if &line[severity] == "duplicate" { "DUPLICATE" } else { &line[code] })
    }))
}

/// The lines (number, code) grouped by consecutive numbers.
fn grouped<'t>(lines: impl Iterator<Item = (&'t str, &'t str)>) -> Vec<RowAnswer> {
    let mut rows: Vec<RowAnswer> = Vec::new();
    for (number, code) in lines {
        if rows.last().is_none_or(|last| last.number != number) {
            rows.push(RowAnswer { number: number.to_owned(), status: String::new(), codes: BTreeSet::new() });
        }
        rows.last_mut().expect("just pushed").codes.insert(code.to_owned());
    }
    rows
}

/// The elements of a name, each with its attributes and the texts of the elements inside.
fn elements(text: &str, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = Reader::from_str(text);
    let (mut found, mut inside, mut key) = (Vec::new(), false, String::new());
    let utf8 = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Eof => return found,
            Event::Start(start) | Event::Empty(start) if start.name().as_ref() == name.as_bytes() => {
                let attributes = start.attributes().map(|attribute| attribute.expect("an attribute"));
                found.push(attributes.map(|of| (utf8(of.key.as_ref()), utf8(&of.value))).collect::<BTreeMap<_, _>>());
                inside = true;
            }
            Event::End(end) if end.name().as_ref() == name.as_bytes() => inside = false,
            Event::Start(start) => key = utf8(start.name().as_ref()),
            Event::Text(value) if inside && !key.is_empty() => {
                found.last_mut().expect("inside one").insert(key.clone(), utf8(&value));
            }
            Event::End(_) => key.clear(),
            _ => {}
        }
    }
}

/// The text of an answer.
fn content(name: &str) -> String {
    let (member, content) = unzipped(&answers().files[name]);
    text(&member, &content)
}

/// The text of an answer: tables of findings are in UTF-8, all others in windows-1251.
fn text(member: &str, content: &[u8]) -> String {
    if member.ends_with("_findings.csv") {
        return String::from_utf8(content.to_vec()).expect("UTF-8");
    }
    content.iter().map(|&byte| letter(byte)).collect()
}

/// A character of windows-1251; only those of answers are known.
fn letter(byte: u8) -> char {
    match byte {
        0..0x80 => char::from(byte),
        0xC0.. => char::from_u32(0x410 + u32::from(byte - 0xC0)).expect("a letter from А to я"),
        0xA8 => 'Ё',
        0xB8 => 'ё',
        0xB9 => '№',
        0xAB => '«',
        0xBB => '»',
        0x97 => '—',
        _ => panic!("an answer has the byte {byte:#04X}"),
    }
}

/// The golden answers by name.
fn golden_answers() -> Vec<String> {
    files(&sample().folder.join("golden/answers")).into_keys().collect()
}
