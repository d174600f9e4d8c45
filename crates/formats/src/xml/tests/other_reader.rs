//! Random documents, compared with quick-xml.

use proptest::prelude::*;
use quick_xml::events::Event;

use super::{lines, shape};

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

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

/// The expected values of both lists, by quick-xml.
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
