//! Depth, lengths and numbers beyond the limits, and memory.

use std::io::{BufReader, Read};

use super::super::limits::{ATTRIBUTES, DEPTH, RAW_BYTES, REPEATED_VALUES, TAG_BYTES, TEXT_BYTES};
use super::{lines, shape, values};

#[test]
fn elements_that_are_nested_too_deep_are_faults_of_their_record() {
    let shape = shape(&["A"]);
    let nested = |depth: usize| {
        let (open, close) = ("<X>".repeat(depth), "</X>".repeat(depth));
        format!("<L><OP A='1'/><OP A='2'>{open}{close}</OP></L>")
    };
    assert_eq!(values(nested(DEPTH - 2).as_bytes(), &shape), ["1", "2"]);
    assert_eq!(values(nested(DEPTH - 1).as_bytes(), &shape), ["1", "!TooDeep at 114"]);
    assert_eq!(values(nested(1_000_000).as_bytes(), &shape), ["1", "!TooDeep at 114"]);
    let outside = format!("<L>{}</L>", "<X>".repeat(40));
    assert_eq!(values(outside.as_bytes(), &shape), ["!!TooDeep at 96 in None"]);
}

#[test]
fn long_texts_are_faults_of_their_records_however_long() {
    let shape = shape(&["A"]);
    for (length, is_good) in [(TEXT_BYTES, true), (TEXT_BYTES + 1, false), (3_000_000, false)] {
        let text = "x".repeat(length);
        for record in [
            format!("<OP><A>{text}</A></OP>"),
            format!("<OP><A><![CDATA[{text}]]></A></OP>"),
            format!("<OP><A>{}<!-- -->{}</A></OP>", &text[..10], &text[10..]),
            format!("<OP A=''><X>{text}</X></OP>"),
        ] {
            let document = format!("<L>{record}<OP A='2'/></L>");
            let found = values(document.as_bytes(), &shape);
            let in_pieces = lines(super::Slow { rest: document.as_bytes(), at_a_time: 1000 }, &shape);
            assert_eq!(found.last().map(String::as_str), Some("2"), "{length}");
            // Each part of a text in two parts is short enough; both together are not.
            assert_eq!(!found[0].starts_with("!TextTooLong"), is_good, "{length} {}", &record[..20]);
            assert_eq!(in_pieces, lines(document.as_bytes(), &shape), "{length}");
        }
    }
}

#[test]
fn skipped_texts_may_have_any_length() {
    let photo = "QUJD".repeat(1_000_000);
    let shape = shape(&["A"]);
    for record in [
        format!("<OP><PERSONB><PHOTO>{photo}</PHOTO></PERSONB><A>1</A></OP>"),
        format!("<OP><PERSONB><PHOTO><![CDATA[{photo}]]></PHOTO></PERSONB><A>1</A></OP>"),
        format!("<OP><!--{photo}--><A>1</A></OP>"),
        format!("<OP><?x {photo}?><A>1</A></OP>"),
    ] {
        assert_eq!(values(format!("<L>{record}</L>").as_bytes(), &shape), ["1"], "{}", &record[..20]);
    }
}

#[test]
fn long_tags_and_many_attributes_are_refused() {
    let shape = shape(&["A"]);
    let long = format!("<L><OP A='1'/><OP B='{}'/></L>", "x".repeat(TAG_BYTES));
    assert_eq!(values(long.as_bytes(), &shape), ["1", "!TagTooLong at 14"]);
    let open = format!("<L><OP A='1'/><OP B='{}", "x".repeat(5_000_000));
    assert_eq!(values(open.as_bytes(), &shape), ["1", "!!TagTooLong at 14 in Some(2)"]);
    let attributes = |count: usize| (0..count).map(|number| format!(" B{number}=''")).collect::<String>();
    let document = format!("<L><OP{}/><OP{}/></L>", attributes(ATTRIBUTES), attributes(ATTRIBUTES + 1));
    let found = values(document.as_bytes(), &shape);
    assert!(found[0].is_empty() && found[1].starts_with("!Attribute"), "{found:?}");
}

#[test]
fn values_that_repeat_without_end_are_a_fault() {
    let repeated = |count: usize| format!("<L><OP>{}</OP><OP/></L>", "<D/>".repeat(count));
    assert!(values(repeated(REPEATED_VALUES).as_bytes(), &shape(&["*D"]))[0].starts_with("1=,"));
    assert!(values(repeated(REPEATED_VALUES + 1).as_bytes(), &shape(&["*D"]))[0].starts_with("!TooManyValues"));
    let long = format!("<OP>{}</OP>", format!("<D>{}</D>", "x".repeat(TEXT_BYTES)).repeat(20));
    assert!(values(format!("<L>{long}</L>").as_bytes(), &shape(&["*D"]))[0].starts_with("!TooManyValues"));
}

#[test]
fn the_first_bytes_of_a_long_record_are_kept() {
    let shape = shape(&["A"]);
    for length in [RAW_BYTES, RAW_BYTES + 1, 20 * RAW_BYTES] {
        let record = format!("<OP><PERSONB>{}</PERSONB></OP>", "x".repeat(length - 28));
        // The records in front put the beginning of this record near the end of the window.
        let document = format!("<L>{}{record}</L>", "<OP A='1'/>".repeat(45_000));
        let mut reader = super::XmlReader::new(document.as_bytes(), &shape, super::Charset::Utf8);
        let mut last = None;
        while let Some(record) = reader.next_record().expect("whole") {
            last = Some((record.length, record.raw.to_vec()));
        }
        assert_eq!(last, Some((length as u64, record.as_bytes()[..RAW_BYTES].to_vec())), "{length}");
    }
}

#[test]
fn what_follows_from_a_large_document_is_not_kept() {
    // 256 MiB of one text and of one comment pass through without being held.
    for (head, filling, tail) in [
        (&b"<L><OP A='1'><PERSONB>"[..], b'x', &b"</PERSONB></OP></L>"[..]),
        (b"<L><OP A='1'><!--", b'-', b"></OP></L>"),
        (b"<L><OP A='1'>", b' ', b"</OP></L>"),
    ] {
        let input = head.chain(BufReader::with_capacity(1 << 16, std::io::repeat(filling).take(1 << 28))).chain(tail);
        assert_eq!(lines(input, &shape(&["A"])).len(), 1, "{}", head.escape_ascii());
    }
}
