//! An `OPLIST` of windows-1251 to records, on one thread, compared with quick-xml, which only returns its events.
//!
//! Both read the same bytes by turns, so that other work on the machine slows both. Prints the median of each and of their quotients.

#[path = "../crates/formats/src/xml/tests/documents.rs"]
mod documents;

use std::hint::black_box;
use std::io::BufReader;
use std::time::Instant;

use documents::{Dialect, ROOT, Writer, record_paths, windows_1251};
use quick_xml::events::Event;
use sverka_formats::xml::{Charset, Shape, ShapeParts, SlotParts, Take, XmlReader};

/// Bytes of each document.
const DOCUMENT_BYTES: usize = 200_000_000;
/// Turns of each reader.
const TURNS: usize = 7;

fn main() {
    let shape = shape();
    for (name, encoding, dialect, photo_bytes) in [
        ("values as elements", "windows-1251", Dialect::Elements, 0),
        ("values as attributes", "windows-1251", Dialect::Attributes, 0),
        ("values as elements, UTF-8", "utf-8", Dialect::Elements, 0),
        ("with photos of 30 kB", "windows-1251", Dialect::Elements, 30_000),
    ] {
        let document = document(encoding, dialect, photo_bytes);
        let megabytes = document.len() as f64 / 1e6;
        let (mut ours, mut theirs, mut quotients) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..TURNS {
            let records = seconds(|| black_box(read(&document, &shape)));
            let events = seconds(|| black_box(read_events(&document)));
            ours.push(megabytes / records);
            theirs.push(megabytes / events);
            quotients.push(events / records);
        }
        println!(
            "{name}: {:.0} MB/s to records, {:.0} MB/s to events of quick-xml, {:.2} times as fast",
            median(&mut ours),
            median(&mut theirs),
            median(&mut quotients)
        );
    }
}

/// Shape of the documents.
fn shape() -> Shape {
    let slot = |path: String, take| SlotParts { paths: vec![path], take };
    let inherited = ROOT.iter().map(|path| slot((*path).to_owned(), Take::Inherited));
    let parts = ShapeParts {
        roots: vec!["OPLIST".to_owned()],
        records: vec!["OP".to_owned()],
        slots: inherited.chain(record_paths().into_iter().map(|path| slot(path, Take::First))).collect(),
        skipped: vec!["PERSONB".to_owned()],
    };
    Shape::new(&parts).expect("the shape of the documents")
}

/// Document of about [`DOCUMENT_BYTES`].
fn document(encoding: &str, dialect: Dialect, photo_bytes: usize) -> Vec<u8> {
    let encoded = |text: &str| if encoding == "utf-8" { text.as_bytes().to_vec() } else { windows_1251(text) };
    let mut writer = Writer::new(dialect, photo_bytes, 1);
    let (mut bytes, mut text) = (Vec::with_capacity(DOCUMENT_BYTES + 100_000), String::new());
    writer.head(encoding, &mut text);
    for number in 0.. {
        writer.record(number, &mut text);
        bytes.extend(encoded(&text));
        text.clear();
        if bytes.len() >= DOCUMENT_BYTES {
            break;
        }
    }
    writer.tail(&mut text);
    bytes.extend(encoded(&text));
    bytes
}

/// Reads a document to records. Returns the bytes of their values.
fn read(document: &[u8], shape: &Shape) -> usize {
    let mut reader = XmlReader::new(BufReader::with_capacity(1 << 18, document), shape, Charset::Utf8);
    let mut bytes = 0;
    while let Some(record) = reader.next_record().expect("a whole document") {
        let fields = record.fields.expect("a good record");
        bytes += (0..shape.slots()).map(|slot| fields.get(slot).len()).sum::<usize>();
    }
    bytes
}

/// Reads a document to events of quick-xml. Returns their bytes.
fn read_events(document: &[u8]) -> usize {
    let mut reader = quick_xml::Reader::from_reader(BufReader::with_capacity(1 << 18, document));
    let (mut buffer, mut bytes) = (Vec::new(), 0);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).expect("a whole document") {
            Event::Eof => return bytes,
            event => bytes += event.len(),
        }
    }
}

fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
