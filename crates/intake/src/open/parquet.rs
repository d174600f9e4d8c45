//! The rows of Parquet tables with canonical column names.

use super::{Break, ChunkEnd};
use crate::binding::{Bindings, ComposedRow};
use crate::chunk::{KEPT_ROW_BYTES, RowBytes, RowFault, RowVisitor};
use crate::header::{Header, HeaderError};
use crate::layout::Layout;
use crate::record_flaw::RecordFlaw;
use sverka_formats::parquet_rows::ROW_BYTES;
use sverka_formats::parquet_rows::{ColumnKind, ParquetRows, ParquetValues, ParquetVisitor};
use sverka_formats::{Encoding, SettledEncoding, SourceEncoding};
use sverka_model::Date;
use sverka_model::Field;

/// A table whose columns are those of a layout.
#[derive(Debug)]
pub(super) struct Table<'f> {
    rows: ParquetRows<'f>,
    columns: Vec<Option<usize>>,
    /// The columns of the file that the layout knows.
    wanted: Vec<usize>,
    /// For each of them how many digits a whole number has that is an identifier: numbers lose leading zeros.
    digits: Vec<Option<usize>>,
    /// What strings are in that are not UTF-8, if the layout tells.
    otherwise: Option<Encoding>,
    file_bytes: usize,
}

impl<'f> Table<'f> {
    /// Opens the table of a mapped file.
    pub fn open(bytes: &'f [u8], layout: &Layout) -> Result<Self, HeaderError> {
        let rows = ParquetRows::open(bytes).map_err(HeaderError::Parquet)?;
        let names: Vec<&str> = rows.columns().iter().map(|column| column.name.as_str()).collect();
        let columns = layout.bind_header(&names).map_err(|fault| HeaderError::Columns { line: 1, fault })?;
        let fields = || layout.records.iter().flat_map(|record| &record.fields);
        // Columns of dates give this form.
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
        let otherwise = layout.encoding.filter(|encoding| *encoding != Encoding::Utf8);
        Ok(Self { rows, columns, wanted, digits, otherwise, file_bytes: bytes.len() })
    }

    /// Decodes a string that is not UTF-8; whether all its bytes have a meaning.
    fn decode(&self, bytes: &[u8], to: &mut String) -> bool {
        self.otherwise.is_some_and(|encoding| encoding.decode(bytes, to))
    }

    /// What the columns are.
    pub fn header(&self) -> Header {
        let encoding = SourceEncoding { encoding: Encoding::Utf8, detected: false };
        Header::without_lines(self.columns.clone(), SettledEncoding { encoding, conflict: None })
    }

    /// How many row groups there are.
    pub fn groups(&self) -> usize {
        self.rows.groups()
    }

    /// Hands the rows of a group to a visitor.
    pub fn rows(&self, group: usize, bindings: &Bindings, visitor: &mut impl RowVisitor) -> ChunkEnd {
        let mut rows =
            Rows { table: self, bindings, visitor, lines: 0, texts: RowTexts::of(self), composed: ComposedRow::default() };
        let end = self.rows.rows(group, &self.wanted, &mut rows);
        let broken = end.err().map(|fault| Break { offset: 0, cause: fault.to_string() });
        ChunkEnd { lines: rows.lines, broken, fact: None }
    }

    /// Bytes of the file that some rows of it stand for.
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

/// The texts of one row: those of the file, but for the ones that are made here.
struct RowTexts {
    /// The place among the wanted columns of each column of the file.
    place_of: Vec<usize>,
    /// For each wanted column its text, when it is not the file's: digits with zeros before them, letters of a code page.
    made: Vec<String>,
    is_made: Vec<bool>,
    /// A row has no bytes of its own, so what is kept of one that is not accepted are its values, as they are in the file.
    raw: Vec<u8>,
    /// Bytes of all values of the row, with the `;` between them.
    length: u64,
}

impl RowTexts {
    fn of(table: &Table<'_>) -> Self {
        let mut place_of = vec![0; table.columns.len()];
        for (place, &column) in table.wanted.iter().enumerate() {
            place_of[column] = place;
        }
        let columns = table.wanted.len();
        Self { place_of, made: vec![String::new(); columns], is_made: vec![false; columns], raw: Vec::new(), length: 0 }
    }

    #[inline]
    fn value<'v>(&'v self, column: usize, values: ParquetValues<'v>) -> &'v str {
        let place = self.place_of[column];
        if self.is_made[place] { &self.made[place] } else { values.text(place).unwrap_or_default() }
    }

    /// Takes a row; why it has no texts, if so.
    fn take(&mut self, table: &Table<'_>, values: ParquetValues<'_>) -> Option<RowFault> {
        self.raw.clear();
        self.length = 0;
        let mut fault = None;
        for (place, digits) in table.digits.iter().enumerate() {
            let text = values.text(place);
            self.is_made[place] = digits.is_some() || text.is_none();
            match (text, digits) {
                (Some(text), None) => self.keep(place, text.as_bytes()),
                (Some(text), Some(digits)) => {
                    pad(text, *digits, &mut self.made[place]);
                    let padded = std::mem::take(&mut self.made[place]);
                    self.keep(place, padded.as_bytes());
                    self.made[place] = padded;
                }
                (None, _) => {
                    let bytes = values.bytes(place);
                    let is_text = bytes.len() <= ROW_BYTES && table.decode(bytes, &mut self.made[place]);
                    fault = fault.or((!is_text).then_some(RowFault::ENCODING));
                    self.keep(place, bytes);
                }
            }
        }
        if self.length > ROW_BYTES as u64 { Some(RowFault::flawed(RecordFlaw::TooLong)) } else { fault }
    }

    /// Keeps the bytes of a value as far as there is room, and counts them.
    #[inline]
    fn keep(&mut self, place: usize, bytes: &[u8]) {
        let delimiter = (place > 0).then_some(b';');
        self.length += delimiter.iter().len() as u64 + bytes.len() as u64;
        let room = KEPT_ROW_BYTES.saturating_sub(self.raw.len());
        self.raw.extend(delimiter.filter(|_| room > 0));
        let room = KEPT_ROW_BYTES.saturating_sub(self.raw.len());
        self.raw.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }
}

/// Puts the zeros back that a number has lost.
fn pad(text: &str, digits: usize, to: &mut String) {
    to.clear();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        to.extend(std::iter::repeat_n('0', digits.saturating_sub(text.len())));
    }
    to.push_str(text);
}

/// How many digits an identifier has that may begin with zeros.
fn digits_of(field: Field) -> Option<usize> {
    match field {
        Field::Enp => Some(16),
        Field::Snils | Field::DoctorSnils => Some(11),
        Field::Clinic => Some(6),
        Field::Insurer => Some(5),
        _ => None,
    }
}
