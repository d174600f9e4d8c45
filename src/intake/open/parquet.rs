//! The rows of Parquet tables with canonical column names.

use super::{Break, ChunkEnd};
use crate::identifier::Date;
use crate::intake::binding::{Bindings, ComposedRow};
use crate::intake::chunk::{RowBytes, RowVisitor};
use crate::intake::encoding::{Encoding, SourceEncoding};
use crate::intake::header::{Header, HeaderError};
use crate::intake::layout::{Field, Layout};
use crate::intake::parquet_rows::{ColumnKind, ParquetRows};

/// A table whose columns are those of a layout.
#[derive(Debug)]
pub(super) struct Table<'f> {
    rows: ParquetRows<'f>,
    columns: Vec<Option<usize>>,
    /// The columns of the file that the layout knows.
    wanted: Vec<usize>,
    /// For each of them how many digits a whole number has that is an identifier: numbers lose leading zeros.
    digits: Vec<Option<usize>>,
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
        Ok(Self { rows, columns, wanted, digits })
    }

    /// What the columns are.
    pub fn header(&self) -> Header {
        let encoding = SourceEncoding { encoding: Encoding::Utf8, detected: false };
        Header::without_lines(self.columns.clone(), encoding)
    }

    /// How many row groups there are.
    pub fn groups(&self) -> usize {
        self.rows.groups()
    }

    /// Hands the rows of a group to a visitor.
    pub fn rows(&self, group: usize, bindings: &Bindings, visitor: &mut impl RowVisitor) -> ChunkEnd {
        let mut composed = ComposedRow::default();
        let mut place_of = vec![0; self.columns.len()];
        for (place, &column) in self.wanted.iter().enumerate() {
            place_of[column] = place;
        }
        // A row has no bytes of its own, so what is kept of one that is not accepted are its values.
        let (mut lines, mut raw, mut padded) = (0, String::new(), vec![String::new(); self.wanted.len()]);
        let end = self.rows.rows(group, &self.wanted, &mut |_, values| {
            for (place, digits) in self.digits.iter().enumerate() {
                let (Some(digits), value) = (*digits, values.get(place)) else { continue };
                padded[place].clear();
                if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
                    padded[place].extend(std::iter::repeat_n('0', digits.saturating_sub(value.len())));
                }
                padded[place].push_str(value);
            }
            let value = |column: usize| match self.digits[place_of[column]] {
                Some(_) => padded[place_of[column]].as_str(),
                None => values.get(place_of[column]),
            };
            raw.clear();
            for (place, &column) in self.wanted.iter().enumerate() {
                raw.extend((place > 0).then_some(';'));
                raw.push_str(value(column));
            }
            let at = RowBytes { line: lines, part: 0, offset: 0, raw: raw.as_bytes(), bytes_beyond: 0 };
            composed.visit(at, value, bindings, visitor);
            lines += 1;
        });
        let broken = end.err().map(|fault| Break { offset: 0, cause: fault.to_string() });
        ChunkEnd { lines, broken }
    }
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
