//! Packets in all shapes seen so far, and the errors of broken ones. All organisations are made up.

use super::super::*;
use sverka_model::{ClinicId, Date, OrganisationId};

fn day(text: &str) -> Date {
    text.parse().expect("test date")
}

fn windows_1251(text: &str) -> Vec<u8> {
    let byte = |character: char| match character {
        'А'..='я' => (u32::from(character) - u32::from('А')) as u8 + 0xC0,
        other => u8::try_from(other).ok().filter(u8::is_ascii).expect("a letter of the tests"),
    };
    text.chars().map(byte).collect()
}

/// A packet of insurers in windows-1251.
fn f002(records: &str) -> Vec<u8> {
    windows_1251(&format!(
        "<?xml version=\"1.0\" encoding=\"windows-1251\"?>\n<packet version=\"1.0\" date=\"2026-01-01\">\n{records}</packet>"
    ))
}

const INSURERS: &str = "<insCompany><tf_okato>99000</tf_okato><smocod>99002</smocod><nam_smop>ПОЛНОЕ ИМЯ</nam_smop><nam_smok>ВТОРАЯ</nam_smok>\
    <jurAddress><index_j>999999</index_j></jurAddress>\
    <insInclude><d_begin>2012-01-01</d_begin><d_end/><Nal_p>1</Nal_p></insInclude>\
    <licenziy><n_doc>1</n_doc><d_start>2011-01-01</d_start></licenziy><licenziy><n_doc>2</n_doc></licenziy></insCompany>\n\
    <insCompany><tf_okato>99000</tf_okato><smocod>99001</smocod><nam_smop>ПЕРВАЯ</nam_smop>\
    <insInclude><d_begin>2010-01-01</d_begin><d_end>2020-07-01</d_end></insInclude></insCompany>\n";

fn insurers(packet: &[u8]) -> Result<Insurers, ReferenceError> {
    Insurers::read("F002.xml", packet)
}

fn period(insurers: &Insurers, code: &str) -> (String, String) {
    let works = insurers.get(insurers.find(code.as_bytes()).expect("an insurer")).works;
    (works.from.to_string(), works.to.to_string())
}

#[test]
fn insurers_are_read_with_names_and_periods() {
    let read = insurers(&f002(INSURERS)).expect("insurers");
    let found: Vec<_> =
        read.iter().map(|insurer| (&insurer.code[..], insurer.name.as_deref(), insurer.region.as_deref())).collect();
    assert_eq!(found, [("99001", Some("ПЕРВАЯ"), Some("99")), ("99002", Some("ВТОРАЯ"), Some("99"))]);
    assert_eq!(period(&read, "99001"), ("2010-01-01".to_owned(), "2020-07-01".to_owned()));
    assert_eq!(period(&read, "99002"), ("2012-01-01".to_owned(), "never".to_owned()));
}

#[test]
fn every_shape_of_a_packet_gives_the_same_table() {
    let expected: Vec<Insurer> = insurers(&f002(INSURERS)).expect("insurers").iter().cloned().collect();
    let upper = "<PACKET><VERSION>1</VERSION><DATE>01.01.2026</DATE>\
        <INSCOMPANY><SMOCOD>99002</SMOCOD><NAM_SMOK>ВТОРАЯ</NAM_SMOK><INSINCLUDE><D_BEGIN>01.01.2012</D_BEGIN><D_END>01.01.1900</D_END></INSINCLUDE></INSCOMPANY>\
        <INSCOMPANY><SMOCOD>99001</SMOCOD><NAM_SMOP>ПЕРВАЯ</NAM_SMOP><INSINCLUDE><D_BEGIN>01.01.2010</D_BEGIN><D_END>01.07.2020</D_END></INSINCLUDE></INSCOMPANY>\
        </PACKET>";
    let attributes = "<packet><zglv type=\"F002\"/>\
        <insCompany smocod=\"99002\" nam_smok=\"ВТОРАЯ\"><insInclude d_begin=\"2012-01-01T00:00:00\" d_end=\"1900-01-01\"/></insCompany>\
        <insCompany smocod=\"99001\" nam_smop=\"ПЕРВАЯ\"><insInclude d_begin=\"01.01.2010 0:00:00\" d_end=\"2020-07-01\"/></insCompany></packet>";
    for text in [upper, attributes] {
        let read: Vec<Insurer> = insurers(text.as_bytes()).expect(text).iter().cloned().collect();
        assert_eq!(read, expected, "{text}");
    }
}

#[test]
fn periods_without_a_gap_are_joined_and_the_last_one_counts() {
    let insurer = |blocks: &[(&str, &str)]| {
        let block =
            |(begin, end): &(&str, &str)| format!("<insInclude><d_begin>{begin}</d_begin><d_end>{end}</d_end></insInclude>");
        let blocks: String = blocks.iter().map(block).collect();
        let read = insurers(&f002(&format!("<insCompany><smocod>99001</smocod>{blocks}</insCompany>"))).expect("an insurer");
        period(&read, "99001")
    };
    let whole = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    assert_eq!(insurer(&[("2016-01-01", ""), ("2011-01-01", "2015-01-01")]), whole("2016-01-01", "never"));
    assert_eq!(insurer(&[("2011-01-01", "2015-01-01"), ("2015-01-01", "")]), whole("2011-01-01", "never"));
    assert_eq!(insurer(&[("2011-01-01", "2015-01-01"), ("2012-01-01", "2013-01-01")]), whole("2011-01-01", "2015-01-01"));
    assert_eq!(insurer(&[("2011-01-01", "2015-01-01"), ("2020-05-05", "2020-05-05")]), whole("2011-01-01", "2015-01-01"));
}

#[test]
fn several_records_of_one_code_are_its_periods() {
    let record = |begin: &str, end: &str| {
        format!(
            "<insCompany><smocod>99001</smocod><insInclude><d_begin>{begin}</d_begin><d_end>{end}</d_end></insInclude></insCompany>"
        )
    };
    let read = insurers(&f002(&(record("2019-01-01", "") + &record("2011-01-01", "2019-01-01")))).expect("an insurer");
    assert_eq!(period(&read, "99001").0, "2011-01-01");
}

#[test]
fn a_broken_record_is_an_error_with_its_number() {
    let second = |record: &str| f002(&format!("{INSURERS}{record}"));
    let include = "<insInclude><d_begin>2012-01-01</d_begin></insInclude>";
    for (record, message) in [
        (format!("<insCompany>{include}</insCompany>"), "F002.xml, record 3: `smocod` is empty; fill it in"),
        (
            format!("<insCompany><smocod>9901</smocod>{include}</insCompany>"),
            "F002.xml, record 3: `insurer` is `9901`; a code has 5 digits, leading zeros included",
        ),
        (
            "<insCompany><smocod>99003</smocod></insCompany>".to_owned(),
            "F002.xml, record 3: `insInclude/d_begin` is empty; fill it in",
        ),
        (
            "<insCompany><smocod>99003</smocod><insInclude><d_begin>31.02.2012</d_begin></insInclude></insCompany>".to_owned(),
            "F002.xml, record 3: `insInclude/d_begin`: `31.02.2012` is not a calendar date of the form DD.MM.YYYY or YYYY-MM-DD",
        ),
        (
            format!("<insCompany><smocod>99003</smocod>{include}<insInclude><d_end>2013-01-01</d_end></insInclude></insCompany>"),
            "F002.xml, record 3: `insInclude/d_begin` is empty; fill it in",
        ),
        (
            "<insCompany><smocod>99003</smocod><insInclude><d_begin>2012-01-01</d_begin><d_end>2011-01-01</d_end></insInclude></insCompany>"
                .to_owned(),
            "F002.xml, record 3: `d_end` is before `d_begin`; correct the record",
        ),
    ] {
        assert_eq!(insurers(&second(&record)).expect_err(&record).to_string(), message);
    }
    let message = insurers(&second("<insCompany><smocod>99&x;</smocod></insCompany>")).expect_err("a reference").to_string();
    assert!(message.starts_with("F002.xml, record 3: not readable as XML: byte "), "{message}");
    let message = insurers(&second("<insCompany><smocod>99003</insCompany>")).expect_err("a tag").to_string();
    assert!(message.starts_with("F002.xml, record 3: not readable as XML: byte "), "{message}");
}

#[test]
fn another_dictionary_is_refused_by_its_name() {
    let other = "<packet><zglv><type>F003</type></zglv><medCompany><mcod>990001</mcod></medCompany></packet>";
    assert_eq!(
        insurers(other.as_bytes()).expect_err("F003").to_string(),
        "F002.xml: this is the dictionary F003, not F002; name the right file"
    );
    assert_eq!(
        insurers(b"<packet><medCompany><mcod>990001</mcod></medCompany></packet>").expect_err("F003").to_string(),
        "F002.xml: the packet has no records `insCompany`; check that it is the dictionary F002"
    );
}

#[test]
fn a_packet_may_be_the_only_file_of_an_archive() {
    let zip = zip_of(&[("F002.xml", &f002(INSURERS))]);
    assert_eq!(Insurers::read("F002.zip", &zip).expect("insurers").len(), 2);
    let two = zip_of(&[("a.xml", &f002(INSURERS)), ("b.xml", b"x")]);
    assert_eq!(
        Insurers::read("F002.zip", &two).expect_err("two files").to_string(),
        "F002.zip: an archive of 2 files; a dictionary is an XML packet or a CSV table, as it is or alone in an archive"
    );
}

/// An archive of stored files.
fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let offset = bytes.len() as u32;
        let length = (content.len() as u32).to_le_bytes();
        let common = [
            &[20, 0, 0, 0, 0, 0, 0, 0, 0, 0][..],
            &crc.sum().to_le_bytes(),
            &length,
            &length,
            &(name.len() as u16).to_le_bytes(),
            &[0, 0],
        ]
        .concat();
        bytes.extend([b"PK\x03\x04", &common[..], name.as_bytes(), content].concat());
        directory.extend([b"PK\x01\x02\x14\0", &common[..], &[0; 10], &offset.to_le_bytes(), name.as_bytes()].concat());
    }
    let count = (files.len() as u16).to_le_bytes();
    let place = [(directory.len() as u32).to_le_bytes(), (bytes.len() as u32).to_le_bytes()].concat();
    [bytes, directory, [b"PK\x05\x06\0\0\0\0", &count[..], &count, &place, &[0, 0]].concat()].concat()
}

const F003: &str = "<packet><zglv><type>F003</type><version>1</version><date>01.01.2026</date></zglv>\
    <medCompany><tf_okato>99000</tf_okato><mcod>990001</mcod><nam_mop>ПОЛИКЛИНИКА ПРИМЕР</nam_mop><nam_mok>П-КА</nam_mok>\
    <medInclude><d_begin>01.01.2014</d_begin><d_end>01.03.2026</d_end></medInclude></medCompany>\
    <medCompany><mcod>990002</mcod><nam_mok>БОЛЬНИЦА</nam_mok><medInclude><d_begin>01.01.2015</d_begin></medInclude></medCompany></packet>";

const F032: &str = "<packet><zglv><type>F032</type></zglv>\
    <zap><IDMO>1</IDMO><MCOD>990001</MCOD><NAM_MOK>П-КА</NAM_MOK><DATEBEG>01.01.2014</DATEBEG><DATEEND>28.02.2026</DATEEND></zap>\
    <zap><IDMO>2</IDMO><MCOD></MCOD><DATEBEG>01.01.2014</DATEBEG></zap>\
    <zap IDMO=\"3\" MCOD=\"990002\" NAM_MOK=\"БОЛЬНИЦА\" DATEBEG=\"2015-01-01\" DATEEND=\"1900-01-01\"/></packet>";

const SETTINGS: &str = "clinic;attachable;ages;level\n990001;1;children;1.1\n";

fn clinics(packet: &str, settings: Option<&str>, factors: &[String]) -> Result<Clinics, ReferenceError> {
    let settings = settings.map(|text| ClinicSettings::read("s.csv", text.as_bytes(), factors)).transpose()?;
    Clinics::from_rows("c.xml", ClinicRow::read_all("c.xml", packet.as_bytes(), factors, settings.as_ref(), None)?)
}

#[test]
fn both_dictionaries_of_clinics_give_the_same_table() {
    let factors = ["level".to_owned()];
    let old = clinics(F003, Some(SETTINGS), &factors).expect("F003");
    let new = clinics(F032, Some(SETTINGS), &factors).expect("F032");
    assert!(old.iter().eq(new.iter()));
    let first = old.get(ClinicId::new(0));
    assert_eq!((&first.code[..], first.name.as_deref(), first.region.as_deref()), ("990001", Some("П-КА"), Some("99")));
    assert_eq!(first.works, WorkingPeriod { from: day("2014-01-01"), to: day("2026-03-01") });
    assert_eq!((first.attachable, first.ages, first.factors[0].to_string()), (true, AgesServed::Children, "1.1".to_owned()));
}

#[test]
fn a_clinic_without_settings_has_no_attached_people() {
    let factors = ["level".to_owned()];
    assert!(!clinics(F003, Some(SETTINGS), &factors).expect("F003").get(ClinicId::new(1)).attachable);
}

#[test]
fn without_settings_a_factor_is_never_taken_for_one() {
    assert_eq!(
        clinics(F003, None, &["level".to_owned()]).expect_err("no factor").to_string(),
        "c.xml, record 1: clinic 990001 has no factor `level`, which XML dictionaries do not carry; name a CSV table with the columns \
         clinic, attachable, ages and all factors as `clinic_settings`"
    );
    let read = clinics(F003, None, &[]).expect("F003");
    assert!(read.iter().all(|clinic| clinic.attachable && clinic.ages == AgesServed::All));
}

#[test]
fn faults_of_settings_name_their_line() {
    let factors = ["level".to_owned()];
    for (settings, message) in [
        ("clinic;attachable;ages\n", "s.csv:1: column `level` is missing; add it to the header"),
        ("clinic;attachable;ages;level\n990001;1;all;\n", "s.csv:2: `level` is empty; fill it in"),
        (
            "clinic;attachable;ages;level\n990001;0;all;\n990009;1;all;1\n",
            "s.csv:3: code 990009 is not in the table of clinics; add it there, or remove this row",
        ),
        (
            "clinic;attachable;ages;level\n990001;1;all;1\n990001;1;all;2\n",
            "s.csv:3: code 990001 stands already in line 2; keep one of the two rows",
        ),
    ] {
        assert_eq!(clinics(F003, Some(settings), &factors).expect_err(settings).to_string(), message);
    }
    let csv = "clinic;attachable;ages;works_from;level\n990001;1;all;2010-01-01;1\n";
    assert_eq!(
        clinics(csv, Some(SETTINGS), &factors).expect_err("both").to_string(),
        "c.xml:1: the clinics are a CSV table, which has these columns itself; remove `clinic_settings`"
    );
}

fn completed(succession: &str) -> Result<Insurers, ReferenceError> {
    let mut rows = InsurerRow::read_all("F002.xml", &f002(INSURERS), None)?;
    Successors::read("succession.csv", succession.as_bytes())?.complete_insurers(&mut rows)?;
    Insurers::from_rows("F002.xml", rows)
}

#[test]
fn a_succession_completes_a_packet() {
    let read = completed("code;successor;reason\n99001;99002;merged\n990001;990002;\n").expect("insurers");
    assert_eq!(read.succession().read_on(OrganisationId::new(0), day("2020-06-30")), OrganisationId::new(0));
    assert_eq!(read.succession().read_on(OrganisationId::new(0), day("2020-07-01")), OrganisationId::new(1));
}

#[test]
fn the_day_of_a_succession_replaces_the_end_of_work() {
    let read = completed("code;successor;works_to\n99001;99002;2020-05-01\n").expect("insurers");
    assert_eq!(read.succession().read_on(OrganisationId::new(0), day("2020-05-01")), OrganisationId::new(1));
    assert_eq!(period(&read, "99001").1, "2020-05-01");
}

#[test]
fn faults_of_a_succession_name_their_line() {
    for (text, message) in [
        ("99009;99001;", "succession.csv:2: code 99009 is not in the table of insurers; add it there, or remove this row"),
        ("99001;99009;", "succession.csv:2: code 99009 is not in the table of insurers; add it there, or remove this row"),
        (
            "99002;99001;",
            "succession.csv:2: 99002 has a successor but no `works_to`; the successor takes over on that day, so fill it in",
        ),
        ("9901;99001;", "succession.csv:2: `code` is `9901`; expected an insurer's code of 5 digits or a clinic's of 6"),
        ("99001;99002;\n99001;99002;", "succession.csv:3: code 99001 stands already in line 2; keep one of the two rows"),
    ] {
        let text = format!("code;successor;works_to\n{text}\n");
        assert_eq!(completed(&text).expect_err(&text).to_string(), message);
    }
}

#[test]
fn another_successor_in_the_table_is_refused() {
    let csv =
        "insurer;works_from;works_to;successor\n99001;2010-01-01;2020-01-01;99002\n99002;2010-01-01;;\n99003;2010-01-01;;\n";
    let mut rows = InsurerRow::read_all("i.csv", csv.as_bytes(), None).expect("rows");
    let successors = Successors::read("s.csv", b"code;successor\n99001;99003\n").expect("a table");
    assert_eq!(
        successors.complete_insurers(&mut rows).expect_err("two successors").to_string(),
        "s.csv:2: 99001 has another successor already (99002); keep one of them"
    );
}

const F010: &str = "<packet><zglv><type>F010</type></zglv>\
    <zap><KOD_TF>97</KOD_TF><KOD_OKATO>99000</KOD_OKATO><SUBNAME>ОБЛАСТЬ ПРИМЕР</SUBNAME><OKRUG>1</OKRUG><DATEBEG>01.01.2011</DATEBEG><DATEEND></DATEEND></zap>\
    <zap KOD_TF=\"96\" KOD_OKATO=\"98000\" SUBNAME=\"КРАЙ ПРИМЕР\" DATEBEG=\"2011-01-01\" DATEEND=\"31.12.2019\"/></packet>";

#[test]
fn entries_of_a_dictionary_are_found_while_they_are_in_force() {
    let regions = Dictionary::read_regions("F010.xml", F010.as_bytes()).expect("F010");
    assert_eq!(regions.find("96", day("2019-12-31")).map(|entry| &entry.name[..]), Some("КРАЙ ПРИМЕР"));
    assert_eq!(regions.find("96", day("2020-01-01")), None);
    assert_eq!(regions.find("9", day("2019-12-31")), None);
    assert_eq!(regions.of_okato("98000").map(|entry| &entry.code[..]), Some("96"));
    assert_eq!(regions.entries().len(), 2);
}

#[test]
fn regions_of_insurers_are_looked_up_by_their_okato() {
    let regions = Dictionary::read_regions("F010.xml", F010.as_bytes()).expect("F010");
    let rows = InsurerRow::read_all("F002.xml", &f002(INSURERS), Some(&regions)).expect("rows");
    assert_eq!(rows[0].region.as_deref(), Some("97"));
}

#[test]
fn documents_have_masks() {
    let text = "<packet><zap IDDoc=\"14\" DocName=\"ПАСПОРТ\" DocSer=\"99 99\" DocNum=\"999999\" DATEBEG=\"01.01.2011\"/>\
        <zap><IDDoc>3</IDDoc><DocName>СВИДЕТЕЛЬСТВО</DocName><DocSer>R-ББ</DocSer><DocNum>999999</DocNum></zap></packet>";
    let documents = Dictionary::read_documents("F011.xml", text.as_bytes()).expect("F011");
    let masks =
        |code: &str| documents.find(code, day("2026-01-01")).map(|entry| (&entry.details.series[..], &entry.details.number[..]));
    assert_eq!((masks("14"), masks("3")), (Some(("99 99", "999999")), Some(("R-ББ", "999999"))));
}

#[test]
fn two_entries_of_one_code_on_one_day_are_refused() {
    let text = |begin: &str| {
        format!(
            "<packet><zap><IDPOL>1</IDPOL><POLNAME>М</POLNAME><DATEEND>31.12.2020</DATEEND></zap>\
             <zap><IDPOL>1</IDPOL><POLNAME>Мужской</POLNAME><DATEBEG>{begin}</DATEBEG></zap></packet>"
        )
    };
    let sexes = Dictionary::read_sexes("V005.xml", text("01.01.2021").as_bytes()).expect("V005");
    assert_eq!(sexes.find("1", day("2021-01-01")).map(|entry| &entry.name[..]), Some("Мужской"));
    assert_eq!(
        Dictionary::read_sexes("V005.xml", text("31.12.2020").as_bytes()).expect_err("twice").to_string(),
        "V005.xml, record 2: code 1 stands already in record 1; keep one of the two rows"
    );
}

#[test]
fn faults_of_small_dictionaries_name_their_record() {
    let packet = |zap: &str| format!("<packet>{zap}</packet>").into_bytes();
    let message = |result: Result<(), ReferenceError>| result.expect_err("a fault").to_string();
    assert_eq!(
        message(Dictionary::read_policy_kinds("F008.xml", &packet("<zap><IDDOC>1</IDDOC></zap>")).map(|_| ())),
        "F008.xml, record 1: `DOCNAME` is empty; fill it in"
    );
    assert_eq!(
        message(Dictionary::read_funds("F001.xml", &packet("<zap tf_kod='99' name_tfk='ТФ' tf_okato='99'/>")).map(|_| ())),
        "F001.xml, record 1: `tf_okato` is `99`; a code has 5 digits, leading zeros included"
    );
    assert_eq!(
        message(Dictionary::read_sexes("V005.csv", b"IDPOL;POLNAME\n").map(|_| ())),
        "V005.csv: not readable as XML: it does not begin with a tag"
    );
}
