//! The contents of answers.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::Event;
use sverka_report::answers::AnswerFamily;

use super::{Answering, cells, exchanged, files, unzipped};
use crate::published::PublishedRun;
use crate::samples;
use sverka_publish::OutputTable;

/// Record ids of a source of the sample region in their order; empty for a row without a readable one.
fn record_ids(source: &str) -> Vec<String> {
    let text = std::fs::read(samples::folder().join(source)).expect("a sample");
    let text = String::from_utf8_lossy(&text);
    let mut lines = text.lines().map(|line| line.trim_start_matches('\u{FEFF}'));
    let header = lines.next().expect("a header");
    let column = header.split(';').position(|name| name == "record_id").expect("record ids");
    let rows = lines.filter(|line| !line.trim().is_empty());
    rows.map(|line| line.split(';').nth(column).unwrap_or_default().to_owned()).collect()
}

/// The answer of a member of the attachment CSV family.
fn member(answering: &Answering, name: &str) -> Vec<Vec<String>> {
    let found = files(&answering.out());
    let (inner, content) = unzipped(&found[&format!("{name}.zip")]);
    assert_eq!(inner, format!("{}.csv", name.rsplit('/').next().expect("a name")));
    cells(&content)
}

#[test]
fn every_row_of_every_attachment_file_is_answered_in_its_place() {
    let answering = Answering::new();
    let index = answering.answer(&exchanged).unwrap_or_else(|error| panic!("{error}"));
    let mut rows = 0;
    for source in index.answers.iter().filter(|answer| answer.family == AnswerFamily::Mo) {
        let stem = source.source.trim_start_matches("attachments/").trim_end_matches(".csv");
        let answered = member(&answering, &format!("attachments/E2{stem}"));
        let ids = record_ids(&source.source);
        assert_eq!(answered.len(), ids.len(), "{}", source.source);
        for (ordinal, (cells, id)) in (1..).zip(answered.iter().zip(&ids)) {
            assert_eq!(cells.len(), 8, "{cells:?}");
            // A row that cannot be split has no readable number.
            assert!(cells[0] == *id || cells[0] == ordinal.to_string(), "{} row {ordinal}: {cells:?}", source.source);
            assert_eq!(cells[6] == "2", cells[5].is_empty(), "an accepted date stands for an accepted row: {cells:?}");
            assert!(cells[6] == "1" || !cells[7].is_empty(), "a refusal has a reason: {cells:?}");
        }
        assert_eq!(source.rows, ids.len() as u64);
        rows += ids.len();
    }
    assert!(rows > 200, "the samples have {rows} rows of attachment");
}

#[test]
fn every_row_is_answered_with_its_outcome() {
    let answering = Answering::new();
    answering.answer(&exchanged).unwrap_or_else(|error| panic!("{error}"));
    let city = member(&answering, "attachments/E2980101_20261031");
    let district = member(&answering, "attachments/E2980107_20261015");
    for (answers, id, expected) in [
        // Attached on its start, and then superseded by 980107, so it is an older application today.
        (&city, "C406-2", "2468080385668053303;9855340834901750;980103;20260120;20200201;1;600"),
        (&city, "C406-4", "2468080385668053303;9855340834901750;980103;20260120;20260120;1;"),
        // Refused at first, and deferred to the end of the stay that refused it.
        (&city, "C408-4", "7830047411908228421;9855110834901773;980103;20260901;20260901;1;702"),
        // The limit of changes was used up.
        (&city, "C407-4", "610248655251087338;9855310884901760;980107;20260201;;2;702"),
        // A stronger record starts on the same day.
        (&city, "C412-6", "1224272910443864876;9853140834901848;980107;20240201;;2;600"),
        // Not insured: no row in the register, so the ENP is the request's and no clinic is on record.
        (&city, "C428-1", "5912904336607588747;9850510824902076;;;;2;703"),
        (&city, "C335-4", "4476855625845540635;9872550844901603;;;;2;704"),
        // Quarantined rows have no person.
        (&city, "C011-2", ";;;;;2;2"),
        (&city, "C017-2", ";9850810840900306;;;;2;746"),
        // Two records of one stay, which another clinic ended.
        (&district, "C417-3", "2834282008238171077;9852310834901905;980101;20260901;20200201;1;600"),
    ] {
        let row = answers.iter().find(|cells| cells[0] == id).unwrap_or_else(|| panic!("no answer to {id}"));
        assert_eq!(row[1..].join(";"), expected, "{id}");
    }
}

#[test]
fn a_duplicate_is_answered_with_the_person_of_the_kept_row() {
    let answering = Answering::new();
    answering.answer(&exchanged).unwrap_or_else(|error| panic!("{error}"));
    let city = member(&answering, "attachments/E2980101_20261031");
    let archive = member(&answering, "attachments/E2fund_archive");
    // Lines 18 and 19 of the one and 5 of the other; line 2 is blank, and the header is no row.
    let (kept, copy, elsewhere) = (&city[18 - 3], &city[19 - 3], &archive[5 - 2]);
    assert_eq!((kept[6].as_str(), copy[6..].join(";").as_str(), elsewhere[6..].join(";").as_str()), ("1", "2;709", "2;709"));
    assert!(!kept[1].is_empty() && kept[1] == copy[1] && kept[1] == elsewhere[1], "{kept:?} {copy:?} {elsewhere:?}");
}

#[test]
fn the_format_log_lists_rows_with_errors_of_form_alone() {
    let answering = Answering::new();
    answering.answer(&exchanged).unwrap_or_else(|error| panic!("{error}"));
    let log = member(&answering, "attachments/LO2980102_20261031");
    let lines: Vec<String> = log.iter().map(|cells| cells.join(";")).collect();
    assert!(lines.contains(&"1;;803".to_owned()), "the broken quote of the first row: {lines:?}");
    let invalid = log.iter().find(|cells| cells[0] == "C106-3").expect("a row with a wrong SNILS and method");
    assert_eq!(invalid[2].split(',').collect::<BTreeSet<_>>(), BTreeSet::from(["12", "243"]));
    let record_ids: Vec<&str> = log.iter().map(|cells| cells[0].as_str()).collect();
    assert!(!record_ids.contains(&"C426-2"), "an age is no error of form: {record_ids:?}");
}

#[test]
fn clinics_get_notices_about_the_persons_they_lost() {
    let answering = Answering::new();
    let index = answering.answer(&exchanged).unwrap_or_else(|error| panic!("{error}"));
    let run = PublishedRun::read(&answering.job.output.join("current"));
    let mut expected = BTreeSet::new();
    for row in run.rows(OutputTable::Decisions) {
        if row.text("subject") == "clinic" && row.text("outcome") == "superseded" {
            let day = row.text("start").replace('-', "");
            expected.insert([row.text("losing_code"), row.text("person_id"), &day, row.text("winning_code")].join(";"));
        }
    }
    let mut found = BTreeSet::new();
    for notice in &index.notices {
        let rows = member(&answering, &format!("notices/O2{}20261101", notice.clinic));
        assert_eq!(rows.len() as u64, notice.persons);
        for cells in rows {
            assert_eq!((cells.len(), &cells[2], &cells[3]), (21, &notice.clinic, &cells[20]));
            let lost = [&cells[2], &cells[0], &cells[3], &cells[17]].map(String::as_str).join(";");
            assert!(found.insert(lost), "each once: {cells:?}");
            assert!(cells[7].contains('ж') && cells[10].len() == 8, "the request's name and birth date: {cells:?}");
        }
    }
    assert_eq!(found, expected);
}

/// The attributes of all elements of a name, in their order.
fn attributes(document: &[u8], element: &str) -> Vec<Vec<(String, String)>> {
    let ascii: Vec<u8> = document.iter().map(|&byte| if byte < 0x80 { byte } else { b'?' }).collect();
    let mut reader = Reader::from_reader(ascii.as_slice());
    let mut found = Vec::new();
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Eof => return found,
            Event::Start(start) | Event::Empty(start) if start.name().as_ref() == element.as_bytes() => {
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("ASCII");
                let attributes = start.attributes().map(|attribute| attribute.expect("an attribute"));
                found.push(attributes.map(|of| (text(of.key.as_ref()), text(&of.value))).collect());
            }
            _ => {}
        }
    }
}

#[test]
fn insurers_are_replied_to_record_by_record() {
    let answering = Answering::new();
    let index = answering.answer(&exchanged).unwrap_or_else(|error| panic!("{error}"));
    let found = files(&answering.out());
    let mut refused = 0;
    for source in index.answers.iter().filter(|answer| answer.family == AnswerFamily::Oplist) {
        let ids = record_ids(&source.source);
        let (name, reply) = unzipped(&found[&source.files[0]]);
        assert!(name.starts_with('p') && name.ends_with(".xml"), "{name}");
        let replies = attributes(&reply, "REP");
        let column = |name: &str| -> Vec<String> {
            let value =
                |attributes: &Vec<(String, String)>| attributes.iter().find(|(key, _)| key == name).expect(name).1.clone();
            replies.iter().map(value).collect()
        };
        assert_eq!(replies.len(), ids.len(), "{}", source.source);
        let same = (1..)
            .zip(column("N_REC").iter().zip(&ids))
            .all(|(ordinal, (number, id))| number == id || *number == ordinal.to_string());
        assert!(same, "the numbers of the request, in its order: {}", source.source);
        let head = &attributes(&reply, "REPLIST")[0];
        let not_taken = column("CODE_ERP").iter().filter(|code| *code != "AA").count();
        assert!(head.contains(&("NRECORDS".to_owned(), ids.len().to_string())), "{head:?}");
        assert!(head.contains(&("NERR".to_owned(), not_taken.to_string())), "{head:?}");
        refused += not_taken;
        let (name, log) = unzipped(&found[&source.files[1]]);
        assert!(name.starts_with('f'), "{name}");
        assert!(attributes(&log, "PR").len() >= not_taken, "each refusal has a line");
    }
    assert!(refused > 0, "somebody is refused");
}

#[test]
fn attachment_xml_gets_one_log() {
    let answering = Answering::new();
    let index = answering.answer(&|_| AnswerFamily::Att).unwrap_or_else(|error| panic!("{error}"));
    let found = files(&answering.out());
    let source = index.answers.iter().find(|answer| answer.source.ends_with("980102_20261031.csv")).expect("a source");
    assert_eq!(source.files, ["attachments/F980102_20261031.zip"]);
    let (name, log) = unzipped(&found[&source.files[0]]);
    assert_eq!(name, "F980102_20261031.xml");
    let text: String = log.iter().map(|&byte| if byte < 0x80 { char::from(byte) } else { 'ж' }).collect();
    let head = "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n<FLK_P>\n<ZGLV>\n<FDATE>2026-11-01</FDATE>\n<FNAME>F980102_20261031</FNAME>\n\
                <FNAME_I>980102_20261031</FNAME_I>\n<FLK_RES>2</FLK_RES>\n</ZGLV>\n<ERROR>\n<CODE>903</CODE>\n";
    assert!(text.starts_with(head), "{text}");
    assert_eq!(attributes(&log, "ERROR").len(), attributes(&log, "N_ZAP").len());
}

#[test]
fn a_family_without_a_form_gets_a_table_of_findings() {
    let answering = Answering::new();
    let index = answering.answer(&|_| AnswerFamily::Findings).unwrap_or_else(|error| panic!("{error}"));
    assert!(index.notices.is_empty(), "no notices without a family that has them");
    let found = files(&answering.out());
    let (name, table) = unzipped(&found["attachments/980101_20261031_findings.zip"]);
    let table = String::from_utf8(table).expect("UTF-8");
    assert_eq!(name, "980101_20261031_findings.csv");
    for line in [
        "row;line;record_id;enp;field;code;severity;message",
        "1;3;C008-3;9858800891900158;given_name;FIELD_REQUIRED;error;не заполнено обязательное поле",
        "17;19;C105-3;9858440829900861;;DUPLICATE;duplicate;строка повторяет другую, учтённую: строка 18",
        "59;61;C407-4;9855310884901760;;CHANGE_LIMIT;refused;право замены в этом году использовано: 980107, 2026-07-01",
    ] {
        assert!(table.lines().any(|found| found == line), "{line}\n{table}");
    }
    let (_, table) = unzipped(&found["registers/98002_20261031_findings.zip"]);
    let table = String::from_utf8(table).expect("UTF-8");
    for line in [
        "1;2;;;;ROW_SHAPE;error;строение записи не соответствует формату: ожидается полей: 23, найдено: 24",
        "24;25;C101-1;9849120889900827;;DUPLICATE;duplicate;строка повторяет другую, учтённую: registers/98001_20261031.csv, строка 74",
        "107;108;C606-2;9852630892902440;;SAME_DAY_TIE;lost;\"с того же дня действует равносильная запись другой организации: 98001, 2026-02-01; по решению ответственного лица — 98002 с 2026-02-01\"",
    ] {
        assert!(table.lines().any(|found| found == line), "{line}\n{table}");
    }
}
