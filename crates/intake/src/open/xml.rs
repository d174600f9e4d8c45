//! The records of XML documents as rows.

use std::io::{BufRead, BufReader};

use super::{ChunkEnd, DocumentBreak, DocumentFact, Pauses};
use crate::binding::{Bindings, ComposedRow};
use crate::document::{Document, Input};
use crate::header::{Header, HeaderError};
use crate::layout::Layout;
use crate::record_flaw::RecordFlaw;
use crate::{RowBytes, RowFault, RowVisitor};
use sverka_formats::xml::{Charset, DocumentCause, RecordCause, Shape, XmlFields, XmlReader};
use sverka_formats::{SettledEncoding, SourceEncoding};

/// Bytes of the document that are unpacked at a time.
const BUFFER_BYTES: usize = 256 << 10;

/// The header of a document, which is read up to its first record.
pub(super) fn header(document: &Document<'_>, layout: &Layout, shape: &Shape) -> Result<Header, HeaderError> {
    let undeclared = layout.encoding.and_then(Charset::of_encoding).unwrap_or(Charset::Utf8);
    let input = document.input().map_err(HeaderError::Container)?;
    let mut reader = XmlReader::new(BufReader::with_capacity(BUFFER_BYTES, input), shape, undeclared);
    if let Err(fault) = reader.next_record()
        && let DocumentCause::Root { .. } | DocumentCause::Doctype | DocumentCause::Encoding | DocumentCause::OutsideRoot =
            fault.cause
        && fault.record.is_none()
    {
        return Err(HeaderError::Xml(fault));
    }
    let is_declared = reader.declared().is_some() || layout.encoding.is_some();
    // A detected encoding contradicts nobody if nobody declares one.
    let conflict = reader.conflict().filter(|_| is_declared);
    let encoding = SourceEncoding { encoding: reader.charset().encoding(), detected: !is_declared || conflict.is_some() };
    Ok(Header::without_lines(layout.positions(), SettledEncoding { encoding, conflict }))
}

/// Hands the records of a document to a visitor; `undeclared` is the encoding of a document that declares none.
pub(super) fn rows(
    input: Input<'_>,
    shape: &Shape,
    undeclared: Charset,
    bindings: &Bindings,
    visitor: &mut impl RowVisitor,
) -> ChunkEnd {
    let mut pauses = Pauses::new(&input);
    let mut reader = XmlReader::new(BufReader::with_capacity(BUFFER_BYTES, input), shape, undeclared);
    let (mut lines, mut composed) = (0, ComposedRow::default());
    let mut repeated: Vec<Repeated> =
        shape.repeated().into_iter().map(|column| Repeated { column, values: String::new() }).collect();
    loop {
        let record = match reader.next_record() {
            Ok(Some(record)) => record,
            Ok(None) => return ChunkEnd { lines, broken: None, fact: without_records(&reader, shape) },
            Err(fault) => {
                let broken = Some(DocumentBreak { offset: fault.offset, cause: fault.cause.to_string() });
                return ChunkEnd { lines, broken, fact: None };
            }
        };
        let bytes_beyond = record.length - record.raw.len() as u64;
        let at = RowBytes { line: lines, part: 0, offset: record.offset, raw: record.raw, bytes_beyond };
        match record.fields {
            Ok(fields) => {
                repeated.iter_mut().for_each(|repeated| repeated.read(&fields));
                let value = |column| match repeated.iter().find(|repeated| repeated.column == column) {
                    Some(repeated) => repeated.values.as_str(),
                    None => fields.untrimmed(column),
                };
                composed.visit(at, value, bindings, visitor);
            }
            Err(fault) if bindings.tells_faults => {
                let fault = match fault.cause {
                    RecordCause::Encoding => RowFault::ENCODING,
                    cause => RowFault::flawed(RecordFlaw::Xml(cause)),
                };
                visitor.row(at, Err(fault));
            }
            Err(_) => {}
        }
        lines += 1;
        if !pauses.after(lines, visitor) {
            return ChunkEnd { lines, ..ChunkEnd::default() };
        }
    }
}

/// A column with an element that may repeat in a record.
struct Repeated {
    column: usize,
    /// The values of the record, with blanks between them.
    values: String,
}

impl Repeated {
    fn read(&mut self, fields: &XmlFields<'_>) {
        self.values.clear();
        for value in fields.all(self.column) {
            if !self.values.is_empty() {
                self.values.push(' ');
            }
            self.values.push_str(value.text);
        }
    }
}

/// The elements of a document that has no record at all.
fn without_records<R: BufRead>(reader: &XmlReader<'_, R>, shape: &Shape) -> Option<DocumentFact> {
    let seen = reader.elements_without_record();
    (!seen.is_empty()).then(|| DocumentFact::NoRecord { seen: seen.to_vec(), expected: shape.expected_records() })
}
