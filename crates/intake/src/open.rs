//! Open documents: a document with its layout, its header, and the way to its rows.

mod dbf;
mod fact;
mod parquet;
mod spreadsheet;
mod xml;

pub use fact::{DocumentFact, SheetFact};
pub use spreadsheet::workbook_rows;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use super::binding::Bindings;
use super::chunk_reader::ChunkReader;
use super::chunks::Chunks;
use super::document::{Beginning, Document, Input};
use super::header::{Header, HeaderError, HeaderNote, Known};
use super::layout::{Delimited, Form, HeaderLine, Layout};
use super::long_lines::LongLines;
use super::row_visitor::RowVisitor;
use super::text_stream::{BufferSizes, rows_of_stream};
use sverka_formats::SourceEncoding;
use sverka_formats::parquet_rows::ParquetRows;
use sverka_formats::xml::{Charset, Shape};
use sverka_model::Table;

/// A document that is ready to be read.
#[derive(Debug)]
pub struct OpenDocument<'f> {
    document: Document<'f>,
    layout: Arc<Layout>,
    header: Header,
    way: Way<'f>,
}

/// The way in which the rows of a document are read.
#[derive(Debug)]
enum Way<'f> {
    /// Mapped text, in chunks.
    Lines,
    /// Packed text, from its beginning to its end.
    Stream,
    Xml(Shape),
    Dbf,
    Parquet(parquet::Table<'f>),
    Spreadsheet(spreadsheet::Table),
}

/// The end of the reading of a chunk.
#[derive(Debug, Default)]
pub struct ChunkEnd {
    /// Number of lines of the chunk, or of its rows in documents without lines.
    pub lines: u32,
    /// The point at which the document cannot be read any further, if there is one.
    pub broken: Option<DocumentBreak>,
    /// An oddity of the document as a whole.
    pub fact: Option<DocumentFact>,
}

/// The point at which a document breaks: nothing behind it can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentBreak {
    /// Byte of the document.
    pub offset: u64,
    /// The cause and what to do, without values of the document.
    pub cause: String,
}

impl<'f> OpenDocument<'f> {
    /// Opens a document of a layout.
    ///
    /// # Errors
    /// When it is not as the layout says, so that none of its rows can be read.
    pub fn open(document: Document<'f>, layout: Arc<Layout>) -> Result<Self, HeaderError> {
        let is_header_due = layout.delimited().is_some_and(|form| form.header == HeaderLine::Due);
        let first = first_bytes(&document)?;
        if document.plain_bytes().is_none() && ParquetRows::is_parquet(&first) {
            return Err(HeaderError::PackedParquet);
        }
        if first.is_empty() && !is_header_due {
            return Err(HeaderError::Empty);
        }
        if document.is_workbook() {
            if matches!(layout.form, Form::Xml(_)) {
                return Err(HeaderError::SpreadsheetForm { layout: layout.name.clone() });
            }
            let table = spreadsheet::Table::open(&document, &layout)?;
            let header = table.header();
            return Ok(Self { document, layout, header, way: Way::Spreadsheet(table) });
        }
        let parquet = document.plain_bytes().filter(|bytes| ParquetRows::is_parquet(bytes));
        let (header, way) = match (&layout.form, parquet) {
            (Form::Delimited(_), Some(bytes)) => {
                let table = parquet::Table::open(bytes, &layout)?;
                (table.header(), Way::Parquet(table))
            }
            (Form::Delimited(form), None) => match document.plain_bytes() {
                Some(bytes) => (Header::read(bytes, Known::Whole, &layout, form)?, Way::Lines),
                None => {
                    let Beginning { bytes, broken } = document.beginning(BufferSizes::DEFAULT.block_bytes);
                    let known = if bytes.len() < BufferSizes::DEFAULT.block_bytes { Known::Whole } else { Known::Beginning };
                    // If a header is cut off, the error names the cause, not the columns that are missing.
                    let header = Header::read(&bytes, known, &layout, form);
                    let header = header.map_err(|error| broken.map_or(error, HeaderError::Container))?;
                    if form.multiline && header.encoding.encoding.is_utf16() {
                        return Err(HeaderError::PackedUnits);
                    }
                    (header, Way::Stream)
                }
            },
            (Form::Xml(parts), _) => {
                let shape = Shape::new(parts).expect("invariant: layouts with other shapes are refused");
                (xml::header(&document, &layout, &shape)?, Way::Xml(shape))
            }
            (Form::Dbf, _) => (dbf::header(&document, &layout)?, Way::Dbf),
        };
        Ok(Self { document, layout, header, way })
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> &Document<'f> {
        &self.document
    }

    /// Layout of the document.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Encoding of the document's characters.
    #[must_use]
    pub fn encoding(&self) -> SourceEncoding {
        self.header.encoding
    }

    /// The bindings of the document's columns to the records of a table.
    #[must_use]
    pub fn bind(&self, table: Table) -> Bindings {
        self.header.bind(&self.layout, table)
    }

    /// Chunks of about `chunk_bytes`.
    #[must_use]
    pub fn chunks(&self, chunk_bytes: usize) -> Chunks {
        match (&self.way, self.document.plain_bytes()) {
            (Way::Parquet(table), Some(bytes)) => Chunks::even(bytes.len(), table.groups()),
            (Way::Lines, Some(bytes)) => Chunks::plan(bytes, &self.layout, &self.header, chunk_bytes),
            _ => Chunks::even(self.document.bytes_in_file() as usize, 1),
        }
    }

    /// Lines before the first row; 0 in documents without lines.
    #[must_use]
    pub fn lines_before(&self) -> u64 {
        self.header.lines_before
    }

    /// Number of columns.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.header.columns.len()
    }

    /// Notes for the user: lines that are no rows, and declarations that are not believed.
    #[must_use]
    pub fn notes(&self) -> &[HeaderNote] {
        &self.header.notes
    }

    /// Hands the rows of a chunk to a visitor, in order.
    pub fn read(&self, bindings: &Bindings, chunks: &Chunks, index: usize, visitor: &mut impl RowVisitor) -> ChunkEnd {
        let encoding = self.header.encoding.encoding;
        match (&self.way, self.layout.delimited(), self.document.plain_bytes()) {
            (Way::Lines, Some(form), Some(bytes)) => {
                let file = self.document.file();
                let long_lines = LongLines::of_file(file);
                let chunk = chunks.get(bytes, index, long_lines);
                let lines = ChunkReader::new(form, encoding, bindings).with_long_lines(long_lines).rows(
                    &bytes[..self.header.data_to],
                    &chunk,
                    visitor,
                );
                file.release(chunk.from, chunk.to);
                if let Some(part) = chunks.even_part(index).filter(|_| chunk.from == chunk.to) {
                    // The part lies in a line that another chunk reads, but may have been mapped for this one.
                    file.release(part.start, part.end);
                }
                ChunkEnd { lines, ..ChunkEnd::default() }
            }
            (Way::Parquet(table), ..) => {
                let end = table.rows(index, bindings, visitor);
                self.document.file().release(0, self.document.file().bytes().len());
                end
            }
            (Way::Spreadsheet(table), ..) => {
                let end = table.rows(&self.document, bindings, visitor);
                self.document.file().release(0, self.document.file().bytes().len());
                end
            }
            (_, form, _) => match self.document.input() {
                Ok(input) => self.read_whole(input, form, bindings, visitor),
                Err(error) => {
                    ChunkEnd { broken: Some(DocumentBreak { offset: 0, cause: error.to_string() }), ..ChunkEnd::default() }
                }
            },
        }
    }

    /// Reads a document from its beginning to its end.
    fn read_whole(
        &self,
        mut input: Input<'_>,
        form: Option<&Delimited>,
        bindings: &Bindings,
        visitor: &mut impl RowVisitor,
    ) -> ChunkEnd {
        let encoding = self.header.encoding.encoding;
        match (&self.way, form) {
            (Way::Xml(shape), _) => {
                let undeclared = Charset::of_encoding(encoding).unwrap_or(Charset::Utf8);
                xml::rows(input, shape, undeclared, bindings, visitor)
            }
            (Way::Dbf, _) => dbf::rows(input, encoding, bindings, visitor),
            (_, Some(form)) => {
                let done = input.done();
                let mut reader = ChunkReader::new(form, encoding, bindings);
                let from = self.header.data_from;
                let end = rows_of_stream(&mut reader, from, BufferSizes::DEFAULT, &mut input, &|| done.get(), visitor);
                let broken = end.broken.map(|(offset, error)| DocumentBreak { offset, cause: error.to_string() });
                ChunkEnd { lines: end.lines as u32, broken, fact: None }
            }
            (_, None) => ChunkEnd::default(),
        }
    }
}

/// The first bytes of a document, enough to recognise Parquet; none for an empty document.
fn first_bytes(document: &Document<'_>) -> Result<Vec<u8>, HeaderError> {
    const BYTES: usize = 4;
    match document.beginning(BYTES) {
        Beginning { bytes, broken: Some(error) } if bytes.is_empty() => Err(HeaderError::Container(error)),
        Beginning { bytes, .. } => Ok(bytes),
    }
}

/// Rows of a document without lines between two calls of [`RowVisitor::pause`].
const ROWS_BETWEEN_PAUSES: u32 = 4096;

/// The pauses of a visitor while a document without lines is read.
struct Pauses {
    /// Bytes of the file that are done.
    done: Rc<Cell<u64>>,
    /// Bytes that were done at the last pause.
    done_before: u64,
}

impl Pauses {
    fn new(input: &Input<'_>) -> Self {
        Self { done: input.done(), done_before: 0 }
    }

    /// Called after each row with the number of rows so far. Returns whether to go on.
    fn after(&mut self, rows: u32, visitor: &mut impl RowVisitor) -> bool {
        if !rows.is_multiple_of(ROWS_BETWEEN_PAUSES) {
            return true;
        }
        let now = self.done.get();
        let before = std::mem::replace(&mut self.done_before, now);
        visitor.pause(now - before)
    }
}
