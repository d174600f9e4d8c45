//! Texts of the columns of a batch: strings stay in the batch, and each is checked once to be UTF-8. Other values are
//! written once per batch into a buffer that is reused.

use std::fmt::{Display, Write as _};

use arrow::array::{Array, ArrayRef, AsArray as _, BinaryViewArray};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Int8Type,
    Int16Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};

use super::limits::ROW_BYTES;
use sverka_model::Date;

const SECONDS_A_DAY: i64 = 86_400;

/// The texts of one row.
#[derive(Clone, Copy)]
pub struct ParquetValues<'r> {
    pub(super) cells: &'r [Cells<'r>],
    pub(super) row: usize,
}

impl<'r> ParquetValues<'r> {
    /// The text of a wanted column, by its index among them; empty for null. `None` when its bytes are not UTF-8.
    ///
    /// # Panics
    /// When fewer columns are wanted.
    #[must_use]
    #[inline]
    pub fn text(&self, wanted: usize) -> Option<&'r str> {
        match &self.cells[wanted] {
            Cells::Strings { texts, .. } => texts[self.row],
            Cells::Written(texts) => Some(texts.get(self.row)),
            Cells::Nothing => Some(""),
        }
    }

    /// The bytes of a wanted column, by its index among them; none for null.
    ///
    /// # Panics
    /// When fewer columns are wanted.
    #[must_use]
    pub fn bytes(&self, wanted: usize) -> &'r [u8] {
        match &self.cells[wanted] {
            Cells::Strings { bytes, .. } if bytes.is_null(self.row) => &[],
            Cells::Strings { bytes, .. } => bytes.value(self.row),
            Cells::Written(texts) => texts.get(self.row).as_bytes(),
            Cells::Nothing => &[],
        }
    }
}

/// A column of a batch.
pub(super) enum Cells<'r> {
    /// Strings as bytes, and as texts where they are UTF-8.
    Strings {
        bytes: &'r BinaryViewArray,
        texts: Vec<Option<&'r str>>,
    },
    Written(&'r Texts),
    Nothing,
}

impl<'r> Cells<'r> {
    /// A column, and its texts from [`Texts::fill`].
    pub(super) fn of_column(column: &'r ArrayRef, texts: &'r Texts) -> Self {
        match column.data_type() {
            DataType::BinaryView => Self::strings(column.as_binary_view()),
            DataType::Null => Self::Nothing,
            _ => Self::Written(texts),
        }
    }

    /// Checks each string by itself: together they may be UTF-8 although a letter is cut between two of them.
    fn strings(bytes: &'r BinaryViewArray) -> Self {
        let text = |row: usize| match bytes.is_null(row) {
            true => Some(""),
            false if bytes.views()[row] as u32 as usize > ROW_BYTES => None,
            false => simdutf8::basic::from_utf8(bytes.value(row)).ok(),
        };
        Self::Strings { bytes, texts: (0..bytes.len()).map(text).collect() }
    }
}

/// Number of bytes of all texts of a column, counted before any of them is looked at.
pub(super) fn text_bytes(column: &ArrayRef, texts: &Texts) -> u64 {
    match column.as_binary_view_opt() {
        Some(strings) => {
            let views = strings.views().iter().enumerate().filter(|(row, _)| strings.is_valid(*row));
            // A view begins with the length of its string.
            views.map(|(_, view)| u64::from(*view as u32)).sum()
        }
        None => texts.text.len() as u64,
    }
}

/// The texts of a column, one behind the other.
#[derive(Default)]
pub(super) struct Texts {
    text: String,
    /// The end of each text; a batch has some thousand short texts.
    ends: Vec<u32>,
}

impl Texts {
    #[inline]
    fn get(&self, row: usize) -> &str {
        let from = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[from as usize..self.ends[row] as usize]
    }

    /// Writes the texts of a column that has no strings.
    pub(super) fn fill(&mut self, column: &ArrayRef) {
        self.text.clear();
        self.ends.clear();
        match column.data_type() {
            DataType::BinaryView | DataType::Null => {}
            DataType::Boolean => {
                let booleans = column.as_boolean();
                self.write_all(column, |row, text| text.push(if booleans.value(row) { '1' } else { '0' }));
            }
            DataType::Int8 => self.numbers::<Int8Type>(column),
            DataType::Int16 => self.numbers::<Int16Type>(column),
            DataType::Int32 => self.numbers::<Int32Type>(column),
            DataType::Int64 => self.numbers::<Int64Type>(column),
            DataType::UInt8 => self.numbers::<UInt8Type>(column),
            DataType::UInt16 => self.numbers::<UInt16Type>(column),
            DataType::UInt32 => self.numbers::<UInt32Type>(column),
            DataType::UInt64 => self.numbers::<UInt64Type>(column),
            DataType::Decimal32(_, 0) => self.numbers::<Decimal32Type>(column),
            DataType::Decimal64(_, 0) => self.numbers::<Decimal64Type>(column),
            DataType::Decimal128(_, 0) => self.numbers::<Decimal128Type>(column),
            DataType::Decimal256(_, 0) => self.numbers::<Decimal256Type>(column),
            DataType::Date32 => self.moments::<Date32Type>(column, |days| (days.into(), 1)),
            DataType::Date64 => self.moments::<Date64Type>(column, |moment| (moment, SECONDS_A_DAY * 1_000)),
            DataType::Timestamp(TimeUnit::Second, _) => {
                self.moments::<TimestampSecondType>(column, |moment| (moment, SECONDS_A_DAY))
            }
            DataType::Timestamp(TimeUnit::Millisecond, _) => {
                self.moments::<TimestampMillisecondType>(column, |moment| (moment, SECONDS_A_DAY * 1_000));
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                self.moments::<TimestampMicrosecondType>(column, |moment| (moment, SECONDS_A_DAY * 1_000_000));
            }
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                self.moments::<TimestampNanosecondType>(column, |moment| (moment, SECONDS_A_DAY * 1_000_000_000));
            }
            other => unreachable!("invariant: columns of type {other} are refused"),
        }
    }

    fn numbers<T: ArrowPrimitiveType<Native: Display>>(&mut self, column: &dyn Array) {
        let numbers = column.as_primitive::<T>();
        self.write_all(column, |row, text| {
            let _ = write!(text, "{}", numbers.value(row));
        });
    }

    /// Writes moments; `parts` gives a moment as a number of parts of a day, and the number of parts that a day has.
    fn moments<T: ArrowPrimitiveType>(&mut self, column: &dyn Array, parts: impl Fn(T::Native) -> (i64, i64)) {
        let moments = column.as_primitive::<T>();
        self.write_all(column, |row, text| {
            let (moment, parts_a_day) = parts(moments.value(row));
            write_moment(moment, parts_a_day, text);
        });
    }

    #[inline]
    fn write_all(&mut self, column: &dyn Array, write: impl Fn(usize, &mut String)) {
        for row in 0..column.len() {
            if column.is_valid(row) {
                write(row, &mut self.text);
            }
            self.ends.push(self.text.len() as u32);
        }
    }
}

/// Writes a day, and behind it the time of day unless it is midnight. A day outside of the calendar is written as a number of days, which is no date.
fn write_moment(moment: i64, parts_a_day: i64, text: &mut String) {
    let (days, part) = (moment.div_euclid(parts_a_day), moment.rem_euclid(parts_a_day));
    const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;
    let date =
        i32::try_from(days).ok().map(Date::from_days).filter(|date| date.known().is_some() && YEARS.contains(&date.year()));
    let _ = match date {
        Some(date) => {
            let (year, month, day) = date.ymd();
            write!(text, "{year:04}-{month:02}-{day:02}")
        }
        None => write!(text, "day {days}"),
    };
    if part != 0 {
        let second = i128::from(part) * i128::from(SECONDS_A_DAY) / i128::from(parts_a_day);
        let _ = write!(text, "T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_days_and_keep_their_time() {
        let written = |moment, parts_a_day| {
            let mut text = String::new();
            write_moment(moment, parts_a_day, &mut text);
            text
        };
        assert_eq!(written(0, 1), "1970-01-01");
        assert_eq!(written(-1, 1), "1969-12-31");
        assert_eq!(written(-1, SECONDS_A_DAY), "1969-12-31T23:59:59");
        assert_eq!(written(19_737 * SECONDS_A_DAY * 1000, SECONDS_A_DAY * 1000), "2024-01-15");
        assert_eq!(written(19_737 * SECONDS_A_DAY * 1000 + 1, SECONDS_A_DAY * 1000), "2024-01-15T00:00:00");
        for far in [i64::MIN, i64::MAX, i64::from(i32::MAX), i64::from(i32::MIN), -800_000, 3_000_000] {
            assert_eq!(written(far, 1), format!("day {far}"));
        }
    }
}
