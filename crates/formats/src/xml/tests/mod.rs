//! Tests of sound and broken documents.

mod broken;
mod corpus;
mod dialects;
mod documents;
mod limits;
mod other_reader;
mod records;

use std::io::BufRead;

use super::{Charset, Shape, ShapeParts, SlotParts, Take, XmlReader};

/// A shape of records `OP` with a slot for each path from the record. `@` before a path means an inherited value, `*` all values.
fn shape(paths: &[&str]) -> Shape {
    let slot = |path: &&str| {
        let (take, path) = match path.as_bytes()[0] {
            b'@' => (Take::Inherited, &path[1..]),
            b'*' => (Take::All, &path[1..]),
            _ => (Take::First, *path),
        };
        SlotParts { paths: path.split('|').map(str::to_owned).collect(), take }
    };
    let parts = ShapeParts {
        roots: Vec::new(),
        records: vec!["OP".to_owned()],
        slots: paths.iter().map(slot).collect(),
        skipped: vec!["PERSONB".to_owned()],
    };
    Shape::new(&parts).expect("shape")
}

/// A line for each record of a document, `number@offset+length: value|value` or a fault, and one for the fault of the document.
fn lines(input: impl BufRead, shape: &Shape) -> Vec<String> {
    let mut reader = XmlReader::new(input, shape, Charset::Utf8);
    let mut lines = Vec::new();
    loop {
        match reader.next_record() {
            Ok(None) => return lines,
            Ok(Some(record)) => {
                let values = record.fields.map_or_else(
                    |fault| format!("!{:?} at {}", fault.cause, fault.offset),
                    |fields| (0..shape.slots()).map(|slot| listed(&fields, slot)).collect::<Vec<_>>().join("|"),
                );
                lines.push(format!("{}@{}+{}: {values}", record.number, record.offset, record.length));
            }
            Err(fault) => lines.push(format!("!!{:?} at {} in {:?}", fault.cause, fault.offset, fault.record)),
        }
    }
}

/// The value of a slot, or its list.
fn listed(fields: &super::XmlFields<'_>, slot: usize) -> String {
    let list: Vec<String> = fields.all(slot).map(|value| format!("{}={}", value.parent, value.text)).collect();
    if list.is_empty() { fields.get(slot).to_owned() } else { list.join(",") }
}

/// The lines of a document without numbers and offsets.
fn values(document: &[u8], shape: &Shape) -> Vec<String> {
    let bare = |line: String| {
        line.split_once(": ").filter(|_| !line.starts_with("!!")).map_or(line.clone(), |(_, values)| values.to_owned())
    };
    lines(document, shape).into_iter().map(bare).collect()
}

/// An input that gives few bytes at a time.
struct Slow<'d> {
    rest: &'d [u8],
    at_a_time: usize,
}

impl std::io::Read for Slow<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let taken = self.fill_buf()?.len().min(into.len());
        into[..taken].copy_from_slice(&self.rest[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}

impl BufRead for Slow<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        Ok(&self.rest[..self.rest.len().min(self.at_a_time)])
    }

    fn consume(&mut self, taken: usize) {
        self.rest = &self.rest[taken..];
    }
}
