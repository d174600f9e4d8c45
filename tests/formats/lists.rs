//! XML lists and DBF tables: both dialects, operations, strike-offs, attachments, and broken lists.

use sverka_publish::{OutputTable, zip_of};

use super::{FormatJob, in_1251, quarantined, rows};
use crate::commands::sverka;

const PERSON: [&str; 8] = ["enp", "insurer", "insured_from", "surname", "patronymic", "snils", "policy_kind", "category"];
const ANNA: &str = "9856510894000011|98001|2020-01-01|ЛИПОВА|ПЕТРОВНА||3|1";

/// A record in the dialect of elements, whose dates have a time.
fn elements(operation: &str, more: &str) -> String {
    format!(
        "<OP><N_REC>1</N_REC><ID>7</ID><TIP_OP>{operation}</TIP_OP><PERSON><FAM>ЛИПОВА</FAM><IM>АННА</IM><OT>ПЕТРОВНА</OT><W>2</W>\
         <DR>1984-03-05T00:00:00</DR><KATEG>1</KATEG></PERSON><PERSONB><TYPE>2</TYPE><PHOTO>{}</PHOTO></PERSONB>\
         <INSURANCE><TER_ST>98000</TER_ST><ENP>9856510894000011</ENP><POLIS><VPOLIS>П</VPOLIS><NPOLIS>01234567890</NPOLIS>\
         <DBEG>2020-01-01T00:00:00</DBEG>{more}</POLIS></INSURANCE><DOC><DOCTYPE>14</DOCTYPE><DOCSER>00 20</DOCSER>\
         <DOCNUM>000001</DOCNUM></DOC></OP>",
        "QUJD".repeat(5_000)
    )
}

/// The same record in the dialect of attributes.
fn attributes(operation: &str, more: &str) -> String {
    format!(
        "<op n_rec=\"1\" ID='7' Tip_Op=\"{operation}\"><Person Dr=\"1984-03-05\" w=\"2\" FAM=\"ЛИПОВА\" IM=\"АННА\" OT=\"ПЕТРОВНА\" KATEG=\"1\"/>\
         <INSURANCE ENP=\"9856510894000011\"><POLIS VPOLIS=\"3\" NPOLIS=\"01234567890\" DBEG=\"2020-01-01\" {more}/></INSURANCE>\
         <DOC_LIST><DOC DOCTYPE=\"14\" DOCSER=\"00 20\" DOCNUM=\"000001\"/></DOC_LIST></op>"
    )
}

fn list(records: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"windows-1251\"?><OPLIST SMOCOD=\"98001\" VERS=\"2.1\">{records}</OPLIST>")
}

#[test]
fn both_dialects_of_a_list_are_one_record() {
    let with_elements = format!(
        "<?xml version=\"1.0\" encoding=\"windows-1251\"?><n:OPLIST xmlns:n=\"urn:any\"><n:VERS>2.0</n:VERS><n:SMOCOD>98001</n:SMOCOD>{}</n:OPLIST>",
        elements("П010", "")
    );
    for text in [with_elements, list(&attributes("П010", ""))] {
        let run = FormatJob::new().source("registers", "i98001_001_10261.xml", "oplist", &in_1251(&text)).run();
        assert_eq!(rows(&run, OutputTable::Persons, &PERSON), [ANNA]);
        assert_eq!(
            rows(&run, OutputTable::Persons, &["doc_kind", "doc_number", "policy_number"]),
            ["14|00 20 000001|01234567890"]
        );
        assert_eq!(rows(&run, OutputTable::InsuranceStays, &["record_lines", "record_ids"]), ["1|1"]);
    }
}

#[test]
fn days_of_documents_and_the_address_are_read_in_both_dialects() {
    let (elements, attributes) = (elements("П010", ""), attributes("П010", ""));
    let with_elements = elements
        .replace("</DOCNUM>", "</DOCNUM><DOCDATE>2026-11-02T00:00:00</DOCDATE><DOCEXP>2026-11-01T00:00:00</DOCEXP>")
        .replace("<INSURANCE>", "<ADDRES_P><NPNAME>Заречный</NPNAME><UL>Мира</UL><DOM>1</DOM></ADDRES_P><INSURANCE>");
    let with_attributes = attributes
        .replace("DOCNUM=", "DOCDATE=\"2026-11-02\" DOCEXP=\"2026-11-01\" DOCNUM=")
        .replace("<INSURANCE", "<ADDRES_P NPNAME=\"Заречный\" UL=\"Мира\" DOM=\"1\"/><INSURANCE");
    let elsewhere = with_attributes.replace("DOM=\"1\"", "DOM=\"2\"");
    let same = with_attributes.replace("UL=\"Мира\"", "UL=\" Мира \"");
    for (record, duplicates) in [(with_elements, 0), (with_attributes.clone() + &same, 1), (with_attributes + &elsewhere, 0)] {
        let run = FormatJob::new().source("registers", "i98001_001_10261.xml", "oplist", &in_1251(&list(&record))).run();
        let found = rows(&run, OutputTable::Findings, &["field", "code"]);
        for finding in ["doc_issued_on|DOC_DATES", "doc_expires_on|DOC_DATES"] {
            assert!(found.iter().any(|row| row == finding), "{finding} in {found:?}");
        }
        assert_eq!(run.table(OutputTable::Duplicates).len(), duplicates);
        for table in [OutputTable::Persons, OutputTable::Unattached] {
            assert_eq!(rows(&run, table, &["settlement"]), ["Заречный"]);
            assert!(rows(&run, table, &["address"])[0].starts_with("Заречный Мира "), "{:?}", rows(&run, table, &["address"]));
        }
    }
}

#[test]
fn strike_offs_end_the_stays_of_other_lists() {
    let register = list(&attributes("П010", ""));
    let struck = list(&attributes("П021", "DSTOP=\"2026-05-01\""));
    let stopped = "<STOPLIST SMOCOD=\"98001\"><STOP ID=\"7\" REASON=\"3\" ENP=\"9856510894000011\">\
        <PERSON FAM=\"ЛИПОВА\" IM=\"АННА\" OT=\"ПЕТРОВНА\" W=\"2\" DR=\"1984-03-05\"/>\
        <POLIS VPOLIS=\"3\" NPOLIS=\"01234567890\" DSTOP=\"2026-05-01\"/></STOP></STOPLIST>";
    for (name, layout, bytes) in [("i2.xml", "oplist", in_1251(&struck)), ("s98001_001_10261.xml", "stoplist", stopped.into())] {
        let run = FormatJob::new()
            .source("registers", "i1.xml", "oplist", &in_1251(&register))
            .source("registers", name, layout, &bytes)
            .run();
        let stays = rows(&run, OutputTable::InsuranceStays, &["insurer", "from", "to", "record_sources"]);
        assert_eq!(stays, ["98001|2020-01-01|2026-05-01|i1.xml"], "{layout}: {:?}", quarantined(&run));
        assert_eq!(run.manifest.totals.accepted, 2);
    }
    let died = "<STOPLIST SMOCOD=\"98002\"><STOP><REASON>1</REASON><DDEATH>2026-04-30</DDEATH><ENP>9856510894000011</ENP>\
        <PERSON><FAM>ЛИПОВА</FAM><IM>АННА</IM><OT>ПЕТРОВНА</OT><W>2</W><DR>1984-03-05</DR></PERSON><VPOLIS>3</VPOLIS></STOP></STOPLIST>";
    let run = FormatJob::new()
        .source("registers", "i1.xml", "oplist", &in_1251(&register))
        .source("registers", "s.xml", "stoplist", died.as_bytes())
        .run();
    let stays = rows(&run, OutputTable::InsuranceStays, &["insurer", "from", "to"]);
    assert_eq!(stays, ["98001|2020-01-01|2026-05-01"], "the day after the death, whoever tells of it: {:?}", quarantined(&run));
}

#[test]
fn corrections_of_the_fund_are_records_and_ends() {
    let corrected = attributes("П040", "").replace("<op", "<REC").replace("</op>", "</REC>").replace("n_rec=\"1\"", "");
    let ended = attributes("П023", "DSTOP=\"2026-05-01\"").replace("<op", "<REC").replace("</op>", "</REC>");
    let list = format!("<RECLIST SMOCOD=\"98001\">{corrected}{ended}</RECLIST>");
    let run = FormatJob::new().source("registers", "k1.xml", "reclist", list.as_bytes()).run();
    let stays = rows(&run, OutputTable::InsuranceStays, &["insurer", "from", "to", "record_lines"]);
    assert_eq!(stays, ["98001|2020-01-01|2026-05-01|1"], "{:?}", quarantined(&run));
}

#[test]
fn a_list_cut_in_a_tag_keeps_the_records_before() {
    let text = list(&(elements("П010", "") + &elements("П010", "")));
    let bytes = in_1251(&text);
    let second = text.rfind("<PERSON>").map(|offset| in_1251(&text[..offset]).len() + 4).expect("two records");
    let run = FormatJob::new().source("registers", "i1.xml", "oplist", &bytes[..second]).run();
    assert_eq!(rows(&run, OutputTable::Persons, &PERSON), [ANNA]);
    assert_eq!(quarantined(&run), ["2|DOCUMENT_BROKEN"]);
    let offset: usize = rows(&run, OutputTable::Quarantine, &["byte_offset"])[0].parse().expect("a number");
    assert!(offset <= second && offset > bytes.len() / 2, "{offset}");
}

#[test]
fn a_broken_record_is_one_row_with_its_bytes() {
    let broken = elements("П010", "").replace("<IM>АННА", "<IM>АНН&nix;А");
    let text = list(&(broken.clone() + &elements("П010", "")));
    let run = FormatJob::new().source("registers", "i1.xml", "oplist", &in_1251(&text)).run();
    assert_eq!(quarantined(&run), ["1|RECORD_BROKEN"]);
    assert_eq!(rows(&run, OutputTable::InsuranceStays, &["record_lines"]), ["2"]);
    let offset: usize = rows(&run, OutputTable::Quarantine, &["byte_offset"])[0].parse().expect("a number");
    assert_eq!(offset, in_1251(&text[..text.find("<OP>").expect("a record")]).len());
}

#[test]
fn texts_in_pieces_and_attributes_in_any_order_are_read() {
    let pieces =
        elements("П010", "").replace("<FAM>ЛИПОВА", "<FAM>ЛИ<![CDATA[ПО]]>&#1042;<!-- x -->А").replace("<W>2", "<W>&#50;");
    let run = FormatJob::new().source("registers", "i1.xml", "oplist", &in_1251(&list(&pieces))).run();
    assert_eq!(rows(&run, OutputTable::Persons, &PERSON), [ANNA]);
}

#[test]
fn a_document_of_another_kind_stops_the_run() {
    let doctype = "<!DOCTYPE OPLIST [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><OPLIST SMOCOD=\"98001\"/>";
    for (bytes, word) in [(b"<ATT/>".as_slice(), "OPLIST"), (doctype.as_bytes(), "DOCTYPE"), (b"a;b;c\n".as_slice(), "root")] {
        let error = FormatJob::new().source("registers", "i1.xml", "oplist", bytes).outcome().expect_err("unusable").to_string();
        assert!(error.contains("i1.xml") && error.contains(word), "{error}");
    }
}

const STAY: [&str; 4] = ["profile", "clinic", "from", "record_lines"];

fn register() -> Vec<u8> {
    in_1251(&list(&attributes("П010", "")))
}

#[test]
fn attachment_lists_of_vologda_and_astrakhan_are_read() {
    let vologda = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ATT><ZGLV><VERSION>1.3</VERSION><CODE_MO>980101</CODE_MO><AREA_TYPE>1</AREA_TYPE></ZGLV>\
        <REC><N_ZAP>1</N_ZAP><FAM>ЛИПОВА</FAM><IM>АННА</IM><OT>ПЕТРОВНА</OT><W>2</W><DR>1984-03-05</DR><ENP>9856510894000011</ENP>\
        <DATE_ATTACH_B>2021-02-01</DATE_ATTACH_B><ATTACH_METHOD>2</ATTACH_METHOD><DOC_CODE>98000001046</DOC_CODE></REC></ATT>";
    let astrakhan = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><ZL_LIST><ZAP><PID>5</PID><ENP>9856510894000011</ENP><FAM>ЛИПОВА</FAM>\
        <IM>АННА</IM><OT>ПЕТРОВНА</OT><DR>19840305</DR><W>2</W><DOCTP>14</DOCTP><DOCS>00 20</DOCS><DOCN>000001</DOCN><OPDOC>3</OPDOC><LPU>980101</LPU>\
        <LPUAUTO>2</LPUAUTO><LPUDT>01.02.2021</LPUDT><LPUUCH>4</LPUUCH><SSD>98000001046</SSD></ZAP></ZL_LIST>";
    for (name, layout, bytes) in [
        ("ATM980101T35351_2610001.xml", "att_vologda", vologda.as_bytes().to_vec()),
        ("PRIKREP_M980101.xml", "prikrep_astrakhan", in_1251(astrakhan)),
    ] {
        let run = FormatJob::new()
            .source("registers", "i1.xml", "oplist", &register())
            .source("attachments", name, layout, &bytes)
            .run();
        assert_eq!(
            rows(&run, OutputTable::AttachmentStays, &STAY),
            ["1|980101|2021-02-01|1"],
            "{layout}: {:?}",
            quarantined(&run)
        );
        assert_eq!(rows(&run, OutputTable::Persons, &["clinic", "method", "doctor_snils"]), ["980101|2|98000001046"], "{layout}");
    }
}

/// A DBF table of text columns in cp866; a row that begins with "deleted" is marked as deleted.
fn dbf(columns: &[(&str, usize)], table: &[&[&str]]) -> Vec<u8> {
    dbf_in(sverka_formats::Encoding::Cp866, 0, columns, table)
}

/// A DBF table of text columns (name, width) in an encoding, with a code-page mark.
fn dbf_in(encoding: sverka_formats::Encoding, mark: u8, columns: &[(&str, usize)], table: &[&[&str]]) -> Vec<u8> {
    let row_bytes = 1 + columns.iter().map(|(_, width)| width).sum::<usize>();
    let header_bytes = 32 + 32 * columns.len() + 1;
    let mut bytes = vec![3, 126, 10, 31];
    bytes.extend((table.len() as u32).to_le_bytes());
    bytes.extend((header_bytes as u16).to_le_bytes());
    bytes.extend((row_bytes as u16).to_le_bytes());
    bytes.resize(32, 0);
    bytes[29] = mark;
    for (name, width) in columns {
        let start = bytes.len();
        bytes.extend(name.as_bytes());
        bytes.resize(start + 11, 0);
        bytes.extend([b'C', 0, 0, 0, 0, *width as u8]);
        bytes.resize(start + 32, 0);
    }
    bytes.push(13);
    for row in table {
        bytes.push(if row[0] == "deleted" { b'*' } else { b' ' });
        for (value, (_, width)) in row.iter().zip(columns) {
            let start = bytes.len();
            encoding.encode(value, &mut bytes).unwrap_or_else(|lacking| panic!("{lacking}"));
            bytes.resize(start + width, b' ');
        }
    }
    bytes.push(0x1A);
    bytes
}

#[test]
fn a_dbf_table_in_an_archive_is_read() {
    let columns = [
        ("FAM", 40),
        ("IM", 40),
        ("OT", 40),
        ("DR", 10),
        ("W", 1),
        ("SPOL", 20),
        ("NPOL", 20),
        ("LPU", 6),
        ("LPUDT", 10),
        ("LPUDX", 10),
        ("LPUTP", 1),
    ];
    let table = dbf(
        &columns,
        &[
            &["deleted", "", "", "", "", "", "", "", "", "", ""],
            &["ЛИПОВА", "АННА", "ПЕТРОВНА", "05.03.1984", "2", "", "9856510894000011", "980101", "2021-02-01", "", "1"],
            &["ЛИПОВА", "АННА", "ПЕТРОВНА", "05.03.1984", "2", "", "123456789", "980101", "32.01.2021", "", "1"],
        ],
    );
    let run = FormatJob::new()
        .source("registers", "i1.xml", "oplist", &register())
        .named_source("MO298010120261031.zip", &zip_of(&[("MO298010120261031.dbf", &table)]))
        .run();
    assert_eq!(rows(&run, OutputTable::AttachmentStays, &STAY), ["1|980101|2021-02-01|2"], "{:?}", quarantined(&run));
    assert_eq!(quarantined(&run), ["3|DATE_INVALID"]);
    let input = run.manifest.inputs.iter().find(|input| input.name.starts_with("MO2")).expect("an input");
    assert_eq!((input.layout.as_deref(), input.encoding.as_deref(), input.rows), (Some("mo_dbf"), Some("cp866"), Some(2)));
}

#[test]
fn a_dbf_table_is_read_in_its_real_encoding_in_spite_of_layout_and_mark() {
    use sverka_formats::Encoding::{Cp866, Utf8, Windows1251};
    let columns =
        [("FAM", 40), ("IM", 40), ("OT", 40), ("DR", 8), ("W", 2), ("SPOL", 20), ("NPOL", 20), ("LPU", 6), ("LPUDT", 8)];
    let people: [&[&str]; 2] = [
        &["ПОЛЫНИНА", "ВЕРА", "ИЛЬИНИЧНА", "19840305", "Ж", "", "9856510894000011", "980101", "20200203"],
        &["Клёнов", "Пётр", "Лукич", "19911117", "М", "", "9856510894000011", "980101", "20200203"],
    ];
    for (encoding, mark, conflict) in [
        (Cp866, 0x65, None),
        (Cp866, 0x26, None),
        (Cp866, 0, None),
        // The mark of western Windows, which programs set for every encoding.
        (Cp866, 0x03, None),
        (Windows1251, 0xC9, Some("the layout says `encoding = \"cp866\"`, and the table is marked as windows-1251")),
        (Windows1251, 0, Some("the layout says `encoding = \"cp866\"`, and the bytes make sense as windows-1251 only")),
        (Windows1251, 0x57, Some("the layout says `encoding = \"cp866\"`, and the bytes make sense as windows-1251 only")),
        (Windows1251, 0x65, Some("the code-page mark of the table says cp866, and the bytes make sense as windows-1251 only")),
        (Cp866, 0xC9, Some("the code-page mark of the table says windows-1251, and the bytes make sense as cp866 only")),
        (Utf8, 0xC9, Some("the code-page mark of the table says windows-1251, and the bytes make sense as utf-8 only")),
    ] {
        let bytes = dbf_in(encoding, mark, &columns, &people);
        let job = FormatJob::new().source("sources", "list.dbf", "mo_dbf", &bytes);
        let path = job.dir.path().join("list.dbf");
        let stdout = sverka(&["layout", "check", "mo_dbf", path.to_str().expect("UTF-8")]).exits_with(0).stdout;
        for words in ["ПОЛЫНИНА", "ИЛЬИНИЧНА", "Клёнов", "Лукич", encoding.name()] {
            assert!(stdout.contains(words), "{mark:#x}: {words} is not in {stdout}");
        }
        assert_eq!(stdout.contains("it is read as"), conflict.is_some(), "{mark:#x}: {stdout}");
        assert!(conflict.is_none_or(|words| stdout.contains(words)), "{mark:#x}: {stdout}");
    }
}
