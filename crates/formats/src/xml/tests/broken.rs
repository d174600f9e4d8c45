//! Faulty records and broken documents.

use super::{lines, shape, values};

#[test]
fn a_document_cut_anywhere_keeps_the_records_before_the_cut() {
    let document = "<?xml version=\"1.0\"?>\n<!-- c --><L SMO='1'><OP><A>Ж&amp;</A></OP> <OP A=\"2\" B='x>'/><OP><![CDATA[<OP>]]><A>3</A>\
        <PERSONB><PHOTO>QQ==</PHOTO></PERSONB></OP ></L>\n";
    let shape = shape(&["@SMO", "A"]);
    let whole = lines(document.as_bytes(), &shape);
    assert_eq!(whole.len(), 3);
    let ends = |line: &String| {
        let (offset, length) =
            line.split_once('@').and_then(|(_, rest)| rest.split_once(':')?.0.split_once('+')).expect("a record");
        offset.parse::<usize>().expect("offset") + length.parse::<usize>().expect("length")
    };
    let ends: Vec<usize> = whole.iter().map(ends).collect();
    let root_end = document.find("</L>").expect("root") + 4;
    for cut in 0..root_end {
        let mut found = lines(&document.as_bytes()[..cut], &shape);
        let fault = found.pop().expect("a fault");
        assert!(fault.starts_with(&format!("!!Cut at {cut} in ")), "{cut}: {fault}");
        assert_eq!(found, whole[..ends.iter().filter(|&&end| end <= cut).count()], "{cut}");
    }
    for cut in root_end..document.len() {
        assert_eq!(lines(&document.as_bytes()[..cut], &shape), whole, "{cut}");
    }
}

#[test]
fn a_faulty_record_is_one_row_and_the_next_one_is_read() {
    let shape = shape(&["A"]);
    for (record, cause) in [
        ("<OP><A>a & b</A></OP>", "Reference at 28"),
        ("<OP><A>&nbsp;</A></OP>", "Reference at 28"),
        ("<OP><X>&nbsp;</X></OP>", "Reference at 28"),
        ("<OP><A>x<!-- -->&#0;</A></OP>", "Character at 37"),
        ("<OP><A>\u{7}</A></OP>", "Character at 28"),
        ("<OP A='<'/>", "Attribute at 25"),
        ("<OP A=1/>", "Attribute at 25"),
        ("<OP A='1'B='2'/>", "Attribute at 30"),
        ("<OP A='1' A='1'><X/></OP>", "Attribute at 31"),
        ("<OP><P X></P><A>1</A></OP>", "Attribute at 28"),
    ] {
        let document = format!("<L><OP><A>1</A></OP>\n{record}<OP><A>2</A></OP></L>");
        let found = values(document.as_bytes(), &shape);
        assert_eq!(found, ["1", &format!("!{cause}"), "2"], "{record}");
    }
}

#[test]
fn a_byte_without_meaning_is_a_fault_of_its_record() {
    let shape = shape(&["A"]);
    let head = b"<?xml version='1.0' encoding='windows-1251'?><L><OP A='\xCA'/>";
    for record in [&b"<OP A='\x98'/>"[..], b"<OP><A>\xC0\x98</A></OP>", b"<OP><X><![CDATA[\x98]]></X></OP>"] {
        let document = [head, record, b"<OP><A>\xB9</A></OP></L>"].concat();
        let found = values(&document, &shape);
        assert_eq!((&found[0][..], &found[1][..10], &found[2][..]), ("К", "!Encoding ", "№"), "{}", record.escape_ascii());
    }
    let skipped = [&head[..], b"<OP A='1'><PERSONB X='\x98'>\x98</PERSONB></OP></L>"].concat();
    assert_eq!(values(&skipped, &shape), ["К", "1"]);
    assert_eq!(values(b"<L><OP A='\xD0'/><OP A='\xD0\x90'/></L>", &shape), ["!Encoding at 7", "А"]);
}

#[test]
fn a_faulty_record_knows_its_bytes() {
    let shape = shape(&["A"]);
    let document = b"<L><OP A='1'/><OP>\xFF</OP></L>";
    let mut reader = super::XmlReader::new(&document[..], &shape, super::Charset::Utf8);
    reader.next_record().expect("whole").expect("the first record");
    let record = reader.next_record().expect("whole").expect("the faulty record");
    assert!(record.fields.is_err());
    assert_eq!((record.number, record.offset, record.raw), (2, 14, &b"<OP>\xFF</OP>"[..]));
}

#[test]
fn a_broken_document_ends_at_the_break() {
    let shape = shape(&["A"]);
    for (rest, fault) in [
        ("</OP></L>", "Mismatch at 14 in None"),
        ("<OP><A>2</B></OP>", "Mismatch at 22 in Some(2)"),
        ("<OP><A>2</B></A>", "Mismatch at 22 in Some(2)"),
        ("<OP><A>2<OP A='3'/></OP><OP/></L>", "Mismatch at 33 in Some(2)"),
        ("<OP><A>2</B><![CDATA[</OP></L>", "Mismatch at 22 in Some(2)"),
        ("<OP/><![INCLUDE[ ]]></L>", "Tag at 19 in None"),
        ("</L>text", "OutsideRoot at 18 in None"),
        ("</L><L><OP/></L>", "OutsideRoot at 18 in None"),
        ("</L></L>", "OutsideRoot at 18 in None"),
        ("</L><![CDATA[x]]>", "OutsideRoot at 18 in None"),
        ("<!DOCTYPE L></L>", "Doctype at 14 in None"),
    ] {
        let document = format!("<L><OP A='1'/>{rest}");
        let mut found = values(document.as_bytes(), &shape);
        assert_eq!(found.pop(), Some(format!("!!{fault}")), "{rest}");
        assert_eq!(found[0], "1", "{rest}");
    }
    assert_eq!(values(b"<L A=1><OP/></L>", &shape), ["!!Tag at 0 in None"]);
    assert_eq!(values(b"no markup", &shape), ["!!OutsideRoot at 0 in None"]);
    assert_eq!(values(b"", &shape), ["!!Cut at 0 in None"]);
}

#[test]
fn a_record_with_a_bad_tag_is_one_row_where_its_end_is_sure() {
    let shape = shape(&["A"]);
    let deep = format!("<OP><A>{}2</A></OP>", "<X>".repeat(40));
    let long = format!("<OP><A X='{}'>2</A></OP>", "x".repeat(70_000));
    for (record, fault) in [
        ("<OP><A>2</B></OP>", "Mismatch at 22"),
        ("<OP><A>2</a></OP>", "Mismatch at 22"),
        ("<OP><A>2</OP>", "Mismatch at 22"),
        ("<OP><A>2</A></A></OP>", "Mismatch at 26"),
        ("<OP><A>2</A></OOP>", "Mismatch at 26"),
        ("<OP><A>2</A>", "Mismatch at 26"),
        ("<OP><A <B>2</B></A></OP>", "Tag at 18"),
        ("<OP><A>1 < 2</A></OP>", "Tag at 23"),
        ("<OP><>2</></OP>", "Tag at 18"),
        ("<OP <A>2</A></OP>", "Tag at 14"),
        ("<OP><A>2</B><!-- </OP><OP> --><![CDATA[</OP><OP>]]><?x </OP><OP>?></OP>", "Mismatch at 22"),
        ("<OP><A>2</B></OP> <!-- and --> ", "Mismatch at 22"),
        ("<OP><A>2</B></OP>text", "Mismatch at 22"),
        ("<OP><A>2</B></OP><OTHER/>", "Mismatch at 22"),
        (&deep, "TooDeep at 108"),
        (&long, "TagTooLong at 18"),
    ] {
        for last in [false, true] {
            let behind = if last { "" } else { "<OP A='3'/>" };
            let document = format!("<L><OP A='1'/>{record}{behind}</L>");
            let found = values(document.as_bytes(), &shape);
            let shown: String = record.chars().take(60).collect();
            assert_eq!(found[..2], ["1".to_owned(), format!("!{fault}")][..], "{shown} {found:?}");
            assert_eq!(found[2..], ["3"][..usize::from(!last)], "{shown}");
        }
    }
}

#[test]
fn a_lost_record_knows_its_bytes_and_those_behind_it_have_their_values() {
    let shape = shape(&["@SMO", "A"]);
    let document = b"<L SMO='1'><OP><A>2</B></OP>\n<OP><A>3</A></OP></L>";
    let mut reader = super::XmlReader::new(&document[..], &shape, super::Charset::Utf8);
    let record = reader.next_record().expect("whole").expect("the faulty record");
    assert_eq!((record.number, record.offset, record.raw), (1, 11, &b"<OP><A>2</B></OP>"[..]));
    assert_eq!(lines(&document[..], &shape)[1].split_once(": ").map(|(_, values)| values), Some("1|3"));
}

#[test]
fn elements_in_place_of_records_are_listed() {
    let shape = shape(&["A"]);
    let seen = |document: &str| {
        let mut reader = super::XmlReader::new(document.as_bytes(), &shape, super::Charset::Utf8);
        while reader.next_record().is_ok_and(|record| record.is_some()) {}
        reader.elements_without_record().join(" ")
    };
    assert_eq!(seen("<L><HEAD><DATE/></HEAD><PRIKREP><x:FAM/></PRIKREP><PRIKREP/></L>"), "HEAD DATE PRIKREP FAM");
    assert_eq!(seen("<L><HEAD/><OP/></L>"), "");
    assert_eq!(seen("<L/>"), "");
}

#[test]
fn documents_that_define_entities_are_refused() {
    let bomb = "<?xml version='1.0'?><!DOCTYPE L [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><L><OP><A>&b;</A></OP></L>";
    assert_eq!(values(bomb.as_bytes(), &shape(&["A"])), ["!!Doctype at 21 in None"]);
    let external = "<!doctype L SYSTEM 'file:///etc/hostname'><L><OP/></L>";
    assert_eq!(values(external.as_bytes(), &shape(&["A"])), ["!!Doctype at 0 in None"]);
}

#[test]
fn an_inherited_value_that_cannot_be_read_ends_the_document() {
    let shape = shape(&["@SMO", "A"]);
    assert_eq!(values(b"<L SMO='\xFF'><OP A='1'/></L>", &shape), ["!!Header(Encoding) at 0 in None"]);
    assert_eq!(values(b"<L><SMO>&x;</SMO><OP A='1'/></L>", &shape), ["!!Header(Reference) at 8 in None"]);
    assert_eq!(values(b"<L SMO='1'><OTHER>\xFF</OTHER><OP A='1'/></L>", &shape), ["1|1"]);
}

#[test]
fn a_fault_of_the_input_has_its_offset() {
    struct Failing;
    impl std::io::Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("gone"))
        }
    }
    let input = std::io::Read::chain(&b"<L><OP A='1'/><OP"[..], std::io::BufReader::new(Failing));
    let found = lines(input, &shape(&["A"]));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("!!Read("), "{found:?}");
}
