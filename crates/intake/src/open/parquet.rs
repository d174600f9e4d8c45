//! The rows of Parquet tables with canonical column names.

use super::{ChunkEnd, DocumentBreak};
use crate::binding::{Bindings, ComposedRow};
use crate::header::{Header, HeaderError};
use crate::layout::Layout;
use crate::record_flaw::RecordFlaw;
use crate::{KEPT_ROW_BYTES, RowBytes, RowFault, RowVisitor};
use sverka_formats::parquet_rows::ROW_BYTES;
use sverka_formats::parquet_rows::{ColumnKind, ParquetRows, ParquetValues, ParquetVisitor};
use sverka_formats::{Encoding, SettledEncoding, SourceEncoding};
use sverka_model::{Date, Field};

/// A table with the columns of a layout.
#[derive(Debug)]
pub(super) struct Table<'f> {
    rows: ParquetRows<'f>,
    columns: Vec<Option<usize>>,
    /// Columns of the file that the layout knows.
    wanted: Vec<usize>,
    /// Number of digits of each wanted column, if it holds identifiers as whole numbers: numbers lose leading zeros.
    digits: Vec<Option<usize>>,
    /// The encoding of strings that are not UTF-8, if the layout declares one.
    other_encoding: Option<Encoding>,
    file_bytes: usize,
}

impl<'f> Table<'f> {
    /// Opens the table of a mapped file.
    pub fn open(bytes: &'f [u8], layout: &Layout) -> Result<Self, HeaderError> {
        let rows = ParquetRows::open(bytes).map_err(HeaderError::Parquet)?;
        let names: Vec<&str> = rows.columns().iter().map(|column| column.name.as_str()).collect();
        let columns = layout.bind_header(&names).map_err(|fault| HeaderError::Columns { line: 1, fault })?;
        let fields = || layout.records.iter().flat_map(|record| &record.fields);
        // Columns of dates are read in this form.
        let reads_dates = |format| Date::parse(b"2026-10-31", format).is_some();
        if fields().any(|of| of.field.is_date() && !reads_dates(of.dates)) {
            return Err(HeaderError::ParquetDates { layout: layout.name.clone() });
        }
        let wanted: Vec<usize> = (0..columns.len()).filter(|&column| columns[column].is_some()).collect();
        rows.check(&wanted).map_err(HeaderError::Parquet)?;
        let digits_of = |&column: &usize| {
            let of = fields().find(|of| of.columns.first() == columns[column].as_ref())?;
            digits_of(of.field).filter(|_| rows.columns()[column].kind == ColumnKind::Integer)
        };
        let digits = wanted.iter().map(digits_of).collect();
        let other_encoding = layout.encoding.filter(|encoding| *encoding != Encoding::Utf8);
        Ok(Self { rows, columns, wanted, digits, other_encoding, file_bytes: bytes.len() })
    }

    /// Decodes a string that is not UTF-8, and returns whether all its bytes have a meaning.
    fn decode(&self, bytes: &[u8], to: &mut String) -> bool {
        self.other_encoding.is_some_and(|encoding| encoding.decode(bytes, to))
    }

    /// The header with the columns.
    pub fn header(&self) -> Header {
        let encoding = SourceEncoding { encoding: Encoding::Utf8, detected: false };
        Header::without_lines(self.columns.clone(), SettledEncoding { encoding, conflict: None })
    }

    /// Number of row groups.
    pub fn groups(&self) -> usize {
        self.rows.groups()
    }

    /// Hands the rows of a group to a visitor.
    pub fn rows(&self, group: usize, bindings: &Bindings, visitor: &mut impl RowVisitor) -> ChunkEnd {
        let mut rows =
            Rows { table: self, bindings, visitor, lines: 0, texts: RowTexts::for_table(self), composed: ComposedRow::default() };
        let end = self.rows.rows(group, &self.wanted, &mut rows);
        let broken = end.err().map(|fault| DocumentBreak { offset: 0, cause: fault.to_string() });
        ChunkEnd { lines: rows.lines, broken, fact: None }
    }

    /// The share of some rows in the bytes of the file.
    fn bytes_of(&self, rows: usize) -> u64 {
        let share = self.file_bytes as u128 * rows as u128 / u128::from(self.rows.all_rows().max(1));
        u64::try_from(share).unwrap_or(0)
    }
}

/// The rows of a group on their way to a visitor.
struct Rows<'t, 'f, V> {
    table: &'t Table<'f>,
    bindings: &'t Bindings,
    visitor: &'t mut V,
    lines: u32,
    texts: RowTexts,
    composed: ComposedRow,
}

impl<V: RowVisitor> ParquetVisitor for Rows<'_, '_, V> {
    fn row(&mut self, _number: u64, values: ParquetValues<'_>) {
        let Self { table, bindings, visitor, texts, composed, .. } = self;
        let fault = texts.take(table, values);
        let bytes_beyond = texts.length - texts.raw.len() as u64;
        let at = RowBytes { line: self.lines, part: 0, offset: 0, raw: &texts.raw, bytes_beyond };
        match fault {
            None => composed.visit(at, |column| texts.value(column, values), bindings, *visitor),
            Some(fault) if bindings.tells_faults => visitor.row(at, Err(fault)),
            Some(_) => {}
        }
        self.lines += 1;
    }

    fn after_batch(&mut self, rows: usize) -> bool {
        self.visitor.pause(self.table.bytes_of(rows))
    }
}

/// The texts of one row: those of the file, and those that are made here.
struct RowTexts {
    /// Index of each column of the file among the wanted columns.
    wanted_of: Vec<usize>,
    /// Text of each wanted column, if it is made here: digits with zeros before them, or letters of a code page.
    made: Vec<String>,
    is_made: Vec<bool>,
    /// Values of the row as they are in the file, kept of a row that is not accepted: a row of Parquet has no bytes of
    /// its own.
    raw: Vec<u8>,
    /// Bytes of all values of the row, with the `;` between them.
    length: u64,
}

impl RowTexts {
    fn for_table(table: &Table<'_>) -> Self {
        let mut wanted_of = vec![0; table.columns.len()];
        for (wanted, &column) in table.wanted.iter().enumerate() {
            wanted_of[column] = wanted;
        }
        let columns = table.wanted.len();
        Self { wanted_of, made: vec![String::new(); columns], is_made: vec![false; columns], raw: Vec::new(), length: 0 }
    }

    #[inline]
    fn value<'v>(&'v self, column: usize, values: ParquetValues<'v>) -> &'v str {
        let wanted = self.wanted_of[column];
        if self.is_made[wanted] { &self.made[wanted] } else { values.text(wanted).unwrap_or_default() }
    }

    /// Takes the values of a row. Returns the reason if the row has no texts.
    fn take(&mut self, table: &Table<'_>, values: ParquetValues<'_>) -> Option<RowFault> {
        self.raw.clear();
        self.length = 0;
        let mut fault = None;
        for (wanted, digits) in table.digits.iter().enumerate() {
            let text = values.text(wanted);
            self.is_made[wanted] = digits.is_some() || text.is_none();
            match (text, digits) {
                (Some(text), None) => self.keep(wanted, text.as_bytes()),
                (Some(text), Some(digits)) => {
                    pad(text, *digits, &mut self.made[wanted]);
                    let padded = std::mem::take(&mut self.made[wanted]);
                    self.keep(wanted, padded.as_bytes());
                    self.made[wanted] = padded;
                }
                (None, _) => {
                    let bytes = values.bytes(wanted);
                    let is_text = bytes.len() <= ROW_BYTES && table.decode(bytes, &mut self.made[wanted]);
                    fault = fault.or((!is_text).then_some(RowFault::ENCODING));
                    self.keep(wanted, bytes);
                }
            }
        }
        if self.length > ROW_BYTES as u64 { Some(RowFault::flawed(RecordFlaw::TooLong)) } else { fault }
    }

    /// Keeps the bytes of a value as long as there is room, and counts all of them.
    #[inline]
    fn keep(&mut self, wanted: usize, bytes: &[u8]) {
        let delimiter = (wanted > 0).then_some(b';');
        self.length += delimiter.iter().len() as u64 + bytes.len() as u64;
        let room = KEPT_ROW_BYTES.saturating_sub(self.raw.len());
        self.raw.extend(delimiter.filter(|_| room > 0));
        let room = KEPT_ROW_BYTES.saturating_sub(self.raw.len());
        self.raw.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}

/// Writes a number with the leading zeros that it has lost.
fn pad(text: &str, digits: usize, to: &mut String) {
    to.clear();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        to.extend(std::iter::repeat_n('0', digits.saturating_sub(text.len())));
    }
    to.push_str(text);
}

/// Number of digits of an identifier that may begin with zeros.
fn digits_of(field: Field) -> Option<usize> {
    match field {
        Field::Enp => Some(16),
        Field::Snils | Field::DoctorSnils => Some(11),
        Field::Clinic => Some(6),
        Field::Insurer => Some(5),
        _ => None,
    }
}
