//! The rows of a sheet of a spreadsheet program, with any layout that has names of columns.

mod head;
mod values;

use std::borrow::Cow;
use std::io::Read as _;

use super::{ChunkEnd, DocumentBreak, DocumentFact, ROWS_BETWEEN_PAUSES, SheetFact};
use crate::binding::{Bindings, ComposedRow};
use crate::document::Document;
use crate::header::{Header, HeaderError};
use crate::layout::Layout;
use crate::record_flaw::RecordFlaw;
use crate::{RowBytes, RowFault, RowVisitor};
use sverka_formats::spreadsheet::{Epoch, SheetRow, SpreadsheetFault, Workbook};
use sverka_formats::spreadsheet::{HELD_BYTES, ROW_BYTES};
use sverka_formats::{Encoding, SettledEncoding, SourceEncoding};

use head::Head;
use values::{Column, RowTexts};

/// A sheet with the columns of a layout.
#[derive(Debug)]
pub(super) struct Table {
    /// Index of the sheet in the workbook.
    sheet: usize,
    epoch: Epoch,
    header: Header,
    /// Columns with a name, or with a position in the layout.
    columns: Vec<Column>,
    /// Index in `columns` of each column of the sheet.
    column_index: Vec<Option<usize>>,
}

/// The bytes of a workbook: those of the file, or unpacked from an archive.
pub(super) fn bytes_of<'f>(document: &Document<'f>) -> Result<Cow<'f, [u8]>, HeaderError> {
    if let Some(bytes) = document.plain_bytes() {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut bytes = Vec::new();
    let input = document.input().map_err(HeaderError::Container)?;
    let read = input.take(HELD_BYTES + 1).read_to_end(&mut bytes);
    if let Err(error) = read {
        let cause = sverka_formats::container::ContainerError::find_in(&error).cloned();
        return Err(cause.map_or(HeaderError::Changed, HeaderError::Container));
    }
    if bytes.len() as u64 > HELD_BYTES {
        return Err(HeaderError::Spreadsheet(SpreadsheetFault::TooLarge));
    }
    Ok(Cow::Owned(bytes))
}

/// The texts in the first rows of all sheets, where headers are looked for.
///
/// # Errors
/// When the document is no workbook, or cannot be read.
pub fn workbook_rows(document: &Document<'_>) -> Result<Vec<Vec<String>>, HeaderError> {
    let bytes = bytes_of(document)?;
    let book = Workbook::open(&bytes).map_err(HeaderError::Spreadsheet)?;
    head::first_names(&book)
}

impl Table {
    /// Finds the sheet of a layout in a workbook, and its header.
    pub fn open(document: &Document<'_>, layout: &Layout) -> Result<Self, HeaderError> {
        let bytes = bytes_of(document)?;
        let book = Workbook::open(&bytes).map_err(HeaderError::Spreadsheet)?;
        let Head { sheet, line, columns, notes } = Head::find(&book, layout)?;
        let fields: Vec<Column> = columns.iter().map(|&(at, column)| Column::of_sheet(layout, at, column)).collect();
        let mut column_index = vec![None; fields.iter().map(|column| column.at as usize + 1).max().unwrap_or(0)];
        for (index, column) in fields.iter().enumerate() {
            column_index[column.at as usize] = Some(index);
        }
        let encoding = SourceEncoding { encoding: Encoding::Utf8, detected: false };
        let of_layout = columns.into_iter().map(|(_, column)| column).collect();
        let mut header = Header::without_lines(of_layout, SettledEncoding { encoding, conflict: None });
        (header.lines_before, header.notes) = (u64::from(line), notes);
        Ok(Self { sheet, epoch: book.epoch(), header, columns: fields, column_index })
    }

    /// The header with the columns and the lines before the first row.
    pub fn header(&self) -> Header {
        self.header.clone()
    }

    /// Hands the rows of the sheet to a visitor.
    pub fn rows(&self, document: &Document<'_>, bindings: &Bindings, visitor: &mut impl RowVisitor) -> ChunkEnd {
        let broken = |lines, cause: String| ChunkEnd { lines, broken: Some(DocumentBreak { offset: 0, cause }), fact: None };
        let bytes = match bytes_of(document) {
            Ok(bytes) => bytes,
            Err(error) => return broken(0, error.to_string()),
        };
        let book = match Workbook::open(&bytes) {
            Ok(book) if self.sheet < book.sheets().len() => book,
            Ok(_) => return broken(0, HeaderError::Changed.to_string()),
            Err(fault) => return broken(0, fault.to_string()),
        };
        let mut rows = Rows {
            table: self,
            bindings,
            texts: RowTexts::new(self.columns.len()),
            composed: ComposedRow::default(),
            fact: SheetFact::default(),
            lines: 0,
            given: 0,
        };
        let before = self.header.lines_before as u32;
        let end = book.rows(self.sheet, &mut |row| row.number <= before || rows.row(row, visitor));
        match end {
            Err(fault) => broken(rows.lines, fault.to_string()),
            Ok(()) => {
                let fact = rows.fact.any().then_some(DocumentFact::Sheet(rows.fact));
                ChunkEnd { lines: rows.lines, broken: None, fact }
            }
        }
    }
}

/// The rows of a sheet on their way to a visitor.
struct Rows<'t> {
    table: &'t Table,
    bindings: &'t Bindings,
    texts: RowTexts,
    composed: ComposedRow,
    fact: SheetFact,
    /// Number of lines from the header to the last row.
    lines: u32,
    given: u32,
}

impl Rows<'_> {
    /// Hands a row on, and returns whether more are wanted.
    fn row(&mut self, row: &SheetRow, visitor: &mut impl RowVisitor) -> bool {
        let Self { table, bindings, texts, composed, fact, .. } = self;
        texts.take(row, &table.columns, &table.column_index, table.epoch);
        if texts.is_blank() {
            return true;
        }
        if row.is_hidden {
            fact.hidden.add(1, row.number);
        }
        for (lines, cells) in [(&mut fact.errors, texts.errors), (&mut fact.without_value, texts.without_value)] {
            if cells > 0 {
                lines.add(cells, row.number);
            }
        }
        let line = row.number - table.header.lines_before as u32 - 1;
        let raw = texts.raw();
        let at = RowBytes { line, part: 0, offset: 0, raw, bytes_beyond: 0 };
        let flaw = match texts.flaw() {
            _ if raw.len() > ROW_BYTES => Some(RecordFlaw::TooLong),
            flaw => flaw,
        };
        match flaw {
            None => composed.visit(at, |column| texts.value(column), bindings, visitor),
            Some(flaw) if bindings.tells_faults => visitor.row(at, Err(RowFault::flawed(flaw))),
            Some(_) => {}
        }
        (self.lines, self.given) = (line + 1, self.given + 1);
        !self.given.is_multiple_of(ROWS_BETWEEN_PAUSES) || visitor.pause(0)
    }
}
