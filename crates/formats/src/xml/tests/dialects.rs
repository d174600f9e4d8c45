//! The same persons in every dialect.

use super::documents::{Dialect, ROOT, Writer, record_paths, windows_1251};
use super::{shape, values};
use crate::xml::{Charset, Shape, ShapeParts, SlotParts, Take, XmlReader};

const RECORDS: usize = 20;

/// The values of the first record and root as they are written, by hand.
fn made(dialect: Dialect, photo_bytes: usize) -> String {
    let mut text = String::new();
    let mut writer = Writer::new(dialect, photo_bytes, 7);
    writer.head("windows-1251", &mut text);
    (0..RECORDS).for_each(|number| writer.record(number, &mut text));
    writer.tail(&mut text);
    text
}

fn oplist() -> Shape {
    let inherited = ROOT.iter().map(|name| format!("@{name}"));
    let paths: Vec<String> = inherited.chain(record_paths()).chain(["*DOC_LIST/DOC/LIST".to_owned()]).collect();
    shape(&paths.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Writes elements as attributes. It only handles what the documents of these tests contain.
fn with_attributes(elements: &str) -> String {
    let mut text = elements.to_owned();
    let (mut from, mut out) = (0, String::new());
    while let Some(found) = text[from..].find('<').map(|at| from + at) {
        out += text[from..found].trim();
        let to = found + text[found..].find('>').expect("a tag") + 1;
        let name = &text[found + 1..to - 1];
        let closing = format!("</{name}>");
        let leaf = text[to..].find('<').filter(|at| text[to + at..].starts_with(&closing));
        match leaf {
            // The position behind a start tag that is still the last thing in the output, or behind other values of it.
            Some(length)
                if out.ends_with('>') && !out.ends_with("/>") && !out[out.rfind('<').expect("a tag")..].starts_with("</") =>
            {
                out.pop();
                out += &format!(" {name}=\"{}\">", &text[to..to + length]);
                from = to + length + closing.len();
            }
            _ => {
                out += &text[found..to];
                from = to;
            }
        }
    }
    text.clear();
    out
}

#[test]
fn all_fields_of_both_dialects_are_the_same() {
    let elements = made(Dialect::Elements, 0);
    let body = elements.find("<OPLIST").expect("the root");
    let attributes = format!("{}{}", &elements[..body], with_attributes(&elements[body..]));
    assert!(attributes.contains("<PERSON FAM="), "the other dialect is another one");
    let as_elements = values(&windows_1251(&elements), &oplist());
    assert_eq!(as_elements.len(), RECORDS);
    assert_eq!(values(&windows_1251(&attributes), &oplist()), as_elements);
}

#[test]
fn all_fields_of_the_format_have_values() {
    let document = windows_1251(&made(Dialect::Attributes, 0));
    let shape = oplist();
    let mut reader = XmlReader::new(&document[..], &shape, Charset::Utf8);
    let record = reader.next_record().expect("whole").expect("a record");
    let fields = record.fields.expect("values");
    let absent = (0..shape.slots() - 1).filter(|&slot| !fields.is_present(slot)).count();
    assert_eq!(absent, 0);
    assert!(["ЗАРЕЧНЫЙ", "Ольховская-Дуб", "ПЕРЕЛЕСКОВ", "Ёжикова", "Клёнова"].contains(&fields.get(10)), "the surname");
}

#[test]
fn photos_change_nothing() {
    let without = values(&windows_1251(&made(Dialect::Elements, 0)), &shape(&["N_REC"]));
    let with = values(&windows_1251(&made(Dialect::Elements, 700_000)), &shape(&["N_REC"]));
    assert_eq!((with[0].clone(), with.len()), (without[0].clone(), RECORDS));
    assert!(with.iter().all(|id| id.len() == without[0].len()));
}

#[test]
fn encodings_give_the_same_text() {
    let text = made(Dialect::Elements, 0);
    let expected = values(&windows_1251(&text), &oplist());
    let utf8 = text.replacen("windows-1251", "utf-8", 1);
    assert_eq!(values(utf8.as_bytes(), &oplist()), expected);
    assert_eq!(values(format!("\u{FEFF}{text}").as_bytes(), &oplist()), expected, "the byte order mark wins");
}

#[test]
fn prefixes_namespaces_and_letter_case_do_not_count() {
    let shape = shape(&["@SMOCOD", "PERSON/FAM", "PERSON/TYPE"]);
    for document in [
        "<OPLIST SMOCOD='1'><OP><PERSON FAM='А'/></OP></OPLIST>",
        "<n:oplist xmlns:n='urn:x' n:smocod='1'><n:Op><n:person n:Fam='А'/></n:Op></n:oplist>",
        "<OpList xmlns='urn:x' SmoCod='1'><oP><x:Person><y:FAM>А</y:FAM></x:Person></oP></OpList>",
        "<OPLIST SMOCOD='1'><OP><PERSON xsi:type='person' xml:type='t' FAM='А'/></OP></OPLIST>",
    ] {
        assert_eq!(values(document.as_bytes(), &shape), ["1|А|"], "{document}");
    }
}

/// A shape of another dialect than `OPLIST`.
fn other(root: &str, record: &str, paths: &[(&str, Take)]) -> Shape {
    let slot = |(path, take): &(&str, Take)| SlotParts { paths: vec![(*path).to_owned()], take: *take };
    let parts = ShapeParts {
        roots: vec![root.to_owned()],
        records: vec![record.to_owned()],
        slots: paths.iter().map(slot).collect(),
        skipped: Vec::new(),
    };
    Shape::new(&parts).expect("shape")
}

#[test]
fn attachment_lists_and_dictionaries_are_read_by_their_shapes() {
    let att = other(
        "ATT",
        "REC",
        &[("ZGLV/CODE_MO", Take::Inherited), ("N_ZAP", Take::First), ("FAM", Take::First), ("DOC_CODE", Take::First)],
    );
    let document = "<ATT><ZGLV><VERSION>1.3</VERSION><CODE_MO>350001</CODE_MO></ZGLV>\
        <REC><N_ZAP>1</N_ZAP><FAM>Ольхова</FAM><DOC_CODE>1</DOC_CODE></REC><REC><N_ZAP>2</N_ZAP></REC></ATT>";
    assert_eq!(values(document.as_bytes(), &att), ["350001|1|Ольхова|1", "350001|2||"]);

    let dictionary =
        other("packet", "zap", &[("IDDOC", Take::First), ("DOCNAME", Take::First), ("zglv/version", Take::Inherited)]);
    for document in [
        "<packet><zglv><type>F008</type><version>1</version></zglv><zap><IDDOC>1</IDDOC><DOCNAME>Полис</DOCNAME></zap></packet>",
        "<PACKET><ZGLV VERSION='1'/><ZAP iddoc='1' docname='Полис'/></PACKET>",
    ] {
        assert_eq!(values(document.as_bytes(), &dictionary), ["1|Полис|1"], "{document}");
    }

    let insurers =
        other("packet", "insCompany", &[("smocod", Take::First), ("insInclude/d_end", Take::First), ("date", Take::Inherited)]);
    let document = "<packet version='1' date='2026-01-01'><insCompany><smocod>34001</smocod><insInclude><d_end>2025-12-31</d_end>\
        </insInclude></insCompany></packet>";
    assert_eq!(values(document.as_bytes(), &insurers), ["34001|2025-12-31|2026-01-01"]);

    let stops = other("STOPLIST", "STOP", &[("REASON", Take::First), ("POLIS/NPOLIS", Take::First)]);
    assert_eq!(values(b"<STOPLIST><STOP REASON='1'><POLIS NPOLIS='9'/></STOP></STOPLIST>", &stops), ["1|9"]);
}

#[test]
fn another_root_is_refused() {
    let att = other("ATT", "REC", &[("FAM", Take::First)]);
    assert_eq!(values(b"<OPLIST><REC FAM='A'/></OPLIST>", &att), ["!!Root { expected: \"`ATT`\" } at 0 in None"]);
}
