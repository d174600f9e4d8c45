//! The rows of DBF tables.

use super::{ChunkEnd, DocumentBreak, DocumentFact, Pauses};
use crate::binding::{Bindings, ComposedRow};
use crate::document::{Document, Input};
use crate::header::{Header, HeaderError};
use crate::layout::Layout;
use crate::record_flaw::RecordFlaw;
use crate::{RowBytes, RowFault, RowVisitor};
use sverka_formats::dbf::{DbfError, DbfKind, DbfReader, DbfRow};
use sverka_formats::{Declaration, Encoding, SettledEncoding};

/// Bytes of the texts of a table from which its encoding is detected.
const SAMPLE_BYTES: usize = 64 << 10;

/// The header of a table, with the columns of the layout.
pub(super) fn header(document: &Document<'_>, layout: &Layout) -> Result<Header, HeaderError> {
    let input = document.input().map_err(HeaderError::Container)?;
    let reader = DbfReader::new(input).map_err(HeaderError::Dbf)?;
    let names: Vec<String> = reader.columns().iter().map(|column| String::from_utf8_lossy(&column.name).into_owned()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let columns = layout.bind_header(&names).map_err(|fault| HeaderError::Columns { line: 1, fault })?;
    for name in columns.iter().flatten().map(|&column| &layout.columns[column]) {
        reader.find(name).map_err(HeaderError::Dbf)?;
    }
    let marked = encoding_of_mark(reader.code_page_mark());
    let sample = sample_of(reader);
    let settled = match (marked, layout.encoding) {
        (Some(marked), declared) => SettledEncoding::of_declared(&[&sample], marked, Declaration::TableMark)
            .beside_layout(Declaration::TableMark, declared),
        (None, Some(declared)) => SettledEncoding::of_declared(&[&sample], declared, Declaration::Layout),
        (None, None) => SettledEncoding::of_undeclared(&[&sample]),
    };
    Ok(Header::without_lines(columns, settled))
}

/// The encoding of a code-page mark. Marks of western code pages do not count: programs set them for any content.
fn encoding_of_mark(mark: u8) -> Option<Encoding> {
    match mark {
        0x26 | 0x65 => Some(Encoding::Cp866),
        0xC9 => Some(Encoding::Windows1251),
        _ => None,
    }
}

/// The first texts of a table, one in a line.
fn sample_of(mut reader: DbfReader<Input<'_>>) -> Vec<u8> {
    let texts: Vec<usize> =
        (0..).zip(reader.columns()).filter(|(_, of)| of.kind == DbfKind::Text).map(|(column, _)| column).collect();
    let mut sample = Vec::new();
    // A table that breaks is reported when its rows are read.
    while let Ok(Some(row)) = reader.next_row() {
        for &column in &texts {
            sample.extend_from_slice(row.bytes(column));
            sample.push(b'\n');
        }
        if sample.len() >= SAMPLE_BYTES {
            break;
        }
    }
    sample
}

/// Hands the rows of a table to a visitor.
pub(super) fn rows(input: Input<'_>, encoding: Encoding, bindings: &Bindings, visitor: &mut impl RowVisitor) -> ChunkEnd {
    let mut pauses = Pauses::new(&input);
    let broken = |error: &DbfError| Some(DocumentBreak { offset: offset_of(error), cause: error.to_string() });
    let mut reader = match DbfReader::new(input) {
        Ok(reader) => reader,
        Err(error) => return ChunkEnd { lines: 0, broken: broken(&error), fact: None },
    };
    let (mut lines, mut given, mut composed, mut decoded) = (0, 0_u32, ComposedRow::default(), DecodedRow::default());
    loop {
        let row = match reader.next_row() {
            Ok(Some(row)) => row,
            Ok(None) => {
                let count = reader.row_count().filter(|count| count.declared != count.found);
                return ChunkEnd { lines, broken: None, fact: count.map(DocumentFact::RowCount) };
            }
            Err(error) => return ChunkEnd { lines, broken: broken(&error), fact: None },
        };
        lines = row.number as u32;
        let at = RowBytes { line: lines - 1, part: 0, offset: row.offset, raw: row.raw, bytes_beyond: 0 };
        let is_text = row.has_mark && decoded.decode(&row, encoding, bindings);
        if is_text {
            composed.visit(at, |column| decoded.value(column), bindings, visitor);
        } else if bindings.tells_faults {
            let fault = if row.has_mark { RowFault::ENCODING } else { RowFault::flawed(RecordFlaw::RowMark) };
            visitor.row(at, Err(fault));
        }
        given += 1;
        if !pauses.after(given, visitor) {
            return ChunkEnd { lines, ..ChunkEnd::default() };
        }
    }
}

/// The values of one row as text.
#[derive(Default)]
struct DecodedRow {
    text: String,
    ends: Vec<usize>,
    value: String,
}

impl DecodedRow {
    /// Decodes the columns that are not skipped, and returns whether all their bytes have a meaning.
    fn decode(&mut self, row: &DbfRow<'_>, encoding: Encoding, bindings: &Bindings) -> bool {
        self.text.clear();
        self.ends.clear();
        let mut valid = true;
        for column in 0..bindings.columns() {
            if !bindings.records.iter().all(|binding| binding.skips(column)) {
                valid &= encoding.decode(row.bytes(column), &mut self.value);
                self.text.push_str(&self.value);
            }
            self.ends.push(self.text.len());
        }
        valid
    }

    fn value(&self, column: usize) -> &str {
        let start = if column == 0 { 0 } else { self.ends[column - 1] };
        &self.text[start..self.ends[column]]
    }
}

/// The byte at which a table breaks, if it is known.
fn offset_of(error: &DbfError) -> u64 {
    match *error {
        DbfError::Read { offset, .. }
        | DbfError::HeaderCut { offset }
        | DbfError::Cut { offset, .. }
        | DbfError::Mark { offset, .. }
        | DbfError::EndMark { offset, .. } => offset,
        _ => 0,
    }
}
