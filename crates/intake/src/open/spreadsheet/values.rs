//! Texts of cells, in the form that a list in text would have: dates in the form of the layout, codes with their
//! leading zeros.

use std::fmt::Write as _;

use crate::layout::Layout;
use crate::record_flaw::RecordFlaw;
use sverka_formats::spreadsheet::{CellValue, Epoch, Moment, SheetRow};
use sverka_model::Field;
use sverka_model::{Date, DateFormat};

/// The least number with more digits than a spreadsheet keeps.
const TOO_LONG: f64 = 1e15;
/// The least number with as many digits as a spreadsheet keeps. A smaller number cannot be an ENP that has lost digits.
const AS_LONG: f64 = 1e14;

/// A column of a sheet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    /// Column of the sheet, from 0.
    pub at: u32,
    /// Whether the layout knows the column.
    is_known: bool,
    /// The format of the column's dates, if it has dates.
    dates: Option<DateFormat>,
    /// Number of digits, if the column has codes: numbers lose leading zeros.
    digits: Option<usize>,
    /// Whether the column gives an ENP.
    is_enp: bool,
}

impl Column {
    /// The column `at` of a sheet, which is `column` of the layout.
    pub fn of_sheet(layout: &Layout, at: u32, column: Option<usize>) -> Self {
        let fields = || {
            let all = layout.records.iter().flat_map(|record| &record.fields);
            all.filter(|of| column.is_some_and(|column| of.columns.contains(&column)))
        };
        Self {
            at,
            is_known: column.is_some(),
            dates: fields().find(|of| of.field.is_date()).map(|of| of.dates),
            digits: fields().find_map(|of| digits_of(of.field)),
            is_enp: fields().any(|of| matches!(of.field, Field::Enp | Field::RepresentativeEnp)),
        }
    }
}

/// Number of digits of a code that may begin with zeros. A number never becomes an ENP, which has more digits than a number holds.
fn digits_of(field: Field) -> Option<usize> {
    match field {
        Field::Snils | Field::DoctorSnils => Some(11),
        Field::Clinic => Some(6),
        Field::Insurer => Some(5),
        _ => None,
    }
}

/// The texts of one row, by column.
pub(super) struct RowTexts {
    texts: Vec<String>,
    /// The values with `;` between them, kept of a row that is not accepted.
    raw: Vec<u8>,
    is_blank: bool,
    flaw: Option<RecordFlaw>,
    /// Cells of known columns that hold the error of a formula.
    pub errors: u64,
    /// Cells of known columns with a formula that has no value.
    pub without_value: u64,
}

impl RowTexts {
    pub fn new(columns: usize) -> Self {
        let texts = vec![String::new(); columns];
        Self { texts, raw: Vec::new(), is_blank: true, flaw: None, errors: 0, without_value: 0 }
    }

    /// Whether all columns of the list are empty.
    pub fn is_blank(&self) -> bool {
        self.is_blank
    }

    /// The flaw of a row without texts.
    pub fn flaw(&self) -> Option<RecordFlaw> {
        self.flaw
    }

    pub fn value(&self, column: usize) -> &str {
        &self.texts[column]
    }

    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Takes the cells of a row in the columns of the list.
    pub fn take(&mut self, row: &SheetRow, columns: &[Column], column_index: &[Option<usize>], epoch: Epoch) {
        self.texts.iter_mut().for_each(String::clear);
        (self.flaw, self.errors, self.without_value, self.is_blank) = (None, 0, 0, true);
        for cell in row.cells() {
            let Some(index) = column_index.get(cell.column as usize).copied().flatten() else { continue };
            let column = &columns[index];
            if !column.is_known {
                continue;
            }
            self.is_blank = false;
            match &cell.value {
                CellValue::Error => self.errors += 1,
                CellValue::WithoutValue => self.without_value += 1,
                CellValue::Number(number) if is_too_long(*number, column) => self.flaw = Some(RecordFlaw::LongNumber),
                _ => {}
            }
            write_value(&mut self.texts[index], row, &cell.value, column, epoch);
        }
        self.keep_raw();
    }

    fn keep_raw(&mut self) {
        self.raw.clear();
        for (index, text) in self.texts.iter().enumerate() {
            self.raw.extend((index > 0).then_some(b';'));
            self.raw.extend_from_slice(text.as_bytes());
        }
    }
}

/// Whether a number may have lost digits: it has more digits than a spreadsheet keeps, or as many in a column of longer numbers.
fn is_too_long(number: f64, column: &Column) -> bool {
    let length = number.abs();
    length >= TOO_LONG || (column.is_enp && length >= AS_LONG)
}

fn write_value(text: &mut String, row: &SheetRow, value: &CellValue, column: &Column, epoch: Epoch) {
    text.clear();
    match value {
        CellValue::Error | CellValue::WithoutValue => {}
        CellValue::Boolean(truth) => text.push(if *truth { '1' } else { '0' }),
        CellValue::Text(range) => write_text(text, row.text(range), column),
        CellValue::IsoMoment(range) => write_iso(text, row.text(range), column),
        CellValue::Number(number) => match column.dates.and_then(|dates| Some((dates, whole_day(*number, epoch)?))) {
            Some((dates, moment)) => write_moment(text, moment, Some(dates)),
            None => write_number(text, *number, column.digits),
        },
        CellValue::Days(days) => match epoch.moment(*days).filter(|_| column.digits.is_none()) {
            Some(moment) => write_moment(text, moment, column.dates),
            None => write_number(text, *days, column.digits),
        },
    }
}

/// The day of a whole number in a column of dates, where a number is a date even without the format of one. A number of
/// eight digits is not a number of days: it is a date as it is written.
fn whole_day(number: f64, epoch: Epoch) -> Option<Moment> {
    if number < 1.0 || number.fract() != 0.0 { None } else { epoch.moment(number) }
}

/// Writes a text. A date in a column of dates is written in the form of the layout, from any form in the cell.
fn write_text(text: &mut String, source_value: &str, column: &Column) {
    let known = column.dates.and_then(|dates| {
        let bytes = source_value.trim().as_bytes();
        let other = || Date::parse(bytes, DateFormat::Any);
        Date::parse(bytes, dates).is_none().then(other).flatten().map(|day| (dates, day))
    });
    match known {
        Some((dates, day)) => write_day(text, day, dates),
        None => text.push_str(source_value),
    }
}

/// Writes a date in ISO form, with a time or without.
fn write_iso(text: &mut String, source_value: &str, column: &Column) {
    let source_value = source_value.trim();
    let (day, time) = source_value.split_at_checked(10).unwrap_or((source_value, ""));
    let is_midnight = !time.bytes().any(|byte| byte.is_ascii_digit() && byte != b'0');
    match (Date::parse(day.as_bytes(), DateFormat::Iso).filter(|_| is_midnight), column.dates) {
        (Some(day), Some(dates)) => write_day(text, day, dates),
        (Some(_), None) => text.push_str(day),
        (None, _) => text.push_str(source_value),
    }
}

fn write_moment(text: &mut String, Moment { day, second }: Moment, dates: Option<DateFormat>) {
    if second == 0 {
        return write_day(text, day, dates.unwrap_or(DateFormat::Iso));
    }
    // A moment that is not midnight never becomes a day here; the layout says whether times count.
    let _ = write!(text, "{day}T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
}

fn write_day(text: &mut String, day: Date, dates: DateFormat) {
    let (year, month, number) = day.ymd();
    let _ = match dates {
        DateFormat::Compact => write!(text, "{year:04}{month:02}{number:02}"),
        DateFormat::Dotted => write!(text, "{number:02}.{month:02}.{year:04}"),
        DateFormat::Iso | DateFormat::DateTime | DateFormat::Any => write!(text, "{year:04}-{month:02}-{number:02}"),
    };
}

fn write_number(text: &mut String, number: f64, digits: Option<usize>) {
    if number.fract() == 0.0 && number.abs() < TOO_LONG {
        let width = digits.filter(|_| number >= 0.0).unwrap_or(0);
        let _ = write!(text, "{:0width$}", number as i64);
    } else {
        // No exponent is written, however large the number is.
        let _ = write!(text, "{number}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(dates: Option<DateFormat>, digits: Option<usize>) -> Column {
        Column { at: 0, is_known: true, dates, digits, is_enp: false }
    }

    #[test]
    fn numbers_are_written_as_lists_write_them() {
        for (number, digits, written) in [
            (1.0, None, "1"),
            (80_000_101.0, Some(11), "00080000101"),
            (98_000_010_148.0, Some(11), "98000010148"),
            (-5.0, Some(5), "-5"),
            (0.5, None, "0.5"),
            (1e20, None, "100000000000000000000"),
            (0.1 + 0.2, None, "0.30000000000000004"),
        ] {
            let mut text = String::new();
            write_number(&mut text, number, digits);
            assert_eq!(text, written);
        }
    }

    #[test]
    fn dates_of_any_form_come_in_the_form_of_the_layout() {
        let written = |value: &dyn Fn(&mut String, &Column), dates| {
            let mut text = String::new();
            value(&mut text, &column(dates, None));
            text
        };
        let forms = [(DateFormat::Iso, "1984-03-05"), (DateFormat::Compact, "19840305"), (DateFormat::Dotted, "05.03.1984")];
        for (form, expected) in forms {
            for source_value in ["1984-03-05", "19840305", " 05.03.1984 ", "1984-03-05T00:00:00"] {
                assert_eq!(
                    written(&|text, column| write_text(text, source_value, column), Some(form)).trim(),
                    expected,
                    "{source_value}"
                );
            }
            assert_eq!(written(&|text, column| write_iso(text, "1984-03-05T00:00:00", column), Some(form)), expected);
        }
        assert_eq!(written(&|text, column| write_text(text, "5 марта", column), Some(DateFormat::Iso)), "5 марта");
        assert_eq!(written(&|text, column| write_text(text, "05.03.1984", column), None), "05.03.1984");
        assert_eq!(
            written(&|text, column| write_iso(text, "1984-03-05T10:00:00", column), Some(DateFormat::Dotted)),
            "1984-03-05T10:00:00"
        );
        assert_eq!(whole_day(30_746.0, Epoch::Of1900).map(|moment| moment.day.to_string()).as_deref(), Some("1984-03-05"));
        assert!(whole_day(19_840_305.0, Epoch::Of1900).is_none() && whole_day(0.5, Epoch::Of1900).is_none());
    }

    #[test]
    fn numbers_that_may_have_lost_digits_are_too_long() {
        let (enp, other) = (Column { is_enp: true, ..column(None, None) }, column(None, None));
        for (number, column, expected) in [
            (9_856_510_894_901_010.0, &enp, true),
            (156_510_894_901_010.0, &enp, true),
            (15_651.0, &enp, false),
            (156_510_894_901_010.0, &other, false),
            (1e15, &other, true),
            (-1e15, &other, true),
        ] {
            assert_eq!(is_too_long(number, column), expected, "{number}");
        }
    }
}
