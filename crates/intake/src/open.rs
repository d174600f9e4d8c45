//! A document with its layout: what kind it is, its header, and the way in which its rows are read.

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
use super::chunk::{ChunkReader, Chunks, RowVisitor};
use super::document::{Beginning, Document, Input};
use super::header::{Header, HeaderError, HeaderNote, Known};
use super::layout::{Delimited, Form, HeaderLine, Layout};
use super::long_lines::LongLines;
use super::text_stream::{Held, rows_of_stream};
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

/// How its rows are read.
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

/// How the reading of a chunk ended.
#[derive(Debug, Default)]
pub struct ChunkEnd {
    /// Lines of the chunk; in documents without lines, rows.
    pub lines: u32,
    /// Where and why the document could not be read any further.
    pub broken: Option<Break>,
    /// What is odd about the document as a whole.
    pub fact: Option<DocumentFact>,
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
                    let Beginning { bytes, broken } = document.beginning(Held::USUAL.block_bytes);
                    let known = if bytes.len() < Held::USUAL.block_bytes { Known::Whole } else { Known::Beginning };
                    // A header that is cut off is told by what cut it, not by the columns that it lacks.
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

    /// How many columns the document has.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.header.columns.len()
    }

    /// Lines that are no rows and of which somebody has to be told.
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
                    // The part may have been mapped at once although a line fills it that another chunk reads.
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
            (way, form, _) => match self.document.input() {
                Ok(input) => self.read_on(input, (way, form), bindings, visitor),
                Err(error) => ChunkEnd { broken: Some(Break { offset: 0, cause: error.to_string() }), ..ChunkEnd::default() },
            },
        }
    }

    /// Reads a document from its beginning to its end.
    fn read_on(
        &self,
        mut input: Input<'_>,
        way: (&Way<'_>, Option<&Delimited>),
        bindings: &Bindings,
        visitor: &mut impl RowVisitor,
    ) -> ChunkEnd {
        let encoding = self.header.encoding.encoding;
        match way {
            (Way::Xml(shape), _) => {
                let undeclared = Charset::of_encoding(encoding).unwrap_or(Charset::Utf8);
                xml::rows(input, (shape, undeclared), bindings, visitor)
            }
            (Way::Dbf, _) => dbf::rows(input, encoding, bindings, visitor),
            (_, Some(form)) => {
                let done = input.done();
                let mut reader = ChunkReader::new(form, encoding, bindings);
                let from = self.header.data_from;
                let end = rows_of_stream(&mut reader, (form, encoding), from, Held::USUAL, &mut input, &|| done.get(), visitor);
                let broken = end.broken.map(|(offset, error)| Break { offset, cause: error.to_string() });
                ChunkEnd { lines: end.lines as u32, broken, fact: None }
            }
            (_, None) => ChunkEnd::default(),
        }
    }
}

/// The first bytes of a document, enough to tell Parquet; none of an empty one.
fn first_bytes(document: &Document<'_>) -> Result<Vec<u8>, HeaderError> {
    const BYTES: usize = 4;
    match document.beginning(BYTES) {
        Beginning { bytes, broken: Some(error) } if bytes.is_empty() => Err(HeaderError::Container(error)),
        Beginning { bytes, .. } => Ok(bytes),
    }
}

/// Rows of a document without lines between two looks at the rest of the world.
const ROWS_BETWEEN_PAUSES: u32 = 4096;

/// Tells a visitor now and then how far the reading of a document without lines is.
struct Pauses {
    done: Rc<Cell<u64>>,
    told: u64,
}

impl Pauses {
    fn of(input: &Input<'_>) -> Self {
        Self { done: input.done(), told: 0 }
    }

    /// After so many rows: whether to go on.
    fn after(&mut self, rows: u32, visitor: &mut impl RowVisitor) -> bool {
        if !rows.is_multiple_of(ROWS_BETWEEN_PAUSES) {
            return true;
        }
        let now = self.done.get();
        let told = std::mem::replace(&mut self.told, now);
        visitor.pause(now - told)
    }
}
