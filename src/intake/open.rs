//! A document with its layout: what kind it is, its header, and the way in which its rows are read.

use std::io::BufReader;
use std::sync::Arc;

use super::binding::{Bindings, ComposedRow};
use super::chunk::{ChunkReader, Chunks, RowBytes, RowFault, RowVisitor};
use super::document::Document;
use super::encoding::SourceEncoding;
use super::header::{Header, HeaderError};
use super::layout::{Form, Layout, Table};
use super::text_stream::{BLOCK_BYTES, rows_of_stream};
use super::xml::{Charset, DocumentCause, RecordCause, Shape, XmlReader};

/// A document that is ready to be read.
#[derive(Debug)]
pub struct OpenDocument<'f> {
    document: Document<'f>,
    layout: Arc<Layout>,
    header: Header,
    way: Way,
}

/// How its rows are read.
#[derive(Debug)]
enum Way {
    /// Mapped text, in chunks.
    Lines,
    /// Packed text, from its beginning to its end.
    Stream,
    Xml(Shape),
}

/// How the reading of a chunk ended.
#[derive(Debug, Default)]
pub struct ChunkEnd {
    /// Lines of the chunk; in documents without lines, rows.
    pub lines: u32,
    /// Where and why the document could not be read any further.
    pub broken: Option<Break>,
}

/// A document cannot be read beyond a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The byte of the document.
    pub offset: u64,
    /// What is wrong and what to do, without anything that stands in the document.
    pub cause: String,
}

impl<'f> OpenDocument<'f> {
    /// Opens a document of a layout.
    ///
    /// # Errors
    /// When it is not what the layout says, so that none of its rows can be read.
    pub fn open(document: Document<'f>, layout: Arc<Layout>) -> Result<Self, HeaderError> {
        let (header, way) = match &layout.form {
            Form::Delimited(form) => match document.plain_bytes() {
                Some(bytes) => (Header::read(bytes, &layout, form)?, Way::Lines),
                None => {
                    let header = Header::read(&document.beginning(BLOCK_BYTES), &layout, form)?;
                    if form.multiline && header.encoding.encoding.is_utf16() {
                        return Err(HeaderError::PackedUnits);
                    }
                    (header, Way::Stream)
                }
            },
            Form::Xml(parts) => {
                let shape = Shape::new(parts).expect("invariant: layouts with other shapes are refused");
                (xml_header(&document, &layout, &shape)?, Way::Xml(shape))
            }
            Form::Dbf => return Err(HeaderError::PackedUnits),
        };
        Ok(Self { document, layout, header, way })
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> &Document<'f> {
        &self.document
    }

    /// Its layout.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The encoding of its characters.
    #[must_use]
    pub fn encoding(&self) -> SourceEncoding {
        self.header.encoding
    }

    /// What its columns mean for the records of a table.
    #[must_use]
    pub fn bind(&self, table: Table) -> Bindings {
        self.header.bind(&self.layout, table)
    }

    /// Plans chunks of about `chunk_bytes`.
    #[must_use]
    pub fn chunks(&self, chunk_bytes: usize) -> Chunks {
        match (&self.way, self.document.plain_bytes()) {
            (Way::Lines, Some(bytes)) => Chunks::plan(bytes, &self.layout, &self.header, chunk_bytes),
            _ => Chunks::whole(self.document.bytes_in_file() as usize),
        }
    }

    /// Lines before the first row; 0 in documents without lines.
    #[must_use]
    pub fn lines_before(&self) -> u64 {
        let encoding = self.header.encoding.encoding;
        match (&self.way, self.document.plain_bytes()) {
            (Way::Lines, Some(bytes)) => encoding.line_ends(&bytes[..self.header.data_from]),
            (Way::Stream, _) => encoding.line_ends(&self.document.beginning(self.header.data_from)),
            _ => 0,
        }
    }

    /// Hands the rows of a chunk to a visitor, in order.
    pub fn read(&self, bindings: &Bindings, chunks: &Chunks, index: usize, visitor: &mut impl RowVisitor) -> ChunkEnd {
        let encoding = self.header.encoding.encoding;
        match (&self.way, self.layout.delimited(), self.document.plain_bytes()) {
            (Way::Lines, Some(form), Some(bytes)) => {
                let chunk = chunks.get(bytes, index);
                let lines = ChunkReader::new(form, encoding, bindings).rows(bytes, &chunk, visitor);
                self.document.file().release(chunk.from, chunk.to);
                ChunkEnd { lines, broken: None }
            }
            (Way::Xml(shape), ..) => self.read_xml(shape, bindings, visitor),
            (_, Some(form), _) => {
                let mut input = match self.document.input() {
                    Ok(input) => input,
                    Err(error) => return ChunkEnd { lines: 0, broken: Some(Break { offset: 0, cause: error.to_string() }) },
                };
                let done = input.done();
                let mut reader = ChunkReader::new(form, encoding, bindings);
                let from = self.header.data_from;
                let end = rows_of_stream(&mut reader, (form, encoding), from, &mut input, &|| done.get(), visitor);
                let broken = end.broken.map(|(offset, error)| Break { offset, cause: error.to_string() });
                ChunkEnd { lines: end.lines as u32, broken }
            }
            _ => ChunkEnd::default(),
        }
    }

    fn read_xml(&self, shape: &Shape, bindings: &Bindings, visitor: &mut impl RowVisitor) -> ChunkEnd {
        let input = match self.document.input() {
            Ok(input) => input,
            Err(error) => return ChunkEnd { lines: 0, broken: Some(Break { offset: 0, cause: error.to_string() }) },
        };
        let (done, mut told) = (input.done(), 0);
        let mut reader = XmlReader::new(BufReader::with_capacity(BLOCK_BYTES / 4, input), shape, self.undeclared());
        let (mut lines, mut composed) = (0, ComposedRow::default());
        loop {
            let record = match reader.next_record() {
                Ok(Some(record)) => record,
                Ok(None) => return ChunkEnd { lines, broken: None },
                Err(fault) => {
                    let broken = Some(Break { offset: fault.offset, cause: fault.cause.to_string() });
                    return ChunkEnd { lines, broken };
                }
            };
            let at = RowBytes { line: lines, part: 0, offset: record.offset, raw: record.raw.unwrap_or_default() };
            match record.fields {
                Ok(fields) => composed.visit(at, |column| fields.raw(column), bindings, visitor),
                Err(fault) if bindings.tells_faults => {
                    let is_encoding = fault.cause == RecordCause::Encoding;
                    visitor.row(at, Err(if is_encoding { RowFault::ENCODING } else { RowFault::SHAPE }));
                }
                Err(_) => {}
            }
            lines += 1;
            if lines % ROWS_BETWEEN_PAUSES == 0 {
                let now = done.get();
                if !visitor.pause(now - told) {
                    return ChunkEnd { lines, broken: None };
                }
                told = now;
            }
        }
    }

    fn undeclared(&self) -> Charset {
        self.layout.encoding.and_then(Charset::of_encoding).unwrap_or(Charset::Utf8)
    }
}

/// Rows of a document without lines between two looks at the rest of the world.
const ROWS_BETWEEN_PAUSES: u32 = 4096;

/// Looks at an XML document up to its first record.
fn xml_header(document: &Document<'_>, layout: &Layout, shape: &Shape) -> Result<Header, HeaderError> {
    let undeclared = layout.encoding.and_then(Charset::of_encoding).unwrap_or(Charset::Utf8);
    let input = document.input().map_err(HeaderError::Container)?;
    let mut reader = XmlReader::new(BufReader::with_capacity(BLOCK_BYTES / 4, input), shape, undeclared);
    if let Err(fault) = reader.next_record()
        && let DocumentCause::Root { .. } | DocumentCause::Doctype | DocumentCause::Encoding | DocumentCause::OutsideRoot =
            fault.cause
        && fault.record.is_none()
    {
        return Err(HeaderError::Xml(fault));
    }
    let declared = reader.declared();
    let encoding = declared.unwrap_or(undeclared).encoding();
    let encoding = SourceEncoding { encoding, detected: declared.is_none() && layout.encoding.is_none() };
    Ok(Header { columns: layout.positions(), encoding, data_from: 0 })
}
