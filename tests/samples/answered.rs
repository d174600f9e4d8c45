//! What the senders of the exchange job are told: the golden answers, and each answer read back row by row against `expected.csv`.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::Event;
use sverka_report::answers::AnswerFamily;

use crate::answers::{files, unzipped};

use super::exchange::{answers, run_and_answer, sample};
use super::golden::assert_golden;
use super::statements::{ANSWER, Statement, statements};

/// The row of a request as its answer tells of it: by which number, with which status, with which codes.
type Told = (String, String, BTreeSet<String>);

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
fn each_answer_read_back_is_what_expected_says_of_the_rows_of_its_request() {
    let statements = statements(sample());
    let mut read = 0;
    for answer in &answers().told.answers {
        let expected = expected(&statements, &answer.source);
        let found = match answer.family {
            AnswerFamily::Mo => attachment_csv(&answer.files),
            AnswerFamily::Oplist => replies(&answer.files),
            AnswerFamily::Att => errors(&answer.files),
            AnswerFamily::Findings => findings(&answer.files),
        };
        assert_eq!(found, expected, "{}", answer.source);
        if matches!(answer.family, AnswerFamily::Mo | AnswerFamily::Oplist) {
            let replied = found.iter().filter(|told| !told.1.is_empty()).count();
            assert_eq!(replied, rows(&statements, &answer.source), "as many rows as the request: {}", answer.source);
        }
        read += found.len();
    }
    let stated = statements.iter().filter(|statement| statement.check == ANSWER).count();
    assert_eq!(read, stated, "every statement is of a source that was answered");
}

/// What `expected.csv` says of the rows of a source, in the order of its lines.
fn expected(statements: &[Statement], source: &str) -> Vec<Told> {
    let of_source = statements.iter().filter(|statement| statement.check == ANSWER).filter_map(|statement| {
        let (name, line) = statement.place.rsplit_once(':').expect("source:line");
        (name == source).then(|| (line.parse::<u64>().expect("a line"), statement))
    });
    let by_line: BTreeMap<u64, &Statement> = of_source.collect();
    let told = |statement: &&Statement| {
        let (status, codes) = statement.value.split_once(':').expect("status:codes");
        (statement.record.clone(), status.to_owned(), set(codes))
    };
    by_line.values().map(told).collect()
}

/// How many rows of a request are answered; the place where a document breaks off and a repeated header are none.
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
fn attachment_csv(files: &[String]) -> Vec<Told> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(';').map(|cell| cell.trim_matches('"')).collect();
        assert_eq!(cells.len(), 8, "{line}");
        (cells[0].to_owned(), cells[6].to_owned(), set(cells[7]))
    };
    content(&files[0]).split_terminator("\r\n").map(row).collect()
}

/// `REPLIST` with the codes of `FLK_P`: `N_REC`, `CODE_ERP`, and `OSHIB` of each line with that `N_REC`; then what `FLK_P` tells of no record.
fn replies(files: &[String]) -> Vec<Told> {
    let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in elements(&content(&files[1]), "PR") {
        codes.entry(line["N_REC"].clone()).or_default().insert(line["OSHIB"].clone());
    }
    let told = |reply: BTreeMap<String, String>| {
        let codes = codes.remove(&reply["N_REC"]).unwrap_or_default();
        (reply["N_REC"].clone(), reply["CODE_ERP"].clone(), codes)
    };
    let mut told: Vec<Told> = elements(&content(&files[0]), "REP").into_iter().map(told).collect();
    told.extend(codes.into_iter().map(|(number, codes)| (number, String::new(), codes)));
    told
}

/// `F…`: `N_ZAP` and the codes of its errors.
fn errors(files: &[String]) -> Vec<Told> {
    let lines = elements(&content(&files[0]), "ERROR");
    grouped(lines.iter().map(|line| (line["N_ZAP"].as_str(), line["CODE"].as_str())))
}

/// The table of findings: ordinal or number of the record, and our codes.
fn findings(files: &[String]) -> Vec<Told> {
    let text = content(&files[0]);
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let mut place = |name| reader.headers().expect("a header").iter().position(|column| column == name).expect("a column");
    let (row, record_id, code, severity) = (place("row"), place("record_id"), place("code"), place("severity"));
    let lines: Vec<csv::StringRecord> = reader.records().map(|line| line.expect("a line")).collect();
    grouped(lines.iter().map(|line| {
        let number = if line[record_id].is_empty() { &line[row] } else { &line[record_id] };
        (number, if &line[severity] == "duplicate" { "DUPLICATE" } else { &line[code] })
    }))
}

/// Codes by number, in the order in which numbers come first.
fn grouped<'t>(lines: impl Iterator<Item = (&'t str, &'t str)>) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    for (number, code) in lines {
        if told.last().is_none_or(|last| last.0 != number) {
            told.push((number.to_owned(), String::new(), BTreeSet::new()));
        }
        told.last_mut().expect("just pushed").2.insert(code.to_owned());
    }
    told
}

/// The attributes of each element of a name, or the elements in it by theirs.
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

/// An answer in UTF-8. Tables of findings are, all others are in windows-1251.
fn text(member: &str, content: &[u8]) -> String {
    if member.ends_with("_findings.csv") {
        return String::from_utf8(content.to_vec()).expect("UTF-8");
    }
    content.iter().map(|&byte| letter(byte)).collect()
}

/// A letter of windows-1251, of those that answers are made of.
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
