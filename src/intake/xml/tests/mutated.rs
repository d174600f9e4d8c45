//! Documents that chance has changed: never a panic, and the same outcome in any portions.

use proptest::prelude::*;
use quick_xml::events::Event;

use super::documents::{Dialect, Writer, windows_1251};
use super::{Slow, lines, shape};

fn document(dialect: Dialect) -> Vec<u8> {
    let mut text = String::new();
    let mut writer = Writer::new(dialect, 40, 3);
    writer.head("windows-1251", &mut text);
    (0..3).for_each(|number| writer.record(number, &mut text));
    writer.tail(&mut text);
    windows_1251(&text)
}

/// Pieces of markup that do damage where they do not belong.
const PIECES: &[&str] = &[
    "<",
    ">",
    "/",
    "&",
    ";",
    "\"",
    "'",
    "=",
    " ",
    "<OP>",
    "</OP>",
    "<OP/>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?",
    "?>",
    "&amp;",
    "&#x41;",
    "&#0;",
    "<!DOCTYPE",
    "\u{FEFF}",
    ":",
    "\0",
    "<A X='1'/>",
    "</",
];

fn change() -> impl Strategy<Value = (prop::sample::Index, usize, Vec<u8>)> {
    let piece = prop_oneof![
        prop::sample::select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    (any::<prop::sample::Index>(), 0_usize..12, piece)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_documents_end(changes in prop::collection::vec(change(), 1..6), attributes in any::<bool>(), at_a_time in 1_usize..300) {
        let mut bytes = document(if attributes { Dialect::Attributes } else { Dialect::Elements });
        for (place, removed, piece) in changes {
            let from = place.index(bytes.len());
            let to = bytes.len().min(from + removed);
            bytes.splice(from..to, piece);
        }
        let shape = shape(&["@SMOCOD", "PERSON/FAM", "INSURANCE/POLIS/NPOLIS", "*DOC_LIST/DOC/DOCNUM", "N_REC"]);
        let whole = lines(&bytes[..], &shape);
        prop_assert_eq!(&lines(Slow { rest: &bytes, at_a_time }, &shape), &whole);
        // A record that came out lies inside the document, behind the one before it.
        let mut before = 0;
        for line in whole.iter().filter(|line| !line.starts_with("!!")) {
            let place = line.split(['@', '+', ':']).map(str::parse::<usize>).collect::<Vec<_>>();
            let (Ok(offset), Ok(length)) = (&place[1], &place[2]) else { panic!("{line}") };
            prop_assert!(*offset >= before && offset + length <= bytes.len());
            prop_assert!(bytes[*offset] == b'<' && bytes[offset + length - 1] == b'>');
            before = offset + length;
        }
    }

    #[test]
    fn another_reader_finds_the_same_values(tree in tree()) {
        let document = format!("<L>{tree}</L>");
        let expected = texts_of(&document);
        let found = lines(document.as_bytes(), &shape(&["*A", "*B/A"]));
        let found: Vec<&str> = found.iter().filter_map(|line| Some(line.split_once(": ")?.1)).collect();
        prop_assert_eq!(found, expected, "{}", document);
    }
}

/// Records with elements `A` of text in all its ways, directly and under elements `B`.
fn tree() -> impl Strategy<Value = String> {
    let run = prop::sample::select(vec!["x", "Ж ", "&amp;", "&#65;", "<![CDATA[<&]]>", "<!-- <A> -->", "<?p A?>", "]]"]);
    let text = prop::collection::vec(run, 0..5).prop_map(|runs| runs.concat());
    let value = text.prop_map(|text| format!("<A>{text}</A>"));
    let block = prop::collection::vec(value.clone(), 0..3).prop_map(|values| format!("<B>\n{}</B>", values.concat()));
    let record =
        prop::collection::vec(prop_oneof![value, block], 0..5).prop_map(|parts| format!("<OP>\n{}</OP>", parts.concat()));
    prop::collection::vec(record, 0..4).prop_map(|records| records.join("\n"))
}

/// What the lines of the two lists must be, by quick-xml.
fn texts_of(document: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(document);
    let (mut records, mut direct, mut nested, mut text) = (Vec::new(), Vec::new(), Vec::new(), String::new());
    let (mut blocks, mut in_block) = (0, false);
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Eof => return records,
            Event::Start(tag) => match tag.name().as_ref() {
                b"OP" => (direct, nested, blocks) = (Vec::new(), Vec::new(), 0),
                b"B" => (blocks, in_block) = (blocks + 1, true),
                _ => text.clear(),
            },
            Event::Text(run) => text += str::from_utf8(&run).expect("text"),
            Event::CData(run) => text += str::from_utf8(&run).expect("text"),
            Event::GeneralRef(name) => text += if &name[..] == b"amp" { "&" } else { "A" },
            Event::End(tag) => match tag.name().as_ref() {
                b"OP" => records.push(format!("{}|{}", direct.join(","), nested.join(","))),
                b"B" => in_block = false,
                b"A" if in_block => nested.push(format!("{blocks}={}", text.trim())),
                b"A" => direct.push(format!("1={}", text.trim())),
                _ => {}
            },
            _ => {}
        }
    }
}
