//! XML documents: the same records in all portions, by the shapes of all layouts, and the rows of documents.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::sync::Arc;

use super::csv::SlowReader;
use super::document::{ScratchFile, built_in};
use crate::layout::{Form, Layout};
use sverka_formats::xml::RAW_BYTES;
use sverka_formats::xml::{Charset, Shape, ShapeParts, SlotParts, Take, XmlReader};
use sverka_fuzzing::{Target, fuzz, kind};

/// Reader of XML documents under test.
struct Documents {
    scratch: ScratchFile,
    layouts: Vec<Arc<Layout>>,
    shapes: Vec<Shape>,
}

impl Documents {
    fn new() -> Self {
        let layouts = built_in(&["oplist", "stoplist", "reclist", "att_vologda", "prikrep_astrakhan"]);
        let built_in = layouts.iter().filter_map(|layout| parts(layout));
        // No built-in layout takes lists.
        let slot = |path: &str, take| SlotParts { paths: vec![path.to_owned()], take };
        let lists = ShapeParts {
            roots: Vec::new(),
            records: vec!["OP".to_owned()],
            slots: vec![slot("SMOCOD", Take::Inherited), slot("PERSON/FAM", Take::First), slot("DOC/DOCNUM", Take::All)],
            skipped: vec!["PERSONB".to_owned()],
        };
        let shapes = built_in.chain([&lists]).map(|parts| Shape::new(parts).expect("a shape")).collect();
        Self { scratch: ScratchFile::new(), layouts, shapes }
    }
}

/// Parts of the shape of an XML layout.
fn parts(layout: &Layout) -> Option<&ShapeParts> {
    match &layout.form {
        Form::Xml(parts) => Some(parts),
        _ => None,
    }
}

impl Target for Documents {
    const CORPUS: &'static str = "xml";
    const ENDING: Option<&'static str> = Some("xml");
    const PIECES: &'static [&'static [u8]] = &[
        b"<",
        b">",
        b"/",
        b"&",
        b";",
        b"\"",
        b"'",
        b"=",
        b" ",
        b"<OP>",
        b"</OP>",
        b"<OP/>",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"<?",
        b"?>",
        b"&amp;",
        b"&#x41;",
        b"&#0;",
        b"&#x10FFFF;",
        b"&lt;",
        b"<!DOCTYPE",
        b"\xEF\xBB\xBF",
        b"\xFF\xFE",
        b":",
        b"\0",
        b"<A X='1'/>",
        b"</",
        b"x:",
        b"<?xml version=\"1.0\" encoding=\"windows-1251\"?>",
        b"encoding='koi8-r'",
        b"\xD6",
        b"\x98",
        b"<PERSONB>",
        b"</PERSONB>",
        b"<DOC><DOCNUM>1</DOCNUM></DOC>",
        b"<PERSON FAM='x'>",
        b"</PERSON>",
        b" SMOCOD='34001'",
    ];

    fn seeds(&self) -> Vec<Vec<u8>> {
        let layouts = || self.layouts.iter().filter_map(|layout| parts(layout));
        layouts().flat_map(|parts| [document_text(parts, false), document_text(parts, true)]).map(String::into_bytes).collect()
    }

    fn read(&mut self, input: &[u8]) -> BTreeSet<String> {
        let mut behaviours = BTreeSet::new();
        for (number, shape) in self.shapes.iter().enumerate() {
            let whole = read_records(input, shape, input.len());
            behaviours.extend(whole.kinds.iter().map(|kind| format!("{number} {kind}")));
            if whole.lines.len() > 1 || number == 0 {
                for at_a_time in [1, 13] {
                    let portions = BufReader::with_capacity(at_a_time, SlowReader { rest: input, at_a_time });
                    assert!(read_records(portions, shape, input.len()) == whole, "in portions of {at_a_time}");
                }
            }
        }
        // Documents are read with the layouts that may fit. All others refuse the root.
        let may_fit = |layout: &&Arc<Layout>| {
            let mut roots = parts(layout).into_iter().flat_map(|parts| &parts.roots);
            roots.any(|root| memchr::memmem::find(input, root.as_bytes()).is_some())
        };
        let layouts: Vec<Arc<Layout>> = self.layouts.iter().filter(may_fit).cloned().collect();
        self.scratch.read(input, &layouts, &mut behaviours);
        behaviours
    }
}

/// Document of two records with a value at every path of a shape, as an element or, where the path allows it, as an attribute.
pub(super) fn document_text(parts: &ShapeParts, as_attributes: bool) -> String {
    let value = |path: &str, within: &mut String| {
        let names: Vec<&str> = path.split('/').collect();
        let (last, around) = names.split_last().expect("a path has a name");
        let text = match *last {
            "ENP" => "9856510894000011",
            name if name.starts_with('D') => "2020-01-31",
            name if name.len() == 1 => "1",
            _ => "Ольха &amp; 34001",
        };
        let (openings, closings): (String, String) = (
            around.iter().map(|name| format!("<{name}>")).collect(),
            around.iter().rev().map(|name| format!("</{name}>")).collect(),
        );
        match (as_attributes, openings.strip_suffix('>')) {
            (true, Some(openings)) => *within += &format!("{openings} {last}='{text}'>{closings}"),
            _ => *within += &format!("{openings}<{last}>{text}</{last}>{closings}\n"),
        }
    };
    let mut record = String::new();
    for slot in parts.slots.iter().filter(|slot| slot.take != Take::Inherited) {
        value(&slot.paths[0], &mut record);
    }
    let mut text = format!("<?xml version=\"1.0\"?>\n<{}>", parts.roots.first().map_or("ROOT", String::as_str));
    for slot in parts.slots.iter().filter(|slot| slot.take == Take::Inherited) {
        value(&slot.paths[0], &mut text);
    }
    for _ in 0..2 {
        text += &format!("<{0}>{record}</{0}>\n", parts.records[0]);
    }
    text + &format!("</{}>", parts.roots.first().map_or("ROOT", String::as_str))
}

/// Records of a document as lines, and the kinds of records and faults.
#[derive(PartialEq, Eq)]
struct ReadRecords {
    lines: Vec<String>,
    kinds: BTreeSet<String>,
}

/// Reads the records of a document of `length` bytes.
fn read_records(input: impl BufRead, shape: &Shape, length: usize) -> ReadRecords {
    let mut reader = XmlReader::new(input, shape, Charset::Utf8);
    let (mut lines, mut kinds, mut before) = (Vec::new(), BTreeSet::new(), 0);
    loop {
        match reader.next_record() {
            Ok(None) => {
                assert!(matches!(reader.next_record(), Ok(None)), "the end stays the end");
                return ReadRecords { lines, kinds };
            }
            Ok(Some(record)) => {
                assert!(
                    record.offset >= before && record.offset + record.length <= length as u64,
                    "a record lies behind the one before it"
                );
                before = record.offset + record.length;
                // A record without its end tag ends where the next one begins. Of a long record, only the first bytes are kept.
                let is_whole = record.raw.len() as u64 == record.length;
                let ends = record.raw.ends_with(b">") || record.fields.is_err();
                assert!(
                    record.raw.starts_with(b"<") && if is_whole { ends } else { record.raw.len() == RAW_BYTES },
                    "a record is a piece of markup"
                );
                let values = match &record.fields {
                    Ok(fields) => {
                        kinds.insert("record".to_owned());
                        let of_slot = |slot| {
                            let list: Vec<String> =
                                fields.all(slot).map(|value| format!("{}={}", value.parent, value.text)).collect();
                            format!("{}{}", fields.get(slot), list.join(","))
                        };
                        (0..shape.slots()).map(of_slot).collect::<Vec<_>>().join("|")
                    }
                    Err(fault) => {
                        kinds.insert(kind(&fault.cause));
                        format!("!{:?} at {}", fault.cause, fault.offset)
                    }
                };
                lines.push(format!("{}@{}+{}: {values}", record.number, record.offset, record.length));
            }
            Err(fault) => {
                kinds.insert(kind(&fault.cause));
                lines.push(format!("!!{:?} at {} in {:?}", fault.cause, fault.offset, fault.record));
            }
        }
    }
}

#[test]
fn changed_documents_give_the_same_records_in_any_portions() {
    fuzz(&mut Documents::new());
}
